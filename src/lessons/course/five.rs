//! Lesson 8: three of five. Votes of different ballots do not add up.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::{number, yes_no};
use super::super::sight::Sight;

const HOLD: &str = "parliament synod --chamber hall --absent NAMES \"{gamma}\"";

pub(super) const LESSON: Lesson = Lesson {
    number: 8,
    slug: "five",
    title: "Three of five",
    section: "§2.1",
    misconceptions: &[5, 6],
    text: "
Three of the five priests in `hall` have voted for “{alpha}”. Open their
ledgers, or run:

    parliament audit --chamber hall

In the picture, the quorum of a ballot is listed, and those in brackets have
voted.

## First, three questions

{?most}
{?passed}
{?others}

## Do

{5} is in the Chamber and wants “{gamma}”; you say which two stay away.
Let “{beta}” pass:

    parliament synod --chamber hall --absent NAMES \"{gamma}\"
",
    questions: &[
        number("most", "How many votes does “{alpha}” have in one ballot, at most?"),
        yes_no("passed", "Has “{alpha}” passed?"),
        yes_no("others", "Can “{beta}”, for which one priest has voted, still pass?"),
    ],
    files: &[
        (
            "hall/ledgers/{1}.csv",
            "
outcome,0,,{all}
lastTried,,{1.1}
nextBal,,{1.1}
beginBallot,1,{1.1},{alpha},{1} {3} {5}
prevVote,1,{1.1},{alpha}
",
        ),
        (
            "hall/ledgers/{2}.csv",
            "
outcome,0,,{all}
lastTried,,{2.2}
nextBal,,{2.2}
beginBallot,1,{2.2},{beta},{2} {3} {4}
prevVote,1,{2.2},{beta}
",
        ),
        (
            "hall/ledgers/{3}.csv",
            "
outcome,0,,{all}
nextBal,,{1.1}
nextBal,,{2.2}
lastTried,,{3.3}
nextBal,,{3.3}
beginBallot,1,{3.3},{alpha},{3} {4} {5}
prevVote,1,{3.3},{alpha}
",
        ),
        (
            "hall/ledgers/{4}.csv",
            "
outcome,0,,{all}
nextBal,,{2.2}
nextBal,,{3.3}
prevVote,1,{3.3},{alpha}
",
        ),
        (
            "hall/ledgers/{5}.csv",
            "
outcome,0,,{all}
nextBal,,{1.1}
nextBal,,{3.3}
",
        ),
    ],
    steps: &[
        Step { title: "votes are counted", check: |it| it.asked("most") },
        Step { title: "a guess is written: passed", check: |it| it.asked("passed") },
        Step { title: "a guess is written: others", check: |it| it.asked("others") },
        Step { title: "“{beta}” has passed", check: hold },
        Step { title: "the count is right", check: most },
        Step { title: "the guess is compared: passed", check: passed },
        Step { title: "the guess is compared: others", check: others },
    ],
    hints: [
        "Read §2.1 of the paper: a ballot is successful when every priest of its quorum has voted in it.",
        "In `hall/ledgers`, each row `prevVote` names a ballot. Count the votes of each ballot, not of each decree.",
        "“{beta}” was voted for in {2.2} by {2}. For {5} to take it, {2}'s vote must be the highest of the three inside. Those who voted with a higher number must stay away.",
        "Run:\n    parliament synod --chamber hall --absent {3},{4} \"{gamma}\"",
    ],
    after: After {
        why: "A decree passes in a ballot: all of one quorum vote in it. {1} voted in {1.1}, {3} and \
              {4} in {3.3}; each of these ballots lacks a voter, so neither succeeded. Three votes of \
              three priests in two ballots are nothing. It is not any majority of votes that counts, \
              but the quorum of one ballot.",
        heresy: (
            "A Voted of an earlier ballot counts for the present one: votes add up.",
            "parliament explore --heresy stale-voted",
        ),
        quiz: "{5} had one letter to answer, and “{alpha}” would have passed. Which one?",
        answer: "BeginBallot {3.3}. {3} and {4} have voted in it, and {5} is the third of its quorum.",
        picture: "parliament chronicle --chamber hall",
    },
};

fn hold(it: &Sight<'_>) -> Check {
    let Some(facts) = it.facts("hall")? else {
        return it.again("The ledgers of `hall` are gone.");
    };
    it.stands("hall", LESSON.files, "hall", &facts)?;
    it.is_sound(&facts)?;
    let beta = it.cast.fill("{beta}");
    match facts.successful(1).last() {
        Some(ballot) if ballot.decree == beta && !facts.informed(1).is_empty() => Ok(()),
        Some(ballot) => it.again(&format!(
            "“{}” has passed, and not “{beta}”: the highest vote among those inside was for another \
             decree, or there was none.",
            ballot.decree
        )),
        None if facts.ballots(1).len() > 3 => {
            missing("A ballot was begun and did not succeed. Run the command again.")
        }
        None => it.run("“{beta}” has not passed yet. Choose who stays away.", HOLD),
    }
}

fn most(it: &Sight<'_>) -> Check {
    it.number(
        "most",
        2,
        &[
            (3, "You added the votes of two ballots: {1}'s is of {1.1}, {3}'s and {4}'s are of {3.3}."),
            (1, "{1.1} has one vote for “{alpha}”. {3.3} is for “{alpha}” too: count its voters."),
        ],
        "Look for the rows `prevVote` with “{alpha}”, and count those of each ballot for itself.",
    )
}

fn passed(it: &Sight<'_>) -> Check {
    it.is(
        "passed",
        false,
        "Votes of different ballots do not add up: {1} voted in {1.1}, {3} and {4} in {3.3}, and \
         neither ballot has the votes of its whole quorum.",
    )
}

fn others(it: &Sight<'_>) -> Check {
    it.is(
        "others",
        true,
        "It has passed now. Three of five votes, a majority of them, were for “{alpha}”, and not any \
         majority of votes will do: only the quorum of one ballot.",
    )
}
