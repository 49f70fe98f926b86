//! A run that goes on, as a page is shown it: the last steps, what lies on each desk, B, and the
//! auditor's findings. Rows that come too fast to be read are folded.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::cells::shortened;
use super::desk::Desk;
use super::judged;
use super::live::{Kept, Live};
use super::why::{named, or_minus_infinity};
use crate::trace::Happening;
use crate::words::shown::{counted, grouped};
use crate::words::{BallotNumber, DecreeNumber, Name};

/// How many steps are shown.
const MOST_STEPS: usize = 200;
/// How many of them may come at once; of more, the first are folded.
const MOST_AT_ONCE: usize = 100;
/// How many decrees and how many votes of each ledger are shown.
const MOST_DECREES: usize = 4;
const MOST_VOTES: usize = 2;
/// How many ballots are shown, and how many faults.
const MOST_BALLOTS: usize = 8;
const MOST_FAULTS: usize = 20;
/// How many cells the text of a decree takes.
const LONGEST_DECREE: usize = 120;

/// The steps that a page shows of a run that goes on.
#[derive(Debug, Default)]
pub(crate) struct Aired {
    steps: VecDeque<Step>,
    last: u64,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    seq: u64,
    /// Whether steps before it are not shown.
    is_after_gap: bool,
}

impl Aired {
    /// All that a page shows now, under this title.
    pub(crate) fn show(&mut self, title: &str, live: &Live) -> Value {
        self.go_on(live);
        let shown: Vec<(Step, &Kept)> =
            self.steps.iter().filter_map(|step| Some((*step, kept(live, step.seq)?))).collect();
        let ballots = live.now().ballots.last(MOST_BALLOTS, None);
        let numbers: BTreeSet<DecreeNumber> = ballots.iter().map(|(number, _)| *number).collect();
        let numbers: Vec<DecreeNumber> = numbers.into_iter().collect();
        let is_many = live.latest().is_some_and(|(number, _)| number > 1)
            || numbers.last().is_some_and(|number| *number > 1);
        let rows = live.kept().back().map_or(0, |kept| kept.rows);
        let faults = live.judged().faults().iter().take(MOST_FAULTS);
        let signs = live.verdict(live.now(), &numbers).signs();
        json!({
            "title": title,
            "latest": live.latest().map(|(number, text)| format!("decree {}: “{}”", grouped(number), shortened(text, LONGEST_DECREE))),
            "rows": counted(rows, "row"),
            "priests": priests(live),
            "path": path(live, &shown),
            "letters": letters(&shown),
            "bag": under_way(live, &shown),
            "hues": hues(live, &shown),
            "level": if is_many { "parliament" } else { "synod" },
            "ballots": ballots.iter().map(|(number, ballot)| json!({
                "number": number,
                "ballot": ballot.number.to_string(),
                "decree": shortened(ballot.decree.text(), LONGEST_DECREE),
                "quorum": names(&ballot.quorum),
                "voters": names(&ballot.voters),
                "successful": ballot.is_successful(),
            })).collect::<Vec<_>>(),
            "conditions": signs.map(|(sign, kept)| json!({ "says": sign, "kept": kept })),
            "judged": live.how_far(),
            "unjudged": live.unjudged().is_some(),
            "faults": faults.map(judged::said_with_place).collect::<Vec<_>>(),
            "counted": live.judged().counted(),
        })
    }

    /// Takes up the steps that have come since, or the last of them.
    fn go_on(&mut self, live: &Live) {
        let come = live.kept().iter().rev().take_while(|it| it.told.record.event.seq > self.last);
        let mut come: Vec<&Kept> = come.filter(|it| !it.is_aside()).collect();
        let is_folded = come.len() > MOST_AT_ONCE;
        come.truncate(MOST_AT_ONCE);
        // Only the very first steps of a run have nothing before them.
        let is_first = self.steps.is_empty() && !live.kept().is_empty();
        let is_cut = is_first && live.kept()[0].told.record.event.seq > 1;
        for (at, kept) in come.into_iter().rev().enumerate() {
            let is_after_gap = at == 0 && (is_folded || is_cut);
            self.steps.push_back(Step { seq: kept.told.record.event.seq, is_after_gap });
        }
        let excess = self.steps.len().saturating_sub(MOST_STEPS);
        self.steps.drain(..excess);
        if let Some(first) = self.steps.front_mut().filter(|_| excess > 0) {
            first.is_after_gap = true;
        }
        self.last = live.last();
    }
}

/// The event of this number, if it is kept.
fn kept(live: &Live, seq: u64) -> Option<&Kept> {
    let at = live.kept().binary_search_by_key(&seq, |kept| kept.told.record.event.seq).ok()?;
    live.kept().get(at)
}

fn names<'a>(names: impl IntoIterator<Item = &'a Name>) -> Vec<&'a str> {
    names.into_iter().map(Name::as_str).collect()
}

/// The steps in order: what one priest does after a letter stands together.
fn path(live: &Live, shown: &[(Step, &Kept)]) -> Vec<Value> {
    let mut path: Vec<Value> = vec![json!({ "moment": 0, "events": [] })];
    let mut before: Option<&Kept> = None;
    for (step, kept) in shown {
        if step.is_after_gap {
            path.push(fold(before, kept));
        }
        let happening = kept.told.happening();
        let is_more = matches!(happening, Happening::Ink { .. } | Happening::Send { .. })
            && !step.is_after_gap
            && before.is_some_and(|it| it.told.actor == kept.told.actor && goes_on(it));
        let event = event(live, kept);
        let why = &kept.told.why;
        let said = json!({ "text": why.sentence, "section": why.section });
        match path.last_mut().filter(|_| is_more) {
            Some(last) => {
                last["events"].as_array_mut().expect("it is a list").push(event);
                last["said"].as_array_mut().expect("it is a list").push(said);
            }
            None => {
                let guard = matches!(happening, Happening::Ignore { .. }).then_some(&why.short);
                path.push(json!({
                    "moment": kept.told.record.event.seq, "move": why.sentence, "guard": guard,
                    "minute": kept.told.record.event.at,
                    "events": [event], "said": [said],
                }));
            }
        }
        before = Some(kept);
    }
    path
}

/// Whether more may follow upon an event in the same step.
fn goes_on(kept: &Kept) -> bool {
    use Happening::{Ink, Receive, Send};
    matches!(kept.told.happening(), Ink { .. } | Send { .. } | Receive { .. })
}

/// The rows that are not shown between two events.
fn fold(before: Option<&Kept>, after: &Kept) -> Value {
    let is_row =
        matches!(after.told.happening(), Happening::Ink { .. } | Happening::Send { .. }).into();
    let hidden = after.rows.saturating_sub(before.map_or(0, |it| it.rows)).saturating_sub(is_row);
    let words = match (hidden, before) {
        (0, _) => "…".into(),
        (many, None) => format!("… {} before", counted(many, "row")),
        (many, Some(_)) => format!("… {} more", counted(many, "row")),
    };
    let (from, to) =
        (before.map_or(1, |it| it.told.record.event.seq + 1), after.told.record.event.seq - 1);
    json!({
        "moment": after.told.record.event.seq, "move": words, "events": [{ "event": "folds" }],
        "said": [], "from": from, "to": to,
    })
}

/// An event, as the page draws it.
fn event(live: &Live, kept: &Kept) -> Value {
    let letter = kept.told.flight;
    let mut event = match kept.told.happening() {
        Happening::Founded(_) => json!({ "event": "said" }),
        Happening::Enter(name) => json!({ "event": "enters", "priest": name.as_str() }),
        Happening::Leave(name) => json!({ "event": "leaves", "priest": name.as_str() }),
        Happening::Send { .. } => json!({ "event": "sends", "letter": letter }),
        Happening::Receive { .. } | Happening::Ignore { .. } => {
            json!({ "event": "reads", "letter": letter })
        }
        Happening::Lose { .. } => json!({ "event": "loses", "letter": letter }),
        Happening::Repeat { .. } => json!({ "event": "repeats", "letter": letter }),
        Happening::Ink { priest, entry } => {
            let row = &kept.told.why.short;
            json!({ "event": "inks", "priest": priest.as_str(), "row": row, "kind": entry.kind() })
        }
    };
    let faults: Vec<String> = live.judged().against(&kept.told.record).map(judged::said).collect();
    event["faults"] = faults.into();
    event
}

/// The letters of which the steps tell.
fn letters(shown: &[(Step, &Kept)]) -> Vec<Value> {
    let mut letters: BTreeMap<usize, Value> = BTreeMap::new();
    for (_, kept) in shown {
        let letter = kept.told.flight.zip(kept.told.happening().letter());
        let Some((id, (from, to, message))) = letter else { continue };
        letters.entry(id).or_insert_with(|| {
            json!({
                "id": id, "from": from.as_str(), "to": to.as_str(), "text": named(message),
                "kind": message.kind().to_string(),
                "ballot": message.ballot().map(|ballot| ballot.to_string()),
            })
        });
    }
    letters.into_values().collect()
}

/// The letters whose sending is shown, and of which no end is known.
fn under_way(live: &Live, shown: &[(Step, &Kept)]) -> BTreeSet<usize> {
    let is_start = |kept: &&Kept| {
        matches!(kept.told.happening(), Happening::Send { .. } | Happening::Repeat { .. })
    };
    let sent = shown.iter().map(|(_, kept)| *kept).filter(is_start);
    let mut open: BTreeSet<usize> = sent.filter_map(|kept| kept.told.flight).collect();
    for kept in live.kept().iter().filter(|kept| !is_start(kept)) {
        kept.told.flight.map(|letter| open.remove(&letter));
    }
    open
}

/// The hue of each ballot that is named.
fn hues(live: &Live, shown: &[(Step, &Kept)]) -> BTreeMap<String, usize> {
    let told = shown.iter().filter_map(|(_, kept)| kept.told.ballot());
    let desks = live.now().desks.values();
    let noted = desks.clone().flat_map(|desk| desk.last_tried.into_iter().chain(desk.next_bal));
    let voted = desks.flat_map(|desk| desk.prev_vote.values().rev().take(MOST_VOTES));
    let begun = live.now().ballots.last(MOST_BALLOTS, None);
    let all = told
        .chain(noted)
        .chain(voted.map(|(ballot, _)| *ballot))
        .chain(begun.into_iter().map(|(_, ballot)| ballot.number));
    let hue = |ballot: BallotNumber| Some((ballot.to_string(), live.hues().get(ballot)?));
    all.filter_map(hue).collect()
}

/// The desk of each, with his weight in votes on the next decree.
fn priests(live: &Live) -> Vec<Value> {
    let next = live.latest().map_or(1, |(number, _)| number.saturating_add(1));
    let weights = live.judged().weights(next);
    let weight = |name| weights.and_then(|all| all.get(&name));
    let desks = live.now().desks.iter();
    desks.map(|(name, desk)| on_desk(*name, desk, weight(*name))).collect()
}

/// A priest's desk: his ledger in short, and his slip.
fn on_desk(name: Name, desk: &Desk, weight: Option<&u64>) -> Value {
    let row = |kind: &str, text: String| json!({ "kind": kind, "text": text });
    let mut rows = vec![
        row("lastTried", or_minus_infinity(desk.last_tried)),
        row("nextBal", or_minus_infinity(desk.next_bal)),
    ];
    let mut votes: Vec<Value> = desk
        .prev_vote
        .iter()
        .rev()
        .take(MOST_VOTES)
        .map(|(number, (ballot, _))| match number {
            1 => row("prevVote", ballot.to_string()),
            number => row("prevVote", format!("{}: {ballot}", grouped(*number))),
        })
        .collect();
    votes.reverse();
    rows.extend(votes);
    let mut decrees: Vec<Value> = desk
        .front
        .iter()
        .rev()
        .take(MOST_DECREES)
        .map(|(number, (decree, _))| {
            row(
                "outcome",
                format!("{}: {}", grouped(*number), shortened(decree.text(), LONGEST_DECREE)),
            )
        })
        .collect();
    decrees.reverse();
    rows.extend(decrees);
    let last = desk.front.last_key_value().map(|(number, _)| *number);
    json!({
        "name": name.as_str(), "weight": weight, "present": desk.inside, "rows": rows, "slip": desk.slip.written(),
        "last": last.map(|number| format!("decree {}", grouped(number))),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::picture::record::from_trace;
    use crate::picture::{Judged, laid};
    use crate::trace::Happening;

    /// A sample run, shown after each `every` events; the last that was shown.
    fn shown(run: &str, every: usize) -> Value {
        let path = format!("tests/traces/{run}.csv");
        let records = from_trace(&std::fs::read(&path).unwrap()[..], Path::new(&path)).unwrap();
        let Happening::Founded(founding) = &records[0].event.happening else { panic!("{run}") };
        let (mut live, mut aired) = (Live::of(founding.clone(), 5000), Aired::default());
        live.judge(Judged::of(&laid::judge(&records)), records.len() as u64);
        let mut last = Value::Null;
        for some in records.chunks(every) {
            live.go_on(some.to_vec());
            last = aired.show("The Chamber", &live);
        }
        last
    }

    fn steps(shown: &Value) -> &Vec<Value> {
        shown["path"].as_array().unwrap()
    }

    /// How many rows are drawn, and how many the folds tell of.
    fn rows(shown: &Value) -> (u64, u64) {
        let events = steps(shown).iter().flat_map(|step| step["events"].as_array().unwrap());
        let is_row = |event: &&Value| event["event"] == "inks" || event["event"] == "sends";
        let drawn = events.filter(is_row).count() as u64;
        let folds = steps(shown).iter().filter_map(|step| step["move"].as_str());
        let folds = folds.filter_map(|words| words.strip_prefix("… ")?.split(' ').next());
        (drawn, folds.map(|many| many.replace(',', "").parse::<u64>().unwrap()).sum())
    }

    #[test]
    fn what_comes_too_fast_is_folded_and_every_row_counted() {
        for every in [17, 300, 5000] {
            let shown = shown("parliament", every);
            let (drawn, folded) = rows(&shown);
            let told = shown["rows"].as_str().unwrap();
            assert_eq!(told, counted(drawn + folded, "row"), "every {every}");
            assert!(drawn > 20 && folded > 20, "every {every}: {drawn} drawn, {folded} folded");
            let events = steps(&shown).iter().map(|it| it["events"].as_array().unwrap().len());
            assert!(events.sum::<usize>() <= MOST_STEPS + 3, "every {every}");
        }
        let between = steps(&shown("parliament", 300)).iter().any(|step| {
            step["move"]
                .as_str()
                .is_some_and(|it| it.starts_with("… ") && it.ends_with("rows more"))
        });
        assert!(between, "a fold between two steps");
        let (_, none) = rows(&shown("plain", 5000));
        assert_eq!(none, 0, "a short run is shown whole");
    }

    #[test]
    fn an_accused_row_bears_what_the_auditor_says() {
        let shown = shown("forgotten", 50);
        assert_eq!(shown["counted"], "the audit finds 4 faults");
        let said = shown["faults"].as_array().unwrap();
        assert_eq!(said.len(), 4);
        let events = steps(&shown).iter().flat_map(|step| step["events"].as_array().unwrap());
        let accused: Vec<&Value> = events.filter(|it| it["faults"] != json!([])).collect();
        assert!(!accused.is_empty());
        for event in accused {
            let fault = event["faults"][0].as_str().unwrap_or_default();
            assert!(said.iter().any(|it| it.as_str().unwrap().ends_with(fault)), "{event}");
        }
        assert_eq!(shown["conditions"][2], json!({ "says": "B3 ✗", "kept": false }));
    }

    #[test]
    fn what_one_priest_does_after_a_letter_is_one_step() {
        let shown = shown("plain", 5000);
        let promise = steps(&shown).iter().find(|step| {
            step["move"].as_str().is_some_and(|it| it.contains("reads Oki's NextBallot"))
        });
        let events = promise.unwrap()["events"].as_array().unwrap();
        let kinds: Vec<&str> = events.iter().map(|it| it["event"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["reads", "inks", "sends"]);
    }
}
