//! Scenes: one guard each, in which Gray is the novice.
//!
//! They stand in `scenes.txt`, in the order of the sections, and can be played.

use super::hall::{Novice, Part};
use super::telling::Conviction;
use super::walk::Walk;
use crate::explore::Scope;
use crate::scene::Script;
use crate::scene::commands::Command;
use crate::trace::Happening;
use crate::words::Name;

const SCENES: &str = include_str!("scenes.txt");
/// The members of a scene that does not say who sits.
const SYNOD: &str = "convene Dwork Fischer Gray\n";
/// Where the novice sits, by index.
const SEAT: usize = 2;

/// A scene, and how it ended.
pub struct Played {
    /// Its section and title.
    pub title: &'static str,
    /// The run, beside what the paper has him do.
    pub conviction: Conviction,
}

impl Played {
    /// Whether a rule was broken.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        !self.conviction.story.breaches.is_empty()
    }

    /// Whether he inked or sent anything.
    #[must_use]
    pub fn acts(&self) -> bool {
        let story = &self.conviction.story;
        let novice = story.founding.membership.names().nth(SEAT);
        story.chapters.iter().flat_map(|chapter| &chapter.course).any(|it| match it {
            Happening::Ink { priest, .. } => Some(*priest) == novice,
            Happening::Send { from, .. } => Some(*from) == novice,
            _ => false,
        })
    }

    /// Whether he did otherwise than the paper has it.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.conviction.sin.is_some()
    }
}

/// Plays every scene with a novice, in order.
pub fn play(novice: &dyn Novice) -> impl Iterator<Item = Played> {
    let scope = Scope { priests: 3, ballots: 1, decrees: 1, restarts: 0 };
    scenes().filter_map(move |(title, text)| {
        let script = Script::read(&whole(text)).ok()?;
        let founding = script.setting.founding.clone();
        let names: Vec<Name> = founding.membership.names().collect();
        let part = Part::new(novice, scope, &[SEAT], Vec::new()).founded(founding);
        let hall = part.stage();
        let mut walk = Walk::begin(&hall, &names);
        let mut breaches = Vec::new();
        for (_, command) in &script.commands {
            if let Command::Move(by) = command
                && breaches.is_empty()
            {
                walk.go(by);
                breaches = walk.judge();
            }
        }
        Some(Played { title, conviction: walk.convict(breaches) })
    })
}

/// A scene with its members.
fn whole(text: &str) -> String {
    let says = text.starts_with("convene ");
    if says { text.to_owned() } else { [SYNOD, text].concat() }
}

/// Title and moves of each scene.
fn scenes() -> impl Iterator<Item = (&'static str, &'static str)> {
    SCENES.split("## ").filter_map(|scene| scene.split_once('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Heretics, replay};

    #[test]
    fn every_scene_plays_and_breaks_no_rule_among_sound_priests() {
        assert_eq!(scenes().count(), 20);
        for (title, text) in scenes() {
            let facts = replay(&whole(text), Heretics::Nobody);
            let broken = facts.unwrap_or_else(|error| panic!("{title}: {error}")).broken;
            assert!(broken.is_empty(), "{title}: {:?}", broken[0].1.rule);
        }
    }
}
