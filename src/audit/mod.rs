//! The gods' eye: a judge of records who shares no rule with the priests. `[PTP §2.2]`
//!
//! "B is a quantity observed only by the gods." The [`Auditor`] builds it from ledgers and
//! messagebooks only. It shares *data types* with the priests (names, ballot numbers, rows,
//! letters) and no rule. Majority, MaxVote, B1 to B3 and every promise are written again here, so
//! that it cannot have the same mistakes as a priest. It opens no file.
//!
//! | file | contents |
//! |---|---|
//! | `rule` | the rules, their sections, and the severities |
//! | `finding` | a finding: rule, rows, reason |
//! | `fact` | a numbered row of a ledger, in a small form |
//! | `texts`, `named` | the texts and the ballots in such rows, each kept once |
//! | `merged` | the rows of all ledgers in one order |
//! | `archive` | all of these together |
//! | `testimony` | one ledger in its own order: promises, tries, seals |
//! | `progress` | how complete a ledger was when ballots were tried and begun |
//! | `reading` | reading the texts of decrees |
//! | `law`, `ids`, `bound`, `books` | checking law books against their decrees |
//! | `members` | the members who vote on each number: the law as of n − α |
//! | `ballots` | B of one number; majority, MaxVote, B1 to B3 |
//! | `heard` | all rows of the ledgers, ready to be judged |
//! | `offices` | the holders of offices, and the times of decrees |
//! | `decrees` | judging one number: conditions, votes, I1, consistency |
//! | `order` | the order of decrees, and petitions sent twice |
//! | `letters`, `success` | checking the letters against the ledgers: I7 |
//! | `claims` | *complete through n*, and α |
//! | `petitions` | checking petitions against the decrees under their ids |
//! | `auditor` | receiving the ledgers, row by row |
//! | `hearing` | receiving the letters; then the questions that the records answer |
//! | `judgment` | the result: B, ballot by ballot, and the findings |
//!
//! # Rows that a crash may take
//! A ledger loses rows only from its end, and only rows on which no letter that has left rests.
//! lastTried, nextBal and prevVote are dry before NextBallot, LastVote and Voted leave. So a
//! promise or vote in a letter, and a lastTried that others have promised, must be in its ledger.
//! BeginBallot and Success may leave while their rows dry. So a ballot without its beginBallot row,
//! and a Success whose outcome is in no ledger, are only [`Severity::Lost`], if lastTried or the
//! votes support them. A law book that was copied and not bound yet may be lost too. So its owner
//! may have said that he knew more than his ledger shows.
//!
//! ```
//! use parliament::audit::Auditor;
//! let judgment = Auditor::new().judge();
//! assert!(judgment.is_consistent());
//! ```

mod archive;
mod auditor;
mod ballots;
mod books;
mod bound;
mod claims;
mod decrees;
mod fact;
pub(crate) mod finding;
mod heard;
mod hearing;
mod ids;
pub(crate) mod judgment;
mod law;
mod letters;
mod members;
mod merged;
mod named;
mod offices;
mod order;
mod petitions;
mod progress;
mod reading;
pub(crate) mod rule;
mod success;
mod testimony;
mod texts;

pub use auditor::Auditor;
pub use finding::{Exhibit, Finding};
pub use hearing::Hearing;
pub use judgment::{JudgedBallot, Judgment};
pub use letters::Letters;
pub use rule::{Rule, Severity};
