//! What goes wrong is told once, and counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::god::news::{News, Tiding};
use crate::words::Name;

/// How many causes are remembered; then they are told anew.
const REMEMBERED: usize = 1000;

/// How often each priest told of a cause.
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
        let times = self.told.entry((news.of, cause.clone())).or_default();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Minutes;

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
