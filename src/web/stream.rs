//! A reply that goes on: server-sent events, of which a slow reader gets the latest and not every one.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// As often a stream says that it is there, so that either side notices when the other is gone.
pub(super) const PULSE: Duration = Duration::from_secs(15);
/// The event that says so.
pub(super) const HERE: &str = "event: here\ndata:\n\n";

/// An event of this name; `data` is on one line.
pub(super) fn event(name: &str, data: &str) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

/// To where a stream is written. Nothing is kept for one who does not read: his writer waits.
pub(super) struct Writer(mpsc::Sender<Bytes>);

/// The reader is gone.
pub(super) struct Gone;

impl Writer {
    pub(super) async fn write(&self, text: String) -> Result<(), Gone> {
        self.0.send(text.into()).await.map_err(|_| Gone)
    }
}

/// The body of the reply. When its reader goes it is dropped, and its writer with it.
struct Stream {
    pieces: mpsc::Receiver<Bytes>,
    writer: AbortHandle,
    at_the_end: Option<Box<dyn FnOnce() + Send>>,
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.pieces.poll_recv(cx).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.writer.abort();
        if let Some(last) = self.at_the_end.take() {
            last();
        }
    }
}

/// A reply that `write` writes for as long as its reader stays; then `at_the_end` is done.
pub(super) fn stream<F>(
    write: impl FnOnce(Writer) -> F,
    at_the_end: impl FnOnce() + Send + 'static,
) -> Response
where
    F: Future<Output = Result<(), Gone>> + Send + 'static,
{
    let (to, pieces) = mpsc::channel(1);
    let written = write(Writer(to));
    let writer = tokio::spawn(async move { drop(written.await) }).abort_handle();
    let stream = Stream { pieces, writer, at_the_end: Some(Box::new(at_the_end)) };
    let kind = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
    (kind, Body::new(stream)).into_response()
}
