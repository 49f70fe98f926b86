//! The class itself: what the teacher and the phones do, and what comes of it.

use std::net::IpAddr;

use super::asked::Asked;
use super::moment::Moment;
use super::poll::{Past, Poll, Stage};
use super::seats::{Key, Seats};

/// As many questions a class may ask.
pub(crate) const MOST_QUESTIONS: usize = 500;

/// The reply to phones when the teacher has ended the class.
const OVER: &str = "The class is over.";

/// A deed of the teacher.
pub(crate) enum Deed {
    /// The scene comes to this moment.
    Move(Moment),
    /// A question is put; one of the scene, at its moment.
    Ask(Asked, Option<Moment>),
    /// No more answers are taken, and what was answered is shown.
    Close,
    /// The same question again.
    AskAgain,
    /// The right answer is shown.
    Reveal,
    /// The question is put away.
    PutAway,
    /// The class is over.
    End,
}

/// A class.
pub(crate) struct Class {
    pub(super) seats: Seats,
    pub(super) poll: Option<Poll>,
    pub(super) past: Vec<Past>,
    /// The moment that the phones see.
    pub(super) moment: Moment,
    /// The teacher's moment, while the phones stay at a question about an earlier one.
    pub(super) ahead: Option<Moment>,
    pub(super) is_over: bool,
    /// Grows with each change that phones see.
    pub(super) version: u64,
}

impl Class {
    /// A class that begins at this moment.
    pub(crate) fn begin(moment: Moment) -> Class {
        Class {
            seats: Seats::default(),
            poll: None,
            past: Vec::new(),
            moment,
            ahead: None,
            is_over: false,
            version: 1,
        }
    }

    /// Does a deed of the teacher.
    ///
    /// # Errors
    /// Why it cannot be done now; then nothing has changed.
    pub(crate) fn obey(&mut self, deed: Deed) -> Result<(), String> {
        if self.is_over {
            return Err("the class is over; start `parliament play --class` for another".into());
        }
        let open = "no question is put; ask one first";
        match deed {
            Deed::Move(moment) => self.go_to(moment),
            Deed::Ask(asked, moment) => self.ask(asked, moment)?,
            Deed::Close => self.poll.as_mut().ok_or(open)?.close()?,
            Deed::AskAgain => self.poll.as_mut().ok_or(open)?.again()?,
            Deed::Reveal => {
                self.poll.as_mut().ok_or(open)?.reveal()?;
                self.catch_up();
            }
            Deed::PutAway => {
                self.poll.as_ref().ok_or(open)?;
                self.put_away();
            }
            Deed::End => {
                self.put_away();
                self.is_over = true;
            }
        }
        self.version += 1;
        Ok(())
    }

    /// The teacher moves: the phones follow, but for a question about the moment where they are, whose
    /// answer they would see.
    fn go_to(&mut self, moment: Moment) {
        if self.ahead.is_none() && moment.sight["short"] == self.moment.sight["short"] {
            // A page that draws the same moment again goes nowhere.
            return;
        }
        if self.poll.as_ref().is_some_and(Poll::hides_what_comes) {
            self.ahead = Some(moment);
            return;
        }
        if self.poll.as_ref().is_some_and(|poll| poll.stage == Stage::Revealed) {
            self.put_away();
        }
        self.moment = moment;
    }

    fn ask(&mut self, asked: Asked, moment: Option<Moment>) -> Result<(), String> {
        if self.poll.as_ref().is_some_and(|poll| poll.round().is_some()) {
            return Err("a question is open; close it, or put it away".into());
        }
        let number = self.past.len() + usize::from(self.poll.is_some()) + 1;
        if number > MOST_QUESTIONS {
            return Err(format!("a class asks at most {MOST_QUESTIONS} questions; end it"));
        }
        self.put_away();
        if let Some(moment) = moment {
            self.moment = moment;
        }
        self.poll = Some(Poll::open(number, asked));
        Ok(())
    }

    fn put_away(&mut self) {
        self.past.extend(self.poll.take().map(|poll| poll.put_away()));
        self.catch_up();
    }

    fn catch_up(&mut self) {
        if let Some(moment) = self.ahead.take() {
            self.moment = moment;
        }
    }

    /// A phone comes, or comes back by its key.
    ///
    /// # Errors
    /// Why it cannot come in.
    pub(crate) fn come(&mut self, key: Key, address: IpAddr) -> Result<(), String> {
        if self.is_over {
            return Err(OVER.into());
        }
        if let Some(gone) = self.seats.come(key, address)?
            && let Some(poll) = &mut self.poll
        {
            poll.withdraw(gone);
        }
        Ok(())
    }

    /// Takes the answer of a phone to question `number` in a round: 1 or 2.
    ///
    /// # Errors
    /// Why it does not count.
    pub(crate) fn answer(
        &mut self,
        key: Key,
        number: usize,
        round: usize,
        answer: usize,
    ) -> Result<(), String> {
        if self.is_over {
            return Err(OVER.into());
        }
        if !self.seats.has(key) {
            return Err("this phone is not in the class; load the page again".into());
        }
        match &mut self.poll {
            Some(poll) if poll.number == number => poll.answer(key, round, answer),
            Some(poll) => {
                Err(format!("this was for question {number}; the class is at {}", poll.number))
            }
            None => Err("no question is open now".into()),
        }
    }

    /// A phone leaves the class's moment, and plays on its own.
    ///
    /// # Errors
    /// Why it may not now.
    pub(crate) fn branch_off(&mut self, key: Key) -> Result<(), String> {
        if !self.seats.has(key) {
            return Err("This phone is not in the class; load the page again.".into());
        }
        if self.poll.as_ref().is_some_and(Poll::hides_what_comes) {
            return Err(
                "A question about the scene is open: your own scene waits until its answer \
                        is shown."
                    .into(),
            );
        }
        self.seats.set_on_its_own(key, true);
        Ok(())
    }

    /// A number that grows with each change that phones see.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Whether the teacher has ended it.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether this is the latest stream of the phone.
    pub(crate) fn is_latest(&self, key: Key, stream: u64) -> bool {
        self.seats.is_latest(key, stream)
    }

    /// The teacher's moment in short, without branches.
    pub(crate) fn script(&self) -> &str {
        let moment = self.ahead.as_ref().unwrap_or(&self.moment);
        moment.sight["short"].as_str().unwrap_or_default()
    }

    /// The phones.
    pub(crate) fn seats(&mut self) -> &mut Seats {
        &mut self.seats
    }
}
