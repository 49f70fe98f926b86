//! The subcommands, one small file each.

mod admission;
mod arguments;
mod audit;
mod awaited;
mod chair;
mod changes;
#[cfg(feature = "chronicle")]
mod chronicle;
mod clock;
mod completions;
mod crier;
mod dated;
mod evidence;
mod explore;
mod findings;
mod heal;
mod heresies;
mod inquiry;
mod keeping;
mod law;
mod ledgers;
mod many;
mod messages;
mod near_miss;
mod office;
mod output;
mod page;
mod pass;
mod persuasion;
mod petition;
mod repeats;
mod sailors;
mod simulate;
mod simulated;
mod sit;
mod synod;
#[cfg(feature = "tui")]
mod watch;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::chamber::Chamber;

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
enum Command {
    Synod(synod::Synod),
    Pass(pass::Pass),
    Sit(sit::Sit),
    Priest(sit::Alone),
    Petition(petition::Petition),
    Law(law::Law),
    Office(office::Office),
    Audit(audit::Audit),
    Simulate(simulate::Simulate),
    Explore(explore::Explore),
    Heresies(heresies::Heresies),
    Ledgers(ledgers::Ledgers),
    Messages(messages::Messages),
    #[cfg(feature = "chronicle")]
    Chronicle(chronicle::Chronicle),
    #[cfg(feature = "tui")]
    Watch(watch::Watch),
    Completions(completions::Completions),
}

/// How a command ended, when it did not fail: its exit code says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Done and consistent: exit code 0.
    Done,
    /// Judged, and found wanting: exit code 1.
    Wanting,
    /// Ended by the user before it was done: exit code 130.
    Interrupted,
}

/// What kept a command from judging or starting: exit code 2.
pub type Failure = Box<dyn std::error::Error>;

/// Reads the arguments, runs the command, reports, and yields the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let Arguments { chamber, command } = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(misuse) if misuse.use_stderr() => {
            crate::commands::page::aside!("{}", misuse.render().ansi().to_string().trim_end());
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    let chamber = Chamber::at(chamber);
    let outcome = match command {
        Command::Simulate(simulate) => simulate.run(),
        Command::Explore(explore) => explore.run(),
        Command::Heresies(heresies) => heresies.run(),
        Command::Synod(synod) => synod.run(&chamber),
        Command::Pass(pass) => pass.run(&chamber),
        Command::Sit(sit) => sit.run(&chamber),
        Command::Priest(priest) => priest.run(&chamber),
        Command::Petition(petition) => petition.run(&chamber),
        Command::Law(law) => law.run(&chamber),
        Command::Office(office) => office.run(&chamber),
        Command::Audit(audit) => audit.run(&chamber),
        Command::Ledgers(ledgers) => ledgers.run(&chamber),
        Command::Messages(messages) => messages.run(&chamber),
        #[cfg(feature = "chronicle")]
        Command::Chronicle(chronicle) => chronicle.run(&chamber),
        #[cfg(feature = "tui")]
        Command::Watch(watch) => watch.run(&chamber),
        Command::Completions(completions) => completions.run(),
    };
    match outcome {
        Ok(Verdict::Done) => ExitCode::SUCCESS,
        Ok(Verdict::Wanting) => ExitCode::from(1),
        Ok(Verdict::Interrupted) => ExitCode::from(130),
        Err(failure) => {
            crate::commands::page::aside!("parliament: {failure}");
            ExitCode::from(2)
        }
    }
}

/// How long a command has to end after it was told to.
const GRACE: Duration = Duration::from_secs(10);

/// Becomes true at the first Ctrl-C or SIGTERM; at the second the process ends at once, and so it
/// does if something holds it for longer than [`GRACE`], such as a reader of its output who does not
/// read. What is inked by then is dry, or was told to nobody.
fn catch_interrupts() -> Result<&'static AtomicBool, ctrlc::Error> {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        // Without a thread to spare, the second signal is left.
        let _ = std::thread::Builder::new().spawn(|| {
            std::thread::sleep(GRACE);
            std::process::exit(130);
        });
    })?;
    Ok(&INTERRUPTED)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_help_of_every_command_begins_with_an_example_of_it() {
        for command in Arguments::command().get_subcommands() {
            let before = command.get_before_help().map(ToString::to_string).unwrap_or_default();
            let example = format!("\n  parliament {}", command.get_name());
            let leads = before.starts_with("Example") && before.contains(&example);
            assert!(leads, "{}: {before:?}", command.get_name());
        }
    }
}
