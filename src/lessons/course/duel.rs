//! Lesson 12: two presidents. They may keep each other from passing anything, and break nothing.

use std::collections::BTreeSet;

use super::super::events::Events;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::yes_no;
use super::super::sight::Sight;
use crate::words::Name;

const DUEL: &str = "parliament synod --chamber hall --president {2} --wish {2}=\"{beta}\" --paper \
                    --delay 4..4 --within 200 --trace duel.csv \"{alpha}\"";
const PEACE: &str = "parliament synod --chamber hall --president {2} --wish {2}=\"{beta}\" \
                     --delay 4..4 --trace peace.csv \"{alpha}\"";

/// A duel has this many ballots.
const BALLOTS: usize = 10;

pub(super) const LESSON: Lesson = Lesson {
    number: 12,
    slug: "duel",
    title: "Two presidents",
    section: "§2.4, §3.3.1",
    misconceptions: &[9, 10],
    text: "
The Synod should have one president: the priest with the highest name, {5}. Today
{2} believes that he presides too, whatever he hears. {5} wants “{alpha}”,
{2} wants “{beta}”. All five priests are in the Chamber, no letter is lost,
and every letter takes 4 minutes.

## First, two guesses

{?safe}
{?failures}

## Do

1. Hold the duel. With `--paper` a rival tries again at once, as §2.4 of the
   paper has it. After 200 minutes (4 seconds) the gods close the Chamber:

       parliament synod --chamber hall --priests {1},{2},{3},{4},{5} --president {2} --wish {2}=\"{beta}\" --paper --delay 4..4 --within 200 --trace duel.csv \"{alpha}\"

2. End the duel and touch no priest. Without `--paper`, a rival first waits 7
   minutes for each name above his own:

       parliament synod --chamber hall --president {2} --wish {2}=\"{beta}\" --delay 4..4 --trace peace.csv \"{alpha}\"
",
    questions: &[
        yes_no("safe", "Two priests preside at once, for a long time, with different wishes. Can two different decrees pass?"),
        yes_no("failures", "Must a letter be lost, or a priest leave, so that nothing passes?"),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written: safe", check: |it| it.asked("safe") },
        Step { title: "a guess is written: failures", check: |it| it.asked("failures") },
        Step { title: "a duel of ten ballots was held, and no letter was lost", check: duel },
        Step { title: "the duel has ended with a decree", check: peace },
        Step { title: "the guess is compared: safe", check: safe },
        Step { title: "the guess is compared: failures", check: failures },
    ],
    hints: [
        "Read §2.4 and §3.3.1 of the paper: why should there be one president, and what if there are two?",
        "In `duel.csv`, look for the rows `ink` with `lastTried`: each is a new ballot.",
        "If the duel ended by itself too early, begin again: parliament lesson reset 12",
        "Run:\n    grep -c lastTried duel.csv",
    ],
    after: After {
        why: "Each new ballot of one president makes the others promise, and these promises stop the \
              other president's ballot before its votes are in. He tries again, with a higher number, \
              and so on. Nothing needs to fail. Consistency never depends on there being one \
              president; only progress does. It is enough that one of them waits.",
        heresy: (
            "In a duel nothing is broken. It breaks when a president votes in his own ballot against \
             his own promise.",
            "parliament explore --heresy president-past-his-promise",
        ),
        quiz: "The paper's way out is that the rival falls silent. Which message tells {2} that he should?",
        answer: "Presence. A priest presides only while he hears from nobody with a higher name (§2.4).",
        picture: "parliament chronicle --trace duel.csv",
    },
};

fn trace(it: &Sight<'_>, file: &str) -> Check<Option<Events>> {
    let Some(events) = it.events(file)? else { return Ok(None) };
    if events.names() != it.cast.names() {
        return missing(format!(
            "{}: this trace is of another chamber. Remove it, and run the command again.",
            it.folder.join(file).display()
        ));
    }
    Ok(Some(events))
}

fn duel(it: &Sight<'_>) -> Check {
    let Some(events) = trace(it, "duel.csv")? else {
        return it.run("There has been no duel yet.", &first());
    };
    let tried = events.tried_before_outcome();
    let rivals: BTreeSet<Name> = tried.iter().map(|ballot| ballot.owner).collect();
    if events.lost() > 0 {
        return it.again("In `duel.csv` letters were lost; the duel needs no such help.");
    }
    if rivals.len() < 2 {
        return it.again("In `duel.csv` one priest alone has tried ballots: {2} must preside too.");
    }
    if tried.len() < BALLOTS {
        return it.again(&format!(
            "In `duel.csv` the duel ended too early: {}, and it should have {BALLOTS}. Let every \
             letter take 4 minutes, and say `--paper`.",
            tried.len()
        ));
    }
    Ok(())
}

/// The first command, which founds the chamber.
fn first() -> String {
    DUEL.replace("--chamber hall", "--chamber hall --priests {1},{2},{3},{4},{5}")
}

fn peace(it: &Sight<'_>) -> Check {
    let Some(events) = trace(it, "peace.csv")? else {
        return it.run("The duel has not ended yet.", PEACE);
    };
    let facts = it.facts("hall")?;
    let tried: BTreeSet<Name> = events.tried().iter().map(|ballot| ballot.owner).collect();
    if tried.len() < 2 {
        return missing(it.cast.fill(
            "In `peace.csv` one priest alone has tried a ballot, so no duel was ended there: {2} \
             must preside too, by `--president {2}`. Remove peace.csv, and begin again: parliament \
             lesson reset 12",
        ));
    }
    if events.lost() > 0 || events.anybody_came_back() {
        return missing(
            "In `peace.csv` letters were lost, or a priest left. End the duel without: remove \
             peace.csv, and let the rival wait.",
        );
    }
    let Some(facts) = facts.filter(|facts| facts.informed(1).len() == 5) else {
        return it.run("No decree stands in all ledgers of `hall` yet.", PEACE);
    };
    it.is_sound(&facts)
}

fn safe(it: &Sight<'_>) -> Check {
    it.is(
        "safe",
        false,
        "Two presidents do not break consistency: look at all ballots of `hall` with `parliament audit \
         --chamber hall`. B1 to B3 hold for every one of them; its owner does not matter.",
    )
}

fn failures(it: &Sight<'_>) -> Check {
    it.is(
        "failures",
        false,
        "In your duel no letter was lost and nobody left, and nothing passed all the same: each \
         president's NextBallot stopped the other's ballot.",
    )
}
