//! Places everything on the screen. Grey text is in brackets too, and broken rules have a sign:
//! nothing is shown by colour alone.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear, Paragraph, Wrap};

use super::session::Session;
use super::view::{OVER, Over, PANES, Roll, View};
use crate::scene::moves::letter_in_words;
use crate::scene::offers::Offer;
use crate::words::shown;
use crate::words::shown::counted;

/// Below this width the panes stand one at a time.
const NARROW: u16 = 64;

fn quiet() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

fn wrong() -> Style {
    Style::new().fg(Color::Indexed(160)).add_modifier(Modifier::BOLD)
}

/// Draws a scene that is played.
pub(crate) fn draw(frame: &mut Frame, session: &Session, view: &View) {
    let [head, main, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(frame.area());
    frame.render_widget(Line::styled(title(session), bold()), head);
    let keys = if head.width < NARROW {
        " j k Enter l r c u U b Tab ? q"
    } else {
        " j k Enter · J K scroll · Tab pane · l lose · r repeat · c crash · u undo · ? q"
    };
    frame.render_widget(Line::styled(keys, quiet()), foot);
    if view.is_projector {
        draw_projector(frame, main, session, view);
    } else if main.width < NARROW {
        draw_narrow(frame, main, session, view);
    } else {
        draw_wide(frame, main, session, view);
    }
    draw_over(frame, main, session, view);
}

fn title(session: &Session) -> String {
    let scene = &session.tree.here().scene;
    let (at, all) = (session.tree.at(), session.tree.moments().len() - 1);
    let moves = session.tree.path().len() - 1;
    // The moments of all branches are numbered together.
    let of = match moves == at {
        true => format!(" moment {at} of {all}"),
        false => {
            let moves = counted(moves as u64, "move");
            format!(" moment {at} of {all} on all branches, {moves} from the first")
        }
    };
    let mut title = format!("{of} · {}", scene.level().as_str());
    if scene.level() != crate::scene::Level::Basic {
        title += &format!(" · {} min", scene.minute());
    }
    if session.is_predicting {
        title += &format!(" · predict: {}", session.score());
    }
    title
}

fn draw_wide(frame: &mut Frame, main: Rect, session: &Session, view: &View) {
    let [top, middle, bottom] =
        Layout::vertical([Constraint::Fill(5), Constraint::Fill(2), Constraint::Fill(3)])
            .areas(main);
    let halves = |area| {
        Layout::horizontal([Constraint::Percentage(52), Constraint::Percentage(48)]).areas(area)
    };
    let [list, desks] = halves(top);
    let [ghost, ballots] = halves(bottom);
    draw_choices(frame, list, session, view);
    draw_pane(frame, desks, session, view, 1);
    draw_pane(frame, middle, session, view, 2);
    draw_pane(frame, ghost, session, view, 0);
    draw_pane(frame, ballots, session, view, 3);
}

/// Draws a pane; `>` marks the one that scrolls, and its title says how where it is longer.
fn draw_pane(frame: &mut Frame, area: Rect, session: &Session, view: &View, pane: usize) {
    let lines = match PANES[pane] {
        "Ledgers" => ledgers(session, view),
        "Story" => session.story(),
        "B" => rules(session),
        _ if !view.said.is_empty() => view.said.clone(),
        _ => {
            let lines = session.choice(view.chosen + 1).map(|offer| session.why(offer));
            lines.unwrap_or_default()
        }
    };
    let title = if pane == 0 && !view.said.is_empty() { "Told" } else { PANES[pane] };
    let (roll, is_marked) = (&view.rolls[pane], pane == view.pane);
    let mark = if is_marked && area.width < frame.area().width { ">" } else { "" };
    let text = Text { title: format!("{mark}{title}"), lines: &lines, is_tail: title == "Story" };
    text.draw(frame, area, roll, if is_marked { "J K" } else { "Tab, J K" });
}

fn draw_narrow(frame: &mut Frame, main: Rect, session: &Session, view: &View) {
    let [list, pane, rules] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(main);
    draw_choices(frame, list, session, view);
    draw_pane(frame, pane, session, view, view.pane);
    let broken = session.tree.here().broken.iter().map(|it| it.rule.to_string());
    let broken: Vec<String> = broken.collect();
    let line = if broken.is_empty() {
        Line::raw(" ✓ every rule holds")
    } else {
        Line::styled(format!(" ✗ broken: {}", broken.join(", ")), wrong())
    };
    frame.render_widget(line, rules);
}

fn draw_projector(frame: &mut Frame, main: Rect, session: &Session, view: &View) {
    let [sentence, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(2)]).areas(main);
    let said = session.story().pop().unwrap_or_default();
    let text = Paragraph::new(Line::styled(shown(&said).into_owned(), bold()));
    let block = Block::new().borders(Borders::NONE);
    frame.render_widget(text.centered().wrap(Wrap { trim: true }).block(block), sentence);
    let sides = Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]);
    let [desks, rules] = sides.areas(below);
    draw_pane(frame, desks, session, view, 1);
    draw_pane(frame, rules, session, view, 3);
}

/// The letters under way, then the deeds; the lit one stays in sight.
fn draw_choices(frame: &mut Frame, area: Rect, session: &Session, view: &View) {
    let choices = session.choices();
    let letters = choices.iter().filter(|choice| choice.letter.is_some()).count();
    let title = format!(" Bag: {letters} · deeds: {} ", choices.len() - letters);
    let block = Block::bordered().title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let mut lines: Vec<Line> = Vec::new();
    let mut lit = 0;
    for (at, choice) in choices.iter().enumerate() {
        if at == letters && letters > 0 {
            lines.push(Line::styled("─".repeat(usize::from(inner.width)), quiet()));
        }
        let mark = if at == view.chosen { ">" } else { " " };
        let is_grey = session.is_grey(choice);
        let grey = if is_grey { "·" } else { " " };
        let head = format!("{mark}{:>2}{grey}", at + 1);
        let room = usize::from(inner.width).saturating_sub(wide(&head));
        let text = format!("{head}{}", shown(&short(session, choice, room)));
        let style = if is_grey { quiet() } else { Style::new() };
        let style = if at == view.chosen {
            lit = lines.len();
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        };
        lines.push(Line::styled(text, style));
    }
    let room = usize::from(inner.height).max(1);
    let from = (lit + 1).saturating_sub(room);
    let seen: Vec<Line> = lines.into_iter().skip(from).take(room).collect();
    frame.render_widget(Paragraph::new(seen), inner);
}

fn wide(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// A choice that fits this width: without its section, then without its guard, then with those who
/// send and receive a letter first, and the end cut, with `…`. It stands whole in the pane below.
fn short(session: &Session, choice: &Offer, width: usize) -> String {
    let line = session.in_a_line(choice);
    if wide(&line) <= width {
        return line;
    }
    for mark in ["  §", "  ["] {
        let kept = line.find(mark).map_or(&*line, |at| &line[..at]);
        if wide(kept) <= width {
            return kept.to_owned();
        }
    }
    let mut kept = match &choice.letter {
        Some(carried) => {
            let letter = letter_in_words(&carried.letter.message);
            format!("{}→{} {letter}", carried.from, carried.letter.to)
        }
        None => line,
    };
    if wide(&kept) <= width {
        return kept;
    }
    while wide(&kept) + 1 > width && kept.pop().is_some() {}
    kept + "…"
}

fn ledgers(session: &Session, view: &View) -> Vec<String> {
    let names: Vec<_> = session.tree.here().scene.names().collect();
    let one = view.mortal.and_then(|at| names.get(at));
    match one {
        Some(name) => session.ledger(*name),
        None => names.iter().flat_map(|name| session.desk(*name)).collect(),
    }
}

/// The rules that are broken, and B.
fn rules(session: &Session) -> Vec<String> {
    let broken = session.broken();
    let mut lines = match broken.is_empty() {
        true => vec!["✓ every rule holds: I1–I7, B1–B3".to_owned()],
        false => broken.iter().map(|line| line.replace("BROKEN ", "✗ ")).collect(),
    };
    lines.extend(session.ballots());
    lines
}

/// Lines in a frame.
struct Text<'a> {
    title: String,
    lines: &'a [String],
    /// Whether the last ones are seen where they do not all fit.
    is_tail: bool,
}

impl Text<'_> {
    /// Draws them as far as they are scrolled; where they do not all fit, the title says which keys
    /// scroll them.
    fn draw(&self, frame: &mut Frame, area: Rect, roll: &Roll, keys: &str) {
        let inner = Block::bordered().inner(area);
        let rows = self.lines.iter().map(|line| high(line, inner.width)).sum::<usize>();
        let most = rows.saturating_sub(usize::from(inner.height));
        let more = match most {
            0 => String::new(),
            _ if self.is_tail => " (more: t)".into(),
            _ => format!(" (more: {keys})"),
        };
        roll.most.set(if self.is_tail { 0 } else { most });
        let block = Block::bordered().title(format!(" {}{more} ", self.title));
        let text: Vec<Line> = self.lines.iter().map(|line| styled(line)).collect();
        let paragraph = Paragraph::new(text).wrap(Wrap { trim: false });
        let from = if self.is_tail { most } else { roll.from.min(most) };
        let from = u16::try_from(from).unwrap_or(u16::MAX);
        frame.render_widget(paragraph.block(block).scroll((from, 0)), area);
    }
}

/// Lines in a frame, from the first.
fn draw_lines(frame: &mut Frame, area: Rect, title: &str, lines: &[String]) {
    Text { title: title.into(), lines, is_tail: false }.draw(frame, area, &Roll::default(), "…");
}

/// How many rows a line takes where lines wrap at words.
fn high(line: &str, width: u16) -> usize {
    let (mut rows, mut taken, width) = (1, 0, usize::from(width).max(1));
    for word in line.split(' ') {
        let wide = unicode_width::UnicodeWidthStr::width(word);
        if taken > 0 && taken + 1 + wide > width {
            (rows, taken) = (rows + 1, wide);
        } else {
            taken += wide + usize::from(taken > 0);
        }
        // A word that is too long is broken.
        while taken > width {
            (rows, taken) = (rows + 1, taken - width);
        }
    }
    rows
}

fn styled(line: &str) -> Line<'static> {
    let text = shown(line).into_owned();
    if ["BROKEN", "HERESY", "✗"].iter().any(|mark| line.starts_with(mark)) {
        Line::styled(text, wrong())
    } else if line.starts_with(' ') && line.contains("would") {
        Line::styled(text, quiet())
    } else {
        Line::raw(text)
    }
}

// ------------------------------------------------------------------ what lies over the panes

fn draw_over(frame: &mut Frame, main: Rect, session: &Session, view: &View) {
    if let Some((question, _)) = &session.asked {
        let mut lines = vec![question.asks.clone()];
        let answers = question.answers.iter().zip(1..);
        lines.extend(answers.map(|(answer, number)| format!(" {number} {answer}")));
        lines.push("Esc closes the question; p stops the questions.".into());
        lines.extend(view.said.iter().filter(|line| line.starts_with("answer")).cloned());
        let rows: usize =
            lines.iter().map(|line| high(line, over_width(main).saturating_sub(2))).sum();
        let area = over(frame, main, u16::try_from(rows + 2).unwrap_or(u16::MAX));
        return draw_lines(frame, area, "What comes next?", &lines);
    }
    match &view.over {
        Over::Nothing => {}
        Over::Lines(title, lines) => {
            let area = over(frame, main, main.height);
            let text = Text { title: title.clone(), lines, is_tail: false };
            text.draw(frame, area, &view.rolls[OVER], "j k");
        }
        Over::Branches(at) => {
            let area = over(frame, main, main.height);
            let room = usize::from(area.height.saturating_sub(2)).max(1);
            let mark =
                |(i, line): (usize, String)| format!("{} {line}", if i == *at { ">" } else { " " });
            let lines: Vec<String> = session.branches().into_iter().enumerate().map(mark).collect();
            let from = (at + 1).saturating_sub(room);
            draw_lines(frame, area, "Branches", &lines[from.min(lines.len())..]);
        }
        Over::Crash(who) => {
            let lines = [
                format!("n  {who} leaves now; his slip is lost"),
                "i  at his next deed that inks, before ink".to_owned(),
                "w  there, while the ink is wet".to_owned(),
                "d  there, when the ink is dry".to_owned(),
            ];
            let area = over(frame, main, 6);
            draw_lines(frame, area, "Crash", &lines);
        }
        Over::Prompt(head, text) => {
            let line = format!("{head}{text}▏");
            let area = over(frame, main, 3);
            draw_lines(frame, area, "Enter, or Esc", &[line]);
        }
    }
}

/// A place over the panes, wiped clean.
fn over(frame: &mut Frame, main: Rect, height: u16) -> Rect {
    let height = height.min(main.height);
    let width = over_width(main);
    let (x, y) = (main.x + (main.width - width) / 2, main.y + (main.height - height) / 2);
    let area = Rect { x, y, width, height };
    frame.render_widget(Clear, area);
    area
}

/// How wide it is.
fn over_width(main: Rect) -> u16 {
    if main.width < NARROW { main.width } else { main.width - 8 }
}
