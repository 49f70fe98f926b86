//! A phone: it holds its stream, and answers as soon as it hears that a round is open.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Class;

/// A connection on which one request follows another.
pub(super) struct Line {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Line {
    pub(super) fn to(host: &str) -> io::Result<Line> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Line { host: host.into(), stream: BufReader::new(stream) })
    }

    /// Posts a body: the status and the body of the reply. A connection that the server has closed in the
    /// meantime is opened anew.
    pub(super) fn post(&mut self, path: &str, body: &str) -> io::Result<(u16, String)> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.send(&(head.clone() + body)).or_else(|_| {
            *self = Line::to(&self.host)?;
            self.send(&(head + body))
        })
    }

    fn send(&mut self, request: &str) -> io::Result<(u16, String)> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim().to_lowercase();
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().map_err(io::Error::other)?;
            } else if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().map_err(io::Error::other)?;
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }
}

/// How long things took.
#[derive(Default)]
pub(super) struct Times {
    answers: Vec<Duration>,
    /// When each phone heard that a round is open.
    heard: Vec<(usize, Duration)>,
}

impl Times {
    pub(super) fn add(&mut self, other: Times) {
        self.answers.extend(other.answers);
        self.heard.extend(other.heard);
    }

    /// Prints the medians and the slow ends.
    pub(super) fn tell(mut self) {
        told("an answer, until it is taken", &mut self.answers);
        // All hear of a round one after another: how long after the first of them.
        let mut late = Vec::new();
        let last = self.heard.iter().map(|(round, _)| *round).max().unwrap_or(0);
        for round in 0..=last {
            let of_round = || self.heard.iter().filter(|(it, _)| *it == round).map(|(_, at)| *at);
            let first = of_round().min().unwrap_or_default();
            late.extend(of_round().map(|at| at - first));
        }
        told("a new round, heard after the first phone", &mut late);
    }
}

fn told(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1)));
    if let (Some(half), Some(most), Some(last)) = (at(50), at(99), times.last()) {
        println!("{what}: p50 {half:.1?}, p99 {most:.1?}, max {last:.1?}");
    }
}

/// Attends a whole class.
pub(super) fn attend(class: &Class, n: usize) -> Result<Times, Box<dyn Error>> {
    let mut line = Line::to(&class.host)?;
    let (_, told) = line.post("/c/come", "{}")?;
    let told: Value = serde_json::from_str(&told)?;
    let (key, id) =
        (told["key"].as_str().ok_or("no key")?, told["class"].as_str().ok_or("no class")?);
    let mut stream = TcpStream::connect(&class.host)?;
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    let path = format!("/c/stream?class={id}&key={key}");
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", class.host).as_bytes())?;
    let mut times = Times::default();
    let mut answered = 0;
    for text in BufReader::new(stream).lines() {
        let text = text?;
        let Some(data) = text.strip_prefix("data: {").map(|rest| format!("{{{rest}")) else {
            continue;
        };
        let seen: Value = serde_json::from_str(&data)?;
        if seen["over"] == true {
            return Ok(times);
        }
        if seen.get("over").is_some()
            && answered == 0
            && seen["question"].is_null()
            && seen["scene"]["step"] == 0
        {
            class.listening.fetch_add(1, Ordering::SeqCst);
        }
        let (Some(number), Some(round)) =
            (seen["question"]["number"].as_u64(), seen["question"]["round"].as_u64())
        else {
            continue;
        };
        let round_of_all = (number * 2 + round) as usize;
        if round_of_all <= answered {
            continue;
        }
        answered = round_of_all;
        times.heard.push((round_of_all, class.begun.elapsed()));
        let body = format!(
            "{{\"key\":\"{key}\",\"question\":{number},\"round\":{round},\"answer\":{}}}",
            n % 3
        );
        let begun = Instant::now();
        let (status, told) = line.post("/c/answer", &body)?;
        if status != 204 {
            return Err(format!("phone {n}, question {number}, round {round}: {told}").into());
        }
        times.answers.push(begun.elapsed());
        class.answered.fetch_add(1, Ordering::SeqCst);
    }
    Err("the stream has ended before the class".into())
}
