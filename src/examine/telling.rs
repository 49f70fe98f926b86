//! The shortest run in which a novice breaks a rule, told with what the paper has him do.

use std::collections::BTreeMap;

use super::hall::{Hall, Member};
use crate::creeds::forgery::Forgery;
use crate::creeds::{Event, Orthodox};
use crate::explore::conduct::{Situation, Upshot};
use crate::explore::pages::Power;
use crate::explore::story::{Chapter, Story};
use crate::explore::world::World;
use crate::records::ledger_row::LedgerPen;
use crate::synod::Letter;
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::{Entry, Name};

/// A run that ends in a broken rule, and the step of the novice that led there.
#[derive(Clone, Debug)]
pub struct Conviction {
    /// The run.
    pub story: Story,
    /// The last step at which the novice did other than the paper has it, if there is one.
    pub sin: Option<Sin>,
}

/// A step of a novice at which the paper has him do otherwise.
#[derive(Clone, Debug)]
pub struct Sin {
    /// Which event of the run, from 1.
    pub event: usize,
    /// The question to him.
    pub question: String,
    /// His answer.
    pub answer: String,
    /// His deed by the paper.
    pub paper: String,
    /// His ledger before, row by row.
    pub ledger: Vec<String>,
    /// The rows that he inked.
    pub inked: Vec<String>,
}

impl Hall<'_> {
    /// Goes through a run again, and notes beside each step of a novice what the paper has him do.
    pub(super) fn convict(&self, mut story: Story) -> Conviction {
        let mut members: BTreeMap<Name, Member> = BTreeMap::new();
        let mut shadows: BTreeMap<Name, Situation> = BTreeMap::new();
        for name in story.founding.membership.names() {
            let member = self.enter(name);
            shadows.insert(name, member.seat.clone());
            members.insert(name, member);
        }
        let mut sin = None;
        for (at, chapter) in story.chapters.iter_mut().enumerate() {
            let Chapter { priest, event, power, .. } = &*chapter;
            let (Some(member), Some(shadow)) = (members.get_mut(priest), shadows.get_mut(priest))
            else {
                continue;
            };
            let upshot = self.meet(member, event, *power);
            if member.is_novice {
                let paper = compare(shadow, event, *power, member, upshot.as_ref());
                if let Some(paper) = paper {
                    sin = Some(self.sin(at + 1, member, event, upshot.as_ref(), &paper));
                    chapter.heresy = Some(paper);
                }
            }
            if let Some(upshot) = upshot {
                *member = upshot.after;
            }
        }
        Conviction { story, sin }
    }

    fn sin(
        &self,
        event: usize,
        member: &Member,
        happened: &Event,
        upshot: Option<&Upshot<Member>>,
        paper: &str,
    ) -> Sin {
        let question = member.question(happened);
        let answer = self.answer(&question).map(|answer| answer.line()).unwrap_or_default();
        let by_hand = |rows: &[Entry]| rows.iter().map(LedgerPen::by_hand).collect();
        let inked = upshot.map(inked).unwrap_or_default();
        Sin {
            event,
            question: question.line(),
            answer,
            paper: paper.into(),
            ledger: by_hand(member.seat.pages.rows()),
            inked: by_hand(&inked),
        }
    }
}

/// His deed by the paper, if he does otherwise. The shadow is a priest of the house who stood
/// where he stood; from a step on that differs he keeps to the novice's ledger.
fn compare(
    shadow: &mut Situation,
    event: &Event,
    power: Power,
    before: &Member,
    upshot: Option<&Upshot<Member>>,
) -> Option<String> {
    let honest = shadow.meet(event, power, &Orthodox);
    let done = |rows: Vec<Entry>, letters: &[Letter]| {
        let mut letters: Vec<String> = letters.iter().map(|letter| format!("{letter:?}")).collect();
        letters.sort();
        (rows, letters)
    };
    let his = upshot.map(|it| done(inked(it), &it.letters)).unwrap_or_default();
    let papers = honest.as_ref().map(|it| done(inked(it), &it.letters)).unwrap_or_default();
    let same = his == papers;
    let paper = (!same).then(|| paper(shadow, event, honest.as_ref()));
    if let Some(honest) = honest {
        *shadow = honest.after;
    }
    if !same {
        let pages = upshot.map_or(&before.seat.pages, |it| &it.after.seat.pages).clone();
        let noted = upshot.map_or(&before.seat.priest, |it| &it.after.seat.priest);
        let (mut forgery, his) = (Forgery::of(&shadow.priest), Forgery::of(noted));
        (forgery.last_tried, forgery.next_bal) = (his.last_tried, his.next_bal);
        (forgery.prev_vote, forgery.outcome) = (his.prev_vote, his.outcome);
        forgery.pass_off(&mut shadow.priest);
        shadow.pages = pages;
    }
    paper
}

/// The rows that were inked, dry or not.
fn inked<S>(upshot: &Upshot<S>) -> Vec<Entry> {
    let row = |happening: &Happening| match happening {
        Happening::Ink { entry, .. } => Some(entry.clone()),
        _ => None,
    };
    upshot.course.iter().filter_map(row).collect()
}

/// A priest's deed by the paper.
fn paper(shadow: &Situation, event: &Event, honest: Option<&Upshot>) -> String {
    let name = shadow.priest.name();
    match (shadow.refusal(event, &Orthodox), honest) {
        (Some(guard), _) => format!("by the paper {name} does nothing here: {guard}"),
        (None, Some(honest)) => {
            let acts: Vec<String> = honest.steps.iter().map(|step| step.act.to_string()).collect();
            let letters = sent(&honest.letters);
            let letters = if letters.is_empty() { letters } else { format!("; sends {letters}") };
            format!("by the paper {name} {}{letters}", acts.join("; "))
        }
        (None, None) => format!("by the paper {name} does nothing here"),
    }
}

/// Letters in a few words: `Voted 9.Dwork to Dwork`; one to several is told once.
pub(super) fn sent(letters: &[Letter]) -> String {
    let mut all: Vec<(String, Vec<&str>)> = Vec::new();
    for letter in letters {
        let ballot = letter.message.ballot().map(|it| format!(" {it}")).unwrap_or_default();
        let told = format!("{}{ballot} to ", letter.message.kind());
        match all.iter_mut().find(|(it, _)| *it == told) {
            Some((_, to)) => to.push(letter.to.as_str()),
            None => all.push((told, vec![letter.to.as_str()])),
        }
    }
    let one = |(told, to): (String, Vec<&str>)| told + &to.join(", ");
    all.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Conviction {
    /// The run, a few lines for each event.
    #[must_use]
    pub fn lines(&self, is_novice: impl Fn(Name) -> bool) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        for (at, chapter) in self.story.chapters.iter().enumerate() {
            let mut told = told(chapter, is_novice(chapter.priest));
            for (nth, (section, line)) in told.drain(..).enumerate() {
                let number = if nth == 0 { (at + 1).to_string() } else { String::new() };
                lines.push((format!("{number:>3}  {section:<9}"), line));
            }
        }
        lines
    }
}

/// An event, told; of a novice what he inks and sends, without a reason: nobody knows his.
fn told(chapter: &Chapter, is_novice: bool) -> Vec<(String, String)> {
    if !is_novice {
        return chapter.lines();
    }
    let name = chapter.priest;
    let happened = match &chapter.event {
        Event::Try(ballot) => format!("{name} may try {ballot}"),
        Event::Begin(wish) => format!("{name} may begin his ballot, for “{wish}”"),
        Event::Read { from, message } => {
            let ballot = message.ballot().map(|it| format!(" {it}")).unwrap_or_default();
            format!("{name} reads {}{ballot} of {from}", message.kind())
        }
        Event::Return | Event::Hourglass => return chapter.lines(),
    };
    let (mut rows, mut letters) = (Vec::new(), Vec::new());
    for happening in &chapter.course {
        match happening {
            Happening::Ink { entry, .. } => rows.push(row(entry)),
            Happening::Send { to, message, .. } => {
                letters.push(Letter { to: *to, message: message.clone() });
            }
            _ => {}
        }
    }
    let mut does = Vec::new();
    if !rows.is_empty() {
        does.push(format!("inks {}", rows.join(", ")));
    }
    if !letters.is_empty() {
        does.push(format!("sends {}", sent(&letters)));
    }
    let does = if does.is_empty() { "keeps something on his slip".into() } else { does.join("; ") };
    let section = section(&chapter.event).unwrap_or_default().to_owned();
    let mut lines = vec![(section, format!("{happened}: {does}"))];
    let more = chapter.lines().into_iter().filter(|(section, _)| section == "heresy");
    lines.extend(more.map(|(_, line)| ("!".into(), line)));
    if chapter.power == Power::Fails {
        let line = "the power fails before the ink is dry; he returns to his ledger";
        lines.push(("§2.2".into(), format!("{name}: {line}")));
    }
    lines
}

/// A row in a few words: `prevVote 9.Dwork “α”`.
fn row(entry: &Entry) -> String {
    match entry {
        Entry::Outcome { decree, .. } => format!("outcome “{decree}”"),
        Entry::LastTried { ballot } | Entry::NextBal { ballot } => {
            format!("{} {ballot}", entry.kind())
        }
        Entry::PrevVote { ballot, decree, .. } => format!("prevVote {ballot} “{decree}”"),
        Entry::BeginBallot { ballot, decree, quorum, .. } => {
            let names: Vec<&str> = quorum.iter().map(Name::as_str).collect();
            format!("beginBallot {ballot} “{decree}” with {}", names.join(", "))
        }
        Entry::Entered | Entry::Book(_) => entry.kind().into(),
    }
}

/// Where the paper tells what to do at this event.
fn section(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Try(_) => "§2.3 (1)",
        Event::Begin(_) => "§2.3 (3)",
        Event::Read { message, .. } => match message.kind() {
            Kind::NextBallot => "§2.3 (2)",
            Kind::LastVote => "§2.3 (3)",
            Kind::BeginBallot => "§2.3 (4)",
            Kind::Voted => "§2.3 (5)",
            Kind::Success => "§2.3 (6)",
            _ => return None,
        },
        Event::Return | Event::Hourglass => return None,
    })
}
