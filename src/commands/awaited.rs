//! The report on petitions that were handed in and not seen to pass: they may still pass.

use std::collections::BTreeMap;

use crate::chamber::Chamber;
use crate::god::errand::Passage;
use crate::words::{Decree, Name};

use super::arguments::quoted;
use super::shelf::refusals::why_not_proposed;

/// The largest number of petitions for which the report shows how to ask again.
const TOLD: usize = 5;

/// No messagebook could be written, so no petition was handed in.
#[derive(Debug, thiserror::Error)]
#[error(
    "nothing was handed in, so nothing of it will pass: no legislator's messagebook can be written{}\nmake one of them writable, then ask again",
    listed(.0)
)]
pub struct ShutOut(pub BTreeMap<Name, String>);

/// Tells as much as is known of decrees that were not all passed.
#[must_use]
pub fn told(chamber: &Chamber, citizen: Name, passage: &Passage, within: &str) -> String {
    let Passage { passed, asked, awaited, lacking, shut, unread, interrupted, .. } = passage;
    let end = if *interrupted { "when interrupted".into() } else { format!("within {within}") };
    let mut lines = Vec::new();
    match (*asked, passed.len()) {
        (1, 0) => lines.push(format!("not seen to pass {end}.")),
        (_, seen) if seen == *asked => {}
        (asked, seen) => lines.push(format!("{seen} of {asked} decrees were seen to pass {end}.")),
    }
    if !awaited.is_empty() {
        let petitions = match awaited.len() {
            1 => "The petition lies".into(),
            many => format!("{many} petitions lie"),
        };
        let with: Vec<&str> = passage.left_with.iter().map(Name::as_str).collect();
        let s = if with.len() == 1 { "" } else { "s" };
        lines.push(format!(
            "{petitions} in the messagebook{s} of {}, and may yet pass. Does a majority sit? \
             `parliament sit` sits.\nTo ask again, so that it counts once:",
            with.join(", ")
        ));
        lines.extend(awaited.iter().take(TOLD).map(|decree| again(chamber, citizen, decree)));
        if let Some(more @ 1..) = awaited.len().checked_sub(TOLD) {
            lines.push(format!("  … and {more} more, under ids counted on from these"));
        }
    }
    if let Some(why) = why_not_proposed(chamber, awaited) {
        lines.push(format!("As the ledgers stand now, a president does not propose it: {why}"));
    }
    match passage.kept() {
        0 => {}
        kept => lines.push(format!("Handed in to nobody, so it cannot pass: {kept} of {asked}.")),
    }
    if !lacking.is_empty() {
        let names: Vec<&str> = lacking.iter().map(Name::as_str).collect();
        let passed = if passed.len() == 1 { "the decree" } else { "every decree that passed" };
        lines.push(format!("Not seen {end} to have {passed}: {}.", names.join(", ")));
    }
    if !shut.is_empty() {
        lines.push(format!("Messagebooks that cannot be written:{}", listed(shut)));
    }
    if !unread.is_empty() {
        lines.push(format!("Ledgers that cannot be read:{}", listed(unread)));
    }
    format!("parliament: {}", lines.join("\n"))
}

/// The command that asks again under the same id.
fn again(chamber: &Chamber, citizen: Name, decree: &Decree) -> String {
    let root = chamber.root();
    let elsewhere = if root == std::path::Path::new(".") {
        String::new()
    } else {
        format!(" --chamber {}", quoted(&root.to_string_lossy()))
    };
    let who =
        if citizen.as_str() == "Citizen" { String::new() } else { format!(" --citizen {citizen}") };
    let (id, text) = (decree.petition().unwrap_or_default(), quoted(decree.text()));
    format!("  parliament petition{elsewhere}{who} --id {} -- {text}", word(id))
}

/// An id as an argument: in quotes where the shell would read more into it.
fn word(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_/.:".contains(c);
    if id.chars().all(plain) { id.to_owned() } else { quoted(id) }
}

fn listed(troubles: &BTreeMap<Name, String>) -> String {
    troubles.values().map(|why| format!("\n  {why}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_printed_command_as_one_id_and_one_decree() {
        let shown = |id: &str, text: &str| {
            let decree = Decree::of_petition(text, id).unwrap();
            again(&Chamber::at("a room"), "Citizen".parse().unwrap(), &decree)
        };
        for id in
            ["Citizen-17/2", "it's", "$HOME", "a b", "`id`", "a;b", "*", "#1", "\\", "\"q\"", "~"]
        {
            let text = "The toll is $1; it's `so`";
            let command = shown(id, text).replacen("parliament", "printf '%s|'", 1);
            let read = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
            let read = String::from_utf8(read.stdout).unwrap();
            assert_eq!(read, format!("petition|--chamber|a room|--id|{id}|--|{text}|"));
        }
        assert!(shown("Citizen-17/2", "Goats").contains(" --id Citizen-17/2 "), "no quotes");
    }

    #[test]
    fn a_citizen_hears_why_no_president_proposes_his_petition() {
        let root = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(root.path());
        chamber.found(&"Gray Oki".parse().unwrap()).unwrap();
        let of = |text: &str| {
            let awaited = vec![Decree::of_petition(text, "1").unwrap()];
            let passage = Passage { asked: 1, awaited, ..Passage::default() };
            told(&chamber, "Citizen".parse().unwrap(), &passage, "1 minute")
        };
        let why = of("GRAY is now a legislator");
        assert!(why.contains("a president does not propose it: ") && why.contains("Gray"), "{why}");
        for fit in ["Dwork is now a legislator", "Goats"] {
            assert!(!of(fit).contains("does not propose"), "{fit}");
        }
    }

    /// Some of these names, one for each bit.
    fn some(bits: u8) -> Vec<Name> {
        let names = ["Dwork", "Gray", "Oki"].into_iter().enumerate();
        let some = names.filter(|(place, _)| bits >> place & 1 == 1);
        some.map(|(_, name)| name.parse().unwrap()).collect()
    }

    fn troubles(bits: u8, what: &str) -> BTreeMap<Name, String> {
        some(bits).into_iter().map(|name| (name, format!("{name}: {what}"))).collect()
    }

    proptest::proptest! {
        /// Each fact is told, and nothing that is none.
        #[test]
        fn whatever_is_known_is_told_and_nothing_more(
            (seen, awaited, kept) in (0..3_u64, 0..9_usize, 0..3_usize),
            [left_with, shut, unread, lacking] in proptest::array::uniform4(0..8_u8),
            interrupted: bool,
            dolf: bool,
        ) {
            let decree = |id: u64| Decree::of_petition("Goats", &format!("7/{id}")).unwrap();
            let passage = Passage {
                passed: (1..=seen).map(|number| (number, decree(number))).collect(),
                awaited: (100..).take(awaited).map(decree).collect(),
                asked: seen as usize + awaited + kept,
                left_with: some(left_with).into_iter().collect(),
                shut: troubles(shut, "no access"),
                unread: troubles(unread, "no ledger"),
                lacking: some(lacking).into_iter().collect(),
                interrupted,
                ..Passage::default()
            };
            let citizen = if dolf { "Dolf" } else { "Citizen" }.parse().unwrap();
            let told = told(&Chamber::at("a room"), citizen, &passage, "9 minutes");
            let says = |what: &str| told.contains(what);
            let all_seen = passage.asked == passage.passed.len();
            let asked = passage.asked;
            let count = format!("{seen} of {asked} decrees were seen to pass");
            let is_one = passage.asked == 1 && seen == 0;
            assert_eq!(says(&count), !all_seen && !is_one, "{told}");
            assert_eq!(says("not seen to pass"), is_one, "{told}");
            assert!(!says("9 minutes") || !interrupted, "{told}");
            assert!(!says("when interrupted") || interrupted, "{told}");
            assert_eq!(says("may yet pass"), awaited > 0, "{told}");
            let names: Vec<&str> = passage.left_with.iter().map(Name::as_str).collect();
            assert!(awaited == 0 || says(&format!("of {}, and may", names.join(", "))), "{told}");
            let again: Vec<&str> =
                told.lines().filter(|line| line.starts_with("  parliament petition ")).collect();
            assert_eq!(again.len(), awaited.min(TOLD), "{told}");
            for (line, decree) in again.iter().zip(&passage.awaited) {
                let id = format!(" --id {} -- ", decree.petition().unwrap());
                assert!(line.contains(&id) && line.contains("--chamber"), "{line}");
                assert_eq!(line.contains(" --citizen Dolf "), dolf, "{line}");
            }
            let more = format!("… and {} more", awaited.saturating_sub(TOLD));
            assert_eq!(says(&more), awaited > TOLD, "{told}");
            assert_eq!(says(&format!("it cannot pass: {kept} of")), kept > 0, "{told}");
            let to_whom: Vec<&str> = passage.lacking.iter().map(Name::as_str).collect();
            let lacks = format!("every decree that passed: {}.", to_whom.join(", "));
            let lacks_one = format!("to have the decree: {}.", to_whom.join(", "));
            assert_eq!(says(&lacks), lacking > 0 && seen != 1, "{told}");
            assert_eq!(says(&lacks_one), lacking > 0 && seen == 1, "{told}");
            for name in some(7) {
                let (is_shut, is_unread) =
                    (passage.shut.contains_key(&name), passage.unread.contains_key(&name));
                assert_eq!(says(&format!("\n  {name}: no access")), is_shut, "{told}");
                assert_eq!(says(&format!("\n  {name}: no ledger")), is_unread, "{told}");
            }
        }
    }
}
