//! The chronicle's pages in a real browser: `tests/browser/chronicle.test.js` opens what is drawn
//! here. Needs Chromium, node, and `npm ci` in `tests/browser`; without them it says so and passes.

mod script;

use std::path::{Path, PathBuf};
use std::process::Command;

use parliament::picture::{Chronicle, html, record};
use script::runs::{adopted, duel, fates, forgotten, hostile, parliament, plain};
use script::{Script, play};

fn chronicle(name: &str, run: Script) -> Chronicle {
    let trace = play(run);
    let name = format!("{name}.csv");
    let records = record::from_trace(trace.as_bytes(), Path::new(&name)).unwrap();
    Chronicle::of(&name, records).unwrap()
}

/// Where the first of these programs is.
fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places = || std::env::split_paths(&path);
    names.iter().flat_map(|name| places().map(move |place| place.join(name))).find(|p| p.is_file())
}

#[test]
fn the_pages_open_step_and_ask_for_nothing_in_a_browser() {
    let here = Path::new("tests/browser");
    let chromium = find(&["chromium", "chromium-browser", "google-chrome"]);
    let (Some(chromium), Some(node)) = (chromium, find(&["node"])) else {
        eprintln!("skipped: no Chromium or no node here");
        return;
    };
    if !here.join("node_modules/playwright-core").exists() {
        eprintln!("skipped: run `npm ci` in tests/browser first");
        return;
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
    std::fs::write(pages.path().join("ledgers.json"), run(&["ledgers", "--json"])).unwrap();
    std::fs::write(pages.path().join("audit.json"), run(&["audit", "--json", "--all"])).unwrap();
    let tested = Command::new(node)
        .args(["--test", "chronicle.test.js"])
        .current_dir(here)
        .env("PAGES", pages.path())
        .env("CHROMIUM", chromium)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&tested.stdout);
    assert!(tested.status.success(), "{said}");
    eprintln!("{said}");
}
