//! How the law came to be, and every change of it as it happens. `[PTP §3.3.2, §3.3.4]`

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::chamber::Chamber;
use crate::god::hour::MINUTE;
use crate::law::{Enacted, Phrase, Response};
use crate::words::{DecreeNumber, Name};

use super::page::Page;
use super::shelf::LOOK;
use super::shelf::inquiry::{View, as_of, not_now};
use super::shelf::{Shelf, Shelved};
use super::{Failure, Verdict};

/// Prints every change of the law on a matter, by one ledger.
///
/// # Errors
/// When there is no Parliament here, or its ledgers cannot be read.
pub fn history(view: &View, chamber: &Chamber, matter: &Phrase) -> Result<Verdict, Failure> {
    let mut histories: BTreeMap<Name, Vec<Enacted<Response>>> = BTreeMap::new();
    let hear = |whose: Name, enacted: Enacted<Response>| {
        if enacted.response.as_ref().is_some_and(|told| is_change(told, Some(matter))) {
            histories.entry(whose).or_default().push(enacted);
        }
    };
    let answer = view.inquiry.with_archive().answer(chamber, MINUTE, hear)?;
    let Shelved { whose, book, in_book_through, .. } = match answer {
        Ok(shelved) => shelved,
        Err(error) => return Ok(not_now(error)),
    };
    let history = histories.remove(&whose).unwrap_or_default();
    let mut page = Page::open();
    if view.json {
        let changes: Vec<Value> = history.iter().map(in_json).collect();
        let told = json!({
            "version": 1, "matter": matter, "changes": changes, "ledger": whose,
            "completeThrough": book.complete_through(),
        });
        page.line(&told.to_string())?;
        return Ok(Verdict::Done);
    }
    for enacted in &history {
        page.line(&line(enacted))?;
    }
    if in_book_through > 0 {
        crate::commands::page::aside!(
            "The archive is not here: of decrees through {in_book_through} the law book tells what they left, not what they changed."
        );
    }
    crate::commands::page::aside!("{}", as_of(&whose, &book));
    Ok(Verdict::Done)
}

/// Prints each change of the law once, when the first ledger is complete through it.
///
/// # Errors
/// When there is no Parliament here, or its ledgers cannot be read.
pub fn follow(
    chamber: &Chamber,
    matter: Option<&Phrase>,
    after: Option<DecreeNumber>,
    json: bool,
) -> Result<Verdict, Failure> {
    let interrupted = super::ending::catch_interrupts()?;
    let mut shelf = Shelf::of(chamber, None, after.is_some())?;
    let mut page = Page::open();
    let mut told_through = after;
    while !interrupted.load(Ordering::Relaxed) {
        let mut news = BTreeMap::new();
        shelf.look(&mut |_, enacted| {
            news.entry(enacted.number).or_insert(enacted);
        })?;
        let last = news.last_key_value().map(|(&number, _)| number);
        // Changes from before this command are printed only if the user asked for them.
        let from = *told_through.get_or_insert(last.unwrap_or_default());
        for enacted in
            news.range((Bound::Excluded(from), Bound::Unbounded)).map(|(_, enacted)| enacted)
        {
            if enacted.response.as_ref().is_some_and(|told| is_change(told, matter)) {
                page.line(&if json { told(enacted) } else { line(enacted) })?;
            }
        }
        told_through = told_through.max(last);
        if page.is_closed() {
            break;
        }
        std::thread::sleep(LOOK);
    }
    Ok(Verdict::Done)
}

/// Whether an entry of the law changed, on this matter if one is given.
fn is_change(response: &Response, matter: Option<&Phrase>) -> bool {
    match matter {
        Some(matter) => response.changed_the_law_on(matter),
        None => response.changed_the_law(),
    }
}

fn line(enacted: &Enacted<Response>) -> String {
    let response = enacted.response.as_ref().map(ToString::to_string);
    format!("{}: {}", enacted.number, response.unwrap_or_default())
}

fn in_json(enacted: &Enacted<Response>) -> Value {
    json!({
        "number": enacted.number, "decree": enacted.decree.text(), "answer": enacted.response,
    })
}

/// A change as it is told on a line of its own.
fn told(enacted: &Enacted<Response>) -> String {
    let mut told = in_json(enacted);
    told["version"] = 1.into();
    told.to_string()
}
