//! How long the Synod takes for one decree, beside what the disk and the watcher take alone.
//!
//! `cargo bench --bench synod`. The columns and the main costs are explained in
//! `benches/README.md`.

mod bare;
#[path = "../floor/mod.rs"]
mod floor;
#[path = "../moments/mod.rs"]
mod moments;
mod probe;

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use floor::{Size, Times, at_most, middle, us};
use probe::Ballots;

/// How often floor and Synod are measured in turn; the ratios are medians over these.
const REPEATS: usize = 11;
/// How many one-shot runs in a repeat: the closing of the watcher scatters them.
const ONE_SHOTS: usize = 9;
/// Ballots in a repeat.
const BALLOTS: usize = 25;
/// Rows appended and dried by each file of the floor in a repeat.
const SYNCS: usize = 50;
/// Hops in a repeat.
const HOPS: usize = 200;
/// So much longer than its floor each may take.
const BOUND: f64 = 1.5;

/// A stretch of the way to "decided": this many syncs and hops, one after the other.
struct Stretch {
    from: &'static str,
    syncs: u32,
    hops: u32,
}

const FROM_BEGIN_BALLOT: Stretch = Stretch { from: "BeginBallot", syncs: 1, hops: 2 };
const FROM_NEXT_BALLOT: Stretch = Stretch { from: "NextBallot", syncs: 3, hops: 4 };

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(bare::ARGUMENT) {
        let priests = arguments.next().unwrap_or_default().parse()?;
        return bare::run(Path::new(&arguments.next().unwrap_or_default()), priests);
    }
    println!("{}\n", floor::machine());
    println!("one decree, {REPEATS} repeats of {BALLOTS} ballots, in µs");
    println!(
        "priests  from          S_N p50     H p50     floor   decided p50       p99  ratio (bound)"
    );
    for priests in [3, 5] {
        decrees(priests)?;
    }
    println!("\none-shot run, {REPEATS} repeats of {ONE_SHOTS}, in ms");
    println!(
        "priests  chamber         bare    synod  ratio (bound)             peak memory   threads"
    );
    for priests in [3, 5] {
        one_shots(priests)?;
    }
    Ok(())
}

/// A directory on the disk on which this was built; the system's temporary one may be no disk.
fn room() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
}

/// Ballots and floor in turn.
fn decrees(priests: usize) -> Result<(), Box<dyn Error>> {
    let (chamber, ground) = (room()?, room()?);
    let ballots = Ballots::convene(chamber.path(), priests)?;
    ballots.hold(BALLOTS)?;
    let stretches = [FROM_BEGIN_BALLOT, FROM_NEXT_BALLOT];
    let (mut sync, mut hop) = (Times::default(), Times::default());
    let mut decided = [Times::default(), Times::default()];
    let mut ratios = [Vec::new(), Vec::new()];
    for _ in 0..REPEATS {
        let syncs_now = floor::syncs(ground.path(), priests, SYNCS)?;
        let hops_now = floor::hops(ground.path(), HOPS)?;
        let (from_begin, from_next) = ballots.hold(BALLOTS)?;
        for (i, times) in [from_begin, from_next].into_iter().enumerate() {
            let floor = stretches[i].syncs * syncs_now.p50() + stretches[i].hops * hops_now.p50();
            ratios[i].push(times.p50().as_secs_f64() / floor.as_secs_f64());
            decided[i].append(times);
        }
        sync.append(syncs_now);
        hop.append(hops_now);
    }
    for (i, Stretch { from, syncs, hops }) in stretches.iter().enumerate() {
        let floor = *syncs * sync.p50() + *hops * hop.p50();
        let (ratio, least, greatest) = middle(&ratios[i]);
        println!(
            "{priests:>7}  {from:<12} {:>8.0}  {:>8.1}  {:>8.0}  {:>12.0}  {:>8.0}  {}  ({least:.2} to {greatest:.2})",
            us(sync.p50()),
            us(hop.p50()),
            us(floor),
            us(decided[i].p50()),
            us(decided[i].p99()),
            at_most(ratio, BOUND)
        );
    }
    ballots.close();
    Ok(())
}

/// The program from start to exit, and the bare one, in turn: in a chamber that is founded by the
/// run, and in one where the decree has been chosen.
fn one_shots(priests: usize) -> Result<(), Box<dyn Error>> {
    let mut both: [(Times, Times, Vec<f64>); 2] = Default::default();
    for _ in 0..REPEATS {
        let mut now: [(Times, Times); 2] = Default::default();
        for _ in 0..ONE_SHOTS {
            let (chamber, ground) = (room()?, room()?);
            for ((bare_now, synod_now), (bare, synod, _)) in now.iter_mut().zip(&mut both) {
                let took = (bare_run(ground.path(), priests)?, synod_run(chamber.path(), priests)?);
                for (times, took) in
                    [(bare_now, took.0), (bare, took.0), (synod_now, took.1), (synod, took.1)]
                {
                    times.add(took);
                }
            }
        }
        for ((bare_now, synod_now), (.., ratios)) in now.into_iter().zip(&mut both) {
            ratios.push(synod_now.p50().as_secs_f64() / bare_now.p50().as_secs_f64());
        }
    }
    let size = size_of_a_run(priests)?;
    for ((bare, synod, ratios), chamber) in
        both.into_iter().zip(["founded by it", "founded before"])
    {
        let (ratio, least, greatest) = middle(&ratios);
        println!(
            "{priests:>7}  {chamber:<14} {:>5.2}    {:>5.2}  {}  ({least:.2} to {greatest:.2})    {:>5} KiB   {:>7}",
            us(bare.p50()) / 1e3,
            us(synod.p50()) / 1e3,
            at_most(ratio, BOUND),
            size.peak_kib,
            size.threads
        );
    }
    Ok(())
}

fn timed(mut command: Command) -> Result<Duration, Box<dyn Error>> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status()?;
    let took = begun.elapsed();
    if status.success() { Ok(took) } else { Err(format!("{command:?} ended with {status}").into()) }
}

fn bare_run(dir: &Path, priests: usize) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([bare::ARGUMENT, &priests.to_string()]).arg(dir);
    timed(command)
}

fn synod_run(dir: &Path, priests: usize) -> Result<Duration, Box<dyn Error>> {
    timed(synod(dir, priests))
}

fn synod(dir: &Path, priests: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parliament"));
    command.args(["synod", "--priests", &priests.to_string(), probe::DECREE]).current_dir(dir);
    command
}

/// Looks at a run of its own again and again, so that the looking costs no measured run anything.
fn size_of_a_run(priests: usize) -> Result<Size, Box<dyn Error>> {
    let chamber = room()?;
    let mut run = synod(chamber.path(), priests).stdout(Stdio::null()).spawn()?;
    let mut largest = Size::default();
    while run.try_wait()?.is_none() {
        if let Some(size) = Size::of(run.id()) {
            largest.peak_kib = largest.peak_kib.max(size.peak_kib);
            largest.threads = largest.threads.max(size.threads);
        }
    }
    Ok(largest)
}
