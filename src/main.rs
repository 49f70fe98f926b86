//! Arguments, run, report, exit code; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    parliament::main()
}
