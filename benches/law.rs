//! How long the law takes: asked for, changed, followed, and opened again after many years.
//!
//! `cargo bench --bench law` (a million decrees), `cargo bench --bench law -- 100000`.
//! `benches/README.md` explains the measurements, and the floor beside each.

#[path = "floor/mod.rs"]
mod floor;

use std::collections::VecDeque;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use floor::{Times, us};
use parliament::chamber::messenger::Roads;
use parliament::chamber::{Chamber, Cursor, Following, LedgerFile, Messagebook};
use parliament::god::parliament::{Assembly, Manner, pass};
use parliament::god::{Citizen, Convening, Curiosity, Tiding};
use parliament::law::{Law, LawBook, Phrase};
use parliament::parliament::Legislator;
use parliament::records::ledger_row::{LEDGER_HEADER, LedgerPen};
use parliament::synod::{
    BallotNumber, Decree, Entry, Founding, Letter, Message, Minutes, Mortal, Name,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Matters on which there is a law.
const GATES: u64 = 1000;
/// Decrees set one at a time.
const ALONE: u64 = 200;
/// Decrees set in windows.
const IN_WINDOWS: u64 = 20_000;
/// Citizens who follow the law.
const CITIZENS: usize = 100;
/// Decrees that they follow.
const FOLLOWED: u64 = 500;

fn main() -> Outcome<()> {
    let asked = std::env::args().skip(1).find_map(|word| word.parse::<u64>().ok());
    let decrees = asked.unwrap_or(1_000_000);
    println!("{}\n", floor::machine());
    get()?;
    set_one_at_a_time()?;
    set_in_windows()?;
    follow()?;
    reopen_and_copy(decrees)
}

fn room() -> std::io::Result<tempfile::TempDir> {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
}

/// Toll by toll, every gate in turn.
fn toll(number: u64) -> Decree {
    let text = format!("The toll at gate {} is {number} drachmas", number % GATES);
    Decree::new(&text).and_then(|it| it.petitioned(&format!("Dolf/{number}"))).expect("a decree")
}

fn book_of(decrees: u64) -> Outcome<LawBook> {
    let mut book = LawBook::opened(Law::founded(&"Dwork".parse()?));
    for number in 1..=decrees {
        book.learn(number, toll(number));
    }
    Ok(book)
}

fn get() -> Outcome<()> {
    let book = book_of(100_000)?;
    let gates: Vec<Phrase> = (0..GATES)
        .map(|gate| Phrase::naming(&format!("toll at gate {gate}")))
        .collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let (mut gets, mut bytes) = (0u64, 0);
    while gets < 2_000_000 {
        for gate in &gates {
            let law = book.state().matters.get(gate).ok_or("a gate without a toll")?;
            bytes += law.value.as_str().len();
        }
        gets += GATES;
    }
    assert!(bytes > 0);
    let each = begun.elapsed().as_secs_f64() * 1e9 / gets as f64;
    println!("get from one's own book          {each:8.0} ns of {GATES} matters");
    Ok(())
}

/// Five legislators in threads, and a citizen.
fn convene(root: &Path, alpha: u64) -> Outcome<(Chamber, Assembly, Citizen)> {
    let founding: Founding = format!("Dwork Fischer Gray Lynch Oki alpha={alpha}").parse()?;
    let chamber = Chamber::at(root);
    chamber.found(&founding)?;
    let priests: Vec<Name> = founding.membership.names().collect();
    let convening = Convening {
        chamber: chamber.clone(),
        priests: priests.clone(),
        roads: Roads { lose: 0.0, repeat: 0.0, delay_minutes: (Minutes::ZERO, Minutes::ZERO) },
        seed: 1,
        minute: Duration::from_millis(20),
        poll: false,
        trace: None,
        curiosity: Curiosity::Decrees,
    };
    let manner = Manner { silent: true, ..Manner::default() };
    let assembly = Assembly::convene(&convening, founding, manner)?;
    let turned_to: Vec<Name> = priests.into_iter().rev().collect();
    let citizen = Citizen::new("Dolf".parse()?, &chamber, &turned_to);
    Ok((chamber, assembly, citizen))
}

/// Hands in a decree, and waits until somebody has it in dry ink.
fn set(assembly: &mut Assembly, citizen: &mut Citizen, number: u64) -> Outcome<Duration> {
    let begun = Instant::now();
    citizen.petition(assembly.now(), vec![toll(number)]);
    loop {
        citizen.insist(assembly.now());
        let Some(news) = assembly.hear() else { continue };
        if let Tiding::Knows(decrees) = &news.what
            && decrees.iter().any(|(_, decree)| citizen.learn(decree))
        {
            return Ok(begun.elapsed());
        }
    }
}

fn set_one_at_a_time() -> Outcome<()> {
    let (root, ground) = (room()?, room()?);
    let (_, mut assembly, mut citizen) = convene(root.path(), 3)?;
    let mut times = Times::default();
    set(&mut assembly, &mut citizen, 0)?;
    for number in 1..=ALONE {
        times.add(set(&mut assembly, &mut citizen, number)?);
    }
    drop(assembly.close());
    let (sync, hop) =
        (floor::syncs(ground.path(), 5, 100)?.p50(), floor::hops(ground.path(), 200)?.p50());
    let floor = us(sync) * 2.0 + us(hop) * 3.0;
    println!(
        "set, one at a time, five priests {:8.0} µs p50, {:.0} p99; floor {floor:.0} (2 S_5 + 3 H); ratio {:.2}",
        us(times.p50()),
        us(times.p99()),
        us(times.p50()) / floor
    );
    Ok(())
}

fn set_in_windows() -> Outcome<()> {
    let (root, ground) = (room()?, room()?);
    let (_, assembly, citizen) = convene(root.path(), 1000)?;
    let decrees: Vec<Decree> = (1..=IN_WINDOWS).map(toll).collect();
    let begun = Instant::now();
    let never = AtomicBool::new(false);
    let passage =
        pass(assembly, citizen, decrees, Minutes::whole(100_000), &never, |_| None, |_, _| {});
    let took = begun.elapsed();
    assert!(passage.is_complete());
    let sync = floor::syncs(ground.path(), 5, 100)?.p50();
    let dryings = passage.counts.dried as f64 / 5.0;
    let floor = us(sync) * dryings / IN_WINDOWS as f64;
    let each = took.as_secs_f64() * 1e6 / IN_WINDOWS as f64;
    println!(
        "set, in windows of 1000          {each:8.1} µs a decree, {:.0}/s; the {dryings:.0} dryings of each priest alone take {floor:.1}",
        1e6 / each
    );
    Ok(())
}

/// Each citizen has a book of his own, made by the ledger he follows.
fn follow() -> Outcome<()> {
    let root = room()?;
    let (chamber, mut assembly, mut citizen) = convene(root.path(), 3)?;
    set(&mut assembly, &mut citizen, 0)?;
    let names = chamber.names()?;
    let mut followers = Vec::new();
    for i in 0..CITIZENS {
        let book = LawBook::opened(Law::founded(&"Dwork".parse()?));
        followers.push((Following::from_start(&chamber, names[i % names.len()])?, book));
    }
    let (mut lags, mut looks, mut looking) = (Times::default(), 0u64, Duration::ZERO);
    for number in 1..=FOLLOWED {
        set(&mut assembly, &mut citizen, number)?;
        let known = Instant::now();
        let mut behind: VecDeque<usize> = (0..CITIZENS).collect();
        while let Some(who) = behind.pop_front() {
            let (following, book) = &mut followers[who];
            let begun = Instant::now();
            for row in following.look()? {
                if let Entry::Outcome { number, decree, .. } = row.entry {
                    book.learn(number, decree);
                }
            }
            (looks, looking) = (looks + 1, looking + begun.elapsed());
            if book.complete_through() <= number {
                behind.push_back(who);
            }
        }
        lags.add(known.elapsed());
    }
    drop(assembly.close());
    println!(
        "followed by {CITIZENS} citizens         {:8.0} µs p50, {:.0} p99 from dry ink to the last of them; a look {:.1} µs",
        us(lags.p50()),
        us(lags.p99()),
        us(looking) / looks as f64
    );
    Ok(())
}

/// A ledger of this many decrees, each voted for.
fn write_list(path: &Path, founding: &Founding, decrees: u64) -> Outcome<()> {
    let ballot = BallotNumber { round: 1, owner: "Oki".parse()? };
    let (mut pen, mut text) = (LedgerPen::default(), format!("{LEDGER_HEADER}\n").into_bytes());
    let mut ink = |entries: &[Entry]| {
        let length = text.len() as u64;
        pen.write(entries, chrono::DateTime::UNIX_EPOCH, length, length, &mut text)
    };
    let zero = Decree::new(&founding.to_string())?;
    ink(&[Entry::Outcome { number: 0, decree: zero, ballot: None }, Entry::NextBal { ballot }])?;
    for number in 1..=decrees {
        let vote = Entry::PrevVote { number, ballot, decree: toll(number) };
        ink(&[vote, Entry::Outcome { number, decree: toll(number), ballot: Some(ballot) }])?;
    }
    Ok(fs::write(path, text)?)
}

/// Opens a ledger and raises its legislator; how long that took, and how long its bytes take alone.
fn reopened(
    chamber: &Chamber,
    name: Name,
    founding: &Arc<Founding>,
) -> Outcome<(Legislator, LedgerFile, Duration, Duration)> {
    fs::read(chamber.ledger(name))?;
    let begun = Instant::now();
    let bytes = fs::read(chamber.ledger(name))?.len();
    let floor = begun.elapsed();
    assert!(bytes > 0);
    let begun = Instant::now();
    let (ledger, opened) = LedgerFile::open(chamber, name)?;
    let legislator = Legislator::from_ledger(name, Arc::clone(founding), &opened.rows);
    Ok((legislator, ledger, begun.elapsed(), floor))
}

fn reopen_and_copy(decrees: u64) -> Outcome<()> {
    let root = room()?;
    let founding: Arc<Founding> = Arc::new("Gray Lynch Oki alpha=1000".parse()?);
    let chamber = Chamber::at(root.path());
    chamber.found(&founding)?;
    let (gray, lynch): (Name, Name) = ("Gray".parse()?, "Lynch".parse()?);
    write_list(&chamber.ledger(lynch), &founding, decrees)?;
    let tell = |what: &str, took: Duration, floor: Duration| {
        let (took, floor) = (took.as_secs_f64() * 1e3, floor.as_secs_f64() * 1e3);
        println!("{what:32} {took:9.1} ms; its bytes alone {floor:.1}");
    };
    println!("\nwith {decrees} decrees");
    let (legislator, mut ledger, took, floor) = reopened(&chamber, lynch, &founding)?;
    tell("reopened as a list", took, floor);
    let begun = Instant::now();
    let mut long = legislator.silent().with_law_book_every(100_000);
    let mut letters: Vec<Letter> = Vec::new();
    long.look_at_hourglass(Minutes::ZERO).perform(&mut ledger, &mut letters)?;
    println!("written anew, as a law book      {:9.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    drop((long, ledger));
    let (mut lynch_again, mut his, took, floor) = reopened(&chamber, lynch, &founding)?;
    assert!(lynch_again.pages().complete_through() == decrees);
    tell("reopened as a book", took, floor);
    copy(&chamber, (&mut lynch_again, &mut his), gray, decrees, &founding)
}

/// Gray, who lacks all, asks Lynch until he has all, letters through messagebooks and ledger on the
/// disk.
fn copy(
    chamber: &Chamber,
    (lynch, his): (&mut Legislator, &mut LedgerFile),
    name: Name,
    decrees: u64,
    founding: &Arc<Founding>,
) -> Outcome<()> {
    let (ledger, opened) = LedgerFile::open(chamber, name)?;
    let mut ledger = ledger;
    let mut gray = Legislator::from_ledger(name, Arc::clone(founding), &opened.rows).silent();
    let mut cursor = Cursor::at_start(chamber, name);
    let mut book = Messagebook::of(chamber, name);
    let (mut reading, mut rows, begun) = (Duration::ZERO, 0, Instant::now());
    let mut above = 0;
    while gray.pages().complete_through() < decrees {
        let mut letters: Vec<Letter> = Vec::new();
        let asks = Message::Inquiry { above, through: Some(decrees) };
        lynch.receive(Minutes::ZERO, name, asks).perform(his, &mut letters)?;
        let to_gray: Vec<&Message> = letters.iter().map(|letter| &letter.message).collect();
        book.append(to_gray.iter().map(|&message| (lynch.name(), message)))?;
        let read = Instant::now();
        let letters = cursor.read()?;
        reading += read.elapsed();
        rows += letters.len();
        let mut deed = parliament::synod::Deed::nothing();
        for row in letters.into_iter().flatten() {
            deed.absorb(gray.receive(Minutes::ZERO, row.from, row.message));
        }
        deed.absorb(gray.look_at_hourglass(Minutes::ZERO));
        deed.perform(&mut ledger, &mut Vec::new())?;
        above = gray.pages().complete_through();
    }
    let took = (begun.elapsed() - reading).as_secs_f64() * 1e3;
    println!(
        "copied by one who lacked all     {took:9.1} ms, and {:.1} to read {rows} letters",
        reading.as_secs_f64() * 1e3
    );
    Ok(())
}
