//! The text of lessons' results: in lines for a person, and in JSON for a grader.

use std::path::Path;

use serde_json::{Value, json};

use crate::lessons::ALL;
use crate::lessons::lesson::{Lesson, Verdict};
use crate::lessons::setting::set;
use crate::lessons::shelf::Shelf;

use super::super::Failure;
use super::super::page::table;

/// How lessons are told.
#[derive(Clone, Copy)]
pub struct Manner {
    /// One line for each step, and nothing besides.
    pub plain: bool,
    /// How wide a line may be.
    pub width: usize,
}

impl Manner {
    /// A lesson as its page tells it, where to work, and how to write what is typed.
    pub fn scene(self, shelf: &Shelf, lesson: &Lesson, is_first: bool) -> String {
        let folder = shelf.folder(lesson);
        let folder = folder.display();
        if self.plain {
            return format!("{}. Read {folder}/LESSON.md, and work in {folder}.", lesson.heading());
        }
        let first = match is_first {
            true => format!("The lessons are in {}.\n\n", shelf.root().display()),
            false => String::new(),
        };
        let page = lesson.page(&shelf.cast);
        set(
            &format!(
                "{first}{page}\nThis page is {folder}/LESSON.md. Work in that folder, in a second terminal."
            ),
            self.width,
        )
    }

    /// How far a lesson is solved: what is done, and the first thing that is missing; if that is a wrong
    /// answer, the answers after it are judged too.
    pub fn verdict(self, shelf: &Shelf, lesson: &Lesson, verdict: &Verdict) -> String {
        if self.plain {
            let mut lines = vec![in_one_line(lesson, verdict)];
            for (i, missing) in &verdict.later {
                let Some(missing) = missing else { continue };
                let (n, step) = (lesson.number, i + 1);
                lines.push(format!("Lesson {n}, step {step}: {}", joined(&missing.said)));
            }
            if verdict.missing.is_none() {
                lines.extend(verdict.found.iter().map(|(_, fact)| fact.clone()));
                lines.push(self.after(shelf, lesson));
            }
            return lines.join("\n");
        }
        let fill = |text: &str| shelf.cast.fill(text);
        let mut text = format!("{}\n\n", lesson.heading());
        for (i, step) in lesson.steps[..verdict.done].iter().enumerate() {
            text += &format!("- done: {}\n", fill(step.title));
            for (_, fact) in verdict.found.iter().filter(|(at, _)| *at == i) {
                text += &format!("  {fact}\n");
            }
        }
        match &verdict.missing {
            Some(missing) if missing.is_broken => {
                text += &format!("- a file is broken: {}", missing.said)
            }
            Some(missing) => {
                let what = if missing.is_wrong { "wrong" } else { "to do" };
                text += &format!("- {what}: {}", missing.said);
                for (i, missing) in &verdict.later {
                    text += &match missing {
                        Some(missing) => format!("\n- wrong: {}", missing.said),
                        None => format!("\n- done: {}", fill(lesson.steps[*i].title)),
                    };
                }
            }
            None => {
                text += &format!("\nLesson {} is solved.\n\n", lesson.number);
                text += &self.after(shelf, lesson);
            }
        }
        set(&text, self.width)
    }

    /// The text for a lesson that is solved.
    fn after(self, shelf: &Shelf, lesson: &Lesson) -> String {
        let after = &lesson.after;
        let (heresy, run) = after.heresy;
        let told = shelf.cast.fill(&format!(
            "Why: {}\n\nA heresy beside it: {heresy} See the rule break:\n    {run}\n\nA question to take along: {} Its answer: parliament lesson answer {}\n\nThe picture:\n    {}",
            after.why, after.quiz, lesson.number, after.picture
        ));
        if !self.plain {
            return told;
        }
        let lines = told.replace("\n    ", " ");
        lines.replace("\n\n", "\n")
    }

    /// The answer to the question of a lesson that is solved.
    pub fn answer(self, shelf: &Shelf, lesson: &Lesson) -> String {
        if !shelf.progress.is_solved(lesson.number) {
            let number = lesson.number;
            return format!(
                "Lesson {number} is not solved yet; its question comes after it: parliament lesson \
                 check {number}"
            );
        }
        let told = format!("{}\n\n{}", lesson.after.quiz, lesson.after.answer);
        let told = shelf.cast.fill(&told);
        if self.plain { joined(&told) } else { set(&told, self.width) }
    }

    /// Where a lesson that is begun again lies, and where its old files are.
    pub fn reset(self, shelf: &Shelf, lesson: &Lesson, old: &Path) -> String {
        let told = format!(
            "Lesson {} begins again in {}.\n\nThe old files are kept in {}.\n\nA terminal that is in the \
             folder may stay there. One in a directory within it, such as hall, is among the old \
             files now: leave it, and go in again.",
            lesson.number,
            shelf.folder(lesson).display(),
            old.display()
        );
        if self.plain { joined(&told) } else { set(&told, self.width).replace("\n\n", "\n") }
    }

    /// The next hint of a lesson, and how many there are.
    pub fn hint(self, shelf: &mut Shelf, lesson: &Lesson) -> Result<String, Failure> {
        let i = shelf.next_hint(lesson)?;
        let hint = shelf.cast.fill(lesson.hints[i]);
        let told = format!("Hint {} of {}: {hint}", i + 1, lesson.hints.len());
        Ok(if self.plain { joined(&told) } else { set(&told, self.width) })
    }
}

/// A text of several lines in one.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How far a lesson is solved, in one line.
pub fn in_one_line(lesson: &Lesson, verdict: &Verdict) -> String {
    let of = format!("{} of {} steps", verdict.done, lesson.steps.len());
    match &verdict.missing {
        None => {
            let stop = if lesson.title.ends_with('?') { "" } else { "." };
            format!("Lesson {} is solved: {}{stop}", lesson.number, lesson.title)
        }
        Some(missing) => format!("Lesson {}, {of}: {}", lesson.number, joined(&missing.said)),
    }
}

/// Which lessons there are, and which are solved.
pub fn list(shelf: &Shelf) -> String {
    let header = ["", "lesson", "section", "solved"].map(str::to_owned).to_vec();
    let rows = ALL.iter().map(|lesson| {
        let solved = if shelf.progress.is_solved(lesson.number) { "yes" } else { "" };
        let number = lesson.number.to_string();
        vec![number, lesson.title.into(), lesson.section.into(), solved.into()]
    });
    let paper = "Sections are those of the paper: Leslie Lamport, The Part-Time Parliament, 1998.\n\
                 https://lamport.azurewebsites.net/pubs/lamport-paxos.pdf";
    format!("{}\n\n{paper}", table(header, rows))
}

/// The same in JSON.
pub fn list_in_json(shelf: &Shelf) -> Value {
    let lessons = ALL.iter().map(|lesson| {
        json!({
            "number": lesson.number, "title": lesson.title, "section": lesson.section,
            "folder": shelf.folder(lesson), "misconceptions": lesson.misconceptions,
            "solved": shelf.progress.is_solved(lesson.number),
        })
    });
    json!({ "version": 1, "student": shelf.cast.student, "lessons": lessons.collect::<Vec<_>>() })
}

/// The content of Exercism's `results.json`: of one lesson its steps as far as the first that is not
/// done, of several one test for each.
pub fn results(shelf: &Shelf, judged: &[(&Lesson, Verdict)]) -> Value {
    let tests: Vec<Value> = match judged {
        [(lesson, verdict)] => steps(shelf, lesson, verdict),
        all => all.iter().map(|(lesson, verdict)| test(&named(lesson), verdict)).collect(),
    };
    let broken = judged.iter().filter_map(|(_, verdict)| verdict.missing.as_ref());
    let broken = broken.into_iter().find(|missing| missing.is_broken);
    let solved = judged.iter().all(|(_, verdict)| verdict.missing.is_none());
    let status = match (broken, solved) {
        (_, true) => "pass",
        (Some(_), _) if judged.len() == 1 => "error",
        _ => "fail",
    };
    let message = broken.filter(|_| status == "error").map(|missing| &missing.said);
    json!({ "version": 2, "status": status, "message": message, "student": shelf.cast.student, "tests": tests })
}

fn named(lesson: &Lesson) -> String {
    format!("{}. {}", lesson.number, lesson.title)
}

fn test(name: &str, verdict: &Verdict) -> Value {
    let message = verdict.missing.as_ref().map(|missing| &missing.said);
    let status = match &verdict.missing {
        None => "pass",
        Some(missing) if missing.is_broken => "error",
        Some(_) => "fail",
    };
    json!({ "name": name, "status": status, "message": message })
}

fn steps(shelf: &Shelf, lesson: &Lesson, verdict: &Verdict) -> Vec<Value> {
    let name = |i: usize| {
        let title = lesson.steps.get(i).map_or("its files", |step| step.title);
        format!("{}: {}", named(lesson), shelf.cast.fill(title))
    };
    let done =
        (0..verdict.done).map(|i| json!({ "name": name(i), "status": "pass", "message": null }));
    let first = verdict.missing.as_ref().map(|_| test(&name(verdict.done), verdict));
    done.chain(first).collect()
}
