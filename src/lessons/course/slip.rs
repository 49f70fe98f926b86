//! Lesson 6: what is in the ledger, and what may be on a slip of paper.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::{Question, choice};
use super::super::sight::{Shown, Sight};

const PLACES: &[&str] = &["ledger", "slip"];

/// The heresies of those who keep in their head what belongs in the ledger.
const HERESIES: [&str; 3] = ["promise-forgotten", "vote-forgotten", "number-reused"];

const fn place(key: &'static str, ask: &'static str) -> Question {
    choice(key, ask, PLACES)
}

pub(super) const LESSON: Lesson = Lesson {
    number: 6,
    slug: "slip",
    title: "What is on the slip?",
    section: "§2.2",
    misconceptions: &[2],
    text: "
A priest has a ledger, whose ink stays, and a slip of paper, which he loses when he
leaves the Chamber. Writing in the ledger is slow. So what may be on the slip?

## First, sort these notes

{?lastTried}
{?nextBal}
{?prevVote}
{?prevVotes}
{?quorum}
{?voters}

## Do

One kind of priest writes such a note on the slip that belongs in the ledger, and
forgets it when he leaves. Show what comes of it: add moves to `script.txt` until
a rule is broken. In the second line, choose who they are:

- `promise-forgotten`: after he returns, he has forgotten nextBal;
- `vote-forgotten`: he has forgotten prevVote;
- `number-reused`: he has forgotten lastTried.

The moves that you need; `begin` wants promises of a majority, his own included:

    try 1.{1}
    deliver {1} {3}
    begin {1} α
    crash {3}
    return {3}

To move the same priests by hand, run this; `s` saves, `?` shows the keys:

    parliament play script.txt
",
    questions: &[
        place("lastTried", "lastTried, the last ballot that he tried to begin."),
        place("nextBal", "nextBal, the highest ballot that he promised."),
        place("prevVote", "prevVote, his last vote."),
        place("prevVotes", "prevVotes, the LastVotes that came for his ballot."),
        place("quorum", "quorum, the priests of the ballot that he has begun."),
        place("voters", "voters, the priests whose Voted has come."),
    ],
    files: &[(
        "script.txt",
        "
convene {1} {3} {5}
heretic all promise-forgotten
# Write your moves here, one in a line:
",
    )],
    steps: &[
        Step { title: "a place is written: lastTried", check: |it| it.asked("lastTried") },
        Step { title: "a place is written: nextBal", check: |it| it.asked("nextBal") },
        Step { title: "a place is written: prevVote", check: |it| it.asked("prevVote") },
        Step { title: "a place is written: prevVotes", check: |it| it.asked("prevVotes") },
        Step { title: "a place is written: quorum", check: |it| it.asked("quorum") },
        Step { title: "a place is written: voters", check: |it| it.asked("voters") },
        Step { title: "the script breaks a rule, and by the paper it breaks none", check: breaks },
        Step {
            title: "lastTried is in its place",
            check: |it| ledger(it, "lastTried", LAST_TRIED),
        },
        Step { title: "nextBal is in its place", check: |it| ledger(it, "nextBal", NEXT_BAL) },
        Step { title: "prevVote is in its place", check: |it| ledger(it, "prevVote", PREV_VOTE) },
        Step {
            title: "prevVotes are in their place",
            check: |it| slip(it, "prevVotes", PREV_VOTES),
        },
        Step { title: "quorum is in its place", check: |it| slip(it, "quorum", QUORUM) },
        Step { title: "voters are in their place", check: |it| slip(it, "voters", VOTERS) },
    ],
    hints: [
        "Read §2.2 of the paper: which notes must outlive an absence?",
        "Ask of each note: if he forgets it and comes back, may he do something that others rely on him not to do?",
        "The shortest script lets {3} promise 1.{1}, leave, and come back without the promise.",
        "Add these lines to script.txt:\n    try 1.{1}\n    deliver {1} {3}\n    crash {3}\n    return {3}",
    ],
    after: After {
        why: "lastTried, nextBal and prevVote are promises to others: never this number again; nothing \
              below; this was my vote. The other three only serve a ballot under way. If they are \
              lost, the ballot is lost, and a new one begins: slower, and never wrong.",
        heresy: (
            "A priest forgets his vote, and B3 is asked of half the truth.",
            "parliament explore --heresy vote-forgotten",
        ),
        quiz: "Raft keeps currentTerm, votedFor and log on disk, and the rest in memory. Which of them is which here?",
        answer: "currentTerm is like nextBal, votedFor is in the promise to one ballot's owner, and the log is prevVote and the outcomes: the ledger. nextIndex, matchIndex and the votes a candidate counts are on the slip: when they are lost, an election or a ballot is lost, and no rule.",
        picture: "parliament play script.txt",
    },
};

const LAST_TRIED: &str = "Then he may use a number again, for another decree, and B1 is broken: \
                          parliament explore --heresy number-reused";
const NEXT_BAL: &str = "Promises may not live in memory: he votes below a promise that others rely on. See \
                        parliament explore --heresy promise-forgotten";
const PREV_VOTE: &str = "Then his LastVote leaves out a vote that may have passed a decree. See \
                         parliament explore --heresy vote-forgotten";
const PREV_VOTES: &str = "It would do no harm, and it is slow for nothing: if the answers are lost, he \
                          tries a new ballot and asks again.";
const QUORUM: &str = "It would do no harm, and nobody needs it from him later: if it is lost, the ballot is \
                      given up, and a new one begun.";
const VOTERS: &str = "It would do no harm, and it is slow for nothing: the votes themselves are in the \
                      ledgers of those who voted.";

fn breaks(it: &Sight<'_>) -> Check {
    for heresy in HERESIES {
        // A script for one of them need not play on under another.
        if it.heretics("script.txt", heresy).is_ok_and(|it| !it.broken.is_empty()) {
            return it.is_sound_script("script.txt");
        }
    }
    let Shown { moves, .. } = it.heretics("script.txt", HERESIES[0])?;
    missing(format!(
        "The {moves} of script.txt break no rule yet, whichever of the three notes is forgotten. Somebody \
         must write such a note, leave, and return.",
    ))
}

fn ledger(it: &Sight<'_>, key: &str, why: &str) -> Check {
    if it.chosen(key)? == 0 { Ok(()) } else { it.wrong(key, why) }
}

fn slip(it: &Sight<'_>, key: &str, why: &str) -> Check {
    if it.chosen(key)? == 1 { Ok(()) } else { it.wrong(key, why) }
}
