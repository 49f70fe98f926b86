//! A small Chamber in memory: a queue of letters, ledgers of paper, a world that may lose,
//! repeat and delay. Everything follows from its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;

use chacha20::ChaCha8Rng;
use parliament::parliament::Legislator;
use parliament::synod::{
    BallotNumber, Decree, DecreeNumber, Deed, Entry, Founding, Heading, Ledger, Letter, Message,
    Minutes, Mortal, Name,
};
use rand_core::{Rng, SeedableRng};

/// How messengers behave.
#[derive(Clone, Copy)]
pub struct World {
    /// A letter is read after at least this many thousandths of a minute,
    pub soonest: u64,
    /// and at most this many, unless it is lost.
    pub latest: u64,
    /// How many of a thousand letters are lost.
    pub lost: u64,
    /// How many of a thousand letters come twice.
    pub twice: u64,
}

/// Messengers and priests as §2.4 demands: delivered within 4 minutes, acted on within 7 more.
pub const ORDERLY: World = World { soonest: 0, latest: 11_000, lost: 0, twice: 0 };
/// A quick and orderly Chamber.
pub const QUICK: World = World { soonest: 100, latest: 100, lost: 0, twice: 0 };
/// Messengers who take long walks.
pub const WILD: World = World { soonest: 0, latest: 30_000, lost: 100, twice: 100 };

/// A ledger of paper that may be made to fail.
#[derive(Default, Clone)]
pub struct Paper {
    /// Every row ever inked, those that a law book replaced included, but not the book.
    pub rows: Vec<Entry>,
    pub dry: usize,
    /// The last law book, and how many rows it replaced.
    pub book: Option<(Vec<Entry>, usize)>,
    /// Fails at the next moment of this kind.
    pub fail: Option<Failure>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    Inking,
    Drying,
}

impl Ledger for Paper {
    type Error = Failure;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), Failure> {
        if self.fail == Some(Failure::Inking) {
            return Err(Failure::Inking);
        }
        self.rows.extend_from_slice(rows);
        Ok(())
    }
    fn dry(&mut self) -> Result<(), Failure> {
        if self.fail == Some(Failure::Drying) {
            return Err(Failure::Drying);
        }
        self.dry = self.rows.len();
        Ok(())
    }
    fn bind(&mut self, rows: &[Entry]) -> Result<(), Failure> {
        self.dry()?;
        let (book, later) = rows.split_at(end_of_book(rows));
        self.book = Some((book.to_vec(), self.rows.len()));
        self.ink(later)?;
        self.dry()
    }
}

impl Paper {
    /// The content of the ledger, for one who opens it.
    pub fn read(&self) -> Vec<Entry> {
        let (book, from) = self.book.clone().unwrap_or_default();
        book.into_iter().chain(self.rows[from..].iter().cloned()).collect()
    }
}

fn end_of_book(rows: &[Entry]) -> usize {
    let ends = |row: &Entry| matches!(row, Entry::Book(row) if row.heading == Heading::Bound);
    rows.iter().position(ends).map_or(0, |at| at + 1)
}

/// The rows of a deed that say something new.
fn news(deed: &Deed) -> impl Iterator<Item = &Entry> {
    let rows = deed.rows();
    let founds = |row: &Entry| matches!(row, Entry::Outcome { number: 0, .. });
    let book = rows.iter().position(founds).unwrap_or(rows.len());
    rows[..book].iter().chain(&rows[end_of_book(rows).max(book)..])
}

/// The gods' own view.
#[derive(Default)]
pub struct Chronicle {
    /// Every row ever inked, also those a crash took: by whom and when.
    pub inked: Vec<(Minutes, Name, Entry)>,
    /// The bytes of all letters and rows, about.
    pub bytes: u64,
    /// Letters sent, by kind.
    pub sent: BTreeMap<&'static str, u64>,
    /// The beginner of each try of a ballot, and its time.
    pub tried: Vec<(Minutes, BallotNumber)>,
    /// The reports on who presides, and why.
    pub told: Vec<String>,
}

/// Says of a letter and its sender whether it is lost.
type Censor = Box<dyn Fn(Name, &Letter) -> bool>;

pub struct Chamber {
    pub now: Minutes,
    pub founding: Arc<Founding>,
    pub inside: BTreeMap<Name, Legislator>,
    pub papers: BTreeMap<Name, Paper>,
    pub world: World,
    pub chronicle: Chronicle,
    /// Letters for which this says true are lost.
    pub censor: Censor,
    /// The president restates a matter every this many minutes.
    pub restate: Option<Minutes>,
    /// After how many decrees a ledger becomes a law book.
    pub law_book_every: Option<u64>,
    queue: BTreeMap<(Minutes, u64), (Name, Letter)>,
    posted: u64,
    chance: ChaCha8Rng,
}

pub fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub fn decree(text: &str) -> Decree {
    Decree::new(text).unwrap()
}

/// The petition `id` of Dolf.
pub fn petition(id: u64) -> Decree {
    decree(&format!("The sale of goat {id} is permitted"))
        .petitioned(&format!("Dolf/{id}"))
        .unwrap()
}

/// Says a figure that is to be seen when the test passes too.
pub fn proclaim(figure: &str) {
    // Past what the harness catches.
    let _ = std::io::stderr().write_all(format!("{figure}\n").as_bytes());
}

impl Chamber {
    /// A founded Chamber with nobody inside.
    pub fn founded(founding: &str, world: World, seed: u64) -> Chamber {
        let founding: Arc<Founding> = Arc::new(founding.parse().unwrap());
        let papers = founding.membership.names().map(|n| (n, Paper::default())).collect();
        Chamber {
            now: Minutes::ZERO,
            founding,
            inside: BTreeMap::new(),
            papers,
            world,
            chronicle: Chronicle::default(),
            censor: Box::new(|_, _| false),
            restate: None,
            law_book_every: None,
            queue: BTreeMap::new(),
            posted: 0,
            chance: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// A founded Chamber with everybody inside.
    pub fn seated(founding: &str, world: World, seed: u64) -> Chamber {
        let mut chamber = Chamber::founded(founding, world, seed);
        for name in chamber.names() {
            chamber.enter(name);
        }
        chamber
    }

    pub fn names(&self) -> Vec<Name> {
        self.founding.membership.names().collect()
    }

    pub fn draw(&mut self, below: u64) -> u64 {
        self.chance.next_u64() % below
    }

    /// A legislator enters with what his ledger says.
    pub fn enter(&mut self, name: Name) {
        let rows = self.papers[&name].read();
        let mut legislator = Legislator::from_ledger(name, Arc::clone(&self.founding), &rows);
        if let Some(every) = self.restate {
            legislator = legislator.restating(every);
        }
        if let Some(decrees) = self.law_book_every {
            legislator = legislator.with_law_book_every(decrees);
        }
        let deed = legislator.enter(self.now);
        self.inside.insert(name, legislator);
        self.perform(name, deed);
    }

    /// A legislator leaves; what was not dry may be lost.
    pub fn leave(&mut self, name: Name) {
        if self.inside.remove(&name).is_none() {
            return;
        }
        let dry = self.papers[&name].dry;
        let wet = self.papers[&name].rows.len() - dry;
        let kept = dry + self.draw(wet as u64 + 1) as usize;
        let paper = self.papers.get_mut(&name).unwrap();
        paper.rows.truncate(kept);
        paper.dry = kept;
        paper.fail = None;
    }

    pub fn perform(&mut self, name: Name, deed: Deed) {
        let now = self.now;
        for row in news(&deed) {
            if let Entry::LastTried { ballot } = row {
                self.chronicle.tried.push((now, *ballot));
            }
            self.chronicle.inked.push((now, name, row.clone()));
            self.chronicle.bytes += 150;
        }
        let of_office = deed.steps().iter().filter(|step| step.act.concerns_office());
        self.chronicle.told.extend(of_office.map(|step| format!("{} {}", step.priest, step.act)));
        let mut letters = Vec::new();
        let done = deed.perform(self.papers.get_mut(&name).unwrap(), &mut letters);
        for letter in letters {
            self.post(name, letter);
        }
        if done.is_err() {
            self.leave(name);
        }
    }

    /// Gives a letter to a messenger.
    pub fn post(&mut self, from: Name, letter: Letter) {
        *self.chronicle.sent.entry(letter.message.kind().as_str()).or_default() += 1;
        self.chronicle.bytes += 100 + words(&letter.message);
        if letter.to == from {
            return self.queue_at(self.now, from, letter);
        }
        if (self.censor)(from, &letter) || self.draw(1000) < self.world.lost {
            return;
        }
        let copies = if self.draw(1000) < self.world.twice { 2 } else { 1 };
        for _ in 0..copies {
            let spread = self.world.latest - self.world.soonest;
            let delay = self.world.soonest + self.draw(spread + 1);
            self.queue_at(self.now + Minutes::thousandths(delay), from, letter.clone());
        }
    }

    fn queue_at(&mut self, at: Minutes, from: Name, letter: Letter) {
        self.posted += 1;
        self.queue.insert((at, self.posted), (from, letter));
    }

    /// The doors are locked: messengers who are outside with a letter stay outside.
    pub fn lock_the_doors(&mut self) {
        self.queue.clear();
        self.world = ORDERLY;
    }

    /// A citizen hands a petition to a legislator inside.
    pub fn petition(&mut self, at: Name, decree: Decree) {
        if let Some(legislator) = self.inside.get_mut(&at) {
            let deed = legislator.petition(self.now, decree);
            self.perform(at, deed);
        }
    }

    /// The next thing happens; false if it would be after `until`.
    pub fn step(&mut self, until: Minutes) -> bool {
        let alarm = self.inside.iter().filter_map(|(&n, l)| Some((l.alarm()?.max(self.now), n)));
        let alarm = alarm.min();
        let letter = self.queue.keys().next().copied();
        match (letter, alarm) {
            (Some((at, key)), alarm) if at <= until && alarm.is_none_or(|(due, _)| at <= due) => {
                self.now = self.now.max(at);
                let (from, letter) = self.queue.remove(&(at, key)).unwrap();
                if let Some(legislator) = self.inside.get_mut(&letter.to) {
                    let deed = legislator.receive(self.now, from, letter.message);
                    self.perform(letter.to, deed);
                }
                true
            }
            (_, Some((due, name))) if due <= until => {
                self.now = due;
                let deed = self.inside.get_mut(&name).unwrap().look_at_hourglass(self.now);
                self.perform(name, deed);
                let again = self.inside.get(&name).map(Mortal::alarm);
                assert!(
                    again.is_none_or(|a| a > Some(due)),
                    "{name} looks at his hourglass forever at {due}"
                );
                true
            }
            _ => {
                self.now = until;
                false
            }
        }
    }

    /// Everything that happens within this many minutes.
    pub fn sit(&mut self, minutes: u64) {
        let until = self.now + Minutes::whole(minutes);
        while self.step(until) {}
    }

    /// Sits until `done`, at most this many minutes; how long it took.
    pub fn sit_until(&mut self, minutes: u64, done: impl Fn(&Chamber) -> bool) -> Option<Minutes> {
        let began = self.now;
        let until = self.now + Minutes::whole(minutes);
        while !done(self) {
            if !self.step(until) {
                return None;
            }
        }
        Some(self.now - began)
    }

    pub fn legislator(&self, text: &str) -> &Legislator {
        &self.inside[&name(text)]
    }

    /// Those who think they preside.
    pub fn presidents(&self) -> Vec<Name> {
        self.inside.iter().filter(|(_, l)| l.presides().is_some()).map(|(&n, _)| n).collect()
    }

    /// Decree `number` as it stands with `who`, in words.
    pub fn law(&self, who: &str, number: DecreeNumber) -> Option<String> {
        self.legislator(who).outcome(number).map(|decree| decree.text().to_string())
    }

    /// Whether a decree of Dolf's petition is inked with everyone inside.
    pub fn everyone_has(&self, id: u64) -> bool {
        let id = format!("Dolf/{id}");
        self.inside.values().all(|l| l.pages().has_passed(&id))
    }

    /// Under which number a petition stands in a priest's ledger, where it counts.
    pub fn number_of(&self, who: Name, id: u64) -> u64 {
        let (id, pages) = (format!("Dolf/{id}"), self.inside[&who].pages());
        let mut inked = pages.inked(0, u64::MAX);
        inked.find(|(_, page)| page.decree.petition() == Some(&id)).unwrap().0
    }

    /// The decrees of a priest, counted ones only, by petition id.
    pub fn counted_ids(&self, who: Name) -> Vec<String> {
        let pages = self.inside[&who].pages();
        let through = pages.complete_through();
        let counted = pages.inked(0, through).filter(|(number, _)| pages.counts(*number));
        counted.filter_map(|(_, page)| page.decree.petition().map(str::to_string)).collect()
    }

    pub fn quorum_of(&self, number: DecreeNumber) -> BTreeSet<Name> {
        let begun = self.chronicle.inked.iter().rev();
        let of = |entry: &Entry| match entry {
            Entry::BeginBallot { number: n, quorum, .. } if *n == number => {
                Some((**quorum).clone())
            }
            _ => None,
        };
        begun.filter_map(|(_, _, entry)| of(entry)).next().unwrap_or_default()
    }

    pub fn sent(&self, kind: &str) -> u64 {
        self.chronicle.sent.get(kind).copied().unwrap_or(0)
    }
}

/// How many bytes of decrees a letter bears.
fn words(message: &Message) -> u64 {
    let decree = match message {
        Message::Success { decree, .. }
        | Message::BeginBallot { decree, .. }
        | Message::Petition { decree } => decree,
        Message::LastVote { vote: Some((_, vote)), .. } => &vote.decree,
        _ => return 0,
    };
    (decree.text().len() + decree.petition().map_or(0, str::len)) as u64
}

/// A letter for tests that write one by hand.
pub fn letter(to: &str, message: Message) -> Letter {
    Letter { to: name(to), message }
}
