//! `parliament play --open`: the playground in the browser, until Ctrl-C.

use std::sync::atomic::Ordering;
use std::time::Instant;

use clap::Args;

use super::output::SCRIPT_MARK;
use super::page::{Page, wrapped};
use super::{Failure, Verdict};
use crate::class::Class;
use crate::web::address::open_in_browser;
use crate::web::{Beginning, Web};

/// The port of a class, where it is free: the year of the paper.
const PORT_OF_CLASSES: u16 = 1998;

/// Where the page is served, and to whom.
#[derive(Args)]
pub struct Playhouse {
    /// Play in the browser: serve a page to this machine, and open it where there is a browser.
    ///
    /// The address stands on standard output. It holds a token: only one who knows it can play.
    #[arg(long, conflicts_with_all = ["plain", "json"], group = "served")]
    pub(super) open: bool,
    /// Hold a class: your page is opened here, and students come in with their phones.
    ///
    /// Phones on this network open a short address, or read its code: no names, no accounts. They
    /// answer your questions, see what all answered, talk, and answer again; they follow your scene or
    /// play on their own. Nothing is kept but what you save. docs/teaching.md tells it step by step.
    #[arg(long, conflicts_with_all = ["plain", "json"], group = "served")]
    pub(super) class: bool,
    /// Hold the class for this machine alone, to try it out: the network is not served.
    #[arg(long, requires = "class")]
    here: bool,
    /// The address of this machine that phones open, where it has several: 192.168.1.5.
    ///
    /// Default: the one with which it reaches its network.
    #[arg(long, value_name = "IP", requires = "class", conflicts_with = "here")]
    at: Option<std::net::Ipv4Addr>,
    /// The port of the page.
    ///
    /// Default: any that is free; for a class 1998, if it is free.
    #[arg(long, value_name = "N", requires = "served")]
    port: Option<u16>,
    /// Serve the page to everybody on this network who has its address, not to this machine alone.
    #[arg(long, requires = "open", conflicts_with_all = ["class", "here"])]
    lan: bool,
    /// End by itself after this time: `10m`.
    #[arg(long = "for", value_name = "TIME", requires = "served", value_parser = humantime::parse_duration)]
    length: Option<std::time::Duration>,
}

impl Playhouse {
    /// Whether the page is wanted.
    pub(super) fn is_served(&self) -> bool {
        self.open || self.class
    }

    /// Serves the page, which begins with this script, until Ctrl-C.
    pub(super) fn run(&self, start: String) -> Result<Verdict, Failure> {
        let interrupted = super::ending::catch_interrupts()?;
        let web = self.open(start)?;
        let classroom = web.classroom();
        let address = web.address();
        let mut page = Page::open();
        page.line(&address)?;
        if self.class {
            self.welcome(&mut page, web.phones_address())?;
        } else if self.lan {
            page.line(
                "Everybody on this network who has this address can play here, unencrypted, until",
            )?;
            page.line(&format!("{}. Nothing that is played is kept.", self.end()))?;
        } else {
            page.line(&format!(
                "The playground is served to this machine alone, until {}.",
                self.end()
            ))?;
        }
        open_in_browser(&address);
        let begun = Instant::now();
        let is_over = || self.length.is_some_and(|length| begun.elapsed() >= length);
        web.serve(|| interrupted.load(Ordering::Relaxed) || is_over())?;
        for line in classroom.iter().flat_map(|room| room.look(Class::in_lines)) {
            let indent = line.len() - line.trim_start().len();
            let line = wrapped(line.trim_start(), indent);
            line.lines().try_for_each(|line| page.line(line.trim_end()))?;
        }
        Ok(Verdict::Done)
    }

    fn open(&self, start: String) -> Result<Web, Failure> {
        let beginning = || Beginning {
            start: start.clone(),
            mark: SCRIPT_MARK,
            is_class: self.class,
            phones_at: self.at.map(Into::into),
        };
        let is_served = self.lan || (self.class && !self.here);
        if self.class {
            allow_many_connections();
            // The short address that is easily said, where nobody has it.
            if self.port.is_none()
                && let Ok(web) = Web::open(Some(PORT_OF_CLASSES), is_served, beginning())
            {
                return Ok(web);
            }
        }
        let web = Web::open(self.port, is_served, beginning()).map_err(|error| {
            let port = self.port.map_or("a port".into(), |port| format!("port {port}"));
            format!("cannot serve at {port} of this machine: {error}; --port names another one")
        })?;
        Ok(web)
    }

    /// The end of the serving, in words.
    fn end(&self) -> String {
        let or = |length| format!("Ctrl-C, or for {}", humantime::format_duration(length));
        self.length.map_or_else(|| "Ctrl-C".into(), or)
    }

    /// The lines that tell the teacher where everybody comes in.
    fn welcome(&self, page: &mut Page, phones: &str) -> std::io::Result<()> {
        page.line("This is your page. Its address moves the class: show it to nobody.")?;
        page.line(&format!("Phones come in at {phones}"))?;
        if self.here {
            page.line(&format!("and only from this machine (--here), until {}.", self.end()))
        } else if phones.contains("//127.") {
            page.line(
                "and only from this machine: it is in no network now. Join one and start again.",
            )
        } else {
            page.line("and everybody on this network can, unencrypted. Nothing is kept but what you save.")?;
            page.line(&format!(
                "The class is open until {}. If no phone gets in, see that it is in",
                self.end()
            ))?;
            page.line("the same network, and that this machine's firewall lets it in.")
        }
    }
}

/// A process may hold few files by default: 256 on some systems. Each phone takes one or two.
fn allow_many_connections() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        // Where it cannot be raised, fewer phones come in.
        if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
            let _ = setrlimit(Resource::RLIMIT_NOFILE, soft.max(hard.min(4096)), hard);
        }
    }
}
