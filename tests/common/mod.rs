//! A chamber of one's own, the program, and a reader of ledgers who shares no code with it.
#![allow(dead_code, reason = "each test uses what it needs")]

pub mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A row of a ledger or messagebook, by column name.
pub type Row = BTreeMap<String, String>;

/// A chamber in a directory that is gone after the test.
pub struct House {
    dir: tempfile::TempDir,
}

impl House {
    pub fn new() -> House {
        House { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn ledger(&self, name: &str) -> PathBuf {
        self.path().join(format!("ledgers/{name}.csv"))
    }

    pub fn messagebook(&self, name: &str) -> PathBuf {
        self.path().join(format!("messagebooks/{name}.csv"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parliament"));
        command
            .current_dir(self.path())
            .args(arguments)
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// Starts the program and goes on.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Reads a ledger or messagebook: each row by column name. A row without its line end is still
    /// being written.
    pub fn rows(&self, path: &Path) -> Vec<Row> {
        let bytes = std::fs::read(path).unwrap();
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[..whole]);
        let header = reader.headers().unwrap().clone();
        let named = |row: csv::StringRecord| {
            header.iter().zip(row.iter()).map(|(h, v)| (h.to_string(), v.to_string())).collect()
        };
        reader.records().map(|row| named(row.unwrap())).collect()
    }

    /// The values of one column in the rows of one kind of entry.
    pub fn entries(&self, name: &str, entry: &str, column: &str) -> Vec<String> {
        let rows = self.rows(&self.ledger(name));
        rows.iter().filter(|row| row["entry"] == entry).map(|row| row[column].clone()).collect()
    }

    /// Decree 1 of every ledger that has it; there may be only one.
    pub fn decree(&self) -> BTreeSet<String> {
        let mut decrees = BTreeSet::new();
        for file in std::fs::read_dir(self.path().join("ledgers")).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|e| e != "csv") {
                continue;
            }
            for row in self.rows(&path) {
                if row["entry"] == "outcome" && row["number"] == "1" {
                    decrees.insert(row["decree"].clone());
                }
            }
        }
        decrees
    }
}

/// A Parliament that sits until the test ends.
pub struct Sitting(pub Child);

impl Sitting {
    pub fn of(house: &House, more: &[&str]) -> Sitting {
        let sit = ["sit", "--quiet", "--minute", "2ms"];
        let sitting = Sitting(house.start(&[&sit, more].concat()));
        wait_until("somebody enters", || {
            house.ledger("Oki").exists() && !house.entries("Oki", "entered", "at").is_empty()
        });
        sitting
    }
}

impl Drop for Sitting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn of(output: Output) -> Ended {
        Ended {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    #[track_caller]
    pub fn says(self, what: &str) -> Ended {
        let all = format!("{}{}", self.out, self.err);
        assert!(all.contains(what), "nothing says {what:?} in:\n{all}");
        self
    }
}

/// Waits until something is so, and fails after half a minute in which it never was.
#[track_caller]
pub fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Appends a line to a file as `echo >>` does.
pub fn echo(path: &Path, line: &str) {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    writeln!(file, "{line}").unwrap();
}
