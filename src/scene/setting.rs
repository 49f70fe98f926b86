//! Where a scene begins: who sits, at which level, who is a heretic, and what stood in the ledgers
//! before.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::moves::{Quoted, Short, short};
use crate::creeds::{Creed, Custom, Orthodox, Usual};
use crate::heresies::{Held, Heresy};
use crate::synod::Letter;
use crate::words::{Decree, Entry, Founding, Message, Name, Vote};

/// The most priests of a scene.
pub const MOST_PRIESTS: usize = 15;

/// Which protocol the priests keep to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// The basic protocol: priests do at once what a letter enables, and try and begin when they are
    /// told to. `[PTP §2.3]`
    Basic,
    /// The complete Synod: they look at hourglasses, and one of them presides. `[PTP §2.4]`
    Synod,
    /// The Parliament: decree after decree. `[PTP §3]`
    Parliament,
}

impl Level {
    /// All of them.
    pub const ALL: [Level; 3] = [Level::Basic, Level::Synod, Level::Parliament];

    /// As a script writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Basic => "basic",
            Level::Synod => "synod",
            Level::Parliament => "parliament",
        }
    }
}

/// Where a scene begins.
#[derive(Clone)]
pub struct Setting {
    /// The members.
    pub founding: Founding,
    /// Which protocol they keep to.
    pub level: Level,
    /// Those who do not, and how.
    pub heretics: BTreeMap<Name, &'static Heresy>,
    /// Decrees that are offered as wishes.
    pub wishes: Vec<Decree>,
    /// The rows of the ledgers before anything happens.
    pub rows: Vec<(Name, Entry)>,
    /// Letters that are under way before anything happens.
    pub letters: Vec<(Name, Letter)>,
}

impl Setting {
    /// Priests of the basic protocol, none of them a heretic, with blank ledgers.
    #[must_use]
    pub fn of(founding: Founding, level: Level) -> Setting {
        let (heretics, wishes, rows, letters) = Default::default();
        Setting { founding, level, heretics, wishes, rows, letters }
    }

    /// The wishes on offer: α and β if the script names none.
    #[must_use]
    pub fn wishes(&self) -> Vec<Decree> {
        if !self.wishes.is_empty() {
            return self.wishes.clone();
        }
        ["α", "β"].iter().filter_map(|text| Decree::new(text).ok()).collect()
    }

    /// How a priest decides.
    #[must_use]
    pub fn creed(&self, who: Name) -> &'static dyn Creed {
        self.heretics.get(&who).and_then(|heresy| heresy.creed()).unwrap_or(&Orthodox)
    }

    /// How a legislator behaves.
    #[must_use]
    pub fn custom(&self, who: Name) -> &'static dyn Custom {
        self.heretics.get(&who).and_then(|heresy| heresy.custom()).unwrap_or(&Usual)
    }

    /// Why this heresy cannot be held at a level; `None` if it can.
    #[must_use]
    pub fn why_not(level: Level, heresy: &Heresy) -> Option<String> {
        let name = heresy.name;
        match (heresy.held, level) {
            (Held::Priests(..), Level::Basic | Level::Synod)
            | (Held::Legislators(_), Level::Parliament) => None,
            (Held::Priests(..), Level::Parliament) => Some(format!(
                "{name} changes an action with which a priest of the Synod chooses one decree, and a \
                 legislator acts on all decrees at once; convene with level=basic or level=synod"
            )),
            (Held::Legislators(_), Level::Basic | Level::Synod) => Some(format!(
                "{name} changes how a legislator passes decree after decree, and here is only one; \
                 convene with level=parliament"
            )),
            (Held::Ledgers, _) => Some(format!(
                "{name} is a heresy of ledgers on disk, and a scene has none; `parliament heresies \
                 --run {name}` shows it"
            )),
        }
    }

    /// Heretics and their heresies; `all` where everybody holds one.
    fn heretics_by_name(&self) -> Vec<(&'static str, &'static str)> {
        let mut names: Vec<_> =
            self.heretics.iter().map(|(who, heresy)| (who.as_str(), heresy.name)).collect();
        let are_alike = names.windows(2).all(|pair| pair[0].1 == pair[1].1);
        if are_alike && names.len() > 1 && names.len() == self.founding.membership.size() {
            names = vec![("all", names[0].1)];
        }
        names
    }

    /// The setting as a script writes it, a line each.
    #[must_use]
    pub fn in_words(&self) -> String {
        let level = match self.level {
            Level::Basic => String::new(),
            level => format!(" level={}", level.as_str()),
        };
        let mut text = format!("convene {}{level}\n", self.founding);
        for (who, heresy) in self.heretics_by_name() {
            let _ = writeln!(text, "heretic {who} {heresy}");
        }
        for wish in &self.wishes {
            let _ = writeln!(text, "wish {}", Quoted(wish.text()));
        }
        let quoted = |text: &str| Quoted(text).to_string();
        for (who, row) in &self.rows {
            let _ = writeln!(text, "given {who} {}", row_parts(row, quoted).join(" "));
        }
        for (from, letter) in &self.letters {
            let parts = letter_parts(&letter.message, quoted).join(" ");
            let _ = writeln!(text, "letter {from} {} {parts}", letter.to);
        }
        text
    }

    /// The setting in its short form, as an address holds it.
    #[must_use]
    pub fn in_short(&self) -> String {
        let founding = self.founding.to_string().replace(' ', ".");
        let mut parts = vec![format!("{}.{founding}", self.level.as_str())];
        let heretics = self.heretics_by_name().into_iter();
        parts.extend(heretics.map(|(who, heresy)| format!("h.{who}.{heresy}")));
        parts.extend(self.wishes.iter().map(|wish| format!("w.{}", Short(wish.text()))));
        let coded = |text: &str| Short(text).to_string();
        for (who, row) in &self.rows {
            parts.push(format!("g.{who}.{}", row_parts(row, coded).join(".")));
        }
        for (from, letter) in &self.letters {
            let mut words = letter_parts(&letter.message, coded);
            words[0] = short(letter.message.kind()).into();
            parts.push(format!("k.{from}.{}.{}", letter.to, words.join(".")));
        }
        parts.join(";")
    }
}

/// A row as `given` writes it.
fn row_parts(row: &Entry, text: impl Fn(&str) -> String) -> Vec<String> {
    let mut parts = vec![row.kind().to_owned()];
    match row {
        Entry::LastTried { ballot } | Entry::NextBal { ballot } => parts.push(ballot.to_string()),
        Entry::PrevVote { number, ballot, decree } => {
            parts.extend([number.to_string(), ballot.to_string(), text(decree.text())]);
        }
        Entry::Outcome { number, decree, .. } => {
            parts.extend([number.to_string(), text(decree.text())]);
        }
        Entry::BeginBallot { number, ballot, decree, quorum } => {
            parts.extend([number.to_string(), ballot.to_string(), text(decree.text())]);
            parts.extend(quorum.iter().map(ToString::to_string));
        }
        Entry::Entered | Entry::Book(_) => {}
    }
    parts
}

/// A letter as `letter` writes it.
fn letter_parts(message: &Message, text: impl Fn(&str) -> String) -> Vec<String> {
    let mut parts = vec![message.kind().to_string()];
    match message {
        Message::NextBallot { ballot, .. } => parts.push(ballot.to_string()),
        Message::LastVote { ballot, vote: None, .. } => {
            parts.extend([ballot.to_string(), "null".into()]);
        }
        Message::LastVote { ballot, vote: Some((_, Vote { ballot: of, decree, .. })), .. } => {
            parts.extend([ballot.to_string(), of.to_string(), text(decree.text())]);
        }
        Message::BeginBallot { ballot, decree, .. } => {
            parts.extend([ballot.to_string(), text(decree.text())]);
        }
        Message::Voted { ballot, .. } => parts.push(ballot.to_string()),
        Message::Success { decree, .. } => parts.push(text(decree.text())),
        _ => {}
    }
    parts
}
