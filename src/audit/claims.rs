//! Checks the claims of priests about how complete their ledgers are, and α. `[PTP §3.1, §3.3.6]`
//!
//! NextBallot and Presence say through which decree their sender's ledger is complete. They rest on
//! lastTried. So every row above it was dry when they left, and no power failure takes it. Only a
//! law book that he had copied and not bound may be lost. So if another ledger begins with a book
//! that goes far enough, the finding is *lost* and not *broken*.

use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::rule::{Rule, Severity};
use super::testimony::Testimony;
use crate::records::record::MessageRow;
use crate::words::{DecreeNumber, Message};

const COPIED: &str = "he may have copied another's law book and crashed before he wrote it down";

/// Checks a letter that says through which decree its sender's ledger is complete.
pub(super) fn hear(row: &MessageRow, records: &Records, findings: &mut Findings) {
    let Some(sender) = records.of(row.from) else { return };
    let progress = &sender.progress;
    let (claimed, went, tried) = match &row.message {
        Message::NextBallot { ballot, complete_through } => {
            (*complete_through, progress.when_tried(*ballot), Some(ballot))
        }
        Message::Presence { last_tried, complete_through, .. } => {
            (*complete_through, progress.while_last_tried(*last_tried), None)
        }
        _ => return,
    };
    if claimed <= went {
        return;
    }
    let when = tried.map(|ballot| format!(" when he tried {ballot}")).unwrap_or_default();
    let why = format!(
        "{} says in {} that his ledger is complete through decree {claimed}, and it was through {went}{when}",
        row.from,
        row.message.kind(),
    );
    let shown = [Exhibit::of_letter(row)].into_iter();
    let shown = shown.chain(last_before_gap(sender, went, records)).collect();
    let is_lost = records.may_have_copied(sender, went, claimed);
    tell(Rule::CompleteThrough, is_lost, shown, why, findings);
}

/// Checks α: nobody may begin decree n before he knows every decree through n − α, because before
/// that it is not certain who votes on n. `[PTP §3.3.6]`
pub(super) fn judge_alpha(records: &Records, findings: &mut Findings) {
    let Some(alpha) = records.members.alpha() else { return };
    for ledger in &records.ledgers {
        for begun in &ledger.progress.ahead {
            let known = begun.complete_through;
            if begun.number <= known.saturating_add(alpha) {
                continue;
            }
            let mut facts = records.archive.of(begun.number).iter();
            let row = facts.find(|fact| (fact.ledger, fact.line) == (ledger.ledger, begun.line));
            let row = row.map(|fact| records.archive.exhibit(fact)).into_iter();
            let shown = row.chain(last_before_gap(ledger, known, records)).collect();
            let why = format!(
                "{} began {} for decree {} when his ledger was complete through {known}: α is {alpha}, so who votes on decrees above {} was not certain",
                ledger.owner,
                begun.ballot,
                begun.number,
                known + alpha
            );
            let is_lost = records.may_have_copied(ledger, known, begun.number - alpha);
            tell(Rule::Alpha, is_lost, shown, why, findings);
        }
    }
}

fn tell(rule: Rule, is_lost: bool, shown: Vec<Exhibit>, why: String, findings: &mut Findings) {
    match is_lost {
        true => findings.add(rule, Severity::Lost, shown, format!("{why}; {COPIED}")),
        false => findings.broken(rule, shown, why),
    }
}

/// The row of the last decree before the first gap of a ledger at that time.
fn last_before_gap(
    ledger: &Testimony,
    complete_through: DecreeNumber,
    records: &Records,
) -> Option<Exhibit> {
    let his = |fact: &&Fact| (fact.kind, fact.ledger) == (Kind::Outcome, ledger.ledger);
    let last = records.archive.of(complete_through).iter().find(his);
    last.map(|fact| records.archive.exhibit(fact))
}
