//! The roster: the priests who live on this machine, if a Parliament sits on several. `[ours]`
//!
//! It is written once, when the chamber is founded, as `roster.csv`, with a copy in
//! `ledgers/.roster`. A decree that seats a legislator later names his machine. A roster that is
//! lost or altered is an error. It is never guessed from the ledgers here: a ledger that is made
//! twice would be a priest with two bodies. A chamber without a roster is on one machine, and all
//! priests live there.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::{Chamber, regular};
use crate::words::{Founding, Name};

/// The first line of a roster.
const HEADER: &str = "priest,lives,machine,seal";

/// The legislators of decree 0 who live on this machine, and those who live on others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Roster {
    machine: Name,
    here: BTreeSet<Name>,
    elsewhere: BTreeSet<Name>,
}

/// The reason why a roster cannot be trusted or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RosterError {
    /// One of those who are to live here is not in the founding decree.
    #[error("{name} cannot live here: the founding decree names {founding}")]
    NotFounding {
        /// The one who is not in it.
        name: Name,
        /// The founding decree.
        founding: Founding,
    },
    /// No priest lives here.
    #[error("nobody would live here: a part of a Parliament has at least one priest")]
    Nobody,
    /// The roster or its copy is lost or altered, and the other is sound.
    #[error(
        "{path}: this roster {what}. It says which priests live on this machine, which is never guessed. Its copy is sound: `cp {copy} {file}` in this chamber restores it",
        path = path.display()
    )]
    Spoilt {
        /// The one that is lost or altered.
        path: PathBuf,
        /// Its fault.
        what: String,
        /// The path of the sound one in the chamber.
        copy: &'static str,
        /// The path of the other in the chamber.
        file: &'static str,
    },
    /// Neither the roster nor its copy can be trusted.
    #[error(
        "{path}: this roster {what}, and its copy `{COPY}` {and}. It says which priests live on this machine, which is never guessed: put `{FILE}` and `{COPY}` back as they were when this chamber was founded",
        path = path.display()
    )]
    Lost {
        /// The roster.
        path: PathBuf,
        /// Its fault.
        what: String,
        /// The fault of the copy.
        and: String,
    },
    /// The roster belongs to another chamber.
    #[error(
        "{path}: this roster is of another chamber: the founding decree here is `{founding}`, and it names {named}. Put the roster back with which this chamber was founded",
        path = path.display()
    )]
    OfAnother {
        /// The roster.
        path: PathBuf,
        /// The founding decree of the ledgers here.
        founding: Founding,
        /// The names in the roster.
        named: String,
    },
    /// The ledgers of this part are gone.
    #[error(
        "{path}: no ledger is here, and by the roster {names} lived on this machine: they have amnesia, since their promises are forgotten. The other machines go on without them. Never found this chamber again, and put no older copy back: either would break promises. `NAME is now a legislator, on MACHINE` seats another, under a name that nobody had",
        path = path.display()
    )]
    LedgersGone {
        /// The directory of the ledgers.
        path: PathBuf,
        /// The priests who lived here.
        names: String,
    },
    /// The directory for a new part of a Parliament has records already.
    #[error(
        "{path}: records of a chamber are here, and a part of a Parliament is founded only where nothing is: they may be what is left of this very part. Name another --chamber",
        path = path.display()
    )]
    AmongRecords {
        /// One of the records.
        path: PathBuf,
    },
    /// The system reported an error.
    #[error("{path}: cannot read the roster: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// The path of the roster in the chamber.
const FILE: &str = "roster.csv";
/// The path of its copy.
const COPY: &str = "ledgers/.roster";

impl Roster {
    /// A roster for a machine on which these priests live.
    ///
    /// # Errors
    /// [`RosterError`] if the founding decree does not name one of them, or there are none.
    pub fn new(
        machine: Name,
        here: impl IntoIterator<Item = Name>,
        founding: &Founding,
    ) -> Result<Roster, RosterError> {
        let here: BTreeSet<Name> = here.into_iter().collect();
        if let Some(&name) = here.iter().find(|&&name| !founding.membership.has(name)) {
            return Err(RosterError::NotFounding { name, founding: founding.clone() });
        }
        if here.is_empty() {
            return Err(RosterError::Nobody);
        }
        let elsewhere = founding.membership.names().filter(|name| !here.contains(name)).collect();
        Ok(Roster { machine, here, elsewhere })
    }

    /// The name of this machine in decrees.
    #[must_use]
    pub fn machine(&self) -> Name {
        self.machine
    }

    /// The legislators of decree 0 who live here.
    #[must_use]
    pub fn here(&self) -> &BTreeSet<Name> {
        &self.here
    }

    /// The legislators of decree 0 who live on other machines.
    #[must_use]
    pub fn elsewhere(&self) -> &BTreeSet<Name> {
        &self.elsewhere
    }

    /// Whether it names exactly the legislators of this decree.
    pub(super) fn is_of(&self, founding: &Founding) -> bool {
        let all = self.here.len() + self.elsewhere.len();
        all == founding.membership.names().count()
            && founding
                .membership
                .names()
                .all(|it| self.here.contains(&it) || self.elsewhere.contains(&it))
    }

    /// Formats the roster as rows. The seal of each row covers everything before it.
    pub(super) fn in_rows(&self) -> String {
        let here = self.here.iter().map(|&name| (name, "here", self.machine.as_str()));
        let elsewhere = self.elsewhere.iter().map(|&name| (name, "elsewhere", ""));
        let mut rows: Vec<(Name, &str, &str)> = here.chain(elsewhere).collect();
        rows.sort_unstable();
        let mut text = format!("{HEADER}\n");
        for (name, lives, machine) in rows {
            text += &format!("{name},{lives},{machine},");
            text += &format!("{:08x}\n", crc32fast::hash(text.as_bytes()));
        }
        text
    }

    /// Reads a roster from its rows.
    ///
    /// # Errors
    /// The fault, with its line.
    pub(super) fn of_rows(text: &str) -> Result<Roster, String> {
        let (mut machine, mut here, mut elsewhere) = (None, BTreeSet::new(), BTreeSet::new());
        for (number, line) in (1..).zip(text.lines()).skip(1) {
            let altered = || format!("is not as it was sealed, at line {number}");
            let fields: Vec<&str> = line.split(',').collect();
            let [name, lives, on, _] = fields[..] else { return Err(altered()) };
            let name: Name = name.parse().map_err(|_| altered())?;
            match lives {
                "here" => {
                    machine = Some(on.parse().map_err(|_| altered())?);
                    here.insert(name);
                }
                "elsewhere" => drop(elsewhere.insert(name)),
                _ => return Err(altered()),
            }
        }
        let nobody = || "says of nobody that he lives here".to_owned();
        let roster = Roster { machine: machine.ok_or_else(nobody)?, here, elsewhere };
        let sealed = roster.in_rows();
        if sealed == text {
            return Ok(roster);
        }
        let same = sealed.lines().zip(text.lines()).take_while(|(one, other)| one == other);
        Err(format!("is not as it was sealed, at line {}", same.count() + 1))
    }
}

impl Chamber {
    /// The roster of this chamber; `None` if all priests live on this machine.
    ///
    /// # Errors
    /// [`RosterError`] if the roster or its copy is lost or altered, with the way to restore it.
    pub fn roster(&self) -> Result<Option<Roster>, RosterError> {
        if let Some(known) = self.roster.get() {
            return Ok(Some(known.clone()));
        }
        let (path, copy) = (self.roster_file(), self.roster_copy());
        let read = match (read(&path)?, read(&copy)?) {
            (None, None) => return Ok(None),
            (Some(Ok(one)), Some(Ok(other))) if one == other => one,
            (Some(Ok(_)), Some(Ok(_))) => {
                let what = "and its copy differ".to_owned();
                return Err(RosterError::Lost { path, what, and: "is sealed all the same".into() });
            }
            (wrong, Some(Ok(_))) => {
                let what = what_is_wrong(wrong);
                return Err(RosterError::Spoilt { path, what, copy: COPY, file: FILE });
            }
            (Some(Ok(_)), wrong) => {
                let what = what_is_wrong(wrong);
                return Err(RosterError::Spoilt { path: copy, what, copy: FILE, file: COPY });
            }
            (one, other) => {
                let (what, and) = (what_is_wrong(one), what_is_wrong(other));
                return Err(RosterError::Lost { path, what, and });
            }
        };
        Ok(Some(self.roster.get_or_init(|| read).clone()))
    }

    /// Whether this priest of decree 0 lives on another machine.
    ///
    /// # Errors
    /// As [`Chamber::roster`].
    pub(super) fn lives_elsewhere(&self, name: Name) -> Result<bool, RosterError> {
        Ok(self.roster()?.is_some_and(|roster| roster.elsewhere.contains(&name)))
    }

    pub(super) fn roster_file(&self) -> PathBuf {
        self.below(FILE)
    }

    pub(super) fn roster_copy(&self) -> PathBuf {
        self.ledgers().join(".roster")
    }

    /// The roster, checked against the founding decree of the ledgers here.
    pub(super) fn roster_against(
        &self,
        founding: Option<&Founding>,
    ) -> Result<Option<Roster>, RosterError> {
        let Some(roster) = self.roster()? else { return Ok(None) };
        match founding {
            Some(founding) if !roster.is_of(founding) => {
                let named = roster.here.union(&roster.elsewhere).map(Name::as_str);
                let named = named.collect::<Vec<_>>().join(", ");
                let (path, founding) = (self.roster_file(), founding.clone());
                Err(RosterError::OfAnother { path, founding, named })
            }
            Some(_) => Ok(Some(roster)),
            None => {
                let names: Vec<&str> = roster.here.iter().map(Name::as_str).collect();
                let (path, names) = (self.ledgers(), names.join(", "));
                Err(RosterError::LedgersGone { path, names })
            }
        }
    }
}

/// Reads a roster, if the file exists.
fn read(path: &Path) -> Result<Option<Result<Roster, String>>, RosterError> {
    match regular::bytes(path) {
        Ok(bytes) => Ok(Some(
            std::str::from_utf8(&bytes)
                .map_err(|_| "is not UTF-8".to_owned())
                .and_then(Roster::of_rows),
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(RosterError::Io { path: path.into(), source }),
    }
}

fn what_is_wrong(read: Option<Result<Roster, String>>) -> String {
    match read {
        Some(Err(what)) => what,
        Some(Ok(_)) => "is sound".into(),
        None => "is missing".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster() -> Roster {
        let founding = "Ada Ben Cid".parse().unwrap();
        Roster::new("hill".parse().unwrap(), ["Ben".parse().unwrap()], &founding).unwrap()
    }

    #[test]
    fn a_roster_reads_back_and_no_letter_of_it_can_change() {
        let text = roster().in_rows();
        assert!(text.starts_with("priest,lives,machine,seal\nAda,elsewhere,,"), "{text}");
        assert_eq!(Roster::of_rows(&text), Ok(roster()));
        for at in 0..text.len() {
            for altered in [
                format!("{}{}", &text[..at], &text[at + 1..]),
                format!("{}x{}", &text[..at], &text[at + 1..]),
            ] {
                assert!(Roster::of_rows(&altered).is_err() || altered == text, "{altered}");
            }
        }
        for lines in 0..4 {
            let cut: String = text.split_inclusive('\n').take(lines).collect();
            let cut = Roster::of_rows(&cut);
            let founding: Founding = "Ada Ben Cid".parse().unwrap();
            assert!(!cut.is_ok_and(|it| it.is_of(&founding)), "{lines}");
        }
    }
}
