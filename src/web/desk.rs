//! The work that requests ask for: on a few threads, each piece within its bounds.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::trouble::Trouble;
use crate::scene::script_words::LONGEST_SCRIPT;

/// The threads that work, at most.
pub(super) const MOST_THREADS: usize = 8;
/// Pieces of work that are done at once.
const AT_ONCE: usize = 4;
/// Pieces of work that are done or wait.
const MOST_WAITING: usize = 256;
/// How long a script may take to arrive.
const SLOWEST_SCRIPT: Duration = Duration::from_secs(20);
/// How many bytes of a script that is too long are still taken, so that its sender hears why.
const MOST_DRAINED: usize = 64 << 20;

pub(super) struct Desk {
    places: Arc<Semaphore>,
    hands: Arc<Semaphore>,
}

impl Desk {
    pub(super) fn new() -> Desk {
        let (places, hands) = (Semaphore::new(MOST_WAITING), Semaphore::new(AT_ONCE));
        Desk { places: Arc::new(places), hands: Arc::new(hands) }
    }

    /// The reply to a request, worked out aside.
    pub(super) async fn does(
        &self,
        work: impl FnOnce() -> Result<Value, Trouble> + Send + 'static,
    ) -> Result<Response, Trouble> {
        let json = self.works(move || work().map(|answer| answer.to_string())).await??;
        Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
    }

    /// Does a piece of work aside, in its turn. Work whose asker is gone before its turn is not done.
    pub(super) async fn works<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let busy = || {
            Trouble::of(
                StatusCode::SERVICE_UNAVAILABLE,
                "This server has too much to do at the moment; try again in a few seconds.",
            )
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let hand = Arc::clone(&self.hands).acquire_owned().await.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((place, hand));
            done
        });
        let failed = |_| Trouble::of(StatusCode::INTERNAL_SERVER_ERROR, "This answer has failed.");
        done.await.map_err(failed)
    }
}

/// A script as it arrives, within its bounds.
pub(super) async fn script(body: Body) -> Result<String, Trouble> {
    let most = format!("{} MiB", LONGEST_SCRIPT >> 20);
    let long = format!(
        "A script has at most {most} and 2,000 commands; this one is longer. Save it, and begin \
         from where it ends."
    );
    text(body, LONGEST_SCRIPT, long).await
}

/// A text as it arrives, of at most `most` bytes; `long` is said of a longer one.
pub(super) async fn text(body: Body, most: usize, long: String) -> Result<String, Trouble> {
    let told = body.size_hint().lower();
    let too_long = |long| Trouble::of(StatusCode::PAYLOAD_TOO_LARGE, long);
    let read = async {
        if told > most as u64 {
            drained(body).await;
            return Err(too_long(long));
        }
        let whole = collected(body, most).await?;
        let Some(whole) = whole else { return Err(too_long(long)) };
        String::from_utf8(whole)
            .map_err(|_| Trouble::of(StatusCode::BAD_REQUEST, "This script is not UTF-8."))
    };
    tokio::time::timeout(SLOWEST_SCRIPT, read).await.unwrap_or_else(|_| {
        Err(Trouble::of(StatusCode::REQUEST_TIMEOUT, "The script took too long to arrive."))
    })
}

/// The next piece of a body; `None` at its end.
async fn next(body: &mut Body) -> Option<Result<axum::body::Bytes, axum::Error>> {
    loop {
        let frame =
            std::future::poll_fn(|cx| std::pin::Pin::new(&mut *body).poll_frame(cx)).await?;
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => return Some(Ok(data)),
            // Trailers say nothing here.
            Ok(Err(_)) => {}
            Err(error) => return Some(Err(error)),
        }
    }
}

/// All of a body; `None` if it has more bytes than this.
async fn collected(mut body: Body, most: usize) -> Result<Option<Vec<u8>>, Trouble> {
    let mut whole = Vec::new();
    while let Some(piece) = next(&mut body).await {
        let piece = piece.map_err(|error| {
            Trouble::of(StatusCode::BAD_REQUEST, format!("The script broke off: {error}."))
        })?;
        if whole.len() + piece.len() > most {
            drained(body).await;
            return Ok(None);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(Some(whole))
}

/// Lets the rest of a body pass by: one who is cut off while he still writes hears no reply.
async fn drained(mut body: Body) {
    let mut passed = 0;
    while let Some(Ok(piece)) = next(&mut body).await {
        passed += piece.len();
        if passed > MOST_DRAINED {
            return;
        }
    }
}
