//! Lesson 11: after a success other ballots may succeed, and always with the same decree.

use std::collections::BTreeSet;

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::Check;
use super::super::question::{choice, yes_no};
use super::super::sight::Sight;
use crate::words::Name;

const FIRST: &str = "parliament synod --priests {1},{2},{3},{4},{5} --absent {5} \"{alpha}\"";
const SECOND: &str = "parliament synod --absent {4} \"{beta}\"";

pub(super) const LESSON: Lesson = Lesson {
    number: 11,
    slug: "again",
    title: "Again, the same",
    section: "§2.1, Theorem 1",
    misconceptions: &[8],
    text: "
{5} is away, so {4} presides, and passes “{alpha}”. Then {4} leaves and {5}
comes. {5} knows nothing of it, and wants “{beta}”.

## First, two guesses

{?may}
{?which}

## Do

Run both in this folder, and look at the ballots:

    parliament synod --priests {1},{2},{3},{4},{5} --absent {5} \"{alpha}\"
    parliament synod --absent {4} \"{beta}\"
    parliament audit
",
    questions: &[
        yes_no("may", "A ballot has succeeded. May another ballot succeed after it?"),
        choice(
            "which",
            "{5} holds a ballot and wants “{beta}”. What does that ballot pass?",
            &["{alpha}", "{beta}", "nothing"],
        ),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written: may", check: |it| it.asked("may") },
        Step { title: "a guess is written: which", check: |it| it.asked("which") },
        Step { title: "“{alpha}” has passed without {5}", check: first },
        Step { title: "a second ballot has succeeded, of another president", check: second },
        Step { title: "the guess is compared: may", check: may },
        Step { title: "the guess is compared: which", check: which },
    ],
    hints: [
        "Read Theorem 1 in §2.1 of the paper, and the lemma before it.",
        "Run `parliament audit`: which ballots are passed, and whose are they?",
        "The second ballot's quorum is more than half, so a voter of the first ballot is in it. What does that voter's LastVote say?",
        "Run:\n    parliament synod --absent {4} \"{beta}\"",
    ],
    after: After {
        why: "Nothing forbids a ballot after a success: {5} could not know. But {5}'s quorum has a \
              priest in common with {4}'s, and he told {5} of his vote. So B3 bound {5} to the same \
              decree. Theorem 1: any two successful ballots are for the same decree. A decree is \
              chosen once, and may be passed often.",
        heresy: (
            "A priest who returns has forgotten his vote, so the second president hears of none.",
            "parliament explore --heresy vote-forgotten",
        ),
        quiz: "What if the two quorums had nobody in common?",
        answer: "Then nobody tells the second president of the first ballot's votes, B3 leaves him free, and two different decrees may pass.",
        picture: "parliament chronicle",
    },
};

fn hall(it: &Sight<'_>) -> Check<Option<Facts>> {
    it.sound(".", it.cast.names())
}

fn first(it: &Sight<'_>) -> Check {
    let Some(facts) = hall(it)? else { return it.run("No ballot has succeeded yet.", FIRST) };
    let passed = facts.successful(1);
    let Some(ballot) = passed.first() else {
        return it.run("No ballot has succeeded yet.", FIRST);
    };
    if ballot.decree != it.cast.fill("{alpha}") {
        return it.again("Another decree than “{alpha}” has passed.");
    }
    Ok(())
}

fn second(it: &Sight<'_>) -> Check {
    let passed = hall(it)?.map(|facts| facts.successful(1)).unwrap_or_default();
    let owners: BTreeSet<Name> = passed.iter().map(|ballot| ballot.number.owner).collect();
    if owners.contains(&it.cast.names()[4]) && owners.len() > 1 {
        return Ok(());
    }
    if owners.contains(&it.cast.names()[4]) {
        return it.again("The first ballot was {5}'s own: {5} must be away from it.");
    }
    it.run("One ballot has succeeded, and {5} has held none yet.", SECOND)
}

fn may(it: &Sight<'_>) -> Check {
    it.is(
        "may",
        true,
        "Run `parliament audit`: two ballots are passed. After a success other ballots may succeed, for \
         the same decree.",
    )
}

fn which(it: &Sight<'_>) -> Check {
    match it.chosen("which")? {
        0 => Ok(()),
        1 => it.wrong(
            "which",
            "Somebody in {5}'s quorum had voted for “{alpha}” and said so, and B3 bound {5} to it.",
        ),
        _ => it.wrong("which", "{5}'s ballot has succeeded, and it was for “{alpha}”."),
    }
}
