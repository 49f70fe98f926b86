//! Predict: the question before a telling move, for a page.

use serde_json::{Value, json};

use super::played::Played;
use crate::playground::predict::{Question, question};
use crate::scene::moves::Move;
use crate::scene::offers::Offer;

/// The question before the last move of a script, or what is said to an answer; `null` where that
/// move tells nothing, and in a hunt, where it would tell what the priests hold.
pub(super) fn predicted(played: &Played, answered: Option<usize>) -> Value {
    let Some(question) = before(played) else { return Value::Null };
    match answered.filter(|it| *it < question.answers.len()) {
        None => json!({ "asks": question.asks, "answers": question.answers }),
        Some(answer) => json!({
            "isRight": answer == question.right,
            "right": question.right,
            "told": question.told(answer),
        }),
    }
}

fn before(played: &Played) -> Option<Question> {
    if played.is_secret() {
        return None;
    }
    let here = played.tree.here();
    let (by, parent): (&Move, usize) = (here.by.as_ref()?, here.parent?);
    let scene = &played.tree.moments()[parent].scene;
    let offers: Vec<Offer> = scene.offers();
    question(scene, offers.iter().find(|offer| offer.by == *by)?)
}

#[cfg(test)]
mod tests {
    use super::super::played::play;
    use super::*;

    #[test]
    fn nothing_is_asked_in_a_hunt_or_of_a_heretics_deed() {
        let asked = |script: &str| predicted(&play(script).ok().unwrap(), None);
        assert_eq!(
            asked("basic.Dwork.Gray.Oki;h.Gray.lowest-vote;t.1.Dwork;d.Dwork.Gray.NB1"),
            Value::Null
        );
        let of_another = asked("basic.Dwork.Gray.Oki;h.Gray.lowest-vote;t.1.Dwork;d.Dwork.Oki.NB1");
        assert!(of_another["asks"].is_string(), "{of_another}");
        for seed in 0..12 {
            let all = play(&format!("hunt.{seed}")).ok().unwrap();
            let names: Vec<_> = all.tree.here().scene.names().collect();
            let script = format!("hunt.{seed};t.1.{};d.{}.{}.NB1", names[0], names[0], names[1]);
            assert_eq!(asked(&script), Value::Null, "{script}");
        }
    }

    #[test]
    fn a_telling_move_is_asked_about_and_another_is_not() {
        let start = play("basic.Dwork.Gray.Oki;t.1.Dwork").ok().unwrap();
        assert_eq!(predicted(&start, None), Value::Null);
        let played = play("basic.Dwork.Gray.Oki;t.1.Dwork;d.Dwork.Gray.NB1").ok().unwrap();
        let asked = predicted(&played, None);
        assert!(asked["asks"].as_str().unwrap().contains("NextBallot 1.Dwork"), "{asked}");
        assert!(asked["right"].is_null(), "the question does not tell its answer: {asked}");
        let right = predicted(&played, Some(0));
        assert_eq!((&right["isRight"], &right["right"]), (&json!(true), &json!(0)), "{right}");
        let wrong = predicted(&played, Some(2));
        assert_eq!(wrong["isRight"], json!(false));
        assert_eq!(predicted(&played, Some(3)), asked, "there is no such answer");
        assert!(wrong["told"].as_str().unwrap().starts_with("No: "), "{wrong}");
    }
}
