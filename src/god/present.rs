//! A priest who is in the Chamber: his state, his ledger, and the letters on his desk.

use crate::chamber::ledger::LedgerFile;
use crate::chamber::messagebook::Cursor;
use crate::records::MessageRow;
use crate::synod::{Deed, Mortal, WetLedger};
use crate::words::{Message, Minutes, Name};

use super::news::{Herald, Tiding};

/// How many letters he reads before he acts. The answers to the first letters of a large heap leave
/// while the last are still unread, so that the others need not wait. About half the letters of a
/// busy president are petitions.
const DESKFUL: usize = 1024;

/// The most letters he reads before he acts, so that a large α takes little memory.
const LARGEST_DESKFUL: usize = 16_384;

/// A priest who is in the Chamber.
pub(super) struct Present<M> {
    pub mortal: M,
    /// His ledger, with the rows that dry while he reads on.
    pub ledger: WetLedger<LedgerFile>,
    pub cursor: Cursor,
    /// The number of the messagebook's opening that is being watched.
    pub watched: u64,
    /// Letters that came while he was away and that he still needs.
    pub awaiting: Vec<MessageRow>,
    /// Whether more letters may wait in his messagebook.
    pub has_more: bool,
}

impl<M: Mortal> Present<M> {
    /// Reads a deskful of letters from his messagebook, and adds their effects to `deed`.
    pub fn read_deskful(
        &mut self,
        now: Minutes,
        herald: &Herald,
        deed: &mut Deed,
    ) -> std::io::Result<()> {
        let Present { mortal, cursor, has_more, .. } = self;
        *has_more = false;
        *has_more = cursor.read_some(deskful(mortal.open_at_once()), |letter| match letter {
            Ok(row) => read(mortal, now, row.from, row.message, herald, deed),
            Err(bad) => herald.tell(now, Tiding::Noticed(bad.to_string())),
        })?;
        Ok(())
    }
}

/// The number of letters in a deskful: half of α, within bounds. A larger desk needs fewer dryings.
/// With all of α on one desk, the president and those who answer would wait for each other.
fn deskful(open_at_once: u64) -> usize {
    let half = usize::try_from(open_at_once / 2).unwrap_or(usize::MAX);
    half.clamp(DESKFUL, LARGEST_DESKFUL)
}

/// Lets a priest read one letter and adds its effects to `deed`. If the sitting is traced, first
/// tells God whether the letter had an effect.
pub(super) fn read(
    mortal: &mut impl Mortal,
    now: Minutes,
    from: Name,
    message: Message,
    herald: &Herald,
    deed: &mut Deed,
) {
    if !herald.is_traced() {
        return mortal.work_through(now, from, message, deed);
    }
    let of_this = mortal.receive(now, from, message.clone());
    herald.tell(now, Tiding::Read { from, message, in_vain: of_this.is_in_vain() });
    deed.absorb(of_this);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_grows_with_alpha_within_bounds() {
        assert_eq!(deskful(1), DESKFUL);
        assert_eq!(deskful(16_000), 8_000);
        assert_eq!(deskful(u64::MAX), LARGEST_DESKFUL);
    }
}
