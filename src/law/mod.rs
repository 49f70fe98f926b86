//! The law: what decrees mean, who may vote, who holds an office. `[PTP §3.3.2 to §3.3.6, §4.1]`
//!
//! A ledger is a list of decrees; the law is the state they make, applied in order. Nothing here
//! knows a file, a clock, a thread or chance: times stand in the decrees, and the caller brings
//! the hour along. The grammar has a page of its own, `docs/law.md`. Read in this order:
//!
//! | file | what it tells | paper |
//! |---|---|---|
//! | `state_machine` | what a decree does to a state | §4.1 |
//! | `law_book` | a state, and the number through which it is complete | §3.3.2, §3.3.4 |
//! | `binding` | the law book in writing: rows for a ledger or a letter | §3.3.2 |
//! | `ids` | the ids of petitions, each counted once | §3.3.2 |
//! | `phrase`, [`grammar`] | a decree's text to its [`Meaning`] | |
//! | `wording` | a meaning to its text, which reads back | |
//! | `near_miss` | the form that a decree of no form resembles | |
//! | `admission` | what is refused before it is passed | |
//! | `matters` | what the law says, matter by matter | §3.3.2 |
//! | `membership` | who votes on decree n: the law as of n − α; the sailors | §3.3.6 |
//! | `calendar`, [`offices`] | bureaucrats and their terms | §3.3.3 |
//! | `areas` | areas of the law, and the specialist of each | §3.3.4 |
//! | `response` | what a decree answers | §4.1 |
//! | `enactment` | the Paxons' own state machine: all of these together | |

pub(crate) mod admission;
pub(crate) mod areas;
pub(crate) mod binding;
pub(crate) mod calendar;
pub(crate) mod enactment;
pub mod grammar;
pub(crate) mod ids;
pub(crate) mod law_book;
pub(crate) mod matters;
pub(crate) mod membership;
pub(crate) mod near_miss;
pub mod offices;
pub(crate) mod phrase;
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
pub use calendar::{Moment, MomentError, Term};
pub use enactment::Law;
pub use grammar::Meaning;
pub use ids::Ids;
pub use law_book::NotYet;
pub use law_book::{Enacted, LawBook};
pub use matters::{Matters, Statute};
pub use membership::Seats;
pub use near_miss::Form;
pub use offices::Offices;
pub use phrase::Phrase;
pub use phrase::PhraseError;
pub use response::Declared;
pub use response::{Refusal, Response};
pub use state_machine::StateMachine;
