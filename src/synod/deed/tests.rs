//! Deeds performed on a ledger that keeps a diary, and fails at a chosen moment.

use super::*;
use crate::words::{BallotNumber, BookRow, Decree, Heading};

/// A ledger that keeps a diary, and fails at a chosen moment.
#[derive(Default)]
struct Diary {
    told: Vec<String>,
    fail_at: Option<&'static str>,
}

impl Diary {
    fn tell(&mut self, what: &'static str) -> Result<(), &'static str> {
        self.told.push(what.into());
        if self.fail_at == Some(what) { Err(what) } else { Ok(()) }
    }
}

impl Ledger for Diary {
    type Error = &'static str;
    fn ink(&mut self, _: &[Entry]) -> Result<(), &'static str> {
        self.tell("ink")
    }
    fn dry(&mut self) -> Result<(), &'static str> {
        self.tell("dry")
    }
    fn bind(&mut self, _: &[Entry]) -> Result<(), &'static str> {
        self.tell("bind")
    }
    fn bind_or_stand(&mut self, rows: &[Entry]) -> Result<Bound, &'static str> {
        let bound = self.bind(rows);
        Ok(bound.map_or_else(|why| Bound::OldStands { why: why.into() }, |()| Bound::Anew))
    }
}

fn a_vote_and_a_beginning() -> Deed {
    let (gray, oki): (Name, Name) = ("Gray".parse().unwrap(), "Oki".parse().unwrap());
    let ballot = BallotNumber { round: 2, owner: oki };
    let decree = Decree::new("α").unwrap();
    Deed::nothing()
        .inking(Entry::NextBal { ballot })
        .sending(oki, Message::Voted { ballot, number: 1 })
        .sending(gray, Message::BeginBallot { ballot, number: 1, decree })
}

#[test]
fn letters_without_a_note_leave_before_the_ink_is_dry() {
    let (mut ledger, mut sent) = (Diary::default(), Vec::new());
    a_vote_and_a_beginning().perform(&mut ledger, &mut sent).unwrap();
    let kinds: Vec<&str> = sent.iter().map(|l| l.message.kind().as_str()).collect();
    assert_eq!(
        (ledger.told, kinds),
        (vec!["ink".into(), "dry".into()], vec!["BeginBallot", "Voted"])
    );
}

#[test]
fn a_letter_on_wet_ink_waits_until_finish() {
    let (mut ledger, mut sent) = (Diary::default(), Vec::new());
    let mut wet = WetLedger::new(&mut ledger);
    wet.begin(a_vote_and_a_beginning(), &mut (), &mut sent).unwrap();
    let kinds = |sent: &Vec<Letter>| -> Vec<&str> {
        sent.iter().map(|letter| letter.message.kind().as_str()).collect()
    };
    assert_eq!((&wet.ledger.told, kinds(&sent)), (&vec!["ink".into()], vec!["BeginBallot"]));
    assert!(wet.finish(&mut (), &mut sent).unwrap());
    assert_eq!(wet.ledger.told, ["ink", "dry"]);
    assert_eq!(kinds(&sent), ["BeginBallot", "Voted"]);
    assert!(!wet.finish(&mut (), &mut sent).unwrap());
}

#[test]
fn the_next_deed_waits_for_the_ink_of_the_last() {
    let (mut ledger, mut sent) = (Diary::default(), Vec::new());
    let mut wet = WetLedger::new(&mut ledger);
    wet.begin(a_vote_and_a_beginning(), &mut (), &mut sent).unwrap();
    wet.begin(a_vote_and_a_beginning(), &mut (), &mut sent).unwrap();
    assert_eq!(wet.into_ledger().told, ["ink", "dry", "ink"]);
    assert_eq!(sent.len(), 3);
}

#[test]
fn letters_without_rows_of_their_own_wait_for_earlier_ink() {
    let (mut ledger, mut sent) = (Diary::default(), Vec::new());
    let again = Deed { rows: Vec::new(), ..a_vote_and_a_beginning() };
    ledger.ink(&[]).unwrap();
    again.perform(&mut ledger, &mut sent).unwrap();
    assert_eq!(ledger.told, ["ink", "dry"]);
}

/// A promise that follows the end of a law book, and the letter that rests on it.
fn a_book_and_a_promise(says_more: bool) -> Deed {
    let oki: Name = "Oki".parse().unwrap();
    let ballot = BallotNumber { round: 2, owner: oki };
    let mut deed = Deed::nothing();
    deed.bind(vec![Entry::Book(BookRow::of(Heading::Bound, 7, ""))], says_more);
    let vote = Message::LastVote { ballot, vote: None, of: 0 };
    deed.inking(Entry::NextBal { ballot }).sending(oki, vote)
}

#[test]
fn rows_after_an_unbound_book_are_dry_before_letters_leave() {
    for (fail_at, told, left) in
        [(None, vec!["dry", "bind"], 1), (Some("bind"), vec!["dry", "bind", "ink", "dry"], 1)]
    {
        let (mut ledger, mut sent) = (Diary { fail_at, ..Diary::default() }, Vec::new());
        a_book_and_a_promise(false).perform(&mut ledger, &mut sent).unwrap();
        assert_eq!((ledger.told, sent.len()), (told.iter().map(|it| (*it).into()).collect(), left));
    }
    let (mut ledger, mut sent) = (Diary { fail_at: Some("bind"), ..Diary::default() }, Vec::new());
    assert_eq!(a_book_and_a_promise(true).perform(&mut ledger, &mut sent), Err("bind"));
    assert!(sent.is_empty(), "only the copied book says what he knows");
}

#[test]
fn a_failed_ledger_keeps_back_letters_resting_on_its_ink() {
    for (fail_at, expected) in [("ink", vec![]), ("dry", vec!["BeginBallot"])] {
        let (mut ledger, mut sent) =
            (Diary { fail_at: Some(fail_at), ..Diary::default() }, Vec::new());
        assert!(a_vote_and_a_beginning().perform(&mut ledger, &mut sent).is_err());
        let kinds: Vec<&str> = sent.iter().map(|l: &Letter| l.message.kind().as_str()).collect();
        assert_eq!(kinds, expected);
    }
}
