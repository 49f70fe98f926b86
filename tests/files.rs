//! Files that are no files, in the place of records and of output; logs and watchers that fail.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::common::{Ended, House, Sitting, wait_until};
use parliament::chamber::{Chamber, LedgerError};

/// The things that may stand where a record should.
const KINDS: [&str; 6] = ["pipe", "link", "endless", "dangling", "directory", "socket"];

/// Each record, and whether a command that reads all records must refuse it.
const RECORDS: &[(&str, bool)] = &[
    ("ledgers/A.csv", true),
    ("ledgers/.founding", true),
    ("ledgers/.founding.draft", false),
    ("ledgers/.A.csv.draft", false),
    ("ledgers/archive/A.*.csv", true),
    ("messagebooks/A.csv", true),
    ("messagebooks/archive/A.000001.csv", true),
    ("ledgers", true),
    ("ledgers/archive", true),
    ("messagebooks", true),
    ("messagebooks/archive", true),
];

/// Every command that opens records; the first two read them all.
const COMMANDS: &[&[&str]] = &[
    &["audit"],
    &["chronicle"],
    &["pass", "--within", "2s", "--minute", "2ms", "--law-book-every", "1", "Sheep are permitted"],
    &["petition", "--within", "100ms", "Ducks are permitted"],
    &["synod", "--within", "2s", "--minute", "2ms", "Geese"],
    &["ledgers"],
    &["messages"],
    &["law", "get", "Goats", "--wait", "100ms"],
    &["office", "list", "--wait", "100ms"],
    &["sit", "--minute", "2ms"],
    &["priest", "B", "--minute", "2ms"],
];

/// Puts something else in the place of a record; yields where the record is now, if it was there.
fn put(kind: &str, house: &Path, record: &str, elsewhere: &Path) -> PathBuf {
    let (path, moved) = (house.join(record), elsewhere.join("moved"));
    if path.symlink_metadata().is_ok() {
        fs::rename(&path, &moved).unwrap();
    } else {
        fs::write(&moved, "whole\n").unwrap();
    }
    match kind {
        "pipe" => assert!(Command::new("mkfifo").arg(&path).status().unwrap().success()),
        "link" => symlink(&moved, &path).unwrap(),
        "endless" => symlink("/dev/zero", &path).unwrap(),
        "dangling" => symlink(elsewhere.join("nowhere"), &path).unwrap(),
        "directory" => fs::create_dir(&path).unwrap(),
        _ => drop(UnixListener::bind(&path).unwrap()),
    }
    moved
}

/// The files under this path, one by one.
fn bytes_below(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    if !path.is_dir() {
        return vec![(path.into(), fs::read(path).unwrap())];
    }
    let mut paths: Vec<PathBuf> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| bytes_below(path)).collect()
}

/// The kind of thing that stands there.
fn kind_of(path: &Path) -> Option<&'static str> {
    let it = path.symlink_metadata().ok()?.file_type();
    Some(match it {
        _ if it.is_symlink() => "link",
        _ if it.is_fifo() => "pipe",
        _ if it.is_socket() => "socket",
        _ if it.is_dir() => "directory",
        _ => "file",
    })
}

/// Whether a command ends only when it is told to.
fn sits(arguments: &[&str]) -> bool {
    ["sit", "priest"].contains(&arguments[0])
}

/// Runs a command to its end, which must come; those that sit are told to go.
fn end(house: &House, arguments: &[&str]) -> Ended {
    let log = tempfile::tempdir().unwrap();
    let [out, err] = ["out", "err"].map(|name| log.path().join(name));
    let to = |path: &Path| Stdio::from(fs::File::create(path).unwrap());
    let mut command = house.command(arguments);
    let mut child = command.stdout(to(&out)).stderr(to(&err)).spawn().unwrap();
    let (begun, mut asked) = (Instant::now(), Instant::now());
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{arguments:?} never ends: {}", fs::read_to_string(&err).unwrap());
        }
        if sits(arguments) && asked.elapsed() > Duration::from_millis(300) {
            asked = Instant::now();
            Command::new("kill").arg(child.id().to_string()).status().unwrap();
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let text = |path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    Ended { code: status.code(), out: text(&out), err: text(&err) }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, copied).unwrap();
        }
    }
}

/// Puts one thing in the place of one record, and has one command meet it.
fn meet(founded: &House, kind: &str, (record, is_read): (&str, bool), command: &[&str]) {
    if kind == "directory" && founded.path().join(record).is_dir() {
        return;
    }
    let record = &*last_archived(founded, record);
    let (house, elsewhere) = (House::new(), tempfile::tempdir().unwrap());
    copy(founded.path(), house.path());
    let moved = put(kind, house.path(), record, elsewhere.path());
    let (kept, stands) = (bytes_below(&moved), kind_of(&house.path().join(record)));
    let ended = end(&house, command);
    let case = format!("{kind} at {record}, {command:?}: {ended:?}");
    // Told to go before it could hear of it, one who sits is ended by the signal itself.
    let is_ended = matches!(ended.code, Some(0..=2 | 130)) || ended.code.is_none() && sits(command);
    assert!(is_ended, "{case}");
    assert!(!ended.err.contains("panicked"), "{case}");
    if ended.code == Some(2) && command[0] != "synod" {
        assert!(ended.err.contains(record), "it names what it refuses: {case}");
    }
    if is_read && ["audit", "chronicle"].contains(&command[0]) {
        assert_eq!(ended.code, Some(2), "{case}");
    }
    assert_eq!(bytes_below(&moved), kept, "what a link named is as it was: {case}");
    assert!(!elsewhere.path().join("nowhere").exists(), "nothing is made through a link: {case}");
    if is_read {
        assert_eq!(kind_of(&house.path().join(record)), stands, "it is left alone: {case}");
    }
}

/// A record with a star in its name is the ledger that was archived last.
fn last_archived(house: &House, record: &str) -> String {
    let Some((before, _)) = record.split_once('*') else { return record.into() };
    let (directory, name) = before.rsplit_once('/').unwrap();
    let names = fs::read_dir(house.path().join(directory)).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    format!("{directory}/{}", names.filter(|it| it.starts_with(name)).max().unwrap())
}

fn founded() -> House {
    let house = House::new();
    let decrees = ["Goats are 1", "Goats are 2", "Goats are 3", "Goats are 4", "Goats are 5"];
    let how = ["pass", "--priests", "A,B,C", "--minute", "2ms", "--archive-at", "1KiB"];
    let more = ["--law-book-every", "2", "--within", "60s"];
    house.run(&[&how[..], &more, &decrees[..]].concat()).exits(0);
    let archive = house.path().join("messagebooks/archive");
    fs::create_dir_all(&archive).unwrap();
    fs::copy(house.messagebook("A"), archive.join("A.000001.csv")).unwrap();
    house
}

#[test]
fn whatever_stands_in_a_records_place_no_command_waits() {
    let founded = founded();
    let (founded, next) = (&founded, &std::sync::atomic::AtomicUsize::new(0));
    let all = RECORDS.len() * KINDS.len() * COMMANDS.len();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                loop {
                    let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if n >= all {
                        return;
                    }
                    let (n, command) = (n / COMMANDS.len(), COMMANDS[n % COMMANDS.len()]);
                    let (record, kind) = (RECORDS[n / KINDS.len()], KINDS[n % KINDS.len()]);
                    meet(founded, kind, record, command);
                }
            });
        }
    });
}

/// The bytes of every record.
fn records(house: &House) -> Vec<(PathBuf, Vec<u8>)> {
    ["ledgers", "messagebooks"].map(|it| bytes_below(&house.path().join(it))).concat()
}

#[test]
fn no_output_is_written_over_records_by_any_path() {
    let (house, other) = (founded(), House::new());
    symlink(house.ledger("A"), other.path().join("link.csv")).unwrap();
    symlink(house.path().join("messagebooks"), other.path().join("books")).unwrap();
    fs::hard_link(house.ledger("B"), other.path().join("hard.csv")).unwrap();
    let here = |path: &str| other.path().join(path).display().to_string();
    let there = |path: &str| house.path().join(path).display().to_string();
    let chamber = house.path().display().to_string();
    let kept = records(&house);
    let targets = [
        there("ledgers/A.csv"),
        there("ledgers/new.html"),
        there("ledgers/archive/new.svg"),
        there("messagebooks/../ledgers/B.csv"),
        there("messagebooks/new.txt"),
        here("link.csv"),
        here("books/new.html"),
        here("hard.csv"),
    ];
    let commands: &[&[&str]] = &[
        &["chronicle", "--chamber", &chamber, "--html"],
        &["chronicle", "--chamber", &chamber, "--svg"],
        &["pass", "Goats", "--trace"],
        &["sit", "--trace"],
        &["synod", "Goats", "--trace"],
        &["synod", "Goats", "--chronicle"],
        &["simulate", "--trace"],
        &["simulate", "--chronicle"],
        &["simulate", "--keep"],
        &["explore", "--heresy", "own-decree", "--trace"],
        &["explore", "--heresy", "own-decree", "--chronicle"],
        &["explore", "--heresy", "own-decree", "--keep"],
    ];
    for command in commands {
        let is_kept = command.contains(&"--keep");
        for target in targets.iter().filter(|it| !is_kept || !it.contains("hard")) {
            let force: &[&str] = if is_kept { &[] } else { &["--force"] };
            let ended = other.run(&[*command, &[target.as_str()][..], force].concat()).exits(2);
            let said = ended.says("the records of a chamber stand here");
            assert!(said.err.contains(target.as_str()), "{}", said.err);
            assert_eq!(records(&house), kept, "{command:?} {target}");
        }
    }
    assert!(!other.path().join("ledgers").exists(), "nothing was founded before it was refused");
}

#[test]
fn output_goes_over_its_own_kind_and_over_others_by_force() {
    let house = founded();
    let at = |name: &str| house.path().join(name);
    let draw = |more: &[&str]| house.run(&[&["chronicle"], more].concat());
    fs::write(at("letter.html"), "Dear Gray\n").unwrap();
    draw(&["--html", "letter.html"])
        .exits(2)
        .says("letter.html: a file is here that is no drawing");
    assert_eq!(fs::read(at("letter.html")).unwrap(), b"Dear Gray\n");
    fs::write(at("empty.svg"), "").unwrap();
    for (drawing, file) in [("--html", "new.html"), ("--svg", "new.svg"), ("--svg", "empty.svg")] {
        draw(&[drawing, file]).exits(0);
        draw(&[drawing, file]).exits(0);
    }
    draw(&["--html", "letter.html", "--force"]).exits(0);
    draw(&["--html", "letter.html"]).exits(0);
    let simulate = |more: &[&str]| house.run(&[&["simulate", "--seed", "7"], more].concat());
    simulate(&["--trace", "run.csv", "--chronicle", "run.txt"]).exits(0);
    let run = fs::read(at("run.csv")).unwrap();
    simulate(&["--trace", "run.csv", "--chronicle", "run.txt"]).exits(0);
    simulate(&["--chronicle", "run.csv"]).exits(2).says("no drawing");
    simulate(&["--trace", "run.txt"]).exits(2).says("no trace");
    assert_eq!(fs::read(at("run.csv")).unwrap(), run);
    let out = simulate(&["--trace", "-"]).exits(0);
    assert_eq!(out.out.as_bytes(), run, "the trace alone is on standard output");
    let drawn = draw(&["--svg", "/dev/stdout"]).exits(0).out;
    assert_eq!(drawn, fs::read_to_string(at("new.svg")).unwrap());
}

#[test]
fn output_that_is_no_file_is_refused_before_anything_is_done() {
    let house = House::new();
    let at = |name: &str| house.path().join(name);
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    symlink(at("nowhere"), at("dangling")).unwrap();
    fs::create_dir(at("directory")).unwrap();
    for name in ["pipe", "dangling", "directory"] {
        for force in [&[][..], &["--force"]] {
            let ended = end(&house, &[&["pass", "Goats", "--trace", name], force].concat());
            ended.exits(2).says(&format!("{name}: this is no regular file"));
        }
    }
    assert!(!at("nowhere").exists() && !at("ledgers").exists());
    house.run(&["pass", "Goats", "--trace", "/dev/null"]).exits(0);
}

#[test]
fn a_founding_writes_through_no_link() {
    let house = House::new();
    let precious = house.path().join("precious");
    fs::write(&precious, "whole\n").unwrap();
    fs::create_dir(house.path().join("ledgers")).unwrap();
    for draft in [".founding.draft", ".Gray.csv.draft"] {
        symlink(&precious, house.path().join("ledgers").join(draft)).unwrap();
    }
    house.run(&["pass", "Goats"]).exits(0);
    assert_eq!(fs::read(&precious).unwrap(), b"whole\n");
}

#[test]
fn a_link_to_a_chamber_may_bear_any_name() {
    let house = House::new();
    for name in ["ledgers", "messagebooks", "archive", "earlier", "chamber"] {
        let real = house.path().join(format!("real-{name}"));
        fs::create_dir(&real).unwrap();
        symlink(&real, house.path().join(name)).unwrap();
        for number in ["1", "2"] {
            let passed = house.run(&["pass", "--chamber", name, "--priests", "3", "Goats"]);
            passed.exits(0).says(&format!("{number}: Goats"));
        }
        assert!(real.join("ledgers").is_dir(), "{name}");
    }
}

#[test]
fn records_are_moved_aside_into_no_file_and_through_no_link() {
    for kind in KINDS.iter().filter(|kind| **kind != "directory") {
        let (house, elsewhere) = (founded(), tempfile::tempdir().unwrap());
        fs::remove_dir_all(house.path().join("ledgers")).unwrap();
        let (moved, kept) = (put(kind, house.path(), "earlier", elsewhere.path()), "whole\n");
        let ended = end(&house, &["pass", "--priests", "A,B,C", "--within", "5s", "Goats"]);
        let ended = ended.exits(2).says("earlier is a");
        assert!(!ended.err.contains("panicked"), "{kind}: {ended:?}");
        assert_eq!(fs::read_to_string(&moved).unwrap(), kept, "{kind}");
        assert!(!house.ledger("A").exists(), "{kind}: nothing was founded");
        assert!(house.messagebook("A").exists(), "{kind}: nothing was moved");
    }
    let (house, elsewhere) = (founded(), tempfile::tempdir().unwrap());
    fs::remove_dir_all(house.path().join("ledgers")).unwrap();
    symlink(elsewhere.path(), house.path().join("earlier")).unwrap();
    end(&house, &["pass", "--priests", "A,B,C", "Goats"]).exits(2).says("earlier is a");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn one_who_never_ends_his_founding_keeps_nobody_waiting() {
    let house = House::new();
    fs::create_dir(house.path().join("ledgers")).unwrap();
    let directory = fs::File::open(house.path().join("ledgers")).unwrap();
    directory.lock().unwrap();
    for command in [&["pass", "Goats"], &["synod", "Goats"]] {
        end(&house, command).exits(2).says("ledgers: cannot lock the directory: another process");
    }
    directory.unlock().unwrap();
    house.run(&["pass", "Goats"]).exits(0);
}

#[test]
fn a_run_is_kept_over_no_record() {
    let house = House::new();
    fs::create_dir_all(house.path().join("run/messagebooks")).unwrap();
    let book = house.path().join("run/messagebooks/Gray.csv");
    fs::write(&book, "letters\n").unwrap();
    house.run(&["simulate", "--seed", "7", "--keep", "run"]).exits(2).says("Gray.csv");
    let explore = ["explore", "--heresy", "own-decree", "--keep", "run"];
    house.run(&explore).exits(2).says("Gray.csv");
    assert_eq!(fs::read(&book).unwrap(), b"letters\n");
}

#[test]
#[cfg(target_os = "linux")]
fn a_sitting_whose_log_is_full_goes_on_and_passes() {
    for how in [&["-v"][..], &[], &["--json"]] {
        let house = House::new();
        let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let mut command = house.command(&[&["sit", "--minute", "2ms"], how].concat());
        let sitting = command.stdout(full()).stderr(full()).spawn().unwrap();
        let mut sitting = Sitting(sitting);
        wait_until("somebody enters", || {
            house.ledger("Oki").exists() && !house.entries("Oki", "entered", "at").is_empty()
        });
        house.run(&["petition", "--within", "30s", "Goats are permitted"]).exits(0);
        assert_eq!(sitting.0.try_wait().unwrap(), None, "{how:?}: it sits still");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_watcher_priests_look_and_the_cause_is_said_once() {
    let house = House::new();
    let parliament = env!("CARGO_BIN_EXE_parliament");
    let none = "echo 0 > /proc/sys/user/max_inotify_instances || exit 77; exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "sh", "-c", none, "sh", parliament]);
    let ran = command.current_dir(house.path()).args(["pass", "Goats"]).output();
    let Ok(ended) = ran.map(Ended::of) else { return };
    // Where users may not have a namespace of their own, there is nothing to try.
    if ended.code != Some(77) && !ended.err.contains("unshare") {
        let ended = ended.exits(0).says("1: Goats");
        let said = ended.err.matches("cannot be watched, so they are polled").count();
        assert_eq!(said, 1, "{}", ended.err);
    }
}

#[test]
fn a_messagebook_that_becomes_a_pipe_is_said_once_by_each() {
    let house = founded();
    fs::remove_file(house.messagebook("A")).unwrap();
    assert!(Command::new("mkfifo").arg(house.messagebook("A")).status().unwrap().success());
    let decrees = ["Sheep are 1", "Sheep are 2", "Sheep are 3"];
    let how = ["pass", "--absent", "A", "--minute", "2ms", "--within", "30s"];
    let ended = house.run(&[&how[..], &decrees].concat()).exits(0);
    for name in ["B", "C"] {
        let told = format!("{name}: his messenger cannot write to A");
        assert!(ended.err.matches(&told).count() <= 1, "{}", ended.err);
    }
    assert!(ended.err.contains("messagebooks/A.csv: this is a named pipe"), "{}", ended.err);
}

#[test]
fn a_messagebook_that_becomes_a_pipe_lets_a_sitting_end() {
    let house = House::new();
    let mut sitting = Sitting::of(&house, &[]);
    let book = house.messagebook("Gray");
    fs::remove_file(&book).unwrap();
    // A messenger may have made it anew meanwhile.
    wait_until("a pipe", || {
        let made = Command::new("mkfifo").arg(&book).output().unwrap().status.success();
        made || {
            drop(fs::remove_file(&book));
            false
        }
    });
    house.run(&["petition", "--within", "30s", "--to", "Oki", "Goats are permitted"]).exits(0);
    Command::new("kill").arg(sitting.0.id().to_string()).status().unwrap();
    wait_until("the end", || sitting.0.try_wait().unwrap().is_some());
    assert_eq!(kind_of(&book), Some("pipe"));
}

#[test]
fn a_reader_who_does_not_read_keeps_no_sitting_from_ending() {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let (house, elsewhere) = (House::new(), tempfile::tempdir().unwrap());
    let pipe = elsewhere.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut how = fs::OpenOptions::new();
    let mut full = how.read(true).write(true).custom_flags(libc::O_NONBLOCK).open(&pipe).unwrap();
    while full.write(&[b'x'; 4096]).is_ok() {}
    let blocked = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    let mut command = house.command(&["sit", "--minute", "2ms"]);
    let mut sitting = Sitting(command.stdout(blocked).spawn().unwrap());
    wait_until("somebody enters", || {
        house.ledger("Oki").exists() && !house.entries("Oki", "entered", "at").is_empty()
    });
    house.run(&["petition", "--within", "30s", "Goats are permitted"]).exits(0);
    Command::new("kill").arg(sitting.0.id().to_string()).status().unwrap();
    wait_until("the end", || sitting.0.try_wait().unwrap().is_some());
}

/// Another file may take a record's name between the look at it and its opening.
#[test]
fn a_record_exchanged_between_look_and_opening_is_never_read() {
    let (house, elsewhere) = (House::new(), tempfile::tempdir().unwrap());
    let [chamber, other] = [house.path(), elsewhere.path()].map(Chamber::at);
    chamber.found(&"A B C".parse().unwrap()).unwrap();
    other.found(&"A B C alpha=9".parse().unwrap()).unwrap();
    let (ledger, a) = (house.ledger("A"), "A".parse().unwrap());
    let at = |name: &str| house.path().join(name);
    fs::rename(&ledger, at("whole")).unwrap();
    fs::copy(at("whole"), &ledger).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                for (kind, name) in [("link", "1"), ("whole", "2"), ("pipe", "3"), ("whole", "4")] {
                    match kind {
                        "link" => symlink(other.ledger(a), at(name)).unwrap(),
                        _ => fs::hard_link(at(kind), at(name)).unwrap(),
                    }
                    fs::rename(at(name), &ledger).unwrap();
                }
            }
        });
        let wrong = (0..20_000).find_map(|_| match chamber.check(a) {
            Ok(_) | Err(LedgerError::Io { .. }) => None,
            Err(other) => Some(other.to_string()),
        });
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(wrong, None, "something else was read in the ledger's place");
    });
}
