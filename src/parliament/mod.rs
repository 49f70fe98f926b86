//! The Parliament: how legislators pass decree after decree. `[PTP §3]`
//!
//! There is one Synod for each decree number, and one promise and one president for them all. The
//! rules of a ballot are the Synod's own ([`crate::synod::Notes`], [`crate::synod::conditions`]),
//! used anew for each number; this room does not restate them. [`crate::law`] says what decrees
//! mean. This room uses no file, clock, thread or chance. Read in this order:
//!
//! | file | what it tells | paper |
//! |---|---|---|
//! | `pages` | the ledger by decree number: decrees at the front, votes at the back | §3.1 |
//! | `quires` | the decrees at its front, in pieces of 512 | §3.1 |
//! | [`legislator`] | steps 2, 4 and 6: promise, vote, ink | §3.1 |
//! | `legislator/presiding` | steps 1, 3 and 5: try, preside, pass | §3.1 |
//! | `office` | none, candidate or president | §2.2, §3.1 |
//! | `candidate` | a legislator who tries a ballot: LastVote replies of many rows | §3.1 |
//! | `president` | his slip and his polls: open numbers, gaps, what B3 binds, α | §3.1, §3.3.6 |
//! | `desk` | the decrees he may choose from where B3 leaves him free | §3.1, §3.3.5 |
//! | `colleagues` | who has the better claim to the chair; the cure for slow writers | §2.4, §3.3.1 |
//! | `legislator/chair` | taking the chair, giving it up, patience | §2.4, §3.3.1 |
//! | `inquiry`, `legislator/copying` | copying missing decrees from another's ledger | §3.1, §3.3.1 |
//! | `books` | long ledgers: writing a law book, and copying another's | §3.3.2 |
//! | `petitions`, `legislator/petitioning` | petitions that wait, and are handed on | §3.1 |
//! | `restating` | redundant decrees, so that spoilt law books agree again | §3.3.5 |
//! | `window` | a map for decree numbers that are close together | §3.1 |
//! | `legislator/attendance` | entering, reading letters, the hourglasses, leaving | §2.4 |

pub(crate) mod books;
pub(crate) mod candidate;
pub(crate) mod colleagues;
mod desk;
mod inquiry;
pub mod legislator;
pub(crate) mod office;
pub(crate) mod pages;
pub(crate) mod petitions;
pub(crate) mod president;
mod quires;
pub(crate) mod restating;
mod voice;
pub(crate) mod window;

pub use crate::law::grammar::OLIVE_DAY;
pub use candidate::Candidate;
pub use legislator::Legislator;
pub use pages::{Page, Pages};
pub use president::President;

use crate::words::ballot::{Decree, DecreeNumber, LONGEST_DECREE, LONGEST_PETITION};

/// A legislator who is behind by more decrees than this is far behind: he does not preside before
/// he has copied (§3.3.1). It is also the most decrees that answer one inquiry. Ours.
pub const FAR_BEHIND: DecreeNumber = 1000;

/// The most bytes of decrees and ids that answer one letter. Ours.
pub const LONGEST_ANSWER: usize = 1 << 18;

/// So that an answer always tells something.
const _: () = assert!(LONGEST_DECREE + LONGEST_PETITION <= LONGEST_ANSWER);

/// The olive-day decree (a *no-op*), with which a president fills the gaps in his ledger.
/// `[PTP §3.1]`
#[doc(alias = "no-op")]
#[doc(alias = "noop")]
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "the constant is a decree, and a test says so")]
pub fn olive_day() -> Decree {
    Decree::new(OLIVE_DAY).expect("the olive-day decree is one harmless line")
}
