//! Every parser is given what fuzzing found, and what chance finds: none panics, none hangs, and
//! each can write back what it accepts.

#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::parsers::CHECKS;

/// The inputs kept for one parser; none in a crate that was packed without them.
fn corpus(of: &str) -> Vec<PathBuf> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(of);
    let Ok(files) = std::fs::read_dir(kept) else { return Vec::new() };
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn what_fuzzing_found_is_borne() {
    for (name, check) in CHECKS {
        for file in corpus(name) {
            println!("{}", file.display());
            check(&std::fs::read(&file).unwrap());
        }
    }
}

#[test]
fn the_corpus_stays_small_and_leaves_no_parser_out() {
    if !Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").exists() {
        return;
    }
    let size = |file: &PathBuf| std::fs::metadata(file).unwrap().len();
    let sizes = CHECKS.map(|(name, _)| corpus(name).iter().map(size).sum::<u64>());
    assert!(sizes.iter().all(|&size| size > 0), "{sizes:?}");
    assert!(sizes.iter().sum::<u64>() < 300_000, "{sizes:?} bytes in all");
}

/// An input of the corpus, and what is done to it: pieces of it, or of others, or bytes by chance,
/// are put in the place of other pieces.
fn mangled(of: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let mut kept: Vec<Vec<u8>> =
        corpus(of).iter().map(|file| std::fs::read(file).unwrap()).collect();
    kept.sort();
    kept.push(Vec::new());
    let piece = (select(kept.clone()), any::<(u16, u16)>())
        .prop_map(|(text, (from, to))| text[span(text.len(), from, to)].to_vec());
    let new = prop_oneof![2 => piece, 1 => vec(any::<u8>(), 0..4), 1 => "[,\"\n0-9A-Z. ]{0,6}".prop_map(String::into_bytes)];
    let change = (any::<(u16, u16)>(), new);
    (select(kept), vec(change, 0..4)).prop_map(|(mut text, changes)| {
        for ((from, to), new) in changes {
            text.splice(span(text.len(), from, to), new);
        }
        text
    })
}

fn span(length: usize, from: u16, to: u16) -> std::ops::Range<usize> {
    let (from, to) = (from as usize % (length + 1), to as usize % (length + 1));
    from.min(to)..from.max(to)
}

/// Asks one parser to bear this many inputs.
fn bears(index: usize, inputs: u32) {
    let (name, check) = CHECKS[index];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(inputs));
    let bear = |bytes: Vec<u8>| {
        check(&bytes);
        Ok(())
    };
    runner.run(&mangled(name), bear).unwrap();
}

#[test]
fn words_bear_anything() {
    bears(0, 2000);
}

#[test]
fn the_law_bears_anything() {
    bears(1, 500);
}

#[test]
fn a_ledger_bears_anything() {
    bears(2, 1000);
}

#[test]
fn the_opening_of_a_ledger_bears_anything() {
    bears(3, 100);
}

#[test]
fn a_messagebook_bears_anything() {
    bears(4, 1000);
}

#[test]
fn a_trace_bears_anything() {
    bears(5, 1000);
}
