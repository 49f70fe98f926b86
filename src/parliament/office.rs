//! A legislator's office: none, candidate, president. `[PTP §2.2, §3.1]`

use super::candidate::Candidate;
use super::president::President;
use crate::words::step::Guard;

/// A legislator's office, which is the Synod's status. It is lost with the slip of paper.
/// `[PTP §2.2]`
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
pub enum Office {
    /// He is not the president, or has no ballot under way.
    #[default]
    None,
    /// He has tried ballot lastTried for every number, and collects replies.
    Trying(Candidate),
    /// A majority set has replied in ballot lastTried: he presides.
    Presiding(President),
}

impl Office {
    /// The office in a word.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Office::None => "none",
            Office::Trying(_) => "trying",
            Office::Presiding(_) => "presiding",
        }
    }

    /// The president, if he presides.
    #[must_use]
    pub const fn president(&self) -> Option<&President> {
        match self {
            Office::Presiding(president) => Some(president),
            Office::None | Office::Trying(_) => None,
        }
    }

    /// The candidate; step 3 requires status = trying. `[PTP §2.3 (3)]`
    pub(super) fn trying(&mut self) -> Result<&mut Candidate, Guard> {
        match self {
            Office::Trying(candidate) => Ok(candidate),
            other => Err(Guard::Status { is: other.as_str(), not: "trying" }),
        }
    }

    /// The president; step 5 requires status = presiding, the Synod's polling. `[PTP §2.3 (5)]`
    pub(super) fn presiding(&mut self) -> Result<&mut President, Guard> {
        match self {
            Office::Presiding(president) => Ok(president),
            other => Err(Guard::Status { is: other.as_str(), not: "presiding" }),
        }
    }
}
