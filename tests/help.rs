//! The help is true: every example of every `--help` runs when it is pasted into an empty
//! directory, and nothing that is printed as a list is wider than 80 columns.
//!
//! An example that ends with another exit code than 0 says so in its comment: `# exit code 1`. One
//! that goes on says `# until Ctrl-C`, and is ended so, in a terminal.
#![cfg(all(unix, feature = "cli"))]

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use crate::common::House;

/// The widest line that fits a terminal as wide as most.
const COLUMNS: usize = 80;

/// Every command, and those within it, as they are typed.
fn commands() -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut waiting: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(command) = waiting.pop() {
        let text = help(&command, "--help");
        let listed = text.lines().skip_while(|line| *line != "Commands:").skip(1);
        let listed = listed.take_while(|line| !line.is_empty());
        // A line that is indented further goes on with the one before.
        let names = listed.filter(|line| !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            if name != "help" {
                waiting.push(command.iter().cloned().chain([name.to_owned()]).collect());
            }
        }
        found.push(command);
    }
    found
}

fn help(command: &[String], flag: &str) -> String {
    let house = House::new();
    let words: Vec<&str> = command.iter().map(String::as_str).chain([flag]).collect();
    let ended = house.command(&words).env_remove("COLUMNS").output().unwrap();
    assert!(ended.status.success(), "{words:?}");
    String::from_utf8(ended.stdout).unwrap()
}

/// One example: the lines to paste, the exit code it tells, and whether it ends by Ctrl-C alone.
struct Example {
    lines: String,
    code: i32,
    goes_on: bool,
}

/// The examples of a help text, in order; a line that ends with `\` goes on in the next.
fn examples(text: &str) -> Vec<Example> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
    let mut found = Vec::new();
    while let Some(line) = lines.next().filter(|line| line.starts_with("  ")) {
        let mut pasted = line.to_owned();
        while pasted.ends_with('\\') {
            pasted = format!("{pasted}\n{}", lines.next().expect("a line after `\\`"));
        }
        let comment = pasted.rsplit_once("# ").map_or("", |(_, comment)| comment);
        let code = comment.strip_prefix("exit code ").map_or("", |told| &told[..1]);
        let code = code.parse().unwrap_or(0);
        let goes_on = comment.starts_with("until Ctrl-C");
        found.push(Example { code, goes_on, lines: pasted });
    }
    found
}

/// A shell in this directory, for which the program stands in the path, and what opens a file for a
/// person opens nothing.
fn bash(house: &House, script: &str) -> Command {
    let shims = house.path().join(".shims");
    std::fs::create_dir_all(&shims).unwrap();
    for opener in ["xdg-open", "open"] {
        let _there_already = std::os::unix::fs::symlink("/bin/true", shims.join(opener));
    }
    let program = Path::new(env!("CARGO_BIN_EXE_parliament")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{}:{path}", shims.display(), program.display());
    let mut bash = Command::new("bash");
    bash.args(["-c", script]).current_dir(house.path()).env("PATH", path);
    bash
}

/// Pastes examples that end by themselves, and checks their exit codes.
fn paste(house: &House, examples: &[Example]) {
    let lines = |it: &Example| format!("{}\necho $? >> .codes\n", it.lines);
    let script: String = examples.iter().map(lines).collect();
    let _ = std::fs::remove_file(house.path().join(".codes"));
    let ended = bash(house, &(script + "wait\n")).output().unwrap();
    let codes = std::fs::read_to_string(house.path().join(".codes")).unwrap();
    let codes: Vec<i32> = codes.lines().map(|code| code.parse().unwrap()).collect();
    for (i, Example { lines, code, .. }) in examples.iter().enumerate() {
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(codes.get(i), Some(code), "{lines}\n{told}");
    }
}

/// Pastes an example that goes on into a terminal, and ends it when it has said something.
fn paste_until_ctrl_c(house: &House, Example { lines, code, .. }: &Example) {
    let script = bash(house, lines);
    let (mut terminal, inside) = pty_process::blocking::open().unwrap();
    terminal.resize(pty_process::Size::new(24, 80)).unwrap();
    let mut command = pty_process::blocking::Command::new(script.get_program());
    command = command.args(script.get_args()).current_dir(house.path());
    for (name, value) in script.get_envs() {
        command = command.env(name, value.unwrap_or_default());
    }
    let mut child = command.spawn(inside).unwrap();
    let mut said = [0; 4096];
    let first = terminal.read(&mut said).unwrap();
    terminal.write_all(b"\x03").unwrap();
    // A terminal is full unless somebody reads.
    let reader = std::thread::spawn(move || while terminal.read(&mut said).is_ok_and(|n| n > 0) {});
    let ended = child.wait().unwrap();
    reader.join().unwrap();
    assert_eq!(ended.code(), Some(*code), "{lines}\n{}", String::from_utf8_lossy(&said[..first]));
}

/// Commands whose examples take long: they search and simulate.
const LONG: [&str; 3] = ["explore", "heresies", "simulate"];

#[test]
fn the_examples_of_searches_run_when_pasted() {
    run_examples(|name| LONG.contains(&name));
}

#[test]
fn every_other_example_of_the_help_runs_when_pasted() {
    run_examples(|name| !LONG.contains(&name));
}

fn run_examples(which: impl Fn(&str) -> bool) {
    for command in commands().iter().filter(|it| it.len() == 1 && which(&it[0])) {
        let (house, all) = (House::new(), examples(&help(command, "--help")));
        assert!(!all.is_empty(), "{command:?} has no example");
        for part in all.chunk_by(|one, next| !one.goes_on && !next.goes_on) {
            match part {
                [one] if one.goes_on => paste_until_ctrl_c(&house, one),
                some => paste(&house, some),
            }
        }
    }
}

#[track_caller]
fn is_narrow(what: &str, text: &str) {
    for line in text.lines() {
        let wide = unicode_width::UnicodeWidthStr::width(line);
        assert!(wide <= COLUMNS, "{what}: {wide} columns:\n{line}");
    }
}

#[test]
fn no_help_is_wider_than_80_columns() {
    for command in commands() {
        for flag in ["-h", "--help"] {
            is_narrow(&format!("{command:?} {flag}"), &help(&command, flag));
        }
    }
}

#[test]
fn each_topic_is_a_page_of_80_columns() {
    let house = House::new();
    let main = house.run(&["--help"]).exits(0);
    for (topic, word) in [
        ("formats", "seal"),
        ("exit-codes", "130"),
        ("environment", "NO_COLOR"),
        ("scripts", "convene"),
    ] {
        assert!(main.out.contains(&format!("parliament help {topic}")), "{topic}");
        let page = house.run(&["help", topic]).exits(0);
        assert!(page.out.contains(word) && !page.out.contains("Usage"), "{}", page.out);
        assert_eq!(house.run(&[topic]).exits(0).out.trim(), page.out.trim());
        is_narrow(topic, &page.out);
    }
}

/// Each command that the page on scripts shows is one that a scene obeys.
#[test]
fn each_line_of_the_page_on_scripts_reads() {
    let house = House::new();
    let page = house.run(&["help", "scripts"]).exits(0).out;
    let begin = "convene Dwork Gray Oki level=";
    let mut read = 0;
    for line in page.lines().filter(|line| line.starts_with("  ")) {
        let shown = line.trim().split("  ").next().unwrap().replace("NAME", "one-reply-quorum");
        for command in shown.split(", ").map(str::trim) {
            let told = ["basic", "synod", "parliament"].map(|level| {
                let script = match command.starts_with("convene") {
                    true => command.to_owned(),
                    false => format!("{begin}{level}\n{command}\n"),
                };
                std::fs::write(house.path().join("x.txt"), script).unwrap();
                house.command(&["play", "x.txt", "--json"]).output().unwrap().stdout
            });
            let told = told.map(|it| {
                let told: serde_json::Value = serde_json::from_slice(&it).unwrap();
                told["error"]["message"].to_string()
            });
            // A command that cannot be done at this moment is understood all the same.
            let reads = |it: &String| !it.contains("expected");
            assert!(told.iter().any(reads), "{command}: {told:?}");
            read += 1;
        }
    }
    assert!(read >= 24, "{read}");
}

#[test]
fn no_list_is_wider_than_80_columns() {
    let house = House::new();
    let olive = "The law on the tax on olive oil that is sold in the streets of the town is 3";
    let long = "Every citizen who owns more than thirty goats shall pay for the temple";
    house.run(&["pass", olive, long]).exits(0);
    let lists: [&[&str]; 7] = [
        &["heresies"],
        &["ledgers"],
        &["ledgers", "Oki"],
        &["messages"],
        &["law"],
        &["simulate", "--seed", "7", "--seeds", "20", "--law"],
        &["help"],
    ];
    for list in lists {
        let ended = house.command(list).env_remove("COLUMNS").output().unwrap();
        assert!(ended.status.success(), "{list:?}");
        is_narrow(&format!("{list:?}"), &String::from_utf8(ended.stdout).unwrap());
    }
}

#[test]
fn no_audit_is_wider_than_80_columns() {
    use std::io::Write;
    let named = |one: &str, other: &str| format!("{}{other}", one.repeat(40 - other.len() / 3));
    let (wide, mixed) = (named("王", ""), named("の", "王"));
    let greek = format!("{}{}", "Λ".repeat(20), "Q".repeat(20));
    let several = format!("{greek},{wide},{mixed}");
    for (priests, owner) in [("Dwork,Fischer,Gray,Lynch,Oki", "Gray"), (&several, &wide)] {
        let house = House::new();
        let decree = "王の道 ".repeat(30);
        house.run(&["pass", "--priests", priests, decree.trim(), &"x".repeat(200)]).exits(0);
        let decided = house.command(&["audit"]).env_remove("COLUMNS").output().unwrap();
        is_narrow("audit", &String::from_utf8(decided.stdout).unwrap());
        let mut ledger =
            std::fs::OpenOptions::new().append(true).open(house.ledger(owner)).unwrap();
        writeln!(ledger, "nextBal,,1.{}", priests.split(',').next().unwrap()).unwrap();
        let ended = house.command(&["audit"]).env_remove("COLUMNS").output().unwrap();
        let told = String::from_utf8(ended.stdout).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{told}");
        is_narrow("audit", &told);
        let whole: String = told.split_whitespace().collect();
        assert!(whole.contains(&format!("{owner}.csv:")), "{told}");
    }
}
