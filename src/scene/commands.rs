//! The commands of a script that do something.

use super::moves::{CrashAt, Move, Which, short};
use super::reader::Reader;
use super::script_words::{MOST_COMMANDS, ScriptError, Word, nearest, shown};
use super::setting::Level;
use crate::words::message::Kind;
use crate::words::{Decree, Minutes, Name};

/// The longest wait, in minutes.
const LONGEST_WAIT: u64 = 1_000_000;

/// One command of a script, after the setting.
#[derive(Clone, Debug)]
pub enum Command {
    /// Something is done.
    Move(Move),
    /// Back to the moment before, this many times.
    Undo(usize),
    /// On to the latest moment that comes after this one.
    Redo,
    /// To the moment of this number.
    Go(usize),
    /// A ledger is read out.
    Ledger(Name),
}

/// The commands, in words and in their short form.
pub(super) const HEADS: [(&str, &str); 19] = [
    ("convene", ""),
    ("heretic", "h"),
    ("wish", "w"),
    ("given", "g"),
    ("letter", "k"),
    ("try", "t"),
    ("begin", "b"),
    ("deliver", "d"),
    ("lose", "l"),
    ("repeat", "r"),
    ("crash", "c"),
    ("leave", "c"),
    ("enter", "e"),
    ("return", "e"),
    ("wait", "m"),
    ("petition", "p"),
    ("undo", "u"),
    ("redo", "y"),
    ("go", "go"),
];

impl Reader<'_> {
    pub(super) fn command(&mut self, name: &str, head: &Word) -> Result<Command, ScriptError> {
        Ok(match name {
            "undo" => Command::Undo(if self.words.peek().is_some() { self.count()? } else { 1 }),
            "redo" => Command::Redo,
            "go" => Command::Go(self.count()?),
            "ledger" if !self.is_short() => Command::Ledger(self.name()?),
            _ => Command::Move(self.a_move(name, head)?),
        })
    }

    fn count(&mut self) -> Result<usize, ScriptError> {
        let word = self.words.expect("a number")?;
        let many = word.text.parse().ok().filter(|&many: &usize| many <= MOST_COMMANDS);
        many.ok_or_else(|| {
            let found = shown(&word.text);
            word.place.says(format!("expected a number up to {MOST_COMMANDS}, and found {found}"))
        })
    }

    fn a_move(&mut self, name: &str, head: &Word) -> Result<Move, ScriptError> {
        Ok(match name {
            "try" => Move::Try(self.ballot()?),
            "begin" => Move::Begin { who: self.name()?, wish: self.decree()? },
            "da" if self.is_short() => Move::DeliverAll,
            "deliver" if !self.is_short() && self.words.peek() == Some("all") => {
                self.words.take();
                Move::DeliverAll
            }
            "deliver" => Move::Deliver(self.which()?),
            "lose" => Move::Lose(self.which()?),
            "repeat" => Move::Repeat(self.which()?),
            "crash" | "leave" => Move::Crash { who: self.name()?, at: self.crash_at()? },
            "enter" | "return" => self.enter()?,
            "wait" => {
                let word = self.words.rest("a number of minutes")?;
                let minutes: Minutes =
                    word.text.parse().map_err(|why| word.place.says(format!("{why}")))?;
                if minutes > Minutes::whole(LONGEST_WAIT) {
                    return Err(word
                        .place
                        .says(format!("nobody waits more than {LONGEST_WAIT} min")));
                }
                Move::Wait(minutes)
            }
            "petition" => Move::Petition { who: self.name()?, decree: self.decree()? },
            other => {
                let near = nearest(other, HEADS.iter().map(|(long, _)| *long));
                let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                let all = "try, begin, deliver, lose, repeat, crash, return, wait, petition, undo";
                let found = shown(other);
                return Err(head
                    .place
                    .says(format!("expected a command ({all} …), and found {found}{near}")));
            }
        })
    }

    /// A letter of the bag.
    fn which(&mut self) -> Result<Which, ScriptError> {
        let (from, to) = (self.name()?, self.name()?);
        let mut which = Which { from, to, kind: None, ballot: None, place: 1 };
        if self.is_short() {
            return self.which_in_short(which);
        }
        if self.words.peek().is_some_and(|word| !word.starts_with('#')) {
            which.kind = Some(self.kind()?);
        }
        if self.words.peek().is_some_and(|word| !word.starts_with('#')) {
            let ballot = self.ballot()?;
            which.ballot = Some((ballot.round, Some(ballot.owner)));
        }
        if let Some(word) = self.words.take() {
            which.place = self.place(&word, word.text.strip_prefix('#'))?;
        }
        Ok(which)
    }

    fn which_in_short(&mut self, mut which: Which) -> Result<Which, ScriptError> {
        if self.words.peek().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        {
            let word = self.words.expect("a kind of letter")?;
            let letters = word.text.trim_end_matches(|c: char| c.is_ascii_digit());
            let round = &word.text[letters.len()..];
            let kind = Kind::ALL.into_iter().find(|kind| short(*kind) == letters);
            which.kind = Some(kind.ok_or_else(|| {
                let all: Vec<&str> = Kind::ALL.iter().map(|kind| short(*kind)).collect();
                let (all, found) = (all.join(", "), shown(&word.text));
                word.place.says(format!("expected a kind of letter ({all}), and found {found}"))
            })?);
            if !round.is_empty() {
                let round =
                    round.parse().map_err(|_| word.place.says("no ballot has such a number"))?;
                which.ballot = Some((round, None));
            }
        }
        if let Some(word) = self.words.take() {
            which.place = self.place(&word, Some(&word.text))?;
        }
        Ok(which)
    }

    /// A letter's place among those that fit.
    fn place(&self, word: &Word, text: Option<&str>) -> Result<usize, ScriptError> {
        let place = text.and_then(|text| text.parse().ok()).filter(|&place| place > 0);
        place.ok_or_else(|| {
            let found = shown(&word.text);
            word.place.says(format!("expected a letter's place such as `#2`, and found {found}"))
        })
    }

    fn crash_at(&mut self) -> Result<Option<CrashAt>, ScriptError> {
        let Some(word) = self.words.take() else { return Ok(None) };
        let mut text = word.text.clone();
        if text == "before" {
            text = format!("before {}", self.words.expect("`ink`")?.text);
        }
        let is = |(_, long, short): &&(CrashAt, &str, &str)| [*long, *short].contains(&&*text);
        let at = CrashAt::ALL.iter().find(is).map(|(at, ..)| Some(*at));
        at.ok_or_else(|| {
            let found = shown(&text);
            word.place.says(format!(
                "a priest crashes now, or at his next deed: `before ink`, `wet` or `dry`; and found {found}"
            ))
        })
    }

    fn enter(&mut self) -> Result<Move, ScriptError> {
        let (who, mut wish, mut appointed) = (self.name()?, None, false);
        while let Some(word) = self.words.take() {
            let is_wish = self.is_short() && word.text == "wish";
            if word.text == "appointed" {
                appointed = true;
            } else if let Some(text) = word.text.strip_prefix("wish=") {
                let decree =
                    Decree::proposed(text).map_err(|why| word.place.says(why.to_string()))?;
                wish = Some(decree);
            } else if is_wish {
                wish = Some(self.decree()?);
            } else {
                let found = shown(&word.text);
                return Err(word.place.says(format!(
                    "expected `wish=…` or `appointed`, and found {found}; put a wish of several words in quotation marks"
                )));
            }
        }
        if self.setting.level == Level::Basic && (wish.is_some() || appointed) {
            let here = self.words.start;
            return Err(
                here.says("in the basic protocol nobody enters with a wish: `begin` names it")
            );
        }
        Ok(Move::Enter { who, wish, appointed })
    }
}
