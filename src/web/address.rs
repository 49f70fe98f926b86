//! Where the page is: the token in its address, this machine on its network, and the browser.

use std::io;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A word that nobody guesses: 128 bits of the system's randomness.
///
/// # Errors
/// When the system gives none.
pub(crate) fn token() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The address of this machine on its network, if it has one. Nothing is sent to find it out.
pub(crate) fn on_the_network() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address kept for documents (RFC 5737): the system only chooses the way to it.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|it| it.ip()).filter(|ip| !ip.is_unspecified())
}

/// Opens a browser at this address where there is one; `false` where there is none.
pub(crate) fn open_in_browser(address: &str) -> bool {
    let Some(mut command) = browser() else { return false };
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

#[cfg(target_os = "macos")]
fn browser() -> Option<Command> {
    found("open").map(Command::new)
}

#[cfg(windows)]
fn browser() -> Option<Command> {
    let mut command = Command::new("rundll32");
    command.arg("url.dll,FileProtocolHandler");
    Some(command)
}

/// A screen is needed: without one `xdg-open` would begin a browser in this terminal.
#[cfg(not(any(target_os = "macos", windows)))]
fn browser() -> Option<Command> {
    let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|it| std::env::var_os(it).is_some_and(|it| !it.is_empty()));
    found("xdg-open").filter(|_| has_screen).map(Command::new)
}

#[cfg(not(windows))]
fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|place| place.join(program)).find(|it| it.is_file())
}
