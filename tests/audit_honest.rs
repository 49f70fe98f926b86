//! An honest Synod and an honest Parliament are never judged broken, however they are killed.
//! `[PTP §2.3, §3.1]`
//!
//! Priests of the real core are run in memory. Letters are lost, repeated and delayed; priests are
//! killed before and after ink, before and after it is dry, with power and without, lose what was
//! not dry, and return. At every turn the records are laid before the auditor.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::DateTime;
use parliament::audit::{Auditor, Judgment, Letters, Rule, Severity};
use parliament::chance::Chance;
use parliament::parliament::Legislator;
use parliament::records::record::{LedgerRow, MessageRow, Place, Seal};
use parliament::synod::{
    Decree, Deed, Entry, Founding, Initiator, Ledger, Letter, Message, Minutes, Mortal, Name,
    Presence, Priest,
};
use parliament::words::time::PRESENCE;

/// How a priest meets his end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// He is killed, and what he inked stays.
    Killed,
    /// The power fails, and what was not dry goes, or some of it.
    PowerLost,
}

/// A ledger in memory, in which ink dries only when it is told to.
#[derive(Default)]
struct Parchment {
    rows: Vec<Entry>,
    dry: usize,
    /// At which of the next steps the priest meets his end.
    end: Option<(u64, End)>,
    kept: usize,
    /// The ledgers that law books replaced, the oldest first.
    archive: Vec<Vec<Entry>>,
}

impl Parchment {
    fn step(&mut self) -> Result<(), End> {
        match &mut self.end {
            Some((0, end)) => Err(*end),
            Some((steps, _)) => {
                *steps -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The rows that are left when the ledger is opened again.
    fn reopen(&mut self, end: End, chance: &mut Chance) {
        if end == End::PowerLost {
            let wet = (self.rows.len() - self.dry) as u64;
            self.rows.truncate(self.dry + usize::try_from(chance.below(wet + 1)).unwrap());
        }
        self.dry = self.rows.len();
        self.end = None;
    }
}

impl Ledger for Parchment {
    type Error = End;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), End> {
        if let Err(end) = self.step() {
            // Some rows were on their way when he was stopped.
            let kept = self.kept % (rows.len() + 1);
            self.rows.extend_from_slice(&rows[..kept]);
            return Err(end);
        }
        self.rows.extend_from_slice(rows);
        Ok(())
    }
    fn dry(&mut self) -> Result<(), End> {
        self.step()?;
        self.dry = self.rows.len();
        Ok(())
    }
    fn bind(&mut self, rows: &[Entry]) -> Result<(), End> {
        self.step()?;
        self.archive.push(std::mem::replace(&mut self.rows, rows.to_vec()));
        self.dry = self.rows.len();
        Ok(())
    }
}

/// One of the real core's mortals.
trait Honest: Mortal + Sized {
    /// The foundings to choose from.
    const FOUNDINGS: [&str; 4];
    fn embody(name: Name, founding: &Founding, rows: &[Entry], appointed: bool) -> Self;
    /// Somebody asks for decree `n`.
    fn hear_citizen(&mut self, now: Minutes, n: u64) -> Deed;
}

impl Honest for Initiator {
    const FOUNDINGS: [&str; 4] = ["A B C", "A B C D E", "A:2 B C D", "A B C D"];

    fn embody(name: Name, founding: &Founding, rows: &[Entry], appointed: bool) -> Initiator {
        let members = Arc::new(founding.membership.clone());
        let mut presence = Presence::new(name, &members, PRESENCE);
        if appointed {
            presence.appoint();
        }
        let wish = Decree::new(&format!("{name}'s decree")).unwrap();
        Initiator::new(Priest::from_ledger(name, members, rows), presence, Some(wish))
    }

    fn hear_citizen(&mut self, _: Minutes, _: u64) -> Deed {
        Deed::nothing()
    }
}

impl Honest for Legislator {
    const FOUNDINGS: [&str; 4] =
        ["A B C alpha=20", "A B C D E alpha=2", "A:2 B C D", "A B C D alpha=100"];

    fn embody(name: Name, founding: &Founding, rows: &[Entry], hasty: bool) -> Legislator {
        let patience = Minutes::whole(if hasty { 12 } else { 33 });
        let founding = Arc::new(founding.clone());
        Legislator::from_ledger(name, founding, rows).with_patience(patience)
    }

    fn hear_citizen(&mut self, now: Minutes, n: u64) -> Deed {
        let id = format!("Dolf/{n}");
        let decree = Decree::new(&format!("decree {n}")).unwrap().petitioned(&id).unwrap();
        self.petition(now, decree)
    }
}

/// A legislator who writes law books, in a Parliament whose members change.
struct Bookkeeper(Legislator);

impl Honest for Bookkeeper {
    const FOUNDINGS: [&str; 4] =
        ["A B C alpha=20", "A B C alpha=4", "A:2 B C D alpha=6", "A B C D E alpha=12"];

    fn embody(name: Name, founding: &Founding, rows: &[Entry], hasty: bool) -> Bookkeeper {
        let legislator = Legislator::embody(name, founding, rows, hasty);
        Bookkeeper(legislator.with_law_book_every(if hasty { 3 } else { 6 }))
    }

    fn hear_citizen(&mut self, now: Minutes, n: u64) -> Deed {
        let text = match n % 12 {
            0 => "Strong is now a legislator".into(),
            1 => "Strong is no longer a legislator".into(),
            2 => format!("B is now a legislator with weight {}", 1 + n % 3),
            _ => format!("The toll is {n}"),
        };
        let decree = Decree::new(&text).unwrap().petitioned(&format!("Dolf/{now}/{n}")).unwrap();
        self.0.petition(now, decree)
    }
}

impl Mortal for Bookkeeper {
    fn name(&self) -> Name {
        self.0.name()
    }
    fn alarm(&self) -> Option<Minutes> {
        self.0.alarm()
    }
    fn leave(&mut self) {
        self.0.leave();
    }
    fn outcome(&self, number: u64) -> Option<&Decree> {
        self.0.outcome(number)
    }
    fn enter(&mut self, now: Minutes) -> Deed {
        self.0.enter(now)
    }
    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        self.0.receive(now, from, message)
    }
    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        self.0.look_at_hourglass(now)
    }
}

struct World<H> {
    founding: Founding,
    ledgers: BTreeMap<Name, Parchment>,
    priests: BTreeMap<Name, H>,
    books: Vec<(Name, Letter)>,
    in_transit: Vec<(Name, Letter)>,
    now: Minutes,
    chance: Chance,
    appointed: bool,
    /// With probability 1/n a deed is a priest's last.
    dies_once_in: u64,
    /// While letters are under way, time passes in one turn of this many.
    time_passes_once_in: u64,
}

impl<H: Honest> World<H> {
    fn new(seed: u64) -> World<H> {
        let mut chance = Chance::new(seed, 0);
        let founding = H::FOUNDINGS[chance.below(4) as usize];
        let founding: Founding = founding.parse().unwrap();
        let decree = Decree::new(&founding.to_string()).unwrap();
        let rows = vec![Entry::Outcome { number: 0, decree, ballot: None }];
        let ledger = || Parchment { rows: rows.clone(), dry: 1, ..Parchment::default() };
        let ledgers = founding.membership.names().map(|name| (name, ledger())).collect();
        let appointed = chance.below(2) == 0;
        let mut world = World {
            founding,
            ledgers,
            priests: BTreeMap::new(),
            books: Vec::new(),
            in_transit: Vec::new(),
            now: Minutes::ZERO,
            chance,
            appointed,
            dies_once_in: 8,
            time_passes_once_in: 6,
        };
        let names: Vec<Name> = world.ledgers.keys().copied().collect();
        for name in names {
            world.enter(name);
        }
        world
    }

    fn enter(&mut self, name: Name) {
        let rows = &self.ledgers[&name].rows;
        self.priests.insert(name, H::embody(name, &self.founding, rows, self.appointed));
        self.act(name, |priest, now| priest.enter(now));
    }

    /// One priest does one thing, and may meet his end while he does.
    fn act(&mut self, name: Name, what: impl FnOnce(&mut H, Minutes) -> Deed) {
        let ledger = self.ledgers.get_mut(&name).unwrap();
        if self.chance.below(self.dies_once_in) == 0 {
            let end = if self.chance.below(2) == 0 { End::Killed } else { End::PowerLost };
            ledger.end = Some((self.chance.below(3), end));
            ledger.kept = self.chance.below(4) as usize;
        }
        let deed = what(self.priests.get_mut(&name).unwrap(), self.now);
        let mut posted: Vec<Letter> = Vec::new();
        let done = deed.perform(ledger, &mut posted);
        for letter in posted {
            self.books.push((name, letter.clone()));
            self.in_transit.push((name, letter));
        }
        if let Err(end) = done {
            ledger.reopen(end, &mut self.chance);
            self.enter(name);
        } else {
            ledger.end = None;
        }
    }

    fn turn(&mut self) {
        if !self.in_transit.is_empty() && self.chance.below(self.time_passes_once_in) != 0 {
            let i = self.chance.below(self.in_transit.len() as u64) as usize;
            let (from, letter) = self.in_transit[i].clone();
            if self.chance.below(8) != 0 {
                self.in_transit.swap_remove(i);
            }
            // Some are seated who never come.
            if self.chance.below(10) != 0 && self.priests.contains_key(&letter.to) {
                self.act(letter.to, |priest, now| priest.receive(now, from, letter.message));
            }
        } else {
            self.now = self.now + Minutes::whole(self.chance.below(9));
            let i = self.chance.below(self.priests.len() as u64) as usize;
            let name = *self.priests.keys().nth(i).unwrap();
            self.act(name, |priest, now| priest.look_at_hourglass(now));
            let n = self.chance.below(60);
            self.act(name, |priest, now| priest.hear_citizen(now, n));
        }
    }

    /// The records, of which any messagebook may have lost rows.
    fn judge(&mut self) -> Judgment {
        self.judge_with_archive(|_, _| 0)
    }

    /// The records with every letter.
    fn judge_all(&mut self) -> Judgment {
        self.judge_records(|_, _| 0, 1)
    }

    /// The records without this many of a priest's ledgers that law books replaced, the oldest.
    fn judge_with_archive(&mut self, gone: impl FnMut(&mut Chance, usize) -> usize) -> Judgment {
        self.judge_records(gone, 4)
    }

    /// As above; with probability 1/n a letter is lost, or none if n is 1.
    fn judge_records(
        &mut self,
        mut gone: impl FnMut(&mut Chance, usize) -> usize,
        lost_once_in: u64,
    ) -> Judgment {
        // The ledgers of each priest are told to another auditor, and what they heard is joined; now
        // and then all is told to one auditor alone, who judges alike.
        let mut joined = Auditor::new();
        let mut alone = self.books.len().is_multiple_of(8).then(Auditor::new);
        for (&name, ledger) in &self.ledgers {
            let mut beside = Auditor::new();
            let all = ledger.archive.iter().chain([&ledger.rows]).enumerate();
            for (volume, rows) in all.skip(gone(&mut self.chance, ledger.archive.len())) {
                for (i, entry) in rows.iter().enumerate() {
                    let row = sealed(&format!("ledgers/{volume}"), name, i, entry);
                    beside.ledger_row(name, &row);
                    alone.iter_mut().for_each(|alone| alone.ledger_row(name, &row));
                }
            }
            joined.join(beside);
        }
        let (mut joined, mut alone) = (joined.hear_letters(), alone.map(Auditor::hear_letters));
        for (part, books) in self.books.chunks(100).enumerate() {
            let mut letters = Letters::default();
            for (i, (from, letter)) in (100 * part..).zip(books) {
                let is_here = lost_once_in == 1 || self.chance.below(lost_once_in) != 0;
                if letter.to != *from && is_here {
                    let row = received(i, *from, letter);
                    joined.read(&row, &mut letters);
                    alone.iter_mut().for_each(|alone| alone.message_row(&row));
                }
            }
            joined.join(letters);
        }
        let joined = joined.judge();
        if let Some(alone) = alone {
            assert_eq!(said(&alone.judge()), said(&joined));
        }
        joined
    }
}

/// All that a judgment says.
fn said(judgment: &Judgment) -> impl PartialEq + Debug + use<> {
    let ballots = judgment.numbers().map(|number| judgment.ballots(number));
    (judgment.findings().to_vec(), judgment.counts().clone(), ballots.collect::<Vec<_>>())
}

fn place(directory: &str, name: Name, line: usize) -> Place {
    let file = Arc::new(PathBuf::from(format!("{directory}/{name}.csv")));
    Place { file, line: line as u64 + 2, column: 1 }
}

fn sealed(directory: &str, owner: Name, i: usize, entry: &Entry) -> LedgerRow {
    let at = DateTime::from_timestamp(i as i64, 0);
    let place = place(directory, owner, i);
    LedgerRow { place, entry: entry.clone(), at, dry: Some(0), seal: Seal::Sound }
}

fn received(i: usize, from: Name, letter: &Letter) -> MessageRow {
    let place = place("messagebooks", letter.to, i);
    MessageRow { place, from, to: letter.to, message: letter.message.clone(), at: None }
}

fn broken(judgment: &Judgment) -> Vec<String> {
    let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
    broken
        .map(|finding| format!("{}: {} {:?}", finding.rule, finding.why, finding.exhibits))
        .collect()
}

/// Runs honest worlds and judges them again and again; how often a decree had passed, a fact was
/// lost, and a decree had passed in more than one ballot.
fn judge_honest<H: Honest>(seeds: u64, turns: usize) -> (usize, usize, usize) {
    let (mut passed, mut lost, mut again) = (0, 0, 0);
    for seed in 0..seeds {
        let mut world: World<H> = World::new(seed);
        for turn in 0..turns {
            world.turn();
            if turn % 30 != 29 {
                continue;
            }
            let judgment = world.judge();
            let told = || format!("seed {seed}, turn {turn}: {:#?}", broken(&judgment));
            assert!(judgment.is_consistent(), "{}", told());
            lost += judgment.counts().keys().filter(|key| key.1 == Severity::Lost).count();
            for number in judgment.numbers() {
                let ballots = judgment.ballots(number);
                let successful = ballots.iter().filter(|ballot| ballot.successful).count();
                passed += usize::from(successful > 0);
                again += usize::from(successful > 1);
            }
        }
    }
    (passed, lost, again)
}

#[test]
fn an_honest_synod_killed_at_any_moment_is_never_judged_broken() {
    let (passed, lost, again) = judge_honest::<Initiator>(400, 300);
    // Unless these things happened, nothing was shown.
    assert!(passed > 500 && lost > 100 && again > 50, "{passed} {lost} {again}");
}

#[test]
fn an_honest_parliament_killed_any_time_is_never_judged_broken() {
    let (passed, lost, again) = judge_honest::<Legislator>(200, 600);
    assert!(passed > 500 && lost > 20 && again > 50, "{passed} {lost} {again}");
}

#[test]
fn section_3_3_2_honest_law_books_pass_with_any_archive_missing() {
    let (mut bound, mut olive, mut seated) = (0, 0, 0);
    for seed in 0..60 {
        let mut world: World<Bookkeeper> = World::new(seed);
        // Parliaments grow old in peace.
        (world.dies_once_in, world.time_passes_once_in) = (100, 40);
        for turn in 0..3000 {
            world.turn();
            if turn % 250 != 249 {
                continue;
            }
            for judgment in [
                world.judge(),
                world.judge_with_archive(|_, volumes| volumes),
                world.judge_with_archive(|chance, volumes| {
                    chance.below(volumes as u64 + 1) as usize
                }),
            ] {
                let told = || format!("seed {seed}, turn {turn}: {:#?}", broken(&judgment));
                assert!(judgment.is_consistent(), "{}", told());
            }
        }
        let ledgers = || world.ledgers.values().flat_map(|it| it.archive.iter().chain([&it.rows]));
        let has = |words: &str| {
            let says = |row: &Entry| matches!(row, Entry::Outcome { decree, .. } if decree.text().contains(words));
            ledgers().any(|rows| rows.iter().any(says))
        };
        bound += world.ledgers.values().map(|it| it.archive.len()).sum::<usize>();
        olive += usize::from(has("olive day"));
        seated += usize::from(has("now a legislator"));
    }
    assert!(bound > 500 && olive > 20 && seated > 50, "{bound} {olive} {seated}");
}

#[test]
fn a_letter_whose_ink_was_not_dry_is_found() {
    // The same world, but one priest's last vote is struck out once Voted has left.
    let mut found = 0;
    for seed in 0..20 {
        let mut world: World<Initiator> = World::new(seed);
        (0..300).for_each(|_| world.turn());
        let voted =
            world.books.iter().find(|(_, letter)| matches!(letter.message, Message::Voted { .. }));
        let Some((liar, _)) = voted.cloned() else { continue };
        let ledger = world.ledgers.get_mut(&liar).unwrap();
        ledger.rows.retain(|row| !matches!(row, Entry::PrevVote { .. }));
        found += usize::from(!world.judge().is_consistent());
    }
    assert!(found > 5, "{found}");
}

/// The records of a Parliament at peace, and all that its letters said.
fn peaceful(seed: u64) -> World<Legislator> {
    let mut world: World<Legislator> = World::new(seed);
    (world.dies_once_in, world.time_passes_once_in) = (1000, 40);
    (0..400).for_each(|_| world.turn());
    world
}

fn breaks(world: &mut World<Legislator>, rule: Rule) -> bool {
    let judgment = world.judge_all();
    judgment.findings().iter().any(|it| (it.rule, it.severity) == (rule, Severity::Broken))
}

#[test]
fn an_outcome_deleted_that_its_owner_still_claims_is_found() {
    let mut found = 0;
    for seed in 0..20 {
        let mut world = peaceful(seed);
        assert!(!breaks(&mut world, Rule::CompleteThrough), "seed {seed}");
        let claim = world.books.iter().find_map(|(from, letter)| match letter.message {
            Message::NextBallot { complete_through, .. }
            | Message::Presence { complete_through, .. } => {
                (letter.to != *from && complete_through > 0).then_some((*from, complete_through))
            }
            _ => None,
        });
        let Some((owner, claimed)) = claim else { continue };
        let rows = &mut world.ledgers.get_mut(&owner).unwrap().rows;
        rows.retain(|row| !matches!(row, Entry::Outcome { number, .. } if *number == claimed));
        assert!(breaks(&mut world, Rule::CompleteThrough), "seed {seed}: {owner} {claimed}");
        found += 1;
    }
    assert!(found > 10, "{found}");
}

#[test]
fn a_parliament_that_opens_more_than_alpha_decrees_is_found() {
    let mut found = 0;
    for seed in 0..20 {
        let mut world = peaceful(seed);
        assert!(!breaks(&mut world, Rule::Alpha), "seed {seed}");
        let names: Vec<&str> = world.ledgers.keys().map(|name| name.as_str()).collect();
        let strict = Decree::new(&format!("{} alpha=1", names.join(" "))).unwrap();
        for ledger in world.ledgers.values_mut() {
            ledger.rows[0] = Entry::Outcome { number: 0, decree: strict.clone(), ballot: None };
        }
        found += usize::from(breaks(&mut world, Rule::Alpha));
    }
    assert!(found > 10, "{found}");
}
