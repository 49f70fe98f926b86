//! A scene of many moves, as two benches play it.

use std::error::Error;

use parliament::creeds::Event;
use parliament::scene::{Move, Script, Tree};

/// A script, and what each of its moves was to the priest whom it met.
pub type Played = (String, Vec<(usize, Event)>);

/// A scene in which ballot follows ballot: by turns the oldest letter is read, and where none is of
/// use a priest tries the next ballot or begins his own.
pub fn scene_of(priests: &str, moves: usize) -> Result<Played, Box<dyn Error>> {
    let mut tree = Tree::of(&Script::read(&format!("convene {priests}\n"))?)?;
    let names: Vec<&str> = priests.split(' ').collect();
    let mut events = Vec::new();
    while tree.moments().len() <= moves {
        let scene = &tree.here().scene;
        let offers = scene.offers();
        let useful = |by: &Move| matches!(by, Move::Begin { .. } | Move::Deliver(_));
        let next = offers.iter().find(|offer| offer.is_enabled() && useful(&offer.by));
        let tries = || offers.iter().rfind(|offer| matches!(offer.by, Move::Try(_)));
        let Some(next) = next.or_else(tries) else { break };
        let event = match (&next.by, &next.letter) {
            (Move::Try(ballot), _) => Event::Try(*ballot),
            (Move::Begin { wish, .. }, _) => Event::Begin(wish.clone()),
            (_, Some(carried)) => {
                Event::Read { from: carried.from, message: carried.letter.message.clone() }
            }
            _ => break,
        };
        let who = next.who.ok_or("an offer of nobody")?;
        let at = names.iter().position(|name| *name == who.as_str()).ok_or("a stranger")?;
        events.push((at, event));
        tree.play(&next.by.clone())?;
    }
    Ok((tree.in_words(), events))
}
