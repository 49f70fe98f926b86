//! How fast the Parliament passes decrees, beside what the disk and the watcher take alone.
//!
//! `cargo bench --bench parliament`; sizes are arguments: `-- --decrees 200000 --rows 1000000
//! --repeats 7`. The columns and the main costs are explained in `benches/README.md`.

#[path = "../floor/mod.rs"]
mod floor;
#[path = "../moments/mod.rs"]
mod moments;
mod one_at_a_time;
mod peers;
mod reopening;
mod windows;

use std::error::Error;

use clap::Parser;
use parliament::synod::Founding;

/// How much is measured.
#[derive(Parser)]
pub struct Sizes {
    /// Decrees passed in a repeat, at a window of 1,000.
    #[arg(long, default_value_t = 50_000)]
    decrees: usize,
    /// Rows of the ledger that is reopened.
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    /// How often floor and Parliament are measured in turn; ratios are medians over these.
    #[arg(long, default_value_t = 7)]
    repeats: usize,
    /// The arguments that cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let sizes = Sizes::parse();
    println!("{}", floor::machine());
    one_at_a_time::measure(&sizes)?;
    windows::measure_against_the_disk(&sizes)?;
    windows::measure_widths(&sizes)?;
    windows::measure_sizes(&sizes)?;
    peers::measure(&sizes)?;
    reopening::measure(&sizes)
}

/// A directory on the disk on which this was built; the system's temporary one may be no disk.
fn room() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
}

/// This many legislators, whose window is α.
fn founding(legislators: usize, alpha: u64) -> Result<Founding, Box<dyn Error>> {
    let names: Vec<String> = (1..=legislators).map(|i| format!("Paxon{i:03}")).collect();
    Ok(format!("{} alpha={alpha}", names.join(" ")).parse()?)
}
