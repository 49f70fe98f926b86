//! Answers kept in a file, so that a long search can be taken up again: a question costs, and the
//! rest of a search does not.
//!
//! The file is text: its mark, the command and the seed, then a question and its answer by turns.

use std::collections::HashMap;
use std::path::Path;

use serde_json::json;

use crate::commands::Failure;
use crate::commands::output::{ANSWERS_MARK, Output};

/// Answers by their questions, both as one line.
pub(super) type Kept = HashMap<String, String>;

/// The line that says from which program they are.
fn whose(words: &[String], seed: u64) -> String {
    json!({ "version": 1, "novice": words, "seed": seed }).to_string()
}

/// Reads the answers in a file, if it is there.
///
/// # Errors
/// When they are those of another command or seed.
pub(super) fn read(file: &Path, words: &[String], seed: u64) -> Result<Kept, Failure> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::new()),
        Err(error) => return Err(format!("{}: {error}", file.display()).into()),
    };
    // A last line without its end was not written whole.
    let mut lines = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    if lines.next().is_none() {
        return Ok(Kept::new());
    }
    let owner = lines.next().unwrap_or_default();
    if owner != whose(words, seed) {
        return Err(format!(
            "{}:2: these are answers of another command, or to another --seed: {owner}; name another \
             file for --resume",
            file.display()
        )
        .into());
    }
    let lines: Vec<&str> = lines.collect();
    let pairs = lines.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned()));
    Ok(pairs.collect())
}

/// Writes answers down, in the order of their questions.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write(
    output: &Output,
    (words, seed): (&[String], u64),
    kept: &Kept,
) -> Result<(), Failure> {
    let mut text = format!("{ANSWERS_MARK}\n{}\n", whose(words, seed));
    let mut all: Vec<(&String, &String)> = kept.iter().collect();
    all.sort();
    for (question, answer) in all {
        text += &format!("{question}\n{answer}\n");
    }
    Ok(output.write(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_they_were_written_without_a_torn_end() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("answers");
        let words = ["python3".to_owned()];
        assert!(read(&file, &words, 1).unwrap().is_empty());
        let text = format!("{ANSWERS_MARK}\n{}\nq1\na1\nq2\na2", whose(&words, 1));
        std::fs::write(&file, text).unwrap();
        let kept = read(&file, &words, 1).unwrap();
        assert_eq!(kept, Kept::from([("q1".into(), "a1".into())]));
        let said = read(&file, &words, 2).unwrap_err().to_string();
        assert!(said.contains("another --seed") && said.contains("answers:2"), "{said}");
    }
}
