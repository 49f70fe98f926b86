//! The styles of what is drawn on the screen.

use ratatui::style::{Color, Modifier, Style};

/// The six hues of ballots, as near to those of the sheets as 256 colours allow.
const HUES: [Color; 6] = [
    Color::Indexed(32),
    Color::Indexed(166),
    Color::Indexed(36),
    Color::Indexed(175),
    Color::Indexed(178),
    Color::Indexed(74),
];

/// The style of what belongs to a ballot.
pub(super) fn of_hue(hue: Option<usize>) -> Style {
    hue.map_or(Style::new(), |hue| Style::new().fg(HUES[hue % HUES.len()]))
}

/// The style of what stands back.
pub(super) fn quiet() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

/// The style of what must be seen.
pub(super) fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// The style of what the auditor accuses.
pub(super) fn wrong() -> Style {
    Style::new().fg(Color::Indexed(160)).add_modifier(Modifier::BOLD)
}
