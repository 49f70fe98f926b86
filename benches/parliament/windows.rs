//! Many decrees at once: as many numbers open as α allows.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use parliament::chamber::Chamber;
use parliament::chamber::messenger::Roads;
use parliament::god::parliament::{Assembly, Manner, pass};
use parliament::god::{Citizen, Convening, Curiosity, MINUTE};
use parliament::synod::{Decree, Minutes, Name};

use crate::floor::{self, at_least, middle};
use crate::{Sizes, founding, room};

/// The window at which the Parliament is held against the disk, and rows to an fdatasync there.
const WINDOW: u64 = 1000;
/// Writes and fdatasyncs of each file of the floor in a repeat.
const SYNCS: usize = 50;

/// A run in which a list of decrees was passed.
pub struct Run {
    decrees: f64,
    seconds: f64,
    letters: f64,
    rows: f64,
    syncs: f64,
    ledger_bytes: f64,
    messagebook_bytes: f64,
}

impl Run {
    /// Founds a chamber, and passes this many decrees in it, in which `window` numbers may be open.
    ///
    /// Everything is the real thing: a citizen hands his petitions in by the president's
    /// messagebook, and waits until all stand in every ledger.
    pub fn of(legislators: usize, window: u64, decrees: usize) -> Result<Run, Box<dyn Error>> {
        let dir = room()?;
        let founding = founding(legislators, window)?;
        let chamber = Chamber::at(dir.path());
        chamber.found(&founding)?;
        let priests: Vec<Name> = founding.membership.names().collect();
        let (roads, seed, minute) = (Roads::default(), 0, MINUTE);
        let (chamber, curiosity) = (Chamber::at(dir.path()), Curiosity::Decrees);
        let last_first: Vec<Name> = priests.iter().rev().copied().collect();
        let citizen = Citizen::new("Citizen".parse()?, &chamber, &last_first);
        let wishes = (0..decrees).map(wish).collect::<Result<Vec<Decree>, _>>()?;
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
        let manner = Manner { silent: true, ..Manner::default() };
        let assembly = Assembly::convene(&convening, founding, manner)?;
        let (begun, patience) = (assembly.now(), Minutes::whole(1_000_000));
        let passage =
            pass(assembly, citizen, wishes, patience, &AtomicBool::new(false), |_| None, |_, _| {});
        if !passage.is_complete() {
            return Err(format!("only {} of {decrees} were passed", passage.passed.len()).into());
        }
        let took = (passage.took - begun).in_thousandths() as f64 / 1000.0;
        Ok(Run {
            decrees: decrees as f64,
            seconds: took * minute.as_secs_f64(),
            letters: passage.counts.sent as f64,
            rows: passage.counts.inked as f64,
            syncs: passage.counts.dried as f64,
            ledger_bytes: bytes_in(&dir.path().join("ledgers"))?,
            messagebook_bytes: bytes_in(&dir.path().join("messagebooks"))?,
        })
    }

    pub fn pace(&self) -> f64 {
        self.decrees / self.seconds
    }

    fn row_width(&self) -> usize {
        (self.ledger_bytes / self.rows) as usize
    }
}

fn wish(i: usize) -> Result<Decree, Box<dyn Error>> {
    let decree = Decree::new(&format!("The olive tax is {i} drachmas per ton"))?;
    Ok(decree.petitioned(&format!("Citizen/{i}"))?)
}

fn bytes_in(directory: &Path) -> std::io::Result<f64> {
    let sizes = fs::read_dir(directory)?.map(|entry| Ok(entry?.metadata()?.len()));
    Ok(sizes.sum::<std::io::Result<u64>>()? as f64)
}

/// Decrees a second at a window of 1,000, beside the rows a second that each of as many files
/// takes when nothing else is done.
pub fn measure_against_the_disk(sizes: &Sizes) -> Result<(), Box<dyn Error>> {
    let (repeats, decrees) = (sizes.repeats.max(1), sizes.decrees);
    println!(
        "\nwindow {WINDOW}, {repeats} repeats of {decrees} decrees; raw: as many rows to a sync"
    );
    println!("legislators  bytes a row  raw rows/s a file  decrees/s  part (bound)");
    for (legislators, bound) in [(3, 0.18), (5, 0.12)] {
        let width = Run::of(legislators, WINDOW, decrees / 5)?.row_width();
        let (mut parts, mut paces, mut raws) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..repeats {
            let ground = room()?;
            let raw =
                floor::rows_per_second(ground.path(), legislators, width, WINDOW as usize, SYNCS)?;
            let pace = Run::of(legislators, WINDOW, decrees)?.pace();
            parts.push(pace / raw);
            paces.push(pace);
            raws.push(raw);
        }
        let (part, least, greatest) = middle(&parts);
        println!(
            "{legislators:>11}  {width:>11}  {:>17.0}  {:>9.0}  {}  ({:.0} to {:.0} %)",
            middle(&raws).0,
            middle(&paces).0,
            at_least(part, bound),
            least * 100.0,
            greatest * 100.0
        );
    }
    Ok(())
}

/// The cost of a decree, window by window.
pub fn measure_widths(sizes: &Sizes) -> Result<(), Box<dyn Error>> {
    println!("\nwindow by window, a decree; letters without the citizen's petition");
    head();
    for legislators in [3, 5] {
        for (window, part) in [(1, 50), (10, 10), (100, 2), (1000, 1), (16_000, 1)] {
            tell(legislators, window, &Run::of(legislators, window, sizes.decrees / part)?);
        }
    }
    Ok(())
}

/// The cost of a decree, by the number of legislators.
pub fn measure_sizes(sizes: &Sizes) -> Result<(), Box<dyn Error>> {
    println!("\nfrom 3 legislators to 101, window {WINDOW}, a decree");
    head();
    for legislators in [3, 5, 9, 25, 101] {
        let decrees = sizes.decrees * 3 / legislators;
        tell(legislators, WINDOW, &Run::of(legislators, WINDOW, decrees)?);
    }
    Ok(())
}

fn head() {
    println!(
        "legislators  window  decrees/s  letters  rows inked   syncs  ledger bytes  messagebook bytes"
    );
}

fn tell(legislators: usize, window: u64, run: &Run) {
    let each = |whole: f64| whole / run.decrees;
    println!(
        "{legislators:>11}  {window:>6}  {:>9.0}  {:>7.1}  {:>10.1}  {:>6.3}  {:>12.0}  {:>17.0}",
        run.pace(),
        each(run.letters),
        each(run.rows),
        each(run.syncs),
        each(run.ledger_bytes),
        each(run.messagebook_bytes)
    );
}
