//! The engine: iroh, which is QUIC between public keys.
//!
//! No relay and no public server is ever asked: machines find each other by the addresses they
//! know, and by mDNS on their own network. The key of the other side is proved by the handshake.

mod connection;
mod joining;
mod settings;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use iroh::endpoint::{BindOpts, Incoming, VarInt, presets};
use iroh::{Endpoint, RelayMode, SecretKey};
use iroh_mdns_address_lookup::MdnsAddressLookup;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc};

use crate::engine::{Engine, Peer, Tide, WAITING};
use crate::key::Key;
use connection::Line;

pub use joining::{ask, look_around};
pub use settings::Anchor;

/// What members speak.
const ALPN: &[u8] = b"parliament-sea/1";
/// What one speaks who asks to be admitted.
const JOIN_ALPN: &[u8] = b"parliament-join/1";

/// How many connections may be in their handshake at once: each takes memory before its key is
/// proved.
const HANDSHAKES: usize = 32;
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// The code with which a stranger's connection is closed.
const STRANGER: VarInt = VarInt::from_u32(1);
/// The code of one connection too many.
const TOO_MANY: VarInt = VarInt::from_u32(2);

/// Why the engine does not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The system gives no thread.
    #[error("cannot start the engine's threads: {0}")]
    Threads(std::io::Error),
    /// The socket cannot be had.
    #[error(
        "cannot open UDP port {port}: {why}; end the program that has it, or choose another with --port"
    )]
    Socket {
        /// The port that was asked for.
        port: u16,
        /// The engine's error.
        why: String,
    },
}

type Lines = Arc<RwLock<BTreeMap<Key, Line>>>;

/// The engine.
pub struct Quic {
    runtime: Option<Runtime>,
    endpoint: Endpoint,
    lines: Lines,
    tides: Sender<Tide>,
    anchor: Anchor,
}

impl Quic {
    /// Opens the socket and begins to listen. What comes goes to `tides`.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn start(
        secret: &[u8; 32],
        anchor: Anchor,
        tides: Sender<Tide>,
    ) -> Result<Quic, EngineError> {
        let runtime = threads()?;
        let endpoint =
            runtime.block_on(bind(secret, anchor, vec![ALPN.into(), JOIN_ALPN.into()]))?;
        let lines = Lines::default();
        runtime.spawn(listen(endpoint.clone(), Arc::clone(&lines), tides.clone()));
        Ok(Quic { runtime: Some(runtime), endpoint, lines, tides, anchor })
    }
}

impl Engine for Quic {
    fn addresses(&self) -> Vec<SocketAddr> {
        reached_at(&self.endpoint, self.anchor)
    }

    fn keep(&mut self, peers: Vec<Peer>) {
        let Some(runtime) = &self.runtime else { return };
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|key, _| peers.iter().any(|peer| peer.key == *key));
        for peer in peers {
            if let Some(line) = lines.get(&peer.key) {
                *line.addresses.write().unwrap_or_else(PoisonError::into_inner) = peer.addresses;
                continue;
            }
            let (frames, queue) = mpsc::channel(WAITING);
            let (accepted, accepts) = mpsc::channel(connection::AT_ONCE);
            let line = Line {
                frames,
                accepted,
                is_connected: Arc::new(AtomicBool::new(false)),
                addresses: Arc::new(RwLock::new(peer.addresses)),
            };
            let keeper = connection::Keeper::new(
                (self.endpoint.clone(), peer.key),
                &line,
                self.tides.clone(),
            );
            runtime.spawn(keeper.keep(queue, accepts));
            lines.insert(peer.key, line);
        }
    }

    fn send(&self, to: Key, frame: Vec<u8>) -> bool {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        lines.get(&to).is_some_and(|line| {
            line.is_connected.load(Ordering::Acquire) && line.frames.try_send(frame).is_ok()
        })
    }
}

impl Drop for Quic {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // The others are told, if they can be told soon.
        let endpoint = self.endpoint.clone();
        runtime.block_on(async {
            let _ = tokio::time::timeout(Duration::from_secs(1), endpoint.close()).await;
        });
        runtime.shutdown_timeout(Duration::from_millis(200));
    }
}

/// A new secret key.
#[must_use]
pub fn new_secret() -> [u8; 32] {
    SecretKey::generate().to_bytes()
}

/// The public key of a secret one.
#[must_use]
pub fn public(secret: &[u8; 32]) -> Key {
    Key(*SecretKey::from_bytes(secret).public().as_bytes())
}

fn threads() -> Result<Runtime, EngineError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().map_err(EngineError::Threads)
}

/// Opens the socket.
async fn bind(
    secret: &[u8; 32],
    anchor: Anchor,
    alpns: Vec<Vec<u8>>,
) -> Result<Endpoint, EngineError> {
    let port = anchor.port;
    let failed = |why: String| EngineError::Socket { port, why };
    let mut builder = Endpoint::builder(presets::Minimal)
        .relay_mode(RelayMode::Disabled)
        .secret_key(SecretKey::from_bytes(secret))
        .alpns(alpns)
        .transport_config(settings::transport());
    builder = match anchor.ip {
        Some(ip) => builder
            .clear_ip_transports()
            .bind_addr(SocketAddr::new(ip, port))
            .map_err(|error| failed(error.to_string()))?,
        None => builder
            .bind_addr(SocketAddr::new([0, 0, 0, 0].into(), port))
            .map_err(|error| failed(error.to_string()))?
            .bind_addr_with_opts(
                SocketAddr::new(IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED), port),
                BindOpts::default().set_is_required(false),
            )
            .map_err(|error| failed(error.to_string()))?,
    };
    if anchor.mdns {
        builder = builder.address_lookup(MdnsAddressLookup::builder());
    }
    builder.bind().await.map_err(|error| failed(error.to_string()))
}

/// Where this socket can be reached.
fn reached_at(endpoint: &Endpoint, anchor: Anchor) -> Vec<SocketAddr> {
    match anchor.ip {
        Some(_) => endpoint.bound_sockets(),
        None => endpoint.addr().ip_addrs().copied().collect(),
    }
}

/// Accepts connections: members' go to their lines, strangers are turned away.
async fn listen(endpoint: Endpoint, lines: Lines, tides: Sender<Tide>) {
    let (handshakes, joins) =
        (Arc::new(Semaphore::new(HANDSHAKES)), Arc::new(Semaphore::new(joining::AT_ONCE)));
    while let Some(incoming) = endpoint.accept().await {
        let Ok(permit) = Arc::clone(&handshakes).try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let (lines, tides, joins) = (Arc::clone(&lines), tides.clone(), Arc::clone(&joins));
        tokio::spawn(async move {
            let shaken = tokio::time::timeout(HANDSHAKE, shake(incoming)).await;
            drop(permit);
            let Ok(Some(connection)) = shaken else { return };
            let key = Key(*connection.remote_id().as_bytes());
            if connection.alpn() == JOIN_ALPN {
                if let Ok(_permit) = joins.try_acquire() {
                    joining::answer(&connection, key, &tides).await;
                }
                return connection.close(TOO_MANY, b"");
            }
            let line = lines.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            match line {
                Some(line) => drop(line.accepted.try_send(connection)),
                None => {
                    connection.close(STRANGER, b"this key is on no list here");
                    let _ = tides.send(Tide::Stranger(key));
                }
            }
        });
    }
}

async fn shake(incoming: Incoming) -> Option<iroh::endpoint::Connection> {
    incoming.accept().ok()?.await.ok()
}
