//! Lesson 2: a quorum is more than half by weight, so that any two have a priest in common.

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::Check;
use super::super::question::{number, yes_no};
use super::super::sight::Sight;

pub(super) const LESSON: Lesson = Lesson {
    number: 2,
    slug: "enough",
    title: "Enough of them",
    section: "§1.3, §2.1 B2",
    misconceptions: &[6],
    text: "
How many priests must vote? The paper says: a quorum, which is more than half.
In the hall of this lesson, votes have different weights, as with shares of a
company: {1} weighs 3, and {2}, {3} and {4} weigh 1 each. Together
they weigh 6, so a quorum must weigh more than 3.

## First, a guess

Write it into `answer.csv` before you run anything.

{?heads}

## Do

1. Pass a decree with as few priests as you can. Put those who stay away, with
   commas between, in the place of NAMES, and run in this folder:

       parliament synod --quiet --chamber few --priests {1}:3,{2},{3},{4} --absent NAMES \"{alpha}\"

2. Let {2}, {3} and {4} try it without {1}. They give up after two seconds:

       parliament synod --quiet --chamber heads --priests {1}:3,{2},{3},{4} --absent {1} --within 2s \"{beta}\"

## Then answer

{?fewest}
",
    questions: &[
        yes_no("heads", "{2}, {3} and {4} are three of the four priests. Can they pass a decree without {1}?"),
        number("fewest", "How many priests are in the smallest quorum of this hall?"),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written", check: |it| it.asked("heads") },
        Step { title: "a decree has passed with the fewest", check: few },
        Step { title: "three priests have tried without {1}", check: heads },
        Step { title: "the guess is compared with what happened", check: compared },
        Step { title: "the smallest quorum is counted", check: fewest },
    ],
    hints: [
        "Read §2.1 of the paper, condition B2: any two quorums have a priest in common.",
        "Look at `ledgers/` in `few`: the column `quorum` of the row `beginBallot`.",
        "Add the weights: with {1} you have 3 already. With whom is it more than 3?",
        "Run:\n    parliament synod --quiet --chamber few --priests {1}:3,{2},{3},{4} --absent {2},{3} \"{alpha}\"",
    ],
    after: After {
        why: "This matters: any two quorums share a priest, who remembers in his ledger what \
              he promised and voted. More than half of the weight makes sure of it; a number of \
              heads does not. Half is not enough: {1} alone is one half, the other three are the \
              other half, and these two groups share nobody.",
        heresy: (
            "Half of the priests pass for a majority. Two halves pass two decrees.",
            "parliament explore --heresy half-a-majority",
        ),
        quiz: "Five priests of equal weight: name two groups of three that share nobody.",
        answer: "There are none: they would need six priests. So any two majorities have a priest in common.",
        picture: "parliament chronicle --chamber few",
    },
};

const FEW: &str =
    "parliament synod --quiet --chamber few --priests {1}:3,{2},{3},{4} --absent NAMES \"{alpha}\"";
const HEADS: &str = "parliament synod --quiet --chamber heads --priests {1}:3,{2},{3},{4} --absent {1} \
                     --within 2s \"{beta}\"";

/// Whether a chamber was founded for these four, with these weights.
fn hall(it: &Sight<'_>, facts: &Facts) -> Check {
    it.is_sound(facts)?;
    let four = &it.cast.names()[..4];
    it.sit(facts, four)?;
    let weighs = |i: usize| facts.founding().map(|it| it.membership.weight_of([four[i]]));
    if weighs(0) == Some(3) && (1..4).all(|i| weighs(i) == Some(1)) {
        return Ok(());
    }
    it.again("The weights of this chamber are others: {1} must weigh 3, the others 1 each.")
}

fn few(it: &Sight<'_>) -> Check {
    let Some(facts) = it.facts("few")? else {
        return it.run("Choose who stays away, and put their names in the place of NAMES.", FEW);
    };
    hall(it, &facts)?;
    let passed = facts.successful(1);
    let fewest = passed.iter().filter_map(|ballot| ballot.quorum.as_ref()).map(|it| it.len()).min();
    match fewest {
        Some(2) => Ok(()),
        Some(n) => it.again(&format!(
            "A decree has passed in `few`, with {n} priests in the quorum. Fewer can do it."
        )),
        None => it.run(
            "No decree has passed in `few` yet: those inside must weigh more than 3 of 6. Put others \
             in the place of NAMES.",
            FEW,
        ),
    }
}

fn heads(it: &Sight<'_>) -> Check {
    let [heavy, second, third, fourth] = [0, 1, 2, 3].map(|i| it.cast.names()[i]);
    let Some(facts) = it.facts("heads")? else {
        return it.run("{2}, {3} and {4} have not tried it without {1} yet.", HEADS);
    };
    hall(it, &facts)?;
    if facts.has_entered(heavy) {
        return it.again("{1} was in the Chamber `heads`; he must be away.");
    }
    if !facts.anybody_tried() || ![second, third, fourth].iter().all(|&it| facts.has_entered(it)) {
        return it.run("{2}, {3} and {4} must all have tried it.", HEADS);
    }
    Ok(())
}

fn compared(it: &Sight<'_>) -> Check {
    it.is(
        "heads",
        false,
        "They are most of the heads, and weigh 3 of 6. If half the weight were enough, {1}, who weighs \
         the other half, could pass another decree meanwhile, and nobody would be in both quorums.",
    )
}

fn fewest(it: &Sight<'_>) -> Check {
    it.number(
        "fewest",
        2,
        &[
            (1, "{1} alone weighs 3 of 6, which is half and not more than half. The other half could pass another decree."),
            (3, "Three are a majority of heads, but your own decree in `few` passed with two priests. Weights count, not heads."),
            (4, "Not everybody has to be there: your own decree in `few` passed with two priests."),
        ],
        "Count the names in the column `quorum` of the row `beginBallot` in `few`.",
    )
}
