//! A scene that is played: its choices, numbered, and what a person is told after each.

use super::game::Game;
use super::predict::Question;
use crate::scene::commands::Command;
use crate::scene::moves::{letter_in_words, row_in_words};
use crate::scene::offers::Offer;
use crate::scene::shortest::{Bounds, Found};
use crate::scene::told::Happened;
use crate::scene::{Broken, Level, Move, Scene, Script, ScriptError, Tree};
use crate::words::Name;
use crate::words::shown::counted;

/// A scene that is played.
pub(crate) struct Session {
    pub(crate) tree: Tree,
    pub(crate) game: Option<Game>,
    pub(crate) is_predicting: bool,
    /// The question that waits for an answer, and the move that it is about.
    pub(crate) asked: Option<(Question, Move)>,
    offers: Vec<Offer>,
    pub(crate) right: usize,
    pub(crate) wrong: usize,
}

impl Session {
    pub(crate) fn of(tree: Tree, game: Option<Game>) -> Session {
        let offers = tree.here().scene.offers();
        let (is_predicting, asked) = (false, None);
        Session { tree, game, is_predicting, asked, offers, right: 0, wrong: 0 }
    }

    /// Whether what the priests hold is not to be shown yet.
    pub(crate) fn is_secret(&self) -> bool {
        self.game.as_ref().is_some_and(Game::is_secret)
    }

    /// The choices that bear numbers: every letter once, then the deeds. A letter may also be lost or
    /// repeated, and a priest crash in other ways.
    pub(crate) fn choices(&self) -> Vec<&Offer> {
        let is_first = |offer: &&Offer| match &offer.by {
            Move::Lose(_) | Move::Repeat(_) => false,
            Move::Crash { at, .. } => at.is_none(),
            // One who tries nothing has nothing to begin.
            Move::Begin { who, .. } => offer.is_enabled() || self.is_trying(*who),
            _ => true,
        };
        let (letters, deeds): (Vec<&Offer>, Vec<&Offer>) =
            self.offers.iter().filter(is_first).partition(|offer| offer.letter.is_some());
        let (crashes, deeds): (Vec<&Offer>, Vec<&Offer>) =
            deeds.into_iter().partition(|offer| matches!(offer.by, Move::Crash { .. }));
        letters.into_iter().chain(deeds).chain(crashes).collect()
    }

    fn is_trying(&self, who: Name) -> bool {
        let sight = self.tree.here().scene.sight(who);
        sight.is_some_and(|sight| !sight.slip.is_empty())
    }

    /// The choice of this number, from 1.
    pub(crate) fn choice(&self, number: usize) -> Option<&Offer> {
        number.checked_sub(1).and_then(|at| self.choices().get(at).copied())
    }

    /// What else may be done with the letter of a choice: to lose it, to repeat it.
    pub(crate) fn with_letter(&self, of: &Offer, lose: bool) -> Option<Move> {
        let id = of.letter.as_ref()?.id;
        let same = |offer: &&Offer| {
            offer.letter.as_ref().is_some_and(|it| it.id == id)
                && if lose {
                    matches!(offer.by, Move::Lose(_))
                } else {
                    matches!(offer.by, Move::Repeat(_))
                }
        };
        self.offers.iter().find(same).map(|offer| offer.by.clone())
    }

    /// Makes a move, and tells what came of it.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub(crate) fn play(&mut self, by: &Move) -> Result<Vec<String>, String> {
        let before = self.tree.here().broken.clone();
        self.tree.play(by)?;
        self.offers = self.tree.here().scene.offers();
        let mut lines = self.told(self.tree.at());
        let broken: Vec<Broken> = self.tree.here().broken.to_vec();
        for it in broken.iter().filter(|it| !before.iter().any(|old| old.rule == it.rule)) {
            lines.extend(broken_in_words(it));
        }
        if !broken.is_empty()
            && let Some(game) = &mut self.game
        {
            lines.extend(game.broken(&self.tree));
        }
        Ok(lines)
    }

    /// Obeys a command other than a move.
    ///
    /// # Errors
    /// Why it cannot be obeyed.
    pub(crate) fn obey(&mut self, command: &Command) -> Result<(), String> {
        self.tree.obey(command)?;
        self.offers = self.tree.here().scene.offers();
        Ok(())
    }

    /// The moment from which a shortest run is searched, and how far: this one, or the beginning where
    /// a rule is broken here.
    ///
    /// # Errors
    /// Why none is to be searched.
    pub(crate) fn search(&self) -> Result<(usize, Scene, Bounds), String> {
        if self.is_secret() {
            return Err("that would tell what they hold; break a rule first, or say `sound`".into());
        }
        let from = if self.tree.here().broken.is_empty() { self.tree.at() } else { 0 };
        let bounds = self.game.as_ref().and_then(Game::bounds);
        let bounds = bounds.unwrap_or(Bounds { ballots: 2, restarts: 1 });
        Ok((from, self.tree.moments()[from].scene.clone(), bounds))
    }

    /// Plays a shortest run as a branch of its own, and tells it.
    ///
    /// # Errors
    /// Why it cannot be played.
    pub(crate) fn show(&mut self, from: usize, found: Found) -> Result<Vec<String>, String> {
        let (moves, events) = match found {
            Found::Run(moves, events) => (moves, events),
            Found::Nothing(states) => {
                let states = counted(states, "state");
                return Ok(vec![format!(
                    "Within these bounds no rule can be broken from here: {states} searched."
                )]);
            }
            Found::Stopped(_, states) => {
                let states = counted(states, "state");
                return Ok(vec![format!(
                    "The search was stopped after {states}; nothing was found in them."
                )]);
            }
        };
        self.tree.obey(&Command::Go(from))?;
        let mut lines = vec![format!(
            "The shortest has {}; it is a branch of its own now.",
            counted(events as u64, "event")
        )];
        for by in moves {
            lines.push(format!("{by}:"));
            lines.extend(self.play(&by)?);
        }
        Ok(lines)
    }

    /// What happened at a moment, a line each, each with its section.
    pub(crate) fn told(&self, moment: usize) -> Vec<String> {
        let secret = self.is_secret();
        let mut lines: Vec<String> = Vec::new();
        for event in &self.tree.moments()[moment].told.events {
            match event {
                Happened::Said { section, text } if section.is_empty() => lines.push(text.clone()),
                Happened::Said { section, text } if section == "heresy" => {
                    if !secret {
                        lines.push(format!("HERESY: {text}"));
                    }
                }
                Happened::Said { section, text } => lines.push(format!("{text}  §{section}")),
                Happened::Inks { who, row } => {
                    lines.push(format!("  {who} inks {}", row_in_words(row)));
                }
                Happened::Sends(carried) => {
                    let letter = letter_in_words(&carried.letter.message);
                    lines.push(format!(
                        "  {} sends {letter} to {}",
                        carried.from, carried.letter.to
                    ));
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
                format!("{} to {}: {letter}{copies}", carried.from, carried.letter.to)
            }
            None => offer.by.to_string(),
        };
        let section =
            if offer.section.is_empty() { String::new() } else { format!("  §{}", offer.section) };
        match &offer.refusal {
            Some(refusal) => format!("{what}  [ignored: {}]{section}", refusal.guard),
            None => format!("{what}{section}"),
        }
    }

    /// Why a choice is as it is, and what would come of it.
    pub(crate) fn why(&self, offer: &Offer) -> Vec<String> {
        let mut lines = vec![self.in_a_line(offer)];
        let secret = self.is_secret();
        for (section, text) in offer.told.said() {
            if section == "heresy" && !secret {
                lines.push(format!("HERESY: {text}"));
            } else if section != "heresy" {
                lines.push(format!("{text}  §{section}").trim_end_matches("  §").to_owned());
            }
        }
        for (who, row) in offer.inks() {
            lines.push(format!("  {who} would ink {}", row_in_words(row)));
        }
        for carried in offer.sends() {
            let letter = letter_in_words(&carried.letter.message);
            lines.push(format!("  {} would send {letter} to {}", carried.from, carried.letter.to));
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
        let scene = &self.tree.here().scene;
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

    /// What one priest knows: his ledger and his slip.
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

    /// The branches: every moment that is not the only one to come of another, and where we are.
    pub(crate) fn branches(&self) -> Vec<String> {
        let moments = self.tree.moments();
        let mut lines = Vec::new();
        for (at, moment) in moments.iter().enumerate() {
            let is_branch =
                moment.parent.is_some_and(|parent| self.tree.children(parent).count() > 1);
            let is_end = self.tree.children(at).next().is_none();
            if !(is_branch || is_end || at == self.tree.at() || at == 0) {
                continue;
            }
            let by = moment.by.as_ref().map_or("the beginning".into(), ToString::to_string);
            let from = moment.parent.map_or(String::new(), |parent| format!(", after {parent}"));
            let here = if at == self.tree.at() { "  <- here" } else { "" };
            let red = if moment.broken.is_empty() { "" } else { "  (a rule is broken)" };
            lines.push(format!("{at}: {by}{from}{red}{here}"));
        }
        lines
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

    /// The scene as a script, unless a secret stands in it.
    ///
    /// # Errors
    /// Why not yet.
    pub(crate) fn script(&self, short: bool) -> Result<String, String> {
        if self.is_secret() {
            return Err(
                "what they hold would stand in it; break a rule first, or say `sound`".into()
            );
        }
        Ok(if short { self.tree.in_short() } else { self.tree.in_words() })
    }

    /// Reads one line of a script as a move or a command in this scene.
    ///
    /// # Errors
    /// Where it does not read.
    pub(crate) fn read(&self, line: &str) -> Result<Vec<Command>, ScriptError> {
        let setting = self.tree.here().scene.setting().in_words();
        let lines = setting.lines().count();
        let script = Script::read(&format!("{setting}{line}\n")).map_err(|mut error| {
            error.line = error.line.saturating_sub(lines).max(1);
            error
        })?;
        Ok(script.commands.into_iter().map(|(_, command)| command).collect())
    }
}

/// A broken rule and the rows that break it.
pub(crate) fn broken_in_words(it: &Broken) -> Vec<String> {
    let rows: Vec<String> =
        it.rows.iter().map(|(who, row)| format!("{who}'s {}", row_in_words(row))).collect();
    let mut lines = vec![format!("BROKEN {}: {}  §{}", it.rule, it.why, it.rule.section())];
    lines.push(format!("  {} says: {}", it.rule, it.rule.says()));
    if !rows.is_empty() {
        lines.push(format!("  by {}", rows.join("; ")));
    }
    lines
}
