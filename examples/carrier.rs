//! A carrier between the parts of a Parliament that lie in directories of one machine: the least that
//! `docs/sea.md` asks for. Between machines, put a road of your own where this hands a chunk over.
//!
//! Found three parts, each in a terminal of its own:
//!
//! ```text
//! parliament sit --chamber hill    --priests Ada,Ben,Cid --here Ada --machine hill
//! parliament sit --chamber harbour --priests Ada,Ben,Cid --here Ben --machine harbour
//! parliament sit --chamber isle    --priests Ada,Ben,Cid --here Cid --machine isle
//! ```
//!
//! Then `cargo run --example carrier -- hill harbour isle` carries until Ctrl-C, and
//! `parliament petition --chamber hill "Goats may graze"` asks.

use std::error::Error;
use std::time::Duration;

use parliament::chamber::Chamber;
use parliament::chamber::crossing::Outboxes;

fn main() -> Result<(), Box<dyn Error>> {
    let chambers: Vec<Chamber> = std::env::args().skip(1).map(Chamber::at).collect();
    let mut outboxes = Vec::new();
    for chamber in &chambers {
        outboxes.push(Outboxes::from_now(chamber)?);
    }
    loop {
        carry(&chambers, &mut outboxes)?;
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Carries what was written since the last round; returns how many rows were handed over.
pub fn carry(chambers: &[Chamber], outboxes: &mut [Outboxes]) -> Result<u64, Box<dyn Error>> {
    let mut carried = 0;
    for (home, outbox) in chambers.iter().zip(outboxes) {
        for chunk in outbox.look()? {
            // His ledger is where he lives. Nobody has one yet who was seated a moment ago: his
            // letters are lost, and he asks for what he missed when he comes in.
            let Some(there) = chambers.iter().find(|it| it.has_ledger(chunk.to)) else { continue };
            let handed = there.hand_over(&chunk, |from| home.has_ledger(from))?;
            if let Some(why) = handed.why {
                eprintln!("{}: {} rows refused: {why}", home.root().display(), handed.refused);
            }
            carried += handed.rows;
        }
    }
    Ok(carried)
}
