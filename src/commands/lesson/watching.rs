//! A lesson watched: checked again at each save, until its student has had enough.

use std::io::{BufRead, IsTerminal};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::chamber::papers;
use crate::lessons::ALL;
use crate::lessons::lesson::Lesson;
use crate::lessons::setting::set;
use crate::lessons::shelf::{Shelf, ShelfError};
use crate::words::shown;

use super::super::page::Page;
use super::super::{Failure, Verdict};
use super::told::{self, Manner};

/// How long nobody looks at the folder.
const TICK: Duration = Duration::from_millis(200);

/// The keys, each typed with Enter.
const KEYS: &str = "Type a letter and Enter: n next, h hint, l list, x reset, p picture, q quit.";

/// A lesson being watched.
struct Watched {
    shelf: Shelf,
    lesson: &'static Lesson,
    manner: Manner,
    page: Page,
    /// The folder as it was checked last, and as it was seen last.
    checked: Option<u64>,
    seen: u64,
    /// The text told last.
    told: String,
    /// Whether a reset was asked for, and waits for a yes.
    resets: bool,
    takes_keys: bool,
}

/// Watches a lesson until Ctrl-C, or q.
///
/// # Errors
/// When the lessons cannot be read or written.
pub fn watch(
    shelf: Shelf,
    lesson: &'static Lesson,
    manner: Manner,
    is_first: bool,
) -> Result<Verdict, Failure> {
    let interrupted = super::super::ending::catch_interrupts()?;
    let takes_keys = std::io::stdin().is_terminal();
    let typed = if takes_keys { lines_typed() } else { mpsc::channel().1 };
    let (page, told) = (Page::open(), String::new());
    let mut watched = Watched {
        shelf,
        lesson,
        manner,
        page,
        checked: None,
        seen: 0,
        told,
        resets: false,
        takes_keys,
    };
    watched.begin(is_first)?;
    while !interrupted.load(Ordering::Relaxed) && !watched.page.is_closed() {
        watched.look()?;
        match typed.recv_timeout(TICK) {
            Ok(line) if !watched.heed(line.trim())? => break,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            // Nothing more is typed; saves are seen all the same.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(TICK),
        }
    }
    Ok(Verdict::Done)
}

/// The lines that are typed, heard by a thread of its own: reading may wait without end.
fn lines_typed() -> Receiver<String> {
    let (tell, typed) = mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if !line.is_ok_and(|line| tell.send(line).is_ok()) {
                break;
            }
        }
    });
    typed
}

impl Watched {
    /// Tells the scene, and what to do.
    fn begin(&mut self, is_first: bool) -> Result<(), Failure> {
        let scene = self.manner.scene(&self.shelf, self.lesson, is_first);
        self.page.line(&scene)?;
        (self.checked, self.told) = (None, String::new());
        self.seen = papers::stamp(&self.shelf.folder(self.lesson));
        Ok(())
    }

    /// Checks again when something was saved, and nothing is being written at this moment.
    fn look(&mut self) -> Result<(), Failure> {
        let stamp = papers::stamp(&self.shelf.folder(self.lesson));
        let is_still = std::mem::replace(&mut self.seen, stamp) == stamp;
        if !is_still || self.checked == Some(stamp) {
            return Ok(());
        }
        self.checked = Some(stamp);
        let verdict = self.shelf.check(self.lesson)?;
        let told = self.manner.verdict(&self.shelf, self.lesson, &verdict);
        if told == self.told {
            return Ok(());
        }
        if !self.manner.plain {
            self.page.line("")?;
        }
        self.page.line(&told)?;
        if self.takes_keys && !self.manner.plain {
            self.page.line(&format!("\n{KEYS}"))?;
        }
        self.told = told;
        Ok(())
    }

    /// Does what was typed; false if it was enough.
    fn heed(&mut self, typed: &str) -> Result<bool, Failure> {
        if std::mem::take(&mut self.resets) {
            if typed.eq_ignore_ascii_case("yes") || typed.eq_ignore_ascii_case("y") {
                match self.shelf.reset(self.lesson) {
                    Err(error @ ShelfError::Inside { .. }) => {
                        self.page.line(&set(&error.to_string(), self.manner.width))?;
                    }
                    reset => {
                        self.page.line(&self.manner.reset(&self.shelf, self.lesson, &reset?))?;
                        self.begin(false)?;
                    }
                }
            } else {
                self.page.line("Nothing is changed.")?;
            }
            return Ok(true);
        }
        match typed {
            "q" => return Ok(false),
            "h" => {
                let hint = self.manner.hint(&mut self.shelf, self.lesson)?;
                self.page.line(&hint)?;
            }
            "l" => self.page.line(&told::list(&self.shelf))?,
            "p" => {
                let picture = self.shelf.cast.fill(self.lesson.after.picture);
                let folder = self.shelf.folder(self.lesson);
                self.page.line(&format!("In {}, run: {picture}", folder.display()))?;
            }
            "x" => {
                self.page.line(
                    "Begin this lesson again? Its files are kept beside it. Type yes or no.",
                )?;
                self.resets = true;
            }
            "n" => self.go_on()?,
            "" => {}
            other => {
                let other = shown(other);
                let told = format!("Not understood: {other}. Commands run in another terminal.");
                self.page.line(&format!("{told}\n{KEYS}"))?;
            }
        }
        Ok(true)
    }

    fn go_on(&mut self) -> Result<(), Failure> {
        if !self.shelf.progress.is_solved(self.lesson.number) {
            let n = self.lesson.number;
            self.page.line(&format!("Lesson {n} is not solved yet; it stays the next one."))?;
        }
        let following = ALL.iter().find(|lesson| lesson.number > self.lesson.number);
        match following {
            Some(lesson) => {
                self.lesson = lesson;
                self.begin(false)
            }
            None => Ok(self.page.line("This is the last lesson.")?),
        }
    }
}
