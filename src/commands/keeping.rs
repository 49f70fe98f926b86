//! Where a run that was found is written down: a chamber, a trace, a drawing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::chamber::Chamber;
use crate::explore::story::Story;

use super::Failure;
use super::output::{Force, Kind, Output, may_keep_in};

/// How long a Paxon minute lasts in a kept chamber: as elsewhere unless told.
const MINUTE: Duration = Duration::from_millis(20);

/// Where to write a run down.
#[derive(Args)]
pub struct Keeping {
    /// Keep the run as a chamber in this directory, to be opened by hand and audited.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write the run into this file as a trace, which `parliament chronicle --trace` draws; `-` is
    /// standard output.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Draw the run into this file, as `parliament chronicle` does: `.html`, `.svg`, `.txt`.
    #[cfg(feature = "chronicle")]
    #[arg(long, value_name = "FILE")]
    chronicle: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

impl Keeping {
    fn traced(&self) -> Option<Output> {
        self.trace.as_ref().map(|file| Output::of(file, Kind::Trace, self.force))
    }

    fn drawn(&self) -> Option<Output> {
        #[cfg(feature = "chronicle")]
        let file = self.chronicle.as_ref();
        #[cfg(not(feature = "chronicle"))]
        let file: Option<&PathBuf> = None;
        file.map(|file| Output::of(file, Kind::Drawing, self.force))
    }

    /// The files that are to be written.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        #[cfg(feature = "chronicle")]
        let drawn = self.chronicle.as_deref();
        #[cfg(not(feature = "chronicle"))]
        let drawn = None;
        self.trace.as_deref().into_iter().chain(drawn)
    }

    /// A file of this kind beside those; it is written over under the same rule.
    pub fn output(&self, path: &Path, kind: Kind) -> Output {
        Output::of(path, kind, self.force)
    }

    /// The directory in which a chamber is to be kept.
    pub fn directory(&self) -> Option<&Path> {
        self.keep.as_deref()
    }

    /// Whether anything is to be written.
    fn is_wished(&self) -> bool {
        self.keep.is_some() || self.files().next().is_some()
    }

    /// Whether everything that is wished for may be written, before a run is looked for.
    ///
    /// # Errors
    /// When something stands in its way.
    pub fn check(&self) -> Result<(), Failure> {
        for output in [self.traced(), self.drawn()].into_iter().flatten() {
            output.check()?;
        }
        Ok(self.keep.as_deref().map_or(Ok(()), may_keep_in)?)
    }

    /// Writes the run down, if there is one, and says where, a line each; this command finds it
    /// again.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn write(
        &self,
        story: Option<&Story>,
        #[cfg_attr(not(feature = "chronicle"), expect(unused_variables))] again: &str,
    ) -> Result<Vec<String>, Failure> {
        let Some(story) = story else {
            let nothing = "No rule is broken, so there is no run to keep.".to_owned();
            return Ok(self.is_wished().then_some(nothing).into_iter().collect());
        };
        let mut told = Vec::new();
        if let Some(root) = &self.keep {
            story.keep(&Chamber::at(root), MINUTE)?;
            let root = root.display();
            told.push(format!("Kept in {root}. Next: parliament audit --chamber {root}"));
        }
        if let Some(output) = self.traced() {
            let name = output.path().display();
            story.write_trace(output.create()?)?;
            told.push(format!("Traced in {name}. Next: parliament chronicle --trace {name}"));
        }
        #[cfg(feature = "chronicle")]
        if let Some(output) = self.drawn() {
            draw(story, &output, again)?;
            told.push(format!("Drawn in {}.", output.path().display()));
        }
        Ok(told)
    }
}

#[cfg(feature = "chronicle")]
fn draw(story: &Story, output: &Output, again: &str) -> Result<(), Failure> {
    use super::chronicle::{Ran, draw_into};
    let mut trace = Vec::new();
    story.write_trace(&mut trace)?;
    let path = output.path();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let again = format!("{again} --chronicle {}", path.display());
    draw_into(Ran::Told(&trace, &name, &again), output)
}
