//! A program that works on the files of a chamber itself: two priests of the house sit with it, and
//! the records are audited whenever they have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::cases::Ended;
use super::judged::{Record, first_fault};
use super::process::{Beside, started};
use super::room::{Room, Snapshot};
use super::sit::{DECREES, Did, founding};
use crate::audit::{Finding, Judgment, Rule, Severity};
use crate::chamber::Chamber;
use crate::chamber::messenger::Roads;
use crate::chance::Chance;
use crate::commands::Failure;
use crate::examine::Trouble;
use crate::god::news::Curiosity;
use crate::god::synod::{Plan, hold};
use crate::god::{Convening, found};
use crate::words::shown::counted;
use crate::words::time::PRESENCE;
use crate::words::{Decree, Founding, Minutes, Name};

/// How long a minute lasts.
const MINUTE: Duration = Duration::from_millis(20);
/// When a sitting ends, even if somebody lacks the decree.
const WITHIN: Minutes = Minutes::whole(600);
/// When a duel ends, which may never end by itself.
const DUEL: Minutes = Minutes::whole(200);
/// How long it is between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_micros(200);
/// How long his program runs at most, in milliseconds, after it has inked a row: then it is ended and
/// started again. One that has inked nothing may still be starting.
const LIFE: u64 = 600;
/// How long his program may go on after a sitting.
const AFTERWARDS: Duration = Duration::from_millis(300);
/// The rules that his letters keep or break by what his ledger holds. In a look that was taken while
/// others wrote only these are judged: letters are looked at first, so a row is there if it came first.
const OF_LETTERS: [Rule; 6] = [
    Rule::NextBallotTried,
    Rule::LastVoteTrue,
    Rule::BeginBallotBegun,
    Rule::VotedInked,
    Rule::NoteQuoted,
    Rule::CompleteThrough,
];

/// A program that keeps a ledger in a chamber.
pub(super) struct Watched<'a> {
    /// The chamber.
    pub(super) root: &'a Path,
    /// The priest whose ledger it keeps.
    pub(super) name: Name,
    /// The command that starts it; empty if somebody else does.
    pub(super) words: Vec<String>,
    /// Whether the others sit elsewhere.
    pub(super) elsewhere: bool,
}

/// The findings of the watch so far.
#[derive(Default)]
struct Seen {
    fault: Option<Record>,
    audits: u64,
}

impl Watched<'_> {
    /// Holds sittings in which he is needed, and audits all the while.
    ///
    /// # Errors
    /// When the chamber cannot be opened, or his program cannot be started.
    pub(super) fn watch(&self, seed: u64, stop: &AtomicBool) -> Result<Ended, Failure> {
        let chamber = Chamber::at(self.root);
        let founding = match chamber.founding()? {
            Some(founding) => founding,
            None => founding(self.name)?,
        };
        if !founding.membership.has(self.name) {
            return Err(format!("{} does not sit here: {founding}", self.name).into());
        }
        found(&chamber, &founding, None)?;
        let is_over = AtomicBool::new(false);
        let (noted, looks) = channel();
        let (held, seen) = std::thread::scope(|scope| {
            let (chamber, is_over) = (&chamber, &is_over);
            let judging = scope.spawn(move || self.judge(chamber, looks, stop));
            let looking = scope.spawn(move || {
                let looked = self.look(chamber, &noted, is_over);
                looked.map_err(|error| error.to_string())
            });
            let held = if self.elsewhere {
                self.wait(stop)
            } else {
                self.hold_all(chamber, &founding, seed, stop)
            };
            is_over.store(true, Ordering::Relaxed);
            let died = || Err("the watch has died of a fault in this program".to_owned());
            let looked = looking.join().unwrap_or_else(|_| died());
            let seen = judging.join().unwrap_or_else(|_| Err("the judge has died".to_owned()));
            (held.and_then(|it| Ok(looked.map(|()| it)?)), seen)
        });
        let Seen { fault, audits } = seen?;
        if let Some(fault) = fault {
            return Ok(Ended::Judged(Box::new(fault)));
        }
        let passed = held?;
        let last = chamber.audit()?;
        if let Some(finding) = first_fault(&last, &chamber, self.name) {
            return Ok(Ended::Judged(Box::new(self.record(finding, &chamber))));
        }
        let told = self.told(&chamber, &last, passed, audits + 1);
        Ok(if stop.load(Ordering::Relaxed) && !self.elsewhere {
            Ended::Stopped(told)
        } else {
            Ended::Passed(told)
        })
    }

    fn record(&self, finding: &Finding, chamber: &Chamber) -> Record {
        let part = format!("{} keeps his ledger himself", self.name);
        Record::of(finding, chamber.root(), part, Some(chamber.root().to_path_buf()))
    }

    /// Waits until somebody stops it.
    fn wait(&self, stop: &AtomicBool) -> Result<u64, Failure> {
        let _beside = self.start()?;
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(BETWEEN_LOOKS);
        }
        Ok(0)
    }

    fn start(&self) -> Result<Option<Beside>, Failure> {
        if self.words.is_empty() {
            return Ok(None);
        }
        let beside = started(&self.words).map_err(|trouble: Trouble| trouble.to_string())?;
        Ok(Some(beside))
    }

    /// First two presidents duel; then in each sitting somebody else is missing, so that nothing
    /// passes without him. In how many a decree passed.
    fn hold_all(
        &self,
        chamber: &Chamber,
        founding: &Founding,
        seed: u64,
        stop: &AtomicBool,
    ) -> Result<u64, Failure> {
        let others: Vec<Name> =
            founding.membership.names().filter(|&name| name != self.name).collect();
        let missing = std::iter::once(None).chain(others.iter().map(Some));
        let mut passed = 0;
        for (nth, missing) in missing.enumerate() {
            let present = others.iter().filter(|&name| Some(name) != missing);
            let mut chance = Chance::new(seed, nth as u64);
            let decree = Decree::new(DECREES[nth % DECREES.len()])?;
            let plan = plan(chamber, founding, present.copied().collect(), decree, &mut chance);
            // Nothing is started while ledgers are opened: it would hold their locks for a moment.
            let beside = self.start()?;
            let is_over = AtomicBool::new(false);
            let held = std::thread::scope(|scope| {
                scope.spawn(|| self.restart(chamber, beside, &mut chance, (&is_over, stop)));
                let held = hold(&plan, stop, |_| ());
                if !stop.load(Ordering::Relaxed) {
                    std::thread::sleep(AFTERWARDS);
                }
                is_over.store(true, Ordering::Relaxed);
                held
            });
            passed += u64::from(held?.decree.is_some());
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(passed)
    }

    /// Ends his program now and then, and starts it again.
    fn restart(
        &self,
        chamber: &Chamber,
        mut beside: Option<Beside>,
        chance: &mut Chance,
        (is_over, stop): (&AtomicBool, &AtomicBool),
    ) {
        let is_over = || is_over.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed);
        let his_ledger = || {
            Snapshot::of(chamber, self.name).ok().and_then(|it| it.of_ledger(chamber, self.name))
        };
        while !is_over() {
            let then = his_ledger();
            while !is_over() && his_ledger() == then {
                std::thread::sleep(BETWEEN_LOOKS * 10);
            }
            let until = Instant::now() + Duration::from_millis(chance.below(LIFE));
            while !is_over() && Instant::now() < until {
                std::thread::sleep(BETWEEN_LOOKS * 10);
            }
            if !is_over() && beside.is_some() {
                beside = None;
                // One that cannot be started any more is seen by its silence.
                beside = self.start().ok().flatten().or(beside);
            }
        }
        drop(beside);
    }

    /// Notes how long the records are, as often as they change, until the sittings are over.
    fn look(
        &self,
        chamber: &Chamber,
        looks: &Sender<Snapshot>,
        is_over: &AtomicBool,
    ) -> Result<(), Failure> {
        let mut before = Snapshot::default();
        while !is_over.load(Ordering::Relaxed) {
            let look = Snapshot::of(chamber, self.name)?;
            if !look.is_like(&before) && looks.send(look.clone()).is_err() {
                break;
            }
            before = look;
            std::thread::sleep(BETWEEN_LOOKS);
        }
        Ok(())
    }

    /// Audits the records as they were at each look, until a rule is broken.
    fn judge(
        &self,
        chamber: &Chamber,
        looks: Receiver<Snapshot>,
        stop: &AtomicBool,
    ) -> Result<Seen, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let room = Room::new(None).map_err(|error| text(&error))?;
        let mut seen = Seen::default();
        for look in looks {
            look.lay_down(&room.path).map_err(|error| text(&error))?;
            let copies = Chamber::at(&room.path);
            let judgment = copies.audit().map_err(|error| text(&error))?;
            let fault = if look.is_still {
                first_fault(&judgment, &copies, self.name)
            } else {
                self.letter_before_ink(&judgment)
            };
            seen.audits += 1;
            if let Some(finding) = fault {
                let mut record = self.record(finding, chamber);
                record.name_files_below(&room.path);
                seen.fault = Some(record);
                stop.store(true, Ordering::Relaxed);
                break;
            }
        }
        Ok(seen)
    }

    /// A letter of his whose row is not in his ledger, in a look that was taken while others wrote.
    fn letter_before_ink<'j>(&self, judgment: &'j Judgment) -> Option<&'j Finding> {
        let his = format!("{},", self.name);
        judgment.findings().iter().find(|finding| {
            finding.severity == Severity::Broken
                && OF_LETTERS.contains(&finding.rule)
                && finding.exhibits.first().is_some_and(|row| row.row.starts_with(&his))
        })
    }

    fn told(&self, chamber: &Chamber, last: &Judgment, passed: u64, audits: u64) -> String {
        let mut did = Did::default();
        did.count(chamber, self.name);
        let mut told = format!("{}; his ledger: {did}", counted(audits, "audit"));
        if !self.elsewhere {
            told += &format!("; a decree passed in {}", counted(passed, "sitting"));
        }
        let mut said: BTreeMap<Rule, (u64, String)> = BTreeMap::new();
        let unread = [Rule::UnreadableRow, Rule::Impostor];
        for finding in last.findings().iter().filter(|it| unread.contains(&it.rule)) {
            let place = finding.exhibits.first().map(|row| {
                let file = row.place.file.strip_prefix(chamber.root()).unwrap_or(&row.place.file);
                format!("{}:{}", file.display(), row.place.line)
            });
            let first = format!("{}: {}", place.unwrap_or_default(), finding.why);
            said.entry(finding.rule).or_insert((0, first)).0 += 1;
        }
        for (many, first) in said.values() {
            let rows = counted(*many, "row");
            told += &format!("; {rows} that nobody could heed, the first at {first}");
        }
        told
    }
}

fn plan(
    chamber: &Chamber,
    founding: &Founding,
    priests: Vec<Name>,
    decree: Decree,
    chance: &mut Chance,
) -> Plan {
    let is_duel = priests.len() > 1;
    let presidents = priests.iter().copied().collect::<BTreeSet<Name>>();
    let longest = Minutes::whole(if is_duel { 9 } else { 2 });
    let roads = Roads { lose: 0.0, repeat: 0.3, delay_minutes: (Minutes::ZERO, longest) };
    let seed = chance.below(u64::MAX);
    let convening = Convening {
        chamber: chamber.clone(),
        priests,
        roads,
        seed,
        minute: MINUTE,
        poll: false,
        curiosity: Curiosity::Acts,
        trace: None,
    };
    Plan {
        convening,
        founding: founding.clone(),
        decree,
        wishes: BTreeMap::new(),
        rivals_insist: is_duel,
        is_patient: false,
        presidents,
        absences: Vec::new(),
        patience: PRESENCE,
        within: if is_duel { DUEL } else { WITHIN },
    }
}
