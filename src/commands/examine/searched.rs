//! The search over a novice's answers, and those of an earlier search: nothing is judged by an answer
//! that he does not give any more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::candidate::Candidate;
use super::cases::{Charge, Ended, walk_all};
use crate::commands::Failure;
use crate::commands::foresight::{memory_to_spare, watched};
use crate::commands::page::aside;
use crate::examine::parts;
use crate::explore::{Findings, Gauge, Scope};
use crate::words::shown::{counted, grouped};

/// The result of a whole search.
#[derive(Default)]
struct Sum {
    states: u64,
    worlds: usize,
}

impl Sum {
    fn add(&mut self, findings: &Findings) {
        self.states += findings.states;
        self.worlds += findings.worlds;
    }
}

/// Searches every state, part by part, and asks all questions once more in another order. Where an
/// answer of an earlier search has misled it, it begins anew without those.
pub(super) fn search(
    candidate: &Candidate,
    scope: Scope,
    stop: &'static AtomicBool,
    silent: bool,
) -> Result<Ended, Failure> {
    let begun = (Instant::now(), candidate.asked(), candidate.spent());
    candidate.begin_with_earlier(true);
    let ended = loop {
        if let Some(ended) = search_once(candidate, scope, stop, silent, begun)? {
            break ended;
        }
        aside!(
            "a kept answer is another one now: the search begins anew, without those that were kept"
        );
        candidate.forget();
    };
    candidate.begin_with_earlier(false);
    Ok(ended)
}

/// One search; none if it was misled.
fn search_once(
    candidate: &Candidate,
    scope: Scope,
    stop: &'static AtomicBool,
    silent: bool,
    (begun, asked, spent): (Instant, u64, Duration),
) -> Result<Option<Ended>, Failure> {
    let mut sum = Sum::default();
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    for (part, search) in parts(candidate, scope) {
        let gauge = Gauge::that_stops(stop, memory_to_spare());
        let (findings, conviction) = watched(silent, &gauge, None, || search.search(&gauge))?;
        sum.add(&findings);
        if let Some(misconduct) = candidate.misconduct() {
            // An answer of an earlier search may have led to a question that he is never asked now.
            let is_his = !candidate.has_earlier();
            return Ok(is_his.then(|| Ended::Misconduct(Box::new(misconduct))));
        }
        if let Some(conviction) = conviction {
            if !candidate.says_the_same(|| drop(search.again(&conviction))) {
                return Ok(None);
            }
            let (his, (roads, _)) = (search.novices(), walk_all(candidate));
            let (part, is_shortest) = (part.to_owned(), true);
            let charge = Charge { conviction, part, is_shortest, his, roads };
            return Ok(Some(Ended::Convicted(Box::new(charge))));
        }
        if findings.stopped.is_some() {
            let states = counted(sum.states, "state");
            let searched = format!("no rule was broken in the part that was searched: {states}");
            return Ok(Some(Ended::Stopped(searched)));
        }
    }
    let Some(again) = candidate.ask_again(hands) else { return Ok(None) };
    if let Some(misconduct) = candidate.misconduct() {
        return Ok(Some(Ended::Misconduct(Box::new(misconduct))));
    }
    if stop.load(Ordering::Relaxed) {
        return Ok(Some(Ended::Stopped("every state was searched, but not asked again".into())));
    }
    let took = begun.elapsed().as_secs_f64();
    let inside = (candidate.spent() - spent).as_secs_f64() / hands as f64;
    let share = 100.0 * (inside / took.max(1e-9)).min(1.0);
    Ok(Some(Ended::Passed(format!(
        "{} in {}, {} asked, {} of them again in another order; {took:.1} s, {share:.0} % of it in your program",
        counted(sum.states, "state"),
        counted(sum.worlds as u64, "world"),
        counted(candidate.asked() - asked, "question"),
        grouped(again as u64),
    ))))
}
