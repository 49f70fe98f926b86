//! The courier of a chamber: takes what waits in its outboxes, and hands over what comes.

mod binding;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

use parliament::chamber::Chamber;
use parliament::chamber::abroad::Excerpt;
use parliament::chamber::crossing::{Chunk, Outboxes};
use parliament::words::Name;

use crate::accounts::Accounts;
use crate::allowance::Allowance;
use crate::charter::{Charter, Identity};
use crate::engine::{Engine, Tide};
use crate::frame::{Frame, Hello, Place, lines_in, rows_in};
use crate::home::{HEARD, Home, HomeError, MACHINES};
use crate::key::Key;
use crate::keys;
use crate::law::Reading;
use crate::lookout::Lookout;
use crate::machines::{Machine, Machines};
use crate::mirrors::{Mirrors, Told};

/// How long the courier sleeps at most before it looks into the outboxes by itself.
const GLANCE: Duration = Duration::from_millis(20);
/// The same while a lookout wakes it. A lookout may miss something, so it looks all the same.
const GLANCE_BESIDE_A_LOOKOUT: Duration = Duration::from_millis(250);
/// How often it does what is not urgent: reads the law, writes the accounts.
const ROUND: Duration = Duration::from_millis(500);
/// How long the others have to say what they have of the ledgers here, before priests come in.
const HEARING: Duration = Duration::from_secs(3);
/// A machine says where it is, and how far its ledgers are, after this many rounds at the latest.
const ROUNDS_A_HELLO: u64 = 10;
/// How many different remarks are made once each; more are not made.
const REMARKS: usize = 256;

/// The courier of a chamber.
pub struct Courier<E> {
    chamber: Chamber,
    home: Home,
    charter: Charter,
    identity: Identity,
    key: Key,
    /// Whether the key was on the list when the courier began: of a new one, the decree may not be
    /// known here yet.
    is_listed: bool,
    /// The founder's list.
    bound: Machines,
    /// The machines as decrees leave them.
    machines: Machines,
    law: Reading,
    outboxes: Outboxes,
    mirrors: Mirrors,
    /// The machines that have not said yet what they have of the ledgers here.
    unheard: BTreeSet<(Key, Name)>,
    when_ready: Option<Box<dyn FnOnce() + Send>>,
    lookout: Option<Lookout>,
    glance: Duration,
    engine: E,
    accounts: Accounts,
    allowances: BTreeMap<Key, Allowance>,
    connected: BTreeSet<Key>,
    clock: Box<dyn Fn() -> Duration + Send>,
    rounds: u64,
    said: BTreeSet<String>,
    remarks: Vec<String>,
}

/// Why a courier cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// A file of `sea/` cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The chamber cannot be read.
    #[error(transparent)]
    Chamber(#[from] parliament::chamber::ChamberError),
}

impl<E: Engine> Courier<E> {
    /// The courier of this chamber, for which the engine runs with this key.
    ///
    /// # Errors
    /// [`CourierError`].
    pub fn of(chamber: &Chamber, key: Key, engine: E) -> Result<Courier<E>, CourierError> {
        let home = Home::of(chamber.root());
        let charter = home.charter()?;
        let bound = home.machines()?;
        let mut law = Reading::of(chamber, &charter.founding);
        law.look();
        let machines = keys::as_decreed(&bound, charter.founder, |it| law.key_of(it));
        let mut courier = Courier {
            outboxes: Outboxes::from_now(chamber)?,
            mirrors: Mirrors::of(chamber),
            unheard: BTreeSet::new(),
            when_ready: None,
            lookout: None,
            glance: GLANCE,
            chamber: chamber.clone(),
            identity: charter.identity(),
            home,
            charter,
            is_listed: machines.with_key(key).is_some(),
            key,
            bound,
            machines,
            law,
            engine,
            accounts: Accounts::default(),
            allowances: BTreeMap::new(),
            connected: BTreeSet::new(),
            clock: since_now(),
            rounds: 0,
            said: BTreeSet::new(),
            remarks: Vec::new(),
        };
        courier.keep_connections();
        let others = courier.machines.iter().filter(|it| it.key != key).map(|it| it.key);
        let ours = chamber.names()?;
        courier.unheard =
            others.flat_map(|key| ours.iter().map(move |&name| (key, name))).collect();
        Ok(courier)
    }

    /// Measures allowances by another clock, for tests.
    #[must_use]
    pub fn by_clock(self, clock: impl Fn() -> Duration + Send + 'static) -> Courier<E> {
        Courier { clock: Box::new(clock), ..self }
    }

    /// Calls this when every machine has said what it has of the ledgers here, or had time to.
    #[must_use]
    pub fn when_ready(self, ready: impl FnOnce() + Send + 'static) -> Courier<E> {
        Courier { when_ready: Some(Box::new(ready)), ..self }
    }

    /// Is woken by this lookout, and so looks into the outboxes less often by itself.
    #[must_use]
    pub fn woken_by(self, lookout: Option<Lookout>) -> Courier<E> {
        Courier { lookout, ..self }
    }

    /// Carries until `stop` is true, or until a decree has changed the key of this machine. Remarks
    /// go to `tell`.
    ///
    /// # Errors
    /// When the outboxes cannot be read, or `sea/` cannot be written.
    pub fn carry(
        &mut self,
        tides: &Receiver<Tide>,
        stop: &AtomicBool,
        tell: &mut dyn FnMut(&str),
    ) -> Result<(), CourierError> {
        let mut round = Instant::now();
        self.rouse_the_lookout()?;
        while !stop.load(Ordering::Relaxed) && !self.is_rekeyed() {
            match tides.recv_timeout(self.glance) {
                Ok(tide) => self.take(tide)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            // All that is here is taken before the outboxes are looked at once.
            while let Ok(tide) = tides.try_recv() {
                self.take(tide)?;
            }
            self.look()?;
            if (self.unheard.is_empty() || (self.clock)() > HEARING)
                && let Some(ready) = self.when_ready.take()
            {
                ready();
            }
            if round.elapsed() >= ROUND {
                round = Instant::now();
                self.make_the_round()?;
            }
            self.remarks.drain(..).for_each(|remark| tell(&remark));
        }
        for account in self.accounts.iter_mut() {
            account.connected = false;
        }
        self.make_the_round()?;
        self.remarks.drain(..).for_each(|remark| tell(&remark));
        Ok(())
    }

    /// Sends what was written into the outboxes.
    fn look(&mut self) -> Result<(), CourierError> {
        for chunk in self.outboxes.look()? {
            let rows = lines_in(&chunk.rows);
            // His letters are lost until it is known where he lives; he asks for what he missed.
            let Some(there) = self.home_of(chunk.to) else { continue };
            let (machine, key) = (there.name, there.key);
            let frame = Frame::Letters(chunk).in_bytes(self.identity);
            let account = self.accounts.of(machine);
            match key != self.key && self.engine.send(key, frame) {
                true => account.out += rows,
                false => account.dropped += rows,
            }
        }
        Ok(())
    }

    /// The machine on which a priest lives: by the founder's list, or by the decree that seated him.
    fn home_of(&self, name: Name) -> Option<&Machine> {
        if self.charter.founding.membership.has(name) {
            return self.machines.home_of(name);
        }
        self.machines.called(self.law.place_of(name)?)
    }

    fn take(&mut self, tide: Tide) -> Result<(), CourierError> {
        match tide {
            Tide::Outboxes => {}
            Tide::Connected(key) => self.greet(key),
            Tide::Lost(key) => self.lose(key),
            Tide::Frame(key, bytes, _unread) => self.take_frame(key, &bytes)?,
            Tide::Asks(key, question, answer) => self.answer(key, &question, answer)?,
            Tide::Stranger(key) => {
                self.accounts.strangers += 1;
                let words = key.in_words();
                self.say_once(format!("turned away: {words}, whose key is on no list"));
            }
            Tide::TurnedAway(key, why) => {
                let there = self.called(key);
                self.say_once(format!(
                    "{there} turns this machine away: {why}; if a decree changed this machine's key or took it back, see docs/sea.md, Changing a key"
                ));
            }
        }
        Ok(())
    }

    /// Says first on a new connection what the other side must know.
    fn greet(&mut self, key: Key) {
        self.say_hello(key);
        if self.key == self.charter.founder {
            self.send(key, &Frame::Machines(self.bound.in_rows()));
        }
    }

    fn say_hello(&self, key: Key) {
        let hello = Hello { addresses: self.engine.addresses(), through: self.law.through() };
        self.send(key, &Frame::Hello(hello));
    }

    /// Notes what a machine says of itself: it is connected, since it is heard.
    fn take_hello(&mut self, from: &Machine, hello: &Hello) -> Result<(), CourierError> {
        let account = self.accounts.of(from.name);
        (account.connected, account.through) = (true, hello.through);
        if self.connected.insert(from.key) {
            self.say(format!("{} is connected", described(from)));
            let ours = self.chamber.names()?;
            self.unheard.extend(ours.into_iter().map(|name| (from.key, name)));
            self.ask_about_ours();
        }
        if self.bound.moved(from.name, &hello.addresses) {
            self.home.keep(MACHINES, &self.bound.in_rows())?;
            self.believe();
        }
        Ok(())
    }

    fn lose(&mut self, key: Key) {
        let Some(machine) = self.machines.with_key(key).cloned() else { return };
        self.accounts.of(machine.name).connected = false;
        if self.connected.remove(&key) {
            self.say(format!("{} is not connected any more", described(&machine)));
        }
    }

    fn take_frame(&mut self, key: Key, bytes: &[u8]) -> Result<(), CourierError> {
        let Some(machine) = self.machines.with_key(key).cloned() else { return Ok(()) };
        let rows = rows_in(bytes);
        let now_here = (self.clock)();
        let allowance = self.allowances.entry(key).or_insert_with(|| Allowance::full(now_here));
        if !allowance.take(now_here, bytes.len() as u64, rows) {
            self.accounts.of(machine.name).dropped += rows;
            self.say_once(format!("{} sends more than it may; the rest is dropped", machine.name));
            return Ok(());
        }
        self.accounts.of(machine.name).heard = now();
        match Frame::of_bytes(bytes, self.identity) {
            Err(fault) => {
                self.accounts.of(machine.name).refused += rows.max(1);
                self.say_once(format!("refused from {}: {fault}", machine.name));
            }
            Ok(Frame::Hello(hello)) => self.take_hello(&machine, &hello)?,
            Ok(Frame::Letters(chunk)) => self.hand_over(&machine, &chunk),
            Ok(Frame::Machines(rows)) => self.learn_machines(&machine, &rows)?,
            Ok(Frame::Ask(place)) => {
                self.send(key, &self.mirrors.answer(place));
            }
            Ok(Frame::Rows { place, is_all, rows }) => {
                self.take_rows(&machine, place, is_all, rows);
            }
        }
        Ok(())
    }

    /// Takes rows of a ledger: of one that lives where they came from, or what others have of ours.
    fn take_rows(&mut self, from: &Machine, place: Place, is_all: bool, rows: Vec<u8>) {
        let Place { name, offset, check } = place;
        let after = parliament::chamber::abroad::Reached { offset, check };
        let excerpt = Excerpt { after, rows, is_all };
        let (remark, ask) = if self.chamber.has_ledger(name) {
            let (told, remark) = self.mirrors.take_ours(name, from.key, &excerpt);
            if told == Told::All {
                self.unheard.remove(&(from.key, name));
            }
            let more = told == Told::More;
            (remark, more.then(|| self.mirrors.reached_of_ours(name)).flatten())
        } else if self.home_of(name).is_some_and(|it| it.key == from.key) {
            let (more, remark) = self.mirrors.take(name, &excerpt);
            let now = (self.clock)();
            (remark, more.then(|| self.mirrors.ask(name, now)).flatten())
        } else {
            let why =
                format!("refused from {}: rows of {name}, who does not live there", from.name);
            self.accounts.of(from.name).refused += 1;
            (Some(why), None)
        };
        if let Some(ask) = ask {
            self.send(from.key, &ask);
        }
        remark.into_iter().for_each(|it| self.say_once(it));
    }

    /// Asks each machine that has not said it what it has of the ledgers here; again, if a question
    /// or its answer was lost.
    fn ask_about_ours(&mut self) {
        let now = (self.clock)();
        for (key, name) in self.unheard.clone() {
            if self.connected.contains(&key)
                && let Some(ask) = self.mirrors.ask_about_ours(name, key, now)
            {
                self.send(key, &ask);
            }
        }
    }

    /// Asks each machine for what its ledgers have that the copies here lack.
    fn ask_for_ledgers(&mut self) {
        let seated: Vec<(Name, Key)> = self
            .law
            .seated()
            .filter_map(|(name, machine)| Some((name, self.machines.called(machine)?.key)))
            .collect();
        let founders =
            self.machines.iter().flat_map(|it| it.priests.iter().map(|&name| (name, it.key)));
        let all: Vec<(Name, Key)> = founders.chain(seated).collect();
        let now = (self.clock)();
        for (name, key) in all {
            if self.connected.contains(&key)
                && !self.chamber.has_ledger(name)
                && let Some(ask) = self.mirrors.ask(name, now)
            {
                self.send(key, &ask);
            }
        }
    }

    /// Hands letters over, if their senders live on the machine from which they came.
    fn hand_over(&mut self, from: &Machine, chunk: &Chunk) {
        let lives_there = |name| {
            self.home_of(name).is_some_and(|it| it.key == from.key) && !self.mirrors.suspects(name)
        };
        match self.chamber.hand_over(chunk, lives_there) {
            Ok(handed) => {
                let account = self.accounts.of(from.name);
                account.came += handed.rows;
                account.refused += handed.refused;
                if let Some(why) = handed.why {
                    self.say_once(format!("refused from {}: {why}", from.name));
                }
            }
            Err(error) => {
                self.accounts.of(from.name).dropped += lines_in(&chunk.rows);
                self.say_once(error.to_string());
            }
        }
    }

    /// Lets the lookout watch what is new.
    fn rouse_the_lookout(&mut self) -> Result<(), CourierError> {
        if let Some(lookout) = &mut self.lookout {
            let all_are_watched = lookout.look(&self.chamber.outboxes()?);
            self.glance = if all_are_watched { GLANCE_BESIDE_A_LOOKOUT } else { GLANCE };
        }
        Ok(())
    }

    fn make_the_round(&mut self) -> Result<(), CourierError> {
        self.rouse_the_lookout()?;
        let before = self.law.through();
        self.law.look();
        self.rounds += 1;
        if self.law.through() != before || self.rounds.is_multiple_of(ROUNDS_A_HELLO) {
            self.connected.iter().for_each(|&key| self.say_hello(key));
        }
        if self.law.through() != before {
            self.believe();
        }
        self.ask_about_ours();
        self.ask_for_ledgers();
        for decree in self.law.told() {
            self.say(decree);
        }
        self.home.note(HEARD, &self.accounts.in_rows())?;
        Ok(())
    }

    fn send(&self, to: Key, frame: &Frame) -> bool {
        self.engine.send(to, frame.in_bytes(self.identity))
    }

    /// A machine as people know it.
    fn called(&self, key: Key) -> String {
        self.machines.with_key(key).map_or_else(|| key.in_words(), described)
    }

    fn say(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    fn say_once(&mut self, remark: String) {
        if self.said.len() < REMARKS && self.said.insert(remark.clone()) {
            self.remarks.push(remark);
        }
    }
}

/// A machine and its priests: `harbour (Ben)`.
#[must_use]
pub fn described(machine: &Machine) -> String {
    let priests: Vec<&str> = machine.priests.iter().map(Name::as_str).collect();
    match &priests[..] {
        [] => format!("{} (follows)", machine.name),
        names => format!("{} ({})", machine.name, names.join(", ")),
    }
}

/// A clock that begins now.
fn since_now() -> Box<dyn Fn() -> Duration + Send> {
    let began = Instant::now();
    Box::new(move || began.elapsed())
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |it| it.as_secs())
}
