//! The records, read by Python's own csv module, as the format's READMEs promise.
//!
//! Apart from the other tests, because a child process holds its parent's locks for a moment.

#![cfg(feature = "cli")]

use std::path::Path;
use std::process::Command;

use crate::skipping::skipped;
use parliament::chamber::{Chamber, LedgerFile, Messagebook};
use parliament::synod::{Decree, Entry, Ledger, Message, Name};

/// The output of a program for a file; `None` where there is no python3.
fn python(program: &str, arguments: &[&Path]) -> Option<String> {
    let mut python = Command::new("python3");
    python.env("PYTHONIOENCODING", "utf-8").args(["-c", program]).args(arguments);
    let Ok(output) = python.output() else {
        skipped("there is no python3 here");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first block of Python in a README.
fn program_of(readme: &str) -> String {
    let text = std::fs::read_to_string(readme).unwrap();
    let begin = text.split_once("```python\n").unwrap().1;
    begin.split_once("```").unwrap().0.to_owned()
}

fn chamber(root: &Path) -> (Chamber, Name, Decree) {
    let chamber = Chamber::at(root);
    chamber.found(&"Gray Γραῐ Oki".parse().unwrap()).unwrap();
    (chamber, "Γραῐ".parse().unwrap(), Decree::new("olives, and \"lamps\"").unwrap())
}

#[test]
fn the_program_of_the_ledgers_readme_checks_every_seal() {
    let root = tempfile::tempdir().unwrap();
    let (chamber, name, decree) = chamber(root.path());
    let (mut ledger, _) = LedgerFile::open(&chamber, name).unwrap();
    ledger.ink(&[Entry::Outcome { number: 1, decree, ballot: None }, Entry::Entered]).unwrap();
    ledger.dry().unwrap();
    let path = chamber.ledger(name);
    let program = program_of("ledgers/README.md");
    let Some(said) = python(&program, &[&path]) else { return };
    assert!(said.contains("olives, and \"lamps\"") && !said.contains("broken"), "{said}");
    let forged = std::fs::read_to_string(&path).unwrap().replace("olives", "Olives");
    std::fs::write(&path, forged).unwrap();
    let said = python(&program, &[&path]).unwrap();
    assert_eq!(said.matches("broken").count(), 1, "{said}");
}

#[test]
fn the_program_of_the_messagebooks_readme_reads_every_message() {
    let root = tempfile::tempdir().unwrap();
    let (chamber, name, decree) = chamber(root.path());
    let success = Message::Success { ballot: None, number: 1, decree };
    Messagebook::of(&chamber, name).append([(name, &success)]).unwrap();
    let program = program_of("messagebooks/README.md");
    let Some(said) = python(&program, &[&chamber.messagebook(name)]) else { return };
    assert_eq!(said.trim(), "Γραῐ Success 1 olives, and \"lamps\"");
}
