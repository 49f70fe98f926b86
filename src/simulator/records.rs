//! The records of a run: laid before the auditor, or written out as a chamber.

use std::path::PathBuf;
use std::sync::Arc;

use super::body::{Arrived, Body};
use super::report::Fault;
use super::storage::dated;
use crate::audit::{Auditor, Judgment, Severity};
use crate::records::message_row::{MESSAGE_HEADER, MessagePen};
use crate::records::record::{MessageRow, Place};
use crate::words::Name;

/// The records of a run: the bytes of every ledger and messagebook.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Records {
    /// Each priest's ledger.
    pub ledgers: Vec<(Name, Vec<u8>)>,
    /// Each priest's messagebook.
    pub messagebooks: Vec<(Name, Vec<u8>)>,
}

impl Records {
    /// The records of these bodies.
    pub(super) fn of(bodies: &[Body]) -> Records {
        Records {
            ledgers: seated(bodies).map(|body| (body.name, body.storage.bytes())).collect(),
            messagebooks: seated(bodies).map(|body| (body.name, book(body))).collect(),
        }
    }
}

/// Those who have a ledger.
fn seated(bodies: &[Body]) -> impl Iterator<Item = &Body> {
    bodies.iter().filter(|body| body.has_ledger)
}

fn book(body: &Body) -> Vec<u8> {
    let mut text = format!("{MESSAGE_HEADER}\n").into_bytes();
    let mut pen = MessagePen::default();
    for Arrived { at, from, message } in &body.book {
        // A pen that writes into memory does not fail.
        let _ = pen.write([(*from, message)], dated(*at), &mut text);
    }
    text
}

/// Judges the records as `parliament audit` would judge the files.
pub(super) fn audit(bodies: &[Body]) -> Judgment {
    let mut auditor = Auditor::new();
    for body in seated(bodies) {
        auditor.ledger(body.name);
        for row in body.storage.read() {
            auditor.ledger_row(body.name, &row);
        }
    }
    let mut hearing = auditor.hear_letters();
    for body in seated(bodies) {
        let file = Arc::new(PathBuf::from(format!("messagebooks/{}.csv", body.name)));
        for (letter, line) in body.book.iter().zip(2..) {
            let place = Place { file: Arc::clone(&file), line, column: 1 };
            let Arrived { at, from, message } = letter.clone();
            let at = Some(dated(at));
            hearing.message_row(&MessageRow { place, from, to: body.name, message, at });
        }
    }
    hearing.judge()
}

/// The auditor's first objection, if he has one.
pub(super) fn objection(judgment: &Judgment) -> Option<Fault> {
    let broken = judgment.findings().iter().find(|it| it.severity == Severity::Broken)?;
    Some(Fault::Audited { rule: broken.rule.to_string(), why: broken.why.clone() })
}
