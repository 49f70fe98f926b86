//! A file whose lock is given up with it.
//!
//! The system holds a lock as long as anybody has a copy of the open file, and a program that this
//! process is starting has one of each until it runs. So a lock is given up by name, not by closing.

use std::fs::{File, TryLockError};
use std::ops::{Deref, DerefMut};

/// An open file that its owner has locked. When it is dropped its lock is free.
#[derive(Debug)]
pub(super) struct Locked(File);

impl Locked {
    /// Locks a file for its owner alone, if nobody else holds it.
    pub(super) fn alone(file: File) -> Result<Locked, TryLockError> {
        file.try_lock()?;
        Ok(Locked(file))
    }

    /// Locks a file as one who only looks, if nobody holds it alone.
    pub(super) fn beside_others(file: File) -> Result<Locked, TryLockError> {
        file.try_lock_shared()?;
        Ok(Locked(file))
    }

    /// Like [`Locked::alone`], tried this many times, with `wait` between two tries.
    pub(super) fn in_time(
        file: File,
        tries: u32,
        mut wait: impl FnMut(),
    ) -> Result<Locked, TryLockError> {
        for _ in 1..tries {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => wait(),
                result => return result.map(|()| Locked(file)),
            }
        }
        Locked::alone(file)
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // If that fails, closing the file gives it up.
        let _ = self.0.unlock();
    }
}

impl Deref for Locked {
    type Target = File;
    fn deref(&self) -> &File {
        &self.0
    }
}

impl DerefMut for Locked {
    fn deref_mut(&mut self) -> &mut File {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_open_file_holds_no_lock_longer_than_its_owner() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let owner = file.reopen().unwrap();
        let copy = owner.try_clone().unwrap();
        let owner = Locked::alone(owner).unwrap();
        assert!(file.as_file().try_lock().is_err());
        drop(owner);
        file.as_file().try_lock().unwrap();
        drop(copy);
    }
    #[test]
    fn a_lock_held_for_a_moment_is_waited_for() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let onlooker = Locked::beside_others(file.reopen().unwrap()).unwrap();
        let (mut onlooker, mut moments) = (Some(onlooker), 0);
        let taken = Locked::in_time(file.reopen().unwrap(), 50, || {
            moments += 1;
            if moments == 3 {
                onlooker = None;
            }
        });
        assert!(taken.is_ok() && moments == 3, "{taken:?} after {moments} moments");
    }

    #[test]
    fn a_body_that_stays_keeps_all_others_out() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let _body = Locked::alone(file.reopen().unwrap()).unwrap();
        let mut moments = 0;
        let refused = Locked::in_time(file.reopen().unwrap(), 50, || moments += 1);
        assert!(matches!(refused, Err(TryLockError::WouldBlock)) && moments == 49);
    }
}
