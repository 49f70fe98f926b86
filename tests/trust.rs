//! Ledgers that cannot be trusted, and bodies that cannot be: nothing is lost, nothing overwritten.

#![cfg(feature = "cli")]

use crate::common::program::lay;
use crate::common::{Ended, House, wait_until};

const DECREE: &str = "The olive tax is 3 drachmas per ton";

#[test]
fn a_missing_ledger_is_amnesia_and_never_taken_for_fresh() {
    let house = House::new();
    house.run(&["synod", DECREE]).exits(0);
    std::fs::remove_file(house.ledger("Fischer")).unwrap();
    house.run(&["synod", DECREE]).exits(2).says("Fischer").says("--absent Fischer");
    assert!(!house.ledger("Fischer").exists(), "nothing is made up in its place");
    house.run(&["synod", DECREE, "--absent", "Fischer"]).exits(0);
}

#[test]
fn a_ledger_without_the_founding_decree_is_amnesia() {
    let house = House::new();
    house.run(&["synod", DECREE]).exits(0);
    let header =
        std::fs::read_to_string(house.ledger("Gray")).unwrap().lines().next().unwrap().to_string();
    std::fs::write(house.ledger("Gray"), header + "\n").unwrap();
    house.run(&["synod", DECREE]).exits(2).says("Gray").says("--absent Gray");
}

/// An output without the line breaks that hold it to the width of a page.
fn in_one_line(out: &str) -> String {
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A user who keeps two chambers may copy a ledger into the wrong one.
#[test]
fn an_audit_names_a_foreign_ledger_and_judges_the_rest() {
    let (house, other) = (House::new(), House::new());
    house.run(&["pass", DECREE, "Lamps must use only olive oil"]).exits(0);
    other.run(&["pass", "--alpha", "9", "Goats", "Cows", "The toll is 1"]).exits(0);
    std::fs::copy(other.ledger("Gray"), house.ledger("Gray")).unwrap();
    let told = house.run(&["audit"]).exits(1).says("ledgers/Gray.csv:2");
    let told = told.says("Not consistent with the protocol: 1 broken");
    let said = in_one_line(&told.out);
    for part in ["founded as “Dwork Fischer Gray Lynch Oki alpha=9”", "`--absent Gray`"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!told.out.contains("contradict") && !told.out.contains("Goats"), "{}", told.out);
}

#[test]
fn an_audit_says_once_how_to_save_a_ledger_in_another_form() {
    let house = House::new();
    house.run(&["pass", DECREE]).exits(0);
    let inked = std::fs::read_to_string(house.ledger("Gray")).unwrap();
    for (saved, form) in [
        (format!("\u{feff}{inked}"), "saved anew with a byte order mark, and"),
        (inked.replace('\n', "\r\n"), "saved anew with CRLF line ends, and"),
    ] {
        std::fs::write(house.ledger("Gray"), &saved).unwrap();
        for command in [&["audit"][..], &["ledgers"], &["ledgers", "Gray"]] {
            let told = house.run(command).exits(1).says(form).says("ledgers/Gray.csv");
            let said = in_one_line(&told.out);
            let repair = "save it as UTF-8 without a byte order mark and with LF line ends";
            assert!(said.contains(repair), "{said}");
            assert_eq!(told.out.matches(form).count(), 1, "{}", told.out);
            assert!(!told.out.contains("BROKEN") && !told.out.contains("changed"), "{}", told.out);
        }
    }
    let altered = inked.replace('\n', "\r\n").replacen("nextBal,,1.Oki", "nextBal,,2.Oki", 1);
    std::fs::write(house.ledger("Gray"), altered).unwrap();
    house.run(&["audit"]).exits(1).says("changed or moved").says("CRLF line ends");
    house.run(&["ledgers"]).exits(1).says("BROKEN").says("CRLF line ends");
}

#[test]
fn an_altered_ledger_is_refused_with_its_place_and_kept() {
    let house = House::new();
    house.run(&["synod", DECREE]).exits(0);
    let altered =
        std::fs::read_to_string(house.ledger("Gray")).unwrap().replacen("nextBal", "lastTried", 1);
    std::fs::write(house.ledger("Gray"), &altered).unwrap();
    house
        .run(&["synod", DECREE])
        .exits(2)
        .says("ledgers/Gray.csv:4")
        .says("seal")
        .says("--absent Gray");
    assert_eq!(std::fs::read_to_string(house.ledger("Gray")).unwrap(), altered);
    house.run(&["synod", DECREE, "--absent", "Gray"]).exits(0);
}

#[test]
fn a_second_body_for_one_priest_is_refused() {
    let house = House::new();
    let mut first =
        house.start(&["synod", DECREE, "--absent", "Dwork,Fischer,Gray", "--within", "30s"]);
    wait_until("Oki tries", || {
        house.ledger("Oki").exists() && !house.entries("Oki", "lastTried", "ballot").is_empty()
    });
    house.run(&["synod", DECREE, "--absent", "Dwork,Fischer,Gray"]).exits(2).says("Lynch");
    first.kill().unwrap();
    first.wait().unwrap();
    house.run(&["synod", DECREE]).exits(0);
}

#[test]
fn a_torn_last_row_is_what_a_crash_leaves_and_is_mended() {
    let house = House::new();
    house.run(&["synod", DECREE]).exits(0);
    let mut bytes = std::fs::read(house.ledger("Gray")).unwrap();
    bytes.extend_from_slice(b"nextBal,,77.Oki,,,");
    std::fs::write(house.ledger("Gray"), bytes).unwrap();
    house.run(&["synod", DECREE]).exits(0).says("cut");
}

#[test]
fn an_unwritable_place_is_said_and_nothing_is_lost() {
    let house = House::new();
    std::fs::write(house.path().join("ledgers"), "a file where a directory should be").unwrap();
    house.run(&["synod", DECREE]).exits(2).says("ledgers");
    house.run(&["synod", DECREE, "--chamber", "/proc/nowhere"]).exits(2).says("/proc/nowhere");
}

/// A file size limit is a full disk to a process that writes.
#[test]
fn when_the_disk_is_full_the_priest_leaves_and_nothing_is_lost() {
    let house = House::new();
    house.run(&["synod", DECREE, "--absent", "Dwork,Fischer,Gray", "--within", "0"]).exits(1);
    let long = "x".repeat(4000);
    let program = env!("CARGO_BIN_EXE_parliament");
    let script =
        format!("trap '' XFSZ; ulimit -f 3; exec {program} synod {long} --within 100 --minute 2ms");
    let output = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(house.path())
        .output()
        .unwrap();
    let ended = Ended::of(output);
    assert!(matches!(ended.code, Some(1 | 2)), "{ended:?}");
    assert!(!ended.err.contains("panicked"), "{ended:?}");
    let ended = ended.says("ledgers/");
    drop(ended);
    house.run(&["synod", DECREE]).exits(0);
    assert_eq!(house.decree().len(), 1);
}

#[test]
fn ctrl_c_leaves_every_file_whole() {
    let house = House::new();
    let child =
        house.start(&["synod", DECREE, "--absent", "Dwork,Fischer,Gray", "--within", "30s"]);
    wait_until("Oki tries", || {
        house.ledger("Oki").exists() && !house.entries("Oki", "lastTried", "ballot").is_empty()
    });
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    Ended::of(child.wait_with_output().unwrap()).exits(130);
    for name in ["Lynch", "Oki"] {
        assert!(std::fs::read_to_string(house.ledger(name)).unwrap().ends_with('\n'));
    }
    house.run(&["synod", DECREE]).exits(0);
}

#[test]
fn a_reader_who_closes_the_pipe_has_seen_enough() {
    let house = House::new();
    let program = env!("CARGO_BIN_EXE_parliament");
    let script = format!("set -o pipefail; {program} synod '{DECREE}' | head -1");
    let output =
        std::process::Command::new("bash").args(["-c", &script]).current_dir(house.path()).output();
    Ended::of(output.unwrap()).exits(0);
    assert_eq!(house.decree().len(), 1);
}

#[test]
fn a_refused_command_founds_nothing_and_prints_nothing_before() {
    let house = House::new();
    for (refused, named) in [
        (&["synod", " "][..], "nothing but white space"),
        (&["pass", "Lamps", "\u{3000}"], "nothing but white space"),
        (&["pass", "--priests", "A,,B", DECREE], "--priests A,,B: a name is missing"),
        (&["synod", "--priests", "A,B,", DECREE], "--priests A,B,: a name is missing"),
        (&["synod", "--absent", "Nobody", DECREE], "Nobody is no priest"),
        (&["simulate", "--absent", "Nobody"], "Nobody is not one of those"),
        (&["simulate", "--priests", "2", "--absent", "Dwork,Fischer"], "nobody is left"),
        (
            &["simulate", "--seed", "18446744073709551614", "--seeds", "2"],
            "exceeds the largest seed",
        ),
    ] {
        let refused = house.run(refused).exits(2).says(named);
        assert_eq!(refused.out, "");
        assert!(!house.path().join("ledgers").exists());
    }
    house.run(&["simulate", "--seed", "18446744073709551614", "--seeds", "1"]).exits(0);
    house.run(&["simulate", "--seed", "18446744073709551615"]).exits(0);
    let seated = ["simulate", "--law", "--decrees", "5", "--seed", "1", "--absent", "Dijkstra"];
    house.run(&seated).exits(0);
    house.run(&["synod", "--priests", "A, B", DECREE]).exits(0);
}

/// A house in which the user who runs the program is nobody special: root may read and write
/// everything.
#[cfg(unix)]
struct Plain {
    house: House,
    program: std::path::PathBuf,
}

#[cfg(unix)]
impl Plain {
    fn of(house: House) -> Plain {
        let program = house.path().join("program");
        lay(&program, &std::fs::read(env!("CARGO_BIN_EXE_parliament")).unwrap());
        let everyone =
            std::process::Command::new("chmod").args(["-R", "a+rwX"]).arg(house.path()).status();
        assert!(everyone.unwrap().success());
        Plain { house, program }
    }

    fn permit(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.house.ledger(name), permissions).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        use std::os::unix::{fs::MetadataExt, process::CommandExt};
        let mut command = std::process::Command::new(&self.program);
        command.current_dir(self.house.path()).args(arguments);
        if std::fs::metadata(self.house.path()).unwrap().uid() == 0 {
            command.uid(65534).gid(65534);
        }
        Ended::of(command.output().unwrap())
    }
}

#[test]
#[cfg(unix)]
fn a_ledger_without_permission_is_named_with_the_repair() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", DECREE]).exits(0);
    let plain = Plain::of(house);
    for (mode, cannot) in
        [(0o000, "cannot open the ledger"), (0o444, "open the ledger for writing")]
    {
        plain.permit("Fischer", mode);
        for refused in
            [&["synod", "Goats"][..], &["pass", "Goats"], &["sit"], &["priest", "Fischer"]]
        {
            let refused = plain.run(refused).exits(2);
            assert_eq!(refused.out, "");
            refused
                .says(cannot)
                .says("ledgers/Fischer.csv: ")
                .says("let the user who runs this read and write it")
                .says("`--absent Fischer`");
        }
        plain.run(&["synod", "Goats", "--absent", "Fischer"]).exits(0).says(DECREE);
        plain.run(&["pass", "Goats", "--absent", "Fischer"]).exits(0).says(": Goats");
    }
    plain.permit("Fischer", 0o000);
    let law = plain.run(&["law", "get", "olive tax"]).exits(0);
    assert_eq!(law.out, "3 drachmas per ton\n");
    law.says("ledgers/Fischer.csv: Permission denied").says("the other ledgers answer");
    plain.run(&["law", "--ledger", "Fischer"]).exits(2).says("ledgers/Fischer.csv: Permission");
    plain.run(&["ledgers"]).exits(2).says("ledgers/Fischer.csv: Permission denied");
    plain.run(&["petition", "--id", "a", "--within", "0", "Cows"]).exits(1).says("may yet pass");
}

/// As on a full disk: nobody can be told there, and the exit code says what it would have said.
#[test]
#[cfg(target_os = "linux")]
fn a_standard_error_that_fails_changes_no_exit_code() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", DECREE]).exits(0);
    for told_aside in [
        &["law", "get", "olive tax"][..],
        &["law", "get", "toll"],
        &["petition", "--within", "0", "Goats"],
        &["synod", ""],
        &["pass", "--absent", "Nobody", "Goats"],
    ] {
        let heard = house.run(told_aside);
        assert_ne!(heard.err, "", "{told_aside:?} says nothing aside");
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let unheard = house.command(told_aside).stderr(full).output().unwrap();
        assert_eq!(unheard.status.code(), heard.code, "{told_aside:?}");
        assert_eq!(String::from_utf8(unheard.stdout).unwrap(), heard.out, "{told_aside:?}");
    }
}

/// SIGKILL at any moment, then a new run: always consistent, and never a second decree.
#[test]
fn two_hundred_kills_and_never_a_second_decree() {
    let mut house = House::new();
    // Kills fall within about twice the time of a run, however busy the machine is.
    let mut within = 30_000;
    let (mut kept, mut passed_before_kill) = (0, 0);
    for round in 0..200u64 {
        if round % 10 == 0 {
            house = House::new();
        }
        let decree = format!("Decree of round {round}");
        let seed = round.to_string();
        let mut child =
            house.start(&["synod", &decree, "--seed", &seed, "--delay", "0..1", "--minute", "2ms"]);
        std::thread::sleep(std::time::Duration::from_micros(500 + (round * 7919) % within));
        let too_late = child.try_wait().unwrap().is_some();
        passed_before_kill += u32::from(too_late);
        within = if too_late { within * 9 / 10 } else { within * 11 / 10 };
        child.kill().unwrap();
        child.wait().unwrap();
        let before =
            if house.path().join("ledgers").exists() { house.decree() } else { Default::default() };
        assert!(before.len() <= 1, "{before:?}");
        if round % 10 == 9 {
            house.run(&["synod", "The last word"]).exits(0);
            let after = house.decree();
            assert_eq!(after.len(), 1, "{after:?}");
            assert!(before.is_subset(&after), "{before:?} became {after:?}");
            kept += usize::from(!before.is_empty());
        }
    }
    assert!(kept > 0, "no kill ever came after a decree was inked");
    assert!(passed_before_kill < 150, "hardly any kill came in time: {passed_before_kill}");
}
