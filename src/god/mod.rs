//! God convenes the Chamber and runs each priest in a thread. `[ours]`
//!
//! God decides who is in the Chamber and when, and never what a priest does there. God alone sees
//! the whole Chamber.

pub(crate) mod body;
pub(crate) mod chosen;
pub(crate) mod citizen;
pub(crate) mod errand;
pub(crate) mod hour;
pub(crate) mod news;
pub mod parliament;
pub(crate) mod patience;
pub(crate) mod porter;
mod present;
mod recall;
pub(crate) mod scribe;
pub(crate) mod synod;

pub use body::{Knock, Raise};
pub use hour::{Hour, MINUTE};
pub use news::{Contradiction, Curiosity, Herald, News, Tiding};
pub use patience::Patience;
pub use porter::Counts;
pub use {citizen::Citizen, errand::Passage};

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{JoinHandle, ScopedJoinHandle};
use std::time::Duration;

use crate::chamber::messenger::{Knocker, Messenger, Roads};
use crate::chamber::watch::{Door, Watch, unwatched};
use crate::chamber::{
    AllOlder, Chamber, ChamberError, Hands, LedgerError, Reach, Roster, TakenDown, read_ledger,
};
use crate::synod::Mortal;
use crate::trace::TraceError;
use crate::words::{Decree, DecreeNumber, Founding, Minutes, Name, shown};

use body::{Body, Clay};
use scribe::Scribe;

/// The reason why the Chamber could not be convened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GodError {
    /// A ledger cannot be trusted.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Several ledgers are older than their priests.
    #[error(transparent)]
    Older(Box<AllOlder>),
    /// Two ledgers have different decrees under one number, before anyone has acted.
    /// `[PTP §2.1, Theorem 1]`
    #[error(
        "{first_path}: decree {number} is “{first}” in this ledger, and “{second}” in {second_path}: one of the two belongs to another chamber, or was altered; put the one that its priest wrote last in its place (an older copy would break promises made since), or go on without the owner of the wrong one: `--absent NAME`",
        first_path = ledgers.0.display(), second_path = ledgers.1.display(), first = decrees.0, second = decrees.1
    )]
    Contradiction {
        /// The decree's number.
        number: DecreeNumber,
        /// The two ledgers.
        ledgers: Box<(PathBuf, PathBuf)>,
        /// The decree in each.
        decrees: Box<(Decree, Decree)>,
    },
    /// The system gave no thread.
    #[error("cannot start a thread for a priest: {0}")]
    Thread(std::io::Error),
    /// The trace cannot be started.
    #[error("{}: {source}", file.display())]
    Trace {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: TraceError,
    },
}

/// The settings with which a Chamber is convened.
#[derive(Clone, Debug)]
pub struct Convening {
    /// The Chamber.
    pub chamber: Chamber,
    /// The priests to run.
    pub priests: Vec<Name>,
    /// The faults of messengers.
    pub roads: Roads,
    /// The seed of all random draws.
    pub seed: u64,
    /// How long a Paxon minute lasts.
    pub minute: Duration,
    /// Whether messagebooks are polled instead of watched.
    pub poll: bool,
    /// How much news God wants to hear.
    pub curiosity: Curiosity,
    /// The output of a trace, if one is kept.
    pub trace: Option<Paper>,
}

/// The output of a trace.
#[derive(Clone)]
pub struct Paper {
    /// Its name in errors.
    pub name: PathBuf,
    /// Opens the output, empty, after all ledgers are open.
    pub lay_out: Arc<LayOut>,
}

/// Opens something to write on.
pub type LayOut = dyn Fn() -> io::Result<Box<dyn Write + Send>> + Send + Sync;

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Paper").field(&self.name).finish()
    }
}

/// Founds a chamber and returns the place to which the records of an earlier chamber were moved, if
/// there were any. All ledgers are made at once, since the disk dries many as fast as one.
///
/// With a roster, makes only the ledgers of those who live here.
///
/// # Errors
/// [`ChamberError`], above all when another founding decree stands.
pub fn found(
    chamber: &Chamber,
    founding: &Founding,
    roster: Option<&Roster>,
) -> Result<Option<PathBuf>, ChamberError> {
    let at_once: &Hands<'_> = &|names, ink| {
        std::thread::scope(|scope| {
            let inking = names.iter().map(|&name| {
                let hand = std::thread::Builder::new().spawn_scoped(scope, move || ink(name));
                // Without a thread the ledger is inked in this one.
                hand.map_err(|_| ink(name))
            });
            let inking: Vec<_> = inking.collect();
            inking.into_iter().try_for_each(|hand| match hand.map(ScopedJoinHandle::join) {
                Ok(Ok(inked)) | Err(inked) => inked,
                Ok(Err(fault)) => std::panic::resume_unwind(fault),
            })
        })
    };
    chamber.found_by(at_once, founding, roster)
}

/// A Chamber in session.
pub struct Sitting {
    hour: Hour,
    ear: Sender<News>,
    news: Receiver<News>,
    scribe: Option<Scribe<Box<dyn Write + Send>>>,
    priests: BTreeMap<Name, (Sender<Knock>, JoinHandle<Counts>)>,
    /// God's patience with priests who are played by hand, if any are.
    patience: Option<Patience>,
}

impl Sitting {
    /// Opens every ledger, and only then starts the priests.
    ///
    /// # Errors
    /// [`GodError`]: then nobody has acted.
    pub fn convene<M: Mortal + Send + 'static>(
        convening: &Convening,
        raise: Arc<Raise<M>>,
    ) -> Result<Sitting, GodError> {
        Sitting::convene_if(convening, raise, |_| Ok(()))
    }

    /// Like [`Sitting::convene`], but `may_sit` may refuse after all ledgers are open.
    fn convene_if<M: Mortal + Send + 'static>(
        convening: &Convening,
        raise: Arc<Raise<M>>,
        may_sit: impl FnOnce(&[Body<M>]) -> Result<(), GodError>,
    ) -> Result<Sitting, GodError> {
        let hour = Hour::convene(convening.minute);
        let (ear, news) = mpsc::channel();
        let watch = if convening.poll { None } else { convening.watch(&ear) };
        let is_traced = convening.trace.is_some();
        let bells = convening.priests.iter().map(|&name| Bell::of(name));
        let bells: Vec<Bell> = bells.collect();
        let doors: BTreeMap<Name, Door<Knock>> =
            bells.iter().map(|bell| (bell.name, Door::new(bell.rings.clone()))).collect();
        let knocker = watch.is_none().then(|| knocker_at(&doors));
        let chamber = convening.chamber.shared_by(convening.priests.len());
        let clay = |Bell { name, rings, knocks }: Bell| {
            let messenger = Messenger::new(chamber.clone(), name, convening.roads, convening.seed)
                .knocking(knocker.clone());
            let clay = Clay {
                name,
                chamber: chamber.clone(),
                raise: Arc::clone(&raise),
                hour: hour.clone(),
                herald: Herald::new(name, convening.curiosity, is_traced, ear.clone()),
                watch: watch.clone(),
                door: doors[&name].clone(),
                knocks,
                messenger,
            };
            (rings, clay)
        };
        let (bells, clays): (Vec<_>, Vec<_>) = bells.into_iter().map(clay).unzip();
        let bodies = embody_all(&convening.chamber, clays)?;
        may_sit(&bodies)?;
        let scribe = convening.scribe()?;
        let mut priests = BTreeMap::new();
        for ((&name, bell), body) in convening.priests.iter().zip(bells).zip(bodies) {
            let thread = std::thread::Builder::new()
                .name(name.to_string())
                .spawn(move || body.live())
                .map_err(GodError::Thread)?;
            priests.insert(name, (bell, thread));
        }
        Ok(Sitting { hour, ear, news, scribe, priests, patience: None })
    }

    /// The clock of this sitting.
    #[must_use]
    pub fn hour(&self) -> &Hour {
        &self.hour
    }

    /// Makes the clock stand still while a priest who is played by hand owes an answer.
    pub fn be_patient(&mut self, patience: Patience) {
        self.patience = Some(patience);
    }

    /// The places of rows and letters that were written by hand, if God is patient.
    pub fn by_hand(&mut self) -> Vec<String> {
        self.patience.as_mut().map(Patience::by_hand).unwrap_or_default()
    }

    /// Waits for news, for `at_most` this long.
    pub fn hear(&mut self, at_most: Duration) -> Option<News> {
        if let Some(patience) = &mut self.patience {
            patience.look(&self.hour);
        }
        let news = self.news.recv_timeout(at_most).ok();
        self.write_down(news.as_ref());
        news
    }

    /// A herald for a citizen, so that his petitions come into the trace.
    #[must_use]
    pub fn herald_of(&self, citizen: Name) -> Herald {
        Herald::new(citizen, Curiosity::Decrees, self.scribe.is_some(), self.ear.clone())
    }

    /// Writes a piece of news to the trace. Without news it flushes the trace.
    fn write_down(&mut self, news: Option<&News>) {
        let Some(scribe) = &mut self.scribe else { return };
        let written = match news {
            Some(news) => scribe.hear(news),
            None => scribe.flush(),
        };
        if let Err(error) = written {
            // The sitting goes on even if stderr cannot be written.
            let said = format!("parliament: {error}; the trace ends here");
            let _ = writeln!(io::stderr(), "{}", shown(&said));
            self.scribe = None;
        }
    }

    /// Calls a priest into the Chamber or out.
    pub fn call(&self, name: Name, knock: Knock) {
        if let Some((bell, _)) = self.priests.get(&name) {
            // A body that no longer listens has left already.
            let _ = bell.send(knock);
        }
    }

    /// Closes the Chamber after every priest has finished inking. Returns the sum of all counts and
    /// the news not yet heard.
    ///
    /// # Errors
    /// The names of those whose thread died of a fault in this program.
    pub fn close(mut self) -> (Counts, Vec<News>, Result<(), Vec<Name>>) {
        for (bell, _) in self.priests.values() {
            let _ = bell.send(Knock::Close);
        }
        let (mut total, mut dead) = (Counts::default(), Vec::new());
        for (name, (_, thread)) in std::mem::take(&mut self.priests) {
            match thread.join() {
                Ok(counts) => total.add(counts),
                Err(_) => dead.push(name),
            }
        }
        let last_news: Vec<News> = self.news.try_iter().collect();
        for news in last_news.iter().map(Some).chain([None]) {
            self.write_down(news);
        }
        (total, last_news, if dead.is_empty() { Ok(()) } else { Err(dead) })
    }
}

impl Convening {
    /// A watch over messagebooks. If the system gives none, reports that they are polled.
    fn watch(&self, ear: &Sender<News>) -> Option<Arc<Watch>> {
        let refused = match Watch::new() {
            Ok(watch) => return Some(Arc::new(watch)),
            Err(refused) => refused,
        };
        for &of in self.priests.iter().take(1) {
            let what = Tiding::Noticed(unwatched(&refused));
            // The channel's receiver is still held by the caller.
            let _ = ear.send(News { at: Minutes::ZERO, of, what });
        }
        None
    }

    /// A scribe who has written down the ledgers of the priests who do not come in.
    fn scribe(&self) -> Result<Option<Scribe<Box<dyn Write + Send>>>, GodError> {
        let Some(Paper { name, lay_out }) = &self.trace else { return Ok(None) };
        let failed = |source| GodError::Trace { file: name.clone(), source };
        let read = |error: ChamberError| GodError::Ledger(Box::new(error).into());
        let founding = self.chamber.founding().map_err(read)?;
        let path = self.chamber.ledgers();
        let founding = founding.ok_or(GodError::Ledger(LedgerError::NotFounded { path }))?;
        let legislators = self.chamber.legislators(&founding).map_err(read)?;
        let out = lay_out().map_err(|error| failed(TraceError::Unwritable(error)))?;
        let mut scribe = Scribe::new(out, &founding).map_err(failed)?;
        for of in legislators.into_iter().filter(|name| !self.priests.contains(name)) {
            let rows = read_ledger(&self.chamber.ledger(of)).into_iter().flatten();
            for row in rows.flatten().flatten() {
                let news = News { at: Minutes::ZERO, of, what: Tiding::Inked(row.entry) };
                scribe.hear(&news).map_err(failed)?;
            }
        }
        Ok(Some(scribe))
    }
}

/// The bell at one priest's door: who rings it, and who hears it.
struct Bell {
    name: Name,
    rings: Sender<Knock>,
    knocks: Receiver<Knock>,
}

impl Bell {
    fn of(name: Name) -> Bell {
        let (rings, knocks) = mpsc::channel();
        Bell { name, rings, knocks }
    }
}

/// A function that wakes a priest of this process, for a sitting without a watch.
fn knocker_at(doors: &BTreeMap<Name, Door<Knock>>) -> Arc<Knocker> {
    let doors = doors.clone();
    Arc::new(move |to: Name| {
        if let Some(door) = doors.get(&to) {
            door.knock(Knock::Letters);
        }
    })
}

/// Reads all ledgers and the other records, and opens the ledgers only if the records do not prove
/// that one is older than its priest.
fn embody_all<M: Mortal + Send + 'static>(
    chamber: &Chamber,
    clays: Vec<Clay<M>>,
) -> Result<Vec<Body<M>>, GodError> {
    let taken = all_at_once(clays, |clay| Ok((TakenDown::by(chamber, clay.name)?, clay)))?;
    let held = taken.iter().map(|(ledger, _)| ledger.held());
    let evidence = chamber.evidence(held, Reach::ENTERING);
    let kept_out = taken.iter().filter_map(|(ledger, _)| ledger.kept_out(&evidence));
    let mut kept_out: Vec<_> = kept_out.map(|older| *older).collect();
    match kept_out.len() {
        0 => {}
        1 => return Err(LedgerError::Older(kept_out.remove(0).into()).into()),
        _ => return Err(GodError::Older(AllOlder::of(chamber, kept_out, taken.len()).into())),
    }
    all_at_once(taken, |(ledger, clay)| Body::embody(clay, ledger, &evidence))
}

/// Runs `act` on each item in a thread of its own: reading and drying ledgers takes time.
fn all_at_once<T: Send, U: Send>(
    all: Vec<T>,
    act: impl Fn(T) -> Result<U, LedgerError> + Sync,
) -> Result<Vec<U>, GodError> {
    let act = &act;
    std::thread::scope(|scope| {
        let mut hands = Vec::new();
        for one in all {
            let hand = std::thread::Builder::new().spawn_scoped(scope, move || act(one));
            hands.push(hand.map_err(GodError::Thread)?);
        }
        let done = hands.into_iter().map(|hand| match hand.join() {
            Ok(done) => Ok(done?),
            Err(fault) => std::panic::resume_unwind(fault),
        });
        done.collect()
    })
}
