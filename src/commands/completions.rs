//! `parliament completions`: for the user's shell.

use clap::{Args, Command};
use clap_complete::Shell;

use super::page::Page;
use super::{Failure, Verdict};

/// Print completions for a shell.
#[derive(Args)]
#[command(
    before_help = "Example, also as a line of ~/.bashrc:\n  parliament completions bash > parliament.bash\n  source parliament.bash"
)]
pub struct Completions {
    /// Which shell.
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    ///
    /// # Errors
    /// When standard output fails.
    pub fn run(self, mut all: Command) -> Result<Verdict, Failure> {
        // Through a buffer: the generator panics into a pipe that was closed.
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut all, "parliament", &mut text);
        Page::open().write(&text)?;
        Ok(Verdict::Done)
    }
}
