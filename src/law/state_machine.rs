//! The state machine approach: a state that decrees change. `[PTP §4.1]`

use crate::words::{Decree, DecreeNumber};

/// A state that decrees change, one after another. `[PTP §4.1]`
///
/// The response and the new state depend only on the decree and the old state: on no clock, no
/// chance and no file. So all who apply the same decrees in the same order get the same responses
/// and states.
pub trait StateMachine {
    /// The answer to a decree.
    type Response;

    /// Applies decree `number`, which follows every decree applied so far, and returns the
    /// response.
    fn apply(&mut self, number: DecreeNumber, decree: &Decree) -> Self::Response;
}
