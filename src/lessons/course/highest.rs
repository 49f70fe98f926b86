//! Lesson 9: the highest vote, and what comes of taking another.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::{choice, yes_no};
use super::super::sight::{Shown, Sight};
use crate::invariants::Invariant;

const HERESY: &str = "lowest-vote";

pub(super) const LESSON: Lesson = Lesson {
    number: 9,
    slug: "highest",
    title: "The highest vote",
    section: "§2.1 B3",
    misconceptions: &[3],
    text: "
B3 makes a president take the decree of the highest vote among the answers of his
quorum. The presidents of this lesson take the lowest one.

## First, two guesses

{?which}
{?lowest}

## Do

Add moves to `script.txt` until one of these presidents begins a ballot for a
decree that B3 forbids, or two ledgers have different decrees. You need three
ballots: the first with a vote for α, the second with a vote for β, and a third
president who hears of both. These are the moves:

    try 1.{1}
    deliver {1} {3}
    deliver {1} {3} BeginBallot 1.{1}
    begin {1} α

- `deliver {1} {3}`: {3} reads the oldest letter from {1}. With a message and a
  ballot behind it, that letter. A priest also writes to himself.
- `begin {1} α`: {1} begins the ballot, for α if the choice is free. It wants
  the LastVotes of a majority, two of three, delivered to {1}.

It is easier with the priests before your eyes; `s` saves:

    parliament play script.txt

Compare your script with the shortest that a search finds. It takes some seconds:

    parliament explore --heresy lowest-vote
",
    questions: &[
        choice(
            "which",
            "Two answers tell of votes: in ballot 1 for α, in ballot 2 for β. Which decree must he take?",
            &["α", "β", "any"],
        ),
        yes_no("lowest", "Would the lowest vote do as well, if every president takes the lowest?"),
    ],
    files: &[(
        "script.txt",
        "
convene {1} {3} {5}
heretic all lowest-vote
# Write your moves here, one in a line:
",
    )],
    steps: &[
        Step { title: "a guess is written: which", check: |it| it.asked("which") },
        Step { title: "a guess is written: lowest", check: |it| it.asked("lowest") },
        Step { title: "the script breaks B3, or has two decrees pass", check: breaks },
        Step { title: "the guess is compared: which", check: which },
        Step { title: "the guess is compared: lowest", check: lowest },
    ],
    hints: [
        "Read §2.1 of the paper, condition B3, and the proof of the lemma after it.",
        "The answers to the third ballot must tell of two votes, one in each earlier ballot. Whose?",
        "1: {1} begins 1.{1} for α with {3}, and {3} votes. But first {1} tries 2.{1}, asks {5}, and begins it for β; {1} votes. 3: {1} tries 3.{1}, and asks {1} and {3}.",
        "Play it, and choose from the list; `s` saves:\n    parliament play script.txt",
    ],
    after: After {
        why: "Lemma: if a ballot has succeeded, every vote in a higher ballot is for the same decree. \
              So if a decree has passed, the highest vote names it; a lower vote may be for another \
              one. And the answers are promises: a lower ballot gains no more votes from those who \
              gave them. The search's shortest way to break B3 with these presidents has 20 events.",
        heresy: (
            "The same fault from the other side: a priest goes on telling his first vote.",
            "parliament explore --heresy first-vote-stays",
        ),
        quiz: "Two answers tell of votes in the same ballot. Can they be for different decrees?",
        answer: "No. A ballot has a number of its own and one decree (B1), so all votes in it are for the same one.",
        picture: "parliament play script.txt",
    },
};

fn breaks(it: &Sight<'_>) -> Check {
    let Shown { broken, moves } = it.heretics("script.txt", HERESY)?;
    if broken.iter().any(|rule| matches!(rule, Invariant::B3 | Invariant::Consistency)) {
        return it.is_sound_script("script.txt");
    }
    missing(format!(
        "With presidents who take the lowest vote, the {moves} of script.txt break neither B3 nor \
         consistency yet. The third president must hear of two votes, and the lower one must be for \
         another decree.",
    ))
}

fn which(it: &Sight<'_>) -> Check {
    match it.chosen("which")? {
        1 => Ok(()),
        0 => it.wrong(
            "which",
            "That is the lowest vote. B3 names the one with the highest ballot number.",
        ),
        _ => it.wrong("which", "There are votes among the answers, so the choice is not free."),
    }
}

fn lowest(it: &Sight<'_>) -> Check {
    it.is(
        "lowest",
        false,
        "In your script all of them take the lowest, and B3 is broken. Only the highest vote may be that \
         of a ballot which has passed: the lower ones were stopped by the promises for the higher.",
    )
}
