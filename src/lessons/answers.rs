//! The answers that a student wrote into `answer.csv`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::cast::Cast;
use super::missing::{Check, Missing};
use super::question::{Form, Question};
use crate::chamber::papers::bytes_of;
use crate::words::Name;

/// The file in a lesson's folder that holds the answers.
pub(crate) const FILE: &str = "answer.csv";

/// Its first line.
const HEADER: &str = "question,answer";

/// No answers are as long as this.
const LONGEST: usize = 64 << 10;

/// An answer in a form that its question allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Yes(bool),
    Number(u64),
    Names(BTreeSet<Name>),
    /// Which of the words, as an index.
    Choice(usize),
}

/// An answer, its words, and the line where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(super) answer: Answer,
    /// As the student wrote it.
    pub text: String,
    /// Where: `FILE:LINE:COLUMN`.
    pub place: String,
}

/// The answers of a lesson, by their question.
pub(crate) type Answers = BTreeMap<&'static str, Written>;

/// The file as it is laid down: each question with room for an answer.
pub(super) fn blank(questions: &[Question]) -> String {
    let rows = questions.iter().map(|question| format!("{},\n", question.key));
    format!("{HEADER}\n{}", rows.collect::<String>())
}

/// Reads the answers in this folder.
pub(super) fn read(folder: &Path, questions: &[Question], cast: &Cast) -> Check<Answers> {
    let path = folder.join(FILE);
    let shown = path.display().to_string();
    if questions.is_empty() {
        return Ok(Answers::new());
    }
    let bytes = bytes_of(&path, LONGEST).map_err(|error| {
        let lost = error.kind() == std::io::ErrorKind::NotFound;
        let repair = if lost { "; write it anew: its first line is `question,answer`" } else { "" };
        Missing::broken(format!("{shown}: {error}{repair}"))
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Missing::broken(format!("{shown}: this is not UTF-8; save it as UTF-8")))?;
    let mut answers = Answers::new();
    for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let at = |column: usize| format!("{shown}:{}:{column}", i + 1);
        if i == 0 {
            if line.trim() != HEADER {
                let repair = format!("the first line must be `{HEADER}`; write it so");
                return Err(Missing::broken(format!("{}: {repair}", at(1))));
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let Some((key, rest)) = line.split_once(',') else {
            let said = "no comma is here; a row is a question, a comma, and the answer";
            return Err(Missing::broken(format!("{}: {said}", at(1))));
        };
        let question = find(questions, key.trim())
            .map_err(|said| Missing::broken(format!("{}: {said}", at(1))))?;
        let text = rest.trim().trim_matches('"').trim().to_owned();
        let place = at(key.chars().count() + 2);
        if let Some(earlier) = answers.get(question.key) {
            let said = format!(
                "`{}` is answered already, at {}; keep one of the two rows",
                question.key, earlier.place
            );
            return Err(Missing::broken(format!("{place}: {said}")));
        }
        if text.is_empty() {
            continue;
        }
        let answer = understand(question, &text, cast)
            .map_err(|said| Missing::broken(format!("{place}: {said}")))?;
        answers.insert(question.key, Written { answer, text, place });
    }
    Ok(answers)
}

fn find<'a>(questions: &'a [Question], key: &str) -> Result<&'a Question, String> {
    questions.iter().find(|question| question.key == key).ok_or_else(|| {
        let keys: Vec<&str> = questions.iter().map(|question| question.key).collect();
        format!("no question is called “{key}”; here the questions are {}", keys.join(", "))
    })
}

/// The meaning of an answer, or why it means nothing and what would.
fn understand(question: &Question, text: &str, cast: &Cast) -> Result<Answer, String> {
    let no = || {
        format!("“{text}” does not answer `{}`; write {}", question.key, cast.fill(&question.how()))
    };
    let lower = text.to_lowercase();
    match question.form {
        Form::YesNo => match &*lower {
            "yes" | "y" => Ok(Answer::Yes(true)),
            "no" | "n" => Ok(Answer::Yes(false)),
            _ => Err(no()),
        },
        Form::Number => lower.parse().map(Answer::Number).map_err(|_| no()),
        Form::Choice(words) => {
            let is_this = |word: &&str| cast.fill(word).to_lowercase() == lower;
            words.iter().position(is_this).map(Answer::Choice).ok_or_else(no)
        }
        Form::Names if lower == "nobody" => Ok(Answer::Names(BTreeSet::new())),
        Form::Names => {
            let words = text.split([' ', ',', ';']).filter(|word| !word.is_empty());
            words.map(|word| name(word, cast)).collect::<Result<_, _>>().map(Answer::Names)
        }
    }
}

fn name(word: &str, cast: &Cast) -> Result<Name, String> {
    let is_his = |name: &&Name| name.as_str().to_lowercase() == word.to_lowercase();
    cast.names().iter().find(is_his).copied().ok_or_else(|| {
        let all: Vec<&str> = cast.names().iter().map(Name::as_str).collect();
        format!("“{word}” is no priest of this lesson; they are {}", all.join(", "))
    })
}
