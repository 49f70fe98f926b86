//! What crosses the sea: frames, one on each stream. Each begins with its kind and with the identity
//! of the Parliament, so that nothing of another one is ever taken in.

use std::net::SocketAddr;

use parliament::chamber::crossing::{Chunk, LARGEST_CHUNK};
use parliament::records::LONGEST_ROW;
use parliament::words::Name;

use crate::charter::Identity;

/// The longest frame: a chunk, or one long row, and what stands before it.
pub const LONGEST_FRAME: usize = LARGEST_CHUNK + LONGEST_ROW + 1024;

/// A frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Frame {
    /// The first on each connection: where its sender can be reached, and how far its ledgers are.
    Hello(Hello),
    /// Letters for a priest who lives with the receiver.
    Letters(Chunk),
    /// The founder's list of machines, as the rows of `sea/machines.csv`.
    Machines(String),
    /// Asks for the rows of a ledger that follow this place.
    Ask(Place),
    /// Rows of a ledger that follow this place.
    Rows {
        /// The place after which they follow. At offset 0 the copy begins anew.
        place: Place,
        /// Whether these are the last rows there are now.
        is_all: bool,
        /// Whole rows, with their line ends.
        rows: Vec<u8>,
    },
}

/// What a machine says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hello {
    /// Where it can be reached.
    pub addresses: Vec<SocketAddr>,
    /// The number through which its most complete ledger is complete, if it has one.
    pub through: Option<u64>,
}

/// A place in a ledger: the bytes before it are known by their number and by the checksum of the
/// last of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The owner of the ledger.
    pub name: Name,
    /// How many bytes stand before it.
    pub offset: u64,
    /// CRC-32 of the last bytes before it.
    pub check: u32,
}

/// A frame that cannot be taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FrameError {
    /// It belongs to another Parliament.
    #[error("it is of another Parliament")]
    OfAnother,
    /// It cannot be read.
    #[error("it cannot be read; both machines need the same release")]
    Illegible,
}

impl Frame {
    /// As bytes.
    #[must_use]
    pub fn in_bytes(&self, identity: Identity) -> Vec<u8> {
        let kind = match self {
            Frame::Hello(_) => b'H',
            Frame::Letters(_) => b'L',
            Frame::Machines(_) => b'M',
            Frame::Ask(_) => b'A',
            Frame::Rows { .. } => b'R',
        };
        let mut bytes = vec![kind];
        bytes.extend_from_slice(&identity.0);
        match self {
            Frame::Hello(Hello { addresses, through }) => {
                let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                let through = through.map_or_else(String::new, |it| it.to_string());
                bytes.extend_from_slice(format!("{through}\n{}", addresses.join(" ")).as_bytes());
            }
            Frame::Letters(Chunk { to, rows }) => {
                write_name(*to, &mut bytes);
                bytes.extend_from_slice(rows);
            }
            Frame::Machines(rows) => bytes.extend_from_slice(rows.as_bytes()),
            Frame::Ask(place) => write_place(place, &mut bytes),
            Frame::Rows { place, is_all, rows } => {
                write_place(place, &mut bytes);
                bytes.push(u8::from(*is_all));
                bytes.extend_from_slice(rows);
            }
        }
        bytes
    }

    /// Reads a frame of this Parliament.
    ///
    /// # Errors
    /// [`FrameError`].
    pub fn of_bytes(bytes: &[u8], identity: Identity) -> Result<Frame, FrameError> {
        let (kind, rest) = bytes.split_first().ok_or(FrameError::Illegible)?;
        let (of, rest) = rest.split_first_chunk::<32>().ok_or(FrameError::Illegible)?;
        if Identity(*of) != identity {
            return Err(FrameError::OfAnother);
        }
        read(*kind, rest).ok_or(FrameError::Illegible)
    }
}

/// How many rows a frame carries, of whichever Parliament it is; 0 where that cannot be read.
#[must_use]
pub fn rows_in(bytes: &[u8]) -> u64 {
    let rows = bytes.split_first().and_then(|(&kind, rest)| {
        let (_, mut rest) = rest.split_first_chunk::<32>()?;
        match kind {
            b'L' => read_name(&mut rest).map(|_| rest),
            b'M' => Some(rest),
            b'R' => read_place(&mut rest).and_then(|_| rest.get(1..)),
            _ => None,
        }
    });
    lines_in(rows.unwrap_or_default())
}

/// How many rows these bytes of a record are.
#[must_use]
pub fn lines_in(rows: &[u8]) -> u64 {
    rows.iter().filter(|&&byte| byte == b'\n').count() as u64
}

fn read(kind: u8, mut rest: &[u8]) -> Option<Frame> {
    Some(match kind {
        b'H' => {
            let (through, addresses) = std::str::from_utf8(rest).ok()?.split_once('\n')?;
            let through = if through.is_empty() { None } else { Some(through.parse().ok()?) };
            let addresses: Result<_, _> = addresses.split_whitespace().map(str::parse).collect();
            Frame::Hello(Hello { addresses: addresses.ok()?, through })
        }
        b'L' => Frame::Letters(Chunk { to: read_name(&mut rest)?, rows: rest.to_vec() }),
        b'M' => Frame::Machines(std::str::from_utf8(rest).ok()?.to_owned()),
        b'A' => Frame::Ask(read_place(&mut rest).filter(|_| rest.is_empty())?),
        b'R' => {
            let place = read_place(&mut rest)?;
            let (is_all, rows) = rest.split_first()?;
            Frame::Rows { place, is_all: *is_all == 1, rows: rows.to_vec() }
        }
        _ => return None,
    })
}

fn write_name(name: Name, bytes: &mut Vec<u8>) {
    let name = name.as_str().as_bytes();
    // A name has at most 40 letters, so its length fits.
    bytes.extend_from_slice(&(name.len() as u16).to_be_bytes());
    bytes.extend_from_slice(name);
}

fn read_name(bytes: &mut &[u8]) -> Option<Name> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (name, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    *bytes = rest;
    std::str::from_utf8(name).ok()?.parse().ok()
}

fn write_place(place: &Place, bytes: &mut Vec<u8>) {
    write_name(place.name, bytes);
    bytes.extend_from_slice(&place.offset.to_be_bytes());
    bytes.extend_from_slice(&place.check.to_be_bytes());
}

fn read_place(bytes: &mut &[u8]) -> Option<Place> {
    let name = read_name(bytes)?;
    let (offset, rest) = bytes.split_first_chunk::<8>()?;
    let (check, rest) = rest.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(Place { name, offset: u64::from_be_bytes(*offset), check: u32::from_be_bytes(*check) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Vec<Frame> {
        let name: Name = "Ada".parse().unwrap();
        let place = Place { name, offset: 1 << 40, check: 7 };
        let addresses = vec!["127.0.0.1:9".parse().unwrap()];
        vec![
            Frame::Hello(Hello { addresses, through: Some(12) }),
            Frame::Hello(Hello::default()),
            Frame::Letters(Chunk { to: name, rows: b"a,b\n".to_vec() }),
            Frame::Machines("machine\n".into()),
            Frame::Ask(place),
            Frame::Rows { place, is_all: true, rows: b"row\n".to_vec() },
        ]
    }

    /// The identity is chance, and a name's length and a place are numbers: a byte of theirs may be
    /// the one that ends a row.
    #[test]
    fn only_rows_are_counted_as_rows() {
        let name: Name = "Dijkstraaa".parse().unwrap();
        let place = Place { name, offset: 10, check: 10 };
        let rows = b"row\nrow\n".to_vec();
        let identity = Identity([b'\n'; 32]);
        for (frame, count) in [
            (Frame::Letters(Chunk { to: name, rows: rows.clone() }), 2),
            (Frame::Rows { place, is_all: true, rows }, 2),
            (Frame::Machines("machine\n".into()), 1),
            (Frame::Hello(Hello::default()), 0),
            (Frame::Ask(place), 0),
        ] {
            assert_eq!(rows_in(&frame.in_bytes(identity)), count, "{frame:?}");
        }
        assert_eq!((rows_in(b""), rows_in(b"L\n\n")), (0, 0));
    }

    #[test]
    fn frames_read_back_and_another_parliaments_are_refused() {
        let (ours, theirs) = (Identity([1; 32]), Identity([2; 32]));
        for frame in frames() {
            let bytes = frame.in_bytes(ours);
            assert_eq!(Frame::of_bytes(&bytes, ours), Ok(frame));
            assert_eq!(Frame::of_bytes(&bytes, theirs), Err(FrameError::OfAnother));
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic() {
        let ours = Identity([1; 32]);
        for frame in frames() {
            let bytes = frame.in_bytes(ours);
            for cut in 0..bytes.len() {
                let _ = Frame::of_bytes(&bytes[..cut], ours);
                let mut altered = bytes.clone();
                altered[cut] ^= 0xff;
                let _ = Frame::of_bytes(&altered, ours);
            }
        }
        assert_eq!(Frame::of_bytes(&[], ours), Err(FrameError::Illegible));
    }
}
