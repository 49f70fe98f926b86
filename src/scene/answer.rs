//! The one answer to a script, as JSON: how things stand, what may be done, and how it came so.
//! `docs/scene.md` tells the fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::judge::{Broken, watched};
use super::moves::{letter_in_words, row_in_words};
use super::offers::Offer;
use super::script::Script;
use super::script_words::ScriptError;
use super::seat::Seat;
use super::stage::Scene;
use super::told::{Carried, Happened};
use super::tree::{Moment, Tree};
use crate::invariants::Invariant;

/// The version of the answer's form.
pub const VERSION: u32 = 1;

/// The last moment of a script, and its offers, as JSON. A script that does not read or play on is answered with the
/// error, and with the last moment before it.
#[must_use]
pub fn answer(script: &str) -> Value {
    let (script, unread) = Script::read_on(script);
    let Some(script) = script else {
        return json!({ "version": VERSION, "error": unread.as_ref().map(error) });
    };
    let (tree, unplayed) = Tree::play_on(&script);
    of_tree(&tree, unplayed.or(unread).as_ref())
}

fn error(why: &ScriptError) -> Value {
    json!({ "line": why.line, "column": why.column, "message": why.what })
}

/// The answer for a tree that is played already.
#[must_use]
pub fn of_tree(tree: &Tree, unplayed: Option<&ScriptError>) -> Value {
    let (here, path) = (tree.here(), tree.path());
    let scene = &here.scene;
    let mut letters = BTreeMap::new();
    for carried in &scene.bag {
        letters.insert(carried.id, letter(carried));
    }
    let steps: Vec<Value> =
        path.iter().map(|&at| step(at, &tree.moments()[at], &mut letters)).collect();
    let answer = json!({
        "version": VERSION,
        "error": unplayed.map(error),
        "level": scene.level().as_str(),
        "minute": scene.now,
        "founding": scene.founding.to_string(),
        "moment": tree.at(),
        "words": tree.in_words(),
        "short": tree.in_short(),
        "bag": scene.bag.iter().map(|carried| carried.id).collect::<Vec<_>>(),
    });
    let lists = [
        ("tree", branches(tree)),
        ("path", steps),
        ("letters", letters.into_values().collect()),
        ("priests", scene.seats.values().map(|seat| priest(scene, seat)).collect()),
        ("ballots", ballots(scene)),
        ("rules", rules(tree, here, &path)),
        ("offers", scene.offers().iter().map(offer).collect()),
    ];
    lists.into_iter().fold(answer, |answer, (field, list)| with(answer, field, list))
}

/// An object with a list besides; `json!` would copy all of the list.
fn with(mut object: Value, field: &str, list: Vec<Value>) -> Value {
    object[field] = Value::Array(list);
    object
}

/// Every moment, with the one that it comes from.
fn branches(tree: &Tree) -> Vec<Value> {
    let moment = |(at, moment): (usize, &Moment)| {
        json!({
            "moment": at,
            "parent": moment.parent,
            "move": moment.by.as_ref().map(ToString::to_string),
            "short": moment.by.as_ref().map(super::Move::in_short),
            "broken": moment.broken.iter().map(|it| it.rule.to_string()).collect::<Vec<_>>(),
        })
    };
    tree.moments().iter().enumerate().map(moment).collect()
}

/// One step of the way here.
fn step(at: usize, moment: &Moment, letters: &mut BTreeMap<usize, Value>) -> Value {
    let mut note = |carried: &Carried| {
        letters.entry(carried.id).or_insert_with(|| letter(carried));
        carried.id
    };
    let events: Vec<Value> =
        moment.told.events.iter().map(|event| happened(event, &mut note)).collect();
    let step = json!({
        "moment": at,
        "move": moment.by.as_ref().map(ToString::to_string),
        "short": moment.by.as_ref().map(super::Move::in_short),
        "minute": moment.scene.now,
        "guard": moment.told.refusal.as_ref().map(|it| it.guard.clone()),
    });
    with(step, "events", events)
}

fn happened(event: &Happened, note: &mut impl FnMut(&Carried) -> usize) -> Value {
    match event {
        Happened::Said { section, text } => {
            json!({ "event": "said", "section": section, "text": text })
        }
        Happened::Inks { who, row } => {
            json!({ "event": "inks", "priest": who, "row": row_in_words(row), "kind": row.kind() })
        }
        Happened::Wet { who, row } => {
            json!({ "event": "wet", "priest": who, "row": row_in_words(row), "kind": row.kind() })
        }
        Happened::Sends(carried) => json!({ "event": "sends", "letter": note(carried) }),
        Happened::Repeats(carried) => json!({ "event": "repeats", "letter": note(carried) }),
        Happened::Reads { letter, is_ignored } => {
            json!({ "event": "reads", "letter": note(letter), "ignored": is_ignored })
        }
        Happened::Loses(carried) => json!({ "event": "loses", "letter": note(carried) }),
        Happened::Enters(who) => json!({ "event": "enters", "priest": who }),
        Happened::Leaves(who) => json!({ "event": "leaves", "priest": who }),
    }
}

fn letter(carried: &Carried) -> Value {
    let message = &carried.letter.message;
    json!({
        "id": carried.id,
        "from": carried.from,
        "to": carried.letter.to,
        "kind": message.kind(),
        "ballot": message.ballot(),
        "text": letter_in_words(message),
    })
}

fn priest(scene: &Scene, seat: &Seat) -> Value {
    let rows: Vec<Value> = seat
        .rows
        .iter()
        .map(|row| json!({ "kind": row.kind(), "text": row_in_words(row) }))
        .collect();
    let slip: Map<String, Value> =
        seat.slip().into_iter().map(|(what, text)| (what.to_owned(), text.into())).collect();
    let priest = json!({
        "name": seat.name,
        "weight": scene.founding.membership.weight_of([seat.name]),
        "heresy": scene.setting.heretics.get(&seat.name).map(|heresy| heresy.name),
        "present": seat.is_present,
        "crash": seat.crash.map(super::moves::CrashAt::told),
        "alarm": seat.alarm(),
        "slip": slip,
    });
    with(priest, "ledger", rows)
}

fn ballots(scene: &Scene) -> Vec<Value> {
    let all = scene.history.ballots.iter();
    all.flat_map(|(number, ballots)| {
        ballots.iter().map(move |ballot| {
            json!({
                "number": number,
                "ballot": ballot.number,
                "decree": ballot.decree.text(),
                "quorum": ballot.quorum,
                "voters": ballot.voters,
                "successful": ballot.is_successful(),
            })
        })
    })
    .collect()
}

/// Every rule of the level: whether it holds, and since which moment of the way here it does not.
fn rules(tree: &Tree, here: &Moment, path: &[usize]) -> Vec<Value> {
    let all = watched(&here.scene.setting);
    let of = |rule: &Invariant| {
        let is = |it: &&Broken| it.rule == *rule;
        let first = path.iter().find(|&&at| tree.moments()[at].broken.iter().any(|it| is(&it)));
        let now: Vec<Value> = here.broken.iter().filter(is).map(broken).collect();
        json!({
            "rule": rule.to_string(),
            "says": rule.says(),
            "section": rule.section(),
            "holds": now.is_empty(),
            "broken": now,
            "firstBroken": first,
        })
    };
    all.iter().map(of).collect()
}

fn broken(it: &Broken) -> Value {
    let row = |(who, row): &(crate::words::Name, Arc<crate::words::Entry>)| json!({ "priest": who, "row": row_in_words(row) });
    json!({
        "rule": it.rule.to_string(),
        "why": it.why,
        "rows": it.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn offer(offer: &Offer) -> Value {
    let inks = offer.inks().map(|(who, row)| json!({ "priest": who, "row": row_in_words(row) }));
    let sends = offer.sends().map(|carried| {
        let mut value = letter(carried);
        if let Value::Object(map) = &mut value {
            map.remove("id");
        }
        value
    });
    let lines = offer.told.events.iter().filter_map(|event| match event {
        Happened::Said { section, text } => Some(json!({ "section": section, "text": text })),
        _ => None,
    });
    json!({
        "key": offer.by.in_short(),
        "move": offer.by.to_string(),
        "who": offer.who,
        "letter": offer.letter.as_ref().map(|carried| carried.id),
        "copies": offer.copies,
        "section": offer.section,
        "enabled": offer.is_enabled(),
        "guard": offer.refusal.as_ref().map(|it| it.guard.clone()),
        "lines": lines.collect::<Vec<_>>(),
        "inks": inks.collect::<Vec<_>>(),
        "sends": sends.collect::<Vec<_>>(),
        "breaks": offer.breaks.iter().map(broken).collect::<Vec<_>>(),
    })
}
