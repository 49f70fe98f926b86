//! The decrees that priests of one process have read lately: each is kept once, however many read
//! it.

use std::sync::{Mutex, PoisonError};

use crate::words::Decree;

/// The decrees that were read lately in one chamber, each at a place that its petition's id gives
/// it. They lie on many shelves, so that few priests wait for one another.
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

/// A place for the decree of this petition. Two that have one place take turns there.
fn place_of(id: &str) -> usize {
    crc32fast::hash(id.as_bytes()) as usize % PLACES
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
        let in_its_place = (8..).map(|n| format!("Dolf/{n}"));
        let in_its_place = in_its_place.skip_while(|id| place_of(id) != place_of("Dolf/7"));
        for id in ["Dolf/8".into(), "Skeen/7".into()].into_iter().chain(in_its_place.take(1)) {
            let other = quoted.one(goats(&id));
            assert_eq!(other, goats(&id));
            assert_ne!(words(&other), words(&first));
        }
        assert_eq!(quoted.one(goats("Dolf/7")), first);
        assert_eq!(quoted.one(Decree::new("Goats").unwrap()).text(), "Goats");
    }
}
