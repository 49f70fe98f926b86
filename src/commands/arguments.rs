//! How arguments are read: names, minutes, spans of time.

use std::ops::Deref;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::chamber::wall_clock;
use crate::god::synod::Absence;
use crate::law::Moment;
use crate::law::offices::CLOCK_ERROR;
use crate::words::{Decree, Minutes, Name};

use super::Failure;

/// A length of time as the user gives it: without a unit it is Paxon minutes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Length {
    /// In Paxon minutes.
    Paxon(Minutes),
    /// By this machine's clock.
    Wall(Duration),
}

impl Length {
    /// This length in Paxon minutes, if one lasts `minute`.
    #[must_use]
    pub fn in_minutes(self, minute: Duration) -> Minutes {
        match self {
            Length::Paxon(minutes) => minutes,
            Length::Wall(wall) => {
                let thousandths = wall.as_nanos() * 1000 / minute.as_nanos().max(1);
                Minutes::thousandths(u64::try_from(thousandths).unwrap_or(u64::MAX))
            }
        }
    }
}

impl Length {
    /// This length in wall time, if one Paxon minute lasts `minute`.
    #[must_use]
    pub fn lasts(self, minute: Duration) -> Duration {
        let minutes = self.in_minutes(minute).in_thousandths() as f64 / 1000.0;
        Duration::try_from_secs_f64(minutes * minute.as_secs_f64()).unwrap_or(Duration::MAX)
    }

    /// This length in words, in Paxon minutes and wall time, if one minute lasts `minute`.
    #[must_use]
    pub fn told(self, minute: Duration) -> String {
        let minutes = self.in_minutes(minute);
        let seconds = minutes.in_thousandths() as f64 / 1000.0 * minute.as_secs_f64();
        format!("{minutes} Paxon minutes ({seconds:.1} s)")
    }
}

impl FromStr for Length {
    type Err = String;
    fn from_str(text: &str) -> Result<Length, String> {
        if let Ok(minutes) = text.parse() {
            return Ok(Length::Paxon(minutes));
        }
        humantime::parse_duration(text).map(Length::Wall).map_err(|_| {
            format!("{text:?} is no length of time: write Paxon minutes (`30`) or wall time (`5s`)")
        })
    }
}

/// Reads how long a Paxon minute lasts: `20ms`.
///
/// # Errors
/// Says how it is written.
pub fn minute(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(length) if length >= Duration::from_micros(10) => Ok(length),
        Ok(_) => Err("a Paxon minute lasts at least 10us".into()),
        Err(_) => Err(format!("{text:?} is no wall time, such as 20ms or 30s")),
    }
}

/// Reads how long a file may grow, in bytes or with a unit: `4096`, `100kB` or `64MiB`.
///
/// # Errors
/// Says how it is written.
pub fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("", 1),
        ("kB", 1000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
    ];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    let unit = UNITS.iter().find(|(name, _)| *name == unit.trim_start());
    let bytes = unit.and_then(|(_, bytes)| count.parse::<u64>().ok()?.checked_mul(*bytes));
    match bytes {
        Some(bytes @ 1024..) => Ok(bytes),
        Some(_) => Err("a messagebook may grow to 1KiB at least".into()),
        None => Err(format!("{text:?} is no size, such as 4096, 100kB or 64MiB")),
    }
}

/// Reads a span of Paxon minutes: `0..9`.
///
/// # Errors
/// Says how it is written.
pub fn span(text: &str) -> Result<(Minutes, Minutes), String> {
    let (from, until) = text
        .split_once("..")
        .ok_or_else(|| format!("{text:?} is no span of Paxon minutes, such as 0..9"))?;
    let minutes = |text: &str| text.parse::<Minutes>().map_err(|error| error.to_string());
    let span = (minutes(from)?, minutes(until)?);
    if span.0 <= span.1 { Ok(span) } else { Err(format!("{text:?} ends before it begins")) }
}

/// Reads an absence: `Dwork@30..60`.
///
/// # Errors
/// Says how it is written.
pub fn absence(text: &str) -> Result<Absence, String> {
    let (name, times) = text
        .split_once('@')
        .ok_or_else(|| format!("{text:?} is no absence, such as Dwork@30..60"))?;
    let name = Name::new(name).map_err(|error| error.to_string())?;
    let (from, until) = span(times)?;
    Ok(Absence { name, from, until })
}

/// Reads who wishes which decree: `Fischer=Goats`.
///
/// # Errors
/// Says how it is written.
pub fn wish(text: &str) -> Result<(Name, Decree), String> {
    let (name, decree) = text
        .split_once('=')
        .ok_or_else(|| format!("{text:?} is no wish, such as Fischer=\"Goats may graze\""))?;
    let name = Name::new(name).map_err(|error| error.to_string())?;
    let decree = Decree::proposed(decree).map_err(|error| error.to_string())?;
    Ok((name, decree))
}

/// Reads a probability.
///
/// # Errors
/// Says what a probability is.
pub fn probability(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err(format!("{text:?} is no probability, a number from 0 to 1")),
    }
}

/// A text given as an argument, or on standard input when the argument is `-`.
///
/// # Errors
/// When standard input cannot be read or is not UTF-8.
pub fn text_or_stdin(text: &str) -> std::io::Result<String> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let read = std::io::read_to_string(std::io::stdin())?;
    let line = read.strip_suffix('\n').unwrap_or(&read);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// A new seed, drawn at random; the caller prints it.
#[must_use]
pub fn fresh_seed() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = since.unwrap_or_default().as_nanos() as u64;
    (nanos ^ u64::from(std::process::id()) << 40) % 1_000_000_000
}

/// A petition's id that nobody has used: the citizen, the microsecond, and 48 bits of chance, for a
/// clock may stand still, or be set back.
#[must_use]
pub fn fresh_id(citizen: Name) -> String {
    id_at(citizen, wall_clock().timestamp_micros())
}

fn id_at(citizen: Name, micros: i64) -> String {
    use std::hash::BuildHasher;
    let drawn = std::hash::RandomState::new().hash_one(std::process::id());
    format!("{citizen}/{micros}-{:012x}", drawn >> 16)
}

/// Legislators of Paxos, the five of every example first.
const PAXONS: [&str; 17] = [
    "Dwork",
    "Fischer",
    "Gray",
    "Lynch",
    "Oki",
    "Dijkstra",
    "Dolev",
    "Francez",
    "Gouda",
    "Lindsay",
    "Parnas",
    "Pnueli",
    "Schneider",
    "Skeen",
    "Strong",
    "Toueg",
    "Wensley",
];

/// This many legislators of Paxos; from 1 to 101.
#[must_use]
pub fn paxons(how_many: u64) -> Option<Vec<Name>> {
    if !(1..=101).contains(&how_many) {
        return None;
    }
    let name =
        |n: usize| PAXONS.get(n).map_or_else(|| format!("Paxon{:03}", n + 1), |&name| name.into());
    (0..how_many as usize).map(|n| Name::new(&name(n)).ok()).collect()
}

/// Names with commas between.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Names(Vec<Name>);

impl Deref for Names {
    type Target = [Name];
    fn deref(&self) -> &[Name] {
        &self.0
    }
}

impl FromStr for Names {
    type Err = String;
    fn from_str(text: &str) -> Result<Names, String> {
        let words = text.split(',').map(str::trim);
        words
            .map(|word| Name::new(word).map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()
            .map(Names)
    }
}

/// A text as an argument to be typed into a shell.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        format!("\"{text}\"")
    }
}

/// The clock of the person who wants to act.
#[derive(Args, Clone)]
pub struct Clock {
    /// By a clock that shows this time, not this machine's; the time of decrees, like that of all
    /// records, is UTC.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
    /// By how much a clock errs at most, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = CLOCK_ERROR)]
    pub clock_error: Minutes,
}

impl Clock {
    /// The time that it shows.
    ///
    /// # Errors
    /// When this machine's clock shows a year that no decree can bear.
    pub fn shows(&self) -> Result<Moment, Failure> {
        let shown = self.at.or_else(|| Moment::of(wall_clock().naive_utc()));
        Ok(shown.ok_or("this machine's clock shows no year from 1 to 9999; give --at")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_without_a_unit_are_paxon_minutes() {
        assert_eq!("30".parse(), Ok(Length::Paxon(Minutes::whole(30))));
        assert_eq!("2.5".parse(), Ok(Length::Paxon(Minutes::thousandths(2500))));
        assert_eq!("5s".parse(), Ok(Length::Wall(Duration::from_secs(5))));
        for bad in ["", "-1", "1.2345", "x", "1 fortnight", ".5"] {
            assert!(bad.parse::<Length>().is_err(), "{bad:?} passed for a length of time");
        }
        assert_eq!(
            "1s".parse::<Length>().unwrap().in_minutes(Duration::from_millis(20)),
            Minutes::whole(50)
        );
    }

    #[test]
    fn ids_differ_though_the_clock_stands_still() {
        let dolf = Name::new("Dolf").unwrap();
        let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| id_at(dolf, 7)).collect();
        assert_eq!(ids.len(), 1000);
        for micros in [i64::MIN, -1, 0, i64::MAX] {
            let id = id_at(dolf, micros);
            let goats = crate::words::Decree::new("Goats").unwrap().petitioned(&id).unwrap();
            assert_eq!(goats.petition(), Some(&*id));
        }
    }

    #[test]
    fn spans_and_absences_run_forward() {
        assert_eq!(span("0..9"), Ok((Minutes::ZERO, Minutes::whole(9))));
        assert!(span("9..0").is_err() && span("9").is_err());
        let dwork = absence("Dwork@30..60").unwrap();
        assert_eq!((dwork.name.as_str(), dwork.until), ("Dwork", Minutes::whole(60)));
        assert!(absence("Dwork").is_err() && absence("@1..2").is_err());
    }

    #[test]
    fn sizes_have_units_and_a_least() {
        assert_eq!(size("4096"), Ok(4096));
        assert_eq!((size("100kB"), size("64 MiB")), (Ok(100_000), Ok(64 << 20)));
        for bad in ["", "MiB", "1000", "0GiB", "4k", "-1", "99999999999GiB"] {
            assert!(size(bad).is_err(), "{bad:?} passed for a size");
        }
    }

    #[test]
    fn probabilities_lie_between_never_and_always() {
        assert_eq!(probability("0.2"), Ok(0.2));
        assert!(
            probability("1.1").is_err()
                && probability("NaN").is_err()
                && probability("-0.1").is_err()
        );
    }
}
