//! The numbered rows of all ledgers, merged into one order.
//!
//! A ledger tells nearly in order what it began, what it voted for, and what it passed. So rows are
//! kept as they come, and merged. A page that has been read out is written on again: no more memory
//! is needed than the rows themselves take.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::fact::Fact;
use super::named::Named;
use crate::words::DecreeNumber;

/// How many rows stand on one page.
const PAGE: usize = 4096;

/// The numbered rows of one ledger, as they come.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// For each kind, the rows that come in order, page by page.
    in_order: [Vec<Vec<Fact>>; 3],
    /// Those that come later than they should.
    late: Vec<Fact>,
}

impl Told {
    pub fn push(&mut self, fact: Fact, named: &Named) {
        let pages = &mut self.in_order[fact.kind as usize];
        let is_late = |last: &Fact| {
            fact.number < last.number
                || fact.number == last.number && named.number(fact.named) < named.number(last.named)
        };
        match pages.last_mut() {
            Some(page) if page.last().is_some_and(is_late) => self.late.push(fact),
            Some(page) if page.len() < PAGE => page.push(fact),
            Some(_) => {
                let mut page = Vec::with_capacity(PAGE);
                page.push(fact);
                pages.push(page);
            }
            None => pages.push(vec![fact]),
        }
    }

    fn count(&self) -> usize {
        self.in_order.iter().flatten().map(Vec::len).sum::<usize>() + self.late.len()
    }

    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut Fact> {
        self.in_order.iter_mut().flatten().flatten().chain(&mut self.late)
    }
}

/// All rows, in the order of numbers, then ballots, then kinds, then ledgers, then lines.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// How many rows have room on a page. All rows of a number stand on one, however many.
    page: usize,
    pages: Vec<Vec<Fact>>,
    /// For each number, its page, and the index on it at which its rows begin.
    index: Vec<(DecreeNumber, u32, u32)>,
}

impl Merged {
    /// Merges what the ledgers tell.
    pub fn of(told: Vec<Told>, named: &Named) -> Merged {
        let (mut merged, mut blank) = (Merged::default(), Vec::new());
        merged.page = PAGE.min(told.iter().map(Told::count).sum());
        let mut runs = runs(told, named);
        let numbered = runs.iter().zip(0..).map(|(run, i): (&Run, usize)| (run.number(), i));
        let mut next: BinaryHeap<Reverse<(DecreeNumber, usize)>> =
            numbered.filter_map(|(number, i)| Some(Reverse((number?, i)))).collect();
        let mut rows: Vec<Fact> = Vec::new();
        while let Some(&Reverse((number, _))) = next.peek() {
            rows.clear();
            while let Some(top) = next.peek_mut().filter(|top| top.0.0 == number) {
                let i = top.0.1;
                runs[i].read_out(number, &mut rows, &mut blank);
                match runs[i].number() {
                    Some(number) => *{ top } = Reverse((number, i)),
                    None => drop(PeekMut::pop(top)),
                }
            }
            // Most often they stand so already.
            rows.sort_by_key(|fact| key(fact, named));
            merged.write(number, &rows, &mut blank);
        }
        merged
    }

    fn write(&mut self, number: DecreeNumber, rows: &[Fact], blank: &mut Vec<Vec<Fact>>) {
        let is_full = |page: &Vec<Fact>| page.len() + rows.len() > page.capacity();
        if self.pages.last().is_none_or(is_full) {
            let page = blank.pop().filter(|page| rows.len() <= page.capacity());
            let room = self.page.max(rows.len());
            self.pages.push(page.unwrap_or_else(|| Vec::with_capacity(room)));
        }
        let last = self.pages.len() - 1;
        let page = &mut self.pages[last];
        let place = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        self.index.push((number, place(last), place(page.len())));
        page.extend_from_slice(rows);
    }

    /// The numbers of which rows speak, in order.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = DecreeNumber> + ExactSizeIterator {
        self.index.iter().map(|&(number, ..)| number)
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &Fact> {
        self.pages.iter().flatten()
    }

    /// All rows of a number.
    pub fn of_number(&self, number: DecreeNumber) -> &[Fact] {
        // If no number is missing, the number gives its index.
        let guess = usize::try_from(number.saturating_sub(self.index.first().map_or(0, |e| e.0)));
        let guess = guess.ok().filter(|&i| self.index.get(i).is_some_and(|e| e.0 == number));
        let found = guess.or_else(|| self.index.binary_search_by_key(&number, |e| e.0).ok());
        found.map_or(&[], |i| self.at(i))
    }

    /// Rows of the numbers above the first, through the second, number by number.
    pub fn between(
        &self,
        (above, through): (DecreeNumber, DecreeNumber),
    ) -> impl Iterator<Item = &[Fact]> {
        let first = self.index.partition_point(|entry| entry.0 <= above);
        let range = (first..self.index.len()).take_while(move |&i| self.index[i].0 <= through);
        range.map(|i| self.at(i))
    }

    fn at(&self, i: usize) -> &[Fact] {
        let (_, page, begin) = self.index[i];
        let next = self.index.get(i + 1).filter(|next| next.1 == page);
        let page = &self.pages[page as usize];
        &page[begin as usize..next.map_or(page.len(), |next| next.2 as usize)]
    }
}

/// Where a row stands among those of its number.
fn key(fact: &Fact, named: &Named) -> impl Ord + use<> {
    (named.number(fact.named), fact.kind, fact.ledger, fact.line)
}

/// Rows in order, being read out.
struct Run {
    /// The pages that follow.
    pages: std::vec::IntoIter<Vec<Fact>>,
    page: Vec<Fact>,
    /// How much of this page has been read.
    read: usize,
}

/// The rows of the ledgers, in runs that are in order. Each kind is apart, since for one number all
/// begin a ballot before they vote, and vote before it passes.
fn runs(told: Vec<Told>, named: &Named) -> Vec<Run> {
    let mut found: [Vec<Run>; 4] = Default::default();
    for Told { in_order, mut late } in told {
        late.sort_unstable_by_key(|fact| (fact.number, key(fact, named)));
        let late = if late.is_empty() { Vec::new() } else { vec![late] };
        for (pages, found) in in_order.into_iter().chain([late]).zip(&mut found) {
            let mut pages = pages.into_iter();
            found.extend(pages.next().map(|page| Run { pages, page, read: 0 }));
        }
    }
    found.into_iter().flatten().collect()
}

impl Run {
    /// The number of the next row.
    fn number(&self) -> Option<DecreeNumber> {
        self.page.get(self.read).map(|fact| fact.number)
    }

    /// Reads out all rows of the next number, and lays aside the pages that are blank then.
    fn read_out(&mut self, number: DecreeNumber, rows: &mut Vec<Fact>, blank: &mut Vec<Vec<Fact>>) {
        loop {
            let rest = &self.page[self.read..];
            let count = rest.iter().take_while(|fact| fact.number == number).count();
            rows.extend_from_slice(&rest[..count]);
            self.read += count;
            if self.read < self.page.len() {
                return;
            }
            let mut page = std::mem::replace(&mut self.page, self.pages.next().unwrap_or_default());
            self.read = 0;
            page.clear();
            if page.capacity() == PAGE {
                blank.push(page);
            }
            if self.page.is_empty() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fact::{Kind, NEVER};
    use super::*;
    use crate::words::BallotNumber;

    const KINDS: [Kind; 3] = [Kind::Begun, Kind::Vote, Kind::Outcome];

    /// The parts of a row that are compared: number, ballot, kind, ledger and line.
    type Row = (DecreeNumber, Option<BallotNumber>, Kind, u32, u32);

    /// These rows merged, and the same rows sorted. Each is given by its ledger, number, round and
    /// kind; ledgers are read one after the other.
    fn merged_and_sorted(mut told: Vec<(u32, u64, u64, usize)>) -> (Vec<Row>, Vec<Row>) {
        told.sort_by_key(|row| row.0);
        let (mut named, mut sorted) = (Named::default(), Vec::new());
        let mut ledgers: Vec<Told> = (0..4).map(|_| Told::default()).collect();
        let owner = "Oki".parse().unwrap();
        for ((ledger, number, round, kind), line) in told.into_iter().zip(1..) {
            let (ballot, kind) =
                ((round > 0).then_some(BallotNumber { round, owner }), KINDS[kind]);
            let id = named.id_after(0, ballot, None);
            let (decree, petition) = (1, 0);
            let fact = Fact { number, at: NEVER, kind, ledger, line, named: id, decree, petition };
            ledgers[ledger as usize].push(fact, &named);
            sorted.push((number, ballot, kind, ledger, line));
        }
        sorted.sort_unstable();
        let merged = Merged::of(ledgers, &named);
        let number = |number| merged.of_number(number).iter();
        let row = |it: &Fact| (it.number, named.number(it.named), it.kind, it.ledger, it.line);
        let found: Vec<Row> = merged.numbers().flat_map(number).map(row).collect();
        assert_eq!(merged.rows().map(row).collect::<Vec<_>>(), found);
        (found, sorted)
    }

    proptest! {
        #[test]
        fn rows_of_all_ledgers_are_merged_into_one_order(
            told in prop::collection::vec((0..4u32, 0..12u64, 0..3u64, 0..3usize), 0..60),
        ) {
            let (merged, sorted) = merged_and_sorted(told);
            prop_assert_eq!(merged, sorted);
        }
    }

    #[test]
    fn rows_of_many_pages_are_merged_whole() {
        // A busy president's: begun and voted for, a thousand numbers before they pass; and one
        // number of which more rows speak than have room on a page.
        let busy = |ledger: u32| {
            (1..10_000).flat_map(move |n| [(ledger, n + 1000, 1, 0), (ledger, n, 1, 2)])
        };
        let one_number = (0..2 * PAGE).map(|i| (1, 5000, 2, i % 3));
        let (merged, sorted) = merged_and_sorted((0..3).flat_map(busy).chain(one_number).collect());
        assert!(merged == sorted);
    }
}
