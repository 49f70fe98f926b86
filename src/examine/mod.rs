//! A novice is examined before he may sit: somebody else's priest, in any language, of whom nothing
//! is known but what his program answers.
//!
//! | file | what it tells |
//! |---|---|
//! | `question`, `answer` | the interface: one line of JSON in, one out |
//! | `place`, `mistake` | where in an answer something is wrong, and its repair |
//! | `trouble` | what a program did against the manners |
//! | `manners` | what he is asked first |
//! | `hall` | the worlds in which he sits, among priests of the house or alone |
//! | `walk`, `scenes` | a scene played move by move; those that show one guard each |
//! | `storm` | everything at random from a seed, then locked doors |
//! | `seat` | his seat in a Chamber of files and threads |
//! | `passages` | short passages of the Parliament, one rule each |
//! | `laid` | their events, laid before the auditor |
//! | `bench`, `sittings` | his seat in the Parliament, decree after decree; sittings with one trouble each, or all |
//! | `search` | what is searched of him |
//! | `roads` | the shortest run of each heresy, on which he sits in the heretic's place |
//! | `telling` | the shortest run in which he breaks a rule, beside what the paper has him do |
//!
//! He is convicted for rules that he breaks, never by differing from a priest of the house. The page
//! for the writer of one is `docs/novice.md`. Nothing here starts a program: that is for those who
//! embody a [`Novice`].

mod answer;
mod bench;
mod hall;
mod laid;
mod manners;
mod mistake;
mod passages;
mod place;
mod question;
mod roads;
mod scenes;
mod search;
mod seat;
mod sittings;
mod storm;
mod telling;
mod trouble;
mod walk;

pub use answer::Answer;
pub use hall::Novice;
pub use laid::Ran;
pub use manners::{Courtesy, courtesies, say_the_same};
pub use passages::play_passages;
pub use question::{Level, Question};
pub use roads::{CANNOT_BE_HELD, Walked, roads};
pub use scenes::play;
pub use search::{USUAL, parts};
pub(crate) use seat::{Seat, Sitter};
pub use sittings::{SatFault, sit_in_parliament, troubles};
pub use storm::{Weathered, storm};
pub use telling::{Conviction, Sin};
pub use trouble::{Misconduct, Trouble};
