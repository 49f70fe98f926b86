//! Transcripts a person can read: what is done, and what is inked and sent in answer.
//!
//! Each file of `tests/transcripts/` is a script of a scene, with its answers. A block is a `#`
//! comment that says why, a command, a line `----`, and the answer; a blank line ends it.
//! `REWRITE=1 cargo test --test suite transcripts` writes the answers anew, for a person to read before
//! they are kept. `docs/scene.md` tells the commands.

use std::fmt::Write as _;
use std::path::Path;

use parliament::scene::{Command, Script, Tree, row_in_words};

/// The consequence of a command of a script, told.
fn answer(tree: &mut Tree, command: &Command) -> String {
    tree.obey(command).unwrap_or_else(|why| panic!("{why}"));
    match command {
        Command::Ledger(who) => {
            let rows = tree.here().scene.ledger(*who);
            rows.map(|row| row_in_words(row) + "\n").collect()
        }
        _ => tree.here().told.in_words(),
    }
}

/// Plays a scene and returns it as it would be written.
fn play(text: &str) -> String {
    let script = Script::read(text).unwrap_or_else(|why| panic!("{why}"));
    let mut tree = Tree::begin(&script.setting);
    let mut commands = script.commands.iter().peekable();
    let mut written = String::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        writeln!(written, "{line}").unwrap();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        assert_eq!(lines.next().map(|(_, line)| line), Some("----"), "after the command {line}");
        let command = commands.next_if(|(place, _)| place.line == number);
        let told = command.map(|(_, command)| answer(&mut tree, command)).unwrap_or_default();
        writeln!(written, "----\n{told}").unwrap();
        for (_, old) in lines.by_ref() {
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
