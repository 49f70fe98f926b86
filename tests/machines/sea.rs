//! Three machines and no engine: a courier of a few lines copies rows of outboxes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use parliament::chamber::Chamber;
use parliament::chamber::crossing::{Chunk, Outboxes};
use parliament::synod::Name;

use crate::common::{House, wait_until};

const PRIESTS: &str = "Ada,Ben,Cid";
/// No machine.
const NONE: usize = usize::MAX;

/// A machine, and the priest who lives there from the founding on.
struct Machine {
    house: House,
    priest: &'static str,
    sitting: Option<Child>,
}

impl Machine {
    fn sit(&mut self) {
        let name = format!("m{}", self.priest);
        let here = ["--here", self.priest, "--machine", &name];
        let sit = ["sit", "--quiet", "--minute", "5ms", "--priests", PRIESTS];
        let mut command = self.house.command(&[&sit[..], &here].concat());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.sitting = Some(child.unwrap());
    }

    fn kill(&mut self) {
        if let Some(mut sitting) = self.sitting.take() {
            sitting.kill().unwrap();
            sitting.wait().unwrap();
        }
    }

    fn entered(&self, name: &str) -> usize {
        let is_there = self.house.ledger(name).exists();
        if is_there { self.house.entries(name, "entered", "at").len() } else { 0 }
    }

    fn has(&self, name: &str, decree: &str) -> bool {
        self.house.ledger(name).exists()
            && self.house.entries(name, "outcome", "decree").iter().any(|it| it == decree)
    }

    fn petition(&self, decree: &str) {
        let asks = ["petition", "--minute", "5ms", "--within", "30s", decree];
        self.house.run(&asks).exits(0);
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Carries new complete rows from outboxes to the machines where their owners live, some of them
/// twice, some torn first.
struct Courier {
    ends: Arc<AtomicBool>,
    cut: Arc<AtomicUsize>,
    lives: Arc<Mutex<BTreeMap<String, usize>>>,
    thread: Option<JoinHandle<()>>,
}

impl Courier {
    fn between(machines: &[Machine]) -> Courier {
        let roots: Vec<_> = machines.iter().map(|it| it.house.path().to_owned()).collect();
        let lives = machines.iter().map(|it| it.priest.to_owned()).zip(0..).collect();
        let lives: Arc<Mutex<BTreeMap<String, usize>>> = Arc::new(Mutex::new(lives));
        let (ends, cut) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(NONE)));
        let (stop, off, homes) = (Arc::clone(&ends), Arc::clone(&cut), Arc::clone(&lives));
        let thread = std::thread::spawn(move || {
            let chambers: Vec<Chamber> = roots.iter().map(Chamber::at).collect();
            let outboxes = chambers.iter().map(|it| Outboxes::from_now(it).unwrap());
            let mut outboxes: Vec<Outboxes> = outboxes.collect();
            let mut turn = 0;
            while !stop.load(Ordering::Relaxed) {
                let homes = homes.lock().unwrap().clone();
                for (from, outbox) in outboxes.iter_mut().enumerate() {
                    for chunk in outbox.look().unwrap() {
                        let Some(&to) = homes.get(chunk.to.as_str()) else { continue };
                        if [from, to].contains(&off.load(Ordering::Relaxed)) {
                            continue;
                        }
                        turn += 1;
                        let may_speak = |name: Name| homes.get(name.as_str()) == Some(&from);
                        deliver(&chambers[to], &chunk, turn, may_speak);
                    }
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        Courier { ends, cut, lives, thread: Some(thread) }
    }

    fn cut(&self, machine: usize) {
        self.cut.store(machine, Ordering::Relaxed);
    }

    fn settle(&self, name: &str, machine: usize) {
        self.lives.lock().unwrap().insert(name.into(), machine);
    }
}

fn deliver(chamber: &Chamber, chunk: &Chunk, turn: usize, may_speak: impl Fn(Name) -> bool) {
    let path = chamber.messagebook(chunk.to);
    if turn.is_multiple_of(7) && path.exists() {
        // Half a row, and then the whole.
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(&chunk.rows[..chunk.rows.len() / 2]).unwrap();
    }
    for _ in 0..=usize::from(turn.is_multiple_of(3)) {
        let handed = chamber.hand_over(chunk, &may_speak).unwrap();
        assert!(handed.refused == 0 || !chamber.has_ledger(chunk.to), "{handed:?}");
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn machines() -> [Machine; 3] {
    ["Ada", "Ben", "Cid"].map(|priest| {
        let mut machine = Machine { house: House::new(), priest, sitting: None };
        machine.sit();
        wait_until("he enters", || machine.entered(priest) > 0);
        machine
    })
}

fn all_have(machines: &[Machine], decree: &str) {
    wait_until(decree, || machines.iter().all(|it| it.has(it.priest, decree)));
}

#[test]
fn three_machines_pass_decrees_through_a_cut_and_a_kill() {
    let mut machines = machines();
    let courier = Courier::between(&machines);
    machines[0].petition("The olive tax is 3");
    all_have(&machines, "The olive tax is 3");
    // The first is cut off; the others go on, and it heals.
    courier.cut(0);
    machines[1].petition("The olive tax is 4");
    assert!(!machines[0].has("Ada", "The olive tax is 4"));
    courier.cut(NONE);
    machines[0].petition("Goats may graze");
    all_have(&machines, "The olive tax is 4");
    // The president is killed; the others go on, and he returns.
    let entered = machines[2].entered("Cid");
    machines[2].kill();
    machines[1].petition("Lamps burn olive oil");
    machines[2].sit();
    wait_until("Cid returns", || machines[2].entered("Cid") > entered);
    machines[2].petition("Figs are free");
    for decree in ["Lamps burn olive oil", "Figs are free"] {
        all_have(&machines, decree);
    }
    drop(courier);
    machines.iter_mut().for_each(Machine::kill);
    judged(&machines);
}

/// Each part, and the whole.
fn judged(machines: &[Machine; 3]) {
    let [a, b, c] = machines.each_ref().map(|it| it.house.path().to_str().unwrap());
    for machine in machines {
        let part = machine.house.run(&["audit"]).exits(0).says("Consistent");
        part.says(&format!("Judged in part, by the ledgers of: {}", machine.priest));
    }
    let whole = machines[0].house.run(&["audit", "--chamber", a, "--with", b, "--with", c]);
    let whole = whole.exits(0).says("Consistent");
    assert!(!whole.out.contains("in part"), "{}", whole.out);
}

#[test]
fn one_who_is_seated_on_a_machine_gets_his_ledger_there_alone() {
    let mut machines = machines();
    let courier = Courier::between(&machines);
    machines[0].petition("The olive tax is 3");
    all_have(&machines, "The olive tax is 3");
    // Two may have passed it before the third said anything to Ada.
    let heard = machines[0].house.path().join("messagebooks/Ada.csv");
    wait_until("Ada has heard of both", || {
        let letters = std::fs::read_to_string(&heard).unwrap();
        ["\nBen,", "\nCid,"].iter().all(|from| letters.contains(from))
    });
    let ask = |decree: &str| machines[0].house.run(&["petition", "--within", "30s", decree]);
    ask("Strong is now a legislator").exits(2).says("Strong is now a legislator, on MACHINE");
    let seats = "Strong is now a legislator, on mBen";
    machines[0].petition(seats);
    all_have(&machines, seats);
    ask("Strong is now a legislator, on mCid").exits(2).says("lives on mBen, for good");
    courier.settle("Strong", 1);
    for machine in &mut machines {
        let (priest, entered) = (machine.priest, machine.entered(machine.priest));
        machine.kill();
        machine.sit();
        wait_until("he returns", || machine.entered(priest) > entered);
    }
    wait_until("Strong enters", || machines[1].entered("Strong") > 0);
    machines[2].house.run(&["priest", "Strong"]).exits(2).says("Strong lives on mBen");
    machines[0].house.run(&["ledgers"]).exits(0).says("Ben, Cid and Strong live elsewhere");
    machines[0].petition("Goats may graze");
    all_have(&machines, "Goats may graze");
    wait_until("Strong learns", || machines[1].has("Strong", "Goats may graze"));
    let bodies = machines.iter().filter(|it| it.house.ledger("Strong").exists()).count();
    assert_eq!(bodies, 1);
    drop(courier);
    machines.iter_mut().for_each(Machine::kill);
    judged_with_strong(&machines);
}

fn judged_with_strong(machines: &[Machine; 3]) {
    let [_, b, c] = machines.each_ref().map(|it| it.house.path().to_str().unwrap());
    machines[0].house.run(&["audit"]).exits(0).says("not heard: Ben, Cid, Strong");
    machines[0].house.run(&["audit", "--with", b, "--with", c]).exits(0).says("Consistent");
}
