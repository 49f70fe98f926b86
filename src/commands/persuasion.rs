//! What those hold who are simulated: to the paper, or to a heresy of whichever table.

use crate::heresies::case::{self, Case};
use crate::heresies::{Custom, laws};
use crate::invariants::Rule;
use crate::simulator::{Believers, Cast, Heretics, Legislators, Priests};

use super::Failure;
use super::explore::kind;

/// How many decrees a Parliament of heretics is asked for unless told.
const PARLIAMENTS_DECREES: u64 = 20;

/// What those hold who are simulated.
#[derive(Clone, Copy)]
pub(super) enum Persuasion {
    /// The paper.
    Paper,
    /// A heresy or a control of the Synod or the Parliament.
    Case(Case),
    /// A heresy of the law, and the custom by which it shows.
    Law(&'static laws::Heresy, &'static dyn Custom),
}

impl Persuasion {
    /// The persuasion of that name.
    pub fn named(name: &str) -> Result<Persuasion, Failure> {
        if let Some(case) = case::find(name) {
            return Ok(Persuasion::Case(case));
        }
        let Some(heresy) = laws::find(name) else {
            let all = case::all().map(Case::name).chain(laws::ALL.iter().map(|it| it.name));
            let names: Vec<&str> = all.collect();
            return Err(
                format!("no heresy is called {name:?}; there are {}", names.join(", ")).into()
            );
        };
        match heresy.custom {
            Some(custom) => Ok(Persuasion::Law(heresy, custom)),
            None => Err(format!(
                "{name} is a heresy of the law that no simulation shows: parliament heresies --run does"
            )
            .into()),
        }
    }

    /// Its name, unless it is the paper.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Persuasion::Paper => None,
            Persuasion::Case(case) => Some(case.name()),
            Persuasion::Law(heresy, _) => Some(heresy.name),
        }
    }

    /// What it is, in a line.
    pub fn in_a_line(self) -> Option<String> {
        let (kind, says, (section, rule)) = match self {
            Persuasion::Paper => return None,
            Persuasion::Case(case) => (kind(case), case.says(), case.against()),
            Persuasion::Law(heresy, _) => ("Heresy", heresy.says, (heresy.section, heresy.rule)),
        };
        let name = self.name().unwrap_or_default();
        Some(format!("{kind} {name}: {says}. Against it, PTP §{section}: {rule}."))
    }

    /// How many decrees are petitioned for, if the user does not say; of whoever keeps to the
    /// paper it is for `is_law` to say whether they are more than the Synod's.
    pub fn decrees(self, is_law: bool) -> u64 {
        match self {
            Persuasion::Paper if !is_law => 1,
            Persuasion::Case(Case::Synod(_)) => 1,
            _ => PARLIAMENTS_DECREES,
        }
    }

    /// Whether it offends what the Parliament came to only with time, so that it shows only where
    /// citizens petition for changes of the law. `[PTP §3.3]`
    pub fn is_of_the_law(self) -> bool {
        match self {
            Persuasion::Law(..) => true,
            Persuasion::Case(Case::Parliament(heresy)) => heresy.section.starts_with("3.3"),
            _ => false,
        }
    }

    /// Those who hold it, of whom so many decrees are asked.
    pub fn cast(self, decrees: u64) -> Result<Box<dyn Cast>, Failure> {
        let of_synod = decrees == 1;
        Ok(match self {
            Persuasion::Paper if of_synod => Box::new(Priests),
            Persuasion::Paper => Box::new(Legislators),
            Persuasion::Case(Case::Synod(heresy)) if of_synod => Box::new(Believers(heresy.creed)),
            Persuasion::Case(Case::Synod(_)) => {
                return Err("this heresy is the Synod's: leave --decrees out".into());
            }
            _ if of_synod => {
                return Err("this heresy is the Parliament's: say --decrees 10 or so".into());
            }
            Persuasion::Case(Case::Parliament(heresy)) => Box::new(Heretics(heresy.custom)),
            Persuasion::Law(_, custom) => Box::new(Heretics(custom)),
        })
    }

    /// What the gods watch for.
    pub fn watched(self, is_law: bool) -> Vec<Rule> {
        match self {
            Persuasion::Case(Case::Synod(heresy)) => heresy.watched(),
            _ if is_law => Rule::OF_LAW.to_vec(),
            _ => Rule::ALL.to_vec(),
        }
    }
}
