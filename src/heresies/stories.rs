//! The stories that try heresies of the law; each is told with one decision left open.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::chance::Chance;
use crate::creeds::custom::{self, Heretic};
use crate::creeds::officers::{ForgetsPetitions, WaitsForEver};
use crate::creeds::{Custom, Usual};
use crate::law::offices::CLOCK_ERROR;
use crate::law::{Law, Moment, Phrase, StateMachine};
use crate::parliament::Legislator;
use crate::synod::{Deed, Ledger, Letter, Mortal};
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Founding, Message, Minutes, Name};

/// The offence in a story, if there is one.
type Wrong = Option<String>;

// ------------------------------------------------------------------ patience `[PTP §2.4]`

pub(super) fn waiting_a_while(seed: u64) -> Wrong {
    one_of_the_quorum_goes(seed, &Usual)
}

pub(super) fn waiting_for_ever(seed: u64) -> Wrong {
    one_of_the_quorum_goes(seed, &WaitsForEver)
}

/// A president has asked a majority set for its votes when one of it is cut off; the other two of
/// three are inside, and could pass the decree.
fn one_of_the_quorum_goes(seed: u64, custom: &dyn Custom) -> Wrong {
    const ID: &str = "Dolf/1";
    let mut chance = Chance::new(seed, 0);
    let mut room = Room::open(&Arc::new("Dwork Fischer Gray".parse().ok()?), custom);
    room.sit(200, |room| room.president(None).is_some());
    let president = room.president(None)?;
    let (mind, _) = room.minds.iter().find(|(mind, _)| mind.name() == president)?;
    let quorum = mind.office().president()?.quorum();
    room.cut_off = quorum.iter().copied().find(|&name| name != president);
    room.petition(president, "The sale of brown goats is permitted", ID)?;
    // Nobody leaves, nobody enters: two tries take less than two hours.
    let minutes = 120 + chance.below(600);
    room.sit(minutes, |room| room.has(president, ID));
    let told = || format!("with a majority inside nothing has passed in {minutes} minutes");
    (!room.has(president, ID)).then(told)
}

// ------------------------------------------------------------------ offices `[PTP §3.3.3]`

pub(super) fn waiting_out_the_error(seed: u64) -> Wrong {
    two_hold(seed, CLOCK_ERROR)
}

pub(super) fn waiting_for_nothing(seed: u64) -> Wrong {
    two_hold(seed, Minutes::ZERO)
}

/// About the end of Dikstra's term he and Gouda look at their clocks, which err.
fn two_hold(seed: u64, waiting_out: Minutes) -> Wrong {
    let mut law = Law::founded(&"Dwork Fischer Gray".parse().ok()?);
    for (number, text) in [
        (1, "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months"),
        (2, "9:00 15 Jan 72: Gouda is cheese inspector for 3 months"),
    ] {
        law.apply(number, &Decree::new(text).ok()?);
    }
    let (mut chance, office) = (Chance::new(seed, 0), Phrase::new("cheese inspector").ok()?);
    let before: Moment = "8:00 15 Apr 72".parse().ok()?;
    // Dikstra's clock is slow, Gouda's is fast; neither by more than the paper allows.
    let (slow, fast) = (chance.below(16), chance.below(16));
    let acts = |name: &str, clock: u64| {
        let clock = before.plus(Minutes::whole(clock))?;
        Some(law.offices.may_act(&office, name.parse().ok()?, clock, waiting_out))
    };
    (15..75_u64).find_map(|hour| {
        let both = acts("Dikstra", hour - slow)? && acts("Gouda", hour + fast)?;
        both.then(|| {
            format!("Dikstra, whose clock is {slow} minutes slow, and Gouda, whose is {fast} fast, both act as {office}")
        })
    })
}

// ------------------------------------------------------------------ answers `[PTP §3.3.4]`

/// Legislators with quick messengers, some of whose roads are cut.
struct Room<'a> {
    now: Minutes,
    custom: &'a dyn Custom,
    minds: Vec<(Legislator, Paper)>,
    roads: VecDeque<(Name, Letter)>,
    cut_off: Option<Name>,
}

impl Room<'_> {
    fn open<'a>(founding: &Arc<Founding>, custom: &'a dyn Custom) -> Room<'a> {
        Room::of(founding.membership.names(), founding, custom)
    }

    /// A room in which only these are, each with an empty ledger.
    fn of<'a>(
        names: impl Iterator<Item = Name>,
        founding: &Arc<Founding>,
        custom: &'a dyn Custom,
    ) -> Room<'a> {
        let (now, roads) = (Minutes::ZERO, VecDeque::new());
        let mind = |name| (custom.open(name, founding, &[]), Paper::default());
        let minds = names.map(mind).collect();
        let mut room = Room { now, custom, minds, roads, cut_off: None };
        (0..room.minds.len()).for_each(|who| room.does(who, |mind| mind.enter(now)));
        room
    }

    fn does(&mut self, who: usize, what: impl FnOnce(&mut Legislator) -> Deed) {
        let (mind, paper) = &mut self.minds[who];
        let (name, mut letters) = (mind.name(), Vec::new());
        let deed = what(mind);
        // Such paper never fails.
        let _written = deed.perform(paper, &mut letters);
        self.roads.extend(letters.into_iter().map(|letter| (name, letter)));
    }

    fn read(&mut self, from: Name, to: Name, message: Message) {
        let now = self.now;
        if let Some(who) = self.minds.iter().position(|(mind, _)| mind.name() == to) {
            self.does(who, |mind| mind.receive(now, from, message));
        }
    }

    /// Runs for this many minutes, or until that holds.
    fn sit(&mut self, minutes: u64, until: impl Fn(&Room) -> bool) {
        for _ in 0..minutes {
            if until(self) {
                return;
            }
            self.now = self.now + Minutes::whole(1);
            let (now, custom) = (self.now, self.custom);
            let looks = |mind: &mut Legislator| custom::look_at_hourglass(custom, mind, now);
            (0..self.minds.len()).for_each(|who| self.does(who, looks));
            for (from, Letter { to, message }) in std::mem::take(&mut self.roads) {
                let is_cut = from != to && self.cut_off.is_some_and(|cut| cut == from || cut == to);
                if !is_cut {
                    self.read(from, to, message);
                }
            }
        }
    }

    fn president(&self, but: Option<Name>) -> Option<Name> {
        let others = self.minds.iter().map(|(mind, _)| mind).filter(|m| Some(m.name()) != but);
        others.filter(|mind| mind.presides().is_some()).map(Mortal::name).next()
    }

    /// Whether the decree of this petition stands in his ledger.
    fn has(&self, whose: Name, id: &str) -> bool {
        self.minds.iter().any(|(mind, _)| mind.name() == whose && mind.pages().has_passed(id))
    }

    /// Decree 1, if it stands in a ledger here.
    fn first_decree(&self) -> Option<String> {
        let first = |(mind, _): &(Legislator, Paper)| Some(mind.outcome(1)?.to_string());
        self.minds.iter().find_map(first)
    }

    /// A citizen hands a petition to a president.
    fn petition(&mut self, president: Name, text: &str, id: &str) -> Option<()> {
        let decree = Decree::new(text).ok()?.petitioned(id).ok()?;
        self.read(president, president, Message::Petition { decree });
        Some(())
    }
}

pub(super) fn asked_by_a_decree(seed: u64) -> Wrong {
    ask_the_deposed(seed, |room, president| {
        let id = format!("Schneider/{}", room.now.in_thousandths());
        room.petition(president, "Citizen Schneider is reading the law", &id)?;
        room.sit(10, |room| room.has(president, &id));
        room.has(president, &id).then(|| room.has(president, NEW))
    })
}

pub(super) fn asked_in_person(seed: u64) -> Wrong {
    ask_the_deposed(seed, |room, president| Some(room.has(president, NEW)))
}

/// The petition that the new law followed.
const NEW: &str = "Dolf/2";

/// A president is cut off, another is chosen and changes the law, and then a citizen asks the
/// first. `answers` is how he is asked: whether he knows the new law, or `None` if he is silent.
fn ask_the_deposed(seed: u64, answers: impl Fn(&mut Room, Name) -> Option<bool>) -> Wrong {
    const OLD: &str = "Dolf/1";
    let mut chance = Chance::new(seed, 0);
    let mut room = Room::open(&Arc::new("Dwork Fischer Gray".parse().ok()?), &Usual);
    room.sit(200, |room| room.president(None).is_some());
    let first = room.president(None)?;
    room.petition(first, "The olive tax is 3 drachmas per ton", OLD)?;
    room.sit(20 + chance.below(20), |_| false);
    if !room.has(first, OLD) || answers(&mut room, first).is_none() {
        return Some(format!("{first} answers nobody, though nobody has deposed him"));
    }
    room.cut_off = Some(first);
    room.sit(400, |room| room.president(Some(first)).is_some());
    let second = room.president(Some(first))?;
    room.petition(second, "The olive tax is 6 drachmas per ton", NEW)?;
    room.sit(40, |room| room.has(second, NEW));
    let thinks_so = |(mind, _): &(Legislator, _)| mind.name() == first && mind.presides().is_some();
    if !room.has(second, NEW) || !room.minds.iter().any(thinks_so) {
        return None;
    }
    let knows = answers(&mut room, first)?;
    (!knows).then(|| format!("{first}, whom {second} has deposed, tells the law as it was"))
}

// ------------------------------------------------------------------ bodies `[PTP §2.2]`

pub(super) fn one_body(seed: u64) -> Wrong {
    the_sea_is_cut(seed, &["Fischer"])
}

pub(super) fn two_bodies(seed: u64) -> Wrong {
    the_sea_is_cut(seed, &["Fischer", "Gray"])
}

/// Two machines cannot reach each other. Dwork and Gray live on one; on the other are those whom its
/// roster names.
fn the_sea_is_cut(seed: u64, beyond: &[&str]) -> Wrong {
    const ID: &str = "Dolf/1";
    let mut chance = Chance::new(seed, 0);
    let founding: Arc<Founding> = Arc::new("Dwork Fischer Gray".parse().ok()?);
    let mut shores = [&["Dwork", "Gray"], beyond].map(|names| {
        let names = names.iter().filter_map(|it| Name::new(it).ok());
        Room::of(names, &founding, &Usual)
    });
    for (room, text) in shores.iter_mut().zip(["The olive tax is 3", "The olive tax is 6"]) {
        room.sit(200 + chance.below(200), |room| room.president(None).is_some());
        let Some(president) = room.president(None) else { continue };
        room.petition(president, text, ID)?;
        room.sit(200, |room| room.has(president, ID));
    }
    let [ours, theirs] = shores.map(|room| room.first_decree());
    let (ours, theirs) = (ours?, theirs?);
    (ours != theirs)
        .then(|| format!("decree 1 is \"{ours}\" on one machine and \"{theirs}\" on the other"))
}

// ------------------------------------------------------------------ law books `[PTP §3.3.2]`

/// A ledger of paper that is written anew as a law book.
#[derive(Default)]
struct Paper {
    rows: Vec<Entry>,
    /// Whether the power fails while a book is drying.
    fails: bool,
}

/// The power failed.
struct Dark;

impl Ledger for Paper {
    type Error = Dark;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), Dark> {
        self.rows.extend_from_slice(rows);
        Ok(())
    }
    fn dry(&mut self) -> Result<(), Dark> {
        Ok(())
    }
    fn bind(&mut self, rows: &[Entry]) -> Result<(), Dark> {
        if self.fails {
            return Err(Dark);
        }
        self.rows = rows.to_vec();
        Ok(())
    }
}

/// A ledger whose old rows go before the new ones are dry.
struct Hasty(Paper);

impl Ledger for Hasty {
    type Error = Dark;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), Dark> {
        self.0.ink(rows)
    }
    fn dry(&mut self) -> Result<(), Dark> {
        self.0.dry()
    }
    fn bind(&mut self, rows: &[Entry]) -> Result<(), Dark> {
        self.0.rows.clear();
        self.0.bind(rows)
    }
}

/// A law book begins when more single decrees than this stand in a ledger.
const EVERY: DecreeNumber = 4;

/// Decrees 1 to `many`, each by petition of Dolf.
fn decrees(many: DecreeNumber) -> Option<Vec<Entry>> {
    let decree = |id| Decree::new(&format!("The tax of year {id} is 3")).ok();
    let outcome = |number| {
        // Every second id, so that no row of a book stands for all of them.
        let decree = decree(number)?.petitioned(&format!("Dolf/{}", 2 * number)).ok()?;
        Some(Entry::Outcome { number, decree, ballot: None })
    };
    (1..=many).map(outcome).collect()
}

pub(super) fn book_with_petitions(seed: u64) -> Wrong {
    petition_returns(seed, &Usual)
}

pub(super) fn book_without_petitions(seed: u64) -> Wrong {
    petition_returns(seed, &ForgetsPetitions)
}

/// Gray, who reads his law book after his return, is told again that an old petition has passed.
fn petition_returns(seed: u64, custom: &'static dyn Custom) -> Wrong {
    let founding: Arc<Founding> = Arc::new("Dwork Fischer Gray".parse().ok()?);
    let (name, many) = (Name::new("Gray").ok()?, 6 + Chance::new(seed, 0).below(20));
    let rows = decrees(many)?;
    let mind = Legislator::from_ledger(name, Arc::clone(&founding), &rows);
    let mut mind = mind.with_law_book_every(EVERY);
    let mut paper = Paper { rows: rows.clone(), fails: false };
    let deed = custom::look_at_hourglass(custom, &mut mind, Minutes::ZERO);
    deed.perform(&mut paper, &mut Vec::new()).ok()?;
    let mut again = Heretic::open(name, &founding, &paper.rows, custom);
    let Some(Entry::Outcome { decree, .. }) = rows.first() else { return None };
    let (number, decree) = (many + 1, decree.clone());
    let from = Name::new("Dwork").ok()?;
    let told = Message::Success { number, decree: decree.clone(), ballot: None };
    again.receive(Minutes::ZERO, from, told).perform(&mut paper, &mut Vec::new()).ok()?;
    let counts = again.outcome(number).is_some() && again.pages().counts(number);
    let id = decree.petition()?;
    counts.then(|| format!("Gray counts petition {id} again as decree {number}"))
}

pub(super) fn bound_when_dry(seed: u64) -> Wrong {
    power_fails_at_the_book(seed, |paper, deed| {
        // The power failing is what the story tells of.
        let _dark = deed.perform(paper, &mut Vec::new());
    })
}

pub(super) fn bound_while_wet(seed: u64) -> Wrong {
    power_fails_at_the_book(seed, |paper, deed| {
        let mut hasty = Hasty(std::mem::take(paper));
        let _dark = deed.perform(&mut hasty, &mut Vec::new());
        *paper = hasty.0;
    })
}

/// The power fails while Gray's law book dries; he returns, and is asked for a promise that an
/// older promise of his forbids.
fn power_fails_at_the_book(seed: u64, performs: impl Fn(&mut Paper, Deed)) -> Wrong {
    let founding: Arc<Founding> = Arc::new("Dwork Fischer Gray".parse().ok()?);
    let (mut chance, name) = (Chance::new(seed, 0), Name::new("Gray").ok()?);
    let (many, round) = (6 + chance.below(20), 2 + chance.below(8));
    let promised = BallotNumber { round, owner: Name::new("Fischer").ok()? };
    let lower = BallotNumber { round: round - 1, owner: Name::new("Dwork").ok()? };
    let mut rows = decrees(many)?;
    rows.push(Entry::NextBal { ballot: promised });
    let mind = Legislator::from_ledger(name, Arc::clone(&founding), &rows);
    let deed = mind.with_law_book_every(EVERY).look_at_hourglass(Minutes::ZERO);
    let mut paper = Paper { rows, fails: true };
    performs(&mut paper, deed);
    let mut again = Legislator::from_ledger(name, founding, &paper.rows);
    let asks = Message::NextBallot { ballot: lower, complete_through: many };
    let (deed, mut letters) = (again.receive(Minutes::ZERO, lower.owner, asks), Vec::new());
    deed.perform(&mut paper, &mut letters).ok()?;
    let promises = |letter: &Letter| matches!(letter.message, Message::LastVote { .. });
    let forgot = letters.iter().any(promises);
    forgot.then(|| format!("Gray, who promised {promised}, answers {lower} with a LastVote"))
}
