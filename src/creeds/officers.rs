//! Broken customs of presidents and officers, which show in the law. `[PTP §2.4, §3.3]`

use super::Custom;
use crate::parliament::legislator::Hourglass;
use crate::words::{Entry, Heading, Minutes};

/// Never gives a ballot up because nobody answers: for that he has no hourglass.
pub(crate) struct WaitsForEver;

impl Custom for WaitsForEver {
    fn hourglasses(&self) -> &[Hourglass] {
        const OTHERS: [Hourglass; 5] = [
            Hourglass::Name,
            Hourglass::Chair,
            Hourglass::Copying,
            Hourglass::Restating,
            Hourglass::Book,
        ];
        &OTHERS
    }

    fn keeps_time(&self) -> bool {
        true
    }
}

/// Acts in an office as soon as his own clock lets him.
pub(crate) struct WaitsForNothing;

impl Custom for WaitsForNothing {
    fn waits_out(&self) -> Minutes {
        Minutes::ZERO
    }
}

/// One who presides, as far as he knows, tells the law from his own ledger.
pub(crate) struct AnswersInPerson;

impl Custom for AnswersInPerson {
    fn answers_in_person(&self) -> bool {
        true
    }
}

/// Leaves the ids of petitions out of his law books.
pub(crate) struct ForgetsPetitions;

impl Custom for ForgetsPetitions {
    fn ink(&self, row: Entry) -> Option<Entry> {
        let is_id = matches!(&row, Entry::Book(row) if row.heading == Heading::PetitionId);
        (!is_id).then_some(row)
    }
}
