//! The pure core over a transport of one's own: a thread for each priest, and channels between them.
//!
//! The core knows no file, clock or thread. An [`Initiator`] takes letters and the time, and gives
//! deeds back; a ledger in memory and a [`Post`] that sends into channels are all that is needed
//! around it. A real ledger would write to a disk, and return from `dry` when the disk has it.
//!
//! Run it with `cargo run --example channels`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use parliament::synod::{
    Decree, Entry, Founding, Initiator, Membership, Message, Minutes, Mortal, Name, Post, Presence,
    Priest, Released,
};
use parliament::words::time::PRESENCE;

/// A letter with its sender's name on it.
type Signed = (Name, Message);

/// Carries letters into the channels of their readers.
struct Channels {
    from: Name,
    doors: BTreeMap<Name, Sender<Signed>>,
}

impl Post for Channels {
    fn post(&mut self, letters: Released) {
        for letter in letters {
            if let Some(door) = self.doors.get(&letter.to) {
                // A reader who has left gets no letter: it is lost, which the protocol bears.
                let _ = door.send((self.from, letter.message));
            }
        }
    }
}

/// Lives in the Chamber until the decree stands in his ledger, and returns it.
fn live(
    name: Name,
    members: Arc<Membership>,
    wish: Decree,
    mut post: Channels,
    letters: Receiver<Signed>,
) -> Decree {
    let convened = Instant::now();
    // A Paxon minute lasts 10 ms here.
    let now = || Minutes::thousandths(convened.elapsed().as_micros() as u64 / 10);
    let mut ledger: Vec<Entry> = Vec::new();
    let presence = Presence::new(name, &members, PRESENCE);
    let mut priest =
        Initiator::new(Priest::from_ledger(name, members, &ledger), presence, Some(wish));
    let mut deed = priest.enter(now());
    loop {
        let Ok(()) = deed.perform(&mut ledger, &mut post);
        if let Some(decree) = priest.outcome(1) {
            return decree.clone();
        }
        let until = priest.alarm().map_or(0, |alarm| (alarm - now()).in_thousandths());
        deed = match letters.recv_timeout(std::time::Duration::from_micros(10 * until.max(1))) {
            Ok((from, message)) => priest.receive(now(), from, message),
            Err(_) => priest.look_at_hourglass(now()),
        };
    }
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let members = Arc::new("Dwork Gray Oki".parse::<Founding>()?.membership);
    let (doors, rooms): (BTreeMap<_, _>, Vec<_>) = members
        .names()
        .map(|name| {
            let (door, room) = channel();
            ((name, door), (name, room))
        })
        .unzip();
    let mut priests = Vec::new();
    for (name, room) in rooms {
        let wish = Decree::new(&format!("{name} may pasture goats in the agora"))?;
        let (members, post) = (Arc::clone(&members), Channels { from: name, doors: doors.clone() });
        priests.push(std::thread::spawn(move || live(name, members, wish, post, room)));
    }
    let passed: Vec<Decree> = priests.into_iter().filter_map(|priest| priest.join().ok()).collect();
    println!("All three ledgers say: {}", passed[0]);
    assert!(passed.len() == 3 && passed.iter().all(|decree| *decree == passed[0]));
    Ok(())
}
