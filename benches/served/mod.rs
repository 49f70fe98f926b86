//! `parliament play`, as benches start it: the program, and where it answers.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The program. It ends when this is dropped.
pub struct Served {
    pub child: Child,
    /// The address and port at which it answers.
    pub host: String,
    /// The first part of each path.
    pub token: String,
    _out: BufReader<ChildStdout>,
}

impl Served {
    /// Starts `parliament` with these arguments, which serve a page.
    pub fn start(arguments: &[&str]) -> Result<Served, Box<dyn Error>> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_parliament"))
            .args(arguments)
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut out = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut address = String::new();
        out.read_line(&mut address)?;
        let parts: Vec<&str> = address.trim().split('/').collect();
        let [_, _, host, token, ""] = parts[..] else { return Err(address.into()) };
        Ok(Served { child, host: host.into(), token: token.into(), _out: out })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
