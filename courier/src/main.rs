//! `parliament-sea`, which `parliament sea` runs.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main()
}
