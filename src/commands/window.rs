//! `parliament watch --web`: a chamber that sits, in the browser, until Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::page::Page;
use super::watched::{Seen, Watched};
use super::{Failure, Verdict};
use crate::picture::aired::Aired;
use crate::web::address::open_in_browser;
use crate::web::{Airing, Web};

/// How long a state is shown at least, so that a person can see it.
const FRAME: Duration = Duration::from_millis(250);
/// How long nobody looks at records that could not be read.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where the page of a chamber is served, and to whom.
#[derive(Args)]
pub struct Window {
    /// Watch in the browser: serve a page to this machine, and open it where there is a browser.
    ///
    /// The address stands on standard output. It holds a token: only one who knows it can watch.
    #[arg(long)]
    web: bool,
    /// The port of the page.
    ///
    /// Default: any that is free.
    #[arg(long, value_name = "N", requires = "web")]
    port: Option<u16>,
    /// Serve the page to everybody on this network who has its address, not to this machine alone.
    #[arg(long, requires = "web")]
    lan: bool,
    /// End by itself after this time: `10m`.
    #[arg(long = "for", value_name = "TIME", requires = "web", value_parser = humantime::parse_duration)]
    length: Option<Duration>,
}

impl Window {
    /// Whether the page is wanted.
    pub(super) const fn is_open(&self) -> bool {
        self.web
    }

    /// Serves the page until Ctrl-C.
    pub(super) fn run(
        &self,
        watched: impl FnOnce() -> Watched + Send + 'static,
    ) -> Result<Verdict, Failure> {
        let interrupted = super::ending::catch_interrupts()?;
        let airing = Arc::new(Airing::new());
        let web = Web::watch(self.port, self.lan, &airing).map_err(|error| {
            let port = self.port.map_or("a port".into(), |port| format!("port {port}"));
            format!("cannot serve at {port} of this machine: {error}; --port names another one")
        })?;
        let address = web.address();
        let mut page = Page::open();
        page.line(&address)?;
        let or = |length| format!("Ctrl-C, or for {}", humantime::format_duration(length));
        let end = self.length.map_or_else(|| "Ctrl-C".into(), or);
        if self.lan {
            page.line(
                "Everybody on this network who has this address can watch, unencrypted, until",
            )?;
            page.line(&format!("{end}. Nobody can change anything there."))?;
        } else {
            page.line(&format!("The chamber is shown to this machine alone, until {end}."))?;
        }
        open_in_browser(&address);
        let (stop, stopped) = mpsc::channel::<()>();
        let eye = std::thread::Builder::new().spawn(move || air(watched(), &airing, &stopped))?;
        let begun = Instant::now();
        let is_over = || self.length.is_some_and(|length| begun.elapsed() >= length);
        let is_blind = || eye.is_finished();
        web.serve(|| interrupted.load(Ordering::Relaxed) || is_over() || is_blind())?;
        if is_blind() {
            return Err("the chamber is looked at no more: its watcher has failed".into());
        }
        drop(stop);
        Ok(Verdict::Done)
    }
}

/// Shows the chamber as it goes on, until nobody wants it any more.
fn air(mut watched: Watched, airing: &Airing, stopped: &mpsc::Receiver<()>) {
    let mut aired = Aired::default();
    let mut trouble: Option<String> = None;
    let mut was_there = false;
    let mut first = true;
    loop {
        let (seen, mut rest) = (watched.look(), FRAME);
        match seen {
            Ok(seen) => {
                if seen == Seen::Gone {
                    (aired, was_there) = (Aired::default(), true);
                }
                let is_new = seen != Seen::Nothing || trouble.is_some() || first;
                trouble = None;
                match watched.live() {
                    Some(live) if is_new => {
                        let mut told = aired.show(&watched.title(), live);
                        told["chronicle"] = watched.chronicle().into();
                        told["clock"] = json!(watched.clock());
                        airing.show("chamber", told);
                    }
                    None if is_new => {
                        let gone = was_there.then_some("The chamber that was here is gone. ");
                        let why = gone.unwrap_or_default().to_owned() + &watched.awaited();
                        airing.show("trouble", json!({ "why": why }));
                    }
                    _ => {}
                }
                first = false;
            }
            Err(error) => {
                let why = error.to_string();
                if trouble.as_ref() != Some(&why) {
                    airing.show("trouble", json!({ "why": format!("The records cannot be read now: {why}. They are read again every second.") }));
                }
                // The rows of this look are lost, so all is read again.
                watched.begin_anew();
                (trouble, aired, rest) = (Some(why), Aired::default(), PATIENCE);
            }
        }
        if stopped.recv_timeout(rest) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
