//! The subcommands, one small file each.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// See, run, break and trust Paxos as Lamport first told it: a Parliament in files you can read.
#[derive(Parser)]
#[command(name = "parliament", version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    /// The directory that holds `ledgers/` and `messagebooks/`.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    chamber: PathBuf,
    #[command(subcommand)]
    command: Command,
}

/// What the user asks for. Each variant's arguments and `run` live in the file of its name.
#[derive(Subcommand)]
enum Command {}

/// How a command ended, when it did not fail: its exit code says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Done and consistent: exit code 0.
    Done,
    /// Judged, and found wanting: exit code 1.
    Wanting,
}

/// What kept a command from judging or starting: exit code 2. It prints itself on stderr.
pub type Failure = Box<dyn std::error::Error>;

/// Reads the arguments, runs the command, reports, and yields the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome: Result<Verdict, Failure> = match arguments.command {};
    match outcome {
        Ok(Verdict::Done) => ExitCode::SUCCESS,
        Ok(Verdict::Wanting) => ExitCode::from(1),
        Err(failure) => {
            anstream::eprintln!("parliament: {failure}");
            ExitCode::from(2)
        }
    }
}
