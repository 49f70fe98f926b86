//! A script of the page, played: a scene, and the game of `--heresy` where it is one.
//!
//! A hunt hides what the priests hold. Its script begins with `hunt.SEED` where others say who sits,
//! and the server alone finds out from the seed what that stands for. `hunt.SEED.sound` is the hunt of
//! one who has declared that all keep to the paper.

use serde_json::{Value, json};

use crate::playground::game::{AIM, Game, LEAST_MOVES, events};
use crate::scene::answer::{VERSION, of_tree};
use crate::scene::commands::Command;
use crate::scene::{Script, ScriptError, Tree};

/// The first word of a hunt.
const HUNT: &str = "hunt";

/// A script that was played as far as it goes.
pub(super) struct Played {
    pub(super) tree: Tree,
    pub(super) game: Option<Game>,
    error: Option<ScriptError>,
    hunt: Option<Hunt>,
    /// The lines of the game.
    lines: Vec<String>,
    /// The events of the run that first broke a rule.
    yours: Option<usize>,
}

/// The beginning of a hunt's script.
struct Hunt {
    seed: u64,
    is_declared_sound: bool,
}

impl Hunt {
    /// The hunt that a script begins with, and the commands after it.
    fn read(script: &str) -> Option<(Hunt, &str)> {
        let (first, rest) = script.split_once(';').unwrap_or((script, ""));
        let mut words = first.trim().split('.');
        if words.next() != Some(HUNT) {
            return None;
        }
        let seed = words.next()?.parse().ok()?;
        let is_declared_sound = match words.next() {
            None => false,
            Some("sound") => true,
            Some(_) => return None,
        };
        words.next().is_none().then_some((Hunt { seed, is_declared_sound }, rest))
    }

    fn in_short(&self) -> String {
        let sound = if self.is_declared_sound { ".sound" } else { "" };
        format!("{HUNT}.{}{sound}", self.seed)
    }
}

/// The script with which the hunt of a seed begins.
pub(crate) fn hunt(seed: u64) -> String {
    Hunt { seed, is_declared_sound: false }.in_short()
}

/// Plays a script.
///
/// # Errors
/// The answer to one that does not begin.
pub(super) fn play(script: &str) -> Result<Played, Value> {
    let hunt = Hunt::read(script);
    let game = hunt.as_ref().map(|(hunt, _)| Game::secret(hunt.seed));
    let whole = hunt
        .as_ref()
        .zip(game.as_ref().and_then(Game::setting))
        .map(|((_, commands), setting)| format!("{};{commands}", setting.in_short()));
    let (script, unread) = Script::read_on(whole.as_deref().unwrap_or(script));
    let Some(script) = script else {
        let error =
            unread.map(|it| json!({ "line": it.line, "column": it.column, "message": it.what }));
        return Err(json!({ "version": VERSION, "error": error }));
    };
    let (tree, unplayed) = Tree::play_on(&script);
    let game = game.or_else(|| open_game(&tree));
    let hunt = hunt.map(|(hunt, _)| hunt);
    let mut played =
        Played { tree, game, error: unplayed.or(unread), hunt, lines: Vec::new(), yours: None };
    played.judge();
    Ok(played)
}

/// The game of a scene in which all hold one heresy, in the scope in which it shows itself.
fn open_game(tree: &Tree) -> Option<Game> {
    let setting = tree.moments()[0].scene.setting();
    let game = Game::open(setting.heretics.values().next()?);
    (game.setting()?.in_short() == setting.in_short()).then_some(game)
}

impl Played {
    /// Judges the tree, as the game has it.
    fn judge(&mut self) {
        let Some(game) = &mut self.game else { return };
        let is_broken = |&at: &usize| !self.tree.moments()[at].broken.is_empty();
        let on_the_way = self.tree.path().into_iter().find(is_broken);
        let first = on_the_way.or_else(|| (0..self.tree.moments().len()).find(is_broken));
        let is_declared_sound = self.hunt.as_ref().is_some_and(|it| it.is_declared_sound);
        self.lines = match first {
            _ if is_declared_sound => game.sound(&self.tree).unwrap_or_else(|why| {
                // It was too early, so nothing is declared.
                self.hunt.iter_mut().for_each(|hunt| hunt.is_declared_sound = false);
                vec![why]
            }),
            Some(first) => {
                let mut there = self.tree.clone();
                // The moment is one of the tree.
                let _ = there.obey(&Command::Go(first));
                self.yours = Some(events(&there));
                game.broken(&there)
            }
            None if game.is_secret() => vec![
                "Somebody here may not keep to the paper.".into(),
                format!("{AIM} Or say that they are sound."),
            ],
            None => game.opening(),
        };
    }

    /// Whether what the priests hold is not to be shown yet.
    pub(super) fn is_secret(&self) -> bool {
        self.game.as_ref().is_some_and(Game::is_secret)
    }

    /// The answer, and what the game says; of a hunt nothing that would tell what the priests hold.
    pub(super) fn answer(&self) -> Value {
        let mut answer = of_tree(&self.tree, self.error.as_ref());
        if self.game.is_some() {
            answer["game"] = json!({
                "hunt": self.hunt.is_some(),
                "secret": self.is_secret(),
                "sound": self.hunt.as_ref().is_some_and(|it| it.is_declared_sound),
                "events": events(&self.tree),
                "yours": self.yours,
                "movesBeforeSound": LEAST_MOVES.saturating_sub(self.tree.moments().len() - 1),
                "says": self.lines,
            });
        }
        if let Some(hunt) = &self.hunt {
            let commands = answer["short"].as_str().map_or("", |it| {
                let setting = self.tree.moments()[0].scene.setting().in_short();
                it.strip_prefix(&setting).unwrap_or_default()
            });
            answer["short"] = format!("{}{commands}", hunt.in_short()).into();
            if self.is_secret() {
                conceal(&mut answer);
            }
        }
        answer
    }
}

/// Takes out of an answer what tells that somebody holds a heresy, or what a move would break.
fn conceal(answer: &mut Value) {
    let each = |value: &mut Value, field: &str, change: &dyn Fn(&mut Value)| {
        value[field].as_array_mut().into_iter().flatten().for_each(change);
    };
    let is_told = |line: &Value| line["section"] != "heresy";
    answer["words"] = Value::Null;
    each(answer, "priests", &|priest| priest["heresy"] = Value::Null);
    each(answer, "path", &|step| {
        if let Some(events) = step["events"].as_array_mut() {
            events.retain(is_told);
        }
    });
    each(answer, "offers", &|offer| {
        offer["breaks"] = json!([]);
        if let Some(lines) = offer["lines"].as_array_mut() {
            lines.retain(is_told);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heresies::ALL;

    #[test]
    fn a_hunt_tells_nobody_what_the_priests_hold() {
        for seed in 0..40 {
            let played = play(&format!("hunt.{seed};t.1.Dwork;da;b.Dwork.α;da")).ok();
            let Some(played) = played.filter(Played::is_secret) else { continue };
            let answer = played.answer().to_string();
            assert!(ALL.iter().all(|it| !answer.contains(it.name)), "{seed}: {answer}");
            assert!(!answer.contains("heretic") && !answer.contains("by the paper"), "{seed}");
            assert!(!answer.contains(r#""section":"heresy""#), "{seed}");
            assert!(answer.contains(&format!(r#""short":"hunt.{seed};"#)), "{answer}");
        }
    }

    /// As many moves as one must make before he may say that all are sound.
    const SIX: &str = ";t.1.Dwork;t.1.Fischer;t.1.Gray;t.2.Dwork;t.2.Fischer;t.2.Gray";

    #[test]
    fn a_hunt_is_not_declared_sound_before_six_moves() {
        let five = SIX.rsplit_once(';').unwrap().0;
        let answer = play(&format!("hunt.0.sound{five}")).ok().unwrap().answer();
        assert_eq!(
            (&answer["game"]["secret"], &answer["game"]["sound"]),
            (&true.into(), &false.into())
        );
        let says = answer["game"]["says"][0].as_str().unwrap();
        assert!(says.starts_with("This counts after 6 moves at least, and here are 5"), "{says}");
        assert_eq!(answer["short"].as_str().unwrap(), format!("hunt.0{five}"));
    }

    #[test]
    fn one_who_declares_them_sound_is_told_what_they_hold() {
        let all: Vec<Value> = (0..40)
            .filter_map(|seed| play(&format!("hunt.{seed}.sound{SIX}")).ok())
            .map(|played| played.answer())
            .collect();
        assert!(all.iter().all(|it| it["game"]["secret"] == false));
        let said: Vec<&str> = all.iter().filter_map(|it| it["game"]["says"][0].as_str()).collect();
        assert!(said.iter().any(|it| it.starts_with("You are right")), "{said:?}");
        assert!(said.iter().any(|it| it.starts_with("No. They hold")), "{said:?}");
        let short = all[0]["short"].as_str().unwrap();
        assert_eq!(short, format!("hunt.0.sound{SIX}"));
    }

    #[test]
    fn a_heresy_that_all_hold_is_a_game_with_a_proved_shortest() {
        let game = Game::open(crate::heresies::find("own-decree").unwrap());
        let played = play(&game.setting().unwrap().in_short()).ok().unwrap();
        let says = played.answer()["game"]["says"].to_string();
        assert!(says.contains("All here hold own-decree"), "{says}");
        assert!(play("basic.Dwork.Gray.Oki").ok().unwrap().answer()["game"].is_null());
    }

    #[test]
    fn what_is_no_hunt_is_an_error_of_the_script() {
        for script in ["hunt", "hunt.x", "hunt.1.sound.y", "hunt.1.loud", "hunt.-1"] {
            assert!(!play(script).err().unwrap()["error"].is_null(), "{script}");
        }
    }
}
