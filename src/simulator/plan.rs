//! What is to be simulated.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cast::Cast;
use super::nemesis::Nemeses;
use crate::invariants::Rule;
use crate::synod::{Founding, Minutes, Name};

/// What is to be simulated. One plan is one run, to the byte.
#[derive(Clone)]
pub struct Plan<'a> {
    /// From which every draw follows.
    pub seed: u64,
    /// Who sits.
    pub founding: Arc<Founding>,
    /// How many decrees are petitioned for; 1 is the Synod's.
    pub decrees: u64,
    /// What is fixed of the roads; the rest is drawn.
    pub roads: Roads,
    /// Who never comes.
    pub absent: BTreeSet<Name>,
    /// What may go wrong.
    pub nemeses: Nemeses,
    /// Who is raised from the ledgers.
    pub cast: &'a dyn Cast,
    /// What the gods watch for; where it is not all, the records are not audited.
    pub watch: Vec<Rule>,
}

/// What is fixed of the roads.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Roads {
    /// How likely a letter is lost.
    pub lose: Option<f64>,
    /// How likely a letter is carried once more.
    pub repeat: Option<f64>,
    /// The least and the greatest time a letter takes.
    pub delay: Option<(Minutes, Minutes)>,
}
