//! Lesson 15: the lost ledger. An older copy is worse than none.

use super::super::facts::Facts;
use super::super::lesson::{After, Lesson, Step};
use super::super::missing::{Check, missing};
use super::super::question::{choice, yes_no};
use super::super::sight::Sight;
use crate::audit::Rule;

const GONE: &str = "cp -r start gone; rm gone/ledgers/{3}.csv; parliament synod --chamber gone --absent {5} \
                    \"{beta}\"";
const OLDER: &str = "cp -r start older; cp backup/ledgers/{3}.csv older/ledgers/; parliament synod --chamber older \
                     --absent {5} \"{beta}\"";
const HOME: &str = "cp boat/ledgers/{5}.csv older/ledgers/";
const ABSENT: &str =
    "cp -r start absent; rm absent/ledgers/{3}.csv; cp boat/ledgers/{5}.csv absent/ledgers/";
const PASS: &str = "parliament synod --chamber absent --absent {3} \"{beta}\"";

pub(super) const LESSON: Lesson = Lesson {
    number: 15,
    slug: "lost",
    title: "The lost ledger",
    section: "§1.3 note 3, §3.3.5",
    misconceptions: &[13, 2],
    text: "
{1}, {3} and {5} are the Chamber. In the ballot {1.5}, {3} and {5} have voted
for “{alpha}”, and it has passed. {1} was away and knows nothing of it. Now {5} is
on his boat, with his ledger: it is in `boat`. {3}'s disk fails, and all letters
are lost with it. In `backup` there is a copy of {3}'s ledger from the day before.

## First, two guesses

{?safe}
{?keep}

## Do

1. `gone`: {3}'s ledger is lost, and {3} wants to go on all the same. See what the
   program says:

       cp -r start gone
       rm gone/ledgers/{3}.csv
       parliament synod --chamber gone --absent {5} \"{beta}\"

2. `older`: {3} takes the copy of the day before, and goes on. Then {5} comes home,
   and the gods look:

       cp -r start older
       cp backup/ledgers/{3}.csv older/ledgers/
       parliament synod --chamber older --absent {5} \"{beta}\"
       cp boat/ledgers/{5}.csv older/ledgers/
       parliament audit --chamber older

3. `absent`: {3} stays away, as the paper wants. They wait for {5}:

       cp -r start absent
       rm absent/ledgers/{3}.csv
       cp boat/ledgers/{5}.csv absent/ledgers/
       parliament synod --chamber absent --absent {3} \"{beta}\"
",
    questions: &[
        yes_no(
            "safe",
            "All that stands in the copy of the day before is true. Is it harmless to go on with it?",
        ),
        choice(
            "keep",
            "What must a priest still have in his ledger when he returns?",
            &["votes", "promises", "both", "neither"],
        ),
    ],
    files: &[
        ("start/ledgers/{1}.csv", "outcome,0,,{1} {3} {5}\n"),
        (
            "start/ledgers/{3}.csv",
            "
outcome,0,,{1} {3} {5}
nextBal,,{1.5}
prevVote,1,{1.5},{alpha}
",
        ),
        ("boat/ledgers/{5}.csv", BOAT),
        ("backup/ledgers/{3}.csv", "outcome,0,,{1} {3} {5}\n"),
    ],
    steps: &[
        Step { title: "a guess is written: safe", check: |it| it.asked("safe") },
        Step { title: "a guess is written: keep", check: |it| it.asked("keep") },
        Step { title: "`gone`: a ledger is missing, and nothing has passed", check: gone },
        Step { title: "`older`: two decrees have passed", check: older },
        Step { title: "`absent`: one decree, in all ledgers that are left", check: absent },
        Step { title: "the guess is compared: safe", check: safe },
        Step { title: "the guess is compared: keep", check: keep },
    ],
    hints: [
        "Read note 3 in §1.3 of the paper, and §3.3.5: what if a ledger is lost?",
        "Compare `start/ledgers/{3}.csv` with `backup/ledgers/{3}.csv`: which rows are missing in the copy?",
        "The rows that are missing are a promise and a vote. With them, {3} would have told {1} of “{alpha}”.",
        "Do the commands of LESSON.md one after the other. To begin a copy again, remove its folder first.",
    ],
    after: After {
        why: "A ledger is a priest's word. {5} passed “{alpha}” because {3} had voted, and nobody \
              else knows of that vote while {5} is away. The copy of the day before has forgotten it, \
              so {3} helped “{beta}” to pass under the same number. A promise that is forgotten does \
              the same harm as a vote. Without a ledger a priest stays away; a decree may then give \
              his seat to a new name.",
        heresy: (
            "A priest who returns has forgotten his promise: he kept it in his head.",
            "parliament explore --heresy promise-forgotten",
        ),
        quiz: "The disk of the merchant's database is restored from last night's backup, and it rejoins its cluster. What may happen?",
        answer: "It answers as if what it promised and voted today had never been, and two different values may be chosen. It has to come back as a new member, or stay away.",
        picture: "parliament chronicle --chamber older",
    },
};

const BOAT: &str = "
outcome,0,,{1} {3} {5}
lastTried,,{1.5}
nextBal,,{1.5}
beginBallot,1,{1.5},{alpha},{3} {5}
prevVote,1,{1.5},{alpha}
outcome,1,{1.5},{alpha}
";

/// A copy of `start`, if it is there, of the three.
fn copy(it: &Sight<'_>, name: &str) -> Check<Option<Facts>> {
    let Some(facts) = it.facts(name)? else { return Ok(None) };
    let names = it.cast.names();
    it.sit(&facts, &[names[0], names[2], names[4]])?;
    Ok(Some(facts))
}

fn gone(it: &Sight<'_>) -> Check {
    let [gray, oki] = [it.cast.names()[2], it.cast.names()[4]];
    let Some(facts) = copy(it, "gone")? else {
        return it.run("There is no `gone` yet.", GONE);
    };
    if facts.has_ledger(gray) || facts.has_ledger(oki) {
        return missing(it.cast.fill(
            "In `gone`, {3}'s ledger must be lost, and {5}'s is on the boat: remove them from \
             gone/ledgers.",
        ));
    }
    match facts.passed(1) {
        Some(_) => it.again("In `gone` a decree has passed, and {1} alone is no majority."),
        None => Ok(()),
    }
}

fn older(it: &Sight<'_>) -> Check {
    let [gray, oki] = [it.cast.names()[2], it.cast.names()[4]];
    let Some(facts) = copy(it, "older")? else {
        return it.run("There is no `older` yet.", OLDER);
    };
    if !facts.has_ledger(gray) || facts.has_voted_for(gray, &it.cast.fill("{alpha}")) {
        return missing(it.cast.fill(
            "In `older`, {3} must have the ledger of the day before, without the vote: copy it from \
             `backup`.",
        ));
    }
    let beta = it.cast.fill("{beta}");
    if facts.outcome(gray, 1) != Some(&*beta) {
        return it.run(
            "In `older`, “{beta}” has not passed yet.",
            "parliament synod --chamber older --absent {5} \"{beta}\"",
        );
    }
    if !facts.has_ledger(oki) {
        return it.run("“{beta}” has passed in `older`. Now {5} comes home.", HOME);
    }
    match facts.finding(Rule::Consistency) {
        Some(_) => Ok(()),
        None => {
            it.again("In `older` no two ledgers differ: {5}'s ledger is to be the one of `boat`.")
        }
    }
}

fn absent(it: &Sight<'_>) -> Check {
    let [dwork, gray, oki] = [0, 2, 4].map(|i| it.cast.names()[i]);
    let Some(facts) = copy(it, "absent")? else {
        return it.run("There is no `absent` yet.", ABSENT);
    };
    if facts.has_ledger(gray) || !facts.has_ledger(oki) {
        return missing(it.cast.fill(
            "In `absent`, {3}'s ledger is lost and {5}'s is there: remove the one, and copy the other \
             from `boat`.",
        ));
    }
    if let Some(finding) = facts.broken_besides(Rule::Founding) {
        return it
            .again(&format!("In `absent` a rule is broken, “{}”: {}.", finding.rule, finding.why));
    }
    let alpha = it.cast.fill("{alpha}");
    if facts.outcome(dwork, 1) != Some(&*alpha) || facts.outcome(oki, 1) != Some(&*alpha) {
        return it.run("In `absent`, {1} does not know the decree yet.", PASS);
    }
    Ok(())
}

fn safe(it: &Sight<'_>) -> Check {
    it.is(
        "safe",
        false,
        "Two decrees have passed under number 1 in `older`. The copy tells no lie; it leaves out a vote \
         that others rely on. Losing the disk is not harmless, and an older copy is worse than none.",
    )
}

fn keep(it: &Sight<'_>) -> Check {
    match it.chosen("keep")? {
        2 => Ok(()),
        0 => it.wrong(
            "keep",
            "Promises too: the one he promised may have begun a ballot because of it. A promise \
             that was only in his head is broken when he returns. The command shown after this lesson \
             finds how.",
        ),
        1 => it.wrong("keep", "Votes too: in `older`, the vote that the copy lacks made “{beta}” pass."),
        _ => it.wrong("keep", "Then he is like {3} in `older`, and two decrees pass under one number."),
    }
}
