//! Decrees that heal the law where ledgers contradict each other. `[PTP §3.3.5]`
//!
//! "When inconsistencies were recognized, they could easily be corrected by passing decrees. For
//! example, disagreement about the current olive tax could be eliminated by passing a new decree
//! declaring the tax to have a certain value." What is inked stays inked: it is the law that comes
//! of it which agrees again.

use std::collections::{BTreeMap, BTreeSet};

use crate::chamber::{Chamber, Following};
use crate::law::{Law, LawBook, Meaning, Phrase};
use crate::synod::{Decree, DecreeNumber, Entry, Founding, Name};

use super::Failure;

/// The decrees of one ledger.
type Decrees = BTreeMap<DecreeNumber, Decree>;

/// The decrees after which all ledgers make one law of every matter, by what most of them hold
/// now; none if they do already, and `None` where nobody sits who could pass them, or a decree is
/// missing without which nobody knows what the others made.
///
/// # Errors
/// When a ledger cannot be read.
pub fn healing(chamber: &Chamber) -> Result<Option<Vec<Decree>>, Failure> {
    let Some(founding) = chamber.founding()? else { return Ok(None) };
    let mut ledgers = Vec::new();
    for name in chamber.legislators(&founding)? {
        if chamber.ledger(name).exists() {
            ledgers.push(decrees(chamber, name)?);
        }
    }
    let common = held_by_most(&ledgers);
    let agreed = law(&founding, &common);
    if agreed.complete_through() < last_contradicted(&ledgers, &common) {
        return Ok(None);
    }
    let mut healing = BTreeMap::new();
    for ledger in &ledgers {
        // What this ledger lacks it will copy; what it has otherwise, it will keep.
        let differs = ledger.iter().any(|(number, decree)| common[number].text() != decree.text());
        if differs {
            let mut kept = common.clone();
            kept.extend(ledger.iter().map(|(number, decree)| (*number, decree.clone())));
            differences(&agreed, &law(&founding, &kept), &mut healing);
        }
    }
    let texts = healing.into_values().map(|meaning| Decree::new(&meaning.to_string()));
    Ok(Some(texts.collect::<Result<_, _>>()?))
}

fn decrees(chamber: &Chamber, name: Name) -> Result<Decrees, Failure> {
    let mut decrees = Decrees::new();
    for row in Following::from_start(chamber, name)?.look()? {
        if let Entry::Outcome { number, decree, .. } = row.entry {
            decrees.entry(number).or_insert(decree);
        }
    }
    Ok(decrees)
}

/// Of each number the decree that most ledgers hold; of several, the first ledger's.
fn held_by_most(ledgers: &[Decrees]) -> Decrees {
    let held_by = |number: &DecreeNumber, decree: &Decree| {
        let same =
            |ledger: &&Decrees| ledger.get(number).is_some_and(|it| it.text() == decree.text());
        ledgers.iter().filter(same).count()
    };
    let mut most: BTreeMap<DecreeNumber, (usize, &Decree)> = BTreeMap::new();
    for (number, decree) in ledgers.iter().flatten() {
        let held = || (held_by(number, decree), decree);
        let first = most.entry(*number).or_insert_with(held);
        if first.1.text() != decree.text() && held().0 > first.0 {
            *first = held();
        }
    }
    most.into_iter().map(|(number, (_, decree))| (number, decree.clone())).collect()
}

/// The last number under which some ledger holds another decree than most.
fn last_contradicted(ledgers: &[Decrees], common: &Decrees) -> DecreeNumber {
    let all = ledgers.iter().flatten();
    let other = all.filter(|(number, decree)| common[number].text() != decree.text());
    other.map(|(number, _)| *number).max().unwrap_or_default()
}

fn law(founding: &Founding, decrees: &Decrees) -> LawBook {
    let mut book = LawBook::opened(Law::founded(founding));
    for (number, decree) in decrees {
        book.learn(*number, decree.clone());
    }
    book
}

/// What would have to be decreed so that `other` says of every matter what `agreed` says.
fn differences(agreed: &LawBook, other: &LawBook, healing: &mut BTreeMap<Phrase, Meaning>) {
    let (agreed, other) = (agreed.state(), other.state());
    let all = agreed.matters.iter().chain(other.matters.iter());
    let matters: BTreeSet<&Phrase> = all.map(|(matter, _)| matter).collect();
    for matter in matters {
        let value = |law: &Law| law.matters.get(matter).map(|statute| statute.value.clone());
        let (is, there) = (value(agreed), value(other));
        if is != there {
            let matter = matter.clone();
            let meaning = match is {
                Some(value) => Meaning::Declares { matter: matter.clone(), value, provided: None },
                None => Meaning::Repeals { matter: matter.clone() },
            };
            healing.insert(matter, meaning);
        }
    }
}
