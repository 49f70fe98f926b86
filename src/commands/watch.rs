//! `parliament watch`: the chronicle, live in the terminal, while a chamber sits.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use clap::Args;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event};

use crate::chamber::{AuditError, Chamber, ChamberError, Watching, line_of};
use crate::picture::Judged;
use crate::picture::derive::Retelling;
use crate::picture::live::{Live, REMEMBERED};
use crate::picture::terminal::{Act, View, draw, keys, screen};
use crate::records::Place;

use super::arguments;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  # In another terminal, so that there is something to see: parliament sit
  parliament pass \"Goats may graze\"
  parliament watch                            # until Ctrl-C";

/// How long nobody looks at the records.
const TICK: Duration = Duration::from_millis(100);
/// How many ticks pass between two looks at whether the chamber still stands.
const SELDOM: u64 = 10;
/// How long the auditor rests at least between two audits.
const SHORTEST_REST: Duration = Duration::from_secs(1);

/// Watch a chamber while it sits: every message, every ledger, and why, in the terminal.
///
/// Nothing is written and nobody is disturbed: it is drawn from the records alone, as
/// `parliament chronicle` draws it. If the chamber is not founded yet, it waits.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Watch {
    /// How many events to keep for scrolling back.
    #[arg(long, value_name = "N", default_value = "5000", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keep: u32,
    /// How long a Paxon minute lasts in the chamber.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    minute: Duration,
}

/// Nobody would see anything.
#[derive(Debug, thiserror::Error)]
#[error(
    "`parliament watch` needs a terminal; `parliament chronicle` draws the same as text, SVG or HTML"
)]
struct NoTerminal;

impl Watch {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no terminal, or the records cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        if !(std::io::stdout().is_terminal() && std::io::stdin().is_terminal()) {
            return Err(NoTerminal.into());
        }
        let interrupted = super::ending::catch_interrupts()?;
        let mut watcher = Watcher::of(self, chamber);
        // Records of a long sitting are read before the terminal is taken.
        watcher.look()?;
        let mut screen = Screen::take()?;
        let keys = keys_pressed();
        while !interrupted.load(Ordering::Relaxed) {
            if !std::io::stdin().is_terminal() {
                // The terminal was closed: there is nothing left to give back.
                std::mem::forget(screen);
                break;
            }
            if watcher.is_stale {
                watcher.show(&mut screen.0)?;
            }
            match keys.recv_timeout(TICK) {
                Ok(event) => {
                    if watcher.heed(&event?) {
                        break;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            watcher.look()?;
        }
        Ok(Verdict::Done)
    }
}

/// The terminal's events, read by a thread of its own: a read from a closed terminal may never
/// return.
pub(super) fn keys_pressed() -> Receiver<std::io::Result<Event>> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let event = event::read();
            let is_last = event.is_err();
            if tell.send(event).is_err() || is_last {
                break;
            }
        }
    });
    told
}

/// The terminal, given back whatever happens; a panic gives it back before it is told.
pub(super) struct Screen(pub(super) DefaultTerminal);

impl Screen {
    pub(super) fn take() -> std::io::Result<Screen> {
        ratatui::try_init().map(Screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
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

struct Watcher {
    asked: Watch,
    chamber: Chamber,
    sitting: Option<LiveChamber>,
    view: View,
    /// How many steps a page has.
    page: usize,
    looked: u64,
    /// Whether the screen shows less than is known.
    is_stale: bool,
}

impl Watcher {
    fn of(asked: Watch, chamber: &Chamber) -> Watcher {
        let (chamber, view) = (chamber.clone(), View::default());
        Watcher { asked, chamber, sitting: None, view, page: 1, looked: 0, is_stale: true }
    }

    /// Looks at the records, and tells what has come to them.
    fn look(&mut self) -> Result<(), ChamberError> {
        self.looked += 1;
        if self.sitting.is_none() {
            self.sitting = self.begin()?;
            self.is_stale |= self.sitting.is_some();
        }
        let Some(LiveChamber { watching, retelling, live, audits }) = &mut self.sitting else {
            return Ok(());
        };
        let seldom = self.looked.is_multiple_of(SELDOM);
        let come = match watching.look() {
            Ok(come) if !(seldom && watching.is_replaced()) => come,
            Err(error) if !watching.is_replaced() => return Err(error),
            // This chamber is gone; another may be founded in its place.
            _ => {
                (self.sitting, self.view, self.is_stale) = (None, View::default(), true);
                return Ok(());
            }
        };
        retelling.hear(come);
        let told = retelling.tell_settled();
        self.is_stale |= !told.is_empty();
        live.go_on(told);
        if let Some(number) = live.forget() {
            retelling.forget_before(number);
        }
        if let Some((through, audited)) = audits.look(live.last()) {
            match audited {
                Ok(judged) => live.judge(judged, through),
                Err(error) => live.cannot_be_judged(&error.to_string()),
            }
            self.is_stale = true;
        }
        Ok(())
    }

    /// Begins to watch, if the chamber is founded.
    fn begin(&self) -> Result<Option<LiveChamber>, ChamberError> {
        let founding = match self.chamber.standing() {
            Err(ChamberError::HalfDone { .. }) => None,
            standing => standing?,
        };
        Ok(founding.map(|founding| LiveChamber {
            watching: Watching::from_start(&self.chamber),
            retelling: Retelling::new(&founding, self.asked.minute, &|_: &Place| String::new()),
            live: Live::of(founding, self.asked.keep as usize),
            audits: Audits::of(&self.chamber),
        }))
    }

    fn show(&mut self, terminal: &mut DefaultTerminal) -> std::io::Result<()> {
        let root = self.chamber.root();
        let live = self.sitting.as_ref().map(|sitting| &sitting.live);
        let title = match live {
            Some(_) if root == Path::new(".") => "The Chamber".into(),
            Some(_) => format!("chamber {}", root.display()),
            None => format!(
                "Nobody has founded a chamber in {} yet.\nIt is waited for; from another terminal:\nparliament pass \"The sale of brown goats is permitted\"",
                self.chamber.ledgers().display()
            ),
        };
        let step = live.filter(|_| self.view.is_paused()).and_then(|live| self.view.step(live));
        let row = step.and_then(|kept| row_at(&kept.told.record.place));
        let view = &mut self.view;
        let drawn = terminal.draw(|frame| draw(frame, &title, live, view, row.as_deref()))?;
        self.page = screen::page(drawn.area.height);
        self.is_stale = false;
        Ok(())
    }

    /// Heeds a key; true if nothing more is to be looked at.
    fn heed(&mut self, event: &Event) -> bool {
        self.is_stale |= matches!(event, Event::Resize(..));
        let key = event.as_key_press_event();
        let act = key.and_then(|key| keys::act(key, self.page));
        if let (Some(act), Some(sitting)) = (act, &self.sitting) {
            self.view.act(act, &sitting.live);
            self.is_stale = true;
        }
        act == Some(Act::Quit)
    }
}

/// The row that stands at `file:line`.
fn row_at(place: &str) -> Option<String> {
    let (file, line) = place.rsplit_once(':')?;
    line_of(Path::new(file), line.parse().ok()?)
}
