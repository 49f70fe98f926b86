//! `parliament play --open`: the server of the page, as its page and as others ask it.
#![cfg(feature = "web")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::time::Duration;

use crate::common::{House, wait_until};
use serde_json::Value;

/// A server that ends with the test.
struct Served {
    house: House,
    child: Child,
    host: String,
    token: String,
}

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    fn of(arguments: &[&str]) -> Served {
        let house = House::new();
        let words: Vec<&str> = ["play", "--open"].iter().chain(arguments).copied().collect();
        let mut command = house.command(&words);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        let parts: Vec<&str> = address.trim().split('/').collect();
        let [_, _, host, token, ""] = parts[..] else { panic!("{address}") };
        let (host, token) = (host.to_owned(), token.to_owned());
        Served { house, child, host, token }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends a request as it stands; the reply to it.
    fn raw(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        reply(&mut stream)
    }

    fn get(&self, path: &str) -> Reply {
        let (host, token) = (&self.host, &self.token);
        self.raw(
            format!("GET /{token}/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )
    }

    fn post(&self, path: &str, body: &[u8], more: &str) -> Reply {
        let (host, token, length) = (&self.host, &self.token, body.len());
        let head = format!(
            "POST /{token}/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{more}\r\n"
        );
        self.raw(&[head.as_bytes(), body].concat())
    }

    fn answer(&self, script: &str) -> Value {
        let reply = self.post("answer", script.as_bytes(), "");
        assert_eq!(reply.status, 200, "{}", reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn reply(stream: &mut TcpStream) -> Reply {
    let mut text = Vec::new();
    stream.read_to_end(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, head: head.to_lowercase(), body: body.to_owned() }
}

const SCRIPT: &str = "convene Dwork Gray Oki\ntry 1.Dwork\ndeliver all\nbegin Dwork β\n";

#[test]
fn the_server_answers_as_the_terminal_does() {
    let served = Served::of(&[]);
    std::fs::write(served.house.path().join("scene.txt"), SCRIPT).unwrap();
    let told = served.house.run(&["play", "scene.txt", "--json"]);
    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(served.answer(SCRIPT), told);
    let short = told["short"].as_str().unwrap();
    assert_eq!(served.answer(short)["short"], short, "the address holds the script");
    let unknown = served.answer("convene Dwork Gray Oki\nfly Dwork\n");
    assert_eq!(unknown["error"]["line"], 2, "{unknown}");
    assert_eq!(unknown["moment"], 0);
}

#[test]
fn a_page_begins_where_the_command_says() {
    let served = Served::of(&["--priests", "Gray Oki"]);
    let start: Value = serde_json::from_str(&served.get("start").body).unwrap();
    assert_eq!(start["script"], "basic.Gray.Oki");
    let heresies = start["heresies"].as_array().unwrap();
    assert!(heresies.iter().any(|it| it["name"] == "own-decree" && it["levels"][0] == "basic"));
}

#[test]
fn every_reply_forbids_what_the_page_does_not_bring() {
    let served = Served::of(&[]);
    for path in ["", "page.js", "page.css", "icon.svg", "start", "nothing"] {
        let reply = served.get(path);
        assert_eq!(reply.status, if path == "nothing" { 404 } else { 200 }, "{path}");
        for said in [
            "content-security-policy: default-src 'none'; script-src 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(reply.head.contains(said), "{path}: {said} is not in {}", reply.head);
        }
    }
}

#[test]
fn strangers_are_refused_and_told_why() {
    let served = Served::of(&[]);
    let (host, token) = (&served.host, &served.token);
    let port = host.rsplit_once(':').unwrap().1;
    let ask = |path: &str, headers: &str| {
        served.raw(format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes())
    };
    let page = format!("/{token}/");
    let own = format!("Host: {host}\r\n");
    assert_eq!(ask(&page, &own).status, 200);
    let refused = ask("/", &own);
    assert_eq!(refused.status, 404);
    assert!(refused.body.contains("has a token in it"), "{}", refused.body);
    assert_eq!(ask("/0123456789abcdef0123456789abcdef/", &own).status, 404);
    let refused = ask(&page, &format!("Host: evil.example:{port}\r\n"));
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("only to the number of this machine"), "{}", refused.body);
    let across = format!("{own}Origin: http://evil.example\r\n");
    let refused = ask(&page, &across);
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("another site"), "{}", refused.body);
    let across = served.post("answer", SCRIPT.as_bytes(), "Origin: null\r\n");
    assert_eq!(across.status, 403);
}

#[test]
fn a_script_that_is_too_long_is_refused() {
    let served = Served::of(&[]);
    let reply = served.post("answer", &vec![b'#'; 10 << 20], "");
    assert_eq!(reply.status, 413);
    assert!(reply.body.contains("at most 1 MiB and 2,000 commands"), "{}", reply.body);
    let many = format!("basic.Dwork.Gray.Oki{}", ";t.1.Dwork".repeat(90_000));
    let answer = served.answer(&many);
    assert!(answer["error"]["message"].as_str().unwrap().contains("2000"), "{}", answer["error"]);
    let not_utf8 = served.post("answer", b"convene \xff", "");
    assert_eq!((not_utf8.status, not_utf8.body.as_str()), (400, "This script is not UTF-8.\n"));
    assert_eq!(served.answer(SCRIPT)["error"], Value::Null, "the others go on");
}

#[test]
fn those_who_say_nothing_hold_up_nobody() {
    let served = Served::of(&[]);
    let silent: Vec<TcpStream> = (0..100).map(|_| served.connect()).collect();
    let mut half = served.connect();
    half.write_all(b"POST /x/answer HTTP/1.1\r\nHost:").unwrap();
    assert_eq!(served.answer(SCRIPT)["error"], Value::Null);
    drop((silent, half));
}

#[test]
fn those_who_find_no_place_are_told_so() {
    let served = Served::of(&[]);
    let held: Vec<TcpStream> = (0..600).map(|_| served.connect()).collect();
    let mut next = served.connect();
    let reply = reply(&mut next);
    assert_eq!(reply.status, 503);
    assert!(reply.body.contains("All places at this server are taken"), "{}", reply.body);
    drop(held);
}

/// One address holds all that it may, and comes 9,400 times more; another is answered meanwhile.
#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_connections_are_bounded_and_others_go_on() {
    let served = Served::of(&[]);
    let other_is_answered = || {
        let head = format!("GET /{}/start HTTP/1.1\r\nHost: {}\r\n", served.token, served.host);
        let mut stream = from_another_address(&served.host);
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).unwrap();
        assert_eq!(reply(&mut stream).status, 200);
    };
    let held: Vec<TcpStream> = (0..600).map(|_| served.connect()).collect();
    for round in 0..94 {
        let come: Vec<TcpStream> = (0..100).map(|_| served.connect()).collect();
        for mut one in come {
            assert_eq!(reply(&mut one).status, 503);
        }
        if round % 20 == 0 {
            other_is_answered();
        }
    }
    other_is_answered();
    drop(held);
    wait_until("places are given back", || {
        let mut stream = served.connect();
        let head = format!("GET /{}/start HTTP/1.1\r\nHost: {}\r\n", served.token, served.host);
        let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes());
        let mut reply = String::new();
        stream.read_to_string(&mut reply).is_ok() && reply.starts_with("HTTP/1.1 200")
    });
}

/// A connection from 127.0.0.2, which is this machine too.
#[cfg(target_os = "linux")]
fn from_another_address(host: &str) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        socket.connect(host.parse().unwrap()).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
}

/// Replies of 10 MB each are asked for, and nobody takes them.
#[test]
fn those_who_read_nothing_hold_up_nobody() {
    let served = Served::of(&[]);
    let head = format!("GET /{}/page.js HTTP/1.1\r\nHost: {}\r\n\r\n", served.token, served.host);
    let deaf: Vec<TcpStream> = (0..50)
        .map(|_| {
            let mut stream = served.connect();
            stream.write_all(head.repeat(200).as_bytes()).unwrap();
            stream
        })
        .collect();
    for _ in 0..5 {
        assert_eq!(served.answer(SCRIPT)["error"], Value::Null);
    }
    drop(deaf);
}

#[test]
fn the_server_ends_by_itself_when_told_to() {
    let ended = House::new().run(&["play", "--open", "--for", "100ms"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.starts_with("http://127.0.0.1:"), "{}", ended.out);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let served = Served::of(&[]);
    let port = served.host.rsplit_once(':').unwrap().1;
    let ended = House::new().run(&["play", "--open", "--port", port]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains(&format!("cannot serve at port {port}")), "{}", ended.err);
}

#[test]
fn the_shortest_run_comes_as_a_branch() {
    let served = Served::of(&[]);
    let script = "basic.Dwork.Fischer.Gray;h.all.one-reply-quorum";
    let reply = served.post("shortest", script.as_bytes(), "");
    let told: Value = serde_json::from_str(&reply.body).unwrap();
    assert!(told["says"][0].as_str().unwrap().starts_with("The shortest has"), "{told}");
    let broken = told["answer"]["rules"].as_array().unwrap().iter().any(|it| it["holds"] == false);
    assert!(broken, "{told}");
}

#[test]
fn a_question_is_asked_before_it_is_answered() {
    let served = Served::of(&[]);
    let script = b"basic.Dwork.Gray.Oki;t.1.Dwork;d.Dwork.Gray.NB1";
    let asked: Value = serde_json::from_str(&served.post("question", script, "").body).unwrap();
    assert_eq!(asked["answers"].as_array().unwrap().len(), 3, "{asked}");
    let told = served.post("question?answer=0", script, "");
    let told: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["isRight"], true, "{told}");
    for none in ["question?answer=3", "question?answer=x", "question?answer=", "question?answer=-1"]
    {
        let reply = served.post(none, script, "");
        assert_eq!(reply.status, 200, "{none}: {}", reply.body);
        assert_eq!(serde_json::from_str::<Value>(&reply.body).unwrap(), asked, "{none}");
    }
}

#[test]
fn the_address_of_a_hunt_holds_a_seed_and_no_heresy() {
    let served = Served::of(&["--heresy", "?", "--seed", "7"]);
    let start: Value = serde_json::from_str(&served.get("start").body).unwrap();
    assert_eq!(start["script"], "hunt.7");
    let answer = served.answer("hunt.7;t.1.Dwork");
    assert_eq!(answer["short"], "hunt.7;t.1.Dwork");
    assert_eq!(answer["game"]["secret"], true);
}

#[test]
fn a_page_for_this_machine_alone_is_not_served_to_the_network() {
    let house = House::new();
    for arguments in [
        &["play", "--class", "--lan", "--here"][..],
        &["play", "--class", "--lan"],
        &["play", "--open", "--lan", "--here"],
    ] {
        house.run(&[arguments, &["--for", "1ms"]].concat()).exits(2);
    }
}

#[test]
fn a_class_that_would_hunt_is_refused_with_the_ways_on() {
    let class = ["play", "--class", "--here", "--heresy", "?"];
    House::new().run(&class).exits(2).says("a class cannot hunt");
}
