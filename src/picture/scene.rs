//! The Chamber at one moment: every desk, B, and the letters so far.

use std::collections::BTreeMap;

use super::ballots::{Ballots, Change};
use super::desk::Desk;
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::{DecreeNumber, Founding, Name};

/// The state at one moment, by the records.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Everyone's desk.
    pub desks: BTreeMap<Name, Desk>,
    /// B.
    pub ballots: Ballots,
    /// How many letters went to others, by kind.
    pub letters: BTreeMap<Kind, u64>,
}

/// The things that an event changed.
#[derive(Debug, Default)]
pub struct Taken {
    /// On whose lifeline it happened.
    pub actor: Option<Name>,
    /// How it changed B.
    pub change: Option<Change>,
    /// The slip of paper after it, if it changed the slip.
    pub slip: Option<Option<String>>,
}

impl Scene {
    /// The Chamber as it is founded: the legislators, and nothing on their desks.
    #[must_use]
    pub fn founded(founding: &Founding) -> Scene {
        let desks = founding.membership.names().map(|name| (name, Desk::default())).collect();
        Scene { desks, ballots: Ballots::default(), letters: BTreeMap::new() }
    }

    /// Takes down what happened.
    pub fn take_down(&mut self, happening: &Happening) -> Taken {
        if let Happening::Send { from, to, message } = happening
            && from != to
        {
            *self.letters.entry(message.kind()).or_default() += 1;
        }
        let actor = actor(happening).filter(|name| self.seats(*name, happening));
        let slip = actor.and_then(|name| {
            let desk = self.desks.get_mut(&name)?;
            let before = desk.slip.clone();
            desk.take_down(happening);
            (desk.slip != before).then(|| desk.slip.written())
        });
        Taken { actor, change: self.ballots.take_down(happening), slip }
    }

    /// Whether he has a desk; whom a decree seats has one from his first row on.
    fn seats(&mut self, name: Name, happening: &Happening) -> bool {
        if matches!(happening, Happening::Ink { .. } | Happening::Enter(_)) {
            self.desks.entry(name).or_default();
        }
        self.desks.contains_key(&name)
    }

    /// Forgets the decrees before `number`: for those who watch a long sitting, and look at its
    /// last decrees alone.
    pub fn forget_before(&mut self, number: DecreeNumber) {
        self.ballots.forget_before(number);
        self.desks.values_mut().for_each(|desk| desk.forget_before(number));
    }
}

/// On whose lifeline an event happens.
fn actor(happening: &Happening) -> Option<Name> {
    match happening {
        Happening::Send { from, .. } => Some(*from),
        Happening::Receive { to, .. } | Happening::Ignore { to, .. } => Some(*to),
        Happening::Ink { priest, .. } => Some(*priest),
        Happening::Enter(name) | Happening::Leave(name) => Some(*name),
        Happening::Founded(_) | Happening::Lose { .. } | Happening::Repeat { .. } => None,
    }
}
