//! Messagebooks of a long sitting are archived, and nobody is disturbed by it.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{House, echo, wait_until};
use parliament::chamber::{Chamber, Cursor, Messagebook};
use parliament::synod::{Message, Name};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn voted(number: u64) -> Message {
    Message::Voted { ballot: "4.Oki".parse().unwrap(), number }
}

fn number(message: &Message) -> u64 {
    match message {
        Message::Voted { number, .. } => *number,
        other => panic!("{other:?}"),
    }
}

/// A chamber that archives at this many bytes.
fn chamber(house: &House, bytes: u64) -> Chamber {
    let chamber = Chamber::at(house.path()).archiving_at(bytes);
    chamber.found(&"Dwork Gray Oki".parse().unwrap()).unwrap();
    chamber
}

/// Reads as Oki does, archiving, until `done` and then to the end.
fn read_until(cursor: &mut Cursor, mut done: impl FnMut() -> bool) -> Vec<u64> {
    let mut numbers = Vec::new();
    loop {
        let last = done();
        cursor.archive_if_long().unwrap();
        let rows = cursor.read().unwrap();
        numbers.extend(rows.into_iter().map(|row| number(&row.unwrap().message)));
        if last {
            return numbers;
        }
    }
}

/// Every row of Oki's messagebook and its archive, in order.
fn all_rows(chamber: &Chamber) -> Vec<u64> {
    let volumes = chamber.volumes_of(name("Oki")).unwrap();
    let rows = volumes.into_iter().flat_map(|volume| volume.rows().unwrap());
    rows.map(|row| number(&row.unwrap().unwrap().message)).collect()
}

fn volumes(house: &House) -> usize {
    let archive = std::fs::read_dir(house.path().join("messagebooks/archive"));
    archive.map_or(0, Iterator::count)
}

#[test]
fn a_messagebook_is_archived_at_its_size_and_the_order_is_kept() {
    let house = House::new();
    let chamber = chamber(&house, 1024);
    let mut book = Messagebook::of(&chamber, name("Oki"));
    let mut cursor = Cursor::at_start(&chamber, name("Oki"));
    let mut read = Vec::new();
    for n in 1..=500 {
        book.append([(name("Gray"), &voted(n))]).unwrap();
        let mut once = false;
        read.extend(read_until(&mut cursor, || std::mem::replace(&mut once, true)));
    }
    assert!(read.iter().copied().eq(1..=500), "each is read once, in order");
    assert!(all_rows(&chamber).into_iter().eq(1..=500));
    assert!(volumes(&house) > 20, "{} volumes", volumes(&house));
    for volume in chamber.volumes_of(name("Oki")).unwrap() {
        assert!(volume.bytes < 1200, "{} has {} bytes", volume.path.display(), volume.bytes);
    }
    assert_eq!(chamber.volumes().unwrap().len(), volumes(&house) + 3);
}

#[test]
fn archiving_loses_no_letter_that_was_delivered() {
    let house = House::new();
    let chamber = chamber(&house, 1024);
    let (writers, letters) = (4, 1000);
    let writing = AtomicBool::new(true);
    let mut cursor = Cursor::at_start(&chamber, name("Oki"));
    let write = |writer: u64| {
        let mut book = Messagebook::of(&chamber, name("Oki"));
        for n in 0..letters {
            book.append([(name("Gray"), &voted(1 + writer * letters + n))]).unwrap();
            // Otherwise the reader would never come to an end, and archive nothing.
            std::thread::sleep(std::time::Duration::from_micros(50));
        }
    };
    let read = std::thread::scope(|threads| {
        let write = &write;
        let writers: Vec<_> = (0..writers).map(|n| threads.spawn(move || write(n))).collect();
        let reader = threads.spawn(|| read_until(&mut cursor, || !writing.load(Ordering::Relaxed)));
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        writing.store(false, Ordering::Relaxed);
        reader.join().unwrap()
    });
    let missing = |seen: Vec<u64>| {
        let seen: BTreeSet<u64> = seen.into_iter().collect();
        (1..=writers * letters).filter(|n| !seen.contains(n)).collect::<Vec<_>>()
    };
    assert_eq!(missing(read), Vec::<u64>::new(), "not read");
    assert_eq!(missing(all_rows(&chamber)), Vec::<u64>::new(), "not in the archive");
    assert!(volumes(&house) > 20, "{} volumes", volumes(&house));
}

#[test]
fn a_messagebook_replaced_by_an_editor_is_not_archived_unread() {
    let house = House::new();
    let chamber = chamber(&house, 1024);
    let mut book = Messagebook::of(&chamber, name("Oki"));
    let mut cursor = Cursor::at_start(&chamber, name("Oki"));
    let many: Vec<Message> = (1..=50).map(voted).collect();
    book.append(many.iter().map(|message| (name("Gray"), message))).unwrap();
    assert_eq!(cursor.read().unwrap().len(), 50);
    let (path, backup) = (house.messagebook("Oki"), house.messagebook("Oki").with_extension("bak"));
    std::fs::rename(&path, &backup).unwrap();
    cursor.archive_if_long().unwrap();
    std::fs::copy(&backup, &path).unwrap();
    cursor.archive_if_long().unwrap();
    assert_eq!(volumes(&house), 0);
    assert_eq!(cursor.read().unwrap().len(), 50, "the new file is read from its start");
    cursor.archive_if_long().unwrap();
    assert_eq!(volumes(&house), 1);
}

#[test]
fn a_letter_written_into_an_archived_file_is_delivered_again() {
    let house = House::new();
    let chamber = chamber(&house, 1024);
    let mut cursor = Cursor::at_start(&chamber, name("Oki"));
    let path = house.messagebook("Oki");
    // One who opened the messagebook long ago, as a shell does for `>>`, and writes late.
    let mut late = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    (0..60).for_each(|_| echo(&path, "Gray,2,4.Oki,,Voted,1"));
    let mut looks = 0;
    read_until(&mut cursor, || {
        looks += 1;
        looks > 2
    });
    assert_eq!(volumes(&house), 1);
    std::io::Write::write_all(&mut late, b"Gray,2,4.Oki,,Voted,77\n").unwrap();
    let mut once = false;
    let read = read_until(&mut cursor, || std::mem::replace(&mut once, true));
    assert!(read.contains(&77), "{read:?}");
}

#[test]
fn people_who_echo_into_a_messagebook_survive_its_archiving() {
    let house = House::new();
    let chamber = chamber(&house, 1024);
    let path = house.messagebook("Oki");
    let mut cursor = Cursor::at_start(&chamber, name("Oki"));
    let echoes = "for n in $(seq 1 2000); do echo \"Gray,2,4.Oki,,Voted,$n\" >> \"$1\"; test $((n % 10)) = 0 && sleep 0.001; done; true";
    let mut shell = Command::new("sh").args(["-c", echoes, "sh"]).arg(&path).spawn().unwrap();
    let read: BTreeSet<u64> =
        read_until(&mut cursor, || shell.try_wait().unwrap().is_some()).into_iter().collect();
    let missing: Vec<u64> = (1..=2000).filter(|n| !read.contains(n)).collect();
    assert_eq!(missing, Vec::<u64>::new());
    assert!(volumes(&house) > 20, "{} volumes", volumes(&house));
}

/// Processes that are killed when the test ends, however it ends.
struct Sitting(Vec<Child>);

impl Sitting {
    fn of(house: &House, arguments: &[&str]) -> Sitting {
        let mut command = house.command(arguments);
        Sitting(vec![command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()])
    }
}

impl Drop for Sitting {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Passes this many decrees, handing each messagebook to the archive every few rows.
fn pass_many(house: &House, decrees: u64) {
    let tolls: Vec<String> = (1..=decrees).map(|n| format!("The toll is {n}")).collect();
    std::fs::write(house.path().join("tolls"), tolls.join("\n")).unwrap();
    let from = ["pass", "--from", "tolls", "--archive-at", "1KiB", "--within", "60s"];
    house.run(&from).exits(0);
}

#[test]
fn audit_messages_and_chronicle_read_the_archive_too() {
    let house = House::new();
    pass_many(&house, 60);
    assert!(volumes(&house) > 10, "{} volumes", volumes(&house));
    house.run(&["audit"]).exits(0).says("Consistent");
    let all = house.run(&["messages", "Oki", "--last", "100000"]).exits(0);
    let all = all.says("archive/Oki.000001.csv");
    let counted = |n: u64| all.out.contains(&format!(" {n} ")) && all.out.contains("Voted");
    assert!((1..=60).all(counted), "{}", all.out);
    let few = house.run(&["messages", "Oki", "--last", "3"]).exits(0).out;
    assert!(!few.contains("Oki.000001"), "{few}");
    let picture = house.run(&["chronicle"]).exits(0).out;
    assert!(picture.contains("The toll is 1"), "{picture}");

    // A forged letter is found in the archive as in the messagebook.
    let first = house.path().join("messagebooks/archive/Oki.000001.csv");
    echo(&first, "Gray,2,99.Oki,,Voted,1");
    house.run(&["audit"]).exits(1).says("Oki.000001.csv").says("Voted with the vote inked");

    // A user who deletes the archive gets no false alarm.
    std::fs::remove_dir_all(house.path().join("messagebooks/archive")).unwrap();
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn an_audit_while_five_processes_archive_gives_no_false_alarm() {
    let house = House::new();
    house.run(&["pass", "Lamps must use only olive oil"]).exits(0);
    let mut sitting = Sitting(Vec::new());
    for name in ["Dwork", "Fischer", "Gray", "Lynch", "Oki"] {
        let alone = ["priest", name, "--minute", "5ms", "--archive-at", "2KiB"];
        sitting.0.extend(std::mem::take(&mut Sitting::of(&house, &alone).0));
    }
    let tolls: Vec<String> = (1..=150).map(|n| format!("The toll is {n}")).collect();
    std::fs::write(house.path().join("tolls"), tolls.join("\n")).unwrap();
    wait_until("Oki presides", || house.entries("Oki", "lastTried", "ballot").len() > 1);
    let mut passing = house.start(&["pass", "--from", "tolls", "--within", "60s"]);
    while passing.try_wait().unwrap().is_none() {
        house.run(&["audit"]).exits(0);
    }
    assert_eq!(passing.wait().unwrap().code(), Some(0));
    assert!(volumes(&house) > 20, "{} volumes", volumes(&house));
    let law = house.rows(&house.ledger("Oki"));
    assert_eq!(
        law.iter()
            .filter(|row| row["decree"].starts_with("The toll") && row["entry"] == "outcome")
            .count(),
        150
    );
}

#[test]
fn a_petition_survives_a_kill_between_archiving_and_reading() {
    let house = House::new();
    pass_many(&house, 1);
    // The state after a kill right after the renaming: no messagebook, and in the archive a
    // petition that nobody has read.
    echo(&house.messagebook("Gray"), "Dolf,6,,Dolf may keep a cow,,,,,Dolf/1");
    let next = house.path().join("messagebooks/archive/Gray.000009.csv");
    std::fs::create_dir_all(next.parent().unwrap()).unwrap();
    std::fs::rename(house.messagebook("Gray"), next).unwrap();
    let _sitting = Sitting::of(&house, &["sit", "--minute", "5ms"]);
    wait_until("it passes", || {
        house.entries("Oki", "outcome", "decree").contains(&"Dolf may keep a cow".into())
    });
    assert!(house.messagebook("Gray").exists());
}

#[test]
fn a_size_that_is_none_is_refused() {
    let house = House::new();
    house.run(&["pass", "--archive-at", "7", "Goats"]).exits(2).says("1KiB at least");
    house.run(&["sit", "--archive-at", "much"]).exits(2).says("64MiB");
}
