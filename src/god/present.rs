//! A priest who is in the Chamber: the mortal, his ledger, and the desk on which his letters lie.

use crate::chamber::ledger::LedgerFile;
use crate::chamber::messagebook::Cursor;
use crate::records::MessageRow;
use crate::synod::{Deed, Mortal, WetLedger};
use crate::words::{Message, Minutes, Name};

use super::news::{Herald, Tiding};

/// How many letters lie on a desk. The answers to the first of a large heap leave while the last
/// are still unread, so the others need not wait idle. Every other letter of a busy president is a
/// petition.
const DESKFUL: usize = 1024;

/// How many letters lie on a desk at most, so that a large α takes little memory.
const LARGEST_DESKFUL: usize = 16_384;

/// A priest who is in the Chamber.
pub(super) struct Present<M> {
    pub mortal: M,
    /// His ledger, and what he has inked and lets dry while he reads on.
    pub ledger: WetLedger<LedgerFile>,
    pub cursor: Cursor,
    /// Which opening of the messagebook is being watched.
    pub watched: u64,
    /// Letters that came while nobody was there, and are still of use.
    pub awaiting: Vec<MessageRow>,
    /// Whether more letters may have come than lay on his desk.
    pub has_more: bool,
}

impl<M: Mortal> Present<M> {
    /// Reads a deskful of what has come to his messagebook, and adds to a deed what comes of it.
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

/// Half of α, within bounds: a larger desk means fewer dryings, but with all of α on one desk its
/// owner and those who answer him would take turns.
fn deskful(open_at_once: u64) -> usize {
    let half = usize::try_from(open_at_once / 2).unwrap_or(usize::MAX);
    half.clamp(DESKFUL, LARGEST_DESKFUL)
}

/// Has a mortal read one letter among many, adds to a deed what comes of it, and tells whether it
/// was of use before anything does.
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
