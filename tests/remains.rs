//! Only bytes that a crash can leave are cut from a ledger.
//!
//! The right result is worked out here, from the bytes and from where the dry part ends, by
//! code that shares nothing with the program's.

#![cfg(feature = "cli")]

use std::cell::Cell;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use crate::common::House;
use parliament::audit::{Rule, Severity};
use parliament::chamber::{Chamber, LedgerError, LedgerFile};
use parliament::records::Opened;
use parliament::synod::{Entry, Name};

/// Gray's ledger in a chamber that real priests used.
struct Scene {
    house: House,
    chamber: Chamber,
    /// His ledger as he left it: all of it was dry, and told.
    whole: Vec<u8>,
    rows: Vec<Entry>,
    /// How many were judged; the auditor is slow, and asked about one in n.
    judged: Cell<usize>,
    audit_one_in: usize,
}

fn gray() -> Name {
    "Gray".parse().unwrap()
}

impl Scene {
    fn after(runs: &[&[&str]]) -> Scene {
        let house = House::new();
        for run in runs {
            house.run(run).exits(0);
        }
        let chamber = Chamber::at(house.path());
        let whole = fs::read(chamber.ledger(gray())).unwrap();
        let rows = chamber.check(gray()).unwrap().rows;
        Scene { house, chamber, whole, rows, judged: Cell::new(0), audit_one_in: 1 }
    }

    /// A chamber in which decrees were passed, with words that need quoting.
    fn of_decrees() -> Scene {
        let decrees = ["Olives are green, and \"lamps\" are lit", "A @ sign, a space and é"];
        Scene::after(&[&["pass", "--priests", "Dwork,Gray,Oki", decrees[0], decrees[1]]])
    }

    /// A chamber whose ledgers were written anew as law books.
    fn of_law_books() -> Scene {
        let pass = ["pass", "--priests", "Dwork,Gray,Oki", "--law-book-every", "2"];
        let decrees = ["The toll is 1", "The toll is 2", "Goats are sold", "Lamps are lit"];
        Scene::after(&[&[&pass[..], &decrees].concat()])
    }

    /// One row more, the last, that ends in a vote.
    fn with_vote(self) -> Scene {
        let row = "prevVote,9,9.Oki,The tax on a jar of oil is 3 @ the gate";
        self.with_sealed(&[row], None)
    }

    /// These rows more, all of them sealed, and inked when this many bytes were dry: by default all
    /// above.
    fn with_sealed(mut self, rows: &[&str], dry: Option<usize>) -> Scene {
        let dry = dry.unwrap_or(self.whole.len());
        for row in rows {
            let commas = ",".repeat(6 - row.matches(',').count());
            let text = format!("{row}{commas}2026-03-01T08:00:00.000000Z,{dry},");
            let seal = seal(self.whole.len(), text.as_bytes());
            self.whole.extend(format!("{text}{seal}\n").into_bytes());
        }
        self.put(&self.whole);
        self.rows = self.chamber.check(gray()).unwrap().rows;
        self
    }

    fn auditing_one_in(self, audit_one_in: usize) -> Scene {
        Scene { audit_one_in, ..self }
    }

    fn path(&self) -> PathBuf {
        self.house.ledger("Gray")
    }

    fn put(&self, bytes: &[u8]) {
        fs::write(self.path(), bytes).unwrap();
    }

    /// Opens the ledger with these bytes in it; yields what it says, and what the file holds then.
    fn open(&self, bytes: &[u8]) -> Result<(Opened, Vec<u8>), LedgerError> {
        self.put(bytes);
        let opened = LedgerFile::open(&self.chamber, gray()).map(|(_, opened)| opened);
        let after = fs::read(self.path()).unwrap();
        if opened.is_err() {
            assert!(after == bytes, "a refused ledger is left as it is");
        }
        Ok((opened?, after))
    }

    /// Opens it, and holds the auditor to the same answer. None if it is refused.
    fn judge(&self, bytes: &[u8]) -> Option<(Opened, Vec<u8>)> {
        self.judged.set(self.judged.get() + 1);
        if !self.judged.get().is_multiple_of(self.audit_one_in) {
            return self.open(bytes).ok();
        }
        self.put(bytes);
        let audit = self.chamber.audit();
        match self.open(bytes) {
            Ok((opened, after)) => {
                let audit = audit.expect("what he opens can be judged");
                let torn = audit.counts().contains_key(&(Rule::TornRow, Severity::Said));
                assert_eq!(torn, after != bytes, "the auditor tells what is cut or mended");
                let altered = audit.counts().contains_key(&(Rule::IndelibleInk, Severity::Broken));
                assert!(!altered, "{:?}", audit.findings());
                Some((opened, after))
            }
            Err(LedgerError::Untrusted { .. }) => {
                let torn = |it: &parliament::audit::Judgment| {
                    it.counts().contains_key(&(Rule::TornRow, Severity::Said))
                };
                let accepts = audit.is_ok_and(|it| it.is_consistent() && torn(&it));
                assert!(!accepts, "the auditor calls torn what the priest refuses");
                None
            }
            Err(_) => None,
        }
    }

    /// Whatever was done to it, no row of his was forgotten: he is refused, or all are there.
    fn forgets_nothing(&self, bytes: &[u8], done: &str) {
        if let Some((opened, after)) = self.judge(bytes) {
            assert!(opened.rows == self.rows, "{done}: rows were forgotten");
            let after = self.open(&after).unwrap_or_else(|error| panic!("{done}: {error}")).0;
            assert!(after.rows == self.rows && after.cut.is_none(), "{done}: mended for good");
        }
    }
}

/// CRC-32, bit by bit, over the offset and the text.
fn seal(offset: usize, text: &[u8]) -> String {
    let mut crc = !0u32;
    for &byte in (offset as u64).to_le_bytes().iter().chain(text) {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    format!("{:08x}", !crc)
}

/// Where each line begins and where its line end stands.
fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut begins = 0;
    let mut found = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        found.push(begins..at);
        begins = at + 1;
    }
    found
}

/// The `dry` of a row of the whole ledger.
fn dry_of(row: &[u8]) -> usize {
    let text = String::from_utf8_lossy(row);
    text.rsplit(',').nth(1).and_then(|dry| dry.parse().ok()).unwrap_or(0)
}

#[test]
fn no_flipped_bit_makes_a_priest_forget_a_row() {
    for scene in [Scene::of_decrees(), Scene::of_decrees().with_vote(), Scene::of_law_books()] {
        let scene = scene.auditing_one_in(11);
        let last = lines(&scene.whole).pop().unwrap();
        for at in 0..scene.whole.len() {
            // Every bit of the last row, and one of each byte above it.
            let bits = if at >= last.start { 0..8 } else { at as u32 % 8..at as u32 % 8 + 1 };
            for bit in bits {
                let mut flipped = scene.whole.clone();
                flipped[at] ^= 1 << bit;
                scene.forgets_nothing(&flipped, &format!("bit {bit} of byte {at}"));
            }
        }
    }
}

#[test]
fn the_last_row_is_kept_whatever_becomes_of_its_line_end() {
    let scene = Scene::of_decrees().with_vote();
    let end = scene.whole.len() - 1;
    for altered in 0..=255u8 {
        let bytes = [&scene.whole[..end], &[altered]].concat();
        let (opened, after) = scene.judge(&bytes).expect("the seal fits");
        assert!(opened.rows == scene.rows && after == scene.whole, "{altered}");
    }
    let (opened, after) = scene.judge(&scene.whole[..end]).expect("the seal fits");
    assert!(opened.rows == scene.rows && opened.cut.is_none() && after == scene.whole);
}

#[test]
fn no_control_character_put_in_makes_a_priest_forget_a_row() {
    let scene = Scene::of_decrees().with_vote().auditing_one_in(11);
    let last = lines(&scene.whole).pop().unwrap();
    for at in 0..=scene.whole.len() {
        let controls: Vec<u8> = match at + 200 >= last.start {
            true => (0..32).chain([127]).collect(),
            false => vec![0, 1, 10, 13, 24, 127],
        };
        for control in controls {
            let mut bytes = scene.whole.clone();
            bytes.insert(at, control);
            scene.forgets_nothing(&bytes, &format!("{control} put in at {at}"));
        }
    }
}

#[test]
fn whole_rows_are_kept_and_the_torn_one_cut_at_every_byte() {
    for scene in [Scene::of_decrees().with_vote(), Scene::of_law_books()] {
        let scene = scene.auditing_one_in(5);
        let rows = lines(&scene.whole);
        let bound = scene.whole.windows(6).position(|word| word == b"bound,");
        let book = bound.map_or(0..0, |bound| {
            rows[2].start..rows.iter().find(|row| row.start == bound).unwrap().end
        });
        for length in 0..=scene.whole.len() {
            let kept = rows.iter().filter(|row| row.end <= length).count();
            match scene.judge(&scene.whole[..length]) {
                Some((opened, after)) => {
                    assert!(opened.rows[..] == scene.rows[..kept - 1], "{length}");
                    assert!(after == scene.whole[..rows[kept - 1].end + 1], "{length}");
                }
                None => assert!(kept < 2 || book.start < length && length < book.end, "{length}"),
            }
        }
    }
}

/// The right result for a ledger in which these bytes are NUL: how many rows are kept; none if
/// it is refused.
fn with_hole(whole: &[u8], hole: &Range<usize>) -> Option<usize> {
    let lines = lines(whole);
    let is_touched = |line: &Range<usize>| hole.start < line.end && line.start < hole.end;
    let kept = lines.iter().filter(|line| line.end <= hole.start).count();
    // If only the line end of the last row kept is lost, the cut begins there.
    let cut = if hole.start == lines[kept - 1].end { hole.start } else { lines[kept].start };
    let sound = lines.iter().skip(1).filter(|line| !is_touched(line));
    let dry = sound.map(|line| dry_of(&whole[(*line).clone()])).max().unwrap_or(0);
    (cut >= dry).then_some(kept - 1)
}

#[test]
fn nul_is_cut_where_nothing_was_dry_and_refused_where_it_was() {
    let scene = Scene::of_decrees();
    let dry = scene.whole.len();
    let wet = ["nextBal,,8.Oki", "prevVote,8,8.Oki,Lamps are lit", "nextBal,,9.Oki"];
    let scene = scene.with_sealed(&wet, Some(dry)).auditing_one_in(11);
    for begins in dry - 150..scene.whole.len() {
        for length in [1, 2, 7, 60, 300, 512, 5000, 200_000] {
            // A hole may end the file, or reach beyond what was written.
            let mut bytes = scene.whole.clone();
            bytes.resize(bytes.len().max(if length > 500 { begins + length } else { 0 }), 0);
            let hole = begins..(begins + length).min(bytes.len());
            let was = bytes[begins];
            bytes[hole.clone()].fill(0);
            // A flipped bit makes NUL of a space: then the seal tells that no crash did.
            if length == 1 && was == b' ' {
                assert!(scene.judge(&bytes).is_none(), "{begins}");
                continue;
            }
            let kept = scene.judge(&bytes).map(|(opened, after)| {
                assert!(opened.rows[..] == scene.rows[..opened.rows.len()], "{hole:?}");
                assert!(scene.whole.starts_with(&after), "{hole:?}");
                opened.rows.len()
            });
            assert_eq!(kept, with_hole(&scene.whole, &hole), "{hole:?}, dry {dry}");
        }
    }
}

#[test]
fn bytes_without_a_line_end_are_cut() {
    let scene = Scene::of_decrees();
    let long = vec![0; 300_000];
    for tail in [&b"x"[..], b"\0", b"nextBal,,77.Oki,,,", b"\xff\x07\x18", b"\0\0lamps", &long] {
        let (opened, after) = scene.judge(&[&scene.whole, tail].concat()).expect("torn");
        assert!(opened.rows == scene.rows && after == scene.whole, "{tail:?}");
        assert_eq!(opened.cut.map(|cut| cut.bytes), Some(tail.len() as u64));
    }
    // Behind a hole, whole lines went with it.
    let behind = b"\0\0\0half a row\nnextBal,,3.Oki\n\x07\n";
    let (opened, after) = scene.judge(&[&scene.whole[..], behind].concat()).expect("a hole");
    assert!(opened.rows == scene.rows && after == scene.whole);
}

#[test]
fn no_advice_has_a_row_removed_and_each_choice_is_told() {
    let scene = Scene::of_decrees().with_vote();
    let last = lines(&scene.whole).pop().unwrap();
    let mut space = scene.whole.clone();
    let at = last.start + space[last.start..].iter().position(|byte| *byte == b' ').unwrap();
    let changed = |at: usize, byte: u8| {
        let mut bytes = scene.whole.clone();
        bytes[at] = byte;
        bytes
    };
    space[at] = 0;
    let half_and_half = changed(last.start + 3, b'z')[..last.end].to_vec();
    let above = lines(&scene.whole)[3].clone();
    for bytes in [space, changed(at, 7), changed(at, 0xff), half_and_half, changed(above.start, 0)]
    {
        let refused = scene.open(&bytes).unwrap_err().to_string();
        for said in ["Take no row out", "an older copy", "two decrees may pass", "--absent Gray"] {
            assert!(refused.contains(said), "{said:?} is not in:\n{refused}");
        }
        assert!(!refused.contains("remove"), "{refused}");
    }
    let refused = scene.open(&changed(above.end, b'J')).unwrap_err().to_string();
    assert!(refused.contains("in place of its line end"), "{refused}");
    assert!(refused.contains("every row keeps its place"), "{refused}");
}

/// The story of the issue: a vote that was told is damaged, and `audit` calls it no torn row.
#[test]
fn an_audit_of_a_damaged_last_row_finds_it_altered() {
    let scene = Scene::of_decrees();
    let last = lines(&scene.whole).pop().unwrap();
    let mut bytes = scene.whole.clone();
    bytes[last.start + 20] = 7;
    scene.put(&bytes);
    scene.house.run(&["audit"]).exits(1).says("indelible ink").says("Gray.csv");
    scene.house.run(&["pass", "Goats are sold"]).exits(2).says("--absent Gray");
    scene.put(&scene.whole[..last.end]);
    scene.house.run(&["audit"]).exits(0).says("its line end was lost");
    let told = scene.house.run(&["pass", "Goats are sold"]).exits(0);
    told.says("the line end is written again");
}

/// No row is so long, so no pen was stopped in it.
#[test]
fn an_end_longer_than_any_row_is_refused_and_not_cut() {
    let scene = Scene::of_decrees();
    for end in [b"x".repeat(2 << 20), [b"nextBal,,", &b"9".repeat(2 << 20)[..]].concat()] {
        let bytes = [&scene.whole[..], &end].concat();
        assert!(scene.open(&bytes).is_err(), "{} bytes were cut", end.len());
        assert_eq!(fs::read(scene.path()).unwrap(), bytes, "it was changed");
    }
}
