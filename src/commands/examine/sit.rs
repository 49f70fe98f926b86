//! He sits: a real chamber, real files, two priests of the house in threads of their own. `[PTP §2.4]`
//!
//! The examiner inks his rows through his ledger and carries his letters once they are dry. He is
//! driven out and called back at moments drawn from the seed, and the auditor judges the records.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::candidate::Candidate;
use super::cases::Ended;
use super::judged::{Record, first_fault};
use super::room::Room;
use crate::chamber::messenger::Roads;
use crate::chamber::{Chamber, read_ledger};
use crate::chance::Chance;
use crate::commands::Failure;
use crate::examine::{Seat, Sitter};
use crate::god::news::{Curiosity, News, Tiding};
use crate::god::synod::{Absence, Plan, hold_with, raise};
use crate::god::{Convening, found};
use crate::words::shown::counted;
use crate::words::time::PRESENCE;
use crate::words::{Decree, Entry, Founding, Minutes, Name};

/// How many chambers there are.
const CHAMBERS: u64 = 4;
/// How long a minute lasts: long enough for a slow program's answer.
const MINUTE: Duration = Duration::from_millis(5);
/// When a sitting ends, even if somebody lacks the decree.
const WITHIN: Minutes = Minutes::whole(800);
/// How many more of his processes than he needs are ready.
const SPARE: usize = 3;
/// The decrees that are proposed: another in the second sitting, so that B3 binds it to the first.
pub(super) const DECREES: [&str; 3] =
    ["Lamps must use only olive oil", "Goats may graze", "Figs are free"];

/// How the sittings of one novice went.
#[derive(Default)]
struct Sum {
    passed: u64,
    left: u64,
    did: Did,
}

/// How much stands in a ledger.
#[derive(Default)]
pub(super) struct Did {
    promises: u64,
    votes: u64,
    begun: u64,
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (promises, votes) = (counted(self.promises, "promise"), counted(self.votes, "vote"));
        write!(f, "{promises}, {votes}, {} begun", counted(self.begun, "ballot"))
    }
}

/// He is one of three in several chambers, two sittings each.
///
/// # Errors
/// When a chamber cannot be founded, or somebody is kept out of it.
pub(super) fn sit(
    candidate: &Arc<Candidate>,
    he: Name,
    seed: u64,
    kept: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Ended, Failure> {
    let room = Room::new(kept)?;
    let mut sum = Sum::default();
    for nth in 1..=CHAMBERS {
        let chamber = Chamber::at(room.path.join(format!("chamber-{nth}")));
        let mut chance = Chance::new(seed, nth);
        for is_second in [false, true] {
            hold_one(candidate, he, &chamber, (&mut chance, is_second), &mut sum, stop)?;
            if let Some(misconduct) = candidate.misconduct() {
                return Ok(Ended::Misconduct(Box::new(misconduct)));
            }
            let judgment = chamber.audit()?;
            if let Some(finding) = first_fault(&judgment, &chamber, he) {
                let part = format!("chamber {nth} of {CHAMBERS}, drawn from seed {seed}");
                let files = kept.map(|_| chamber.root().to_path_buf());
                let record = Record::of(finding, chamber.root(), part, files);
                return Ok(Ended::Judged(Box::new(record)));
            }
            if stop.load(Ordering::Relaxed) {
                let told = counted(nth - 1, "chamber");
                return Ok(Ended::Stopped(format!("{told}, and no rule was broken in them")));
            }
        }
        sum.did.count(&chamber, he);
    }
    let Sum { passed, left, did } = sum;
    let kept = kept.map(|it| format!("; kept in {}", it.display())).unwrap_or_default();
    Ok(Ended::Passed(format!(
        "{} in {}, a decree passed in {passed}; he was ended and started again {}; his ledgers: \
         {did}{kept}",
        counted(2 * CHAMBERS, "sitting"),
        counted(CHAMBERS, "chamber"),
        if left == 1 { "once".into() } else { format!("{left} times") },
    )))
}

impl Did {
    /// Counts the notes in his ledger.
    pub(super) fn count(&mut self, chamber: &Chamber, he: Name) {
        for row in read_ledger(&chamber.ledger(he)).into_iter().flatten().flatten().flatten() {
            match row.entry {
                Entry::NextBal { .. } => self.promises += 1,
                Entry::PrevVote { .. } => self.votes += 1,
                Entry::BeginBallot { .. } => self.begun += 1,
                _ => {}
            }
        }
    }
}

/// One sitting: in the second he is appointed president, and wishes for another decree.
fn hold_one(
    candidate: &Arc<Candidate>,
    he: Name,
    chamber: &Chamber,
    (chance, is_second): (&mut Chance, bool),
    sum: &mut Sum,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let plan = plan(he, chamber, chance, is_second)?;
    found(chamber, &plan.founding, None)?;
    let (members, ours) = (Arc::new(plan.founding.membership.clone()), raise(&plan));
    let (decree, presidents) = (plan.decree.clone(), plan.presidents.clone());
    let his = plan.absences.iter().filter(|absence| absence.name == he);
    if let Err(misconduct) = candidate.prepare(his.count() + SPARE) {
        candidate.note(misconduct);
        return Ok(());
    }
    let (candidate, wishes) = (Arc::clone(candidate), plan.wishes.clone());
    let raise = move |name: Name, rows: &[Entry]| {
        if name != he {
            return Sitter::Ours(Box::new(ours(name, rows)));
        }
        let wish = wishes.get(&he).unwrap_or(&decree).clone();
        let appointed = presidents.contains(&he);
        Sitter::His(Box::new(Seat::new(candidate.clone(), he, &members, (rows, wish), appointed)))
    };
    let mut left = 0;
    let listen = |news: &News| {
        left += u64::from(news.of == he && matches!(news.what, Tiding::Left { why: None }));
    };
    let outcome = hold_with(&plan, Arc::new(raise), stop, listen)?;
    if let Some((name, why)) = outcome.driven_out.iter().next() {
        // The chamber is removed unless it is kept, so its files are named below it.
        let why = why.to_string().replace(&format!("{}/", chamber.root().display()), "");
        let told = format!("{name} was kept out of the chamber: {why}; --keep DIR keeps it");
        return Err(told.into());
    }
    sum.left += left;
    sum.passed += u64::from(outcome.decree.is_some());
    Ok(())
}

fn plan(
    he: Name,
    chamber: &Chamber,
    chance: &mut Chance,
    is_second: bool,
) -> Result<Plan, Failure> {
    let founding = founding(he)?;
    let names: Vec<Name> = founding.membership.names().collect();
    let decrees: Vec<Decree> =
        DECREES.iter().map(|text| Decree::new(text)).collect::<Result<_, _>>()?;
    let wishes = names.iter().copied().zip(decrees.iter().cloned()).collect();
    let mut absences = Vec::new();
    for &name in &names {
        let (mut at, many) = (0, if name == he { 2 + chance.below(4) } else { chance.below(2) });
        for _ in 0..many {
            let from = at + chance.below(20);
            at = from + 1 + chance.below(15);
            let (from, until) = (Minutes::whole(from), Minutes::whole(at));
            absences.push(Absence { name, from, until });
        }
    }
    let presidents = if is_second {
        BTreeSet::from([he])
    } else {
        names.into_iter().filter(|_| chance.below(2) == 0).collect()
    };
    let delay_minutes = (Minutes::ZERO, Minutes::whole(chance.below(4)));
    let convening = Convening {
        chamber: chamber.clone(),
        priests: founding.membership.names().collect(),
        roads: Roads { lose: 0.1, repeat: 0.1, delay_minutes },
        seed: chance.below(u64::MAX),
        minute: MINUTE,
        poll: false,
        curiosity: Curiosity::Acts,
        trace: None,
    };
    Ok(Plan {
        convening,
        founding,
        decree: decrees[0].clone(),
        wishes,
        rivals_insist: false,
        is_patient: false,
        presidents,
        absences,
        patience: PRESENCE,
        within: WITHIN,
    })
}

/// The three who sit, he among them.
pub(super) fn founding(he: Name) -> Result<Founding, Failure> {
    let others = ["Dwork", "Oki", "Fischer"].into_iter().filter(|name| *name != he.as_str());
    let members: Vec<&str> = others.take(2).chain([he.as_str()]).collect();
    Ok(members.join(" ").parse::<Founding>()?)
}
