//! The physical floor: what the disk and the watcher cost when nothing else is done, measured on
//! the machine and in the minute in which the real thing is measured.
#![allow(dead_code, reason = "each bench stands on a part of it")]

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// As long as a row of the floor, line end included.
const ROW: &[u8; 60] = b"prevVote,1,13.Gray,The price of olive oil is 3 drachmas,,,,\n";

/// Durations of one thing done many times.
#[derive(Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub fn append(&mut self, mut others: Times) {
        self.0.append(&mut others.0);
    }

    pub fn p50(&self) -> Duration {
        self.quantile(0.50)
    }

    pub fn p99(&self) -> Duration {
        self.quantile(0.99)
    }

    fn quantile(&self, q: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get((last as f64 * q).round() as usize).copied().unwrap_or_default()
    }
}

/// The middle one of some ratios, the least and the greatest.
pub fn middle(ratios: &[f64]) -> (f64, f64, f64) {
    let mut sorted = ratios.to_vec();
    sorted.sort_by(f64::total_cmp);
    (sorted[sorted.len() / 2], sorted[0], sorted[sorted.len() - 1])
}

/// Says whether a ratio keeps to its bound: `1.21 ≤ 1.5 ✓`.
pub fn at_most(ratio: f64, bound: f64) -> String {
    format!("{ratio:.2} ≤ {bound} {}", mark(ratio <= bound))
}

/// Says whether a part keeps to its bound, both in percent: `21 % ≥ 18 % ✓`.
pub fn at_least(part: f64, bound: f64) -> String {
    format!("{:.0} % ≥ {:.0} % {}", part * 100.0, bound * 100.0, mark(part >= bound))
}

fn mark(holds: bool) -> char {
    if holds { '✓' } else { '✗' }
}

/// S_N: append + fdatasync of one row, by `files` threads at once, each into a file of its own.
///
/// All begin together, as priests do who have been asked the same thing; a lone file would snap to
/// the ticks of a busy machine.
pub fn syncs(dir: &Path, files: usize, rounds: usize) -> io::Result<Times> {
    let begin = &Barrier::new(files);
    let one_file = |i: usize| -> io::Result<Times> {
        let mut file = open(&dir.join(format!("floor-{i}.csv")))?;
        let mut times = Times::default();
        for _ in 0..rounds {
            begin.wait();
            let begun = Instant::now();
            file.write_all(ROW)?;
            file.sync_data()?;
            times.add(begun.elapsed());
        }
        Ok(times)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..files).map(|i| scope.spawn(move || one_file(i))).collect();
        let mut all = Times::default();
        for thread in threads {
            all.append(thread.join().expect("a thread of the floor does not panic")?);
        }
        Ok(all)
    })
}

/// Rows a second that each of `files` threads appends to a file of its own, a write and an
/// fdatasync for every `a_sync` rows, when each row has `width` bytes and has been put into words
/// before.
pub fn rows_per_second(
    dir: &Path,
    files: usize,
    width: usize,
    a_sync: usize,
    rounds: usize,
) -> io::Result<f64> {
    let begin = &Barrier::new(files);
    let row = [vec![b'x'; width.saturating_sub(1)], b"\n".to_vec()].concat();
    let rows = &row.repeat(a_sync);
    let one_file = |i: usize| -> io::Result<Duration> {
        let mut file = open(&dir.join(format!("raw-{i}.csv")))?;
        begin.wait();
        let begun = Instant::now();
        for _ in 0..rounds {
            file.write_all(rows)?;
            file.sync_data()?;
        }
        Ok(begun.elapsed())
    };
    let slowest = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..files).map(|i| scope.spawn(move || one_file(i))).collect();
        let mut slowest = Duration::ZERO;
        for thread in threads {
            slowest = slowest.max(thread.join().expect("a thread of the floor does not panic")?);
        }
        Ok::<_, io::Error>(slowest)
    })?;
    Ok((a_sync * rounds) as f64 / slowest.as_secs_f64())
}

/// H: one hop through a file. Two threads play ball: one appends a row, the other is woken by raw
/// inotify, reads the row and appends one to another file, which wakes the first.
///
/// Elsewhere than on Linux it counts as nothing, which judges us the harder.
#[cfg(target_os = "linux")]
pub fn hops(dir: &Path, rounds: usize) -> io::Result<Times> {
    let paths = [dir.join("hop-there.csv"), dir.join("hop-back.csv")];
    // Both prick up their ears before the first ball is served.
    let (here, there) = (Player::new(&paths[0], &paths[1])?, Player::new(&paths[1], &paths[0])?);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| there.play(rounds, false));
        let times = here.play(rounds, true)?;
        other.join().expect("a thread of the floor does not panic")?;
        Ok(times)
    })
}

/// One of the two who play ball.
#[cfg(target_os = "linux")]
struct Player {
    ears: inotify::Inotify,
    inbox: File,
    theirs: File,
}

#[cfg(target_os = "linux")]
impl Player {
    fn new(mine: &Path, theirs: &Path) -> io::Result<Player> {
        let (mut inbox, theirs) = (open(mine)?, open(theirs)?);
        inbox.seek(SeekFrom::End(0))?;
        let ears = inotify::Inotify::init()?;
        ears.watches().add(mine, inotify::WatchMask::MODIFY)?;
        Ok(Player { ears, inbox, theirs })
    }

    fn play(mut self, rounds: usize, serves: bool) -> io::Result<Times> {
        let (mut events, mut row) = ([0; 1024], [0; ROW.len()]);
        let mut times = Times::default();
        for _ in 0..rounds {
            let begun = Instant::now();
            if serves {
                self.theirs.write_all(ROW)?;
            }
            self.ears.read_events_blocking(&mut events)?.for_each(drop);
            self.inbox.read_exact(&mut row)?;
            if !serves {
                self.theirs.write_all(ROW)?;
            }
            times.add(begun.elapsed() / 2);
        }
        Ok(times)
    }
}

#[cfg(not(target_os = "linux"))]
pub fn hops(_: &Path, _: usize) -> io::Result<Times> {
    Ok(Times::default())
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).open(path)
}

/// The resources of a process: its largest memory so far in KiB, and its threads now.
#[derive(Clone, Copy, Default)]
pub struct Size {
    pub peak_kib: u64,
    pub threads: u64,
}

impl Size {
    /// The same for the process with this id, while it lives.
    pub fn of(process: u32) -> Option<Size> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Size { peak_kib: number("VmHWM:")?, threads: number("Threads:")? })
    }
}

/// The machine in one line, for the head of a table.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let (system, load) = (read("/proc/sys/kernel/osrelease"), read("/proc/loadavg"));
    let load: Vec<&str> = load.split(' ').take(3).collect();
    format!("{cores} × {model}; Linux {}; load {}", system.trim(), load.join(" "))
}

/// Microseconds, for a table.
pub fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
