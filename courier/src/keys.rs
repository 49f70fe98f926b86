//! Keys that decrees change: `The key of isle is …`, or `The key of isle is void`.
//!
//! The founder's list binds a machine to the key with which it joined, for good. A decree puts
//! another in its place, or takes it back. So nobody but the Parliament can change a key, and all
//! machines that know the same decrees believe the same keys.

use std::collections::BTreeSet;

use parliament::chamber::{Chamber, ChamberError};
use parliament::words::Name;

use crate::home::{Home, HomeError};
use crate::key::Key;
use crate::law::Reading;
use crate::machines::{Machine, Machines};
use crate::quic;

/// What a decree says of the key of a machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decreed {
    /// This is its key.
    Key(Key),
    /// It has none, so that nothing it sends counts.
    Void,
}

/// The value that takes a key back.
const VOID: &str = "void";

/// Why this machine cannot carry with its key.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file of `sea/` cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The chamber cannot be read.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// A decree put another key in its place.
    #[error(
        "{path}: a decree took back the key that is here ({words}), or put another in its place. `parliament sea rekey` makes a new one, and prints the decree for it; petition for that on another machine, and then `parliament sea rekey --now` takes the new one here", path = path.display()
    )]
    Replaced {
        /// The secret key.
        path: std::path::PathBuf,
        /// The words of the key that counts no more.
        words: String,
    },
    /// No new key was made.
    #[error("no new key waits in sea/; `parliament sea rekey` makes one, and prints its decree")]
    NoneWaits,
    /// The founder's key is part of what the Parliament is.
    #[error(
        "this machine founded the Parliament, and its key stands in the ticket and in the charter of each machine, so it cannot be changed"
    )]
    Founder,
}

/// The matter on which the Parliament declares the key of a machine.
#[must_use]
pub fn matter_of(machine: Name) -> String {
    format!("key of {machine}")
}

/// The decree that gives a machine this key.
#[must_use]
pub fn decree(machine: Name, key: Key) -> String {
    format!("The {} is {key}", matter_of(machine))
}

impl Decreed {
    /// Reads the value of that matter; `None` if it is no key.
    #[must_use]
    pub fn of_value(value: &str) -> Option<Decreed> {
        if value == VOID {
            return Some(Decreed::Void);
        }
        value.parse().ok().map(Decreed::Key)
    }
}

/// The machines of the founder's list, each with the key that counts now, without those that have
/// none. The founder's key is no matter of decrees, and no two machines have one key: a decree that
/// gives one the key of another counts for nothing.
#[must_use]
pub fn as_decreed(
    bound: &Machines,
    founder: Key,
    decreed: impl Fn(Name) -> Option<Decreed>,
) -> Machines {
    let mut taken: BTreeSet<Key> = bound.iter().map(|it| it.key).collect();
    let mut machines = Machines::default();
    for machine in bound.iter() {
        let key = match decreed(machine.name).filter(|_| machine.key != founder) {
            Some(Decreed::Void) => continue,
            Some(Decreed::Key(key)) if taken.insert(key) => key,
            Some(Decreed::Key(_)) | None => machine.key,
        };
        machines.put(Machine { key, ..machine.clone() });
    }
    machines
}

/// The secret key with which this machine carries now. If a decree has put the one that waits in
/// `sea/key.next` in its place, that is done first, durably.
///
/// # Errors
/// [`KeysError`].
pub fn secret(chamber: &Chamber) -> Result<[u8; 32], KeysError> {
    let home = Home::of(chamber.root());
    let (secret, next) = (home.secret()?, home.next_secret()?);
    let key = quic::public(&secret);
    let (bound, machines) = known(chamber, &home)?;
    if machines.with_key(key).is_some() || bound.iter().next().is_none() {
        return Ok(secret);
    }
    if let Some(next) = next.filter(|it| machines.with_key(quic::public(it)).is_some()) {
        home.take_next_secret()?;
        return Ok(next);
    }
    if bound.with_key(key).is_none() {
        // It is a new one, of which no decree may be known here yet: the others judge.
        return Ok(secret);
    }
    Err(KeysError::Replaced { path: home.at("key"), words: key.in_words() })
}

/// Puts the key that waits in the place of the old one, though no decree is known here that does:
/// the other machines know of it, and turn away the old one.
///
/// # Errors
/// [`KeysError`], also when none waits.
pub fn take_now(chamber: &Chamber) -> Result<Key, KeysError> {
    let home = Home::of(chamber.root());
    let next = home.next_secret()?.ok_or(KeysError::NoneWaits)?;
    home.take_next_secret()?;
    Ok(quic::public(&next))
}

/// Makes a new key for this machine, which waits in `sea/key.next`, and returns it with the decree
/// that puts it in the place of the old one. Run again, it returns the same.
///
/// # Errors
/// [`KeysError`].
pub fn rekey(chamber: &Chamber) -> Result<(Key, String), KeysError> {
    let home = Home::of(chamber.root());
    let key = quic::public(&home.secret()?);
    let (bound, machines) = known(chamber, &home)?;
    if key == home.charter()?.founder {
        return Err(KeysError::Founder);
    }
    // A machine whose key was taken back is on no list, and still knows its name.
    let machine = match machines.with_key(key).or_else(|| bound.with_key(key)) {
        Some(machine) => machine.name,
        None => match chamber.roster().map_err(ChamberError::from)? {
            Some(roster) => roster.machine(),
            None => {
                let words = key.in_words();
                return Err(KeysError::Replaced { path: home.at("key"), words });
            }
        },
    };
    let next = quic::public(&home.next_secret_or(quic::new_secret())?);
    Ok((next, decree(machine, next)))
}

/// The founder's list, and the machines as decrees leave them.
///
/// # Errors
/// [`HomeError`].
pub fn known(chamber: &Chamber, home: &Home) -> Result<(Machines, Machines), HomeError> {
    let (charter, bound) = (home.charter()?, home.machines()?);
    let mut law = Reading::of(chamber, &charter.founding);
    law.look();
    let machines = as_decreed(&bound, charter.founder, |it| law.key_of(it));
    Ok((bound, machines))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound() -> Machines {
        let mut machines = Machines::default();
        for (called, key) in [("hill", 1), ("isle", 2), ("port", 3)] {
            let (name, key) = (called.parse().unwrap(), Key([key; 32]));
            machines.put(Machine { name, key, priests: Vec::new(), addresses: Vec::new() });
        }
        machines
    }

    /// The first bytes of the keys that count if these decrees stand.
    fn keys(decrees: &[(&str, &str)]) -> Vec<(String, u8)> {
        let decreed = |name: Name| {
            let said = decrees.iter().find(|(called, _)| *called == name.as_str());
            said.and_then(|(_, value)| Decreed::of_value(value))
        };
        let machines = as_decreed(&bound(), Key([1; 32]), decreed);
        machines.iter().map(|it| (it.name.to_string(), it.key.0[0])).collect()
    }

    fn has(all: &[(&str, u8)]) -> Vec<(String, u8)> {
        all.iter().map(|&(name, key)| (name.to_owned(), key)).collect()
    }

    #[test]
    fn a_decree_changes_a_key_or_takes_it_back() {
        let new = Key([9; 32]).to_string();
        let unchanged = has(&[("hill", 1), ("isle", 2), ("port", 3)]);
        assert_eq!(keys(&[]), unchanged);
        assert_eq!(keys(&[("isle", &new)]), has(&[("hill", 1), ("isle", 9), ("port", 3)]));
        assert_eq!(keys(&[("isle", "void")]), has(&[("hill", 1), ("port", 3)]));
        assert_eq!(keys(&[("isle", "lost")]), unchanged, "no key");
        assert_eq!(keys(&[("hill", &new)]), unchanged, "the founder's");
        assert_eq!(keys(&[("hill", "void")]), unchanged, "the founder's");
    }

    #[test]
    fn no_two_machines_have_one_key() {
        let of_port = Key([3; 32]).to_string();
        assert_eq!(keys(&[("isle", &of_port)]), keys(&[]));
        let new = Key([9; 32]).to_string();
        let both = keys(&[("isle", &new), ("port", &new)]);
        assert_eq!(both, has(&[("hill", 1), ("isle", 9), ("port", 3)]));
        // A key that was given up is not another's either.
        let of_isle = Key([2; 32]).to_string();
        let after = keys(&[("isle", &new), ("port", &of_isle)]);
        assert_eq!(after, has(&[("hill", 1), ("isle", 9), ("port", 3)]));
    }
}
