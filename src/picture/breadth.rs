//! How many pixels a text takes on a page, in the widest of the usual typefaces.
//!
//! Nobody knows which typeface a reader has. The widths here are those of DejaVu Sans, which is
//! wider than Helvetica, Arial and Segoe: a text that has room in it has room in all of them.

use super::cells;
use crate::words::shown;

/// The size of the words on a page, in pixels.
pub const SIZE: i32 = 12;

/// How wide the characters from space to tilde are, in hundredths of their size.
const PLAIN: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75,
    79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,
    64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
/// The same in bold.
const BOLD: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70,
    70, 70, 70, 40, 40, 84, 84, 84, 59, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100,
    84, 86, 74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60, 72,
    68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72,
    37, 72, 84,
];
/// A character that is in neither, for each cell of a terminal that it takes.
const OTHER: i32 = 88;
/// The sign that something was cut off.
const CUT: i32 = 100;

/// The weight of a typeface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Face {
    /// As most words are.
    Plain,
    /// As what stands out is.
    Bold,
}

/// The width of a text of [`SIZE`], in pixels, rounded up.
#[must_use]
pub fn of(text: &str, face: Face) -> i32 {
    (hundredths(text, face) * SIZE + 99) / 100
}

/// As much of a text, as a person is shown it, as fits into this many pixels.
#[must_use]
pub fn shortened(text: &str, most: i32, face: Face) -> String {
    let text = &*shown(text);
    if of(text, face) <= most {
        return text.into();
    }
    let mut kept = String::new();
    let mut room = most * 100 / SIZE - CUT;
    for c in text.chars() {
        room -= of_character(c, face);
        if room < 0 {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// A text in lines of at most this many pixels, broken at spaces where there are any.
#[must_use]
pub fn wrapped(text: &str, most: i32, face: Face) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let word = shortened(word, most, face);
        let last = lines.last_mut().expect("there is a first line");
        if last.is_empty() {
            *last = word;
        } else if of(&format!("{last} {word}"), face) <= most {
            last.push(' ');
            last.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}

fn hundredths(text: &str, face: Face) -> i32 {
    text.chars().map(|c| of_character(c, face)).sum()
}

fn of_character(c: char, face: Face) -> i32 {
    let table = match face {
        Face::Plain => &PLAIN,
        Face::Bold => &BOLD,
    };
    let known = u32::from(c).checked_sub(32).and_then(|at| table.get(at as usize));
    match (known, c) {
        (Some(width), _) => i32::from(*width),
        (None, '…') => CUT,
        (None, _) => OTHER * i32::try_from(cells::of(c)).unwrap_or(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cut_to_a_width_is_no_wider() {
        for text in ["BeginBallot 1.Oki", "decree 1: The olive tax", "王の王の王の王の", "Γραῐ"]
        {
            for most in [20, 60, 100] {
                for face in [Face::Plain, Face::Bold] {
                    let cut = shortened(text, most, face);
                    assert!(of(&cut, face) <= most, "{cut}: {} > {most}", of(&cut, face));
                }
            }
        }
        assert_eq!(shortened("votes 1.Oki", 126, Face::Bold), "votes 1.Oki");
        assert_eq!(wrapped("one two three", 45, Face::Plain), ["one", "two", "three"]);
    }
}
