//! The ledgers beneath their lifelines, or one priest's in full; and how many letters were sent.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::style::{bold, quiet};
use crate::picture::cells;
use crate::picture::desk::Desk;
use crate::picture::lifelines::Lifelines;
use crate::picture::live::Kept;
use crate::picture::scene::Scene;
use crate::picture::why::or_minus_infinity;
use crate::trace::Happening;
use crate::words::{Entry, Name, shown};

/// The parts of each desk that are shown, from top to bottom.
const ROWS: [&str; 5] = ["lastTried", "nextBal", "prevVote", "decree", "slip"];

/// The word before the counts of letters.
const SENT: &str = " sent";

/// Draws every ledger as it stood at a step, its changed cell lit; or the chosen one alone.
pub fn draw(
    frame: &mut Frame,
    area: Rect,
    lifelines: &Lifelines,
    scene: &Scene,
    step: Option<&Kept>,
    chosen: Option<Name>,
) {
    let mut lines = vec![letters(scene, usize::from(area.width))];
    match chosen.and_then(|name| Some((name, scene.desks.get(&name)?))) {
        Some((name, desk)) => lines.extend(in_full(desk, changed(step, name))),
        None => lines.extend((0..ROWS.len()).map(|row| across(row, lifelines, scene, step))),
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// How many letters were sent, by kind; the kinds for which there is no room are told together.
fn letters(scene: &Scene, width: usize) -> Line<'static> {
    let all: Vec<(String, u64)> =
        scene.letters.iter().map(|(kind, count)| (format!(" {kind} "), *count)).collect();
    let wide = |(kind, count): &(String, u64)| cells::width(kind) + count.to_string().len();
    let others = |from: usize| match all[from..].iter().map(|(_, count)| count).sum::<u64>() {
        0 => String::new(),
        others => format!(" and {others} others"),
    };
    let fits = |told: &usize| {
        let kinds: usize = all[..*told].iter().map(wide).sum();
        cells::width(SENT) + kinds + cells::width(&others(*told)) <= width
    };
    let told = (0..=all.len()).rev().find(fits).unwrap_or(0);
    let mut line = vec![Span::styled(SENT, quiet())];
    for (kind, count) in &all[..told] {
        line.push(Span::styled(kind.clone(), quiet()));
        line.push(Span::styled(count.to_string(), bold()));
    }
    line.push(Span::styled(others(told), quiet()));
    Line::from(line)
}

/// One row of all ledgers.
fn across(row: usize, lifelines: &Lifelines, scene: &Scene, step: Option<&Kept>) -> Line<'static> {
    let label = format!(" {:<width$}", ROWS[row], width = lifelines.margin - 1);
    let mut line = vec![Span::styled(label, quiet())];
    for (name, desk) in &scene.desks {
        let cell = lifelines.cell(&in_short(desk, row));
        let filled = cell.trim_end().len();
        line.push(Span::styled(cell[..filled].to_owned(), lit(changed(step, *name) == Some(row))));
        line.push(Span::raw(cell[filled..].to_owned()));
    }
    Line::from(line)
}

fn in_short(desk: &Desk, row: usize) -> String {
    match row {
        0 => or_minus_infinity(desk.last_tried),
        1 => or_minus_infinity(desk.next_bal),
        2 => match desk.prev_vote.last_key_value() {
            None => "null".into(),
            Some((1, (ballot, _))) => ballot.to_string(),
            Some((number, (ballot, _))) => format!("{number}: {ballot}"),
        },
        3 => match desk.front.last_key_value() {
            None => String::new(),
            Some((number, (decree, _))) => format!("{number} {decree}"),
        },
        _ if desk.slip.written().is_some() => desk.slip.status().into(),
        _ => String::new(),
    }
}

/// One ledger, with all that fits.
fn in_full(desk: &Desk, changed: Option<usize>) -> Vec<Line<'static>> {
    let votes = desk
        .prev_vote
        .iter()
        .rev()
        .take(3)
        .map(|(number, (ballot, decree))| format!("{number}: {ballot} “{decree}”"));
    let votes: Vec<String> = votes.collect();
    let prev_vote = if votes.is_empty() { "null".into() } else { votes.join("; ") };
    let decrees = desk.front.iter().rev().take(3);
    let decrees: Vec<String> =
        decrees.map(|(number, (decree, _))| format!("{number} “{decree}”")).collect();
    let slip = desk.slip.written().unwrap_or_else(|| "blank".into());
    let values = [
        or_minus_infinity(desk.last_tried),
        or_minus_infinity(desk.next_bal),
        prev_vote,
        if decrees.is_empty() { "none yet".into() } else { decrees.join("; ") },
        slip,
    ];
    let line = |(row, value): (usize, String)| {
        let label = Span::styled(format!(" {:<12}", ROWS[row]), quiet());
        let value = shown(&value).into_owned();
        Line::from(vec![label, Span::styled(value, lit(changed == Some(row)))])
    };
    values.into_iter().enumerate().map(line).collect()
}

/// Which row of a priest's ledger the step changed.
fn changed(step: Option<&Kept>, name: Name) -> Option<usize> {
    let told = &step?.told;
    if told.actor != Some(name) {
        return None;
    }
    match told.happening() {
        Happening::Ink { entry, .. } => match entry {
            Entry::LastTried { .. } => Some(0),
            Entry::NextBal { .. } => Some(1),
            Entry::PrevVote { .. } => Some(2),
            Entry::Outcome { .. } => Some(3),
            Entry::BeginBallot { .. } => Some(4),
            Entry::Entered | Entry::Book(_) => None,
        },
        _ => told.slip.is_some().then_some(4),
    }
}

fn lit(changed: bool) -> Style {
    if changed { bold().add_modifier(Modifier::REVERSED) } else { Style::new() }
}
