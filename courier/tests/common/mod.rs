//! A machine of a Parliament in a directory of its own, on 127.0.0.1.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use courier::charter::Ticket;
use courier::courier::Courier;
use courier::founding::{self, SeaError};
use courier::home::Home;
use courier::keys;
use courier::machines::Machines;
use courier::quic::{self, Anchor, Quic};
use parliament::chamber::messenger::Roads;
use parliament::chamber::{Chamber, read_ledger};
use parliament::god::parliament::{Assembly, Manner};
use parliament::god::{Citizen, Convening, Curiosity, GodError};
use parliament::words::{Decree, Entry, Founding, Minutes, Name};

pub const LOOPBACK: Anchor =
    Anchor { port: 0, ip: Some(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)), mdns: false };

pub fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// Waits until something is so, for a time that only a fault exceeds.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(90), "still not so: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A thread that goes on until it is told to stop.
struct Running {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Vec<String>>>,
}

impl Running {
    fn begin(run: impl FnOnce(&AtomicBool) -> Vec<String> + Send + 'static) -> Running {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        Running { stop, thread: Some(std::thread::spawn(move || run(&told))) }
    }

    fn end(mut self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap()
    }
}

/// A machine and the priest who lives there.
pub struct Machine {
    root: tempfile::TempDir,
    pub priest: &'static str,
    /// How decrees name this machine.
    pub called: String,
    courier: Option<Running>,
    sitting: Option<Running>,
    asked: u64,
}

impl Machine {
    pub fn new(priest: &'static str) -> Machine {
        let root = tempfile::tempdir().unwrap();
        let called = format!("m{priest}");
        Machine { root, priest, called, courier: None, sitting: None, asked: 0 }
    }

    pub fn path(&self) -> &Path {
        self.root.path()
    }

    pub fn chamber(&self) -> Chamber {
        Chamber::at(self.path())
    }

    pub fn home(&self) -> Home {
        Home::of(self.path())
    }

    /// Its name.
    pub fn called(&self) -> Name {
        name(&self.called)
    }

    pub fn found(&self, founding: &Founding) -> Ticket {
        let me = (self.called(), &[name(self.priest)][..]);
        founding::found(&self.chamber(), founding, me, LOOPBACK).unwrap()
    }

    pub fn join(&self, ticket: &Ticket) -> Result<Machines, SeaError> {
        let me = (self.called(), &[name(self.priest)][..]);
        founding::join(&self.chamber(), ticket, me, LOOPBACK, Duration::from_secs(60))
    }

    /// Joins without a priest.
    pub fn follow(&self, ticket: &Ticket) -> Result<Machines, SeaError> {
        let me = (self.called(), &[][..]);
        founding::join(&self.chamber(), ticket, me, LOOPBACK, Duration::from_secs(60))
    }

    /// Whether the copy of this priest's ledger here has this decree.
    pub fn has_copied(&self, priest: &str, decree: &str) -> bool {
        has(&self.chamber().abroad().join(format!("ledgers/{priest}.csv")), decree)
    }

    /// Begins to carry.
    pub fn sail(&mut self) {
        let (chamber, home) = (self.chamber(), self.home());
        founding::note_that_ledgers_stand(&chamber, &home).unwrap();
        self.courier = Some(Running::begin(move |stop| {
            let mut remarks = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let secret = keys::secret(&chamber).unwrap();
                let (tides, come) = channel();
                let engine = Quic::start(&secret, home.anchor(), tides).unwrap();
                let mut courier = Courier::of(&chamber, quic::public(&secret), engine).unwrap();
                courier.carry(&come, stop, &mut |it| remarks.push(it.to_owned())).unwrap();
            }
            remarks
        }));
    }

    /// Carries no more; returns what the courier said.
    pub fn moor(&mut self) -> Vec<String> {
        self.courier.take().map(Running::end).unwrap_or_default()
    }

    /// Brings the priest in.
    pub fn sit(&mut self) -> Result<(), GodError> {
        let convening = Convening {
            chamber: self.chamber(),
            priests: vec![name(self.priest)],
            roads: Roads { lose: 0.0, repeat: 0.0, delay_minutes: (Minutes::ZERO, Minutes::ZERO) },
            seed: 7,
            minute: Duration::from_millis(20),
            poll: false,
            curiosity: Curiosity::Decrees,
            trace: None,
        };
        let founding = self.home().charter().unwrap().founding;
        let mut assembly = Assembly::convene(&convening, founding, Manner::default())?;
        self.sitting = Some(Running::begin(move |stop| {
            while !stop.load(Ordering::Relaxed) {
                assembly.hear();
            }
            let _ = assembly.close();
            Vec::new()
        }));
        Ok(())
    }

    /// The priest leaves.
    pub fn rise(&mut self) {
        drop(self.sitting.take().map(Running::end));
    }

    /// Whether a ledger here has this decree.
    pub fn has(&self, decree: &str) -> bool {
        has(&self.chamber().ledger(name(self.priest)), decree)
    }

    /// Asks the priest here until the decree has passed.
    pub fn pass(&mut self, decree: &str) {
        self.asked += 1;
        let dolf = name(&format!("Dolf of {}", self.priest).replace(' ', "-"));
        let id = format!("{dolf}/{}", self.asked);
        let asked = Decree::of_petition(decree, &id).unwrap();
        let chamber = self.chamber();
        let mut citizen = Citizen::new(dolf, &chamber, &[name(self.priest)]);
        let mut last: Option<Instant> = None;
        wait_until(decree, || {
            if last.is_none_or(|it| it.elapsed() > Duration::from_secs(2)) {
                citizen.petition(Minutes::ZERO, vec![asked.clone()]);
                last = Some(Instant::now());
            }
            self.has(decree)
        });
    }
}

pub fn has(ledger: &Path, decree: &str) -> bool {
    let rows = read_ledger(ledger).into_iter().flatten().flatten().flatten();
    rows.into_iter()
        .any(|row| matches!(row.entry, Entry::Outcome { decree: it, .. } if it.text() == decree))
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.rise();
        self.moor();
    }
}

/// Three machines that have joined and carry, each with its priest inside.
pub fn three() -> [Machine; 3] {
    let mut machines = ["Ada", "Ben", "Cid"].map(Machine::new);
    let ticket = machines[0].found(&"Ada Ben Cid".parse().unwrap());
    machines[0].sail();
    for machine in &mut machines[1..] {
        machine.join(&ticket).unwrap();
        machine.sail();
    }
    machines.iter_mut().for_each(|it| it.sit().unwrap());
    machines
}

/// Waits until all have a decree.
pub fn all_have(machines: &[Machine], decree: &str) {
    wait_until(decree, || machines.iter().all(|it| it.has(decree)));
}

/// Judges the union of the ledgers.
pub fn judged(machines: &[Machine]) {
    let others: Vec<Chamber> = machines[1..].iter().map(Machine::chamber).collect();
    let judgment = machines[0].chamber().audit_union(&others, |_, _| {}).unwrap();
    assert!(judgment.is_consistent(), "{:?}", judgment.findings());
}
