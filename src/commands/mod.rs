//! The subcommands, one small file each.

mod arguments;
mod attendance;
mod audit;
mod awaited;
mod chair;
mod changes;
#[cfg(feature = "chronicle")]
mod chronicle;
mod completions;
mod concluded;
mod crier;
mod ending;
mod evidence;
mod examine;
mod explore;
mod findings;
mod follow;
mod foresight;
mod heal;
mod heresies;
mod input;
mod keeping;
mod law;
mod ledgers;
mod lesson;
mod many;
mod messages;
mod office;
mod output;
mod page;
mod pass;
mod passage;
mod persuasion;
mod petition;
mod play;
#[cfg(feature = "web")]
mod playhouse;
mod repeats;
mod sea;
mod shelf;
mod simulate;
mod simulated;
mod sit;
mod synod;
mod topics;
mod traced;
#[cfg(any(feature = "tui", feature = "web"))]
mod watch;
#[cfg(any(feature = "tui", feature = "web"))]
mod watched;
#[cfg(feature = "tui")]
mod watcher;
#[cfg(feature = "web")]
mod window;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::chamber::Chamber;

pub use ending::{Failure, Verdict};

/// See, run, break and trust Paxos as Lamport first told it: a Parliament in files you can read.
#[derive(Parser)]
#[command(name = "parliament", version, propagate_version = true, max_term_width = 80, after_help = topics::POINTER)]
struct Arguments {
    /// The directory that holds `ledgers/` and `messagebooks/`.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    chamber: PathBuf,
    #[command(subcommand)]
    command: Command,
}

/// The subcommands. Each variant's arguments and `run` live in the file of its name.
#[derive(Subcommand)]
enum Command {
    Lesson(lesson::Lesson),
    Play(play::Play),
    Synod(synod::Synod),
    Pass(pass::Pass),
    Sit(sit::Sit),
    Priest(sit::Alone),
    Petition(petition::Petition),
    Sea(sea::Sea),
    Follow(follow::Follow),
    Law(law::Law),
    Office(office::Office),
    Audit(audit::Audit),
    Simulate(simulate::Simulate),
    Explore(explore::Explore),
    Heresies(heresies::Heresies),
    Examine(examine::Examine),
    Ledgers(ledgers::Ledgers),
    Messages(messages::Messages),
    #[cfg(feature = "chronicle")]
    Chronicle(chronicle::Chronicle),
    #[cfg(any(feature = "tui", feature = "web"))]
    Watch(watch::Watch),
    Completions(completions::Completions),
    #[command(hide = true, help_template = "{about}", long_about = topics::FORMATS)]
    Formats,
    #[command(hide = true, help_template = "{about}", long_about = topics::EXIT_CODES)]
    ExitCodes,
    #[command(hide = true, help_template = "{about}", long_about = topics::ENVIRONMENT)]
    Environment,
    #[command(hide = true, help_template = "{about}", long_about = topics::SCRIPTS)]
    Scripts,
}

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
        Command::Lesson(lesson) => lesson.run(chamber.root()),
        Command::Play(play) => play.run(&chamber),
        Command::Simulate(simulate) => simulate.run(),
        Command::Explore(explore) => explore.run(),
        Command::Heresies(heresies) => heresies.run(),
        Command::Examine(examine) => examine.run(),
        Command::Synod(synod) => synod.run(&chamber),
        Command::Pass(pass) => pass.run(&chamber),
        Command::Sit(sit) => sit.run(&chamber),
        Command::Priest(priest) => priest.run(&chamber),
        Command::Petition(petition) => petition.run(&chamber),
        Command::Sea(sea) => sea.run(&chamber),
        Command::Follow(follow) => follow.run(&chamber),
        Command::Law(law) => law.run(&chamber),
        Command::Office(office) => office.run(&chamber),
        Command::Audit(audit) => audit.run(&chamber),
        Command::Ledgers(ledgers) => ledgers.run(&chamber),
        Command::Messages(messages) => messages.run(&chamber),
        #[cfg(feature = "chronicle")]
        Command::Chronicle(chronicle) => chronicle.run(&chamber),
        #[cfg(any(feature = "tui", feature = "web"))]
        Command::Watch(watch) => watch.run(&chamber),
        Command::Completions(completions) => completions.run(Arguments::command()),
        Command::Formats => page_of(topics::FORMATS),
        Command::ExitCodes => page_of(topics::EXIT_CODES),
        Command::Environment => page_of(topics::ENVIRONMENT),
        Command::Scripts => page_of(topics::SCRIPTS),
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

/// Prints a page of the help.
fn page_of(text: &str) -> Result<Verdict, Failure> {
    page::Page::open().text(text)?;
    Ok(Verdict::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_of_every_command_begins_with_an_example_of_it() {
        for command in Arguments::command().get_subcommands().filter(|it| !it.is_hide_set()) {
            let before = command.get_before_help().map(ToString::to_string).unwrap_or_default();
            let example = format!("\n  parliament {}", command.get_name());
            let leads = before.starts_with("Example") && before.contains(&example);
            assert!(leads, "{}: {before:?}", command.get_name());
        }
    }
}
