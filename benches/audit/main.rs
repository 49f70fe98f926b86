//! How fast a chamber is audited, beside a bare CSV scan of the same files, and in how much memory.
//!
//! `cargo bench --bench audit` (a million rows), `cargo bench --bench audit -- 10000000`. In the
//! first chamber the Parliament itself has passed the decrees: a busy president's rows interleave.
//! The second is made up. Where `BASELINE` in the environment names the `parliament` of another
//! build, it and this one audit the first chamber in turn.

#[path = "../floor/mod.rs"]
mod floor;
mod made_up;
mod scan;

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use parliament::chamber::Chamber;

/// Rows that one decree leaves behind, at least: 9 in ledgers, 8 in messagebooks.
const ROWS_OF_A_DECREE: u64 = 17;
const REPEATS: usize = 7;
/// The part of the barest scan's pace, on one core, that is asked for.
const WANTED: f64 = 0.45;
/// The commit that this one is held against.
const BASELINE: &str = "d7ac317";

fn main() -> Result<(), Box<dyn Error>> {
    let asked = std::env::args().skip(1).find_map(|word| word.parse::<u64>().ok());
    let decrees = asked.unwrap_or(1_000_000) / ROWS_OF_A_DECREE;
    println!("{}", floor::machine());

    let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    pass(root.path(), decrees)?;
    println!("\n{decrees} decrees passed by the Parliament, five priests, α = 1000");
    measure(root.path(), decrees)?;
    match std::env::var_os("BASELINE") {
        Some(baseline) => hold_against(&baseline, root.path())?,
        None => println!(
            "not held against {BASELINE}; for that\n  git worktree add ../baseline {BASELINE}\n  \
             (cd ../baseline && cargo build --locked --release)\n  \
             BASELINE=../baseline/target/release/parliament cargo bench --bench audit"
        ),
    }
    drop(root);

    let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    made_up::write(root.path(), decrees);
    println!("\n{decrees} decrees made up, a hundred at a time");
    measure(root.path(), decrees)
}

/// Has the Parliament pass this many decrees.
fn pass(root: &Path, decrees: u64) -> Result<(), Box<dyn Error>> {
    let list = root.join("decrees.txt");
    let text: String = (1..=decrees).map(|i| format!("decree {i}\n")).collect();
    fs::write(&list, text)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_parliament"));
    command.args(["pass", "--priests", "A,B,C,D,E", "--alpha", "1000", "--chamber"]).arg(root);
    command.arg("--from").arg(&list).stdout(Stdio::null());
    if !command.status()?.success() {
        return Err("the Parliament did not pass its decrees".into());
    }
    Ok(fs::remove_file(list)?)
}

/// Audits a chamber and scans it, in turn.
fn measure(root: &Path, decrees: u64) -> Result<(), Box<dyn Error>> {
    let chamber = Chamber::at(root);
    let rows = scan::bytes(root);
    let repeats = if rows > 2_000_000 { 3 } else { REPEATS };
    let (mut scans, mut texts, mut audits) = (Vec::new(), Vec::new(), Vec::new());
    let mut peak = 0.0;
    for _ in 0..repeats {
        scans.push(timed(|| assert_eq!(scan::bytes(root), rows)));
        texts.push(timed(|| assert_eq!(scan::text(root), rows)));
        forget_peak_memory();
        audits.push(timed(|| {
            let judgment = chamber.audit().expect("an audit");
            assert_eq!(judgment.numbers().count() as u64, decrees);
            assert!(judgment.findings().is_empty(), "{:?}", judgment.findings().first());
        }));
        peak = peak_memory().unwrap_or_default().max(peak);
    }
    let (scan, text, audit) = (median(&mut scans), median(&mut texts), median(&mut audits));
    let pace = |it: Duration| rows as f64 / it.as_secs_f64() / 1e6;
    let part = |scan: Duration| scan.as_secs_f64() / audit.as_secs_f64();
    println!("{rows} rows");
    println!(
        "bare csv scan  {:6.2} million rows/s as bytes, {:.2} as text",
        pace(scan),
        pace(text)
    );
    println!("audit          {:6.2} million rows/s", pace(audit));
    println!(
        "audit / scan   {} of bytes, {:.0} % of text",
        floor::at_least(part(scan), WANTED),
        100.0 * part(text)
    );
    if peak > 0.0 {
        println!(
            "peak memory    {:6.0} MiB, {:.0} bytes a row",
            peak / 1024.0,
            peak * 1024.0 / rows as f64
        );
    }
    Ok(())
}

/// Has another build and this one audit the chamber in turn, each as a command.
fn hold_against(baseline: &OsStr, root: &Path) -> Result<(), Box<dyn Error>> {
    let audit = |program: &OsStr| -> Result<Duration, Box<dyn Error>> {
        let mut command = Command::new(program);
        command.arg("audit").arg("--chamber").arg(root).stdout(Stdio::null());
        let begun = Instant::now();
        let is_judged = command.status()?.success();
        let took = begun.elapsed();
        if is_judged { Ok(took) } else { Err("the chamber was not judged consistent".into()) }
    };
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..REPEATS {
        theirs.push(audit(baseline)?);
        ours.push(audit(OsStr::new(env!("CARGO_BIN_EXE_parliament")))?);
    }
    let (theirs, ours) = (median(&mut theirs), median(&mut ours));
    println!(
        "the command    {:6.0} ms, and {:.0} ms of the baseline: {:.2} times as fast",
        1e3 * ours.as_secs_f64(),
        1e3 * theirs.as_secs_f64(),
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
    Ok(())
}

fn timed(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The most memory this process has held, in KiB, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// From now on counts the most memory anew, where the system lets us.
fn forget_peak_memory() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}
