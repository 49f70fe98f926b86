//! The shortest run from a moment, searched for a page: it stops when the page is gone, or when it
//! takes too long.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::played::Played;
use super::shown::written_out;
use super::trouble::Trouble;
use crate::explore::Gauge;
use crate::playground::session::Session;

/// How long a shortest run is searched at most.
const LONGEST: Duration = Duration::from_secs(20);
/// The memory that its states may take, in bytes.
const MOST_BYTES: u64 = 1 << 29;

/// As many searches as are made at once: each uses all cores.
static SEARCHES: [Mutex<()>; 2] = [Mutex::const_new(()), Mutex::const_new(())];
/// The stop of each of them.
static STOPS: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];

/// Stops a search when it is dropped, as it is when nobody waits for the search any more.
struct Asker(&'static AtomicBool);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does work that can be stopped, on a thread of its own, in its turn. It is stopped when nobody waits
/// for it, or after a time.
async fn until_stopped<T: Send + 'static>(
    longest: Duration,
    work: impl FnOnce(&'static AtomicBool) -> T + Send + 'static,
) -> Result<T, Trouble> {
    let (turn, stop) = match SEARCHES[0].try_lock() {
        Ok(turn) => (turn, &STOPS[0]),
        Err(_) => (SEARCHES[1].lock().await, &STOPS[1]),
    };
    stop.store(false, Ordering::Relaxed);
    // The turn ends with the work, not with the one who asked for it.
    let mut done = tokio::task::spawn_blocking(move || {
        let done = work(stop);
        drop(turn);
        done
    });
    let _asker = Asker(stop);
    let in_time = tokio::time::timeout(longest, &mut done).await;
    let done = match in_time {
        Ok(done) => done,
        Err(_) => {
            stop.store(true, Ordering::Relaxed);
            done.await
        }
    };
    done.map_err(|_| Trouble::of(StatusCode::INTERNAL_SERVER_ERROR, "The search has failed."))
}

/// The shortest run from the last moment of a script that breaks a rule, as a branch of the answer;
/// or why there is none.
pub(super) async fn searched(played: Played) -> Result<Value, Trouble> {
    if played.is_secret() {
        let why = "That would tell what they hold. Break a rule first, or say that all are sound.";
        return Ok(json!({ "says": [why] }));
    }
    until_stopped(LONGEST, move |stop| shortest(played, &Gauge::that_stops(stop, MOST_BYTES))).await
}

fn shortest(mut played: Played, gauge: &Gauge) -> Value {
    let mut session = Session::of(played.tree, played.game.take());
    let found = session
        .search()
        .and_then(|(from, scene, bounds)| Ok((from, scene.shortest(bounds, gauge)?)))
        .and_then(|(from, found)| session.show(from, found));
    let says = match found {
        Ok(mut lines) => {
            lines.truncate(1);
            lines
        }
        Err(why) => vec![format!("{why}.")],
    };
    played.tree = session.tree;
    played.game = session.game;
    let mut told = json!({ "says": says, "answer": played.answer() });
    written_out(&mut told);
    told
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Work that ends when it is stopped, and tells so.
    fn patient(stop: &'static AtomicBool, told: &mpsc::Sender<bool>) {
        for _ in 0..1_000 {
            if stop.load(Ordering::Relaxed) {
                let _ = told.send(true);
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = told.send(false);
    }

    #[test]
    fn a_search_stops_when_its_asker_is_gone_or_in_time() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (tell, told) = mpsc::channel();
        runtime.block_on(async {
            let forsaken = tell.clone();
            let asked = tokio::spawn(until_stopped(Duration::from_secs(60), move |stop| {
                patient(stop, &forsaken);
            }));
            tokio::time::sleep(Duration::from_millis(50)).await;
            asked.abort();
            let late = until_stopped(Duration::from_millis(1), move |stop| patient(stop, &tell));
            assert!(late.await.is_ok());
        });
        assert_eq!(told.iter().collect::<Vec<_>>(), [true, true]);
    }
}
