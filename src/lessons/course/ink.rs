//! Lesson 1: votes and outcomes stand in ledgers, and one who was away has neither.

use std::collections::BTreeSet;

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::Check;
use super::super::question::{names, yes_no};
use super::super::sight::Sight;
use crate::words::Name;

pub(super) const LESSON: Lesson = Lesson {
    number: 1,
    slug: "ink",
    title: "Ink",
    section: "§1.1–1.2",
    misconceptions: &[12],
    text: "
On the island of Paxos, priests pass decrees. They come and go. Each priest
keeps a ledger, and what he writes there in ink stays forever. Messengers carry
letters between them. A messenger may be slow, or lose a letter. All of this is
from the paper, “The Part-Time Parliament”, PTP for short; § is a section of it.

Five priests belong to the Chamber today: {1}, {2}, {3}, {4} and {5}.
{1} is away on his boat.

## First, a guess

Write it into `answer.csv`, behind the comma, before you run anything.

{?away}

## Do

Open a second terminal in the folder of this lesson and run:

    parliament synod --quiet --priests {1},{2},{3},{4},{5} --absent {1} \"{alpha}\"

It prints the decree that has passed. Now open the files in `ledgers/`. Each priest has one. In a ledger,

- a row `prevVote` is a vote of this priest;
- a row `outcome` with number 1 is the decree that has passed. (Number 0 only
  says who belongs to the Chamber.)

## Then answer

{?voters}
{?learnt}
",
    questions: &[
        yes_no(
            "away",
            "Later you open only {1}'s ledger. Does it tell you which decree has passed?",
        ),
        names("voters", "Which priests have voted for decree 1?"),
        names("learnt", "Which priests know decree 1 and have not voted for it?"),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written", check: |it| it.asked("away") },
        Step { title: "a decree has passed while {1} was away", check: passed },
        Step { title: "the guess is compared with what happened", check: compared },
        Step { title: "the voters are named", check: voters },
        Step { title: "those who only learnt of it are named", check: learnt },
    ],
    hints: [
        "Read §1.1 and §1.2 of the paper: what a ledger is, and what may be written in it.",
        "Look into the folder `ledgers/`. The first column of each row says what it is.",
        "Look for rows that begin with `prevVote,1`, and for rows that begin with `outcome,1`.",
        "Run:\n    grep -E \"prevVote,1|outcome,1\" ledgers/*.csv",
    ],
    after: After {
        why: "A decree passes when, in one ballot, every priest of its quorum has voted. A quorum is more \
              than half of the priests, so not all have to vote. The others learn the decree from \
              a letter. A priest who was away knows nothing of it until somebody tells him: one \
              ledger alone does not tell the law.",
        heresy: (
            "A priest crosses out his vote when the decree has passed. The ink is not indelible.",
            "parliament explore --heresy vote-struck-out",
        ),
        quiz: "{1} comes back and nobody is there to talk to. May he pass another decree alone?",
        answer: "No. Alone he is no majority, and every ballot needs one (B2).",
        picture: "parliament chronicle",
    },
};

const COMMAND: &str =
    "parliament synod --quiet --priests {1},{2},{3},{4},{5} --absent {1} \"{alpha}\"";

fn passed(it: &Sight<'_>) -> Check {
    let Some(facts) = it.sound(".", &it.cast.names()[..5])? else {
        return it.run("No priest has a ledger yet.", COMMAND);
    };
    let away = it.cast.names()[0];
    if facts.outcome(away, 1).is_some() {
        return it.again("{1} has decree 1 in his ledger, so he was not away.");
    }
    if facts.informed(1).is_empty() {
        return it.run("No ledger has decree 1 yet.", COMMAND);
    }
    Ok(())
}

fn compared(it: &Sight<'_>) -> Check {
    it.is(
        "away",
        false,
        "Open {1}'s ledger: it ends before decree 1, and it cannot know what passed while he was \
         away. Not every ledger tells the current law.",
    )
}

/// The voters, and those who have decree 1 without a vote of their own.
fn facts(it: &Sight<'_>) -> Check<(BTreeSet<Name>, BTreeSet<Name>)> {
    let informed = it.facts(".")?.map(|facts| {
        let has_voted = |name: &Name| facts.has_voted(*name, 1);
        let voters = it.cast.names().iter().copied().filter(has_voted).collect();
        (voters, facts.informed(1))
    });
    let (voters, informed) = informed.unwrap_or_default();
    let learnt = informed.difference(&voters).copied().collect();
    Ok((voters, learnt))
}

fn voters(it: &Sight<'_>) -> Check {
    let said = it.names("voters")?;
    let (voters, learnt) = facts(it)?;
    if said.contains(&it.cast.names()[0]) {
        return it.wrong("voters", "{1} was away: there is no `prevVote` in his ledger.");
    }
    if let Some(name) = said.intersection(&learnt).next() {
        let why = format!(
            "{name} has a row `outcome`, and no row `prevVote`: he learnt of the decree from a \
             letter and did not vote."
        );
        return it.wrong("voters", &why);
    }
    match voters.difference(&said).next() {
        Some(name) => it.wrong(
            "voters",
            &format!("Somebody is left out: {name}'s ledger has a row `prevVote`."),
        ),
        None => Ok(()),
    }
}

fn learnt(it: &Sight<'_>) -> Check {
    let said = it.names("learnt")?;
    let (voters, learnt) = facts(it)?;
    if said.contains(&it.cast.names()[0]) {
        return it.wrong("learnt", "{1} was away: his ledger does not have decree 1.");
    }
    if let Some(name) = said.intersection(&voters).next() {
        return it.wrong("learnt", &format!("{name}'s ledger has a row `prevVote`: he voted."));
    }
    match learnt.difference(&said).next() {
        Some(name) => it.wrong(
            "learnt",
            &format!("{name}'s ledger has a row `outcome` of decree 1, and no row `prevVote`."),
        ),
        None => Ok(()),
    }
}
