//! How far a search has come, for those who look on meanwhile; and whether it is to stop.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The progress of a search. It can be read from another thread.
#[derive(Default)]
pub struct Gauge {
    states: AtomicU64,
    gone_through: AtomicU64,
    depth: AtomicU64,
    bytes: AtomicU64,
    stop: Option<&'static AtomicBool>,
    most_bytes: Option<u64>,
}

/// Why a search ended before its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// It was told to.
    Interrupted,
    /// Its states took all the memory that they may take.
    OutOfMemory,
}

impl Gauge {
    /// A gauge that makes the search stop soon after `stop` becomes true, or when its states take
    /// more than this many bytes.
    #[must_use]
    pub fn that_stops(stop: &'static AtomicBool, most_bytes: u64) -> Gauge {
        Gauge { stop: Some(stop), most_bytes: Some(most_bytes), ..Gauge::default() }
    }

    /// How many states were reached.
    #[must_use]
    pub fn states(&self) -> u64 {
        self.states.load(Ordering::Relaxed)
    }

    /// How many of them were gone through: what may happen next there is known.
    #[must_use]
    pub fn gone_through(&self) -> u64 {
        self.gone_through.load(Ordering::Relaxed)
    }

    /// How many events deep the search is.
    #[must_use]
    pub fn depth(&self) -> u64 {
        self.depth.load(Ordering::Relaxed)
    }

    /// The memory that states take, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Why the search must stop, if it must.
    #[must_use]
    pub fn must_stop(&self) -> Option<Stopped> {
        let is_told_to = |stop: &AtomicBool| stop.load(Ordering::Relaxed);
        if self.stop.is_some_and(is_told_to) {
            Some(Stopped::Interrupted)
        } else {
            let is_full = self.most_bytes.is_some_and(|most| self.bytes() > most);
            is_full.then_some(Stopped::OutOfMemory)
        }
    }

    pub(crate) fn add(&self, states: usize, gone_through: usize, bytes: usize) {
        self.states.fetch_add(states as u64, Ordering::Relaxed);
        self.gone_through.fetch_add(gone_through as u64, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn deeper(&self) {
        self.depth.fetch_add(1, Ordering::Relaxed);
    }
}
