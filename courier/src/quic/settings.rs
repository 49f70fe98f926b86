//! The engine's settings, each with its reason.

use std::net::IpAddr;
use std::time::Duration;

use iroh::endpoint::{QuicTransportConfig, VarInt};

use crate::engine::UNREAD;
use crate::frame::LONGEST_FRAME;

/// Where this machine lies in the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// The UDP port; 0 for any.
    pub port: u16,
    /// The one address to listen at; all of this machine if `None`.
    pub ip: Option<IpAddr>,
    /// Whether to find others by mDNS, and to be found.
    pub mdns: bool,
}

/// How many frames of one machine may be under way at once.
const STREAMS: u32 = 32;

/// How long nothing may come before a connection counts as lost. Keep-alives come each second, so
/// four of them were lost in a row; a machine that is cut off is known to be so after this.
const IDLE: Duration = Duration::from_secs(5);

/// How often a connection on which nothing is sent says that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

pub(super) fn transport() -> QuicTransportConfig {
    let idle = VarInt::from_u32(IDLE.as_millis() as u32).into();
    let frames =
        |many: usize| VarInt::try_from((many * LONGEST_FRAME) as u64).unwrap_or(VarInt::MAX);
    QuicTransportConfig::builder()
        .max_idle_timeout(Some(idle))
        .keep_alive_interval(KEEP_ALIVE)
        .default_path_max_idle_timeout(IDLE)
        .default_path_keep_alive_interval(KEEP_ALIVE)
        // On a WLAN packets overtake each other. With the default of 3 that counts as loss, the
        // window shrinks, and bulk over a lossy link falls to a thirtieth.
        .packet_threshold(30)
        // The same for packets that come later than expected; the default is 9/8 of a round trip.
        .time_threshold(1.5)
        // Each frame has a stream, so a lost one holds up no other. Nobody opens the other kind but
        // one who asks to be admitted.
        .max_concurrent_uni_streams(VarInt::from_u32(STREAMS))
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        // A frame fits into its stream's window, so it never waits for the reader halfway; all
        // frames of a machine that are not read yet take no more memory than this.
        .stream_receive_window(frames(1))
        .receive_window(frames(UNREAD))
        // Letters that are older than some seconds only delay the new ones.
        .send_window((UNREAD * LONGEST_FRAME) as u64)
        // Letters are never sent as datagrams.
        .datagram_receive_buffer_size(None)
        .build()
}
