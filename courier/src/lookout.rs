//! Wakes the courier when an outbox changes, so that it can sleep longer meanwhile.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::Sender;

use parliament::chamber::{Chamber, Watch};
use parliament::words::Name;

use crate::engine::Tide;

/// The file that stands under an outbox's name.
type Standing = Option<(u64, u64)>;

/// Watches the outboxes of a chamber.
pub struct Lookout {
    chamber: Chamber,
    watch: Watch,
    tides: Sender<Tide>,
    watched: BTreeMap<Name, Standing>,
}

impl Lookout {
    /// A lookout that watches no outbox yet; `None` where the system gives no watcher.
    #[must_use]
    pub fn of(chamber: &Chamber, tides: Sender<Tide>) -> Option<Lookout> {
        let watch = Watch::new().ok()?;
        Some(Lookout { chamber: chamber.clone(), watch, tides, watched: BTreeMap::new() })
    }

    /// Watches outboxes that are new, and those that were archived anew. Returns whether all are
    /// watched.
    pub fn look<'a>(&mut self, owners: impl IntoIterator<Item = &'a Name>) -> bool {
        let mut all = self.watch.is_alive();
        for &owner in owners {
            let path = self.chamber.messagebook(owner);
            let now = standing(&path);
            let was = self.watched.get(&owner).copied();
            if was == Some(now) && now.is_some() {
                continue;
            }
            let watched = match was {
                None => {
                    let tides = self.tides.clone();
                    self.watch.over(&path, move || drop(tides.send(Tide::Outboxes)))
                }
                Some(_) => self.watch.renew(&path),
            };
            all &= watched.is_ok();
            self.watched.insert(owner, now.filter(|_| watched.is_ok()));
        }
        all
    }
}

#[cfg(unix)]
fn standing(path: &Path) -> Standing {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).ok().map(|it| (it.dev(), it.ino()))
}

/// Where files have no such number, each is watched anew each time.
#[cfg(not(unix))]
fn standing(_: &Path) -> Standing {
    None
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::time::Duration;

    use super::*;

    #[test]
    fn he_is_woken_by_an_outbox_that_came_later_or_was_replaced() {
        let root = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(root.path());
        std::fs::create_dir(chamber.messagebooks()).unwrap();
        let ben: Name = "Ben".parse().unwrap();
        let path = chamber.messagebook(ben);
        let (tides, come) = channel();
        let mut lookout = Lookout::of(&chamber, tides).unwrap();
        let woken = || match come.recv_timeout(Duration::from_secs(60)) {
            Ok(Tide::Outboxes) => while come.recv_timeout(Duration::from_millis(50)).is_ok() {},
            Ok(_) => panic!("another tide"),
            Err(RecvTimeoutError::Timeout) => panic!("nobody woke him"),
            Err(error) => panic!("{error}"),
        };
        assert!(!lookout.look(&[ben]), "it is not there");
        std::fs::write(&path, "a\n").unwrap();
        assert!(lookout.look(&[ben]));
        std::fs::write(&path, "a\nb\n").unwrap();
        woken();
        std::fs::rename(&path, path.with_extension("old")).unwrap();
        std::fs::write(&path, "c\n").unwrap();
        assert!(lookout.look(&[ben]) && lookout.look(&[ben]));
        while come.try_recv().is_ok() {}
        std::fs::write(&path, "c\nd\n").unwrap();
        woken();
    }
}
