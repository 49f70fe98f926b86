//! The law: the meaning of decrees, the members, and the offices. `[PTP §3.3.2 to §3.3.6, §4.1]`
//!
//! A ledger is a list of decrees. The law is the state that they make, applied in order. Nothing
//! here knows a file, a clock, a thread or chance: times stand in the decrees, and the caller gives
//! the present time. `docs/law.md` describes the grammar. Read in this order:
//!
//! | file | contents | paper |
//! |---|---|---|
//! | `state_machine` | a state that decrees change | §4.1 |
//! | `law_book` | a state, and the number through which it is complete | §3.3.2, §3.3.4 |
//! | `binding` | a law book as rows of a ledger or a letter | §3.3.2 |
//! | `ids` | the ids of petitions, each counted once | §3.3.2 |
//! | `phrase`, `grammar` | reading a decree's text into its [`Meaning`] | |
//! | `wording` | writing a meaning as a text | |
//! | `near_miss` | the form that a text of no form resembles | |
//! | `admission` | petitions that are refused | |
//! | `matters` | the law on each matter | §3.3.2 |
//! | `membership` | the members who vote on decree n: the law as of n − α; the sailors | §3.3.6 |
//! | `calendar`, `offices` | bureaucrats and their terms | §3.3.3 |
//! | `areas` | areas of the law, and the specialist of each | §3.3.4 |
//! | `response` | the answer to a decree | §4.1 |
//! | `enactment` | the Paxons' own state machine: all of these together | |

pub(crate) mod admission;
pub(crate) mod areas;
pub(crate) mod binding;
pub(crate) mod calendar;
pub(crate) mod enactment;
pub(crate) mod grammar;
pub(crate) mod ids;
pub(crate) mod law_book;
pub(crate) mod matters;
pub(crate) mod membership;
pub(crate) mod near_miss;
pub(crate) mod offices;
pub(crate) mod phrase;
mod places;
#[cfg(test)]
mod properties;
pub(crate) mod response;
#[cfg(test)]
mod said_again;
pub(crate) mod state_machine;
#[cfg(test)]
mod terms;
mod wording;

pub use areas::{Area, NoSpecialist};
pub use binding::BookRows;
pub use calendar::{Moment, MomentError, Term};
pub use enactment::Law;
pub use grammar::{Meaning, OLIVE_DAY};
pub use ids::Ids;
pub use law_book::NotYet;
pub use law_book::{Enacted, LawBook};
pub use matters::{Matters, Statute};
pub use membership::Seats;
pub use near_miss::Form;
pub use offices::{CLOCK_ERROR, Offices, Taken};
pub use phrase::Phrase;
pub use phrase::PhraseError;
pub use places::Places;
pub use response::Declared;
pub use response::{Refusal, Response};
pub use state_machine::StateMachine;
