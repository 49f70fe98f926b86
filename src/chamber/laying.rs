//! A chamber laid down whole: ledgers and messagebooks that were written elsewhere.

use super::founding::{ChamberError, failed, sync, write_whole};
use super::{Chamber, Place, regular};
use crate::synod::Name;

impl Chamber {
    /// Lays down ledgers and messagebooks, byte for byte, where no chamber is yet.
    ///
    /// # Errors
    /// [`ChamberError::Occupied`] where a ledger stands; else when the disk says no.
    pub fn lay_down(
        &self,
        ledgers: &[(Name, Vec<u8>)],
        messagebooks: &[(Name, Vec<u8>)],
    ) -> Result<(), ChamberError> {
        if let Some(&name) = self.names()?.first() {
            let file = std::sync::Arc::new(self.ledger(name));
            return Err(ChamberError::Occupied { place: Place { file, line: 1, column: 1 } });
        }
        for directory in [self.ledgers(), self.messagebooks()] {
            let made = regular::make_directory(&directory);
            made.map_err(failed("make the directory", &directory))?;
        }
        for (name, text) in ledgers {
            write_whole(&self.ledger(*name), text)?;
        }
        for (name, text) in messagebooks {
            write_whole(&self.messagebook(*name), text)?;
        }
        // Whom decree 0 does not name had his ledger from God.
        let founding = self.standing()?;
        let is_seated = |name: Name| founding.as_ref().is_some_and(|it| !it.membership.has(name));
        for (name, _) in ledgers.iter().filter(|(name, _)| is_seated(*name)) {
            self.remember_seat(*name)?;
        }
        sync(&self.ledgers())
    }
}
