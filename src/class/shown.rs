//! A class as the teacher and the phones are shown it.

use serde_json::{Value, json};

use super::asked::Asked;
use super::hour::Class;
use super::poll::{Poll, Stage};
use super::seats::Key;
use super::{beliefs, ready};

impl Class {
    /// The sight of every phone: the same for all, and all that there is to see.
    pub(crate) fn for_phones(&self) -> Value {
        json!({
            "version": self.version,
            "over": self.is_over,
            "question": self.poll.as_ref().map(for_phone),
            "scene": self.moment.sight,
        })
    }

    /// The answers of this phone to the present question, by round.
    pub(crate) fn mine(&self, key: Key) -> Value {
        match &self.poll {
            Some(poll) => json!({ "question": poll.number, "answers": poll.mine(key) }),
            None => Value::Null,
        }
    }

    /// The sight of the teacher. While answers are taken, only their number: the students look on.
    pub(crate) fn for_teacher(&self) -> Value {
        let question = self.poll.as_ref().map(|poll| {
            let mut told = for_phone(poll);
            told["answered"] = poll.answered().into();
            told["hasRight"] = poll.asked.right.is_some().into();
            told["key"] = poll.asked.about.clone().into();
            told
        });
        json!({
            "over": self.is_over,
            "phones": self.seats.here(),
            "asleep": self.seats.asleep(),
            "onTheirOwn": self.seats.on_their_own(),
            "ofOneAddress": self.seats.most_of_one_address(),
            "displaced": self.seats.displaced(),
            "asked": self.past.len() + usize::from(self.poll.is_some()),
            "waits": self.ahead.is_some(),
            "question": question,
        })
    }

    /// The questions that may be put: those of the scene at its moment, and the ready ones.
    pub(crate) fn to_ask(&self) -> Value {
        let moment = self.ahead.as_ref().unwrap_or(&self.moment);
        let of_scene: Vec<Value> = Asked::of_moment(&moment.session)
            .into_iter()
            .map(|(asked, words)| json!({ "key": asked.about, "says": words, "asks": asked.asks }))
            .collect();
        let ready: Vec<Value> = beliefs::all()
            .filter_map(|(number, belief)| {
                let asked = ready::ready(number.into()).ok()?;
                Some(json!({ "number": number, "belief": belief, "asks": asked.asks }))
            })
            .collect();
        json!({ "scene": of_scene, "ready": ready })
    }
}

/// The question as phones see it at its stage.
fn for_phone(poll: &Poll) -> Value {
    let answers: Vec<&str> = poll.asked.choices.iter().map(|it| it.text.as_str()).collect();
    let shown = |round: usize| match (poll.stage, round) {
        (Stage::First, _) | (Stage::Talk, 1) => None,
        // The second round is answered without a look at the first.
        (Stage::Second, _) => None,
        (_, 1) if !poll.was_asked_again => None,
        _ => Some(poll.histogram(round)),
    };
    let right = poll.asked.right.filter(|_| poll.stage == Stage::Revealed);
    let because = right.map(|_| poll.asked.because.clone());
    json!({
        "number": poll.number,
        "asks": poll.asked.asks,
        "answers": answers,
        "stage": poll.stage.word(),
        "round": poll.round(),
        "scene": poll.asked.about.is_some(),
        "first": shown(0),
        "second": shown(1),
        "right": right,
        "because": because,
    })
}
