//! Moves: what a person may do in a scene, as he writes it, in words or short enough for an address.

use std::fmt;

use crate::synod::Letter;
use crate::words::message::Kind;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Message, Minutes, Name};

/// When a priest crashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CrashAt {
    /// At his next deed that inks, before a word is written.
    BeforeInk,
    /// There, while the ink is wet: his rows are gone, and so is what rests on them.
    Wet,
    /// There, when the ink is dry: his rows stay, and what rests on them is never sent.
    Dry,
}

impl CrashAt {
    /// All of them, with their words.
    pub(crate) const ALL: [(CrashAt, &'static str, &'static str); 3] = [
        (CrashAt::BeforeInk, "before ink", "ink"),
        (CrashAt::Wet, "wet", "wet"),
        (CrashAt::Dry, "dry", "dry"),
    ];

    /// When that is, as a story tells it.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            CrashAt::BeforeInk => "the power fails before anything is inked",
            CrashAt::Wet => "the power fails while the ink is wet",
            CrashAt::Dry => "the ink dries, and then the power fails",
        }
    }
}

/// One letter of the bag. Where several fit, the oldest is meant, or the one of that place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Which {
    /// The sender.
    pub from: Name,
    /// The receiver.
    pub to: Name,
    /// Which kind of letter, if that is said.
    pub kind: Option<Kind>,
    /// The ballot it speaks of, if that is said: the integer, and the owner where he is named.
    pub ballot: Option<(u64, Option<Name>)>,
    /// Its place among those that fit, the oldest being the first.
    pub place: usize,
}

impl Which {
    /// The description that this letter fits and no other, in a bag in which these stand before it.
    ///
    /// The short form has no owner of a ballot. So where letters of other owners' ballots would take
    /// its place there, the owner is left out here too.
    #[must_use]
    pub fn of<'a>(
        from: Name,
        letter: &Letter,
        before: impl Iterator<Item = (Name, &'a Letter)>,
    ) -> Which {
        let (to, kind) = (letter.to, Some(letter.message.kind()));
        let ballot = letter.message.ballot().map(|ballot| (ballot.round, Some(ballot.owner)));
        let full = Which { from, to, kind, ballot, place: 1 };
        let short = Which { ballot: ballot.map(|(round, _)| (round, None)), ..full };
        let (mut as_full, mut as_short) = (1, 1);
        for (from, letter) in before {
            as_full += usize::from(full.fits(from, letter));
            as_short += usize::from(short.fits(from, letter));
        }
        if as_full == as_short {
            Which { place: as_full, ..full }
        } else {
            Which { place: as_short, ..short }
        }
    }

    /// Where the letter that is meant stands in a bag.
    #[must_use]
    pub fn find<'a>(&self, mut bag: impl Iterator<Item = (Name, &'a Letter)>) -> Option<usize> {
        let mut left = self.place;
        bag.position(|(from, letter)| {
            left -= usize::from(left > 0 && self.fits(from, letter));
            left == 0
        })
    }

    /// Whether this letter fits, its place aside.
    #[must_use]
    pub fn fits(&self, from: Name, letter: &Letter) -> bool {
        let kind = letter.message.kind();
        let of_ballot = |(round, owner): (u64, Option<Name>)| {
            letter.message.ballot().is_some_and(|ballot| {
                ballot.round == round && owner.is_none_or(|owner| ballot.owner == owner)
            })
        };
        (self.from, self.to) == (from, letter.to)
            && self.kind.is_none_or(|said| said == kind)
            && self.ballot.is_none_or(of_ballot)
    }
}

/// A person's move in a scene.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Move {
    /// A priest tries a ballot. `[PTP §2.3 (1)]`
    Try(BallotNumber),
    /// A priest begins the ballot that he tries, with this wish where B3 leaves the choice free.
    /// `[PTP §2.3 (3)]`
    Begin {
        /// The priest.
        who: Name,
        /// His wish.
        wish: Decree,
    },
    /// A messenger delivers a letter.
    Deliver(Which),
    /// A messenger loses a letter.
    Lose(Which),
    /// A messenger carries a letter twice.
    Repeat(Which),
    /// Messengers deliver every letter, the oldest first, until none is left.
    DeliverAll,
    /// A priest leaves the Chamber and loses his slip: now, or at his next deed that inks.
    /// `[PTP §2.2]`
    Crash {
        /// The priest.
        who: Name,
        /// At which moment of his next deed; now, if none is named.
        at: Option<CrashAt>,
    },
    /// A priest enters the Chamber, or returns to it, and opens his ledger. `[PTP §2.2]`
    Enter {
        /// The priest.
        who: Name,
        /// The decree he wishes to see passed; as when he came last, if nothing is said.
        wish: Option<Decree>,
        /// Whether he thinks that he presides, even if others do.
        appointed: bool,
    },
    /// Time goes by, and those in the Chamber look at their hourglasses. `[PTP §2.4]`
    Wait(Minutes),
    /// A citizen asks a legislator for a decree. `[PTP §3.1]`
    Petition {
        /// The legislator.
        who: Name,
        /// The decree.
        decree: Decree,
    },
}

/// The short form of a kind of letter.
pub(crate) const fn short(kind: Kind) -> &'static str {
    match kind {
        Kind::NextBallot => "NB",
        Kind::LastVote => "LV",
        Kind::BeginBallot => "BB",
        Kind::Voted => "V",
        Kind::Success => "S",
        Kind::Refused => "R",
        Kind::Failed => "F",
        Kind::Presence => "P",
        Kind::Petition => "PE",
        Kind::Inquiry => "I",
        Kind::LawBook => "LB",
    }
}

/// A text as a script writes it: in quotation marks, where it is not one word.
pub(crate) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let needs = |c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '#' | '=');
        if !self.0.is_empty() && !self.0.contains(needs) {
            return f.write_str(self.0);
        }
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A text in the short form: `_` for a space, and `%` with two hexadecimal digits for what an
/// address or the form itself needs.
pub(crate) struct Short<'a>(pub &'a str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                ' ' => f.write_str("_")?,
                c if c.is_alphanumeric() || c == '-' => write!(f, "{c}")?,
                c => {
                    let mut bytes = [0; 4];
                    for byte in c.encode_utf8(&mut bytes).bytes() {
                        write!(f, "%{byte:02X}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A letter in words: `Oki Gray LastVote 1.Oki #2`.
struct InWords<'a>(&'a Which);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Which { from, to, kind, ballot, place } = self.0;
        write!(f, "{from} {to}")?;
        kind.map_or(Ok(()), |kind| write!(f, " {kind}"))?;
        match ballot {
            Some((round, Some(owner))) => write!(f, " {round}.{owner}")?,
            Some((round, None)) => write!(f, " {round}")?,
            None => {}
        }
        if *place > 1 { write!(f, " #{place}") } else { Ok(()) }
    }
}

impl fmt::Display for Move {
    /// The move in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Move::Try(ballot) => write!(f, "try {ballot}"),
            Move::Begin { who, wish } => write!(f, "begin {who} {}", Quoted(wish.text())),
            Move::Deliver(which) => write!(f, "deliver {}", InWords(which)),
            Move::Lose(which) => write!(f, "lose {}", InWords(which)),
            Move::Repeat(which) => write!(f, "repeat {}", InWords(which)),
            Move::DeliverAll => f.write_str("deliver all"),
            Move::Crash { who, at: None } => write!(f, "crash {who}"),
            Move::Crash { who, at: Some(at) } => {
                let words = CrashAt::ALL.iter().find(|(it, ..)| it == at).map_or("", |it| it.1);
                write!(f, "crash {who} {words}")
            }
            Move::Enter { who, wish, appointed } => {
                write!(f, "enter {who}")?;
                if let Some(wish) = wish {
                    write!(f, " wish={}", Quoted(wish.text()))?;
                }
                if *appointed { f.write_str(" appointed") } else { Ok(()) }
            }
            Move::Wait(minutes) => write!(f, "wait {}", Plain(*minutes)),
            Move::Petition { who, decree } => {
                write!(f, "petition {who} {}", Quoted(decree.text()))
            }
        }
    }
}

/// Minutes without decimals that say nothing.
pub(crate) struct Plain(pub Minutes);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Move {
    /// The move in its short form, as an address holds it: `d.Oki.Gray.LV1`.
    #[must_use]
    pub fn in_short(&self) -> String {
        let letter = |head: &str, which: &Which| {
            let Which { from, to, kind, ballot, place } = which;
            let mut text = format!("{head}.{from}.{to}");
            if let Some(kind) = kind {
                text += &format!(".{}", short(*kind));
                text += &ballot.map_or(String::new(), |(round, _)| round.to_string());
            }
            if *place > 1 { text + &format!(".{place}") } else { text }
        };
        match self {
            Move::Try(ballot) => format!("t.{ballot}"),
            Move::Begin { who, wish } => format!("b.{who}.{}", Short(wish.text())),
            Move::Deliver(which) => letter("d", which),
            Move::Lose(which) => letter("l", which),
            Move::Repeat(which) => letter("r", which),
            Move::DeliverAll => "da".into(),
            Move::Crash { who, at: None } => format!("c.{who}"),
            Move::Crash { who, at: Some(at) } => {
                let word = CrashAt::ALL.iter().find(|(it, ..)| it == at).map_or("", |it| it.2);
                format!("c.{who}.{word}")
            }
            Move::Enter { who, wish, appointed } => {
                let appointed = if *appointed { ".appointed" } else { "" };
                let wish = wish.as_ref().map(|wish| format!(".wish.{}", Short(wish.text())));
                format!("e.{who}{appointed}{}", wish.unwrap_or_default())
            }
            Move::Wait(minutes) => format!("m.{}", Plain(*minutes)),
            Move::Petition { who, decree } => format!("p.{who}.{}", Short(decree.text())),
        }
    }
}

// ------------------------------------------------------------------ what is said and written

/// A letter in a few words: `LastVote 1.Oki null`.
#[must_use]
pub fn letter_in_words(message: &Message) -> String {
    let kind = message.kind();
    match message {
        Message::LastVote { ballot, vote: None, .. } => format!("{kind} {ballot} null"),
        Message::LastVote { ballot, vote: Some((number, vote)), .. } => {
            format!("{kind} {ballot} {}{} {}", of(*number), vote.ballot, vote.decree)
        }
        Message::BeginBallot { ballot, number, decree } => {
            format!("{kind} {ballot} {}{decree}", of(*number))
        }
        Message::Voted { ballot, number } => {
            format!("{kind} {ballot} {}", of(*number)).trim_end().into()
        }
        Message::Success { number, decree, .. } => format!("{kind} {}{decree}", of(*number)),
        Message::Refused { ballot, next_bal } => format!("{kind} {ballot} nextBal {next_bal}"),
        Message::Petition { decree } => format!("{kind} {decree}"),
        Message::Inquiry { above, through } => {
            let through = through.map_or("the end".into(), |through| through.to_string());
            format!("{kind} above {above} through {through}")
        }
        Message::LawBook { row, .. } => format!("{kind} {}", row.in_a_line()),
        _ => message.ballot().map_or(kind.to_string(), |ballot| format!("{kind} {ballot}")),
    }
}

/// A decree's number, where it is not the Synod's one.
fn of(number: DecreeNumber) -> String {
    if number == crate::words::ballot::SYNODS_DECREE {
        String::new()
    } else {
        format!("n{number} ")
    }
}

/// A row of a ledger in a few words: `prevVote 1.Oki α`.
#[must_use]
pub fn row_in_words(row: &Entry) -> String {
    let kind = row.kind();
    match row {
        Entry::Entered => kind.into(),
        Entry::LastTried { ballot } | Entry::NextBal { ballot } => format!("{kind} {ballot}"),
        Entry::PrevVote { number, ballot, decree } => {
            format!("{kind} {}{ballot} {decree}", of(*number))
        }
        Entry::Outcome { number, decree, .. } => format!("{kind} {number} {decree}"),
        Entry::Book(row) => row.in_a_line(),
        Entry::BeginBallot { number, ballot, decree, quorum } => {
            let names: Vec<&str> = quorum.iter().map(Name::as_str).collect();
            format!("{kind} {}{ballot} {decree} {{{}}}", of(*number), names.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A letter from Gray to Oki: of the same kind often, and of ballots that differ by their owner.
    fn letter((ballot, number): (usize, u64)) -> Letter {
        let ballot = [None, Some("1.Gray"), Some("1.Oki"), Some("2.Oki")][ballot];
        let ballot = ballot.map(|it| it.parse().unwrap());
        let decree = Decree::new("Goats").unwrap();
        Letter { to: "Oki".parse().unwrap(), message: Message::Success { ballot, number, decree } }
    }

    proptest! {
        #[test]
        fn each_letter_of_a_bag_is_found_by_its_description(
            bag in prop::collection::vec((0..4usize, 1..3u64).prop_map(letter), 1..8)
        ) {
            let gray: Name = "Gray".parse().unwrap();
            let from = |letters| std::iter::repeat(gray).zip::<&[Letter]>(letters);
            for (at, letter) in bag.iter().enumerate() {
                let which = Which::of(gray, letter, from(&bag[..at]));
                prop_assert_eq!(which.find(from(&bag)), Some(at));
                let round = which.ballot.map(|(round, _)| (round, None));
                let short = Which { ballot: round, ..which };
                prop_assert_eq!(short.find(from(&bag)), Some(at), "without the owner");
            }
        }
    }
}
