//! `parliament play --class`: the server of a class, as its phones ask it, the teacher, and others.
#![cfg(feature = "web")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::common::House;
use serde_json::{Value, json};

/// A class that ends with the test.
struct Held {
    _house: House,
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    host: String,
    token: String,
}

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

impl Held {
    fn new() -> Held {
        Held::with(&["--here"])
    }

    fn with(arguments: &[&str]) -> Held {
        let house = House::new();
        let words = ["play", "--class", "--port", "0"];
        let words: Vec<&str> = words.iter().chain(arguments).copied().collect();
        let mut command = house.command(&words);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        let parts: Vec<&str> = address.trim().split('/').collect();
        let [_, _, host, token, ""] = parts[..] else { panic!("{address}") };
        let (host, token) = (host.to_owned(), token.to_owned());
        Held { _house: house, child, out, host, token }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Reply {
        let (host, length) = (&self.host, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn post(&self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path, &body.to_string())
    }

    /// The teacher does something.
    fn wish(&self, body: &Value) -> Reply {
        self.post(&format!("/{}/class/do", self.token), body)
    }

    fn does(&self, body: &Value) {
        let reply = self.wish(body);
        assert_eq!(reply.status, 200, "{body}: {}", reply.body);
    }

    fn of_teacher(&self, path: &str) -> Reply {
        self.ask("GET", &format!("/{}/{path}", self.token), "")
    }

    fn come(&self) -> Phone {
        let told = self.post("/c/come", &json!({})).json();
        let text = |field: &str| told[field].as_str().unwrap().to_owned();
        self.listen(&text("key"), &text("class"))
    }

    fn listen(&self, key: &str, class: &str) -> Phone {
        let host = &self.host;
        let mut stream = TcpStream::connect(host).unwrap();
        let path = format!("/c/stream?class={class}&key={key}");
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
            .unwrap();
        let (key, class) = (key.to_owned(), class.to_owned());
        Phone { key, class, stream: BufReader::new(stream) }
    }

    fn answer(&self, phone: &Phone, question: usize, round: usize, answer: usize) -> Reply {
        let body =
            json!({ "key": phone.key, "question": question, "round": round, "answer": answer });
        self.post("/c/answer", &body)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A phone, and its stream.
struct Phone {
    key: String,
    class: String,
    stream: BufReader<TcpStream>,
}

impl Phone {
    /// The next event of this name.
    fn hears(&mut self, name: &str) -> Value {
        let mut line = String::new();
        let mut is_it = false;
        loop {
            line.clear();
            assert!(self.stream.read_line(&mut line).unwrap() > 0, "the stream has ended");
            if let Some(event) = line.trim().strip_prefix("event: ") {
                is_it = event == name;
            } else if let Some(data) = line.trim().strip_prefix("data: ").filter(|_| is_it) {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    /// The news in which this holds.
    fn waits(&mut self, until: impl Fn(&Value) -> bool) -> Value {
        loop {
            let seen = self.hears("class");
            if until(&seen) {
                return seen;
            }
        }
    }
}

fn at(stage: &'static str) -> impl Fn(&Value) -> bool {
    move |seen| seen["question"]["stage"] == stage
}

const BEGUN: &str = "basic.Dwork.Gray.Oki;t.1.Oki";

#[test]
fn a_question_goes_through_the_class_and_into_the_totals() {
    let held = Held::new();
    let (mut one, mut other) = (held.come(), held.come());
    held.does(&json!({ "do": "ready", "number": 1 }));
    let seen = one.waits(at("first"));
    assert_eq!(seen, other.waits(at("first")), "all see the same");
    assert!(seen["question"]["right"].is_null());
    assert_eq!(held.answer(&one, 1, 1, 0).status, 204);
    assert_eq!(held.answer(&other, 1, 1, 1).status, 204);
    held.does(&json!({ "do": "close" }));
    assert_eq!(one.waits(at("talk"))["question"]["first"], json!([1, 1, 0]));
    held.does(&json!({ "do": "again" }));
    one.waits(at("second"));
    assert_eq!(held.answer(&one, 1, 2, 1).status, 204);
    held.does(&json!({ "do": "close" }));
    held.does(&json!({ "do": "reveal" }));
    let seen = one.waits(at("revealed"));
    assert_eq!(seen["question"]["right"], 1);
    let totals = held.of_teacher("class/misconceptions.csv");
    assert!(totals.head.contains("attachment; filename=\"misconceptions.csv\""), "{}", totals.head);
    assert!(totals.body.contains("\n1,A promise is a vote.,1,2,1,1,0\n"), "{}", totals.body);
    let answers = held.of_teacher("class/answers.csv").body;
    assert!(answers.contains("He has voted for Oki's decree,no,1,1,0\n"), "{answers}");
}

#[test]
fn the_phones_follow_the_teachers_scene_or_play_their_own() {
    let held = Held::new();
    let mut phone = held.come();
    phone.hears("class");
    held.does(&json!({ "do": "move", "script": BEGUN }));
    let seen = phone.waits(|seen| seen["scene"]["step"] == 1);
    assert_eq!(seen["scene"]["by"], "try 1.Oki");
    let script = format!("{};d.Oki.Gray.NB1", seen["scene"]["short"].as_str().unwrap());
    let own = held.post("/c/play", &json!({ "key": phone.key, "script": script })).json();
    assert_eq!(own["step"], 2);
    assert!(own["offers"].as_array().unwrap().iter().any(|it| it["key"] == "d.Gray.Oki.LV1"));
    // Nobody else has moved.
    held.does(&json!({ "do": "ask", "script": BEGUN, "key": "d.Oki.Gray.NB1" }));
    assert_eq!(phone.waits(at("first"))["scene"]["step"], 1);
    let early = held.post("/c/play", &json!({ "key": phone.key, "script": script }));
    assert_eq!(early.status, 409, "it would tell the answer");
    assert!(early.body.contains("your own scene waits"), "{}", early.body);
    held.does(&json!({ "do": "away" }));
    let start = held.of_teacher("start").json();
    assert_eq!(start["script"], BEGUN, "another page of the teacher begins where the class is");
    let broken = held.post("/c/play", &json!({ "key": phone.key, "script": "basic.Gray;fly" }));
    assert_eq!(broken.status, 409);
    assert!(broken.body.contains("line 1, column"), "{}", broken.body);
    let none = held.wish(&json!({ "do": "ask", "script": BEGUN, "key": "t.5.Oki" }));
    assert!(none.body.contains("nothing is asked before"), "{}", none.body);
}

#[test]
fn the_address_of_the_phones_is_shown_and_stands_in_the_code() {
    let mut held = Held::with(&["--at", "127.0.0.9"]);
    let mut said = String::new();
    while !said.contains("Phones come in") {
        held.out.read_line(&mut said).unwrap();
    }
    let port = held.host.rsplit_once(':').unwrap().1;
    let address = format!("http://127.0.0.9:{port}");
    assert!(said.contains(&format!("Phones come in at {address}\n")), "{said}");
    assert_eq!(held.of_teacher("class").json()["address"], address);
    let code = held.of_teacher("class/qr.svg");
    assert!(code.head.contains("image/svg+xml") && code.body.starts_with("<svg "), "{}", code.body);
}

#[test]
fn nobody_moves_the_class_without_the_teachers_token() {
    let held = Held::new();
    let mut phone = held.come();
    phone.hears("class");
    let wish = json!({ "do": "ready", "number": 1 });
    let wrong = format!("/{}/class/do", "0".repeat(32));
    for path in ["/class/do", "/c/do", "/c/class/do", "/c/../class/do", "//class/do", &*wrong] {
        assert_eq!(held.post(path, &wish).status, 404, "{path}");
        assert_eq!(held.ask("GET", path, "").status, 404, "{path}");
    }
    for path in ["/", "/c/come", "/c/stream"] {
        let page = held.ask("GET", path, "");
        assert!(!page.body.contains(&held.token) && !page.head.contains(&held.token), "{path}");
    }
    let page = held.ask("GET", "/", "");
    assert!(page.head.contains("content-security-policy: default-src 'none'"), "{}", page.head);
    held.does(&json!({ "do": "own", "text": "?", "answers": ["a", "b"], "right": null }));
    assert_eq!(phone.waits(|_| true)["question"]["number"], 1, "nothing was asked before");
}

#[test]
fn an_answer_that_does_not_count_is_told_why() {
    let held = Held::new();
    let (phone, other) = (held.come(), held.come());
    let refused = |reply: Reply, status: u16, why: &str| {
        assert_eq!(reply.status, status, "{}", reply.body);
        assert!(reply.body.contains(why), "{}", reply.body);
    };
    refused(held.answer(&phone, 1, 1, 0), 409, "no question is open");
    held.does(&json!({ "do": "ready", "number": 1 }));
    refused(held.answer(&phone, 1, 1, 9), 409, "there is no answer 9");
    refused(held.answer(&phone, 1, 2, 0), 409, "round 1 is open");
    refused(held.answer(&phone, 7, 1, 0), 409, "the class is at 1");
    let mut forged = json!({ "key": "0".repeat(32), "question": 1, "round": 1, "answer": 0 });
    refused(held.post("/c/answer", &forged), 409, "not in the class");
    for answer in [json!(null), json!(-1), json!(0.5), json!("0")] {
        let unread = json!({ "key": phone.key, "question": 1, "round": 1, "answer": answer });
        refused(held.post("/c/answer", &unread), 400, "not what the page asks");
    }
    let none = json!({ "key": phone.key, "question": 1, "round": 1 });
    refused(held.post("/c/answer", &none), 400, "missing field `answer`");
    forged["key"] = "x".into();
    refused(held.post("/c/answer", &forged), 409, "no key of a phone");
    refused(held.ask("POST", "/c/answer", "{"), 400, "not what the page asks");
    refused(held.ask("POST", "/c/answer", &"x".repeat(100_000)), 413, "At most 16384 bytes");
    for _ in 0..20 {
        assert_eq!(held.answer(&other, 1, 1, 0).status, 204);
    }
    refused(held.answer(&other, 1, 1, 1), 409, "the last counts");
    held.does(&json!({ "do": "close" }));
    refused(held.answer(&phone, 1, 1, 0), 409, "closed");
    assert!(held.of_teacher("class/answers.csv").body.contains("decree,no,1,1,\n"));
}

#[test]
fn a_phone_that_slept_comes_back_to_where_the_class_is() {
    let held = Held::new();
    let phone = held.come();
    held.does(&json!({ "do": "ready", "number": 2 }));
    assert_eq!(held.answer(&phone, 1, 1, 2).status, 204);
    let Phone { key, class, stream } = phone;
    drop(stream);
    held.does(&json!({ "do": "close" }));
    let back = held.post("/c/come", &json!({ "key": key, "class": class })).json();
    assert_eq!(back["key"], key);
    let mut phone = held.listen(&key, &class);
    assert_eq!(phone.hears("mine"), json!({ "question": 1, "answers": [2, null] }));
    assert_eq!(phone.hears("class")["question"]["stage"], "talk");
    // The same phone in another tab: the older stream ends, and says why.
    let mut again = held.listen(&key, &class);
    again.hears("class");
    held.does(&json!({ "do": "again" }));
    assert!(phone.hears("gone")["why"].as_str().unwrap().contains("another tab"));
    assert_eq!(again.waits(at("second"))["question"]["round"], 2);
}

#[test]
fn a_phone_of_an_earlier_class_is_told_that_it_is_over() {
    let held = Held::new();
    let mut phone = held.listen(&"1".repeat(32), &"2".repeat(32));
    assert_eq!(phone.hears("gone")["why"], "The class you were in is over.");
    let told = held.post("/c/come", &json!({ "key": "1".repeat(32), "class": "2".repeat(32) }));
    assert_ne!(told.json()["key"], "1".repeat(32), "a key of another class opens nothing here");
    held.does(&json!({ "do": "end" }));
    let late = held.post("/c/come", &json!({}));
    assert_eq!((late.status, late.body.trim()), (410, "The class is over."));
}

/// More is sent than lies in the buffers of any system: nothing is kept for those who do not read, and when
/// they read at last they hear the latest, not all that came before.
#[test]
fn readers_who_read_nothing_keep_nobody_waiting() {
    const MOVES: usize = 300;
    let held = Held::new();
    let mut phone = held.come();
    let asleep: Vec<Phone> = (0..20).map(|_| held.come()).collect();
    let wishes: Vec<String> = (1..=9).map(|n| format!(";w.{n}{}", "a".repeat(4_000))).collect();
    let begun = format!("basic.Dwork.Gray.Oki{}", wishes.concat());
    for number in 1..=MOVES {
        held.does(&json!({ "do": "move", "script": format!("{begun};t.{number}.Oki") }));
        phone.waits(|seen| seen["scene"]["by"] == format!("try {number}.Oki"));
    }
    held.does(&json!({ "do": "ready", "number": 1 }));
    phone.waits(at("first"));
    assert_eq!(held.answer(&phone, 1, 1, 0).status, 204);
    for mut phone in asleep {
        let mut heard = 0;
        while phone.hears("class")["question"].is_null() {
            heard += 1;
        }
        assert!(heard < MOVES / 2, "{heard} moves were kept for one who did not read");
    }
}

#[cfg(unix)]
#[test]
fn when_the_program_ends_phones_hear_it_and_totals_are_told() {
    let mut held = Held::new();
    let mut phone = held.come();
    held.does(&json!({ "do": "ready", "number": 9 }));
    phone.waits(at("first"));
    assert_eq!(held.answer(&phone, 1, 1, 1).status, 204);
    let id = held.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    phone.waits(|seen| seen["over"] == true);
    assert!(held.child.wait().unwrap().success());
    let mut said = String::new();
    held.out.read_to_string(&mut said).unwrap();
    assert!(said.contains("1. Oki and Gray both think that they preside"), "{said}");
    assert!(said.contains("\n   1: Two ledgers hold different decrees\n"), "{said}");
    assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
}
