//! Parts of pages, as they stand in the binary.

use axum::http::header;
use axum::response::{IntoResponse, Response};

pub(super) const ICON: &str = include_str!("page/icon.svg");

/// A part of a page, of this kind.
pub(super) async fn part(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
