//! Where a run that was found is written down: a chamber, a trace, a drawing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::chamber::Chamber;
use crate::kept::Run;
use crate::playground::saved::Saved;

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
    /// To write a run down in this one form, in this place.
    ///
    /// # Errors
    /// When this program draws no chronicles.
    pub fn only(form: Saved, place: PathBuf, force: Force) -> Result<Keeping, Failure> {
        let nothing = Keeping {
            keep: None,
            trace: None,
            #[cfg(feature = "chronicle")]
            chronicle: None,
            force,
        };
        Ok(match form {
            Saved::Chamber => Keeping { keep: Some(place), ..nothing },
            Saved::Trace => Keeping { trace: Some(place), ..nothing },
            #[cfg(feature = "chronicle")]
            Saved::Chronicle => Keeping { chronicle: Some(place), ..nothing },
            #[cfg(not(feature = "chronicle"))]
            Saved::Chronicle => {
                return Err("this program was built without chronicles; save a trace".into());
            }
            Saved::Script => nothing,
        })
    }

    /// Whether files that this program did not write may be written over.
    pub fn force(&self) -> Force {
        self.force
    }

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
    pub fn is_wished(&self) -> bool {
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
    pub fn write(&self, run: Option<&Run>, again: &str) -> Result<Vec<String>, Failure> {
        let Some(run) = run else {
            let nothing = "No rule is broken, so there is no run to keep.".to_owned();
            return Ok(self.is_wished().then_some(nothing).into_iter().collect());
        };
        self.write_run(run, Some(again))
    }

    /// Writes a run down, and says where, a line each; this command makes it again, if one does.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn write_run(
        &self,
        run: &Run,
        #[cfg_attr(not(feature = "chronicle"), expect(unused_variables))] again: Option<&str>,
    ) -> Result<Vec<String>, Failure> {
        let mut told = Vec::new();
        if let Some(root) = &self.keep {
            run.keep(&Chamber::at(root), MINUTE)?;
            let root = root.display();
            told.push(format!("Kept in {root}. Next: parliament audit --chamber {root}"));
        }
        if let Some(output) = self.traced() {
            let name = output.path().display();
            run.write_trace(output.create()?)?;
            told.push(format!("Traced in {name}. Next: parliament chronicle --trace {name}"));
        }
        #[cfg(feature = "chronicle")]
        if let Some(output) = self.drawn() {
            draw(run, &output, again)?;
            told.push(format!("Drawn in {}.", output.path().display()));
        }
        Ok(told)
    }
}

/// Draws a run; beneath it stands the command that draws it again, if there is one.
#[cfg(feature = "chronicle")]
fn draw(run: &Run, output: &Output, again: Option<&str>) -> Result<(), Failure> {
    let path = output.path();
    let picture = run.chronicle(&path.file_stem().unwrap_or_default().to_string_lossy())?;
    let picture = match again {
        Some(again) => picture.replayed_by(&format!("{again} --chronicle {}", path.display())),
        None => picture,
    };
    super::chronicle::draw_picture(&picture, output)
}
