//! Lesson 10: a lower ballot may begin after a higher one. Numbers are not hours.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::yes_no;
use super::super::sight::Sight;
use crate::words::BallotNumber;

const RUN: &str = "parliament synod --chamber hall --priests {1},{2},{3},{4},{5} --president {2} --paper \
                   --delay 0..20 --minute 5ms --within 600 --trace later.csv \"{alpha}\"";

pub(super) const LESSON: Lesson = Lesson {
    number: 10,
    slug: "lower",
    title: "Later, lower",
    section: "§2.1 B1",
    misconceptions: &[7],
    text: "
Two presidents, {2} and {5}, try one ballot after the other, and letters take
between 0 and 20 minutes. A president tries a number, waits for the promises of
a majority, and only then begins the ballot. So it may take long from a number
to its ballot.

## First, two guesses

{?order}
{?b1}

## Do

Make a lower ballot begin after a higher one. Chance decides, and it is rare, so
run this until you have it; it takes three seconds:

    parliament synod --chamber hall --priests {1},{2},{3},{4},{5} --president {2} --paper --delay 0..20 --minute 5ms --within 600 --trace later.csv \"{alpha}\"

To see the ballots in the order in which they began:

    grep beginBallot later.csv | grep ink

Before you run it again, remove the chamber: `rm -r hall`. In a chamber that is
kept, the rows of earlier runs stand at the top of the trace, priest by priest, and
say nothing about the order; the check does not count them.
",
    questions: &[
        yes_no("order", "{5} has begun the ballot 7.{5}. May {2} begin the ballot 6.{2} after that?"),
        yes_no("b1", "Does B1 say that ballots begin in the order of their numbers?"),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written: order", check: |it| it.asked("order") },
        Step { title: "a guess is written: b1", check: |it| it.asked("b1") },
        Step { title: "a lower ballot began after a higher one", check: begun },
        Step { title: "the guess is compared: order", check: order },
        Step { title: "the guess is compared: b1", check: b1 },
    ],
    hints: [
        "Read §2.1 of the paper: B1, and what “later” means for ballots.",
        "In `later.csv`, look at the rows `ink` with `beginBallot` that come after their priest's `enter`, from top to bottom, and at their numbers.",
        "A lower ballot begins late when its promises come late: long delays help, and so does a long run.",
        "Run it again:\n    rm -r hall\n    parliament synod --chamber hall --priests {1},{2},{3},{4},{5} --president {2} --paper --delay 0..20 --minute 5ms --within 600 --trace later.csv \"{alpha}\"",
    ],
    after: After {
        why: "B1 says only that no two ballots have the same number. The paper calls a ballot later \
              when its number is higher, and says that this has nothing to do with the hour. The \
              lower ballot that begins late does no harm: a majority promised the higher one before \
              that began, so somebody in the lower one's quorum will not vote in it.",
        heresy: (
            "A priest takes an old NextBallot for a new one, and lowers his promise.",
            "parliament explore --heresy promise-lowered",
        ),
        quiz: "Why must the lower ballot's quorum and the higher one's have a priest in common, and what did he promise?",
        answer: "Any two majorities have one in common (B2). By his promise he votes in no lower ballot any more; if he had voted there before, his LastVote said so, and B3 bound the higher ballot.",
        picture: "parliament chronicle --trace later.csv",
    },
};

fn begun(it: &Sight<'_>) -> Check {
    let Some(events) = it.events("later.csv")? else {
        return it.run("No ballot has begun yet.", RUN);
    };
    let Some(facts) = it.sound("hall", it.cast.names())? else {
        return it.run("There is no chamber `hall`.", RUN);
    };
    let begun = events.begun();
    let known: Vec<BallotNumber> = facts.ballots(1).iter().map(|ballot| ballot.number).collect();
    if let Some(foreign) = begun.iter().find(|ballot| !known.contains(ballot)) {
        return missing(format!(
            "{}: {foreign} was begun here, and not in `hall`. Remove this trace, and run the command \
             of LESSON.md again.",
            it.folder.join("later.csv").display()
        ));
    }
    if begun.is_sorted() {
        return it.run(
            "In the last run every ballot began after all that are lower. It is chance: remove `hall`, and run again.",
            RUN,
        );
    }
    Ok(())
}

fn order(it: &Sight<'_>) -> Check {
    it.is(
        "order",
        true,
        "It happened in `later.csv`, and the gods find no fault: a higher number is not later in time, \
         and nothing forbids a lower ballot to begin afterwards.",
    )
}

fn b1(it: &Sight<'_>) -> Check {
    it.is(
        "b1",
        false,
        "B1 says that each ballot has a number of its own. It says nothing of the hour, and your chamber \
         keeps it.",
    )
}
