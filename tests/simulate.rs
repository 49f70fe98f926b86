//! Simulated Chambers: the same run from the same seed, nothing broken that the paper promises,
//! and everything seen that is broken on purpose.

#![cfg(feature = "cli")]

use std::sync::Arc;

use parliament::chamber::Chamber;
use parliament::creeds::Custom;
use parliament::heresies::{self, Heresy, find};
use parliament::invariants::Invariant;
use parliament::parliament::Legislator;
use parliament::simulator::{
    Believers, Cast, Fault, Heretics, Legislators, Nemeses, Nemesis, Plan, Priests, Raised, Roads,
    Sight, Soul, Tally, simulate, simulate_telling, trace,
};
use parliament::synod::{Entry, Founding, Minutes, Name};
use parliament::trace::TraceWriter;

use crate::common::House;

fn plan<'a>(founding: &str, decrees: u64, seed: u64, cast: &'a dyn Cast) -> Plan<'a> {
    Plan {
        seed,
        founding: Arc::new(founding.parse::<Founding>().unwrap()),
        decrees,
        law: None,
        roads: Roads::default(),
        absent: Default::default(),
        nemeses: Nemeses::ALL,
        cast,
        watch: Invariant::OF_SYNOD.to_vec(),
    }
}

const THREE: &str = "Gray Lynch Oki";
const FIVE: &str = "Dwork Fischer Gray Lynch Oki";

fn synod(seed: u64) -> Plan<'static> {
    plan(if seed.is_multiple_of(2) { THREE } else { FIVE }, 1, seed, &Priests)
}

fn parliament(seed: u64) -> Plan<'static> {
    let founding = ["Gray Lynch Oki", "Dwork Fischer Gray Lynch Oki alpha=10"][seed as usize % 2];
    plan(founding, 8, seed, &Legislators)
}

/// A Parliament whose citizens petition for other laws, other members, other officers.
fn law(seed: u64) -> Plan<'static> {
    let candidates = ["Dijkstra", "Dolev", "Francez"].map(|name| Name::new(name).unwrap());
    let plan = plan(FIVE, 20, seed, &Legislators);
    Plan { law: Some(candidates.to_vec()), watch: Invariant::OF_LAW.to_vec(), ..plan }
}

/// The sums over these seeds, up to the first that breaks a rule.
fn sum<'a>(seeds: std::ops::Range<u64>, plan: impl Fn(u64) -> Plan<'a>) -> Tally {
    let mut sum = Tally::default();
    for seed in seeds {
        sum.add(&simulate(&plan(seed)));
        if sum.broken > 0 {
            break;
        }
    }
    sum
}

fn in_rows(plan: &Plan<'_>) -> Vec<u8> {
    let mut writer = TraceWriter::new(Vec::new()).unwrap();
    trace(plan).iter().for_each(|event| writer.copy(event).unwrap());
    writer.into_inner().unwrap()
}

#[track_caller]
fn holds(tally: &Tally) {
    assert!(tally.first.is_none(), "{}", tally.first.as_ref().unwrap().fault);
}

// ------------------------------------------------------------ the same run

fn check(name: &str, plan: &Plan<'_>) {
    let path = format!("tests/simulated/{name}.csv");
    let run = in_rows(plan);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all("tests/simulated").unwrap();
        std::fs::write(&path, &run).unwrap();
    }
    let kept = std::fs::read(&path).unwrap();
    assert!(run == kept, "{path} is another run; BLESS=1 keeps the new one");
}

#[test]
fn the_golden_runs_are_the_same_in_every_release() {
    check("synod", &synod(SYNOD));
    check("parliament", &Plan { decrees: 3, ..parliament(PARLIAMENT) });
}

const SYNOD: u64 = 6;
const PARLIAMENT: u64 = 2;

#[test]
fn the_bytes_of_a_hundred_seeds_are_the_same_on_every_machine() {
    let mut hasher = crc32fast::Hasher::new();
    for seed in 0..100 {
        hasher.update(&in_rows(&synod(seed)));
        hasher.update(&in_rows(&Plan { decrees: 3, ..parliament(seed) }));
    }
    assert_eq!(format!("{:08x}", hasher.finalize()), "5032db18");
}

#[test]
fn twenty_seeds_of_law_have_the_same_bytes_on_every_machine() {
    let mut hasher = crc32fast::Hasher::new();
    (0..20).for_each(|seed| hasher.update(&in_rows(&law(seed))));
    assert_eq!(format!("{:08x}", hasher.finalize()), "d8b51aab");
}

#[test]
fn who_listens_changes_nothing() {
    for seed in 0..20 {
        for plan in [synod(seed), parliament(seed), law(seed)] {
            assert_eq!(simulate_telling(&plan, &mut |_, _| {}).tally, simulate(&plan));
        }
    }
}

// ------------------------------------------------------- what must hold

#[test]
fn theorem_1_holds_and_the_decree_comes_within_t_plus_99() {
    let tally = sum(0..300, synod);
    holds(&tally);
    assert!(tally.slowest <= Minutes::whole(33 + 99), "{}", tally.slowest);
    for sight in Sight::ALL.into_iter().filter(|sight| !sight.is_parliaments()) {
        assert!(tally.sights[sight as usize] > 0, "never: {}", sight.says());
    }
}

#[test]
fn a_president_who_stood_down_in_a_ballot_starts_no_other() {
    // Lynch heard of Oki while he awaited LastVotes, and dueled with him forever.
    holds(&simulate(&synod(4393)));
}

#[test]
fn every_rule_holds_in_every_run_of_the_parliament() {
    let tally = sum(0..60, parliament);
    holds(&tally);
    assert!(tally.passed > 200, "{}", tally.passed);
}

#[test]
fn a_bound_petition_waits_again_when_its_president_is_refused() {
    // Fischer was bound to his own vote on Dolf/7, let go of the petition that waited, was refused.
    let three = "Dwork Fischer Gray alpha=10";
    let one_way = Nemeses::of([Nemesis::OneWay]);
    for (seed, decrees) in [(20038, 6), (1183, 2)] {
        holds(&simulate(&Plan { nemeses: one_way, ..plan(three, decrees, seed, &Legislators) }));
    }
    let five = format!("{FIVE} alpha=10");
    holds(&simulate(&Plan { nemeses: one_way, ..plan(&five, 6, 20361, &Legislators) }));
    let parted = Nemeses::of([Nemesis::Halves, Nemesis::OneWay, Nemesis::Bridge]);
    holds(&simulate(&Plan { nemeses: parted, ..plan(&five, 6, 20178, &Legislators) }));
}

#[test]
fn section_3_2_1_a_gap_below_a_learnt_outcome_gets_olive_days() {
    // Oki chose decree 12 when decree 13 had been passed.
    let five = format!("{FIVE} alpha=10");
    let parted = Nemeses::of([Nemesis::Halves, Nemesis::OneWay, Nemesis::Bridge]);
    holds(&simulate(&Plan { nemeses: parted, ..plan(&five, 20, 20410, &Legislators) }));
    let twice = Heretics(find("every-letter-twice").unwrap().custom().unwrap());
    holds(&simulate(&plan(&five, 10, 947, &twice)));
}

#[test]
fn each_nemesis_alone_strikes_and_is_survived() {
    for nemesis in Nemesis::ALL {
        let nemeses = Nemeses::of([nemesis]);
        let tally = sum(0..40, |seed| Plan { nemeses, ..synod(seed) });
        holds(&tally);
        let blows = |nemesis: Nemesis| tally.struck[nemesis as usize].blows;
        // Only of one who is out, and nobody is sent out beside it.
        assert!(blows(nemesis) > 0 || nemesis == Nemesis::RolledBack, "{nemesis} never struck");
        for other in Nemesis::ALL.into_iter().filter(|other| *other != nemesis) {
            assert_eq!(blows(other), 0, "{other} struck, not {nemesis}");
        }
        assert_eq!(blows(Nemesis::Repeat), tally.repeated, "{nemesis}");
        assert!(blows(Nemesis::Loss) <= tally.lost, "{nemesis}");
    }
}

#[test]
fn the_nemeses_of_the_roads_stand_in_the_table_with_the_others() {
    let house = House::new();
    for (nemesis, says) in [
        ("loss", "messengers lose letters"),
        ("repeat", "messengers carry letters twice"),
        ("delay", "messengers take long walks"),
        ("reorder", "letters overtake each other"),
    ] {
        let told = ["simulate", "--seed", "0", "--seeds", "50", "--nemesis", nemesis];
        let told = house.run(&told).exits(0);
        let row = told.out.lines().find(|line| line.trim_start().starts_with(nemesis));
        let row = row.unwrap_or_else(|| panic!("{}", told.out));
        let figures: Vec<u64> = row
            .split(says)
            .nth(1)
            .unwrap()
            .split_whitespace()
            .map(|figure| figure.replace(',', "").parse().unwrap())
            .collect();
        let [blows, runs, survived] = figures[..] else { panic!("{row}") };
        assert!(blows >= runs && 0 < runs && runs <= 50 && survived == runs, "{row}");
    }
}

#[test]
fn nobody_with_a_ledger_that_was_rolled_back_is_let_in() {
    let nemeses = Nemeses::of([Nemesis::KillAfterSending, Nemesis::RolledBack]);
    let tally = sum(0..100, |seed| Plan { nemeses, ..synod(seed) });
    holds(&tally);
    let refused = tally.sights[Sight::LedgerRefused as usize];
    assert!(refused > 0 && refused <= tally.struck[Nemesis::RolledBack as usize].blows);
}

#[test]
fn a_calm_chamber_passes_its_decree_without_a_blow() {
    let tally = sum(0..20, |seed| Plan { nemeses: Nemeses::NONE, ..synod(seed) });
    holds(&tally);
    assert_eq!((tally.lost, tally.repeated), (tally.lost, 0));
    assert_eq!(tally.passed, 20);
    assert!(tally.struck.iter().all(|struck| struck.blows == 0));
}

#[test]
fn a_run_that_is_kept_opens_as_a_chamber_and_is_judged_good() {
    for (seed, plan) in [(3, synod(3)), (5, parliament(5))] {
        let house = House::new();
        let nemeses = Nemeses::ALL.without(Nemesis::RolledBack);
        let run = simulate_telling(&Plan { nemeses, ..plan }, &mut |_, _| {});
        let (records, chamber) = (run.records.unwrap(), Chamber::at(house.path()));
        chamber.lay_down(&records.ledgers, &records.messagebooks).unwrap();
        for (name, _) in &records.ledgers {
            chamber.check(*name).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        }
        house.run(&["audit"]).exits(0).says("Consistent");
        assert!(chamber.lay_down(&records.ledgers, &records.messagebooks).is_err());
    }
}

// ------------------------------------------------------------ the law

#[test]
fn rules_hold_under_changing_law_and_no_two_hold_one_office() {
    let tally = sum(0..150, law);
    holds(&tally);
    for sight in Sight::ALL.into_iter().filter(|sight| sight.is_laws()) {
        println!("{} × {}", tally.sights[sight as usize], sight.says());
        assert!(tally.sights[sight as usize] > 0, "never: {}", sight.says());
    }
}

#[test]
fn no_petition_gets_a_gap_below_a_decree_learnt_later() {
    // Lynch, of whose ballot nobody had any more, had learnt decree 3 and lacked decree 2.
    holds(&simulate(&law(1528)));
}

#[test]
fn a_trying_president_asks_new_members_too() {
    // Oki counted Dijkstra, of whose seat he had learnt meanwhile, and never asked him.
    holds(&simulate(&law(1_095_920)));
}

/// Decree 7 had passed in 5.Oki, α was 3, and Fischer presided in 4.Fischer without 4 to 6: he gave
/// 4 to a petition. `[PTP §3.2.1]`
#[test]
fn a_president_left_behind_catches_up_before_he_proposes() {
    holds(&simulate(&law(3_040_173)));
}

#[test]
fn whoever_is_seated_learns_the_law_though_no_founder_is_inside() {
    // Gray knew of nobody but Dwork, who was out, and took Lynch, who presided, for a stranger.
    let candidates = ["Fischer", "Gray", "Lynch"].map(|name| Name::new(name).unwrap());
    let founding = Arc::new("Dwork".parse::<Founding>().unwrap());
    holds(&simulate(&Plan { founding, law: Some(candidates.to_vec()), ..law(73) }));
}

#[test]
fn whoever_a_decree_seats_is_kept_with_a_ledger_from_god() {
    let nemeses = Nemeses::NONE;
    let mut runs =
        (0..100).map(|seed| simulate_telling(&Plan { nemeses, ..law(seed) }, &mut |_, _| {}));
    let seated = |name: Name| !FIVE.contains(name.as_str());
    let run = runs
        .find(|run| run.records.as_ref().unwrap().ledgers.iter().any(|(name, _)| seated(*name)))
        .expect("nobody was seated");
    let (records, house) = (run.records.unwrap(), House::new());
    let chamber = Chamber::at(house.path());
    chamber.lay_down(&records.ledgers, &records.messagebooks).unwrap();
    let who = chamber.legislators(&FIVE.parse().unwrap()).unwrap();
    assert!(who.into_iter().any(seated), "his ledger is nobody's");
    house.run(&["audit"]).exits(0).says("Consistent");
}

/// The first of these seeds of law in which a custom is seen to break a rule, and which.
fn breaks(custom: &'static dyn Custom, seeds: std::ops::Range<u64>) -> Option<Invariant> {
    let heretics = Heretics(custom);
    let tally = sum(seeds, |seed| Plan { cast: &heretics, ..law(seed) });
    let failure = tally.first?;
    println!("seed {}, {} min: {}", failure.seed, failure.at, failure.fault);
    match failure.fault {
        Fault::Broken(breach) => Some(breach.rule),
        other => panic!("{other}"),
    }
}

#[test]
fn heresies_of_the_law_are_caught_in_a_few_seeds() {
    let custom = |name| find(name).unwrap().custom().unwrap();
    assert_eq!(breaks(custom("membership-at-once"), 0..40), Some(Invariant::I6));
    assert_eq!(breaks(custom("success-across-a-gap"), 0..40), Some(Invariant::Law));
    assert_eq!(breaks(custom("deposed-president-answers"), 0..100), Some(Invariant::Inquiry));
    assert_eq!(breaks(custom("clock-error-ignored"), 0..200), Some(Invariant::Office));
}

#[test]
fn a_president_who_waits_for_ever_is_late_behind_locked_doors() {
    let patient = find("waits-for-ever").unwrap().custom().unwrap();
    let heretics = Heretics(patient);
    let fault = sum(0..100, |seed| Plan { cast: &heretics, ..law(seed) }).first.unwrap().fault;
    assert!(matches!(fault, Fault::Late { .. }), "{fault}");
}

#[test]
fn no_control_is_accused_where_the_law_changes() {
    for (control, _) in heresies::of_parliament().filter(|(heresy, _)| heresy.is_control) {
        assert_eq!(breaks(control.custom().unwrap(), 0..20), None, "{}", control.name);
    }
}

#[test]
fn each_heresy_of_the_law_names_the_command_that_shows_it() {
    let house = House::new();
    for (heresy, _) in heresies::of_law() {
        let simulate = ["simulate", "--seed", "0", "--heresy", heresy.name];
        let told = house.run(&simulate);
        match heresy.custom() {
            Some(_) => drop(told.says(heresy.rule)),
            None => drop(told.exits(2).says("parliament heresies --run")),
        }
    }
    house.run(&["simulate", "--law", "--decrees", "1"]).exits(2).says("--decrees 20");
    let found = ["simulate", "--seed", "0", "--seeds", "40", "--heresy", "membership-at-once"];
    let found = house.run(&found).exits(1);
    let again = found.out.lines().find_map(|line| line.strip_prefix("Again: parliament ")).unwrap();
    let again: Vec<&str> = again.split(' ').collect();
    house.run(&again).exits(1).says("I6");
}

// ---------------------------------------------------------- what is seen

/// The first of these seeds in which a heresy shows, and how.
fn caught(heresy: &Heresy, seeds: std::ops::Range<u64>) -> Option<String> {
    let believers = Believers(heresy.creed().unwrap());
    let is_of_four = heresy.expected().unwrap().scope.priests == 4;
    let founding = if is_of_four { "Fischer Gray Lynch Oki" } else { THREE };
    let tally =
        sum(seeds, |seed| Plan { watch: heresy.watched(), ..plan(founding, 1, seed, &believers) });
    let failure = tally.first?;
    Some(format!("seed {}, {} min: {}", failure.seed, failure.at, failure.fault))
}

#[test]
fn every_heresy_is_caught_in_a_few_seeds() {
    for (heresy, _) in heresies::of_synod().filter(|(heresy, _)| !heresy.is_control) {
        // A letter that is repeated while a majority is silent is rare.
        let first = if heresy.name == "last-votes-counted-twice" { RARE } else { 0 };
        let how = caught(heresy, first..first + 300);
        println!("{}: {}", heresy.name, how.as_deref().unwrap_or("not caught"));
        assert!(how.is_some(), "{} is not caught", heresy.name);
    }
}

/// Shortly before the first seed in which that heresy shows.
const RARE: u64 = 1200;

#[test]
fn no_control_is_accused() {
    for (heresy, _) in heresies::of_synod().filter(|(heresy, _)| heresy.is_control) {
        assert_eq!(caught(heresy, 0..200), None, "{}", heresy.name);
    }
}

/// Legislators who are raised otherwise than they ought to be.
struct Others(fn(Raised<'_>) -> Legislator);

impl Cast for Others {
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul> {
        Box::new((self.0)(raised))
    }
}

fn legislator<'a>(raised: &Raised<'a>, rows: impl Iterator<Item = &'a Entry>) -> Legislator {
    Legislator::from_ledger(raised.name, Arc::clone(raised.founding), rows)
}

fn fault_of(others: &Others) -> Fault {
    let tally = sum(0..100, |seed| Plan { cast: others, ..parliament(seed) });
    tally.first.expect("nothing was found").fault
}

#[test]
fn a_parliament_that_forgets_its_votes_is_seen() {
    let forgets = |raised: Raised<'_>| {
        let rows = raised.rows.iter().filter(|row| !matches!(row, Entry::PrevVote { .. }));
        legislator(&raised, rows)
    };
    let fault = fault_of(&Others(forgets));
    assert!(matches!(&fault, Fault::Broken(breach) if breach.rule == Invariant::I3), "{fault}");
}

#[test]
fn a_parliament_that_forgets_its_promise_is_seen() {
    let forgets = |raised: Raised<'_>| {
        let rows = raised.rows.iter().filter(|row| !matches!(row, Entry::NextBal { .. }));
        legislator(&raised, rows)
    };
    let fault = fault_of(&Others(forgets));
    assert!(matches!(fault, Fault::Broken(_)), "{fault}");
}

#[test]
fn a_parliament_whose_presidents_wait_too_long_is_late() {
    let patient = |raised: Raised<'_>| {
        legislator(&raised, raised.rows.iter()).with_patience(Minutes::whole(400))
    };
    let fault = fault_of(&Others(patient));
    assert!(matches!(fault, Fault::Late { .. }), "{fault}");
}

/// To them ink is dry although drying it has failed.
struct WetInk;

impl Custom for WetInk {
    fn takes_wet_ink_for_dry(&self) -> bool {
        true
    }
}

#[test]
fn who_sends_on_ink_that_did_not_dry_is_seen() {
    let heretics = Heretics(&WetInk);
    let tally = sum(0..100, |seed| Plan { cast: &heretics, ..parliament(seed) });
    let fault = tally.first.unwrap().fault;
    assert!(matches!(fault, Fault::Broken(_) | Fault::Audited { .. }), "{fault}");
}
