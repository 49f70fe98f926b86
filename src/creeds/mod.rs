//! How a broken priest decides: wrappers over the sound one, at the seams between him and the world.
//!
//! | file | what it tells |
//! |---|---|
//! | `creed` | how a priest performs each action; the paper's creed by default |
//! | `conduct` | what a priest does at one event, by his creed |
//! | `believer` | a priest of some creed, whom an hourglass asks for his acts |
//! | `forgery` | how a heretic comes to a state that no priest comes to |
//! | `presidents`, `voters`, `ledgers` | broken creeds of the Synod, by who errs |
//! | `custom` | how a legislator behaves at the seams between him and the world |
//! | `legislators`, `officers` | broken customs of the Parliament, and of its law |
//! | `novice` | the door through which the answers of a priest of your own become deeds |
//!
//! The sound rules hold no trace of any of this: one decision of a [`Creed`] or of a [`Custom`] is
//! substituted. Which rule that breaks, and when, stands in the table of heresies.

pub(crate) mod believer;
pub(crate) mod conduct;
pub(crate) mod creed;
pub(crate) mod custom;
pub(crate) mod forgery;
pub(crate) mod ledgers;
pub(crate) mod legislators;
pub(crate) mod novice;
pub(crate) mod officers;
pub(crate) mod presidents;
pub(crate) mod voters;

pub use conduct::{Event, act};
pub use creed::{Creed, Orthodox};
pub use custom::{Custom, Usual};
