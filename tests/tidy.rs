//! The house keeps its own rules, as far as a look at the text tells: what the core knows not, who
//! opens files, how large a file may grow. `house` holds who sees whom.

use std::path::{Path, PathBuf};

/// Rooms in which time, chance, threads and files arrive as input only.
const PURE: &[&str] = &[
    "src/words",
    "src/synod",
    "src/parliament",
    "src/law",
    "src/audit",
    "src/invariants.rs",
    "src/creeds",
    "src/scene",
];

/// The world outside, but for chance.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::time",
    "std::net",
    "std::process",
    "std::env",
    "std::io",
    "Utc::now",
    "Instant",
    "println!",
    "print!(",
];

fn sources(under: &Path) -> Vec<PathBuf> {
    if under.is_file() {
        return vec![under.to_owned()];
    }
    let Ok(entries) = std::fs::read_dir(under) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.flat_map(|entry| sources(&entry.unwrap().path())).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "rs"));
    files.sort();
    files
}

/// The code of a file without its unit tests; nothing of one that holds them alone.
fn code(file: &Path) -> String {
    if file.ends_with("tests.rs") {
        return String::new();
    }
    let text = std::fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned()
}

fn in_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_core_knows_no_file_clock_thread_or_chance() {
    let chance = ["chacha20", "rand_core", "crate::chance"];
    for file in PURE.iter().flat_map(|room| sources(&in_root(room))) {
        let code = code(&file);
        for word in OUTSIDE.iter().chain(&chance) {
            assert!(!code.contains(word), "{} knows {word}", file.display());
        }
    }
}

#[test]
fn the_simulator_knows_no_file_clock_thread_or_hash_order() {
    for file in sources(&in_root("src/simulator")) {
        let code = code(&file);
        for word in OUTSIDE.iter().chain(&["HashMap", "HashSet"]) {
            assert!(!code.contains(word), "{} knows {word}", file.display());
        }
    }
}

/// The files that may make a deed of rows and letters that no priest of the house came to, and why.
const FOREIGN: &[(&str, &str)] = &[
    ("src/creeds/custom.rs", "a heretic inks and sends other things than he means to"),
    ("src/creeds/novice.rs", "somebody else's priest is judged by what his program answers"),
    ("src/creeds/presidents.rs", "a heretic sends BeginBallot to those he did not ask"),
    ("src/simulator/wilful.rs", "he enters, and ignores, without an hourglass"),
];

#[test]
fn only_these_make_deeds_of_foreign_rows_and_letters() {
    let in_the_house = ["src/synod", "src/parliament"].map(in_root);
    let outside = |file: &PathBuf| !in_the_house.iter().any(|room| file.starts_with(room));
    for file in sources(&in_root("src")).into_iter().filter(outside) {
        let code = code(&file);
        for door in ["Deed::because(", ".inking(", ".sending("] {
            assert!(!code.contains(door), "{} makes a deed by {door}", file.display());
        }
        let may = FOREIGN.iter().any(|(foreign, _)| in_root(foreign) == file);
        let does = code.contains("Deed::foreign(");
        assert_eq!(does, may, "{}: see FOREIGN in this test", file.display());
    }
}

/// Files in which one idea needs more than 400 lines, and the idea.
const LONG: &[(&str, &str)] = &[
    ("src/god/body.rs", "a priest's place in the Chamber, and all that happens to him there"),
    ("src/synod/priest.rs", "the actions of Appendix A1, each with the reason for its guard"),
    ("src/synod/deed.rs", "ink before feet, with the programs that try to break it"),
];

#[test]
fn a_file_has_four_hundred_lines_or_says_why() {
    for file in sources(&in_root("src")) {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        let may = LONG.iter().any(|(long, _)| in_root(long) == file);
        assert!(lines <= 400 || may && lines <= 600, "{} has {lines} lines", file.display());
    }
}

/// The lines that link a priest to his common names, in `src/synod/priest.rs` where he is defined.
const LINKS: &[&str] = &[
    "/// He is *acceptor*, *learner* and *proposer* in one.",
    "#[doc(alias = \"acceptor\")]",
    "#[doc(alias = \"learner\")]",
    "#[doc(alias = \"proposer\")]",
];

/// The first line that uses a common name in place of the paper's.
fn common_name(text: &str, links: &[&str]) -> Option<String> {
    let lines = text.lines().filter(|line| !links.contains(line)).map(str::to_lowercase);
    let names = ["acceptor", "proposer", "learner"];
    lines.into_iter().find(|line| names.iter().any(|name| line.contains(name)))
}

#[test]
fn the_words_are_the_papers() {
    let defines_him = in_root("src/synod/priest.rs");
    for file in sources(&in_root("src")) {
        let links = if file == defines_him { LINKS } else { &[] };
        let found = common_name(&std::fs::read_to_string(&file).unwrap(), links);
        assert!(found.is_none(), "{} says {found:?}", file.display());
    }
    assert!(common_name("// An Acceptor votes.", LINKS).is_some());
    assert!(common_name(LINKS[1], &[]).is_some());
}

#[test]
fn only_these_rooms_start_threads() {
    let may = ["god", "commands"];
    // He dries one file; files are read at once; and worlds that know nothing of each other are
    // searched at once.
    let alone = ["src/chamber/blotter.rs", "src/chamber/readers.rs", "src/explore/hands.rs"];
    let alone = alone.map(in_root);
    for file in sources(&in_root("src")) {
        let room = file.strip_prefix(in_root("src")).unwrap().components().next().unwrap();
        let room = room.as_os_str().to_string_lossy().replace(".rs", "");
        let starts = ["thread::Builder", "thread::spawn", "thread::scope"];
        if starts.iter().any(|start| code(&file).contains(start)) {
            let may = may.contains(&&*room) || alone.contains(&file);
            assert!(may, "{} starts threads", file.display());
        }
    }
}

/// Files that open files, and which: everything else asks the first of them.
const OPENS: &[(&str, &str)] = &[
    ("src/chamber/regular.rs", "records, which are regular files"),
    ("src/trace/reader.rs", "a trace that somebody names, which may be a pipe"),
    ("src/commands/completions.rs", "completions and man pages, in a directory without records"),
    ("src/commands/examine/answers.rs", "answers that were kept, in a file that somebody names"),
    ("src/commands/examine/room.rs", "a directory for chambers that nobody may want to keep"),
    ("src/commands/foresight.rs", "what memory the system says that it has"),
    ("src/commands/pass.rs", "decrees from a file that somebody names"),
    ("src/commands/input.rs", "a script, a trace or a mapping that somebody names"),
    ("src/commands/output.rs", "what a command writes for its user, never over records"),
];

#[test]
fn records_are_opened_in_one_place() {
    let words = [
        "File::open(",
        "File::create",
        "File::options",
        "OpenOptions",
        "fs::read",
        "fs::write",
        "fs::copy",
        "fs::metadata",
        "fs::symlink",
        "fs::rename",
        "fs::remove",
        "fs::hard_link",
        "fs::create_dir",
        ".exists()",
        "try_exists",
    ];
    for file in sources(&in_root("src")) {
        if OPENS.iter().any(|(opens, _)| in_root(opens) == file) {
            continue;
        }
        // A ledger is opened by its chamber.
        let code = code(&file).replace("LedgerFile::open(", "");
        for word in words {
            assert!(!code.contains(word), "{} opens files: {word}", file.display());
        }
    }
}

#[test]
fn nothing_that_only_tells_can_panic() {
    for file in sources(&in_root("src")) {
        let code = code(&file);
        for word in ["println!", "print!(", "dbg!"] {
            let at = code.find(word);
            assert!(at.is_none(), "{} ends where nobody can be told: {word}", file.display());
        }
    }
}

/// chrono's own clock panics before 1970.
#[test]
fn one_place_asks_the_machine_what_time_it_is() {
    for file in sources(&in_root("src")) {
        let asks = code(&file).contains("Utc::now") || code(&file).contains("Local::now");
        assert!(!asks, "{} asks another clock than chamber/wall_clock.rs", file.display());
    }
}

/// Functions of more than seventy lines, each with its reason.
const LONG_FUNCTIONS: [(&str, &str); 1] = [
    // One line of text for each act: nothing in it depends on another line.
    ("src/words/step.rs", "fmt"),
];

#[test]
fn a_function_has_seventy_lines_or_says_why() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in sources(&root.join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let words: Vec<&str> =
                line.split([' ', '(', '<']).filter(|it| !it.is_empty()).collect();
            let Some(named) = words.iter().position(|word| *word == "fn") else { continue };
            if line.trim_start().starts_with("//") || named > 4 {
                continue;
            }
            // rustfmt sets the end under the beginning.
            let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
            let long = lines[at..].iter().position(|line| *line == end).map_or(0, |it| it + 1);
            let name = words.get(named + 1).copied().unwrap_or_default();
            let file = file.strip_prefix(root).unwrap().to_str().unwrap();
            let has_reason = LONG_FUNCTIONS.contains(&(file, name));
            assert!(long <= 70 || has_reason, "{file}: {name} has {long} lines");
        }
    }
}

/// Cargo leaves a directory with a manifest of its own out of a package, with all that is in it;
/// this is meant for the programs that benches are measured beside.
#[test]
fn no_file_of_the_program_is_left_out_of_its_package() {
    fn manifests(under: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(under).unwrap().map(|entry| entry.unwrap().path());
        let found = |path: PathBuf| match path.is_dir() {
            true => manifests(&path),
            false if path.ends_with("Cargo.toml") => vec![path],
            false => Vec::new(),
        };
        entries.flat_map(found).collect()
    }
    for packed in ["src", "templates", "starters", "docs", "examples", "benches"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(packed);
        let mut found = manifests(&root);
        found.retain(|manifest| !manifest.ends_with("benches/peers/Cargo.toml"));
        assert_eq!(found, Vec::<PathBuf>::new(), "{packed}");
    }
}

/// A file of tests that no program takes in would never run, and nothing would say so.
#[test]
fn every_file_of_tests_is_taken_in_by_a_program() {
    let manifest = std::fs::read_to_string(in_root("Cargo.toml")).unwrap();
    let programs: Vec<&str> = manifest
        .split("[[test]]\nname = \"")
        .skip(1)
        .filter_map(|it| it.split('"').next())
        .collect();
    let suite = std::fs::read_to_string(in_root("tests/suite.rs")).unwrap();
    for file in sources(&in_root("tests")) {
        let path = file.strip_prefix(in_root("tests")).unwrap().with_extension("");
        let name = path.components().next().unwrap().as_os_str().to_str().unwrap();
        if !std::fs::read_to_string(&file).unwrap().contains("#[test]\n") {
            continue;
        }
        let is_part = suite.contains(&format!("\nmod {name};\n")) || programs.contains(&name);
        // A file in a directory is taken in by the file that begins it.
        let stem = path.file_name().unwrap().to_str().unwrap();
        let first = ["mod.rs", "main.rs"].map(|it| file.with_file_name(it));
        let begins = first.iter().filter_map(|it| std::fs::read_to_string(it).ok());
        let is_taken_in = stem == name
            || first.contains(&file)
            || begins.into_iter().any(|it| it.contains(&format!("\nmod {stem};\n")));
        assert!(is_part && is_taken_in, "{} is never run", file.display());
    }
}

/// A lock that is given up by closing its file stays where a starting program has a copy of it.
#[test]
fn a_file_is_locked_only_where_its_lock_is_given_up_by_name() {
    let is_lock = |line: &&str| line.contains(".try_lock") || line.contains(".lock()?");
    for file in sources(&in_root("src/chamber")) {
        let code = code(&file);
        let found = code.lines().find(is_lock);
        assert_eq!(found.is_some(), file.ends_with("locked.rs"), "{}: {found:?}", file.display());
    }
}
