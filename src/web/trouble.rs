//! Why a request gets no answer.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request gets no answer.
#[derive(Debug)]
pub(super) struct Trouble(StatusCode, String);

impl Trouble {
    pub(super) fn of(status: StatusCode, why: impl Into<String>) -> Trouble {
        Trouble(status, why.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        (self.0, self.1 + "\n").into_response()
    }
}
