//! Troubles of a sitting: a full disk, a clock that jumps, an end by signal, bad input.

#![cfg(feature = "cli")]

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use crate::common::{Ended, House, wait_until};
use chrono::{DateTime, TimeDelta};
use parliament::chamber::Chamber;
use parliament::chamber::messenger::Roads;
use parliament::god::parliament::{Assembly, Manner, pass};
use parliament::god::{Citizen, Convening, Curiosity, MINUTE};
use parliament::synod::{Decree, Founding, Minutes, Name};

/// A process that is killed when the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn quietly(mut command: Command) -> Running {
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        Running(command.spawn().unwrap())
    }

    /// Sends a signal, waits for the end, and yields the exit code and what was said.
    fn end_by(mut self, signal: &str) -> Ended {
        let kill = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(kill.unwrap().success());
        let code = self.0.wait().unwrap().code();
        let (mut out, mut err) = (String::new(), String::new());
        self.0.stdout.take().map(|mut pipe| pipe.read_to_string(&mut out).unwrap());
        self.0.stderr.take().map(|mut pipe| pipe.read_to_string(&mut err).unwrap());
        Ended { code, out, err }
    }
}

fn presides(house: &House, name: &str) -> bool {
    house.ledger(name).exists() && !house.entries(name, "lastTried", "ballot").is_empty()
}

/// Every file ends with a line end, and the auditor finds nothing broken.
fn all_is_whole(house: &House) {
    for directory in ["ledgers", "messagebooks"] {
        for file in std::fs::read_dir(house.path().join(directory)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "csv") {
                let text = std::fs::read(&path).unwrap();
                assert_eq!(text.last(), Some(&b'\n'), "{}", path.display());
            }
        }
    }
    house.run(&["audit"]).exits(0).says("0 lost to power failures, 0 said");
}

#[test]
fn a_sitting_ended_by_a_signal_leaves_every_file_whole() {
    for signal in ["-INT", "-TERM"] {
        let house = House::new();
        let sitting = Running(house.start(&["sit"]));
        wait_until("Oki presides", || presides(&house, "Oki"));
        let busy = Running::quietly(house.command(&["pass", "one", "two", "three", "four"]));
        wait_until("decree 1", || house.entries("Oki", "outcome", "number").len() > 1);
        sitting.end_by(signal).exits(0).says("The Chamber is closed");
        drop(busy);
        all_is_whole(&house);
        house.run(&["pass", "The sitting goes on"]).exits(0).says("The sitting goes on");
    }
}

#[test]
fn a_list_of_decrees_ended_by_ctrl_c_may_yet_pass_and_says_so() {
    let house = House::new();
    let mut command = house.command(&["pass", "--absent", "Dwork,Fischer,Gray", "Goats"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let passing = Running(command.spawn().unwrap());
    wait_until("Oki tries", || presides(&house, "Oki"));
    passing.end_by("-INT").exits(1).says("may yet pass").says("parliament petition --id Citizen/");
    all_is_whole(&house);
}

#[test]
fn a_priest_with_a_full_disk_leaves_until_there_is_room() {
    let house = House::new();
    house.run(&["pass", "--priests", "Gray,Lynch,Oki", "Lamps must use only olive oil"]).exits(0);
    let _others = Running::quietly(house.command(&["sit", "--absent", "Gray", "--minute", "3ms"]));
    // Gray may write no file longer than a few kilobytes; the signal that would kill him is
    // ignored.
    let mut shell = Command::new("sh");
    let limited = "trap '' XFSZ; ulimit -S -f 8; exec \"$0\" priest Gray --minute 3ms";
    let program = env!("CARGO_BIN_EXE_parliament");
    shell.args(["-c", limited, program]).current_dir(house.path());
    shell.stdin(Stdio::null()).stdout(Stdio::null());
    shell.stderr(std::fs::File::create(house.path().join("said")).unwrap());
    let gray = Running(shell.spawn().unwrap());
    let said = || std::fs::read_to_string(house.path().join("said")).unwrap();
    for name in ["Gray", "Oki"] {
        wait_until("all sit", || house.entries(name, "entered", "at").len() == 2);
    }
    let tolls: Vec<String> = (1..=80).map(|n| format!("The toll of gate {n} is {n}")).collect();
    std::fs::write(house.path().join("tolls"), tolls.join("\n")).unwrap();
    house.run(&["pass", "--from", "tolls", "--within", "60s"]).exits(0);
    wait_until("Gray leaves", || said().contains("Gray leaves the Chamber"));
    let why = said();
    assert!(why.contains("ledgers/Gray.csv") && why.contains("File too large"), "{why}");
    house.run(&["petition", "--within", "30s", "Two of three go on"]).exits(0);
    assert!(!house.entries("Gray", "outcome", "decree").contains(&"Two of three go on".into()));

    // Room again, while he lives.
    let Ok(room) = Command::new("prlimit")
        .args(["--pid", &gray.0.id().to_string(), "--fsize=unlimited"])
        .status()
    else {
        eprintln!("there is no prlimit here: that he returns is not seen");
        return;
    };
    assert!(room.success());
    wait_until("Gray returns and copies", || {
        house.entries("Gray", "outcome", "decree").contains(&"Two of three go on".into())
    });
    drop(gray);
    house.run(&["audit"]).exits(0).says("Consistent");
}

/// A wall clock that jumps to and fro by months at every look.
fn jumping_clock() -> parliament::chamber::Clock {
    let looks = AtomicI64::new(0);
    let noon = DateTime::from_timestamp(1_772_366_400, 0).unwrap();
    Arc::new(move || {
        let look = looks.fetch_add(1, Ordering::Relaxed);
        noon + TimeDelta::days(look * 7919 % 401 - 200)
    })
}

/// A wall clock that shows the first, the last and the strangest times there are.
fn absurd_clock() -> parliament::chamber::Clock {
    let looks = AtomicI64::new(0);
    let at = |seconds| DateTime::from_timestamp(seconds, 999_999_999).unwrap();
    let times = [
        DateTime::<chrono::Utc>::MIN_UTC,
        DateTime::<chrono::Utc>::MAX_UTC,
        at(-62_167_219_201),
        at(-1),
        at(253_402_300_799),
        at(253_402_300_800),
    ];
    Arc::new(move || times[looks.fetch_add(1, Ordering::Relaxed) as usize % times.len()])
}

#[test]
fn a_wall_clock_that_jumps_changes_nothing() {
    let house = under_clock(jumping_clock());
    let times = house.entries("Oki", "outcome", "at");
    assert!(!times.is_sorted(), "the clock did jump: {times:?}");
}

#[test]
fn no_wall_clock_spoils_what_it_dates() {
    let house = under_clock(absurd_clock());
    house.run(&["pass", "The sitting goes on"]).exits(0).says("61: The sitting goes on");
    house.run(&["audit"]).exits(0).says("Consistent");
    house.run(&["messages", "Oki"]).exits(0);
}

fn under_clock(clock: parliament::chamber::Clock) -> House {
    let house = House::new();
    let chamber = Chamber::at(house.path()).with_clock(clock);
    let founding: Founding = "Gray Lynch Oki".parse().unwrap();
    chamber.found(&founding).unwrap();
    let priests: Vec<Name> = founding.membership.names().collect();
    let convening = Convening {
        chamber: chamber.clone(),
        priests: priests.clone(),
        roads: Roads::default(),
        seed: 1,
        minute: MINUTE,
        poll: false,
        trace: None,
        curiosity: Curiosity::Decrees,
    };
    let decrees = (1..=60).map(|n| {
        let toll = Decree::new(&format!("The toll is {n}")).unwrap();
        toll.petitioned(&format!("Dolf/{n}")).unwrap()
    });
    let manner = Manner { silent: true, ..Manner::default() };
    let assembly = Assembly::convene(&convening, founding, manner).unwrap();
    let citizen = Citizen::new("Dolf".parse().unwrap(), &chamber, &priests);
    let (within, never) = (Minutes::whole(500), AtomicBool::new(false));
    let passage = pass(assembly, citizen, decrees.collect(), within, &never, |_| None, |_, _| {});
    assert!(passage.is_complete(), "{passage:?}");
    assert!(passage.took < Minutes::whole(100), "took {} min", passage.took);
    let tried = house.entries("Oki", "lastTried", "ballot");
    assert_eq!(tried, ["1.Oki"], "nobody lost patience, nobody took the chair from another");
    house.run(&["audit"]).exits(0).says("Consistent");
    house
}

#[test]
fn several_processes_without_notifications_are_a_parliament() {
    let house = House::new();
    house.run(&["pass", "--priests", "Gray,Lynch,Oki", "Lamps must use only olive oil"]).exits(0);
    let alone = |name| {
        let arguments = ["priest", name, "--poll", "--minute", "5ms", "--archive-at", "4KiB"];
        Running::quietly(house.command(&arguments))
    };
    let [_gray, _lynch, oki] = ["Gray", "Lynch", "Oki"].map(alone);
    wait_until("Oki presides", || house.entries("Oki", "lastTried", "ballot").len() > 1);
    let many: Vec<String> = (1..=40).map(|n| format!("The toll is {n}")).collect();
    std::fs::write(house.path().join("tolls"), many.join("\n")).unwrap();
    house.run(&["pass", "--poll", "--from", "tolls", "--within", "30s"]).exits(0);
    drop(oki);
    let _oki = alone("Oki");
    house.run(&["petition", "--within", "30s", "Goats"]).exits(0);
    wait_until("all have it", || {
        let has = |name: &&str| house.entries(name, "outcome", "decree").contains(&"Goats".into());
        ["Gray", "Lynch", "Oki"].iter().all(has)
    });
}

#[test]
fn decrees_from_standard_input_come_out_as_json_without_a_bar() {
    let house = House::new();
    let mut command = house.command(&["pass", "--from", "-", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut passing = command.spawn().unwrap();
    let mut stdin = passing.stdin.take().unwrap();
    stdin.write_all("\u{feff}The olive tax is 3 drachmas per ton\r\nLamps\n".as_bytes()).unwrap();
    drop(stdin);
    let run = Ended::of(passing.wait_with_output().unwrap()).exits(0);
    assert_eq!(run.err, "", "no bar off a terminal");
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&told["version"], &told["complete"]), (&2.into(), &true.into()));
    assert_eq!(told["passed"][0]["decree"], "The olive tax is 3 drachmas per ton");
    assert_eq!(told["passed"][1]["number"], 2);
    let quiet = house.run(&["pass", "--quiet", "Goats"]).exits(0);
    assert_eq!(quiet.out, "3: Goats\n");
    assert!(told["sent"].as_u64() > Some(0) && told["dried"].as_u64() > Some(0), "{told}");
}

#[test]
fn an_empty_missing_or_binary_list_founds_nothing() {
    let house = House::new();
    std::fs::write(house.path().join("latin1"), b"caf\xe9\n").unwrap();
    house.run(&["pass", "--from", "latin1"]).exits(2).says("UTF-8");
    house.run(&["pass", "--from", "nowhere"]).exits(2).says("nowhere");
    house.run(&["pass", "--from", "."]).exits(2);
    house.run(&["pass"]).exits(2).says("--from");
    std::fs::write(house.path().join("empty"), "").unwrap();
    house.run(&["pass", "--from", "empty"]).exits(2).says("there is no decree in it");
    assert!(!house.path().join("ledgers").exists());
}

#[test]
fn a_chamber_founded_for_other_priests_is_named_with_both_lists() {
    let house = House::new();
    house.run(&["pass", "Goats"]).exits(0);
    for command in ["pass", "sit"] {
        let other = [command, "--priests", "A,B,C"];
        let wish: &[&str] = if command == "pass" { &["Lamps"] } else { &[] };
        let run = house.run(&[&other[..], wish].concat()).exits(2);
        run.says("Dwork Fischer Gray Lynch Oki").says("A B C").says("--chamber");
    }
    house.run(&["sit", "--alpha", "7"]).exits(2).says("alpha=7");
    house.run(&["priest", "Skeen"]).exits(2).says("Skeen is no priest");
}
