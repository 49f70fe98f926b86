//! Records and verdicts, drawn. Nothing here knows how a priest decides.

pub mod figure_one;
