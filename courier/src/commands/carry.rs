//! `parliament sea carry`: carries until Ctrl-C.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use clap::Args;
use courier::courier::{Courier, described};
use courier::engine::Tide;
use courier::founding::note_that_ledgers_stand;
use courier::home::{Home, HomeError};
use courier::quic::{self, Quic};
use parliament::chamber::{Chamber, Watch};

use super::{At, Failure};

/// Carry letters until Ctrl-C; the founder's machine also lets others in.
#[derive(Args)]
#[command(before_help = "Example:\n  parliament sea carry             # until Ctrl-C")]
pub struct Carry {
    #[command(flatten)]
    anchor: At,
    /// Print errors only.
    #[arg(long, short)]
    quiet: bool,
    /// For `--sea`: end when standard input ends; write one line when ready, and remarks to standard
    /// error; wait where another courier carries already.
    #[arg(long, hide = true)]
    with_parent: bool,
}

impl Carry {
    pub fn run(&self, chamber: &Chamber) -> Result<(), Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&stop);
        ctrlc::set_handler(move || {
            if ends.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        })?;
        if self.with_parent {
            end_with_the_parent(Arc::clone(&stop));
        }
        let home = Home::of(chamber.root());
        let secret = home.secret()?;
        let Some(_lock) = self.lock(&home, &stop)? else { return Ok(()) };
        note_that_ledgers_stand(chamber, &home)?;
        let (tides, come) = channel();
        let watch = watch(chamber, &tides);
        let anchor = self.anchor.anchor(home.anchor());
        let engine = Quic::start(&secret, anchor, tides)?;
        let key = quic::public(&secret);
        let with_parent = self.with_parent;
        let courier = Courier::of(chamber, key, engine)?;
        let mut courier = courier.when_ready(move || tell_that_it_is_ready(with_parent));
        let me = home.machines()?.with_key(key).map(described).unwrap_or_default();
        self.say(&format!("Carrying for {me}. Ctrl-C ends it."));
        courier.carry(&come, &stop, &mut |remark| self.say(remark))?;
        drop(watch);
        Ok(())
    }

    /// The lock; `None` if the time to stop came first.
    fn lock(&self, home: &Home, stop: &AtomicBool) -> Result<Option<std::fs::File>, Failure> {
        loop {
            match home.lock() {
                Err(HomeError::Taken { .. }) if self.with_parent => {
                    // The other one carries, and has asked what must be asked.
                    tell_that_it_is_ready(true);
                    if stop.load(Ordering::Relaxed) {
                        return Ok(None);
                    }
                    std::thread::sleep(Duration::from_millis(100));
                }
                lock => return Ok(Some(lock?)),
            }
        }
    }

    fn say(&self, remark: &str) {
        // One who does not read ends nothing.
        let _ = match (self.quiet, self.with_parent) {
            (true, _) => Ok(()),
            (false, true) => writeln!(std::io::stderr(), "sea: {remark}"),
            (false, false) => writeln!(std::io::stdout(), "{remark}"),
        };
    }
}

/// Wakes the courier when an outbox changes. Without a watcher he looks by himself.
fn watch(chamber: &Chamber, tides: &Sender<Tide>) -> Option<Watch> {
    let watch = Watch::new().ok()?;
    for owner in chamber.outboxes().unwrap_or_default() {
        let tides = tides.clone();
        let wake = move || drop(tides.send(Tide::Outboxes));
        let _ = watch.over(&chamber.messagebook(owner), wake);
    }
    Some(watch)
}

/// The parent's end ends the pipe, however it ended.
fn end_with_the_parent(stop: Arc<AtomicBool>) {
    std::thread::spawn(move || {
        let mut nothing = [0; 64];
        while std::io::stdin().read(&mut nothing).is_ok_and(|n| n > 0) {}
        stop.store(true, Ordering::Relaxed);
    });
}

fn tell_that_it_is_ready(with_parent: bool) {
    if with_parent {
        // It is read once, and then the pipe is closed.
        let _ = writeln!(std::io::stdout(), "ready");
    }
}
