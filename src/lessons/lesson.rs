//! A lesson: its text, files, questions, steps and hints.

use std::path::Path;

use super::answers::{self, Answers};
use super::cast::Cast;
use super::missing::{Check, Missing};
use super::question::Question;
use super::setting::set;
use super::sight::Sight;

/// How wide a line of `LESSON.md` may be.
const WIDTH: usize = 80;

/// A lesson. Its texts are templates, which [`Cast::fill`] fills.
#[derive(Debug)]
pub(crate) struct Lesson {
    /// From 1 on.
    pub number: u8,
    /// The word in its folder's name.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Where the paper tells of it.
    pub section: &'static str,
    /// The misconceptions that it attacks, by number; `docs/teaching.md` lists them.
    pub misconceptions: &'static [u8],
    /// The text of `LESSON.md`; `{?key}` is a question.
    pub text: &'static str,
    /// The questions.
    pub questions: &'static [Question],
    /// Files that are laid into its folder: path and text.
    pub files: &'static [(&'static str, &'static str)],
    /// The steps, in order.
    pub steps: &'static [Step],
    /// Where in the paper; which row or file; the next single step; the command.
    pub hints: [&'static str; 4],
    /// The text told when all is done.
    pub after: After,
}

/// A step of a lesson.
#[derive(Debug)]
pub(crate) struct Step {
    /// The step in a few words, as told when it is done.
    pub title: &'static str,
    /// Whether it is done, or what is missing.
    pub check: fn(&Sight<'_>) -> Check,
}

/// The text for a lesson that is solved.
#[derive(Debug)]
pub(crate) struct After {
    /// Why it is so.
    pub why: &'static str,
    /// The broken protocol next to it, and the command that runs it.
    pub heresy: (&'static str, &'static str),
    /// A question to take along.
    pub quiz: &'static str,
    /// The answer to it.
    pub answer: &'static str,
    /// The command that draws it.
    pub picture: &'static str,
}

/// How far a lesson is solved.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// How many steps are done.
    pub done: usize,
    /// Facts that were found at a step that is done: its index, and the fact.
    pub found: Vec<(usize, String)>,
    /// The first thing that is missing, if there is one.
    pub missing: Option<Missing>,
    /// If that is a wrong answer, the judgments of the steps after it, as far as there are any: the
    /// step's index, and what is wrong.
    pub later: Vec<(usize, Option<Missing>)>,
    /// The answers, as far as they could be read.
    pub answers: Answers,
}

impl Verdict {
    /// Nothing could be judged.
    pub fn unread(why: Missing) -> Verdict {
        let (found, later) = (Vec::new(), Vec::new());
        Verdict { done: 0, found, missing: Some(why), later, answers: Answers::new() }
    }
}

impl Lesson {
    /// The name of its folder.
    pub fn folder(&self) -> String {
        format!("{:02}-{}", self.number, self.slug)
    }

    /// Its title with its number and section.
    pub fn heading(&self) -> String {
        format!("Lesson {}. {} (PTP {})", self.number, self.title, self.section)
    }

    /// The text of its `LESSON.md`.
    pub fn page(&self, cast: &Cast) -> String {
        let mut text = self.text.trim().to_owned();
        for question in self.questions {
            let asked = format!("- `{}`: {} ({})", question.key, question.ask, question.how());
            text = text.replace(&format!("{{?{}}}", question.key), &asked);
        }
        let page = format!(
            "# {}\n\n{}\n\n---\nChecked by `parliament lesson check {number}`, or at each save \
             while `parliament lesson {number}` runs. A hint: `parliament lesson hint {number}`.",
            self.heading(),
            cast.fill(&text),
            number = self.number,
        );
        set(&page, WIDTH) + "\n"
    }

    /// All files of its folder: path and text.
    pub fn files(&self, cast: &Cast) -> Vec<(String, String)> {
        let mut files = vec![("LESSON.md".to_owned(), self.page(cast))];
        if !self.questions.is_empty() {
            files.push((answers::FILE.to_owned(), answers::blank(self.questions)));
        }
        let laid = self.files.iter().map(|(path, text)| (cast.fill(path), cast.fill(text)));
        files.extend(laid);
        files
    }

    /// Checks a folder: the first thing that is missing.
    pub fn check(&self, cast: &Cast, folder: &Path) -> Verdict {
        let sight = match Sight::of(cast, folder, (self.number, self.questions)) {
            Ok(sight) => sight,
            Err(missing) => {
                return Verdict::unread(missing);
            }
        };
        let (mut done, mut found) = (0, Vec::new());
        let mut missing = None;
        for step in self.steps {
            match (step.check)(&sight) {
                Ok(()) => {
                    found.extend(sight.take_found().into_iter().map(|fact| (done, fact)));
                    done += 1;
                }
                Err(first) => {
                    missing = Some(first);
                    break;
                }
            }
        }
        let mut later = Vec::new();
        if missing.as_ref().is_some_and(|first| first.is_wrong) {
            for (i, step) in self.steps.iter().enumerate().skip(done + 1) {
                match (step.check)(&sight) {
                    Ok(()) => later.push((i, None)),
                    Err(next) if next.is_wrong => later.push((i, Some(next))),
                    Err(_) => break,
                }
            }
        }
        Verdict { done, found, missing, later, answers: sight.answers().clone() }
    }
}
