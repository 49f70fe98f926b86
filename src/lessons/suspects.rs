//! The four suspects of the inquisition: three hold a heresy, each another, and one is sound.

use crate::chance::Chance;
use crate::heresies::Heresy;
use crate::playground::game::Game;

/// A heresy whose shortest run is longer is not asked of a student.
const LONGEST: usize = 9;

/// How many seeds there are to draw from.
const SEEDS: u64 = 10_000;

/// The seeds of `parliament play --heresy ?` that play the suspects.
pub(super) fn drawn(chance: &mut Chance) -> [u64; 4] {
    let mut seeds = [0; 4];
    let mut heretics: Vec<&str> = Vec::new();
    let sound = chance.below(seeds.len() as u64) as usize;
    for (i, place) in seeds.iter_mut().enumerate() {
        // A fifth of ten thousand seeds are sound, and most of the rest are short enough.
        *place = loop {
            let seed = chance.below(SEEDS);
            match heresy(seed) {
                None if i == sound => break seed,
                Some(heresy)
                    if i != sound && is_short(heresy) && !heretics.contains(&heresy.name) =>
                {
                    heretics.push(heresy.name);
                    break seed;
                }
                _ => {}
            }
        };
    }
    seeds
}

fn is_short(heresy: &Heresy) -> bool {
    heresy.expected().is_some_and(|it| it.events <= LONGEST && it.scope.ballots <= 2)
}

/// The heresy of a seed's suspect; none if he is sound.
pub(super) fn heresy(seed: u64) -> Option<&'static Heresy> {
    Game::secret(seed).heresy()
}
