//! Real priests, real kills: SIGKILL at random while petitions go on, and nothing acknowledged is
//! ever lost. It ends with a table, which is printed also where tests are silent:
//!
//! `cargo test --test suite soak` kills 300 times; `SOAK_KILLS=3000` before it makes it a longer
//! one, and `SOAK_SEED=7` another.

#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::House;
use parliament::chamber::{Chamber, Following};
use parliament::chance::Chance;
use parliament::god::{Citizen, Hour};
use parliament::synod::{Decree, DecreeNumber, Entry, Name};

const MINUTE: Duration = Duration::from_millis(2);
const FIVE: [&str; 5] = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];

/// Priests in processes of their own, some of them dead at times.
struct Island {
    house: House,
    alive: BTreeMap<&'static str, Child>,
    kills: usize,
}

impl Island {
    fn raise(&mut self, name: &'static str) {
        // Messagebooks are archived every few letters, so that some are killed while they do it.
        let archive = ["--archive-at", "8KiB"];
        let alone = ["priest", name, "--minute", "2ms", "--quiet"];
        let mut command = self.house.command(&[&alone[..], &archive].concat());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        self.alive.insert(name, child);
    }

    fn kill(&mut self, name: &'static str) {
        if let Some(mut child) = self.alive.remove(name) {
            child.kill().unwrap();
            child.wait().unwrap();
            self.kills += 1;
        }
    }
}

impl Drop for Island {
    fn drop(&mut self) {
        for child in self.alive.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The citizens who petition, and the answers they got.
struct Petitioner {
    citizen: Citizen,
    hour: Hour,
    ledgers: Vec<Following>,
    asked: u64,
    acknowledged: BTreeMap<String, DecreeNumber>,
    last_heard: Instant,
    worst_silence: Duration,
}

impl Petitioner {
    fn new(chamber: &Chamber) -> Petitioner {
        let names: Vec<Name> = FIVE.iter().rev().map(|name| name.parse().unwrap()).collect();
        Petitioner {
            citizen: Citizen::new("Dolf".parse().unwrap(), chamber, &names),
            hour: Hour::convene(MINUTE),
            ledgers: names.iter().map(|&n| Following::from_start(chamber, n).unwrap()).collect(),
            asked: 0,
            acknowledged: BTreeMap::new(),
            last_heard: Instant::now(),
            worst_silence: Duration::ZERO,
        }
    }

    fn ask(&mut self) {
        self.asked += 1;
        let decree = Decree::new(&format!("The toll is {}", self.asked)).unwrap();
        let decree = decree.petitioned(&format!("Dolf/{}", self.asked)).unwrap();
        self.citizen.petition(self.hour.now(), vec![decree]);
    }

    fn listen(&mut self) {
        self.citizen.insist(self.hour.now());
        for row in self.ledgers.iter_mut().flat_map(|ledger| ledger.look().unwrap()) {
            let Entry::Outcome { number, decree, .. } = row.entry else { continue };
            if self.citizen.learn(&decree) {
                self.acknowledged.insert(decree.petition().unwrap().into(), number);
                self.worst_silence = self.worst_silence.max(self.last_heard.elapsed());
                self.last_heard = Instant::now();
            }
        }
    }
}

/// The content of every ledger: number to decree and petition.
fn fronts(house: &House) -> Vec<BTreeMap<u64, (String, String)>> {
    let front = |name: &&str| {
        let rows = house.rows(&house.ledger(name));
        let outcomes = rows.iter().filter(|row| row["entry"] == "outcome");
        outcomes
            .map(|row| {
                (row["number"].parse().unwrap(), (row["decree"].clone(), row["petition"].clone()))
            })
            .collect()
    };
    FIVE.iter().map(front).collect()
}

fn contradictions(fronts: &[BTreeMap<u64, (String, String)>]) -> usize {
    let numbers: BTreeSet<u64> = fronts.iter().flat_map(BTreeMap::keys).copied().collect();
    let decrees =
        |number: &u64| fronts.iter().filter_map(|f| f.get(number)).collect::<BTreeSet<_>>();
    numbers.iter().filter(|number| decrees(number).len() > 1).count()
}

#[test]
fn no_acknowledged_decree_is_lost_when_priests_are_killed() {
    let kills = std::env::var("SOAK_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let seed = std::env::var("SOAK_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut chance = Chance::new(seed, 0);
    let house = House::new();
    house.run(&["pass", "The soak begins"]).exits(0);
    let chamber = Chamber::at(house.path());
    let mut island = Island { house, alive: BTreeMap::new(), kills: 0 };
    FIVE.iter().for_each(|name| island.raise(name));
    let mut dolf = Petitioner::new(&chamber);
    let mut majorities_away = 0;
    while island.kills < kills {
        if dolf.citizen.waiting() < 8 {
            dolf.ask();
        }
        dolf.listen();
        std::thread::sleep(Duration::from_millis(chance.below(20)));
        // Mostly one, at times two, now and then three of five at once.
        let victims = [1, 1, 1, 1, 1, 2, 2, 2, 3][chance.below(9) as usize];
        majorities_away += u32::from(victims > 2);
        let mut dead = BTreeSet::new();
        while dead.len() < victims {
            dead.insert(FIVE[chance.below(5) as usize]);
        }
        dead.iter().for_each(|name| island.kill(name));
        std::thread::sleep(Duration::from_millis(chance.below(30)));
        dolf.listen();
        dead.iter().for_each(|name| island.raise(name));
        // Time for a ballot, mostly.
        for _ in 0..chance.below(20) {
            std::thread::sleep(Duration::from_millis(5));
            dolf.listen();
        }
    }
    let begun = Instant::now();
    let everywhere = |dolf: &Petitioner, fronts: &[BTreeMap<u64, (String, String)>]| {
        let holds = |f: &BTreeMap<u64, (String, String)>| {
            dolf.acknowledged.iter().all(|(id, number)| f.get(number).is_some_and(|(_, p)| p == id))
        };
        fronts.iter().all(holds)
    };
    while dolf.citizen.waiting() > 0 || !everywhere(&dolf, &fronts(&island.house)) {
        dolf.listen();
        std::thread::sleep(Duration::from_millis(20));
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{} petitions wait forever; seed {seed}",
            dolf.citizen.waiting()
        );
    }
    let fronts = fronts(&island.house);
    let lost = dolf.acknowledged.iter().filter(|(id, number)| {
        !fronts.iter().all(|f| f.get(number).is_some_and(|(_, p)| p == *id))
    });
    let (lost, contradicted) = (lost.count(), contradictions(&fronts));
    let archive = std::fs::read_dir(chamber.archive()).map_or(0, Iterator::count);
    let table = format!(
        "kills                    {:>8}   seed {seed}
of three of five at once {majorities_away:>8}
petitions                {:>8}
acknowledged             {:>8}
lost                     {lost:>8}
contradicted             {contradicted:>8}
worst silence            {:>8.2?}
messagebooks archived    {archive:>8}
",
        island.kills,
        dolf.asked,
        dolf.acknowledged.len(),
        dolf.worst_silence,
    );
    // Not by println!, which a test that passes swallows.
    let _ = std::io::stderr().write_all(format!("\n{table}").as_bytes());
    assert_eq!((lost, contradicted), (0, 0), "seed {seed}");
    assert!(
        dolf.acknowledged.len() as u64 == dolf.asked && dolf.asked > 50,
        "{} asked",
        dolf.asked
    );
    assert!(majorities_away > 0, "a majority was never away");
    assert!(archive > 0, "nothing was archived");
    island.house.run(&["audit"]).exits(0);
}
