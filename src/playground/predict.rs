//! Predict: a question before a telling move, whose answer the scene knows already. The wrong
//! answers are the usual misunderstandings, and each is told why it is wrong.

use crate::scene::offers::Offer;
use crate::scene::told::Happened;
use crate::scene::{Move, Scene};
use crate::words::message::Kind;
use crate::words::{Decree, Entry, Name};

/// A promise is a vote.
const PROMISE_IS_VOTE: u8 = 1;
/// Another vote than the highest would do.
const NOT_THE_HIGHEST: u8 = 3;
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
}

impl Question {
    /// The reply to this answer.
    pub(crate) fn told(&self, answer: usize) -> String {
        let because = &self.because;
        if answer == self.right {
            format!("Right. {because}")
        } else {
            format!("No: {}. {because}", self.answers[self.right])
        }
    }
}

/// The question before this move, if it is a telling one.
pub(crate) fn question(scene: &Scene, offer: &Offer) -> Option<Question> {
    match &offer.by {
        Move::Deliver(_) => of_letter(offer),
        Move::Begin { .. } if offer.is_enabled() => of_choice(scene, offer),
        _ => None,
    }
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
    let answers = vec![act.to_owned(), "he does nothing with it".to_owned(), misread.to_owned()];
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
    let asks = format!("{who} reads {text} of {}. What does he do?", carried.from);
    let mut shows = match kind {
        Kind::Voted => vec![Some(ANY_MAJORITY), None, None],
        _ => vec![None, None, Some(PROMISE_IS_VOTE)],
    };
    shows[right] = None;
    Some(Question { asks, answers, right, shows, because })
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
    Some(Question { asks, answers, right, shows, because })
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
