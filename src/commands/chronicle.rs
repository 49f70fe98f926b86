//! `parliament chronicle`: what happened, drawn: every message, every ledger, and why.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::chamber::{Chamber, Come, lines_of, read_ledger};
use crate::picture::derive::Retelling;
use crate::picture::long::{self, Asked};
use crate::picture::{Chronicle as Picture, Judged, html, svg, text};
use crate::words::{Entry, Heading, Name};

use super::arguments;
use super::ledgers::NoLedgers;
use super::output::{Force, Kind, Output, TEXT_MARK};
use super::page::Page;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament synod --trace run.csv \"Painting on temple walls is forbidden\"
  parliament chronicle
  parliament chronicle --html chronicle.html --open
  parliament chronicle --trace run.csv --svg run.svg
  parliament chronicle --trace run.csv --from 12 --to 40
  parliament simulate --seed 7 --trace other.csv
  parliament chronicle --trace run.csv --beside other.csv --html both.html";

/// Draw what happened: every message and its fate, every ledger, B, and why.
///
/// Without `--svg` or `--html` it is drawn as text. It is drawn from records alone: the ledgers and
/// messagebooks of the chamber, which do not know of letters lost, or a trace, which does.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Chronicle {
    /// Draw this trace instead of the chamber.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Draw as text, 80 columns wide.
    #[arg(long, conflicts_with_all = ["svg", "html"])]
    text: bool,
    /// Draw as one SVG sheet into this file; `-` is standard output.
    #[arg(long, value_name = "FILE", conflicts_with = "html")]
    svg: Option<PathBuf>,
    /// Draw as one HTML file, to step through; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// A second trace to stand beside the first, with their first difference lit.
    #[arg(long, value_name = "FILE", requires = "trace", requires = "html")]
    beside: Option<PathBuf>,
    /// Draw the letters too that go on beside the story: who is here, who lacks a decree.
    #[arg(long, requires = "svg")]
    talk: bool,
    /// Tell the run from this step on: without `--to`, 2,000 steps.
    #[arg(long, value_name = "STEP", value_parser = clap::value_parser!(u64).range(1..))]
    from: Option<u64>,
    /// Tell the run up to this step: without `--from`, 2,000 steps. A run of more than 3,000 steps
    /// is told at a glance, with those around the first deed accused, or the first ones.
    #[arg(long, value_name = "STEP", value_parser = clap::value_parser!(u64).range(1..))]
    to: Option<u64>,
    /// Open the drawing when it is drawn.
    #[arg(long)]
    open: bool,
    /// How long a Paxon minute lasted in the chamber.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    minute: Duration,
    #[command(flatten)]
    force: Force,
}

impl Chronicle {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When the records cannot be read, or the drawing cannot be written.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let file = self.svg.as_ref().or(self.html.as_ref());
        let output = file.map(|file| Output::of(file, Kind::Drawing, self.force));
        if let Some(output) = &output {
            output.check()?;
        }
        let asked = (self.from, self.to);
        if let (Some(from), Some(to)) = asked
            && from > to
        {
            return Err(NoWindow { from, to }.into());
        }
        let picture = match &self.trace {
            Some(trace) => of_trace(trace, asked)?,
            None => of_chamber(chamber, self.minute, asked)?,
        };
        let Some(output) = output else {
            Page::open().text(&text::draw(&picture))?;
            return Ok(Verdict::Done);
        };
        let drawn = if self.svg.is_some() {
            svg::draw(&picture, self.talk)?
        } else {
            let beside = self.beside.as_deref().map(|it| of_trace(it, asked)).transpose()?;
            html::draw(&picture, beside.as_ref())?
        };
        output.write(drawn.as_bytes())?;
        let file = output.path();
        let told = format!("{}: {}", file.display(), picture.summary());
        Page::beside([file]).line(&told)?;
        if self.open && !output.is_stdout() {
            open(file)?;
        }
        Ok(Verdict::Done)
    }
}

/// A run that a command has just made, to be drawn.
pub enum Ran<'a> {
    /// And this trace was written of it.
    Traced(&'a Path),
    /// The trace itself, its name, and the command that writes it again.
    Told(&'a [u8], &'a str, &'a str),
}

/// Draws what was run into a file: SVG if its name says so, text if it ends in `.txt`, and HTML
/// otherwise.
///
/// # Errors
/// When the records cannot be read, or the drawing cannot be written.
pub fn draw_into(ran: Ran<'_>, output: &Output) -> Result<(), Failure> {
    let picture = match ran {
        Ran::Traced(trace) => of_trace(trace, (None, None))?,
        Ran::Told(trace, name, command) => {
            long::of_trace(trace, Path::new(name), name, (None, None))?.replayed_by(command)
        }
    };
    draw_picture(&picture, output)
}

/// Draws a chronicle into a file, in the form that its name says.
///
/// # Errors
/// When the drawing cannot be written.
pub fn draw_picture(picture: &Picture, output: &Output) -> Result<(), Failure> {
    let drawn = match output.path().extension().and_then(|ending| ending.to_str()) {
        Some("svg") => svg::draw(picture, false)?,
        Some("txt") => format!("{TEXT_MARK}\n{}", text::draw(picture)),
        _ => html::draw(picture, None)?,
    };
    Ok(output.write(drawn.as_bytes())?)
}

/// No step lies in a window.
#[derive(Debug, thiserror::Error)]
#[error(
    "--from {from} comes after --to {to}: no step lies between them; give the smaller one first"
)]
struct NoWindow {
    from: u64,
    to: u64,
}

fn of_trace(trace: &Path, asked: Asked) -> Result<Picture, Failure> {
    let bytes = super::input::bytes_of(trace)?;
    let command = format!("parliament chronicle --trace {}", trace.display());
    let picture = long::of_trace(&bytes, trace, &trace.display().to_string(), asked)?;
    Ok(picture.replayed_by(&with_window(&command, asked)))
}

/// The command that tells the same steps again.
fn with_window(command: &str, (from, to): Asked) -> String {
    let option = |name: &str, step: Option<u64>| {
        step.map(|step| format!(" --{name} {step}")).unwrap_or_default()
    };
    format!("{command}{}{}", option("from", from), option("to", to))
}

fn of_chamber(chamber: &Chamber, minute: Duration, asked: Asked) -> Result<Picture, Failure> {
    let names = chamber.names()?;
    let founding = chamber.founding()?;
    let founding = founding.ok_or_else(|| NoLedgers(chamber.ledgers().display().to_string()))?;
    let (mut ledgers, mut messagebooks) = (Vec::new(), Vec::new());
    let mut lines: HashMap<Arc<PathBuf>, Vec<String>> = HashMap::new();
    for name in names {
        let mut rows = Vec::new();
        for (i, path) in chamber.ledgers_of(name).into_iter().enumerate() {
            // A law book begins with what it copied from the ledger before it.
            let mut is_copy = i > 0;
            let in_file = |error| format!("{}: {error}", path.display());
            for row in read_ledger(&path).map_err(in_file)? {
                let row = row.map_err(in_file)??;
                let heading = match &row.entry {
                    Entry::Book(it) => Some(it.heading),
                    _ => None,
                };
                let is_edge = matches!(heading, Some(Heading::LawBook | Heading::Bound));
                if is_edge || !is_copy {
                    rows.push(row);
                }
                is_copy &= heading != Some(Heading::Bound);
            }
            lines.insert(Arc::new(path.clone()), lines_of(&path).map_err(in_file)?);
        }
        ledgers.push((name, rows));
    }
    // Letters to those who live on other machines lie here until they are carried.
    let here: Vec<Name> = ledgers.iter().map(|(name, _)| *name).collect();
    for name in here.into_iter().chain(chamber.outboxes()?) {
        let mut letters = Vec::new();
        for volume in chamber.volumes_of(name)? {
            lines.insert(Arc::clone(&volume.path), lines_of(&volume.path)?);
            for row in volume.rows()? {
                // A row that does not parse is a letter lost.
                letters.extend(row?.ok());
            }
        }
        messagebooks.push(letters);
    }
    let text_of = |place: &crate::records::Place| {
        let line = usize::try_from(place.line).ok().and_then(|line| line.checked_sub(1));
        let file = lines.get(&place.file);
        file.zip(line).and_then(|(file, line)| file.get(line)).cloned().unwrap_or_default()
    };
    let mut retelling = Retelling::new(&founding, minute, &text_of);
    retelling.hear(Come { ledgers, messagebooks });
    let records = retelling.tell_to_the_end();
    let root = chamber.root().display();
    // Judged after it was read, so that nothing is drawn that was not judged.
    let judged = Judged::of(&chamber.audit()?);
    let of = records.last().map_or(0, |record| record.event.seq);
    let picture: Picture = long::of_run::<Failure, Failure>(
        &format!("chamber {root}"),
        judged,
        asked,
        of,
        &mut |tell| {
            records.iter().for_each(tell);
            Ok(())
        },
    )?;
    let command = format!("parliament chronicle --chamber {root}");
    Ok(picture.replayed_by(&with_window(&command, asked)))
}

/// Hands a file to whatever opens such files here.
fn open(file: &Path) -> Result<(), Failure> {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let opened = std::process::Command::new(opener).arg(file).status();
    opened.map(|_| ()).map_err(|error| {
        format!("cannot open {} with {opener}: {error}; open it in a browser", file.display())
            .into()
    })
}
