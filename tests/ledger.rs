//! Ledgers under crashes, forgeries and hands. `[PTP §2.2, §2.3]`

#![cfg(feature = "cli")]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use parliament::chamber::{Chamber, LedgerError, LedgerFile, read_ledger};
use parliament::records::{Opened, Seal};
use parliament::synod::{Decree, Entry, Founding, Ledger, Name};

/// A founded chamber of Dwork, Gray and Oki, in a directory of its own.
struct Scene {
    chamber: Chamber,
    _root: tempfile::TempDir,
}

fn founding() -> Founding {
    "Dwork Gray Oki".parse().unwrap()
}

fn gray() -> Name {
    "Gray".parse().unwrap()
}

fn scene() -> Scene {
    let root = tempfile::tempdir().unwrap();
    let noon = chrono::DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
    let chamber = Chamber::at(root.path()).with_clock(Arc::new(move || noon));
    chamber.found(&founding()).unwrap();
    Scene { chamber, _root: root }
}

impl Scene {
    fn path(&self) -> PathBuf {
        self.chamber.ledger(gray())
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    /// Gray's ledger, with these bytes put in place of what it holds.
    fn reopen(&self, bytes: &[u8]) -> Result<Opened, LedgerError> {
        fs::write(self.path(), bytes).unwrap();
        LedgerFile::open(&self.chamber, gray()).map(|(_, opened)| opened)
    }

    /// Inks rows, each batch with a drying of its own.
    fn ink(&self, batches: &[&[Entry]]) {
        let (mut ledger, _) = LedgerFile::open(&self.chamber, gray()).unwrap();
        for rows in batches {
            ledger.ink(rows).unwrap();
            ledger.dry().unwrap();
        }
    }
}

fn promise(ballot: &str) -> Entry {
    Entry::NextBal { ballot: ballot.parse().unwrap() }
}

fn vote(ballot: &str, decree: &str) -> Entry {
    let decree = Decree::new(decree).unwrap();
    Entry::PrevVote { number: 1, ballot: ballot.parse().unwrap(), decree }
}

fn some_rows() -> Vec<Entry> {
    vec![
        promise("2.Oki"),
        vote("2.Oki", "olives, and \"lamps\""),
        promise("3.Dwork"),
        vote("3.Dwork", "olive"),
    ]
}

/// Where each line begins.
fn beginnings(bytes: &[u8]) -> Vec<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1);
    std::iter::once(0).chain(ends).collect()
}

#[test]
fn what_was_inked_is_read_again() {
    let scene = scene();
    let rows = some_rows();
    scene.ink(&[&rows[..2], &rows[2..]]);
    let opened = scene.reopen(&scene.bytes()).unwrap();
    assert_eq!(opened.rows[1..], rows);
    assert_eq!((opened.cut, opened.by_hand), (None, vec![]));
    let seals = read_ledger(&scene.path()).unwrap().map(|row| row.unwrap().unwrap().seal);
    assert!(seals.into_iter().all(|seal| seal == Seal::Sound));
}

#[test]
fn wherever_a_crash_stops_the_pen_whole_rows_are_kept() {
    let scene = scene();
    let rows = some_rows();
    scene.ink(&[&rows[..1]]);
    let durable = scene.bytes().len();
    scene.ink(&[&rows[1..]]);
    let whole = scene.bytes();
    let all = scene.reopen(&whole).unwrap().rows;
    for length in durable..=whole.len() {
        let opened = scene.reopen(&whole[..length]).unwrap();
        let ends: Vec<usize> = beginnings(&whole[..length]);
        // A row that lacks nothing but its line end is whole: its seal says so.
        let only_end = whole.get(length) == Some(&b'\n');
        let kept = ends.len() - 2 + usize::from(only_end);
        assert_eq!(opened.rows, all[..kept], "cut at {length}");
        let torn = if only_end { 0 } else { length - ends[ends.len() - 1] };
        assert_eq!(opened.cut.map_or(0, |cut| cut.bytes), torn as u64, "cut at {length}");
        let left = length - torn + usize::from(only_end);
        assert_eq!(scene.bytes(), whole[..left], "what is torn is gone from the file");
        assert_eq!(opened.mended.is_some(), only_end, "cut at {length}");
    }
}

#[test]
fn a_ledger_cut_down_to_before_its_founding_decree_is_amnesia() {
    let scene = scene();
    let whole = scene.bytes();
    for length in 0..whole.len() - 1 {
        let refused = scene.reopen(&whole[..length]);
        assert!(matches!(refused, Err(LedgerError::Amnesia { .. })), "{length}: {refused:?}");
        assert_eq!(scene.bytes(), whole[..length], "a refused ledger is left as it is");
    }
    fs::remove_file(scene.path()).unwrap();
    let missing = LedgerFile::open(&scene.chamber, gray()).unwrap_err();
    assert!(matches!(missing, LedgerError::Amnesia { .. }), "{missing}");
    assert!(missing.to_string().contains("--absent Gray"));
    assert!(!scene.path().exists());
}

#[test]
fn a_changed_byte_is_refused_with_its_line_and_not_overwritten() {
    let scene = scene();
    let rows = some_rows();
    scene.ink(&[&rows[..2], &rows[2..]]);
    let whole = scene.bytes();
    let begins = beginnings(&whole);
    // The last batch's rows know that all before them was dry.
    for at in 0..begins[4] {
        for changed in [whole[at] ^ 1, b'\n', 0, 0xff, b'"'] {
            let mut bytes = whole.clone();
            bytes[at] = changed;
            if bytes == whole {
                continue;
            }
            let line = begins.iter().filter(|&&begin| begin <= at).count() as u64;
            match scene.reopen(&bytes) {
                Err(LedgerError::Untrusted { row, .. }) => {
                    // A line end changed makes one line of two, or two of one.
                    let near = row.place.line.abs_diff(line) <= 1;
                    assert!(near, "byte {at} of line {line}: {row}");
                }
                Err(LedgerError::Amnesia { .. } | LedgerError::Columns { .. }) if line <= 2 => {}
                other => panic!("byte {at} of line {line} became {changed}: {other:?}"),
            }
            assert_eq!(scene.bytes(), bytes, "a refused ledger is left as it is");
        }
    }
}

#[test]
fn a_row_moved_removed_or_put_in_is_refused_even_at_the_end() {
    let scene = scene();
    let rows = some_rows();
    scene.ink(&[&rows]);
    let whole = String::from_utf8(scene.bytes()).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let forged = |order: &[usize]| order.iter().map(|&i| lines[i]).collect::<String>();
    for order in [vec![0, 1, 3, 2, 4, 5], vec![0, 1, 3, 4, 5], vec![0, 1, 2, 2, 3, 4, 5]] {
        let refused = scene.reopen(forged(&order).as_bytes());
        assert!(matches!(refused, Err(LedgerError::Untrusted { .. })), "{order:?}: {refused:?}");
    }
}

#[test]
fn a_hole_in_the_dry_part_is_an_alteration_after_it_a_crash() {
    let scene = scene();
    let rows = some_rows();
    // All four rows in one batch: no row knows of another that it is dry.
    scene.ink(&[&rows]);
    let whole = scene.bytes();
    let begins = beginnings(&whole);
    let hole = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[begins[3]..begins[3] + 10].fill(0);
        bytes
    };
    let opened = scene.reopen(&hole(&whole)).unwrap();
    assert_eq!(opened.rows.len(), 2, "the founding decree and the row before the hole");
    assert_eq!(opened.cut.unwrap().bytes, (whole.len() - begins[3]) as u64);

    // A sound row after the hole says that the hole was dry when it was inked.
    let _ = scene.reopen(&whole).unwrap();
    scene.ink(&[&[promise("9.Oki")]]);
    let longer = hole(&scene.bytes());
    match scene.reopen(&longer) {
        Err(LedgerError::Untrusted { row, .. }) => assert_eq!(row.place.line, 4, "{row}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(scene.bytes(), longer);
}

#[test]
fn a_row_by_hand_is_accepted_and_an_unreadable_one_is_refused() {
    let scene = scene();
    let good = [scene.bytes(), b"nextBal,,4.Oki\nprevVote,1,4.Oki,olive\r\n\n".to_vec()].concat();
    let opened = scene.reopen(&good).unwrap();
    assert_eq!(opened.rows[1..], [promise("4.Oki"), vote("4.Oki", "olive")]);
    let lines: Vec<u64> = opened.by_hand.iter().map(|place| place.line).collect();
    assert_eq!(lines, [3, 4]);
    for wrong in [
        "garbage",
        "nextBal,,4Oki",
        "nextBal,1,4.Oki",
        "prevVote,1,4.Oki,Lamps, only lamps",
        "outcome,1",
        "outcome,x,,olive",
        "entered,,,,,,,,,,",
        "entered,,,\"",
        "outcome,0,,../x",
        "beginBallot,1,2.Oki,olive,",
    ] {
        let bytes = [good.clone(), wrong.into(), b"\n".to_vec()].concat();
        match scene.reopen(&bytes) {
            Err(LedgerError::Untrusted { row, .. }) => assert_eq!(row.place.line, 6, "{row}"),
            other => panic!("{wrong}: {other:?}"),
        }
        assert_eq!(scene.bytes(), bytes);
    }
}

#[test]
fn an_outcome_is_never_written_twice_with_another_decree() {
    let scene = scene();
    let outcome = |number, text| {
        let decree = Decree::new(text).unwrap();
        Entry::Outcome { number, decree, ballot: None }
    };
    scene.ink(&[&[outcome(2, "lamps"), outcome(1, "olive"), outcome(2, "lamps")]]);
    assert_eq!(scene.chamber.check(gray()).unwrap().rows.len(), 4);
    scene.ink(&[&[outcome(1, "lamps")]]);
    let refused = LedgerFile::open(&scene.chamber, gray()).unwrap_err().to_string();
    assert!(refused.contains("Gray.csv:6:1: decree 1 stands on line 4 already"), "{refused}");
}

/// An editor may save a whole ledger in another form; saved as it was, it is what it was.
#[test]
fn a_ledger_saved_in_another_form_says_how_to_save_it() {
    let scene = scene();
    scene.ink(&[&some_rows()]);
    let whole = scene.bytes();
    let mark = |bytes: &[u8]| [b"\xef\xbb\xbf", bytes].concat();
    let ends = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\n', "\r\n").into_bytes();
    for (saved, form) in [
        (mark(&whole), "saved anew with a byte order mark, and"),
        (ends(&whole), "saved anew with CRLF line ends, and"),
        (mark(&ends(&whole)), "saved anew with a byte order mark and CRLF line ends, and"),
    ] {
        let refused = scene.reopen(&saved).unwrap_err().to_string();
        for said in ["ledgers/Gray.csv:2:", form, "without a byte order mark and with LF line ends"]
        {
            assert!(refused.contains(said), "{said:?} is not in:\n{refused}");
        }
        assert_eq!(scene.bytes(), saved, "a refused ledger is left as it is");
    }
    let altered = String::from_utf8(ends(&whole)).unwrap().replace("Dwork", "Dwark");
    let refused = scene.reopen(altered.as_bytes()).unwrap_err().to_string();
    assert!(refused.contains("changed or moved"), "{refused}");
    scene.reopen(&whole).unwrap();
}

/// By hand a promise may be kept or raised; taken back it stops the priest, and nothing is cut.
#[test]
fn a_lower_promise_by_hand_is_refused_with_place_and_repair() {
    let scene = scene();
    scene.ink(&[&[promise("4.Oki")]]);
    let with = |row: &str| [&scene.bytes()[..], row.as_bytes(), b"\n"].concat();
    let back = with("nextBal,,3.Oki");
    let refused = scene.reopen(&back).unwrap_err().to_string();
    for said in [
        "ledgers/Gray.csv:4:",
        "nextBal never goes back, and 4.Oki was promised on line 3",
        "4 | nextBal,,3.Oki",
        "take the row out, or promise a ballot above that one",
        "--absent Gray",
    ] {
        assert!(refused.contains(said), "{said:?} is not in:\n{refused}");
    }
    assert_eq!(scene.bytes(), back, "a refused ledger is left as it is");
    fs::write(scene.path(), &back[..back.len() - "nextBal,,3.Oki\n".len()]).unwrap();
    scene.reopen(&with("nextBal,,4.Oki")).unwrap();
    scene.reopen(&with("nextBal,,5.Oki")).unwrap();
}

/// After a drying that failed, rows can be read that never reached the disk: those that no row says
/// were dry are written once more before anything rests on them.
#[test]
fn what_may_never_have_reached_the_disk_is_written_again() {
    let scene = scene();
    scene.ink(&[&[promise("1.Oki")], &[promise("2.Oki")]]);
    let before = scene.bytes();
    let long_ago = std::time::UNIX_EPOCH;
    fs::File::options().append(true).open(scene.path()).unwrap().set_modified(long_ago).unwrap();
    let (_, opened) = LedgerFile::open(&scene.chamber, gray()).unwrap();
    let last = before[..before.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() as u64 + 1;
    assert_eq!(opened.dry, last, "all but the last row was dry when the last was inked");
    assert_ne!(fs::metadata(scene.path()).unwrap().modified().unwrap(), long_ago);
    assert_eq!(scene.bytes(), before);
}

/// A seal names the place of its row, so a row by hand among those of a priest who sits would make
/// all that follow seem altered: he notices, and reads his ledger again.
#[test]
fn a_row_by_hand_is_noticed_before_its_priest_inks_another() {
    let scene = scene();
    let (mut ledger, _) = LedgerFile::open(&scene.chamber, gray()).unwrap();
    ledger.ink(&[promise("1.Oki")]).unwrap();
    ledger.dry().unwrap();
    let by_hand = [scene.bytes(), b"nextBal,,4.Oki\n".to_vec()].concat();
    fs::write(scene.path(), &by_hand).unwrap();
    let refused = ledger.ink(&[promise("5.Oki")]).unwrap_err();
    assert!(matches!(refused, LedgerError::Intruded { .. }), "{refused}");
    assert_eq!(scene.bytes(), by_hand);
    drop(ledger);
    let (mut ledger, opened) = LedgerFile::open(&scene.chamber, gray()).unwrap();
    assert_eq!((opened.rows.last(), opened.by_hand.len()), (Some(&promise("4.Oki")), 1));
    ledger.ink(&[promise("5.Oki")]).unwrap();
    drop(ledger);
    LedgerFile::open(&scene.chamber, gray()).unwrap();
}

#[test]
fn one_priest_has_one_body() {
    let scene = scene();
    let first = LedgerFile::open(&scene.chamber, gray()).unwrap();
    let second = LedgerFile::open(&scene.chamber, gray());
    assert!(matches!(second, Err(LedgerError::Taken { .. })));
    assert!(scene.chamber.check(gray()).is_ok(), "to check needs no body");
    drop(first);
    assert!(LedgerFile::open(&scene.chamber, gray()).is_ok());
}

#[test]
fn a_ledger_taken_away_is_noticed_before_a_letter_rests_on_it() {
    let scene = scene();
    let (mut ledger, _) = LedgerFile::open(&scene.chamber, gray()).unwrap();
    ledger.ink(&[Entry::Entered]).unwrap();
    let copy = scene.path().with_extension("bak");
    fs::copy(scene.path(), &copy).unwrap();
    fs::rename(&copy, scene.path()).unwrap();
    assert!(matches!(ledger.dry(), Err(LedgerError::Replaced { .. })));
    assert!(matches!(ledger.ink(&[Entry::Entered]), Err(LedgerError::Spoiled { .. })));
}

#[test]
fn a_ledger_that_is_not_his_or_not_whole_is_refused_by_its_rule() {
    let scene = scene();
    let whole = String::from_utf8(scene.bytes()).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Chamber::at(elsewhere.path());
    other.found(&"Dwork Gray Oki alpha=9".parse().unwrap()).unwrap();
    let foreign = fs::read_to_string(other.ledger(gray())).unwrap();
    let misplaced = whole.replacen("number,ballot", "ballot,number", 1);
    let cases = [
        (whole.lines().next().unwrap().to_owned() + "\n", "lacks decree 0"),
        (foreign, "from another chamber, founded as"),
        (misplaced, "names other columns"),
        (
            whole.clone() + "lastTried,,9.Oki\n",
            "a priest tries ballots of his own, and 9.Oki is not",
        ),
        (whole.clone() + "beginBallot,1,9.Oki,Goats,Gray Oki\n", "and 9.Oki is not"),
        (whole.clone() + "nextBal,,9.Oki\nnextBal,,8.Oki\n", "9.Oki was promised on line 3"),
        (whole.clone() + "outcome,1,,Goats\noutcome,1,,Sheep\n", "stands on line 3 already"),
        (whole.clone() + "lawBook,1\n", "a law book begins here, and no row `bound` ends it"),
    ];
    for (ledger, rule) in cases {
        let refused = scene.reopen(ledger.as_bytes()).expect_err(rule).to_string();
        assert!(refused.contains(rule), "{rule:?} is not in:\n{refused}");
        assert!(refused.contains("Gray"), "{refused}");
        assert_eq!(scene.bytes(), ledger.as_bytes(), "it was changed");
    }
}

#[test]
fn what_may_stand_in_a_ledger_is_not_refused() {
    let scene = scene();
    let whole = String::from_utf8(scene.bytes()).unwrap();
    let by_hand =
        "\nnextBal,,9.Oki\n\n\u{18}\nnextBal,,9.Oki\noutcome,1,,Goats\noutcome,1,,Goats\n";
    let opened = scene.reopen((whole.clone() + by_hand).as_bytes()).unwrap();
    let lines: Vec<u64> = opened.by_hand.iter().map(|place| place.line).collect();
    assert_eq!(lines, [4, 7, 8, 9], "each row by hand is said, and no blank line");
    assert_eq!((opened.rows.len(), opened.cut), (5, None));
    assert_eq!(scene.bytes(), (whole + by_hand).as_bytes());
}
