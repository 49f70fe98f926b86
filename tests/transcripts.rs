//! Transcripts a person can read: what is done, and what is inked and sent in answer.
//!
//! Each file of `tests/transcripts/` is a scene. A block is a `#` comment that says why, a
//! command, a line `----`, and the answer; a blank line ends it. `REWRITE=1 cargo test --test
//! transcripts` writes the answers anew, for a person to read before they are kept.
//!
//! Commands: `convene A B:2 C` · `enter C [wish=α] [appointed]` · `deliver A C` (the oldest letter on that road)
//! · `deliver all` (oldest first, until no letter is left) · `lose A C` · `repeat A C` ·
//! `wait 22` · `leave C` · `fail C ink|dry` (the next inking, or drying, fails) · `ledger C`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use parliament::synod::presence::Presence;
use parliament::synod::{
    Decree, Deed, Entry, Founding, Initiator, Ledger, Letter, Membership, Message, Minutes, Mortal,
    Name, Priest,
};
use parliament::words::time::PRESENCE;

/// A ledger in memory, which loses what is not dry when it fails.
#[derive(Default)]
struct Parchment {
    rows: Vec<Entry>,
    dry: usize,
    fail: Option<String>,
}

impl Parchment {
    fn fails_at(&mut self, moment: &str) -> Result<(), String> {
        if self.fail.as_deref() != Some(moment) {
            return Ok(());
        }
        self.fail = None;
        self.rows.truncate(self.dry);
        Err(format!("the {moment} failed"))
    }
}

impl Ledger for Parchment {
    type Error = String;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), String> {
        self.fails_at("ink")?;
        self.rows.extend_from_slice(rows);
        Ok(())
    }
    fn dry(&mut self) -> Result<(), String> {
        self.fails_at("dry")?;
        self.dry = self.rows.len();
        Ok(())
    }
}

/// A Chamber in memory, in which nothing happens unless the transcript says so.
#[derive(Default)]
struct Scene {
    members: Option<Arc<Membership>>,
    now: Minutes,
    ledgers: BTreeMap<Name, Parchment>,
    present: BTreeMap<Name, Initiator>,
    on_the_way: Vec<(Name, Letter)>,
    told: String,
}

impl Scene {
    fn command(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["convene", ..] => {
                let founding: Founding = words[1..].join(" ").parse().unwrap();
                self.ledgers =
                    founding.membership.names().map(|n| (n, Parchment::default())).collect();
                self.members = Some(Arc::new(founding.membership));
            }
            ["enter", who, ref how @ ..] => {
                let wish = how.iter().find_map(|word| word.strip_prefix("wish="));
                let wish = wish.map(|text| Decree::new(text).unwrap());
                self.enter(name(who), wish, how.contains(&"appointed"));
            }
            ["deliver", "all"] => {
                while !self.on_the_way.is_empty() {
                    let (from, letter) = self.on_the_way.remove(0);
                    self.deliver(from, letter);
                }
            }
            ["deliver", from, to] => {
                let (from, letter) = self.take(from, to);
                self.deliver(from, letter);
            }
            ["lose", from, to] => {
                let (from, letter) = self.take(from, to);
                writeln!(self.told, "lost: {} of {from}", letter.message.kind()).unwrap();
            }
            ["repeat", from, to] => {
                let (from, letter) = self.take(from, to);
                self.on_the_way.insert(0, (from, letter.clone()));
                self.on_the_way.insert(0, (from, letter));
            }
            ["wait", minutes] => {
                self.now = self.now + Minutes::whole(minutes.parse().unwrap());
                let names: Vec<Name> = self.present.keys().copied().collect();
                for name in names {
                    let now = self.now;
                    self.act(name, |priest| priest.look_at_hourglass(now));
                }
            }
            ["leave", who] => {
                self.present.remove(&name(who)).expect("he is in the Chamber");
            }
            ["fail", who, moment] => {
                self.ledgers.get_mut(&name(who)).unwrap().fail = Some(moment.into());
            }
            ["ledger", who] => {
                for row in &self.ledgers[&name(who)].rows {
                    writeln!(self.told, "{}", row_text(row)).unwrap();
                }
            }
            _ => panic!("no such command: {line}"),
        }
        std::mem::take(&mut self.told)
    }

    fn enter(&mut self, who: Name, wish: Option<Decree>, appointed: bool) {
        let members = self.members.clone().expect("convene first");
        let mut presence = Presence::new(who, &members, PRESENCE);
        if appointed {
            presence.appoint();
        }
        let priest = Priest::from_ledger(who, members, &self.ledgers[&who].rows);
        self.present.insert(who, Initiator::new(priest, presence, wish));
        let now = self.now;
        self.act(who, |priest| priest.enter(now));
    }

    fn take(&mut self, from: &str, to: &str) -> (Name, Letter) {
        let (from, to) = (name(from), name(to));
        let at = self.on_the_way.iter().position(|(f, l)| *f == from && l.to == to);
        self.on_the_way.remove(at.unwrap_or_else(|| panic!("no letter from {from} to {to}")))
    }

    fn deliver(&mut self, from: Name, letter: Letter) {
        if !self.present.contains_key(&letter.to) {
            writeln!(
                self.told,
                "{} is not there: {} of {from} is lost",
                letter.to,
                letter.message.kind()
            )
            .unwrap();
            return;
        }
        let now = self.now;
        self.act(letter.to, |priest| priest.receive(now, from, letter.message));
    }

    /// Lets a priest act and tells what he does, inks and sends.
    fn act(&mut self, who: Name, act: impl FnOnce(&mut Initiator) -> Deed) {
        let Some(priest) = self.present.get_mut(&who) else { return };
        let deed = act(priest);
        for step in deed.steps() {
            let section = step.act.section().map(|s| format!("  PTP §{s}")).unwrap_or_default();
            writeln!(self.told, "{step}{section}").unwrap();
        }
        let ledger = self.ledgers.get_mut(&who).unwrap();
        let wet = ledger.rows.len();
        let mut sent: Vec<Letter> = Vec::new();
        let performed = deed.perform(ledger, &mut sent);
        for row in ledger.rows.iter().skip(wet) {
            writeln!(self.told, "  inks {}", row_text(row)).unwrap();
        }
        for (text, to) in gathered(&sent) {
            writeln!(self.told, "  sends {text} to {}", to.join(", ")).unwrap();
        }
        self.on_the_way.extend(sent.into_iter().map(|letter| (who, letter)));
        if let Err(why) = performed {
            writeln!(self.told, "  {why}: {who} leaves the Chamber").unwrap();
            self.present.remove(&who);
        }
    }
}

/// The same letter to several is told once.
fn gathered(letters: &[Letter]) -> Vec<(String, Vec<String>)> {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for letter in letters {
        let text = message_text(&letter.message);
        match told.last_mut() {
            Some((last, to)) if *last == text => to.push(letter.to.to_string()),
            _ => told.push((text, vec![letter.to.to_string()])),
        }
    }
    told
}

fn message_text(message: &Message) -> String {
    let kind = message.kind();
    match message {
        Message::LastVote { ballot, vote: None, .. } => format!("{kind} {ballot} null"),
        Message::LastVote { ballot, vote: Some((_, vote)), .. } => {
            format!("{kind} {ballot} {} {}", vote.ballot, vote.decree)
        }
        Message::BeginBallot { ballot, decree, .. } => format!("{kind} {ballot} {decree}"),
        Message::Success { decree, .. } => format!("{kind} {decree}"),
        Message::Refused { ballot, next_bal } => format!("{kind} {ballot} nextBal {next_bal}"),
        _ => message.ballot().map_or(kind.to_string(), |ballot| format!("{kind} {ballot}")),
    }
}

fn row_text(row: &Entry) -> String {
    let kind = row.kind();
    match row {
        Entry::Entered => kind.into(),
        Entry::LastTried { ballot } | Entry::NextBal { ballot } => format!("{kind} {ballot}"),
        Entry::PrevVote { ballot, decree, .. } => format!("{kind} {ballot} {decree}"),
        Entry::Outcome { number, decree, .. } => format!("{kind} {number} {decree}"),
        Entry::Book(row) => row.in_a_line(),
        Entry::BeginBallot { ballot, decree, quorum, .. } => {
            let names: Vec<&str> = quorum.iter().map(Name::as_str).collect();
            format!("{kind} {ballot} {decree} {{{}}}", names.join(" "))
        }
    }
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// Plays a scene and returns it as it would be written.
fn play(text: &str) -> String {
    let mut scene = Scene::default();
    let mut written = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        writeln!(written, "{line}").unwrap();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        assert_eq!(lines.next(), Some("----"), "after the command {line}");
        let answer = scene.command(line);
        writeln!(written, "----\n{answer}").unwrap();
        for old in lines.by_ref() {
            if old.is_empty() {
                break;
            }
        }
    }
    written.truncate(written.trim_end().len());
    written + "\n"
}

#[test]
fn every_transcript_plays_as_it_is_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut scenes: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    scenes.sort();
    assert!(scenes.len() >= 8, "the scenes are there");
    for path in scenes {
        let text = std::fs::read_to_string(&path).unwrap();
        let played = play(&text);
        if std::env::var_os("REWRITE").is_some() {
            std::fs::write(&path, &played).unwrap();
        } else {
            assert_eq!(played, text, "{} plays otherwise", path.display());
        }
    }
}
