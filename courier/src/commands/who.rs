//! `parliament sea who`: the machines, and what crossed.

use std::time::SystemTime;

use clap::Args;
use courier::accounts::Accounts;
use courier::courier::described;
use courier::home::{HEARD, Home};
use courier::keys;
use courier::quic;
use parliament::chamber::Chamber;

use super::Failure;

/// Show each machine: when it was heard, what crossed, how far its ledgers are.
#[derive(Args)]
#[command(before_help = "Example:\n  parliament sea who")]
pub struct Who {}

impl Who {
    pub fn run(&self, chamber: &Chamber) -> Result<(), Failure> {
        let home = Home::of(chamber.root());
        let charter = home.charter()?;
        let (bound, machines) = keys::known(chamber, &home)?;
        let key = quic::public(&home.secret()?);
        let accounts = std::fs::read_to_string(home.at(HEARD)).unwrap_or_default();
        let accounts = Accounts::of_rows(&accounts);
        println!(
            "{:24} {:>10} {:>8} {:>8} {:>7} {:>7}  {:>7}",
            "machine", "heard", "rows out", "in", "dropped", "refused", "through"
        );
        for machine in bound.iter() {
            let now = machines.called(machine.name).map(|it| it.key);
            if now == Some(key) {
                println!("{:24} {:>10}", described(machine), "here");
                continue;
            }
            if now.is_none() {
                println!("{:24} {:>10}", described(machine), "no key");
                continue;
            }
            let it = accounts.get(machine.name);
            let is_heard = it.connected && seconds_since(it.heard) < LATELY;
            let heard = if is_heard { "connected".into() } else { ago(it.heard) };
            let through = it.through.map_or_else(String::new, |it| it.to_string());
            println!(
                "{:24} {heard:>10} {:>8} {:>8} {:>7} {:>7}  {through:>7}",
                described(machine),
                it.out,
                it.came,
                it.dropped,
                it.refused
            );
        }
        if accounts.strangers > 0 {
            println!("Turned away, because their key is on no list: {}", accounts.strangers);
        }
        let awaited = bound.awaited(&charter.founding);
        if !awaited.is_empty() {
            let names: Vec<&str> = awaited.iter().map(|it| it.as_str()).collect();
            println!("Awaited: {}", names.join(", "));
        }
        Ok(())
    }
}

/// A machine says something each 5 seconds while a courier runs here.
const LATELY: u64 = 20;

fn seconds_since(heard: u64) -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(0, |it| it.as_secs()).saturating_sub(heard)
}

/// How long ago, in words.
fn ago(heard: u64) -> String {
    match (heard, seconds_since(heard)) {
        (0, _) => "never".into(),
        (_, s @ 0..120) => format!("{s} s ago"),
        (_, s @ 120..7200) => format!("{} min ago", s / 60),
        (_, s) => format!("{} h ago", s / 3600),
    }
}
