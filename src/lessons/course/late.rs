//! Lesson 4: a letter that comes late. A promise forbids the vote, whenever the letter comes.

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::yes_no;
use super::super::sight::Sight;
use crate::audit::Rule;
use crate::words::BallotNumber;

const COPY: &str = "cp -r hall sin";

pub(super) const LESSON: Lesson = Lesson {
    number: 4,
    slug: "late",
    title: "The late letter",
    section: "§2.3 (4)",
    misconceptions: &[1, 7],
    text: "
You are {3} again. {3} promised {2.2} first, and after that {5.5}: look into
`hall/ledgers/{3}.csv`. Now two letters lie in `hall/messagebooks/{3}.csv`:

- BeginBallot {5.5}, for the decree “{beta}”;
- BeginBallot {2.2}, for the decree “{alpha}”. The messenger was slow, so
  this letter came last.

## First, two guesses

{?votes}
{?later}

## Do

1. Keep a copy for later:

       cp -r hall sin

2. In `hall`, let {3} do what the paper says. A vote is one row at the end of
   `hall/ledgers/{3}.csv`: prevVote,1,BALLOT,DECREE

3. In `sin`, let {3} vote in {2.2}, whatever the paper says, and see what the
   gods see:

       parliament audit --chamber sin
",
    questions: &[
        yes_no("votes", "{3} has promised {2.2}, and then {5.5}. May {3} vote in {2.2} now?"),
        yes_no("later", "The letter of {2.2} came last. Is {2.2} the later ballot of the two?"),
    ],
    files: &[
        (
            "hall/ledgers/{1}.csv",
            "
outcome,0,,{all}
nextBal,,{2.2}
prevVote,1,{2.2},{alpha}
",
        ),
        (
            "hall/ledgers/{2}.csv",
            "
outcome,0,,{all}
lastTried,,{2.2}
nextBal,,{2.2}
beginBallot,1,{2.2},{alpha},{1} {2} {3}
prevVote,1,{2.2},{alpha}
",
        ),
        (
            "hall/ledgers/{3}.csv",
            "
outcome,0,,{all}
nextBal,,{2.2}
nextBal,,{5.5}
",
        ),
        (
            "hall/ledgers/{4}.csv",
            "
outcome,0,,{all}
nextBal,,{5.5}
prevVote,1,{5.5},{beta}
",
        ),
        (
            "hall/ledgers/{5}.csv",
            "
outcome,0,,{all}
lastTried,,{5.5}
nextBal,,{5.5}
beginBallot,1,{5.5},{beta},{3} {4} {5}
prevVote,1,{5.5},{beta}
",
        ),
        (
            "hall/messagebooks/{3}.csv",
            "
{2},1,{2.2},,NextBallot
{5},1,{5.5},,NextBallot
{5},2,{5.5},{beta},BeginBallot,1
{2},2,{2.2},{alpha},BeginBallot,1
",
        ),
    ],
    steps: &[
        Step { title: "a guess is written: votes", check: |it| it.asked("votes") },
        Step { title: "a guess is written: later", check: |it| it.asked("later") },
        Step { title: "in `hall`, {3} does what the paper says", check: hall },
        Step { title: "in `sin`, {3} breaks his promise", check: sin },
        Step { title: "the guess is compared with what the gods see", check: votes },
        Step { title: "the later ballot is known", check: later },
    ],
    hints: [
        "Read §2.3 (4) of the paper: when may a priest vote? The note it speaks of is nextBal.",
        "The last row `nextBal` in `hall/ledgers/{3}.csv` is the only ballot in which {3} may vote now.",
        "In `hall`, ink a vote in {5.5} for its decree, and none in {2.2}. In `sin`, ink a vote in {2.2}.",
        "Run:\n    echo \"prevVote,1,{5.5},{beta}\" >> hall/ledgers/{3}.csv",
    ],
    after: After {
        why: "A later ballot is one with a higher number; the hour at which a letter comes decides \
              nothing. With his LastVote for {5.5}, {3} told {5} that he had voted in no ballot, \
              and {5} began {5.5} because of it. A vote in {2.2} after that makes the letter false: \
              in `sin`, “{alpha}” has passed in {2.2} while {5.5} goes on for “{beta}”.",
        heresy: (
            "A priest votes below his promise.",
            "parliament explore --heresy vote-below-a-promise",
        ),
        quiz: "What if {3} had voted in {2.2} before he promised {5.5}? What would {5} have begun?",
        answer: "{3}'s LastVote would have named his vote in {2.2}. If no answer named a higher one, B3 would have bound {5} to the decree of {2.2}.",
        picture: "parliament chronicle --chamber sin",
    },
};

fn ballots(it: &Sight<'_>) -> [BallotNumber; 2] {
    [it.cast.ballot(2, 2), it.cast.ballot(5, 5)]
}

/// Whether the third priest voted in a ballot.
fn voted(it: &Sight<'_>, facts: &Facts, ballot: BallotNumber) -> bool {
    let gray = it.cast.names()[2];
    facts.votes(gray, 1).iter().any(|(number, _)| *number == ballot)
}

/// The chamber that was laid down, or a copy of it.
fn chamber(it: &Sight<'_>, name: &str) -> Check<Option<Facts>> {
    let Some(facts) = it.facts(name)? else { return Ok(None) };
    it.stands(name, LESSON.files, "hall", &facts)?;
    Ok(Some(facts))
}

fn hall(it: &Sight<'_>) -> Check {
    let [low, high] = ballots(it);
    let Some(facts) = chamber(it, "hall")? else {
        return it.again("The ledgers of `hall` are gone.");
    };
    if voted(it, &facts, low) {
        return it.again(
            "In `hall`, {3} votes in {2.2}. {3} has promised {5.5}, that is, to vote in no lower \
             ballot. Ink stays.",
        );
    }
    it.is_sound(&facts)?;
    if !voted(it, &facts, high) {
        return missing(it.cast.fill(
            "In `hall`, {3} has not voted yet. If the paper allows a vote in one of the two ballots, ink \
             it, for its decree, at the end of hall/ledgers/{3}.csv.",
        ));
    }
    Ok(())
}

fn sin(it: &Sight<'_>) -> Check {
    let Some(facts) = chamber(it, "sin")? else {
        return it.run("There is no copy `sin` yet.", COPY);
    };
    let gray = it.cast.names()[2];
    let finding = facts.finding(Rule::PromiseKept);
    let is_his = |place: &str| place.contains(&format!("{gray}.csv"));
    let by_him = finding.and_then(|it| it.exhibits.first()).map(|it| it.place.to_string());
    if by_him.is_some_and(|place| is_his(&place)) {
        return Ok(());
    }
    missing(it.cast.fill(
        "In `sin`, {3} has kept the promise so far. Ink a vote in {2.2} at the end of \
         sin/ledgers/{3}.csv.",
    ))
}

fn votes(it: &Sight<'_>) -> Check {
    it.is(
        "votes",
        false,
        "A promise is no vote, and no right to vote either: with {5.5}, {3} promised to vote in no \
         lower ballot. The gods say so of `sin`: a promise is kept, §2.3 (4).",
    )
}

fn later(it: &Sight<'_>) -> Check {
    it.is(
        "later",
        false,
        "Ballots are ordered by their numbers, not by the hour: {5.5} is later than {2.2}, whenever \
         their letters come.",
    )
}
