//! The cost of a letter in the core alone: no file, no thread, a window of 1,000 numbers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use parliament::parliament::Legislator;
use parliament::synod::{Decree, Deed, Entry, Founding, Ledger, Letter, Message, Minutes, Mortal};

use super::chamber::name;

/// A ledger that forgets.
struct Sand;

impl Ledger for Sand {
    type Error = ();
    fn ink(&mut self, _: &[Entry]) -> Result<(), ()> {
        Ok(())
    }
    fn dry(&mut self) -> Result<(), ()> {
        Ok(())
    }
}

/// Run with `cargo test --release --test suite parliament::pace -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn pace_of_three_silent_legislators_at_a_window_of_1000() {
    let total: u64 = std::env::var("DECREES").map_or(1_000_000, |n| n.parse().unwrap());
    let founding: Arc<Founding> = Arc::new("Gray Lynch Oki alpha=1000".parse().unwrap());
    let mut priests: BTreeMap<_, _> = founding
        .membership
        .names()
        .map(|n| (n, Legislator::from_ledger(n, Arc::clone(&founding), []).silent()))
        .collect();
    let mut desks: BTreeMap<_, VecDeque<_>> =
        priests.keys().map(|&n| (n, VecDeque::new())).collect();
    let petitions: Vec<Decree> = (0..total)
        .map(|i| {
            let tax = Decree::new(&format!("The olive tax is {i} drachmas per ton")).unwrap();
            tax.petitioned(&format!("Dolf/{i}")).unwrap()
        })
        .collect();
    let (citizen, oki) = (name("Dolf"), name("Oki"));
    let names: Vec<_> = priests.keys().copied().collect();
    let now = Minutes::ZERO;
    let (mut handed_in, mut letters_read) = (0, 0u64);
    let post = |from, deed: Deed, desks: &mut BTreeMap<_, VecDeque<_>>| {
        let mut letters: Vec<Letter> = Vec::new();
        deed.perform(&mut Sand, &mut letters).unwrap();
        for letter in letters {
            desks.get_mut(&letter.to).unwrap().push_back((from, letter.message));
        }
    };
    for &n in &names {
        let deed = priests.get_mut(&n).unwrap().enter(now);
        post(n, deed, &mut desks);
    }
    let mut began = Instant::now();
    while priests.values().any(|p| p.pages().complete_through() < total) {
        for &n in &names {
            let priest = priests.get_mut(&n).unwrap();
            let mut deed = Deed::nothing();
            if n == oki && priest.presides().is_some() {
                if handed_in == 0 {
                    began = Instant::now();
                }
                let until = (priest.pages().complete_through() + 1000).min(total);
                for decree in &petitions[handed_in as usize..until as usize] {
                    let decree = decree.clone();
                    deed.absorb(priest.receive(now, citizen, Message::Petition { decree }));
                    letters_read += 1;
                }
                handed_in = handed_in.max(until);
            }
            for (from, message) in std::mem::take(desks.get_mut(&n).unwrap()) {
                deed.absorb(priest.receive(now, from, message));
                letters_read += 1;
            }
            if priest.alarm().is_some_and(|due| due <= now) {
                deed.absorb(priest.look_at_hourglass(now));
            }
            post(n, deed, &mut desks);
        }
    }
    let took = began.elapsed();
    println!(
        "{total} decrees in {took:?}: {:.0} decrees/s on one core, {:.0} ns a letter, {:.1} letters a decree",
        total as f64 / took.as_secs_f64(),
        took.as_nanos() as f64 / letters_read as f64,
        letters_read as f64 / total as f64,
    );
}
