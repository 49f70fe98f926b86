//! The gods' eye: a judge of records, who shares no rule with the judged. `[PTP §2.2]`
//!
//! "B is a quantity observed only by the gods": the [`Auditor`] puts it together from ledgers and
//! messagebooks alone. It shares *data types* with the priests, names, ballot numbers, rows and
//! letters, and no rule: majority, MaxVote, B1 to B3 and every promise are written again in here,
//! so it cannot inherit a priest's mistakes. It knows no file.
//!
//! | file | what it tells |
//! |---|---|
//! | `rule` | the rules, their sections, how bad it is to break one |
//! | `finding` | a finding: rule, rows, why |
//! | `fact` | the numbered rows of all ledgers, kept small |
//! | `testimony` | one ledger in its own order: promises, tries, seals |
//! | `progress` | how far a ledger went when ballots were tried and begun |
//! | `reading` | what decrees say |
//! | `law`, `ids`, `bound`, `books` | law books against the decrees they stand for |
//! | `members` | who votes on each number: the law as of n − α |
//! | `ballots` | B of one number; majority, MaxVote, B1 to B3 |
//! | `heard` | everything the ledgers say, ready to be judged |
//! | `offices` | who holds which office, and the times of decrees |
//! | `decrees` | one number judged: conditions, votes, I1, consistency |
//! | `order` | the order of decrees, and petitions sent twice |
//! | `hearing`, `success` | the letters against the ledgers: I7 |
//! | `claims` | *complete through n*, and α |
//! | `petitions` | what was asked for, and what stands under the petition's id |
//! | `auditor` | hears the ledgers, row by row |
//! | `judgment` | what comes of it: B, ballot by ballot, and the findings |
//!
//! # What a crash may take
//! A ledger loses rows from its end only, and only rows that nothing sent rested on. lastTried,
//! nextBal and prevVote are dry before NextBallot, LastVote and Voted leave; so a promise or vote
//! of which a letter tells, and a lastTried that others have promised, is in its ledger or was
//! never honestly made. BeginBallot and Success may leave while their rows dry: a ballot without
//! its beginBallot row, and a Success whose outcome nobody has inked, are [`Severity::Lost`] as long
//! as lastTried or the votes bear them out. A law book that was copied and is not bound yet may be
//! lost too, with all that its owner knew by it: so he may have said that he knew more than his
//! ledger shows.
//!
//! ```
//! use parliament::audit::Auditor;
//! let judgment = Auditor::new().judge();
//! assert!(judgment.is_consistent());
//! ```

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
mod members;
mod offices;
mod order;
mod petitions;
mod progress;
mod reading;
pub(crate) mod rule;
mod success;
mod testimony;

pub use auditor::Auditor;
pub use finding::{Exhibit, Finding};
pub use hearing::Hearing;
pub use judgment::{JudgedBallot, Judgment};
pub use rule::{Rule, Severity};
