//! A run that goes on: its last events, what stood before them, and what stands now.
//!
//! However long a chamber sits, this holds no more than its last events and its last decrees.

use std::collections::VecDeque;
use std::sync::Arc;

use super::flight;
use super::hue::Hues;
use super::judged::{Judged, Verdict};
use super::record::Record;
use super::scene::Scene;
use super::teller::{Teller, Told};
use crate::trace::Happening;
use crate::words::{DecreeNumber, Entry, Founding, Name};

/// How many decrees are remembered; twice as many, between two forgettings.
pub const REMEMBERED: DecreeNumber = 4_096;

/// How many times as much talk as story is told, when one begins to watch.
const MOST_TALK: usize = 20;

/// A run that goes on.
#[derive(Debug)]
pub struct Live {
    teller: Teller,
    before: Scene,
    kept: VecDeque<Kept>,
    /// How many rows were told so far, talk aside.
    rows: u64,
    /// How many events are kept; at times twice as many.
    most: usize,
    hues: Hues,
    inside: Arc<[Name]>,
    latest: Option<(DecreeNumber, String)>,
    forgotten_before: DecreeNumber,
    judged: Judged,
    judged_to: Option<u64>,
    unjudged: Option<String>,
}

/// An event that is kept.
#[derive(Debug)]
pub struct Kept {
    /// The event.
    pub told: Told,
    /// The priests in the Chamber after the event.
    pub inside: Arc<[Name]>,
    /// The hue of its ballot.
    pub hue: Option<usize>,
    /// How many rows were told through this event, talk aside.
    pub rows: u64,
}

impl Kept {
    /// Whether it is beside the story: talk, or what a priest tells himself.
    #[must_use]
    pub fn is_aside(&self) -> bool {
        let letter = self.told.happening().letter();
        letter.is_some_and(|(from, to, message)| from == to || flight::is_talk(message))
    }
}

impl Live {
    /// Begins with the founding, and keeps the last `most` events, at least two.
    #[must_use]
    pub fn of(founding: Founding, most: usize) -> Live {
        Live {
            before: Scene::founded(&founding),
            teller: Teller::new(founding),
            kept: VecDeque::new(),
            rows: 0,
            most: most.max(2),
            hues: Hues::default(),
            inside: Arc::new([]),
            latest: None,
            forgotten_before: 0,
            judged: Judged::default(),
            judged_to: None,
            unjudged: None,
        }
    }

    /// Goes on by these events; those that would not be kept anyway are not told.
    pub fn go_on(&mut self, mut records: Vec<Record>) {
        let told = records.split_off(self.first_to_keep(&records));
        if !records.is_empty() {
            self.kept.clear();
            for record in &records {
                self.teller.pass_over(record);
                self.count(record);
                self.take_down(&record.event.happening);
            }
            self.before = self.teller.scene().clone();
        }
        for record in told {
            self.count(&record);
            self.take_down(&record.event.happening);
            let told = self.teller.tell(record, self.judged_to.map(|_| &self.judged));
            let hue = told.ballot().map(|ballot| self.hues.meet(ballot));
            let (inside, rows) = (Arc::clone(&self.inside), self.rows);
            self.kept.push_back(Kept { told, inside, hue, rows });
        }
        self.drop_the_oldest();
    }

    /// Counts a row: what is inked in a ledger, or stands in a messagebook.
    fn count(&mut self, record: &Record) {
        self.rows += match &record.event.happening {
            Happening::Ink { .. } => 1,
            Happening::Send { from, to, .. } if from != to && !is_talk(record) => 1,
            _ => 0,
        };
    }

    /// Where the last events begin; talk does not count, unless there is very much of it.
    fn first_to_keep(&self, records: &[Record]) -> usize {
        let mut story = records.iter().enumerate().rev().filter(|(_, record)| !is_talk(record));
        let first = story.nth(self.most - 1).map_or(0, |(first, _)| first);
        first.max(records.len().saturating_sub(self.most * MOST_TALK))
    }

    /// Drops old events when there are twice as many as wanted: talk first, so that the presence
    /// letters of an idle Parliament do not push its story out.
    fn drop_the_oldest(&mut self) {
        if self.kept.len() <= 2 * self.most {
            return;
        }
        let recent = self.kept[self.kept.len() - self.most / 2].told.record.event.seq;
        let before = &mut self.before;
        self.kept.retain(|Kept { told, .. }| {
            let stays = !is_talk(&told.record) || told.record.event.seq >= recent;
            // Talk leaves nothing on a desk, so it may be taken down before its time.
            if !stays {
                before.take_down(told.happening());
            }
            stays
        });
        for Kept { told, .. } in self.kept.drain(..self.kept.len().saturating_sub(self.most)) {
            before.take_down(told.happening());
        }
    }

    /// The first decree that is remembered, when it is time to forget those before it.
    #[must_use]
    pub fn forget(&mut self) -> Option<DecreeNumber> {
        let latest = self.latest.as_ref().map_or(0, |(number, _)| *number);
        let number = latest.saturating_sub(REMEMBERED);
        if number < self.forgotten_before + REMEMBERED {
            return None;
        }
        self.forgotten_before = number;
        self.teller.forget_before(number);
        self.before.forget_before(number);
        Some(number)
    }

    fn take_down(&mut self, happening: &Happening) {
        match happening {
            Happening::Enter(name) if !self.inside.contains(name) => {
                self.inside = self.inside.iter().copied().chain([*name]).collect();
            }
            Happening::Leave(name) => {
                self.inside = self.inside.iter().copied().filter(|n| n != name).collect();
            }
            Happening::Ink { entry: Entry::Outcome { number, decree, .. }, .. }
                if self.latest.as_ref().is_none_or(|(latest, _)| latest < number) =>
            {
                self.latest = Some((*number, decree.text().to_owned()));
            }
            _ => {}
        }
    }

    /// The founding decree.
    #[must_use]
    pub const fn founding(&self) -> &Founding {
        self.teller.founding()
    }

    /// Everyone who has a ledger, in alphabetical order.
    #[must_use]
    pub fn priests(&self) -> Vec<Name> {
        self.teller.scene().desks.keys().copied().collect()
    }

    /// The events kept, in order.
    #[must_use]
    pub const fn kept(&self) -> &VecDeque<Kept> {
        &self.kept
    }

    /// The decree with the largest number that anyone has inked.
    #[must_use]
    pub fn latest(&self) -> Option<(DecreeNumber, &str)> {
        self.latest.as_ref().map(|(number, text)| (*number, text.as_str()))
    }

    /// Takes the auditor's judgment of the records, in which every event through this number was
    /// heard.
    pub fn judge(&mut self, judged: Judged, through: u64) {
        (self.judged, self.judged_to, self.unjudged) = (judged, Some(through), None);
    }

    /// Takes the reason why the auditor cannot judge the records as they stand.
    pub fn cannot_be_judged(&mut self, why: &str) {
        self.unjudged = Some(why.into());
    }

    /// Why the records cannot be judged, since the last judgment.
    #[must_use]
    pub fn unjudged(&self) -> Option<&str> {
        self.unjudged.as_deref()
    }

    /// The auditor's last verdict.
    #[must_use]
    pub const fn judged(&self) -> &Judged {
        &self.judged
    }

    /// Through which event the records were judged; `None` before the first judgment.
    #[must_use]
    pub const fn judged_to(&self) -> Option<u64> {
        self.judged_to
    }

    /// Whether the ballots on these decrees keep B1, B2 and B3, as far as they are judged.
    #[must_use]
    pub fn verdict(&self, scene: &Scene, numbers: &[DecreeNumber]) -> Verdict {
        let judged =
            |number: &DecreeNumber| self.judged.verdict(*number, scene.ballots.on(*number));
        match self.judged_to {
            Some(_) => numbers.iter().map(judged).fold(Verdict::KEPT, Verdict::and),
            None => Verdict::UNKNOWN,
        }
    }

    /// How far the auditor has judged, in words.
    #[must_use]
    pub fn how_far(&self) -> String {
        match (&self.unjudged, self.judged_to) {
            (Some(why), _) => format!("not judged: {why}"),
            (None, None) => "not judged yet".into(),
            (None, Some(through)) => format!("judged through step {through}"),
        }
    }

    /// The number of the last event told.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.kept.back().map_or(0, |kept| kept.told.record.event.seq)
    }

    /// The hues of the ballots.
    #[must_use]
    pub const fn hues(&self) -> &Hues {
        &self.hues
    }

    /// The present state.
    #[must_use]
    pub const fn now(&self) -> &Scene {
        self.teller.scene()
    }

    /// The state after the event at this place among those kept.
    #[must_use]
    pub fn scene_after(&self, place: usize) -> Scene {
        let mut scene = self.before.clone();
        for kept in self.kept.iter().take(place + 1) {
            scene.take_down(kept.told.happening());
        }
        scene
    }
}

fn is_talk(record: &Record) -> bool {
    record.event.happening.letter().is_some_and(|(_, _, message)| flight::is_talk(message))
}
