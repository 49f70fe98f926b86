//! B, as the gods see it. `[PTP Figure 1]`

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::style::{bold, of_hue, quiet, wrong};
use crate::picture::ballots::stands;
use crate::picture::cells::{self, shortened};
use crate::picture::live::Live;
use crate::picture::scene::Scene;
use crate::words::{Ballot, DecreeNumber, Name};

/// Draws the last ballots, or those on one decree alone, and what the judge says of them.
pub fn draw(
    frame: &mut Frame,
    area: Rect,
    live: &Live,
    scene: &Scene,
    decree: Option<DecreeNumber>,
) {
    let width = usize::from(area.width);
    let room = usize::from(area.height).saturating_sub(1);
    let shown = scene.ballots.last(room, decree);
    let mut numbers: Vec<DecreeNumber> = shown.iter().map(|(number, _)| *number).collect();
    numbers.dedup();
    let mut lines = vec![conditions(live, scene, &numbers, width)];
    let names: Vec<Name> = scene.desks.keys().copied().collect();
    let lead = shown.iter().map(|(number, ballot)| cells::width(&lead(*number, ballot)));
    let lead = lead.max().unwrap_or(0);
    let line = |(number, ballot): &(DecreeNumber, &Ballot)| {
        line(*number, ballot, live, &names, lead, width)
    };
    lines.extend(shown.iter().map(line));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The rule above: how the auditor judges the ballots shown, and how far he has judged.
fn conditions(live: &Live, scene: &Scene, numbers: &[DecreeNumber], width: usize) -> Line<'static> {
    let verdict = live.verdict(scene, numbers);
    let mut line = vec![Span::styled(" B, as the gods see it  ", quiet())];
    for (sign, kept) in verdict.signs() {
        let style = match kept {
            Some(true) => bold(),
            Some(false) => wrong(),
            None => quiet(),
        };
        line.push(Span::styled(format!("{sign}  "), style));
    }
    let style = if live.unjudged().is_some() { wrong() } else { quiet() };
    line.push(Span::styled(format!("{} ", live.how_far()), style));
    line.push(Span::styled("─".repeat(width), quiet()));
    Line::from(line)
}

fn lead(number: DecreeNumber, ballot: &Ballot) -> String {
    format!(" {number}: {}", ballot.number)
}

/// A ballot: its number, its quorum with the voters boxed, how it stands, its decree.
fn line(
    number: DecreeNumber,
    ballot: &Ballot,
    live: &Live,
    names: &[Name],
    width_of_lead: usize,
    width: usize,
) -> Line<'static> {
    let style = of_hue(live.hues().get(ballot.number));
    let lead = lead(number, ballot);
    let mut line = vec![Span::styled(cells::padded(&lead, width_of_lead + 2), style)];
    let seats: usize = names.iter().map(|name| cells::width(name.as_str()) + 3).sum();
    let aligned = seats + width_of_lead + 24 <= width;
    let mut taken = width_of_lead + 2;
    for name in names {
        let (asked, voted) = (ballot.quorum.contains(name), ballot.voters.contains(name));
        if !(aligned || asked || voted) {
            continue;
        }
        let seat = match (asked, voted) {
            (_, true) => format!("[{name}]"),
            (true, false) => format!(" {name} "),
            (false, false) => " ".repeat(cells::width(name.as_str()) + 2),
        };
        taken += cells::width(&seat) + 1;
        let style = if voted { style.add_modifier(Modifier::BOLD) } else { style };
        line.push(Span::styled(seat, style));
        line.push(Span::raw(" "));
    }
    let stands = stands(ballot);
    let emphasis = if ballot.is_successful() { bold() } else { quiet() };
    line.push(Span::styled(format!("{stands}  "), emphasis));
    let room = width.saturating_sub(taken + stands.len() + 2);
    line.push(Span::raw(shortened(ballot.decree.text(), room)));
    Line::from(line)
}
