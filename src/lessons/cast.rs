//! Names, decrees and ballot numbers, drawn from a student's name, so that answers do not travel.

use std::fmt::Write as _;

use super::suspects;
use crate::chance::Chance;
use crate::words::{BallotNumber, Name};

/// The priests: five of them, in alphabetical order, play in one student's lessons.
const PRIESTS: [&str; 17] = [
    "Dijkstra",
    "Dolev",
    "Dwork",
    "Fischer",
    "Francez",
    "Gouda",
    "Gray",
    "Lindsay",
    "Lynch",
    "Oki",
    "Parnas",
    "Pnueli",
    "Schneider",
    "Skeen",
    "Strong",
    "Toueg",
    "Wensley",
];

/// The five of the paper's own examples.
const PAPERS: [&str; 5] = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];

/// Decrees, short enough for a table.
const DECREES: [&str; 12] = [
    "Figs are free",
    "Goats may graze",
    "Wine is taxed",
    "Bees may fly",
    "Salt is cheap",
    "Boats are blue",
    "Wells are deep",
    "Lamps burn oil",
    "Nets are mended",
    "Bread is round",
    "Sheep are shorn",
    "Olives are ripe",
];

/// How far the ballot numbers of a student may be moved.
const SHIFTS: u64 = 7;

/// The priests who play, and what is proposed.
#[derive(Clone, Debug)]
pub(crate) struct Cast {
    /// The student whose cast it is, if anybody was named.
    pub student: Option<String>,
    names: Vec<Name>,
    decrees: [&'static str; 3],
    shift: u64,
    suspects: [u64; 4],
}

impl Cast {
    /// The cast of this student; the paper's own without one.
    pub fn of(student: Option<&str>) -> Cast {
        let mut names: Vec<&str> = PAPERS.to_vec();
        let mut decrees: Vec<&'static str> = DECREES.to_vec();
        let mut shift = 0;
        let mut chance = Chance::new(seed(student.unwrap_or_default()), 1);
        let suspects = suspects::drawn(&mut chance);
        if let Some(student) = student {
            let mut chance = Chance::new(seed(student), 0);
            names = PRIESTS.to_vec();
            while names.len() > PAPERS.len() {
                names.remove(chance.below(names.len() as u64) as usize);
            }
            for last in (1..decrees.len()).rev() {
                decrees.swap(last, chance.below(last as u64 + 1) as usize);
            }
            shift = chance.below(SHIFTS);
        }
        Cast {
            student: student.map(str::to_owned),
            names: names.into_iter().filter_map(|name| Name::new(name).ok()).collect(),
            decrees: [decrees[0], decrees[1], decrees[2]],
            shift,
            suspects,
        }
    }

    /// The five priests, in alphabetical order: the last presides.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The ballot that is `round` in the paper's own cast, of the priest `owner`, who is 1 to 5.
    pub fn ballot(&self, round: u64, owner: usize) -> BallotNumber {
        BallotNumber { round: round + self.shift, owner: self.names[owner - 1] }
    }

    /// Two taxes, in drachmas: the lower, and the higher.
    pub fn taxes(&self) -> [u64; 2] {
        [3 + self.shift, 9 + 2 * self.shift]
    }

    /// The seeds of the four suspects.
    pub fn suspects(&self) -> [u64; 4] {
        self.suspects
    }

    /// A text in which `{1}` to `{5}` are the priests, `{all}` all of them, `{low}` and
    /// `{high}` taxes, `{s1}` to `{s4}` the seeds of suspects, `{alpha}`, `{beta}` and `{gamma}` decrees, and
    /// `{2.5}` is the ballot 2 of the fifth priest.
    pub fn fill(&self, template: &str) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            match after.split_once('}').and_then(|(key, rest)| Some((self.value(key)?, rest))) {
                Some((value, after)) => {
                    filled.push_str(&value);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled + rest
    }

    fn value(&self, key: &str) -> Option<String> {
        let decrees = ["alpha", "beta", "gamma"];
        if let Some(i) = decrees.iter().position(|it| *it == key) {
            return Some(self.decrees[i].to_owned());
        }
        if let Some(i) = ["low", "high"].iter().position(|it| *it == key) {
            return Some(self.taxes()[i].to_string());
        }
        if let Some(suspect) = key.strip_prefix('s') {
            let i: usize = suspect.parse().ok()?;
            return Some(self.suspects.get(i.checked_sub(1)?)?.to_string());
        }
        if key == "all" {
            let names: Vec<&str> = self.names.iter().map(Name::as_str).collect();
            return Some(names.join(" "));
        }
        let mut value = String::new();
        match key.split_once('.') {
            Some((round, owner)) => {
                let owner = owner.parse().ok().filter(|owner| (1..=5).contains(owner))?;
                write!(value, "{}", self.ballot(round.parse().ok()?, owner)).ok()?;
            }
            None => {
                let owner = key.parse().ok().filter(|owner| (1..=5).contains(owner))?;
                let owner: usize = owner;
                write!(value, "{}", self.names[owner - 1]).ok()?;
            }
        }
        Some(value)
    }
}

/// A number that follows from a name alone: FNV-1a, whose definition never changes.
fn seed(student: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    student.trim().bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_follows_from_the_students_name() {
        let [ada, again, bob] = ["Ada", "Ada", "Bob"].map(|it| Cast::of(Some(it)));
        assert_eq!(
            (&ada.names, ada.decrees, ada.shift),
            (&again.names, again.decrees, again.shift)
        );
        assert_ne!((&ada.names, ada.decrees), (&bob.names, bob.decrees));
        assert!(ada.names.is_sorted() && bob.names.is_sorted());
    }

    #[test]
    fn a_template_is_filled_with_names_decrees_and_ballots() {
        let cast = Cast::of(None);
        let filled = cast.fill("{1} begins {2.5} for “{alpha}”; {9} {x}");
        assert_eq!(filled, "Dwork begins 2.Oki for “Figs are free”; {9} {x}");
    }
}
