//! Names of priests and citizens.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use caseless::Caseless;
use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

use super::shown::written_out;

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 40;

/// The most names that a process keeps. They take at most some 30 megabytes.
pub const MOST_NAMES: usize = 100_000;

/// The name of a priest or a citizen: 1 to 40 characters, a letter first, then letters, digits,
/// `_` and `-`, of any alphabet. `[PTP §2.2]`
///
/// Alphabetical order is by Unicode scalar value. A name is small and `Copy`, because it stands in
/// every ballot number and every message. Each distinct name is kept once for the life of the
/// process. At most [`MOST_NAMES`] are kept, so that strangers who always write under new names use
/// only a limited amount of memory.
#[derive(Clone, Copy)]
pub struct Name(&'static Kept);

/// A name, kept once.
struct Kept {
    text: &'static str,
    /// Its first eight bytes, which tell most names apart and say which comes first.
    start: u64,
}

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing is written.
    #[error("a name has at least one character")]
    Empty,
    /// Longer than [`LONGEST_NAME`].
    #[error("a name has at most {LONGEST_NAME} characters, and {0:?} has {1}")]
    TooLong(String, usize),
    /// It does not begin with a letter.
    #[error("a name begins with a letter, and {0:?} begins with {1:?}")]
    NoLetterFirst(String, char),
    /// It holds a character that no name holds.
    #[error("a name holds letters, digits, `_` and `-`, and {0:?} holds {1:?}")]
    Forbidden(String, char),
    /// The process has met [`MOST_NAMES`] others.
    #[error(
        "this process has met {MOST_NAMES} names and keeps no more, so it cannot hear of {0:?}; start it again"
    )]
    TooMany(String),
}

/// Names met so far, so that equal names are one text. A place is filled once and never changed,
/// so nobody who reads waits for another.
struct Met<const PLACES: usize> {
    places: [OnceLock<&'static Kept>; PLACES],
    kept: AtomicUsize,
}

/// More places than names, and a power of two.
static NAMES: Met<{ 1 << 17 }> = Met::new();

impl<const PLACES: usize> Met<PLACES> {
    const fn new() -> Met<PLACES> {
        Met { places: [const { OnceLock::new() }; PLACES], kept: AtomicUsize::new(0) }
    }

    /// The name of this text, if it was met before or fewer than `most` names were.
    fn name(&self, text: &str, most: usize) -> Result<Name, NameError> {
        for place in self.places_for(text) {
            let kept = match place.get() {
                Some(kept) => kept,
                None if self.kept.load(Relaxed) >= most => break,
                None => place.get_or_init(|| self.keep(text)),
            };
            if kept.text == text {
                return Ok(Name(kept));
            }
        }
        Err(NameError::TooMany(text.into()))
    }

    /// The places where a text may stand, in the order of looking: all, and each once, for an odd
    /// step goes round a power of two.
    fn places_for(&self, text: &str) -> impl Iterator<Item = &OnceLock<&'static Kept>> {
        const { assert!(PLACES.is_power_of_two()) };
        let mut hash = DefaultHasher::new();
        text.hash(&mut hash);
        let hash = hash.finish();
        let (first, step) = (hash as usize, (hash >> 32) as usize | 1);
        (0..PLACES).map(move |i| &self.places[first.wrapping_add(i.wrapping_mul(step)) % PLACES])
    }

    fn keep(&self, text: &str) -> &'static Kept {
        self.kept.fetch_add(1, Relaxed);
        let text: &'static str = Box::leak(text.into());
        Box::leak(Box::new(Kept { text, start: start_of(text) }))
    }
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// [`NameError`] says which rule of names the text breaks.
    pub fn new(text: &str) -> Result<Name, NameError> {
        Name::check(text)?;
        NAMES.name(text, MOST_NAMES)
    }

    /// A name that stands in the program itself. There are few of these, so they are kept even
    /// beyond [`MOST_NAMES`].
    ///
    /// # Errors
    /// As [`Name::new`], except [`NameError::TooMany`].
    pub(crate) fn ours(text: &'static str) -> Result<Name, NameError> {
        Name::check(text)?;
        NAMES.name(text, usize::MAX)
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        self.0.text
    }

    /// The name normalised and case-folded. Two names that fold to one look alike, or have one
    /// ledger in some file systems: `Γραῖ` composed and decomposed, `Σωκράτης` and `ΣΩΚΡΆΤΗΣ`.
    #[must_use]
    pub fn folded(&self) -> String {
        self.as_str().nfd().default_case_fold().nfd().collect()
    }

    /// The name with each letter beyond ASCII as its number in Unicode, so that two names that look
    /// alike can be told apart.
    #[must_use]
    pub fn spelt(&self) -> String {
        let spelt = |c: char| if c.is_ascii() { c.into() } else { written_out(c) };
        self.as_str().chars().map(spelt).collect()
    }

    fn check(text: &str) -> Result<(), NameError> {
        let Some(first) = text.chars().next() else {
            return Err(NameError::Empty);
        };
        let length = text.chars().count();
        if length > LONGEST_NAME {
            return Err(NameError::TooLong(text.into(), length));
        }
        if !first.is_alphabetic() {
            return Err(NameError::NoLetterFirst(text.into(), first));
        }
        let belongs = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || is_mark(c);
        match text.chars().find(|&c| !belongs(c)) {
            Some(c) => Err(NameError::Forbidden(text.into(), c)),
            None => Ok(()),
        }
    }
}

/// The first eight bytes as a number, which orders them as the alphabet does. No name holds a NUL
/// byte, so a shorter name comes first.
fn start_of(text: &str) -> u64 {
    text.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |start, b| start << 8 | u64::from(b))
}

/// Combining marks belong to the letter before them, as in a decomposed `Γραῐ`.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

impl PartialEq for Name {
    /// Equal names are one text.
    fn eq(&self, other: &Name) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        self.0.start.cmp(&other.0.start).then_with(|| self.0.text.cmp(other.0.text))
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}

impl FromStr for Name {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Name, NameError> {
        Name::new(text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.text)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_limit_are_refused_and_old_ones_kept() {
        let met = Met::<4>::new();
        let [a, b] = ["Anna", "Bert"].map(|text| met.name(text, 2).unwrap());
        assert_eq!(met.name("Carl", 2), Err(NameError::TooMany("Carl".into())));
        assert!(met.name("Anna", 2) == Ok(a) && met.name("Bert", 2) == Ok(b));
        // Those of the program itself are kept beyond it, and when every place is taken no more.
        assert!(met.name("Carl", usize::MAX).is_ok() && met.name("Dora", usize::MAX).is_ok());
        assert_eq!(met.name("Emil", usize::MAX), Err(NameError::TooMany("Emil".into())));
        assert!(met.name("Anna", 2) == Ok(a) && met.name("Bert", 2) == Ok(b));
    }

    #[test]
    fn all_who_meet_a_name_at_one_time_have_one_name() {
        let met = Met::<{ 1 << 9 }>::new();
        let texts: Vec<String> = (0..500).map(|i| format!("N{i}")).collect();
        let together = std::sync::Barrier::new(4);
        let meet = || {
            let meet_one = |it: &String| {
                together.wait();
                met.name(it, 500).unwrap()
            };
            texts.iter().map(meet_one).collect::<Vec<Name>>()
        };
        let all = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(meet)).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>()
        });
        assert!(all.iter().all(|it| *it == all[0]));
        assert!(texts.iter().zip(&all[0]).all(|(text, name)| text == name.as_str()));
        assert_eq!(met.kept.load(Relaxed), 500);
    }

    #[test]
    fn names_of_any_alphabet_are_names() {
        for good in ["Oki", "Γραῐ", "Ƭωυγ-2", "a", "Ω_1"] {
            assert_eq!(Name::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn a_text_that_is_not_a_name_is_refused_with_its_rule() {
        for bad in ["", "../x", "1Oki", "-Oki", "O ki", "O.ki", "Oki\n", "O/ki", "=1"] {
            assert!(Name::new(bad).is_err(), "{bad:?} passed for a name");
        }
        assert!(Name::new(&"a".repeat(40)).is_ok());
        assert!(Name::new(&"a".repeat(41)).is_err());
    }

    #[test]
    fn alphabetical_order_is_by_unicode_scalar_value() {
        let (z, alpha) = (Name::new("Z").unwrap(), Name::new("α").unwrap());
        assert!(z < alpha && Name::new("A").unwrap() < z);
        let in_order = ["Paxon", "Paxon00", "Paxon001", "Paxon001a", "Paxon001b", "Paxon002", "Ῥό"];
        let names = in_order.map(|name| Name::new(name).unwrap());
        assert!(names.is_sorted() && names.windows(2).all(|two| two[0] < two[1]));
    }
}
