//! Lesson 14: the law today. A ledger tells the law as of some decree.

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::Check;
use super::super::question::{choice, number, yes_no};
use super::super::sight::Sight;

const FIRST: &str =
    "parliament pass --priests {1},{2},{3},{4},{5} \"The olive tax is {low} drachmas per ton\"";
const SECOND: &str = "parliament pass --absent {3} \"The olive tax is {high} drachmas per ton\"";
const SLOW: &str = "parliament law get \"olive tax\" --slow";

pub(super) const LESSON: Lesson = Lesson {
    number: 14,
    slug: "today",
    title: "The law today",
    section: "§3.3.2, §3.3.4",
    misconceptions: &[12],
    text: "
Two decrees on the olive tax pass, one after the other. When the second passes,
{3} is away. A merchant then asks what the tax is, and looks into one ledger.

## First, a guess

{?sure}

## Do

1. Pass both decrees in this folder:

       parliament pass --priests {1},{2},{3},{4},{5} \"The olive tax is {low} drachmas per ton\"
       parliament pass --absent {3} \"The olive tax is {high} drachmas per ton\"

2. Ask two ledgers, and write down what they say:

       parliament law get \"olive tax\" --ledger {3}
       parliament law get \"olive tax\" --ledger {5}

{?third}
{?fifth}

3. The merchant knows that decree 2 has passed. Let him ask {3}'s ledger for a
   law that is not older:

       parliament law get \"olive tax\" --ledger {3} --at-least 2

{?atleast}

4. If he knew no number, he could have a decree passed that only asks. Keep the
   Chamber open in one terminal, ask in another, and end the sitting with Ctrl-C:

       parliament sit --absent {3}
       parliament law get \"olive tax\" --slow
",
    questions: &[
        yes_no("sure", "{3}'s ledger says: {low} drachmas. Is that surely the law today?"),
        number("third", "How many drachmas, by {3}'s ledger?"),
        number("fifth", "How many drachmas, by {5}'s ledger?"),
        choice(
            "atleast",
            "What does {3}'s ledger answer, asked for a law as of decree 2?",
            &["{low}", "{high}", "nothing"],
        ),
    ],
    files: &[],
    steps: &[
        Step { title: "a guess is written", check: |it| it.asked("sure") },
        Step { title: "both decrees have passed, the second without {3}", check: passed },
        Step { title: "{3}'s ledger was asked", check: third },
        Step { title: "{5}'s ledger was asked", check: fifth },
        Step { title: "{3}'s ledger was asked for decree 2", check: at_least },
        Step { title: "a decree that only asks has passed", check: slow },
        Step { title: "the guess is compared", check: sure },
    ],
    hints: [
        "Read §3.3.2 and §3.3.4 of the paper: how can a citizen learn what the law is?",
        "Run `parliament ledgers` in this folder: which ledger lacks a decree?",
        "With `--at-least 2`, the program answers only from a ledger that has all decrees through 2.",
        "Run, in two terminals:\n    parliament sit --absent {3}\n    parliament law get \"olive tax\" --slow",
    ],
    after: After {
        why: "A ledger tells the law as of the last decree it is complete through, and nothing of \
              later ones. A citizen who quotes the number of his last answer never goes back in time. If he has a \
              decree passed that only asks, he gets a law in which nothing is missing that passed before \
              he asked, since decrees have one order.",
        heresy: (
            "A ledger with a gap is taken for complete.",
            "parliament explore --heresy success-across-a-gap",
        ),
        quiz: "Why is it not enough to ask three of five ledgers, and take the answer with the highest number?",
        answer: "A decree may have passed that stands in none of the three ledgers yet, or pass between two of your questions. Only a decree is at one place in the order: so the question must be one, or name a decree number.",
        picture: "parliament chronicle",
    },
};

fn hall(it: &Sight<'_>) -> Check<Option<Facts>> {
    it.sound(".", it.cast.names())
}

fn passed(it: &Sight<'_>) -> Check {
    let away = it.cast.names()[2];
    let Some(facts) = hall(it)? else { return it.run("No decree has passed yet.", FIRST) };
    let is_tax = |number, tax: &str| {
        let decree = it.cast.fill(&format!("The olive tax is {tax} drachmas per ton"));
        facts.passed(number).is_none_or(|passed| passed == decree)
    };
    if !is_tax(1, "{low}") || !is_tax(2, "{high}") {
        return it.again("The first two decrees are not the ones of this lesson.");
    }
    if facts.outcome(away, 2).is_some() {
        return it.again("{3} has decree 2: when it passed, he was to be away.");
    }
    match (facts.passed(1), facts.passed(2)) {
        (None, _) => it.run("No decree has passed yet.", FIRST),
        (_, None) => it.run("The second decree has not passed yet.", SECOND),
        _ => Ok(()),
    }
}

fn third(it: &Sight<'_>) -> Check {
    let [low, high] = it.cast.taxes();
    it.number(
        "third",
        low,
        &[(high, "{3} was away when that passed: his ledger ends with decree 1.")],
        "Ask again: parliament law get \"olive tax\" --ledger {3}",
    )
}

fn fifth(it: &Sight<'_>) -> Check {
    let [low, high] = it.cast.taxes();
    it.number(
        "fifth",
        high,
        &[(low, "That was the tax as of decree 1. {5}'s ledger has decree 2, which changed it.")],
        "Ask again: parliament law get \"olive tax\" --ledger {5}",
    )
}

fn at_least(it: &Sight<'_>) -> Check {
    match it.chosen("atleast")? {
        2 => Ok(()),
        0 => it.wrong(
            "atleast",
            "That is the law as of decree 1, and it was asked for one as of decree 2: the ledger must \
             not answer.",
        ),
        _ => it.wrong("atleast", "{3}'s ledger does not have decree 2, so it cannot know that."),
    }
}

fn slow(it: &Sight<'_>) -> Check {
    let facts = hall(it)?;
    let asks = |facts: &Facts| {
        (3..).map_while(|number| facts.passed(number)).any(|it| it.ends_with("is reading the law"))
    };
    if facts.as_ref().is_some_and(asks) {
        return Ok(());
    }
    it.run(
        "No decree that only asks has passed yet. While `parliament sit --absent {3}` runs:",
        SLOW,
    )
}

fn sure(it: &Sight<'_>) -> Check {
    it.is(
        "sure",
        false,
        "It was the law as of decree 1, and decree 2 had changed it. One ledger tells a law, and not \
         that nothing newer has passed.",
    )
}
