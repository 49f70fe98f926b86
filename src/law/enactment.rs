//! The law of Paxos: the state machine that its decrees drive. `[PTP §3.3, §4.1]`

use super::areas;
use super::grammar::Meaning;
use super::matters::Matters;
use super::membership::Seats;
use super::near_miss::Form;
use super::offices::Offices;
use super::phrase::Phrase;
use super::places::Places;
use super::response::{Declared, Refusal, Response};
use super::state_machine::StateMachine;
use crate::words::{Decree, DecreeNumber, Founding};

/// The law of Paxos: matters, seats and offices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Law {
    /// The law on each matter.
    pub matters: Matters,
    /// The members of Parliament.
    pub seats: Seats,
    /// The holders of the offices.
    pub offices: Offices,
    /// The machines on which legislators live, if decrees named them.
    pub places: Places,
}

impl Law {
    /// The law as of decree 0, which only names the legislators.
    #[must_use]
    pub fn founded(founding: &Founding) -> Law {
        let seats = Seats::founded(founding);
        Law {
            matters: Matters::default(),
            seats,
            offices: Offices::default(),
            places: Places::default(),
        }
    }

    /// Whether the law has this matter or office.
    #[must_use]
    pub fn knows(&self, topic: &Phrase) -> bool {
        self.matters.get(topic).is_some() || !self.offices.terms(topic).is_empty()
    }

    /// Applies the meaning of decree `number` to the law.
    fn enact(&mut self, number: DecreeNumber, meaning: Meaning) -> Result<Response, Refusal> {
        let response = match meaning {
            Meaning::Declares { matter, value, provided } => {
                self.declare(number, matter, value, provided)
            }
            Meaning::Sweeps { clauses } => self.sweep(number, clauses)?,
            Meaning::Repeals { matter } => {
                let was = self.matters.repeal(&matter).map(|statute| statute.value);
                Response::Repealed { matter, was }
            }
            Meaning::Seats { name, weight, .. } => {
                let was = self.seats.latest().weights().find(|(member, _)| *member == name);
                let was = was.map(|(_, weight)| weight);
                self.seat(number, &meaning)?;
                let votes_from = self.seats.in_force_from(number);
                let machine = self.places.of(name);
                Response::Seated { name, weight, was, votes_from, machine }
            }
            Meaning::Unseats { name } => {
                self.seats.enact(number, &meaning)?;
                Response::Unseated { name, votes_before: self.seats.in_force_from(number) }
            }
            Meaning::Appoints { proposed, name, office, months } => {
                let at = self.offices.proposed(number, proposed);
                let term = self.offices.appoint(number, at, name, office.clone(), months)?;
                Response::Appointed { office, term }
            }
            Meaning::Resigns { proposed, name, office } => {
                let at = self.offices.proposed(number, proposed);
                self.offices.resign(at, name, &office)?;
                Response::Resigned { name, office, at }
            }
            Meaning::TakesOffice { proposed, name, office } => {
                self.offices.proposed(number, proposed);
                self.offices.take(number, proposed, name, &office)?;
                Response::TookOffice { name, office, at: proposed }
            }
            Meaning::Reads { citizen } => {
                Response::MayRead { citizen, through: number.saturating_sub(1) }
            }
            Meaning::OliveDay => Response::OliveDay,
            Meaning::Words(decree) => {
                let resembles = Form::resembled_by_words(&decree);
                Response::Stands { decree, resembles }
            }
        };
        Ok(response)
    }

    /// Seats somebody, and sets his machine if this decree is the first that seats him.
    ///
    /// # Errors
    /// As [`Seats::enact`].
    pub(super) fn seat(
        &mut self,
        number: DecreeNumber,
        meaning: &Meaning,
    ) -> Result<bool, Refusal> {
        let Meaning::Seats { name, machine, .. } = meaning else {
            return Ok(self.seats.enact(number, meaning)?.is_some());
        };
        let is_new = !self.seats.ever_had(*name);
        let has_changed = self.seats.enact(number, meaning)?.is_some();
        if let Some(machine) = machine.filter(|_| is_new && has_changed) {
            self.places.settle(*name, number, machine);
        }
        Ok(has_changed)
    }

    fn declare(
        &mut self,
        number: DecreeNumber,
        matter: Phrase,
        value: Phrase,
        provided: Option<Phrase>,
    ) -> Response {
        let is = self.matters.get(&matter).map(|statute| statute.value.clone());
        match provided {
            Some(provided) if is.as_ref() != Some(&provided) => {
                Response::NotAsProvided { matter, provided, is }
            }
            _ => Response::Declared(self.restate(number, matter, value)),
        }
    }

    fn restate(&mut self, number: DecreeNumber, matter: Phrase, value: Phrase) -> Declared {
        let was = self.matters.declare(number, matter.clone(), value.clone());
        Declared { matter, value, was: was.map(|statute| statute.value) }
    }

    /// Applies all clauses of a sweeping change, or none. `[PTP §3.3.4]`
    fn sweep(
        &mut self,
        number: DecreeNumber,
        clauses: Vec<(Phrase, Phrase)>,
    ) -> Result<Response, Refusal> {
        let matters = clauses.iter().map(|(matter, _)| matter);
        if let [one, other, ..] = areas::specialists(&self.offices, matters)[..] {
            return Err(Refusal::SeveralSpecialists { one, other });
        }
        let clauses = clauses.into_iter();
        let declared = clauses.map(|(matter, value)| self.restate(number, matter, value));
        Ok(Response::Swept { declared: declared.collect() })
    }
}

impl StateMachine for Law {
    type Response = Response;

    fn apply(&mut self, number: DecreeNumber, decree: &Decree) -> Response {
        let meaning = Meaning::of(decree.text());
        self.enact(number, meaning).unwrap_or_else(|why| Response::Refused { why })
    }
}
