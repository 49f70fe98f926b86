//! The directory `sea/` of a chamber: this machine's key, the charter, the list of machines.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::charter::{Charter, CharterError};
use crate::machines::Machines;
use crate::quic::Anchor;

/// The directory `sea/` of a chamber.
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
}

/// Why a file of `sea/` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// This chamber has not gone to sea.
    #[error("{path}: this chamber sits on one machine; `parliament sea found` or `parliament sea join TICKET --as NAME` begin one on several, and `parliament sea join TICKET --machine NAME` follows one", path = path.display())]
    Ashore {
        /// The file that is not there.
        path: PathBuf,
    },
    /// Others may read the key.
    #[error("{path}: others may read this key, and whoever has it can speak for this machine: `chmod 600 {path}`; if others did read it, see docs/sea.md", path = path.display())]
    Open {
        /// The key.
        path: PathBuf,
    },
    /// The key cannot be read.
    #[error("{path}: this is no key; put back the one that was here. Without it this machine's priests have amnesia for the others", path = path.display())]
    NoKey {
        /// The key.
        path: PathBuf,
    },
    /// The charter cannot be read.
    #[error("{path}: {source}; put back the charter that was here", path = path.display())]
    Charter {
        /// The charter.
        path: PathBuf,
        /// Its fault.
        source: CharterError,
    },
    /// The list of machines cannot be read.
    #[error("{path}:{line}: this row cannot be read; put back the file as it was, or delete it and `parliament sea join TICKET` again, with the same names: the founder answers with the list", path = path.display())]
    Machines {
        /// The list.
        path: PathBuf,
        /// The row.
        line: usize,
    },
    /// The list of machines is gone.
    #[error("{path}: the list of machines is gone; put it back, or `parliament sea join TICKET` again, with the same names: the founder answers with the list", path = path.display())]
    NoMachines {
        /// The list.
        path: PathBuf,
    },
    /// The key is gone.
    #[error("{path}: this machine left for good, or its key is lost. Put the key back if you have it; without it nobody believes this machine, and the others go on without it: docs/sea.md, “When a machine is lost for good”", path = path.display())]
    KeyGone {
        /// The key.
        path: PathBuf,
    },
    /// Another courier carries for this chamber.
    #[error("{path}: another courier carries for this chamber already; end it first, or the priest with whom it runs (Ctrl-C)", path = path.display())]
    Taken {
        /// The lock.
        path: PathBuf,
    },
    /// The system reported an error.
    #[error("{path}: cannot {doing}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What could not be done.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
}

/// The secret key.
const KEY: &str = "key";
/// The secret key that a decree is to put in its place.
const NEXT_KEY: &str = "key.next";
/// The charter.
const CHARTER: &str = "charter";
/// The list of machines.
pub const MACHINES: &str = "machines.csv";
/// What crossed, for `who`.
pub const HEARD: &str = "heard.csv";
/// The port and address to listen at.
const ANCHOR: &str = "anchor";
/// There since ledgers were inked here.
pub const INKED: &str = "inked";
/// Held by the courier.
const LOCK: &str = "lock";

impl Home {
    /// The directory `sea/` of the chamber in this directory. It need not exist.
    #[must_use]
    pub fn of(chamber: &Path) -> Home {
        Home { root: chamber.join("sea") }
    }

    /// The path of a file in it.
    #[must_use]
    pub fn at(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Whether it exists.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.at(KEY).exists()
    }

    /// The secret key.
    ///
    /// # Errors
    /// [`HomeError`], also when others may read it.
    pub fn secret(&self) -> Result<[u8; 32], HomeError> {
        match self.secret_in(KEY) {
            Err(HomeError::Ashore { path }) if self.at(CHARTER).exists() => {
                Err(HomeError::KeyGone { path })
            }
            secret => secret,
        }
    }

    /// The secret key that waits for a decree, if there is one.
    ///
    /// # Errors
    /// [`HomeError`], also when others may read it.
    pub fn next_secret(&self) -> Result<Option<[u8; 32]>, HomeError> {
        match self.secret_in(NEXT_KEY) {
            Err(HomeError::Ashore { .. }) => Ok(None),
            secret => secret.map(Some),
        }
    }

    fn secret_in(&self, file: &str) -> Result<[u8; 32], HomeError> {
        let path = self.at(file);
        let text = self.text(file)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let there = fs::metadata(&path).map_err(failed("read the key", &path))?;
            if there.permissions().mode() & 0o077 != 0 {
                return Err(HomeError::Open { path });
            }
        }
        let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
        bytes.and_then(|it| it.try_into().ok()).ok_or(HomeError::NoKey { path })
    }

    /// The secret key; this one if there is none yet. It is durable when this returns, and only its
    /// owner may read it.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn secret_or(&self, new: [u8; 32]) -> Result<[u8; 32], HomeError> {
        if self.stands() {
            return self.secret();
        }
        self.keep_secret(KEY, new)
    }

    /// The secret key that waits for a decree; this one if there is none yet. It is durable when
    /// this returns, and only its owner may read it.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn next_secret_or(&self, new: [u8; 32]) -> Result<[u8; 32], HomeError> {
        match self.next_secret()? {
            Some(secret) => Ok(secret),
            None => self.keep_secret(NEXT_KEY, new),
        }
    }

    /// Puts the secret key that waited in the place of the old one, which is destroyed.
    ///
    /// # Errors
    /// [`HomeError::Io`].
    pub fn take_next_secret(&self) -> Result<(), HomeError> {
        let (next, path) = (self.at(NEXT_KEY), self.at(KEY));
        fs::rename(&next, &path).map_err(failed("put the new key in its place", &path))?;
        self.sync()
    }

    fn keep_secret(&self, file: &str, new: [u8; 32]) -> Result<[u8; 32], HomeError> {
        fs::create_dir_all(&self.root).map_err(failed("make the directory", &self.root))?;
        let path = self.at(file);
        let mut how = OpenOptions::new();
        how.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let write = || {
            let mut file = how.open(&path)?;
            writeln!(file, "{}", HEXLOWER_PERMISSIVE.encode(&new))?;
            file.sync_all()
        };
        write().map_err(failed("write the key", &path))?;
        self.sync()?;
        Ok(new)
    }

    /// The charter.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn charter(&self) -> Result<Charter, HomeError> {
        let path = self.at(CHARTER);
        Charter::of_lines(&self.text(CHARTER)?)
            .map_err(|source| HomeError::Charter { path, source })
    }

    /// Writes the charter.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn keep_charter(&self, charter: &Charter) -> Result<(), HomeError> {
        self.keep(CHARTER, &charter.in_lines())
    }

    /// The list of machines; empty if the founder has not sent it.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn machines(&self) -> Result<Machines, HomeError> {
        let path = self.at(MACHINES);
        if !path.exists() {
            // It is written before the charter.
            return match self.at(CHARTER).exists() {
                true => Err(HomeError::NoMachines { path }),
                false => Ok(Machines::default()),
            };
        }
        Machines::of_rows(&self.text(MACHINES)?).map_err(|line| HomeError::Machines { path, line })
    }

    /// The port and address to listen at, as they were when this machine joined.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        let text = self.text(ANCHOR).unwrap_or_default();
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().to_owned()
        };
        Anchor {
            port: field("port,").parse().unwrap_or(0),
            ip: field("listen,").parse::<IpAddr>().ok(),
            mdns: field("mdns,") != "no",
        }
    }

    /// Writes the port and address.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn keep_anchor(&self, anchor: Anchor) -> Result<(), HomeError> {
        let Anchor { port, ip, mdns } = anchor;
        let listen = ip.map_or_else(String::new, |it| it.to_string());
        let mdns = if mdns { "yes" } else { "no" };
        self.keep(ANCHOR, &format!("port,{port}\nlisten,{listen}\nmdns,{mdns}\n"))
    }

    /// Writes a file whole or not at all; it is durable when this returns.
    ///
    /// # Errors
    /// [`HomeError::Io`].
    pub fn keep(&self, file: &str, text: &str) -> Result<(), HomeError> {
        let path = self.at(file);
        let draft = self.at(&format!(".{file}.draft"));
        let write = || {
            fs::create_dir_all(&self.root)?;
            let mut it = File::create(&draft)?;
            it.write_all(text.as_bytes())?;
            it.sync_all()?;
            fs::rename(&draft, &path)
        };
        write().map_err(failed("write the file", &path))?;
        self.sync()
    }

    /// Like [`Home::keep`], for counts: they need not be durable.
    ///
    /// # Errors
    /// [`HomeError::Io`].
    pub fn note(&self, file: &str, text: &str) -> Result<(), HomeError> {
        let (path, draft) = (self.at(file), self.at(&format!(".{file}.draft")));
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, &path))
            .map_err(failed("write the file", &path))
    }

    /// Takes the lock of the courier, until the returned file is closed.
    ///
    /// # Errors
    /// [`HomeError::Taken`] if another has it.
    pub fn lock(&self) -> Result<File, HomeError> {
        let path = self.at(LOCK);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(failed("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(HomeError::Taken { path }),
            Err(fs::TryLockError::Error(source)) => Err(failed("lock the file", &path)(source)),
        }
    }

    /// A file's text.
    fn text(&self, file: &str) -> Result<String, HomeError> {
        let path = self.at(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(HomeError::Ashore { path })
            }
            Err(source) => Err(failed("read the file", &path)(source)),
        }
    }

    fn sync(&self) -> Result<(), HomeError> {
        // A directory cannot be opened everywhere.
        #[cfg(unix)]
        File::open(&self.root)
            .and_then(|it| it.sync_all())
            .map_err(failed("dry the directory", &self.root))?;
        Ok(())
    }
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> HomeError {
    let path = path.to_owned();
    move |source| HomeError::Io { path, doing, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_a_key() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let home = Home::of(root.path());
        assert!(matches!(home.secret(), Err(HomeError::Ashore { .. })));
        assert_eq!(home.secret_or([7; 32]).unwrap(), [7; 32]);
        assert_eq!(home.secret_or([8; 32]).unwrap(), [7; 32], "the first stays");
        let mode = || fs::metadata(home.at(KEY)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(home.at(KEY), fs::Permissions::from_mode(0o640)).unwrap();
        let refused = home.secret().unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn one_courier_carries_for_a_chamber() {
        let root = tempfile::tempdir().unwrap();
        let home = Home::of(root.path());
        home.secret_or([7; 32]).unwrap();
        let lock = home.lock().unwrap();
        assert!(matches!(home.lock(), Err(HomeError::Taken { .. })));
        drop(lock);
        home.lock().unwrap();
    }

    #[test]
    fn an_anchor_reads_back() {
        let root = tempfile::tempdir().unwrap();
        let home = Home::of(root.path());
        assert_eq!(home.anchor(), Anchor { port: 0, ip: None, mdns: true });
        let anchor = Anchor { port: 7, ip: Some([127, 0, 0, 1].into()), mdns: false };
        home.keep_anchor(anchor).unwrap();
        assert_eq!(home.anchor(), anchor);
    }
}
