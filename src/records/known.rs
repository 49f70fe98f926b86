//! A cache of values read before: rows often repeat the same texts.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::words::name::NameError;
use crate::words::{BallotNumber, Decree, Name};

/// The values that one reader of a table has read before.
#[derive(Default)]
pub(crate) struct Known {
    pub names: Names,
    pub decrees: Decrees,
    pub ballot: Memory<BallotNumber>,
    pub quorum: Memory<Arc<BTreeSet<Name>>>,
    pub at: Memory<DateTime<Utc>>,
    /// Returns an equal decree that another reader has read, if one has.
    pub share: Option<Box<Share>>,
}

/// Returns a decree, or an equal one that is kept elsewhere.
pub(crate) type Share = dyn Fn(Decree) -> Decree + Send;

/// A few names read before, the latest first: the rows of one sender stand together.
#[derive(Default)]
pub(crate) struct Names(Vec<Name>);

/// The most names kept.
const MOST_NAMES: usize = 32;

impl Names {
    /// Reads a name, or returns it from the cache.
    pub fn get(&mut self, text: &str) -> Result<Name, NameError> {
        let at = match self.0.iter().position(|name| name.as_str() == text) {
            Some(at) => at,
            None => {
                let name = Name::new(text)?;
                self.0.truncate(MOST_NAMES - 1);
                self.0.push(name);
                self.0.len() - 1
            }
        };
        self.0.swap(0, at);
        Ok(self.0[0])
    }
}

/// The decrees read last. A decree stands in several rows, with up to a thousand others between,
/// and all these rows share one copy of its text.
#[derive(Default)]
pub(crate) struct Decrees(Vec<Option<Decree>>);

/// The number of decrees kept: more than a president usually has open.
const PLACES: usize = 2048;

impl Decrees {
    /// The place at which the decree of a row with this number is kept.
    pub fn place_of(number: &str) -> usize {
        let add = |place: usize, digit: u8| place.wrapping_mul(10).wrapping_add(digit.into());
        number.bytes().fold(0, add) % PLACES
    }

    /// The decree kept at this place, if it has this text and this petition.
    pub fn look_up(&self, place: usize, text: &str, petition: &str) -> Option<&Decree> {
        let kept = self.0.get(place)?.as_ref()?;
        let is_it = kept.text() == text && kept.petition().unwrap_or_default() == petition;
        is_it.then_some(kept)
    }

    /// Keeps a decree at this place instead of the one that was there.
    pub fn keep(&mut self, place: usize, decree: Decree) {
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        self.0[place] = Some(decree);
    }
}

/// The last two texts read, with their values.
pub(crate) struct Memory<T> {
    kept: [(String, Option<T>); 2],
    next: usize,
}

impl<T> Default for Memory<T> {
    fn default() -> Memory<T> {
        Memory { kept: Default::default(), next: 0 }
    }
}

impl<T: Clone> Memory<T> {
    /// The value of this text: kept, or read with `read`.
    pub fn get<E>(&mut self, text: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, E> {
        for (known, value) in &self.kept {
            if let (true, Some(value)) = (known == text, value) {
                return Ok(value.clone());
            }
        }
        let value = read(text)?;
        let (known, kept) = &mut self.kept[self.next];
        known.clear();
        known.push_str(text);
        *kept = Some(value.clone());
        self.next = (self.next + 1) % self.kept.len();
        Ok(value)
    }
}
