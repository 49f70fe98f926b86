//! The way to a moment in other forms than a script: a trace, a chronicle.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::played::Played;
use super::trouble::Trouble;
use crate::kept::Run;

fn failed(why: impl std::fmt::Display) -> Trouble {
    Trouble::of(StatusCode::UNPROCESSABLE_ENTITY, format!("This cannot be saved so: {why}."))
}

fn run(played: &Played) -> Result<Run, Trouble> {
    if played.is_secret() {
        return Err(failed("what the priests hold is not told yet"));
    }
    Ok(Run::from(&played.tree))
}

/// The trace of the way here.
pub(super) fn trace(played: &Played) -> Result<Response, Trouble> {
    let trace = run(played)?.trace().map_err(failed)?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], trace).into_response())
}

/// The way here, drawn as a page of its own.
#[cfg(feature = "chronicle")]
pub(super) fn chronicle(played: &Played) -> Result<Response, Trouble> {
    let told = run(played)?.chronicle("scene").map_err(failed)?;
    let page = crate::picture::html::draw(&told, None).map_err(failed)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], page).into_response())
}

/// Why it is not drawn.
#[cfg(not(feature = "chronicle"))]
pub(super) fn chronicle(_: &Played) -> Result<Response, Trouble> {
    Err(failed("this program was built without chronicles"))
}
