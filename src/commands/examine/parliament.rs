//! The cases of a novice in the Parliament: manners, sittings with one trouble each, storms.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::candidate::Candidate;
use super::cases::{Case, Ended, manners};
use super::judged::Record;
use crate::commands::Failure;
use crate::examine::{Level, Novice, Ran, SatFault, play_passages, sit_in_parliament, troubles};
use crate::kept::Run;
use crate::simulator::Nemeses;
use crate::words::Name;
use crate::words::members::PAPERS_ALPHA;
use crate::words::shown::{counted, grouped};

/// The cases that there are.
pub(super) const CASES: [Case; 3] = [Case::Manners, Case::Scenes, Case::Storm];
/// How many sittings each trouble has.
const SITTINGS: u64 = 4;

/// Examines him in one case.
///
/// # Errors
/// None: that he cannot be started is told as misconduct.
pub(super) fn examine(
    case: Case,
    candidate: &Arc<Candidate>,
    (seed, seeds): (u64, u64),
    stop: &AtomicBool,
) -> Result<Ended, Failure> {
    let mut sum = Sum::default();
    let sits = match case {
        Case::Manners => {
            return Ok(manners(candidate, Level::Parliament { alpha: PAPERS_ALPHA }));
        }
        Case::Scenes => sum.play(candidate).or_else(|| {
            troubles().into_iter().find_map(|(trouble, nemeses)| {
                (seed..).take(SITTINGS as usize).find_map(|seed| {
                    sum.sit(candidate, seed, (nemeses, &format!("scene: {trouble}")), stop)
                })
            })
        }),
        _ => {
            let many = usize::try_from(seeds).unwrap_or(usize::MAX);
            (seed..)
                .take(many)
                .find_map(|seed| sum.sit(candidate, seed, (Nemeses::ALL, "the storm"), stop))
        }
    };
    Ok(sits.unwrap_or_else(|| sum.ended()))
}

/// How the sittings went so far.
#[derive(Default)]
struct Sum {
    sat: u64,
    passed: u64,
    /// How many outcomes stand in his ledgers, and how many could.
    held: (u64, u64),
    /// The passages that were played, in words.
    played: String,
}

impl Sum {
    /// The passages, one rule each; how the case ends, if it ends with one.
    fn play(&mut self, candidate: &Arc<Candidate>) -> Option<Ended> {
        let novice: Arc<dyn Novice + Send> = candidate.clone();
        let played = play_passages(&novice);
        if let Some(misconduct) = candidate.misconduct() {
            return Some(Ended::Misconduct(Box::new(misconduct)));
        }
        match played {
            Ok(many) => {
                self.played = format!("{}; ", counted(many, "passage"));
                None
            }
            Err((title, fault)) => {
                Some(Ended::Judged(Box::new(record(*fault, &format!("scene: {title}")))))
            }
        }
    }

    /// One sitting; how the case ends, if it ends with it.
    fn sit(
        &mut self,
        candidate: &Arc<Candidate>,
        seed: u64,
        (nemeses, part): (Nemeses, &str),
        stop: &AtomicBool,
    ) -> Option<Ended> {
        let novice: Arc<dyn Novice + Send> = candidate.clone();
        let sat = sit_in_parliament(&novice, seed, nemeses)?;
        if let Some(misconduct) = candidate.misconduct() {
            return Some(Ended::Misconduct(Box::new(misconduct)));
        }
        if stop.load(Ordering::Relaxed) {
            let told = counted(self.sat, "sitting");
            return Some(Ended::Stopped(format!("{told}, and no rule was broken in them")));
        }
        self.sat += 1;
        self.passed += sat.passed;
        self.held = (self.held.0 + sat.held.0, self.held.1 + sat.held.1);
        let fault = sat.fault?;
        Some(Ended::Judged(Box::new(record(fault, &format!("{part}, seed {seed}")))))
    }

    /// Without a fault. One who never inks what has passed breaks no rule, and earns nothing.
    fn ended(self) -> Ended {
        let Sum { sat, passed, held: (held, of), played } = self;
        let told = format!(
            "{played}{}; {} passed in them; his ledgers hold {} of {} outcomes",
            counted(sat, "sitting"),
            counted(passed, "decree"),
            grouped(held),
            grouped(of)
        );
        if held == 0 && of > 0 { Ended::Sound(told, (0, 1)) } else { Ended::Passed(told) }
    }
}

fn record(fault: SatFault, part: &str) -> Record {
    let SatFault { rule, rows, why, at, novices, last, ran } = fault;
    let names: Vec<&str> = novices.iter().map(Name::as_str).collect();
    let yours = if names.len() > 1 { "yours are" } else { "yours is" };
    let at = at.map(|at| format!(", minute {at}")).unwrap_or_default();
    let Ran { founding, given, events, records } = ran;
    let run = Run::told((*founding).clone(), given, events);
    Record {
        broken: rule.clone(),
        rule,
        rows,
        why,
        part: format!("{part}{at}; {yours} {}", names.join(", ")),
        asked: last.map(|(question, answer)| [question, answer]),
        chamber: None,
        run: Some(match records {
            Some(records) => run.with_records(records.ledgers, records.messagebooks),
            None => run,
        }),
    }
}
