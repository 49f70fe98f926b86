//! Where something stands in a line of JSON: its column, as an editor counts it.

/// A step on the way from a JSON value to one within it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step<'a> {
    /// To the value of this field.
    Field(&'a str),
    /// To the name of this field.
    Name(&'a str),
    /// To this element of a list, from 0.
    Element(usize),
}

/// The column, from 1, at which the value at the end of this way begins. The line is sound JSON; a
/// way that leads nowhere ends where it left the line's values.
pub(super) fn column(line: &str, way: &[Step<'_>]) -> usize {
    let mut scanner = Scanner { line: line.as_bytes(), at: 0 };
    scanner.skip_space();
    for step in way {
        let before = scanner.at;
        if !scanner.follow(step) {
            scanner.at = before;
            break;
        }
        if matches!(step, Step::Name(_)) {
            break;
        }
    }
    column_of(line, scanner.at)
}

/// The column, from 1, of the character at this byte.
pub(super) fn column_of(line: &str, byte: usize) -> usize {
    line.char_indices().take_while(|(at, _)| *at < byte).count() + 1
}

/// Reads sound JSON from left to right.
struct Scanner<'a> {
    line: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn byte(&self) -> u8 {
        self.line.get(self.at).copied().unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while self.byte().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Passes one byte and the space after it.
    fn pass(&mut self) {
        self.at = self.line.len().min(self.at + 1);
        self.skip_space();
    }

    /// Goes to where the step leads; false if there is no such place.
    fn follow(&mut self, step: &Step<'_>) -> bool {
        match (self.byte(), step) {
            (b'{', Step::Field(name) | Step::Name(name)) => {
                self.pass();
                while self.byte() == b'"' {
                    let begin = self.at;
                    self.skip_string();
                    let written = &self.line[begin..self.at];
                    let is_it =
                        serde_json::from_slice(written).is_ok_and(|read: String| read == *name);
                    if is_it && matches!(step, Step::Name(_)) {
                        self.at = begin;
                        return true;
                    }
                    self.skip_space();
                    self.pass();
                    if is_it {
                        return true;
                    }
                    self.skip_value();
                    self.skip_space();
                    self.pass();
                }
                false
            }
            (b'[', Step::Element(nth)) => {
                self.pass();
                for _ in 0..*nth {
                    self.skip_value();
                    self.skip_space();
                    self.pass();
                }
                self.at < self.line.len()
            }
            _ => false,
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while self.at < self.line.len() && self.byte() != b'"' {
            self.at += if self.byte() == b'\\' { 2 } else { 1 };
        }
        self.at = self.line.len().min(self.at + 1);
    }

    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.line.len() {
            match self.byte() {
                b'"' => {
                    self.skip_string();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => depth -= 1,
                b'}' | b']' | b',' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{Element, Field, Name};

    #[test]
    fn a_value_is_found_behind_others() {
        let line = r#"{"a,\"":[1,{"b":"]"}], "ink" : [ {"entry":"α"}, {"entry":"x"} ]}"#;
        let at =
            |way: &[Step<'_>]| line.chars().skip(column(line, way) - 1).take(4).collect::<String>();
        assert_eq!(at(&[Field("ink"), Element(1), Field("entry")]), "\"x\"}");
        assert_eq!(at(&[Field("ink"), Element(0), Name("entry")]), "\"ent");
        assert_eq!(at(&[Field("a,\""), Element(1), Field("b")]), "\"]\"}");
        assert_eq!(column(line, &[Field("none")]), 1);
        assert_eq!(column(line, &[Field("ink"), Field("entry")]), 32);
    }

    #[test]
    fn no_way_into_half_a_line_goes_past_its_end() {
        let line = r#"{"ink":[{"entry":"x"}],"slip":null}"#;
        for end in 0..line.len() {
            let way = [Field("ink"), Element(2), Name("entry")];
            assert!(column(&line[..end], &way) <= end + 1);
        }
    }
}
