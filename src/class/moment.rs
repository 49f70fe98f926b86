//! A moment of the scene: the class's own, or that of a phone.

use serde_json::Value;

use super::asked::Asked;
use super::sight;
use crate::playground::session::Session;
use crate::scene::{Script, Tree};

/// A moment of the scene that the class looks at.
pub(crate) struct Moment {
    pub(super) session: Session,
    /// The scene as a phone shows it.
    pub(super) sight: Value,
}

impl Moment {
    /// The last moment of a script.
    ///
    /// # Errors
    /// Where the script does not read or play on.
    pub(crate) fn of(script: &str) -> Result<Moment, String> {
        let tree = Script::read(script)
            .and_then(|script| Tree::of(&script))
            .map_err(|why| format!("line {}, column {}: {}", why.line, why.column, why.what))?;
        let session = Session::of(tree, None);
        let sight = sight::followed(&session);
        Ok(Moment { session, sight })
    }

    /// The question that the scene asks before this move.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn question(&self, short: &str) -> Result<Asked, String> {
        Asked::of_move(&self.session, short)
    }

    /// The sight of a phone that plays on its own, and what it may do there.
    pub(crate) fn into_sight(self) -> Value {
        let mut told = self.sight;
        told["offers"] = sight::offered(&self.session);
        told
    }
}
