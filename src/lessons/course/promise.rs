//! Lesson 3: a promise is no vote. The student plays a priest by hand.

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::yes_no;
use super::super::sight::Sight;
use crate::audit::{JudgedBallot, Rule};

const HOLD: &str = "parliament synod --chamber hall --priests {1},{3},{5} --absent {1},{3} --patient \
                    --within 10m \"{alpha}\"";
const COPY: &str = "cp -r hall promised";

pub(super) const LESSON: Lesson = Lesson {
    number: 3,
    slug: "promise",
    title: "A promise is no vote",
    section: "§2.2–2.3",
    misconceptions: &[1],
    text: "
{1}, {3} and {5} are the Chamber. {1} is away. {5} wants a decree and
needs one more priest. You are {3}: you write his ledger and his letters.

A ballot has a number and an owner, such as 1.{5}. First {5} asks for a
promise (NextBallot). {3} inks the promise and answers (LastVote). Then {5}
begins the ballot (BeginBallot), and {3} may ink his vote and answer (Voted).
When its whole quorum has voted, a ballot is successful, and its decree has
passed. Ink comes before the letter, always.

The program prints −∞ for “no ballot yet” and null for “no vote yet”.

## First, a guess

{?promised}

## Do

1. Start the Synod in this folder, and leave it running. It waits for you:

       parliament synod --chamber hall --priests {1},{3},{5} --absent {1},{3} --patient --within 10m \"{alpha}\"

2. In a third terminal, also in this folder, promise 1.{5}: one row at the end
   of {3}'s ledger, then one row at the end of {5}'s messagebook. An editor
   will do, or:

       echo \"nextBal,,1.{5}\" >> hall/ledgers/{3}.csv
       echo \"{3},1,1.{5},,LastVote,,,0\" >> hall/messagebooks/{5}.csv

3. Do not vote yet. Keep a copy of this moment, and see what the gods see:

       cp -r hall promised
       parliament audit --chamber promised

4. Now vote, again the ink first:

       echo \"prevVote,1,1.{5},{alpha}\" >> hall/ledgers/{3}.csv
       echo \"{3},2,1.{5},,Voted,1\" >> hall/messagebooks/{5}.csv
",
    questions: &[yes_no(
        "promised",
        "{3} has promised 1.{5} and has not voted. Has the decree passed at that moment?",
    )],
    files: &[],
    steps: &[
        Step { title: "a guess is written", check: |it| it.asked("promised") },
        Step { title: "{3} has promised, and a copy is kept", check: promised },
        Step { title: "the guess is compared with the copy", check: compared },
        Step { title: "{3} has voted, and the decree has passed", check: voted },
    ],
    hints: [
        "Read §2.3 of the paper, steps (1) to (4): which steps are {5}'s, and which are {3}'s?",
        "Letters to {3} stand in `hall/messagebooks/{3}.csv`. {3}'s answers go into `hall/messagebooks/{5}.csv`.",
        "Look at the last letter in `hall/messagebooks/{3}.csv`. NextBallot asks for a promise, BeginBallot for a vote. If it names another ballot than 1.{5}, use that number. If the Synod has ended, run it again.",
        "The promise, ink first:\n    echo \"nextBal,,1.{5}\" >> hall/ledgers/{3}.csv\n    echo \"{3},1,1.{5},,LastVote,,,0\" >> hall/messagebooks/{5}.csv\nThe vote:\n    echo \"prevVote,1,1.{5},{alpha}\" >> hall/ledgers/{3}.csv\n    echo \"{3},2,1.{5},,Voted,1\" >> hall/messagebooks/{5}.csv",
    ],
    after: After {
        why: "A promise only says: I shall not vote in a lower ballot. It chooses nothing. In the \
              copy {3} belongs to the quorum of the ballot and has not voted, so the ballot is \
              open, and it may stay open forever. The decree passes when the whole quorum has \
              voted.",
        heresy: (
            "A president calls a ballot successful as soon as he has begun it: he takes promises for votes.",
            "parliament explore --heresy success-at-begin",
        ),
        quiz: "{3} has promised 1.{5} and then hears of no BeginBallot. What may {3} still do?",
        answer: "Anything but vote in a lower ballot. He may promise a higher ballot and vote in it, and he may try one of his own.",
        picture: "parliament chronicle --chamber hall",
    },
};

/// The latest ballot on which {3} belongs to the quorum.
fn his(it: &Sight<'_>, facts: &Facts) -> Option<JudgedBallot> {
    let gray = it.cast.names()[2];
    let mut ballots = facts.ballots(1).into_iter().rev();
    ballots.find(|ballot| ballot.quorum.as_ref().is_some_and(|quorum| quorum.contains(&gray)))
}

/// A chamber of the three, in which no rule is broken.
fn chamber(it: &Sight<'_>, name: &str) -> Check<Option<Facts>> {
    let names = it.cast.names();
    if let Some(facts) = it.facts(name)? {
        ink_first(it, name, &facts)?;
    }
    it.sound(name, &[names[0], names[2], names[4]])
}

/// Whether {3}'s letters have their rows in {3}'s ledger.
fn ink_first(it: &Sight<'_>, chamber: &str, facts: &Facts) -> Check {
    let gray = it.cast.names()[2];
    let is_promised = !facts.promises(gray).is_empty();
    let letters = [
        (Rule::LastVoteTrue, is_promised, "LastVote", "promise"),
        (Rule::VotedInked, facts.has_voted(gray, 1), "Voted", "vote"),
    ];
    for (rule, is_inked, letter, row) in letters {
        let sent = facts.finding(rule).and_then(|finding| finding.exhibits.first());
        let is_his = |row: &str| row.starts_with(&format!("{gray},"));
        if sent.is_some_and(|sent| is_his(&sent.row)) && !is_inked {
            return it.again(&format!(
                "In `{chamber}`, {{3}}'s {letter} has left, and the {row} is not in {{3}}'s ledger. Ink \
                 comes before the letter: if the power fails now, {{3}} forgets a {row} on which {{5}} acts."
            ));
        }
    }
    Ok(())
}

/// Whether {3}'s ledger was last written before {5} inked a row of this kind because of {3}'s letter.
fn inked_before(it: &Sight<'_>, hall: &Facts, kind: &str, letter: &str) -> Check {
    let (gray, oki) = (it.cast.names()[2], it.cast.names()[4]);
    if !hall.is_inked_after(gray, oki, kind) {
        return Ok(());
    }
    it.again(&format!(
        "hall/ledgers/{{3}}.csv was written after {{5}} had acted on {{3}}'s {letter}, by the times of \
         the files. Ink comes before the letter; a ledger is not changed afterwards."
    ))
}

fn promised(it: &Sight<'_>) -> Check {
    let gray = it.cast.names()[2];
    let Some(hall) = chamber(it, "hall")? else {
        return it.run("The Synod has not begun.", HOLD);
    };
    if let Some(copy) = chamber(it, "promised")? {
        return match his(it, &copy) {
            Some(ballot) if ballot.voters.contains(&gray) => it.again(
                "In the copy `promised`, {3} has voted already. Keep the copy before the vote.",
            ),
            Some(_) => match his(it, &hall) {
                Some(ballot) if !ballot.voters.contains(&gray) => {
                    inked_before(it, &hall, "beginBallot", "LastVote")
                }
                _ => Ok(()),
            },
            None => missing(it.cast.fill(
                "The copy `promised` was made before {5} began a ballot with {3}. Remove the copy. When \
                 a row BeginBallot is in hall/messagebooks/{3}.csv, copy again.",
            )),
        };
    }
    match his(it, &hall) {
        Some(ballot) if ballot.voters.contains(&gray) => {
            it.again("{3} has voted, and no copy was kept before. The copy comes first.")
        }
        Some(_) => {
            inked_before(it, &hall, "beginBallot", "LastVote")?;
            it.run("{3} has promised. Keep a copy of this moment.", COPY)
        }
        None if hall.promises(gray).is_empty() => missing(it.cast.fill(
            "{3} has promised nothing. The number of the ballot is in hall/messagebooks/{3}.csv, in the \
             row NextBallot. Ink the promise at the end of hall/ledgers/{3}.csv: nextBal,,NUMBER",
        )),
        None => missing(it.cast.fill(
            "{3}'s promise is in ink, and {5} does not know of it, or the Synod has ended. Write \
             {3}'s LastVote at the end of hall/messagebooks/{5}.csv, as LESSON.md shows.",
        )),
    }
}

fn compared(it: &Sight<'_>) -> Check {
    it.is(
        "promised",
        false,
        "A promise is no vote: in the copy, {3} is in the quorum, his vote is missing, and the ballot \
         is open.",
    )
}

fn voted(it: &Sight<'_>) -> Check {
    let (gray, oki) = (it.cast.names()[2], it.cast.names()[4]);
    let hall = chamber(it, "hall")?;
    let ballot = hall.as_ref().and_then(|hall| his(it, hall));
    let (Some(hall), Some(ballot)) = (hall, ballot) else {
        return it.run("The Synod in `hall` is gone.", HOLD);
    };
    if !ballot.voters.contains(&gray) {
        return missing(format!(
            "{gray} has not voted in {number} yet. Ink the vote at the end of \
             hall/ledgers/{gray}.csv: prevVote,1,{number},{}",
            ballot.decree,
            number = ballot.number,
        ));
    }
    if hall.by_hand(gray) < 2 {
        return it.again("{3}'s rows are to be written by hand, and some were not.");
    }
    if hall.outcome(oki, 1).is_none() {
        return missing(format!(
            "{gray}'s vote is in ink, and {oki} does not know of it. Write {gray}'s Voted at the end of \
             hall/messagebooks/{oki}.csv: {gray},2,{},,Voted,1",
            ballot.number,
        ));
    }
    inked_before(it, &hall, "outcome", "Voted")
}
