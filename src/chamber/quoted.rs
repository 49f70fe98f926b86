//! The decrees that priests of one process have read lately: each is kept once, however many read
//! it.

use std::sync::{Mutex, PoisonError};

use crate::words::Decree;

/// The decrees that were read lately in one chamber, each under a place that its petition's count
/// gives it. Those that are asked for one after another lie on different shelves.
#[derive(Default)]
pub(super) struct Quoted([Mutex<Vec<Option<Decree>>>; SHELVES]);

const SHELVES: usize = 16;

/// The number of decrees kept: more than are usually open at once.
const PLACES: usize = 1 << 15;

impl Quoted {
    /// This decree, or the equal one that was read before.
    pub fn one(&self, decree: Decree) -> Decree {
        let place = place_of(decree.petition().unwrap_or(decree.text()));
        let shelf = &self.0[place % SHELVES];
        let (mut shelf, place) =
            (shelf.lock().unwrap_or_else(PoisonError::into_inner), place / SHELVES);
        if shelf.len() <= place {
            shelf.resize(place + 1, None);
        }
        match &mut shelf[place] {
            Some(known) if *known == decree => known.clone(),
            kept => kept.insert(decree).clone(),
        }
    }
}

/// The count at the end of an id, as a place.
fn place_of(id: &str) -> usize {
    let digits = id.bytes().rev().take_while(u8::is_ascii_digit).count();
    let add = |place: usize, digit: u8| place.wrapping_mul(10).wrapping_add((digit - b'0').into());
    id.bytes().skip(id.len() - digits).fold(0, add) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_decrees_are_one_and_others_stay_apart() {
        let quoted = Quoted::default();
        let goats = |id: &str| Decree::of_petition("Goats may graze", id).unwrap();
        let words = |decree: &Decree| decree.text().as_ptr();
        let first = quoted.one(goats("Dolf/7"));
        assert_eq!(words(&quoted.one(goats("Dolf/7"))), words(&first));
        // The last two take the places of the first.
        for id in ["Dolf/8", "Skeen/7", "Dolf/32775"] {
            let other = quoted.one(goats(id));
            assert_eq!(other, goats(id));
            assert_ne!(words(&other), words(&first));
        }
        assert_eq!(quoted.one(goats("Dolf/7")), first);
        assert_eq!(quoted.one(Decree::new("Goats").unwrap()).text(), "Goats");
    }
}
