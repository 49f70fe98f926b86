//! Founds a chamber: inks decree 0 in every ledger.
//!
//! Until all ledgers have it, `ledgers/.founding` holds the founding decree. A process that finds
//! that file completes the founding first. So a founding that was interrupted is never taken for
//! amnesia, and amnesia never for an interrupted founding.

use std::fs::TryLockError;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::locked::Locked;
use super::messagebook;
use super::reading::read_ledger;
use super::roster::{Roster, RosterError};
use super::{Chamber, regular};
use crate::records::Place;
use crate::records::ledger_row::new_ledger;
use crate::words::ballot::DecreeError;
use crate::words::members::FoundingError;
use crate::words::{Entry, Founding, Name};

/// The wait between two tries to lock the directory.
const BETWEEN_TRIES: Duration = Duration::from_millis(2);

/// The reason why a chamber could not be founded or entered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChamberError {
    /// The chamber has another founding decree.
    #[error(
        "{place}: this chamber was founded as `{standing}`, and cannot be founded as `{wished}`; leave out --priests, or choose another --chamber"
    )]
    FoundedOtherwise {
        /// The place of a founding decree.
        place: Place,
        /// That decree.
        standing: Founding,
        /// The founding decree that the caller asked for.
        wished: Founding,
    },
    /// Two founding decrees stand in equally many ledgers.
    #[error(
        "{first} and {second} hold different founding decrees, and each stands in the same number of ledgers; take away the ledgers that belong to another chamber"
    )]
    Divided {
        /// The place of one.
        first: Place,
        /// The place of the other.
        second: Place,
    },
    /// A ledger has rows but no decree 0, before the chamber was founded.
    #[error("{path}: this ledger has rows, though this chamber has not been founded; move the file away", path = path.display())]
    InkedBefore {
        /// The ledger.
        path: PathBuf,
    },
    /// The decree of an interrupted founding cannot be read.
    #[error("{path}: a founding was begun here, and its decree cannot be read: {source}; remove the file if no ledger is here", path = path.display())]
    Illegible {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: FoundingError,
    },
    /// The founding is not complete, so no priest may enter.
    #[error("{path}: the founding of this chamber was interrupted; `parliament synod DECREE` completes it", path = path.display())]
    HalfDone {
        /// The file with its decree.
        path: PathBuf,
    },
    /// Records of a chamber are here already.
    #[error("{place}: a record is here already, and it is not overwritten; name another directory")]
    Occupied {
        /// The first record.
        place: Place,
    },
    /// This machine is part of a Parliament on several machines, and no ledger lives here.
    #[error("{path}: this directory follows a Parliament on several machines, and nobody sits here; name another directory with --chamber", path = path.display())]
    Follows {
        /// The charter of that Parliament.
        path: PathBuf,
    },
    /// The names of all legislators do not fit into one decree.
    #[error("there are too many legislators for one founding decree: {0}")]
    TooMany(#[from] DecreeError),
    /// Two legislators have one name, or a name may not be used.
    #[error("{0}; found the chamber with other names")]
    Names(FoundingError),
    /// The roster cannot be trusted, or does not allow this.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// Another process holds the lock of the founding.
    #[error("{path}: cannot lock the directory: another process has held it for {waited:?}, as a founding does; end that process, and run this again", path = path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
        /// The time for which this process waited.
        waited: Duration,
    },
    /// The system reported an error.
    #[error("{path}: cannot {doing}: {source}", path = path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The action that failed.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
}

pub(super) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ChamberError {
    let path = path.to_owned();
    move |source| ChamberError::Io { path, doing, source }
}

/// Runs the function for each of these names: one after the other, or at the same time.
pub type Hands<'a> = dyn Fn(&[Name], &(dyn Fn(Name) -> Result<(), ChamberError> + Sync)) -> Result<(), ChamberError>
    + 'a;

fn one_after_the_other(
    names: &[Name],
    act: &(dyn Fn(Name) -> Result<(), ChamberError> + Sync),
) -> Result<(), ChamberError> {
    names.iter().try_for_each(|&name| act(name))
}

impl Chamber {
    /// Founds the chamber: inks decree 0 in every ledger. Founding it again with the same decree
    /// changes nothing. If there are no ledgers, messagebooks and archives are those of an earlier
    /// chamber. They are moved aside first, and the new place is returned.
    ///
    /// # Errors
    /// [`ChamberError`], above all when another founding decree stands.
    pub fn found(&self, founding: &Founding) -> Result<Option<PathBuf>, ChamberError> {
        self.found_by(&one_after_the_other, founding, None)
    }

    /// Like [`Chamber::found`], but `hands` inks the ledgers, each of which needs a sync. With a
    /// roster, it makes only the ledgers of those who live here, and only where no records are.
    ///
    /// # Errors
    /// As [`Chamber::found`].
    pub fn found_by(
        &self,
        hands: &Hands<'_>,
        founding: &Founding,
        roster: Option<&Roster>,
    ) -> Result<Option<PathBuf>, ChamberError> {
        let decree = founding.decree()?;
        // A courier keeps there which Parliament this is.
        let charter = self.root().join("sea/charter");
        if roster.is_none() && regular::stands(&charter) && self.names()?.is_empty() {
            return Err(ChamberError::Follows { path: charter });
        }
        let (ledgers, messagebooks) = (self.ledgers(), self.messagebooks());
        for directory in [&ledgers, &messagebooks] {
            let made = regular::make_directory(directory);
            made.map_err(failed("make the directory", directory))?;
        }
        let _alone = self.lock(&ledgers)?;
        self.complete(hands)?;
        match self.tally()? {
            Some((standing, _)) if standing == *founding => Ok(None),
            Some((standing, place)) => {
                let wished = founding.clone();
                Err(ChamberError::FoundedOtherwise { place, standing, wished })
            }
            None => {
                let names = founding.membership.names();
                FoundingError::of_names(names).map_err(ChamberError::Names)?;
                self.roster_against(None)?;
                let aside = match roster {
                    Some(_) => self.refuse_earlier_records()?,
                    None => self.put_earlier_records_aside()?,
                };
                let rows = roster.map_or_else(String::new, |it| format!("\n{}", it.in_rows()));
                write_whole(&self.half_done(), (decree.text().to_owned() + &rows).as_bytes())?;
                sync(&ledgers)?;
                self.complete(hands)?;
                Ok(aside)
            }
        }
    }

    /// The founding decree; `None` if this chamber is not founded. Completes an interrupted
    /// founding first.
    ///
    /// # Errors
    /// [`ChamberError`], if the founding cannot be read or completed.
    pub fn founding(&self) -> Result<Option<Founding>, ChamberError> {
        loop {
            if self.founding.get().is_none() && regular::stands(&self.half_done()) {
                let _alone = self.lock(&self.ledgers())?;
                self.complete(&one_after_the_other)?;
            }
            match self.standing() {
                // Another process began to found it meanwhile.
                Err(ChamberError::HalfDone { .. }) => {}
                standing => return standing,
            }
        }
    }

    /// The names of those who have a ledger here and no seat. They deserve a warning only.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read.
    pub fn strangers(&self, founding: &Founding) -> Result<Vec<Name>, ChamberError> {
        let mut names = self.names()?;
        names.retain(|&name| !self.may_have_ledger(name, founding));
        Ok(names)
    }

    /// The founding decree that most ledgers hold. It changes nothing and completes no founding.
    ///
    /// # Errors
    /// [`ChamberError::HalfDone`] while the founding is not complete; another error if it cannot be
    /// read.
    pub fn standing(&self) -> Result<Option<Founding>, ChamberError> {
        if let Some(known) = self.founding.get() {
            return Ok(Some(known.clone()));
        }
        let path = self.half_done();
        if regular::stands(&path) {
            return Err(ChamberError::HalfDone { path });
        }
        let mut standing = self.tally()?.map(|(founding, _)| founding);
        if standing.is_none() {
            // Another process may have founded it between two looks.
            self.roster()?;
            standing = self.tally()?.map(|(founding, _)| founding);
        }
        self.roster_against(standing.as_ref())?;
        Ok(standing.map(|founding| self.founding.get_or_init(|| founding).clone()))
    }

    /// The founding decree that most ledgers hold, and its first place.
    fn tally(&self) -> Result<Option<(Founding, Place)>, ChamberError> {
        let mut found: Vec<(Founding, Place, usize)> = Vec::new();
        for name in self.names()? {
            let Some((founding, place)) = first_decree(&self.ledger(name)) else { continue };
            match found.iter_mut().find(|(other, ..)| *other == founding) {
                Some((.., ledgers)) => *ledgers += 1,
                None => found.push((founding, place, 1)),
            }
        }
        found.sort_by_key(|(.., ledgers)| std::cmp::Reverse(*ledgers));
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some((_, first, most)), Some((_, second, as_many))) if most == as_many => {
                Err(ChamberError::Divided { first, second })
            }
            (first, _) => Ok(first.map(|(founding, place, _)| (founding, place))),
        }
    }

    /// The names of all who have a ledger here, in alphabetical order.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read.
    pub fn names(&self) -> Result<Vec<Name>, ChamberError> {
        let directory = self.ledgers();
        let paths = regular::files_in(&directory);
        let mut names = Vec::new();
        for path in paths.map_err(failed("read the directory", &directory))? {
            // Other files, such as backups and dotfiles, are not named like a priest.
            let file = path.file_name().and_then(|file| file.to_str());
            let name = file.and_then(|file| file.strip_suffix(".csv"));
            names.extend(name.and_then(|name| name.parse::<Name>().ok()));
        }
        names.sort();
        Ok(names)
    }

    /// Whether a founding was begun and is not complete.
    ///
    /// # Errors
    /// When `.founding` is no regular file.
    pub(super) fn is_being_founded(&self) -> Result<bool, ChamberError> {
        let path = self.half_done();
        match regular::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("read the founding decree", &path)(error)),
            Ok(_) => Ok(true),
        }
    }

    /// Locks the directory, and waits at most `patience` for another process that founds. The lock
    /// is held until the returned file is dropped.
    fn lock(&self, directory: &Path) -> Result<Locked, ChamberError> {
        let file = regular::open_directory(directory);
        let file = file.map_err(failed("open the directory", directory))?;
        let tries = self.patience.as_millis() / BETWEEN_TRIES.as_millis() + 1;
        let tries = u32::try_from(tries).unwrap_or(u32::MAX);
        let locked = Locked::in_time(file, tries, || std::thread::sleep(BETWEEN_TRIES));
        locked.map_err(|refused| match refused {
            TryLockError::WouldBlock => {
                ChamberError::Locked { path: directory.into(), waited: self.patience }
            }
            TryLockError::Error(source) => failed("lock the directory", directory)(source),
        })
    }

    pub(super) fn half_done(&self) -> PathBuf {
        self.ledgers().join(".founding")
    }

    /// Completes a founding that was begun. The caller must hold the lock.
    fn complete(&self, hands: &Hands<'_>) -> Result<(), ChamberError> {
        let (half_done, ledgers) = (self.half_done(), self.ledgers());
        let text = match regular::bytes(&half_done) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("read the founding decree", &half_done)(error)),
        };
        let (decree, roster) = text.split_once('\n').unwrap_or((&text, ""));
        let founding: Founding = decree
            .parse()
            .map_err(|source| ChamberError::Illegible { path: half_done.clone(), source })?;
        let live_here = self.begin_roster(roster, &founding)?;
        let messagebooks = self.messagebooks();
        let made = regular::make_directory(&messagebooks);
        made.map_err(failed("make the directory", &messagebooks))?;
        let names: Vec<Name> = founding.membership.names().collect();
        hands(&names, &|name| {
            if live_here.contains(&name) {
                self.found_ledger(name, &founding)?;
            }
            // A messagebook may be lost, as letters may be. Only ledgers must be dry.
            let messagebook = self.messagebook(name);
            let made = messagebook::open(&messagebook);
            made.map(drop).map_err(failed("make the messagebook", &messagebook))
        })?;
        sync(&ledgers)?;
        sync_root(&self.root)?;
        regular::remove(&half_done).map_err(failed("end the founding", &half_done))?;
        sync(&ledgers)
    }

    /// Makes a ledger with decree 0, unless it has it already.
    pub(super) fn found_ledger(&self, name: Name, founding: &Founding) -> Result<(), ChamberError> {
        let path = self.ledger(name);
        match first_decree(&path) {
            Some((standing, _)) if standing == *founding => return Ok(()),
            Some((standing, place)) => {
                let wished = founding.clone();
                return Err(ChamberError::FoundedOtherwise { place, standing, wished });
            }
            None => {}
        }
        match read_ledger(&path).map(|mut rows| rows.next().is_some()) {
            Ok(true) => return Err(ChamberError::InkedBefore { path }),
            Err(error) if regular::is_no_record(&error) => {
                return Err(failed("found the ledger", &path)(error));
            }
            _ => {}
        }
        let text = new_ledger(founding, self.now())?;
        write_whole(&path, &text)
    }
}

/// The founding decree in this ledger, if it can be read.
fn first_decree(path: &Path) -> Option<(Founding, Place)> {
    for row in read_ledger(path).ok()? {
        let row = row.ok()?.ok().filter(|row| row.seal.flaw().is_none())?;
        if let Entry::Outcome { number: Founding::NUMBER, decree, .. } = &row.entry {
            return Some((decree.text().parse().ok()?, row.place));
        }
    }
    None
}

/// Writes a file so that it exists whole or not at all.
pub(super) fn write_whole(path: &Path, text: &[u8]) -> Result<(), ChamberError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{}.draft", file.trim_start_matches('.')));
    let write = || {
        let mut file = regular::make_draft(&draft)?;
        file.write_all(text)?;
        file.sync_all()?;
        regular::rename(&draft, path)
    };
    write().map_err(failed("write the file", path))
}

/// Syncs a directory, so that the names in it are durable.
pub(super) fn sync(directory: &Path) -> Result<(), ChamberError> {
    let synced = regular::open_directory(directory).and_then(|file| file.sync_all());
    synced.map_err(failed("dry the directory", directory))
}

/// Like [`sync`], for the chamber's own directory, whose path may be a link.
pub(super) fn sync_root(root: &Path) -> Result<(), ChamberError> {
    let synced = regular::open_root(root).and_then(|file| file.sync_all());
    synced.map_err(failed("dry the directory", root))
}
