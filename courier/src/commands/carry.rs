//! `parliament sea carry`: carries until Ctrl-C.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use clap::Args;
use courier::courier::{Courier, described};
use courier::founding::note_that_ledgers_stand;
use courier::home::{Home, HomeError};
use courier::keys;
use courier::lookout::Lookout;
use courier::quic::{self, Quic};
use parliament::chamber::Chamber;

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
        // One who has not gone to sea is told so.
        home.secret()?;
        let Some(_lock) = self.lock(&home, &stop)? else { return Ok(()) };
        note_that_ledgers_stand(chamber, &home)?;
        // Where a decree changes this machine's key, it begins anew with the new one.
        while !stop.load(Ordering::Relaxed) {
            self.carry(chamber, &home, &stop)?;
        }
        Ok(())
    }

    /// Carries with the key that counts now.
    fn carry(&self, chamber: &Chamber, home: &Home, stop: &AtomicBool) -> Result<(), Failure> {
        let secret = keys::secret(chamber)?;
        let (tides, come) = channel();
        let lookout = Lookout::of(chamber, tides.clone());
        let anchor = self.anchor.anchor(home.anchor());
        let engine = Quic::start(&secret, anchor, tides)?;
        let key = quic::public(&secret);
        let with_parent = self.with_parent;
        let courier = Courier::of(chamber, key, engine)?;
        let courier = courier.when_ready(move || tell_that_it_is_ready(with_parent));
        let mut courier = courier.woken_by(lookout);
        let (_, machines) = keys::known(chamber, home)?;
        let me = machines.with_key(key).map_or_else(
            || format!("a machine whose key ({}) is on no list known here", key.in_words()),
            described,
        );
        self.say(&format!("Carrying for {me}. Ctrl-C ends it."));
        courier.carry(&come, stop, &mut |remark| self.say(remark))?;
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
