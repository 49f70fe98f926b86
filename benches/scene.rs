//! How long a scene of 200 moves takes to answer, beside replaying its moves bare.
//!
//! `cargo bench --bench scene`. `benches/README.md` explains the measurements.

mod played;

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parliament::creeds::{Event, Orthodox};
use parliament::explore::{Power, Situation};
use parliament::scene::answer;
use parliament::words::Founding;

use played::scene_of;

const MOVES: usize = 200;
const REPEATS: usize = 41;
/// The bound on an answer.
const BOUND: Duration = Duration::from_millis(10);

fn main() -> Result<(), Box<dyn Error>> {
    for priests in ["Dwork Gray Oki", "Dwork Fischer Gray Lynch Oki"] {
        let (script, events) = scene_of(priests, MOVES)?;
        let answered = median(|| {
            black_box(answer(black_box(&script)));
        });
        let bare = median(|| replay_bare(priests, black_box(&events)));
        let ratio = answered.as_secs_f64() / bare.as_secs_f64();
        let mark = if answered <= BOUND { "✓" } else { "✗" };
        let many = priests.split(' ').count();
        println!(
            "{many} priests, {MOVES} moves: answered in {answered:.1?} (at most {BOUND:?}) {mark}; \
             replayed bare in {bare:.1?}; ratio {ratio:.0}"
        );
    }
    Ok(())
}

/// The same events, met by the same priests, and nothing kept.
fn replay_bare(priests: &str, events: &[(usize, Event)]) {
    let Ok(founding) = priests.parse::<Founding>() else { return };
    let members = Arc::new(founding.membership);
    let mut minds: Vec<Situation> =
        members.names().map(|name| Situation::first(name, &members)).collect();
    for (at, event) in events {
        if let Some(upshot) = minds[*at].meet(event, Power::Holds, &Orthodox) {
            minds[*at] = upshot.after;
        }
    }
    black_box(&minds);
}

fn median(run: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..REPEATS)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[REPEATS / 2]
}
