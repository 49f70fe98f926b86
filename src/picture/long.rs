//! Telling a run, or a window of a long one: the rest is taken down, and told at a glance.

use std::path::Path;

use super::judged::Judged;
use super::laid;
use super::model::{Chronicle, Untellable};
use super::overview::Overview;
use super::record::{self, Read, Record};
use super::scene::Scene;
use super::tally::{Tally, Window};
use super::teller::{Teller, Told};
use crate::trace::{Happening, TraceError};
use crate::words::shown::counted;
use crate::words::{Founding, Name};

/// The longest run that is told whole unless a window is asked for, in steps.
pub const LONGEST: u64 = 3_000;
/// How many steps a window has, unless another is asked for.
pub const WINDOW: u64 = 2_000;
/// How many steps before the first accused deed the window begins.
const LEAD: u64 = 500;
/// How many names a title holds.
const NAMED: usize = 5;
/// How often letters of old are forgotten, in events.
const FORGET: u64 = 20_000;

/// Which steps of a run are told: those asked for, or all of a short run, or of a long one those
/// around the first accused deed, or its first ones. `of` is the number of its last step.
///
/// # Errors
/// As the reading of the run.
pub fn choose<E>(
    asked: (Option<u64>, Option<u64>),
    of: u64,
    judged: &Judged,
    read: &mut Read<'_, E>,
) -> Result<Option<Window>, E> {
    let mut accused = None;
    if asked == (None, None) && of > LONGEST && judged.count() > 0 {
        read(&mut |record| {
            if accused.is_none() && judged.accuses(record) {
                accused = Some(record.event.seq);
            }
        })?;
    }
    let (from, to) = match asked {
        (None, None) if of <= LONGEST => return Ok(None),
        (None, None) => {
            let from = accused.map_or(1, |at| at.saturating_sub(LEAD).max(1));
            (from, from + WINDOW - 1)
        }
        (Some(from), None) => (from, from.saturating_add(WINDOW - 1)),
        (None, Some(to)) => (to.saturating_sub(WINDOW - 1), to),
        (Some(from), Some(to)) => (from, to),
    };
    Ok(Some(Window { from: from.max(1), to: to.min(of), of }))
}

/// Tells a run: the steps of the window, if one is given, and the rest at a glance. A window that
/// counts no steps is the whole run.
///
/// # Errors
/// As the reading of the run.
pub fn tell<E>(
    source: &str,
    judged: Judged,
    window: Option<Window>,
    read: &mut Read<'_, E>,
) -> Result<Result<Chronicle, Untellable>, E> {
    let window = window.filter(|window| window.of > 0);
    let mut telling: Option<Telling> = None;
    let mut is_first = true;
    read(&mut |record| {
        if std::mem::take(&mut is_first) {
            telling = match &record.event.happening {
                Happening::Founded(founding) => Some(Telling::of(founding.clone(), window)),
                _ => None,
            };
        }
        if let Some(telling) = &mut telling {
            telling.hear(record, &judged);
        }
    })?;
    Ok(telling.map(|telling| telling.end(source, judged)).ok_or(Untellable::NotFounded))
}

/// Why a trace, or the part of it that was asked for, is not told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Untold {
    /// It cannot be read.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// It is no run.
    #[error(transparent)]
    Untellable(#[from] Untellable),
    /// It has fewer steps.
    #[error(transparent)]
    Beyond(#[from] Beyond),
}

/// A run has fewer steps than the window that was asked for begins with.
#[derive(Debug, thiserror::Error)]
#[error("{source_name} has {}: none from {from} on; give a smaller --from", counted(*.of, "step"))]
pub struct Beyond {
    source_name: String,
    of: u64,
    from: u64,
}

/// The first and the last step asked for.
pub type Asked = (Option<u64>, Option<u64>);

/// Tells a trace that lies in memory, or a window of it, and lays it before the auditor.
///
/// # Errors
/// [`Untold`].
pub fn of_trace(
    trace: &[u8],
    name: &Path,
    source: &str,
    asked: Asked,
) -> Result<Chronicle, Untold> {
    let mut read = record::read_again(trace, name);
    let (judgment, of) = laid::judge_run(&mut read)?;
    of_run(source, Judged::of(&judgment), asked, of, &mut read)
}

/// Tells a run that was judged, or a window of it; `of` is the number of its last step.
///
/// # Errors
/// If it has fewer steps, or does not begin with the founding; or as the reading of the run.
pub fn of_run<R, E>(
    source: &str,
    judged: Judged,
    asked: Asked,
    of: u64,
    read: &mut Read<'_, R>,
) -> Result<Chronicle, E>
where
    E: From<R> + From<Untellable> + From<Beyond>,
{
    let window = choose(asked, of, &judged, read)?;
    if let Some(Window { from, of, .. }) = window
        && from > of
    {
        return Err(Beyond { source_name: source.into(), of, from }.into());
    }
    Ok(tell(source, judged, window, read)??)
}

impl Chronicle {
    /// Tells a trace, and lays it before the auditor.
    ///
    /// # Errors
    /// As [`Chronicle::of`].
    pub fn of_trace(source: &str, records: Vec<Record>) -> Result<Chronicle, Untellable> {
        let judged = Judged::of(&laid::judge(&records));
        Chronicle::of(source, records, judged)
    }

    /// Tells a run from its records, in causal order, as the auditor judged them.
    ///
    /// # Errors
    /// [`Untellable`] when the records do not begin with the founding.
    pub fn of(source: &str, records: Vec<Record>, judged: Judged) -> Result<Chronicle, Untellable> {
        let whole = Some(Window { from: 1, to: u64::MAX, of: 0 });
        let told = tell(source, judged, whole, &mut |tell| {
            records.iter().for_each(tell);
            Ok::<(), std::convert::Infallible>(())
        });
        match told {
            Ok(told) => told,
            Err(never) => match never {},
        }
    }
}

struct Telling {
    teller: Teller,
    window: Option<Window>,
    before: Scene,
    events: Vec<Told>,
    overview: Option<Overview>,
    tally: Tally,
}

impl Telling {
    fn of(founding: Founding, window: Option<Window>) -> Telling {
        let teller = Teller::new(founding);
        let before = teller.scene().clone();
        let overview = window.map(|_| Overview::empty());
        Telling { teller, window, before, events: Vec::new(), overview, tally: Tally::default() }
    }

    fn hear(&mut self, record: &Record, judged: &Judged) {
        let seq = record.event.seq;
        if let Some(overview) = &mut self.overview {
            overview.take_down(record, judged);
        }
        let Window { from, to, .. } =
            self.window.unwrap_or(Window { from: 0, to: u64::MAX, of: 0 });
        if seq == from && from > 1 {
            self.teller.begin_window();
            self.before = self.teller.scene().clone();
        }
        let is_stray = if seq < from {
            if seq.is_multiple_of(FORGET) {
                self.teller.forget_letters();
            }
            self.teller.pass_over(record)
        } else if seq <= to {
            let told = self.teller.tell(record.clone(), Some(judged));
            let is_stray = self.teller.is_stray(&told);
            self.events.push(told);
            is_stray
        } else {
            false
        };
        self.tally.take_down(record, is_stray);
    }

    fn end(self, source: &str, judged: Judged) -> Chronicle {
        let Telling { teller, window, before, events, overview, tally } = self;
        let founding = teller.founding().clone();
        let priests: Vec<Name> = teller.scene().desks.keys().copied().collect();
        let title = title(&priests, tally.is_parliament);
        let (source, replay) = (source.into(), None);
        Chronicle {
            title,
            source,
            window,
            overview,
            before,
            tally,
            replay,
            founding,
            priests,
            events,
            flights: teller.into_flights(),
            judged,
        }
    }
}

/// The founders, and the kind: one decree is the Synod's, more are a Parliament's.
fn title(priests: &[Name], is_parliament: bool) -> String {
    let house = if is_parliament { "Parliament" } else { "Synod" };
    let who = match priests {
        [names @ .., last] if !names.is_empty() && priests.len() <= NAMED => {
            let names: Vec<&str> = names.iter().map(Name::as_str).collect();
            format!("{} and {last}", names.join(", "))
        }
        [one] => one.to_string(),
        many => format!("{} priests", many.len()),
    };
    format!("The {house} of {who}")
}
