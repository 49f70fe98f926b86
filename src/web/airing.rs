//! A chamber that sits, shown to all who watch its page: the latest of it, as it comes.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;

use super::parts::{ICON, part};
use super::shown::written_out;
use super::stream::{HERE, PULSE, Writer, event, stream};

const PAGE: &str = concat!(include_str!("page/head.html"), include_str!("page/watch.html"));
const STYLE: &str = concat!(
    include_str!("../picture/assets/sheet.css"),
    include_str!("page/page.css"),
    include_str!("page/watch.css")
);
const SCRIPT: &str = concat!(
    include_str!("page/parts.js"),
    include_str!("page/diagram.js"),
    include_str!("page/gods.js"),
    include_str!("page/watch.js"),
);

/// A chamber as it is shown now. One who reads slowly gets the latest,
/// and not every state.
pub(crate) struct Airing(watch::Sender<Arc<str>>);

impl Airing {
    /// One of which nothing is known yet.
    pub(crate) fn new() -> Airing {
        Airing(watch::channel(HERE.into()).0)
    }

    /// Shows the state of the chamber; `kind` is `chamber`, or `trouble` where it cannot be told.
    pub(crate) fn show(&self, kind: &str, mut told: Value) {
        written_out(&mut told);
        self.0.send_replace(event(kind, &told.to_string()).into());
    }
}

/// The routes of one who watches: a page, and what comes. Nothing can be sent.
pub(super) fn routes(airing: &Arc<Airing>) -> Router {
    Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/page.css", get(|| part("text/css; charset=utf-8", STYLE)))
        .route("/{token}/page.js", get(|| part("text/javascript; charset=utf-8", SCRIPT)))
        .route("/{token}/icon.svg", get(|| part("image/svg+xml", ICON)))
        .route("/{token}/stream", get(listen))
        .with_state(Arc::clone(airing))
}

async fn page() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}

async fn listen(State(airing): State<Arc<Airing>>) -> Response {
    let mut news = airing.0.subscribe();
    let tell = async move |to: Writer| {
        let first = news.borrow_and_update().to_string();
        to.write(first).await?;
        loop {
            let told = match timeout(PULSE, news.changed()).await {
                Ok(_) => news.borrow_and_update().to_string(),
                Err(_) => HERE.to_owned(),
            };
            to.write(told).await?;
        }
    };
    stream(tell, || {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_chamber_holds_nothing_inline_and_is_small() {
        assert!(!PAGE.contains("<style") && !PAGE.contains("style="));
        assert!(PAGE.matches("<script").count() == PAGE.matches("<script src=").count());
        let bytes = PAGE.len() + STYLE.len() + SCRIPT.len() + ICON.len();
        assert!(bytes < 150_000, "{bytes}");
    }
}
