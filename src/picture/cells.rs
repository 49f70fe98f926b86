//! How many cells of a terminal a text takes: letters of some alphabets take two, and marks none.

use unicode_width::UnicodeWidthChar;

use crate::words::shown;

/// How many cells a character takes.
#[must_use]
pub fn of(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// How many cells a text takes, its characters side by side.
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(of).sum()
}

/// The first characters of a text as a person is shown it, in this many cells at most.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    let text = &*shown(text);
    if width(text) <= most {
        return text.into();
    }
    let mut kept = String::new();
    let mut room = most.saturating_sub(1);
    for character in text.chars() {
        let Some(left) = room.checked_sub(of(character)) else { break };
        room = left;
        kept.push(character);
    }
    format!("{}…", kept.trim_end())
}

/// Spaces after a text, up to this many cells.
#[must_use]
pub fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// A text in lines of this many cells at most, broken at spaces where there are any.
#[must_use]
pub fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let word = shortened(word, most);
        let last = lines.last_mut().expect("there is a first line");
        if last.is_empty() {
            *last = word;
        } else if width(last) + 1 + width(&word) <= most {
            last.push(' ');
            last.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}

/// A text in lines of this many cells at most, whole: a word that is longer than a line is broken.
#[must_use]
pub(crate) fn broken(text: &str, most: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_inclusive(' ') {
        if width(&line) + width(word.trim_end()) > most && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        for character in word.chars() {
            if width(&line) + of(character) > most && character != ' ' {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// A line of cells, to be written on anywhere.
#[derive(Clone, Debug)]
pub struct Line {
    /// The content of each cell; nothing in the second cell of a wide character.
    cells: Vec<String>,
}

impl Line {
    /// A line of this many empty cells.
    #[must_use]
    pub fn blank(width: usize) -> Line {
        Line { cells: vec![" ".into(); width] }
    }

    /// Writes a text from this cell on, as far as it fits.
    pub fn write(&mut self, at: usize, text: &str) {
        let mut next = at;
        for character in text.chars() {
            match of(character) {
                // A mark stands in the cell of its letter.
                0 => {
                    let before = self.cells.iter_mut().take(next).rfind(|cell| !cell.is_empty());
                    if let Some(letter) = before {
                        letter.push(character);
                    }
                }
                wide if next + wide <= self.cells.len() => {
                    self.cells[next] = character.into();
                    self.cells[next + 1..next + wide].fill(String::new());
                    next += wide;
                }
                _ => return,
            }
        }
    }

    /// How many characters stand before this cell.
    #[must_use]
    pub fn characters_before(&self, cell: usize) -> usize {
        self.cells.iter().take(cell).map(|cell| cell.chars().count()).sum()
    }

    /// The text, without the spaces at its end.
    #[must_use]
    pub fn text(&self) -> String {
        self.cells.concat().trim_end().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_in_a_long_word_and_nothing_of_it_is_lost() {
        assert_eq!(broken("one two", 5), ["one", "two"]);
        assert_eq!(broken("a 王王王 b", 5), ["a", "王王", "王 b"]);
        assert_eq!(broken("", 5), [""]);
        let text = "ledgers/Gray.csv:15  nextBal,,1.Oki,,,,,,";
        for most in 2..50 {
            let lines = broken(text, most);
            assert!(lines.iter().all(|line| width(line) <= most), "{most}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn wide_letters_take_two_cells_and_marks_none() {
        assert_eq!((width("Γραῐ"), width("Γραι\u{306}"), width("王の")), (4, 4, 4));
        assert_eq!(shortened("王の王の", 8), "王の王の");
        assert_eq!(
            (shortened("王の王の", 7), shortened("王の王の", 6)),
            ("王の王…".into(), "王の…".into())
        );
        assert_eq!(padded("王", 4), "王  ");
        assert_eq!(wrapped("王の 王 の王", 7), ["王の 王", "の王"]);
    }

    #[test]
    fn what_is_written_on_a_line_moves_nothing_beside_it() {
        let mut line = Line::blank(9);
        line.write(0, "│");
        line.write(8, "│");
        line.write(2, "王ι\u{306}の");
        assert_eq!(line.text(), "│ 王ι\u{306}の │");
        assert_eq!((line.characters_before(2), line.characters_before(5)), (2, 5));
        line.write(7, "王の");
        assert_eq!(width(&line.text()), 9, "half a letter is not written");
    }
}
