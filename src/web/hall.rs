//! What the requests of a page have in common.

use super::desk::Desk;
use super::gate::Gate;

/// What a page begins with.
pub(crate) struct Beginning {
    /// The script, in either form.
    pub(crate) start: String,
    /// The first line of a script that is saved.
    pub(crate) mark: &'static str,
}

/// What the requests of a page have in common.
pub(super) struct Hall {
    pub(super) gate: Gate,
    pub(super) desk: Desk,
    pub(super) beginning: Beginning,
}
