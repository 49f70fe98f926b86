//! The choice of the president: the last in alphabetical order of those in the Chamber.
//! `[PTP §2.4]`

use crate::words::members::Membership;
use crate::words::name::Name;
use crate::words::time::{ACT, DELIVER, Minutes};

/// One priest's knowledge of the other priests in the Chamber (*leader election*).
///
/// Each priest sends his name to all at least every T − 11 minutes, and a priest presides once he
/// has heard no higher name for T minutes. Any letter tells its sender's name.
///
/// A priest with no name above his own need not wait. Several presidents may delay a decree, but
/// never break consistency.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Presence {
    name: Name,
    rank: u64,
    patience: Minutes,
    appointed: bool,
    insists: bool,
    /// When he last heard a higher name, or entered.
    silent_since: Minutes,
    name_due: Minutes,
}

impl Presence {
    /// A priest among these members, with `patience` for T.
    #[must_use]
    pub fn new(name: Name, members: &Membership, patience: Minutes) -> Presence {
        let mut presence = Presence {
            name,
            rank: 0,
            patience,
            appointed: false,
            insists: false,
            silent_since: Minutes::ZERO,
            name_due: Minutes::ZERO,
        };
        presence.rank_among(members.names());
        presence.enter(Minutes::ZERO);
        presence
    }

    /// Notes who the members are now.
    pub fn rank_among(&mut self, members: impl IntoIterator<Item = Name>) {
        self.rank = members.into_iter().filter(|&other| other > self.name).count() as u64;
    }

    /// Makes him think that he presides, even if others do.
    pub fn appoint(&mut self) {
        self.appointed = true;
    }

    /// Makes him try again without waiting for a rival, as in §2.4: his [`Presence::courtesy`] is
    /// zero.
    pub fn insist(&mut self) {
        self.insists = true;
    }

    /// Whether he tries again at once when he learns of a rival.
    #[must_use]
    pub fn insists(&self) -> bool {
        self.insists
    }

    /// Enters the Chamber at `now`, having heard nobody.
    pub fn enter(&mut self, now: Minutes) {
        self.silent_since = now;
        self.name_has_gone_out(now);
    }

    /// Hears the name of `from`. True if he must stand down, because it is higher than his own.
    pub fn hear(&mut self, now: Minutes, from: Name) -> bool {
        let higher = from > self.name;
        if higher {
            self.silent_since = now;
        }
        higher && !self.appointed
    }

    /// Whether he presides at `now`.
    #[must_use]
    pub fn presides(&self, now: Minutes) -> bool {
        self.stands_above_all() || now >= self.silent_since + self.patience
    }

    /// T: how long he must hear no higher name before he presides.
    #[must_use]
    pub fn patience(&self) -> Minutes {
        self.patience
    }

    /// How long he waited without a higher name; `None` if he need not wait.
    #[must_use]
    pub fn waited(&self) -> Option<Minutes> {
        (!self.stands_above_all()).then_some(self.patience)
    }

    /// When he presides if he hears no higher name until then.
    #[must_use]
    pub fn presides_at(&self) -> Minutes {
        if self.stands_above_all() { self.silent_since } else { self.silent_since + self.patience }
    }

    /// When he must next send his name to all.
    #[must_use]
    pub fn name_due(&self) -> Minutes {
        self.name_due
    }

    /// Notes that he has sent his name to all.
    pub fn name_has_gone_out(&mut self, now: Minutes) {
        self.name_due = now + (self.patience - (DELIVER + ACT));
    }

    /// How long he waits for a rival to finish before he tries again: 7 minutes for each name above
    /// his. So two presidents wait for different times, and one of them finishes.
    ///
    /// **Departure:** in §2.4 he tries at once, as after [`Presence::insist`]. He waits only after a
    /// rival's own letter, so the bounds of §2.4, which assume one initiator, still hold.
    #[must_use]
    pub fn courtesy(&self) -> Minutes {
        let names = if self.insists { 0 } else { self.rank };
        Minutes::thousandths(ACT.in_thousandths() * names)
    }

    fn stands_above_all(&self) -> bool {
        self.appointed || self.rank == 0
    }
}
