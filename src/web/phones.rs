//! The requests of phones: the page, to come in, the stream of news, to answer, and to play on their own.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::response::{Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::address;
use super::classroom::{Classroom, dismissed};
use super::desk::text;
use super::doors::Peer;
use super::hall::Hall;
use super::parts::{ICON, part};
use super::shown::written_out;
use super::trouble::Trouble;
use crate::class::{Key, Moment};

const PAGE: &str = concat!(include_str!("page/head.html"), include_str!("phone/phone.html"));
const STYLE: &str = include_str!("phone/phone.css");
const SCRIPT: &str = include_str!("phone/phone.js");

/// No word of a phone is longer, in bytes.
const LONGEST: usize = 16 << 10;

/// The routes of the phones, which need no token.
pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new()
        .route("/", get(|| part("text/html; charset=utf-8", PAGE)))
        .route("/c/phone.css", get(|| part("text/css; charset=utf-8", STYLE)))
        .route("/c/phone.js", get(|| part("text/javascript; charset=utf-8", SCRIPT)))
        .route("/c/icon.svg", get(|| part("image/svg+xml", ICON)))
        .route("/c/come", post(come))
        .route("/c/stream", get(listen))
        .route("/c/answer", post(answer))
        .route("/c/play", post(play))
        .route("/c/follow", post(follow))
}

fn room(hall: &Hall) -> Result<Arc<Classroom>, Trouble> {
    let none = || Trouble::of(StatusCode::NOT_FOUND, "No class is held here.");
    hall.classroom.clone().ok_or_else(none)
}

/// Why a class does not do it: the asker may do something else.
pub(super) fn refused(why: String) -> Trouble {
    Trouble::of(StatusCode::CONFLICT, why)
}

/// A JSON text as it arrives.
pub(super) async fn read<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, Trouble> {
    let long = format!("At most {most} bytes are taken; this is longer.");
    let text = text(body, most, long).await?;
    serde_json::from_str(&text).map_err(|why| {
        Trouble::of(StatusCode::BAD_REQUEST, format!("This is not what the page asks: {why}."))
    })
}

#[derive(Deserialize)]
struct Comes {
    key: Option<String>,
    class: Option<String>,
}

/// A phone comes in: by the key of this class that it has, or by a new one.
async fn come(
    State(hall): State<Arc<Hall>>,
    Extension(Peer(ip)): Extension<Peer>,
    body: Body,
) -> Result<Json<Value>, Trouble> {
    let room = room(&hall)?;
    let Comes { key, class } = read(body, LONGEST).await?;
    let known = key.filter(|_| class.as_deref() == Some(room.id()));
    let key = match known.and_then(|key| key.parse().ok()) {
        Some(key) => key,
        None => fresh()?,
    };
    room.come(key, ip).map_err(|why| Trouble::of(StatusCode::GONE, why))?;
    Ok(Json(json!({ "key": key.to_string(), "class": room.id() })))
}

fn fresh() -> Result<Key, Trouble> {
    let none = |why: String| Trouble::of(StatusCode::INTERNAL_SERVER_ERROR, why);
    address::token().map_err(|why| none(why.to_string()))?.parse().map_err(none)
}

#[derive(Deserialize)]
struct Listens {
    key: String,
    class: String,
}

async fn listen(
    State(hall): State<Arc<Hall>>,
    Query(Listens { key, class }): Query<Listens>,
) -> Result<Response, Trouble> {
    let room = room(&hall)?;
    if class != room.id() {
        return Ok(dismissed("The class you were in is over."));
    }
    let Ok(key) = key.parse::<Key>() else {
        return Ok(dismissed("This is no key of a phone."));
    };
    Ok(room.listen(key))
}

#[derive(Deserialize)]
struct Answers {
    key: String,
    question: usize,
    round: usize,
    answer: usize,
}

async fn answer(State(hall): State<Arc<Hall>>, body: Body) -> Result<StatusCode, Trouble> {
    let room = room(&hall)?;
    let Answers { key, question, round, answer } = read(body, LONGEST).await?;
    let key: Key = key.parse().map_err(refused)?;
    room.within(|class| class.answer(key, question, round, answer)).map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Plays {
    key: String,
    script: String,
}

/// A phone plays a script of its own. Nobody else sees it.
async fn play(State(hall): State<Arc<Hall>>, body: Body) -> Result<Response, Trouble> {
    let room = room(&hall)?;
    let Plays { key, script } = read(body, LONGEST).await?;
    let key: Key = key.parse().map_err(refused)?;
    room.within(|class| class.branch_off(key)).map_err(refused)?;
    let busy = || {
        let why = "The last move of this phone is still being answered; wait for it.";
        Trouble::of(StatusCode::TOO_MANY_REQUESTS, why)
    };
    let turn = room.begins(key).ok_or_else(busy)?;
    hall.phones_desk
        .does(move || {
            let played = Moment::of(&script).map(Moment::into_sight);
            drop(turn);
            let mut sight = played.map_err(refused)?;
            written_out(&mut sight);
            Ok(sight)
        })
        .await
}

#[derive(Deserialize)]
struct Follows {
    key: String,
}

async fn follow(State(hall): State<Arc<Hall>>, body: Body) -> Result<StatusCode, Trouble> {
    let room = room(&hall)?;
    let Follows { key } = read(body, LONGEST).await?;
    let key: Key = key.parse().map_err(refused)?;
    room.within(|class| class.seats().set_on_its_own(key, false));
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phones_page_is_tiny_and_holds_nothing_inline() {
        assert!(!PAGE.contains("<style") && !PAGE.contains("style="));
        let mut words = PAGE.split_whitespace();
        assert!(!words.any(|word| word.starts_with("on") && word.contains('=')));
        assert!(PAGE.matches("<script").count() == PAGE.matches("<script src=").count());
        let bytes = PAGE.len() + STYLE.len() + SCRIPT.len();
        assert!(bytes < 25_000, "{bytes}");
    }
}
