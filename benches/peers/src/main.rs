//! Other programs that keep decrees in order, each as fast as it goes on this machine.
//!
//! `peers NAME DECREES WINDOW [DIRECTORY]` prints how many decrees a second were agreed on. There are
//! `raft-rs` and `omnipaxos`, three members in one thread and in memory, and `sqlite`, one writer with
//! a table in the directory: each transaction has as many rows as the window, and is durable before
//! the next begins.
//!
//! A decree is the text `decree N`, as in the Parliament's own bench. Members hand each other
//! messages as values: nothing is encoded, written or sent.

mod omnipaxos;
mod raft;
mod sqlite;

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, decrees, window, directory @ ..] = &words[..] else {
        return Err("try: peers raft-rs|omnipaxos|sqlite DECREES WINDOW [DIRECTORY]".into());
    };
    let (decrees, window): (usize, usize) = (decrees.parse()?, window.parse()?);
    let begun = Instant::now();
    match &name[..] {
        "raft-rs" => raft::agree(decrees, window)?,
        "omnipaxos" => omnipaxos::agree(decrees, window)?,
        "sqlite" => sqlite::write(
            decrees,
            window,
            directory.first().ok_or("name a directory for the table")?,
        )?,
        other => return Err(format!("{other} is not among them").into()),
    }
    println!("{:.0}", decrees as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}

/// The decree of this number.
fn decree(number: usize) -> String {
    format!("decree {number}")
}
