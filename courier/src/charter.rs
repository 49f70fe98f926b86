//! The identity of a Parliament on several machines, and its ticket.
//!
//! Every chamber of three Paxons has the same decree 0, so decree 0 alone tells no two Parliaments
//! apart. The charter adds the founder's key and a nonce, and its hash goes with every chunk.

use std::net::SocketAddr;

use data_encoding::{BASE32_NOPAD, HEXLOWER_PERMISSIVE};
use parliament::words::Founding;
use sha2::{Digest, Sha256};

use crate::key::Key;

/// Decree 0, the founder's key and a nonce.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Charter {
    /// Decree 0.
    pub founding: Founding,
    /// The key of the machine that founded it, and that binds names to keys.
    pub founder: Key,
    /// Chance, so that no two Parliaments are alike.
    pub nonce: [u8; 16],
}

/// The hash of a charter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Identity(pub [u8; 32]);

/// The fault of a charter or a ticket.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CharterError {
    /// It is cut short, or a letter is wrong.
    #[error("this ticket is cut short, or a letter of it is wrong; copy it again, whole")]
    Ticket,
    /// It comes from a release that this one does not know.
    #[error(
        "this ticket begins with `{0}`, and this release reads tickets that begin with `{START}`"
    )]
    Start(String),
    /// A line of `sea/charter` cannot be read.
    #[error("line {0} cannot be read")]
    Line(usize),
    /// Decree 0 is too long.
    #[error("there are too many legislators for one founding decree")]
    TooMany,
}

/// The beginning of a ticket.
const START: &str = "PARLIAMENT1";

impl Charter {
    /// The hash of all of it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let mut hash = Sha256::new();
        hash.update(b"parliament sea 1\n");
        hash.update(self.in_lines().as_bytes());
        Identity(hash.finalize().into())
    }

    /// As the lines of `sea/charter`.
    #[must_use]
    pub fn in_lines(&self) -> String {
        let Charter { founder, nonce, .. } = self;
        format!(
            "founding,{}\nfounder,{founder}\nnonce,{}\n",
            self.decree(),
            HEXLOWER_PERMISSIVE.encode(nonce)
        )
    }

    /// The words of decree 0.
    fn decree(&self) -> String {
        self.founding.decree().map_or_else(|_| String::new(), |it| it.text().to_owned())
    }

    /// Reads the lines of `sea/charter`.
    ///
    /// # Errors
    /// The line that cannot be read.
    pub fn of_lines(text: &str) -> Result<Charter, CharterError> {
        let mut lines = text.lines();
        let mut field = |number: usize, name: &str| {
            let line = lines.next().and_then(|line| line.split_once(','));
            line.filter(|it| it.0 == name)
                .map(|it| it.1.to_owned())
                .ok_or(CharterError::Line(number))
        };
        let founding = field(1, "founding")?.parse().map_err(|_| CharterError::Line(1))?;
        let founder = field(2, "founder")?.parse().map_err(|_| CharterError::Line(2))?;
        let nonce = HEXLOWER_PERMISSIVE.decode(field(3, "nonce")?.as_bytes());
        let nonce = nonce.ok().and_then(|it| it.try_into().ok()).ok_or(CharterError::Line(3))?;
        Ok(Charter { founding, founder, nonce })
    }
}

/// All that another machine needs to join: the charter, and where the founder can be reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket {
    /// The charter.
    pub charter: Charter,
    /// The founder's addresses. They may be stale: machines on one network find each other without.
    pub addresses: Vec<SocketAddr>,
}

/// The most addresses on a ticket.
const ADDRESSES: usize = 8;

impl Ticket {
    /// The ticket as one string of capital letters and digits, which make small QR codes.
    #[must_use]
    pub fn in_letters(&self) -> String {
        let Charter { founder, nonce, .. } = &self.charter;
        let mut bytes = [&nonce[..], &founder.0].concat();
        let addresses: Vec<String> =
            self.addresses.iter().take(ADDRESSES).map(ToString::to_string).collect();
        let rest = format!("{}\n{}", addresses.join(" "), self.charter.decree());
        bytes.extend_from_slice(rest.as_bytes());
        let check: [u8; 32] = Sha256::digest(&bytes).into();
        bytes.extend_from_slice(&check[..4]);
        format!("{START}-{}", BASE32_NOPAD.encode(&bytes))
    }

    /// Reads a ticket; spaces and line ends in it do not matter.
    ///
    /// # Errors
    /// [`CharterError`] if it is none, or is damaged.
    pub fn of_letters(text: &str) -> Result<Ticket, CharterError> {
        let text: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
        let Some((start, letters)) = text.split_once('-') else { return Err(CharterError::Ticket) };
        if start != START {
            return Err(CharterError::Start(start.chars().take(20).collect()));
        }
        let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| CharterError::Ticket)?;
        Ticket::of_bytes(&bytes).ok_or(CharterError::Ticket)
    }

    fn of_bytes(bytes: &[u8]) -> Option<Ticket> {
        let (bytes, check) = bytes.split_last_chunk::<4>()?;
        let sum: [u8; 32] = Sha256::digest(bytes).into();
        if sum[..4] != check[..] {
            return None;
        }
        let (nonce, rest) = bytes.split_first_chunk::<16>()?;
        let (founder, rest) = rest.split_first_chunk::<32>()?;
        let (addresses, decree) = std::str::from_utf8(rest).ok()?.split_once('\n')?;
        let addresses: Result<Vec<SocketAddr>, _> =
            addresses.split_whitespace().map(str::parse).collect();
        let founding = decree.parse().ok()?;
        let charter = Charter { founding, founder: Key(*founder), nonce: *nonce };
        Some(Ticket { charter, addresses: addresses.ok()? })
    }

    /// The ticket as a QR code for a terminal, two rows of squares in each line. `None` if it is too
    /// long for one, or would be wider than `columns`.
    #[must_use]
    pub fn as_squares(&self, columns: usize) -> Option<String> {
        let code =
            qrcode::QrCode::with_error_correction_level(self.in_letters(), qrcode::EcLevel::L);
        let squares = code.ok()?.render::<qrcode::render::unicode::Dense1x2>().build();
        let fits = squares.lines().all(|line| line.chars().count() <= columns);
        fits.then_some(squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        let founding = "Ada Ben Cid:2 alpha=7".parse().unwrap();
        let charter = Charter { founding, founder: Key([9; 32]), nonce: [3; 16] };
        let addresses = vec!["192.0.2.7:4711".parse().unwrap(), "[::1]:9".parse().unwrap()];
        Ticket { charter, addresses }
    }

    #[test]
    fn a_ticket_reads_back_however_it_was_copied() {
        let letters = ticket().in_letters();
        assert_eq!(Ticket::of_letters(&letters), Ok(ticket()));
        let folded = format!(" {}\n {}\n", letters[..40].to_lowercase(), &letters[40..]);
        assert_eq!(Ticket::of_letters(&folded), Ok(ticket()));
        assert!(ticket().as_squares(80).is_some_and(|it| it.lines().count() > 20));
        assert_eq!(ticket().as_squares(10), None);
    }

    #[test]
    fn a_ticket_with_a_wrong_or_lost_letter_is_refused() {
        let letters = ticket().in_letters();
        for at in START.len() + 1..letters.len() {
            let wrong = if &letters[at..=at] == "A" { "B" } else { "A" };
            let altered = format!("{}{wrong}{}", &letters[..at], &letters[at + 1..]);
            assert!(Ticket::of_letters(&altered).is_err(), "{altered}");
            assert!(Ticket::of_letters(&letters[..at]).is_err(), "{at}");
        }
        let later = Ticket::of_letters(&letters.replace(START, "PARLIAMENT2"));
        assert_eq!(later, Err(CharterError::Start("PARLIAMENT2".into())));
    }

    #[test]
    fn two_parliaments_with_one_decree_0_have_two_identities() {
        let charter = ticket().charter;
        let lines = charter.in_lines();
        assert_eq!(Charter::of_lines(&lines), Ok(charter.clone()));
        let again = Charter { nonce: [4; 16], ..charter.clone() };
        let elsewhere = Charter { founder: Key([8; 32]), ..charter.clone() };
        assert_ne!(again.identity(), charter.identity());
        assert_ne!(elsewhere.identity(), charter.identity());
        assert_eq!(Charter::of_lines("founding,Ada\nfounder,7\n"), Err(CharterError::Line(2)));
    }
}
