//! Messengers carry letters, and on request lose, repeat and delay them. `[PTP §1.3]`
//!
//! `watch` wakes a priest when letters have come.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::chance::Chance;
use crate::synod::{Letter, Released};
use crate::words::{Message, Minutes, Name};

use super::Chamber;
use super::messagebook::Messagebook;
use crate::records::message_row::MessagePen;

/// The faults of messengers. By default there are none: each letter is carried once and at once.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Roads {
    /// The probability that a letter is lost.
    pub lose: f64,
    /// The probability that a letter is delivered once more.
    pub repeat: f64,
    /// The least and the greatest time that a letter takes, in Paxon minutes.
    pub delay_minutes: (Minutes, Minutes),
}

/// The fate of a letter that was handed to a messenger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carriage {
    /// Delivered, or on its way.
    Carried,
    /// Lost.
    Lost,
    /// Delivered, and to be delivered a second time.
    Repeated,
    /// A letter to himself, which needs no messenger.
    Kept,
}

/// A letter that is still on its way.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct OnTheWay {
    due: Minutes,
    turn: u64,
}

/// Wakes a receiver in this process.
pub(crate) type Knocker = dyn Fn(Name) + Send + Sync;

/// The messengers of one priest.
pub struct Messenger {
    name: Name,
    chamber: Chamber,
    bundles: BTreeMap<Name, Bundle>,
    roads: Roads,
    chance: Chance,
    on_the_way: BinaryHeap<Reverse<OnTheWay>>,
    satchel: BTreeMap<u64, Letter>,
    turn: u64,
    pen: MessagePen,
    /// The rows of the next delivery, each once, however many receive it.
    text: Vec<u8>,
    /// The message of the last of these rows.
    told: Option<Message>,
    /// Where that row stands in the text.
    row: Range<usize>,
    /// The receivers of the next delivery.
    receivers: Vec<Name>,
    /// The rows for one receiver, joined.
    joined: Vec<u8>,
    /// The causes that keep letters from being carried, not reported yet.
    troubles: Vec<String>,
    /// Wakes a receiver after a write into his messagebook, if no watch does.
    knocker: Option<Arc<Knocker>>,
}

/// The rows for one receiver, to be delivered in one write.
struct Bundle {
    book: Messagebook,
    /// Where they stand in the text of the delivery. Rows that follow one another are one range.
    rows: Vec<Range<usize>>,
    trouble: Trouble,
}

/// The cause that keeps letters from one receiver. It is reported when it begins, and counted.
#[derive(Default)]
struct Trouble {
    cause: Option<String>,
    failed: u64,
}

impl Trouble {
    /// Notes whether a write succeeded. Returns a remark when a cause begins or ends.
    fn hear(&mut self, to: Name, written: std::io::Result<()>) -> Option<String> {
        let Err(error) = written else {
            let failed = std::mem::take(self).failed;
            let writes = if failed == 1 { "write" } else { "writes" };
            let again =
                || format!("his messenger writes to {to} again; {failed} {writes} had failed");
            return (failed > 0).then(again);
        };
        self.failed += 1;
        let cause = error.to_string();
        let is_new = self.cause.as_ref() != Some(&cause);
        let told = is_new.then(|| format!("his messenger cannot write to {to}: {cause}"));
        self.cause = Some(cause);
        told
    }
}

impl Messenger {
    /// The messengers of `name` in this chamber. The fates of their letters are drawn from `seed`.
    #[must_use]
    pub fn new(chamber: Chamber, name: Name, roads: Roads, seed: u64) -> Messenger {
        let stream = name.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Messenger {
            name,
            chamber,
            bundles: BTreeMap::new(),
            roads,
            chance: Chance::new(seed, stream),
            on_the_way: BinaryHeap::new(),
            satchel: BTreeMap::new(),
            turn: 0,
            pen: MessagePen::default(),
            text: Vec::new(),
            told: None,
            row: 0..0,
            receivers: Vec::new(),
            joined: Vec::new(),
            troubles: Vec::new(),
            knocker: None,
        }
    }

    /// Makes these messengers call `knocker` after each write into a messagebook. The call is only
    /// a hint: the receiver reads the letters from the file.
    #[must_use]
    pub(crate) fn knocking(mut self, knocker: Option<Arc<Knocker>>) -> Messenger {
        self.knocker = knocker;
        self
    }

    /// The causes that kept letters from being carried since the last call, each once.
    pub fn troubles(&mut self) -> Vec<String> {
        std::mem::take(&mut self.troubles)
    }

    /// Carries letters to others, and calls `fate` with the fate of each before it happens. Letters
    /// of the sender to himself stay with him.
    pub fn carry(
        &mut self,
        now: Minutes,
        letters: Released,
        mut fate: impl FnMut(&Letter, Carriage),
    ) {
        let at = self.chamber.now();
        for letter in letters {
            if letter.to == self.name {
                fate(&letter, Carriage::Kept);
                continue;
            }
            if self.chance_of(self.roads.lose) {
                fate(&letter, Carriage::Lost);
                continue;
            }
            let again = self.chance_of(self.roads.repeat);
            fate(&letter, if again { Carriage::Repeated } else { Carriage::Carried });
            if again {
                self.send_off(now, letter.clone(), at);
            }
            self.send_off(now, letter, at);
        }
        self.deliver();
    }

    /// Delivers the delayed letters that are due at `now`.
    pub fn deliver_due(&mut self, now: Minutes) {
        while let Some(Reverse(next)) = self.on_the_way.peek() {
            if next.due > now {
                break;
            }
            if let Some(letter) = self.satchel.remove(&next.turn) {
                self.put_into_words(letter, self.chamber.now());
            }
            self.on_the_way.pop();
        }
        self.deliver();
    }

    /// The time at which the next delayed letter is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Minutes> {
        self.on_the_way.peek().map(|Reverse(next)| next.due)
    }

    /// Draws whether a fault happens. Probability 0 takes no draw.
    fn chance_of(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.chance.happens(probability)
    }

    fn send_off(&mut self, now: Minutes, letter: Letter, at: DateTime<Utc>) {
        let (least, greatest) = self.roads.delay_minutes;
        if greatest == Minutes::ZERO {
            return self.put_into_words(letter, at);
        }
        let spread = (greatest - least).in_thousandths() + 1;
        let due = now + least + Minutes::thousandths(self.chance.below(spread));
        self.turn += 1;
        self.on_the_way.push(Reverse(OnTheWay { due, turn: self.turn }));
        self.satchel.insert(self.turn, letter);
    }

    /// Adds a letter to its receiver's rows. A message to several receivers is formatted once: if
    /// all get it at nearly the same time, they dry their ledgers at the same time.
    fn put_into_words(&mut self, Letter { to, message }: Letter, at: DateTime<Utc>) {
        if self.told.as_ref() != Some(&message) {
            let begin = self.text.len();
            let worded = self.pen.write([(self.name, &message)], at, &mut self.text);
            self.troubles.extend(Trouble::default().hear(to, worded));
            self.row = begin..self.text.len();
            self.told = Some(message);
        }
        let bundle = self.bundles.entry(to).or_insert_with(|| Bundle::to(&self.chamber, to));
        match bundle.rows.last_mut() {
            Some(last) if last.end == self.row.start => last.end = self.row.end,
            Some(_) => bundle.rows.push(self.row.clone()),
            None => {
                bundle.rows.push(self.row.clone());
                self.receivers.push(to);
            }
        }
    }

    /// Delivers with one write for each receiver. A letter that cannot be written is lost.
    fn deliver(&mut self) {
        self.told = None;
        self.receivers.sort_unstable();
        for to in self.receivers.drain(..) {
            let Some(Bundle { book, rows, trouble }) = self.bundles.get_mut(&to) else { continue };
            self.joined.clear();
            let written = match &rows[..] {
                [all] => &self.text[all.clone()],
                several => {
                    let several = several.iter().map(|row| &self.text[row.clone()]);
                    several.for_each(|row| self.joined.extend_from_slice(row));
                    &self.joined
                }
            };
            self.troubles.extend(trouble.hear(to, book.append_written(written)));
            rows.clear();
            if let Some(knock) = &self.knocker {
                knock(to);
            }
        }
        self.text.clear();
    }
}

impl Bundle {
    fn to(chamber: &Chamber, owner: Name) -> Bundle {
        let (book, trouble) = (Messagebook::of(chamber, owner), Trouble::default());
        Bundle { book, rows: Vec::new(), trouble }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::synod::{Deed, Post};
    use crate::words::DecreeNumber;

    #[test]
    fn a_cause_is_told_once_and_counted() {
        let oki: Name = "Oki".parse().unwrap();
        let mut trouble = Trouble::default();
        let full = || Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert!(
            trouble.hear(oki, full()).unwrap().starts_with("his messenger cannot write to Oki")
        );
        assert_eq!(trouble.hear(oki, full()), None);
        assert_eq!(trouble.hear(oki, full()), None);
        let again = "his messenger writes to Oki again; 3 writes had failed";
        assert_eq!(trouble.hear(oki, Ok(())).unwrap(), again);
        assert_eq!(trouble.hear(oki, Ok(())), None);
    }

    #[test]
    fn one_failed_write_is_counted_in_the_singular() {
        let oki: Name = "Oki".parse().unwrap();
        let mut trouble = Trouble::default();
        trouble.hear(oki, Err(std::io::ErrorKind::StorageFull.into()));
        let again = "his messenger writes to Oki again; 1 write had failed";
        assert_eq!(trouble.hear(oki, Ok(())).unwrap(), again);
    }

    /// Posts letters with a messenger.
    struct Posted<'a>(&'a mut Messenger);

    impl Post for Posted<'_> {
        fn post(&mut self, letters: Released) {
            self.0.carry(Minutes::ZERO, letters, |_, _| ());
        }
    }

    #[test]
    fn a_receiver_is_knocked_for_when_his_letter_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(dir.path());
        std::fs::create_dir(dir.path().join("messagebooks")).unwrap();
        let [oki, gray, fischer] = ["Oki", "Gray", "Fischer"].map(|it| it.parse::<Name>().unwrap());
        let knocked: Arc<Mutex<Vec<(Name, usize)>>> = Arc::default();
        let (heard, books) = (Arc::clone(&knocked), chamber.clone());
        let knocker = move |to: Name| {
            let written = std::fs::read_to_string(books.messagebook(to)).unwrap();
            heard.lock().unwrap().push((to, written.matches("NextBallot").count()));
        };
        let messenger = Messenger::new(chamber, oki, Roads::default(), 1);
        let mut messenger = messenger.knocking(Some(Arc::new(knocker)));
        let ballot = "1.Oki".parse().unwrap();
        let next_ballot = Message::NextBallot { ballot, complete_through: DecreeNumber::default() };
        let deed = Deed::nothing()
            .sending(gray, next_ballot.clone())
            .sending(fischer, next_ballot.clone())
            .sending(oki, next_ballot);
        deed.perform(&mut Vec::new(), &mut Posted(&mut messenger)).unwrap();
        assert_eq!(*knocked.lock().unwrap(), [(fischer, 1), (gray, 1)]);
    }
}
