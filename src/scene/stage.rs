//! A scene at one moment: priests, letters under way, B; and what comes of a move.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::moves::{CrashAt, Move, Which, letter_in_words};
use super::seat::{Acted, Seat};
use super::setting::{Level, Setting};
use super::spoken::Refusal;
use super::told::{Carried, Happened, Told};
use crate::creeds::Event;
use crate::explore::parliament::history::History;
use crate::explore::story::Ballots;
use crate::synod::Letter;
use crate::words::{Entry, Founding, Message, Minutes, Name};

/// The most letters under way.
pub const MOST_LETTERS: usize = 1000;
/// The most times that priests act in a scene, so that none goes on without end.
pub const MOST_ACTS: usize = 20_000;
/// The citizen whose petitions these are; they are numbered.
const CITIZEN: &str = "Dolf";

/// The visible state of one who sits, beside his ledger.
#[derive(Clone, Debug)]
pub struct Sight {
    /// Whether he is in the Chamber.
    pub is_present: bool,
    /// When he is to crash, if he is.
    pub crash: Option<CrashAt>,
    /// The entries of his slip of paper, each with its name; none if it is blank.
    pub slip: Vec<(&'static str, String)>,
}

/// A scene at one moment.
#[derive(Clone)]
pub struct Scene {
    pub(crate) setting: Arc<Setting>,
    pub(crate) founding: Arc<Founding>,
    pub(crate) now: Minutes,
    pub(crate) seats: BTreeMap<Name, Arc<Seat>>,
    pub(crate) bag: Vec<Arc<Carried>>,
    pub(crate) history: Arc<History>,
    next_letter: usize,
    petitions: usize,
    acts: usize,
}

impl Scene {
    /// A scene before anything happens.
    #[must_use]
    pub fn begin(setting: &Setting) -> Scene {
        let founding = Arc::new(setting.founding.clone());
        let seat = |name| (name, Arc::new(Seat::new(name, setting, &founding)));
        let seats = founding.membership.names().map(seat).collect();
        let mut history = History::default();
        for is_vote in [false, true] {
            let of_kind = |row: &Entry| match row {
                Entry::BeginBallot { .. } => !is_vote,
                Entry::PrevVote { .. } => is_vote,
                _ => false,
            };
            for (who, row) in setting.rows.iter().filter(|(_, row)| of_kind(row)) {
                history.see(*who, row);
            }
        }
        let mut scene = Scene {
            setting: Arc::new(setting.clone()),
            founding: Arc::clone(&founding),
            now: Minutes::ZERO,
            seats,
            bag: Vec::new(),
            history: Arc::new(history),
            next_letter: 1,
            petitions: 0,
            acts: 0,
        };
        for (from, letter) in setting.letters.clone() {
            scene.send(from, letter);
        }
        scene
    }

    /// The level at which the priests act.
    #[must_use]
    pub fn level(&self) -> Level {
        self.setting.level
    }

    /// The letters under way, in the order in which they were sent.
    #[must_use]
    pub fn bag(&self) -> &[Arc<Carried>] {
        &self.bag
    }

    /// A ledger: every row that is dry.
    pub fn ledger(&self, who: Name) -> impl Iterator<Item = &Entry> {
        self.seats.get(&who).into_iter().flat_map(|seat| seat.rows.iter().map(|row| &**row))
    }

    /// When it is, in minutes since the Chamber was convened.
    #[must_use]
    pub fn minute(&self) -> Minutes {
        self.now
    }

    /// B of each decree number.
    #[must_use]
    pub fn ballots(&self) -> &Ballots {
        &self.history.ballots
    }

    /// Those who sit.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        self.seats.keys().copied()
    }

    /// Where the scene began.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The visible state of one who sits, beside his ledger.
    #[must_use]
    pub fn sight(&self, who: Name) -> Option<Sight> {
        self.seats.get(&who).map(|seat| Sight {
            is_present: seat.is_present,
            crash: seat.crash,
            slip: seat.slip(),
        })
    }

    /// How long it is until somebody's hourglass runs out, where somebody looks at one.
    pub(super) fn next_hourglass(&self) -> Option<Minutes> {
        let alarm = self.seats.values().filter_map(|seat| seat.alarm()).min()?;
        Some((alarm - self.now).max(Minutes::thousandths(1)))
    }

    fn send(&mut self, from: Name, letter: Letter) -> Arc<Carried> {
        let carried = Arc::new(Carried { id: self.next_letter, from, letter });
        self.next_letter += 1;
        self.bag.push(Arc::clone(&carried));
        carried
    }

    // ------------------------------------------------------------------ moves

    /// Plays a move, if it can be played; returns it with what it left open filled in.
    ///
    /// # Errors
    /// Why it cannot be played, and what can; then nothing has changed.
    pub fn play(&mut self, by: &Move) -> Result<(Move, Told), String> {
        let mut after = self.clone();
        let mut told = Told::default();
        let by = after.do_move(by, &mut told)?;
        if after.bag.len() > MOST_LETTERS {
            return Err(format!(
                "more than {MOST_LETTERS} letters would be under way; deliver or lose some first"
            ));
        }
        if after.acts > MOST_ACTS {
            return Err(format!(
                "the priests of a scene act {MOST_ACTS} times at most; begin another one from here"
            ));
        }
        *self = after;
        Ok((by, told))
    }

    fn do_move(&mut self, by: &Move, told: &mut Told) -> Result<Move, String> {
        self.may(by)?;
        match by {
            Move::Try(ballot) => {
                self.act(ballot.owner, told, |seat, scene| {
                    seat.meet(&Event::Try(*ballot), &scene.setting)
                });
            }
            Move::Begin { who, wish } => {
                self.act(*who, told, |seat, scene| {
                    seat.meet(&Event::Begin(wish.clone()), &scene.setting)
                });
            }
            Move::Deliver(which) | Move::Lose(which) | Move::Repeat(which) => {
                return self.do_letter(by, which, told);
            }
            Move::DeliverAll => {
                while !self.bag.is_empty() && self.acts <= MOST_ACTS {
                    self.deliver(0, told);
                }
            }
            Move::Crash { who, at: Some(at) } => {
                self.seat(*who).crash = Some(*at);
                let when = at.told();
                told.say("2.2", format!("when {who} next inks, {when}"));
            }
            Move::Crash { who, at: None } => {
                self.seat(*who).leave();
                told.say("2.2", format!("{who} leaves the Chamber; his slip of paper is lost"));
                told.events.push(Happened::Leaves(*who));
            }
            Move::Enter { who, wish, appointed } => {
                told.events.push(Happened::Enters(*who));
                if self.level() == Level::Basic {
                    told.say("2.2", format!("{who} returns to his ledger"));
                }
                let how = (wish.clone(), *appointed);
                self.act(*who, told, |seat, scene| {
                    seat.enter(how, scene.now, (&scene.setting, &scene.founding))
                });
            }
            Move::Wait(minutes) => {
                self.now = self.now + *minutes;
                let present = self.seats.values().filter(|seat| seat.is_present);
                let names: Vec<Name> = present.map(|seat| seat.name).collect();
                for name in names {
                    self.act(name, told, |seat, scene| seat.look(scene.now, &scene.setting));
                }
            }
            Move::Petition { who, decree } => {
                self.petitions += 1;
                let id = format!("{CITIZEN}/{}", self.petitions);
                let decree = decree.clone().petitioned(&id).map_err(|why| why.to_string())?;
                self.act(*who, told, |seat, scene| {
                    seat.petition(scene.now, decree, &scene.setting)
                });
            }
        }
        Ok(by.clone())
    }

    /// A messenger delivers, loses or repeats the letter that is meant; the move, with the letter
    /// fully described.
    fn do_letter(&mut self, by: &Move, which: &Which, told: &mut Told) -> Result<Move, String> {
        let (at, which) = self.find(which)?;
        match by {
            Move::Lose(_) => {
                let carried = self.bag.remove(at);
                told.lose(carried, "lost");
                Ok(Move::Lose(which))
            }
            Move::Repeat(_) => {
                let copy = Carried { id: self.next_letter, ..(*self.bag[at]).clone() };
                self.next_letter += 1;
                let copy = Arc::new(copy);
                let (kind, from) = (copy.letter.message.kind(), copy.from);
                told.say("", format!("repeated: {kind} of {from}"));
                told.events.push(Happened::Repeats(Arc::clone(&copy)));
                self.bag.insert(at + 1, copy);
                Ok(Move::Repeat(which))
            }
            _ => {
                self.deliver(at, told);
                Ok(Move::Deliver(which))
            }
        }
    }

    /// Whether a move has a meaning here.
    fn may(&self, by: &Move) -> Result<(), String> {
        let level = self.setting.level;
        let at = |levels: &[Level], why: &str| {
            if levels.contains(&level) { Ok(()) } else { Err(why.to_owned()) }
        };
        let present = |who: Name, wanted: bool| {
            let is_present = self.seats.get(&who).is_some_and(|seat| seat.is_present);
            match (is_present, wanted) {
                (true, false) => {
                    Err(format!("{who} is in the Chamber already; `crash {who}` first"))
                }
                (false, true) => Err(format!("{who} is not in the Chamber; `enter {who}` first")),
                _ => Ok(()),
            }
        };
        match by {
            Move::Try(ballot) => {
                at(&[Level::Basic], "here a priest tries when his hourglass says so; `wait 33`")?;
                present(ballot.owner, true)
            }
            Move::Begin { who, .. } => {
                at(&[Level::Basic], "here a priest begins as soon as a majority has answered him")?;
                present(*who, true)
            }
            Move::Wait(_) => at(
                &[Level::Synod, Level::Parliament],
                "in the basic protocol nobody looks at an hourglass; convene with level=synod",
            ),
            Move::Petition { who, .. } => {
                let why = "only a Parliament takes petitions; convene with level=parliament";
                at(&[Level::Parliament], why)?;
                present(*who, true)
            }
            Move::Crash { who, .. } => present(*who, true),
            Move::Enter { who, .. } => present(*who, false),
            Move::Deliver(_) | Move::Lose(_) | Move::Repeat(_) | Move::DeliverAll => Ok(()),
        }
    }

    fn seat(&mut self, who: Name) -> &mut Seat {
        let seat = self.seats.get_mut(&who).expect("a move names none but those who sit");
        Arc::make_mut(seat)
    }

    /// A priest acts; what he inks, sends and shows to the gods is kept.
    /// Returns whether a guard kept him from acting on the letter that he read.
    fn act(
        &mut self,
        who: Name,
        told: &mut Told,
        act: impl FnOnce(&mut Seat, &Scene) -> Acted,
    ) -> bool {
        let Some(seat) = self.seats.get(&who) else { return false };
        let mut seat = (**seat).clone();
        let acted = act(&mut seat, self);
        self.seats.insert(who, Arc::new(seat));
        self.acts += 1;
        if !acted.seen.is_empty() {
            let history = Arc::make_mut(&mut self.history);
            acted.seen.iter().for_each(|row| history.see(who, row));
        }
        let said = |(section, text)| Happened::Said { section, text };
        told.events.extend(acted.lines.into_iter().map(said));
        told.events.extend(acted.inks.into_iter().map(|row| Happened::Inks { who, row }));
        told.events.extend(acted.wet.into_iter().map(|row| Happened::Wet { who, row }));
        for letter in acted.sends {
            let carried = self.send(who, letter);
            told.events.push(Happened::Sends(carried));
        }
        if let Some(at) = acted.crashed {
            told.say("2.2", format!("{}: {who} leaves the Chamber", at.told()));
            told.events.push(Happened::Leaves(who));
        }
        told.refusal = acted.refusal;
        acted.is_in_vain
    }

    /// A messenger delivers the letter at this place of the bag.
    fn deliver(&mut self, at: usize, told: &mut Told) {
        let carried = self.bag.remove(at);
        let to = carried.letter.to;
        if !self.seats.get(&to).is_some_and(|seat| seat.is_present) {
            self.acts += 1;
            told.refusal = Some(Refusal {
                guard: format!("{to} is not in the Chamber"),
                section: Some("2.2"),
            });
            told.lose(carried, &format!("{to} is not there"));
            return;
        }
        let at = told.events.len();
        let message: &Message = &carried.letter.message;
        let is_ignored = self.act(to, told, |seat, scene| {
            seat.read(scene.now, carried.from, message, &scene.setting)
        });
        told.events.insert(at, Happened::Reads { letter: carried, is_ignored });
    }

    // ------------------------------------------------------------------ letters

    /// The place in the bag of the letter that is meant, and its full description.
    fn find(&self, which: &Which) -> Result<(usize, Which), String> {
        let Some(at) = which.find(self.bag.iter().map(|it| (it.from, &it.letter))) else {
            let fits = |it: &&Arc<Carried>| which.fits(it.from, &it.letter);
            return Err(self.no_letter(which, self.bag.iter().filter(fits).count()));
        };
        Ok((at, self.describe(&self.bag[at])))
    }

    /// A letter of the bag, described so that no other fits.
    #[must_use]
    pub fn describe(&self, carried: &Carried) -> Which {
        let before = self.bag.iter().take_while(|other| other.id != carried.id);
        Which::of(carried.from, &carried.letter, before.map(|it| (it.from, &it.letter)))
    }

    fn no_letter(&self, which: &Which, fit: usize) -> String {
        let Which { from, to, kind, ballot, .. } = which;
        let kind = kind.map_or("letter".to_owned(), |kind| kind.to_string());
        let ballot = ballot.map_or(String::new(), |(round, owner)| {
            format!(" {round}{}", owner.map_or(String::new(), |owner| format!(".{owner}")))
        });
        let on_road = self.bag.iter().filter(|it| (it.from, it.letter.to) == (*from, *to));
        let mut under_way: Vec<String> =
            on_road.take(6).map(|it| letter_in_words(&it.letter.message)).collect();
        if under_way.len() == 6 {
            under_way[5] = "…".into();
        }
        let under_way = if under_way.is_empty() { "nothing".into() } else { under_way.join(", ") };
        let no = if fit == 0 { "no".to_owned() } else { format!("only {fit}") };
        format!("{no} {kind}{ballot} from {from} to {to} is under way; on that road is {under_way}")
    }
}
