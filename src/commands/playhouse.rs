//! `parliament play --open`: the playground in the browser, until Ctrl-C.

use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;

use super::output::SCRIPT_MARK;
use super::page::Page;
use super::{Failure, Verdict};
use crate::web::address::open_in_browser;
use crate::web::{Beginning, Web};

/// Where the page is served, and to whom.
#[derive(Args)]
pub struct Playhouse {
    /// Play in the browser: serve a page to this machine, and open it where there is a browser.
    ///
    /// The address stands on standard output. It holds a token: only one who knows it can play.
    #[arg(long, conflicts_with_all = ["plain", "json"])]
    pub(super) open: bool,
    /// The port of the page.
    ///
    /// Default: any that is free.
    #[arg(long, value_name = "N", requires = "open")]
    port: Option<u16>,
    /// Serve the page to everybody on this network who has its address, not to this machine alone.
    #[arg(long, requires = "open")]
    lan: bool,
    /// End by itself after this time: `10m`.
    #[arg(long = "for", value_name = "TIME", requires = "open", value_parser = humantime::parse_duration)]
    length: Option<std::time::Duration>,
}

impl Playhouse {
    /// Serves the page, which begins with this script, until Ctrl-C.
    pub(super) fn run(&self, start: String) -> Result<Verdict, Failure> {
        let interrupted = super::ending::catch_interrupts()?;
        let beginning = Beginning { start, mark: SCRIPT_MARK };
        let web = Web::open(self.port, self.lan, beginning).map_err(|error| {
            let port = self.port.map_or("a port".into(), |port| format!("port {port}"));
            format!("cannot serve at {port} of this machine: {error}; --port names another one")
        })?;
        let address = web.address();
        let mut page = Page::open();
        page.line(&address)?;
        if self.lan {
            page.line(
                "Everybody on this network who has this address can play here, unencrypted, until",
            )?;
            page.line("Ctrl-C. Nothing that is played is kept.")?;
        } else {
            page.line("The playground is served to this machine alone, until Ctrl-C.")?;
        }
        open_in_browser(&address);
        let begun = Instant::now();
        let is_over = || self.length.is_some_and(|length| begun.elapsed() >= length);
        web.serve(|| interrupted.load(Ordering::Relaxed) || is_over())?;
        Ok(Verdict::Done)
    }
}
