//! Messagebooks under many writers, torn rows, hands and editors.

#![cfg(feature = "cli")]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use parliament::chamber::{Chamber, Cursor, Messagebook};
use parliament::records::Flaw;
use parliament::synod::{BallotNumber, Decree, Message, Name, Vote};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn bal(text: &str) -> BallotNumber {
    text.parse().unwrap()
}

fn voted(number: u64) -> Message {
    Message::Voted { ballot: bal("4.Oki"), number }
}

struct Scene {
    chamber: Chamber,
    _root: tempfile::TempDir,
}

fn scene() -> Scene {
    let root = tempfile::tempdir().unwrap();
    let chamber = Chamber::at(root.path());
    chamber.found(&"Dwork Gray Oki".parse().unwrap()).unwrap();
    Scene { chamber, _root: root }
}

impl Scene {
    fn path(&self) -> PathBuf {
        self.chamber.messagebook(name("Oki"))
    }

    fn book(&self) -> Messagebook {
        Messagebook::of(&self.chamber, name("Oki"))
    }

    fn cursor(&self) -> Cursor {
        Cursor::at_start(&self.chamber, name("Oki"))
    }

    fn by_hand(&self, text: &str) {
        let old = fs::read_to_string(self.path()).unwrap_or_default();
        fs::write(self.path(), old + text).unwrap();
    }
}

/// The rows that the cursor reads, each as its sender and message, or the rule a row breaks.
fn read(cursor: &mut Cursor) -> Vec<Result<(Name, Message), Flaw>> {
    let rows = cursor.read().unwrap().into_iter();
    rows.map(|row| row.map(|row| (row.from, row.message)).map_err(|bad| bad.flaw)).collect()
}

#[test]
fn an_appended_row_is_read_once_from_the_end_only_later_ones() {
    let scene = scene();
    let (mut book, mut cursor) = (scene.book(), scene.cursor());
    book.append([(name("Gray"), &voted(1)), (name("Dwork"), &voted(1))]).unwrap();
    let expected = vec![Ok((name("Gray"), voted(1))), Ok((name("Dwork"), voted(1)))];
    assert_eq!(read(&mut cursor), expected);
    assert_eq!(read(&mut cursor), vec![]);
    let mut late = Cursor::at_end(&scene.chamber, name("Oki"), None, |_, _| {}).unwrap();
    book.append([(name("Gray"), &voted(2))]).unwrap();
    for cursor in [&mut cursor, &mut late] {
        let rows = cursor.read().unwrap();
        let row = rows[0].as_ref().unwrap();
        assert_eq!((rows.len(), row.place.line, &row.message), (1, 4, &voted(2)));
    }
}

#[test]
fn rows_by_hand_are_read_by_code_and_direction_or_by_name() {
    let scene = scene();
    scene.by_hand("Gray,2,4.Oki,\nGray,,4.Oki,,Voted,37\nOki,2,3.Gray,\r\nGray,1,4.Oki\n");
    scene.by_hand("Gray,1,3.Gray\nGray,3,4.Oki,olive\nDolf,6,,olive,,,,,Dolf/3\n");
    scene.by_hand("Gray,1,4.Oki,olive,,,2.Dwork,\nGray,3,4.Oki,,,,7.Dwork\n\n");
    let olive = Decree::new("olive").unwrap();
    let vote = parliament::synod::Vote {
        priest: name("Gray"),
        ballot: bal("2.Dwork"),
        decree: olive.clone(),
    };
    let expected = vec![
        voted(1),
        voted(37),
        Message::LastVote { ballot: bal("4.Oki"), vote: None, of: 0 },
        Message::NextBallot { ballot: bal("3.Gray"), complete_through: 0 },
        Message::Success { ballot: Some(bal("4.Oki")), number: 1, decree: olive.clone() },
        Message::Petition { decree: olive.petitioned("Dolf/3").unwrap() },
        Message::LastVote { ballot: bal("4.Oki"), vote: Some((1, vote)), of: 1 },
        Message::Refused { ballot: bal("4.Oki"), next_bal: bal("7.Dwork") },
    ];
    let (good, bad): (Vec<_>, Vec<_>) =
        read(&mut scene.cursor()).into_iter().partition(Result::is_ok);
    let good: Vec<Message> = good.into_iter().map(|row| row.unwrap().1).collect();
    assert_eq!(good, expected);
    // Oki cannot begin Gray's ballot, least of all by a letter to himself.
    assert!(matches!(bad[..], [Err(Flaw::Missing { .. } | Flaw::Impostor(_))]), "{bad:?}");
}

#[test]
fn a_bad_row_is_said_and_the_next_one_is_read() {
    let scene = scene();
    let wrong = [
        "garbage",
        "Gray,9,4.Oki,",
        "Gray,8,4.Oki,",
        "Gray,1,4.Oki,,Voted",
        "Gray,2,3.Gray,olive,Voted",
        "Gray,2,4.Oki,Lamps, only lamps",
        "Gray,2,4Oki,",
        "../x,2,4.Oki,",
        "Gray,3,4.Oki,=1+1",
        "Gray,2,4.Oki,,Voted,1.5",
        "Gray,,4.Oki,",
        "Gray,2,4.Oki,\"olive",
        "Gray,2,4.Oki,\u{0}",
        "Gray,2,4.Oki,,Voted,1,,,,yesterday",
        "Gray;2;4.Oki;",
    ];
    for wrong in wrong {
        scene.by_hand(&format!("{wrong}\nGray,2,4.Oki,\n"));
    }
    scene.by_hand(&format!("{}\nGray,2,4.Oki,\n", "x".repeat(1 << 20)));
    let rows = read(&mut scene.cursor());
    assert_eq!(rows.len(), 2 * wrong.len() + 2);
    for (i, pair) in rows.chunks(2).enumerate() {
        assert!(pair[0].is_err(), "{:?} was read as {:?}", wrong.get(i), pair[0]);
        assert_eq!(pair[1], Ok((name("Gray"), voted(1))), "after {:?}", wrong.get(i));
    }
}

#[test]
fn what_its_sender_could_not_have_sent_is_said_and_passed_over() {
    let scene = scene();
    // Gray neither owns Dwork's ballots, nor does anybody tell Oki about votes in them.
    for row in ["Gray,1,3.Dwork,", "Gray,4,3.Dwork,", "Gray,,3.Dwork,,Voted", "Gray,5,,,,,7.Dwork"]
    {
        scene.by_hand(&format!("{row}\n"));
    }
    let rows = read(&mut scene.cursor());
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|row| matches!(row, Err(Flaw::Impostor(_)))), "{rows:?}");
}

#[test]
fn a_torn_row_waits_for_its_end_and_a_writer_ends_it_first() {
    let scene = scene();
    let mut cursor = scene.cursor();
    scene.by_hand("Gray,2,4.O");
    assert_eq!(read(&mut cursor), vec![]);
    scene.by_hand("ki,\n");
    assert_eq!(read(&mut cursor), vec![Ok((name("Gray"), voted(1)))]);
    scene.by_hand("Gray,2,");
    assert_eq!(read(&mut cursor), vec![]);
    scene.book().append([(name("Dwork"), &voted(1))]).unwrap();
    let rows = read(&mut cursor);
    assert!(rows[0].is_err() && rows[1] == Ok((name("Dwork"), voted(1))), "{rows:?}");
}

/// Half a row may read as a whole one that says something else: another decree, another number, a
/// promise without its vote. So it is struck out, and never read.
#[test]
fn a_row_torn_at_any_byte_never_says_something_else() {
    let scene = scene();
    let toll = Decree::new("The toll is 809, \"or\" more").unwrap().petitioned("Dolf/17952/809");
    let (from, number, of) = (name("Gray"), 34_330, 12);
    let vote = Vote { priest: from, ballot: bal("3.Gray"), decree: toll.unwrap() };
    let letters = [
        Message::LastVote { ballot: bal("4.Oki"), vote: Some((number, vote)), of },
        voted(number),
        Message::Petition { decree: Decree::new("Lamps must use only olive oil").unwrap() },
    ];
    scene.book().append(letters.iter().map(|letter| (from, letter))).unwrap();
    let whole = fs::read(scene.path()).unwrap();
    for torn in 0..whole.len() {
        fs::write(scene.path(), &whole[..torn]).unwrap();
        scene.book().append([(name("Dwork"), &voted(1))]).unwrap();
        let rows = read(&mut scene.cursor()).into_iter().filter_map(Result::ok);
        let told: Vec<Message> = rows.map(|(_, message)| message).collect();
        let (last, before) = told.split_last().unwrap();
        assert_eq!(last, &voted(1), "torn at byte {torn}");
        assert_eq!(before, &letters[..before.len()], "torn at byte {torn}");
    }
}

#[test]
fn readers_and_writers_survive_an_editor_that_replaces_a_file() {
    let scene = scene();
    let (mut book, mut cursor) = (scene.book(), scene.cursor());
    book.append([(name("Gray"), &voted(1))]).unwrap();
    assert_eq!(read(&mut cursor).len(), 1);
    let old = fs::read_to_string(scene.path()).unwrap();
    let draft = scene.path().with_extension("draft");
    fs::write(&draft, format!("{old}Dwork,2,4.Oki,\n")).unwrap();
    fs::rename(&draft, scene.path()).unwrap();
    let expected = vec![Ok((name("Gray"), voted(1))), Ok((name("Dwork"), voted(1)))];
    assert_eq!(read(&mut cursor), expected, "a repeated message is harmless");
    book.append([(name("Gray"), &voted(2))]).unwrap();
    assert_eq!(read(&mut cursor), vec![Ok((name("Gray"), voted(2)))]);
}

#[test]
fn a_messagebook_deleted_or_archived_loses_no_row() {
    let scene = scene();
    let (mut book, mut cursor) = (scene.book(), scene.cursor());
    book.append([(name("Gray"), &voted(1))]).unwrap();
    fs::rename(scene.path(), scene.path().with_extension("old")).unwrap();
    book.append([(name("Gray"), &voted(2))]).unwrap();
    let both = [Ok((name("Gray"), voted(1))), Ok((name("Gray"), voted(2)))];
    fs::metadata(scene.path()).unwrap();
    let mut fresh = scene.cursor();
    assert_eq!(read(&mut fresh), both[1..]);
    fs::remove_file(scene.path()).unwrap();
    assert_eq!(read(&mut fresh), vec![]);
    assert_eq!(read(&mut cursor), vec![], "it had not begun to read");
    book.append([(name("Gray"), &voted(1))]).unwrap();
    assert_eq!(read(&mut fresh), both[..1]);
    fs::rename(scene.path(), scene.path().with_extension("older")).unwrap();
    fs::write(scene.path(), "").unwrap();
    book.append([(name("Gray"), &voted(2))]).unwrap();
    assert_eq!(read(&mut fresh), both[1..]);
    let text = fs::read_to_string(scene.path()).unwrap();
    assert!(text.starts_with("from,code,ballot,decree,"), "{text}");
}

#[test]
fn a_messagebook_emptied_in_place_is_read_from_its_start_again() {
    let scene = scene();
    let (mut book, mut cursor) = (scene.book(), scene.cursor());
    book.append([(name("Gray"), &voted(1)), (name("Gray"), &voted(2))]).unwrap();
    assert_eq!(read(&mut cursor).len(), 2);
    fs::write(scene.path(), "from,code,ballot,decree\nGray,2,4.Oki,\n").unwrap();
    assert_eq!(read(&mut cursor), vec![Ok((name("Gray"), voted(1)))]);
}

#[test]
fn late_rows_of_the_old_file_are_read_before_the_new_file() {
    let scene = scene();
    let (mut book, mut cursor) = (scene.book(), scene.cursor());
    book.append([(name("Gray"), &voted(1))]).unwrap();
    assert_eq!(read(&mut cursor).len(), 1);
    book.append([(name("Gray"), &voted(2))]).unwrap();
    fs::create_dir(scene.chamber.messagebooks().join("archive")).unwrap();
    fs::rename(scene.path(), scene.chamber.messagebooks().join("archive/Oki.1.csv")).unwrap();
    book.append([(name("Gray"), &voted(3))]).unwrap();
    let expected = vec![Ok((name("Gray"), voted(2))), Ok((name("Gray"), voted(3)))];
    assert_eq!(read(&mut cursor), expected);
}

#[test]
fn the_ancient_header_is_read_and_our_rows_bring_their_own() {
    let scene = scene();
    fs::write(scene.path(), "\u{feff}from,code,ballot,decree\r\nGray,2,4.Oki,\r\n").unwrap();
    let mut cursor = scene.cursor();
    assert_eq!(read(&mut cursor), vec![Ok((name("Gray"), voted(1)))]);
    scene.book().append([(name("Gray"), &voted(37))]).unwrap();
    assert_eq!(read(&mut cursor), vec![Ok((name("Gray"), voted(37)))]);
    fs::write(scene.path(), "from;code;ballot;decree\nGray;2;4.Oki;\n").unwrap();
    assert_eq!(read(&mut scene.cursor())[0], Err(Flaw::Semicolons));
    fs::write(scene.path(), "code,ballot,from\n2,4.Oki,Gray\n").unwrap();
    assert!(read(&mut scene.cursor())[0].is_err(), "a header begins with `from`");
    fs::write(scene.path(), "from,ballot,code\nGray,4.Oki,2\n").unwrap();
    assert_eq!(read(&mut scene.cursor()), vec![Ok((name("Gray"), voted(1)))]);
}

#[test]
fn rows_of_many_writers_never_interleave() {
    let scene = Arc::new(scene());
    let (writers, batches, rows) = (8, 40, 25);
    std::thread::scope(|threads| {
        for writer in 0..writers {
            let scene = Arc::clone(&scene);
            threads.spawn(move || {
                let mut book = scene.book();
                for batch in 0..batches {
                    let number = |row| 1 + (writer * batches + batch) * rows + row;
                    let messages: Vec<Message> = (0..rows).map(|row| voted(number(row))).collect();
                    book.append(messages.iter().map(|message| (name("Gray"), message))).unwrap();
                }
            });
        }
    });
    let mut numbers: Vec<u64> = Vec::new();
    for row in read(&mut scene.cursor()) {
        match row.unwrap() {
            (_, Message::Voted { number, .. }) => numbers.push(number),
            other => panic!("{other:?}"),
        }
    }
    for batch in numbers.chunks(usize::try_from(rows).unwrap()) {
        assert!(batch.windows(2).all(|pair| pair[1] == pair[0] + 1), "a batch was torn apart");
    }
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=writers * batches * rows));
}
