//! The members, their weights, and the founding decree that names them. `[PTP §2.2, §3.3.6]`

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::ballot::{Decree, DecreeError, DecreeNumber};
use super::name::{Name, NameError};
use super::shown::first_hidden;
use super::spreadsheet::Misread;

/// The largest weight of one legislator, so that no sum of weights overflows.
pub const LARGEST_WEIGHT: u64 = 1_000_000;
/// The largest α: how many decree numbers may be open at once.
pub const LARGEST_ALPHA: u64 = 1_000_000;
/// The paper's α. `[PTP §3.3.6]`
pub const PAPERS_ALPHA: u64 = 3;

/// The priests of the Synod and their weights. A weight is 1 unless the founding decree gives
/// another. A change of it is a *reconfiguration* in other texts.
///
/// A majority set holds more than half of the total weight, so any two have a priest in common
/// (B2). `[PTP §2.2]`
#[doc(alias = "configuration")]
#[doc(alias = "reconfiguration")]
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Membership {
    weights: BTreeMap<Name, u64>,
}

impl Membership {
    /// The names of all members, in alphabetical order.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = Name> + Clone + '_ {
        self.weights.keys().copied()
    }

    /// Members and weights, in alphabetical order.
    pub fn weights(&self) -> impl Iterator<Item = (Name, u64)> + '_ {
        self.weights.iter().map(|(&name, &weight)| (name, weight))
    }

    /// The number of members.
    #[must_use]
    pub fn size(&self) -> usize {
        self.weights.len()
    }

    /// Whether `name` is a member.
    #[must_use]
    pub fn has(&self, name: Name) -> bool {
        self.weights.contains_key(&name)
    }

    /// The weight of all members together.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.weights.values().sum()
    }

    /// The weight of these priests together. Name each only once.
    pub fn weight_of(&self, priests: impl IntoIterator<Item = Name>) -> u64 {
        priests.into_iter().filter_map(|name| self.weights.get(&name)).sum()
    }
}

/// The founding decree, decree 0: the legislators, their weights, and α.
///
/// It is written `Dwork Fischer Gray:2 alpha=1000` and stands in every ledger, so that every ledger
/// names the first members of Parliament.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Founding {
    /// The legislators.
    pub membership: Membership,
    /// Membership for decree n is the law as of n − α. **Departure:** the paper's α is 3. A larger
    /// one allows more open numbers, since at most α can be open at once.
    pub alpha: u64,
}

/// Why a text cannot found a Parliament.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FoundingError {
    /// It has no name.
    #[error("a Parliament has at least one legislator")]
    Nobody,
    /// A word is not a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// One legislator is named twice.
    #[error("{0} is named twice")]
    Twice(Name),
    /// Two names differ only in the case of their letters.
    #[error("{0} and {1} differ only in case, and some file systems would give them one ledger")]
    SameFile(Name, Name),
    /// Two names are one, spelt in two ways.
    #[error("{0} and {1} are one name in two spellings, `{spelt}` and `{other}`: people and some file systems take them for one", spelt = .0.spelt(), other = .1.spelt())]
    Alike(Name, Name),
    /// A name holds a hidden character.
    #[error("a name holds nothing that cannot be seen, and `{spelt}` does", spelt = .0.spelt())]
    Hidden(Name),
    /// A spreadsheet would save the records with another name.
    #[error(
        "a spreadsheet that opens the records reads `{0}` as {1}, and changes it when it saves"
    )]
    Misread(Name, Misread),
    /// A weight is not allowed.
    #[error("a weight is an integer from 1 to {LARGEST_WEIGHT}, and {0:?} is not")]
    Weight(String),
    /// α is not allowed.
    #[error("alpha is an integer from 1 to {LARGEST_ALPHA}, and {0:?} is not")]
    Alpha(String),
}

impl FoundingError {
    /// Checks the names of a new Parliament: each can be read, a spreadsheet does not change it, and
    /// no two are one name in two spellings. Old Parliaments keep their names.
    ///
    /// # Errors
    /// [`FoundingError::Alike`], [`FoundingError::Hidden`], [`FoundingError::Misread`].
    pub fn of_names(names: impl IntoIterator<Item = Name>) -> Result<(), FoundingError> {
        let mut known: BTreeMap<String, Name> = BTreeMap::new();
        for name in names {
            if first_hidden(name.as_str()).is_some() {
                return Err(FoundingError::Hidden(name));
            }
            if let Some(misread) = Misread::of(name.as_str()) {
                return Err(FoundingError::Misread(name, misread));
            }
            if let Some(other) = known.insert(name.folded(), name) {
                return Err(FoundingError::Alike(other, name));
            }
        }
        Ok(())
    }
}

impl Founding {
    /// A founding by these legislators and weights.
    ///
    /// # Errors
    /// [`FoundingError`] says why they cannot be a Parliament.
    pub fn new(
        legislators: impl IntoIterator<Item = (Name, u64)>,
        alpha: u64,
    ) -> Result<Founding, FoundingError> {
        let mut weights = BTreeMap::new();
        let mut files: BTreeMap<String, Name> = BTreeMap::new();
        for (name, weight) in legislators {
            if !(1..=LARGEST_WEIGHT).contains(&weight) {
                return Err(FoundingError::Weight(weight.to_string()));
            }
            if weights.insert(name, weight).is_some() {
                return Err(FoundingError::Twice(name));
            }
            if let Some(other) = files.insert(name.as_str().to_lowercase(), name) {
                return Err(FoundingError::SameFile(other, name));
            }
        }
        if weights.is_empty() {
            return Err(FoundingError::Nobody);
        }
        if !(1..=LARGEST_ALPHA).contains(&alpha) {
            return Err(FoundingError::Alpha(alpha.to_string()));
        }
        Ok(Founding { membership: Membership { weights }, alpha })
    }

    /// The founding decree in its own words.
    ///
    /// # Errors
    /// If there are more legislators than fit into a decree.
    pub fn decree(&self) -> Result<Decree, DecreeError> {
        Decree::new(&self.to_string())
    }

    /// Whether this text founds the same Parliament.
    #[must_use]
    pub fn is_said_by(&self, text: &str) -> bool {
        self.to_string() == text || text.parse().as_ref() == Ok(self)
    }

    /// The number of the founding decree.
    pub const NUMBER: DecreeNumber = 0;
}

impl FromStr for Founding {
    type Err = FoundingError;
    fn from_str(text: &str) -> Result<Founding, FoundingError> {
        let mut alpha = PAPERS_ALPHA;
        let mut legislators = Vec::new();
        for word in text.split_whitespace() {
            if let Some(number) = word.strip_prefix("alpha=") {
                alpha = number.parse().map_err(|_| FoundingError::Alpha(number.into()))?;
            } else if let Some((name, weight)) = word.split_once(':') {
                let weight = weight.parse().map_err(|_| FoundingError::Weight(weight.into()))?;
                legislators.push((name.parse()?, weight));
            } else {
                legislators.push((word.parse()?, 1));
            }
        }
        Founding::new(legislators, alpha)
    }
}

impl fmt::Display for Founding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, weight)) in self.membership.weights().enumerate() {
            f.write_str(if i > 0 { " " } else { "" })?;
            f.write_str(name.as_str())?;
            if weight != 1 {
                write!(f, ":{weight}")?;
            }
        }
        match self.alpha {
            PAPERS_ALPHA => Ok(()),
            alpha => write!(f, " alpha={alpha}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn founding(text: &str) -> Founding {
        text.parse().unwrap()
    }

    #[test]
    fn the_founding_decree_reads_back_as_written() {
        for text in ["Dwork Fischer Gray:2 alpha=1000", "A B Γ Δ E"] {
            let once = founding(text);
            assert_eq!(founding(&once.to_string()), once);
        }
        assert_eq!(founding("Oki Gray").to_string(), "Gray Oki");
    }

    #[test]
    fn a_text_that_founds_no_parliament_is_refused() {
        for bad in ["", "A A", "A a", "A:0", "A:x", "A alpha=0", "A alpha=x", "../x", "A:-1"] {
            assert!(bad.parse::<Founding>().is_err(), "{bad:?} founded a Parliament");
        }
    }
}
