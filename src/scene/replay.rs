//! A script played to its end, and the facts of it: for those who check what a student did.

use std::collections::BTreeMap;

use super::judge::Broken;
use super::script::Script;
use super::script_words::{Place, ScriptError};
use super::setting::Setting;
use super::tree::Tree;
use crate::explore::story::Ballots;
use crate::heresies::Heresy;
use crate::words::{Ballot, DecreeNumber, Entry, Name};

/// The priests who do not keep to the paper.
#[derive(Clone, Copy)]
pub enum Heretics {
    /// Those whom the script names.
    AsWritten,
    /// Nobody, whatever the script says.
    Nobody,
    /// Everybody holds this heresy, whatever the script says.
    All(&'static Heresy),
    /// One holds this heresy and nobody else any, whatever the script says.
    One(Name, &'static Heresy),
}

/// The facts at the end of a script. Undone moves and other branches do not count.
#[derive(Clone)]
pub struct Facts {
    /// How many moves were made.
    pub moves: usize,
    /// Each rule that was broken, the first time that it was: after which move, and by what.
    pub broken: Vec<(usize, Broken)>,
    /// Each ledger at the end: every row that is dry, in order.
    pub ledgers: BTreeMap<Name, Vec<Entry>>,
    /// B at the end, by decree number: every ballot that was begun, and who voted in it.
    pub ballots: Ballots,
    /// All of it: every moment, and what happened there.
    pub tree: Tree,
}

impl Facts {
    /// The successful ballots: those in which the whole quorum voted. `[PTP §2.1]`
    pub fn successful(&self) -> impl Iterator<Item = (DecreeNumber, &Ballot)> {
        let all = self.ballots.iter();
        all.flat_map(|(number, ballots)| ballots.iter().map(|ballot| (*number, ballot)))
            .filter(|(_, ballot)| ballot.is_successful())
    }

    /// The decrees in a ledger, by number.
    pub fn outcomes(&self, of: Name) -> impl Iterator<Item = (DecreeNumber, &str)> {
        let rows = self.ledgers.get(&of).map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter_map(|row| match row {
            Entry::Outcome { number, decree, .. } => Some((*number, decree.text())),
            _ => None,
        })
    }
}

/// Plays a script with these heretics, and returns the facts.
///
/// # Errors
/// [`ScriptError`]: where the script does not read or play on, or who cannot be such a heretic.
pub fn replay(text: &str, heretics: Heretics) -> Result<Facts, ScriptError> {
    let mut script = Script::read(text)?;
    seat(&mut script.setting, heretics)?;
    let tree = Tree::of(&script)?;
    let mut broken: Vec<(usize, Broken)> = Vec::new();
    for (move_, moment) in tree.path().into_iter().enumerate() {
        for found in tree.moments()[moment].broken.iter() {
            if !broken.iter().any(|(_, known)| known.rule == found.rule) {
                broken.push((move_, found.clone()));
            }
        }
    }
    let scene = &tree.here().scene;
    let ledger = |name| (name, scene.ledger(name).cloned().collect());
    Ok(Facts {
        moves: tree.path().len() - 1,
        broken,
        ledgers: scene.founding.membership.names().map(ledger).collect(),
        ballots: scene.history.ballots.clone(),
        tree,
    })
}

/// Seats these heretics in the place of those whom the script names.
fn seat(setting: &mut Setting, heretics: Heretics) -> Result<(), ScriptError> {
    let heresy = match heretics {
        Heretics::AsWritten => return Ok(()),
        Heretics::Nobody => None,
        Heretics::All(heresy) | Heretics::One(_, heresy) => Some(heresy),
    };
    setting.heretics.clear();
    let Some(heresy) = heresy else { return Ok(()) };
    if let Some(why) = Setting::why_not(setting.level, heresy) {
        return Err(Place { line: 1, column: 1 }.says(why));
    }
    let names = setting.founding.membership.names();
    let is_one = |name: &Name| match heretics {
        Heretics::One(one, _) => *name == one,
        _ => true,
    };
    setting.heretics = names.filter(is_one).map(|name| (name, heresy)).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariants::Invariant;

    /// Gray promises 2.Oki and then votes in 1.Dwork, which only a heretic does.
    const BELOW: &str = "\
        convene Dwork Gray Oki\n\
        try 1.Dwork\n\
        deliver Dwork Dwork\n\
        deliver Dwork Gray\n\
        deliver Dwork Dwork\n\
        deliver Gray Dwork\n\
        begin Dwork α\n\
        try 2.Oki\n\
        deliver Oki Gray\n\
        deliver Dwork Gray BeginBallot\n";

    #[test]
    fn a_heretic_breaks_a_rule_where_the_paper_breaks_none() {
        let sound = replay(BELOW, Heretics::Nobody).unwrap();
        assert!(sound.broken.is_empty(), "{:?}", sound.broken);
        let heresy = crate::heresies::find("vote-below-a-promise").unwrap();
        for heretics in [Heretics::All(heresy), Heretics::One("Gray".parse().unwrap(), heresy)] {
            let broken = replay(BELOW, heretics).unwrap().broken;
            assert_eq!(broken.first().map(|(at, it)| (*at, it.rule)), Some((9, Invariant::I7)));
        }
        let innocent = Heretics::One("Oki".parse().unwrap(), heresy);
        assert!(replay(BELOW, innocent).unwrap().broken.is_empty());
    }
}
