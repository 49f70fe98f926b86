//! The playground in the browser, and a chamber that sits: a page, served to this machine, and to the
//! network only where that is asked for. The server keeps nothing of what is played: a page sends its
//! whole script, and the scene answers it. No rule is written here, and none in the page.
//!
//! | file | what it tells |
//! |---|---|
//! | [`address`] | where the page is, and the token in it |
//! | `gate` | whose requests are answered |
//! | `doors` | how many may come at once, and how slow they may be |
//! | `airing` | a chamber that sits, shown to all who watch its page |
//! | `desk` | the work that a request asks for, and its bounds |
//! | `hall` | what the requests of a page have in common |
//! | `asks` | what may be asked: the page and its parts, the answer to a script |
//! | `parts` | parts of pages, as they stand in the binary |
//! | `played` | a script of the page, played: a scene, or a hunt for a heretic |
//! | `predicted` | the question before a telling move |
//! | `searched` | the shortest run from a moment |
//! | `saving` | the way to a moment as a trace, or as a chronicle |
//! | `trouble` | why a request gets no answer |
//! | `shown` | an answer as a person is shown it |
//! | `classroom` | a class, those who listen to it, and what they hear |
//! | `phones`, `teacher` | what phones may ask, and what the teacher |
//! | `stream`, `qr` | a reply that goes on; an address that a phone's camera reads |

pub(crate) mod address;
mod airing;
mod asks;
mod classroom;
mod desk;
mod doors;
mod gate;
mod hall;
mod parts;
mod phones;
mod played;
mod predicted;
mod qr;
mod saving;
mod searched;
mod shown;
mod stream;
mod teacher;
mod trouble;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

pub(crate) use airing::Airing;
use classroom::Classroom;
use desk::Desk;
use doors::Doors;
use gate::Gate;
pub(crate) use hall::Beginning;
use hall::Hall;
pub(crate) use played::hunt;

/// A server whose address is known, and that answers nobody yet.
pub(crate) struct Web {
    listener: TcpListener,
    gate: Arc<Gate>,
    shows: Shows,
    is_lan: bool,
    at: SocketAddr,
}

/// A page shows one of these.
enum Shows {
    Playground(Arc<Hall>),
    Chamber(Arc<Airing>),
}

/// A port of this machine, and the gate behind it.
struct Port {
    listener: TcpListener,
    at: SocketAddr,
    gate: Gate,
}

impl Port {
    /// Takes a port: this one, or any that is free. `is_lan` opens it to the network.
    fn take(port: Option<u16>, is_lan: bool) -> io::Result<Port> {
        let ip = if is_lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let listener = TcpListener::bind((ip, port.unwrap_or(0)))?;
        listener.set_nonblocking(true)?;
        let at = listener.local_addr()?;
        Ok(Port { listener, at, gate: Gate::new(address::token()?, at.port(), is_lan) })
    }

    fn shows(self, shows: Shows, is_lan: bool) -> Web {
        let Port { listener, at, gate } = self;
        Web { listener, gate: Arc::new(gate), shows, is_lan, at }
    }
}

impl Web {
    /// Takes a port for a playground: this one, or any that is free. `is_lan` opens it to the network.
    ///
    /// # Errors
    /// When the port cannot be had, or the system has no randomness for the token.
    pub(crate) fn open(port: Option<u16>, is_lan: bool, beginning: Beginning) -> io::Result<Web> {
        let mut port = Port::take(port, is_lan)?;
        let classroom = if beginning.is_class {
            port.gate = port.gate.with_phones();
            let room =
                Classroom::of(address::token()?, &beginning.start).map_err(io::Error::other)?;
            Some(Arc::new(room))
        } else {
            None
        };
        let phones_at = beginning.phones_at.unwrap_or_else(|| seen_from(is_lan));
        let phones_address = format!("http://{}", SocketAddr::new(phones_at, port.at.port()));
        let (desk, phones_desk) = (Desk::new(), Desk::new());
        let hall = Hall { desk, beginning, classroom, phones_address, phones_desk };
        Ok(port.shows(Shows::Playground(Arc::new(hall)), is_lan))
    }

    /// Takes a port for a chamber that sits.
    ///
    /// # Errors
    /// As for [`Web::open`].
    pub(crate) fn watch(port: Option<u16>, is_lan: bool, airing: &Arc<Airing>) -> io::Result<Web> {
        Ok(Port::take(port, is_lan)?.shows(Shows::Chamber(Arc::clone(airing)), is_lan))
    }

    fn hall(&self) -> Option<&Arc<Hall>> {
        match &self.shows {
            Shows::Playground(hall) => Some(hall),
            Shows::Chamber(_) => None,
        }
    }

    /// The class that is held, if one is.
    pub(crate) fn classroom(&self) -> Option<Arc<Classroom>> {
        self.hall()?.classroom.clone()
    }

    /// Where the phones of the class come in.
    pub(crate) fn phones_address(&self) -> &str {
        self.hall().map_or("", |hall| &hall.phones_address)
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        // The teacher sits at this machine.
        let ip = seen_from(self.is_lan && self.classroom().is_none());
        format!("http://{}/{}/", SocketAddr::new(ip, self.at.port()), self.gate.token())
    }

    /// Answers until it must stop.
    ///
    /// # Errors
    /// When the system has no thread or socket for it.
    pub(crate) fn serve(self, must_stop: impl Fn() -> bool) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(desk::MOST_THREADS)
            .build()?;
        let routes = match &self.shows {
            Shows::Playground(hall) => asks::routes(hall),
            Shows::Chamber(airing) => airing::routes(airing),
        };
        let router = asks::behind(&self.gate, routes);
        let classroom = self.classroom();
        let served = runtime.block_on(async {
            let doors = Doors::open(tokio::net::TcpListener::from_std(self.listener)?);
            let doors = tokio::spawn(doors.let_in(router));
            while !must_stop() && !doors.is_finished() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            if let Some(room) = classroom {
                room.end();
                // The phones hear it.
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            Ok(())
        });
        // Requests still being answered end with the process.
        runtime.shutdown_background();
        served
    }
}

/// The address of this machine, as the network sees it or as it sees itself.
fn seen_from(network: bool) -> IpAddr {
    let ip = if network { address::on_the_network() } else { None };
    ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}
