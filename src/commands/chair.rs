//! The lines of a sitting's screen about the president's chair: each is printed once, until it
//! changes.
//! `[PTP §2.4]`

use std::collections::{BTreeMap, BTreeSet};

use crate::god::news::{News, Tiding};
use crate::story;
use crate::words::step::Act;
use crate::words::{DecreeNumber, Name};

/// The presidents who got no majority, and the silent priests; each is printed once until it
/// changes.
#[derive(Default)]
pub struct Chair {
    in_vain: BTreeMap<Name, BTreeSet<Name>>,
    /// The contradicted ledgers, each with the decree number: printed once.
    contradicted: BTreeSet<(Name, DecreeNumber)>,
}

impl Chair {
    /// Hears what happened, told or not: what changes a priest's standing is told anew after it.
    pub fn hear(&mut self, news: &News) {
        let changes = match &news.what {
            Tiding::Entered | Tiding::Left { .. } => true,
            Tiding::Knows(decrees) => !decrees.is_empty(),
            Tiding::Acted(act) => matches!(
                act,
                Act::PresidesIn { .. } | Act::StandsDown { .. } | Act::StandsAside { .. }
            ),
            _ => false,
        };
        if changes {
            self.in_vain.remove(&news.of);
        }
    }

    /// How this is told, if it is worth a line and was not told before.
    pub fn tell(&mut self, news: &News) -> Option<String> {
        if let Some(contradiction) = news.contradiction() {
            let is_new = self.contradicted.insert((news.of, contradiction.number));
            return is_new.then(|| format!("{:>9}  {contradiction}", news.at.to_string()));
        }
        match &news.what {
            Tiding::Acted(Act::TakesChair { .. } | Act::Tries { .. })
                if self.in_vain.contains_key(&news.of) =>
            {
                None
            }
            Tiding::Acted(Act::WaitedInVain { waited, silent, .. }) => {
                if self.in_vain.insert(news.of, silent.clone()).as_ref() == Some(silent) {
                    return None;
                }
                let again = format!(
                    "{:>9}  while they are silent {} tries again every {waited} min, which is not told again",
                    "", news.of
                );
                story::line(news).map(|line| format!("{line}\n{again}"))
            }
            _ => story::line(news),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{BallotNumber, Decree, Minutes};

    fn news(what: Tiding) -> News {
        News { at: Minutes::whole(33), of: "Gray".parse().unwrap(), what }
    }

    fn tries() -> News {
        let ballot: BallotNumber = "2.Gray".parse().unwrap();
        news(Tiding::Acted(Act::Tries { ballot, last_tried: None }))
    }

    fn in_vain(silent: &str) -> News {
        let silent = silent.split(' ').map(|name| name.parse().unwrap()).collect();
        let (ballot, waited) = ("2.Gray".parse().unwrap(), Minutes::whole(22));
        news(Tiding::Acted(Act::WaitedInVain { ballot, waited, silent }))
    }

    fn told(chair: &mut Chair, news: &News) -> bool {
        chair.hear(news);
        chair.tell(news).is_some()
    }

    #[test]
    fn repeated_timeouts_of_one_president_print_once() {
        let mut chair = Chair::default();
        assert!(told(&mut chair, &tries()) && told(&mut chair, &in_vain("Dwork Oki")));
        assert!(!told(&mut chair, &tries()) && !told(&mut chair, &in_vain("Dwork Oki")));
        assert!(!told(&mut chair, &tries()) && told(&mut chair, &in_vain("Oki")));
        let heard = Act::StandsDown { heard: "Oki".parse().unwrap() };
        let ballot = "2.Gray".parse().unwrap();
        let presides = Act::PresidesIn { ballot, quorum: ["Gray".parse().unwrap()].into() };
        let goats = Tiding::Knows(vec![(1, Decree::new("Goats").unwrap())]);
        for change in [Tiding::Acted(heard), Tiding::Acted(presides), goats, Tiding::Entered] {
            assert!(!told(&mut chair, &tries()), "before {change:?}");
            told(&mut chair, &news(change));
            assert!(told(&mut chair, &tries()) && told(&mut chair, &in_vain("Oki")));
        }
    }
}
