//! SQLite with a write-ahead log: one writer, each transaction durable before the next begins.

use std::error::Error;
use std::path::Path;

use rusqlite::Connection;

use crate::decree;

/// Writes this many decrees into a new table in `directory`, `window` rows in each transaction.
pub fn write(decrees: usize, window: usize, directory: &str) -> Result<(), Box<dyn Error>> {
    let mut table = Connection::open(Path::new(directory).join("decrees.db"))?;
    table.pragma_update(None, "journal_mode", "WAL")?;
    table.pragma_update(None, "synchronous", "FULL")?;
    table.execute("CREATE TABLE decrees (number INTEGER PRIMARY KEY, decree TEXT)", [])?;
    for first in (1..=decrees).step_by(window.max(1)) {
        let transaction = table.transaction()?;
        let mut row = transaction.prepare_cached("INSERT INTO decrees VALUES (?1, ?2)")?;
        for number in first..=decrees.min(first + window - 1) {
            row.execute((number, decree(number)))?;
        }
        drop(row);
        transaction.commit()?;
    }
    Ok(())
}
