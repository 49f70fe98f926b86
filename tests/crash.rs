//! The power fails after every inked row, and inside the last one: no promise is broken. `[PTP §2.3]`
//!
//! Real ledgers, one thread, letters in the order they were sent. When the power fails nobody acts
//! any more, what is not dry may be lost, and everyone returns by reading his ledger.

#![cfg(feature = "cli")]

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::{cell::Cell, fs::OpenOptions};

use crate::common::House;
use parliament::chamber::{Chamber, LedgerFile};
use parliament::synod::{
    BallotNumber, Decree, Deed, Entry, Founding, Initiator, Ledger, Letter, Membership, Message,
    Minutes, Mortal, Name, Presence, Priest,
};
use parliament::words::time::PRESENCE;

/// How the power fails.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// Right after this many rows of all ledgers together; the last stands whole in its file.
    AfterRow(u32),
    /// As above, but only this many bytes of the last batch of rows reached the disk.
    Inside(u32, u64),
    /// After that row too; but the ledgers had said that the ink was dry before it was.
    AfterALie(u32),
}

impl Failure {
    fn rows(self) -> u32 {
        match self {
            Failure::AfterRow(rows) | Failure::Inside(rows, _) | Failure::AfterALie(rows) => rows,
        }
    }
}

/// A ledger that the power supply has a say in.
struct Lamplit {
    file: LedgerFile,
    failure: Failure,
    rows: Rc<Cell<u32>>,
    whole: u64,
}

impl Lamplit {
    fn length(&self) -> u64 {
        std::fs::metadata(self.file.path()).unwrap().len()
    }
}

impl Ledger for Lamplit {
    type Error = String;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), String> {
        self.file.ink(rows).map_err(|error| error.to_string())?;
        self.rows.set(self.rows.get() + rows.len() as u32);
        if self.rows.get() < self.failure.rows() {
            return Ok(());
        }
        if let Failure::Inside(_, bytes) = self.failure {
            let torn = OpenOptions::new().write(true).open(self.file.path()).unwrap();
            torn.set_len((self.whole + bytes).min(self.length())).unwrap();
        }
        match self.failure {
            Failure::AfterALie(_) => Ok(()),
            _ => Err("the lamps are out".into()),
        }
    }

    fn dry(&mut self) -> Result<(), String> {
        if self.rows.get() >= self.failure.rows() {
            // Only a lie comes here: it says dry, and then nothing of the batch is on the disk.
            let file = OpenOptions::new().write(true).open(self.file.path()).unwrap();
            file.set_len(self.whole).unwrap();
            return Ok(());
        }
        self.file.dry().map_err(|error| error.to_string())?;
        self.whole = self.length();
        Ok(())
    }
}

/// Three priests in a real chamber.
struct Court {
    chamber: Chamber,
    members: Arc<Membership>,
    priests: Vec<(Initiator, Lamplit)>,
    on_the_way: VecDeque<(Name, Letter)>,
    sent: Vec<(Name, Letter)>,
    dark: bool,
    rows: Rc<Cell<u32>>,
}

impl Court {
    fn convene(house: &House, wish: &str, failure: Failure) -> Court {
        let founding: Founding = "A B C".parse().unwrap();
        let chamber = Chamber::at(house.path());
        chamber.found(&founding).unwrap();
        let members = Arc::new(founding.membership);
        let rows = Rc::new(Cell::new(0));
        let priests = members.names().map(|name| {
            let (file, opened) = LedgerFile::open(&chamber, name).unwrap();
            let priest = Priest::from_ledger(name, Arc::clone(&members), &opened.rows);
            let presence = Presence::new(name, &members, PRESENCE);
            let wish = Some(Decree::new(wish).unwrap());
            let whole = std::fs::metadata(file.path()).unwrap().len();
            let ledger = Lamplit { file, failure, rows: Rc::clone(&rows), whole };
            (Initiator::new(priest, presence, wish), ledger)
        });
        let priests = priests.collect();
        Court { chamber, members, priests, on_the_way: [].into(), sent: vec![], dark: false, rows }
    }

    /// Lets them act until all is said, or the lamps go out.
    fn sit(&mut self) {
        for i in 0..self.priests.len() {
            self.act(i, |priest| priest.enter(Minutes::ZERO));
        }
        while let Some((from, letter)) = self.on_the_way.pop_front() {
            let i = self.members.names().position(|name| name == letter.to).unwrap();
            self.act(i, |priest| priest.receive(Minutes::ZERO, from, letter.message));
        }
    }

    fn act(&mut self, i: usize, act: impl FnOnce(&mut Initiator) -> Deed) {
        if self.dark {
            return;
        }
        let (priest, ledger) = &mut self.priests[i];
        let name = priest.name();
        let mut letters: Vec<Letter> = Vec::new();
        self.dark |= act(priest).perform(ledger, &mut letters).is_err();
        self.dark |= self.rows.get() >= ledger.failure.rows();
        self.on_the_way.extend(letters.iter().map(|letter| (name, letter.clone())));
        self.sent.extend(letters.into_iter().map(|letter| (name, letter)));
    }

    /// Reads every ledger anew; says which letter that was sent rests on a note that is gone.
    fn forgotten(self) -> Vec<String> {
        let Court { chamber, members, priests, sent, .. } = self;
        drop(priests);
        let mut forgotten = Vec::new();
        for name in members.names() {
            let (_, opened) = LedgerFile::open(&chamber, name).unwrap();
            let priest = Priest::from_ledger(name, Arc::clone(&members), &opened.rows);
            let kept = |note: Option<BallotNumber>, ballot| note >= Some(ballot);
            for (from, Letter { message, .. }) in sent.iter().filter(|(from, _)| *from == name) {
                let holds = match message {
                    Message::NextBallot { ballot, .. } => {
                        kept(priest.notes().last_tried(), *ballot)
                    }
                    Message::LastVote { ballot, .. } => kept(priest.notes().next_bal(), *ballot),
                    Message::Voted { ballot, .. } => {
                        kept(priest.prev_vote().map(|vote| vote.ballot), *ballot)
                    }
                    _ => true,
                };
                if !holds {
                    forgotten.push(format!(
                        "{from} forgot {} {:?}",
                        message.kind(),
                        message.ballot()
                    ));
                }
            }
        }
        forgotten
    }
}

/// Sits until the power fails, then once more to the end; yields what was forgotten, and how many
/// rows had been inked.
fn power_fails(failure: Failure) -> (Vec<String>, u32) {
    let house = House::new();
    let mut first = Court::convene(&house, "α", failure);
    first.sit();
    let rows = first.rows.get();
    let forgotten = first.forgotten();
    let passed_before = house.decree();
    let mut second = Court::convene(&house, "β", Failure::AfterRow(u32::MAX));
    second.sit();
    assert!(second.forgotten().is_empty());
    let passed: BTreeSet<String> = house.decree();
    assert_eq!(passed.len(), 1, "{failure:?}: {passed:?}");
    assert!(passed_before.is_subset(&passed), "{failure:?}: {passed_before:?}, then {passed:?}");
    (forgotten, rows)
}

#[test]
fn a_power_failure_after_any_row_breaks_no_promise() {
    let (_, all_rows) = power_fails(Failure::AfterRow(u32::MAX));
    assert!(all_rows > 12, "a whole ballot inks more than a dozen rows");
    for row in 1..=all_rows {
        assert_eq!(power_fails(Failure::AfterRow(row)).0, Vec::<String>::new(), "row {row}");
    }
}

#[test]
fn a_power_failure_inside_the_last_row_breaks_no_promise() {
    let (_, all_rows) = power_fails(Failure::AfterRow(u32::MAX));
    for row in 1..=all_rows {
        for bytes in [0, 1, 7, 20, 41, 58, 59, 60, 90] {
            let (forgotten, _) = power_fails(Failure::Inside(row, bytes));
            assert_eq!(forgotten, Vec::<String>::new(), "row {row}, {bytes} bytes");
        }
    }
}

#[test]
fn a_disk_that_lies_about_drying_is_seen_to_break_promises() {
    let (_, all_rows) = power_fails(Failure::AfterRow(u32::MAX));
    let caught = (1..=all_rows).filter(|&row| !power_fails(Failure::AfterALie(row)).0.is_empty());
    assert!(caught.count() >= 4, "the judge of these tests sees nothing");
}
