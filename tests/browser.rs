//! The pages in a real browser: `tests/browser/chronicle.test.js` opens what is drawn here, and
//! `playground.test.js` plays with `parliament play --open`, and `watch.test.js` watches a chamber. Chromium and node must be there; the rest is installed by `npm ci` below the target
//! directory. Where something is missing the tests say that they are skipped, and pass; with
//! `PARLIAMENT_NO_SKIP=1` they fail.
#![cfg(feature = "chronicle")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::script::runs::{adopted, duel, fates, forgotten, hostile, parliament, plain};
use crate::script::{Script, play};
use crate::skipping::skipped;
use parliament::picture::{Chronicle, html, record};

fn chronicle(name: &str, run: Script) -> Chronicle {
    let trace = play(run);
    let name = format!("{name}.csv");
    let records = record::from_trace(trace.as_bytes(), Path::new(&name)).unwrap();
    Chronicle::of_trace(&name, records).unwrap()
}

/// A trace in which a citizen hands sixty petitions to one priest, who finds all on his desk.
fn many_petitions() -> String {
    use std::fmt::Write as _;
    let head = "seq,at,event,from,to,message,ballot,number,vote,decree,quorum,of,petition\n";
    let mut trace = String::from(head);
    let founded = "1,0.000,founded,,,,,0,,Gray Lynch Oki,,,\n2,0.000,enter,Oki,,,,,,,,,\n";
    trace.push_str(founded);
    for (first, at, event) in [(2, "1.000", "send"), (62, "1.500", "receive")] {
        for n in 1..=60 {
            let (seq, decree) = (first + n, format!("Goat {n} may be sold"));
            writeln!(trace, "{seq},{at},{event},Dolf,Oki,Petition,,,,{decree},,,Dolf/{n}").unwrap();
        }
    }
    trace
}

/// Chromium without a window starts and draws sooner than the whole of it, and shows the same.
const BROWSERS: &[&str] =
    &["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/// Where the first of these programs is.
fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places = || std::env::split_paths(&path);
    names.iter().flat_map(|name| places().map(move |place| place.join(name))).find(|p| p.is_file())
}

/// How long `npm ci` may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// A copy of `tests/browser` below the target directory, with what `package-lock.json` names
/// installed; the sources stay as they are. The reason, if that cannot be had here.
fn workshop() -> Result<PathBuf, String> {
    static WORKSHOP: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    WORKSHOP.get_or_init(install).clone()
}

fn install() -> Result<PathBuf, String> {
    let npm = find(&["npm"]).ok_or("no npm here")?;
    let there = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&there).unwrap();
    // Two runs of the tests may share a target directory.
    let alone = std::fs::File::create(there.join(".lock")).unwrap();
    alone.lock().unwrap();
    for file in std::fs::read_dir("tests/browser").unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::write(there.join(file.file_name()), std::fs::read(file.path()).unwrap())
                .unwrap();
        }
    }
    let lock = std::fs::read(there.join("package-lock.json")).unwrap();
    let installed = there.join("node_modules/.installed");
    if std::fs::read(&installed).is_ok_and(|of| of == lock) {
        return Ok(there);
    }
    let mut npm = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(&there)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("npm does not run: {error}"))?;
    let begun = Instant::now();
    let done = loop {
        match npm.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(50)),
            None => {
                npm.kill().unwrap();
                npm.wait().unwrap();
                return Err(format!("npm ci took more than {PATIENCE:?}"));
            }
        }
    };
    if !done.success() {
        return Err("npm ci failed: there is no way to its registry, it seems".into());
    }
    std::fs::write(installed, lock).unwrap();
    Ok(there)
}

/// Runs node in the workshop; what it says, or why it cannot run here.
fn node(arguments: &[&str], more: &[(&str, &Path)]) -> Result<String, String> {
    let node = find(&["node"]).ok_or("no node here")?;
    let there = workshop()?;
    let mut node = Command::new(node);
    node.args(arguments).current_dir(there).envs(more.iter().copied());
    let done = node.output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    Ok(said)
}

/// Says the result, or why the test was skipped.
fn conclude(result: Result<String, String>) {
    match result {
        Ok(said) => eprintln!("{said}"),
        Err(reason) => skipped(&reason),
    }
}

#[test]
fn the_scripts_of_the_pages_are_linted() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    conclude(node(&["lint.js"], &[("SOURCES", &sources)]));
}

#[test]
#[cfg(feature = "web")]
fn the_playground_is_played_in_a_browser() {
    let Some(chromium) = find(BROWSERS) else {
        return conclude(Err("no Chromium here".into()));
    };
    let program = Path::new(env!("CARGO_BIN_EXE_parliament"));
    let tested = ["--test", "playground.test.js"];
    conclude(node(&tested, &[("PARLIAMENT", program), ("CHROMIUM", &chromium)]));
}

#[test]
#[cfg(feature = "web")]
fn a_chamber_that_sits_is_watched_in_a_browser() {
    let Some(chromium) = find(BROWSERS) else {
        return conclude(Err("no Chromium here".into()));
    };
    let program = Path::new(env!("CARGO_BIN_EXE_parliament"));
    let tested = ["--test", "watch.test.js"];
    conclude(node(&tested, &[("PARLIAMENT", program), ("CHROMIUM", &chromium)]));
}

#[test]
fn the_pages_open_step_and_ask_for_nothing_in_a_browser() {
    let Some(chromium) = find(BROWSERS) else {
        return conclude(Err("no Chromium here".into()));
    };
    if let Err(reason) = workshop() {
        return conclude(Err(reason));
    }
    let pages = tempfile::tempdir().unwrap();
    let write = |name: &str, run: Script| {
        let page = html::draw(&chronicle(name, run), None).unwrap();
        std::fs::write(pages.path().join(format!("{name}.html")), page).unwrap();
    };
    write("plain", plain());
    write("fates", fates());
    write("duel", duel());
    write("adopted", adopted());
    write("forgotten", forgotten());
    write("hostile", hostile());
    write("parliament", parliament(20, 23));
    write("long", parliament(240, 0));
    let many = record::from_trace(many_petitions().as_bytes(), Path::new("many.csv")).unwrap();
    let many = html::draw(&Chronicle::of_trace("many.csv", many).unwrap(), None).unwrap();
    std::fs::write(pages.path().join("many.html"), many).unwrap();
    let (one, other) = (chronicle("plain", plain()), chronicle("fates", fates()));
    std::fs::write(pages.path().join("two.html"), html::draw(&one, Some(&other)).unwrap()).unwrap();
    let chamber = pages.path().join("chamber");
    std::fs::create_dir(&chamber).unwrap();
    let program = env!("CARGO_BIN_EXE_parliament");
    let run = |arguments: &[&str]| {
        let done = Command::new(program).arg("--chamber").arg(&chamber).args(arguments).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    run(&["synod", "Lamps must use only olive oil"]);
    let page = pages.path().join("chamber.html");
    run(&["chronicle", "--html", page.to_str().unwrap()]);
    let trace = pages.path().join("glance.csv");
    let trace = trace.to_str().unwrap();
    run(&["simulate", "--seed", "5", "--decrees", "60", "--trace", trace]);
    let page = pages.path().join("glance.html");
    run(&[
        "chronicle",
        "--trace",
        trace,
        "--from",
        "1001",
        "--to",
        "1400",
        "--html",
        page.to_str().unwrap(),
    ]);
    std::fs::write(pages.path().join("ledgers.json"), run(&["ledgers", "--json"])).unwrap();
    std::fs::write(pages.path().join("audit.json"), run(&["audit", "--json", "--all"])).unwrap();
    let (pages, chromium) = (pages.path(), chromium.as_path());
    let gallery = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gallery");
    let tested = ["--test", "chronicle.test.js"];
    let places = [("PAGES", pages), ("CHROMIUM", chromium), ("GALLERY", gallery.as_path())];
    conclude(node(&tested, &places));
}

#[cfg(feature = "web")]
#[test]
fn a_class_of_twenty_phones_is_held_in_two_browsers() {
    let Some(chromium) = find(BROWSERS) else {
        return conclude(Err("no Chromium here".into()));
    };
    let places = [
        ("CHROMIUM", chromium.as_path()),
        ("PARLIAMENT", Path::new(env!("CARGO_BIN_EXE_parliament"))),
    ];
    conclude(node(&["--test", "class.test.js"], &places));
}
