//! The playground in the terminal: a scene, a person's commands, and what he is shown. No file and no
//! terminal is touched here but by what `view` draws.
//!
//! | file | what it tells |
//! |---|---|
//! | [`session`] | a scene that is played: the choices, and what is told after each |
//! | `sight` | what a person is shown of it |
//! | [`game`] | one who does not keep to the paper, and how few events convict him |
//! | [`predict`] | a question before a telling move |
//! | `beside` | two moments side by side |
//! | [`saved`] | in which form a scene is saved |
//! | [`plain`] | lines in, lines out: for pipes and screen readers |
//! | `view`, `screen` | the panes: what a key does, and where everything stands |

mod beside;
pub(crate) mod game;
pub(crate) mod plain;
pub(crate) mod predict;
pub(crate) mod saved;
#[cfg(feature = "tui")]
pub(crate) mod screen;
pub(crate) mod session;
mod sight;
#[cfg(all(test, feature = "tui"))]
mod tests;
#[cfg(feature = "tui")]
pub(crate) mod view;
