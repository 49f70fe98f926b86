//! Where everything stands on the screen.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::keys::{HELP, KEYS};
use super::style::{bold, of_hue, quiet, wrong};
use super::{View, gods, ledgers};
use crate::picture::cells;
use crate::picture::judged;
use crate::picture::lifelines::{Lifelines, TextLine};
use crate::picture::live::{Kept, Live};
use crate::picture::scene::Scene;
use crate::trace::Happening;
use crate::words::shown;

/// From this width on B stands beside the lifelines.
const WIDE: u16 = 160;
/// How wide B is there.
const BESIDE: u16 = 78;
/// How high the ledgers are, the count of letters above them included.
const LEDGERS: u16 = 6;
/// How high the reason is.
const REASON: u16 = 3;

/// Draws a run that goes on; `row` is the row of the step looked at, where it is known. While
/// there is no run, `title` says for what one waits.
pub fn draw(
    frame: &mut Frame,
    title: &str,
    live: Option<&Live>,
    view: &mut View,
    row: Option<&str>,
) {
    let [head, main, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(frame.area());
    frame.render_widget(Line::styled(HELP, quiet()), foot);
    let Some(live) = live.filter(|live| !live.kept().is_empty()) else {
        frame.render_widget(Line::styled(" parliament watch", bold()), head);
        let [_, middle, _] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(4), Constraint::Fill(1)])
                .areas(main);
        frame.render_widget(Paragraph::new(title).centered().wrap(Wrap { trim: true }), middle);
        return;
    };
    frame.render_widget(status(title, live, view, usize::from(head.width)), head);
    let (story, beside) = if main.width >= WIDE {
        let [story, beside] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(BESIDE)]).areas(main);
        (story, Some(beside))
    } else {
        (main, None)
    };
    let gods_high = if beside.is_some() { 0 } else { (story.height / 6).clamp(3, 9) };
    let [names, lines, reason, desks, below] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(REASON),
        Constraint::Length(LEDGERS),
        Constraint::Length(gods_high),
    ])
    .areas(story);
    let last = live.last();
    let lifelines = Lifelines::telling(&live.priests(), usize::from(story.width), last);
    let columns = Lifelines::of(&live.priests(), usize::from(story.width), last);
    draw_lines(frame, lines, &lifelines, live, view);
    draw_reason(frame, reason, live, view.step(live), row);
    let (priest, decree) = (view.priest, view.decree);
    let step = view.step(live);
    let scene = view.scene(live);
    draw_names(frame, names, &lifelines, scene, priest);
    ledgers::draw(frame, desks, &columns, scene, step, priest);
    gods::draw(frame, beside.unwrap_or(below), live, scene, decree);
    if view.keys {
        draw_keys(frame, main);
    }
}

/// The keys, over all else.
fn draw_keys(frame: &mut Frame, main: Rect) {
    let lines: Vec<Line> = KEYS.lines().map(Line::raw).collect();
    let wanted = |most: u16, size: usize| most.min(u16::try_from(size + 2).unwrap_or(most));
    let widest = KEYS.lines().map(cells::width).max().unwrap_or_default();
    let (width, height) = (wanted(main.width, widest), wanted(main.height, lines.len()));
    let (x, y) = (main.x + (main.width - width) / 2, main.y + (main.height - height) / 2);
    let area = Rect { x, y, width, height };
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" Keys ")), area);
}

/// How many steps a page has on a screen of this height.
#[must_use]
pub fn page(height: u16) -> usize {
    usize::from(height.saturating_sub(16).max(1))
}

/// Whether it is followed, what was passed last, and what is looked at.
fn status<'a>(title: &'a str, live: &Live, view: &View, width: usize) -> Line<'a> {
    let mut line = vec![Span::styled(format!(" {title}"), bold())];
    let faults = live.judged().counted().map(|it| format!("  {it}")).unwrap_or_default();
    let mut right = String::new();
    if let Some(priest) = view.priest {
        right += &format!("{priest} alone · ");
    }
    if let Some(number) = view.decree {
        right += &format!("decree {number} alone · ");
    }
    right += &match view.stopped_at {
        None => "following ".into(),
        Some(_) => {
            let last = live.last();
            let here = view.seq(live).unwrap_or(last);
            format!("paused at {here} of {last} ")
        }
    };
    let taken: usize = cells::width(title) + cells::width(&faults) + cells::width(&right) + 5;
    let passed = live
        .latest()
        .map_or("  no decree yet".into(), |(number, text)| format!("  decree {number}: “{text}”"));
    let passed = cells::shortened(&passed, width.saturating_sub(taken).max(1));
    let room = width.saturating_sub(taken + cells::width(&passed)) + 4;
    line.push(Span::raw(passed));
    line.push(Span::styled(faults, wrong()));
    line.push(Span::raw(" ".repeat(room)));
    line.push(Span::styled(right, if view.is_paused() { bold() } else { quiet() }));
    Line::from(line)
}

fn draw_names(
    frame: &mut Frame,
    area: Rect,
    lifelines: &Lifelines,
    scene: &Scene,
    chosen: Option<crate::words::Name>,
) {
    let mut line = vec![Span::raw(" ".repeat(lifelines.margin))];
    for (name, desk) in &scene.desks {
        let style = match (desk.inside, chosen == Some(*name)) {
            (true, true) => bold().add_modifier(Modifier::REVERSED),
            (false, true) => quiet().add_modifier(Modifier::REVERSED),
            (true, false) => bold(),
            (false, false) => quiet(),
        };
        let cell = lifelines.cell(name.as_str());
        let rest = cell.trim_end().len();
        line.push(Span::styled(cell[..rest].to_owned(), style));
        line.push(Span::raw(cell[rest..].to_owned()));
    }
    frame.render_widget(Line::from(line), area);
}

/// The last of the steps, up to the one looked at.
fn draw_lines(frame: &mut Frame, area: Rect, lifelines: &Lifelines, live: &Live, view: &View) {
    let Some(here) = view.place(live) else {
        let nothing = " nothing is kept of what you look at; Esc shows all again";
        frame.render_widget(Line::styled(nothing, quiet()), area);
        return;
    };
    let room = usize::from(area.height);
    let shown = |at: &usize| view.shows(&live.kept()[*at]);
    let mut places: Vec<usize> = (0..=here).rev().filter(shown).take(room).collect();
    places.reverse();
    // Near the first step kept, what comes after it fills the screen.
    let missing = room - places.len();
    places.extend((here + 1..live.kept().len()).filter(shown).take(missing));
    let line = |at: usize| {
        let kept = &live.kept()[at];
        let is_here = view.is_paused() && at == here;
        let style = if live.judged().accuses(&kept.told.record) { wrong() } else { style_of(kept) };
        styled(&lifelines.line(&kept.told, &kept.inside), lifelines.margin, style, is_here)
    };
    let lines: Vec<Line> = places.into_iter().map(line).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// A step in the hue of its ballot; ink stands out.
fn style_of(kept: &Kept) -> Style {
    let hue = of_hue(kept.hue);
    match kept.told.happening() {
        Happening::Ink { .. } => hue.add_modifier(Modifier::BOLD),
        Happening::Ignore { .. } => hue.add_modifier(Modifier::DIM),
        _ => hue,
    }
}

/// A line whose words bear a style; the step looked at is lit.
fn styled(line: &TextLine, margin: usize, mut style: Style, is_here: bool) -> Line<'static> {
    let part = |from: usize, to: usize| -> String {
        line.text.chars().skip(from).take(to.saturating_sub(from)).collect()
    };
    let end = line.text.chars().count();
    let (from, to) = (line.told.start.max(margin).min(end), line.told.end.min(end));
    let mut number = quiet();
    if is_here {
        style = style.add_modifier(Modifier::REVERSED);
        number = bold();
    }
    Line::from(vec![
        Span::styled(part(0, margin.min(from)), number),
        Span::styled(part(margin.min(from), from), quiet()),
        Span::styled(part(from, to), style),
        Span::styled(part(to, end), quiet()),
    ])
}

/// Why the step happened, with its section, its place and its row; or why the auditor accuses it.
fn draw_reason(frame: &mut Frame, area: Rect, live: &Live, step: Option<&Kept>, row: Option<&str>) {
    let Some(Kept { told, .. }) = step else { return };
    let [sentence, place] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(area);
    let section = told.why.section.map_or("ours".into(), |section| format!("§{section}"));
    let faults: Vec<String> = live.judged().against(&told.record).map(judged::said).collect();
    let why = match faults.is_empty() {
        true => vec![
            Span::styled(format!(" {section}  "), bold()),
            Span::raw(shown(&told.why.sentence)),
        ],
        false => vec![Span::styled(format!(" {}", shown(&faults.join(" "))), wrong())],
    };
    frame.render_widget(Paragraph::new(Line::from(why)).wrap(Wrap { trim: false }), sentence);
    let row = format!(" {}  {}", told.record.place, shown(row.unwrap_or_default()));
    frame.render_widget(Line::styled(row, quiet()), place);
}
