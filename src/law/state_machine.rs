//! The state machine approach: what a decree does to a state. `[PTP §4.1]`

use crate::words::{Decree, DecreeNumber};

/// A state that decrees change, one after another. `[PTP §4.1]`
///
/// Response and new state are functions of the decree and the state, of nothing else: no clock, no
/// chance, no file. So all who apply the same decrees in the same order say and hold the same.
pub trait StateMachine {
    /// The answer to a decree.
    type Response;

    /// Applies decree `number`, which follows every decree applied so far.
    fn apply(&mut self, number: DecreeNumber, decree: &Decree) -> Self::Response;
}
