//! A legislator's reasons for what he does, and which of them he tells.

use crate::synod::deed::Deed;
use crate::words::name::Name;
use crate::words::step::{Act, Step};

/// The legislator who tells reasons, and whether he tells those that concern one decree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(super) struct Voice {
    name: Name,
    silent: bool,
}

impl Voice {
    /// A voice that tells every reason.
    pub(super) const fn of(name: Name) -> Voice {
        Voice { name, silent: false }
    }

    /// This voice, telling only what [concerns his office](Act::concerns_office).
    pub(super) const fn silenced(self) -> Voice {
        Voice { silent: true, ..self }
    }

    /// The legislator's name.
    pub(super) const fn name(self) -> Name {
        self.name
    }

    /// Adds a reason to a deed, unless the voice is silenced.
    pub(super) fn tell(self, deed: &mut Deed, act: impl FnOnce() -> Act) {
        if !self.silent {
            self.tell_of_office(deed, act());
        }
    }

    /// Adds a reason, unless the voice is silenced and the reason does not concern his office.
    pub(super) fn tell_if_heard(self, deed: &mut Deed, act: Act) {
        if !self.silent || act.concerns_office() {
            self.tell_of_office(deed, act);
        }
    }

    /// Adds a reason that concerns his office, which he always tells.
    pub(super) fn tell_of_office(self, deed: &mut Deed, act: Act) {
        deed.tell(Step { priest: self.name, act });
    }
}
