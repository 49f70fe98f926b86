//! How each ledger, slip and ballot came to be, event by event, for those who step through a run.
//!
//! A history is a list of changes, each with its event; what stands at the cursor is the last
//! change at or before it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ballots::{Ballots, Change};
use super::cells::shortened;
use super::judged::Verdict;
use super::model::Chronicle;
use crate::trace::Happening;
use crate::words::{BallotNumber, DecreeNumber, Entry, Name};

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
    pub verdicts: Vec<(usize, Verdict)>,
}

/// The changes of one priest's desk; each begins with its event.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is the note of that name")]
pub struct DeskHistory {
    /// How many decrees stood in the ledger before the first event told, and are not kept here.
    pub before: usize,
    pub front: Vec<(usize, DecreeNumber, String)>,
    pub last_tried: Vec<(usize, String)>,
    pub next_bal: Vec<(usize, String)>,
    pub prev_vote: Vec<(usize, String)>,
    pub slip: Vec<(usize, Option<String>)>,
    pub inside: Vec<(usize, bool)>,
}

/// The life of one ballot.
#[derive(Debug, Serialize)]
pub struct BallotHistory {
    /// The number of the decree it is about.
    pub number: DecreeNumber,
    /// Its own number.
    pub ballot: BallotNumber,
    /// What is voted on.
    pub decree: String,
    /// The event by which it became known.
    pub since: usize,
    /// Who must vote, as columns.
    pub quorum: Vec<usize>,
    /// Who voted, and by which event: event, column.
    pub votes: Vec<(usize, usize)>,
    /// The event by which its whole quorum had voted.
    pub successful: Option<usize>,
}

impl History {
    /// Follows a chronicle from its first event to its last.
    #[must_use]
    pub fn of(chronicle: &Chronicle) -> History {
        let column = |name: Name| chronicle.priests.iter().position(|priest| *priest == name);
        let mut history = History {
            desks: chronicle.priests.iter().map(|_| DeskHistory::default()).collect(),
            ballots_before: 0,
            ballots: Vec::new(),
            verdicts: Vec::new(),
        };
        // Where in `ballots` each ballot on a decree number stands, as the gods count them.
        let mut places: BTreeMap<(DecreeNumber, usize), usize> = BTreeMap::new();
        let mut gods = Gods::default();
        for (event, told) in chronicle.events.iter().enumerate() {
            if let Some(desk) = told.actor.and_then(column) {
                history.desks[desk].take_down(event, told.happening(), told.slip.as_ref());
            }
            gods.ballots.take_down(told.happening());
            let Some(change) = &told.change else { continue };
            history.verdicts.push((event, gods.judge(chronicle, change.number())));
            let (Change::Began(number, index) | Change::Voted(number, index, _)) = change;
            let Happening::Ink { entry, .. } = told.happening() else { continue };
            let (Entry::BeginBallot { ballot, decree, .. }
            | Entry::PrevVote { ballot, decree, .. }) = entry
            else {
                continue;
            };
            let place = *places.entry((*number, *index)).or_insert_with(|| {
                history.ballots.push(BallotHistory {
                    number: *number,
                    ballot: *ballot,
                    decree: decree.text().to_owned(),
                    since: event,
                    quorum: Vec::new(),
                    votes: Vec::new(),
                    successful: None,
                });
                history.ballots.len() - 1
            });
            let ballot = &mut history.ballots[place];
            match (change, entry) {
                (Change::Began(..), Entry::BeginBallot { quorum, .. }) => {
                    ballot.quorum = quorum.iter().filter_map(|name| column(*name)).collect();
                }
                (Change::Voted(_, _, name), _) => {
                    let voter = column(*name).filter(|v| !ballot.votes.iter().any(|x| x.1 == *v));
                    ballot.votes.extend(voter.map(|voter| (event, voter)));
                }
                (Change::Began(..), _) => {}
            }
            let all = ballot.quorum.iter().all(|c| ballot.votes.iter().any(|(_, v)| v == c));
            if all && !ballot.quorum.is_empty() && ballot.successful.is_none() {
                ballot.successful = Some(event);
            }
        }
        history.ballots.sort_by_key(|ballot| (ballot.number, ballot.ballot));
        history
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
    fn take_down(&mut self, event: usize, happening: &Happening, slip: Option<&Option<String>>) {
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
                    let of = if *number == 1 { String::new() } else { format!("{number}: ") };
                    let text = format!("{of}{ballot} {}", shortened(decree.text(), 40));
                    self.prev_vote.push((event, text));
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
