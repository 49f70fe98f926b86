//! Offers: what may be done at a moment, and what would come of it, found by doing it on a copy.
//!
//! A move that cannot be made is offered too, with the guard that fails: a letter may be delivered all the
//! same, and the priest ignores it.

use std::sync::Arc;

use super::judge::Broken;
use super::moves::{CrashAt, Move};
use super::seat::{Mind, Seat};
use super::setting::Level;
use super::spoken::Refusal;
use super::stage::Scene;
use super::told::{Carried, Happened, Told};
use crate::words::{BallotNumber, Entry, Name};

/// Something that may be done.
#[derive(Clone)]
pub struct Offer {
    /// The move.
    pub by: Move,
    /// To whom it happens; nobody if time goes by.
    pub who: Option<Name>,
    /// The letter it is about.
    pub letter: Option<Arc<Carried>>,
    /// How many copies of that letter are under way.
    pub copies: usize,
    /// Where the paper has it.
    pub section: String,
    /// Why nothing would come of it; `None` if it can be done.
    pub refusal: Option<Refusal>,
    /// The consequence.
    pub told: Told,
    /// The rules that it would break and that hold now.
    pub breaks: Vec<Broken>,
}

impl Offer {
    /// Whether something comes of it.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.refusal.is_none()
    }

    /// The rows it would ink.
    pub fn inks(&self) -> impl Iterator<Item = (Name, &Entry)> {
        self.told.events.iter().filter_map(|event| match event {
            Happened::Inks { who, row } => Some((*who, &**row)),
            _ => None,
        })
    }

    /// The letters it would send.
    pub fn sends(&self) -> impl Iterator<Item = &Arc<Carried>> {
        self.told.events.iter().filter_map(|event| match event {
            Happened::Sends(carried) => Some(carried),
            _ => None,
        })
    }
}

impl Scene {
    /// Everything that may be done now: first the letters, the oldest first, then the deeds.
    #[must_use]
    pub fn offers(&self) -> Vec<Offer> {
        let mut offers = Offers { scene: self, broken: self.broken(), all: Vec::new() };
        offers.of_letters();
        for seat in self.seats.values() {
            offers.of_priest(seat);
        }
        offers.of_time();
        offers.all
    }
}

struct Offers<'a> {
    scene: &'a Scene,
    broken: Vec<Broken>,
    all: Vec<Offer>,
}

impl Offers<'_> {
    /// The consequence of a move.
    fn try_out(&self, by: &Move, who: Option<Name>, section: &str) -> Option<Offer> {
        let mut after = self.scene.clone();
        let (by, told) = after.play(by).ok()?;
        let said = told.events.iter().find_map(|event| match event {
            Happened::Said { section, .. } if section.starts_with(char::is_numeric) => {
                Some(section.clone())
            }
            _ => None,
        });
        let refusal = told.refusal.clone();
        let refused = refusal.as_ref().and_then(|it| it.section.map(Into::into));
        let section = refused.or(said).unwrap_or_else(|| section.to_owned());
        let mut breaks = after.broken();
        breaks.retain(|it| !self.broken.iter().any(|known| known.rule == it.rule));
        Some(Offer { by, who, letter: None, copies: 0, section, refusal, told, breaks })
    }

    fn add(&mut self, by: &Move, who: Option<Name>, section: &str) {
        let offer = self.try_out(by, who, section);
        self.all.extend(offer);
    }

    /// Deliver, lose, repeat: each letter once, however many copies of it are under way.
    fn of_letters(&mut self) {
        let scene = self.scene;
        let mut seen: Vec<&Carried> = Vec::new();
        for carried in &scene.bag {
            let same = |it: &Carried| (it.from, &it.letter) == (carried.from, &carried.letter);
            if seen.iter().any(|it| same(it)) {
                continue;
            }
            seen.push(carried);
            let copies = scene.bag.iter().filter(|it| same(it)).count();
            let (which, to) = (scene.describe(carried), carried.letter.to);
            let offers = [
                self.try_out(&Move::Deliver(which), Some(to), "2.3"),
                self.try_out(&Move::Lose(which), Some(to), "2.1"),
                self.try_out(&Move::Repeat(which), Some(to), "2.1"),
            ];
            let letter = Some(Arc::clone(carried));
            let of = |offer| Offer { letter: letter.clone(), copies, ..offer };
            self.all.extend(offers.into_iter().flatten().map(of));
        }
    }

    fn of_priest(&mut self, seat: &Seat) {
        let who = seat.name;
        if !seat.is_present {
            self.add(&Move::Enter { who, wish: None, appointed: false }, Some(who), "2.2");
            if self.scene.level() == Level::Synod {
                for wish in self.scene.setting.wishes() {
                    let by = Move::Enter { who, wish: Some(wish), appointed: false };
                    self.add(&by, Some(who), "2.4");
                }
            }
            return;
        }
        match &seat.mind {
            Mind::Basic(situation) => {
                let own = situation.priest.notes().last_tried();
                for floor in [own, self.largest()] {
                    if let Some(ballot) = BallotNumber::next(who, floor)
                        && !self.all.iter().any(|offer| offer.by == Move::Try(ballot))
                    {
                        self.add(&Move::Try(ballot), Some(who), "2.3 (1)");
                    }
                }
                self.of_begin(who);
            }
            Mind::Synod(_) => {}
            Mind::Parliament(_) => {
                for decree in self.scene.setting.wishes() {
                    self.add(&Move::Petition { who, decree }, Some(who), "3.1");
                }
            }
        }
        let ats = CrashAt::ALL.into_iter().map(|(at, ..)| Some(at));
        let ats = ats.filter(|_| seat.crash.is_none());
        for at in [None].into_iter().chain(ats) {
            self.add(&Move::Crash { who, at }, Some(who), "2.2");
        }
    }

    /// One offer for each decree that he would begin his ballot for.
    fn of_begin(&mut self, who: Name) {
        let mut begun: Vec<Vec<Entry>> = Vec::new();
        for wish in self.scene.setting.wishes() {
            let offer = self.try_out(&Move::Begin { who, wish }, Some(who), "2.3 (3)");
            let Some(offer) = offer else { continue };
            let rows: Vec<Entry> = offer.inks().map(|(_, row)| row.clone()).collect();
            if !begun.contains(&rows) {
                begun.push(rows);
                self.all.push(offer);
            }
        }
    }

    /// The largest ballot number that anybody has in his notes.
    fn largest(&self) -> Option<BallotNumber> {
        let of = |seat: &Arc<Seat>| match &seat.mind {
            Mind::Basic(situation) => situation.priest.notes().largest(),
            _ => None,
        };
        self.scene.seats.values().filter_map(of).max()
    }

    /// To wait until somebody's hourglass runs out.
    fn of_time(&mut self) {
        if let Some(wait) = self.scene.next_hourglass() {
            self.add(&Move::Wait(wait), None, "2.4");
        }
    }
}
