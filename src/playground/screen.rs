//! Places everything on the screen. Grey text is in brackets too, and broken rules have a sign:
//! nothing is shown by colour alone.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear, Paragraph, Wrap};

use super::session::Session;
use super::view::{Over, PANES, View};
use crate::words::shown;

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
        " j k Enter · l lose · r repeat · c crash · u undo · b branches · ? keys · q"
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
    let mut title = format!(
        " moment {} of {} · {}",
        session.tree.at(),
        session.tree.moments().len() - 1,
        scene.level().as_str()
    );
    if scene.level() != crate::scene::Level::Basic {
        title += &format!(" · {} min", scene.minute());
    }
    if session.is_predicting {
        title += &format!(" · predict {} right {} wrong", session.right, session.wrong);
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
    draw_lines(frame, desks, "Ledgers", &ledgers(session, view), false);
    draw_lines(frame, middle, "Story", &session.story(), true);
    draw_ghost(frame, ghost, session, view);
    draw_rules(frame, ballots, session);
}

fn draw_narrow(frame: &mut Frame, main: Rect, session: &Session, view: &View) {
    let [list, pane, rules] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(main);
    draw_choices(frame, list, session, view);
    match PANES[view.pane] {
        "Ledgers" => draw_lines(frame, pane, "Ledgers", &ledgers(session, view), false),
        "Story" => draw_lines(frame, pane, "Story", &session.story(), true),
        "B" => draw_rules(frame, pane, session),
        _ => draw_ghost(frame, pane, session, view),
    }
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
    draw_lines(frame, desks, "Ledgers", &ledgers(session, view), false);
    draw_rules(frame, rules, session);
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
        let grey = if choice.is_enabled() { " " } else { "·" };
        let text = format!("{mark}{:>2}{grey}{}", at + 1, shown(&session.in_a_line(choice)));
        let text = ended(text, inner.width);
        let style = if choice.is_enabled() { Style::new() } else { quiet() };
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

/// A choice that fits this width: without its section, then without its guard, and then cut, with
/// `…`. It stands whole in the pane below.
fn ended(line: String, width: u16) -> String {
    let fits = |text: &str| unicode_width::UnicodeWidthStr::width(text) <= usize::from(width);
    if fits(&line) {
        return line;
    }
    for mark in ["  §", "  ["] {
        let kept = line.find(mark).map_or(&*line, |at| &line[..at]);
        if fits(kept) {
            return kept.to_owned();
        }
    }
    let mut kept = line;
    while !fits(&format!("{kept}…")) && kept.pop().is_some() {}
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

/// Draws the last message, or the effects of the lit choice: ghost ink and ghost letters.
fn draw_ghost(frame: &mut Frame, area: Rect, session: &Session, view: &View) {
    if !view.said.is_empty() {
        return draw_lines(frame, area, "Told", &view.said, false);
    }
    let lines = session.choice(view.chosen + 1).map(|offer| session.why(offer));
    draw_lines(frame, area, "If you do it", &lines.unwrap_or_default(), false);
}

fn draw_rules(frame: &mut Frame, area: Rect, session: &Session) {
    let mut lines: Vec<Line> = Vec::new();
    let broken = session.broken();
    if broken.is_empty() {
        lines.push(Line::raw("✓ every rule holds: I1–I7, B1–B3"));
    }
    for line in broken {
        let line = line.replace("BROKEN ", "✗ ");
        let style = if line.starts_with('✗') { wrong() } else { Style::new() };
        lines.push(Line::styled(shown(&line).into_owned(), style));
    }
    let ballots = session.ballots();
    lines.extend(ballots.into_iter().map(|line| Line::raw(shown(&line).into_owned())));
    let block = Block::bordered().title(" B ");
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }).block(block), area);
}

/// Lines in a frame, the last ones where they do not all fit and `is_tail`.
fn draw_lines(frame: &mut Frame, area: Rect, title: &str, lines: &[String], is_tail: bool) {
    let inner = Block::bordered().inner(area);
    let rows = lines.iter().map(|line| high(line, inner.width)).sum::<usize>();
    let more = match title {
        _ if is_tail || rows <= usize::from(inner.height) => "",
        "Ledgers" => " (more: v)",
        "If you do it" => " (more: i)",
        _ => " (more: j)",
    };
    let block = Block::bordered().title(format!(" {title}{more} "));
    let text: Vec<Line> = lines.iter().map(|line| styled(line)).collect();
    let paragraph = Paragraph::new(text).wrap(Wrap { trim: false });
    let from = if is_tail { rows.saturating_sub(usize::from(inner.height)) } else { 0 };
    let from = u16::try_from(from).unwrap_or(u16::MAX);
    frame.render_widget(paragraph.block(block).scroll((from, 0)), area);
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
    }
    rows
}

fn styled(line: &str) -> Line<'static> {
    let text = shown(line).into_owned();
    if line.starts_with("BROKEN") || line.starts_with("HERESY") {
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
        lines.extend(view.said.iter().filter(|line| line.starts_with("answer")).cloned());
        let area = over(frame, main, 10);
        return draw_lines(frame, area, "What comes next?", &lines, false);
    }
    match &view.over {
        Over::Nothing => {}
        Over::Lines(title, lines, from) => {
            let area = over(frame, main, main.height);
            draw_lines(frame, area, title, &lines[(*from).min(lines.len())..], false);
        }
        Over::Branches(at) => {
            let area = over(frame, main, main.height);
            let room = usize::from(area.height.saturating_sub(2)).max(1);
            let mark =
                |(i, line): (usize, String)| format!("{} {line}", if i == *at { ">" } else { " " });
            let lines: Vec<String> = session.branches().into_iter().enumerate().map(mark).collect();
            let from = (at + 1).saturating_sub(room);
            draw_lines(frame, area, "Branches", &lines[from.min(lines.len())..], false);
        }
        Over::Crash(who) => {
            let lines = [
                format!("n  {who} leaves now; his slip is lost"),
                "i  at his next deed that inks, before ink".to_owned(),
                "w  there, while the ink is wet".to_owned(),
                "d  there, when the ink is dry".to_owned(),
            ];
            let area = over(frame, main, 6);
            draw_lines(frame, area, "Crash", &lines, false);
        }
        Over::Prompt(head, text) => {
            let line = format!("{head}{text}▏");
            let area = over(frame, main, 3);
            draw_lines(frame, area, "Enter, or Esc", &[line], false);
        }
    }
}

/// A place over the panes, wiped clean.
fn over(frame: &mut Frame, main: Rect, height: u16) -> Rect {
    let height = height.min(main.height);
    let margin = if main.width < NARROW { 0 } else { 4 };
    let area = Rect {
        x: main.x + margin,
        y: main.y + (main.height - height) / 2,
        width: main.width.saturating_sub(2 * margin),
        height,
    };
    frame.render_widget(Clear, area);
    area
}
