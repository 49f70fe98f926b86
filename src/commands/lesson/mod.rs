//! `parliament lesson`: a way through the paper, walked with one's own hands.

mod told;
mod watching;

use std::path::{Component, Path, PathBuf};

use clap::{Args, Subcommand};

use crate::lessons::ALL;
use crate::lessons::lesson::Lesson as Taught;
use crate::lessons::shelf::{Place, Shelf};

use super::page::{Page, columns};
use super::{Failure, Verdict};
use told::Manner;

const EXAMPLES: &str = "\
Examples:
  parliament lesson --once                    # exit code 1: not solved yet
  parliament lesson list
  parliament lesson hint
  parliament lesson check 1                   # exit code 1: not solved yet
  parliament lesson answer 1                  # exit code 1: not solved yet
  parliament lesson reset 1
  parliament lesson                           # until Ctrl-C";

/// Learn Paxos by doing: lessons with ledgers of your own, checked at each save.
///
/// The first call makes `lessons/`, a folder for each lesson with LESSON.md and answer.csv. Without
/// a number it is the first lesson that is not solved. It watches the folder and checks again at
/// each save, until Ctrl-C or q; it never goes on by itself. Work in a second terminal.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Lesson {
    /// Which lesson; unless told, the one in whose folder you are, or the first that is not
    /// solved.
    number: Option<u8>,
    #[command(subcommand)]
    deed: Option<Deed>,
    /// Check once, and watch nothing; without a number, check every lesson.
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    how: How,
}

/// Other things to do with a lesson than learning from it.
#[derive(Subcommand)]
enum Deed {
    /// Say which lessons there are, and which are solved.
    List {
        #[command(flatten)]
        how: How,
    },
    /// Check a lesson once: exit code 1 when something is missing.
    Check {
        /// Which lesson; the first that is not solved unless told.
        number: Option<u8>,
        #[command(flatten)]
        how: How,
    },
    /// Give the next of four hints.
    Hint {
        /// Which lesson; the first that is not solved unless told.
        number: Option<u8>,
        #[command(flatten)]
        how: How,
    },
    /// Tell the answer to the question that stands at the end of a lesson, once it is solved.
    Answer {
        /// Which lesson; unless told, the one in whose folder you are.
        number: Option<u8>,
        #[command(flatten)]
        how: How,
    },
    /// Begin a lesson again; its old files are kept in a folder beside it.
    Reset {
        /// Which lesson; unless told, the one in whose folder you are, or the only one under way.
        number: Option<u8>,
        #[command(flatten)]
        how: How,
    },
}

/// The student, the directory, and the form of the answer.
#[derive(Args, Clone, Default)]
struct How {
    /// Draw names and values from this name, so that each student has others. Only the first call
    /// needs it.
    #[arg(long, value_name = "NAME")]
    student: Option<String>,
    /// The directory of the lessons, unless it is `lessons` here or in a directory above.
    #[arg(long, value_name = "DIR")]
    lessons: Option<PathBuf>,
    /// Tell one line for each step, and nothing besides: for a screen reader, or a pipe.
    #[arg(long)]
    plain: bool,
    /// Print one JSON object, as Exercism's test runners do: version, status, tests.
    #[arg(long)]
    json: bool,
}

/// A lesson that is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no lesson {0}; `parliament lesson list` says which there are")]
struct NoLesson(u8);

/// A command that cannot be carried out as it is written.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    /// A number before a subcommand.
    #[error("say the number after the word: `parliament lesson {0} {1}`")]
    NumberFirst(&'static str, u8),
    /// JSON tells how one look ended.
    #[error("--json tells of one check: say --once too, or `parliament lesson check N --json`")]
    JsonWithoutEnd,
    /// No lesson is meant for sure.
    #[error("say which lesson: `parliament lesson reset N`, or run it in the lesson's folder")]
    ResetWhich,
    /// This folder is what a reset has kept.
    #[error(
        "{name} is a kept copy: lesson {number} was begun again, and {name} is not checked. Lesson \
         {number} lies in {folder}: go there, or say the number after the word"
    )]
    KeptCopy {
        /// The folder's name.
        name: String,
        /// The lesson.
        number: u8,
        /// Where the lesson lies now.
        folder: String,
    },
}

impl Lesson {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the lessons from being laid down or read: exit code 2.
    pub fn run(self, here: &Path) -> Result<Verdict, Failure> {
        let Lesson { number, deed, once, how } = self;
        let before = how.clone();
        match deed {
            None if once => how.check(here, number, number.is_none()),
            None if how.json => Err(Misuse::JsonWithoutEnd.into()),
            None => {
                let (shelf, is_first) = how.open(here)?;
                let lesson = chosen(&shelf, number)?;
                watching::watch(shelf, lesson, how.manner(), is_first)
            }
            Some(Deed::List { how }) => alone(number, "list")?.then(|| how.or(before).list(here)),
            Some(Deed::Check { number: n, how }) => {
                alone(number, "check")?.then(|| how.or(before).check(here, n, false))
            }
            Some(Deed::Hint { number: n, how }) => {
                alone(number, "hint")?.then(|| how.or(before).hint(here, n))
            }
            Some(Deed::Answer { number: n, how }) => {
                alone(number, "answer")?.then(|| how.or(before).answer(here, n))
            }
            Some(Deed::Reset { number: n, how }) => {
                alone(number, "reset")?.then(|| how.or(before).reset(here, n))
            }
        }
    }
}

/// Stands for "no number came before the word".
struct Alone;

impl Alone {
    fn then(self, act: impl FnOnce() -> Result<Verdict, Failure>) -> Result<Verdict, Failure> {
        act()
    }
}

fn alone(number: Option<u8>, word: &'static str) -> Result<Alone, Misuse> {
    number.map_or(Ok(Alone), |number| Err(Misuse::NumberFirst(word, number)))
}

/// The lesson of this number; without a number, the one in whose folder the program runs, and
/// otherwise the first that is not solved.
fn chosen(shelf: &Shelf, number: Option<u8>) -> Result<&'static Taught, Failure> {
    match named(shelf, number)? {
        Some(lesson) => Ok(lesson),
        None => Ok(shelf.next()),
    }
}

/// The lesson of this number; without a number, the one in whose folder the program runs.
fn named(shelf: &Shelf, number: Option<u8>) -> Result<Option<&'static Taught>, Failure> {
    if let Some(number) = number {
        let lesson = ALL.iter().find(|lesson| lesson.number == number);
        return lesson.map(Some).ok_or_else(|| NoLesson(number).into());
    }
    let is_up = |it: &Component<'_>| *it == Component::ParentDir;
    let up = shelf.root().components().take_while(is_up).count();
    if up < shelf.root().components().count() {
        return Ok(None);
    }
    let here = std::env::current_dir().unwrap_or_default();
    match Place::of(&here, up) {
        None => Ok(None),
        Some(Place::Of(lesson)) => Ok(Some(lesson)),
        Some(Place::Kept(lesson, name)) => {
            let folder = shelf.folder(lesson).display().to_string();
            Err(Misuse::KeptCopy { name, number: lesson.number, folder }.into())
        }
    }
}

impl How {
    /// These options, and those that came before the word.
    fn or(self, before: How) -> How {
        How {
            student: self.student.or(before.student),
            lessons: self.lessons.or(before.lessons),
            plain: self.plain || before.plain,
            json: self.json || before.json,
        }
    }

    fn manner(&self) -> Manner {
        Manner { plain: self.plain, width: usize::from(columns()) }
    }

    /// The lessons, laid down; true if they were not before.
    fn open(&self, here: &Path) -> Result<(Shelf, bool), Failure> {
        let root = self.lessons.clone().unwrap_or_else(|| Shelf::found_from(here));
        let mut shelf = Shelf::open(&root, self.student.as_deref())?;
        let is_first = shelf.lay_down()?;
        Ok((shelf, is_first))
    }

    fn list(&self, here: &Path) -> Result<Verdict, Failure> {
        let (shelf, _) = self.open(here)?;
        let mut page = Page::open();
        if self.json {
            page.line(&told::list_in_json(&shelf).to_string())?;
        } else {
            page.line(&told::list(&shelf))?;
        }
        Ok(Verdict::Done)
    }

    fn check(&self, here: &Path, number: Option<u8>, all: bool) -> Result<Verdict, Failure> {
        let (mut shelf, _) = self.open(here)?;
        let lessons: Vec<&'static Taught> = match all {
            true => ALL.iter().collect(),
            false => vec![chosen(&shelf, number)?],
        };
        let mut judged = Vec::new();
        for lesson in lessons {
            judged.push((lesson, shelf.check(lesson)?));
        }
        let mut page = Page::open();
        if self.json {
            page.line(&told::results(&shelf, &judged).to_string())?;
        } else {
            for (lesson, verdict) in &judged {
                match all {
                    true => page.line(&told::in_one_line(lesson, verdict))?,
                    false => page.line(&self.manner().verdict(&shelf, lesson, verdict))?,
                }
            }
        }
        let solved = judged.iter().all(|(_, verdict)| verdict.missing.is_none());
        Ok(if solved { Verdict::Done } else { Verdict::Wanting })
    }

    fn hint(&self, here: &Path, number: Option<u8>) -> Result<Verdict, Failure> {
        let (mut shelf, _) = self.open(here)?;
        let lesson = chosen(&shelf, number)?;
        Page::open().line(&self.manner().hint(&mut shelf, lesson)?)?;
        Ok(Verdict::Done)
    }

    fn answer(&self, here: &Path, number: Option<u8>) -> Result<Verdict, Failure> {
        let (shelf, _) = self.open(here)?;
        let lesson = chosen(&shelf, number)?;
        Page::open().line(&self.manner().answer(&shelf, lesson))?;
        let is_solved = shelf.progress.is_solved(lesson.number);
        Ok(if is_solved { Verdict::Done } else { Verdict::Wanting })
    }

    fn reset(&self, here: &Path, number: Option<u8>) -> Result<Verdict, Failure> {
        let (mut shelf, _) = self.open(here)?;
        let named = named(&shelf, number)?;
        let lesson = named.or_else(|| shelf.under_way()).ok_or(Misuse::ResetWhich)?;
        let old = shelf.reset(lesson)?;
        Page::open().line(&self.manner().reset(&shelf, lesson, &old))?;
        Ok(Verdict::Done)
    }
}
