//! The playground's page: how soon it is there, how long a move takes, and how many bytes it has.
//!
//! `cargo bench --bench playground`. `benches/README.md` explains the measurements.

#[path = "../played/mod.rs"]
mod played;
#[path = "../served/mod.rs"]
mod served;

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use played::scene_of;
use served::Served;

const STARTS: usize = 11;
const MOVES: usize = 200;
const ANSWERS: usize = 41;
/// The bounds.
const START: Duration = Duration::from_millis(200);
const MOVE: Duration = Duration::from_millis(10);
const BYTES: usize = 150_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut starts = Vec::new();
    let mut bytes = 0;
    for _ in 0..STARTS {
        let begun = Instant::now();
        let mut server = Server::start()?;
        bytes = server.page()?;
        server.ask("GET", "start", "")?;
        starts.push(begun.elapsed());
    }
    let (half, last) = of(&mut starts);
    println!("start: {half:.1?}, {last:.1?} at most; {}", judged(half, START));
    for priests in ["Dwork Gray Oki", "Dwork Fischer Gray Lynch Oki"] {
        let (script, _) = scene_of(priests, MOVES)?;
        let mut server = Server::start()?;
        let mut moves = Vec::new();
        let mut length = 0;
        for _ in 0..ANSWERS {
            let begun = Instant::now();
            length = server.ask("POST", "answer", &script)?;
            moves.push(begun.elapsed());
        }
        let (half, last) = of(&mut moves);
        let many = priests.split(' ').count();
        println!(
            "a move after {MOVES}, {many} priests: {half:.1?}, {last:.1?} at most, {length} bytes; {}",
            judged(half, MOVE)
        );
    }
    let ratio = bytes as f64 / BYTES as f64;
    println!("page: {bytes} bytes; {ratio:.2} of {BYTES} {}", mark(bytes <= BYTES));
    Ok(())
}

/// The median and the greatest.
fn of(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() - 1])
}

/// The time beside its bound.
fn judged(took: Duration, bound: Duration) -> String {
    let ratio = took.as_secs_f64() / bound.as_secs_f64();
    format!("{ratio:.2} of {bound:?} {}", mark(took <= bound))
}

fn mark(is_within: bool) -> char {
    if is_within { '✓' } else { '✗' }
}

/// The program, and a connection to it that is held.
struct Server {
    served: Served,
    stream: BufReader<TcpStream>,
}

impl Server {
    fn start() -> Result<Server, Box<dyn Error>> {
        let served = Served::start(&["play", "--open"])?;
        let stream = TcpStream::connect(&served.host)?;
        stream.set_nodelay(true)?;
        Ok(Server { served, stream: BufReader::new(stream) })
    }

    /// The bytes of the page and all its parts.
    fn page(&mut self) -> Result<usize, Box<dyn Error>> {
        let parts = ["", "page.css", "page.js", "icon.svg"];
        let mut bytes = 0;
        for part in parts {
            bytes += self.ask("GET", part, "")?;
        }
        Ok(bytes)
    }

    /// The length of the reply's body, when all of it has come.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<usize, Box<dyn Error>> {
        let (Served { host, token, .. }, length) = (&self.served, body.len());
        let request = format!(
            "{method} /{token}/{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut is_first) = (0, true);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim_end().to_lowercase();
            if std::mem::take(&mut is_first) && !line.contains(" 200 ") {
                return Err(format!("{method} {path}: {line}").into());
            }
            if let Some(many) = line.strip_prefix("content-length: ") {
                length = many.parse()?;
            }
            if line.is_empty() {
                break;
            }
        }
        self.stream.read_exact(&mut vec![0; length])?;
        Ok(length)
    }
}
