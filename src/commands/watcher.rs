//! The terminal in which a chamber is watched: taken, drawn, and given back.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event};

use crate::chamber::{ChamberError, line_of};
use crate::picture::terminal::{Act, View, draw, keys, screen};

use super::watched::{Seen, TICK, Watched};
use super::{Failure, Verdict};

/// Shows a chamber in the terminal, until `q` or Ctrl-C.
pub(super) fn show(watched: Watched, interrupted: &AtomicBool) -> Result<Verdict, Failure> {
    let mut watcher = Watcher::of(watched);
    // Records of a long sitting are read before the terminal is taken.
    watcher.look()?;
    let mut screen = Screen::take()?;
    let keys = keys_pressed();
    while !interrupted.load(Ordering::Relaxed) {
        if !std::io::stdin().is_terminal() {
            // The terminal was closed: there is nothing left to give back.
            std::mem::forget(screen);
            break;
        }
        if watcher.is_stale {
            watcher.show(&mut screen.0)?;
        }
        match keys.recv_timeout(TICK) {
            Ok(event) => {
                if watcher.heed(&event?) {
                    break;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        watcher.look()?;
    }
    Ok(Verdict::Done)
}

/// The terminal's events, read by a thread of its own: a read from a closed terminal may never
/// return.
pub(super) fn keys_pressed() -> Receiver<std::io::Result<Event>> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let event = event::read();
            let is_last = event.is_err();
            if tell.send(event).is_err() || is_last {
                break;
            }
        }
    });
    told
}

/// The terminal, given back whatever happens; a panic gives it back before it is told.
pub(super) struct Screen(pub(super) DefaultTerminal);

impl Screen {
    pub(super) fn take() -> std::io::Result<Screen> {
        ratatui::try_init().map(Screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

struct Watcher {
    watched: Watched,
    view: View,
    /// How many steps a page has.
    page: usize,
    /// Whether the screen shows less than is known.
    is_stale: bool,
}

impl Watcher {
    fn of(watched: Watched) -> Watcher {
        Watcher { watched, view: View::default(), page: 1, is_stale: true }
    }

    /// Looks at the records.
    fn look(&mut self) -> Result<(), ChamberError> {
        let seen = self.watched.look()?;
        self.is_stale |= seen != Seen::Nothing;
        if seen == Seen::Gone {
            self.view = View::default();
        }
        Ok(())
    }

    fn show(&mut self, terminal: &mut DefaultTerminal) -> std::io::Result<()> {
        let live = self.watched.live();
        let title = live.map_or_else(|| self.watched.awaited(), |_| self.watched.title());
        let step = live.filter(|_| self.view.is_paused()).and_then(|live| self.view.step(live));
        let row = step.and_then(|kept| row_at(&kept.told.record.place));
        let view = &mut self.view;
        let drawn = terminal.draw(|frame| draw(frame, &title, live, view, row.as_deref()))?;
        self.page = screen::page(drawn.area.height);
        self.is_stale = false;
        Ok(())
    }

    /// Heeds a key; true if nothing more is to be looked at.
    fn heed(&mut self, event: &Event) -> bool {
        self.is_stale |= matches!(event, Event::Resize(..));
        let key = event.as_key_press_event();
        let act = key.and_then(|key| keys::act(key, self.page));
        if let (Some(act), Some(live)) = (act, self.watched.live()) {
            self.view.act(act, live);
            self.is_stale = true;
        }
        act == Some(Act::Quit)
    }
}

/// The row that stands at `file:line`.
fn row_at(place: &str) -> Option<String> {
    let (file, line) = place.rsplit_once(':')?;
    line_of(Path::new(file), line.parse().ok()?)
}
