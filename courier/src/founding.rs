//! Founding a Parliament on several machines, and joining one.
//!
//! A ledger is inked last: first the founder has bound its priest to this machine's key, durably.
//! Where ledgers were inked once and are gone, none are inked again, for their priests have
//! promised things that they would not know of.

use std::net::SocketAddr;
use std::time::Duration;

use parliament::chamber::{Chamber, ChamberError, Roster};
use parliament::god;
use parliament::words::{Founding, Name};

use crate::charter::{Charter, Ticket};
use crate::home::{Home, HomeError, INKED, MACHINES};
use crate::joining::{self, Question};
use crate::machines::{Machine, Machines, Refusal};
use crate::quic::{self, Anchor, EngineError};

/// Why a Parliament was not founded or joined.
#[derive(Debug, thiserror::Error)]
pub enum SeaError {
    /// A file of `sea/` cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The chamber cannot be founded.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// The engine does not run.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// These priests cannot live here.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The chamber was at sea before, in another Parliament or as another machine.
    #[error("{path}: this chamber is part of another Parliament; name another --chamber", path = path.display())]
    AtSea {
        /// The file that says so.
        path: std::path::PathBuf,
    },
    /// The chamber sat before it went to sea.
    #[error("{path}: this chamber was founded already, and a Parliament on several machines is founded or joined only where nothing is; name another --chamber", path = path.display())]
    Founded {
        /// The ledgers.
        path: std::path::PathBuf,
    },
    /// Ledgers were inked here and are gone.
    #[error("{path}: ledgers were inked here once and are gone, so {names} have amnesia: their promises are forgotten. The others go on without them: docs/sea.md, “When a machine is lost for good”", path = path.display())]
    Amnesia {
        /// The mark that ledgers were inked.
        path: std::path::PathBuf,
        /// The priests.
        names: String,
    },
    /// The founder said no.
    #[error("the founder did not let this machine in: {0}")]
    Refused(String),
    /// The founder did not answer.
    #[error(
        "the founder did not answer within {0:?}: its machine must run `parliament sea carry`, `sit --sea` or `priest NAME --sea`, and be reachable at {1}"
    )]
    NoAnswer(Duration, String),
}

/// Founds a Parliament of which these priests live here, and returns its ticket. Run again, it
/// changes nothing and returns the ticket again.
///
/// # Errors
/// [`SeaError`].
pub fn found(
    chamber: &Chamber,
    founding: &Founding,
    (machine, here): (Name, &[Name]),
    anchor: Anchor,
) -> Result<Ticket, SeaError> {
    let home = Home::of(chamber.root());
    let roster =
        Roster::new(machine, here.iter().copied(), founding).map_err(ChamberError::from)?;
    if !home.stands() {
        refuse_what_stands(chamber)?;
    }
    let secret = home.secret_or(quic::new_secret())?;
    let key = quic::public(&secret);
    let charter = match home.charter() {
        Ok(charter) if charter.founder == key && charter.founding == *founding => charter,
        Ok(_) => return Err(SeaError::AtSea { path: home.at("charter") }),
        Err(HomeError::Ashore { .. }) => {
            let chance = quic::new_secret();
            let mut nonce = [0; 16];
            nonce.copy_from_slice(&chance[..16]);
            Charter { founding: founding.clone(), founder: key, nonce }
        }
        Err(error) => return Err(error.into()),
    };
    let (anchor, addresses) = drop_anchor(&secret, anchor)?;
    let mut machines = home.machines()?;
    let (name, priests) = (machine, here.to_vec());
    machines.bind(Machine { name, key, priests, addresses: addresses.clone() }, founding)?;
    machines.moved(machine, &addresses);
    home.keep_anchor(anchor)?;
    home.keep(MACHINES, &machines.in_rows())?;
    home.keep_charter(&charter)?;
    ink(chamber, &home, founding, &roster)?;
    Ok(Ticket { charter, addresses })
}

/// Asks the founder to be let in with these priests, and inks their ledgers when it has answered.
/// Without priests this machine follows: it has no ledger. Run again, it goes on where it was.
///
/// # Errors
/// [`SeaError`].
pub fn join(
    chamber: &Chamber,
    ticket: &Ticket,
    (machine, priests): (Name, &[Name]),
    anchor: Anchor,
    within: Duration,
) -> Result<Machines, SeaError> {
    let home = Home::of(chamber.root());
    if !home.stands() {
        refuse_what_stands(chamber)?;
    }
    if home.charter().is_ok_and(|known| known != ticket.charter) {
        return Err(SeaError::AtSea { path: home.at("charter") });
    }
    if home.at(INKED).exists() && chamber.names()?.is_empty() {
        return Err(amnesia(&home, priests));
    }
    let founding = &ticket.charter.founding;
    let secret = home.secret_or(quic::new_secret())?;
    let (anchor, _) = drop_anchor(&secret, anchor)?;
    home.keep_anchor(anchor)?;
    let identity = ticket.charter.identity();
    let question = |addresses: Vec<SocketAddr>| {
        Question { identity, machine, priests: priests.to_vec(), addresses }.in_bytes()
    };
    let founder = (ticket.charter.founder, &ticket.addresses[..]);
    let answer = quic::ask(&secret, anchor, founder, question, within)?;
    let answer = answer.and_then(|bytes| joining::of_bytes(&bytes));
    let no_answer = || {
        let addresses: Vec<String> = ticket.addresses.iter().map(ToString::to_string).collect();
        SeaError::NoAnswer(within, addresses.join(" or "))
    };
    let machines = answer.ok_or_else(no_answer)?.map_err(SeaError::Refused)?;
    home.keep(MACHINES, &machines.in_rows())?;
    home.keep_charter(&ticket.charter)?;
    if !priests.is_empty() {
        let roster = Roster::new(machine, priests.iter().copied(), founding);
        ink(chamber, &home, founding, &roster.map_err(ChamberError::from)?)?;
    }
    Ok(machines)
}

/// The ticket of a Parliament that this machine founded.
///
/// # Errors
/// [`SeaError::Home`].
pub fn ticket(home: &Home) -> Result<Option<Ticket>, SeaError> {
    let (charter, machines) = (home.charter()?, home.machines()?);
    let is_founder = quic::public(&home.secret()?) == charter.founder;
    let founder = machines.with_key(charter.founder).map(|it| it.addresses.clone());
    Ok(founder.filter(|_| is_founder).map(|addresses| Ticket { charter, addresses }))
}

/// Notes that ledgers were inked here, before any letter of their priests can leave.
///
/// # Errors
/// [`SeaError::Amnesia`] if they are gone since.
pub fn note_that_ledgers_stand(chamber: &Chamber, home: &Home) -> Result<(), SeaError> {
    let names = chamber.names()?;
    let is_noted = home.at(INKED).exists();
    if names.is_empty() {
        let machines = home.machines()?;
        let me = machines.with_key(quic::public(&home.secret()?));
        let mine = me.map(|it| it.priests.clone()).unwrap_or_default();
        return if is_noted { Err(amnesia(home, &mine)) } else { Ok(()) };
    }
    if !is_noted {
        home.keep(INKED, "ledgers were inked here; this file stays\n")?;
    }
    Ok(())
}

fn amnesia(home: &Home, names: &[Name]) -> SeaError {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    SeaError::Amnesia { path: home.at(INKED), names: names.join(", ") }
}

fn refuse_what_stands(chamber: &Chamber) -> Result<(), SeaError> {
    match chamber.names()?.is_empty() {
        true => Ok(()),
        false => Err(SeaError::Founded { path: chamber.ledgers() }),
    }
}

/// Inks the ledgers, unless they were.
fn ink(
    chamber: &Chamber,
    home: &Home,
    founding: &Founding,
    roster: &Roster,
) -> Result<(), SeaError> {
    let names: Vec<Name> = roster.here().iter().copied().collect();
    if home.at(INKED).exists() && chamber.names()?.is_empty() {
        return Err(amnesia(home, &names));
    }
    god::found(chamber, founding, Some(roster))?;
    note_that_ledgers_stand(chamber, home)
}

/// Finds a free port, if none is given, and the addresses at which this machine can be reached.
fn drop_anchor(secret: &[u8; 32], anchor: Anchor) -> Result<(Anchor, Vec<SocketAddr>), SeaError> {
    let addresses = quic::look_around(secret, anchor)?;
    let port = addresses.first().map_or(anchor.port, SocketAddr::port);
    Ok((Anchor { port, ..anchor }, addresses))
}
