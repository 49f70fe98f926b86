//! Repeated errors: each is printed once, and counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::god::news::{News, Tiding};
use crate::words::Name;

/// How many causes are remembered; then they are told anew.
const REMEMBERED: usize = 1000;

/// How often each priest met an error.
#[derive(Default)]
pub struct Repeats {
    told: BTreeMap<(Name, String), u64>,
    /// Those whose leaving was told before, so that their coming back is no news.
    left_again: BTreeSet<Name>,
}

impl Repeats {
    /// The line as it is told: the first time, and then the tenth, the hundredth, and so on.
    pub fn tell(&mut self, news: &News, line: String) -> Option<String> {
        let (cause, has_left) = match &news.what {
            Tiding::Left { why: Some(why) } => (why, true),
            Tiding::Noticed(what) => (what, false),
            Tiding::Entered if self.left_again.remove(&news.of) => return None,
            _ => return Some(line),
        };
        if self.told.len() >= REMEMBERED {
            self.told.clear();
        }
        let times = self.told.entry((news.of, without_lines(cause))).or_default();
        *times += 1;
        match *times {
            1 => return Some(line),
            times if 10u64.pow(times.ilog10()) == times => {
                return Some(format!("{line} (again, {times} times in all)"));
            }
            _ if has_left => self.left_again.insert(news.of),
            _ => false,
        };
        None
    }
}

/// A cause without the lines at which it was met, `:7` or `:7:3`, and without the rows that stood
/// there: the same mistake on each of many lines is one cause.
fn without_lines(cause: &str) -> String {
    let first = cause.lines().next().unwrap_or_default();
    let mut rest = first;
    let mut told = String::new();
    while let Some((before, after)) = rest.split_once(':') {
        told += before;
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() == after.len() {
            told.push(':');
        }
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Minutes;

    #[test]
    fn a_mistake_on_each_of_many_lines_is_one_cause() {
        let mut repeats = Repeats::default();
        let of: Name = "Gray".parse().unwrap();
        let mut told = |what: String| {
            let news = News { at: Minutes::ZERO, of, what: Tiding::Noticed(what.clone()) };
            repeats.tell(&news, what).is_some()
        };
        let at =
            |line: u64| format!("messagebooks/A.csv:{line}:3: 9 is no code\n{line} | row {line}");
        let lines: Vec<u64> = (1..=20).filter(|&line| told(at(line))).collect();
        assert_eq!(lines, [1, 10]);
        assert!(told("messagebooks/A.csv:21:3: 8 is no code".into()), "another mistake");
        assert!(told("messagebooks/B.csv:22:3: 9 is no code".into()), "another file");
        assert!(told("the clock says 10:30".into()) && told("the clock says 10x30".into()));
    }

    #[test]
    fn one_cause_is_told_once_and_counted() {
        let mut repeats = Repeats::default();
        let of: Name = "Gray".parse().unwrap();
        let mut told = Vec::new();
        for i in 0..130 {
            let why = |text: &str| Tiding::Left { why: Some(text.into()) };
            let other = if i == 60 { Some(why("another cause")) } else { None };
            for what in [Tiding::Entered, other.unwrap_or_else(|| why("File exists"))] {
                let line = match &what {
                    Tiding::Left { why: Some(why) } => why.clone(),
                    _ => "enters".into(),
                };
                let news = News { at: Minutes::ZERO, of, what };
                told.extend(repeats.tell(&news, line));
            }
        }
        let expected = [
            "enters",
            "File exists",
            "enters",
            "File exists (again, 10 times in all)",
            "enters",
            "another cause",
            "enters",
            "File exists (again, 100 times in all)",
            "enters",
        ];
        assert_eq!(told, expected);
    }
}
