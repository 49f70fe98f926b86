//! Heretics' roads: of each heresy of the Synod the shortest run to its sin, on which the novice sits
//! in the heretic's place. Each is walked with the names exchanged too, and with the replies in the
//! other order, so that no priest passes by taking the first of them or the last.
//!
//! The roads stand in `roads.txt`, as scenes that `parliament` can play; a test finds them again by
//! the search.

use super::hall::{Novice, Part};
use super::telling::Conviction;
use super::walk::Walk;
use crate::explore::Scope;
use crate::heresies::{self, Heresy};
use crate::scene::Script;
use crate::scene::commands::Command;
use crate::words::{BallotNumber, Name};

const ROADS: &str = include_str!("roads.txt");

/// Heresies that no answer expresses, since the examiner inks.
pub const CANNOT_BE_HELD: [&str; 2] = ["voted-on-wet-ink", "last-vote-on-wet-ink"];

/// Where a road goes on for a novice. The gods read no slip of his, so what he puts there shows only
/// when he acts on it; and his vote stands in the ledger, which the examiner keeps, so that striking
/// it out shows only when he tells of it.
const BEYOND: [(&str, &str); 3] = [
    ("vote-struck-out", "try 2.Gray\ndeliver Gray Fischer NextBallot 2.Gray\n"),
    (
        "stale-last-vote",
        "try 1.Gray\n\
         deliver Gray Fischer NextBallot 1.Gray\n\
         deliver Fischer Gray LastVote 1.Gray\n\
         deliver Gray Gray NextBallot 1.Gray\n\
         deliver Gray Gray LastVote 1.Gray\n\
         begin Gray α\n\
         deliver Gray Fischer BeginBallot 1.Gray\n\
         deliver Dwork Dwork NextBallot 2.Dwork\n\
         deliver Dwork Dwork LastVote 2.Dwork\n\
         begin Dwork β\n",
    ),
    ("stale-voted", "deliver Dwork Dwork BeginBallot 2.Dwork\ndeliver Dwork Dwork Voted 2.Dwork\n"),
];

/// Other roads of a heresy, on which two votes have one integer, so that the names of the ballots'
/// owners decide: the votes of those owners, and votes of others.
const OF_ONE_INTEGER: &str = include_str!("roads_of_one_integer.txt");

/// Each road in a text: the name of its heresy, and its scene.
fn each(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split("## ").filter_map(|road| road.split_once('\n'))
}

/// The shortest run of a heresy to its sin.
pub struct Road {
    /// The heresy.
    pub heresy: &'static Heresy,
    /// As it stands, and then with names and replies in the other order.
    scripts: Vec<Script>,
}

/// Where a road has led a novice.
pub enum Walked {
    /// To its end, and no rule is broken.
    Kept,
    /// Away from it: an event of it never happened.
    Left,
    /// To a broken rule, in the place of these.
    Fell(Vec<Name>, Box<Conviction>),
}

/// All roads, in the order of the heresies.
#[must_use]
pub fn roads() -> Vec<Road> {
    let road = |(name, text): (&'static str, &'static str)| {
        let heresy = heresies::find(name.trim())?;
        let beyond = BEYOND.iter().find(|(of, _)| *of == heresy.name);
        let text = raised(&[text, beyond.map_or("", |(_, moves)| moves)].concat());
        let others = each(OF_ONE_INTEGER).filter(|(of, _)| *of == heresy.name);
        let all = in_any_order(&text).into_iter().chain(others.flat_map(|(_, it)| both_ways(it)));
        let scripts: Vec<Script> = all.filter_map(|text| Script::read(&text).ok()).collect();
        (!scripts.is_empty()).then_some(Road { heresy, scripts })
    };
    each(ROADS).filter_map(road).collect()
}

/// How much higher than in `roads.txt` a novice meets the ballots: the first are 9 and 10, so that
/// one who compares their numbers as text takes the lower for the higher.
const RAISED_BY: u64 = 8;

/// A scene with each of its words changed.
fn with_words(text: &str, word: impl Fn(&str) -> String) -> String {
    let line = |line: &str| line.split(' ').map(&word).collect::<Vec<_>>().join(" ") + "\n";
    text.lines().map(line).collect()
}

/// A scene with all its ballots raised.
fn raised(text: &str) -> String {
    with_words(text, |word| match word.parse::<BallotNumber>() {
        Ok(ballot) => BallotNumber { round: ballot.round + RAISED_BY, ..ballot }.to_string(),
        Err(_) => word.to_owned(),
    })
}

/// A scene as it stands, and then with the replies in the other order.
fn both_ways(text: &str) -> [String; 2] {
    [text.to_owned(), replied_backwards(text)]
}

/// A scene as it stands, and then with the names, with the replies, and with both in the other order.
fn in_any_order(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    for other in [mirrored(text), replied_backwards(text), replied_backwards(&mirrored(text))] {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all
}

/// A scene in which the first by name bears the name of the last, and so on.
fn mirrored(text: &str) -> String {
    let Some(seated) = text.lines().find_map(|line| line.strip_prefix("convene ")) else {
        return text.to_owned();
    };
    let mut names: Vec<&str> = seated.split(' ').collect();
    names.sort_unstable();
    let other = |name: &str| {
        let at = names.iter().position(|it| *it == name)?;
        names.iter().rev().nth(at).copied()
    };
    with_words(text, |word| match word.split_once('.') {
        Some((round, owner)) => format!("{round}.{}", other(owner).unwrap_or(owner)),
        None => other(word).unwrap_or(word).to_owned(),
    })
}

/// A scene in which each president reads the replies to a ballot in the other order, just before he
/// begins it.
fn replied_backwards(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while let Some(begin) = (at..lines.len()).find(|&at| lines[at].starts_with("begin ")) {
        let who = lines[begin].split(' ').nth(1).unwrap_or_default();
        let is_reply = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            words[0] == "deliver" && words.get(2) == Some(&who) && words.get(3) == Some(&"LastVote")
        };
        let (mut replies, mut before): (Vec<&str>, Vec<&str>) =
            lines[at..begin].iter().copied().partition(|line| is_reply(line));
        replies.reverse();
        before.extend(replies);
        lines.splice(at..begin, before);
        at = begin + 1;
    }
    lines.join("\n") + "\n"
}

/// The priests who err in a scene.
fn heretics(script: &Script) -> Vec<Name> {
    script.setting.heretics.keys().copied().collect()
}

impl Road {
    /// Leads a novice along the road, in the place of each who errs on it, in any order of names
    /// and replies: as the road stands first.
    #[must_use]
    pub fn walk(&self, novice: &dyn Novice) -> Walked {
        let mut walked = self.scripts.iter().map(|script| walk(script, novice));
        let first = walked.next().unwrap_or(Walked::Left);
        if matches!(first, Walked::Fell(..)) {
            return first;
        }
        walked.find(|it| matches!(it, Walked::Fell(..))).unwrap_or(first)
    }
}

/// Leads a novice along one road.
fn walk(script: &Script, novice: &dyn Novice) -> Walked {
    let members = &script.setting.founding.membership;
    let names: Vec<Name> = members.names().collect();
    let heretics = heretics(script);
    let is_his = |at: &usize| heretics.contains(&names[*at]);
    let seats: Vec<usize> = (0..names.len()).filter(is_his).collect();
    let scope = Scope { priests: names.len(), ballots: 1, decrees: 1, restarts: 0 };
    let part = Part::new(novice, scope, &seats, Vec::new());
    let hall = part.stage();
    let mut walk = Walk::begin(&hall, &names);
    let mut left = false;
    for (_, command) in &script.commands {
        let Command::Move(by) = command else { continue };
        left |= !walk.go(by);
        let breaches = walk.judge();
        if !breaches.is_empty() {
            return Walked::Fell(heretics, Box::new(walk.convict(breaches)));
        }
    }
    if left { Walked::Left } else { Walked::Kept }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::creeds::Event;
    use crate::explore::Gauge;
    use crate::explore::pages::Power;
    use crate::scene::moves::{Move, Which};
    use crate::scene::{Heretics, replay};
    use crate::synod::Letter;
    use crate::trace::Happening;

    /// The shortest run of a heresy, as a scene.
    fn written(heresy: &Heresy) -> String {
        let trial = heresy.trial_by_all().unwrap();
        let story = trial.explore(&Gauge::default()).unwrap().breach.unwrap();
        let mut lines = vec![format!("## {}", heresy.name), format!("convene {}", story.founding)];
        let errs =
            |name: &Name| story.chapters.iter().any(|it| it.priest == *name && it.heresy.is_some());
        let heretics = story.founding.membership.names().filter(errs);
        lines.extend(heretics.map(|name| format!("heretic {name} {}", heresy.name)));
        let mut bag: Vec<(Name, Letter)> = Vec::new();
        for (at, chapter) in story.chapters.iter().enumerate() {
            let who = chapter.priest;
            if chapter.power == Power::Fails {
                lines.push(format!("crash {who} wet"));
            }
            match &chapter.event {
                Event::Try(ballot) => lines.push(Move::Try(*ballot).to_string()),
                Event::Begin(wish) => {
                    lines.push(Move::Begin { who, wish: wish.clone() }.to_string());
                }
                Event::Return => lines.extend([format!("crash {who}"), format!("enter {who}")]),
                Event::Hourglass => unreachable!("the basic protocol has no hourglass"),
                Event::Read { from, message } => {
                    let letter = Letter { to: who, message: message.clone() };
                    let found = bag.iter().position(|it| *it == (*from, letter.clone())).unwrap();
                    let before = bag[..found].iter().map(|(from, letter)| (*from, letter));
                    let which = Which::of(*from, &letter, before);
                    let comes_again = story.chapters[at + 1..]
                        .iter()
                        .any(|it| it.priest == who && it.event == chapter.event);
                    if comes_again {
                        lines.push(Move::Repeat(which).to_string());
                    } else {
                        bag.remove(found);
                    }
                    lines.push(Move::Deliver(which).to_string());
                    if comes_again {
                        // The copy stands behind, and the first was delivered.
                        let letter = bag.remove(found);
                        bag.insert(found, letter);
                    }
                }
            }
            if chapter.power == Power::Fails {
                lines.push(format!("enter {who}"));
            }
            for happening in &chapter.course {
                if let Happening::Send { from, to, message } = happening {
                    bag.push((*from, Letter { to: *to, message: message.clone() }));
                }
            }
        }
        lines.join("\n") + "\n\n"
    }

    /// `PARLIAMENT_BLESS=1` writes the roads anew, which takes a while.
    #[test]
    fn roads_are_those_that_the_search_finds() {
        let is_held = |heresy: &&Heresy| !heresy.is_control && heresy.creed().is_some();
        let mut all = heresies::ALL.iter().filter(is_held);
        if std::env::var_os("PARLIAMENT_BLESS").is_some() {
            let text: String = all.map(written).collect();
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/examine/roads.txt");
            return std::fs::write(path, text).unwrap();
        }
        let quick = all.by_ref().filter(|heresy| heresy.expected().unwrap().scope.ballots == 1);
        for heresy in quick {
            assert!(ROADS.contains(&written(heresy)), "{}", heresy.name);
        }
    }

    /// Moves that are events: one that carries a letter once more, and a crash to come, belong to the
    /// next.
    fn events(text: &str) -> usize {
        let belongs = |line: &&str| {
            let head = line.split(' ').next().unwrap_or_default();
            ["try", "begin", "deliver"].contains(&head)
                || head == "crash" && !line.ends_with(" wet")
        };
        text.lines().filter(belongs).count()
    }

    #[test]
    fn every_road_is_as_long_as_its_row_of_the_table() {
        let is_held = |heresy: &&Heresy| !heresy.is_control && heresy.creed().is_some();
        let held: Vec<&str> = heresies::ALL.iter().filter(is_held).map(|it| it.name).collect();
        let names: Vec<&str> = roads().iter().map(|road| road.heresy.name).collect();
        assert_eq!(names, held);
        for text in ROADS.split("## ").skip(1) {
            let name = text.lines().next().unwrap();
            let expected = heresies::find(name).unwrap().expected().unwrap();
            assert_eq!(events(text), expected.events, "{name}");
        }
    }

    #[test]
    fn a_road_holds_for_its_heretic_in_any_order_of_names() {
        let text = ROADS.split("## ").find(|text| text.starts_with("lowest-vote")).unwrap();
        let roads = in_any_order(&raised(text.split_once('\n').unwrap().1));
        assert_eq!(roads.len(), 4);
        assert!(roads[1].contains("begin Gray α\n") && roads[1].contains("try 11.Gray\n"));
        let replies = |road: &str| {
            let is_reply = |line: &&str| line.contains("LastVote 11.");
            road.lines().filter(is_reply).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(replies(&roads[0]).into_iter().rev().collect::<Vec<_>>(), replies(&roads[2]));
        for road in &roads {
            let broken = replay(road, Heretics::AsWritten).unwrap().broken;
            assert!(!broken.is_empty(), "{road}");
        }
    }

    #[test]
    fn of_two_votes_with_one_integer_a_road_takes_the_lower() {
        for (name, text) in each(OF_ONE_INTEGER) {
            for road in both_ways(text) {
                let broken = replay(&road, Heretics::AsWritten).unwrap().broken;
                assert_eq!(broken[0].1.rule.to_string(), "B3", "{name}\n{road}");
                let sound = replay(&road, Heretics::Nobody).unwrap().broken;
                assert!(sound.is_empty(), "{name}: {:?}\n{road}", sound[0].1.rule);
            }
        }
    }

    #[test]
    fn sound_priests_break_no_rule_on_roads_in_any_order() {
        for text in ROADS.split("## ").skip(1) {
            let (name, text) = text.split_once('\n').unwrap();
            for road in in_any_order(text) {
                let sound = replay(&road, Heretics::Nobody);
                let broken = sound.map(|facts| facts.broken).unwrap_or_default();
                assert!(broken.is_empty(), "{name}: {:?}\n{road}", broken[0].1.rule);
            }
        }
    }

    #[test]
    fn every_road_ends_in_a_broken_rule_for_its_heretics_alone() {
        for text in ROADS.split("## ").skip(1) {
            let (name, text) = text.split_once('\n').unwrap();
            let broken = replay(text, Heretics::AsWritten).unwrap().broken;
            let moves = text.lines().filter(|line| !line.is_empty()).skip(1);
            let moves = moves.filter(|line| !line.starts_with("heretic")).count();
            let first = broken.first().map(|(after, _)| *after);
            let is_last = first.is_some_and(|first| first + 1 >= moves);
            assert!(is_last, "{name}: after move {first:?} of {moves}");
            let sound = replay(text, Heretics::Nobody);
            let broken = sound.map(|facts| facts.broken).unwrap_or_default();
            assert!(broken.is_empty(), "{name}: {:?}", broken[0].1.rule);
        }
    }
}
