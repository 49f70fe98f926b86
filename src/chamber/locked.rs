//! A file whose lock is given up with it.
//!
//! The system holds a lock as long as anybody has a copy of the open file, and a program that this
//! process is starting has one of each until it runs. So a lock is given up by name, not by closing.

use std::fs::File;
use std::ops::{Deref, DerefMut};

/// An open file that its owner has locked. When it is dropped its lock is free.
#[derive(Debug)]
pub(super) struct Locked(File);

impl Locked {
    /// This file, which is locked.
    pub(super) fn is(file: File) -> Locked {
        Locked(file)
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
        owner.lock().unwrap();
        let owner = Locked::is(owner);
        assert!(file.as_file().try_lock().is_err());
        drop(owner);
        file.as_file().try_lock().unwrap();
        drop(copy);
    }
}
