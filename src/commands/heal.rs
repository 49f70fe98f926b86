//! Decrees that heal the law where ledgers contradict each other. `[PTP §3.3.5]`
//!
//! "When inconsistencies were recognized, they could easily be corrected by passing decrees. For
//! example, disagreement about the current olive tax could be eliminated by passing a new decree
//! declaring the tax to have a certain value." Nothing inked is changed: only the law that
//! follows agrees again.

use std::collections::{BTreeMap, BTreeSet};

use crate::chamber::{Chamber, Following};
use crate::law::BookRows;
use crate::law::{Law, LawBook, Meaning, Phrase};
use crate::words::{Decree, DecreeNumber, Entry, Founding, Name};

use super::Failure;

type Decrees = BTreeMap<DecreeNumber, Decree>;

/// One ledger.
struct Ledger {
    /// The law book with which it begins; as of decree 0 if it has none. `[PTP §3.3.2]`
    book: LawBook,
    /// The decrees in it, and in those of the archive that it replaced, if they are here.
    decrees: Decrees,
}

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
        if chamber.has_ledger(name) {
            ledgers.push(Ledger::read(chamber, &founding, name)?);
        }
    }
    let common = held_by_most(&ledgers);
    let agreed = law(&LawBook::opened(Law::founded(&founding)), &common);
    let in_books = ledgers.iter().map(|ledger| ledger.book.complete_through()).max();
    let through = last_contradicted(&ledgers, &common).max(in_books.unwrap_or_default());
    if agreed.complete_through() < through {
        return Ok(None);
    }
    let mut healing = BTreeMap::new();
    for Ledger { book, decrees } in &ledgers {
        // The ledger will copy the decrees it lacks, and keeps its own others. A book does not show
        // the decrees that it stands for.
        let differs = decrees.iter().any(|(number, it)| common[number].text() != it.text());
        if differs || book.complete_through() > Founding::NUMBER {
            let mut kept = common.clone();
            kept.extend(decrees.iter().map(|(number, decree)| (*number, decree.clone())));
            differences(&agreed, &law(book, &kept), &mut healing);
        }
    }
    let texts = healing.into_values().map(|meaning| Decree::new(&meaning.in_sight()));
    Ok(Some(texts.collect::<Result<_, _>>()?))
}

impl Ledger {
    fn read(chamber: &Chamber, founding: &Founding, name: Name) -> Result<Ledger, Failure> {
        let mut book = LawBook::opened(Law::founded(founding));
        let (mut decrees, mut rows) = (Decrees::new(), BookRows::default());
        for row in Following::from_archive(chamber, name)?.look()? {
            match row.entry {
                Entry::Outcome { number, decree, .. } => {
                    decrees.entry(number).or_insert(decree);
                }
                Entry::Book(row) => {
                    let bound = rows.read(&row, founding, book.complete_through());
                    book = bound.unwrap_or(book);
                }
                _ => {}
            }
        }
        Ok(Ledger { book, decrees })
    }
}

/// For each number, the decree that most ledgers hold; of several, the first ledger's.
fn held_by_most(ledgers: &[Ledger]) -> Decrees {
    let held_by = |number: &DecreeNumber, decree: &Decree| {
        let held = ledgers.iter().filter_map(|ledger| ledger.decrees.get(number));
        held.filter(|it| it.text() == decree.text()).count()
    };
    let mut most: BTreeMap<DecreeNumber, (usize, &Decree)> = BTreeMap::new();
    for (number, decree) in ledgers.iter().flat_map(|ledger| &ledger.decrees) {
        let held = || (held_by(number, decree), decree);
        let first = most.entry(*number).or_insert_with(held);
        if first.1.text() != decree.text() && held().0 > first.0 {
            *first = held();
        }
    }
    most.into_iter().map(|(number, (_, decree))| (number, decree.clone())).collect()
}

/// The last number under which some ledger holds another decree than most.
fn last_contradicted(ledgers: &[Ledger], common: &Decrees) -> DecreeNumber {
    let all = ledgers.iter().flat_map(|ledger| &ledger.decrees);
    let other = all.filter(|(number, decree)| common[number].text() != decree.text());
    other.map(|(number, _)| *number).max().unwrap_or_default()
}

/// The law that these decrees make of that in a book.
fn law(book: &LawBook, decrees: &Decrees) -> LawBook {
    let mut book = book.clone();
    for (number, decree) in decrees {
        book.learn(*number, decree.clone());
    }
    book
}

/// Adds the decrees after which `other` agrees with `agreed` on every matter.
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
