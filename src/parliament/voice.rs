//! How a legislator tells the reasons for what he does.

use crate::synod::deed::Deed;
use crate::words::name::Name;
use crate::words::step::{Act, Step};

/// Whose reasons are told, and whether those for each decree are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(super) struct Voice {
    name: Name,
    silent: bool,
}

impl Voice {
    /// The voice of one who tells every reason.
    pub(super) const fn of(name: Name) -> Voice {
        Voice { name, silent: false }
    }

    /// The same, for one who tells only what [concerns his office](Act::concerns_office).
    pub(super) const fn silenced(self) -> Voice {
        Voice { silent: true, ..self }
    }

    /// Whose voice it is.
    pub(super) const fn name(self) -> Name {
        self.name
    }

    /// Notes a reason beside a deed, unless he gives none.
    pub(super) fn tell(self, deed: &mut Deed, act: impl FnOnce() -> Act) {
        if !self.silent {
            self.tell_of_office(deed, act());
        }
    }

    /// Notes a reason, unless he gives none and this one does not concern his office.
    pub(super) fn tell_if_heard(self, deed: &mut Deed, act: Act) {
        if !self.silent || act.concerns_office() {
            self.tell_of_office(deed, act);
        }
    }

    /// Notes what concerns his office: that he always tells.
    pub(super) fn tell_of_office(self, deed: &mut Deed, act: Act) {
        deed.tell(Step { priest: self.name, act });
    }
}
