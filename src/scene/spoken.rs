//! How a priest is told: his deeds and their reasons, the guard that kept him from one, his slip.

use std::collections::BTreeSet;

use super::setting::Setting;
use crate::creeds::{Creed, Event};
use crate::explore::conduct::Situation;
use crate::explore::pages::Power;
use crate::explore::story::Chapter;
use crate::synod::{Deed, Status};
use crate::words::message::Kind;
use crate::words::step::Act;
use crate::words::{Name, Step, Vote};

/// The guard that keeps a priest from doing anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The guard and its values: `1.Oki ≤ nextBal 2.Gray`.
    pub guard: String,
    /// Where the paper has it.
    pub section: Option<&'static str>,
}

/// The guard of a letter that was of no use.
pub(super) fn refused(deed: &Deed) -> Option<Refusal> {
    let step = deed.steps().first()?;
    match &step.act {
        Act::Ignores { guard, .. } => {
            Some(Refusal { guard: guard.to_string(), section: step.act.section() })
        }
        Act::Refuses { ballot, next_bal, .. } => Some(Refusal {
            guard: format!("{ballot} < nextBal {next_bal}"),
            section: step.act.section(),
        }),
        _ => None,
    }
}

/// A step and its section.
pub(super) fn told(step: &Step) -> (String, String) {
    (step.act.section().unwrap_or_default().into(), step.to_string())
}

/// His deed at an event and its reason; for a heretic, what the paper would have had him do besides.
pub(super) fn lines(
    before: &Situation,
    event: &Event,
    power: Power,
    setting: &Setting,
) -> Vec<(String, String)> {
    let name = before.priest.name();
    let creed = setting.creed(name);
    if !setting.heretics.contains_key(&name) {
        let steps = before.meet(event, power, creed).map(|it| it.steps).unwrap_or_default();
        return steps.iter().map(told).collect();
    }
    let chapter =
        Chapter { power: Power::Holds, ..Chapter::tell(before, event.clone(), power, creed) };
    let is_told = !chapter.steps.is_empty() || chapter.heresy.is_some();
    let lines = if is_told { chapter.lines() } else { Vec::new() };
    let bare = |(section, line): (String, String)| (section.replace('§', ""), line);
    lines.into_iter().map(bare).collect()
}

/// The line that says what the paper would have had him do, if it is another deed.
pub(super) fn heresy(name: Name, deed: &Deed, honest: &Deed) -> Option<(String, String)> {
    if deed == honest {
        return None;
    }
    let acts: Vec<String> = honest.steps().iter().map(|step| step.act.to_string()).collect();
    let line = if deed.steps() == honest.steps() {
        format!("by the paper {name} does this, and writes or sends other words")
    } else if acts.is_empty() {
        format!("by the paper {name} does nothing here")
    } else {
        format!("by the paper {name} {}", acts.join("; "))
    };
    Some(("heresy".into(), line))
}

/// The guard that keeps him from doing anything, where the paper has it, and a line that tells it.
pub(super) fn refusal(
    before: &Situation,
    event: &Event,
    creed: &dyn Creed,
) -> Option<(Refusal, String)> {
    let guard = before.refusal(event, creed)?;
    let (priest, said) = (before.priest.name(), guard.to_string());
    let (section, line) = match event {
        Event::Try(ballot) => (Some("2.3 (1)"), format!("{priest} does not try {ballot}: {said}")),
        Event::Begin(_) => (Some("2.3 (3)"), format!("{priest} begins nothing: {said}")),
        Event::Read { from, message } => {
            let (kind, ballot) = (message.kind(), message.ballot());
            let ballot = ballot.filter(|_| kind != Kind::Success);
            let act = Act::Ignores { message: kind, from: *from, ballot, guard };
            (act.section(), Step { priest, act }.to_string())
        }
        Event::Hourglass | Event::Return => (None, format!("{priest} does nothing: {said}")),
    };
    Some((Refusal { guard: said, section }, line))
}

/// The entries of a priest's slip of paper, in words; none if it is blank.
pub(super) fn on_slip(status: &Status) -> Vec<(&'static str, String)> {
    match status {
        Status::Idle => Vec::new(),
        Status::Trying { prev_votes } => {
            let vote = |(name, vote): (&Name, &Option<Vote>)| match vote {
                Some(vote) => format!("{name} {} {}", vote.ballot, vote.decree),
                None => format!("{name} null"),
            };
            let votes: Vec<String> = prev_votes.iter().map(vote).collect();
            vec![("status", "trying".into()), ("prevVotes", votes.join(", "))]
        }
        Status::Polling(poll) => {
            let names = |names: &BTreeSet<Name>| {
                names.iter().map(Name::as_str).collect::<Vec<_>>().join(" ")
            };
            vec![
                ("status", "polling".into()),
                ("decree", poll.decree().to_string()),
                ("quorum", names(poll.quorum())),
                ("voters", names(poll.voters())),
            ]
        }
    }
}
