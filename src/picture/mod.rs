//! The chronicle: every message, every ledger, and why. Ours; drawn from records alone.
//!
//! One model, three forms. Nothing here knows how a priest decides, nor judges what he did: the
//! picture keeps its own small account of what each ledger and slip say, and draws what the auditor
//! finds in the same records, and nothing else.
//!
//! | file | what it tells |
//! |---|---|
//! | [`record`] | one event, and the row and place it was read from |
//! | [`mod@derive`] | a run as a chamber's records allow it to be told |
//! | `order` | in which order its rows are told |
//! | `desk` | what a priest's ledger and slip say, by the records |
//! | [`ballots`] | B, as the gods see it at one moment, as in Figure 1 |
//! | [`judged`] | what the auditor says of it: faults, and B1 to B3 of each ballot |
//! | [`laid`] | a trace laid before the auditor |
//! | `figure_one` | B of one decree as a table of text |
//! | `scene` | the Chamber at one moment: desks, B, letters |
//! | `why` | one sentence for each event, with the guard's real values and the section |
//! | [`history`] | how each ledger, slip and ballot came to be, for those who step |
//! | [`flight`] | the way of a letter, from hand to hand, and its fate |
//! | [`teller`] | tells event after event: why, and what became of the letter |
//! | [`tally`] | what a run came to, and which of its steps are told |
//! | `model` | the chronicle: events, flights, histories |
//! | [`long`], `overview` | a window of a long run, and the whole of it at a glance |
//! | [`moment`] | what one priest does at one moment, and which moments share a row |
//! | [`fold`] | stretches that tell of finished decrees alone, drawn as one line |
//! | [`layout`], `label`, `labels` | where everything stands, so that no label lies over an arrow |
//! | `phase` | where each step of §2.3 begins |
//! | `notes` | what a teacher may ask at each step |
//! | `rows` | how far apart rows are, and the hour beside each |
//! | `hue` | the colours of ballots |
//! | `breadth` | how many pixels a text takes on a page |
//! | `cells` | how much room a text takes in a terminal |
//! | `lifelines` | a line of text for each event |
//! | [`text`], `svg`, `html` | the three forms |
//! | [`live`], `terminal` | the same of a run that goes on, in the terminal |
//! | `aired` | the same as a page is shown it |

#[cfg(feature = "web")]
pub(crate) mod aired;
pub mod ballots;
pub(crate) mod breadth;
pub(crate) mod cells;
pub mod derive;
pub(crate) mod desk;
pub(crate) mod figure_one;
pub mod flight;
pub mod fold;
pub mod history;
#[cfg(feature = "chronicle")]
pub mod html;
pub(crate) mod hue;
pub mod judged;
pub(crate) mod label;
pub(crate) mod labels;
pub mod laid;
pub mod layout;
pub(crate) mod lifelines;
pub mod live;
pub mod long;
pub(crate) mod model;
pub mod moment;
pub(crate) mod notes;
pub(crate) mod order;
pub(crate) mod overview;
pub(crate) mod phase;
pub mod record;
mod rows;
pub(crate) mod scene;
#[cfg(feature = "chronicle")]
pub mod svg;
pub mod tally;
pub mod teller;
#[cfg(feature = "tui")]
pub mod terminal;
pub mod text;
pub(crate) mod why;

pub use desk::{Desk, Poll, Slip};
pub use hue::Hues;
pub use judged::Judged;
pub use label::{Box4, Label, Tells};
pub use model::{Chronicle, Untellable};
pub use overview::{Overview, Stretch};
pub use record::Record;
pub use scene::{Scene, Taken};
pub use why::Why;
