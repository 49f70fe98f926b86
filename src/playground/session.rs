//! A scene that is played: its choices, numbered, and what a person is told after each.

use super::game::Game;
use super::predict::{self, Question};
use crate::scene::commands::Command;
use crate::scene::moves::row_in_words;
use crate::scene::offers::Offer;
use crate::scene::shortest::{Bounds, Found};
use crate::scene::{Broken, Move, Scene, Script, ScriptError, Tree};
use crate::words::Name;
use crate::words::shown::counted;

/// A scene that is played.
pub(crate) struct Session {
    pub(crate) tree: Tree,
    pub(crate) game: Option<Game>,
    pub(crate) is_predicting: bool,
    /// The question that waits for an answer, and the move that it is about.
    pub(crate) asked: Option<(Question, Move)>,
    pub(super) offers: Vec<Offer>,
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    /// How many moments are saved.
    saved: usize,
}

/// The result of a move.
pub(crate) struct Played {
    /// The events, which end the story.
    pub(crate) told: Vec<String>,
    /// Other news: rules broken, and the end of the game.
    pub(crate) news: Vec<String>,
}

impl Session {
    pub(crate) fn of(tree: Tree, game: Option<Game>) -> Session {
        let offers = tree.here().scene.offers();
        let (is_predicting, asked) = (false, None);
        let saved = tree.moments().len();
        Session { tree, game, is_predicting, asked, offers, right: 0, wrong: 0, saved }
    }

    /// Notes that all moves so far are saved.
    pub(crate) fn note_saved(&mut self) {
        self.saved = self.tree.moments().len();
    }

    /// The line for one who ends without having saved his moves; none where all are saved, or
    /// nothing may be saved yet.
    pub(crate) fn unsaved(&self) -> Option<String> {
        let lost = self.tree.moments().len() - self.saved;
        let moves = counted(lost as u64, "move");
        let is = if lost == 1 { "is" } else { "are" };
        (lost > 0 && !self.is_secret()).then(|| format!("{moves} {is} not saved"))
    }

    /// Whether what the priests hold is not to be shown yet.
    pub(crate) fn is_secret(&self) -> bool {
        self.game.as_ref().is_some_and(Game::is_secret)
    }

    /// The choices that bear numbers: every letter once, then the deeds. A letter may also be lost
    /// or repeated, and a priest crash in other ways.
    pub(crate) fn choices(&self) -> Vec<&Offer> {
        let is_first = |offer: &&Offer| match &offer.by {
            Move::Lose(_) | Move::Repeat(_) => false,
            Move::Crash { at, .. } => at.is_none(),
            // One who tries nothing has nothing to begin.
            Move::Begin { who, .. } => offer.is_enabled() || self.is_trying(*who),
            _ => true,
        };
        let (letters, deeds): (Vec<&Offer>, Vec<&Offer>) =
            self.offers.iter().filter(is_first).partition(|offer| offer.letter.is_some());
        let (crashes, deeds): (Vec<&Offer>, Vec<&Offer>) =
            deeds.into_iter().partition(|offer| matches!(offer.by, Move::Crash { .. }));
        letters.into_iter().chain(deeds).chain(crashes).collect()
    }

    fn is_trying(&self, who: Name) -> bool {
        let sight = self.tree.here().scene.sight(who);
        sight.is_some_and(|sight| !sight.slip.is_empty())
    }

    /// Whether a question is asked before this choice is made; until then nothing may tell the answer.
    pub(super) fn asks_about(&self, offer: &Offer) -> bool {
        self.is_predicting
            && !self.is_secret()
            && predict::question(&self.tree.here().scene, offer).is_some()
    }

    /// Whether a choice is known to be of no use.
    pub(super) fn is_grey(&self, offer: &Offer) -> bool {
        !offer.is_enabled() && !self.asks_about(offer)
    }

    /// How many predictions were right, and how many wrong.
    pub(super) fn score(&self) -> String {
        format!("{} right, {} wrong", self.right, self.wrong)
    }

    /// The choice of this number, from 1.
    pub(crate) fn choice(&self, number: usize) -> Option<&Offer> {
        number.checked_sub(1).and_then(|at| self.choices().get(at).copied())
    }

    /// The other moves with the letter of a choice: to lose it or to repeat it.
    pub(crate) fn with_letter(&self, of: &Offer, lose: bool) -> Option<Move> {
        let id = of.letter.as_ref()?.id;
        let same = |offer: &&Offer| {
            offer.letter.as_ref().is_some_and(|it| it.id == id)
                && if lose {
                    matches!(offer.by, Move::Lose(_))
                } else {
                    matches!(offer.by, Move::Repeat(_))
                }
        };
        self.offers.iter().find(same).map(|offer| offer.by.clone())
    }

    /// Makes a move, and tells what came of it.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub(crate) fn play(&mut self, by: &Move) -> Result<Played, String> {
        let before = self.tree.here().broken.clone();
        self.tree.play(by)?;
        self.offers = self.tree.here().scene.offers();
        let told = self.told(self.tree.at());
        let mut news = Vec::new();
        let broken: Vec<Broken> = self.tree.here().broken.to_vec();
        for it in broken.iter().filter(|it| !before.iter().any(|old| old.rule == it.rule)) {
            news.extend(broken_in_words(it));
        }
        if !broken.is_empty()
            && let Some(game) = &mut self.game
        {
            news.extend(game.broken(&self.tree));
        }
        Ok(Played { told, news })
    }

    /// Obeys a command other than a move.
    ///
    /// # Errors
    /// Why it cannot be obeyed.
    pub(crate) fn obey(&mut self, command: &Command) -> Result<(), String> {
        self.tree.obey(command)?;
        self.offers = self.tree.here().scene.offers();
        Ok(())
    }

    /// The moment from which a shortest run is searched, and how far: this one, or the beginning
    /// where a rule is broken here.
    ///
    /// # Errors
    /// Why none is to be searched.
    pub(crate) fn search(&self) -> Result<(usize, Scene, Bounds), String> {
        if self.is_secret() {
            return Err("that would tell what they hold; break a rule first, or say `sound` (`!` in the panes)".into());
        }
        let from = if self.tree.here().broken.is_empty() { self.tree.at() } else { 0 };
        let bounds = self.game.as_ref().and_then(Game::bounds);
        let bounds = bounds.unwrap_or(Bounds { ballots: 2, restarts: 1 });
        Ok((from, self.tree.moments()[from].scene.clone(), bounds))
    }

    /// Plays a shortest run as a branch of its own, and tells it.
    ///
    /// # Errors
    /// Why it cannot be played.
    pub(crate) fn show(&mut self, from: usize, found: Found) -> Result<Vec<String>, String> {
        let (moves, events) = match found {
            Found::Run(moves, events) => (moves, events),
            Found::Nothing(states) => {
                let states = counted(states, "state");
                return Ok(vec![format!(
                    "Within these bounds no rule can be broken from here: {states} searched."
                )]);
            }
            Found::NoneWithin { moves, states } => {
                return Ok(vec![format!(
                    "No run of at most {} from here breaks a rule: {} searched. Here priests look \
                     at hourglasses, and longer runs are too many; go on, and ask again nearer to it.",
                    counted(moves as u64, "move"),
                    counted(states, "state")
                )]);
            }
            Found::Stopped(_, states) => {
                let states = counted(states, "state");
                return Ok(vec![format!(
                    "The search was stopped after {states}; nothing was found in them."
                )]);
            }
        };
        if let Some(game) = &mut self.game {
            game.give_up();
        }
        self.tree.obey(&Command::Go(from))?;
        let mut lines = vec![format!(
            "The shortest has {}; it is a branch of its own now.",
            counted(events as u64, "event")
        )];
        for by in moves {
            lines.push(format!("{by}:"));
            let Played { told, news } = self.play(&by)?;
            lines.extend(told.into_iter().chain(news));
        }
        Ok(lines)
    }

    /// The scene as a script, unless a secret stands in it.
    ///
    /// # Errors
    /// Why not yet.
    pub(crate) fn script(&self, short: bool) -> Result<String, String> {
        if self.is_secret() {
            return Err(
                "a script says what the priests hold, so none is saved yet; break a rule first, or say \
                 `sound` (`!` in the panes)".into()
            );
        }
        Ok(if short { self.tree.in_short() } else { self.tree.in_words() })
    }

    /// Reads one line of a script as a move or a command in this scene.
    ///
    /// # Errors
    /// Where it does not read.
    pub(crate) fn read(&self, line: &str) -> Result<Vec<Command>, ScriptError> {
        let setting = self.tree.here().scene.setting().in_words();
        let lines = setting.lines().count();
        let script = Script::read(&format!("{setting}{line}\n")).map_err(|mut error| {
            error.line = error.line.saturating_sub(lines).max(1);
            error
        })?;
        Ok(script.commands.into_iter().map(|(_, command)| command).collect())
    }
}

/// A broken rule and the rows that break it.
pub(crate) fn broken_in_words(it: &Broken) -> Vec<String> {
    let rows: Vec<String> =
        it.rows.iter().map(|(who, row)| format!("{who}'s {}", row_in_words(row))).collect();
    let mut lines = vec![format!("BROKEN {}: {}  §{}", it.rule, it.why, it.rule.section())];
    lines.push(format!("  {} says: {}", it.rule, it.rule.says()));
    if !rows.is_empty() {
        lines.push(format!("  by {}", rows.join("; ")));
    }
    lines
}
