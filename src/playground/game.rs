//! The game of `--heresy`: somebody does not keep to the paper. Break a rule, or say that all are
//! sound; then your run is compared with the proved shortest.

use crate::chance::Chance;
use crate::explore::Scope;
use crate::heresies::{self, Expected, Heresy};
use crate::scene::shortest::Bounds;
use crate::scene::{Level, Move, Setting, Tree};
use crate::words::Decree;
use crate::words::shown::counted;

/// One time in this many, all keep to the paper.
const SOUND: u64 = 5;

/// All may be declared sound after this many moves.
pub(crate) const LEAST_MOVES: usize = 6;

/// The aim of the game.
pub(crate) const AIM: &str =
    "Break a rule (I1 to I7, B1 to B3, consistency) in as few events as you can.";

/// The game: to find a broken rule or a heresy.
pub(crate) struct Game {
    /// The heresy that the priests hold; `None` if they keep to the paper.
    heresy: Option<&'static Heresy>,
    /// Whether the player was told so from the start.
    is_open: bool,
    /// The seed that chose it.
    seed: Option<u64>,
    is_over: bool,
}

impl Game {
    /// A game with this heresy, which the player knows.
    pub(crate) fn open(heresy: &'static Heresy) -> Game {
        Game { heresy: Some(heresy), is_open: true, seed: None, is_over: false }
    }

    /// A game with a heresy of priests that a seed chooses, or with none. It begins as that of sound
    /// priests does: where a heresy needs others to sit, the next one is taken.
    pub(crate) fn secret(seed: u64) -> Game {
        let mut chance = Chance::new(seed, 0);
        let all: Vec<&'static Heresy> = heresies::of_synod().map(|(heresy, _)| heresy).collect();
        let is_sound = chance.below(SOUND) == 0;
        let heretics: Vec<_> = all.into_iter().filter(|heresy| !heresy.is_control).collect();
        let chosen = chance.below(heretics.len() as u64) as usize;
        let game = |heresy| Game { heresy, is_open: false, seed: Some(seed), is_over: false };
        let sound = game(None);
        let mut from_there = heretics.iter().cycle().skip(chosen).take(heretics.len()).copied();
        let heresy = from_there.find(|heresy| game(Some(heresy)).looks_as(&sound));
        game(heresy.filter(|_| !is_sound))
    }

    /// Whether this game and another begin alike, but for what the priests hold.
    fn looks_as(&self, other: &Game) -> bool {
        let seen = |game: &Game| {
            let mut setting = game.setting()?;
            setting.heretics.clear();
            Some(setting.in_words())
        };
        seen(self) == seen(other)
    }

    /// The heresy that the priests hold; `None` if they keep to the paper.
    pub(crate) fn heresy(&self) -> Option<&'static Heresy> {
        self.heresy
    }

    /// The seed that chose the heresy, if one did.
    #[cfg_attr(not(feature = "web"), allow(dead_code))]
    pub(crate) fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// Where the game begins: as many priests as the heresy needs to show itself, and all hold it.
    pub(crate) fn setting(&self) -> Option<Setting> {
        let scope = self
            .heresy
            .and_then(Heresy::expected)
            .map_or(Scope { priests: 3, ballots: 2, decrees: 2, restarts: 0 }, |expected| {
                expected.scope
            });
        let level = match self.heresy {
            Some(heresy) if heresy.custom().is_some() => Level::Parliament,
            _ => Level::Basic,
        };
        if let Some(heresy) = self.heresy
            && Setting::why_not(level, heresy).is_some()
        {
            return None;
        }
        let founding = scope.founding();
        let mut setting = Setting::of(founding, level);
        let first = self.heresy.and_then(Heresy::expected).and_then(|expected| expected.first);
        if let Some(first) = first.and_then(|first| Decree::new(first).ok()) {
            // It shows by this petition.
            let usual = setting.wishes();
            setting.wishes = [first].into_iter().chain(usual).collect();
        }
        if let Some(heresy) = self.heresy {
            let names = setting.founding.membership.names();
            setting.heretics = names.map(|name| (name, heresy)).collect();
        }
        Some(setting)
    }

    /// Whether what the priests hold is not to be shown yet.
    pub(crate) fn is_secret(&self) -> bool {
        !self.is_open && !self.is_over
    }

    /// The lines that the player sees at the start.
    pub(crate) fn opening(&self) -> Vec<String> {
        match (self.is_open, self.heresy, self.seed) {
            (true, Some(heresy), _) => {
                vec![format!("All here hold {}: {}.", heresy.name, heresy.says), AIM.into()]
            }
            (_, _, seed) => {
                let seed = seed.map_or(String::new(), |seed| format!(" (--seed {seed})"));
                vec![
                    format!("Somebody here may not keep to the paper{seed}."),
                    format!("{AIM} Or say `sound` (`!` in the panes)."),
                ]
            }
        }
    }

    /// The lines for the first broken rule; none later.
    pub(crate) fn broken(&mut self, tree: &Tree) -> Vec<String> {
        if std::mem::replace(&mut self.is_over, true) {
            return Vec::new();
        }
        let Some(heresy) = self.heresy else { return Vec::new() };
        let mut lines = vec![revealed(heresy)];
        lines.extend(heresy.expected().map(|expected| golf(events(tree), expected)));
        lines
    }

    /// Ends the game: the shortest run is shown, and is not the player's own.
    pub(crate) fn give_up(&mut self) {
        self.is_over = true;
    }

    /// The line for a player who declares without having looked; none if that was enough.
    fn is_too_early(&self, tree: &Tree) -> Option<String> {
        let moves = tree.moments().len() - 1;
        (self.is_secret() && moves < LEAST_MOVES).then(|| {
            format!(
                "This counts after {LEAST_MOVES} moves at least, and here are {moves}: try to break a \
                 rule first."
            )
        })
    }

    /// The answer to a player who declares that all keep to the paper.
    ///
    /// # Errors
    /// Why he may not yet; then the game goes on.
    pub(crate) fn sound(&mut self, tree: &Tree) -> Result<Vec<String>, String> {
        self.is_too_early(tree).map_or(Ok(()), Err)?;
        Ok(self.declared())
    }

    fn declared(&mut self) -> Vec<String> {
        if self.is_open || std::mem::replace(&mut self.is_over, true) {
            return vec!["There is nothing to declare: it is known what they hold.".into()];
        }
        match self.heresy {
            None => vec!["You are right: they keep to the paper.".into()],
            Some(heresy) => vec![
                format!("No. {}", revealed(heresy)),
                "A rule can still be broken: play on, or `shortest` shows how.".into(),
            ],
        }
    }

    /// How much is searched for the shortest run.
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        let scope = self.heresy?.expected()?.scope;
        Some(Bounds { ballots: scope.ballots, restarts: scope.restarts })
    }
}

fn revealed(heresy: &Heresy) -> String {
    let Heresy { name, says, section, rule, .. } = heresy;
    format!("They hold {name}: {says}. By the paper, §{section}: {rule}.")
}

/// How many events led to the present moment, as the search counts them: what messengers lose or
/// repeat is none, and to leave and return is one.
pub(crate) fn events(tree: &Tree) -> usize {
    let mut events = 0;
    for &at in &tree.path() {
        let moment = &tree.moments()[at];
        events += match &moment.by {
            Some(Move::Try(_) | Move::Begin { .. } | Move::Deliver(_)) => 1,
            Some(Move::Crash { at: None, .. } | Move::Wait(_) | Move::Petition { .. }) => 1,
            Some(Move::DeliverAll) => moment.told.reads(),
            _ => 0,
        };
    }
    events
}

fn golf(yours: usize, expected: &Expected) -> String {
    let shortest = expected.events;
    let Scope { priests, ballots, .. } = expected.scope;
    let scope =
        format!("{}, {}", counted(priests as u64, "priest"), counted(ballots as u64, "ballot"));
    let yours_ = counted(yours as u64, "event");
    if shortest == 0 {
        return format!("You needed {yours_}.");
    }
    if yours <= shortest {
        return format!("You needed {yours_}. The proved shortest has {shortest} ({scope}).");
    }
    format!(
        "You needed {yours_}. The proved shortest has {shortest} ({scope}): `shortest` shows it."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seats, the level and the wishes say nothing of the heresy.
    #[test]
    fn all_hunts_begin_alike() {
        let all = (0..400).filter_map(|seed| Game::secret(seed).setting());
        let mut seen: Vec<String> = all
            .map(|mut setting| {
                setting.heretics.clear();
                setting.in_words()
            })
            .collect();
        assert!(seen.len() == 400);
        seen.dedup();
        assert_eq!(seen, ["convene Dwork Fischer Gray\n"]);
    }
}
