//! `parliament completions`: for the user's shell, and the man pages.

use std::path::{Path, PathBuf};

use clap::{Args, Command, ValueEnum};
use clap_complete::{Generator, Shell};

use super::output::may_keep_in;
use super::page::Page;
use super::{Failure, Verdict};

/// Print completions for a shell, or write those of all shells and the man pages.
#[derive(Args)]
#[command(
    before_help = "Examples; the first two may be lines of ~/.bashrc:\n  parliament completions bash > parliament.bash\n  source parliament.bash\n  parliament completions --into share\n  ls share/parliament-synod.1"
)]
pub struct Completions {
    /// Which shell.
    #[arg(required_unless_present = "into")]
    shell: Option<Shell>,
    /// Write the completions of every shell, and a man page of each command, into this directory.
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    into: Option<PathBuf>,
}

impl Completions {
    /// Runs the command.
    ///
    /// # Errors
    /// When standard output fails, or a file cannot be written.
    pub fn run(self, all: Command) -> Result<Verdict, Failure> {
        if let Some(directory) = &self.into {
            write_all(&all, directory)?;
        }
        if let Some(shell) = self.shell {
            Page::open().write(&completions(shell, &all))?;
        }
        Ok(Verdict::Done)
    }
}

/// The completions of a shell.
fn completions(shell: Shell, all: &Command) -> Vec<u8> {
    // Through a buffer: the generator panics into a pipe that was closed.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut all.clone(), "parliament", &mut text);
    text
}

/// Writes the completions of every shell, and the man pages, and says where.
fn write_all(all: &Command, directory: &Path) -> Result<(), Failure> {
    may_keep_in(directory)?;
    let failed = |error| format!("{}: {error}", directory.display());
    std::fs::create_dir_all(directory).map_err(failed)?;
    for shell in Shell::value_variants() {
        let file = directory.join(shell.file_name("parliament"));
        std::fs::write(file, completions(*shell, all)).map_err(failed)?;
    }
    clap_mangen::generate_to(all.clone(), directory).map_err(failed)?;
    let directory = directory.display();
    Page::open().line(&format!("Written into {directory}. Next: man {directory}/parliament.1"))?;
    Ok(())
}
