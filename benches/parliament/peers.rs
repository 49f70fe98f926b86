//! Other programs that keep decrees in order, in the same run: `benches/peers` knows how they are
//! called.

use std::error::Error;
use std::ffi::OsStr;
use std::process::Command;

use crate::floor::middle;
use crate::windows::Run;
use crate::{Sizes, room};

/// Their names, with the decrees each is given for one of ours, and what they leave out.
const PEERS: [(&str, usize, &str); 3] = [
    ("raft-rs", 2, "in memory, one thread, nothing encoded"),
    ("omnipaxos", 4, "in memory, one thread, nothing encoded"),
    ("sqlite", 2, "one writer, durable: a row a decree, a sync a window"),
];

/// Decrees a second of three legislators and of the others, in turns, at each of two windows.
pub fn measure(sizes: &Sizes) -> Result<(), Box<dyn Error>> {
    println!("\nbeside others that keep decrees in order, three members");
    let Some(peers) = std::env::var_os("PEERS") else {
        println!("skipped: no PEERS. To build them and measure:");
        println!("  cargo build --release --locked --manifest-path benches/peers/Cargo.toml \\");
        println!("    --target-dir target/peers");
        println!("  PEERS=$PWD/target/peers/release/peers cargo bench --bench parliament");
        return Ok(());
    };
    println!("window  who         decrees/s  ours is  what they do");
    for window in [1000, 16_000] {
        let mut ours = Vec::new();
        let mut theirs: [Vec<f64>; PEERS.len()] = Default::default();
        for _ in 0..sizes.repeats.max(1) {
            ours.push(Run::of(3, window, sizes.decrees)?.pace());
            for ((name, times, _), paces) in PEERS.iter().zip(&mut theirs) {
                paces.push(pace(&peers, name, sizes.decrees * times, window)?);
            }
        }
        let (ours, ..) = middle(&ours);
        println!(
            "{window:>6}  Parliament  {ours:>9.0}           durable: six rows a decree, in files"
        );
        for ((name, _, what), paces) in PEERS.iter().zip(&theirs) {
            let (pace, ..) = middle(paces);
            println!("{window:>6}  {name:<10}  {pace:>9.0}  {:>7.2}  {what}", ours / pace);
        }
    }
    Ok(())
}

fn pace(peers: &OsStr, name: &str, decrees: usize, window: u64) -> Result<f64, Box<dyn Error>> {
    let ground = room()?;
    let sizes = [decrees.to_string(), window.to_string()];
    let ran = Command::new(peers).arg(name).args(sizes).arg(ground.path()).output()?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into());
    }
    Ok(String::from_utf8(ran.stdout)?.trim().parse()?)
}
