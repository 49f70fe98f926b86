//! What a courier believes, without an engine: the test plays the sea.

mod common;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{LOOPBACK, name};
use courier::accounts::Account;
use courier::allowance::ROWS;
use courier::charter::Charter;
use courier::courier::Courier;
use courier::engine::{Engine, Peer, Tide};
use courier::frame::{Frame, Hello, Place};
use courier::home::{HEARD, Home, MACHINES};
use courier::joining::{self, Answered, Question};
use courier::key::Key;
use courier::machines::{Machine, Machines};
use courier::{accounts, founding, keys, quic};
use parliament::chamber::crossing::Chunk;
use parliament::chamber::{Chamber, LedgerFile, Messagebook};
use parliament::synod::Ledger;
use parliament::words::{BookRow, Decree, Entry, Founding, Heading, Message};

type Sent = Arc<Mutex<Vec<(Key, Vec<u8>)>>>;

/// An engine that keeps what is sent.
#[derive(Default)]
struct Still {
    sent: Sent,
    kept: Arc<Mutex<Vec<Peer>>>,
}

impl Engine for Still {
    fn addresses(&self) -> Vec<SocketAddr> {
        Vec::new()
    }

    fn keep(&mut self, peers: Vec<Peer>) {
        *self.kept.lock().unwrap() = peers;
    }

    fn send(&self, to: Key, frame: Vec<u8>) -> bool {
        self.sent.lock().unwrap().push((to, frame));
        true
    }
}

/// Ada's machine, which founded; Ben's has the key 2 and Cid's the key 3.
struct Sea {
    root: tempfile::TempDir,
    charter: Charter,
    courier: Courier<Still>,
    sent: Sent,
    kept: Arc<Mutex<Vec<Peer>>>,
    tides: Sender<Tide>,
    come: Receiver<Tide>,
}

const PRESENCE: Message =
    Message::Presence { last_tried: None, complete_through: 5, presides: None };
const BEN: Key = Key([2; 32]);
const CID: Key = Key([3; 32]);

impl Sea {
    fn new() -> Sea {
        let root = tempfile::tempdir().unwrap();
        let founding: Founding = "Ada Ben Cid".parse().unwrap();
        let chamber = Chamber::at(root.path());
        let me = (name("hill"), &[name("Ada")][..]);
        let ticket = founding::found(&chamber, &founding, me, LOOPBACK).unwrap();
        let home = Home::of(root.path());
        let mut machines = home.machines().unwrap();
        for (called, key, priest) in [("isle", BEN, "Ben"), ("port", CID, "Cid")] {
            machines.bind(machine(called, key, &[priest]), &founding).unwrap();
        }
        home.keep(MACHINES, &machines.in_rows()).unwrap();
        let still = Still::default();
        let (sent, kept) = (Arc::clone(&still.sent), Arc::clone(&still.kept));
        let key = quic::public(&home.secret().unwrap());
        let courier = Courier::of(&chamber, key, still).unwrap();
        let (tides, come) = channel();
        Sea { root, charter: ticket.charter, courier, sent, kept, tides, come }
    }

    /// What the courier says when these come.
    fn takes(&mut self, tides: Vec<Tide>) -> Vec<String> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut remarks = Vec::new();
        tides.into_iter().for_each(|it| self.tides.send(it).unwrap());
        // He ends when the last was looked at and nobody sends any more.
        let come = std::mem::replace(&mut self.come, channel().1);
        let (tides, again) = channel();
        self.tides = tides;
        self.courier.carry(&come, &stop, &mut |it| remarks.push(it.to_owned())).unwrap();
        self.come = again;
        remarks
    }

    /// Inks a decree in Ada's ledger.
    fn ink(&self, number: u64, decree: &str) {
        let chamber = Chamber::at(self.root.path());
        let (mut ledger, _) = LedgerFile::open(&chamber, name("Ada")).unwrap();
        let decree = Decree::of_petition(decree, "Dolf/1").unwrap();
        ledger.ink(&[Entry::Outcome { number, decree, ballot: None }]).unwrap();
        ledger.dry().unwrap();
    }

    /// The answer to one with this key who asks to be admitted as isle, with Ben.
    fn admits_isle(&mut self, key: Key) -> Answered {
        let question = Question {
            identity: self.charter.identity(),
            machine: name("isle"),
            priests: vec![name("Ben")],
            addresses: Vec::new(),
        };
        let answers = Arc::new(Mutex::new(Vec::new()));
        let given = Arc::clone(&answers);
        let answer = Box::new(move |bytes: Vec<u8>| given.lock().unwrap().push(bytes));
        self.takes(vec![Tide::Asks(key, question.in_bytes(), answer)]);
        joining::of_bytes(&answers.lock().unwrap()[0]).unwrap()
    }

    fn account(&self, machine: &str) -> Account {
        let rows = std::fs::read_to_string(self.root.path().join("sea").join(HEARD));
        accounts::Accounts::of_rows(&rows.unwrap_or_default()).get(name(machine))
    }

    /// The senders of the letters in Ada's messagebook.
    fn letters(&self) -> Vec<String> {
        let book = self.root.path().join("messagebooks/Ada.csv");
        let text = std::fs::read_to_string(book).unwrap();
        text.lines().skip(1).filter_map(|it| Some(it.split_once(',')?.0.to_owned())).collect()
    }
}

fn machine(called: &str, key: Key, priests: &[&str]) -> Machine {
    let priests = priests.iter().map(|it| name(it)).collect();
    Machine { name: name(called), key, priests, addresses: Vec::new() }
}

/// A letter as it is written.
fn letter(from: &str, message: &Message) -> Vec<u8> {
    let root = tempfile::tempdir().unwrap();
    let chamber = Chamber::at(root.path());
    let mut book = Messagebook::of(&chamber, name("Ada"));
    book.append([(name(from), message)]).unwrap();
    let text = std::fs::read(Path::new(&chamber.messagebook(name("Ada")))).unwrap();
    let end = text.iter().position(|&it| it == b'\n').unwrap();
    text[end + 1..].to_vec()
}

fn presence(from: &str) -> Vec<u8> {
    letter(from, &PRESENCE)
}

fn to_ada(rows: Vec<u8>) -> Frame {
    Frame::Letters(Chunk { to: name("Ada"), rows })
}

fn frame(key: Key, frame: &Frame, of: &Charter) -> Tide {
    Tide::Frame(key, frame.in_bytes(of.identity()), Box::new(()))
}

#[test]
fn a_row_counts_only_from_the_key_with_which_its_sender_lives() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let rows = [presence("Ben"), presence("Cid"), presence("Ada"), presence("Strong")].concat();
    let said =
        sea.takes(vec![frame(BEN, &to_ada(rows.clone()), &of), frame(BEN, &to_ada(rows), &of)]);
    assert_eq!(sea.letters(), ["Ben", "Ben"]);
    let account = sea.account("isle");
    assert_eq!((account.came, account.refused), (2, 6));
    let refused: Vec<&String> = said.iter().filter(|it| it.contains("refused")).collect();
    assert_eq!(refused.len(), 1, "said once: {said:?}");
    assert!(refused[0].contains("Cid does not live where this came from"), "{refused:?}");
}

#[test]
fn any_citizen_may_petition_from_any_machine() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let decree = Decree::of_petition("Goats may graze", "Dolf/1").unwrap();
    let rows = letter("Dolf", &Message::Petition { decree });
    sea.takes(vec![frame(CID, &to_ada(rows), &of)]);
    assert_eq!(sea.letters(), ["Dolf"]);
}

#[test]
fn a_chunk_of_another_parliament_is_refused() {
    let mut sea = Sea::new();
    // The same decree 0, and even the same founder: only the nonce tells them apart.
    let other = Charter { nonce: [9; 16], ..sea.charter.clone() };
    let replayed = || frame(BEN, &to_ada(presence("Ben")), &other);
    let said = sea.takes(vec![replayed(), replayed()]);
    assert!(sea.letters().is_empty());
    assert_eq!(sea.account("isle").refused, 2);
    assert_eq!(said.iter().filter(|it| it.contains("another Parliament")).count(), 1, "{said:?}");
}

#[test]
fn one_who_is_on_no_list_is_heard_by_nobody() {
    let mut sea = Sea::new();
    let (of, stranger) = (sea.charter.clone(), Key([7; 32]));
    let rows = to_ada(presence("Ben"));
    let said = sea.takes(vec![
        Tide::Stranger(stranger),
        Tide::Stranger(stranger),
        frame(stranger, &rows, &of),
    ]);
    assert!(sea.letters().is_empty());
    assert_eq!(said.len(), 1, "{said:?}");
    let rows = std::fs::read_to_string(sea.root.path().join("sea").join(HEARD)).unwrap();
    assert_eq!(accounts::Accounts::of_rows(&rows).strangers, 2);
}

#[test]
fn a_flood_is_dropped_and_counted() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let rows = to_ada(presence("Ben").repeat(2000));
    sea.courier = sea.courier.by_clock(|| Duration::ZERO);
    sea.takes((0..300).map(|_| frame(BEN, &rows, &of)).collect());
    let account = sea.account("isle");
    assert_eq!(account.came + account.dropped, 2000 * 300);
    assert_eq!(account.came, 2 * ROWS);
    assert_eq!(sea.letters().len() as u64, account.came);
}

#[test]
fn only_the_founder_says_which_machines_there_are() {
    let founding: Founding = "Ada Ben Cid".parse().unwrap();
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let before = Home::of(sea.root.path()).machines().unwrap();
    let mut forged = before.clone();
    forged.bind(machine("lair", Key([6; 32]), &[]), &founding).unwrap();
    let said = sea.takes(vec![frame(BEN, &Frame::Machines(forged.in_rows()), &of)]);
    assert_eq!(Home::of(sea.root.path()).machines().unwrap(), before);
    assert!(said.iter().any(|it| it.contains("not the founder's")), "{said:?}");
    assert_eq!(sea.account("isle").refused, 1);
}

#[test]
fn a_decree_changes_the_key_that_counts() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let new = Key([9; 32]);
    sea.ink(1, &keys::decree(name("isle"), new));
    // He learns of it in his round; both keys send again afterwards.
    let said = sea.takes(Vec::new());
    assert!(said.iter().any(|it| it.contains("a decree gives isle the key")), "{said:?}");
    let rows = to_ada(presence("Ben"));
    sea.takes(vec![frame(BEN, &rows, &of)]);
    assert!(sea.letters().is_empty(), "by the old key");
    sea.takes(vec![frame(new, &rows, &of)]);
    assert_eq!(sea.letters(), ["Ben"]);
    let kept: Vec<Key> = sea.kept.lock().unwrap().iter().map(|it| it.key).collect();
    assert_eq!(kept, [new, CID]);
    // The list stays as the founder bound it, so that it is still accepted.
    let home = Home::of(sea.root.path());
    assert_eq!(home.machines().unwrap().called(name("isle")).map(|it| it.key), Some(BEN));
    let rows = Frame::Machines(home.machines().unwrap().in_rows());
    let said = sea.takes(vec![frame(of.founder, &rows, &of)]);
    assert!(said.is_empty(), "{said:?}");
}

/// A machine that copied a law book has no single decree of those it covers.
#[test]
fn a_law_book_tells_of_keys_too() {
    let mut sea = Sea::new();
    let law = keys::decree(name("isle"), Key([9; 32]));
    let chamber = Chamber::at(sea.root.path());
    let (mut ledger, _) = LedgerFile::open(&chamber, name("Ada")).unwrap();
    let rows = [(Heading::LawBook, 5, ""), (Heading::Law, 3, &law), (Heading::Bound, 5, "")];
    let rows =
        rows.map(|(heading, number, words)| Entry::Book(BookRow::of(heading, number, words)));
    ledger.ink(&rows).unwrap();
    ledger.dry().unwrap();
    let said = sea.takes(Vec::new());
    assert!(said.iter().any(|it| it.contains("a decree gives isle the key")), "{said:?}");
}

#[test]
fn a_key_that_was_taken_back_opens_nothing() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    sea.ink(1, "The key of isle is void");
    sea.takes(Vec::new());
    sea.takes(vec![frame(BEN, &to_ada(presence("Ben")), &of)]);
    assert!(sea.letters().is_empty());
    assert!(sea.admits_isle(BEN).is_err_and(|why| why.contains("a decree")));
}

/// The places in Ada's ledger after which this machine was asked.
fn asked_of(machine: Key, sent: &Sent, of: &Charter) -> Vec<Place> {
    let frames = sent.lock().unwrap();
    let to_it = frames.iter().filter(|(to, _)| *to == machine);
    let asks = to_it.filter_map(|(_, bytes)| match Frame::of_bytes(bytes, of.identity()) {
        Ok(Frame::Ask(place)) if place.name == name("Ada") => Some(place),
        _ => None,
    });
    asks.collect()
}

#[test]
fn the_longest_copy_is_heard_whichever_comes_first() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let ledger = Chamber::at(sea.root.path()).ledger(name("Ada"));
    let restored = std::fs::read(&ledger).unwrap();
    for number in 1..=3 {
        sea.ink(number, &format!("The olive tax is {number}"));
    }
    let whole = std::fs::read(&ledger).unwrap();
    std::fs::write(&ledger, &restored).unwrap();
    // Each copy ends with a dry row: the end of Ben's lies beyond that of Cid's.
    let ends: Vec<usize> =
        whole.iter().enumerate().filter(|(_, it)| **it == b'\n').map(|(at, _)| at + 1).collect();
    let [of_cid, of_ben] = [ends[ends.len() - 2], ends[ends.len() - 1]];
    let hello = |key| frame(key, &Frame::Hello(Hello::default()), &of);
    sea.takes(vec![hello(BEN), hello(CID)]);
    let sent = sea.sent.clone();
    let answer = |key, place: Place, end: usize| {
        let rows = whole[place.offset as usize..end].to_vec();
        frame(key, &Frame::Rows { place, is_all: true, rows }, &of)
    };
    let first = |key| asked_of(key, &sent, &of)[0];
    sea.takes(vec![answer(CID, first(CID), of_cid), answer(BEN, first(BEN), of_ben)]);
    sea.takes(Vec::new());
    let again = asked_of(BEN, &sent, &of);
    assert_eq!(again.len(), 2, "Ben is asked again");
    assert_eq!(again[1].offset, of_cid as u64, "from where Cid ended");
    sea.takes(vec![answer(BEN, again[1], of_ben)]);
    let copy = sea.root.path().join("abroad/ledgers/Ada.csv");
    assert_eq!(std::fs::read(copy).unwrap(), whole);
    sea.takes(Vec::new());
    assert_eq!(asked_of(BEN, &sent, &of).len(), 2, "all are heard");
}

#[test]
fn a_question_about_ones_own_ledger_is_repeated_until_answered() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    let seconds = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&seconds);
    sea.courier = sea.courier.by_clock(move || Duration::from_secs(clock.load(Relaxed)));
    let sent = sea.sent.clone();
    let asked = || asked_of(CID, &sent, &of);
    let hello = || frame(CID, &Frame::Hello(Hello::default()), &of);
    sea.takes(vec![hello()]);
    assert_eq!(asked().len(), 1);
    seconds.store(1, Relaxed);
    sea.takes(vec![hello()]);
    assert_eq!(asked().len(), 1, "an answer is awaited");
    seconds.store(3, Relaxed);
    sea.takes(Vec::new());
    let places = asked();
    assert_eq!(places.len(), 2, "asked again");
    let nothing = Frame::Rows { place: places[0], is_all: true, rows: Vec::new() };
    seconds.store(9, Relaxed);
    sea.takes(vec![frame(CID, &nothing, &of)]);
    assert_eq!(asked().len(), 2, "answered");
}

#[test]
fn no_list_unmakes_a_binding() {
    let founding: Founding = "Ada Ben Cid".parse().unwrap();
    let (mut sea, mut fewer) = (Sea::new(), Machines::default());
    let home = Home::of(sea.root.path());
    let (of, before) = (sea.charter.clone(), home.machines().unwrap());
    for it in before.iter().filter(|it| it.key != BEN) {
        fewer.bind(it.clone(), &founding).unwrap();
    }
    fewer.bind(machine("isle", Key([6; 32]), &["Ben"]), &founding).unwrap();
    // Even if the founder's own machine sends it, since it was restored from a backup.
    let rows = Frame::Machines(fewer.in_rows());
    let said = sea.takes(vec![frame(of.founder, &rows, &of)]);
    assert_eq!(home.machines().unwrap(), before, "{said:?}");
}

#[test]
fn a_binding_is_written_down_before_it_is_answered() {
    let root = tempfile::tempdir().unwrap();
    let founding: Founding = "Ada Ben".parse().unwrap();
    let chamber = Chamber::at(root.path());
    let me = (name("hill"), &[name("Ada")][..]);
    let ticket = founding::found(&chamber, &founding, me, LOOPBACK).unwrap();
    let home = Home::of(root.path());
    let key = quic::public(&home.secret().unwrap());
    let mut courier = Courier::of(&chamber, key, Still::default()).unwrap();
    let ask = |key: Key, called: &str| {
        let question = Question {
            identity: ticket.charter.identity(),
            machine: name(called),
            priests: vec![name("Ben")],
            addresses: Vec::new(),
        };
        let (there, answers) = (home.clone(), Arc::new(Mutex::new(Vec::new())));
        let given = Arc::clone(&answers);
        let answer = Box::new(move |bytes: Vec<u8>| {
            let written = there.machines().unwrap().home_of(name("Ben")).map(|it| it.key);
            given.lock().unwrap().push((joining::of_bytes(&bytes).unwrap(), written));
        });
        (Tide::Asks(key, question.in_bytes(), answer), answers)
    };
    let (tides, come) = channel();
    let ((first, yes), (second, no)) = (ask(BEN, "isle"), ask(CID, "port"));
    tides.send(first).unwrap();
    tides.send(second).unwrap();
    drop(tides);
    courier.carry(&come, &AtomicBool::new(false), &mut |_| {}).unwrap();
    let ((yes, written), (no, _)) = (yes.lock().unwrap()[0].clone(), no.lock().unwrap()[0].clone());
    assert!(yes.is_ok_and(|it| it.home_of(name("Ben")).is_some_and(|it| it.key == BEN)));
    assert_eq!(written, Some(BEN), "on disk when the answer left");
    assert!(no.is_err_and(|why| why.contains("Ben came before")));
}

#[test]
fn letters_go_to_the_machine_of_their_receiver_and_addresses_are_followed() {
    let mut sea = Sea::new();
    let of = sea.charter.clone();
    for priest in ["Ben", "Cid"] {
        let mut book = Messagebook::of(&Chamber::at(sea.root.path()), name(priest));
        book.append([(name("Ada"), &PRESENCE)]).unwrap();
    }
    let addresses = vec!["127.0.0.1:77".parse().unwrap()];
    let hello = Hello { addresses: addresses.clone(), through: Some(4) };
    sea.takes(vec![frame(CID, &Frame::Hello(hello), &of)]);
    let sent = sea.sent.lock().unwrap();
    let letters = sent.iter().filter_map(|(to, bytes)| {
        match Frame::of_bytes(bytes, of.identity()).unwrap() {
            Frame::Letters(chunk) => Some((chunk.to, *to)),
            _ => None,
        }
    });
    let letters: BTreeMap<_, _> = letters.collect();
    assert_eq!(letters, BTreeMap::from([(name("Ben"), BEN), (name("Cid"), CID)]));
    let kept = sea.kept.lock().unwrap();
    assert!(kept.contains(&Peer { key: CID, addresses }), "{kept:?}");
    assert_eq!(sea.account("port").through, Some(4));
    assert_eq!((sea.account("isle").out, sea.account("port").out), (1, 1));
}

#[test]
fn a_list_of_machines_that_is_gone_is_said_and_can_be_had_again() {
    let sea = Sea::new();
    let home = Home::of(sea.root.path());
    std::fs::remove_file(home.at(MACHINES)).unwrap();
    let told = home.machines().unwrap_err().to_string();
    assert!(told.contains("sea join TICKET"), "{told}");
    std::fs::remove_file(home.at("key")).unwrap();
    let told = home.secret().unwrap_err().to_string();
    assert!(told.contains("its key is lost"), "{told}");
}

#[test]
fn one_whose_key_was_changed_may_ask_for_the_list_again() {
    let mut sea = Sea::new();
    let new = Key([9; 32]);
    sea.ink(1, &keys::decree(name("isle"), new));
    sea.takes(Vec::new());
    assert!(sea.admits_isle(new).is_ok_and(|it| it.called(name("isle")).is_some()));
}
