//! `parliament sea`: a Parliament on several machines. Another program does it, `parliament-sea`,
//! so that this one needs nothing of what it needs.

use std::ffi::OsString;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use clap::Args;

use crate::chamber::Chamber;

use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Example:
  parliament sea who      # exit code 2, since no sea is here yet";

const MORE: &str = "\
Commands of parliament-sea:
  found    Found a Parliament on several machines, and print its ticket
  join     Join one by its ticket
  carry    Carry letters until Ctrl-C
  who      Show each machine, and what crossed
  ticket   Print the ticket again
  leave    Leave for good
  rekey    Make a new key, and print the decree for it

parliament sea COMMAND --help tells more; so does docs/sea.md.";

/// Sit on several machines: `found`, `join`, `carry`, `who`, `rekey`, `leave`.
///
/// This runs `parliament-sea`, a program of its own, which is looked for beside this one and then
/// on PATH.
#[derive(Args)]
#[command(before_help = EXAMPLES, after_help = MORE)]
pub struct Sea {
    /// A command of parliament-sea, and its arguments.
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "COMMAND"
    )]
    arguments: Vec<OsString>,
}

impl Sea {
    /// Runs the command for this chamber.
    ///
    /// # Errors
    /// When there is no such program. Where it runs, its exit code is the one of this command.
    pub fn run(&self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let mut command = courier(chamber.root());
        command.args(&self.arguments);
        let code = run(&mut command).map_err(lacking)?;
        std::process::exit(code);
    }
}

/// The name of the other program.
const PROGRAM: &str = "parliament-sea";

/// The courier's program for this chamber: the one beside this program, or the one on PATH.
pub(super) fn courier(chamber: &Path) -> Command {
    let mut command = Command::new(beside().unwrap_or_else(|| PROGRAM.into()));
    if chamber != Path::new(".") {
        command.arg("--chamber").arg(chamber);
    }
    command
}

fn beside() -> Option<PathBuf> {
    let this = std::env::current_exe().ok()?.canonicalize().ok()?;
    let path = this.with_file_name(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    path.is_file().then_some(path)
}

/// Why the other program did not run.
pub(super) fn lacking(error: io::Error) -> Failure {
    if error.kind() != io::ErrorKind::NotFound {
        return format!("cannot run {PROGRAM}: {error}").into();
    }
    format!(
        "the courier between machines is a program of its own, {PROGRAM}, and it is neither beside \
         this one nor on PATH; in the repository, `cargo build -p parliament-courier` makes it for \
         `cargo run`, and `cargo install --path courier --locked` beside an installed parliament \
         (docs/sea.md)"
    )
    .into()
}

/// A courier that carries while a sitting lasts.
pub(super) struct Carrying(Child);

impl Carrying {
    /// Starts the courier of this chamber. When this returns, it has asked the other machines what
    /// they know of the ledgers here, so that an older copy of one can be told.
    ///
    /// # Errors
    /// When there is no such program, or it cannot carry; it has said why on standard error.
    pub(super) fn begin(chamber: &Path, is_quiet: bool) -> Result<Carrying, Failure> {
        let mut command = courier(chamber);
        command.args(["carry", "--with-parent"]);
        if is_quiet {
            command.arg("--quiet");
        }
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(lacking)?;
        // It writes one line when it is ready, and none if it fails.
        let ready = child.stdout.take().map(io::BufReader::new).and_then(|it| it.lines().next());
        let carrying = Carrying(child);
        match ready {
            Some(Ok(_)) => Ok(carrying),
            _ => Err(format!("{PROGRAM} does not carry; nothing was begun here").into()),
        }
    }
}

impl Drop for Carrying {
    fn drop(&mut self) {
        // The end of its input ends it, as it would if this process were killed.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Takes this process over, so that signals and the terminal are the other program's.
#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<i32> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn run(command: &mut Command) -> io::Result<i32> {
    Ok(command.status()?.code().unwrap_or(2))
}
