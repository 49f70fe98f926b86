//! The folders of the lessons, laid down, reset and checked.

use std::io;
use std::path::{Path, PathBuf};

use super::cast::Cast;
use super::course::ALL;
use super::laid::laid;
use super::lesson::{Lesson, Verdict};
use super::missing::Missing;
use super::progress::{self, Milestone, Progress, ProgressError};
use crate::chamber::papers;
use crate::words::Name;

/// The directory `lessons/` of one student.
#[derive(Debug)]
pub(crate) struct Shelf {
    root: PathBuf,
    pub cast: Cast,
    pub progress: Progress,
}

/// The reason why the lessons cannot be laid down.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShelfError {
    /// `progress.csv` cannot be read or written.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// These lessons belong to another student.
    #[error(
        "{path}: these lessons were begun by {theirs}; leave --student out, or go to a directory of your own", path = path.display()
    )]
    AnotherStudent {
        /// The directory.
        path: PathBuf,
        /// The student.
        theirs: String,
    },
    /// Lessons are here, and nothing says whose.
    #[error(
        "{path}: lessons are here, and progress.csv, which says whose they are, is gone; bring it back, say --student NAME as at first, or move the folder away and begin again", path = path.display()
    )]
    ProgressGone {
        /// The directory.
        path: PathBuf,
    },
    /// A priest runs in the folder that would be moved.
    #[error(
        "{path}: {name} is in the Chamber here, so another process writes in this lesson's files; end it (Ctrl-C in its terminal), and reset the lesson again", path = path.display()
    )]
    Inside {
        /// The chamber.
        path: PathBuf,
        /// The priest.
        name: Name,
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

/// Whether a path means the directory in which the program runs, which is not written out.
fn is_here(path: &Path) -> bool {
    path == Path::new(".")
}

/// The part of a kept copy's name between that of its lesson's folder and its number.
const KEPT: &str = ".old-";

/// A place within the lessons.
#[derive(Debug)]
pub(crate) enum Place {
    /// The folder of a lesson, or a directory in it.
    Of(&'static Lesson),
    /// A copy of a lesson that a reset has kept, or a directory in it: the copy's name.
    Kept(&'static Lesson, String),
}

impl Place {
    /// The place of this directory, whose lessons lie `up` levels above it.
    pub fn of(directory: &Path, up: usize) -> Option<Place> {
        let name = directory.ancestors().nth(up.checked_sub(1)?)?.file_name()?.to_str()?;
        let is_here = |it: &&Lesson| {
            name.strip_prefix(&it.folder())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(KEPT))
        };
        let lesson = ALL.iter().find(is_here)?;
        let is_kept = name != lesson.folder();
        Some(if is_kept { Place::Kept(lesson, name.into()) } else { Place::Of(lesson) })
    }
}

/// How far above a directory its lessons are looked for.
const HIGHEST: usize = 8;

impl Shelf {
    /// The lessons that belong to a directory: those that it lies in, or `lessons` in it or in one
    /// above it; where there are none yet, `lessons` in it.
    pub fn found_from(here: &Path) -> PathBuf {
        let has = |root: &Path| papers::stands(&root.join(progress::FILE));
        let mut above = if is_here(here) { PathBuf::new() } else { here.into() };
        for _ in 0..HIGHEST {
            let below = above.join("lessons");
            if has(&above) {
                return if above.as_os_str().is_empty() { ".".into() } else { above };
            } else if has(&below) {
                return below;
            }
            above.push("..");
        }
        if is_here(here) { "lessons".into() } else { here.join("lessons") }
    }

    /// Opens the lessons in this directory; nothing is written yet.
    ///
    /// # Errors
    /// When `progress.csv` cannot be read, or names another student.
    pub fn open(root: &Path, student: Option<&str>) -> Result<Shelf, ShelfError> {
        let io = |source| ShelfError::Io { path: root.into(), source };
        papers::only_directory(root).map_err(io)?;
        let progress = Progress::of(root)?;
        let theirs = progress.student().map(str::to_owned);
        if let Some(student) = student
            && !progress.is_empty()
            && theirs.as_deref() != Some(student)
        {
            let theirs = theirs.unwrap_or_else(|| "a student without a name".into());
            return Err(ShelfError::AnotherStudent { path: root.into(), theirs });
        }
        let lies_here = |lesson: &Lesson| papers::stands(&root.join(lesson.folder()));
        if student.is_none() && progress.is_empty() && ALL.iter().any(lies_here) {
            return Err(ShelfError::ProgressGone { path: root.into() });
        }
        let cast = Cast::of(theirs.as_deref().or(student));
        Ok(Shelf { root: root.into(), cast, progress })
    }

    /// Where they lie.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of a lesson.
    pub fn folder(&self, lesson: &Lesson) -> PathBuf {
        let folder = lesson.folder();
        if is_here(&self.root) { folder.into() } else { self.root.join(folder) }
    }

    /// Lays down the folders that are not there; true if there were none before.
    ///
    /// # Errors
    /// When the system says no.
    pub fn lay_down(&mut self) -> Result<bool, ShelfError> {
        let is_first = self.progress.is_empty();
        if is_first {
            let student = self.cast.student.clone().unwrap_or_default();
            self.progress.note(0, Milestone::Student, &student)?;
        }
        for lesson in ALL {
            if !papers::stands(&self.folder(lesson)) {
                self.lay(lesson)?;
            }
        }
        Ok(is_first)
    }

    fn lay(&mut self, lesson: &Lesson) -> Result<(), ShelfError> {
        for (file, text) in lesson.files(&self.cast) {
            let path = self.folder(lesson).join(file);
            let laid = laid(&path, &text).and_then(|text| papers::lay(&path, &text));
            laid.map_err(|source| ShelfError::Io { path, source })?;
        }
        Ok(self.progress.note(lesson.number, Milestone::Begun, "")?)
    }

    /// Moves a lesson's files into a folder beside and lays new ones; where the old ones are now.
    ///
    /// # Errors
    /// When a priest runs there, or the system says no.
    pub fn reset(&mut self, lesson: &Lesson) -> Result<PathBuf, ShelfError> {
        let folder = self.folder(lesson);
        let name = |n: u64| format!("{}{KEPT}{n}", lesson.folder());
        let beside = |n: u64| self.folder(lesson).with_file_name(name(n));
        let free = (1..).find(|&n| !papers::stands(&beside(n))).unwrap_or(u64::MAX);
        let old = beside(free);
        if let Some((path, name)) = papers::inside(&folder) {
            return Err(ShelfError::Inside { path, name });
        }
        if papers::stands(&folder) {
            papers::put_aside(&folder, &old)
                .map_err(|source| ShelfError::Io { path: folder.clone(), source })?;
        }
        self.progress.note(lesson.number, Milestone::Reset, &name(free))?;
        self.lay(lesson)?;
        Ok(old)
    }

    /// The first lesson that is not solved; the last, when all are.
    pub fn next(&self) -> &'static Lesson {
        let unsolved = ALL.iter().find(|lesson| !self.progress.is_solved(lesson.number));
        unsolved.unwrap_or(&ALL[ALL.len() - 1])
    }

    /// The lesson that is begun and not solved, if it is the only one: answers were written in it, or
    /// a hint was given.
    pub fn under_way(&self) -> Option<&'static Lesson> {
        let mut all = ALL.iter().filter(|lesson| self.progress.is_under_way(lesson.number));
        all.next().filter(|_| all.next().is_none())
    }

    /// Writes down that a hint is given, and yields which: the next, or the last again. The progress is
    /// read anew, for hints given in another terminal.
    ///
    /// # Errors
    /// When `progress.csv` cannot be read or written.
    pub fn next_hint(&mut self, lesson: &Lesson) -> Result<usize, ShelfError> {
        self.progress = Progress::of(&self.root)?;
        let given = self.progress.hints(lesson.number).min(lesson.hints.len() - 1);
        self.progress.note(lesson.number, Milestone::Hint, &(given + 1).to_string())?;
        Ok(given)
    }

    /// Judges a lesson by what stands in its folder, and writes down nothing.
    pub fn judge(&self, lesson: &Lesson) -> Verdict {
        let folder = self.folder(lesson);
        match papers::only_directory(&folder) {
            Ok(()) => lesson.check(&self.cast, &folder),
            Err(error) => {
                Verdict::unread(Missing::broken(format!("{}: {error}", folder.display())))
            }
        }
    }

    /// Judges a lesson, and writes down what is new.
    ///
    /// # Errors
    /// When `progress.csv` cannot be written.
    pub fn check(&mut self, lesson: &Lesson) -> Result<Verdict, ShelfError> {
        let verdict = self.judge(lesson);
        for (key, written) in &verdict.answers {
            let detail = format!("{key}={}", written.text);
            self.progress.note_once(lesson.number, Milestone::Answered, &detail)?;
        }
        match &verdict.missing {
            Some(missing) => {
                let said: Vec<&str> = missing.said.split_whitespace().collect();
                self.progress.note_once(lesson.number, Milestone::Missing, &said.join(" "))?;
            }
            None => self.progress.note_once(lesson.number, Milestone::Solved, "")?,
        }
        Ok(verdict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_terminals_count_hints_together() {
        let house = tempfile::tempdir().unwrap();
        let open = || Shelf::open(house.path(), None).unwrap();
        let (mut watching, lesson) = (open(), &ALL[0]);
        assert_eq!(watching.next_hint(lesson).unwrap(), 0);
        assert_eq!(open().next_hint(lesson).unwrap(), 1);
        assert_eq!(watching.next_hint(lesson).unwrap(), 2);
        assert_eq!(open().next_hint(lesson).unwrap(), 3);
        assert_eq!(watching.next_hint(lesson).unwrap(), 3);
    }
}
