//! The pages show what happens: every `console` block of the README and of `docs/` is run.
//!
//! Lines that begin with `$ ` are commands; `…` within a line stands for anything, and alone on a
//! line for any number of lines. `cargo run --` is the program that was built, with `--release` too.

#[path = "common/program.rs"]
mod program;

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A command and what the page says it prints.
struct Shown {
    line: usize,
    command: String,
    output: Vec<String>,
}

fn shown(page: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut inside = false;
    for (i, text) in page.lines().enumerate() {
        match text {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match text.strip_prefix("$ ") {
                Some(command) => {
                    all.push(Shown { line: i + 1, command: command.into(), output: vec![] });
                }
                None => all.last_mut().expect("output after a command").output.push(text.into()),
            },
        }
    }
    all
}

/// Whether a text is a pattern in which `…` stands for anything.
fn line_fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn fits(patterns: &[String], lines: &[&str]) -> bool {
    match patterns.split_first() {
        None => lines.is_empty(),
        Some((dots, patterns)) if dots == "…" => {
            (0..=lines.len()).any(|skipped| fits(patterns, &lines[skipped..]))
        }
        Some((pattern, patterns)) => lines
            .split_first()
            .is_some_and(|(line, lines)| line_fits(pattern, line) && fits(patterns, lines)),
    }
}

/// A directory in which `cargo run` and `parliament` are the program under test.
fn shims() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_parliament");
    let scripts = [
        ("parliament", format!("#!/bin/sh\nexec {program} \"$@\"\n")),
        (
            "cargo",
            format!(
                "#!/bin/sh\n[ \"$1 $2\" = 'run --release' ] && shift || [ \"$1 $2\" = 'run --' ] || exit 99\nshift 2\nexec {program} \"$@\"\n"
            ),
        ),
    ];
    for (name, text) in scripts {
        program::lay(&dir.path().join(name), text.as_bytes());
    }
    dir
}

fn check(page: &Path) {
    let (house, shims) = (tempfile::tempdir().unwrap(), shims());
    let path = format!("{}:{}", shims.path().display(), std::env::var("PATH").unwrap());
    for Shown { line, command, output } in shown(&std::fs::read_to_string(page).unwrap()) {
        let ran = Command::new("sh")
            .args(["-c", &command])
            .current_dir(house.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let printed = String::from_utf8(ran.stdout).unwrap();
        let lines: Vec<&str> = printed.lines().collect();
        assert!(
            ran.status.success() && fits(&output, &lines),
            "{}:{line}: `{command}` ended with {} and printed\n{printed}{}",
            page.display(),
            ran.status,
            String::from_utf8_lossy(&ran.stderr)
        );
    }
}

#[test]
fn the_pages_show_what_happens() {
    let mut pages: Vec<PathBuf> = vec![root().join("README.md")];
    if let Ok(docs) = std::fs::read_dir(root().join("docs")) {
        let docs = docs.map(|entry| entry.unwrap().path());
        pages.extend(docs.filter(|path| path.extension().is_some_and(|e| e == "md")));
    }
    assert!(!shown(&std::fs::read_to_string(&pages[0]).unwrap()).is_empty());
    pages.iter().for_each(|page| check(page));
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    assert!(line_fits("a … c", "a b c") && line_fits("…", "") && line_fits("a…b…c", "a-b-c"));
    assert!(!line_fits("a … c", "a b d") && !line_fits("a", "ab") && !line_fits("", "a"));
    let patterns = |text: &str| text.lines().map(String::from).collect::<Vec<_>>();
    assert!(fits(&patterns("a\n…\nc"), &["a", "b", "b", "c"]) && fits(&patterns("a\n…"), &["a"]));
    assert!(!fits(&patterns("a\n…\nc"), &["a", "b"]) && !fits(&patterns("a"), &["a", "b"]));
}

/// Whether a page has a heading with this anchor, as GitHub makes it of the heading's words.
fn has_heading(file: &str, anchor: &str) -> bool {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let of = |heading: &str| heading.to_lowercase().chars().filter(kept).collect::<String>();
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let mut headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings.any(|line| of(line.trim_start_matches('#').trim()).replace(' ', "-") == anchor)
}

#[test]
fn every_file_the_pages_link_to_is_there() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut links = 0;
    for page in [readme, architecture] {
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !link.contains("://") && !link.starts_with('#') {
                let (file, heading) = link.split_once('#').unwrap_or((link, ""));
                assert!(root().join(file).exists(), "there is no {link}");
                assert!(heading.is_empty() || has_heading(file, heading), "there is no {link}");
                links += 1;
            }
        }
    }
    assert!(links > 5);
}
