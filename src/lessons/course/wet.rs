//! Lesson 5: ink before feet. A letter that leaves before its ink is dry breaks a rule.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::yes_no;
use super::super::sight::{Shown, Sight};

const HERESY: &str = "last-vote-on-wet-ink";

pub(super) const LESSON: Lesson = Lesson {
    number: 5,
    slug: "wet",
    title: "Ink before feet",
    section: "§2.2",
    misconceptions: &[2],
    text: "
A priest first inks what he promises, and waits until the ink is dry. Only then
the messenger leaves with his LastVote. It takes time. The priests of this lesson
are in a hurry: they send the LastVote while the ink is wet, and hold that the
ink will dry in a moment anyway. Those who keep a wrong rule are heretics here, and
the wrong rule is a heresy.

## First, a guess

{?hurry}

## Do

`script.txt` is a scene: `convene` says who sits, `heretic all` which wrong rule they
keep, and each further line is a move. Add moves at its end until a rule is
broken. These are the moves that you need:

    try 1.{1}
    crash {3} wet
    deliver {1} {3}

- `try`: {1} tries a new ballot, and sends NextBallot to all.
- `crash … wet`: at {3}'s next deed the power fails while the ink is wet. All that he
  wrote is gone. Write it before the deed that it is to meet.
- `deliver`: {3} reads the oldest letter from {1}, and acts on it.

To move the same priests by hand, run this; `s` saves, `?` shows the keys:

    parliament play script.txt
",
    questions: &[yes_no(
        "hurry",
        "The LastVote leaves, and one second later the promise is dry in the ledger. Is that safe?",
    )],
    files: &[(
        "script.txt",
        "
convene {1} {3} {5}
heretic all last-vote-on-wet-ink
# Write your moves here, one in a line:
",
    )],
    steps: &[
        Step { title: "a guess is written", check: |it| it.asked("hurry") },
        Step { title: "the script breaks a rule, and by the paper it breaks none", check: breaks },
        Step { title: "the guess is compared with the script", check: hurry },
    ],
    hints: [
        "Read §2.2 and §2.3 (2) of the paper: in which order does a priest write and send?",
        "In `script.txt`, the first move is a `try`. Whose promise will it ask for?",
        "Between a `try` and a `deliver`, let the priest who will promise crash wet.",
        "Add these lines to script.txt:\n    try 1.{1}\n    crash {3} wet\n    deliver {1} {3}",
    ],
    after: After {
        why: "The letter says that {3} has promised, and {3}'s ledger does not. When {3} is back, \
              nothing keeps {3} from voting in a lower ballot. A promise may not live in memory, \
              not even for a second: the power fails in that second. By the paper the same crash does no \
              harm, since the letter leaves after the ink is dry.",
        heresy: (
            "The same haste with a vote: Voted leaves before prevVote is dry.",
            "parliament explore --heresy voted-on-wet-ink",
        ),
        quiz: "A database says “committed” before fsync has returned. Which of your moves is its power failure?",
        answer: "`crash … wet`: the row is gone with the power, and somebody has acted on what was said of it.",
        picture: "parliament play script.txt",
    },
};

fn breaks(it: &Sight<'_>) -> Check {
    let Shown { broken, moves } = it.heretics("script.txt", HERESY)?;
    if broken.is_empty() {
        return missing(format!(
            "With these priests in a hurry, the {moves} of script.txt break no rule yet. A letter must \
             leave whose row is lost: who must crash, and when?",
        ));
    }
    it.is_sound_script("script.txt")
}

fn hurry(it: &Sight<'_>) -> Check {
    it.is(
        "hurry",
        false,
        "Your script has its crash in that second: the LastVote is on its way, and the promise is gone. \
         A promise that lives in memory, even for a moment, is no promise.",
    )
}
