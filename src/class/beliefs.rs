//! The thirteen usual misconceptions, by number from 1.

/// Each misconception in a sentence, in the order of its number.
const BELIEFS: [&str; 13] = [
    "A promise is a vote.",
    "Promises may live in memory.",
    "Another vote than the highest would do.",
    "A decree that a president takes over must have passed already.",
    "Votes of different ballots add up.",
    "Any majority of votes will do.",
    "A higher number is later in time.",
    "After a success no ballot may succeed.",
    "Two presidents break consistency.",
    "A duel needs failures.",
    "Filling gaps loses commands.",
    "Any ledger tells the current law.",
    "Losing the disk is harmless.",
];

/// All of them, each with its number.
pub(crate) fn all() -> impl Iterator<Item = (u8, &'static str)> {
    (1..).zip(BELIEFS)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_teachers_page_lists_the_same_beliefs() {
        let page = include_str!("../../docs/teaching.md");
        for (number, belief) in super::all() {
            assert!(page.contains(&format!("| {number} | {belief} |")), "{number} {belief}");
        }
    }
}
