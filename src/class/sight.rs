//! A scene as a phone shows it: a few lines of text, and large buttons for those who play on their own.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::playground::session::{Session, broken_in_words};
use crate::scene::Move;
use crate::scene::moves::letter_in_words;
use crate::scene::offers::Offer;
use crate::scene::told::Carried;
use crate::words::Name;

/// The class's moment as a phone shows it.
pub(super) fn followed(session: &Session) -> Value {
    let tree = &session.tree;
    let here = tree.here();
    let scene = &here.scene;
    let desk = |name: Name| {
        let lines: Vec<String> =
            session.desk(name).iter().map(|line| line.trim().to_owned()).collect();
        json!({ "name": name, "lines": lines })
    };
    let desks: Vec<Value> = scene.names().map(desk).collect();
    // Whether somebody acts on a letter is what the class is asked.
    let letter = |carried: &Arc<Carried>| {
        let letter = &carried.letter;
        format!("{}, {} to {}", letter_in_words(&letter.message), carried.from, letter.to)
    };
    let bag: Vec<String> = scene.bag().iter().map(letter).collect();
    let told: Vec<String> =
        session.told(tree.at()).iter().map(|line| line.trim().to_owned()).collect();
    let broken: Vec<String> = here.broken.iter().flat_map(broken_in_words).collect();
    json!({
        "short": path(session),
        "step": tree.moves().count(),
        "by": here.by.as_ref().map(ToString::to_string),
        "told": told,
        "desks": desks,
        "bag": bag,
        "broken": broken,
    })
}

/// All that may be done at a moment.
pub(super) fn offered(session: &Session) -> Value {
    let offer = |offer: &Offer| {
        json!({
            "key": offer.by.in_short(),
            "text": session.in_a_line(offer),
            "enabled": offer.is_enabled(),
        })
    };
    session.choices().into_iter().map(offer).collect()
}

/// The way to this moment in short, without the branches beside it.
fn path(session: &Session) -> String {
    let mut parts = vec![session.tree.moments()[0].scene.setting().in_short()];
    parts.extend(session.tree.moves().map(Move::in_short));
    parts.join(";")
}
