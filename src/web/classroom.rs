//! The room where a class is held: the class, those who listen to it, and what they hear.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use super::shown::written_out;
use super::stream::{Gone, HERE, PULSE, Writer, event, stream};
use crate::class::{Class, Deed, Key, Moment};

/// A class and its listeners.
pub(crate) struct Classroom {
    class: Mutex<Class>,
    /// By what word a phone knows that it is still the same class.
    id: String,
    /// The latest news, as all phones hear it.
    phones: watch::Sender<Arc<str>>,
    /// The latest news, as the teacher hears it.
    teacher: watch::Sender<Arc<str>>,
    /// Phones whose own move is being answered.
    busy: Mutex<BTreeSet<Key>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn in_an_event(mut told: Value) -> Arc<str> {
    written_out(&mut told);
    event("class", &told.to_string()).into()
}

impl Classroom {
    /// A class that begins with this script.
    ///
    /// # Errors
    /// Where the script does not play.
    pub(crate) fn of(id: String, script: &str) -> Result<Classroom, String> {
        let class = Class::begin(Moment::of(script)?);
        let (phones, _) = watch::channel(in_an_event(class.for_phones()));
        let (teacher, _) = watch::channel(in_an_event(class.for_teacher()));
        let (class, busy) = (Mutex::new(class), Mutex::new(BTreeSet::new()));
        Ok(Classroom { class, id, phones, teacher, busy })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Does something in the class, and tells those whom it concerns.
    pub(super) fn within<T>(&self, act: impl FnOnce(&mut Class) -> T) -> T {
        let mut class = held(&self.class);
        let before = class.version();
        let done = act(&mut class);
        if class.version() != before {
            self.phones.send_replace(in_an_event(class.for_phones()));
        }
        self.teacher.send_replace(in_an_event(class.for_teacher()));
        done
    }

    /// Looks at the class, and changes nothing.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Class) -> T) -> T {
        at(&held(&self.class))
    }

    /// Ends the class, and says so to every phone.
    pub(crate) fn end(&self) {
        // It may be over already.
        let _ = self.within(|class| class.obey(Deed::End));
    }

    /// A phone comes, or comes back.
    ///
    /// # Errors
    /// Why it cannot.
    pub(super) fn come(&self, key: Key, address: IpAddr) -> Result<(), String> {
        self.within(|class| class.come(key, address))
    }

    /// Takes the place of a phone whose own move is to be answered; `None` while another of its moves is.
    pub(super) fn begins(self: &Arc<Self>, key: Key) -> Option<Busy> {
        held(&self.busy).insert(key).then(|| Busy { room: Arc::clone(self), key })
    }

    /// A stream of all that the phones of the class are shown.
    pub(super) fn listen(self: Arc<Self>, key: Key) -> Response {
        let Some(number) = self.within(|class| class.seats().listens(key)) else {
            return dismissed("This phone is not in the class.");
        };
        let room = Arc::clone(&self);
        stream(
            move |to| self.tell(key, number, to),
            move || room.within(|class| class.seats().sleeps(key, number)),
        )
    }

    async fn tell(self: Arc<Self>, key: Key, number: u64, to: Writer) -> Result<(), Gone> {
        let mut news = self.phones.subscribe();
        let mine = self.look(|class| class.mine(key));
        to.write(event("mine", &mine.to_string())).await?;
        let first = news.borrow_and_update().to_string();
        to.write(first).await?;
        loop {
            let is_new = timeout(PULSE, news.changed()).await.is_ok();
            if !self.look(|class| class.is_latest(key, number)) {
                let why = json!({ "why": "This phone's place is taken: the class is open in another \
                    tab, or there were too many phones." });
                return to.write(event("gone", &why.to_string())).await;
            }
            let told = if is_new { news.borrow_and_update().to_string() } else { HERE.to_owned() };
            to.write(told).await?;
            if self.look(Class::is_over) {
                return Ok(());
            }
        }
    }

    /// A stream of all that the teacher is shown.
    pub(super) fn listen_as_teacher(&self) -> Response {
        let mut news = self.teacher.subscribe();
        let tell = async move |to: Writer| {
            let first = news.borrow_and_update().to_string();
            to.write(first).await?;
            loop {
                let is_new = timeout(PULSE, news.changed()).await.is_ok();
                let told =
                    if is_new { news.borrow_and_update().to_string() } else { HERE.to_owned() };
                to.write(told).await?;
            }
        };
        stream(tell, || {})
    }
}

/// A stream that says why there is none, and ends.
pub(super) fn dismissed(why: &str) -> Response {
    let why = json!({ "why": why }).to_string();
    stream(move |to| async move { to.write(event("gone", &why)).await }, || {})
}

/// The place of a phone whose own move is being answered.
pub(super) struct Busy {
    room: Arc<Classroom>,
    key: Key,
}

impl Drop for Busy {
    fn drop(&mut self) {
        held(&self.room.busy).remove(&self.key);
    }
}
