//! Ballot numbers, decrees, votes and ballots. `[PTP §2.1, §2.2]`

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::name::{Name, NameError};

/// The largest round and decree number. Every spreadsheet counts exactly up to here.
pub const LARGEST_NUMBER: u64 = 1 << 53;
/// The longest decree, in bytes of UTF-8.
pub const LONGEST_DECREE: usize = 4096;
/// The longest petition id, in bytes of UTF-8.
pub const LONGEST_PETITION: usize = 200;

/// The number of a decree in the ledgers (a *slot*). 0 is the founding decree; the Synod's one
/// decree is 1.
#[doc(alias = "slot")]
pub type DecreeNumber = u64;

/// The number of the Synod's one decree.
pub const SYNODS_DECREE: DecreeNumber = 1;

/// The number of a ballot (a *term* or *epoch*): an integer and the priest who owns it, compared in
/// that order, so that 13.Gray < 13.Lindsay < 15.Gray. `[PTP §2.2]`
#[doc(alias = "term")]
#[doc(alias = "epoch")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BallotNumber {
    /// The integer.
    pub round: u64,
    /// The priest who owns the ballot. Only he may begin it.
    pub owner: Name,
}

/// Why a text is not a ballot number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BallotNumberError {
    /// There is no dot between integer and name.
    #[error("a ballot number is written `13.Gray`, an integer, a dot and a name, and {0:?} is not")]
    Shape(String),
    /// The integer is too large.
    #[error("a ballot number's integer is at most {LARGEST_NUMBER}, and {0:?} is beyond")]
    TooLarge(String),
    /// The owner's name is no name.
    #[error(transparent)]
    Owner(#[from] NameError),
}

impl BallotNumber {
    /// Number `round` of `owner`.
    ///
    /// # Errors
    /// If the integer is larger than [`LARGEST_NUMBER`].
    pub fn new(round: u64, owner: Name) -> Result<BallotNumber, BallotNumberError> {
        if round > LARGEST_NUMBER {
            return Err(BallotNumberError::TooLarge(format!("{round}.{owner}")));
        }
        Ok(BallotNumber { round, owner })
    }

    /// The least number owned by `owner` above `floor`; `None` when the integers are used up.
    #[must_use]
    pub fn next(owner: Name, floor: Option<BallotNumber>) -> Option<BallotNumber> {
        let round = floor.map_or(0, |b| b.round) + 1;
        (round <= LARGEST_NUMBER).then_some(BallotNumber { round, owner })
    }
}

impl FromStr for BallotNumber {
    type Err = BallotNumberError;
    fn from_str(text: &str) -> Result<BallotNumber, BallotNumberError> {
        let shape = || BallotNumberError::Shape(text.into());
        let (round, owner) = text.split_once('.').ok_or_else(shape)?;
        if round.is_empty() || !round.bytes().all(|b| b.is_ascii_digit()) {
            return Err(shape());
        }
        let round = round.parse().ok().filter(|&n| n <= LARGEST_NUMBER);
        let round = round.ok_or_else(|| BallotNumberError::TooLarge(text.into()))?;
        Ok(BallotNumber { round, owner: owner.parse()? })
    }
}

impl fmt::Display for BallotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.round, self.owner))
    }
}

impl fmt::Debug for BallotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for BallotNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A decree (a *value* or *command*): its text, and the id of the petition that asked for it.
///
/// The text is kept once, and shared by every row and letter that quotes it.
#[doc(alias = "value")]
#[doc(alias = "command")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decree {
    /// The text, and the petition's id after it.
    words: Arc<str>,
    /// Where the text ends. The rest is the id.
    end: usize,
}

/// Why a text is not a decree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecreeError {
    /// Nothing is written.
    #[error("a decree has at least one character")]
    Empty,
    /// It is only white space.
    #[error("a decree says something, and this one is nothing but white space")]
    Blank,
    /// Longer than [`LONGEST_DECREE`].
    #[error("a decree has at most {LONGEST_DECREE} bytes, and this one has {0}")]
    TooLong(usize),
    /// A line break or another control character.
    #[error("a decree is one line without control characters, and this one holds {0:?}")]
    Control(char),
    /// A spreadsheet would run it as a formula.
    #[error("a decree does not begin with {0:?}: a spreadsheet would take it for a formula")]
    Formula(char),
    /// The petition's id is empty, too long, or holds a control character or a formula's sign.
    #[error(
        "a petition's id has 1 to {LONGEST_PETITION} bytes of one line and begins with no formula's sign, and {0:?} does not keep to that"
    )]
    Petition(String),
}

impl Decree {
    /// Reads a decree without a petition.
    ///
    /// # Errors
    /// [`DecreeError`] says which rule of decrees the text breaks.
    pub fn new(text: &str) -> Result<Decree, DecreeError> {
        Decree::check(text)?;
        Ok(Decree { words: text.into(), end: text.len() })
    }

    /// Reads a decree that somebody proposes. Records may hold a decree of only white space, but a
    /// new one is a mistake.
    ///
    /// # Errors
    /// As [`Decree::new`], and [`DecreeError::Blank`].
    pub fn proposed(text: &str) -> Result<Decree, DecreeError> {
        let decree = Decree::new(text)?;
        if text.trim().is_empty() { Err(DecreeError::Blank) } else { Ok(decree) }
    }

    /// This decree, asked for by the petition of that id.
    ///
    /// # Errors
    /// [`DecreeError::Petition`] if the id cannot stand in a record.
    pub fn petitioned(self, id: &str) -> Result<Decree, DecreeError> {
        Decree::check_petition(id)?;
        Ok(Decree { words: [self.text(), id].concat().into(), end: self.end })
    }

    /// Reads a decree and the id of its petition.
    ///
    /// # Errors
    /// [`DecreeError`], as [`Decree::new`] and [`Decree::petitioned`] would say it.
    pub fn of_petition(text: &str, id: &str) -> Result<Decree, DecreeError> {
        Decree::check(text)?;
        Decree::check_petition(id)?;
        Ok(Decree { words: [text, id].concat().into(), end: text.len() })
    }

    fn check(text: &str) -> Result<(), DecreeError> {
        if text.is_empty() {
            return Err(DecreeError::Empty);
        }
        if text.len() > LONGEST_DECREE {
            return Err(DecreeError::TooLong(text.len()));
        }
        if let Some(c) = line_breaker(text) {
            return Err(DecreeError::Control(c));
        }
        match formula_sign(text) {
            Some(sign) => Err(DecreeError::Formula(sign)),
            None => Ok(()),
        }
    }

    fn check_petition(id: &str) -> Result<(), DecreeError> {
        let sound = !id.is_empty() && id.len() <= LONGEST_PETITION;
        if !sound || line_breaker(id).is_some() || formula_sign(id).is_some() {
            return Err(DecreeError::Petition(id.into()));
        }
        Ok(())
    }

    /// The decree's words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.words[..self.end]
    }

    /// The id of the petition that asked for it.
    #[must_use]
    pub fn petition(&self) -> Option<&str> {
        Some(&self.words[self.end..]).filter(|id| !id.is_empty())
    }
}

impl Ord for Decree {
    fn cmp(&self, other: &Decree) -> Ordering {
        self.text().cmp(other.text()).then_with(|| self.petition().cmp(&other.petition()))
    }
}

impl PartialOrd for Decree {
    fn partial_cmp(&self, other: &Decree) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Decree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct InWords<'a> {
            decree: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            petition: Option<&'a str>,
        }
        InWords { decree: self.text(), petition: self.petition() }.serialize(serializer)
    }
}

/// The first character that would break a line, or is a control character.
fn line_breaker(text: &str) -> Option<char> {
    // Most texts are plain ASCII, and this test checks many bytes at a time.
    if text.bytes().fold(true, |plain, byte| plain & (b' '..0x7f).contains(&byte)) {
        return None;
    }
    text.chars().find(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

fn formula_sign(text: &str) -> Option<char> {
    text.chars().next().filter(|c| matches!(c, '=' | '+' | '-' | '@'))
}

impl fmt::Display for Decree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

impl fmt::Debug for Decree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.petition() {
            Some(id) => write!(f, "{:?} of petition {id}", self.text()),
            None => write!(f, "{:?}", self.text()),
        }
    }
}

/// A vote v: cast by v.pst, in ballot v.bal, for v.dec. The null vote is `None`. `[PTP §2.1]`
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize)]
pub struct Vote {
    /// v.pst, the voter.
    pub priest: Name,
    /// v.bal, the ballot.
    pub ballot: BallotNumber,
    /// v.dec, the decree.
    pub decree: Decree,
}

/// A ballot B, as the gods see it. `[PTP §2.1]`
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize)]
pub struct Ballot {
    /// B.bal.
    pub number: BallotNumber,
    /// B.dec.
    pub decree: Decree,
    /// B.qrm, never empty.
    pub quorum: BTreeSet<Name>,
    /// B.vot.
    pub voters: BTreeSet<Name>,
}

impl Ballot {
    /// Whether every priest of the quorum voted. `[PTP §2.1]`
    #[must_use]
    pub fn is_successful(&self) -> bool {
        self.quorum.is_subset(&self.voters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bal(text: &str) -> BallotNumber {
        text.parse().unwrap()
    }

    #[test]
    fn ballot_numbers_compare_as_the_paper_says() {
        assert!(bal("13.Gray") < bal("13.Lindsay") && bal("13.Lindsay") < bal("15.Gray"));
    }

    #[test]
    fn ballot_numbers_read_back_as_written_and_bad_ones_are_refused() {
        assert_eq!(bal("13.Γραῐ").to_string(), "13.Γραῐ");
        for bad in [
            "",
            "13",
            ".Gray",
            "13.",
            "+1.Gray",
            "1_0.Gray",
            "-1.Gray",
            "99999999999999999999.Gray",
            "9007199254740993.Gray",
        ] {
            assert!(bad.parse::<BallotNumber>().is_err(), "{bad:?} passed for a ballot number");
        }
    }

    #[test]
    fn the_next_number_is_above_the_floor_until_integers_end() {
        let gray: Name = "Gray".parse().unwrap();
        assert_eq!(BallotNumber::next(gray, None), Some(bal("1.Gray")));
        assert_eq!(BallotNumber::next(gray, Some(bal("7.Oki"))), Some(bal("8.Gray")));
        let last = BallotNumber { round: LARGEST_NUMBER, owner: gray };
        assert_eq!(BallotNumber::next(gray, Some(last)), None);
    }

    #[test]
    fn decrees_keep_to_one_harmless_line() {
        assert!(Decree::new("The olive tax is 3 drachmas per ton, \"more\" or less").is_ok());
        assert!(Decree::new(&"λ".repeat(2048)).is_ok());
        for bad in ["", "two\nlines", "a\rb", "=SUM(A1)", "+1", "-1", "@x", "\u{0}", "a\u{2028}b"] {
            assert!(Decree::new(bad).is_err(), "{bad:?} passed for a decree");
        }
        assert!(Decree::new(&"a".repeat(4097)).is_err());
        let tax = Decree::new("tax").unwrap();
        assert_eq!(tax.clone().petitioned("Dolf/3").unwrap().petition(), Some("Dolf/3"));
        assert!(tax.clone().petitioned("").is_err() && tax.petitioned("a\nb").is_err());
    }
}
