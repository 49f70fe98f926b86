//! The lines that show a person the scene being played.

use super::session::{Session, broken_in_words};
use crate::scene::moves::{letter_in_words, row_in_words};
use crate::scene::offers::Offer;
use crate::scene::told::Happened;
use crate::scene::{Level, Move};
use crate::words::{Entry, Name};

impl Session {
    /// The events at a moment, one a line, each with its section.
    pub(crate) fn told(&self, moment: usize) -> Vec<String> {
        let secret = self.is_secret();
        let mut lines: Vec<String> = Vec::new();
        let events = &self.tree.moments()[moment].told.events;
        let is_heretical = heretical(events, secret);
        for (event, is_heretical) in events.iter().zip(is_heretical) {
            match event {
                Happened::Said { section, text } if section.is_empty() => lines.push(text.clone()),
                Happened::Said { section, .. } if section == "heresy" && secret => {}
                Happened::Said { section, text } if section == "heresy" => {
                    lines.push(format!("HERESY: {text}"));
                }
                Happened::Said { section, text } if is_heretical => {
                    lines.push(format!("{}  §{section}", by_his_account(text)));
                }
                Happened::Said { section, text } => lines.push(format!("{text}  §{section}")),
                Happened::Inks { who, row } => {
                    lines.push(format!("  {who} inks {}", row_in_words(row)));
                }
                Happened::Sends(carried) => {
                    let letter = letter_in_words(&carried.letter.message);
                    let line = format!("  {} sends {letter} to ", carried.from);
                    push_to(&mut lines, line, carried.letter.to);
                }
                _ => {}
            }
        }
        lines
    }

    /// One choice in a line.
    pub(crate) fn in_a_line(&self, offer: &Offer) -> String {
        let copies =
            if offer.copies > 1 { format!(" ({} copies)", offer.copies) } else { String::new() };
        let what = match &offer.letter {
            Some(carried) => {
                let letter = letter_in_words(&carried.letter.message);
                format!("{letter}, {} to {}{copies}", carried.from, carried.letter.to)
            }
            None => offer.by.to_string(),
        };
        let section =
            if offer.section.is_empty() { String::new() } else { format!("  §{}", offer.section) };
        match &offer.refusal {
            _ if self.asks_about(offer) => what + &section,
            Some(refusal) => format!("{what}  [ignored: {}]{section}", refusal.guard),
            None => format!("{what}{section}"),
        }
    }

    /// Why a choice is as it is, and what would come of it.
    pub(crate) fn why(&self, offer: &Offer) -> Vec<String> {
        let mut lines = vec![self.in_a_line(offer)];
        if self.asks_about(offer) {
            lines.push("Predict: Enter asks what comes of it. Afterwards it is told.".into());
            return lines;
        }
        let secret = self.is_secret();
        let is_heretical = heretical(&offer.told.events, secret);
        for (event, is_heretical) in offer.told.events.iter().zip(is_heretical) {
            let Happened::Said { section, text } = event else { continue };
            if section == "heresy" && !secret {
                lines.push(format!("HERESY: {text}"));
            } else if section != "heresy" {
                let text = if is_heretical { by_his_account(text) } else { text.clone() };
                lines.push(format!("{text}  §{section}").trim_end_matches("  §").to_owned());
            }
        }
        for (who, row) in offer.inks() {
            lines.push(format!("  {who} would ink {}", row_in_words(row)));
        }
        for carried in offer.sends() {
            let letter = letter_in_words(&carried.letter.message);
            let line = format!("  {} would send {letter} to ", carried.from);
            push_to(&mut lines, line, carried.letter.to);
        }
        if !secret {
            for it in &offer.breaks {
                lines.push(format!("  it would break {}: {}", it.rule, it.why));
            }
        }
        lines
    }

    /// B, a ballot a line.
    pub(crate) fn ballots(&self) -> Vec<String> {
        self.ballots_at(self.tree.at())
    }

    /// The same at another moment.
    pub(super) fn ballots_at(&self, moment: usize) -> Vec<String> {
        let scene = &self.tree.moments()[moment].scene;
        let mut lines = Vec::new();
        for (number, ballots) in scene.ballots() {
            for ballot in ballots {
                let of = match scene.level() {
                    Level::Parliament => format!("decree {number}, "),
                    _ => String::new(),
                };
                let names = |names: &std::collections::BTreeSet<Name>| {
                    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
                };
                let end = if ballot.is_successful() { "; successful" } else { "" };
                let voters =
                    if ballot.voters.is_empty() { "nobody".into() } else { names(&ballot.voters) };
                lines.push(format!(
                    "{of}ballot {}: “{}”, quorum {}, voted {voters}{end}",
                    ballot.number,
                    ballot.decree,
                    names(&ballot.quorum)
                ));
            }
        }
        if lines.is_empty() {
            lines.push("no ballot was begun".into());
        }
        lines
    }

    /// Which rules are broken now.
    pub(crate) fn broken(&self) -> Vec<String> {
        self.tree.here().broken.iter().flat_map(broken_in_words).collect()
    }

    /// The knowledge of one priest: his ledger and his slip.
    pub(crate) fn ledger(&self, who: Name) -> Vec<String> {
        let scene = &self.tree.here().scene;
        let Some(sight) = scene.sight(who) else { return Vec::new() };
        let mut head = who.to_string();
        if !sight.is_present {
            head += ", not in the Chamber";
        }
        if let Some(crash) = sight.crash {
            head += &format!("; when he next inks, {}", crash.told());
        }
        let mut lines = vec![head];
        lines.extend(scene.ledger(who).map(|row| format!("  {}", row_in_words(row))));
        if lines.len() == 1 {
            lines.push("  his ledger is blank".into());
        }
        for (what, text) in sight.slip {
            lines.push(format!("  on his slip: {what} {text}"));
        }
        lines
    }

    /// One priest in three lines: his name, his ledger with the last row of each note, and
    /// his slip of paper.
    pub(crate) fn desk(&self, who: Name) -> Vec<String> {
        let scene = &self.tree.here().scene;
        let mut notes: Vec<(String, String)> = Vec::new();
        for row in scene.ledger(who) {
            let words = row_in_words(row);
            let note = match row {
                Entry::LastTried { .. } | Entry::NextBal { .. } => row.kind().to_owned(),
                Entry::PrevVote { number, .. } => format!("prevVote {number}"),
                Entry::Entered => continue,
                _ => words.clone(),
            };
            notes.retain(|(known, _)| *known != note);
            notes.push((note, words));
        }
        let notes: Vec<String> = notes.into_iter().map(|(_, words)| words).collect();
        let mut lines: Vec<String> = self.ledger(who).into_iter().take(1).collect();
        lines.push(if notes.is_empty() {
            "  blank".into()
        } else {
            format!("  {}", notes.join(" · "))
        });
        let slip = scene.sight(who).map(|sight| sight.slip).unwrap_or_default();
        if !slip.is_empty() {
            let slip: Vec<String> =
                slip.iter().map(|(what, text)| format!("{what} {text}")).collect();
            lines.push(format!("  slip: {}", slip.join(", ")));
        }
        lines
    }

    /// The moments worth going to: where branches begin and end, the beginning, and this one.
    pub(crate) fn branch_moments(&self) -> Vec<usize> {
        let moments = self.tree.moments();
        let mut children = vec![0_usize; moments.len()];
        for parent in moments.iter().filter_map(|moment| moment.parent) {
            children[parent] += 1;
        }
        let is_worth = |&at: &usize| {
            let is_branch = moments[at].parent.is_some_and(|parent| children[parent] > 1);
            is_branch || children[at] == 0 || at == self.tree.at() || at == 0
        };
        (0..moments.len()).filter(is_worth).collect()
    }

    /// The branches, a line each.
    pub(crate) fn branches(&self) -> Vec<String> {
        let line = |at: usize| {
            let moment = &self.tree.moments()[at];
            let by = moment.by.as_ref().map_or("the beginning".into(), ToString::to_string);
            let from = moment.parent.map_or(String::new(), |parent| format!(", after {parent}"));
            let here = if at == self.tree.at() { "  <- here" } else { "" };
            let red = if moment.broken.is_empty() { "" } else { "  (a rule is broken)" };
            format!("{at}: {by}{from}{red}{here}")
        };
        self.branch_moments().into_iter().map(line).collect()
    }

    /// A hint: the next thing worth doing.
    pub(crate) fn hint(&self) -> String {
        let level = self.tree.here().scene.level();
        let offers = &self.offers;
        let begins = |offer: &&Offer| matches!(offer.by, Move::Begin { .. }) && offer.is_enabled();
        let useful = |offer: &&Offer| matches!(offer.by, Move::Deliver(_)) && offer.is_enabled();
        let grey = |offer: &&Offer| matches!(offer.by, Move::Deliver(_)) && !offer.is_enabled();
        let number = |of: &Offer| {
            let at = self.choices().iter().position(|choice| choice.by == of.by);
            at.map_or(String::new(), |at| format!(" ({})", at + 1))
        };
        if let Some(offer) = offers.iter().find(begins) {
            let who = offer.who.map_or("he", |who| who.as_str());
            return format!(
                "A majority has answered {who}: he can begin his ballot{}.",
                number(offer)
            );
        }
        if let Some(offer) = offers.iter().find(useful) {
            return format!("A letter waits that somebody acts on{}.", number(offer));
        }
        if let Some(offer) = offers.iter().find(grey) {
            return format!(
                "The letters that are left move nobody{}: let another priest try a higher ballot.",
                number(offer)
            );
        }
        match level {
            Level::Basic => "Nothing is under way: let a priest try a ballot.".into(),
            _ => "Nothing is under way: let priests enter, then wait.".into(),
        }
    }
}

/// For each event, whether it tells a deed of a heretic that the paper would not have: its reasons are
/// his own. Such deeds are told before the line on his heresy, and that line does not name them.
fn heretical(events: &[Happened], is_secret: bool) -> Vec<bool> {
    let mut marked = vec![false; events.len()];
    if is_secret {
        return marked;
    }
    for (at, event) in events.iter().enumerate() {
        let Happened::Said { section, text: paper } = event else { continue };
        // One who does what the paper has him do, and notes or writes other words, has its reasons.
        if section != "heresy" || paper.contains(" does this, and ") {
            continue;
        }
        let before = events[..at].iter().enumerate().rev();
        for (i, event) in before {
            match event {
                Happened::Said { section, text } if section != "heresy" => {
                    let act = text.split_once(' ').map_or(&**text, |(_, act)| act);
                    marked[i] = !section.is_empty() && !paper.contains(act);
                }
                _ => break,
            }
        }
    }
    marked
}

/// A deed as the heretic himself accounts for it: that is his belief, and no fact.
fn by_his_account(text: &str) -> String {
    match text.split_once(' ') {
        Some((name, act)) => format!("{name}, by his own account, {act}"),
        None => text.to_owned(),
    }
}

/// Adds a line about a letter to somebody; where the last line is about the same one, he joins it.
fn push_to(lines: &mut Vec<String>, line: String, to: Name) {
    match lines.last_mut().filter(|last| last.starts_with(&line)) {
        Some(last) => *last += &format!(", {to}"),
        None => lines.push(format!("{line}{to}")),
    }
}
