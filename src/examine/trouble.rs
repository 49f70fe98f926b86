//! A novice's fault of manners, told so that its writer can put it right.

use std::fmt;

use super::mistake::Mistake;

/// The trouble with one question.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// The program cannot be started.
    #[error("it cannot be started: {0}")]
    NotStarted(String),
    /// The answer has no end.
    #[error("no newline ends the answer, and nothing more came for {0}")]
    NoNewline(String),
    /// Nothing came.
    #[error("nothing came on standard output for {0}")]
    Silent(String),
    /// It ended.
    #[error("the program ended before it answered, with {0}")]
    Ended(String),
    /// It ended in the middle of an answer.
    #[error("the program ended in the middle of its answer, with {0}")]
    EndedWithin(String),
    /// An answer longer than is read.
    #[error("the answer has more than {0} bytes")]
    TooLong(usize),
    /// Bytes that are no text.
    #[error("the answer is not UTF-8")]
    NotText,
    /// Two lines for one question.
    #[error("there are two answers to one question")]
    Twice(String),
    /// A mistake in the answer.
    #[error("{0}")]
    Mistake(Mistake),
    /// Another answer than before.
    #[error("the same question was answered otherwise before")]
    Otherwise(String),
}

impl Trouble {
    /// The repair, for its writer.
    #[must_use]
    pub fn repair(&self) -> &'static str {
        match self {
            Trouble::NotStarted(_) => {
                "give the command as you type it in this directory, such as \
                --novice \"python3 novice.py\""
            }
            Trouble::NoNewline(_) => "end each answer with one newline, and write none within it",
            Trouble::Silent(_) => {
                "answer every question with one line, even when the priest does nothing: \
                {\"ink\":[],\"slip\":…,\"send\":[]}. If it did print one, it was kept in a buffer: \
                flush after each answer (Python: print(…, flush=True))"
            }
            Trouble::Ended(_) | Trouble::EndedWithin(_) => {
                "read questions until standard input ends, and end only then; what it said on \
                standard error is shown below"
            }
            Trouble::TooLong(_) => "an answer holds what this one event calls for, and no more",
            Trouble::NotText => "write UTF-8",
            Trouble::Twice(_) => {
                "print one line for each question; the rest goes to standard error"
            }
            Trouble::Mistake(_) => "",
            Trouble::Otherwise(_) => {
                "an answer follows from its question alone: keep nothing in variables between \
                questions (what must outlive one stands in the ledger or on the slip), look at no \
                clock and draw no lots; a set has no order, so sort what you list"
            }
        }
    }
}

/// A novice's trouble, and the question that caused it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misconduct {
    /// The trouble.
    pub trouble: Box<Trouble>,
    /// Which question this process was asked, from 1.
    pub nth: u64,
    /// The question.
    pub question: String,
    /// The answer, as far as there is one.
    pub answer: String,
    /// Its standard error meanwhile.
    pub stderr: String,
}

impl fmt::Display for Misconduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Misconduct { trouble, nth, question, answer, stderr } = self;
        match &**trouble {
            Trouble::NotStarted(_) => {
                return write!(f, "{trouble}\n  = {}", trouble.repair());
            }
            Trouble::Mistake(mistake) => writeln!(f, "answer {nth}, {mistake}")?,
            _ => {
                writeln!(f, "answer {nth}: {trouble}")?;
                for line in answer.lines().filter(|line| !line.is_empty()) {
                    writeln!(f, "  | {line}")?;
                }
                match &**trouble {
                    Trouble::Otherwise(earlier) => writeln!(f, "before:\n  | {earlier}")?,
                    Trouble::Twice(second) => writeln!(f, "and besides:\n  | {second}")?,
                    _ => {}
                }
                writeln!(f, "  = {}", trouble.repair())?;
            }
        }
        write!(f, "the question:\n  {question}")?;
        if !stderr.trim().is_empty() {
            write!(f, "\non standard error meanwhile:")?;
            for line in stderr.lines() {
                write!(f, "\n  | {line}")?;
            }
        }
        Ok(())
    }
}
