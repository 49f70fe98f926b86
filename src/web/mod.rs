//! The playground in the browser: one page, served to this machine, and to the network only where
//! that is asked for. The server keeps nothing of what is played: a page sends its whole script, and
//! [`crate::scene::answer`] answers it. No rule is written here, and none in the page.
//!
//! | file | what it tells |
//! |---|---|
//! | [`address`] | where the page is, and the token in it |
//! | `gate` | whose requests are answered |
//! | `doors` | how many may come at once, and how slow they may be |
//! | `desk` | the work that a request asks for, and its bounds |
//! | `hall` | what the requests of a page have in common |
//! | `asks` | what may be asked: the page and its parts, the answer to a script |
//! | `shown` | an answer as a person is shown it |

pub(crate) mod address;
mod asks;
mod desk;
mod doors;
mod gate;
mod hall;
mod shown;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use doors::Doors;
use gate::Gate;
pub(crate) use hall::Beginning;
use hall::Hall;

/// A server whose address is known, and that answers nobody yet.
pub(crate) struct Web {
    listener: TcpListener,
    hall: Arc<Hall>,
    is_lan: bool,
    at: SocketAddr,
}

impl Web {
    /// Takes a port: this one, or any that is free. `is_lan` opens it to the network.
    ///
    /// # Errors
    /// When the port cannot be had, or the system has no randomness for the token.
    pub(crate) fn open(port: Option<u16>, is_lan: bool, beginning: Beginning) -> io::Result<Web> {
        let ip = if is_lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let listener = TcpListener::bind((ip, port.unwrap_or(0)))?;
        listener.set_nonblocking(true)?;
        let at = listener.local_addr()?;
        let gate = Gate::new(address::token()?, at.port(), is_lan);
        let hall = Arc::new(Hall { gate, desk: Desk::new(), beginning });
        Ok(Web { listener, hall, is_lan, at })
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        let ip = if self.is_lan { address::on_the_network() } else { None };
        let ip = ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        format!("http://{}/{}/", SocketAddr::new(ip, self.at.port()), self.hall.gate.token())
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
        let router = asks::router(&self.hall);
        let served = runtime.block_on(async {
            let doors = Doors::open(tokio::net::TcpListener::from_std(self.listener)?);
            let doors = tokio::spawn(doors.let_in(router));
            while !must_stop() && !doors.is_finished() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok(())
        });
        // What is still being answered ends with the process.
        runtime.shutdown_background();
        served
    }
}
