//! One question and one answer: a machine asks the founder to be admitted.

use std::net::SocketAddr;
use std::sync::mpsc::Sender;
use std::time::Duration;

use iroh::endpoint::Connection;
use iroh::{EndpointAddr, EndpointId};

use super::{Anchor, EngineError, JOIN_ALPN, bind, reached_at, threads};
use crate::engine::Tide;
use crate::key::Key;

/// How many may ask at once.
pub(super) const AT_ONCE: usize = 8;
/// How long a question and its answer may be.
const LONGEST: usize = 256 << 10;
/// How long all of it may take.
const TAKES: Duration = Duration::from_secs(5);

/// Takes a question and gives the answer.
pub(super) async fn answer(connection: &Connection, key: Key, tides: &Sender<Tide>) {
    let _ = tokio::time::timeout(TAKES, async {
        let (mut send, mut receive) = connection.accept_bi().await.ok()?;
        let question = receive.read_to_end(LONGEST).await.ok()?;
        let (give, given) = tokio::sync::oneshot::channel();
        let give = Box::new(move |bytes| drop(give.send(bytes)));
        tides.send(Tide::Asks(key, question, give)).ok()?;
        send.write_all(&given.await.ok()?).await.ok()?;
        send.finish().ok()?;
        // The other side closes when it has read the answer.
        connection.closed().await;
        Some(())
    })
    .await;
}

/// Asks the founder, until it answers or the time is over. `question` is told where this machine
/// can be reached.
///
/// # Errors
/// The engine's error. `Ok(None)` if nobody answered.
pub fn ask(
    secret: &[u8; 32],
    anchor: Anchor,
    (founder, addresses): (Key, &[SocketAddr]),
    question: impl Fn(Vec<SocketAddr>) -> Vec<u8>,
    within: Duration,
) -> Result<Option<Vec<u8>>, EngineError> {
    let runtime = threads()?;
    let Ok(id) = EndpointId::from_bytes(&founder.0) else { return Ok(None) };
    let there = addresses.iter().fold(EndpointAddr::new(id), |it, &at| it.with_ip_addr(at));
    let answer = runtime.block_on(async {
        let endpoint = bind(secret, anchor, Vec::new()).await?;
        let asked = async {
            loop {
                let question = question(reached_at(&endpoint, anchor));
                let connecting = endpoint.connect(there.clone(), JOIN_ALPN);
                if let Ok(Ok(connection)) = tokio::time::timeout(TAKES, connecting).await
                    && let Ok(Some(answer)) =
                        tokio::time::timeout(TAKES, once(&connection, &question)).await
                {
                    connection.close(0u32.into(), b"");
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        };
        let answer = tokio::time::timeout(within, asked).await.ok();
        let _ = tokio::time::timeout(Duration::from_secs(1), endpoint.close()).await;
        Ok(answer)
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    answer
}

async fn once(connection: &Connection, question: &[u8]) -> Option<Vec<u8>> {
    let (mut send, mut receive) = connection.open_bi().await.ok()?;
    send.write_all(question).await.ok()?;
    send.finish().ok()?;
    receive.read_to_end(LONGEST).await.ok()
}

/// The addresses at which this machine can be reached.
///
/// # Errors
/// When the socket cannot be opened.
pub fn look_around(secret: &[u8; 32], anchor: Anchor) -> Result<Vec<SocketAddr>, EngineError> {
    let runtime = threads()?;
    let addresses = runtime.block_on(async {
        let endpoint = bind(secret, Anchor { mdns: false, ..anchor }, Vec::new()).await?;
        // The interfaces of this machine are listed a moment after the socket is open.
        for _ in 0..20 {
            if !reached_at(&endpoint, anchor).is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let addresses = reached_at(&endpoint, anchor);
        let _ = tokio::time::timeout(Duration::from_secs(1), endpoint.close()).await;
        Ok(addresses)
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    addresses
}
