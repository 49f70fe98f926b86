//! The bare program: it makes the files, the watcher and the syncs of a one-shot run, at once
//! wherever the protocol allows it, and nothing else. No row is checked, sealed, read or told.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Barrier;

use notify::{RecursiveMode, Watcher};

/// The argument that makes the bench run this and nothing else.
pub const ARGUMENT: &str = "--bare";

/// About as long as our rows are.
const ROW: &[u8] = b"prevVote,1,1.Oki,The price of olive oil is 3 drachmas per ton,,,2026-11-21T03:20:00.000000Z,512,0123abcd\n";

/// Runs in `dir`, as this many priests would.
pub fn run(dir: &Path, priests: usize) -> Result<(), Box<dyn Error>> {
    let (ledgers, books) = (dir.join("ledgers"), dir.join("messagebooks"));
    let names: Vec<String> = (0..priests).map(|i| format!("Paxon{i}.csv")).collect();
    if !ledgers.join(&names[0]).exists() {
        found(dir, &ledgers, &books, &names)?;
    }
    let mut watcher = notify::recommended_watcher(|_| {})?;
    for name in &names {
        watcher.watch(&books.join(name), RecursiveMode::NonRecursive)?;
    }
    let together = Barrier::new(priests);
    at_once(&names, |name| live(&ledgers.join(name), &books, &names, &together))?;
    Ok(())
}

/// A note of the founding, a messagebook and a ledger for each; note and ledgers are durable with
/// their names.
fn found(dir: &Path, ledgers: &Path, books: &Path, names: &[String]) -> io::Result<()> {
    fs::create_dir_all(ledgers)?;
    fs::create_dir_all(books)?;
    let half_done = ledgers.join(".founding");
    write_whole(&half_done)?;
    sync(ledgers)?;
    at_once(names, |name| {
        fs::write(books.join(name), ROW)?;
        write_whole(&ledgers.join(name))
    })?;
    at_once(&[ledgers, dir], |directory| sync(directory))?;
    fs::remove_file(&half_done)?;
    sync(ledgers)
}

/// Opens a ledger, tries, promises, votes and learns: each a row made dry, and letters in between.
fn live(ledger: &Path, books: &Path, names: &[String], together: &Barrier) -> io::Result<()> {
    let append = |path: &Path| OpenOptions::new().append(true).open(path);
    let mut ledger = append(ledger)?;
    let mut books =
        names.iter().map(|name| append(&books.join(name))).collect::<io::Result<Vec<_>>>()?;
    ledger.sync_data()?;
    for _ in ["tries", "promises", "votes", "learns"] {
        together.wait();
        ledger.write_all(ROW)?;
        ledger.sync_data()?;
        for book in &mut books {
            book.write_all(ROW)?;
        }
    }
    Ok(())
}

/// Does the same to many things at once.
fn at_once<T: Sync>(things: &[T], act: impl Fn(&T) -> io::Result<()> + Sync) -> io::Result<()> {
    std::thread::scope(|scope| {
        let act = &act;
        let threads: Vec<_> = things.iter().map(|thing| scope.spawn(move || act(thing))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(panicked())))
    })
}

fn panicked() -> io::Error {
    io::Error::other("a thread of the bare program panicked")
}

fn write_whole(path: &Path) -> io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file = File::create(&draft)?;
    file.write_all(ROW)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}
