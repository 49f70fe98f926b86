//! The plan of a simulation.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cast::Cast;
use super::nemesis::Nemeses;
use crate::invariants::Invariant;
use crate::words::{Founding, Minutes, Name};

/// The plan of a simulation. One plan is one run, to the byte.
#[derive(Clone)]
pub struct Plan<'a> {
    /// From which every draw follows.
    pub seed: u64,
    /// The founders.
    pub founding: Arc<Founding>,
    /// How many decrees are petitioned for; 1 is the Synod's.
    pub decrees: u64,
    /// Whether citizens petition for changes of the law: then, whom they may have seated beside
    /// the founders.
    pub law: Option<Vec<Name>>,
    /// The fixed rates of the roads; the others are drawn.
    pub roads: Roads,
    /// Those who never come.
    pub absent: BTreeSet<Name>,
    /// The nemeses that may strike.
    pub nemeses: Nemeses,
    /// The kind of priests.
    pub cast: &'a dyn Cast,
    /// The rules to watch for; where these are fewer than [`Invariant::OF_SYNOD`], the records are not
    /// audited.
    pub watch: Vec<Invariant>,
}

impl Plan<'_> {
    /// Everyone who may come: the founders, and then those who may be seated.
    pub fn everyone(&self) -> impl Iterator<Item = Name> + '_ {
        let founders = &self.founding.membership;
        let others = self.law.iter().flatten().copied().filter(|&name| !founders.has(name));
        founders.names().chain(others)
    }

    /// Whether all is watched for that can be, so that the records are audited too.
    #[must_use]
    pub fn is_audited(&self) -> bool {
        Invariant::OF_SYNOD.iter().all(|rule| self.watch.contains(rule))
    }
}

/// The fixed rates of the roads.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Roads {
    /// How likely a letter is lost.
    pub lose: Option<f64>,
    /// How likely a letter is carried once more.
    pub repeat: Option<f64>,
    /// The least and the greatest time a letter takes.
    pub delay: Option<(Minutes, Minutes)>,
}
