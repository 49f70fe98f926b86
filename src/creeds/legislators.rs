//! Heresies of legislators, each one decision of a [`Custom`] substituted. `[PTP §3]`

use std::sync::Arc;

use super::custom::{Custom, row_with_decree, with_decree};
use crate::parliament::legislator::Known;
use crate::parliament::{Legislator, OLIVE_DAY, olive_day};
use crate::synod::Letter;
use crate::words::{Decree, Entry, Founding, Message, Name};

/// Fills the gaps in his ledger with a decree of his own. To his mind it is the olive day under
/// another name. `[PTP §3.1, §3.2.1]`
pub(crate) struct NoOliveDay;

const OWN: &str = "There is no olive day";

fn renamed(decree: Decree, from: &str, to: &str) -> Decree {
    if decree.text() == from { Decree::new(to).unwrap_or(decree) } else { decree }
}

impl Custom for NoOliveDay {
    fn open(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Legislator {
        let meant = |row: &Entry| row_with_decree(row.clone(), |d| renamed(d, OWN, OLIVE_DAY));
        let rows: Vec<Entry> = rows.iter().map(meant).collect();
        Legislator::from_ledger(name, Arc::clone(founding), &rows)
    }
    fn hear(&self, _: &Legislator, message: Message) -> Vec<Message> {
        vec![with_decree(message, |decree| renamed(decree, OWN, OLIVE_DAY))]
    }
    fn ink(&self, row: Entry) -> Option<Entry> {
        Some(row_with_decree(row, |decree| renamed(decree, OLIVE_DAY, OWN)))
    }
    fn send(&self, _: &Legislator, letter: Letter) -> Option<Letter> {
        let message = with_decree(letter.message, |decree| renamed(decree, OLIVE_DAY, OWN));
        Some(Letter { message, ..letter })
    }
}

/// Reports no vote on a number through which his own ledger is complete.
pub(crate) struct TrimmedLastVote;

impl Custom for TrimmedLastVote {
    fn send(&self, mind: &Legislator, letter: Letter) -> Option<Letter> {
        let Message::LastVote { ballot, vote: Some((number, vote)), of } = letter.message else {
            return Some(letter);
        };
        let complete = mind.pages().complete_through();
        let of = of.min(mind.pages().votes_above(complete).count() as u64);
        let vote = Some((number, vote)).filter(|_| number > complete);
        let says_something = vote.is_some() || of == 0;
        let message = Message::LastVote { ballot, vote, of };
        says_something.then_some(Letter { message, ..letter })
    }
}

/// Takes a decree that he learns beyond a gap for the next one.
pub(crate) struct AcrossAGap;

/// The decree he reads where others have a decree he has not learnt.
const NOTHING: &str = "Nothing was decreed";

fn is_nothing(decree: &Decree) -> bool {
    decree.text() == NOTHING
}

impl Custom for AcrossAGap {
    fn open(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Legislator {
        let honest = Legislator::from_ledger(name, Arc::clone(founding), rows);
        let pages = honest.pages();
        let gaps = (1..=pages.last()).filter(|&number| pages.outcome(number).is_none());
        let nothing = |number| {
            let decree = Decree::new(NOTHING).unwrap_or_else(|_| olive_day());
            Entry::Outcome { number, decree, ballot: None }
        };
        let filled: Vec<Entry> = rows.iter().cloned().chain(gaps.map(nothing)).collect();
        Legislator::from_ledger(name, Arc::clone(founding), &filled)
    }
    fn hear(&self, mind: &Legislator, message: Message) -> Vec<Message> {
        let Message::Success { number, .. } = message else { return vec![message] };
        let Ok(decree) = Decree::new(NOTHING) else { return vec![message] };
        let gaps = mind.pages().complete_through() + 1..number;
        let gaps = gaps.filter(|&number| mind.pages().outcome(number).is_none());
        let nothing = |number| Message::Success { ballot: None, number, decree: decree.clone() };
        gaps.map(nothing).chain([message.clone()]).collect()
    }
    fn ink(&self, row: Entry) -> Option<Entry> {
        let nothing = matches!(&row, Entry::Outcome { decree, .. } if is_nothing(decree));
        (!nothing).then_some(row)
    }
    fn send(&self, _: &Legislator, letter: Letter) -> Option<Letter> {
        let nothing =
            matches!(&letter.message, Message::Success { decree, .. } if is_nothing(decree));
        (!nothing).then_some(letter)
    }
}

/// Takes no notice of the ids of petitions, though he hands them on. In his mind the id is the
/// end of the decree's words.
pub(crate) struct PassesTwice;

fn id_as_words(decree: Decree) -> Decree {
    let Some(id) = decree.petition() else { return decree };
    Decree::new(&format!("{}{MARK}{id}", decree.text())).unwrap_or(decree)
}

fn words_as_id(decree: Decree) -> Decree {
    let meant = || {
        let (text, id) = decree.text().rsplit_once(MARK)?;
        Decree::new(text).ok()?.petitioned(id).ok()
    };
    meant().unwrap_or(decree)
}

const MARK: &str = " ⟵ ";

impl Custom for PassesTwice {
    fn open(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Legislator {
        let rows: Vec<Entry> =
            rows.iter().map(|row| row_with_decree(row.clone(), id_as_words)).collect();
        Legislator::from_ledger(name, Arc::clone(founding), &rows)
    }
    fn hear(&self, _: &Legislator, message: Message) -> Vec<Message> {
        vec![with_decree(message, id_as_words)]
    }
    fn ink(&self, row: Entry) -> Option<Entry> {
        Some(row_with_decree(row, words_as_id))
    }
    fn send(&self, _: &Legislator, letter: Letter) -> Option<Letter> {
        let message = with_decree(letter.message, words_as_id);
        Some(Letter { message, ..letter })
    }
}

/// Accepts a row whose end is missing, as far as it goes: a CSV reader would.
pub(crate) struct TornTailAccepted;

impl Custom for TornTailAccepted {
    fn find_torn(&self, row: &Entry) -> Option<Entry> {
        let half = |decree: &Decree| {
            let words = decree.text();
            let end = words.char_indices().nth(words.chars().count() / 2)?.0;
            Decree::new(&words[..end]).ok()
        };
        let torn = match row {
            Entry::Outcome { decree, .. } | Entry::PrevVote { decree, .. } => half(decree)?,
            _ => return None,
        };
        Some(row_with_decree(row.clone(), |_| torn))
    }
}

/// Goes on as if the ink were dry when fdatasync has failed.
pub(crate) struct FailedDryingIgnored;

impl Custom for FailedDryingIgnored {
    fn takes_wet_ink_for_dry(&self) -> bool {
        true
    }
}

/// Takes a decree that changes the members to be in force on the very next one, although as many
/// numbers as ever are open at once: he reads his ledger by the law of an α of 1.
pub(crate) struct MembershipAtOnce;

impl Custom for MembershipAtOnce {
    fn open(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Legislator {
        let at_once = Founding { alpha: 1, ..Founding::clone(founding) };
        let known = Known::by_ledger(name, &at_once, rows);
        Legislator::who_knows(name, Arc::clone(founding), known)
    }
}

/// Control: on his return he has forgotten every decree, and none of his notes. The votes are
/// there still, and a successful ballot is found again from its votes (Theorem 1).
pub(crate) struct DecreesForgotten;

impl Custom for DecreesForgotten {
    fn open(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Legislator {
        let notes = rows.iter().filter(|row| !matches!(row, Entry::Outcome { .. }));
        Legislator::from_ledger(name, Arc::clone(founding), notes)
    }
}

/// Control: reads every letter twice.
pub(crate) struct ReadTwice;

impl Custom for ReadTwice {
    fn hear(&self, _: &Legislator, message: Message) -> Vec<Message> {
        vec![message.clone(), message]
    }
}
