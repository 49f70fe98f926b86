//! A question put to a class.

use serde::Deserialize;

use crate::playground::predict;
use crate::playground::session::Session;
use crate::words::shown::counted;

/// The longest text of a question, in characters.
pub(crate) const LONGEST_QUESTION: usize = 400;
/// The longest text of an answer.
pub(crate) const LONGEST_ANSWER: usize = 120;
/// As many answers a question may offer.
pub(crate) const MOST_ANSWERS: usize = 6;

/// An answer on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) text: String,
    /// The number of the misconception that it shows.
    pub(crate) belief: Option<u8>,
}

/// A question put to a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) asks: String,
    pub(crate) choices: Vec<Choice>,
    /// The right answer, where there is one.
    pub(crate) right: Option<usize>,
    /// Why it is right.
    pub(crate) because: String,
    /// The move of the scene that it is about, in short.
    pub(crate) about: Option<String>,
}

/// A question as the teacher writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Own {
    pub(super) text: String,
    pub(super) answers: Vec<String>,
    pub(super) right: Option<usize>,
}

#[cfg(test)]
impl Own {
    pub(super) fn new(asked: &Asked) -> Own {
        let answers = asked.choices.iter().map(|choice| choice.text.clone()).collect();
        Own { text: asked.asks.clone(), answers, right: asked.right }
    }
}

impl Asked {
    /// The question before this move, as the scene asks it.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn of_move(session: &Session, short: &str) -> Result<Asked, String> {
        let all = Asked::of_moment(session);
        let found = all.into_iter().find(|(asked, _)| asked.about.as_deref() == Some(short));
        let none = || format!("nothing is asked before `{short}` here; choose another move");
        found.map(|(asked, _)| asked).ok_or_else(none)
    }

    /// All questions that the scene asks at this moment, each with its move in words.
    pub(crate) fn of_moment(session: &Session) -> Vec<(Asked, String)> {
        let of = |offer: &crate::scene::offers::Offer| {
            let question = predict::question(&session.tree.here().scene, offer)?;
            let choices = question.answers.iter().zip(&question.shows);
            let choices = choices.map(|(text, &belief)| Choice { text: text.clone(), belief });
            let asked = Asked {
                asks: question.asks.clone(),
                choices: choices.collect(),
                right: Some(question.right),
                because: question.because.clone(),
                about: Some(offer.by.in_short()),
            };
            Some((asked, offer.by.to_string()))
        };
        session.choices().into_iter().filter_map(of).collect()
    }

    /// The teacher's own question.
    ///
    /// # Errors
    /// What is wrong with it, and what would do.
    pub(crate) fn own(own: Own) -> Result<Asked, String> {
        let asks = tidy("the question", &own.text, LONGEST_QUESTION)?;
        if own.answers.len() < 2 || own.answers.len() > MOST_ANSWERS {
            let many = counted(own.answers.len() as u64, "answer");
            return Err(format!("{many}: write 2 to {MOST_ANSWERS}, one a line"));
        }
        let mut choices: Vec<Choice> = Vec::new();
        for text in &own.answers {
            let text = tidy("an answer", text, LONGEST_ANSWER)?;
            if choices.iter().any(|known| known.text == text) {
                return Err(format!("the answer “{text}” stands twice; write it once"));
            }
            choices.push(Choice { text, belief: None });
        }
        if own.right.is_some_and(|right| right >= choices.len()) {
            return Err(format!("the right answer is one of 0 to {}", choices.len() - 1));
        }
        Ok(Asked { asks, choices, right: own.right, because: String::new(), about: None })
    }
}

/// A text on one line, of which everybody sees every character.
fn tidy(what: &str, text: &str, longest: usize) -> Result<String, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(format!("{what} is empty; write it"));
    }
    let many = text.chars().count();
    if many > longest {
        return Err(format!("{what} has {many} characters; at most {longest} fit on a phone"));
    }
    if let Some(unseen) = text.chars().find(|it| it.is_control()) {
        return Err(format!(
            "{what} holds the character {}, which nobody sees; take it out",
            unseen.escape_unicode()
        ));
    }
    Ok(text)
}
