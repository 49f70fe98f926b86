//! Lesson 13: olive day. A gap is filled, and no petition is lost by it.

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::{choice, yes_no};
use super::super::sight::Sight;

const GOATS: &str = "The sale of brown goats is permitted";
/// The petition's id.
const ID: &str = "Dolf/1";

const PASS: &str = "parliament pass --chamber hall --absent {1},{5} \"{gamma}\"";
const SIT: &str = "parliament sit --chamber hall --absent {1},{5}";
const PETITION: &str = "parliament petition --chamber hall --citizen Dolf --id Dolf/1 \
                        \"The sale of brown goats is permitted\"";

const WORDS: &[&str] = &["{alpha}", "{beta}", "{gamma}", "goats", "olive day"];

pub(super) const LESSON: Lesson = Lesson {
    number: 13,
    slug: "olive",
    title: "Olive day",
    section: "§3.1",
    misconceptions: &[11],
    text: "
The Parliament passes decree after decree, each with a number. {5} was the
president, and fell off his boat. So far, by the ledgers in `hall`:

1. “{alpha}” has passed.
2. Dolf asked for goats. {5} began the ballot, and only {5} voted.
3. {5} began “{beta}”. {5} voted, and {3} voted.

{1} and {5} are away. {4} presides now, with {2} and {3}. Somebody asks for
“{gamma}”.

## First, your guesses

{?d2}
{?d3}
{?d4}
{?lost}

## Do

1. Pass “{gamma}”, and look at what stands under each number:

       parliament pass --chamber hall --absent {1},{5} \"{gamma}\"
       parliament ledgers --chamber hall

2. Dolf has heard nothing of his goats. Keep the Chamber open in a terminal:

       parliament sit --chamber hall --absent {1},{5}

   In another one, let Dolf ask again, twice, with the id of his petition.
   End the sitting with Ctrl-C after that:

       parliament petition --chamber hall --citizen Dolf --id Dolf/1 \"The sale of brown goats is permitted\"
       parliament petition --chamber hall --citizen Dolf --id Dolf/1 \"The sale of brown goats is permitted\"
",
    questions: &[
        choice("d2", "Which decree gets number 2?", WORDS),
        choice("d3", "Which decree gets number 3?", WORDS),
        choice("d4", "Which decree gets number 4?", WORDS),
        yes_no("lost", "If number 2 goes to another decree, are Dolf's goats lost?"),
    ],
    files: &[
        ("hall/ledgers/{1}.csv", "
outcome,0,,{all}
nextBal,,{1.5}
prevVote,1,{1.5},{alpha}
outcome,1,{1.5},{alpha}
"),
        ("hall/ledgers/{2}.csv", "
outcome,0,,{all}
nextBal,,{1.5}
outcome,1,{1.5},{alpha}
"),
        ("hall/ledgers/{3}.csv", "
outcome,0,,{all}
nextBal,,{1.5}
prevVote,1,{1.5},{alpha}
prevVote,3,{1.5},{beta}
outcome,1,{1.5},{alpha}
"),
        ("hall/ledgers/{4}.csv", "
outcome,0,,{all}
outcome,1,{1.5},{alpha}
"),
        ("hall/ledgers/{5}.csv", "
outcome,0,,{all}
lastTried,,{1.5}
nextBal,,{1.5}
beginBallot,1,{1.5},{alpha},{1} {3} {5}
prevVote,1,{1.5},{alpha}
beginBallot,2,{1.5},The sale of brown goats is permitted,{1} {3} {5},Dolf/1
prevVote,2,{1.5},The sale of brown goats is permitted,,Dolf/1
beginBallot,3,{1.5},{beta},{1} {3} {5}
prevVote,3,{1.5},{beta}
outcome,1,{1.5},{alpha}
"),
    ],
    steps: &[
        Step { title: "a guess is written: number 2", check: |it| it.asked("d2") },
        Step { title: "a guess is written: number 3", check: |it| it.asked("d3") },
        Step { title: "a guess is written: number 4", check: |it| it.asked("d4") },
        Step { title: "a guess is written: the goats", check: |it| it.asked("lost") },
        Step { title: "“{gamma}” has passed", check: passed },
        Step { title: "the guess is compared: number 2", check: second },
        Step { title: "the guess is compared: number 3", check: third },
        Step { title: "the guess is compared: number 4", check: fourth },
        Step { title: "the goats have passed, once", check: goats },
        Step { title: "the guess is compared: the goats", check: lost },
    ],
    hints: [
        "Read §3.1 of the paper, and look for the olive day.",
        "In `hall/ledgers`, whose rows `prevVote,2` and `prevVote,3` are there, and who of them is inside?",
        "A new president asks those inside for their votes on every number he does not know. Where there is a vote, B3 binds him.",
        "Run, in two terminals:\n    parliament sit --chamber hall --absent {1},{5}\n    parliament petition --chamber hall --citizen Dolf --id Dolf/1 \"The sale of brown goats is permitted\"",
    ],
    after: After {
        why: "Nobody inside had voted on number 2, so it had not passed, and could not pass behind \
              their backs. Number 3 had a vote, which B3 takes over. A president puts no new decree \
              into a gap, since it would then come before decrees that are older; he fills it with one \
              that matters to nobody. The petition is not lost: it has an id, and is asked for until \
              it passes, and under one id it passes once.",
        heresy: (
            "A president fills the gaps with decrees of his own.",
            "parliament explore --heresy no-olive-day",
        ),
        quiz: "{5} comes back. In his ledger are the goats at number 2, with his vote. Do they pass there?",
        answer: "No. The olive day has passed there, and {5} inks it when he hears of it. His vote stays in his ledger and passes nothing.",
        picture: "parliament chronicle --chamber hall",
    },
};

fn hall(it: &Sight<'_>) -> Check<Facts> {
    let Some(facts) = it.facts("hall")? else {
        return it.again("The ledgers of `hall` are gone.");
    };
    it.stands("hall", LESSON.files, "hall", &facts)?;
    it.is_sound(&facts)?;
    Ok(facts)
}

fn passed(it: &Sight<'_>) -> Check {
    let facts = hall(it)?;
    let [two, three, four] = [2, 3, 4].map(|number| facts.passed(number));
    if two.is_none() && three.is_none() && four.is_none() {
        return it.run("“{gamma}” has not been asked for yet.", PASS);
    }
    if two == Some(GOATS) {
        return it
            .again("The goats have passed as number 2: {5} was in the Chamber, and must be away.");
    }
    let beta = it.cast.fill("{beta}");
    if two.is_some() && three.is_some() && three != Some(&*beta) {
        return it.again("{3} was not among those who voted: {2}, {3} and {4} must be inside.");
    }
    match four {
        Some(four) if four == it.cast.fill("{gamma}") => Ok(()),
        Some(_) => {
            it.again("Another decree than “{gamma}” has number 4: {1} and {5} must be away.")
        }
        None => it.run("“{gamma}” has not passed yet.", PASS),
    }
}

/// Compares a guess with what stands under a number; a word for each known wrong guess.
fn compared(it: &Sight<'_>, key: &str, right: usize, known: &[(usize, &str)]) -> Check {
    let said = it.chosen(key)?;
    if said == right {
        return Ok(());
    }
    let known = known.iter().find(|(wrong, _)| *wrong == said);
    it.wrong(key, known.map_or("Look at it: parliament ledgers --chamber hall", |(_, why)| why))
}

fn second(it: &Sight<'_>) -> Check {
    compared(
        it,
        "d2",
        4,
        &[
            (
                3,
                "Only {5} had voted for the goats, and {5} is away: nobody inside knew of them, so number 2 was free.",
            ),
            (
                2,
                "A new decree is not put into a gap: it would come before “{beta}”, which is older.",
            ),
            (1, "“{beta}” was begun as number 3, and {3}'s vote is for number 3."),
        ],
    )
}

fn third(it: &Sight<'_>) -> Check {
    compared(
        it,
        "d3",
        1,
        &[
            (
                2,
                "{3} had voted for “{beta}” under number 3, and B3 binds the new president to that vote.",
            ),
            (
                4,
                "Number 3 is no gap: {3} had voted there, and B3 binds the new president to that vote.",
            ),
        ],
    )
}

fn fourth(it: &Sight<'_>) -> Check {
    compared(
        it,
        "d4",
        2,
        &[
            (3, "The new president knew nothing of the goats: Dolf's petition was with {5}."),
            (1, "“{beta}” has number 3: {3}'s vote binds the president there."),
        ],
    )
}

fn goats(it: &Sight<'_>) -> Check {
    let facts = hall(it)?;
    let found = facts.numbers_of(ID);
    match &*found {
        [] if facts.anything_says(GOATS) => it.again(
            "The goats have passed, and not under the id Dolf/1: who asks with another id asks anew.",
        ),
        [] => it.run(&format!("Dolf's goats have not passed yet. While `{SIT}` runs:"), PETITION),
        [_] => Ok(()),
        _ => missing("The petition Dolf/1 has passed more than once."),
    }
}

fn lost(it: &Sight<'_>) -> Check {
    it.is(
        "lost",
        false,
        "Filling a gap loses no petition: Dolf asked again under the id Dolf/1, and it passed above the \
         gap, once, though he asked twice.",
    )
}
