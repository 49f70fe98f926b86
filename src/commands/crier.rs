//! Prints a sitting in a thread of its own, so that no priest waits for a slow reader. `[ours]`

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};

use super::page::{Page, aside};

/// How many bytes of lines wait to be read; of more, the oldest are dropped.
const MOST: usize = 4 << 20;

/// Where a line goes.
enum Line {
    Out(String),
    Aside(String),
}

impl Line {
    fn bytes(&self) -> usize {
        let (Line::Out(text) | Line::Aside(text)) = self;
        text.len() + size_of::<Line>()
    }
}

/// Lines that wait to be read.
#[derive(Default)]
struct Waiting {
    lines: VecDeque<Line>,
    bytes: usize,
    dropped: u64,
    is_over: bool,
}

/// Writes lines in a thread of his own, in order. Where nobody reads them the oldest are dropped,
/// and it is told how many.
pub struct Crier {
    desk: Arc<(Mutex<Waiting>, Condvar)>,
    thread: JoinHandle<()>,
}

fn open(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Crier {
    /// Begins to write on this page, and beside it on standard error.
    ///
    /// # Errors
    /// When the system has no thread to spare.
    pub fn begin(page: Page) -> io::Result<Crier> {
        let desk = Arc::<(Mutex<Waiting>, Condvar)>::default();
        let his = Arc::clone(&desk);
        let thread = Builder::new().name("crier".into()).spawn(move || cry(&his, page))?;
        Ok(Crier { desk, thread })
    }

    /// Tells a line on the page.
    pub fn tell(&self, line: &str) {
        self.take(Line::Out(line.to_owned()));
    }

    /// Tells a line on standard error.
    pub fn aside(&self, line: String) {
        self.take(Line::Aside(line));
    }

    fn take(&self, line: Line) {
        let (waiting, bell) = &*self.desk;
        let mut waiting = open(waiting);
        waiting.bytes += line.bytes();
        waiting.lines.push_back(line);
        while waiting.bytes > MOST && waiting.lines.len() > 1 {
            let oldest = waiting.lines.pop_front().map_or(0, |line| line.bytes());
            waiting.bytes -= oldest;
            waiting.dropped += 1;
        }
        bell.notify_one();
    }

    /// Waits until all is written.
    pub fn end(self) {
        let (waiting, bell) = &*self.desk;
        open(waiting).is_over = true;
        bell.notify_one();
        // Errors of this thread were printed already, or cannot be printed.
        let _ = self.thread.join();
    }
}

fn cry((waiting, bell): &(Mutex<Waiting>, Condvar), mut page: Page) {
    loop {
        let mut desk = open(waiting);
        while desk.lines.is_empty() && !desk.is_over {
            desk = bell.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        let dropped = std::mem::take(&mut desk.dropped);
        let Some(line) = desk.lines.pop_front() else { return };
        desk.bytes -= line.bytes();
        drop(desk);
        if dropped > 0 {
            let lines = if dropped == 1 { "line was" } else { "lines were" };
            aside!("parliament: {dropped} {lines} not told, since nobody read them in time");
        }
        match line {
            Line::Out(line) => page.tell(&line),
            Line::Aside(line) => aside!("{line}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A reader who reads nothing before he is told to.
    struct Reader {
        begins: Option<Receiver<()>>,
        read: Sender<Vec<u8>>,
    }

    impl io::Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(begins) = self.begins.take() {
                begins.recv().unwrap();
            }
            self.read.send(bytes.to_vec()).unwrap();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_nobody_reads_takes_bounded_memory_and_keeps_nobody() {
        let ((begin, begins), (read, text)) = (channel(), channel());
        let page = Page::on(Box::new(Reader { begins: Some(begins), read }));
        let crier = Crier::begin(page).unwrap();
        for n in 0..200_000u32 {
            crier.tell(&format!("{n:100}"));
        }
        let (waits, dropped) = {
            let waiting = open(&crier.desk.0);
            assert!(waiting.bytes <= MOST, "{}", waiting.bytes);
            (waiting.lines.len() as u64, waiting.dropped)
        };
        assert!(dropped > 0 && (dropped + waits == 200_000 || dropped + waits == 199_999));
        begin.send(()).unwrap();
        crier.end();
        let text: Vec<u8> = text.try_iter().flatten().collect();
        assert!(String::from_utf8(text).unwrap().ends_with(" 199999\n"), "the newest is told");
    }
}
