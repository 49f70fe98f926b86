//! Standard output: results go here; a reader who has closed the pipe has seen enough.

use std::io::{ErrorKind, IsTerminal, Write};

/// The page that results are written on.
pub struct Page {
    out: anstream::AutoStream<std::io::Stdout>,
    closed: bool,
}

impl Page {
    /// Standard output, in colour only on a terminal and under the rules of NO_COLOR.
    #[must_use]
    pub fn open() -> Page {
        Page { out: anstream::stdout(), closed: false }
    }

    /// Writes a line. After the reader has closed the pipe nothing more is written.
    ///
    /// # Errors
    /// When standard output fails in any other way.
    pub fn line(&mut self, text: &str) -> std::io::Result<()> {
        self.write(text.as_bytes()).and_then(|()| self.write(b"\n"))
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// As [`Page::line`].
    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            done => done,
        }
    }

    /// Whether a person is reading at a terminal.
    #[must_use]
    pub fn is_terminal() -> bool {
        std::io::stdout().is_terminal()
    }
}

/// Dims the section at the end of a line of the story, where colours are wanted.
#[must_use]
pub fn dim_section(line: &str) -> String {
    let dim = anstyle::Style::new().dimmed();
    match line.rsplit_once("  PTP §") {
        Some((told, section)) => format!("{told}  {dim}PTP §{section}{dim:#}"),
        None => line.to_owned(),
    }
}
