//! The events to come, in the order of their hours, and at one hour in the order in which they were
//! planned.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::words::Minutes;

/// The events to come.
pub(super) struct Queue<E> {
    /// The hour of each event, its turn, and its place. An event is large, and stays in its place
    /// while these are sorted.
    order: BinaryHeap<Reverse<(Minutes, u64, usize)>>,
    places: Vec<Option<E>>,
    free: Vec<usize>,
    turns: u64,
}

/// As many events are often planned at once.
const USUAL: usize = 64;

impl<E> Default for Queue<E> {
    fn default() -> Queue<E> {
        let (places, free) = (Vec::with_capacity(USUAL), Vec::with_capacity(USUAL));
        Queue { order: BinaryHeap::with_capacity(USUAL), places, free, turns: 0 }
    }
}

impl<E> Queue<E> {
    /// Adds an event, after all others of this hour.
    pub fn push(&mut self, at: Minutes, event: E) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            self.places.len() - 1
        });
        self.places[place] = Some(event);
        self.order.push(Reverse((at, self.turns, place)));
        self.turns += 1;
    }

    /// Takes out the next event, and its hour.
    pub fn pop(&mut self) -> Option<(Minutes, E)> {
        let Reverse((at, _, place)) = self.order.pop()?;
        self.free.push(place);
        Some((at, self.places[place].take()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_one_hour_come_in_the_order_they_were_planned() {
        let mut queue = Queue::default();
        for (at, event) in [(3, "c"), (1, "a"), (3, "d"), (2, "b")] {
            queue.push(Minutes::whole(at), event);
        }
        assert_eq!(queue.pop(), Some((Minutes::whole(1), "a")));
        // It takes the place of the first, and its turn is still the last.
        queue.push(Minutes::whole(3), "e");
        let rest: Vec<&str> = std::iter::from_fn(|| queue.pop()).map(|(_, event)| event).collect();
        assert_eq!(rest, ["b", "c", "d", "e"]);
    }
}
