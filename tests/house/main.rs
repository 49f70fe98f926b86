//! The house keeps its own rules: which room sees which, and that no circle of files forms within a
//! room. A parser reads the code, so that no way of writing a path gets past. `tidy.rs` holds what
//! a look at the text can tell.

mod imports;
mod surface;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use imports::{House, circles};

/// Each room, in reading order, and the rooms that it sees besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("synod", &["words"]),
    ("law", &["words"]),
    ("parliament", &["words", "synod", "law"]),
    ("invariants", &["words", "synod"]),
    ("records", &["words"]),
    ("audit", &["words", "records"]),
    ("trace", &["words", "records"]),
    ("chance", &[]),
    ("creeds", &["words", "synod", "law", "parliament"]),
    ("explore", &["words", "synod", "parliament", "invariants", "creeds", "trace"]),
    (
        "heresies",
        &["words", "synod", "law", "parliament", "invariants", "chance", "creeds", "explore"],
    ),
    (
        "simulator",
        &[
            "words",
            "synod",
            "law",
            "parliament",
            "invariants",
            "records",
            "audit",
            "trace",
            "chance",
            "creeds",
        ],
    ),
    ("scene", &["words", "synod", "invariants", "trace", "creeds", "explore", "heresies"]),
    (
        "examine",
        &[
            "words",
            "synod",
            "invariants",
            "records",
            "audit",
            "trace",
            "chance",
            "creeds",
            "explore",
            "heresies",
            "simulator",
            "scene",
        ],
    ),
    ("chamber", &["words", "synod", "records", "audit", "chance"]),
    ("restaged", &["words", "synod", "records", "chamber", "scene"]),
    ("god", &["words", "synod", "law", "parliament", "records", "chamber", "trace"]),
    ("picture", &["words", "records", "audit", "trace", "chamber"]),
    ("kept", &["words", "synod", "records", "explore", "trace", "scene", "chamber", "picture"]),
    ("story", &["records", "god"]),
    (
        "lessons",
        &[
            "words",
            "invariants",
            "records",
            "audit",
            "trace",
            "chance",
            "heresies",
            "scene",
            "playground",
            "chamber",
        ],
    ),
    ("playground", &["words", "chance", "explore", "heresies", "scene"]),
    ("class", &["words", "scene", "playground"]),
    ("web", &["words", "explore", "heresies", "scene", "playground", "class", "kept", "picture"]),
    (
        "commands",
        &[
            "words",
            "law",
            "invariants",
            "records",
            "audit",
            "trace",
            "chance",
            "creeds",
            "explore",
            "heresies",
            "examine",
            "simulator",
            "chamber",
            "god",
            "picture",
            "story",
            "scene",
            "playground",
            "kept",
            "restaged",
            "lessons",
            "class",
            "web",
        ],
    ),
];

fn house() -> House {
    House::of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")))
}

#[test]
fn every_room_is_known_and_sees_only_what_it_may() {
    let rooms = house().rooms();
    let known: BTreeMap<&str, BTreeSet<&str>> =
        ROOMS.iter().map(|(room, sees)| (*room, sees.iter().copied().collect())).collect();
    for (room, seen) in &rooms {
        let sees = known.get(&**room).unwrap_or_else(|| panic!("{room} is no room of ROOMS"));
        for other in seen {
            assert!(sees.contains(&**other), "{room} sees {other}, and ROOMS does not say so");
        }
        for other in sees {
            assert!(seen.contains(*other), "{room} does not see {other}, and ROOMS says it does");
        }
    }
    for room in known.keys() {
        assert!(rooms.contains_key(*room), "{room} is gone from the house");
    }
}

#[test]
fn no_circle_of_rooms_forms() {
    assert_eq!(circles(&house().rooms()), [] as [BTreeSet<String>; 0]);
}

#[test]
fn no_circle_of_files_forms_within_a_room() {
    let house = house();
    let mut found = BTreeSet::new();
    for files in house.files().values() {
        for circle in circles(files) {
            for from in &circle {
                for to in files[from].intersection(&circle) {
                    println!("{from} sees {to}: {}", house.why(from, to));
                }
            }
            found.insert(circle);
        }
    }
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn judge_and_picture_share_no_rule_with_those_they_tell_of() {
    let rooms = house().rooms();
    for judge in ["audit", "picture"] {
        for rule in ["synod", "law", "parliament", "invariants"] {
            assert!(!rooms[judge].contains(rule), "{judge} sees {rule}");
        }
    }
}

/// A house of two rooms, one of them with two files.
fn small(gate: &str, hall: &str, yard: &str) -> House {
    let mut house = House::default();
    for (module, code) in [
        (&["inn"][..], "pub mod gate;\npub mod hall;\npub use hall::Hall;"),
        (&["inn", "gate"], gate),
        (&["inn", "hall"], hall),
        (&["yard"], yard),
    ] {
        house.add(module.iter().map(ToString::to_string).collect(), code);
    }
    house
}

#[test]
fn a_circle_is_seen_however_a_path_is_written() {
    let hall = "pub struct Hall; fn back() { super::gate::open(); }";
    for gate in [
        "use super::hall::Hall;",
        "use super::{Hall as Great};",
        "use crate::inn::{self, hall::{Hall}};",
        "pub fn open() { let _ = crate::inn::Hall; }",
        "pub fn open() { assert!(matches!(0, crate::inn::hall::ZERO)); }",
        "pub fn open() { use super::{hall::*}; }",
        "impl super::Hall {}",
    ] {
        let files = small(gate, hall, "").files();
        assert_eq!(
            circles(&files["inn"]),
            [["inn::gate", "inn::hall"].map(String::from).into()],
            "{gate}"
        );
    }
    for gate in
        ["", "/// Not [`super::Hall`]", "#[cfg(test)]\nmod tests { use super::super::Hall; }"]
    {
        let gate = format!("{gate}\npub fn open() {{}}");
        assert!(circles(&small(&gate, hall, "").files()["inn"]).is_empty(), "{gate}");
    }
}

#[test]
fn a_circle_of_rooms_is_seen_however_a_path_is_written() {
    for yard in ["use crate::inn::Hall;", "use crate::{inn::{gate}};", "type H = super::inn::Hall;"]
    {
        let rooms = small("", "use crate::yard::Well;", yard).rooms();
        assert_eq!(circles(&rooms), [["inn", "yard"].map(String::from).into()], "{yard}");
    }
}

/// The surface that users of the library build on. To change it on purpose, write it anew with
/// `PARLIAMENT_BLESS=1 cargo test --test house`, and tells of it in the changelog.
#[test]
fn what_is_public_is_what_the_list_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = root.join("docs/public.txt");
    let found = surface::of(&root.join("src"));
    if std::env::var_os("PARLIAMENT_BLESS").is_some() {
        let text: String = found.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&list, text).unwrap();
    }
    let told = std::fs::read_to_string(&list).unwrap_or_default();
    let told: BTreeSet<String> = told.lines().map(str::to_owned).collect();
    let gone: Vec<_> = told.difference(&found).collect();
    let new: Vec<_> = found.difference(&told).collect();
    assert!(gone.is_empty() && new.is_empty(), "gone: {gone:#?}\nnew: {new:#?}");
}
