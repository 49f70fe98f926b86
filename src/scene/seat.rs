//! One priest of a scene: his ledger, his slip, and what he does. The same functions as everywhere:
//! [`Situation::meet`] for the basic protocol, [`Mortal`] for the others.

use std::sync::Arc;

use super::moves::CrashAt;
use super::parchment::Parchment;
use super::setting::{Level, Setting};
use super::spoken::{Refusal, heresy, lines, on_slip, refusal, refused, told};
use crate::creeds::believer::Believer;
use crate::creeds::custom::{Heretic, after_power_failure};
use crate::creeds::{Creed, Event, Orthodox, Usual};
use crate::explore::conduct::{Situation, begun_and_cast};
use crate::explore::pages::Power;
use crate::synod::presence::Presence;
use crate::synod::{Deed, Initiator, Letter, Mortal};
use crate::trace::Happening;
use crate::words::time::PRESENCE;
use crate::words::{Decree, Entry, Founding, Message, Minutes, Name};

/// A priest, as his level has him.
#[derive(Clone)]
pub(crate) enum Mind {
    /// §2.3: he does at once what a letter enables.
    Basic(Box<Situation>),
    /// §2.4: he looks at his hourglass.
    Synod(Box<Initiator<Believer>>),
    /// §3: a legislator.
    Parliament(Box<Heretic>),
}

/// One priest's place.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) name: Name,
    pub(crate) mind: Mind,
    /// His ledger: every row that is dry.
    pub(crate) rows: Vec<Arc<Entry>>,
    /// Whether he is in the Chamber.
    pub(crate) is_present: bool,
    /// When he is to crash, at his next deed that inks.
    pub(crate) crash: Option<CrashAt>,
    wish: Option<Decree>,
    is_appointed: bool,
}

/// The consequence of a move for one priest.
#[derive(Default)]
pub(crate) struct Acted {
    /// Section and line.
    pub(crate) lines: Vec<(String, String)>,
    /// The rows that stay in his ledger.
    pub(crate) inks: Vec<Arc<Entry>>,
    /// The rows that were written and are gone with the power.
    pub(crate) wet: Vec<Arc<Entry>>,
    /// Letters that left.
    pub(crate) sends: Vec<Letter>,
    /// The gods' memory: ballots begun and votes cast.
    pub(crate) seen: Vec<Entry>,
    /// Why he did nothing.
    pub(crate) refusal: Option<Refusal>,
    /// Whether a guard kept him from acting on the letter that he read.
    pub(crate) is_in_vain: bool,
    /// The power failed.
    pub(crate) crashed: Option<CrashAt>,
}

/// An event for a priest of the levels that have an hour.
enum Hour<'a> {
    Enter,
    Read(Name, &'a Message),
    Hourglass,
    Petition(Decree),
}

impl Seat {
    /// A priest's place before anything happens: in the basic protocol he is in the Chamber.
    pub(crate) fn new(name: Name, setting: &Setting, founding: &Arc<Founding>) -> Seat {
        let given = setting.rows.iter().filter(|(who, _)| *who == name);
        let rows: Vec<Arc<Entry>> = given.map(|(_, row)| Arc::new(row.clone())).collect();
        let is_present = setting.level == Level::Basic;
        let first = Situation::first(name, &Arc::new(founding.membership.clone()));
        let mut seat = Seat {
            name,
            mind: Mind::Basic(first.into()),
            rows,
            is_present,
            crash: None,
            wish: None,
            is_appointed: false,
        };
        seat.mind = seat.open(setting, founding);
        seat
    }

    fn open(&self, setting: &Setting, founding: &Arc<Founding>) -> Mind {
        let name = self.name;
        let members = Arc::new(founding.membership.clone());
        let rows: Vec<Entry> = self.rows.iter().map(|row| (**row).clone()).collect();
        match setting.level {
            Level::Basic => Mind::Basic(Situation::with_rows(name, &members, rows).into()),
            Level::Synod => {
                let mut presence = Presence::new(name, &members, PRESENCE);
                if self.is_appointed {
                    presence.appoint();
                }
                let priest = Believer::open(name, members, &rows, setting.creed(name));
                Mind::Synod(Box::new(Initiator::new(priest, presence, self.wish.clone())))
            }
            Level::Parliament => {
                let custom = setting.custom(name);
                Mind::Parliament(Box::new(Heretic::open(name, founding, &rows, custom)))
            }
        }
    }

    // ------------------------------------------------------------------ the basic protocol

    /// The consequence of an event in the basic protocol.
    pub(crate) fn meet(&mut self, event: &Event, setting: &Setting) -> Acted {
        let Mind::Basic(before) = &self.mind else { return Acted::default() };
        let (before, creed) = (before.clone(), setting.creed(self.name));
        let upshot = before.meet(event, Power::Holds, creed);
        let inks = upshot.as_ref().is_some_and(|it| it.course.iter().any(is_ink));
        let crash = self.crash.filter(|_| inks);
        let power = if crash == Some(CrashAt::Wet) { Power::Fails } else { Power::Holds };
        let upshot = if power == Power::Fails { before.meet(event, power, creed) } else { upshot };
        let mut acted = Acted { lines: lines(&before, event, power, setting), ..Acted::default() };
        let Some(upshot) = upshot else {
            if let Some((refusal, line)) = refusal(&before, event, creed) {
                if acted.lines.is_empty() {
                    acted.lines.push((refusal.section.unwrap_or_default().into(), line));
                }
                acted.refusal = Some(refusal);
                acted.is_in_vain = true;
            }
            return acted;
        };
        let (mut after, mut sends) = (upshot.after, upshot.letters);
        (acted.seen, acted.crashed) = (upshot.seen, crash);
        let mut stays = upshot.stays;
        acted.wet = gone_with_power(&upshot.course, &stays);
        match crash {
            // Nothing was written, so nothing has happened but that he is gone.
            Some(CrashAt::BeforeInk) => {
                (acted.seen, acted.wet, stays, sends) = Default::default();
                after = gone(&before, creed);
            }
            Some(CrashAt::Dry) => {
                sends.retain(|letter| letter.message.rests_on().is_none());
                after = gone(&after, creed);
            }
            Some(CrashAt::Wet) | None => {}
        }
        self.mind = Mind::Basic(after.into());
        acted.sends = sends;
        acted.inks = stays.into_iter().map(Arc::new).collect();
        self.keep(&acted);
        acted
    }

    /// Keeps what stays in his ledger, and leaves if the power failed.
    fn keep(&mut self, acted: &Acted) {
        self.rows.extend(acted.inks.iter().cloned());
        if acted.crashed.is_some() {
            (self.is_present, self.crash) = (false, None);
        }
    }

    // ------------------------------------------------------------------ coming and going

    /// He leaves the Chamber now, and his slip is lost.
    pub(crate) fn leave(&mut self) {
        (self.is_present, self.crash) = (false, None);
        match &mut self.mind {
            Mind::Basic(situation) => situation.priest.forget(),
            Mind::Synod(initiator) => initiator.leave(),
            Mind::Parliament(legislator) => legislator.leave(),
        }
    }

    /// He enters the Chamber and opens his ledger.
    pub(crate) fn enter(
        &mut self,
        (wish, is_appointed): (Option<Decree>, bool),
        now: Minutes,
        (setting, founding): (&Setting, &Arc<Founding>),
    ) -> Acted {
        self.is_present = true;
        if wish.is_some() {
            self.wish = wish;
        }
        self.is_appointed |= is_appointed;
        if let Mind::Basic(before) = &self.mind {
            let told = lines(before, &Event::Return, Power::Holds, setting);
            let heresy = told.into_iter().filter(|(section, _)| section == "heresy");
            let acted = Acted { lines: heresy.collect(), ..Acted::default() };
            self.mind = Mind::Basic(gone(before, setting.creed(self.name)).into());
            return acted;
        }
        self.mind = self.open(setting, founding);
        self.at_hour(now, &Hour::Enter, setting)
    }

    // ------------------------------------------------------------------ what is seen of him

    /// The entries of his slip of paper; none if it is blank.
    pub(crate) fn slip(&self) -> Vec<(&'static str, String)> {
        match &self.mind {
            Mind::Basic(situation) => on_slip(situation.priest.status()),
            Mind::Synod(initiator) => on_slip(initiator.priest().status()),
            Mind::Parliament(legislator) => {
                let presides = legislator.presides().map(|ballot| ("presides", ballot.to_string()));
                presides.into_iter().collect()
            }
        }
    }

    /// When he next looks at his hourglass, if he does.
    pub(crate) fn alarm(&self) -> Option<Minutes> {
        match &self.mind {
            Mind::Synod(initiator) if self.is_present => initiator.alarm(),
            Mind::Parliament(legislator) if self.is_present => legislator.alarm(),
            _ => None,
        }
    }

    // ------------------------------------------------------------------ the levels with an hour

    /// He reads a letter.
    pub(crate) fn read(
        &mut self,
        now: Minutes,
        from: Name,
        message: &Message,
        setting: &Setting,
    ) -> Acted {
        if setting.level == Level::Basic {
            return self.meet(&Event::Read { from, message: message.clone() }, setting);
        }
        self.at_hour(now, &Hour::Read(from, message), setting)
    }

    /// He looks at his hourglass.
    pub(crate) fn look(&mut self, now: Minutes, setting: &Setting) -> Acted {
        self.at_hour(now, &Hour::Hourglass, setting)
    }

    /// A citizen stands before him.
    pub(crate) fn petition(&mut self, now: Minutes, decree: Decree, setting: &Setting) -> Acted {
        self.at_hour(now, &Hour::Petition(decree), setting)
    }

    /// The deed that the paper would have of a heretic at this hour.
    fn by_the_paper(&self, now: Minutes, hour: &Hour<'_>, setting: &Setting) -> Option<Deed> {
        setting.heretics.get(&self.name)?;
        let mut sound = match self.mind.clone() {
            Mind::Basic(_) => return None,
            Mind::Synod(initiator) => {
                let sound = initiator.acted_by(|believer| believer.converted(&Orthodox));
                Mind::Synod(Box::new(sound))
            }
            Mind::Parliament(legislator) => {
                Mind::Parliament(Box::new(legislator.converted(&Usual)))
            }
        };
        act_at(&mut sound, now, hour)
    }

    /// Whether wet rows of this deed are dry to him.
    fn trusts_wet_ink(&self, deed: &Deed, setting: &Setting) -> bool {
        let creed = setting.creed(self.name);
        setting.custom(self.name).takes_wet_ink_for_dry()
            || deed.rows().iter().any(|row| creed.takes_wet_ink_for_dry(row))
    }

    fn at_hour(&mut self, now: Minutes, hour: &Hour<'_>, setting: &Setting) -> Acted {
        let by_the_paper = self.by_the_paper(now, hour, setting);
        let Some(deed) = act_at(&mut self.mind, now, hour) else { return Acted::default() };
        let (refusal, is_in_vain) = (refused(&deed), deed.is_in_vain());
        let mut acted = Acted { refusal, is_in_vain, ..Acted::default() };
        acted.lines = deed.steps().iter().map(told).collect();
        if let Some(honest) = by_the_paper {
            acted.lines.extend(heresy(self.name, &deed, &honest));
        }
        let mut ledger = Parchment {
            crash: self.crash,
            trusts_wet_ink: self.trusts_wet_ink(&deed, setting),
            ..Parchment::default()
        };
        // The power failing is what the move asked for; what has left until then has left.
        let _asked_for = deed.perform(&mut ledger, &mut acted.sends);
        acted.crashed = ledger.crashed;
        let wet = ledger.written[ledger.dried.len()..].to_vec();
        let stays = after_power_failure(setting.custom(self.name), wet.clone());
        let gone = wet.into_iter().filter(|row| !stays.contains(row));
        acted.wet = gone.map(Arc::new).collect();
        acted.seen = begun_and_cast(ledger.written, &ledger.dried);
        acted.inks = ledger.dried.into_iter().chain(stays).map(Arc::new).collect();
        self.keep(&acted);
        if acted.crashed.is_some() {
            // All that he had in mind and not in his ledger is gone.
            self.mind = self.open(setting, &Arc::new(setting.founding.clone()));
            self.leave();
        }
        acted
    }
}

/// His deed at an hour; nothing of one who looks at no hourglass.
fn act_at(mind: &mut Mind, now: Minutes, hour: &Hour<'_>) -> Option<Deed> {
    match mind {
        Mind::Basic(_) => None,
        Mind::Synod(initiator) => Some(act(&mut **initiator, now, hour)),
        Mind::Parliament(legislator) => Some(match hour {
            Hour::Petition(decree) => legislator.petition(now, decree.clone()),
            hour => act(&mut **legislator, now, hour),
        }),
    }
}

/// A mortal's deed at an hour.
fn act(mortal: &mut impl Mortal, now: Minutes, hour: &Hour<'_>) -> Deed {
    match hour {
        Hour::Enter => mortal.enter(now),
        Hour::Read(from, message) => mortal.receive(now, *from, (*message).clone()),
        Hour::Hourglass => mortal.look_at_hourglass(now),
        Hour::Petition(_) => Deed::nothing(),
    }
}

fn is_ink(happening: &Happening) -> bool {
    matches!(happening, Happening::Ink { .. })
}

/// The rows that were written and do not stay.
fn gone_with_power(course: &[Happening], stays: &[Entry]) -> Vec<Arc<Entry>> {
    let wet = course.iter().filter_map(|happening| match happening {
        Happening::Ink { entry, .. } if !stays.contains(entry) => Some(Arc::new(entry.clone())),
        _ => None,
    });
    wet.collect()
}

/// The situation of one who has left and opens his ledger again: his slip is lost.
fn gone(situation: &Situation, creed: &dyn Creed) -> Situation {
    let left = situation.meet(&Event::Return, Power::Holds, creed);
    left.map_or_else(|| situation.clone(), |left| left.after)
}
