//! The requests that the server answers.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::desk::script;
use super::gate::{Gate, Refused};
use super::hall::Hall;
use super::parts::{ICON, part};
use super::played::{Played, play};
use super::predicted::predicted;
use super::searched::searched;
use super::shown::written_out;
use super::trouble::Trouble;
use super::{phones, saving, teacher};
use crate::heresies::{ALL, Heresy};
use crate::playground::game::Game;
use crate::scene::{Level, Setting};

const PAGE: &str = concat!(include_str!("page/head.html"), include_str!("page/page.html"));
const STYLE: &str =
    concat!(include_str!("../picture/assets/sheet.css"), include_str!("page/page.css"));
const SCRIPT: &str = concat!(
    include_str!("page/parts.js"),
    include_str!("page/diagram.js"),
    include_str!("page/gods.js"),
    include_str!("page/panels.js"),
    include_str!("page/asking.js"),
    include_str!("page/page.js"),
);

/// The page runs and shows what this server sends, and asks nobody else for anything.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// The headers of each reply.
const SAID_ALWAYS: [(header::HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// All that is behind the gate.
pub(super) fn behind(gate: &Arc<Gate>, routes: Router) -> Router {
    Router::new()
        .merge(routes)
        .route("/{token}", get(to_the_page))
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is nothing here.\n") })
        .layer(from_fn_with_state(Arc::clone(gate), admit))
}

/// The routes of the playground.
pub(super) fn routes(hall: &Arc<Hall>) -> Router {
    let is_class = hall.classroom.is_some();
    let of_the_class =
        if is_class { phones::routes().merge(teacher::routes()) } else { Router::new() };
    Router::new()
        .merge(of_the_class)
        .route("/{token}/", get(page))
        .route("/{token}/page.css", get(|| part("text/css; charset=utf-8", STYLE)))
        .route("/{token}/page.js", get(|| part("text/javascript; charset=utf-8", SCRIPT)))
        .route("/{token}/icon.svg", get(|| part("image/svg+xml", ICON)))
        .route("/{token}/start", get(start))
        .route("/{token}/answer", post(answer))
        .route("/{token}/question", post(question))
        .route("/{token}/shortest", post(shortest))
        .route("/{token}/trace", post(|hall, body| saved(hall, body, saving::trace)))
        .route("/{token}/chronicle", post(|hall, body| saved(hall, body, saving::chronicle)))
        .with_state(Arc::clone(hall))
}

async fn admit(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let (uri, headers): (&Uri, &HeaderMap) = (request.uri(), request.headers());
    let mut reply = match gate.admits(uri, headers) {
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
    let told = |heresy: &'static Heresy| {
        let fit = Level::ALL.iter().filter(|level| Setting::why_not(**level, heresy).is_none());
        let fit: Vec<&str> = fit.map(|level| level.as_str()).collect();
        let priests = Game::open(heresy).setting().map(|setting| setting.founding.to_string());
        json!({ "name": heresy.name, "says": heresy.says, "levels": fit, "priests": priests })
    };
    let script = match &hall.classroom {
        Some(room) => room.look(|class| class.script().to_owned()),
        None => begin.start.clone(),
    };
    let known: Vec<_> = ALL.iter().map(told).collect();
    let start = json!({ "script": script, "mark": begin.mark, "heresies": known });
    in_json(&start)
}

fn in_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// The script of a request, played.
async fn played(hall: &Hall, body: Body) -> Result<Result<Played, Value>, Trouble> {
    let script = script(body).await?;
    hall.desk.works(move || play(&script)).await
}

/// The answer to a script.
async fn answer(State(hall): State<Arc<Hall>>, body: Body) -> Result<Response, Trouble> {
    let script = script(body).await?;
    let work = move || {
        let mut answer = play(&script).map_or_else(|unread| unread, |played| played.answer());
        written_out(&mut answer);
        Ok(answer)
    };
    hall.desk.does(work).await
}

/// The question before the last move of a script; with `?answer=N`, what is said to this answer.
async fn question(
    State(hall): State<Arc<Hall>>,
    uri: Uri,
    body: Body,
) -> Result<Response, Trouble> {
    let answered = uri.query().and_then(|it| it.strip_prefix("answer=")?.parse().ok());
    let script = script(body).await?;
    let work = move || {
        let asked = play(&script).map(|played| predicted(&played, answered));
        let mut asked = asked.unwrap_or(Value::Null);
        written_out(&mut asked);
        Ok(asked)
    };
    hall.desk.does(work).await
}

/// The way to the last moment of a script, in another form.
async fn saved(
    State(hall): State<Arc<Hall>>,
    body: Body,
    write: impl FnOnce(&Played) -> Result<Response, Trouble> + Send + 'static,
) -> Result<Response, Trouble> {
    let script = script(body).await?;
    let work = move || match play(&script) {
        Ok(played) => write(&played),
        Err(unread) => Ok(in_json(&unread)),
    };
    hall.desk.works(work).await?
}

/// The shortest run from the last moment of a script that breaks a rule.
async fn shortest(State(hall): State<Arc<Hall>>, body: Body) -> Result<Response, Trouble> {
    match played(&hall, body).await? {
        Ok(played) => searched(played).await.map(|told| in_json(&told)),
        Err(unread) => Ok(in_json(&unread)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_holds_nothing_inline_and_is_small() {
        assert!(!PAGE.contains("<style") && !PAGE.contains("style="));
        let handles = |word: &str| word.starts_with("on") && word.contains('=');
        assert!(!PAGE.split_whitespace().any(handles));
        assert!(PAGE.matches("<script").count() == PAGE.matches("<script src=").count());
        assert!(!POLICY.contains("unsafe"));
        let bytes = PAGE.len() + STYLE.len() + SCRIPT.len() + ICON.len();
        assert!(bytes < 150_000, "{bytes}");
    }
}
