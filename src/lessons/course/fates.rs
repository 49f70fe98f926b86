//! Lesson 7: three fates. A vote binds, and is no choice.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::yes_no;
use super::super::sight::Sight;

const COPIES: &str = "cp -r start one; cp -r start two; cp -r start three";

pub(super) const LESSON: Lesson = Lesson {
    number: 7,
    slug: "fates",
    title: "Three fates",
    section: "§2.1 B3",
    misconceptions: &[4],
    text: "
In `start`, two ballots were begun and neither has ended:

- {2.1} for “{alpha}”: only {1} has voted, and {1} is one of its quorum of
  three;
- {5.2} for “{beta}”: only {2} has voted, and {2} is one of its quorum
  of three.

A president who begins a new ballot first asks a majority for their last votes.
If there are votes among the answers, B3 binds him: he must take the decree of
the vote with the highest number. If there is none, he may choose.

## First, two guesses

{?gamma}
{?passed}

## Do

Make three copies:

    cp -r start one; cp -r start two; cp -r start three

In each, {5} is in the Chamber and wants “{gamma}”. Two priests stay away,
and you say who. Let “{alpha}” pass in `one`, “{beta}” in `two`, and
“{gamma}” in `three`:

    parliament synod --chamber one --absent NAMES \"{gamma}\"
    parliament synod --chamber two --absent NAMES \"{gamma}\"
    parliament synod --chamber three --absent NAMES \"{gamma}\"

If a copy went wrong, remove it and copy `start` again.
",
    questions: &[
        yes_no(
            "gamma",
            "Nobody has voted for “{gamma}”, and two others have for something else. Can “{gamma}” still pass?",
        ),
        yes_no(
            "passed",
            "In `two`, B3 makes {5} take “{beta}”. Had “{beta}” passed before, in {5.2}?",
        ),
    ],
    files: &[
        (
            "start/ledgers/{1}.csv",
            "
outcome,0,,{all}
lastTried,,{2.1}
nextBal,,{2.1}
beginBallot,1,{2.1},{alpha},{1} {2} {3}
prevVote,1,{2.1},{alpha}
",
        ),
        (
            "start/ledgers/{2}.csv",
            "
outcome,0,,{all}
nextBal,,{2.1}
lastTried,,{5.2}
nextBal,,{5.2}
beginBallot,1,{5.2},{beta},{2} {4} {5}
prevVote,1,{5.2},{beta}
",
        ),
        (
            "start/ledgers/{3}.csv",
            "
outcome,0,,{all}
nextBal,,{2.1}
",
        ),
        (
            "start/ledgers/{4}.csv",
            "
outcome,0,,{all}
nextBal,,{5.2}
",
        ),
        (
            "start/ledgers/{5}.csv",
            "
outcome,0,,{all}
nextBal,,{5.2}
",
        ),
    ],
    steps: &[
        Step { title: "a guess is written: gamma", check: |it| it.asked("gamma") },
        Step { title: "a guess is written: passed", check: |it| it.asked("passed") },
        Step { title: "“{alpha}” has passed in `one`", check: |it| fate(it, "one", "{alpha}") },
        Step { title: "“{beta}” has passed in `two`", check: |it| fate(it, "two", "{beta}") },
        Step {
            title: "“{gamma}” has passed in `three`", check: |it| fate(it, "three", "{gamma}")
        },
        Step { title: "the guess is compared with `three`", check: gamma },
        Step { title: "the guess is compared with `two`", check: passed },
    ],
    hints: [
        "Read §2.1 of the paper, condition B3: only the votes of the new ballot's own quorum count.",
        "In `start/ledgers`, look for the rows `prevVote`: whose are they, and with which numbers?",
        "With two priests away, the three who are inside are the quorum. For “{alpha}”, {1}'s vote must be the highest among them, so {2} stays away, and {1} does not.",
        "Run:\n    parliament synod --chamber one --absent {2},{4} \"{gamma}\"",
    ],
    after: After {
        why: "The same ledgers had three futures. B3 asks only the quorum of the new ballot, and \
              takes its highest vote. The president cannot know whether the old ballot has passed, \
              since the others are away; so he plays safe, and takes over the decree of a ballot \
              that perhaps passed. Here it had not: one vote of three. Where a decree did pass, every \
              quorum has one of its voters, and so every later ballot is for the same decree.",
        heresy: (
            "A president begins his own decree, whatever the LastVotes say.",
            "parliament explore --heresy own-decree",
        ),
        quiz: "{2} and {1} are both inside, with {5}. Which decree must {5} take, and why?",
        answer: "“{beta}”: of the two votes, {2}'s is in the higher ballot, {5.2}.",
        picture: "parliament chronicle --chamber two",
    },
};

/// One of the three copies, in which this decree must have passed.
fn fate(it: &Sight<'_>, chamber: &str, decree: &str) -> Check {
    let Some(facts) = it.facts(chamber)? else {
        return it.run(&format!("There is no copy `{chamber}` yet."), COPIES);
    };
    it.stands(chamber, LESSON.files, "start", &facts)?;
    it.is_sound(&facts)?;
    let decree = it.cast.fill(decree);
    let passed = facts.successful(1);
    match passed.last() {
        Some(ballot) if ballot.decree == decree && !facts.informed(1).is_empty() => Ok(()),
        Some(ballot) => missing(it.cast.fill(&format!(
            "In `{chamber}`, “{}” has passed, and it was to be “{decree}”. Look whose votes that quorum \
             knew of. Remove `{chamber}`, copy `start` again, and let others stay away.",
            ballot.decree
        ))),
        None => it.run(
            &format!("Nothing has passed in `{chamber}`. It is to be “{decree}”: who must stay away?"),
            &format!("parliament synod --chamber {chamber} --absent NAMES \"{{gamma}}\""),
        ),
    }
}

fn gamma(it: &Sight<'_>) -> Check {
    it.is(
        "gamma",
        true,
        "It has passed in `three`: none of that quorum had voted before, so the choice was free. A vote \
         of somebody who is away binds nobody.",
    )
}

fn passed(it: &Sight<'_>) -> Check {
    it.is(
        "passed",
        false,
        "Look at `start`: of the quorum of {5.2}, only {2} has voted, so that ballot never succeeded. A \
         president takes over a decree because it may have passed, not because it has. (In `one`, \
         another decree passed.)",
    )
}
