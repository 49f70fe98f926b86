//! A student at a desk of his own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::common::{Ended, House, wait_until};

/// A student who has the program, an editor, and `lessons/`.
pub struct Student {
    pub house: House,
    listed: Vec<Listed>,
}

/// A lesson as the list tells it.
pub struct Listed {
    pub number: u8,
    pub folder: String,
    pub misconceptions: Vec<u64>,
}

fn listed(told: &str) -> Vec<Listed> {
    let told: Value = serde_json::from_str(told).unwrap();
    let lessons = told["lessons"].as_array().unwrap().iter();
    let listed = lessons.map(|it| Listed {
        number: it["number"].as_u64().unwrap() as u8,
        folder: it["folder"].as_str().unwrap().into(),
        misconceptions: serde_json::from_value(it["misconceptions"].clone()).unwrap(),
    });
    listed.collect()
}

impl Student {
    /// A student whose lessons are laid down, with a cast of his own if he has a name.
    pub fn new(name: Option<&str>) -> Student {
        let house = House::new();
        let named = name.map(|name| vec!["--student", name]).unwrap_or_default();
        let told = house.run(&[&["lesson", "list", "--json"], &named[..]].concat()).exits(0).out;
        Student { house, listed: listed(&told) }
    }

    /// The lessons there are.
    pub fn list(&self) -> &[Listed] {
        &self.listed
    }

    /// A file in the folder of a lesson.
    pub fn path(&self, lesson: u8, file: &str) -> PathBuf {
        let folder = &self.listed.iter().find(|it| it.number == lesson).unwrap().folder;
        self.house.path().join(folder).join(file)
    }

    pub fn page(&self, lesson: u8) -> String {
        std::fs::read_to_string(self.path(lesson, "LESSON.md")).unwrap()
    }

    /// The commands that LESSON.md shows, in order, each in one line.
    pub fn commands(&self, lesson: u8) -> Vec<String> {
        let page = self.page(lesson).replace(" \\\n", " ");
        let lines = page.lines().filter(|line| line.starts_with("    "));
        lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Runs a command as LESSON.md shows it, in the lesson's folder, whatever its exit code is.
    pub fn types(&self, lesson: u8, command: &str) -> Ended {
        let ended = Ended::of(self.bash(lesson, command).output().unwrap());
        assert!(ended.code < Some(2), "{command}\n{}", ended.err);
        ended
    }

    /// Runs a command that the program refuses, and says why.
    pub fn is_refused(&self, lesson: u8, command: &str, why: &str) {
        Ended::of(self.bash(lesson, command).output().unwrap()).exits(2).says(why);
    }

    fn bash(&self, lesson: u8, command: &str) -> Command {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_parliament"));
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", program.parent().unwrap().display());
        let folder = self.path(lesson, "");
        let mut bash = Command::new("bash");
        // The shell gives way to the program, so that who ends the one ends the other.
        let command = if command.starts_with("parliament ") {
            format!("exec {command}")
        } else {
            command.into()
        };
        bash.args(["-c", &command]).current_dir(folder).env("PATH", path);
        bash
    }

    /// Waits until a file in the lesson's folder says this.
    #[track_caller]
    pub fn waits_for(&self, lesson: u8, file: &str, text: &str) {
        let path = self.path(lesson, file);
        let has = || std::fs::read_to_string(&path).is_ok_and(|told| told.contains(text));
        wait_until(&format!("{text} in {file}"), has);
    }

    /// Starts a command as LESSON.md shows it, and goes on.
    pub fn starts(&self, lesson: u8, command: &str) -> Child {
        self.bash(lesson, command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The five priests of his cast, as the first lesson names them.
    pub fn priests(&self) -> Vec<String> {
        let commands = self.commands(1);
        let named = commands[0].split("--priests ").nth(1).unwrap();
        named.split(' ').next().unwrap().split(',').map(str::to_owned).collect()
    }

    /// α, β and γ of his cast, as the lessons of the three fates and of olive day name them.
    pub fn decrees(&self) -> [String; 3] {
        let quoted = |lesson, i: usize| {
            self.page(lesson).split(['“', '”']).nth(2 * i + 1).unwrap().replace('\n', " ")
        };
        [quoted(7, 0), quoted(7, 1), quoted(13, 2)]
    }

    /// Writes an answer behind its question.
    pub fn answers(&self, lesson: u8, key: &str, answer: &str) {
        let path = self.path(lesson, "answer.csv");
        let text = std::fs::read_to_string(&path).unwrap();
        let row = format!("{key},");
        assert!(text.lines().any(|line| line.starts_with(&row)), "nobody asks {key}: {text}");
        let line = |line: &str| match line.starts_with(&row) {
            true => format!("{row}{answer}\n"),
            false => format!("{line}\n"),
        };
        std::fs::write(&path, text.lines().map(line).collect::<String>()).unwrap();
    }

    /// The result of a check: its status, and the message of the last test it tells.
    pub fn check(&self, lesson: u8) -> (String, String) {
        let number = lesson.to_string();
        let ended = self.house.run(&["lesson", "check", &number, "--json"]);
        assert!(ended.code < Some(2), "{}", ended.err);
        let told: Value = serde_json::from_str(&ended.out).unwrap();
        let last = told["tests"].as_array().unwrap().last().cloned().unwrap_or_default();
        let message = last["message"].as_str().unwrap_or_default().replace('\n', " ");
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        (told["status"].as_str().unwrap().into(), message)
    }

    /// The lesson is not solved, and this is said.
    #[track_caller]
    pub fn is_told(&self, lesson: u8, what: &str) {
        let (status, message) = self.check(lesson);
        assert_ne!(status, "pass", "lesson {lesson} passed, and nobody said {what:?}");
        assert!(message.contains(what), "lesson {lesson}: nothing says {what:?} in: {message}");
    }

    #[track_caller]
    pub fn passes(&self, lesson: u8) {
        let (status, message) = self.check(lesson);
        assert_eq!(status, "pass", "lesson {lesson}: {message}");
    }

    /// The owners of ledgers of a chamber that have a row that begins so.
    pub fn with_row(&self, lesson: u8, chamber: &str, row: &str) -> Vec<String> {
        let has = |name: &String| {
            let ledger = self.path(lesson, &format!("{chamber}/ledgers/{name}.csv"));
            let text = std::fs::read_to_string(ledger).unwrap_or_default();
            text.lines().any(|line| line.starts_with(row))
        };
        self.priests().into_iter().filter(has).collect()
    }
}
