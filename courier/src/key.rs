//! The public key of a machine: its identity on the sea.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;

/// The public key of a machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 32]);

/// The text is no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a key has 64 hexadecimal digits")]
pub struct KeyError;

impl Key {
    /// Four short words made from the key, for two people to compare by eye and by voice. They
    /// hold 64 bits of it.
    #[must_use]
    pub fn in_words(&self) -> String {
        let words: Vec<String> = self
            .0
            .chunks(2)
            .take(4)
            .map(|pair| word(u16::from_be_bytes([pair[0], pair[1]])))
            .collect();
        words.join("-")
    }
}

/// A number as consonant, vowel, consonant, vowel, consonant.
fn word(number: u16) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aiou";
    let consonant = |shift: u32| char::from(CONSONANTS[usize::from(number >> shift & 15)]);
    let vowel = |shift: u32| char::from(VOWELS[usize::from(number >> shift & 3)]);
    [consonant(12), vowel(10), consonant(6), vowel(4), consonant(0)].into_iter().collect()
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER_PERMISSIVE.encode(&self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words())
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Key, KeyError> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| KeyError)?;
        Ok(Key(bytes.try_into().map_err(|_| KeyError)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_its_words_differ() {
        let key = Key([7; 32]);
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!("07".parse::<Key>(), Err(KeyError));
        let mut words: Vec<String> = (0..=u16::MAX).map(word).collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), 1 << 16);
    }
}
