//! A class of 200 phones on this machine: ten questions, each asked twice, with their streams held.
//!
//! `cargo bench --bench class` (or `-- --phones 50`). `benches/README.md` explains the measurements.

mod phone;
#[path = "../served/mod.rs"]
mod served;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use phone::{Line, Times};
use served::Served;

const QUESTIONS: usize = 10;
/// The whole takes no longer than this.
const LONGEST: Duration = Duration::from_secs(180);
/// The bounds: one core, and 200 MB.
const MOST_CORES: f64 = 1.0;
const MOST_MB: f64 = 200.0;

/// The things that the phones share.
struct Class {
    host: String,
    begun: Instant,
    /// How many answers were taken in all.
    answered: AtomicUsize,
    /// How many phones listen.
    listening: AtomicUsize,
}

/// Seconds of processor time that the server has taken.
fn processor(server: &Served) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.child.id())).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// The most memory that it has held, in megabytes.
fn memory(server: &Served) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1000.0)
}
fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip_while(|word| word != "--phones").skip(1);
    let many: usize = words.next().map_or(Ok(200), |word| word.parse())?;
    let server = Served::start(&["play", "--class", "--here", "--port", "0"])?;
    let class = Arc::new(Class {
        host: server.host.clone(),
        begun: Instant::now(),
        answered: AtomicUsize::new(0),
        listening: AtomicUsize::new(0),
    });
    let phones: Vec<_> = (0..many)
        .map(|n| {
            let class = Arc::clone(&class);
            std::thread::Builder::new()
                .stack_size(256 << 10)
                .spawn(move || phone::attend(&class, n).map_err(|error| error.to_string()))
        })
        .collect::<Result<_, _>>()?;
    wait_until(&class, || class.listening.load(Ordering::SeqCst) == many, "the phones come in")?;
    let came = class.begun.elapsed();
    let (begun, before) = (Instant::now(), processor(&server).unwrap_or(0.0));
    teach(&server, &class, many)?;
    let (taken, after) = (begun.elapsed(), processor(&server).unwrap_or(0.0));
    let mut times = Times::default();
    for phone in phones {
        times.add(phone.join().map_err(|_| "a phone has failed")??);
    }
    println!(
        "{many} phones came in within {came:.1?}; {QUESTIONS} questions, asked twice, took {taken:.1?}"
    );
    let wanted = 2 * QUESTIONS * many;
    println!("answers taken: {} of {wanted}", class.answered.load(Ordering::SeqCst));
    times.tell();
    let cores = (after - before) / taken.as_secs_f64();
    let mark = |is_good| if is_good { "✓" } else { "✗" };
    let is_light = cores <= MOST_CORES;
    println!(
        "server: {:.2} s of processor, {cores:.2} cores (at most {MOST_CORES}) {}",
        after - before,
        mark(is_light)
    );
    if let Some(memory) = memory(&server) {
        println!("server: {memory:.0} MB at most (bound {MOST_MB}) {}", mark(memory <= MOST_MB));
    }
    Ok(())
}

fn wait_until(class: &Class, is_so: impl Fn() -> bool, what: &str) -> Result<(), Box<dyn Error>> {
    while !is_so() {
        if class.begun.elapsed() > LONGEST {
            return Err(format!("{what}: not within {LONGEST:?}").into());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// The deeds of the teacher.
fn teach(server: &Served, class: &Class, many: usize) -> Result<(), Box<dyn Error>> {
    let mut line = Line::to(&server.host)?;
    let path = format!("/{}/class/do", server.token);
    let mut wish = |body: String| -> Result<(), Box<dyn Error>> {
        let (status, told) = line.post(&path, &body)?;
        if status == 200 { Ok(()) } else { Err(format!("{body}: {told}").into()) }
    };
    let mut script = String::from("basic.Dwork.Gray.Oki");
    for n in 1..=QUESTIONS {
        script += &format!(";t.{n}.Oki");
        wish(format!("{{\"do\":\"move\",\"script\":\"{script}\"}}"))?;
        wish(format!("{{\"do\":\"ready\",\"number\":{n}}}"))?;
        for round in 1..=2 {
            let wanted = (2 * (n - 1) + round) * many;
            let is_full = || class.answered.load(Ordering::SeqCst) >= wanted;
            wait_until(class, is_full, "the answers come in")?;
            wish("{\"do\":\"close\"}".into())?;
            let next = if round == 1 { "again" } else { "reveal" };
            wish(format!("{{\"do\":\"{next}\"}}"))?;
        }
    }
    wish("{\"do\":\"end\"}".into())
}
