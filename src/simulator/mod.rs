//! A Chamber in memory, in which everything follows from a seed.
//!
//! The very priests whom threads embody run here, in Paxon minutes that take no time, and the gods
//! look at each deed. Same plan, same run, to the byte.
//!
//! | file | what it tells |
//! |---|---|
//! | `plan` | what is to be simulated |
//! | `cast` | who is raised from the ledgers, and what the gods see in them |
//! | `wilful` | a priest of the basic protocol, who may hold a heresy |
//! | `heretic` | legislators of another custom |
//! | `swarm` | the rates of one run, drawn from its seed |
//! | `nemesis` | what may go wrong, each by name |
//! | `links` | messengers |
//! | `storage` | ledgers on a simulated disk |
//! | `body`, `conduct` | a desk, a clock, a ledger; reading, inking, sending, dying |
//! | `queue` | the events to come |
//! | `world`, `storm`, `doors` | what happens next; the storm; the locked doors after it |
//! | `citizen` | petitions, and whether their history has an order |
//! | `politics` | petitions for other laws and other members |
//! | `bureau` | officers, their clocks, and that no two hold one office |
//! | `asking` | both of them at work in the world |
//! | `inquiry` | the law, asked of everyone |
//! | `law` | the law as the gods know it, and who votes by it |
//! | `eye` | the invariant after every deed |
//! | `records` | the audit at the end; the run as a chamber |
//! | `report` | what many runs came to |

mod asking;
mod body;
mod bureau;
pub(crate) mod cast;
pub(crate) mod citizen;
mod conduct;
mod doors;
pub(crate) mod eye;
pub(crate) mod heretic;
mod inquiry;
pub(crate) mod law;
pub(crate) mod links;
pub(crate) mod nemesis;
pub(crate) mod plan;
mod politics;
mod queue;
pub(crate) mod records;
pub(crate) mod report;
pub(crate) mod storage;
mod storm;
pub(crate) mod swarm;
pub(crate) mod wilful;
mod world;

pub use cast::{Believers, Cast, Legislators, Priests, Raised, Soul};
pub use heretic::Heretics;
pub use nemesis::{Mishap, Point};
pub use nemesis::{Nemeses, Nemesis};
pub use plan::{Plan, Roads};
pub use records::Records;
pub use report::Struck;
pub use report::{Failure, Fault, Sight, Tally};
pub use storage::Loss;
pub use world::Scribe;

use crate::trace::TraceRow;

use world::Island;

/// The result of one run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// Its numbers.
    pub tally: Tally,
    /// Its records, if they were asked for.
    pub records: Option<Records>,
}

/// Simulates a plan.
#[must_use]
pub fn simulate(plan: &Plan<'_>) -> Tally {
    run(plan, None, false).tally
}

/// Simulates a plan, tells all that happens, and keeps what it leaves.
pub fn simulate_telling(plan: &Plan<'_>, scribe: &mut Scribe<'_>) -> Run {
    run(plan, Some(scribe), true)
}

/// The trace of a plan.
#[must_use]
pub fn trace(plan: &Plan<'_>) -> Vec<TraceRow> {
    let mut events = Vec::new();
    let _run = simulate_telling(plan, &mut |at, happening| {
        let seq = events.len() as u64 + 1;
        events.push(TraceRow { seq, at, happening });
    });
    events
}

fn run<'a>(plan: &'a Plan<'a>, scribe: Option<&'a mut Scribe<'a>>, is_kept: bool) -> Run {
    let mut world = Island::new(plan, scribe);
    world.run();
    world.ask_for_the_law();
    if world.failure.is_none() && plan.is_audited() {
        let fault = records::objection(&records::audit(&world.bodies));
        let fault = fault.or_else(|| world.citizen.judge().err());
        fault.into_iter().for_each(|fault| world.object(fault));
    }
    let mut tally = world.tally;
    tally.passed =
        world.eye.numbers().filter(|&number| world.eye.passed(number).is_some()).count() as u64;
    tally.close(world.failure);
    let records = is_kept.then(|| Records::of(&world.bodies));
    Run { tally, records }
}
