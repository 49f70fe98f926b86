//! Sittings of the Parliament in which novices sit: one trouble each, or all of them. `[PTP §3]`

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::bench::Benches;
use super::hall::Novice;
use super::laid::{Ran, rows};
use crate::audit::{Finding, Rule};
use crate::invariants::{Breach, Invariant};
use crate::simulator::{Fault, Nemeses, Nemesis, Plan, Roads, simulate_telling};
use crate::trace::Happening;
use crate::words::members::PAPERS_ALPHA;
use crate::words::{Entry, Founding, Minutes, Name};

/// The legislators of a sitting.
const NAMES: [&str; 3] = ["Dwork", "Fischer", "Gray"];
/// How many decrees citizens ask for.
const DECREES: u64 = 8;

/// The rules of rows that are dry before a letter leaves, so that none of them was lost: where one is
/// broken, it is the cause of what the gods see later.
const CAUSES: [Rule; 5] = [
    Rule::LastTriedRises,
    Rule::NextBalRises,
    Rule::PromiseKept,
    Rule::VoteWithPromise,
    Rule::OneVote,
];

/// A sitting, and what it came to.
pub struct Sat {
    /// How many decrees passed.
    pub passed: u64,
    /// How many of them stand in ledgers of novices, each ledger counted, and how many could.
    pub held: (u64, u64),
    /// The fault, if a rule was broken.
    pub fault: Option<SatFault>,
}

/// A broken rule in a sitting.
pub struct SatFault {
    /// The rule, and its section if it has one.
    pub rule: String,
    /// The rows on which it rests, if the auditor found it in the records of a passage.
    pub rows: Vec<String>,
    /// The reason.
    pub why: String,
    /// The hour in a sitting, in minutes.
    pub at: Option<Minutes>,
    /// Where novices sit.
    pub novices: Vec<Name>,
    /// The last question at which a novice did something, and the answer.
    pub last: Option<(String, String)>,
    /// All that happened until then.
    pub ran: Ran,
}

/// The troubles of the scenes, each alone: first none.
#[must_use]
pub fn troubles() -> Vec<(String, Nemeses)> {
    let calm = [("nothing goes wrong".to_owned(), Nemeses::NONE)];
    let one = |nemesis: Nemesis| (nemesis.to_string(), Nemeses::of([nemesis]));
    calm.into_iter().chain(Nemesis::ALL.into_iter().map(one)).collect()
}

/// One sitting of a seed: in every other one all three are novices; in the others Gray alone, or
/// Fischer.
#[must_use]
pub fn sit_in_parliament(
    novice: &Arc<dyn Novice + Send>,
    seed: u64,
    nemeses: Nemeses,
) -> Option<Sat> {
    let names: Vec<Name> = NAMES.iter().filter_map(|name| name.parse().ok()).collect();
    let founding = Founding::new(names.iter().map(|&name| (name, 1)), PAPERS_ALPHA).ok()?;
    let founding = Arc::new(founding);
    let seats: BTreeSet<Name> = match seed % 4 {
        1 | 3 => names.iter().copied().collect(),
        0 => names.iter().copied().skip(2).collect(),
        _ => names.iter().copied().skip(1).take(1).collect(),
    };
    let (last, novice) = (Arc::new(Mutex::new(None)), Arc::clone(novice));
    let cast = Benches { novice, seats, last: Arc::clone(&last) };
    let plan = Plan {
        seed,
        founding: Arc::clone(&founding),
        decrees: DECREES,
        law: None,
        roads: Roads::default(),
        absent: BTreeSet::new(),
        nemeses,
        cast: &cast,
        watch: Invariant::OF_SYNOD.to_vec(),
    };
    let mut events = Vec::new();
    let run = simulate_telling(&plan, &mut |at, happening| {
        if !matches!(happening, Happening::Founded(_)) {
            events.push((at, happening));
        }
    });
    let (tally, records) = (run.tally, run.records);
    let outcomes = events.iter().filter_map(|(_, it)| match it {
        Happening::Ink { priest, entry: Entry::Outcome { number, .. } } => Some((*priest, *number)),
        _ => None,
    });
    let held: BTreeSet<_> = outcomes.filter(|(who, _)| cast.seats.contains(who)).collect();
    let held = (held.len() as u64, tally.passed * cast.seats.len() as u64);
    let last = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let fault = tally.first.map(|failure| {
        let (rule, mut why) = told(&failure.fault);
        let novices = cast.seats.iter().copied().collect();
        let (given, at) = (Vec::new(), Some(failure.at));
        let ran = Ran { founding, given, events, records };
        let rows = match &failure.fault {
            // The same finding from the events, which may tell of rows that were lost.
            Fault::Audited { rule, why } => {
                let is_it = |it: &Finding| it.rule.as_str() == rule && it.why == *why;
                ran.faults().iter().find(|it| is_it(it)).map(rows).unwrap_or_default()
            }
            _ => match ran.faults().iter().find(|it| CAUSES.contains(&it.rule)) {
                Some(cause) => {
                    let (of, section) = (cause.rule, section(cause.rule));
                    why += &format!(". In the records, {of}{section}: {}", cause.why);
                    rows(cause)
                }
                None => Vec::new(),
            },
        };
        SatFault { rule, rows, why, at, novices, last, ran }
    });
    Some(Sat { passed: tally.passed, held, fault })
}

/// The section of a rule, in brackets.
fn section(rule: Rule) -> String {
    rule.section().map(|it| format!(" ({it})")).unwrap_or_default()
}

/// The rule that a fault breaks, and the reason.
fn told(fault: &Fault) -> (String, String) {
    match fault {
        Fault::Broken(Breach { rule, why }) => {
            (format!("{rule} (§{})", rule.section()), why.clone())
        }
        Fault::Audited { rule, why } => {
            let known = Rule::ALL.into_iter().find(|it| it.as_str() == rule);
            (format!("{rule}{}", known.map(section).unwrap_or_default()), why.clone())
        }
        Fault::OutOfOrder { .. } => ("the order of decrees (§3.2.1)".into(), fault.to_string()),
        other => ("a promise of the Chamber".into(), other.to_string()),
    }
}
