//! A tree of moments: undo goes to the parent, a new move there is a new branch, and no future is
//! thrown away.

use std::sync::Arc;

use super::commands::Command;
use super::judge::Broken;
use super::moves::Move;
use super::script::Script;
use super::script_words::{MOST_COMMANDS, ScriptError};
use super::setting::Setting;
use super::stage::Scene;
use super::told::Told;

/// A moment of a scene: where it comes from, and how things stand.
#[derive(Clone)]
pub struct Moment {
    /// The moment before; `None` at the beginning.
    pub parent: Option<usize>,
    /// The move that led here.
    pub by: Option<Move>,
    /// The events in the course of it.
    pub told: Told,
    /// How things stand.
    pub scene: Scene,
    /// The rules that are broken here.
    pub broken: Arc<Vec<Broken>>,
    /// The line of the script whose move led here first, if a script was played.
    pub(crate) line: Option<usize>,
}

/// Moments, each with the one that it comes from; the beginning is number 0.
#[derive(Clone)]
pub struct Tree {
    moments: Vec<Moment>,
    at: usize,
}

impl Tree {
    /// A scene before anything happens.
    #[must_use]
    pub fn begin(setting: &Setting) -> Tree {
        let scene = Scene::begin(setting);
        let broken = Arc::new(scene.broken());
        let told = Told::default();
        let first = Moment { parent: None, by: None, told, scene, broken, line: None };
        Tree { moments: vec![first], at: 0 }
    }

    /// Plays a whole script.
    ///
    /// # Errors
    /// [`ScriptError`]: where it does not read or play on.
    pub fn of(script: &Script) -> Result<Tree, ScriptError> {
        let (tree, error) = Tree::play_on(script);
        error.map_or(Ok(tree), Err)
    }

    /// As [`Tree::of`], as far as it goes.
    pub(crate) fn play_on(script: &Script) -> (Tree, Option<ScriptError>) {
        let (mut tree, mut ignored) = (Tree::begin(&script.setting), None);
        for (place, command) in &script.commands {
            if let Err(why) = tree.obey(command) {
                // A move that cannot be made may rest on one that a guard kept from its effect.
                let cause = ignored.map_or_else(String::new, |(line, told)| {
                    format!("; line {line} had no effect: {told}")
                });
                return (tree, Some(place.says(why + &cause)));
            }
            if let Command::Move(_) = command {
                let at = tree.at;
                tree.moments[at].line.get_or_insert(place.line);
            }
            if let Command::Move(_) = command
                && let Some(told) = tree.here().told.guarded()
            {
                ignored = Some((place.line, told.to_owned()));
            }
        }
        (tree, None)
    }

    /// Obeys a command.
    ///
    /// # Errors
    /// Why it cannot be obeyed, and what can be done; then nothing has changed.
    pub fn obey(&mut self, command: &Command) -> Result<(), String> {
        match command {
            Command::Move(by) => self.play(by),
            Command::Undo(many) => {
                for _ in 0..*many {
                    let parent = self.here().parent;
                    self.at = parent.ok_or("this is the beginning: there is nothing to undo")?;
                }
                Ok(())
            }
            Command::Redo => {
                let latest = self.children(self.at).last();
                self.at = latest.ok_or("nothing comes after this moment yet; make a move")?;
                Ok(())
            }
            Command::Go(moment) if *moment < self.moments.len() => {
                self.at = *moment;
                Ok(())
            }
            Command::Go(moment) => Err(format!(
                "there is no moment {moment}; the moments are 0 to {}",
                self.moments.len() - 1
            )),
            Command::Ledger(_) => Ok(()),
        }
    }

    /// Plays a move from here: to the moment that it led to before, or to a new one.
    ///
    /// # Errors
    /// Why it cannot be played, and what can.
    pub fn play(&mut self, by: &Move) -> Result<(), String> {
        let mut scene = self.here().scene.clone();
        let (by, told) = scene.play(by)?;
        let same = |&child: &usize| self.moments[child].by.as_ref() == Some(&by);
        let known = self.children(self.at).find(same);
        if let Some(child) = known {
            self.at = child;
            return Ok(());
        }
        if self.moments.len() > MOST_COMMANDS {
            return Err(format!("a scene has at most {MOST_COMMANDS} moments"));
        }
        let broken = Arc::new(scene.broken());
        let (parent, by) = (Some(self.at), Some(by));
        self.moments.push(Moment { parent, by, told, scene, broken, line: None });
        self.at = self.moments.len() - 1;
        Ok(())
    }

    /// The moments, in the order in which they were first come to.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// The number of the present moment.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The present moment.
    #[must_use]
    pub fn here(&self) -> &Moment {
        &self.moments[self.at]
    }

    /// The moments that come of one, in the order in which they were first come to.
    pub fn children(&self, of: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.moments.len()).filter(move |&child| self.moments[child].parent == Some(of))
    }

    /// The moments from the beginning to the present one.
    #[must_use]
    pub fn path(&self) -> Vec<usize> {
        self.path_to(self.at)
    }

    /// The moments from the beginning to this one.
    pub(crate) fn path_to(&self, moment: usize) -> Vec<usize> {
        let mut path = vec![moment];
        while let Some(parent) = path.last().and_then(|&at| self.moments[at].parent) {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// The whole tree as a script in words, a command each line.
    #[must_use]
    pub fn in_words(&self) -> String {
        let setting = self.moments[0].scene.setting.in_words();
        self.commands(|by| by.to_string(), "go ")
            .into_iter()
            .fold(setting, |text, command| text + &command + "\n")
    }

    /// The whole tree in its short form, as an address holds it.
    #[must_use]
    pub fn in_short(&self) -> String {
        let mut parts = vec![self.moments[0].scene.setting.in_short()];
        parts.extend(self.commands(Move::in_short, "go."));
        parts.join(";")
    }

    /// The moves from the beginning to the present moment, without branches.
    pub fn moves(&self) -> impl Iterator<Item = &Move> + '_ {
        self.path().into_iter().filter_map(|moment| self.moments[moment].by.as_ref())
    }

    fn commands(&self, write: impl Fn(&Move) -> String, go: &str) -> Vec<String> {
        let mut commands = Vec::new();
        let mut at = 0;
        for (moment, it) in self.moments.iter().enumerate() {
            let (Some(parent), Some(by)) = (it.parent, &it.by) else { continue };
            if parent != at {
                commands.push(format!("{go}{parent}"));
            }
            commands.push(write(by));
            at = moment;
        }
        if self.at != at {
            commands.push(format!("{go}{}", self.at));
        }
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_move_before_it_that_had_no_effect() {
        let text = "convene Dwork Gray Oki\ntry 1.Dwork\ndeliver Dwork Gray\ndeliver Gray Dwork\n";
        let told = |more: &str| {
            let script = Script::read(&format!("{text}{more}deliver Dwork Gray\n")).unwrap();
            Tree::of(&script).err().unwrap().to_string()
        };
        assert!(told("begin Dwork α\n").ends_with(
            "line 5 had no effect: Dwork begins nothing: the repliers are no majority set"
        ));
        assert!(!told("").contains("no effect"), "{}", told(""));
    }
}
