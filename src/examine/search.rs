//! The search over a novice's answers: every state that he and two others can reach, in five parts.

use super::hall::{Novice, Numbers, Part};
use super::telling::Conviction;
use crate::explore::scope::appears_in_order;
use crate::explore::world::Worlds;
use crate::explore::{self, Findings, Gauge, Scope, ScopeError};
use crate::words::Founding;

/// How much is searched unless somebody says otherwise.
pub const USUAL: Scope = Scope { priests: 3, ballots: 2, decrees: 2, restarts: 1 };

/// The integers of ballot numbers begin here, so that who compares them as text is found: 10 stands
/// before 9 there.
const FIRST_ROUND: u64 = 9;

/// The parts of a search, each with what happens in it.
#[must_use]
pub fn parts(novice: &dyn Novice, scope: Scope) -> Vec<(&'static str, Part<'_>)> {
    let seat = scope.priests / 2;
    let everybody: Vec<usize> = (0..scope.priests).collect();
    let rolls = || scope.rolls(false).into_iter();
    let apart = |owners: Vec<usize>| {
        let rounds = (FIRST_ROUND..).take(owners.len()).collect();
        Numbers { owners, rounds }
    };
    let of = |owns: bool| -> Vec<Numbers> {
        let is_his = |roll: &Vec<usize>| roll.contains(&seat) == owns;
        rolls().filter(is_his).filter(|roll| is_first_of_its_kind(roll, seat)).map(apart).collect()
    };
    let equal = |owners: Vec<usize>| Numbers { rounds: vec![1; owners.len()], owners };
    let rises = |roll: &Vec<usize>| roll.is_sorted_by(|one, next| one < next);
    let all = scope.rolls(true).into_iter().map(apart).collect();
    let parts = [
        ("others preside, and your priest votes", vec![seat], of(false)),
        ("your priest presides too", vec![seat], of(true)),
        ("two ballots have one integer", vec![seat], rolls().filter(rises).map(equal).collect()),
        ("all priests are yours", everybody, all),
    ];
    let part = |(name, seats, numbers): (_, Vec<usize>, Vec<Numbers>)| {
        (name, Part::new(novice, scope, &seats, numbers))
    };
    let is_some = |(_, _, numbers): &(_, _, Vec<Numbers>)| !numbers.is_empty();
    let mut parts: Vec<(&str, Part<'_>)> = parts.into_iter().filter(is_some).map(part).collect();
    if let Some(founding) = uneven(&scope.founding()) {
        let scope = Scope { ballots: 1, ..scope };
        let part = Part::new(novice, scope, &[seat], vec![apart(vec![seat])]);
        let name = "your priest presides, and one weighs more than all others together";
        // It is small, so it comes before the large ones.
        parts.insert(parts.len().min(2), (name, part.founded(founding)));
    }
    parts
}

/// The same priests; the last of them has more than half of the weight.
fn uneven(founding: &Founding) -> Option<Founding> {
    let members = &founding.membership;
    let (last, many) = (members.names().last()?, members.size() as u64);
    let weighed = members.names().map(|name| (name, if name == last { many } else { 1 }));
    Founding::new(weighed, founding.alpha).ok()
}

impl Part<'_> {
    /// Searches every state of this part, or until a rule is broken, or until the gauge says that it
    /// must stop.
    ///
    /// # Errors
    /// [`ScopeError`] when the scope is out of bounds.
    pub fn search(&self, gauge: &Gauge) -> Result<(Findings, Option<Conviction>), ScopeError> {
        let mut findings = explore::explore(self, gauge)?;
        let halls = self.worlds()?;
        let story = findings.breach.take();
        let told = story.zip(halls.first()).map(|(story, hall)| hall.convict(story));
        Ok((findings, told))
    }

    /// Goes through a run again, with what he answers now.
    #[must_use]
    pub fn again(&self, conviction: &Conviction) -> Option<Conviction> {
        let halls = self.worlds().ok()?;
        halls.first().map(|hall| hall.convict(conviction.story.clone()))
    }
}

/// Whether the priests of the house own numbers in alphabetical order: they may exchange their
/// names, as long as all integers differ.
fn is_first_of_its_kind(roll: &[usize], seat: usize) -> bool {
    let of_the_house = roll.iter().filter(|&&owner| owner != seat);
    appears_in_order(of_the_house.map(|&owner| Some(if owner > seat { owner - 1 } else { owner })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    struct Silent;
    impl Novice for Silent {
        fn answer(&self, _: &super::super::Question<'_>) -> Option<Arc<super::super::Answer>> {
            None
        }
    }

    #[test]
    fn one_part_has_a_priest_who_outweighs_all_others() {
        for priests in 1..=5 {
            let founding = uneven(&Scope { priests, ..USUAL }.founding()).unwrap();
            let members = &founding.membership;
            let heavy = members.names().last().unwrap();
            assert_eq!(members.size(), priests);
            assert!(2 * members.weight_of([heavy]) > members.weight(), "{founding}");
        }
    }

    #[test]
    fn worlds_that_differ_by_sound_names_are_searched_once() {
        let many = |name: &str| {
            let parts = parts(&Silent, USUAL);
            let (_, part) = parts.iter().find(|(it, _)| it.contains(name)).unwrap();
            part.owners()
        };
        assert_eq!(many("others preside"), [vec![0, 0], vec![0, 2]]);
        assert_eq!(many("presides too"), [vec![0, 1], vec![1, 0], vec![1, 1]]);
        assert_eq!(many("one integer"), [vec![0, 1], vec![0, 2], vec![1, 2]]);
        assert_eq!(many("all priests"), [vec![0, 0], vec![0, 1]]);
    }
}
