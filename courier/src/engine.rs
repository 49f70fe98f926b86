//! The seam behind which the engine stands: it carries frames between keys, and knows nothing of
//! what is in them.

use std::net::SocketAddr;

use crate::key::Key;

/// How many chunks wait for one machine at most. More are dropped: Paxos bears lost letters, and
/// old ones would only delay the new.
pub const WAITING: usize = 64;

/// How many frames of one machine are read and not yet looked at, at most.
pub const UNREAD: usize = 8;

/// Another machine, for the engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// Its key.
    pub key: Key,
    /// Where to look for it.
    pub addresses: Vec<SocketAddr>,
}

/// Something that came over the sea.
pub enum Tide {
    /// A machine is connected.
    Connected(Key),
    /// A machine is connected no more.
    Lost(Key),
    /// A frame came from this key.
    Frame(Key, Vec<u8>, Box<dyn Send>),
    /// A machine asks to be admitted; the answer goes back to it.
    Asks(Key, Vec<u8>, Answer),
    /// A key that is on no list was turned away.
    Stranger(Key),
    /// A connection was refused by the other side, which says why.
    TurnedAway(Key, String),
    /// The outboxes may have changed.
    Outboxes,
}

/// Takes the answer to one that asks.
pub type Answer = Box<dyn FnOnce(Vec<u8>) + Send>;

/// Carries frames between keys.
pub trait Engine {
    /// Where this machine can be reached.
    fn addresses(&self) -> Vec<SocketAddr>;

    /// Keeps connections with these machines and with no others.
    fn keep(&mut self, peers: Vec<Peer>);

    /// Sends a frame. It waits for nothing: false if the frame was dropped, because the machine is
    /// not connected or too many wait for it.
    fn send(&self, to: Key, frame: Vec<u8>) -> bool;
}
