//! How long a scene of 200 moves takes to answer, beside replaying its moves bare.
//!
//! `cargo bench --bench scene`. `benches/README.md` explains the measurements.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parliament::creeds::{Event, Orthodox};
use parliament::explore::{Power, Situation};
use parliament::scene::{Move, Script, Tree, answer};
use parliament::words::Founding;

const MOVES: usize = 200;
const REPEATS: usize = 41;
/// The bound on an answer.
const BOUND: Duration = Duration::from_millis(10);

fn main() -> Result<(), Box<dyn Error>> {
    for priests in ["Dwork Gray Oki", "Dwork Fischer Gray Lynch Oki"] {
        let (script, events) = scene_of(priests)?;
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

/// A script, and what each of its moves was to the priest whom it met.
type Played = (String, Vec<(usize, Event)>);

/// A scene in which ballot follows ballot: by turns the oldest letter is read, and where none is of
/// use a priest tries the next ballot or begins his own.
fn scene_of(priests: &str) -> Result<Played, Box<dyn Error>> {
    let mut tree = Tree::of(&Script::read(&format!("convene {priests}\n"))?)?;
    let names: Vec<&str> = priests.split(' ').collect();
    let mut events = Vec::new();
    while tree.moments().len() <= MOVES {
        let scene = &tree.here().scene;
        let offers = scene.offers();
        let useful = |by: &Move| matches!(by, Move::Begin { .. } | Move::Deliver(_));
        let next = offers.iter().find(|offer| offer.is_enabled() && useful(&offer.by));
        let tries = || offers.iter().rfind(|offer| matches!(offer.by, Move::Try(_)));
        let Some(next) = next.or_else(tries) else { break };
        let event = match (&next.by, &next.letter) {
            (Move::Try(ballot), _) => Event::Try(*ballot),
            (Move::Begin { wish, .. }, _) => Event::Begin(wish.clone()),
            (_, Some(carried)) => {
                Event::Read { from: carried.from, message: carried.letter.message.clone() }
            }
            _ => break,
        };
        let who = next.who.ok_or("an offer of nobody")?;
        let at = names.iter().position(|name| *name == who.as_str()).ok_or("a stranger")?;
        events.push((at, event));
        tree.play(&next.by.clone())?;
    }
    Ok((tree.in_words(), events))
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
