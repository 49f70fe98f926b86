//! Decrees passed one at a time: from BeginBallot to decided.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

use parliament::chamber::messenger::Roads;
use parliament::chamber::{Chamber, Messagebook};
use parliament::god::{Convening, Curiosity, MINUTE, Raise, Sitting, Tiding};
use parliament::parliament::Legislator;
use parliament::synod::{Decree, Entry, Message, Name};

use crate::floor::{self, Times, at_most, middle, us};
use crate::moments::{Moment, PATIENCE, Timed};
use crate::{Sizes, founding, room};

/// Decrees in a repeat.
const DECREES: usize = 50;
/// Rows appended and dried by each file of the floor in a repeat.
const SYNCS: usize = 50;
/// Hops in a repeat.
const HOPS: usize = 200;
/// So much longer than the floor it may take.
const BOUND: f64 = 1.5;

/// One sync and two hops follow one another on the way from BeginBallot to decided.
pub fn measure(sizes: &Sizes) -> Result<(), Box<dyn Error>> {
    let repeats = sizes.repeats.max(1) + 4;
    println!("\none decree at a time, {repeats} repeats of {DECREES}, in µs");
    println!("legislators  S_N p50  H p50  S_N + 2H  decided p50    p99  ratio (bound)");
    for legislators in [3, 5] {
        let (chamber, ground) = (room()?, room()?);
        let mut decrees = Decrees::convene(chamber.path(), legislators)?;
        decrees.pass(DECREES)?;
        let (mut sync, mut hop, mut decided) =
            (Times::default(), Times::default(), Times::default());
        let mut ratios = Vec::new();
        for _ in 0..repeats {
            let syncs_now = floor::syncs(ground.path(), legislators, SYNCS)?;
            let hops_now = floor::hops(ground.path(), HOPS)?;
            let now = decrees.pass(DECREES)?;
            let floor = syncs_now.p50() + 2 * hops_now.p50();
            ratios.push(now.p50().as_secs_f64() / floor.as_secs_f64());
            sync.append(syncs_now);
            hop.append(hops_now);
            decided.append(now);
        }
        let (ratio, least, greatest) = middle(&ratios);
        println!(
            "{legislators:>11}  {:>7.0}  {:>5.1}  {:>8.0}  {:>11.0}  {:>5.0}  {}  ({least:.2} to {greatest:.2})",
            us(sync.p50()),
            us(hop.p50()),
            us(sync.p50() + 2 * hop.p50()),
            us(decided.p50()),
            us(decided.p99()),
            at_most(ratio, BOUND)
        );
        decrees.sitting.close().2.map_err(|dead| format!("{dead:?} died"))?;
    }
    Ok(())
}

/// A sitting in which a citizen waits for each decree before he asks for the next.
struct Decrees {
    sitting: Sitting,
    legislators: usize,
    citizen: Name,
    door: Messagebook,
    moments: Receiver<(Moment, Instant)>,
    asked: usize,
}

impl Decrees {
    fn convene(dir: &Path, legislators: usize) -> Result<Decrees, Box<dyn Error>> {
        let founding = Arc::new(founding(legislators, 3)?);
        let chamber = Chamber::at(dir);
        chamber.found(&founding)?;
        let priests: Vec<Name> = founding.membership.names().collect();
        let president = *priests.last().ok_or("nobody presides over nobody")?;
        let door = Messagebook::of(&chamber, president);
        let (send, moments) = mpsc::channel();
        let raise: Arc<Raise<Timed<Legislator>>> = Arc::new(move |name, rows: &[Entry]| {
            let mortal = Legislator::from_ledger(name, Arc::clone(&founding), rows);
            Timed::new(mortal, send.clone())
        });
        let (roads, seed, minute) = (Roads::default(), 0, MINUTE);
        let curiosity = Curiosity::Decrees;
        let convening = Convening {
            chamber,
            priests,
            roads,
            seed,
            minute,
            curiosity,
            poll: false,
            trace: None,
        };
        let sitting = Sitting::convene(&convening, raise)?;
        let citizen = "Citizen".parse()?;
        Ok(Decrees { sitting, legislators, citizen, door, moments, asked: 0 })
    }

    /// Passes this many, each when the one before stands in every ledger; how long each took from
    /// BeginBallot to decided.
    fn pass(&mut self, decrees: usize) -> Result<Times, Box<dyn Error>> {
        let mut times = Times::default();
        for _ in 0..decrees {
            self.asked += 1;
            let decree = Decree::new("The price of olive oil is 3 drachmas per ton")?
                .petitioned(&format!("Citizen/{}", self.asked))?;
            self.door.append([(self.citizen, &Message::Petition { decree })])?;
            self.wait_for_all_ledgers()?;
            let (mut begun, mut decided) = (None, None);
            for (moment, at) in self.moments.try_iter() {
                match moment {
                    Moment::Begun => begun = Some(at),
                    Moment::Decided => decided = Some(at),
                    Moment::Tried | Moment::Heard => {}
                }
            }
            if let (Some(begun), Some(decided)) = (begun, decided) {
                times.add(decided - begun);
            }
        }
        Ok(times)
    }

    fn wait_for_all_ledgers(&mut self) -> Result<(), Box<dyn Error>> {
        let mut ledgers = 0;
        while ledgers < self.legislators {
            let news = self.sitting.hear(PATIENCE).ok_or("nothing is passed any more")?;
            ledgers += usize::from(matches!(news.what, Tiding::Knows(_)));
        }
        Ok(())
    }
}
