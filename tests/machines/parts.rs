//! A part of a Parliament: who lives there, and that nobody has two bodies.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parliament::chamber::crossing::{Chunk, LARGEST_CHUNK, Outboxes};
use parliament::chamber::{Chamber, LedgerError, Messagebook, Roster, TakenDown, Watching};
use parliament::synod::{Founding, Message, Name};

const FOUNDING: &str = "Ada Ben Cid";

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn founding() -> Founding {
    FOUNDING.parse().unwrap()
}

fn roster(here: &str, machine: &str) -> Roster {
    Roster::new(name(machine), [name(here)], &founding()).unwrap()
}

/// A machine on which one of them lives.
fn part(root: &Path, here: &str, machine: &str) -> Chamber {
    let chamber = Chamber::at(root);
    let hands: &parliament::chamber::Hands<'_> =
        &|names, ink| names.iter().try_for_each(|&it| ink(it));
    chamber.found_by(hands, &founding(), Some(&roster(here, machine))).unwrap();
    Chamber::at(root)
}

fn ledgers(root: &Path) -> Vec<String> {
    let names = Chamber::at(root).names().unwrap();
    names.iter().map(ToString::to_string).collect()
}

fn said<T: std::fmt::Debug, E: std::fmt::Display>(refused: Result<T, E>) -> String {
    refused.unwrap_err().to_string()
}

#[test]
fn only_the_ledgers_of_those_who_live_here_are_inked() {
    let root = tempfile::tempdir().unwrap();
    let chamber = part(root.path(), "Ben", "hill");
    assert_eq!(ledgers(root.path()), ["Ben"]);
    assert_eq!(chamber.founding().unwrap(), Some(founding()));
    for name in ["Ada", "Ben", "Cid"] {
        assert!(root.path().join(format!("messagebooks/{name}.csv")).exists(), "{name}");
    }
    let text = fs::read_to_string(root.path().join("roster.csv")).unwrap();
    let rows: Vec<&str> = text.lines().map(|row| row.rsplit_once(',').unwrap().0).collect();
    assert_eq!(rows, ["priest,lives,machine", "Ada,elsewhere,", "Ben,here,hill", "Cid,elsewhere,"]);
    assert_eq!(chamber.roster().unwrap(), Some(roster("Ben", "hill")));
}

#[test]
fn a_part_whose_founding_was_cut_short_inks_no_more_ledgers() {
    let whole = tempfile::tempdir().unwrap();
    part(whole.path(), "Ben", "hill");
    let rows = fs::read_to_string(whole.path().join("roster.csv")).unwrap();
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("ledgers")).unwrap();
    let note = root.path().join("ledgers/.founding");
    fs::write(&note, format!("{FOUNDING}\n{rows}")).unwrap();
    let chamber = Chamber::at(root.path());
    assert_eq!(chamber.founding().unwrap(), Some(founding()));
    assert_eq!(ledgers(root.path()), ["Ben"]);
    assert_eq!(chamber.roster().unwrap(), Some(roster("Ben", "hill")));
    fs::write(&note, format!("{FOUNDING}\n{}", rows.replace("Ben,here", "Ada,here"))).unwrap();
    let refused = said(Chamber::at(root.path()).founding());
    assert!(refused.contains("not as it was sealed"), "{refused}");
    assert_eq!(ledgers(root.path()), ["Ben"]);
}

#[test]
fn a_lost_or_altered_roster_is_refused_with_the_way_back() {
    let root = tempfile::tempdir().unwrap();
    part(root.path(), "Ada", "hill");
    let at = |file: &str| root.path().join(file);
    let whole = fs::read_to_string(at("roster.csv")).unwrap();
    let altered = whole.replace("Ben,elsewhere,", "Ben,here,hill");
    let refused = || said(Chamber::at(root.path()).founding());
    let (to_file, to_copy) = ("`cp ledgers/.roster roster.csv`", "`cp roster.csv ledgers/.roster`");
    for (file, repair) in [("roster.csv", to_file), ("ledgers/.roster", to_copy)] {
        fs::remove_file(at(file)).unwrap();
        assert!(refused().contains("is missing") && refused().contains(repair), "{}", refused());
        fs::write(at(file), &altered).unwrap();
        let why = refused();
        assert!(why.contains("at line 3") && why.contains(repair), "{why}");
        fs::write(at(file), &whole).unwrap();
    }
    fs::write(at("roster.csv"), &altered).unwrap();
    fs::remove_file(at("ledgers/.roster")).unwrap();
    assert!(refused().contains("as they were when this chamber was founded"), "{}", refused());
    let others = roster("Ben", "hill");
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(part(elsewhere.path(), "Ben", "hill").roster().unwrap(), Some(others));
    let theirs = fs::read(elsewhere.path().join("roster.csv")).unwrap();
    fs::write(at("roster.csv"), theirs).unwrap();
    fs::write(at("ledgers/.roster"), &whole).unwrap();
    assert!(refused().contains("its copy differ"), "{}", refused());
    assert_eq!(ledgers(root.path()), ["Ada"]);
}

#[test]
fn a_part_whose_ledgers_are_gone_is_never_founded_again() {
    let root = tempfile::tempdir().unwrap();
    let chamber = part(root.path(), "Ada", "hill");
    fs::remove_file(chamber.ledger(name("Ada"))).unwrap();
    let again = Chamber::at(root.path());
    let refused = said(again.founding());
    assert!(refused.contains("Ada") && refused.contains("amnesia"), "{refused}");
    for asked in [Some(roster("Ada", "hill")), None] {
        let refused = said(again.found_by(&|_, _| Ok(()), &founding(), asked.as_ref()));
        assert!(refused.contains("amnesia"), "{refused}");
    }
    // The roster is gone with them, and letters are left.
    fs::remove_file(root.path().join("roster.csv")).unwrap();
    fs::remove_file(root.path().join("ledgers/.roster")).unwrap();
    write_a_letter(root.path());
    let again = Chamber::at(root.path());
    let asked = roster("Ada", "hill");
    let refused = said(again.found_by(&|_, _| Ok(()), &founding(), Some(&asked)));
    assert!(refused.contains("founded only where nothing is"), "{refused}");
    assert!(ledgers(root.path()).is_empty());
}

fn write_a_letter(root: &Path) {
    let row = "Ada,5,,,presence,,,,,2026-01-01T00:00:00.000000Z\n";
    let mut text = fs::read(root.join("messagebooks/Ben.csv")).unwrap();
    text.extend_from_slice(row.as_bytes());
    fs::write(root.join("messagebooks/Ben.csv"), text).unwrap();
}

#[test]
fn two_directories_never_ink_one_seated_priests_ledger() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let parts = [part(a.path(), "Ada", "hill"), part(b.path(), "Ben", "harbour")];
    let strong = name("Strong");
    for machine in [None, Some("isle"), Some("hill")].map(|it| it.map(name)) {
        let seated = parts.each_ref().map(|chamber| chamber.seat_on(strong, machine));
        let is_here = [machine == Some(name("hill")), false];
        for (seated, is_here) in seated.into_iter().zip(is_here) {
            match seated {
                Ok(()) => assert!(is_here),
                Err(refused) => {
                    assert!(!is_here && matches!(refused, LedgerError::Elsewhere { .. }));
                }
            }
        }
        assert_eq!(parts.each_ref().map(|chamber| chamber.has_ledger(strong)), is_here);
    }
}

#[test]
fn without_a_roster_a_decree_on_a_machine_gives_no_ledger() {
    let root = tempfile::tempdir().unwrap();
    let chamber = Chamber::at(root.path());
    chamber.found(&founding()).unwrap();
    let refused = chamber.seat_on(name("Strong"), Some(name("hill")));
    assert!(matches!(refused, Err(LedgerError::NoRoster { .. })), "{refused:?}");
    assert_eq!(ledgers(root.path()), ["Ada", "Ben", "Cid"]);
    chamber.seat(name("Strong")).unwrap();
    assert!(chamber.has_ledger(name("Strong")));
}

#[test]
fn a_copy_of_a_ledger_from_elsewhere_is_read_and_not_opened() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (hill, harbour) = (part(a.path(), "Ada", "hill"), part(b.path(), "Ben", "harbour"));
    fs::copy(harbour.ledger(name("Ben")), hill.ledger(name("Ben"))).unwrap();
    let refused = said(TakenDown::by(&hill, name("Ben")));
    assert!(refused.contains("Ben lives on another machine"), "{refused}");
    assert!(TakenDown::by(&harbour, name("Ben")).is_ok());
    assert!(hill.audit().unwrap().is_consistent());
}

#[test]
fn a_part_is_judged_without_accusing_those_who_live_elsewhere() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (hill, harbour) = (part(a.path(), "Ada", "hill"), part(b.path(), "Ben", "harbour"));
    assert!(hill.audit().unwrap().is_consistent());
    let both = hill.audit_union(std::slice::from_ref(&harbour), |_, _| {}).unwrap();
    assert!(both.is_consistent(), "{:?}", both.findings());
    let same = hill.audit_union(&[hill.clone(), harbour.clone()], |_, _| {}).unwrap();
    assert!(same.is_consistent(), "one directory named twice: {:?}", same.findings());
    // The same priest lives in two directories: he has two bodies.
    let twin = tempfile::tempdir().unwrap();
    let twin = part(twin.path(), "Ada", "hill");
    let judged = hill.audit_union(&[harbour, twin], |_, _| {}).unwrap();
    assert!(
        judged.findings().iter().any(|it| it.why.contains("Ada has two bodies")),
        "{:?}",
        judged.findings()
    );
    assert!(!judged.is_consistent());
    // Ada lives here: that her ledger is gone is a fault here too.
    let c = tempfile::tempdir().unwrap();
    let both = Roster::new(name("isle"), [name("Ada"), name("Ben")], &founding()).unwrap();
    let isle = Chamber::at(c.path());
    isle.found_by(&|names, ink| names.iter().try_for_each(|&it| ink(it)), &founding(), Some(&both))
        .unwrap();
    fs::remove_file(isle.ledger(name("Ada"))).unwrap();
    let judged = Chamber::at(c.path()).audit().unwrap();
    assert!(judged.findings().iter().any(|it| it.why.contains("Ada sits by decree 0")));
    assert!(!judged.is_consistent());
}

fn presence() -> Message {
    Message::Presence { last_tried: None, complete_through: 0, presides: None }
}

#[test]
fn an_outbox_that_grew_long_is_archived_by_its_writers() {
    let root = tempfile::tempdir().unwrap();
    let chamber = part(root.path(), "Ada", "hill").archiving_at(4096);
    let mut books = ["Ben", "Ada"].map(|it| (name(it), Messagebook::of(&chamber, name(it))));
    let mut second = Messagebook::of(&chamber, name("Ben"));
    for _ in 0..200 {
        for (_, book) in &mut books {
            book.append([(name("Ada"), &presence())]).unwrap();
        }
        second.append([(name("Ada"), &presence())]).unwrap();
    }
    let of = |it| chamber.volumes_of(name(it)).unwrap();
    assert_eq!(of("Ada").len(), 1, "his messenger archives what he has read");
    let volumes = of("Ben");
    assert!(volumes.len() > 3, "{}", volumes.len());
    assert!(volumes.iter().all(|volume| volume.bytes < 4096 + 200));
    let rows = volumes.into_iter().flat_map(|volume| volume.rows().unwrap());
    let rows: Vec<_> = rows.map(|row| row.unwrap().unwrap()).collect();
    assert!(rows.len() >= 400, "of {} rows some are lost", rows.len());
}

#[test]
fn those_elsewhere_are_inside_who_were_heard_within_a_minute() {
    let root = tempfile::tempdir().unwrap();
    let noon = chrono::DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
    let at = |seconds| {
        let clock = noon + chrono::TimeDelta::seconds(seconds);
        Chamber::at(root.path()).with_clock(Arc::new(move || clock))
    };
    part(root.path(), "Ada", "hill");
    let mut book = Messagebook::of(&at(0), name("Ada"));
    book.append([(name("Dolf"), &petition()), (name("Ben"), &presence())]).unwrap();
    // So long that only its end is looked at.
    let many = vec![presence(); 2000];
    let mut cid = Messagebook::of(&at(30), name("Ada"));
    cid.append(many.iter().map(|it| (name("Cid"), it))).unwrap();
    let mut ben = Messagebook::of(&at(40), name("Ada"));
    ben.append([(name("Ben"), &presence())]).unwrap();
    let inside = |seconds| {
        let inside = at(seconds).inside().unwrap();
        inside.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(inside(50), ["Ben", "Cid"]);
    assert_eq!(inside(95), ["Ben"]);
    assert_eq!(inside(101), [""; 0]);
    let one = tempfile::tempdir().unwrap();
    let one_machine = Chamber::at(one.path());
    one_machine.found(&founding()).unwrap();
    Messagebook::of(&one_machine, name("Ada")).append([(name("Ben"), &presence())]).unwrap();
    assert!(one_machine.inside().unwrap().is_empty(), "there a lock tells");
}

#[test]
fn who_watches_a_part_sees_what_is_written_to_those_elsewhere() {
    let root = tempfile::tempdir().unwrap();
    let chamber = part(root.path(), "Ada", "hill").archiving_at(4096);
    let mut watching = Watching::from_start(&chamber);
    watching.look().unwrap();
    for owner in ["Ben", "Strong"] {
        Messagebook::of(&chamber, name(owner)).append([(name("Ada"), &presence())]).unwrap();
    }
    let come = watching.look().unwrap();
    let to: Vec<_> = come.messagebooks.iter().flatten().map(|row| row.to.to_string()).collect();
    assert_eq!(to, ["Strong", "Ben"]);
    assert_eq!(chamber.outboxes().unwrap().len(), 3);
}

fn petition() -> Message {
    Message::Petition { decree: parliament::synod::Decree::new("Goats").unwrap() }
}

#[test]
fn chunks_carry_each_row_of_an_outbox_through_its_archive() {
    let root = tempfile::tempdir().unwrap();
    let chamber = part(root.path(), "Ada", "hill").archiving_at(300_000);
    let mut ben = Messagebook::of(&chamber, name("Ben"));
    ben.append([(name("Ada"), &presence())]).unwrap();
    let mut outboxes = Outboxes::from_now(&chamber).unwrap();
    assert_eq!(outboxes.look().unwrap(), [], "what lay there before is a letter lost");
    let mut rows = 0;
    for turn in 0..5 {
        let many = vec![presence(); 4000];
        ben.append(many.iter().map(|it| (name("Ada"), it))).unwrap();
        let chunks = outboxes.look().unwrap();
        assert!(chunks.iter().all(|it| it.to == name("Ben") && it.rows.ends_with(b"\n")));
        assert!(chunks.iter().all(|it| it.rows.len() <= LARGEST_CHUNK), "{turn}");
        assert!(chunks.len() > 1);
        rows += chunks
            .iter()
            .map(|it| it.rows.iter().filter(|&&it| it == b'\n').count())
            .sum::<usize>();
    }
    assert!(chamber.volumes_of(name("Ben")).unwrap().len() > 1, "it was archived meanwhile");
    assert!(rows >= 20_000, "{rows}");
    let mut file =
        fs::OpenOptions::new().append(true).open(chamber.messagebook(name("Ben"))).unwrap();
    file.write_all(b"Ada,5,,,Pres").unwrap();
    assert_eq!(outboxes.look().unwrap(), []);
    file.write_all(b"ence\n").unwrap();
    let chunk = Chunk { to: name("Ben"), rows: b"Ada,5,,,Presence\n".to_vec() };
    assert_eq!(outboxes.look().unwrap(), [chunk]);
}

#[test]
fn a_row_counts_only_from_the_machine_of_its_sender() {
    let root = tempfile::tempdir().unwrap();
    let chamber = part(root.path(), "Ada", "hill");
    let outbox = tempfile::tempdir().unwrap();
    let harbour = part(outbox.path(), "Ben", "harbour");
    let mut outboxes = Outboxes::from_now(&harbour).unwrap();
    let mut ada = Messagebook::of(&harbour, name("Ada"));
    let (from, petition) = (presence(), petition());
    ada.append([
        (name("Ben"), &from),
        (name("Cid"), &from),
        (name("Ada"), &from),
        (name("Dolf"), &petition),
    ])
    .unwrap();
    let mut chunk = outboxes.look().unwrap().pop().unwrap();
    chunk.rows.extend_from_slice(b"what is this?\nBen,5,,,Pres");
    let handed = chamber.hand_over(&chunk, |it| it == name("Ben")).unwrap();
    assert_eq!((handed.rows, handed.refused), (2, 4), "{handed:?}");
    assert_eq!(handed.why.as_deref(), Some("Cid does not live where this came from"));
    let handed = chamber.hand_over(&chunk, |_| true).unwrap();
    assert_eq!((handed.rows, handed.refused), (3, 3), "Ada lives here: {handed:?}");
    let rows = chamber.volumes_of(name("Ada")).unwrap().remove(0).rows().unwrap();
    let from: Vec<_> = rows.map(|row| row.unwrap().unwrap().from.to_string()).collect();
    assert_eq!(from, ["Ben", "Dolf", "Ben", "Cid", "Dolf"]);
    let strangers = Chunk { to: name("Strong"), ..chunk };
    let handed = chamber.hand_over(&strangers, |_| true).unwrap();
    assert_eq!((handed.rows, handed.refused), (0, 1), "{handed:?}");
    assert!(!chamber.messagebook(name("Strong")).exists());
}
