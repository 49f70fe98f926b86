//! How each ledger, slip and ballot came to be, event by event, for those who step through a run.
//!
//! A history is a list of changes, each with its event; what stands at the cursor is the last
//! change at or before it. The state before the first event is a change of event −1.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ballots::{Ballots, Change};
use super::cells::shortened;
use super::desk::Desk;
use super::judged::Verdict;
use super::model::Chronicle;
use super::teller::Told;
use crate::trace::Happening;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Name};

/// Everything a page needs to show any moment of the run.
#[derive(Debug, Serialize)]
pub struct History {
    /// Each priest's desk, in the order of [`Chronicle::priests`].
    pub desks: Vec<DeskHistory>,
    /// How many ballots were begun before the first event told, and are not kept here.
    pub ballots_before: usize,
    /// Every ballot, by decree number and ballot number.
    pub ballots: Vec<BallotHistory>,
    /// After each change of B, how the auditor judges all ballots begun by then: event, B1 to B3.
    pub verdicts: Vec<(i64, Verdict)>,
}

/// The changes of one priest's desk; each begins with its event.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is the note of that name")]
pub struct DeskHistory {
    /// How many decrees stood in the ledger before the first event told, and are not kept here.
    pub before: usize,
    pub front: Vec<(i64, DecreeNumber, String)>,
    pub last_tried: Vec<(i64, String)>,
    pub next_bal: Vec<(i64, String)>,
    pub prev_vote: Vec<(i64, String)>,
    pub slip: Vec<(i64, Option<String>)>,
    pub inside: Vec<(i64, bool)>,
}

/// The life of one ballot.
#[derive(Debug, Serialize)]
pub struct BallotHistory {
    /// The number of the decree it is about.
    pub number: DecreeNumber,
    /// Its own number.
    pub ballot: BallotNumber,
    /// The decree voted on.
    pub decree: String,
    /// The event that made it known.
    pub since: i64,
    /// The columns of the priests who must vote.
    pub quorum: Vec<usize>,
    /// The votes, each with its event: event, column.
    pub votes: Vec<(i64, usize)>,
    /// The event at which its whole quorum had voted.
    pub successful: Option<i64>,
}

impl History {
    /// Follows a chronicle from its first event to its last.
    #[must_use]
    pub fn of(chronicle: &Chronicle) -> History {
        let mut telling = Telling::of(chronicle);
        for (event, told) in chronicle.events.iter().enumerate() {
            telling.hear(i64::try_from(event).unwrap_or(i64::MAX), told);
        }
        let mut history = telling.history;
        history.ballots.sort_by_key(|ballot| (ballot.number, ballot.ballot));
        history
    }
}

/// The event of what stood before the first one.
const BEFORE: i64 = -1;
/// How many ballots and decrees that stood before the first event are kept, the last ones.
const KEPT: usize = 8;

struct Telling<'a> {
    chronicle: &'a Chronicle,
    history: History,
    gods: Gods,
    /// Where in the history each ballot on a decree number stands, as the gods count them.
    places: BTreeMap<(DecreeNumber, usize), usize>,
}

impl<'a> Telling<'a> {
    fn of(chronicle: &'a Chronicle) -> Telling<'a> {
        let desks = chronicle.priests.iter();
        let desks = desks.map(|name| {
            chronicle.before.desks.get(name).map_or_else(DeskHistory::default, DeskHistory::before)
        });
        let history = History {
            desks: desks.collect(),
            ballots_before: 0,
            ballots: vec![],
            verdicts: vec![],
        };
        let gods = Gods { ballots: chronicle.before.ballots.clone(), wanting: BTreeMap::new() };
        let mut telling = Telling { chronicle, history, gods, places: BTreeMap::new() };
        let before: Vec<(DecreeNumber, usize)> = chronicle
            .before
            .ballots
            .all()
            .flat_map(|(number, on)| (0..on.len()).map(move |index| (number, index)))
            .collect();
        if let Some((last, _)) = before.last() {
            for number in chronicle.before.ballots.all().map(|(number, _)| number) {
                telling.gods.judge(chronicle, number);
            }
            let verdict = telling.gods.judge(chronicle, *last);
            telling.history.verdicts.push((BEFORE, verdict));
        }
        telling.history.ballots_before = before.len().saturating_sub(KEPT);
        for (number, index) in before.into_iter().rev().take(KEPT).rev() {
            telling.place(number, index, BEFORE);
        }
        telling
    }

    fn column(&self, name: Name) -> Option<usize> {
        self.chronicle.priests.iter().position(|priest| *priest == name)
    }

    /// Where a ballot stands in the history, from this event on if it does not yet.
    fn place(&mut self, number: DecreeNumber, index: usize, since: i64) -> usize {
        if let Some(place) = self.places.get(&(number, index)) {
            return *place;
        }
        let ballot = &self.gods.ballots.on(number)[index];
        let columns = |names: &std::collections::BTreeSet<Name>| {
            names.iter().filter_map(|name| self.column(*name)).collect::<Vec<usize>>()
        };
        let (quorum, voters) = (columns(&ballot.quorum), columns(&ballot.voters));
        let successful = ballot.is_successful().then_some(since);
        self.history.ballots.push(BallotHistory {
            number,
            ballot: ballot.number,
            decree: ballot.decree.text().to_owned(),
            since,
            successful: successful.filter(|_| !quorum.is_empty()),
            quorum,
            votes: voters.into_iter().map(|voter| (since, voter)).collect(),
        });
        self.places.insert((number, index), self.history.ballots.len() - 1);
        self.history.ballots.len() - 1
    }

    fn hear(&mut self, event: i64, told: &Told) {
        if let Some(desk) = told.actor.and_then(|name| self.column(name)) {
            self.history.desks[desk].take_down(event, told.happening(), told.slip.as_ref());
        }
        self.gods.ballots.take_down(told.happening());
        let Some(change) = &told.change else { return };
        let verdict = self.gods.judge(self.chronicle, change.number());
        self.history.verdicts.push((event, verdict));
        let (Change::Began(number, index) | Change::Voted(number, index, _)) = change;
        let place = self.place(*number, *index, event);
        let quorum: Vec<usize> = self.gods.ballots.on(*number)[*index]
            .quorum
            .iter()
            .filter_map(|name| self.column(*name))
            .collect();
        let voter = match change {
            Change::Voted(_, _, name) => self.column(*name),
            Change::Began(..) => None,
        };
        let ballot = &mut self.history.ballots[place];
        ballot.quorum = quorum;
        let voter = voter.filter(|v| !ballot.votes.iter().any(|(_, known)| known == v));
        ballot.votes.extend(voter.map(|voter| (event, voter)));
        let all = ballot.quorum.iter().all(|c| ballot.votes.iter().any(|(_, v)| v == c));
        if all && !ballot.quorum.is_empty() && ballot.successful.is_none() {
            ballot.successful = Some(event);
        }
    }
}

/// B so far, and the verdict on each decree number's ballots.
#[derive(Default)]
struct Gods {
    ballots: Ballots,
    /// Those of which not everything is kept, or known.
    wanting: BTreeMap<DecreeNumber, Verdict>,
}

impl Gods {
    /// The verdict on all ballots, of which those on one number have changed.
    fn judge(&mut self, chronicle: &Chronicle, number: DecreeNumber) -> Verdict {
        let verdict = chronicle.judged.verdict(number, self.ballots.on(number));
        if verdict == Verdict::KEPT {
            self.wanting.remove(&number);
        } else {
            self.wanting.insert(number, verdict);
        }
        self.wanting.values().copied().fold(Verdict::KEPT, Verdict::and)
    }
}

impl DeskHistory {
    /// A desk as it stood before the first event.
    fn before(desk: &Desk) -> DeskHistory {
        let front = desk.front.iter().rev().take(KEPT).rev();
        let ballot = |ballot: Option<BallotNumber>| ballot.map(|it| (BEFORE, it.to_string()));
        let prev_vote = desk.prev_vote.last_key_value();
        DeskHistory {
            before: desk.front.len().saturating_sub(KEPT),
            front: front.map(|(n, (text, _))| (BEFORE, *n, text.text().to_owned())).collect(),
            last_tried: ballot(desk.last_tried).into_iter().collect(),
            next_bal: ballot(desk.next_bal).into_iter().collect(),
            prev_vote: prev_vote
                .map(|(number, (ballot, decree))| (BEFORE, vote(*number, *ballot, decree)))
                .into_iter()
                .collect(),
            slip: desk.slip.written().map(|slip| (BEFORE, Some(slip))).into_iter().collect(),
            inside: desk.inside.then_some((BEFORE, true)).into_iter().collect(),
        }
    }

    fn take_down(&mut self, event: i64, happening: &Happening, slip: Option<&Option<String>>) {
        match happening {
            Happening::Enter(_) => self.inside.push((event, true)),
            Happening::Leave(_) => self.inside.push((event, false)),
            Happening::Ink { entry, .. } => match entry {
                Entry::Outcome { number, decree, .. } => {
                    self.front.push((event, *number, decree.text().to_owned()));
                }
                Entry::LastTried { ballot } => self.last_tried.push((event, ballot.to_string())),
                Entry::NextBal { ballot } => self.next_bal.push((event, ballot.to_string())),
                Entry::PrevVote { ballot, decree, number } => {
                    self.prev_vote.push((event, vote(*number, *ballot, decree)));
                }
                Entry::Entered | Entry::BeginBallot { .. } | Entry::Book(_) => {}
            },
            _ => {}
        }
        if let Some(slip) = slip {
            self.slip.push((event, slip.clone()));
        }
    }
}

/// A vote in a few words.
fn vote(number: DecreeNumber, ballot: BallotNumber, decree: &Decree) -> String {
    let of = if number == 1 { String::new() } else { format!("{number}: ") };
    format!("{of}{ballot} {}", shortened(decree.text(), 40))
}
