//! Tests of the opening, making and moving of records.

use super::*;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

type Open = fn(&Path) -> io::Result<File>;
const WAYS: [Open; 5] = [read, rewrite, append, append_or_make, make];

#[test]
fn nothing_but_a_regular_file_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("target"), "whole").unwrap();
    symlink(at("target"), at("link")).unwrap();
    symlink("/dev/zero", at("endless")).unwrap();
    symlink(at("nowhere"), at("dangling")).unwrap();
    fs::create_dir(at("directory")).unwrap();
    let _socket = UnixListener::bind(at("socket")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    for name in ["link", "endless", "dangling", "directory", "socket", "pipe"] {
        for open in WAYS {
            assert!(open(&at(name)).is_err(), "{name} was opened");
        }
        assert!(is_no_record(&read(&at(name)).unwrap_err()), "{name}");
        assert!(is_no_record(&rename(&at("target"), &at(name)).unwrap_err()), "{name}");
    }
    assert_eq!(fs::read(at("target")).unwrap(), b"whole");
    assert!(!stands(&at("nowhere")));
    let zero = read(Path::new("/dev/zero")).unwrap_err();
    assert!(zero.to_string().starts_with("this is a device, and"), "{zero}");
}

#[test]
fn nothing_is_linked_moved_or_renamed_over_another_file() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::write(at("record"), "whole").unwrap();
    fs::create_dir(at("messagebooks")).unwrap();
    fs::create_dir(at("there")).unwrap();
    symlink(at("record"), at("link")).unwrap();
    assert!(is_no_record(&link(&at("link"), &at("second")).unwrap_err()));
    assert!(link(&at("record"), &at("link")).is_err());
    for there in ["there", "link", "record"] {
        let moved = move_aside(&at("messagebooks"), &at(there)).unwrap_err();
        assert_eq!(moved.kind(), io::ErrorKind::AlreadyExists, "{there}");
    }
    assert!(at("messagebooks").is_dir() && !at("second").exists());
}

#[test]
fn only_the_chambers_own_path_may_be_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir_all(at("real/ledgers/archive")).unwrap();
    fs::write(at("real/ledgers/A.csv"), "").unwrap();
    symlink(at("real"), at("chamber")).unwrap();
    read(&at("chamber/ledgers/A.csv")).unwrap();
    fs::create_dir(at("other")).unwrap();
    symlink(at("real/ledgers"), at("other/ledgers")).unwrap();
    for name in ["other/ledgers/A.csv", "other/ledgers/archive/A.1.csv"] {
        let refused = append_or_make(&at(name)).unwrap_err();
        let named = format!("{} is a symbolic link, and", at("other/ledgers").display());
        assert!(refused.to_string().starts_with(&named), "{refused}");
    }
    assert!(is_no_record(&files_in(&at("other/ledgers")).unwrap_err()));
    assert!(is_no_record(&make_directory(&at("other/ledgers")).unwrap_err()));
}

#[test]
fn a_draft_replaces_a_link_and_leaves_its_target() {
    let dir = tempfile::tempdir().unwrap();
    let (draft, target) = (dir.path().join("draft"), dir.path().join("target"));
    fs::write(&target, "whole").unwrap();
    symlink(&target, &draft).unwrap();
    io::Write::write_all(&mut make_draft(&draft).unwrap(), b"new").unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"whole");
    assert_eq!(fs::read(&draft).unwrap(), b"new");
}

/// The directories of a chamber in which records lie, and how each may be a link.
#[test]
fn nothing_is_done_through_a_link_in_a_chamber() {
    type Deed = fn(&Path, &Path) -> io::Result<()>;
    let deeds: [(&str, Deed); 13] = [
        ("read", |it, _| read(it).map(drop)),
        ("rewrite", |it, _| rewrite(it).map(drop)),
        ("append", |it, _| append(it).map(drop)),
        ("make", |it, _| make(&it.with_extension("new")).map(drop)),
        ("make_draft", |it, _| make_draft(it).map(drop)),
        ("rename to", |it, sound| rename(sound, &it.with_extension("new"))),
        ("move_aside to", |it, sound| move_aside(sound, &it.with_extension("new"))),
        ("move_aside from", |it, sound| move_aside(it, &sound.with_extension("new"))),
        ("link to", |it, sound| link(sound, &it.with_extension("new"))),
        ("remove", |it, _| remove(it)),
        ("files_in", |it, _| files_in(it.parent().unwrap()).map(drop)),
        ("make_directory", |it, _| make_directory(it.parent().unwrap())),
        ("open_directory", |it, _| open_directory(it.parent().unwrap()).map(drop)),
    ];
    for linked in ["ledgers", "messagebooks", "ledgers/archive", "messagebooks/archive"] {
        for within in ["", "/archive"] {
            if within == "/archive" && linked.ends_with("archive") {
                continue;
            }
            for (what, deed) in deeds {
                let dir = tempfile::tempdir().unwrap();
                let at = |name: &str| dir.path().join(name);
                let elsewhere = at(&format!("elsewhere{within}"));
                fs::create_dir_all(&elsewhere).unwrap();
                fs::create_dir_all(at("sound/ledgers")).unwrap();
                fs::write(elsewhere.join("A.csv"), "whole").unwrap();
                fs::write(at("sound/ledgers/A.csv"), "sound").unwrap();
                fs::create_dir_all(at("chamber").join(linked).parent().unwrap()).unwrap();
                symlink(at("elsewhere"), at("chamber").join(linked)).unwrap();
                let record = at("chamber").join(format!("{linked}{within}")).join("A.csv");
                let done = deed(&record, &at("sound/ledgers/A.csv"));
                let refused = done.expect_err(&format!("{what} in {linked}{within}"));
                assert!(is_no_record(&refused), "{what} in {linked}{within}: {refused}");
                let there: Vec<_> = fs::read_dir(&elsewhere).unwrap().collect();
                assert_eq!(there.len(), 1, "{what} in {linked}{within}");
                assert_eq!(fs::read(elsewhere.join("A.csv")).unwrap(), b"whole");
                assert_eq!(fs::read(at("sound/ledgers/A.csv")).unwrap(), b"sound");
            }
        }
    }
}

#[test]
fn a_whole_directory_that_is_a_link_is_not_moved_aside() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("elsewhere")).unwrap();
    symlink(at("elsewhere"), at("messagebooks")).unwrap();
    assert!(is_no_record(&move_aside(&at("messagebooks"), &at("earlier")).unwrap_err()));
    assert!(!at("earlier").exists());
}

#[test]
fn a_name_is_free_only_where_nothing_can_stand_under_it() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    symlink(at("nowhere"), at("dangling")).unwrap();
    fs::write(at("file"), "").unwrap();
    symlink(at("file"), at("ledgers")).unwrap();
    assert!(!stands(&at("free")));
    // A link to nowhere; a file in a place that cannot be looked at.
    for taken in ["dangling", "file", "file/within", "ledgers/A.csv"] {
        assert!(stands(&at(taken)), "{taken}");
    }
    assert!(move_aside(&at("file"), &at("dangling")).is_err());
    assert!(fs::symlink_metadata(at("dangling")).unwrap().is_symlink());
}

#[test]
fn one_record_that_is_closed_does_not_close_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let refused = read(dir.path()).unwrap_err();
    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    assert!(is_closed(&denied) && is_closed(&refused));
    let gone = read(&dir.path().join("gone")).unwrap_err();
    assert!(!is_closed(&gone) && !is_no_record(&denied));
}

#[test]
fn a_chamber_reached_by_a_link_keeps_its_roster() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("real")).unwrap();
    // A chamber may be called as its directories are.
    symlink(at("real"), at("ledgers")).unwrap();
    for name in IN_ROOT {
        make(&at("ledgers").join(name)).unwrap();
        read(&at("ledgers").join(name)).unwrap();
    }
}

/// Two who find no record make it at once: one makes it, the other opens it.
#[test]
fn a_record_that_another_makes_meanwhile_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..200 {
        let path = dir.path().join(round.to_string());
        let begin = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    begin.wait();
                    append_or_make(&path).unwrap();
                });
            }
        });
    }
}
