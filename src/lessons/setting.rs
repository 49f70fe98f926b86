//! Texts set in lines: prose is wrapped, and a command that is too long goes on in the next line, so
//! that it can be pasted as it stands.

use unicode_width::UnicodeWidthStr;

/// How far a command is indented at least.
const COMMAND: usize = 4;

/// Sets a text in lines of at most this width. A line that is indented by four or more is a command;
/// lines of prose that follow each other are one paragraph, and one that begins with `-` or a number
/// and a dot begins a paragraph of its own.
pub(crate) fn set(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut first = "";
    let end = |paragraph: &mut Vec<&str>, lines: &mut Vec<String>, first: &str| {
        if !paragraph.is_empty() {
            let words: Vec<&str> = paragraph.drain(..).flat_map(str::split_whitespace).collect();
            lines.extend(wrap(&words, width, &" ".repeat(first.width()), first, ""));
        }
    };
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let is_command = indent >= COMMAND;
        let mark = mark(line);
        if line.trim().is_empty() || is_command || !mark.is_empty() || is_whole(line) {
            end(&mut paragraph, &mut lines, first);
            first = "";
        }
        match line {
            line if line.trim().is_empty() => lines.push(String::new()),
            line if is_whole(line) => lines.push(line.to_owned()),
            line if is_command => {
                let margin = &line[..indent];
                let words = arguments(line.trim());
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                lines.extend(wrap(&words, width, &format!("{margin}  "), margin, " \\"));
            }
            line => {
                if !mark.is_empty() {
                    first = mark;
                }
                paragraph.push(&line[mark.len()..]);
            }
        }
    }
    end(&mut paragraph, &mut lines, first);
    lines.join("\n")
}

/// Whether a line stands by itself: a heading, a rule, or a line of an error that shows a row and
/// points into it.
fn is_whole(line: &str) -> bool {
    let shows = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    line.starts_with('#')
        || line.starts_with("---")
        || shows.starts_with('|')
        || shows.starts_with("= ")
}

/// The mark that begins a point of a list: `- ` or `1. `.
fn mark(line: &str) -> &str {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let length = match &line[digits..] {
        rest if digits > 0 && rest.starts_with(". ") => digits + 2,
        rest if digits == 0 && rest.starts_with("- ") => 2,
        _ => 0,
    };
    &line[..length]
}

/// The arguments of a command, each as it is written: quoted words and an option's value stay whole.
fn arguments(command: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_quoted = false;
    for word in command.split(' ') {
        match found.last_mut() {
            Some(last)
                if is_quoted
                    || last.starts_with("--") && !last.contains(' ') && !word.starts_with('-') =>
            {
                last.push(' ');
                last.push_str(word);
            }
            _ => found.push(word.to_owned()),
        }
        is_quoted ^= word.matches('"').count() % 2 == 1;
    }
    found
}

fn wrap(words: &[&str], width: usize, margin: &str, first: &str, goes_on: &str) -> Vec<String> {
    let mut lines = vec![first.to_owned()];
    let mut is_empty = true;
    for (i, word) in words.iter().enumerate() {
        let Some(line) = lines.last_mut() else { break };
        let room = if i + 1 == words.len() { 0 } else { goes_on.width() };
        if is_empty || line.width() + 1 + word.width() + room <= width {
            line.push_str(if is_empty { "" } else { " " });
            line.push_str(word);
        } else {
            line.push_str(goes_on);
            lines.push(format!("{margin}{word}"));
        }
        is_empty = false;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_command_goes_on_where_a_shell_lets_it() {
        let text =
            "Run\nthis now:\n\n    parliament synod --chamber few --absent A \"Figs are free\"";
        let right = "Run this now:\n\n    parliament synod --chamber few \\\n      --absent A \"Figs are free\"";
        assert_eq!(set(text, 38), right);
    }

    #[test]
    fn an_error_that_points_into_a_row_keeps_its_lines() {
        let text = "- to do: A.csv:5:1: a bad one\n  |\n5 | one;two three four five\n  |    ^\n  = write it so";
        let right = "- to do: A.csv:5:1:\n  a bad one\n  |\n5 | one;two three four five\n  |    ^\n  = write it so";
        assert_eq!(set(text, 20), right);
    }

    #[test]
    fn a_point_of_a_list_hangs() {
        assert_eq!(set("- one two\n  three\n- four", 9), "- one two\n  three\n- four");
        assert_eq!(set("1. one two three", 9), "1. one\n   two\n   three");
    }
}
