//! Where a run that was found is written down: a chamber, a trace, a drawing.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::chamber::Chamber;
use crate::explore::story::Story;

use super::Failure;

/// How long a Paxon minute lasts in a kept chamber: as elsewhere unless told.
const MINUTE: Duration = Duration::from_millis(20);

/// Where to write a run down.
#[derive(Args)]
pub struct Keeping {
    /// Keep the run as a chamber in this directory, to be opened by hand and audited.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Write the run into this file as a trace, which `parliament chronicle --trace` draws.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Draw the run into this file, as `parliament chronicle` does: `.html`, `.svg`, `.txt`.
    #[cfg(feature = "chronicle")]
    #[arg(long, value_name = "FILE")]
    chronicle: Option<PathBuf>,
}

impl Keeping {
    /// Whether anything is to be written.
    fn is_wished(&self) -> bool {
        #[cfg(feature = "chronicle")]
        let drawn = self.chronicle.is_some();
        #[cfg(not(feature = "chronicle"))]
        let drawn = false;
        drawn || self.keep.is_some() || self.trace.is_some()
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
        if let Some(path) = &self.trace {
            let name = path.display();
            let file = File::create(path).map_err(|error| format!("{name}: {error}"))?;
            story.write_trace(BufWriter::new(file))?;
            told.push(format!("Traced in {name}. Next: parliament chronicle --trace {name}"));
        }
        #[cfg(feature = "chronicle")]
        if let Some(path) = &self.chronicle {
            draw(story, path, again)?;
            told.push(format!("Drawn in {}.", path.display()));
        }
        Ok(told)
    }
}

#[cfg(feature = "chronicle")]
fn draw(story: &Story, path: &std::path::Path, again: &str) -> Result<(), Failure> {
    use super::chronicle::{Ran, draw_into};
    let mut trace = Vec::new();
    story.write_trace(&mut trace)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let again = format!("{again} --chronicle {}", path.display());
    draw_into(Ran::Told(&trace, &name, &again), path)
}
