//! A Chamber in memory that follows a script: who is lost, late or repeated stands written down.

pub mod runs;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use parliament::parliament::Legislator;
use parliament::synod::{
    Decree, Deed, Entry, Founding, Initiator, Ledger, Letter, Message, Minutes, Mortal, Name, Post,
    Presence, Priest, Released,
};
use parliament::trace::{Happening, TraceWriter, asked_himself};
use parliament::words::message::Kind;
use parliament::words::time::PRESENCE;

/// The fate that the messengers of a script give to one kind of letter.
pub enum Fate {
    Lose,
    /// Delivered after this many thousandths of a minute.
    Late(u64),
    /// Delivered again, this many thousandths after the first time.
    Twice(u64),
}

/// A comer or a goer.
pub enum Going {
    Enters,
    Leaves,
}

/// A run as it is written down.
pub struct Script {
    pub founding: &'static str,
    /// The wish of each priest who thinks he presides.
    pub wishes: &'static [(&'static str, &'static str)],
    /// `(kind, from, to, ballot or "", fate)`: what happens to the first letter that fits; each once.
    pub fates: Vec<(Kind, &'static str, &'static str, &'static str, Fate)>,
    /// The comings and goings, in thousandths of a minute; all others enter at 0.
    pub goings: Vec<(u64, &'static str, Going)>,
    /// When the scribe puts down his pen, in whole minutes.
    pub until: u64,
    /// Citizens' petitions, at thousandths of a minute: who asks whom for which decree. With any,
    /// the priests sit as legislators.
    pub petitions: Vec<(u64, &'static str, &'static str, String)>,
    /// Every this many letters one is lost; 0 for none.
    pub lose_every: u64,
    /// A heresy: replies that report no vote, as if it had been forgotten.
    pub forgetful: bool,
}

enum Next {
    Deliver(Name, Name, Message),
    Lose(Name, Name, Message),
    Repeat(Name, Name, Message),
    Petition(Name, Name, Message),
    Goes(Name, bool),
}

type Scribe = RefCell<TraceWriter<Vec<u8>>>;

/// One priest's ledger, told to the scribe as it is inked.
struct Told<'a> {
    owner: Name,
    now: Minutes,
    rows: &'a mut Vec<Entry>,
    scribe: &'a Scribe,
}

impl Told<'_> {
    fn tell(&self, happening: &Happening) {
        self.scribe.borrow_mut().tell(self.now, happening).unwrap();
    }
}

impl Ledger for Told<'_> {
    type Error = std::convert::Infallible;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), Self::Error> {
        for row in rows {
            if let Some(message) = asked_himself(self.owner, row) {
                let (from, to) = (self.owner, self.owner);
                self.tell(&Happening::Send { from, to, message: message.clone() });
                self.tell(&Happening::Receive { from, to, message });
            }
            self.tell(&Happening::Ink { priest: self.owner, entry: row.clone() });
        }
        self.rows.extend_from_slice(rows);
        Ok(())
    }

    fn dry(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

struct Bag<'a>(&'a RefCell<Vec<Letter>>);

impl Post for Bag<'_> {
    fn post(&mut self, letters: Released) {
        self.0.borrow_mut().extend(letters);
    }
}

/// A priest, his ledger, and whether he is in the Chamber.
type Seat = (Box<dyn Mortal>, Vec<Entry>, bool);

struct Chamber {
    script: Script,
    scribe: Scribe,
    founding: Arc<Founding>,
    priests: BTreeMap<Name, Seat>,
    ahead: BTreeMap<(Minutes, u64), Next>,
    order: u64,
    carried: u64,
}

/// Plays a script and returns its trace.
pub fn play(script: Script) -> String {
    let founding: Founding = script.founding.parse().unwrap();
    let scribe = RefCell::new(TraceWriter::new(Vec::new()).unwrap());
    scribe.borrow_mut().tell(Minutes::ZERO, &Happening::Founded(founding.clone())).unwrap();
    let founding = Arc::new(founding);
    let members = founding.membership.clone();
    let embodied = |name| (script.embody(name, &founding, &[]), Vec::new(), false);
    let priests = members.names().map(|name| (name, embodied(name))).collect();
    let (ahead, order) = (BTreeMap::new(), 0);
    let mut chamber = Chamber { script, scribe, founding, priests, ahead, order, carried: 0 };
    chamber.plan_petitions();
    let goings = std::mem::take(&mut chamber.script.goings);
    for name in members.names() {
        if !goings
            .iter()
            .any(|(_, who, going)| *who == name.as_str() && matches!(going, Going::Enters))
            || goings
                .iter()
                .any(|(_, who, going)| *who == name.as_str() && matches!(going, Going::Leaves))
        {
            chamber.plan(Minutes::ZERO, Next::Goes(name, true));
        }
    }
    for (at, who, going) in goings {
        let enters = matches!(going, Going::Enters);
        chamber.plan(Minutes::thousandths(at), Next::Goes(who.parse().unwrap(), enters));
    }
    chamber.run();
    String::from_utf8(chamber.scribe.into_inner().into_inner().unwrap()).unwrap()
}

impl Script {
    fn embody(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Box<dyn Mortal> {
        if !self.petitions.is_empty() {
            return Box::new(Legislator::from_ledger(name, founding.clone(), rows));
        }
        let members = Arc::new(founding.membership.clone());
        let wish = self.wishes.iter().find(|(who, _)| *who == name.as_str());
        let mut presence = Presence::new(name, &members, PRESENCE);
        if wish.is_some() {
            presence.appoint();
        }
        let priest = Priest::from_ledger(name, members, rows);
        let wish = wish.map(|(_, text)| Decree::new(text).unwrap());
        Box::new(Initiator::new(priest, presence, wish))
    }
}

impl Chamber {
    fn plan_petitions(&mut self) {
        let petitions = std::mem::take(&mut self.script.petitions);
        for (index, (at, citizen, to, text)) in petitions.iter().enumerate() {
            let decree = Decree::new(text).unwrap();
            let decree = decree.petitioned(&format!("{citizen}/{}", index + 1)).unwrap();
            let message = Message::Petition { decree };
            let (from, to) = (citizen.parse().unwrap(), to.parse().unwrap());
            self.plan(Minutes::thousandths(*at), Next::Petition(from, to, message));
        }
        self.script.petitions = petitions;
    }

    fn plan(&mut self, at: Minutes, next: Next) {
        self.order += 1;
        self.ahead.insert((at, self.order), next);
    }

    fn run(&mut self) {
        let end = Minutes::whole(self.script.until);
        let mut now = Minutes::ZERO;
        loop {
            let alarm = self.priests.iter().filter(|(_, p)| p.2);
            let alarm =
                alarm.filter_map(|(name, p)| p.0.alarm().map(|at| (at.max(now), *name))).min();
            let letter = self.ahead.keys().next().copied();
            match (letter, alarm) {
                (None, None) => return,
                (Some((at, _)), _) if at > end => return,
                (Some(key), alarm) if alarm.is_none_or(|(at, _)| key.0 <= at) => {
                    let next = self.ahead.remove(&key).unwrap();
                    now = key.0;
                    self.happen(key.0, next);
                }
                (_, Some((at, _))) if at > end => return,
                (_, Some((at, name))) => {
                    now = at;
                    let deed = self.priests.get_mut(&name).unwrap().0.look_at_hourglass(at);
                    self.perform(at, name, deed);
                }
                (Some(_), None) => unreachable!("a letter without an alarm comes first"),
            }
        }
    }

    fn tell(&self, now: Minutes, happening: &Happening) {
        self.scribe.borrow_mut().tell(now, happening).unwrap();
    }

    fn happen(&mut self, now: Minutes, next: Next) {
        match next {
            Next::Goes(name, true) => {
                let (priest, rows, inside) = self.priests.get_mut(&name).unwrap();
                *priest = self.script.embody(name, &self.founding, rows);
                *inside = true;
                let deed = priest.enter(now);
                self.tell(now, &Happening::Enter(name));
                self.perform(now, name, deed);
            }
            Next::Goes(name, false) => {
                let (priest, _, inside) = self.priests.get_mut(&name).unwrap();
                priest.leave();
                *inside = false;
                self.tell(now, &Happening::Leave(name));
            }
            Next::Petition(from, to, message) => {
                self.tell(now, &Happening::Send { from, to, message: message.clone() });
                self.carry(now, from, to, message);
            }
            Next::Lose(from, to, message) => {
                self.tell(now, &Happening::Lose { from, to, message });
            }
            Next::Repeat(from, to, message) => {
                self.tell(now, &Happening::Repeat { from, to, message });
            }
            Next::Deliver(from, to, message) => {
                let (priest, _, inside) = self.priests.get_mut(&to).unwrap();
                if !*inside {
                    return self.tell(now, &Happening::Lose { from, to, message });
                }
                let deed = priest.receive(now, from, message.clone());
                self.tell(now, &read(&deed, from, to, message));
                self.perform(now, to, deed);
            }
        }
    }

    /// Performs a deed, and at once whatever the priest then tells himself.
    fn perform(&mut self, now: Minutes, name: Name, deed: Deed) {
        let mut deeds = VecDeque::from([deed]);
        while let Some(deed) = deeds.pop_front() {
            let posted = RefCell::new(Vec::new());
            let (_, rows, _) = self.priests.get_mut(&name).unwrap();
            let mut ledger = Told { owner: name, now, rows, scribe: &self.scribe };
            let Ok(()) = deed.perform(&mut ledger, &mut Bag(&posted));
            for Letter { to, message } in posted.into_inner() {
                let message = self.as_sent(message);
                self.tell(now, &Happening::Send { from: name, to, message: message.clone() });
                if to == name {
                    let priest = &mut self.priests.get_mut(&name).unwrap().0;
                    let own = priest.receive(now, name, message.clone());
                    self.tell(now, &read(&own, name, to, message));
                    deeds.push_back(own);
                } else {
                    self.carry(now, name, to, message);
                }
            }
        }
    }

    fn as_sent(&self, message: Message) -> Message {
        match message {
            Message::LastVote { ballot, .. } if self.script.forgetful => {
                Message::LastVote { ballot, vote: None, of: 0 }
            }
            message => message,
        }
    }

    fn carry(&mut self, now: Minutes, from: Name, to: Name, message: Message) {
        let ballot = message.ballot().map(|b| b.to_string()).unwrap_or_default();
        let fits = |f: &(Kind, &str, &str, &str, Fate)| {
            (f.0, f.1, f.2) == (message.kind(), from.as_str(), to.as_str())
                && (f.3.is_empty() || f.3 == ballot)
        };
        let found = self.script.fates.iter().position(fits);
        let fate = found.map(|index| self.script.fates.remove(index).4);
        self.carried += 1;
        let every = self.script.lose_every;
        let unlucky = every > 0 && self.carried.is_multiple_of(every);
        let fate = fate.or(unlucky.then_some(Fate::Lose));
        let usual = now + Minutes::thousandths(1000 + (self.order * 370) % 2300);
        match fate {
            None => self.plan(usual, Next::Deliver(from, to, message)),
            Some(Fate::Lose) => {
                self.plan(now + Minutes::thousandths(900), Next::Lose(from, to, message));
            }
            Some(Fate::Late(by)) => {
                let at = now + Minutes::thousandths(by);
                self.plan(at, Next::Deliver(from, to, message));
            }
            Some(Fate::Twice(after)) => {
                self.plan(usual, Next::Deliver(from, to, message.clone()));
                let again = usual + Minutes::thousandths(after);
                self.plan(usual, Next::Repeat(from, to, message.clone()));
                self.plan(again, Next::Deliver(from, to, message));
            }
        }
    }
}

/// Whether a letter was of use, to be told before what came of it.
fn read(deed: &Deed, from: Name, to: Name, message: Message) -> Happening {
    if deed.is_in_vain() {
        Happening::Ignore { from, to, message }
    } else {
        Happening::Receive { from, to, message }
    }
}
