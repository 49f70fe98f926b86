//! The things that the requests of a page share.

use std::net::IpAddr;
use std::sync::Arc;

use super::classroom::Classroom;
use super::desk::Desk;

/// The beginning of a page.
pub(crate) struct Beginning {
    /// The script, in either form.
    pub(crate) start: String,
    /// The first line of a script that is saved.
    pub(crate) mark: &'static str,
    /// Whether a class is held.
    pub(crate) is_class: bool,
    /// The address at which phones reach this machine, where it is not the usual one.
    pub(crate) phones_at: Option<IpAddr>,
}

/// The things that the requests of a page share.
pub(super) struct Hall {
    pub(super) desk: Desk,
    pub(super) beginning: Beginning,
    /// The class that is held here, if one is.
    pub(super) classroom: Option<Arc<Classroom>>,
    /// Where its phones come in.
    pub(super) phones_address: String,
    /// Where the moves are answered that phones make on their own.
    pub(super) phones_desk: Desk,
}
