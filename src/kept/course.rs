//! The records of a run: of one that the search found, and of one that a person played.

use super::{Page, Run};
use crate::explore::story::{Chapter, Story};
use crate::scene::told::{Carried, Happened};
use crate::scene::tree::Moment;
use crate::scene::{Level, Tree};
use crate::trace::Happening;
use crate::words::{Entry, Minutes, Name};

impl From<&Story> for Run {
    /// One minute for each event; everybody is in the Chamber from the start.
    fn from(story: &Story) -> Run {
        let mut pages = vec![convened(story.founding.membership.names(), false)];
        for (at, chapter) in (1..).map(Minutes::whole).zip(&story.chapters) {
            pages.push(Page { at, told: as_told(chapter), kept: as_kept(chapter) });
        }
        Run { founding: story.founding.clone(), given: Vec::new(), pages, records: None }
    }
}

/// All of these enter before anything happens.
fn convened(names: impl Iterator<Item = Name>, tells_rows: bool) -> Page {
    let (mut told, mut kept) = (Vec::new(), Vec::new());
    for name in names {
        told.push(Happening::Enter(name));
        told.extend(tells_rows.then(|| entered(name)));
        kept.extend([Happening::Enter(name), entered(name)]);
    }
    Page { at: Minutes::ZERO, told, kept }
}

fn entered(priest: Name) -> Happening {
    Happening::Ink { priest, entry: Entry::Entered }
}

/// Rows lost to a power failure are told if they begin a ballot, which may have been sent while they
/// were wet.
fn is_told(wet: &Entry) -> bool {
    matches!(wet, Entry::BeginBallot { .. })
}

// ------------------------------------------------------------------ a run that the search found

/// The events of a chapter, as a trace tells them. Before a priest leaves, the other rows of his
/// ledger are added.
fn as_told(chapter: &Chapter) -> Vec<Happening> {
    let mut others = chapter.stays.clone();
    let mut told = Vec::with_capacity(chapter.course.len());
    for happening in &chapter.course {
        match happening {
            Happening::Ink { entry, .. } => match others.iter().position(|row| row == entry) {
                Some(stays) => drop(others.remove(stays)),
                None if is_told(entry) => {}
                None => continue,
            },
            Happening::Leave(priest) => {
                let priest = *priest;
                told.extend(others.drain(..).map(|entry| Happening::Ink { priest, entry }));
            }
            _ => {}
        }
        told.push(happening.clone());
    }
    told
}

/// The events of a chapter, as a chamber keeps them: the rows that dried, and the rest.
fn as_kept(chapter: &Chapter) -> Vec<Happening> {
    let priest = chapter.priest;
    let stays = chapter.stays.iter().cloned().map(|entry| Happening::Ink { priest, entry });
    let mut kept: Vec<Happening> = stays.collect();
    for happening in &chapter.course {
        match happening {
            Happening::Ink { .. } => continue,
            Happening::Enter(name) => kept.extend([happening.clone(), entered(*name)]),
            _ => kept.push(happening.clone()),
        }
    }
    kept
}

// ------------------------------------------------------------------ a run that a person played

impl From<&Tree> for Run {
    /// The moves from the beginning to the present moment, without branches: in the basic protocol
    /// one minute for each, and at the other levels their own hour.
    fn from(tree: &Tree) -> Run {
        let first = &tree.moments()[0].scene;
        let (setting, level) = (first.setting(), first.level());
        let is_basic = level == Level::Basic;
        let sit = first.names().filter(|_| is_basic);
        let mut beginning = convened(sit, true);
        for carried in first.bag() {
            let sends = send(carried);
            beginning.told.push(sends.clone());
            beginning.kept.push(sends);
        }
        let mut pages = vec![beginning];
        for (at, moment) in (0..).map(Minutes::whole).zip(tree.path()).skip(1) {
            let moment = &tree.moments()[moment];
            let at = if is_basic { at } else { moment.scene.minute() };
            pages.push(page(at, moment, is_basic));
        }
        Run {
            founding: setting.founding.clone(),
            given: setting.rows.clone(),
            pages,
            records: None,
        }
    }
}

fn page(at: Minutes, moment: &Moment, is_basic: bool) -> Page {
    let (mut told, mut kept) = (Vec::new(), Vec::new());
    for event in &moment.told.events {
        let happening = match event {
            Happened::Said { .. } => continue,
            Happened::Wet { who, row } => {
                let (priest, entry) = (*who, (**row).clone());
                told.extend(is_told(row).then_some(Happening::Ink { priest, entry }));
                continue;
            }
            Happened::Inks { who, row } => Happening::Ink { priest: *who, entry: (**row).clone() },
            Happened::Sends(carried) => send(carried),
            Happened::Repeats(it) => {
                let (from, to, message) = parts(it);
                Happening::Repeat { from, to, message }
            }
            Happened::Reads { letter, is_ignored } => {
                let (from, to, message) = parts(letter);
                match is_ignored {
                    true => Happening::Ignore { from, to, message },
                    false => Happening::Receive { from, to, message },
                }
            }
            Happened::Loses(it) => {
                let (from, to, message) = parts(it);
                Happening::Lose { from, to, message }
            }
            Happened::Enters(who) => Happening::Enter(*who),
            Happened::Leaves(who) => Happening::Leave(*who),
        };
        told.push(happening.clone());
        let enters = match happening {
            // At the other levels this row is a part of his first deed.
            Happening::Enter(name) if is_basic => Some(entered(name)),
            _ => None,
        };
        told.extend(enters.clone());
        kept.push(happening);
        kept.extend(enters);
    }
    Page { at, told, kept }
}

fn send(carried: &Carried) -> Happening {
    let (from, to, message) = parts(carried);
    Happening::Send { from, to, message }
}

fn parts(carried: &Carried) -> (Name, Name, crate::words::Message) {
    (carried.from, carried.letter.to, carried.letter.message.clone())
}
