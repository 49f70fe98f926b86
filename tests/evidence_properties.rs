//! Property: a priest who was rolled back enters only if no surviving record contradicts his
//! ledger, and one who was never rolled back always enters. `[PTP §1.3 note 3, §2.3]`
//!
//! Real runs through real chambers, with members who come and go, archives and law books. Whether a record contradicts a ledger
//! is judged by an oracle that reads the files with nothing but a CSV reader.

#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{House, Row, Sitting, echo, wait_until};
use parliament::chamber::{Chamber, LedgerError, Reach, TakenDown};
use parliament::synod::Name;

/// Draws that are the same in every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound.max(1) as u64) as usize
    }
}

// ------------------------------------------------------------------------------- the oracle

/// A ballot number as a text, by the paper's order: the integer first, then the name.
fn ballot(text: &str) -> Option<(u64, String)> {
    let (round, owner) = text.split_once('.')?;
    Some((round.parse().ok()?, owner.to_owned()))
}

type Notes = BTreeMap<String, (u64, String)>;

fn raise(notes: &mut Notes, note: String, to: Option<(u64, String)>) {
    if let Some(to) = to {
        let known = notes.entry(note).or_insert_with(|| to.clone());
        *known = to.max(known.clone());
    }
}

/// The notes of a ledger, the largest of each, and through which number votes are crossed out.
fn notes(rows: &[Row]) -> (Notes, u64) {
    let (mut notes, mut through) = (Notes::new(), 0);
    for row in rows {
        match row["entry"].as_str() {
            "nextBal" => raise(&mut notes, "nextBal".into(), ballot(&row["ballot"])),
            "lastTried" => raise(&mut notes, "lastTried".into(), ballot(&row["ballot"])),
            "prevVote" => {
                raise(&mut notes, format!("vote {}", row["number"]), ballot(&row["ballot"]));
            }
            "bound" => through = row["number"].parse().unwrap(),
            _ => {}
        }
    }
    (notes, through)
}

/// The files of a directory that are this priest's, or anybody's.
fn files(directory: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let tables = paths.filter(|path| path.extension().is_some_and(|e| e == "csv"));
    let named = |path: PathBuf| {
        let file = path.file_name().unwrap().to_str().unwrap();
        (file.split('.').next().unwrap().to_owned(), path)
    };
    tables.map(named).collect()
}

/// The rows that the records prove his ledger held, by the table of `docs` and by nothing of ours.
fn proved(house: &House, name: &str) -> Notes {
    let mut owed = Notes::new();
    let books = house.path().join("messagebooks");
    for (to, path) in [files(&books), files(&books.join("archive"))].concat() {
        for row in house.rows(&path).iter().filter(|row| row["from"] == name && to != name) {
            // Torn by a kill, and struck out since.
            if row.values().any(|text| text.contains('\u{18}')) {
                continue;
            }
            let (asked, vote) = (ballot(&row["ballot"]), ballot(&row["vote"]));
            match row["message"].as_str() {
                "LastVote" => {
                    raise(&mut owed, "nextBal".into(), asked);
                    raise(&mut owed, format!("vote {}", row["number"]), vote);
                }
                "Voted" => {
                    raise(&mut owed, "nextBal".into(), asked.clone());
                    raise(&mut owed, format!("vote {}", row["number"]), asked);
                }
                "Refused" => raise(&mut owed, "nextBal".into(), vote),
                "NextBallot" | "BeginBallot" => raise(&mut owed, "lastTried".into(), asked),
                "Presence" => {
                    raise(&mut owed, "lastTried".into(), asked);
                    raise(&mut owed, "lastTried".into(), vote);
                }
                _ => {}
            }
        }
    }
    let ledgers = house.path().join("ledgers");
    let archived = files(&ledgers.join("archive"));
    for (_, path) in archived.iter().filter(|(owner, _)| owner == name) {
        notes(&house.rows(path))
            .0
            .into_iter()
            .for_each(|(note, to)| raise(&mut owed, note, Some(to)));
    }
    let others = [files(&ledgers), archived].concat();
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (owner, path) in others.into_iter().filter(|(owner, _)| owner != name) {
        rows.entry(owner).or_default().extend(house.rows(&path));
    }
    for (owner, rows) in rows {
        let of = |kind: &'static str| rows.iter().filter(move |row| row["entry"] == kind);
        for begun in of("beginBallot") {
            let asked = begun["quorum"].split(' ').any(|it| it == name);
            if !asked || !begun["ballot"].ends_with(&format!(".{owner}")) {
                continue;
            }
            let this = ballot(&begun["ballot"]);
            raise(&mut owed, "nextBal".into(), this.clone());
            let same =
                |it: &&Row| (&it["number"], &it["ballot"]) == (&begun["number"], &begun["ballot"]);
            if of("outcome").any(|it| same(&it)) {
                raise(&mut owed, format!("vote {}", begun["number"]), this);
            }
        }
    }
    owed
}

/// The proved rows that his ledger does not hold.
fn contradictions(house: &House, name: &str) -> Vec<String> {
    let (held, crossed_out) = notes(&house.rows(&house.ledger(name)));
    let lacks = |(note, to): &(String, (u64, String))| {
        let number = note.strip_prefix("vote ").and_then(|number| number.parse::<u64>().ok());
        number.is_none_or(|number| number > crossed_out) && held.get(note).is_none_or(|it| it < to)
    };
    proved(house, name).into_iter().filter(lacks).map(|(note, _)| note).collect()
}

// ------------------------------------------------------------------------------- the runs

/// Takes a ledger down. A child that another test is starting may hold its lock for a moment.
fn take_down(chamber: &Chamber, name: &str) -> TakenDown {
    let name: Name = name.parse().unwrap();
    let mut taken = TakenDown::by(chamber, name);
    wait_until("nobody holds the ledger", || {
        if matches!(taken, Err(LedgerError::Taken { .. })) {
            taken = TakenDown::by(chamber, name);
        }
        !matches!(taken, Err(LedgerError::Taken { .. }))
    });
    taken.unwrap()
}

/// Whether the program lets him enter.
fn enters(house: &House, name: &str) -> bool {
    let chamber = Chamber::at(house.path());
    let ledger = take_down(&chamber, name);
    let evidence = chamber.evidence([ledger.held()], Reach::ALL);
    ledger.kept_out(&evidence).is_none()
}

fn names(house: &House) -> Vec<String> {
    // One whom God was giving a ledger when he was killed has no seat yet.
    let chamber = Chamber::at(house.path());
    let names = chamber.legislators(&chamber.standing().unwrap().unwrap()).unwrap();
    names.iter().map(Name::to_string).collect()
}

/// Some rounds of passing decrees, each with others absent; killed in the middle, now and then.
fn some_rounds(house: &House, draws: &mut Draws) {
    let members = ["A,B,C", "A:2,B,C,D", "A,B,C,D,E"][draws.below(3)];
    let all: Vec<&str> = members.split(',').map(|name| &name[..1]).collect();
    let every = ["0", "3", "6"][draws.below(3)];
    for round in 0..3 + draws.below(4) {
        let texts: Vec<String> =
            (0..1 + draws.below(7)).map(|n| format!("The toll of {round} is {n}")).collect();
        let mut arguments = vec!["pass", "--minute", "3ms", "--within", "150"];
        arguments.extend(["--law-book-every", every, "--archive-at", "3000"]);
        if round == 0 {
            arguments.extend(["--priests", members, "--alpha", "4"]);
        } else {
            arguments.extend(["--absent", all[draws.below(all.len())]]);
        }
        if round == 1 && draws.below(2) == 0 {
            arguments.push("S is now a legislator");
        }
        arguments.extend(texts.iter().map(String::as_str));
        if draws.below(3) == 0 && round > 0 {
            let passing = Sitting(house.start(&arguments));
            std::thread::sleep(std::time::Duration::from_millis(20 + draws.below(150) as u64));
            drop(passing);
        } else {
            let ended = house.run(&arguments);
            assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
        }
        for name in names(house) {
            assert!(enters(house, &name), "{name} was kept out, and never rolled back");
        }
    }
}

/// Rolls a ledger back to a row of it, or to one that was archived, and takes some of the other
/// records away; yields what stood in the ledger.
fn roll_back(house: &House, name: &str, draws: &mut Draws) {
    let archived = files(&house.path().join("ledgers/archive"));
    let his: Vec<_> = archived.iter().filter(|(owner, _)| owner == name).collect();
    if !his.is_empty() && draws.below(4) == 0 {
        let old = &his[draws.below(his.len())].1;
        fs::copy(old, house.ledger(name)).unwrap();
        // The user who restores it may have moved it here.
        fs::remove_file(old).unwrap();
        return;
    }
    let text = fs::read_to_string(house.ledger(name)).unwrap();
    let rows: Vec<&str> = text.split_inclusive('\n').collect();
    let bound = rows.iter().position(|row| row.starts_with("bound,")).unwrap_or(1);
    let kept = bound + 1 + draws.below(rows.len() - bound);
    fs::write(house.ledger(name), rows[..kept].concat()).unwrap();
}

fn lose_some_records(house: &House, name: &str, draws: &mut Draws) {
    let (books, ledgers) = (house.path().join("messagebooks"), house.path().join("ledgers"));
    let archives = [files(&books.join("archive")), files(&ledgers.join("archive"))].concat();
    let others = files(&ledgers).into_iter().filter(|(owner, _)| owner != name);
    let all = others.chain(files(&books)).chain(archives);
    let odds = 1 + draws.below(6);
    for (_, path) in all.collect::<Vec<_>>() {
        // Some ledger must tell which decree founded the chamber: his own ledger does.
        if draws.below(odds + 1) > 0 {
            fs::remove_file(path).unwrap();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(drop).unwrap() }
    }
}

/// An audit gathers in passing all that the records prove; it gathers nothing where somebody is
/// kept out.
fn gathered(house: &House) -> bool {
    let chamber = Chamber::at(house.path());
    let Ok((_, gathered)) = chamber.audit_and_evidence(|_, _| {}) else { return false };
    let evidence = chamber.evidence_of_all().unwrap();
    let Some(gathered) = gathered else { return false };
    let proved = evidence.cases().iter().map(|(&name, case)| (name, case.proved()));
    assert_eq!(gathered, proved.collect());
    assert!(chamber.older(&evidence).is_empty(), "gathered, and somebody is kept out");
    true
}

#[test]
fn an_audit_of_a_whole_chamber_gathers_evidence_in_passing() {
    for every in ["0", "3"] {
        let house = House::new();
        let pass = |more: &[&str]| {
            let law_books = ["--minute", "3ms", "--law-book-every", every, "--archive-at", "3000"];
            house.run(&[&["pass"], more, &law_books].concat()).exits(0);
        };
        pass(&["--priests", "A:2,B,C", "Goats", "S is now a legislator"]);
        pass(&["--absent", "C", "Figs", "Wine", "Bread", "Oil"]);
        pass(&["Lamps", "Salt", "Fish", "Sheep"]);
        assert!(gathered(&house), "law books every {every}");
    }
}

#[test]
fn evidence_in_a_file_that_the_audit_does_not_hear_is_found() {
    let house = House::new();
    let pass = |more: &[&str]| {
        house.run(&[&["pass"], more, &["--minute", "3ms"]].concat()).exits(0);
    };
    pass(&["--priests", "A,B,C", "Goats"]);
    // A volume kept under a name of its own, as one that was in the way.
    let archive = house.path().join("messagebooks/archive");
    fs::create_dir_all(&archive).unwrap();
    let header = "from,code,ballot,decree,message,number,vote,of,petition,at\n";
    fs::write(archive.join("B.kept.csv"), format!("{header}A,1,77.B,,LastVote,,,0\n")).unwrap();
    assert!(!gathered(&house));
    house.run(&["audit"]).exits(1);
}

#[test]
fn who_is_rolled_back_enters_only_if_no_record_contradicts_it() {
    let (mut kept_out, mut entered) = (0, 0);
    for seed in 1..=6 {
        let (house, mut draws) = (House::new(), Draws(seed));
        some_rounds(&house, &mut draws);
        for _ in 0..40 {
            let room = House::new();
            copy(house.path(), room.path());
            let all = names(&room);
            let name = &all[draws.below(all.len())];
            roll_back(&room, name, &mut draws);
            if draws.below(2) == 0 {
                lose_some_records(&room, name, &mut draws);
            }
            let against = contradictions(&room, name);
            gathered(&room);
            let enters = enters(&room, name);
            assert_eq!(enters, against.is_empty(), "seed {seed}, {name}: {against:?}");
            (kept_out, entered) = (kept_out + u32::from(!enters), entered + u32::from(enters));
        }
    }
    assert!(kept_out > 40 && entered > 20, "{kept_out} kept out, {entered} entered");
}

#[test]
fn a_priest_with_a_torn_ledger_end_enters_and_it_is_cut() {
    for seed in 11..=13 {
        let (house, mut draws) = (House::new(), Draws(seed));
        some_rounds(&house, &mut draws);
        for name in names(&house) {
            let whole = fs::read(house.ledger(&name)).unwrap();
            let torn = [&whole[..], b"prevVote,9,9.A,half"].concat();
            fs::write(house.ledger(&name), torn).unwrap();
            assert!(enters(&house, &name), "{name} was kept out by a torn row");
            let chamber = Chamber::at(house.path());
            let ledger = take_down(&chamber, &name);
            let evidence = chamber.evidence([ledger.held()], Reach::ENTERING);
            drop(ledger.open_by(&evidence).unwrap());
            assert_eq!(fs::read(house.ledger(&name)).unwrap(), whole);
        }
    }
}

#[test]
fn what_a_crash_left_is_not_cut_where_a_record_tells_of_it() {
    let house = House::new();
    house.run(&["pass", "--priests", "A,B,C", "--minute", "2ms", "Goats"]).exits(0);
    echo(&house.messagebook("C"), "A,2,1.C,,Voted,2");
    let torn = [&fs::read(house.ledger("A")).unwrap()[..], b"prevVote,2,1.C,Fi"].concat();
    fs::write(house.ledger("A"), &torn).unwrap();
    house.run(&["pass", "Sheep"]).exits(2).says("is not cut");
    assert_eq!(fs::read(house.ledger("A")).unwrap(), torn);
}
