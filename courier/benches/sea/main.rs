//! What a sea costs: three legislators on three machines of 127.0.0.1, beside the same in one
//! directory; and a class opened with one ticket.
//!
//! `cargo bench -p parliament-courier`; `-- --class 0` leaves the class out.

mod shores;

use std::time::{Duration, Instant};

use clap::Parser;
use parliament::words::Founding;
use shores::{Done, Shores};

/// How much is measured.
#[derive(Parser)]
struct Sizes {
    /// Decrees asked for one after the other, from each end.
    #[arg(long, default_value_t = 100)]
    decrees: usize,
    /// Decrees asked for at once.
    #[arg(long, default_value_t = 10_000)]
    bulk: usize,
    /// How often the two are measured in turn; ratios are medians over these.
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Legislators of the class, each on a machine of his own.
    #[arg(long, default_value_t = 30)]
    class: usize,
    /// The arguments that cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// How many decrees may be open at once.
const ALPHA: u64 = 1000;
/// For how long couriers are watched while nothing is asked.
const IDLE: Duration = Duration::from_secs(10);

fn main() -> Done<()> {
    let sizes = Sizes::parse();
    println!("{} cores; {}", cores(), load());
    three(&sizes)?;
    if sizes.class > 1 {
        class(sizes.class)?;
    }
    Ok(())
}

/// The figures of a run: p50 from the first and from the last, and decrees a second in bulk.
type Figures = [f64; 3];

fn run(mut shores: Shores, sizes: &Sizes) -> Done<(Figures, Vec<Cost>)> {
    shores.sit()?;
    // Somebody comes to preside.
    for whose in 0..3 {
        shores.one_by_one(whose, 5)?;
    }
    let from_first = p50(shores.one_by_one(0, sizes.decrees)?);
    let from_last = p50(shores.one_by_one(2, sizes.decrees)?);
    let before = costs(&shores);
    let costs = if before.is_empty() {
        Vec::new()
    } else {
        std::thread::sleep(IDLE);
        costs(&shores)
    };
    let idle =
        before.iter().zip(costs).map(|(before, it)| Cost { ticks: it.ticks - before.ticks, ..it });
    let idle: Vec<Cost> = idle.collect();
    let bulk = sizes.bulk as f64 / shores.in_bulk(sizes.bulk)?.as_secs_f64();
    let peak = crate::costs(&shores).into_iter().map(|it| it.peak_kib);
    let costs = idle.into_iter().zip(peak).map(|(it, peak_kib)| Cost { peak_kib, ..it });
    Ok(([from_first, from_last, bulk], costs.collect()))
}

fn three(sizes: &Sizes) -> Done<()> {
    let founding: Founding = format!("Ada Ben Cid alpha={ALPHA}").parse()?;
    let (mut here, mut there, mut all_costs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..sizes.repeats {
        here.push(run(Shores::in_one_directory(&founding)?, sizes)?.0);
        let (figures, costs) = run(Shores::on_machines(&founding)?, sizes)?;
        there.push(figures);
        all_costs.extend(costs);
    }
    let Sizes { decrees, bulk, repeats, .. } = sizes;
    println!(
        "\nthree legislators, {repeats} repeats; p50 of {decrees} decrees one by one, and {bulk} at once (α = {ALPHA})"
    );
    println!("{:34} {:>13} {:>14}  ratio (bound)", "", "one directory", "three machines");
    let what = ["ms, asked at Ada's", "ms, asked at Cid's, who presides", "decrees/s in bulk"];
    for (i, what) in what.iter().enumerate() {
        let column = |of: &[Figures]| middle(of.iter().map(|it| it[i]));
        let ratios = here.iter().zip(&there).map(|(here, there)| there[i] / here[i]);
        let (ratio, is_bulk) = (middle(ratios.clone()), i == 2);
        let least = ratios.clone().fold(f64::INFINITY, f64::min);
        let most = ratios.fold(0.0, f64::max);
        let (bound, holds) =
            if is_bulk { ("≥ 0.5", ratio >= 0.5) } else { ("≤ 3", ratio <= 3.0) };
        println!(
            "{what:34} {:>13.2} {:>14.2}  {ratio:.2} {bound} {} ({least:.2} to {most:.2})",
            column(&here),
            column(&there),
            mark(holds)
        );
    }
    let share = |it: &Cost| 100.0 * it.ticks as f64 / TICKS / IDLE.as_secs_f64();
    let most = all_costs.iter().map(share).fold(0.0, f64::max);
    let typical = middle(all_costs.iter().map(share));
    println!(
        "a courier, idle: {typical:.1} % of a core, at most {most:.1} ≤ 1 {}",
        mark(most <= 1.0)
    );
    let peak = all_costs.iter().map(|it| it.peak_kib).max().unwrap_or_default() as f64 / 1024.0;
    let idle = middle(all_costs.iter().map(|it| it.kib as f64 / 1024.0));
    println!(
        "a courier's memory: {idle:.1} MB idle, at most {peak:.1} ≤ 25 {}",
        mark(peak <= 25.0)
    );
    Ok(())
}

fn class(pupils: usize) -> Done<()> {
    let names: Vec<String> = (1..=pupils).map(|i| format!("Pupil{i:02}")).collect();
    let founding: Founding = names.join(" ").parse()?;
    println!("\na class of {pupils}, each with a directory, a key and a courier; one ticket");
    let began = Instant::now();
    let mut shores = Shores::on_machines(&founding)?;
    println!("all have joined after {:>7.1} s", began.elapsed().as_secs_f64());
    shores.sit()?;
    println!("all are inside after  {:>7.1} s", began.elapsed().as_secs_f64());
    shores.one_by_one(0, 1)?;
    println!("first decree after    {:>7.1} s", began.elapsed().as_secs_f64());
    let took = shores.one_by_one(pupils / 2, 30)?;
    println!("one decree, p50       {:>7.1} ms", p50(took));
    let before = costs(&shores);
    std::thread::sleep(IDLE);
    let after = costs(&shores);
    let ticks = |all: &[Cost]| all.iter().map(|it| it.ticks).sum::<u64>();
    let share = 100.0 * (ticks(&after) - ticks(&before)) as f64 / TICKS / IDLE.as_secs_f64();
    let memory = after.iter().map(|it| it.kib).sum::<u64>() as f64 / 1024.0;
    println!("{pupils} couriers, idle     {share:>7.1} % of a core, {memory:.0} MB in all");
    Ok(())
}

/// What a courier's process took.
struct Cost {
    ticks: u64,
    kib: u64,
    peak_kib: u64,
}

/// Ticks of processor time in a second, on Linux.
const TICKS: f64 = 100.0;

/// The couriers' costs so far; none where `/proc` does not tell.
fn costs(shores: &Shores) -> Vec<Cost> {
    shores.couriers().into_iter().filter_map(cost).collect()
}

fn cost(process: u32) -> Option<Cost> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let number = |field| {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some(Cost { ticks, kib: number("VmRSS:")?, peak_kib: number("VmHWM:")? })
}

fn p50(took: Vec<Duration>) -> f64 {
    middle(took.iter().map(|it| 1000.0 * it.as_secs_f64()))
}

fn middle(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

fn mark(holds: bool) -> char {
    if holds { '✓' } else { '✗' }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(0, usize::from)
}

fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "))
}
