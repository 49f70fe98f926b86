//! Standard output: results go here; a reader who has closed the pipe has seen enough.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::picture::cells::{broken, width};
use crate::words::shown;

/// Writes a line on standard error. Errors on standard error are ignored.
macro_rules! aside {
    ($($said:tt)*) => {{
        use std::io::Write as _;
        let said = format!($($said)*);
        let _ = writeln!(anstream::stderr(), "{}", crate::commands::page::seen(&said));
    }};
}
pub(crate) use aside;

/// The page that results are written on.
pub struct Page {
    out: Box<dyn Write + Send>,
    closed: bool,
    /// Whether it was said that something could not be told.
    is_mute: bool,
}

impl Page {
    /// Standard output, in colour only on a terminal and under the rules of NO_COLOR.
    #[must_use]
    pub fn open() -> Page {
        Page { out: Box::new(anstream::stdout()), closed: false, is_mute: false }
    }

    /// A page that is written elsewhere.
    #[cfg(test)]
    pub fn on(out: Box<dyn Write + Send>) -> Page {
        Page { out, closed: false, is_mute: false }
    }

    /// Standard output, on which bytes stay as they are.
    #[must_use]
    pub fn of_bytes() -> Page {
        Page { out: Box::new(std::io::stdout()), closed: false, is_mute: false }
    }

    /// Where a command tells its story: standard output, unless a file that it writes goes there;
    /// then standard error.
    #[must_use]
    pub fn beside<'a>(outputs: impl IntoIterator<Item = &'a Path>) -> Page {
        if outputs.into_iter().any(is_stdout) {
            return Page { out: Box::new(anstream::stderr()), closed: false, is_mute: false };
        }
        Page::open()
    }

    /// Writes a line, as a person is shown it; JSON says the same so. After the reader has closed
    /// the pipe nothing more is written.
    ///
    /// # Errors
    /// When standard output fails in any other way.
    pub fn line(&mut self, text: &str) -> std::io::Result<()> {
        self.text(text).and_then(|()| self.write(b"\n"))
    }

    /// Writes a text of several lines, as a person is shown it.
    ///
    /// # Errors
    /// As [`Page::line`].
    pub fn text(&mut self, text: &str) -> std::io::Result<()> {
        self.write(seen(text).as_bytes())
    }

    /// Prints a line. If it cannot be written, this is said once on standard error, and the work
    /// goes on.
    pub fn tell(&mut self, text: &str) {
        if let Err(error) = self.line(text)
            && !std::mem::replace(&mut self.is_mute, true)
        {
            aside!("parliament: standard output cannot be written; the work goes on: {error}");
        }
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

/// A text as a person is shown it, in the colours that this program gave it.
#[must_use]
pub fn seen(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return shown(text);
    }
    let mut seen = String::new();
    for (i, piece) in text.split('\u{1b}').enumerate() {
        let colour = piece.strip_prefix('[').and_then(|rest| rest.split_once('m'));
        let is_one = |codes: &str| codes.bytes().all(|b| b.is_ascii_digit() || b == b';');
        match colour.filter(|(codes, _)| i > 0 && is_one(codes)) {
            Some((codes, rest)) => {
                seen.push_str("\u{1b}[");
                seen.push_str(codes);
                seen.push('m');
                seen.push_str(&shown(rest));
            }
            None => {
                seen.push_str(if i > 0 { "\\u001b" } else { "" });
                seen.push_str(&shown(piece));
            }
        }
    }
    Cow::Owned(seen)
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Page::write(self, bytes).map(|()| bytes.len())
    }

    /// It keeps nothing back.
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A bar on standard error that shows how many decrees are passed; hidden where that is no
/// terminal.
#[must_use]
pub fn progress(decrees: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} passed, {per_sec}");
    ProgressBar::new(decrees as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A line of the story: on a terminal it goes on below its text where it is longer than the
/// terminal is wide; elsewhere it is one line. Where colours are wanted, its section is dim.
#[must_use]
pub fn story_line(line: &str) -> String {
    let is_terminal = std::io::stdout().is_terminal();
    dim_section(&if is_terminal { gone_on(line, columns().into()) } else { line.to_owned() })
}

/// The section of a line of the story stands behind this.
const SECTION: &str = "  PTP §";

/// A line of the story in lines of at most `most` columns, which begin where its text does. The
/// section stays in one piece.
fn gone_on(line: &str, most: usize) -> String {
    let margin = line.len() - line.trim_start_matches(' ').len();
    let has_hour = line[margin..].starts_with(|c: char| c.is_ascii_digit());
    let hour = line[margin..].find("  ").filter(|_| has_hour);
    let begins = hour.map_or(margin, |end| margin + end + 2);
    let held = |text: &str| text.replace(' ', "\u{a0}");
    let text = match line[begins..].rsplit_once(SECTION) {
        Some((told, section)) => format!("{told} {}", held(&format!("{SECTION}{section}")[1..])),
        None => line[begins..].to_owned(),
    };
    let below = format!("\n{}", " ".repeat(begins));
    let laid = wrapped_at(&text, begins, most).replace(&format!("{below}\u{a0}"), &below);
    let laid = laid.replace('\u{a0}', " ");
    format!("{}{}", &line[..begins], laid.get(begins..).unwrap_or_default())
}

fn dim_section(line: &str) -> String {
    let dim = anstyle::Style::new().dimmed();
    match line.rsplit_once(&SECTION[1..]) {
        Some((told, section)) => format!("{told} {dim}PTP §{section}{dim:#}"),
        None => line.to_owned(),
    }
}

/// How many columns a line may have where it is not the terminal that says so.
const COLUMNS: u16 = 80;

/// How many columns a line of standard output may have: as many as the terminal has; elsewhere
/// `COLUMNS`, and 80 where that is not set, since a person may read a pipe's end too.
#[must_use]
pub fn columns() -> u16 {
    let out = std::io::stdout();
    let terminal = terminal_size::terminal_size_of(&out).map(|(width, _)| width.0);
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(told).filter(|&columns| columns > 0).unwrap_or(COLUMNS)
}

/// A cell of this width, such as a time, is not wrapped while there is room.
const SHORT: u16 = 15;

/// Draws a table that is as wide as [`columns`] at most, as far as its columns can be narrowed:
/// cells wrap.
#[must_use]
pub fn table(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    let rule = comfy_table::LineStyle::none().fill('─').junction('─');
    table.load_style(comfy_table::TableStyle::new().header_separator(rule));
    table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    table.set_width(columns());
    table.set_header(header);
    let cells = |row: Vec<String>| row.iter().map(|cell| seen(cell).into_owned()).collect();
    table.add_rows(rows.map::<Vec<String>, _>(cells));
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    let widths = table.column_max_content_widths();
    let (short, long): (Vec<u16>, Vec<u16>) = widths.iter().partition(|&&width| width <= SHORT);
    let rest = long.len() * 12;
    // Only long texts wrap, as long as there is room for them.
    if short.iter().map(|&width| usize::from(width) + 2).sum::<usize>() + rest
        <= usize::from(columns())
    {
        for (column, width) in table.column_iter_mut().zip(widths) {
            if width <= SHORT {
                column.set_constraint(comfy_table::ColumnConstraint::ContentWidth);
            }
        }
    }
    let drawn = table.to_string();
    drawn.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// A text in lines of at most [`columns`], each of which begins with `indent` spaces.
#[must_use]
pub fn wrapped(text: &str, indent: usize) -> String {
    wrapped_at(text, indent, columns().into())
}

fn wrapped_at(text: &str, indent: usize, most: usize) -> String {
    use unicode_width::UnicodeWidthStr;
    let margin = " ".repeat(indent);
    let mut lines = vec![margin.clone()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        let is_empty = line.len() == indent;
        if is_empty || line.width() + 1 + word.width() <= most {
            line.push_str(if is_empty { "" } else { " " });
            line.push_str(word);
        } else {
            lines.push(format!("{margin}{word}"));
        }
    }
    lines.join("\n")
}

/// A text whose lines have at most [`columns`], nothing left out: a line that is longer goes on
/// below, further in.
#[must_use]
pub fn narrowed(text: &str) -> String {
    let most = usize::from(columns());
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let (first, next) = (" ".repeat(indent), " ".repeat(indent + 2));
        let pieces = broken(&line[indent..], most.saturating_sub(indent + 2).max(2));
        if width(line) <= most {
            lines.push(line.to_owned());
        } else {
            lines.extend(pieces.iter().enumerate().map(|(index, piece)| {
                let margin = if index == 0 { &first } else { &next };
                format!("{margin}{piece}")
            }));
        }
    }
    lines.join("\n")
}

/// A text as a terminal holds it: there no line is longer than it is wide. Elsewhere it stays as it
/// is, since programs read lines.
#[must_use]
pub fn fitted(text: &str) -> Cow<'_, str> {
    if std::io::stdout().is_terminal() { narrowed(text).into() } else { text.into() }
}

/// Whether this path means standard output.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout"].iter().any(|it| path == Path::new(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_of_the_story_goes_on_below_its_text() {
        let line = "    1.586  Oki begins 1.Oki for “Goats”: {Oki} is a majority  PTP §2.3 (3)";
        assert_eq!(gone_on(line, 80), line);
        let laid = "    1.586  Oki begins 1.Oki for “Goats”:\n           {Oki} is a majority\n           PTP §2.3 (3)";
        assert_eq!(gone_on(line, 40), laid);
        assert_eq!(gone_on("The sum is told", 9), "The sum\nis told");
        assert_eq!(gone_on("He waits in it  PTP §2.4", 12), "He waits in\nit  PTP §2.4");
        for most in 1..90 {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(words(&gone_on(line, most)), words(line));
        }
    }
}
