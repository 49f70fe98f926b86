//! Texts, each kept once: a million of them lie close together on a few pages.

use std::hash::{BuildHasher, RandomState};

use crate::words::ballot::{LONGEST_DECREE, LONGEST_PETITION};

/// How many bytes of text stand on one page.
const PAGE: usize = 1 << 16;

const _: () = assert!(LONGEST_DECREE < PAGE && LONGEST_PETITION < PAGE);

/// Where a text stands: on which page, and where there it begins and how long it is.
#[derive(Clone, Copy, Debug)]
struct Spot {
    page: u32,
    begin: u16,
    length: u16,
}

/// A place in the table that finds texts.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    id: u32,
}

const FREE: Slot = Slot { hash: 0, id: u32::MAX };

/// The most slots of a list that only finds the latest texts: they stay in a processor's cache.
const LATEST: usize = 1 << 15;

/// Texts, each kept once. The empty text has id 0.
#[derive(Debug)]
pub(super) struct Texts {
    pages: Vec<String>,
    spots: Vec<Spot>,
    /// A power of two of them, of which more than a quarter are free: a text is at the place that
    /// its hash says, or at the next one that was free.
    ///
    /// In a list that only finds the latest texts each has one place, the one that its hash says,
    /// where the next text with this place replaces it.
    slots: Vec<Slot>,
    /// Whether it only finds the latest texts.
    finds_latest: bool,
    /// Seeded by chance, so that nobody can choose texts that all have one place.
    hasher: RandomState,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts::with_slots(16, false)
    }
}

impl Texts {
    /// A list that only finds the latest texts again, and keeps others once more. It takes less
    /// memory, and is made to be joined to a list that keeps each text once.
    pub fn latest() -> Texts {
        Texts::with_slots(LATEST, true)
    }

    fn with_slots(slots: usize, finds_latest: bool) -> Texts {
        let (pages, spots, slots) = (vec![String::new()], Vec::new(), vec![FREE; slots]);
        let mut texts = Texts { pages, spots, slots, finds_latest, hasher: RandomState::new() };
        texts.id("");
        texts
    }

    /// Whether a text may be kept more than once, with an id for each.
    pub fn may_repeat(&self) -> bool {
        self.finds_latest
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.spots.len()
    }

    /// The text of this id.
    pub fn get(&self, id: u32) -> &str {
        let Spot { page, begin, length } = self.spots[id as usize];
        &self.pages[page as usize][begin.into()..][..length.into()]
    }

    /// The id of a text, if it is kept.
    pub fn known(&self, text: &str) -> Option<u32> {
        self.find(text, self.hash(text)).ok()
    }

    /// Finds every text from now on. Returns for each id the first with the same text, which is the
    /// only one from now on.
    pub fn find_all(&mut self) -> Vec<u32> {
        self.finds_latest = false;
        self.slots = vec![FREE; (self.count() / 3 * 4 + 16).next_power_of_two()];
        let mut ids = Vec::with_capacity(self.count());
        for id in (0..).take(self.count()) {
            let text = self.get(id);
            let hash = self.hash(text);
            ids.push(match self.find(text, hash) {
                Ok(first) => {
                    self.spots[id as usize].length = 0;
                    first
                }
                Err(free) => {
                    self.slots[free] = Slot { hash, id };
                    id
                }
            });
        }
        ids
    }

    /// The id of a text that comes after the text `last`. It first tries the same text and the next
    /// two, since ledgers often have the same decrees in the same order, each with a petition's id.
    pub fn id_after(&mut self, last: u32, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        self.soon_after(last, text).unwrap_or_else(|| self.id(text))
    }

    /// The id of a text that probably comes soon after the text `last`, if it is kept.
    pub fn known_after(&self, last: u32, text: &str) -> Option<u32> {
        self.soon_after(last, text).or_else(|| self.known(text))
    }

    fn soon_after(&self, last: u32, text: &str) -> Option<u32> {
        let mut likely = last..self.spots.len().min(last as usize + 3) as u32;
        likely.find(|&id| self.get(id) == text)
    }

    /// Keeps all texts of another list, in its order; returns the id that each has here.
    pub fn join(&mut self, other: &Texts) -> Vec<u32> {
        let mut last = 0;
        let ids = (0..).take(other.count()).map(|id| {
            last = self.id_after(last, other.get(id));
            last
        });
        ids.collect()
    }

    fn id(&mut self, text: &str) -> u32 {
        if text.is_empty() && self.count() > 0 {
            return 0;
        }
        let hash = self.hash(text);
        let free = match self.find(text, hash) {
            Ok(id) => return id,
            Err(free) => free,
        };
        let id = u32::try_from(self.spots.len()).unwrap_or(u32::MAX);
        self.write(text);
        self.slots[free] = Slot { hash, id };
        if !self.finds_latest && self.spots.len() > self.slots.len() / 4 * 3 {
            self.make_room();
        }
        id
    }

    fn hash(&self, text: &str) -> u32 {
        self.hasher.hash_one(text) as u32
    }

    /// The id of a text, or the place where it is to be found if it is new, or not found any more.
    fn find(&self, text: &str, hash: u32) -> Result<u32, usize> {
        let mut at = hash as usize & (self.slots.len() - 1);
        loop {
            let slot = self.slots[at];
            if slot.id == FREE.id {
                return Err(at);
            }
            if slot.hash == hash && self.get(slot.id) == text {
                return Ok(slot.id);
            }
            if self.finds_latest {
                return Err(at);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn write(&mut self, text: &str) {
        let mut last = self.pages.len() - 1;
        if self.pages[last].len() + text.len() > PAGE {
            self.pages.push(String::with_capacity(PAGE));
            last += 1;
        }
        let page = &mut self.pages[last];
        // A page has room for no more, and a text that begins at its very end is empty.
        let begin = u16::try_from(page.len()).unwrap_or(0);
        let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
        page.push_str(text);
        self.spots.push(Spot { page: u32::try_from(last).unwrap_or(u32::MAX), begin, length });
    }

    fn make_room(&mut self) {
        let mut slots = vec![FREE; 2 * self.slots.len()];
        for slot in self.slots.iter().filter(|slot| slot.id != FREE.id) {
            let mut at = slot.hash as usize & (slots.len() - 1);
            while slots[at].id != FREE.id {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = *slot;
        }
        self.slots = slots;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_again_however_many_they_are() {
        let text = |i: usize| format!("{i} {}", "olives ".repeat(i % 600));
        let mut texts = Texts::default();
        let ids: Vec<u32> = (0..2000).map(|i| texts.id(&text(i))).collect();
        assert!(texts.pages.len() > 10);
        for (i, id) in ids.into_iter().enumerate() {
            assert_eq!((texts.get(id), texts.known(&text(i))), (&*text(i), Some(id)));
            assert_eq!(texts.id_after(id.saturating_sub(1), &text(i)), id);
            for last in [0, id.saturating_sub(2), id, 2000] {
                assert_eq!(texts.known_after(last, &text(i)), Some(id));
            }
        }
        assert_eq!(texts.known_after(2000, "2000 "), None);
        assert_eq!((texts.count(), texts.known(""), texts.known("2000 ")), (2001, Some(0), None));
    }

    #[test]
    fn joined_lists_keep_each_text_once() {
        let list = |words: &[&str]| {
            let mut texts = Texts::default();
            for word in words {
                texts.id(word);
            }
            texts
        };
        let mut texts = list(&["a", "b", "c"]);
        assert_eq!(texts.join(&list(&["c", "d", "a", "e"])), [0, 3, 4, 1, 5]);
        assert_eq!((texts.count(), texts.get(4), texts.get(5)), (6, "d", "e"));
    }

    #[test]
    fn a_list_of_the_latest_texts_is_joined_as_each_text_once() {
        let text = |i: usize| format!("{} olives", i % (2 * LATEST));
        let (mut latest, mut all) = (Texts::latest(), Texts::default());
        let ids: Vec<u32> = (0..5 * LATEST).map(|i| latest.id(&text(i))).collect();
        assert!(latest.count() > 2 * LATEST + 1, "some were not found again");
        let joined = all.join(&latest);
        assert_eq!(all.count(), 2 * LATEST + 1);
        for (i, &id) in ids.iter().enumerate() {
            assert_eq!(latest.get(id), text(i));
            assert_eq!(all.known(&text(i)), Some(joined[id as usize]));
        }
        // The list itself can be made one in which each text has one id.
        let one = latest.find_all();
        for i in 0..5 * LATEST {
            let (text, first) = (text(i), one[ids[i] as usize]);
            assert_eq!((latest.get(first), latest.known(&text)), (&*text, Some(first)));
            assert_eq!(latest.id_after(ids[i].saturating_sub(1), &text), first);
        }
        // A text read just now is found again.
        let mut latest = Texts::latest();
        let id = latest.id("Goats");
        assert_eq!((latest.id("Goats"), latest.id("")), (id, 0));
    }
}
