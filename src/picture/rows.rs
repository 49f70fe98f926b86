//! How far apart the rows of a picture are, and which hour is written beside each.

use std::collections::BTreeSet;

use super::breadth::{self, Face};
use super::fold::Fold;
use super::model::Chronicle;
use super::moment::{Moments, tenths};
use super::teller::Told;
use crate::words::Minutes;
use crate::words::message::Kind;

/// The least distance of two rows.
const ROW: i32 = 30;
/// The least distance of two rows on other lifelines: their hours stand clear of each other.
const CLOSE: i32 = 20;
/// The least distance of a row in which nothing happens that is drawn.
const QUIET: i32 = 3;
/// How many such rows in a row take room.
const QUIET_ROWS: usize = 8;
/// The least distance of a row in which letters arrive from the row above.
const ARRIVAL: i32 = 60;
/// How far each row is from the one above, before labels ask for more.
pub(super) fn first_gaps(chronicle: &Chronicle, moments: &Moments) -> Vec<i32> {
    let mut asked = vec![0; moments.rows];
    let mut columns: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); moments.rows];
    for moment in &moments.moments {
        columns[moment.row].extend(moment.column);
        for event in moment.events.clone().filter(|event| !is_quiet(chronicle, *event)) {
            let flight = chronicle.events[event].flight.map(|flight| &chronicle.flights[flight]);
            let asks = match flight {
                Some(flight) if !flight.is_own() && flight.ended == Some(event) => ARRIVAL,
                _ => ROW,
            };
            asked[moment.row] = asked[moment.row].max(asks);
        }
    }
    let mut gaps = asked.clone();
    let (mut quiet, mut above) = (0, None);
    for row in 0..gaps.len() {
        if asked[row] == 0 {
            quiet += 1;
            gaps[row] = if quiet > QUIET_ROWS { 0 } else { QUIET };
            continue;
        }
        quiet = 0;
        // Rows that happen side by side, and letters that arrive one after another, need less.
        let before: Option<usize> = above.replace(row);
        if let Some(before) = before.filter(|before| asked[row] <= asked[*before]) {
            let apart = columns[row].is_disjoint(&columns[before]);
            gaps[row] = if apart { CLOSE } else { ROW + 4 };
        }
    }
    gaps
}

/// Whether an event is talk beside the story, or a citizen's sending, which stand in no row of
/// their own.
fn is_quiet(chronicle: &Chronicle, event: usize) -> bool {
    let told = &chronicle.events[event];
    let flight = told.flight.map(|flight| &chronicle.flights[flight]);
    flight.is_some_and(|flight| {
        flight.is_talk() || flight.kind() == Kind::Petition && told.actor.is_none()
    })
}

/// The text of each row's hour: empty where it is the hour of the row above.
pub(super) fn hours(chronicle: &Chronicle, moments: &Moments, folds: &[Fold]) -> Vec<String> {
    let mut hours: Vec<Option<Minutes>> = vec![None; moments.rows];
    for moment in &moments.moments {
        if moment.events.clone().any(|event| !is_quiet(chronicle, event)) {
            hours[moment.row].get_or_insert(moment.at);
        }
    }
    for fold in folds {
        hours[fold.rows.clone()].fill(None);
    }
    let mut written = None;
    let mut write = |at: Minutes| {
        let is_new = written.replace(tenths(at)) != Some(tenths(at));
        if is_new { hour(at) } else { String::new() }
    };
    hours.into_iter().map(|at| at.map(&mut write).unwrap_or_default()).collect()
}

/// How much room the hours take, the longest of them included.
pub(super) fn axis(chronicle: &Chronicle) -> i32 {
    let last = chronicle.events.last().map_or(Minutes::ZERO, Told::at);
    8 + breadth::of(&hour(last), Face::Plain).max(30)
}

/// Draws the rows of a fold as one.
pub(super) fn fold(mut gaps: Vec<i32>, folds: &[Fold]) -> Vec<i32> {
    for fold in folds {
        gaps[fold.rows.clone()].fill(0);
        gaps[fold.rows.start] = ROW + 6;
        if let Some(next) = gaps.get_mut(fold.rows.end) {
            *next = (*next).max(ARRIVAL);
        }
    }
    gaps
}

/// An hour with one decimal.
fn hour(at: Minutes) -> String {
    let tenths = tenths(at);
    format!("{}.{}", tenths / 10, tenths % 10)
}
