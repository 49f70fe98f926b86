//! Lesson 16: who votes when; and the inquisition.

use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::number;
use super::super::sight::Sight;
use super::super::suspects;
use crate::words::DecreeNumber;

const FOUND: &str =
    "parliament pass --chamber hall --priests {1},{2},{3} \"{5} is now a legislator\"";
const PASS: &str = "parliament pass --chamber hall \"{alpha}\" \"{beta}\"";

/// The first decree on which one votes whom decree 1 seats: α, which is 3, after it.
const FIRST: DecreeNumber = 4;

pub(super) const LESSON: Lesson = Lesson {
    number: 16,
    slug: "seats",
    title: "Who votes when?",
    section: "§3.3.6, §4, Appendix",
    misconceptions: &[],
    text: "
Decrees may also say who belongs to the Parliament. The law as of decree n − 3 says
who votes on decree n.

## First, a guess

{?first}

## Do

Seat {5}, pass two more decrees, and look at the quorums:

    parliament pass --chamber hall --priests {1},{2},{3} \"{5} is now a legislator\"
    parliament pass --chamber hall \"{alpha}\" \"{beta}\"
    parliament ledgers --chamber hall
    grep -h beginBallot hall/ledgers/*.csv

## The inquisition

Four suspects; one is sound, and three do not keep to the paper, each in another
way. Move the priests until a rule breaks, and save with `s suspect-1.txt` and so
on. If you find nothing after six moves at least, press `!` (with `--plain`, type
`sound`). After that, go back to the beginning with `b`, and `S` (`shortest`) shows
what there was to find.

    parliament play --heresy '?' --seed {s1}
    parliament play --heresy '?' --seed {s2}
    parliament play --heresy '?' --seed {s3}
    parliament play --heresy '?' --seed {s4}

Save the three scripts in the folder of this lesson, and name the fourth suspect.

{?sound}
",
    questions: &[
        number("first", "Decree 1 seats {5}. Which is the first decree that {5} votes on?"),
        number("sound", "Which suspect is sound, 1, 2, 3 or 4?"),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written", check: |it| it.asked("first") },
        Step { title: "{5} is seated, and votes", check: seated },
        Step { title: "the guess is compared with the quorums", check: first },
        Step { title: "the sound suspect is named", check: named },
        Step { title: "three heretics are convicted", check: convicted },
    ],
    hints: [
        "Read §3.3.6 of the paper: which decree says who votes on decree n?",
        "In `hall`, the column `quorum` of the rows `beginBallot` names those who vote. Numbers 2 and 3 are there, too.",
        "For a suspect: try one number twice; let a priest leave after a promise or a vote; deliver a letter twice with `r`; let ballots with two numbers overlap.",
        "Run, and type `?` for the commands:\n    parliament play --heresy '?' --seed {s1}",
    ],
    after: After {
        why: "A president may have three decrees open at once, so he must know who votes on a decree \
              before the two before it have passed. The law as of n − 3 is known to him. The olive days \
              filled the numbers between. And you have convicted three priests without seeing their \
              code: from what they did, by the rules of the paper alone.",
        heresy: (
            "All heresies are in one table, each with the rule that it breaks.",
            "parliament heresies",
        ),
        quiz: "A protocol of your own: which moves would you try on it first?",
        answer: "Those that convicted here: a letter late, after a higher promise; a letter twice; a crash between ink and letter; a minority that answers. Then let a search try them all.",
        picture: "parliament chronicle --chamber hall",
    },
};

fn seated(it: &Sight<'_>) -> Check {
    let names = it.cast.names();
    let strong = names[4];
    let Some(facts) = it.sound("hall", &names[..3])? else {
        return it.run("Nobody is seated yet.", FOUND);
    };
    if facts.passed(1) != Some(&*it.cast.fill("{5} is now a legislator")) {
        return it.again("Decree 1 does not seat {5}.");
    }
    let votes_on = |number| {
        let quorums = facts.successful(number).into_iter().filter_map(|ballot| ballot.quorum);
        quorums.into_iter().any(|quorum| quorum.contains(&strong))
    };
    if !(FIRST..FIRST + 2).any(votes_on) {
        return it.run("{5} has not voted yet. Pass two more decrees.", PASS);
    }
    Ok(())
}

fn first(it: &Sight<'_>) -> Check {
    it.number(
        "first",
        FIRST,
        &[
            (1, "Decree 1 itself seats {5}: those before it vote on it."),
            (2, "Numbers 2 and 3 may be open while decree 1 is: who votes on them was law before it."),
            (3, "Numbers 2 and 3 may be open while decree 1 is: who votes on them was law before it."),
        ],
        "Look at the quorums of `hall`: in which is {5}, and from which number on?",
    )
}

/// The suspects, from 1, with their seeds.
fn suspects_of(it: &Sight<'_>) -> impl Iterator<Item = (u64, u64)> {
    (1..).zip(it.cast.suspects())
}

fn named(it: &Sight<'_>) -> Check {
    match it.number_of("sound")? {
        1..=4 => Ok(()),
        _ => {
            it.wrong("sound", "The suspects are 1, 2, 3 and 4, and one of them keeps to the paper.")
        }
    }
}

fn convicted(it: &Sight<'_>) -> Check {
    let said = it.number_of("sound")?;
    if let Some((suspect, heresy)) = suspects_of(it)
        .filter(|(suspect, _)| *suspect == said)
        .find_map(|(suspect, seed)| Some((suspect, suspects::heresy(seed)?)))
    {
        let own = format!("suspect-{suspect}.txt");
        if it.has(&own) && it.convicts(&own, heresy)? {
            return it.wrong(
                "sound",
                &format!("{own} breaks a rule with suspect {suspect}: the sound one is another."),
            );
        }
    }
    for (suspect, seed) in suspects_of(it).filter(|(suspect, _)| *suspect != said) {
        let file = format!("suspect-{suspect}.txt");
        if !it.has(&file) {
            return it.run(
                &format!("There is no {file}. Move the priests until a rule breaks, and save."),
                &format!("parliament play --heresy '?' --seed {seed}"),
            );
        }
        let convicts = match suspects::heresy(seed) {
            Some(heresy) => it.convicts(&file, heresy)?,
            None => false,
        };
        if !convicts {
            return missing(format!(
                "{file} breaks no rule with suspect {suspect}. Play on with --seed {seed}, or doubt that \
                 suspect {said} is the sound one.",
            ));
        }
        it.is_sound_script(&file)?;
    }
    Ok(())
}
