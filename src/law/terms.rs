//! Properties of offices with clocks that are wrong and jump, and with legislators who know only
//! some of the decrees. `[PTP §3.3.3, §3.3.4]`
//!
//! At each look a clock may show any time within its bound. So its error is drawn again for each
//! look, and the clock jumps.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::offices::CLOCK_ERROR;
use super::*;
use crate::words::{Decree, DecreeNumber, Minutes, Name};

/// The first moment of the time that is drawn.
const START: &str = "8:00 9 Apr 78";
const OFFICE: &str = "specialist on olive";
const PEOPLE: [&str; 3] = ["Francez", "Pnueli", "Gouda"];

/// A true minute: after the first decrees, or around the end of one month, of two, of three.
fn minute() -> impl Strategy<Value = u64> {
    (prop::sample::select(vec![0, 30, 61, 91]), 0..90u64)
        .prop_map(|(day, minute)| (day * 24 * 60 + minute).saturating_sub(45))
}

fn moment(minute: u64) -> Moment {
    START.parse::<Moment>().unwrap().plus(Minutes::whole(minute)).unwrap()
}

fn name(who: usize) -> Name {
    PEOPLE[who].parse().unwrap()
}

fn olive() -> Area {
    Area::of(&Phrase::new("olive tax").unwrap())
}

/// The time that a clock shows with this skew: 0 is 15 minutes early, 30 is 15 minutes late.
fn clock(minute: u64, skew: u64) -> Moment {
    moment(minute).minus(CLOCK_ERROR).unwrap().plus(Minutes::whole(skew)).unwrap()
}

/// An event at a true minute.
#[derive(Clone, Debug)]
enum Deed {
    /// A president proposes an appointment by his own clock.
    Appoint { who: usize, months: u32, skew: u64 },
    /// A holder resigns; he stops acting before he asks.
    Resign { who: usize, skew: u64 },
    /// A citizen takes office if his own clock and ledger allow it.
    Take { skew: u64 },
    /// The law changes.
    Declare,
    /// Somebody's ledger catches up with all decrees passed so far.
    Learn { who: usize },
    /// A citizen asks everyone for the olive tax.
    Ask { skew: u64 },
}

fn deed() -> impl Strategy<Value = (u64, Deed)> {
    let (who, skew) = (|| 0..PEOPLE.len(), || 0..=30u64);
    let deed = prop_oneof![
        2 => (who(), 1..3u32, skew())
            .prop_map(|(who, months, skew)| Deed::Appoint { who, months, skew }),
        1 => (who(), skew()).prop_map(|(who, skew)| Deed::Resign { who, skew }),
        4 => skew().prop_map(|skew| Deed::Take { skew }),
        1 => Just(Deed::Declare),
        6 => who().prop_map(|who| Deed::Learn { who }),
        4 => skew().prop_map(|skew| Deed::Ask { skew }),
    ];
    (minute(), deed)
}

/// Paxos as the gods see it: the decrees passed so far, and each person's ledger, which may lack
/// some.
struct Island {
    decrees: Vec<Decree>,
    books: Vec<LawBook>,
    /// (officer, decree) of resignations that the officer's own ledger does not have yet.
    resigned: BTreeSet<(usize, DecreeNumber)>,
}

impl Island {
    /// An island on which two specialists are appointed, one after the other, and everyone knows
    /// it.
    fn new() -> Island {
        let law = || Law::founded(&"Dwork".parse().unwrap());
        let books = PEOPLE.iter().map(|_| LawBook::opened(law())).collect();
        let mut island = Island { decrees: Vec::new(), books, resigned: BTreeSet::new() };
        for who in 0..2 {
            island.happens(0, &Deed::Appoint { who, months: 1, skew: 15 });
        }
        (0..PEOPLE.len()).for_each(|who| island.learn(who));
        island
    }

    fn pass(&mut self, meaning: &Meaning) -> DecreeNumber {
        self.decrees.push(Decree::new(&meaning.to_string()).unwrap());
        self.decrees.len() as DecreeNumber
    }

    fn learn(&mut self, who: usize) {
        for (number, decree) in (1..).zip(&self.decrees) {
            self.books[who].learn(number, decree.clone());
        }
        let known = self.books[who].complete_through();
        self.resigned.retain(|(other, number)| *other != who || *number > known);
    }

    /// Whether he may act in the office by his own ledger and this clock.
    fn acts(&self, who: usize, clock: Moment) -> bool {
        let offices = &self.books[who].state().offices;
        let office = Phrase::new(OFFICE).unwrap();
        let resigned = self.resigned.iter().any(|(other, _)| *other == who);
        !resigned && offices.may_act(&office, name(who), clock, CLOCK_ERROR)
    }

    /// The last decree that his answer covers, if he answers.
    fn answers(&self, who: usize, clock: Moment) -> Option<DecreeNumber> {
        if !self.acts(who, clock) {
            return None;
        }
        let book = &self.books[who];
        let (specialist, _) = book.state().offices.specialist(&olive(), clock, CLOCK_ERROR).ok()?;
        (specialist == name(who)).then(|| book.complete_through())
    }

    /// All who answer a citizen who asks everyone, each with the last decree that his answer
    /// covers.
    fn answer(&self, minute: u64, deed: &Deed) -> Vec<(usize, DecreeNumber)> {
        let Deed::Ask { skew } = *deed else { return Vec::new() };
        let answer = |who| Some((who, self.answers(who, clock(minute, skew))?));
        (0..PEOPLE.len()).filter_map(answer).collect()
    }

    fn happens(&mut self, minute: u64, deed: &Deed) {
        let office = Phrase::new(OFFICE).unwrap();
        match *deed {
            Deed::Appoint { who, months, skew } => {
                let (proposed, name) = (clock(minute, skew), name(who));
                self.pass(&Meaning::Appoints { proposed, name, office, months });
            }
            Deed::Resign { who, skew } => {
                let (proposed, name) = (clock(minute, skew), name(who));
                let number = self.pass(&Meaning::Resigns { proposed, name, office });
                self.resigned.insert((who, number));
            }
            Deed::Take { skew } => {
                let proposed = clock(minute, skew);
                for who in
                    (0..PEOPLE.len()).filter(|who| self.acts(*who, proposed)).collect::<Vec<_>>()
                {
                    let (name, office) = (name(who), office.clone());
                    self.pass(&Meaning::TakesOffice { proposed, name, office });
                }
            }
            Deed::Declare => {
                let tax = format!("The olive tax is {}", self.decrees.len());
                self.pass(&Meaning::of(&tax));
            }
            Deed::Learn { who } => self.learn(who),
            Deed::Ask { .. } => {}
        }
    }
}

fn in_order(mut deeds: Vec<(u64, Deed)>) -> Vec<(u64, Deed)> {
    deeds.sort_by_key(|(minute, _)| *minute);
    deeds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// For all ledgers that they may have, and all clocks within the bound.
    #[test]
    fn at_no_instant_do_two_hold_one_office(deeds in prop::collection::vec(deed(), 1..24)) {
        let mut island = Island::new();
        for (minute, deed) in in_order(deeds) {
            island.happens(minute, &deed);
            let may = |who: &usize| (0..=30).any(|skew| island.acts(*who, clock(minute, skew)));
            let acting: Vec<usize> = (0..PEOPLE.len()).filter(may).collect();
            prop_assert!(acting.len() <= 1, "{acting:?} hold one office at {}", moment(minute));
        }
    }

    /// "If one inquiry precedes a second inquiry, then the second inquiry cannot reveal an earlier
    /// state of the law than the first", even if the specialist is another by then. `[PTP §3.3.4]`
    #[test]
    fn specialists_never_reveal_an_earlier_state(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut island = Island::new();
        let mut told = 0;
        for (minute, deed) in in_order(deeds) {
            island.happens(minute, &deed);
            for (_, through) in island.answer(minute, &deed) {
                prop_assert!(through >= told, "first through {told}, then only {through}");
                told = through;
            }
        }
    }

    /// Times rise with decree numbers for all times in the decrees, so terms never overlap.
    #[test]
    fn times_rise_with_decree_numbers(deeds in prop::collection::vec(deed(), 1..24)) {
        let mut island = Island::new();
        deeds.iter().for_each(|(minute, deed)| island.happens(*minute, deed));
        let mut law = Law::founded(&"Dwork".parse().unwrap());
        let mut latest = None;
        for (number, decree) in (1..).zip(&island.decrees) {
            law.apply(number, decree);
            prop_assert!(law.offices.latest() >= latest);
            latest = law.offices.latest();
            let terms = law.offices.terms(&Phrase::new(OFFICE).unwrap());
            prop_assert!(terms.windows(2).all(|pair| pair[0].until <= pair[1].from));
        }
    }
}

#[test]
fn the_runs_above_have_answers_of_several_specialists_in_turn() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut answers, mut handed_over) = (0, 0);
    for _ in 0..500 {
        let deeds = prop::collection::vec(deed(), 1..60).new_tree(&mut runner).unwrap().current();
        let mut island = Island::new();
        let mut last = None;
        for (minute, deed) in in_order(deeds) {
            island.happens(minute, &deed);
            for (who, _) in island.answer(minute, &deed) {
                answers += 1;
                handed_over += u64::from(last.replace(who).is_some_and(|other| other != who));
            }
        }
    }
    assert!(answers > 100 && handed_over > 5, "answers: {answers}, handed over: {handed_over}");
}
