//! `parliament watch --web`: who may watch a chamber, what they are told, and that nothing is written.
#![cfg(feature = "web")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::House;
use serde_json::Value;

/// A chamber that is watched until the test ends.
struct Window {
    child: Child,
    host: String,
    token: String,
}

impl Window {
    fn of(house: &House) -> Window {
        let mut command = house.command(&["watch", "--web"]);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        let parts: Vec<&str> = address.trim().split('/').collect();
        let [_, _, host, token, ""] = parts[..] else { panic!("{address}") };
        let (host, token) = (host.to_owned(), token.to_owned());
        Window { child, host, token }
    }

    /// The reply to a request of this method, path and more headers.
    fn ask(&self, method: &str, path: &str, more: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\n{more}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    /// The first thing that is told and of which this is so.
    #[track_caller]
    fn hears(&self, what: &str, is_it: impl Fn(&str, &Value) -> bool) -> Value {
        let (host, token) = (&self.host, &self.token);
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let request = format!("GET /{token}/stream HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let (begun, mut heard) = (Instant::now(), Vec::new());
        let mut bytes = [0; 65_536];
        while begun.elapsed() < Duration::from_secs(60) {
            // Silence is no news.
            let Ok(many) = stream.read(&mut bytes) else { continue };
            heard.extend_from_slice(&bytes[..many]);
            for (kind, told) in told(&heard) {
                if is_it(&kind, &told) {
                    return told;
                }
            }
        }
        panic!("{what} was never told: {}", String::from_utf8_lossy(&heard));
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The whole events of a stream, out of its chunks.
fn told(heard: &[u8]) -> Vec<(String, Value)> {
    let Some(body) = heard.windows(4).position(|it| it == b"\r\n\r\n") else { return Vec::new() };
    let (mut rest, mut text) = (&heard[body + 4..], Vec::new());
    while let Some(end) = rest.windows(2).position(|it| it == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 || rest.len() < end + 4 + size {
            break;
        }
        text.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    let text = String::from_utf8(text).unwrap();
    let event = |it: &str| {
        let (kind, data) = it.strip_prefix("event: ")?.split_once("\ndata: ")?;
        Some((kind.to_owned(), serde_json::from_str(data).ok()?))
    };
    text.split("\n\n").filter_map(event).collect()
}

/// The bytes of every file.
fn files(under: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
    files
}

fn is_judged(kind: &str, told: &Value) -> bool {
    kind == "chamber"
        && told["judged"].as_str().is_some_and(|it| it.starts_with("judged through"))
        && told["latest"].as_str().is_some_and(|it| it.starts_with("decree 2"))
}

#[test]
fn strangers_are_refused_and_nobody_can_send_anything() {
    let house = House::new();
    let window = Window::of(&house);
    let (host, token) = (&window.host, &window.token);
    let (page, own) = (format!("/{token}/"), format!("Host: {host}\r\n"));
    let shown = window.ask("GET", &page, &own);
    assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
    assert!(shown.contains("content-security-policy: default-src 'none'"), "{shown}");
    for (method, path, headers, status) in [
        ("GET", "/", own.clone(), "404"),
        ("GET", "/stream", own.clone(), "404"),
        ("GET", "/0123456789abcdef0123456789abcdef/stream", own.clone(), "404"),
        ("GET", &page, "Host: evil.example\r\n".into(), "403"),
        ("GET", &format!("{page}stream"), format!("{own}Origin: http://evil.example\r\n"), "403"),
        ("GET", &format!("{page}stream"), format!("{own}Sec-Fetch-Site: cross-site\r\n"), "403"),
        ("POST", &format!("{page}stream"), own.clone(), "405"),
        ("POST", &format!("{page}answer"), own.clone(), "404"),
        ("GET", &format!("{page}start"), own.clone(), "404"),
    ] {
        let reply = window.ask(method, path, &headers);
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {reply}");
    }
}

#[test]
fn a_chamber_is_awaited_shown_and_not_written_in() {
    let house = House::new();
    let window = Window::of(&house);
    window.hears("that there is none yet", |kind, told| {
        kind == "trouble" && told["why"].to_string().contains("Nobody has founded a chamber")
    });
    house.run(&["pass", "Goats may graze", "Lamps must use only olive oil"]).exits(0);
    let before = files(house.path());
    let told = window.hears("the second decree, judged", is_judged);
    assert_eq!(told["counted"], Value::Null, "{told}");
    assert_eq!(told["priests"].as_array().unwrap().len(), 5);
    let gray = told["priests"].as_array().unwrap().iter().find(|it| it["name"] == "Gray").unwrap();
    assert!(gray["rows"].to_string().contains("1: Goats may graze"), "{gray}");
    drop(window);
    assert!(files(house.path()) == before, "something was written");
}

#[test]
fn a_forged_row_is_accused_by_file_and_line() {
    let house = House::new();
    house.run(&["pass", "Goats may graze", "Lamps must use only olive oil"]).exits(0);
    let window = Window::of(&house);
    let told = window.hears("the second decree, judged", is_judged);
    let promised = told["priests"].to_string();
    assert!(promised.contains("1.Oki"), "{promised}");
    let ledger = house.path().join("ledgers/Gray.csv");
    let mut forged = std::fs::read_to_string(&ledger).unwrap();
    let line = forged.lines().count() + 1;
    forged += "outcome,2,,Swine may be sold,,,,,\n";
    std::fs::write(&ledger, forged).unwrap();
    let told = window.hears("the fault", |_, told| told["counted"].is_string());
    let place = format!("Gray.csv:{line}:");
    let faults = told["faults"].as_array().unwrap();
    assert!(faults.iter().any(|it| it.as_str().unwrap().starts_with(&place)), "{faults:?}");
}

#[test]
fn a_chamber_that_is_gone_or_torn_is_told_and_watched_on() {
    let house = House::new();
    house.run(&["pass", "Goats may graze", "Lamps must use only olive oil"]).exits(0);
    let window = Window::of(&house);
    window.hears("the second decree, judged", is_judged);
    // A row that breaks off, and a messagebook that cannot be read.
    let ledger = house.path().join("ledgers/Gray.csv");
    let whole = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, format!("{whole}outcome,3,1.O\n")).unwrap();
    let told = window.hears("that a row is torn", |kind, told| {
        kind == "chamber" && (told["unjudged"] == true || told["counted"].is_string())
    });
    let said = format!("{} {}", told["judged"], told["faults"]);
    assert!(said.contains("Gray.csv"), "{said}");
    for part in ["ledgers", "messagebooks"] {
        std::fs::remove_dir_all(house.path().join(part)).unwrap();
    }
    window.hears("that the chamber is gone", |kind, told| {
        kind == "trouble" && told["why"].to_string().contains("The chamber that was here is gone.")
    });
    house.run(&["pass", "Swine may graze"]).exits(0);
    window.hears("the chamber in its place", |kind, told| {
        kind == "chamber" && told["latest"] == "decree 1: “Swine may graze”"
    });
}
