//! The members who vote on decree n: those whom the law as of decree n − α seats. `[PTP §3.3.6]`
//!
//! Decrees determine the members, and the members pass decrees. α breaks this circle: the law as of
//! max(0, n − α) says who votes on n. So two majorities for the same number are taken from one
//! list, and they share a member.
//!
//! Majorities for *different* numbers need not share a member if a decree between them changed
//! much. Still, a decree that passed before another was proposed must have the lower number
//! (§3.2.1). The α − 1 olive days after a change ensure it. A president who does not know the new
//! members may miss what they passed, but he has only olive days to propose before their first
//! number. (B3 may still bind these numbers to decrees that were proposed before the change.)

use std::collections::{BTreeMap, BTreeSet};

use super::grammar::Meaning;
use super::response::Refusal;
use crate::words::{DecreeNumber, Founding, Membership, Name};

/// The members of Parliament after each decree that changed them. `[PTP §3.3.6]`
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Seats {
    alpha: u64,
    /// The members as of decree 0.
    first: Membership,
    /// The members as of each decree that changed them.
    later: BTreeMap<DecreeNumber, Membership>,
}

impl Seats {
    /// The members whom decree 0 names.
    #[must_use]
    pub fn founded(founding: &Founding) -> Seats {
        Seats { alpha: founding.alpha, first: founding.membership.clone(), later: BTreeMap::new() }
    }

    /// The members by the law as of decree `number`.
    #[must_use]
    pub fn as_of(&self, number: DecreeNumber) -> &Membership {
        self.later.range(..=number).next_back().map_or(&self.first, |(_, members)| members)
    }

    /// The members by the last decree that changed them.
    #[must_use]
    pub fn latest(&self) -> &Membership {
        self.as_of(DecreeNumber::MAX)
    }

    /// The members who vote on decree `number`, with their weights, by the law as of
    /// max(0, number − α).
    ///
    /// The caller must know every decree through number − α. A president who does not cannot
    /// propose `number`.
    #[must_use]
    pub fn voting_on(&self, number: DecreeNumber) -> &Membership {
        self.as_of(number.saturating_sub(self.alpha))
    }

    /// The first decree for which a change by decree `number` counts.
    #[must_use]
    pub fn in_force_from(&self, number: DecreeNumber) -> DecreeNumber {
        number.saturating_add(self.alpha)
    }

    /// Whether `number` is one of the α − 1 numbers after `change`, a decree that changes the
    /// members. A president proposes only the olive day for these.
    #[must_use]
    pub fn is_olive_day(&self, number: DecreeNumber, change: DecreeNumber) -> bool {
        change < number && number < self.in_force_from(change)
    }

    /// The last decree that changed the members.
    #[must_use]
    pub fn last_change(&self) -> Option<DecreeNumber> {
        self.later.last_key_value().map(|(&number, _)| number)
    }

    /// Whether decree 0 or a later decree seated this name at any time.
    #[must_use]
    pub fn ever_had(&self, name: Name) -> bool {
        self.changes().any(|(_, members)| members.has(name))
    }

    /// Every change, decree 0 first: the decree's number, and the members from then on.
    pub fn changes(&self) -> impl Iterator<Item = (DecreeNumber, &Membership)> {
        let first = (Founding::NUMBER, &self.first);
        [first].into_iter().chain(self.later.iter().map(|(&number, members)| (number, members)))
    }

    /// The lists of members who vote on the α numbers after `known`, the first number's list first.
    /// The caller knows every decree through `known`.
    pub fn in_window_after(&self, known: DecreeNumber) -> impl Iterator<Item = &Membership> {
        let first = (known + 1).saturating_sub(self.alpha);
        let later = (first < known).then(|| self.later.range(first + 1..=known));
        let later = later.into_iter().flatten().map(|(_, members)| members);
        [self.as_of(first)].into_iter().chain(later)
    }

    /// The members after a decree of this meaning; `None` if it does not change them.
    ///
    /// # Errors
    /// [`Refusal`], the reason why the decree cannot take effect.
    pub fn after(&self, meaning: &Meaning) -> Result<Option<Membership>, Refusal> {
        let standing = self.latest();
        let mut weights: BTreeMap<Name, u64> = standing.weights().collect();
        match meaning {
            Meaning::Seats { name, weight, .. } => {
                weights.insert(*name, *weight);
            }
            Meaning::Unseats { name } => {
                weights.remove(name).ok_or(Refusal::NotSeated(*name))?;
            }
            _ => return Ok(None),
        }
        let members = Founding::new(weights, self.alpha)?.membership;
        Ok((members != *standing).then_some(members))
    }

    /// Whether after this decree the members inside the Chamber would be no majority. Then no
    /// decree could pass any more, not even one that corrects it.
    ///
    /// A scribe's error once made drowned sailors the only members of Parliament, and a general
    /// took advantage of the confusion. Such a petition must be refused.
    #[must_use]
    pub fn drowns(&self, meaning: &Meaning, inside: &BTreeSet<Name>) -> bool {
        let after = self.after(meaning).ok().flatten();
        after.is_some_and(|members| !members.is_majority(inside.iter().copied()))
    }

    /// Applies decree `number`; returns the new members if it changed them.
    ///
    /// # Errors
    /// As [`Seats::after`].
    pub fn enact(
        &mut self,
        number: DecreeNumber,
        meaning: &Meaning,
    ) -> Result<Option<&Membership>, Refusal> {
        match self.after(meaning)? {
            Some(members) => Ok(Some(self.later.entry(number).or_insert(members))),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(founding: &str) -> Seats {
        Seats::founded(&founding.parse().unwrap())
    }

    fn enact(seats: &mut Seats, number: DecreeNumber, text: &str) {
        seats.enact(number, &Meaning::of(text)).unwrap();
    }

    fn names(members: &Membership) -> Vec<&'static str> {
        members.names().map(|name| name.as_str()).collect()
    }

    fn set(names: &str) -> BTreeSet<Name> {
        names.split_whitespace().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn strong_votes_three_decrees_after_the_one_that_seats_him() {
        let mut seats = seats("Dwork Gray");
        enact(&mut seats, 3252, "Strong is now a legislator");
        for number in [0, 1, 3252, 3253, 3254] {
            assert_eq!(names(seats.voting_on(number)), ["Dwork", "Gray"], "decree {number}");
        }
        assert_eq!(names(seats.voting_on(3255)), ["Dwork", "Gray", "Strong"]);
        assert_eq!(seats.in_force_from(3252), 3255);
        let olive_days = |n: &u64| seats.is_olive_day(*n, seats.last_change().unwrap());
        assert_eq!((3250..3260).filter(olive_days).collect::<Vec<u64>>(), [3253, 3254]);
    }

    #[test]
    fn alpha_sets_the_first_number_of_new_members() {
        let mut seats = seats("Dwork Gray alpha=10");
        enact(&mut seats, 5, "Strong is now a legislator");
        assert!(!seats.voting_on(14).has("Strong".parse().unwrap()));
        assert!(seats.voting_on(15).has("Strong".parse().unwrap()));
        assert_eq!((1..30).filter(|&n| seats.is_olive_day(n, 5)).count(), 9);
    }

    #[test]
    fn weights_change_by_decree_and_a_repeat_changes_nothing() {
        let mut seats = seats("Dwork Gray");
        enact(&mut seats, 1, "Gray is now a legislator");
        assert_eq!(seats.changes().count(), 1);
        enact(&mut seats, 2, "Gray is now a legislator with weight 5");
        assert_eq!(seats.latest().weight_of(set("Gray")), 5);
        enact(&mut seats, 3, "Gray is now a legislator");
        assert_eq!(seats.latest().weight_of(set("Gray")), 1);
        assert_eq!(seats.changes().map(|(number, _)| number).collect::<Vec<_>>(), [0, 2, 3]);
    }

    #[test]
    fn everyone_who_votes_in_a_window_is_asked() {
        let mut seats = seats("Dwork Gray");
        enact(&mut seats, 4, "Strong is now a legislator");
        enact(&mut seats, 5, "Dwork is no longer a legislator");
        let window =
            |known| -> Vec<Vec<&str>> { seats.in_window_after(known).map(names).collect() };
        assert_eq!(window(0), [["Dwork", "Gray"]]);
        assert_eq!(window(3), [["Dwork", "Gray"]]);
        assert_eq!(window(4), [vec!["Dwork", "Gray"], vec!["Dwork", "Gray", "Strong"]]);
        let (old, both, new) =
            (vec!["Dwork", "Gray"], vec!["Dwork", "Gray", "Strong"], vec!["Gray", "Strong"]);
        assert_eq!(window(5), [old, both.clone(), new.clone()]);
        assert_eq!(window(6), [both, new.clone()]);
        assert_eq!(window(7).concat(), new);
        assert_eq!(window(100).concat(), new);
        assert!(
            seats.ever_had("Dwork".parse().unwrap()) && !seats.ever_had("Oki".parse().unwrap())
        );
    }

    #[test]
    fn nobody_is_unseated_twice_and_the_last_one_stays() {
        let seats = seats("Dwork");
        let after = |text| seats.after(&Meaning::of(text)).unwrap_err().to_string();
        assert_eq!(after("Gray is no longer a legislator"), "Gray is not a legislator");
        assert_eq!(
            after("Dwork is no longer a legislator"),
            "a Parliament has at least one legislator"
        );
        assert!(after("dwork is now a legislator").contains("differ only in case"));
        assert!(after("Gray is now a legislator with weight 0").contains("a weight is"));
    }

    #[test]
    fn the_sailors_decree_leaves_no_majority_inside() {
        let seats = seats("Dwork Fischer Gray");
        let drowns = |text, inside| seats.drowns(&Meaning::of(text), &set(inside));
        let sailor = "Elpenor is now a legislator with weight 1000000";
        assert!(drowns(sailor, "Dwork Fischer Gray"));
        assert!(!drowns(sailor, "Elpenor"), "the sailor himself is inside");
        let strong = "Strong is now a legislator";
        assert!(!drowns(strong, "Dwork Fischer Gray") && drowns(strong, "Dwork Fischer"));
        assert!(drowns("Gray is no longer a legislator", "Gray Dwork"));
        assert!(!drowns("Gray is now a legislator", ""), "it changes nothing");
        assert!(!drowns("The tax on sailors is 3", ""));
    }
}
