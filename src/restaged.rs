//! A chamber's records as the beginning of a scene: what its ledgers say, and the letters in its
//! messagebooks, which messengers may carry again. Records are read, never trusted: a row that
//! cannot be read, or that no priest could have sent, is skipped and reported; nothing is written.

use std::collections::BTreeSet;

use crate::chamber::{Chamber, ChamberError, read_ledger};
use crate::records::{MessageRow, Seal};
use crate::scene::setting::MOST_PRIESTS;
use crate::scene::{Level, Setting};
use crate::synod::Letter;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{BallotNumber, Decree, Entry, Founding, Message, Name, Vote};

/// The most letters of one messagebook that are under way again, the latest.
const MOST_LETTERS: usize = 30;
/// The most rows of one ledger.
const MOST_ROWS: usize = 500;
/// The most wishes: those that the ledgers speak of, and others.
const MOST_WISHES: usize = 4;

/// The reason why records cannot be the beginning of a scene.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestageError {
    /// There is no chamber.
    #[error("{0}: no chamber is founded here; `parliament synod DECREE` founds one")]
    Nothing(String),
    /// It cannot be read.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// A file cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A scene is smaller.
    #[error(
        "a scene has at most {most} {what}, and this chamber has more; begin with a smaller one"
    )]
    TooMany {
        /// The kind of thing.
        what: &'static str,
        /// How many.
        most: usize,
    },
    /// The ledgers speak of more than the Synod's one decree.
    #[error(
        "{place}: this row speaks of decree {number}, or of a law book; a scene begins with the records of a Synod, whose one decree is 1"
    )]
    NotOfSynod {
        /// The row.
        place: String,
        /// The decree.
        number: String,
    },
}

/// The setting of a scene that begins with these records, at the basic level, and what was passed
/// over.
///
/// # Errors
/// [`RestageError`].
pub fn setting_of(chamber: &Chamber) -> Result<(Setting, Vec<String>), RestageError> {
    let founding = chamber.standing()?;
    let founding =
        founding.ok_or_else(|| RestageError::Nothing(chamber.ledgers().display().to_string()))?;
    if founding.membership.size() > MOST_PRIESTS {
        return Err(RestageError::TooMany { what: "priests", most: MOST_PRIESTS });
    }
    let mut stage = Restaging::of(founding);
    let names: Vec<Name> = stage.setting.founding.membership.names().collect();
    for &name in &names {
        stage.ledger(chamber, name)?;
    }
    for &name in &names {
        stage.messagebook(chamber, name)?;
    }
    Ok((stage.setting, stage.told))
}

struct Restaging {
    setting: Setting,
    told: Vec<String>,
}

impl Restaging {
    fn of(founding: Founding) -> Restaging {
        Restaging { setting: Setting::of(founding, Level::Basic), told: Vec::new() }
    }

    fn ledger(&mut self, chamber: &Chamber, name: Name) -> Result<(), RestageError> {
        let path = chamber.ledger(name);
        let rows = match read_ledger(&path) {
            Ok(rows) => rows,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.told.push(format!("{}: there is no ledger; it begins blank", path.display()));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let mut many = 0;
        for row in rows {
            let row = match row? {
                Ok(row) => row,
                Err(bad) => {
                    self.told.push(format!("passed over: {bad}"));
                    continue;
                }
            };
            if row.seal == Seal::Broken {
                self.told
                    .push(format!("{}: its seal is broken; what it says is played", row.place));
            }
            let place = row.place.to_string();
            if let Some(entry) = self.entry(row.entry, &place)? {
                many += 1;
                if many > MOST_ROWS {
                    return Err(RestageError::TooMany {
                        what: "rows in a ledger",
                        most: MOST_ROWS,
                    });
                }
                self.setting.rows.push((name, entry));
            }
        }
        Ok(())
    }

    /// A row as a scene has it: the Synod's one decree, without the ids of petitions.
    fn entry(&mut self, entry: Entry, place: &str) -> Result<Option<Entry>, RestageError> {
        let other = |number: String| RestageError::NotOfSynod { place: place.into(), number };
        Ok(match entry {
            Entry::Outcome { number: 0, .. } | Entry::Entered => None,
            Entry::Outcome { number: number @ SYNODS_DECREE, decree, .. } => {
                let decree = self.decree(&decree);
                Some(Entry::Outcome { number, decree, ballot: None })
            }
            Entry::PrevVote { number: number @ SYNODS_DECREE, ballot, decree }
                if self.sits(ballot, place) =>
            {
                Some(Entry::PrevVote { number, ballot, decree: self.decree(&decree) })
            }
            Entry::BeginBallot { number: number @ SYNODS_DECREE, ballot, decree, quorum }
                if self.sits(ballot, place) && self.all_sit(&quorum, place) =>
            {
                Some(Entry::BeginBallot { number, ballot, decree: self.decree(&decree), quorum })
            }
            Entry::LastTried { ballot } | Entry::NextBal { ballot }
                if !self.sits(ballot, place) =>
            {
                None
            }
            row @ (Entry::LastTried { .. } | Entry::NextBal { .. }) => Some(row),
            Entry::PrevVote { number: SYNODS_DECREE, .. }
            | Entry::BeginBallot { number: SYNODS_DECREE, .. } => None,
            Entry::Outcome { number, .. }
            | Entry::PrevVote { number, .. }
            | Entry::BeginBallot { number, .. } => return Err(other(number.to_string())),
            Entry::Book(row) => return Err(other(row.number.to_string())),
        })
    }

    /// Whether the owner of a ballot sits here.
    fn sits(&mut self, ballot: BallotNumber, place: &str) -> bool {
        let sits = self.setting.founding.membership.has(ballot.owner);
        if !sits {
            self.told.push(format!("passed over: {place}: {} does not sit here", ballot.owner));
        }
        sits
    }

    /// Whether all of a quorum sit here.
    fn all_sit(&mut self, quorum: &BTreeSet<Name>, place: &str) -> bool {
        let members = &self.setting.founding.membership;
        let stranger = quorum.iter().find(|&&name| !members.has(name));
        if let Some(name) = stranger {
            self.told.push(format!("passed over: {place}: {name} of its quorum does not sit here"));
        }
        stranger.is_none()
    }

    /// A decree without its petition's id, which is offered as a wish from now on.
    fn decree(&mut self, decree: &Decree) -> Decree {
        let decree = Decree::new(decree.text()).unwrap_or_else(|_| decree.clone());
        let wishes = &mut self.setting.wishes;
        if !wishes.contains(&decree) && wishes.len() < MOST_WISHES - 1 {
            wishes.push(decree.clone());
        }
        decree
    }

    fn messagebook(&mut self, chamber: &Chamber, name: Name) -> Result<(), RestageError> {
        let mut letters: Vec<(Name, Letter)> = Vec::new();
        for volume in chamber.volumes_of(name)? {
            for row in volume.rows()? {
                match row? {
                    Ok(row) => {
                        let letter = self.letter(row);
                        letters.extend(letter.filter(|letter| !letters.contains(letter)));
                    }
                    Err(bad) => self.told.push(format!("passed over: {bad}")),
                }
            }
        }
        let from = letters.len().saturating_sub(MOST_LETTERS);
        self.setting.letters.extend(letters.drain(from..));
        Ok(())
    }

    /// A letter of the Synod's that one who sits could have sent.
    fn letter(&mut self, row: MessageRow) -> Option<(Name, Letter)> {
        let MessageRow { from, to, message, place, .. } = row;
        let ballots = message.ballots_to_heed().into_iter().flatten();
        let all_sit = ballots.into_iter().all(|ballot| self.sits(ballot, &place.to_string()));
        if !all_sit || !self.setting.founding.membership.has(from) {
            return None;
        }
        if let Err(why) = message.could_pass(from, to) {
            self.told.push(format!("passed over: {place}: {why}"));
            return None;
        }
        let number = SYNODS_DECREE;
        let message = match message {
            Message::NextBallot { ballot, .. } => {
                Message::NextBallot { ballot, complete_through: 0 }
            }
            Message::LastVote { ballot, vote, .. } => {
                let vote = match vote {
                    Some((SYNODS_DECREE, Vote { priest, ballot, decree })) => {
                        let decree = self.decree(&decree);
                        Some((number, Vote { priest, ballot, decree }))
                    }
                    Some(_) => return None,
                    None => None,
                };
                let of = u64::from(vote.is_some());
                Message::LastVote { ballot, vote, of }
            }
            Message::BeginBallot { ballot, number: SYNODS_DECREE, decree } => {
                Message::BeginBallot { ballot, number, decree: self.decree(&decree) }
            }
            Message::Voted { ballot, number: SYNODS_DECREE } => Message::Voted { ballot, number },
            Message::Success { number: SYNODS_DECREE, decree, .. } => {
                Message::Success { ballot: None, number, decree: self.decree(&decree) }
            }
            _ => return None,
        };
        Some((from, Letter { to, message }))
    }
}
