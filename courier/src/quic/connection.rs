//! The connection with one machine: kept, and made anew when it is lost.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use iroh::endpoint::{Connection, ConnectionError};
use iroh::{Endpoint, EndpointAddr, EndpointId};
use tokio::sync::{Semaphore, mpsc};

use super::{ALPN, STRANGER, TOO_MANY};
use crate::engine::{Tide, UNREAD};
use crate::frame::LONGEST_FRAME;
use crate::key::Key;

/// How many connections with one machine there may be: two, if both dialled at once, and one that
/// the other side has lost and this side does not know of yet.
pub(super) const AT_ONCE: usize = 3;

/// How long one try to connect may take. A longer one would wait ever longer between its packets,
/// and so notice late that the network is there again.
const TRY: Duration = Duration::from_secs(1);
/// Each third try may take longer, for slow networks.
const LONG_TRY: Duration = Duration::from_secs(4);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(200);
/// The pause after the other side turned this key away.
const LONG_PAUSE: Duration = Duration::from_secs(3);

/// How others reach the task that keeps a connection.
#[derive(Clone)]
pub(super) struct Line {
    /// Frames to send.
    pub(super) frames: mpsc::Sender<Vec<u8>>,
    /// Connections that the other side began.
    pub(super) accepted: mpsc::Sender<Connection>,
    pub(super) is_connected: Arc<AtomicBool>,
    pub(super) addresses: Arc<RwLock<Vec<SocketAddr>>>,
}

/// Keeps the connection with one machine.
pub(super) struct Keeper {
    endpoint: Endpoint,
    key: Key,
    tides: Sender<Tide>,
    is_connected: Arc<AtomicBool>,
    addresses: Arc<RwLock<Vec<SocketAddr>>>,
    /// Held for each frame until it has been looked at.
    unread: Arc<Semaphore>,
    live: Vec<Connection>,
}

impl Keeper {
    pub(super) fn new(
        (endpoint, key): (Endpoint, Key),
        line: &Line,
        tides: Sender<Tide>,
    ) -> Keeper {
        Keeper {
            endpoint,
            key,
            tides,
            is_connected: Arc::clone(&line.is_connected),
            addresses: Arc::clone(&line.addresses),
            unread: Arc::new(Semaphore::new(UNREAD)),
            live: Vec::new(),
        }
    }

    /// Keeps the connection until nobody has its line any more.
    pub(super) async fn keep(
        mut self,
        mut queue: mpsc::Receiver<Vec<u8>>,
        mut accepts: mpsc::Receiver<Connection>,
    ) {
        let mut tries = 0;
        loop {
            if self.forget_the_dead() {
                tokio::time::sleep(LONG_PAUSE).await;
            }
            let Some(connection) = self.live.first().cloned() else {
                // All that waited is stale.
                while queue.try_recv().is_ok() {}
                tokio::select! {
                    accepted = accepts.recv() => match accepted {
                        Some(connection) => self.add(connection),
                        None => return,
                    },
                    dialled = self.dial(tries) => match dialled {
                        Some(connection) => self.add(connection),
                        None => tries += 1,
                    },
                }
                continue;
            };
            tries = 0;
            tokio::select! {
                accepted = accepts.recv() => match accepted {
                    Some(connection) => self.add(connection),
                    None => return connection.close(0u32.into(), b""),
                },
                frame = queue.recv() => match frame {
                    Some(frame) => drop(send(&connection, &frame).await),
                    None => return connection.close(0u32.into(), b""),
                },
                _ = connection.closed() => {}
            }
        }
    }

    /// Forgets connections that are closed. Returns whether the other side turned this key away.
    fn forget_the_dead(&mut self) -> bool {
        let mut why = None;
        self.live.retain(|connection| match connection.close_reason() {
            None => true,
            Some(ConnectionError::ApplicationClosed(it)) if it.error_code == STRANGER => {
                why = Some(String::from_utf8_lossy(&it.reason).into_owned());
                false
            }
            Some(_) => false,
        });
        if self.live.is_empty() && self.is_connected.swap(false, Ordering::AcqRel) {
            let _ = self.tides.send(Tide::Lost(self.key));
        }
        let was_turned_away = why.is_some();
        if let Some(why) = why {
            let _ = self.tides.send(Tide::TurnedAway(self.key, why));
        }
        was_turned_away
    }

    /// The newest connection is the one to send on: the other side has it too.
    fn add(&mut self, connection: Connection) {
        if self.live.len() >= AT_ONCE
            && let Some(oldest) = self.live.pop()
        {
            oldest.close(TOO_MANY, b"");
        }
        self.is_connected.store(true, Ordering::Release);
        let _ = self.tides.send(Tide::Connected(self.key));
        let (tides, unread) = (self.tides.clone(), Arc::clone(&self.unread));
        tokio::spawn(read(connection.clone(), self.key, tides, unread));
        self.live.insert(0, connection);
    }

    /// Tries once to connect; waits before, unless it is the first time.
    async fn dial(&self, tries: u32) -> Option<Connection> {
        let id = EndpointId::from_bytes(&self.key.0).ok()?;
        if tries > 0 || self.endpoint.id().as_bytes() > &self.key.0 {
            // Of two that begin at the same time, one dials and the other is dialled.
            tokio::time::sleep(PAUSE).await;
        }
        let mut there = EndpointAddr::new(id);
        for address in self.addresses.read().unwrap_or_else(PoisonError::into_inner).iter() {
            there = there.with_ip_addr(*address);
        }
        let patience = if tries % 3 == 2 { LONG_TRY } else { TRY };
        let connecting = tokio::time::timeout(patience, self.endpoint.connect(there, ALPN)).await;
        match connecting {
            Ok(Ok(connection)) => Some(connection),
            Ok(Err(_)) => {
                tokio::time::sleep(PAUSE).await;
                None
            }
            Err(_) => None,
        }
    }
}

/// Sends a frame on a stream of its own.
async fn send(connection: &Connection, frame: &[u8]) -> Option<()> {
    let mut stream = connection.open_uni().await.ok()?;
    stream.write_all(frame).await.ok()?;
    stream.finish().ok()
}

/// Reads the frames of a connection, several at once.
async fn read(connection: Connection, key: Key, tides: Sender<Tide>, unread: Arc<Semaphore>) {
    while let Ok(mut stream) = connection.accept_uni().await {
        let Ok(permit) = Arc::clone(&unread).acquire_owned().await else { return };
        let tides = tides.clone();
        tokio::spawn(async move {
            if let Ok(frame) = stream.read_to_end(LONGEST_FRAME).await {
                let _ = tides.send(Tide::Frame(key, frame, Box::new(permit)));
            }
        });
    }
}
