//! Short passages of the Parliament, one rule each, in which Gray is the novice. `[PTP §3]`

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::bench::{Bench, Benches};
use super::hall::Novice;
use super::sittings::SatFault;
use crate::creeds::Event;
use crate::synod::Letter;
use crate::words::members::PAPERS_ALPHA;
use crate::words::{
    BallotNumber, Decree, DecreeNumber, Entry, Founding, Message, Minutes, Name, Vote,
};

/// The rows and letters of one passage.
pub(super) struct Done {
    ink: Vec<Entry>,
    send: Vec<Letter>,
}

/// The rule that is broken by what was done, and the reason.
pub(super) type Judge = fn(&Done) -> Option<(&'static str, &'static str)>;

/// A passage: its title, its ledger, its events, and the rule that is broken by what was done, if one is.
struct Passage {
    title: &'static str,
    ledger: Vec<Entry>,
    events: Vec<Event>,
    judge: Judge,
}

fn ballot(round: u64, owner: &str) -> Option<BallotNumber> {
    Some(BallotNumber { round, owner: owner.parse().ok()? })
}

fn decree(text: &str) -> Option<Decree> {
    Decree::of_petition(text, &format!("Dolf/{text}")).ok()
}

fn read(from: &str, message: Message) -> Option<Event> {
    Some(Event::Read { from: from.parse().ok()?, message })
}

/// A row of a reply to 5.Gray that has `of` rows: one with a vote on this number.
fn reply(from: &str, of: u64, vote: Option<(DecreeNumber, u64, &str, &str)>) -> Option<Event> {
    let vote = match vote {
        None => None,
        Some((number, round, owner, text)) => {
            let (priest, ballot, decree) =
                (from.parse().ok()?, ballot(round, owner)?, decree(text)?);
            Some((number, Vote { priest, ballot, decree }))
        }
    };
    read(from, Message::LastVote { ballot: ballot(5, "Gray")?, vote, of })
}

/// The decree for which he began his ballot on this number.
fn begun(done: &Done, of: DecreeNumber) -> Option<&Decree> {
    done.ink.iter().find_map(|row| match row {
        Entry::BeginBallot { number, decree, .. } if *number == of => Some(decree),
        _ => None,
    })
}

const ORDER: &str = "the order of decrees (§3.2.1)";

/// Passages of a voter.
fn of_voters() -> Option<Vec<Passage>> {
    let begin = |owner: &str, round, number| {
        let message =
            Message::BeginBallot { ballot: ballot(round, owner)?, number, decree: decree("Figs")? };
        read(owner, message)
    };
    let vote = |number, round, owner: &str| {
        Some(Entry::PrevVote { number, ballot: ballot(round, owner)?, decree: decree("Figs")? })
    };
    Some(vec![
        Passage {
            title: "§3.1 one promise holds for every number",
            ledger: vec![Entry::NextBal { ballot: ballot(5, "Fischer")? }, vote(1, 1, "Dwork")?],
            events: vec![begin("Dwork", 3, 2)?],
            judge: |done| {
                let votes = done.ink.iter().any(|row| matches!(row, Entry::PrevVote { .. }));
                votes.then_some((
                    "a promise is kept (§2.3 (4))",
                    "he voted in 3.Dwork on decree 2 after promising 5.Fischer",
                ))
            },
        },
        Passage {
            title: "§3.1 a reply has a row for each number above n",
            ledger: vec![
                Entry::NextBal { ballot: ballot(1, "Dwork")? },
                vote(1, 1, "Dwork")?,
                vote(3, 1, "Dwork")?,
            ],
            events: vec![read(
                "Fischer",
                Message::NextBallot { ballot: ballot(2, "Fischer")?, complete_through: 1 },
            )?],
            judge: |done| {
                let told = done.send.iter().filter_map(|letter| match &letter.message {
                    Message::LastVote { vote, .. } => {
                        Some(vote.as_ref().map(|(number, _)| *number))
                    }
                    _ => None,
                });
                let told: Vec<Option<DecreeNumber>> = told.collect();
                let lacks = !told.is_empty() && !told.contains(&Some(3));
                lacks.then_some((
                    "LastVote tells the last votes (§3.1, I7)",
                    "he was asked for his votes above 1, had voted on decree 3, and did not tell it",
                ))
            },
        },
    ])
}

/// Passages of a president who chooses a decree.
fn of_choices() -> Option<Vec<Passage>> {
    let (mine, wish) = (ballot(5, "Gray")?, Event::Begin(decree("Goats may graze")?));
    let tries = || Event::Try(mine);
    let passed = Entry::Outcome { number: 2, decree: decree("Figs")?, ballot: ballot(1, "Dwork") };
    Some(vec![
        Passage {
            title: "§2.1 B3 the highest of the votes on a number",
            ledger: Vec::new(),
            events: vec![
                tries(),
                reply("Dwork", 1, Some((1, 1, "Dwork", "Figs")))?,
                reply("Fischer", 1, Some((1, 3, "Fischer", "Lamps")))?,
                wish.clone(),
            ],
            judge: |done| {
                let other = begun(done, 1).is_some_and(|it| it.text() != "Lamps");
                other.then_some(("B3 (§2.1)", "on decree 1 the replies named votes in 1.Dwork and 3.Fischer, and he did not begin the decree of 3.Fischer"))
            },
        },
        Passage {
            title: "§3.1 a gap is filled with an olive day",
            ledger: vec![passed],
            events: vec![tries(), reply("Dwork", 0, None)?, reply("Fischer", 0, None)?, wish],
            judge: |done| {
                let own = begun(done, 1).is_some_and(|it| it.petition().is_some());
                own.then_some((
                    ORDER,
                    "decree 2 had passed before this petition came, and he began it as decree 1",
                ))
            },
        },
    ])
}

/// Passages of a president who counts replies.
fn of_quorums() -> Option<Vec<Passage>> {
    let (mine, wish) = (ballot(5, "Gray")?, Event::Begin(decree("Goats may graze")?));
    let tries = || Event::Try(mine);
    Some(vec![
        Passage {
            title: "§2.3 (3) one of three has replied",
            ledger: Vec::new(),
            events: vec![tries(), reply("Dwork", 0, None)?, reply("Dwork", 0, None)?, wish.clone()],
            judge: |done| {
                let begins = done.ink.iter().any(|row| matches!(row, Entry::BeginBallot { .. }));
                begins.then_some((
                    "a quorum is a majority set (§2.2, I6)",
                    "he began a ballot when one of three had replied",
                ))
            },
        },
        Passage {
            title: "§3.1 a reply of which a row is missing",
            ledger: Vec::new(),
            events: vec![
                tries(),
                reply("Gray", 0, None)?,
                reply("Dwork", 2, Some((2, 1, "Dwork", "Figs")))?,
                wish.clone(),
            ],
            judge: |done| {
                let begins = done.ink.iter().any(|row| matches!(row, Entry::BeginBallot { .. }));
                begins.then_some(("a quorum has replied in full (§2.1 B3, §3.1)", "he began a ballot with a reply of two rows, of which he had one: the other may be the vote that binds"))
            },
        },
        Passage {
            title: "§3.3.6 no number beyond α",
            ledger: Vec::new(),
            events: vec![
                tries(),
                reply("Gray", 0, None)?,
                reply("Dwork", 1, Some((9, 1, "Dwork", "Figs")))?,
                wish,
            ],
            judge: |done| {
                let far = |row: &Entry| matches!(row, Entry::BeginBallot { number, .. } if *number > PAPERS_ALPHA);
                done.ink.iter().any(far).then_some((
                    "no ballot beyond α decrees ahead (§3.3.6)",
                    "his ledger was complete through 0, and he began a decree above 3",
                ))
            },
        },
    ])
}

/// Plays every passage with a novice: how many, or the first in which a rule is broken, and its title.
///
/// # Errors
/// That fault.
pub fn play_passages(
    novice: &Arc<dyn Novice + Send>,
) -> Result<u64, (&'static str, Box<SatFault>)> {
    let mut many = 0;
    let founding = "Dwork Fischer Gray".parse::<Founding>().map(Arc::new);
    let (Ok(founding), Ok(gray)) = (founding, "Gray".parse::<Name>()) else { return Ok(0) };
    let passages = [of_voters(), of_choices(), of_quorums()].into_iter().flatten().flatten();
    for Passage { title, ledger, events, judge } in passages {
        let last = Arc::new(Mutex::new(None));
        let (seats, novice) = (BTreeSet::from([gray]), Arc::clone(novice));
        let benches = Benches { novice, seats, last: Arc::clone(&last) };
        let mut bench = Bench::new(&benches, gray, &founding, &ledger);
        let mut done = Done { ink: Vec::new(), send: Vec::new() };
        for event in events {
            let Some(answer) = bench.answer(Minutes::ZERO, &event) else { break };
            done.ink.extend(answer.ink.iter().cloned());
            done.send.extend(answer.send.iter().cloned());
        }
        if let Some((rule, why)) = judge(&done) {
            let last = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let (at, novices) = ("0".into(), vec![gray]);
            let fault = SatFault { rule: rule.into(), why: why.into(), at, novices, last };
            return Err((title, Box::new(fault)));
        }
        many += 1;
    }
    Ok(many)
}
