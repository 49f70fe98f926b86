//! Beginnings of a priest, in several languages: the voter's half, its guards left out.

/// A file of a beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(super) enum Starter {
    /// `novice.py`; with --level parliament, `legislator.py`
    Python,
    /// `novice.js`
    Javascript,
    /// `novice.go`
    Go,
    /// `Novice.java`
    Java,
    /// `Json.java`, which it needs
    JavaJson,
    /// `src/main.rs`
    Rust,
    /// `Cargo.toml`, which it needs
    RustCargo,
    /// A voter in Python, whole, who works on the files of a chamber himself: see --in
    Files,
}

impl Starter {
    /// The file for a legislator.
    ///
    /// # Errors
    /// When there is none in this language.
    pub(super) fn of_legislator(self) -> Result<&'static str, String> {
        match self {
            Starter::Python => Ok(include_str!("../../../starters/python/legislator.py")),
            _ => Err("for --level parliament there is a beginning in Python alone: --starter \
                      python; docs/novice.md tells all that is needed for another language"
                .into()),
        }
    }

    /// The file for a priest of the Synod.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Starter::Python => include_str!("../../../starters/python/novice.py"),
            Starter::Javascript => include_str!("../../../starters/javascript/novice.js"),
            Starter::Go => include_str!("../../../starters/go/novice.go"),
            Starter::Java => include_str!("../../../starters/java/Novice.java"),
            Starter::JavaJson => include_str!("../../../starters/java/Json.java"),
            Starter::Rust => include_str!("../../../starters/rust/src/main.rs"),
            Starter::RustCargo => include_str!("../../../starters/rust/Cargo.toml.txt"),
            Starter::Files => include_str!("../../../starters/files/novice.py"),
        }
    }
}
