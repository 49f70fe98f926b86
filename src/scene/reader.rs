//! The words of one command, and the commands that say how a scene begins.

use std::sync::Arc;

use super::moves::short;
use super::script_words::{Form, Place, ScriptError, Word, Words, nearest, shown};
use super::setting::{Level, Setting};
use crate::heresies;
use crate::synod::Letter;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::message::Kind;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Message, Name, Vote};

/// Reads the words of one command.
pub(super) struct Reader<'a> {
    pub(super) words: Words,
    pub(super) setting: &'a mut Setting,
}

impl Reader<'_> {
    pub(super) fn is_short(&self) -> bool {
        self.words.form == Form::Short
    }

    /// One who sits.
    pub(super) fn name(&mut self) -> Result<Name, ScriptError> {
        let word = self.words.expect("the name of a priest")?;
        self.seated(&word)
    }

    pub(super) fn seated(&self, word: &Word) -> Result<Name, ScriptError> {
        let names = || self.setting.founding.membership.names();
        names().find(|name| name.as_str() == word.text).ok_or_else(|| {
            let near = nearest(&word.text, names().map(|name| name.as_str()));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            let all: Vec<&str> = names().map(|name| name.as_str()).collect();
            let (word_, all) = (shown(&word.text), all.join(", "));
            word.place.says(format!("expected one who sits here ({all}), and found {word_}{near}"))
        })
    }

    /// A ballot number, whose owner sits.
    pub(super) fn ballot(&mut self) -> Result<BallotNumber, ScriptError> {
        let word = self.words.expect("a ballot number such as 2.Oki")?;
        let (round, owner) = if self.is_short() {
            let owner = self.words.expect("the owner of the ballot")?;
            (word.text.clone(), owner)
        } else {
            let (round, owner) = word.text.split_once('.').unwrap_or((&word.text, ""));
            let column = word.place.column + round.chars().count() + 1;
            let place = Place { column, ..word.place };
            (round.to_owned(), Word { text: owner.to_owned(), place })
        };
        let is_number = !round.is_empty() && round.bytes().all(|b| b.is_ascii_digit());
        let round = round.parse().ok().filter(|_| is_number && !owner.text.is_empty());
        let round = round.ok_or_else(|| {
            let found = shown(&word.text);
            word.place.says(format!("expected a ballot number such as 2.Oki, and found {found}"))
        })?;
        let owner = self.seated(&owner)?;
        BallotNumber::new(round, owner).map_err(|why| word.place.says(why.to_string()))
    }

    pub(super) fn decree(&mut self) -> Result<Decree, ScriptError> {
        let word = self.words.rest("a decree")?;
        Decree::proposed(&word.text).map_err(|why| word.place.says(why.to_string()))
    }

    /// A decree that more words may follow.
    pub(super) fn decree_word(&mut self) -> Result<Decree, ScriptError> {
        let word = self.words.expect("a decree")?;
        let text = if self.is_short() { word.text.replace('_', " ") } else { word.text };
        Decree::new(&text).map_err(|why| word.place.says(why.to_string()))
    }

    // ------------------------------------------------------------------ the setting

    pub(super) fn heretic(&mut self) -> Result<(), ScriptError> {
        let who = self.words.expect("the name of a priest, or `all`")?;
        let who: Vec<Name> = if who.text == "all" {
            self.setting.founding.membership.names().collect()
        } else {
            vec![self.seated(&who)?]
        };
        let name = self.words.expect("the name of a heresy")?;
        let heresy = heresies::find(&name.text).ok_or_else(|| {
            let near = nearest(&name.text, heresies::ALL.iter().map(|heresy| heresy.name));
            let near = near.map_or(String::new(), |near| format!(" did you mean {near}?"));
            let known = "`parliament heresies` lists those there are";
            name.place.says(format!("no heresy is called {};{near} {known}", shown(&name.text)))
        })?;
        if let Some(why) = Setting::why_not(self.setting.level, heresy) {
            return Err(name.place.says(why));
        }
        self.setting.heretics.extend(who.into_iter().map(|who| (who, heresy)));
        Ok(())
    }

    pub(super) fn wish(&mut self) -> Result<(), ScriptError> {
        const MOST_WISHES: usize = 9;
        let (here, wish) = (self.words.here(), self.decree()?);
        if self.setting.wishes.len() >= MOST_WISHES {
            return Err(here.says(format!("a scene offers at most {MOST_WISHES} wishes")));
        }
        if !self.setting.wishes.contains(&wish) {
            self.setting.wishes.push(wish);
        }
        Ok(())
    }

    /// A row of a ledger.
    pub(super) fn given(&mut self) -> Result<(), ScriptError> {
        let who = self.name()?;
        let kind = self.words.expect("a row, such as nextBal")?;
        let row = match &*kind.text {
            "lastTried" => Entry::LastTried { ballot: self.ballot()? },
            "nextBal" => Entry::NextBal { ballot: self.ballot()? },
            "prevVote" => {
                let (number, ballot, decree) = (self.number()?, self.ballot()?, self.decree()?);
                Entry::PrevVote { number, ballot, decree }
            }
            "outcome" => {
                let (number, decree) = (self.number()?, self.decree()?);
                Entry::Outcome { number, decree, ballot: None }
            }
            "beginBallot" => {
                let (number, ballot) = (self.number()?, self.ballot()?);
                let decree = self.decree_word()?;
                let mut quorum = std::collections::BTreeSet::from([self.name()?]);
                while self.words.peek().is_some() {
                    quorum.insert(self.name()?);
                }
                Entry::BeginBallot { number, ballot, decree, quorum: Arc::new(quorum) }
            }
            "entered" => Entry::Entered,
            other => {
                let near = nearest(other, Entry::KINDS);
                let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                let (kinds, other) = (Entry::KINDS.join(", "), shown(other));
                return Err(kind
                    .place
                    .says(format!("expected one of {kinds}, and found {other}{near}")));
            }
        };
        self.setting.rows.push((who, row));
        Ok(())
    }

    fn number(&mut self) -> Result<DecreeNumber, ScriptError> {
        let word = self.words.expect("the number of a decree")?;
        let number = word.text.parse().ok();
        let largest =
            if self.setting.level == Level::Parliament { 1_000_000 } else { SYNODS_DECREE };
        number.filter(|number| (SYNODS_DECREE..=largest).contains(number)).ok_or_else(|| {
            let found = shown(&word.text);
            word.place
                .says(format!("a decree's number here is 1 to {largest}, and this is {found}"))
        })
    }

    /// A letter that is under way.
    pub(super) fn letter(&mut self) -> Result<(), ScriptError> {
        let (from, to) = (self.name()?, self.name()?);
        let (place, kind) = (self.words.here(), self.kind()?);
        let number = SYNODS_DECREE;
        let message = match kind {
            Kind::NextBallot => Message::NextBallot { ballot: self.ballot()?, complete_through: 0 },
            Kind::LastVote => {
                let ballot = self.ballot()?;
                if self.words.peek() == Some("null") {
                    self.words.take();
                    Message::LastVote { ballot, vote: None, of: 0 }
                } else {
                    let vote =
                        Vote { priest: from, ballot: self.ballot()?, decree: self.decree()? };
                    Message::LastVote { ballot, vote: Some((number, vote)), of: 1 }
                }
            }
            Kind::BeginBallot => {
                Message::BeginBallot { ballot: self.ballot()?, number, decree: self.decree()? }
            }
            Kind::Voted => Message::Voted { ballot: self.ballot()?, number },
            Kind::Success => Message::Success { ballot: None, number, decree: self.decree()? },
            other => {
                return Err(place.says(format!("a scene does not begin with {other} under way")));
            }
        };
        message.could_pass(from, to).map_err(|why| place.says(why.to_string()))?;
        self.setting.letters.push((from, Letter { to, message }));
        Ok(())
    }

    pub(super) fn kind(&mut self) -> Result<Kind, ScriptError> {
        let word = self.words.expect("a kind of letter")?;
        let is = |kind: &Kind| kind.as_str() == word.text || short(*kind) == word.text;
        Kind::ALL.into_iter().find(is).ok_or_else(|| {
            let near = nearest(&word.text, Kind::ALL.iter().map(|kind| kind.as_str()));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            let found = shown(&word.text);
            word.place.says(format!(
                "expected a kind of letter, such as NextBallot or LastVote, and found {found}{near}"
            ))
        })
    }
}
