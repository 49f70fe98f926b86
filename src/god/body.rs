//! A priest's body: the thread that runs one priest, with his ledger and his messengers.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::chamber::LedgerError;
use crate::chamber::evidence::Evidence;
use crate::chamber::messagebook::{Bookmark, Cursor};
use crate::chamber::messenger::Messenger;
use crate::chamber::opening::{LaidDown, TakenDown};
use crate::chamber::watch::{Door, Watch};
use crate::chamber::{Chamber, LedgerFile};
use crate::records::MessageRow;
use crate::records::Opened;
use crate::synod::{Deed, Letter, Mortal, WetLedger};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{Decree, DecreeNumber, Entry, Message, Minutes, Name};

use super::hour::Hour;
use super::news::{Herald, Tiding};
use super::porter::{Counts, Porter, Told};
use super::present::{Present, read};

/// The longest sleep of a body that a watch wakes. A notification may be missing: when an editor
/// has replaced the messagebook, none may come.
const LONGEST_SLEEP: Duration = Duration::from_millis(50);

/// The longest sleep between two looks at the messagebook when no watch wakes the body.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// An event that wakes a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Knock {
    /// The messagebook may have changed.
    Letters,
    /// God calls the priest out of the Chamber. The priest loses his slip of paper.
    Leave,
    /// God calls the priest back in.
    Enter,
    /// The sitting is over.
    Close,
}

/// Makes a priest from his name and the rows of his ledger.
pub type Raise<M> = dyn Fn(Name, &[Entry]) -> M + Send + Sync;

/// A priest's place in the Chamber, whether he is in it or not.
pub struct Body<M> {
    name: Name,
    chamber: Chamber,
    raise: Arc<Raise<M>>,
    hour: Hour,
    herald: Herald,
    watch: Option<Arc<Watch>>,
    door: Door<Knock>,
    knocks: Receiver<Knock>,
    messenger: Messenger,
    /// Letters to himself, which he reads next.
    desk: VecDeque<Message>,
    counts: Counts,
    present: Option<Present<M>>,
    /// The number of rows of his ledger that God knows.
    rows_told: usize,
    /// Decrees inked that God does not know yet. God hears of a decree when its row is dry.
    inked: Vec<(DecreeNumber, Decree)>,
    /// The place in his messagebook where he stopped reading when he left; none before he first
    /// came.
    bookmark: Option<Bookmark>,
    /// The faults that he met at his messagebook when he last looked. Each is reported once.
    troubles: Vec<String>,
    /// The state of his ledger when he left.
    laid_down: Option<LaidDown>,
}

/// The arguments from which a [`Body`] is made.
pub struct Clay<M> {
    /// The priest.
    pub name: Name,
    /// The Chamber in which he sits.
    pub chamber: Chamber,
    /// Makes the priest from his ledger's rows.
    pub raise: Arc<Raise<M>>,
    /// The clock.
    pub hour: Hour,
    /// The channel to God.
    pub herald: Herald,
    /// The watch that wakes the body; without one the body polls.
    pub watch: Option<Arc<Watch>>,
    /// The door at which others wake the body.
    pub door: Door<Knock>,
    /// The channel that receives the knocks at that door.
    pub knocks: Receiver<Knock>,
    /// The messengers who carry his letters.
    pub messenger: Messenger,
}

impl<M: Mortal> Body<M> {
    /// Makes a body and opens its ledger. A ledger that the evidence contradicts is refused here,
    /// before any priest acts.
    ///
    /// # Errors
    /// [`LedgerError`], with the place and the repair.
    pub fn embody(
        clay: Clay<M>,
        ledger: TakenDown,
        evidence: &Evidence,
    ) -> Result<Body<M>, LedgerError> {
        let Clay { name, chamber, raise, hour, herald, watch, door, knocks, messenger } = clay;
        let mut body = Body {
            name,
            chamber,
            raise,
            hour,
            herald,
            watch,
            door,
            knocks,
            messenger,
            desk: VecDeque::new(),
            counts: Counts::default(),
            present: None,
            rows_told: 0,
            inked: Vec::new(),
            bookmark: None,
            troubles: Vec::new(),
            laid_down: None,
        };
        body.present = Some(body.open(ledger, evidence)?);
        Ok(body)
    }

    /// The priest in this body.
    pub fn name(&self) -> Name {
        self.name
    }

    /// The priest as made from his ledger; none while he is out of the Chamber.
    pub fn mortal(&self) -> Option<&M> {
        self.present.as_ref().map(|present| &present.mortal)
    }

    /// The decree under this number in his ledger.
    pub fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.present.as_ref()?.mortal.outcome(number)
    }

    /// Runs the priest until God closes the Chamber, and returns his counts of letters and rows.
    pub fn live(mut self) -> Counts {
        self.hear_knocks_through_watch();
        self.enter();
        loop {
            self.messenger.deliver_due(self.hour.now());
            self.act();
            self.tell_troubles();
            if !self.sleep() {
                self.close();
                return self.counts;
            }
        }
    }

    /// Opens his ledger and makes the priest from its rows. Letters that came while he was away are
    /// lost, except those that he still waits for, such as petitions.
    fn open(&mut self, ledger: TakenDown, evidence: &Evidence) -> Result<Present<M>, LedgerError> {
        let (ledger, opened) = ledger.open_by(evidence)?;
        self.tell_of_opening(&opened);
        if self.herald.wants_all() && self.laid_down.is_none() {
            let said = format!("his ledger was held against other records: {}", evidence.looked);
            self.herald.tell(self.hour.now(), Tiding::Noticed(said));
        }
        let mortal = (self.raise)(self.name, &opened.rows);
        let mut awaiting = Vec::new();
        let hear = |row: MessageRow, is_new| {
            if mortal.is_awaiting(&row.message) {
                awaiting.push(row);
            } else if is_new && self.herald.is_traced() {
                self.herald.tell(self.hour.now(), Tiding::Missed(row.from, row.message));
            }
        };
        let read = Cursor::at_end(&self.chamber, self.name, self.bookmark, hear);
        let cursor = read.map_err(|source| {
            let path = self.chamber.messagebook(self.name);
            LedgerError::Io { path, doing: "read the messagebook", source }
        })?;
        let watched = cursor.openings();
        let ledger = WetLedger::new(ledger);
        Ok(Present { mortal, ledger, cursor, watched, awaiting, has_more: false })
    }

    fn tell_of_opening(&mut self, opened: &Opened) {
        if self.herald.is_traced() {
            for row in opened.rows.iter().skip(self.rows_told) {
                self.herald.tell(self.hour.now(), Tiding::Inked(row.clone()));
            }
            self.rows_told = opened.rows.len();
        }
        let notice = |what| self.herald.tell(self.hour.now(), Tiding::Noticed(what));
        if let Some(cut) = &opened.cut {
            notice(cut.to_string());
        }
        if let Some(row) = &opened.mended {
            notice(format!(
                "{}:{}: the last row had lost its line end and is otherwise intact; the line end is written again",
                row.file.display(),
                row.line
            ));
        }
        opened.said.iter().cloned().for_each(notice);
        if let Some(first) = opened.by_hand.first() {
            notice(match opened.by_hand.len() {
                1 => format!("1 row of his ledger was written by hand, at {first}"),
                many => {
                    format!("{many} rows of his ledger were written by hand, the first at {first}")
                }
            });
        }
    }

    fn hear_knocks_through_watch(&self) {
        let Some(watch) = &self.watch else { return };
        let door = self.door.clone();
        let path = self.chamber.messagebook(self.name);
        // `tell_troubles` reports why it cannot be watched.
        let _ = watch.over(&path, move || door.knock(Knock::Letters));
    }

    /// Reports to God each cause that keeps letters from coming or going, once.
    fn tell_troubles(&mut self) {
        let unwatched = self.watch.as_ref().and_then(|watch| watch.trouble());
        for trouble in self.messenger.troubles().into_iter().chain(unwatched) {
            self.herald.tell(self.hour.now(), Tiding::Noticed(trouble));
        }
    }

    fn enter(&mut self) {
        let now = self.hour.now();
        if let Some(present) = &mut self.present {
            self.herald.tell(now, Tiding::Entered);
            if let Some(decree) = present.mortal.outcome(SYNODS_DECREE) {
                self.herald.tell(now, Tiding::Remembers(decree.clone()));
            }
            // These may have been wet when he left. The rows he has now read again are dry.
            let stands = |(number, decree): &_| present.mortal.outcome(*number) == Some(decree);
            let dry: Vec<_> = std::mem::take(&mut self.inked).into_iter().filter(stands).collect();
            if !dry.is_empty() {
                self.herald.tell(now, Tiding::Knows(dry));
            }
            let mut deed = present.mortal.enter(now);
            for row in std::mem::take(&mut present.awaiting) {
                let Present { mortal, .. } = present;
                read(mortal, now, row.from, row.message, &self.herald, &mut deed);
            }
            self.perform(now, deed);
        }
    }

    fn leave(&mut self, why: Option<String>) {
        if let Some(mut present) = self.present.take() {
            self.bookmark = present.cursor.bookmark();
            self.laid_down = Some(present.ledger.into_ledger().laid_down());
            present.mortal.leave();
            for message in self.desk.drain(..).filter(|_| self.herald.is_traced()) {
                let lost = Letter { to: self.name, message };
                self.herald.tell(self.hour.now(), Tiding::Lost(lost));
            }
            self.herald.tell(self.hour.now(), Tiding::Left { why });
        }
    }

    fn come_back(&mut self) {
        if self.present.is_some() {
            return;
        }
        let opened = TakenDown::by(&self.chamber, self.name).and_then(|ledger| {
            let evidence = ledger.evidence_since(self.laid_down);
            self.open(ledger, &evidence)
        });
        match opened {
            Ok(mut present) => {
                // The file that is watched may have been replaced while he was away.
                present.watched = 0;
                self.present = Some(present);
                self.enter();
            }
            Err(error) => {
                let why = Some(error.to_string());
                self.herald.tell(self.hour.now(), Tiding::Left { why });
            }
        }
    }

    fn close(&mut self) {
        self.leave(None);
    }

    /// Reads all letters on his desk and performs the result as one deed. Repeats while he wrote to
    /// himself or more letters wait. If more letters wait, the ink of one deed dries while he reads
    /// the letters of the next. The next deed begins only after all letters that rested on that ink
    /// have left.
    fn act(&mut self) {
        self.door.answer();
        loop {
            let now = self.hour.now();
            let mut deed = Deed::nothing();
            self.read_own_words(now, &mut deed);
            self.read_letters(now, &mut deed);
            if self.finish(now) {
                self.read_own_words(now, &mut deed);
            }
            if let Some(present) = &mut self.present {
                deed.absorb(present.mortal.look_at_hourglass(now));
            }
            self.perform(now, deed);
            let has_more = self.present.as_ref().is_some_and(|present| present.has_more);
            if self.desk.is_empty() && !has_more {
                return;
            }
        }
    }

    fn read_own_words(&mut self, now: Minutes, deed: &mut Deed) {
        let Some(Present { mortal, .. }) = &mut self.present else { return self.desk.clear() };
        for message in self.desk.drain(..) {
            read(mortal, now, self.name, message, &self.herald, deed);
        }
    }

    /// Reads the new letters in his messagebook. A messagebook that has grown long is archived
    /// first.
    fn read_letters(&mut self, now: Minutes, deed: &mut Deed) {
        let Some(present) = &mut self.present else { return };
        let archived = if present.has_more { Ok(()) } else { present.cursor.archive_if_long() };
        let mut read = present.read_deskful(now, &self.herald, deed);
        if present.watched != present.cursor.openings() {
            present.watched = present.cursor.openings();
            // If the file does not exist yet, the next round opens it and comes here again.
            let _ = self.watch.as_ref().map(|watch| watch.renew(present.cursor.path()));
            // Letters that came before the watch began gave no notification.
            read = read.and_then(|()| present.read_deskful(now, &self.herald, deed));
        }
        let path = present.cursor.path().display();
        let grows = archived.map_err(|error| {
            format!("this long messagebook cannot be archived, so it grows: {error}")
        });
        let unread = read.map_err(|error| error.to_string());
        let troubles: Vec<String> = [grows, unread].into_iter().filter_map(Result::err).collect();
        for trouble in troubles.iter().filter(|it| !self.troubles.contains(*it)) {
            self.herald.tell(now, Tiding::Noticed(format!("{path}: {trouble}")));
        }
        self.troubles = troubles;
    }

    /// Performs a deed: inks its rows, then sends its letters. God hears of the acts before the
    /// letters can cause anything.
    fn perform(&mut self, now: Minutes, deed: Deed) {
        let Some(present) = &mut self.present else { return };
        for step in deed.steps().iter().filter(|step| self.herald.wants(&step.act)) {
            self.herald.tell(now, Tiding::Acted(step.act.clone()));
        }
        if deed.is_idle() {
            return;
        }
        self.counts.inked += deed.rows().len() as u64;
        self.counts.dried += u64::from(!deed.rows().is_empty());
        let reads_on = present.has_more;
        self.at_his_ledger(now, |ledger, god, porter| {
            ledger.begin(deed, god, porter)?;
            if reads_on {
                ledger.blot();
                return Ok(());
            }
            ledger.finish(god, porter).map(drop)
        });
    }

    /// Waits until the ink is dry, then sends the letters that rested on it. False if no ink was
    /// wet.
    fn finish(&mut self, now: Minutes) -> bool {
        self.at_his_ledger(now, |ledger, god, porter| ledger.finish(god, porter)).unwrap_or(false)
    }

    /// Runs `act` with his ledger and his messengers. If the ink fails, he leaves the Chamber and
    /// no letter that rested on that ink has left. He returns by reading his ledger again.
    fn at_his_ledger<T>(
        &mut self,
        now: Minutes,
        act: impl FnOnce(
            &mut WetLedger<LedgerFile>,
            &mut Told<'_>,
            &mut Porter<'_>,
        ) -> Result<T, LedgerError>,
    ) -> Option<T> {
        let present = self.present.as_mut()?;
        let mut god = Told {
            now,
            herald: &self.herald,
            wet: &mut self.inked,
            rows_told: &mut self.rows_told,
        };
        let mut porter = Porter {
            now,
            herald: &self.herald,
            messenger: &mut self.messenger,
            desk: &mut self.desk,
            counts: &mut self.counts,
        };
        match act(&mut present.ledger, &mut god, &mut porter) {
            Ok(done) => Some(done),
            Err(error) => {
                self.leave(Some(error.to_string()));
                None
            }
        }
    }

    /// Sleeps until an event or an alarm. False when the sitting is over.
    fn sleep(&mut self) -> bool {
        let alarm = self.present.as_ref().and_then(|present| present.mortal.alarm());
        let due = [alarm, self.messenger.next_due()].into_iter().flatten().min();
        let is_woken = self.watch.as_ref().is_some_and(|watch| watch.is_alive());
        let longest = if is_woken { LONGEST_SLEEP } else { BETWEEN_LOOKS };
        let nap = due.map_or(longest, |due| self.hour.until(due).min(longest));
        let mut knock = match self.knocks.recv_timeout(nap) {
            Ok(knock) => Some(knock),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return false,
        };
        while let Some(heard) = knock {
            match heard {
                Knock::Letters => {}
                Knock::Leave => self.leave(None),
                Knock::Enter => self.come_back(),
                Knock::Close => return false,
            }
            knock = self.knocks.try_recv().ok();
        }
        true
    }
}
