//! The first questions to a novice, to see whether he answers at all.

use std::sync::Arc;

use super::answer::Answer;
use super::question::{Level, Question};
use crate::creeds::Event;
use crate::words::{
    BallotNumber, Decree, Entry, Founding, Membership, Message, Minutes, Name, Vote,
};

/// The members while manners are examined.
const SYNOD: &str = "Dwork Gray Oki";
/// The priest whom the novice plays.
const HE: &str = "Gray";

/// A question of manners.
#[derive(Clone, Debug)]
pub struct Courtesy {
    members: Arc<Membership>,
    you: Name,
    ledger: Vec<Entry>,
    event: Event,
    /// Whether his slip is the one that he left when he tried a ballot.
    pub after_trying: bool,
}

impl Courtesy {
    /// The question, with this on his slip.
    #[must_use]
    pub fn question<'a>(&'a self, slip: Option<&'a str>) -> Question<'a> {
        let Courtesy { members, you, ledger, event, .. } = self;
        Question {
            level: Level::Synod,
            you: *you,
            members,
            ledger,
            slip,
            now: Minutes::ZERO,
            event,
        }
    }

    /// Whether it is the question to try a ballot.
    #[must_use]
    pub fn is_try(&self) -> bool {
        matches!(self.event, Event::Try(_))
    }
}

/// The questions, in order. The first come twice.
#[must_use]
pub fn courtesies() -> Vec<Courtesy> {
    let (Ok(founding), Ok(you)) = (SYNOD.parse::<Founding>(), HE.parse::<Name>()) else {
        return Vec::new();
    };
    let members = Arc::new(founding.membership);
    let names: Vec<Name> = members.names().collect();
    let (oki, goats) = (names[2], Decree::new("Goats may graze"));
    let (Ok(goats), his) = (goats, |owner| BallotNumber { round: 1, owner }) else {
        return Vec::new();
    };
    let read = |message: Message| Event::Read { from: oki, message };
    let promised = vec![Entry::NextBal { ballot: his(oki) }];
    let tried = vec![Entry::LastTried { ballot: his(you) }];
    let next_ballot = read(Message::NextBallot { ballot: his(oki), complete_through: 0 });
    let begin_ballot =
        read(Message::BeginBallot { ballot: his(oki), number: 1, decree: goats.clone() });
    let earlier =
        Vote { priest: oki, ballot: BallotNumber { round: 0, owner: oki }, decree: goats.clone() };
    let last_vote = |vote: Option<Vote>| {
        let of = vote.is_some().into();
        read(Message::LastVote { ballot: his(you), vote: vote.map(|vote| (1, vote)), of })
    };
    let success =
        read(Message::Success { ballot: Some(his(oki)), number: 1, decree: goats.clone() });
    let refused = read(Message::Refused { ballot: his(you), next_bal: his(oki) });
    let presence =
        read(Message::Presence { last_tried: None, complete_through: 0, presides: None });
    let voted = read(Message::Voted { ballot: his(you), number: 1 });
    let courtesy = |ledger: &[Entry], event: &Event, after_trying: bool| Courtesy {
        members: Arc::clone(&members),
        you,
        ledger: ledger.to_vec(),
        event: event.clone(),
        after_trying,
    };
    vec![
        courtesy(&[], &next_ballot, false),
        courtesy(&[], &next_ballot, false),
        courtesy(&promised, &begin_ballot, false),
        courtesy(&[], &begin_ballot, false),
        courtesy(&[], &success, false),
        courtesy(&[], &Event::Try(his(you)), false),
        courtesy(&tried, &last_vote(None), true),
        courtesy(&tried, &last_vote(Some(earlier)), true),
        courtesy(&tried, &Event::Begin(goats), true),
        courtesy(&tried, &voted, true),
        courtesy(&tried, &refused, true),
        courtesy(&[], &presence, false),
    ]
}

/// Whether two answers say the same: letters leave in no order.
#[must_use]
pub fn say_the_same(one: &Answer, other: &Answer) -> bool {
    let sorted = |answer: &Answer| {
        let mut sent: Vec<String> = answer.send.iter().map(|it| format!("{it:?}")).collect();
        sent.sort();
        sent
    };
    one.ink == other.ink && one.slip == other.slip && sorted(one) == sorted(other)
}
