//! A run, told event by event with its sections.

use std::collections::BTreeMap;
use std::fmt;

use super::conduct::{Situation, Upshot};
use super::pages::Power;
use crate::creeds::{Creed, Event, Orthodox};
use crate::invariants::Breach;
use crate::trace::Happening;
use crate::words::guard::Set;
use crate::words::step::Act;
use crate::words::{Ballot, DecreeNumber, Entry, Founding, Name, Step, Vote};

/// B of each decree number. `[PTP §3.1]`
pub type Ballots = BTreeMap<DecreeNumber, Vec<Ballot>>;

/// A run that ends in a broken rule.
#[derive(Clone, Debug)]
pub struct Story {
    /// The members of the Parliament.
    pub founding: Founding,
    /// The events, in order.
    pub chapters: Vec<Chapter>,
    /// Which rules the last event broke.
    pub breaches: Vec<Breach>,
    /// B at the end: the ballots of each decree number.
    pub ballots: Ballots,
}

/// One event of a run.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// To whom it happened.
    pub priest: Name,
    /// The event.
    pub event: Event,
    /// Whether the power held.
    pub power: Power,
    /// His acts, with their reasons.
    pub steps: Vec<Step>,
    /// Where he did what no priest does: what a priest would have done.
    pub heresy: Option<String>,
    /// Where he began a ballot for another decree than B3 demands: the votes that demand it.
    pub unheeded: BTreeMap<DecreeNumber, Vote>,
    /// All of it in its order, as a trace tells it.
    pub course: Vec<Happening>,
    /// Those of the inked rows that stay in his ledger.
    pub stays: Vec<Entry>,
}

impl Chapter {
    /// Tells one event.
    #[must_use]
    pub fn tell(before: &Situation, event: Event, power: Power, creed: &dyn Creed) -> Chapter {
        let upshot = before.meet(&event, power, creed);
        let honest = before.meet(&event, power, &Orthodox);
        let bound = honest.as_ref().map(|it| bound(&it.steps)).unwrap_or_default();
        let heresy = (upshot != honest).then(|| paper(before, &event, upshot.as_ref(), honest));
        Chapter::of(before.priest.name(), event, power, upshot, heresy).heedless_of(bound)
    }

    /// The result of an event, and the result that the paper demands if that is another.
    pub(crate) fn of<S>(
        priest: Name,
        event: Event,
        power: Power,
        upshot: Option<Upshot<S>>,
        heresy: Option<String>,
    ) -> Chapter {
        let (steps, course, stays) =
            upshot.map(|it| (it.steps, it.course, it.stays)).unwrap_or_default();
        Chapter { priest, event, power, steps, heresy, unheeded: BTreeMap::new(), course, stays }
    }

    /// The same, where these votes would have bound a priest who keeps to the paper.
    fn heedless_of(self, bound: BTreeMap<DecreeNumber, Vote>) -> Chapter {
        let mut unheeded = bound;
        unheeded.retain(|number, vote| {
            self.steps.iter().any(|step| {
                matches!(&step.act, Act::Begins { number: n, decree, .. } if n == number && *decree != vote.decree)
            })
        });
        Chapter { unheeded, ..self }
    }

    /// A step and its reason; a heretic's reason is not taken for B3's.
    fn told(&self, step: &Step) -> String {
        match &step.act {
            Act::Begins { ballot, number, decree, quorum, .. }
                if let Some(vote) = self.unheeded.get(number) =>
            {
                let Vote { priest, ballot: earlier, decree: demanded } = vote;
                format!(
                    "{} begins {ballot} for “{decree}”: {} is a majority, but B3 demands “{demanded}”, since {priest} voted for it in {earlier}",
                    step.priest,
                    Set(quorum)
                )
            }
            _ => step.to_string(),
        }
    }
}

/// The votes that bind, by B3, the ballots begun in these steps.
fn bound(steps: &[Step]) -> BTreeMap<DecreeNumber, Vote> {
    let vote = |step: &Step| match &step.act {
        Act::Begins { number, bound_by: Some(vote), .. } => Some((*number, vote.clone())),
        _ => None,
    };
    steps.iter().filter_map(vote).collect()
}

/// The act that the paper demands instead.
fn paper(
    before: &Situation,
    event: &Event,
    upshot: Option<&Upshot>,
    honest: Option<Upshot>,
) -> String {
    let name = before.priest.name();
    match (before.refusal(event, &Orthodox), honest) {
        (Some(guard), _) => format!("by the paper {name} does nothing here: {guard}"),
        (None, Some(honest)) if upshot.is_none_or(|upshot| upshot.steps != honest.steps) => {
            let acts: Vec<String> = honest.steps.iter().map(|step| step.act.to_string()).collect();
            format!("by the paper {name} {}", acts.join("; "))
        }
        (None, Some(_)) => format!("by the paper {name} does this, and keeps other notes of it"),
        (None, None) => format!("by the paper {name} does nothing here"),
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, chapter) in self.chapters.iter().enumerate() {
            let mut number = format!("{:>3}", at + 1);
            for (section, line) in chapter.lines() {
                writeln!(f, "{number}  {section:<9}  {line}")?;
                number = "   ".into();
            }
        }
        for breach in &self.breaches {
            let (rule, why) = (breach.rule, &breach.why);
            let section = format!("§{}", rule.section());
            writeln!(f, "     {section:<9}  {rule} is broken: {why}")?;
        }
        Ok(())
    }
}

impl Chapter {
    /// The lines that tell it, each with its section.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, String)> {
        let mut lines: Vec<(String, String)> = self
            .steps
            .iter()
            .map(|step| {
                (step.act.section().map_or(String::new(), |s| format!("§{s}")), self.told(step))
            })
            .collect();
        if lines.is_empty() {
            lines.extend(self.line_without_steps());
        }
        if let Some(heresy) = &self.heresy {
            lines.push(("heresy".into(), heresy.clone()));
        }
        if self.power == Power::Fails {
            let line = "the power fails before the ink is dry; he returns to his ledger";
            lines.push(("§2.2".into(), format!("{}: {line}", self.priest)));
        }
        lines
    }

    fn line_without_steps(&self) -> Option<(String, String)> {
        let name = self.priest;
        let line = match &self.event {
            Event::Return => format!("{name} leaves, loses his slip, and returns to his ledger"),
            Event::Read { from, message } => format!("{name} reads {} of {from}", message.kind()),
            Event::Try(_) | Event::Begin(_) | Event::Hourglass => return None,
        };
        Some(("§2.2".into(), line))
    }
}
