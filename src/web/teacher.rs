//! The requests of the teacher's page in a class; the token of its address stands before all of it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::classroom::Classroom;
use super::hall::Hall;
use super::parts::part;
use super::phones::{read, refused};
use super::shown::written_out;
use super::trouble::Trouble;
use crate::class::ready::ready;
use crate::class::{Asked, Class, Deed, Moment, Own};
use crate::scene::script_words::LONGEST_SCRIPT;

const STYLE: &str = include_str!("page/class.css");
const SCRIPT: &str = include_str!("page/class.js");

/// The end of the page's head, with what a class needs.
pub(super) const HEAD: &str = "<link rel=\"stylesheet\" href=\"class.css\">\n\
    <script src=\"class.js\" defer></script>\n</head>";

/// The routes of the teacher.
pub(super) fn routes() -> Router<Arc<Hall>> {
    Router::new()
        .route("/{token}/class.css", get(|| part("text/css; charset=utf-8", STYLE)))
        .route("/{token}/class.js", get(|| part("text/javascript; charset=utf-8", SCRIPT)))
        .route("/{token}/class", get(about))
        .route("/{token}/class/questions", get(questions))
        .route("/{token}/class/stream", get(listen))
        .route("/{token}/class/do", post(obey))
        .route("/{token}/class/qr.svg", get(qr))
        .route("/{token}/class/misconceptions.csv", get(misconceptions))
        .route("/{token}/class/answers.csv", get(answers))
}

type Hallway = State<Arc<Hall>>;

fn room(hall: &Hall) -> Result<&Arc<Classroom>, Trouble> {
    let none = || Trouble::of(StatusCode::NOT_FOUND, "No class is held here.");
    hall.classroom.as_ref().ok_or_else(none)
}

/// Where phones come in.
async fn about(State(hall): Hallway) -> Result<Json<Value>, Trouble> {
    room(&hall)?;
    Ok(Json(json!({ "address": hall.phones_address })))
}

/// The questions that may be asked now.
async fn questions(State(hall): Hallway) -> Result<Response, Trouble> {
    let room = Arc::clone(room(&hall)?);
    hall.desk
        .does(move || {
            let mut told = room.look(Class::to_ask);
            written_out(&mut told);
            Ok(told)
        })
        .await
}

async fn listen(State(hall): Hallway) -> Result<Response, Trouble> {
    Ok(room(&hall)?.listen_as_teacher())
}

/// A deed of the teacher, as the page names it.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Wish {
    Move { script: String },
    Ask { script: String, key: String },
    Ready { number: usize },
    Own(Own),
    Close,
    Again,
    Reveal,
    Away,
    End,
}

impl Wish {
    fn deed(self) -> Result<Deed, String> {
        Ok(match self {
            Wish::Move { script } => Deed::Move(Moment::of(&script)?),
            Wish::Ask { script, key } => {
                let moment = Moment::of(&script)?;
                Deed::Ask(moment.question(&key)?, Some(moment))
            }
            Wish::Ready { number } => Deed::Ask(ready(number)?, None),
            Wish::Own(own) => Deed::Ask(Asked::own(own)?, None),
            Wish::Close => Deed::Close,
            Wish::Again => Deed::AskAgain,
            Wish::Reveal => Deed::Reveal,
            Wish::Away => Deed::PutAway,
            Wish::End => Deed::End,
        })
    }
}

async fn obey(State(hall): Hallway, body: Body) -> Result<Response, Trouble> {
    let room = Arc::clone(room(&hall)?);
    // A script within JSON takes up to twice its bytes.
    let wish: Wish = read(body, 2 * LONGEST_SCRIPT).await?;
    hall.desk
        .does(move || {
            let deed = wish.deed().map_err(refused)?;
            room.within(|class| class.obey(deed)).map_err(refused)?;
            Ok(json!({}))
        })
        .await
}

/// The address of the phones as a code that they read.
async fn qr(State(hall): Hallway) -> Result<Response, Trouble> {
    room(&hall)?;
    let code = super::qr::in_svg(&hall.phones_address)
        .map_err(|why| Trouble::of(StatusCode::INTERNAL_SERVER_ERROR, why))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], code).into_response())
}

async fn misconceptions(State(hall): Hallway) -> Result<Response, Trouble> {
    Ok(saved("misconceptions.csv", room(&hall)?.look(Class::misconceptions)))
}

async fn answers(State(hall): Hallway) -> Result<Response, Trouble> {
    Ok(saved("answers.csv", room(&hall)?.look(Class::answers)))
}

/// A file that the browser saves.
fn saved(name: &str, text: String) -> Response {
    let place = format!("attachment; filename=\"{name}\"");
    let said = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, place),
    ];
    (said, text).into_response()
}
