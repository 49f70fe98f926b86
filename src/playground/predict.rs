//! Predict: a question before a telling move, whose answer the scene knows already. The wrong
//! answers are the usual misunderstandings, and each is told why it is wrong.

use crate::scene::moves::CrashAt;
use crate::scene::offers::Offer;
use crate::scene::told::Happened;
use crate::scene::{Move, Scene};
use crate::words::message::Kind;
use crate::words::{Decree, Entry, Name};

/// A promise is a vote.
const PROMISE_IS_VOTE: u8 = 1;
/// Another vote than the highest would do.
const NOT_THE_HIGHEST: u8 = 3;
/// Promises may live in memory.
const IN_MEMORY: u8 = 2;
/// Votes add up across ballots.
const VOTES_ADD_UP: u8 = 5;
/// Any majority of votes will do.
const ANY_MAJORITY: u8 = 6;

/// A question, its answers, and the right one.
pub(crate) struct Question {
    pub(crate) asks: String,
    pub(crate) answers: Vec<String>,
    pub(crate) right: usize,
    /// For each answer the number of the misconception that it shows, where it shows one;
    /// docs/teaching.md lists them.
    pub(crate) shows: Vec<Option<u8>>,
    /// Why.
    pub(crate) because: String,
    /// The fault of each answer that rests on a usual misunderstanding.
    misreadings: Vec<(usize, &'static str)>,
}

impl Question {
    /// The reply to this answer.
    pub(crate) fn told(&self, answer: usize) -> String {
        let because = &self.because;
        if answer == self.right {
            format!("Right. {because}")
        } else {
            let misread = self.misreadings.iter().find(|(at, _)| *at == answer);
            let misread = misread.map_or(String::new(), |(_, why)| format!(" {why}"));
            format!("No: {}.{misread} {because}", self.answers[self.right])
        }
    }
}

/// The question before this move, if it is a telling one. Nothing is asked about a heretic's deed: the
/// right answer would teach his heresy.
pub(crate) fn question(scene: &Scene, offer: &Offer) -> Option<Question> {
    if offer.who.is_some_and(|who| scene.setting().heretics.contains_key(&who)) {
        return None;
    }
    if let Some(question) = of_wet_ink(scene, offer) {
        return Some(question);
    }
    match &offer.by {
        Move::Deliver(_) => of_letter(offer),
        Move::Begin { .. } if offer.is_enabled() => of_choice(scene, offer),
        _ => None,
    }
}

/// The power is to fail at his next deed that inks: is the row there then, and has the letter left?
fn of_wet_ink(scene: &Scene, offer: &Offer) -> Option<Question> {
    let who = offer.who?;
    let crash = scene.sight(who)?.crash?;
    let fails = offer.told.events.iter().any(|event| matches!(event, Happened::Leaves(_)));
    if !fails || matches!(offer.by, Move::Crash { .. }) {
        return None;
    }
    let does = match (&offer.by, &offer.letter) {
        (Move::Deliver(_), Some(carried)) => {
            let letter = crate::scene::moves::letter_in_words(&carried.letter.message);
            format!("reads {letter} from {}", carried.from)
        }
        (Move::Try(ballot), _) => format!("tries {ballot}"),
        (Move::Begin { .. }, _) => "begins his ballot".into(),
        _ => return None,
    };
    let (stays, leaves) = (offer.inks().next().is_some(), offer.sends().next().is_some());
    let all = [(false, false), (true, false), (false, true), (true, true)];
    let said = |(stays, leaves): (bool, bool)| {
        let row = if stays { "what he writes is in his ledger" } else { "his ledger lacks it" };
        let letter = if leaves { "his letter has left" } else { "no letter has left" };
        format!("{row}, and {letter}")
    };
    let because = match (crash, leaves) {
        (CrashAt::Dry, _) => "Dry ink stays; the letter that rests on it had not left yet (§2.2)",
        (_, true) => {
            "Wet ink is gone with the power; his letter rests on no row, or he did not wait for \
             the ink (§2.2)"
        }
        (_, false) => {
            "Ink is gone unless it is dry, and a letter leaves only when the ink on which it rests is \
             dry (§2.2)"
        }
    };
    let right = all.iter().position(|it| *it == (stays, leaves))?;
    let shown = |at: usize| (at != right && all[at] == (false, true)).then_some(IN_MEMORY);
    Some(Question {
        asks: format!("{who} {does}, and {}. What is left of it?", crash.told()),
        answers: all.map(said).to_vec(),
        right,
        shows: (0..all.len()).map(shown).collect(),
        because: format!("{because}."),
        misreadings: vec![
            (1, "A row that was written is not yet kept: ink must dry first."),
            (2, "Then somebody would count on a row that is in no ledger."),
            (3, "The power fails before the deed is done."),
        ],
    })
}

fn of_letter(offer: &Offer) -> Option<Question> {
    let who = offer.who?;
    let carried = offer.letter.as_ref()?;
    let kind = carried.letter.message.kind();
    let (act, misread) = match kind {
        Kind::NextBallot => ("he promises, and sends LastVote", "he votes for the ballot"),
        Kind::BeginBallot => ("he votes, and sends Voted", "he promises, and does not vote yet"),
        Kind::Voted => ("the decree passes", "he still waits for others"),
        _ => return None,
    };
    let inked: Vec<&Entry> = offer.inks().map(|(_, row)| row).collect();
    let passes = inked.iter().any(|row| matches!(row, Entry::Outcome { .. }));
    let acts = offer.is_enabled() && (kind != Kind::Voted || passes);
    let waits = offer.is_enabled() && !acts;
    let mut answers =
        vec![act.to_owned(), "he does nothing with it".to_owned(), misread.to_owned()];
    let mut misreadings = Vec::new();
    match kind {
        Kind::NextBallot => misreadings.push((2, "A promise is no vote.")),
        Kind::BeginBallot => {
            misreadings.push((2, "He promised before, or the ballot came too late."));
            answers.push("he votes: a promise to another ballot was no vote".into());
            misreadings.push((3, "A promise to a higher ballot forbids votes in lower ones."));
        }
        _ => {
            answers.push("the vote counts beside those of earlier ballots".into());
            misreadings.push((3, "Votes count in one ballot only, never across ballots."));
        }
    }
    let right = if acts {
        0
    } else if waits {
        2
    } else {
        1
    };
    let because = offer.refusal.as_ref().map_or_else(
        || {
            let said = offer.told.said().last().map(|(section, text)| {
                let section =
                    if section.is_empty() { String::new() } else { format!(" (§{section})") };
                format!("{text}{section}.")
            });
            said.unwrap_or_default()
        },
        |refusal| {
            let section = refusal.section.map_or(String::new(), |it| format!(" (§{it})"));
            format!("{}{section}.", refusal.guard)
        },
    );
    let text = crate::scene::moves::letter_in_words(&carried.letter.message);
    let asks = format!("{who} reads {text} from {}. What does he do?", carried.from);
    let mut shows = match kind {
        Kind::Voted => vec![Some(ANY_MAJORITY), None, None, Some(VOTES_ADD_UP)],
        Kind::BeginBallot => vec![None, None, Some(PROMISE_IS_VOTE), Some(PROMISE_IS_VOTE)],
        _ => vec![None, None, Some(PROMISE_IS_VOTE)],
    };
    shows[right] = None;
    Some(Question { asks, answers, right, shows, because, misreadings })
}

/// For which decree does he begin?
fn of_choice(scene: &Scene, offer: &Offer) -> Option<Question> {
    let who = offer.who?;
    let begun = offer.inks().find_map(|(_, row)| match row {
        Entry::BeginBallot { decree, .. } => Some(decree.text().to_owned()),
        _ => None,
    })?;
    let mut answers: Vec<String> =
        scene.setting().wishes().iter().map(|wish| wish.text().to_owned()).collect();
    if !answers.contains(&begun) {
        answers.push(begun.clone());
    }
    if answers.len() < 2 {
        return None;
    }
    let right = answers.iter().position(|answer| *answer == begun)?;
    let because = offer.told.said().next().map(|(_, text)| format!("{text}.")).unwrap_or_default();
    let Move::Begin { wish, .. } = &offer.by else { return None };
    // Where B3 leaves the choice free, nothing is to be learnt of a wrong answer. Where it binds, it does
    // so against another wish, and the question is what comes of that one.
    let other = scene.setting().wishes().into_iter().find(|wish| {
        wish.text() != begun && begins(scene, who, wish).is_some_and(|decree| decree == begun)
    });
    let shown = |at| (other.is_some() && at != right).then_some(NOT_THE_HIGHEST);
    let shows = (0..answers.len()).map(shown).collect();
    let wish = other.as_ref().unwrap_or(wish);
    let asks = format!("{who} begins his ballot, and wishes for “{wish}”. Which decree is it for?");
    let wished = answers.iter().position(|answer| *answer == wish.text() && *answer != begun);
    let misread = "B3 leaves a wish free only where no vote binds him.";
    let misreadings = wished.map(|wished| (wished, misread)).into_iter().collect();
    Some(Question { asks, answers, right, shows, because, misreadings })
}

/// The decree of the ballot that he begins when he wishes for this one.
fn begins(scene: &Scene, who: Name, wish: &Decree) -> Option<String> {
    let by = Move::Begin { who, wish: wish.clone() };
    let (_, told) = scene.clone().play(&by).ok()?;
    told.events.iter().find_map(|event| match event {
        Happened::Inks { row, .. } => match &**row {
            Entry::BeginBallot { decree, .. } => Some(decree.text().to_owned()),
            _ => None,
        },
        _ => None,
    })
}
