//! How fast worlds in memory are simulated and searched, beside this program as it once was.
//!
//! `cargo bench --bench worlds` prints the commands that build the other one. With its path in
//! `BASELINE` the two take turns, and each row is their ratio. A path in
//! `PARLIAMENT_BINARY` stands in for the program that cargo built.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The commit that each row is held against.
const COMMIT: &str = "d7ac317";
const REPEATS: usize = 5;

/// The command of each row, and how many times faster than at [`COMMIT`] it should be.
const ROWS: [(&str, &str, f64); 5] = [
    ("simulate, Synod", "simulate --seed 1 --seeds 10000", 2.0),
    ("simulate, 100 decrees", "simulate --seed 1 --seeds 300 --decrees 100", 1.8),
    ("simulate, the law", "simulate --seed 1 --seeds 1000 --law --decrees 20", 1.0),
    ("explore, Synod", "explore --priests 3 --ballots 3 --decrees 2", 2.5),
    ("explore, Parliament", "explore --parliament --ballots 2 --decrees 2", 4.0),
];

fn main() {
    let ours = std::env::var_os("PARLIAMENT_BINARY").map(PathBuf::from);
    let ours = ours.unwrap_or_else(|| env!("CARGO_BIN_EXE_parliament").into());
    let theirs = std::env::var_os("BASELINE").map(PathBuf::from);
    if theirs.is_none() {
        println!("Nothing to compare with. To build the program of {COMMIT} and compare:");
        println!("  git worktree add target/baseline {COMMIT}");
        println!("  (cd target/baseline && cargo build --release --locked)");
        let built = "BASELINE=target/baseline/target/release/parliament";
        println!("  {built} cargo bench --bench worlds\n");
    }
    println!("load {}", load());
    println!(
        "{REPEATS} turns each; seconds are medians, and a ratio is the median (least to most)"
    );
    let [now, then, clock, cores] = ["now", COMMIT, "by the clock", "by cores' time"];
    println!("{:<22}{now:>7}{then:>9}  {clock:<18}{cores:<18}wanted", "");
    for (name, words, wanted) in ROWS {
        row(name, words, wanted, &ours, theirs.as_deref());
    }
    println!("load {}", load());
}

/// Runs both programs in turns, and prints what they took.
fn row(name: &str, words: &str, wanted: f64, ours: &Path, theirs: Option<&Path>) {
    let (mut now, mut then) = (Vec::new(), Vec::new());
    for _ in 0..REPEATS {
        now.push(run(ours, words));
        then.extend(theirs.map(|theirs| run(theirs, words)));
    }
    let clock = |took: &Took| took.clock.as_secs_f64();
    let mid = |all: &[Took]| median(all.iter().map(clock).collect());
    if then.is_empty() {
        println!("{name:<22}{:>7.2}{:>9}  skipped: no BASELINE", mid(&now), "-");
        return;
    }
    let by_clock = ratios(&now, &then, |took| Some(clock(took)));
    let by_cores = ratios(&now, &then, |took| took.cores);
    let (now, then) = (mid(&now), mid(&then));
    println!("{name:<22}{now:>7.2}{then:>9.2}  {by_clock:<18}{by_cores:<18}{wanted:.1}");
}

/// The time of one run.
struct Took {
    clock: Duration,
    /// Seconds of all cores together, where the system tells them.
    cores: Option<f64>,
}

fn run(program: &Path, words: &str) -> Took {
    let (before, begun) = (cores_of_children(), Instant::now());
    let mut command = Command::new(program);
    command.args(words.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status();
    let clock = begun.elapsed();
    let is_done = status.as_ref().is_ok_and(std::process::ExitStatus::success);
    assert!(is_done, "{} {words}: {status:?}", program.display());
    let cores = cores_of_children().zip(before).map(|(after, before)| after - before);
    Took { clock, cores }
}

/// Seconds that all programs run so far have had of all cores; Linux tells them in hundredths.
fn cores_of_children() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name may hold anything, so fields are counted behind it. User and kernel time
    // of children are the fields 16 and 17 of all.
    let mut fields = told.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

/// Turn by turn, how many times longer the other one took.
fn ratios(now: &[Took], then: &[Took], of: impl Fn(&Took) -> Option<f64>) -> String {
    let ratio = |(now, then)| Some(of(then)? / of(now)?);
    let all: Option<Vec<f64>> = now.iter().zip(then).map(ratio).collect();
    let Some(mut all) = all else { return "not told".into() };
    all.sort_by(f64::total_cmp);
    let (least, most) = (all[0], all[all.len() - 1]);
    format!("{:.2} ({least:.2}–{most:.2})", median(all))
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// How many programs wished for a core in the last minutes.
fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let three: Vec<&str> = told.split_whitespace().take(3).collect();
    if three.is_empty() { "not told".into() } else { three.join(" ") }
}
