//! `progress.csv`: what was begun, answered and solved, in a file that a teacher can read.

use std::io;
use std::path::{Path, PathBuf};

use crate::chamber::{papers, wall_clock};

/// The file in `lessons/`.
pub(super) const FILE: &str = "progress.csv";

/// Its first line.
const HEADER: &str = "lesson,event,detail,at";

/// No progress is as long as this.
const LONGEST: usize = 8 << 20;

/// An event in a lesson.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Milestone {
    /// The lessons were begun by the student of this name. It stands under lesson 0.
    Student,
    /// The folder was laid down.
    Begun,
    /// A question was answered: `key=answer`.
    Answered,
    /// The first thing that was missing.
    Missing,
    /// A hint was given: 1 to 4.
    Hint,
    /// All is done.
    Solved,
    /// The folder was put aside; under which name.
    Reset,
}

impl Milestone {
    const ALL: [(Milestone, &'static str); 7] = [
        (Milestone::Student, "student"),
        (Milestone::Begun, "begun"),
        (Milestone::Answered, "answered"),
        (Milestone::Missing, "missing"),
        (Milestone::Hint, "hint"),
        (Milestone::Solved, "solved"),
        (Milestone::Reset, "reset"),
    ];
}

/// A row of `progress.csv`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Row {
    pub lesson: u8,
    pub event: Milestone,
    pub detail: String,
}

/// `progress.csv`, read.
#[derive(Debug)]
pub(crate) struct Progress {
    path: PathBuf,
    rows: Vec<Row>,
    /// Whether the last line has no line end: an editor, or a power failure, may leave it so.
    is_unended: bool,
}

/// The reason why `progress.csv` cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgressError {
    /// A row says nothing.
    #[error("{path}:{line}:1: {what}; remove that line, or bring back the row as it was, and go on", path = path.display())]
    BadRow {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// The fault of it.
        what: String,
    },
    /// The system said no.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Its error.
        source: io::Error,
    },
}

impl Progress {
    /// Reads the progress in this directory; there may be none yet.
    pub(super) fn of(lessons: &Path) -> Result<Progress, ProgressError> {
        let path = lessons.join(FILE);
        let bytes = match papers::bytes_of(&path, LONGEST) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(ProgressError::Io { path, source }),
        };
        let is_unended = bytes.last().is_some_and(|&last| last != b'\n');
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&*bytes);
        let mut rows = Vec::new();
        for (i, record) in reader.byte_records().enumerate() {
            let line = || i as u64 + 2;
            let is_torn =
                is_unended && bytes.iter().filter(|&&byte| byte == b'\n').count() == i + 1;
            let torn =
                if is_torn { "this row was torn, its line end is missing, and " } else { "" };
            let bad = |line, what: String| {
                let what = format!("{torn}{what}");
                ProgressError::BadRow { path: path.clone(), line, what }
            };
            let record = record.map_err(|error| bad(line(), error.to_string()))?;
            let line = record.position().map_or_else(line, csv::Position::line);
            let cell = |i: usize| String::from_utf8_lossy(record.get(i).unwrap_or_default());
            let lesson = cell(0).trim().parse();
            let lesson = lesson.map_err(|_| bad(line, format!("“{}” is no lesson", cell(0))))?;
            let event = Milestone::ALL.iter().find(|(_, name)| *name == cell(1).trim());
            let (event, _) =
                event.ok_or_else(|| bad(line, format!("“{}” is no event", cell(1))))?;
            rows.push(Row { lesson, event: *event, detail: cell(2).into_owned() });
        }
        Ok(Progress { path, rows, is_unended })
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes a row at the end.
    pub fn note(
        &mut self,
        lesson: u8,
        event: Milestone,
        detail: &str,
    ) -> Result<(), ProgressError> {
        let name = Milestone::ALL.iter().find(|(it, _)| *it == event).map_or("", |(_, name)| name);
        let at = wall_clock().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut writer = csv::Writer::from_writer(Vec::new());
        // A vector takes all that is written.
        let _ = writer.write_record([&lesson.to_string(), name, detail, &at]);
        let row = writer.into_inner().unwrap_or_default();
        let header = if papers::stands(&self.path) { String::new() } else { format!("{HEADER}\n") };
        let ends = if std::mem::take(&mut self.is_unended) { "\n" } else { "" };
        let text = format!("{ends}{header}{}", String::from_utf8_lossy(&row));
        papers::add(&self.path, &text)
            .map_err(|source| ProgressError::Io { path: self.path.clone(), source })?;
        self.rows.push(Row { lesson, event, detail: detail.to_owned() });
        Ok(())
    }

    /// Writes a row at the end, unless the last of its kind since the lesson was begun says the same.
    pub fn note_once(
        &mut self,
        lesson: u8,
        event: Milestone,
        detail: &str,
    ) -> Result<(), ProgressError> {
        let told = match event {
            Milestone::Missing => self.since_begun(lesson).rfind(|row| row.event == event),
            _ => self.since_begun(lesson).find(|row| row.event == event && row.detail == detail),
        };
        match told.is_some_and(|row| row.detail == detail) {
            true => Ok(()),
            false => self.note(lesson, event, detail),
        }
    }

    /// The rows of a lesson since its folder was laid down last.
    fn since_begun(&self, lesson: u8) -> impl DoubleEndedIterator<Item = &Row> {
        let is_reset = |row: &Row| row.lesson == lesson && row.event == Milestone::Reset;
        let from = self.rows.iter().rposition(is_reset).map_or(0, |at| at + 1);
        self.rows[from..].iter().filter(move |row| row.lesson == lesson)
    }

    /// The student's name, if it was ever said.
    pub fn student(&self) -> Option<&str> {
        let said = self.rows.iter().find(|row| row.event == Milestone::Student);
        said.map(|row| &*row.detail).filter(|name| !name.is_empty())
    }

    /// Whether a lesson was solved since it was begun.
    pub fn is_solved(&self, lesson: u8) -> bool {
        self.since_begun(lesson).any(|row| row.event == Milestone::Solved)
    }

    /// Whether a student has answered in a lesson, or taken a hint, and has not solved it.
    pub fn is_under_way(&self, lesson: u8) -> bool {
        let is_his = |row: &Row| matches!(row.event, Milestone::Answered | Milestone::Hint);
        self.since_begun(lesson).any(is_his) && !self.is_solved(lesson)
    }

    /// How many hints of a lesson were given since it was begun.
    pub fn hints(&self, lesson: u8) -> usize {
        self.since_begun(lesson).filter(|row| row.event == Milestone::Hint).count()
    }
}
