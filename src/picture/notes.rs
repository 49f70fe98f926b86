//! For a teacher: what to point at in each kind of step, and what to ask.

use super::teller::Told;
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::{Entry, Heading};

/// The notes, by [`note`].
pub const NOTES: [&str; 24] = [
    "Decree 0 names the legislators. Ask: how many of them are a majority, and why must any two majorities share a priest?",
    "He remembers what his ledger says and nothing else. Ask: which of his notes has he still, and what was on his slip of paper?",
    "He may leave at any moment; the protocol may not rest on his being there. Ask: can a majority still be found without him?",
    "lastTried keeps him from using a number twice, even if he leaves and forgets. Ask: what could go wrong if two ballots had one number?",
    "The promise is in ink before the reply leaves. Ask: in which ballots may he vote from now on, and in which no more?",
    "The president votes by the same rules as everybody. Ask: may he skip his own promise?",
    "B2 and B3 are settled here: the quorum is among those who replied, and the latest vote they reported decides the decree. Ask: was he free to choose?",
    "A vote is in ink before it is told. Ask: does the decree stand already? Who can know that?",
    "Everyone in his quorum has voted, so the decree is passed, even if nobody but him knows it. Ask: could another decree be passed under this number now?",
    "He learns of the decree, and inks it. Ask: did he have to vote for it to learn of it?",
    "A law book stands for the rows before it. Ask: which notes must it keep, so that no promise is lost?",
    "Step (1) asks for promises and proposes nothing. Ask: why does it carry no decree?",
    "Step (2) tells his last vote, with the promise. Ask: why is both in one letter, and what does null mean?",
    "Step (3) goes to the quorum alone. Ask: what happens if one of them never gets it?",
    "Step (4) tells the vote to the president of this ballot. Ask: what is lost if this letter is lost, and what is not?",
    "Steps (5) and (6) tell those who did not count votes. Ask: is it dangerous to lose this letter?",
    "He says no instead of keeping silent, which saves time and decides nothing. Ask: what does the president learn from it?",
    "This is not part of the ballot: it says who is here, or who lacks a decree. Ask: would the protocol be safe without it?",
    "A citizen asks for a decree. Ask: who may answer him, and when may he believe that it passed?",
    "The letter has come, and it changes what its reader may do. Ask: which note or slip will change?",
    "A guard kept him from acting. Ask: which promise or number forbids it, and would acting have done harm?",
    "The messenger lost it. Nobody is told. Ask: how does the sender go on?",
    "The messenger brings it once more. Ask: why does a letter read twice do no harm?",
    "This row was inked when he came in; it changes no note of the protocol.",
];

/// Which of the [`NOTES`] belongs to an event.
#[must_use]
pub fn note(told: &Told) -> usize {
    match told.happening() {
        Happening::Founded(_) => 0,
        Happening::Enter(_) => 1,
        Happening::Leave(_) => 2,
        Happening::Ink { priest, entry } => match entry {
            Entry::LastTried { .. } => 3,
            Entry::NextBal { ballot } if ballot.owner == *priest => 5,
            Entry::NextBal { .. } => 4,
            Entry::BeginBallot { .. } => 6,
            Entry::PrevVote { .. } => 7,
            Entry::Outcome { ballot, .. } => {
                let is_his = ballot.is_some_and(|ballot| ballot.owner == *priest);
                if is_his { 8 } else { 9 }
            }
            Entry::Book(row) if row.heading == Heading::LawBook => 10,
            Entry::Entered | Entry::Book(_) => 23,
        },
        Happening::Send { message, .. } => match message.kind() {
            Kind::NextBallot => 11,
            Kind::LastVote => 12,
            Kind::BeginBallot => 13,
            Kind::Voted => 14,
            Kind::Success => 15,
            Kind::Refused | Kind::Failed => 16,
            Kind::Presence | Kind::Inquiry | Kind::LawBook => 17,
            Kind::Petition => 18,
        },
        Happening::Receive { message, .. } if super::flight::is_talk(message) => 17,
        Happening::Receive { message, .. } if message.kind() == Kind::Petition => 18,
        Happening::Receive { .. } => 19,
        Happening::Ignore { .. } => 20,
        Happening::Lose { .. } => 21,
        Happening::Repeat { .. } => 22,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::record::Record;
    use crate::picture::{ballots, why};
    use crate::trace::TraceRow;
    use crate::words::{BallotNumber, Minutes};

    #[test]
    fn each_kind_of_ink_has_the_note_that_tells_of_it() {
        let told = |priest: &str, entry: Entry| {
            let happening = Happening::Ink { priest: priest.parse().unwrap(), entry };
            let event = TraceRow { seq: 1, at: Minutes::ZERO, happening };
            let record = Record { event, place: String::new(), row: String::new() };
            let why = why::Why { section: None, sentence: String::new(), short: String::new() };
            let change: Option<ballots::Change> = None;
            Told { record, actor: None, flight: None, why, change, slip: None }
        };
        let ballot: BallotNumber = "1.Oki".parse().unwrap();
        let says = |priest, entry, words: &str| {
            let note = NOTES[note(&told(priest, entry))];
            assert!(note.contains(words), "{note}");
        };
        says("Oki", Entry::LastTried { ballot }, "lastTried");
        says("Gray", Entry::NextBal { ballot }, "promise is in ink");
        says("Oki", Entry::NextBal { ballot }, "The president");
        let decree = crate::words::Decree::new("Lamps").unwrap();
        let outcome = |ballot| Entry::Outcome { number: 1, decree: decree.clone(), ballot };
        says("Oki", outcome(Some(ballot)), "is passed");
        says("Gray", outcome(None), "He learns");
    }
}
