//! The time that the same files take if every row is only split into its fields.

use std::fs::{self, File};
use std::path::Path;

/// Splits every row of every file into its fields, which are bytes, in one and the same room, and
/// does nothing with them: no scan is barer.
pub fn bytes(root: &Path) -> u64 {
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    for mut reader in readers(root) {
        while reader.read_byte_record(&mut record).unwrap() {
            rows += 1;
        }
    }
    rows
}

/// Splits every row of every file into its fields, which are text, as `for row in reader.records()`
/// does, and does nothing with them.
pub fn text(root: &Path) -> u64 {
    readers(root)
        .map(|mut reader| reader.records().inspect(|row| assert!(row.is_ok())).count() as u64)
        .sum()
}

fn readers(root: &Path) -> impl Iterator<Item = csv::Reader<File>> {
    let directories = ["ledgers", "ledgers/archive", "messagebooks", "messagebooks/archive"];
    let files = directories.into_iter().flat_map(|it| fs::read_dir(root.join(it))).flatten();
    let files = files.map(|file| file.unwrap().path());
    let tables = files.filter(|file| file.extension().is_some_and(|it| it == "csv"));
    tables.map(|file| csv::Reader::from_path(file).unwrap())
}
