//! The doors of the server: how many may be in at once, and how slow they may be.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

/// As many connections as are held at once; the system gives a process 1,024 files or more.
const MOST_CONNECTIONS: usize = 900;
/// As many of them one address may hold, so that one machine never takes all; two hundred phones behind
/// one address have enough.
const MOST_OF_ONE: usize = 600;
/// How long the head of a request may take, and how long a connection may be idle.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a reader may take none of what is written to him.
const SLOWEST_READER: Duration = Duration::from_secs(20);

/// A reply without any of the machinery, to those who come when all places are taken.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Retry-After: 5\r\nContent-Length: 64\r\nConnection: close\r\n\r\n\
    All places at this server are taken; try again in a few seconds\n";

/// The address of the one who asks.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// How many connections each address holds.
type Held = Arc<Mutex<BTreeMap<IpAddr, usize>>>;

/// The place of one connection, given back when it is dropped.
struct Place {
    _of_all: OwnedSemaphorePermit,
    held: Held,
    ip: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(many) = held.get_mut(&self.ip) {
            *many -= 1;
            if *many == 0 {
                held.remove(&self.ip);
            }
        }
    }
}

/// The places for connections.
struct Places {
    of_all: Arc<Semaphore>,
    held: Held,
}

impl Places {
    fn new() -> Places {
        Places { of_all: Arc::new(Semaphore::new(MOST_CONNECTIONS)), held: Held::default() }
    }

    /// A place for one more connection of this address, if there is one.
    fn place(&self, ip: IpAddr) -> Option<Place> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let many = held.get(&ip).copied().unwrap_or(0);
        if many >= MOST_OF_ONE {
            return None;
        }
        let of_all = Arc::clone(&self.of_all).try_acquire_owned().ok()?;
        held.insert(ip, many + 1);
        Some(Place { _of_all: of_all, held: Arc::clone(&self.held), ip })
    }
}

pub(super) struct Doors {
    listener: TcpListener,
    places: Places,
}

impl Doors {
    pub(super) fn open(listener: TcpListener) -> Doors {
        Doors { listener, places: Places::new() }
    }

    /// Lets everybody in, up to the bound, until the process ends.
    pub(super) async fn let_in(self, router: Router) -> Infallible {
        loop {
            let Ok((stream, peer)) = self.listener.accept().await else {
                // The system has no file to spare; some are given back soon.
                sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Some(place) = self.places.place(peer.ip()) else {
                // One who does not take it at once goes without.
                let _ = stream.try_write(FULL);
                continue;
            };
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(Peer(peer.ip()));
                service.call(request)
            });
            tokio::spawn(async move {
                let served = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .max_headers(64)
                    .max_buf_size(64 * 1024)
                    .serve_connection(TokioIo::new(Reader::of(stream, SLOWEST_READER)), service);
                // A connection that breaks off is nobody's fault that could be told.
                let _ = served.await;
                drop(place);
            });
        }
    }
}

/// A connection that breaks off when its reader takes nothing for too long.
struct Reader {
    stream: TcpStream,
    patience: Duration,
    waits: Option<Pin<Box<Sleep>>>,
}

impl Reader {
    fn of(stream: TcpStream, patience: Duration) -> Reader {
        Reader { stream, patience, waits: None }
    }

    /// The result of a write, or the end of our patience.
    fn within<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waits = None;
            return written;
        }
        let patience = self.patience;
        let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(waits.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Reader {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.within(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.within(cx, shut)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.within(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::{ErrorKind, Read};
    use std::pin::Pin;
    use std::time::Duration;

    use tokio::io::AsyncWrite;

    use super::{MOST_CONNECTIONS, MOST_OF_ONE, Places, Reader};

    /// Writes until this many bytes are written, or to the first error.
    async fn write(reader: &mut Reader, many: usize) -> std::io::Result<()> {
        let (bytes, mut written) = ([b'x'; 65_536], 0);
        while written < many {
            written += poll_fn(|cx| Pin::new(&mut *reader).poll_write(cx, &bytes)).await?;
        }
        Ok(())
    }

    #[test]
    fn one_who_takes_nothing_is_left_and_one_who_reads_is_not() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let door = || {
                let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
                let (served, _) = listener.accept().unwrap();
                served.set_nonblocking(true).unwrap();
                let served = tokio::net::TcpStream::from_std(served).unwrap();
                (client, Reader::of(served, Duration::from_millis(500)))
            };
            // More than lies in the buffers of any system.
            const MANY: usize = 64 << 20;
            let (_still, mut to) = door();
            let written = tokio::time::timeout(Duration::from_secs(60), write(&mut to, MANY)).await;
            let error = written.expect("he is waited for no longer").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TimedOut);
            let (mut client, mut to) = door();
            let reads = std::thread::spawn(move || {
                let mut bytes = vec![0; 65_536];
                while client.read(&mut bytes).is_ok_and(|many| many > 0) {}
            });
            write(&mut to, MANY).await.unwrap();
            drop(to);
            reads.join().unwrap();
        });
    }

    #[test]
    fn one_address_never_takes_all_places() {
        let places = Places::new();
        let greedy = [192, 168, 1, 9].into();
        let taken: Vec<_> = (0..10_000).filter_map(|_| places.place(greedy)).collect();
        assert_eq!(taken.len(), MOST_OF_ONE);
        let others: Vec<_> =
            (10..=250_u8).filter_map(|n| places.place([192, 168, 1, n].into())).collect();
        assert_eq!(others.len(), 241);
        assert!(MOST_OF_ONE + others.len() <= MOST_CONNECTIONS);
        drop(taken);
        assert!(places.place(greedy).is_some(), "a place is given back");
    }

    #[test]
    fn the_reply_of_a_full_server_counts_its_bytes() {
        let reply = std::str::from_utf8(super::FULL).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{}", body.len());
    }
}
