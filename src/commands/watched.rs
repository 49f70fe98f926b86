//! A chamber that is watched: its records are looked at, told and judged as they come.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::time::{Duration, Instant};

#[cfg(feature = "web")]
use super::arguments::quoted;
use crate::chamber::{AuditError, Chamber, ChamberError, Watching};
use crate::picture::Judged;
use crate::picture::derive::Retelling;
use crate::picture::live::{Live, REMEMBERED};
use crate::records::Place;

/// How long nobody looks at the records.
pub(super) const TICK: Duration = Duration::from_millis(100);
/// How many ticks pass between two looks at whether the chamber still stands.
const SELDOM: u64 = 10;
/// After this time without a row, one looks whether anybody is in the Chamber.
const LONG_QUIET: Duration = Duration::from_secs(2);
/// How long the auditor rests at least between two audits.
const SHORTEST_REST: Duration = Duration::from_secs(1);

/// A chamber that is watched, whether it is founded or not.
pub(super) struct Watched {
    chamber: Chamber,
    minute: Duration,
    /// How many events are kept.
    keep: usize,
    sitting: Option<LiveChamber>,
    looked: u64,
    /// Since when nothing has come, and whether nobody is in the Chamber.
    quiet_since: Instant,
    is_closed: bool,
}

/// The result of a look at the records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Seen {
    /// All is as it was.
    Nothing,
    /// There is more to show.
    More,
    /// The chamber is gone; another may be founded in its place.
    Gone,
}

impl Watched {
    pub(super) fn of(chamber: &Chamber, minute: Duration, keep: usize) -> Watched {
        let (sitting, looked, is_closed) = (None, 0, false);
        let (chamber, quiet_since) = (chamber.clone(), Instant::now());
        Watched { chamber, minute, keep, sitting, looked, quiet_since, is_closed }
    }

    /// The run so far, if the chamber is founded.
    pub(super) fn live(&self) -> Option<&Live> {
        self.sitting.as_ref().map(|sitting| &sitting.live)
    }

    /// The chamber, as it is called in a title.
    pub(super) fn title(&self) -> String {
        let closed = if self.is_closed { ", closed" } else { "" };
        match self.chamber.root() {
            root if root == Path::new(".") => format!("The Chamber{closed}"),
            root => format!("chamber {}{closed}", root.display()),
        }
    }

    /// The command that draws these records, as it is pasted into a shell.
    #[cfg(feature = "web")]
    pub(super) fn chronicle(&self) -> String {
        let root = self.chamber.root();
        if root == Path::new(".") {
            return "parliament chronicle".into();
        }
        format!("parliament chronicle --chamber {}", quoted(&root.display().to_string()))
    }

    /// When minute 0 was, and how many milliseconds a minute lasts.
    #[cfg(feature = "web")]
    pub(super) fn clock(&self) -> Option<(String, f64)> {
        let convened = self.sitting.as_ref()?.retelling.convened()?;
        Some((convened.to_rfc3339(), self.minute.as_secs_f64() * 1000.0))
    }

    /// The words that are shown while there is no chamber.
    pub(super) fn awaited(&self) -> String {
        format!(
            "Nobody has founded a chamber in {} yet.\nIt is waited for; from another terminal:\nparliament pass \"The sale of brown goats is permitted\"",
            self.chamber.ledgers().display()
        )
    }

    /// Begins anew at the next look, from the first row.
    #[cfg(feature = "web")]
    pub(super) fn begin_anew(&mut self) {
        self.sitting = None;
    }

    /// Looks at the records, and tells what has come to them.
    ///
    /// # Errors
    /// When a record exists and cannot be read.
    pub(super) fn look(&mut self) -> Result<Seen, ChamberError> {
        self.looked += 1;
        let mut is_more = false;
        if self.sitting.is_none() {
            self.sitting = self.begin()?;
            is_more = self.sitting.is_some();
        }
        let Some(LiveChamber { watching, retelling, live, audits }) = &mut self.sitting else {
            return Ok(Seen::Nothing);
        };
        let seldom = self.looked.is_multiple_of(SELDOM);
        let come = match watching.look() {
            Ok(come) if !(seldom && watching.is_replaced()) => come,
            Err(error) if !watching.is_replaced() => return Err(error),
            _ => {
                self.sitting = None;
                return Ok(Seen::Gone);
            }
        };
        retelling.hear(come);
        let told = retelling.tell_settled();
        is_more |= !told.is_empty();
        live.go_on(told);
        if let Some(number) = live.forget() {
            retelling.forget_before(number);
        }
        if let Some((through, audited)) = audits.look(live.last()) {
            match audited {
                Ok(judged) => live.judge(judged, through),
                Err(error) => live.cannot_be_judged(&error.to_string()),
            }
            is_more = true;
        }
        let is_long = self.quiet_since.elapsed() >= LONG_QUIET;
        if is_more {
            self.quiet_since = Instant::now();
        }
        let is_more = self.look_inside(is_more, is_long && seldom) || is_more;
        Ok(if is_more { Seen::More } else { Seen::Nothing })
    }

    /// Looks whether the Chamber is closed, that is, nobody is inside; true if that is news. Where
    /// something happens, it is open. To look takes each free ledger's lock for a moment, so it is
    /// done when nothing has happened for long.
    fn look_inside(&mut self, is_more: bool, is_time: bool) -> bool {
        let is_closed = match () {
            () if is_more => false,
            () if is_time => self.chamber.inside().is_ok_and(|inside| inside.is_empty()),
            () => return false,
        };
        std::mem::replace(&mut self.is_closed, is_closed) != is_closed
    }

    /// Begins to watch, if the chamber is founded.
    fn begin(&self) -> Result<Option<LiveChamber>, ChamberError> {
        let founding = match self.chamber.standing() {
            Err(ChamberError::HalfDone { .. }) => None,
            standing => standing?,
        };
        Ok(founding.map(|founding| LiveChamber {
            watching: Watching::from_start(&self.chamber),
            retelling: Retelling::new(&founding, self.minute, &|_: &Place| String::new()),
            live: Live::of(founding, self.keep),
            audits: Audits::of(&self.chamber),
        }))
    }
}

/// A chamber that sits, once it is founded.
struct LiveChamber {
    watching: Watching,
    retelling: Retelling<'static>,
    live: Live,
    audits: Audits,
}

/// The result of an audit.
type Audited = Result<Judged, AuditError>;

/// The auditor, at work in a thread of his own while others watch. He judges all records again
/// when some have come, and rests nine times as long as he worked, so he takes a tenth of the time
/// at most.
struct Audits {
    chamber: Chamber,
    /// The last event that was told before he began, and what he will say.
    under_way: Option<(u64, Receiver<(Audited, Duration)>)>,
    judged_to: Option<u64>,
    rests_until: Instant,
}

impl Audits {
    fn of(chamber: &Chamber) -> Audits {
        let (chamber, rests_until) = (chamber.clone(), Instant::now());
        Audits { chamber, under_way: None, judged_to: None, rests_until }
    }

    /// The verdict on all events through that number, if the audit is done. Starts the next audit
    /// if it is time; events through `last` have been told.
    fn look(&mut self, last: u64) -> Option<(u64, Audited)> {
        if let Some((through, said)) = &self.under_way {
            let through = *through;
            let (audited, took) = match said.try_recv() {
                Ok(said) => said,
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    self.under_way = None;
                    return None;
                }
            };
            (self.under_way, self.judged_to) = (None, Some(through));
            self.rests_until = Instant::now() + SHORTEST_REST.max(took * 9);
            return Some((through, audited));
        }
        if self.judged_to < Some(last) && self.rests_until <= Instant::now() {
            let (tell, said) = mpsc::channel();
            let chamber = self.chamber.clone();
            let most = usize::try_from(REMEMBERED).unwrap_or(usize::MAX);
            std::thread::spawn(move || {
                let begun = Instant::now();
                let audited = chamber.audit().map(|judgment| Judged::of_last(&judgment, most));
                // One who has stopped watching wants no judgment.
                let _gone = tell.send((audited, begun.elapsed()));
            });
            self.under_way = Some((last, said));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: &str = "entry,number,ballot,decree,quorum,petition,at,dry,seal\n\
                          outcome,0,,Dwork Gray Oki\n";

    #[test]
    fn a_chamber_that_nobody_is_in_is_called_closed() {
        let house = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(house.path());
        std::fs::create_dir(chamber.ledgers()).unwrap();
        let ledger = chamber.ledgers().join("Gray.csv");
        std::fs::write(&ledger, LEDGER).unwrap();
        let mut watched = Watched::of(&chamber, Duration::from_millis(20), 10);
        let body = std::fs::File::open(&ledger).unwrap();
        body.lock().unwrap();
        assert!(!watched.look_inside(false, true) && !watched.title().ends_with(", closed"));
        body.unlock().unwrap();
        assert!(!watched.look_inside(false, false), "one does not look at each tick");
        assert!(watched.look_inside(false, true) && watched.title().ends_with(", closed"));
        assert!(watched.look_inside(true, true), "where something comes, it is open");
        assert!(!watched.title().ends_with(", closed"));
    }
}
