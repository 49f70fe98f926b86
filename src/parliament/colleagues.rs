//! The others in the Chamber, and which of them have a better claim to the chair.
//! `[PTP §2.4, §3.3.1]`
//!
//! The last in alphabetical order of those in the Chamber presides, with two cures for the tale of
//! the slow writer who came back after six months:
//!
//! - a president sits until he leaves, or until a higher name whose ledger is as complete as his
//!   own begins a ballot; a higher name alone does not unseat him;
//! - a higher name who is far behind has no claim to the chair, and inquires before he presides.

use std::collections::{BTreeMap, BTreeSet};

use super::FAR_BEHIND;
use crate::synod::presence::Presence;
use crate::words::ballot::{BallotNumber, DecreeNumber};
use crate::words::members::Membership;
use crate::words::name::Name;
use crate::words::time::{Minutes, REPLY};

/// A legislator's knowledge of one colleague.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
struct Colleague {
    /// When he was last heard, since the legislator himself entered.
    heard_at: Option<Minutes>,
    /// His ledger is complete through this decree, as he last said.
    complete_through: DecreeNumber,
    /// The ballot he presides in, as he last said.
    presides: Option<BallotNumber>,
}

/// A legislator's knowledge of all others, on his slip of paper.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Colleagues {
    me: Name,
    /// The names heard, and when to send his own. `[PTP §2.4]`
    pub presence: Presence,
    entered_at: Minutes,
    others: BTreeMap<Name, Colleague>,
    /// Whether those heard and himself are a majority set.
    quorate: bool,
    /// Whether he sits in Parliament himself.
    sits: bool,
}

impl Colleagues {
    /// The colleagues of `me`, for whom T is `patience`.
    #[must_use]
    pub fn new(me: Name, members: &Membership, patience: Minutes) -> Colleagues {
        let others = members.names().filter(|&name| name != me);
        Colleagues {
            me,
            presence: Presence::new(me, members, patience),
            entered_at: Minutes::ZERO,
            others: others.map(|name| (name, Colleague::default())).collect(),
            quorate: members.is_majority([me]),
            sits: members.has(me),
        }
    }

    /// Notes who votes on the next number (`members`) and on any open number (`all`).
    /// `[PTP §3.3.6]`
    pub fn learn_members(&mut self, members: &Membership, all: &BTreeSet<Name>) {
        self.sits = all.contains(&self.me);
        self.others.retain(|name, _| all.contains(name));
        for &name in all.iter().filter(|&&name| name != self.me) {
            self.others.entry(name).or_default();
        }
        self.presence.rank_among(all.iter().copied());
        self.quorate = self.are_majority(members);
    }

    /// Whether those heard and himself are a majority set.
    fn are_majority(&self, members: &Membership) -> bool {
        let heard = self.others.iter().filter(|(_, other)| other.heard_at.is_some());
        members.is_majority(heard.map(|(&name, _)| name).chain([self.me]))
    }

    /// Whether he votes on any number that is open: only then may he take the chair.
    #[must_use]
    pub fn sits(&self) -> bool {
        self.sits
    }

    /// All others who vote on any number that is open.
    pub fn names(&self) -> impl Iterator<Item = Name> + '_ {
        self.others.keys().copied()
    }

    /// Enters the Chamber, having heard nobody.
    pub fn enter(&mut self, now: Minutes, members: &Membership) {
        self.presence.enter(now);
        self.entered_at = now;
        for other in self.others.values_mut() {
            *other = Colleague::default();
        }
        self.quorate = members.is_majority([self.me]);
    }

    /// Notes that a colleague is in the Chamber: any letter of his shows it.
    pub fn hear(&mut self, now: Minutes, from: Name, members: &Membership) {
        let Some(other) = self.others.get_mut(&from) else {
            return;
        };
        let first = other.heard_at.replace(now).is_none();
        if first && !self.quorate {
            self.quorate = self.are_majority(members);
        }
    }

    /// Notes how far a colleague's ledger is complete. Letters overtake each other, so the larger
    /// number counts. But an old number that is larger by more than [`FAR_BEHIND`] is withdrawn:
    /// the new letter cannot be so late.
    pub fn learn_progress(&mut self, of: Name, complete_through: DecreeNumber) {
        if let Some(other) = self.others.get_mut(&of) {
            let is_withdrawn = complete_through.saturating_add(FAR_BEHIND) < other.complete_through;
            let before = if is_withdrawn { 0 } else { other.complete_through };
            other.complete_through = complete_through.max(before);
        }
    }

    /// Notes whether a colleague presides.
    pub fn learn_office(&mut self, of: Name, presides: Option<BallotNumber>) {
        if let Some(other) = self.others.get_mut(&of) {
            other.presides = presides;
        }
    }

    /// Whether a colleague has been heard since `moment`. He always hears himself.
    #[must_use]
    pub fn heard_since(&self, name: Name, moment: Minutes) -> bool {
        name == self.me
            || self.others.get(&name).is_some_and(|other| other.heard_at >= Some(moment))
    }

    /// The colleague furthest ahead among those heard in the last T minutes, and how far he is.
    #[must_use]
    pub fn furthest(&self, now: Minutes) -> Option<(Name, DecreeNumber)> {
        let lately = |at: Minutes| at + self.presence.patience() >= now;
        let heard = self.others.iter().filter(|(_, other)| other.heard_at.is_some_and(lately));
        heard
            .max_by_key(|(_, other)| other.complete_through)
            .map(|(&name, other)| (name, other.complete_through))
    }

    /// The highest name above his own that he has heard in the last T minutes. If he takes the chair
    /// nevertheless, that colleague is far behind.
    #[must_use]
    pub fn passed_over(&self, now: Minutes) -> Option<Name> {
        let lately = |at: Minutes| at + self.presence.patience() > now;
        let (&highest, _) =
            self.others.iter().rfind(|(_, other)| other.heard_at.is_some_and(lately))?;
        Some(highest).filter(|&name| name > self.me)
    }

    /// How far a colleague's ledger is complete, as he last said.
    #[must_use]
    pub fn progress(&self, of: Name) -> DecreeNumber {
        self.others.get(&of).map_or(0, |other| other.complete_through)
    }

    /// When he may take the chair with a ledger complete through `mine`, if he hears nobody until
    /// then.
    #[must_use]
    pub fn chair_at(&self, mine: DecreeNumber) -> Minutes {
        let until = self.others.iter().map(|(&name, other)| self.waits_for(name, other, mine));
        until.max().unwrap_or(self.entered_at).max(self.entered_at)
    }

    /// When this colleague's better claim to the chair ends.
    fn waits_for(&self, name: Name, other: &Colleague, mine: DecreeNumber) -> Minutes {
        let higher = name > self.me;
        let Some(heard_at) = other.heard_at else {
            return match (higher, self.quorate) {
                (true, _) => self.entered_at + self.presence.patience(),
                (false, false) => self.entered_at + REPLY,
                (false, true) => self.entered_at,
            };
        };
        let ahead = other.complete_through > mine;
        let far_ahead = other.complete_through > mine + FAR_BEHIND;
        let far_behind = other.complete_through.saturating_add(FAR_BEHIND) < mine;
        if other.presides.is_some() && (higher || ahead) || higher && !far_behind {
            heard_at + self.presence.patience()
        } else if far_ahead {
            heard_at + REPLY
        } else {
            self.entered_at
        }
    }
}
