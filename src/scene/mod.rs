//! A scene: a person moves the real priests.
//!
//! He delivers, loses and repeats their letters, lets them crash and return, and sees at each moment
//! what everybody may do, which guard forbids what, and which rules still hold. Nothing of a rule is
//! written here: priests act by [`crate::explore::Situation`] and [`crate::synod::Mortal`], and rules
//! are those of [`crate::invariants`].
//!
//! | file | what it tells |
//! |---|---|
//! | `moves` | what a person may do, in words and in short |
//! | `setting` | where a scene begins: who sits, at which level, who is a heretic |
//! | `script`, `script_words`, `reader`, `commands` | a scene as text, and the errors by line and column |
//! | `seat` | one priest: what he does, and when the power fails |
//! | `spoken` | how his deeds are told, and the guard that kept him from one |
//! | `stage` | a scene at one moment, and what comes of a move |
//! | `parchment` | his ledger, at which the power may fail |
//! | `told` | what happened in the course of a move |
//! | `judge` | the broken rules, and the rows that break them |
//! | `tree` | moments: undo, redo, branches |
//! | `shortest` | the shortest run from a moment that breaks a rule |
//! | `ahead` | the same where priests look at hourglasses |
//! | `offers` | what may be done, and what would come of it |
//! | `answer` | all of it as JSON |
//! | `replay` | a script played to its end, and the facts of it |

mod ahead;
pub(crate) mod answer;
pub(crate) mod commands;
mod judge;
pub(crate) mod moves;
pub(crate) mod offers;
mod parchment;
mod reader;
pub(crate) mod replay;
pub(crate) mod script;
pub(crate) mod script_words;
mod seat;
pub(crate) mod setting;
pub(crate) mod shortest;
mod spoken;
pub(crate) mod stage;
pub(crate) mod told;
pub(crate) mod tree;

pub use answer::answer;
pub use commands::Command;
pub use judge::Broken;
pub use moves::{CrashAt, Move, Which, row_in_words};
pub use offers::Offer;
pub use replay::{Facts, Heretics, replay};
pub use script::Script;
pub use script_words::{Place, ScriptError};
pub use setting::{Level, Setting};
pub use shortest::{Bounds, Found};
pub use spoken::Refusal;
pub use stage::{Scene, Sight};
pub use told::{Carried, Happened, Told};
pub use tree::{Moment, Tree};
