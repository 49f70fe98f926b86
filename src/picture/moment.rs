//! The acts of one priest at one moment, and the moments that share a row.
//!
//! A priest who reads a letter inks his rows and sends his replies in the same minute: that is one
//! moment. Moments of different priests that do not bear on each other have no order of their
//! own, so those of one hour, as it is written, share a row; the rows keep every cause above its
//! effect. Petitions that one citizen hands to one priest in that hour are one moment.

use std::collections::HashMap;
use std::ops::Range;

use super::model::Chronicle;
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::{Minutes, Name};

/// The acts of one priest, or of the messengers, at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The lifeline, as an index of [`Chronicle::priests`]; `None` for the messengers.
    pub column: Option<usize>,
    /// When.
    pub at: Minutes,
    /// Which events.
    pub events: Range<usize>,
    /// In which row it is drawn.
    pub row: usize,
}

/// All moments of a chronicle, in order, and for each event its moment.
#[derive(Debug)]
pub struct Moments {
    /// The moments.
    pub moments: Vec<Moment>,
    /// For each event, the index of its moment.
    pub of_event: Vec<usize>,
    /// How many rows there are.
    pub rows: usize,
}

impl Moments {
    /// Gathers events into moments, and moments into rows.
    #[must_use]
    pub fn of(chronicle: &Chronicle) -> Moments {
        let columns: HashMap<Name, usize> =
            chronicle.priests.iter().enumerate().map(|(column, name)| (*name, column)).collect();
        let mut moments: Vec<Moment> = Vec::new();
        let mut of_event = Vec::with_capacity(chronicle.events.len());
        for (index, told) in chronicle.events.iter().enumerate() {
            let column = told.actor.and_then(|name| columns.get(&name).copied());
            let goes_on = moments.last().is_some_and(|last: &Moment| {
                let before = chronicle.events[last.events.end - 1].happening();
                last.column == column
                    && (last.at == told.at() && !begins_anew(told.happening())
                        || tenths(last.at) == tenths(told.at())
                            && petition(before).is_some()
                            && petition(before) == petition(told.happening()))
            });
            if goes_on {
                moments.last_mut().expect("there is a last moment").events.end = index + 1;
            } else {
                moments.push(Moment { column, at: told.at(), events: index..index + 1, row: 0 });
            }
            of_event.push(moments.len() - 1);
        }
        let rows = share_rows(chronicle, &mut moments, &of_event);
        Moments { moments, of_event, rows }
    }
}

/// A letter from another, and a coming or going, begin a moment.
fn begins_anew(happening: &Happening) -> bool {
    match happening {
        Happening::Receive { from, to, .. } | Happening::Ignore { from, to, .. } => from != to,
        Happening::Enter(_) | Happening::Leave(_) => true,
        _ => false,
    }
}

/// The citizen and the priest, if a petition is handed in.
fn petition(happening: &Happening) -> Option<(Name, Name)> {
    let (from, to, message) = match happening {
        Happening::Receive { from, to, message } | Happening::Ignore { from, to, message } => {
            (*from, *to, message)
        }
        _ => return None,
    };
    (message.kind() == Kind::Petition).then_some((from, to))
}

/// An hour in tenths of a minute, as it is written beside a row.
#[must_use]
pub const fn tenths(at: Minutes) -> u64 {
    at.in_thousandths() / 100
}

/// Gives each moment the row of the one before it, or the next one.
fn share_rows(chronicle: &Chronicle, moments: &mut [Moment], of_event: &[usize]) -> usize {
    let (mut row, mut hour) = (0, 0);
    let mut taken = vec![false; chronicle.priests.len()];
    for index in 0..moments.len() {
        let moment = &moments[index];
        let caused_here = moment.events.clone().any(|event| {
            let flight = chronicle.events[event].flight.map(|flight| &chronicle.flights[flight]);
            let sent = flight.and_then(|flight| flight.sent).map(|sent| of_event[sent]);
            sent.is_some_and(|sent| sent != index && moments[sent].row == row)
        });
        let collides = moment.column.is_some_and(|column| taken[column]);
        if caused_here || collides || tenths(moment.at) != hour {
            row += usize::from(index > 0);
            hour = tenths(moment.at);
            taken.fill(false);
        }
        if let Some(column) = moment.column {
            taken[column] = true;
        }
        moments[index].row = row;
    }
    row + 1
}
