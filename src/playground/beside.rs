//! Two moments side by side: what has happened to each since the last one in common, the ledgers,
//! and B.

use super::session::Session;
use crate::scene::moves::row_in_words;
use crate::words::Name;

/// How wide each side is, so that both fit 80 columns.
const SIDE: usize = 38;

impl Session {
    /// This moment and another, side by side.
    ///
    /// # Errors
    /// If there is no such moment.
    pub(crate) fn beside(&self, other: usize) -> Result<Vec<String>, String> {
        let (tree, here) = (&self.tree, self.tree.at());
        if other >= tree.moments().len() {
            let last = tree.moments().len() - 1;
            return Err(format!("there is no moment {other}; the moments are 0 to {last}"));
        }
        let (mine, theirs) = (tree.path_to(here), tree.path_to(other));
        let common = mine.iter().zip(&theirs).take_while(|(one, two)| one == two).count();
        let sides = [(here, &mine[common..]), (other, &theirs[common..])];
        let last = common.checked_sub(1).map_or(0, |at| mine[at]);
        let mut lines = vec![format!("The last moment in common is {last}.")];
        let heads = sides.map(|(at, _)| vec![format!("moment {at}")]);
        lines.extend(columns(heads));
        let moves = sides.map(|(_, path)| {
            let by = path.iter().filter_map(|&at| tree.moments()[at].by.as_ref());
            by.map(ToString::to_string).collect::<Vec<_>>()
        });
        lines.extend(columns(moves));
        let names: Vec<Name> = tree.here().scene.names().collect();
        for name in names {
            lines.push(format!("{name}:"));
            lines.extend(columns(sides.map(|(at, _)| self.rows_at(at, name))));
        }
        lines.push("B:".into());
        lines.extend(columns(sides.map(|(at, _)| self.ballots_at(at))));
        lines.extend(columns(sides.map(|(at, _)| {
            let broken = tree.moments()[at].broken.iter().map(|it| format!("broken: {}", it.rule));
            let broken: Vec<String> = broken.collect();
            if broken.is_empty() { vec!["every rule holds".into()] } else { broken }
        })));
        Ok(lines)
    }

    fn rows_at(&self, at: usize, name: Name) -> Vec<String> {
        let scene = &self.tree.moments()[at].scene;
        let mut rows: Vec<String> = scene.ledger(name).map(row_in_words).collect();
        if rows.is_empty() {
            rows.push("blank".into());
        }
        rows
    }
}

/// Two lists of lines beside each other, each line wrapped to its side; those that differ are marked.
fn columns([left, right]: [Vec<String>; 2]) -> Vec<String> {
    let mut lines = Vec::new();
    for at in 0..left.len().max(right.len()) {
        let of = |side: &[String]| side.get(at).cloned().unwrap_or_default();
        let (one, two) = (of(&left), of(&right));
        let mark = if one == two { " " } else { "|" };
        let (one, two) = (broken_up(&one), broken_up(&two));
        for row in 0..one.len().max(two.len()) {
            let of = |side: &[String]| side.get(row).cloned().unwrap_or_default();
            let (one, two) = (of(&one), of(&two));
            let pad = SIDE.saturating_sub(unicode_width::UnicodeWidthStr::width(&*one));
            let line = format!("  {one}{} {mark} {two}", " ".repeat(pad));
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

/// A line in pieces that fit a side, broken between words.
fn broken_up(line: &str) -> Vec<String> {
    let wide = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let last = pieces.last_mut().expect("there is always one piece");
        if last.is_empty() {
            last.push_str(word);
        } else if wide(last) + 1 + wide(word) <= SIDE {
            *last += &format!(" {word}");
        } else {
            pieces.push(format!("  {word}"));
        }
    }
    pieces
}
