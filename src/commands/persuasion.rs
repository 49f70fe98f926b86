//! The belief of simulated priests: the paper, or a heresy of either table.

use crate::heresies::{Held, Heresy};
use crate::invariants::Invariant;
use crate::simulator::{Believers, Cast, Heretics, Legislators, Priests};

use super::Failure;
use super::explore::{in_a_line, named};

/// How many decrees a Parliament of heretics is asked for unless told.
const PARLIAMENTS_DECREES: u64 = 20;

/// The belief of simulated priests.
#[derive(Clone, Copy)]
pub(super) enum Persuasion {
    /// The paper.
    Paper,
    /// A heresy or a control.
    Heresy(&'static Heresy),
}

impl Persuasion {
    /// The persuasion of that name.
    pub fn named(name: &str) -> Result<Persuasion, Failure> {
        let heresy = named(name)?;
        if matches!(heresy.held, Held::Ledgers) {
            return Err(format!(
                "{name} is a heresy of the law that no simulation shows: parliament heresies --run does"
            )
            .into());
        }
        Ok(Persuasion::Heresy(heresy))
    }

    /// Its name, unless it is the paper.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Persuasion::Paper => None,
            Persuasion::Heresy(heresy) => Some(heresy.name),
        }
    }

    /// Its description, in a line.
    pub fn in_a_line(self) -> Option<String> {
        match self {
            Persuasion::Paper => None,
            Persuasion::Heresy(heresy) => Some(in_a_line(heresy)),
        }
    }

    /// How many decrees are petitioned for, if the user does not say. For the paper, `is_law` says
    /// whether they are more than the Synod's.
    pub fn decrees(self, is_law: bool) -> u64 {
        match self {
            Persuasion::Paper if !is_law => 1,
            Persuasion::Heresy(heresy) if heresy.creed().is_some() => 1,
            _ => PARLIAMENTS_DECREES,
        }
    }

    /// Whether it offends what the Parliament came to only with time, so that it shows only where
    /// citizens petition for changes of the law. `[PTP §3.3]`
    pub fn is_of_the_law(self) -> bool {
        match self {
            Persuasion::Paper => false,
            Persuasion::Heresy(heresy) => {
                let is_of_parliament = heresy.custom().is_some();
                heresy.stories().is_some() || is_of_parliament && heresy.section.starts_with("3.3")
            }
        }
    }

    /// Those who hold it, when this many decrees are asked for.
    pub fn cast(self, decrees: u64) -> Result<Box<dyn Cast>, Failure> {
        let of_synod = decrees == 1;
        let held = match self {
            Persuasion::Paper if of_synod => return Ok(Box::new(Priests)),
            Persuasion::Paper => return Ok(Box::new(Legislators)),
            Persuasion::Heresy(heresy) => heresy.held,
        };
        Ok(match held {
            Held::Priests(creed, _) if of_synod => Box::new(Believers(creed)),
            Held::Priests(..) => {
                return Err("this heresy is the Synod's: leave --decrees out".into());
            }
            Held::Legislators(custom) if !of_synod => Box::new(Heretics(custom)),
            Held::Legislators(_) | Held::Ledgers => {
                return Err("this heresy is the Parliament's: say --decrees 10 or so".into());
            }
        })
    }

    /// The rules to watch for.
    pub fn watched(self, is_law: bool) -> Vec<Invariant> {
        match self {
            Persuasion::Heresy(heresy) if heresy.creed().is_some() => heresy.watched(),
            _ if is_law => Invariant::OF_LAW.to_vec(),
            _ => Invariant::OF_SYNOD.to_vec(),
        }
    }
}
