//! What may be asked of the server.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::desk::{Trouble, script};
use super::gate::Refused;
use super::hall::Hall;
use super::parts::{ICON, part};
use super::shown::written_out;
use super::{phones, teacher};
use crate::heresies::{ALL, Heresy};
use crate::scene::{self, Level, Setting};

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str =
    concat!(include_str!("../picture/assets/sheet.css"), include_str!("page/page.css"));
const SCRIPT: &str = concat!(
    include_str!("page/parts.js"),
    include_str!("page/diagram.js"),
    include_str!("page/panels.js"),
    include_str!("page/page.js"),
);

/// The page runs and shows what this server sends, and asks nobody else for anything.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// What each reply says besides.
const SAID_ALWAYS: [(header::HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The routes of the playground, behind the gate.
pub(super) fn router(hall: &Arc<Hall>) -> Router {
    let is_class = hall.classroom.is_some();
    let of_the_class =
        if is_class { phones::routes().merge(teacher::routes()) } else { Router::new() };
    Router::new()
        .merge(of_the_class)
        .route("/{token}", get(to_the_page))
        .route("/{token}/", get(page))
        .route("/{token}/page.css", get(|| part("text/css; charset=utf-8", STYLE)))
        .route("/{token}/page.js", get(|| part("text/javascript; charset=utf-8", SCRIPT)))
        .route("/{token}/icon.svg", get(|| part("image/svg+xml", ICON)))
        .route("/{token}/start", get(start))
        .route("/{token}/answer", post(answer))
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is nothing here.\n") })
        .layer(from_fn_with_state(Arc::clone(hall), gate))
        .with_state(Arc::clone(hall))
}

async fn gate(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let (uri, headers): (&Uri, &HeaderMap) = (request.uri(), request.headers());
    let mut reply = match hall.gate.admits(uri, headers) {
        Ok(()) => next.run(request).await,
        Err(Refused(status, why)) => (status, why).into_response(),
    };
    for (name, value) in SAID_ALWAYS {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

/// The page; where a class is held, with what the teacher needs for it.
async fn page(State(hall): State<Arc<Hall>>) -> Response {
    let page = match hall.classroom {
        Some(_) => PAGE.replacen("</head>", teacher::HEAD, 1).into(),
        None => Cow::Borrowed(PAGE),
    };
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn to_the_page(uri: Uri) -> Response {
    let place = format!("{}/", uri.path());
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response()
}

/// The script with which a page begins, and what it may let the priests hold.
async fn start(State(hall): State<Arc<Hall>>) -> Response {
    let begin = &hall.beginning;
    let levels = [Level::Basic, Level::Synod, Level::Parliament];
    let told = |heresy: &'static Heresy| {
        let fit = levels.iter().filter(|level| Setting::why_not(**level, heresy).is_none());
        let fit: Vec<&str> = fit.map(|level| level.as_str()).collect();
        json!({ "name": heresy.name, "says": heresy.says, "levels": fit })
    };
    let script = match &hall.classroom {
        Some(room) => room.look(|class| class.script().to_owned()),
        None => begin.start.clone(),
    };
    let known: Vec<_> = ALL.iter().map(told).collect();
    let start = json!({ "script": script, "mark": begin.mark, "heresies": known });
    ([(header::CONTENT_TYPE, "application/json")], start.to_string()).into_response()
}

/// The answer to a script.
async fn answer(State(hall): State<Arc<Hall>>, request: Request) -> Result<Response, Trouble> {
    let script = script(request.into_body()).await?;
    hall.desk
        .does(move || {
            let mut answer = scene::answer(&script);
            written_out(&mut answer);
            Ok(answer)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_holds_nothing_inline_and_is_small() {
        assert!(!PAGE.contains("<style") && !PAGE.contains("style=") && !PAGE.contains(" on"));
        assert!(PAGE.matches("<script").count() == PAGE.matches("<script src=").count());
        assert!(!POLICY.contains("unsafe"));
        let bytes = PAGE.len() + STYLE.len() + SCRIPT.len() + ICON.len();
        assert!(bytes < 150_000, "{bytes}");
    }
}
