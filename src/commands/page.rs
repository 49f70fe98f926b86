//! Standard output: results go here; a reader who has closed the pipe has seen enough.

use std::io::{ErrorKind, Write};

/// Writes a line on standard error. If nobody can be told there, there is nobody to tell that to.
macro_rules! aside {
    ($($said:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(anstream::stderr(), $($said)*);
    }};
}
pub(crate) use aside;

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

    /// Whether the reader has closed the pipe.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
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

/// Draws a table, as wide as the terminal at most.
#[must_use]
pub fn table(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    let rule = comfy_table::LineStyle::none().fill('─').junction('─');
    table.load_style(comfy_table::TableStyle::new().header_separator(rule));
    table.set_header(header);
    table.add_rows(rows);
    let drawn = table.to_string();
    drawn.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
