//! Under a heavy load, when ink dries while its priest reads on: nothing is sent or told that rests
//! on ink that is not dry, and a drying that fails costs nothing but time.
#![cfg(all(unix, feature = "cli"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parliament::chamber::messenger::Roads;
use parliament::chamber::{Chamber, Cursor};
use parliament::god::parliament::{Assembly, Manner, pass};
use parliament::god::{Citizen, Convening, Curiosity, News, Passage, Tiding};
use parliament::synod::{Decree, Founding, Message, Minutes, Name};

/// More than lie on a desk at once, many times over.
const DECREES: usize = 8000;

/// How far each ledger is known to be dry, by its number in the file system.
type Dry = Arc<Mutex<BTreeMap<u64, u64>>>;

/// Has a sitting pass many decrees, with ledgers that dry slowly and, now and then, not at all.
fn heavy_load(
    dir: &Path,
    fails_every: u64,
    mut look: impl FnMut(&Chamber, &Dry, &News),
) -> Passage {
    let founding: Founding = "Gray Lynch Oki alpha=1000".parse().unwrap();
    Chamber::at(dir).found(&founding).unwrap();
    let (dry, turns) = (Dry::default(), AtomicU64::new(1));
    let known = Arc::clone(&dry);
    let drying = move |file: &File| {
        let before = file.metadata()?;
        // Long enough for whatever would leave too early to be seen.
        std::thread::sleep(Duration::from_millis(4));
        if turns.fetch_add(1, Ordering::Relaxed) % fails_every == 0 {
            return Err(io::Error::other("the disk said no"));
        }
        file.sync_data()?;
        let mut known = known.lock().unwrap();
        let through = known.entry(before.ino()).or_default();
        *through = (*through).max(before.len());
        Ok(())
    };
    let chamber = Chamber::at(dir).with_drying(Arc::new(drying));
    let priests: Vec<Name> = founding.membership.names().collect();
    let citizen = Citizen::new("Dolf".parse().unwrap(), &chamber, &priests);
    let wish = |i| Decree::new(&format!("The toll is {i}"))?.petitioned(&format!("Dolf/{i}"));
    let wishes = (0..DECREES).map(wish).collect::<Result<_, _>>().unwrap();
    let convening = Convening {
        chamber: chamber.clone(),
        priests,
        roads: Roads::default(),
        seed: 0,
        minute: Duration::from_millis(50),
        curiosity: Curiosity::Decrees,
        poll: false,
        trace: None,
    };
    let manner = Manner { silent: true, ..Manner::default() };
    let assembly = Assembly::convene(&convening, founding, manner).unwrap();
    let (within, interrupted) = (Minutes::whole(12_000), AtomicBool::new(false));
    pass(
        assembly,
        citizen,
        wishes,
        within,
        &interrupted,
        |_| None,
        |news, _| look(&chamber, &dry, news),
    )
}

/// The dry part of a ledger, read on each time it is asked.
#[derive(Default)]
struct DryPart {
    read: u64,
    /// The kind and the number of each row.
    rows: BTreeSet<(String, u64)>,
}

impl DryPart {
    fn has(&mut self, chamber: &Chamber, dry: &Dry, of: Name, kind: &str, number: u64) -> bool {
        let row = (kind.to_string(), number);
        self.rows.contains(&row) || {
            self.read_on(&chamber.ledger(of), dry);
            self.rows.contains(&row)
        }
    }

    fn read_on(&mut self, ledger: &Path, dry: &Dry) {
        let ino = fs::metadata(ledger).unwrap().ino();
        let through = dry.lock().unwrap().get(&ino).copied().unwrap_or_default();
        let mut file = File::open(ledger).unwrap();
        file.seek(SeekFrom::Start(self.read)).unwrap();
        let mut new = String::new();
        file.take(through.saturating_sub(self.read)).read_to_string(&mut new).unwrap();
        for row in new.lines() {
            let mut fields = row.split(',');
            let (kind, number) = (fields.next().unwrap(), fields.next().unwrap_or_default());
            self.rows.extend(number.parse().map(|number| (kind.to_string(), number)));
        }
        self.read += new.len() as u64;
    }
}

#[test]
fn no_letter_leaves_before_dry_ink_while_priests_read_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut parts: BTreeMap<Name, DryPart> = BTreeMap::new();
    let mut oki: Option<Cursor> = None;
    let (mut told, mut votes) = (0, 0);
    let passage = heavy_load(dir.path(), u64::MAX, |chamber, dry, news| {
        if let Tiding::Knows(decrees) = &news.what {
            let part = parts.entry(news.of).or_default();
            for (number, _) in decrees {
                let is_dry = part.has(chamber, dry, news.of, "outcome", *number);
                assert!(is_dry, "{} is said to know {number}, and its ink is wet", news.of);
                told += 1;
            }
        }
        let oki = oki.get_or_insert_with(|| Cursor::at_start(chamber, "Oki".parse().unwrap()));
        for row in oki.read().unwrap().into_iter().flatten() {
            if let Message::Voted { number, .. } = row.message {
                let part = parts.entry(row.from).or_default();
                let is_dry = part.has(chamber, dry, row.from, "prevVote", number);
                assert!(is_dry, "{} has sent Voted for {number}, and its ink is wet", row.from);
                votes += 1;
            }
        }
    });
    assert!(passage.is_complete() && passage.passed.len() == DECREES);
    assert_eq!(told, 3 * DECREES);
    assert!(votes > DECREES / 2, "what the test is about was hardly seen");
    let a_desk_each = 3 * DECREES as u64 / 100;
    assert!(passage.counts.dried < a_desk_each, "no desk was ever full");
}

#[test]
fn a_priest_returns_after_a_failed_drying_and_tells_decrees() {
    let dir = tempfile::tempdir().unwrap();
    let mut driven_out = 0;
    let passage = heavy_load(dir.path(), 12, |_, _, news| {
        driven_out += usize::from(matches!(&news.what, Tiding::Left { why: Some(_) }));
    });
    assert!(driven_out > 0, "nobody's ink failed");
    assert_eq!(passage.passed.len(), DECREES);
    assert!(passage.is_complete(), "{:?} were not heard to know every decree", passage.lacking);
}
