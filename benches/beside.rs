//! How fast the commands are, beside this program as it once was.
//!
//! `cargo bench --bench beside` prints the commands that build the other one. With its path in
//! `BASELINE` the two take turns, and each row is their ratio. A path in `PARLIAMENT_BINARY` stands
//! in for the program that cargo built. Words after `--` choose rows: `-- explore pass`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The commit that each row is held against.
const COMMIT: &str = "d7ac317";
const REPEATS: usize = 5;
/// Decrees of the chamber that is audited: 17 rows each.
const AUDITED: usize = 106_000;

/// The rows: a name, a command, how often it runs in a turn, and how many times faster than at
/// [`COMMIT`] it should be. `ROOM` is an empty directory, `HALL` a chamber of five priests who have
/// passed [`AUDITED`] decrees, `100000.txt` a file of that many decrees, `101` that many legislators.
const ROWS: [(&str, &str, usize, f64); 13] = [
    ("explore, Synod", "explore --priests 3 --ballots 3 --decrees 2", 1, 2.5),
    ("explore, Parliament", "explore --parliament --ballots 2 --decrees 2", 1, 4.0),
    ("simulate, Synod", "simulate --seed 1 --seeds 10000", 1, 2.0),
    ("simulate, 100 decrees", "simulate --seed 1 --seeds 300 --decrees 100", 1, 1.8),
    ("simulate, the law", "simulate --seed 1 --seeds 1000 --law --decrees 20", 1, 1.0),
    ("audit", "audit --chamber HALL", 1, 1.9),
    (
        "pass, three, α 1,000",
        "pass --priests A,B,C --alpha 1000 --chamber ROOM --from 100000.txt",
        1,
        1.0,
    ),
    (
        "pass, five, α 1,000",
        "pass --priests A,B,C,D,E --alpha 1000 --chamber ROOM --from 100000.txt",
        1,
        1.0,
    ),
    (
        "pass, three, α 16,000",
        "pass --priests A,B,C --alpha 16000 --chamber ROOM --from 300000.txt",
        1,
        1.5,
    ),
    ("pass, 25 of them", "pass --priests 25 --alpha 1000 --chamber ROOM --from 10000.txt", 1, 1.0),
    ("pass, 101 of them", "pass --priests 101 --alpha 1000 --chamber ROOM --from 2000.txt", 1, 1.0),
    ("synod", "synod --chamber ROOM Goats", 20, 1.0),
    ("synod --poll", "synod --poll --chamber ROOM Goats", 20, 1.0),
];

fn main() -> Result<(), Box<dyn Error>> {
    let ours = std::env::var_os("PARLIAMENT_BINARY").map(PathBuf::from);
    let ours = ours.unwrap_or_else(|| env!("CARGO_BIN_EXE_parliament").into()).canonicalize()?;
    // Commands run in a directory of their own.
    let theirs = std::env::var_os("BASELINE").map(PathBuf::from);
    let theirs = theirs.map(|theirs| theirs.canonicalize()).transpose()?;
    if theirs.is_none() {
        println!("Nothing to compare with. To build the program of {COMMIT} and compare:");
        println!("  git worktree add target/baseline {COMMIT}");
        println!("  (cd target/baseline && cargo build --release --locked)");
        let built = "BASELINE=target/baseline/target/release/parliament";
        println!("  {built} cargo bench --bench beside\n");
    }
    println!("load {}", load());
    println!(
        "{REPEATS} turns each; seconds are medians, and a ratio is the median (least to most)"
    );
    let [now, then, clock, cores] = ["now", COMMIT, "by the clock", "by cores' time"];
    println!("{:<22}{now:>8}{then:>10}  {clock:<18}{cores:<18}wanted", "");
    let chosen: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    for (name, words, times, wanted) in ROWS {
        if chosen.is_empty() || chosen.iter().any(|word| name.contains(&word[..])) {
            let ground = Ground::new(words, &ours)?;
            row(name, times, wanted, &ours, theirs.as_deref(), &ground)?;
        }
    }
    println!("load {}", load());
    Ok(())
}

/// The directory in which a command runs, with what its words name.
struct Ground {
    dir: tempfile::TempDir,
    words: Vec<String>,
}

impl Ground {
    fn new(words: &str, ours: &Path) -> Result<Ground, Box<dyn Error>> {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let list = |name: &str, decrees: usize| {
            let text: String = (1..=decrees).map(|number| format!("decree {number}\n")).collect();
            fs::write(dir.path().join(name), text)
        };
        let mut meant = Vec::new();
        for word in words.split(' ') {
            if let Some(decrees) = word.strip_suffix(".txt") {
                list(word, decrees.parse()?)?;
            } else if word == "HALL" {
                list("audited", AUDITED)?;
                let pass = "pass --priests A,B,C,D,E --alpha 1000 --chamber HALL --from audited";
                run(ours, pass.split(' '), dir.path())?;
            }
            let names = |many: usize| {
                (1..=many).map(|it| format!("Paxon{it:03}")).collect::<Vec<_>>().join(",")
            };
            meant.push(word.parse().map_or_else(
                |_| word.to_owned(),
                |many| match meant.last() {
                    Some(before) if before == "--priests" && words.starts_with("pass") => {
                        names(many)
                    }
                    _ => word.to_owned(),
                },
            ));
        }
        Ok(Ground { dir, words: meant })
    }

    /// Runs the command this many times, each in a new room.
    fn run(&self, program: &Path, times: usize) -> Result<Took, Box<dyn Error>> {
        let mut took = Took { clock: Duration::ZERO, cores: Some(0.0) };
        for _ in 0..times {
            let words = self.words.iter().map(|it| &it[..]);
            let once = run(program, words, self.dir.path())?;
            took.clock += once.clock;
            took.cores = took.cores.zip(once.cores).map(|(all, once)| all + once);
            let room = self.dir.path().join("ROOM");
            if room.exists() {
                fs::remove_dir_all(room)?;
            }
        }
        Ok(took)
    }
}

/// Runs both programs in turns, and prints what they took.
fn row(
    name: &str,
    times: usize,
    wanted: f64,
    ours: &Path,
    theirs: Option<&Path>,
    ground: &Ground,
) -> Result<(), Box<dyn Error>> {
    let (mut now, mut then) = (Vec::new(), Vec::new());
    for _ in 0..REPEATS {
        now.push(ground.run(ours, times)?);
        if let Some(theirs) = theirs {
            then.push(ground.run(theirs, times)?);
        }
    }
    let clock = |took: &Took| took.clock.as_secs_f64();
    let mid = |all: &[Took]| median(all.iter().map(clock).collect()) / times as f64;
    if then.is_empty() {
        println!("{name:<22}{:>8.3}{:>10}  skipped: no BASELINE", mid(&now), "-");
        return Ok(());
    }
    let by_clock = ratios(&now, &then, |took| Some(clock(took)));
    let by_cores = ratios(&now, &then, |took| took.cores);
    let (now, then) = (mid(&now), mid(&then));
    println!("{name:<22}{now:>8.3}{then:>10.3}  {by_clock:<18}{by_cores:<18}{wanted:.1}");
    Ok(())
}

/// The time of one run.
struct Took {
    clock: Duration,
    /// Seconds of all cores together, where the system tells them.
    cores: Option<f64>,
}

fn run<'a>(
    program: &Path,
    words: impl Iterator<Item = &'a str>,
    ground: &Path,
) -> Result<Took, Box<dyn Error>> {
    let (before, begun) = (cores_of_children(), Instant::now());
    let mut command = Command::new(program);
    command.args(words).current_dir(ground).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    let clock = begun.elapsed();
    if !status.success() {
        return Err(format!("{} {:?}: {status}", program.display(), command.get_args()).into());
    }
    let cores = cores_of_children().zip(before).map(|(after, before)| after - before);
    Ok(Took { clock, cores })
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
    // A run shorter than a hundredth of a second has no time that could be told.
    let ratio = |(now, then)| Some(of(then)? / of(now).filter(|now| *now > 0.0)?);
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
