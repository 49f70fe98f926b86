//! The subcommands of `parliament sea`.

mod carry;
mod who;

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use courier::charter::Ticket;
use courier::courier::described;
use courier::founding;
use courier::home::{Home, INKED};
use courier::keys;
use courier::machines::Machine;
use courier::quic::{self, Anchor};
use parliament::chamber::Chamber;
use parliament::words::{Founding, Name};

/// Why a command failed.
type Failure = Box<dyn std::error::Error>;

/// A Parliament on several machines: found it, join it, carry its letters.
#[derive(Parser)]
#[command(
    name = "parliament sea",
    bin_name = "parliament sea",
    version,
    propagate_version = true,
    max_term_width = 80
)]
struct Arguments {
    /// The directory that holds `ledgers/`, `messagebooks/` and `sea/`.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    chamber: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Found(Found),
    Join(Join),
    Carry(carry::Carry),
    Who(who::Who),
    Ticket(ShowTicket),
    Leave(Leave),
    Rekey(Rekey),
}

/// Found a Parliament on several machines, and print its ticket.
#[derive(Args)]
#[command(
    before_help = "Example:\n  parliament sea found --priests Ada,Ben,Cid --here Ada --machine hill"
)]
struct Found {
    /// All its legislators: `Ada,Ben,Cid`, or `Ada,Ben:2,Cid` with weights.
    #[arg(long, value_name = "NAMES")]
    priests: String,
    /// α: how many decrees may be open at once (PTP §3.3.6).
    #[arg(long, value_name = "N")]
    alpha: Option<u64>,
    /// Those who live on this machine.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', required = true)]
    here: Vec<Name>,
    /// How decrees name this machine. Default: the first of --here.
    #[arg(long, value_name = "NAME")]
    machine: Option<Name>,
    #[command(flatten)]
    anchor: At,
}

/// Join a Parliament by its ticket, as one of its legislators or as a follower.
#[derive(Args)]
#[command(
    before_help = "Examples:\n  parliament sea join TICKET --as Ben --machine harbour\n  parliament sea join TICKET --machine lodge     # it follows, without a priest"
)]
struct Join {
    /// The ticket that the founder printed; spaces in it do not matter.
    #[arg(required = true)]
    ticket: Vec<String>,
    /// Those who are to live on this machine; none if it only follows.
    #[arg(long = "as", value_name = "NAMES", value_delimiter = ',')]
    priests: Vec<Name>,
    /// How decrees name this machine. Default: the first of --as.
    #[arg(long, value_name = "NAME", required_unless_present = "priests")]
    machine: Option<Name>,
    /// For how many seconds the founder may be silent.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    within: u64,
    #[command(flatten)]
    anchor: At,
}

/// Print the ticket again, on the machine that founded.
#[derive(Args)]
#[command(before_help = "Example:\n  parliament sea ticket")]
struct ShowTicket {}

/// Leave for good: destroy this machine's key.
///
/// Its priests can send nothing any more, and it cannot join again under their names. Unseat them
/// first, so that the others count without them.
#[derive(Args)]
#[command(before_help = "Example:\n  parliament sea leave --for-good")]
struct Leave {
    /// Yes, for good.
    #[arg(long, required = true)]
    for_good: bool,
}

/// Make a new key for this machine, and print the decree that puts it in the old one's place.
///
/// Until that decree has passed, the old key counts. The courier then takes the new one by itself.
#[derive(Args)]
#[command(before_help = "Example:\n  parliament sea rekey")]
struct Rekey {
    /// Take the new key at once: its decree has passed, and this machine cannot learn of it, since the
    /// others turn the old key away.
    #[arg(long)]
    now: bool,
}

/// Where this machine listens.
#[derive(Args)]
struct At {
    /// The UDP port. Default: a free one, which is kept.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Listen at this address alone.
    #[arg(long, value_name = "IP")]
    listen: Option<IpAddr>,
    /// Neither look for others on this network by mDNS, nor be found by it.
    #[arg(long)]
    no_mdns: bool,
}

impl At {
    /// Where to listen, by what is asked for and what was kept.
    fn anchor(&self, kept: Anchor) -> Anchor {
        Anchor {
            port: self.port.unwrap_or(kept.port),
            ip: self.listen.or(kept.ip),
            mdns: kept.mdns && !self.no_mdns,
        }
    }
}

/// Reads the arguments, runs the command, reports, and yields the exit code.
pub fn main() -> ExitCode {
    let Arguments { chamber, command } = Arguments::parse();
    let chamber = Chamber::at(chamber);
    let ended = match command {
        Command::Found(found) => found.run(&chamber),
        Command::Join(join) => join.run(&chamber),
        Command::Carry(carry) => carry.run(&chamber),
        Command::Who(who) => who.run(&chamber),
        Command::Ticket(_) => show_ticket(&chamber),
        Command::Leave(_) => leave(&chamber),
        Command::Rekey(rekey) => rekey.run(&chamber),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("parliament sea: {failure}");
            ExitCode::from(2)
        }
    }
}

impl Found {
    fn run(&self, chamber: &Chamber) -> Result<(), Failure> {
        let asked: Founding = self.priests.replace(',', " ").parse()?;
        let alpha = self.alpha.unwrap_or(asked.alpha);
        let founding = Founding::new(asked.membership.weights(), alpha)?;
        let machine = self.machine.or(self.here.first().copied()).ok_or("--here names nobody")?;
        let anchor = self.anchor.anchor(Home::of(chamber.root()).anchor());
        let ticket = founding::found(chamber, &founding, (machine, &self.here), anchor)?;
        print_ticket(&ticket);
        let first = self.here.first().map_or("NAME", Name::as_str);
        println!("Now let this machine answer: parliament priest {first} --sea");
        println!("On each other machine: parliament sea join TICKET --as NAME");
        Ok(())
    }
}

impl Join {
    fn run(&self, chamber: &Chamber) -> Result<(), Failure> {
        let ticket = Ticket::of_letters(&self.ticket.concat())?;
        let machine = self.machine.or(self.priests.first().copied()).ok_or("name --machine")?;
        let home = Home::of(chamber.root());
        let anchor = self.anchor.anchor(home.anchor());
        let within = Duration::from_secs(self.within);
        let me = (machine, &self.priests[..]);
        let machines = founding::join(chamber, &ticket, me, anchor, within)?;
        let key = quic::public(&home.secret()?);
        println!("Joined, with the key {}. These are here:", key.in_words());
        for machine in machines.iter() {
            let Machine { key, .. } = machine;
            println!("  {:30}  {}", described(machine), key.in_words());
        }
        let awaited = machines.awaited(&ticket.charter.founding);
        if !awaited.is_empty() {
            let names: Vec<&str> = awaited.iter().map(Name::as_str).collect();
            println!("Awaited: {}", names.join(", "));
        }
        match self.priests.first() {
            Some(first) => println!("Now come in: parliament priest {first} --sea"),
            None => println!("Now follow: parliament follow"),
        }
        Ok(())
    }
}

fn show_ticket(chamber: &Chamber) -> Result<(), Failure> {
    let Some(ticket) = founding::ticket(&Home::of(chamber.root()))? else {
        return Err(
            "the machine that founded this Parliament prints its ticket; this is another".into()
        );
    };
    print_ticket(&ticket);
    Ok(())
}

/// How many columns a QR code may have.
const COLUMNS: usize = 80;

fn print_ticket(ticket: &Ticket) {
    use std::io::IsTerminal;
    if let Some(squares) = ticket.as_squares(COLUMNS).filter(|_| std::io::stdout().is_terminal()) {
        println!("{squares}");
    }
    println!("{}", ticket.in_letters());
}

fn leave(chamber: &Chamber) -> Result<(), Failure> {
    let home = Home::of(chamber.root());
    let _alone = home.lock()?;
    home.secret()?;
    // So no ledger is inked here again under the same names.
    home.keep(INKED, "this machine left; this file stays\n")?;
    std::fs::remove_file(home.at("key"))?;
    println!("This machine has left: its key is destroyed. The ledgers stay, to be read.");
    Ok(())
}

impl Rekey {
    fn run(&self, chamber: &Chamber) -> Result<(), Failure> {
        if self.now {
            let _alone = Home::of(chamber.root()).lock()?;
            println!(
                "This machine's key has now the words {}.",
                keys::take_now(chamber)?.in_words()
            );
            return Ok(());
        }
        let (key, decree) = keys::rekey(chamber)?;
        println!("A new key waits in sea/key.next, with the words {}.", key.in_words());
        println!("It takes the place of the old one when this decree has passed:");
        println!("parliament petition \"{decree}\"");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_help_of_every_command_begins_with_an_example_of_it() {
        Arguments::command().debug_assert();
        for command in Arguments::command().get_subcommands() {
            let before = command.get_before_help().map(ToString::to_string).unwrap_or_default();
            let example = format!("\n  parliament sea {}", command.get_name());
            assert!(before.contains(&example), "{}: {before:?}", command.get_name());
        }
    }
}
