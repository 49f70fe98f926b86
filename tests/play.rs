//! `parliament play --plain`: lines in, lines out.
#![cfg(feature = "cli")]

use std::io::Write;
use std::process::{Output, Stdio};

use crate::common::{Ended, House};

/// Plays with these arguments and these lines.
fn play(house: &House, arguments: &[&str], lines: &str) -> Output {
    let words: Vec<&str> = ["play"].into_iter().chain(arguments.iter().copied()).collect();
    let mut command = house.command(&words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // One who has ended reads no more.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    child.wait_with_output().unwrap()
}

fn told(arguments: &[&str], lines: &str) -> String {
    let ended = play(&House::new(), arguments, lines);
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

/// A whole ballot of three priests, by numbers and by words.
const BALLOT: &str = "try 1.Oki\ndeliver Oki Oki\ndeliver Oki Gray\ndeliver Oki Oki\n\
    deliver Gray Oki\nbegin Oki α\ndeliver Oki Oki\ndeliver Oki Gray\ndeliver Oki Oki\n\
    deliver Gray Oki\n";

#[test]
fn a_ballot_is_played_by_lines_and_passes() {
    let told = told(&["--plain"], &format!("{BALLOT}B\n"));
    assert!(told.contains("Oki passes 1.Oki"), "{told}");
    assert!(told.contains("ballot 1.Oki: “α”, quorum Gray, Oki, voted Gray, Oki; successful"));
    assert!(told.ends_with("Every rule holds.\n"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
}

#[test]
fn a_number_does_what_is_numbered_so() {
    let told = told(&["--plain"], "3\no\nl 2\nr 1\ni 1\n");
    let first = told.lines().find(|line| line.starts_with("  5 ") || line.starts_with("  3 "));
    assert!(first.is_some_and(|line| line.contains("try")), "{told}");
    assert!(told.contains("lost: NextBallot of"), "{told}");
    assert!(told.contains("(2 copies)"), "{told}");
    assert!(told.contains("would ink nextBal 1."), "{told}");
}

#[test]
fn undo_keeps_the_branch_and_b_lists_it() {
    let told = told(&["--plain"], "try 1.Oki\nu\ntry 1.Gray\nb\nb 1\nU\n");
    let branches = "0: the beginning\n1: try 1.Oki, after 0\n2: try 1.Gray, after 0  <- here\n";
    assert!(told.contains(branches), "{told}");
    assert!(told.contains("\nMoment 1: try 1.Oki\n"), "{told}");
    assert!(told.ends_with("nothing comes after this moment yet; make a move\n"), "{told}");
}

#[test]
fn a_saved_script_plays_on_and_answers_in_json() {
    let house = House::new();
    play(&house, &["--plain"], &format!("{BALLOT}s ballot.txt\n"));
    let saved = std::fs::read_to_string(house.path().join("ballot.txt")).unwrap();
    assert!(saved.contains("\nbegin Oki α\n"), "{saved}");
    let on = play(&house, &["ballot.txt", "--plain"], "B\n");
    assert!(String::from_utf8_lossy(&on.stdout).contains("successful"));
    let json = play(&house, &["ballot.txt", "--json"], "");
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&json["version"], &json["moment"]), (&1.into(), &10.into()));
    // It is written over, being a script; so is one of another hand; another file is not.
    let again = play(&house, &["--plain"], "s ballot.txt\n");
    assert!(String::from_utf8_lossy(&again.stdout).contains("saved: ballot.txt"));
    std::fs::write(house.path().join("mine.txt"), "mine\n").unwrap();
    let refused = play(&house, &["--plain"], "s mine.txt\n");
    assert!(String::from_utf8_lossy(&refused.stdout).contains("no script"));
    assert_eq!(std::fs::read_to_string(house.path().join("mine.txt")).unwrap(), "mine\n");
    let forced = play(&house, &["--plain"], "s mine.txt --force\n");
    assert!(String::from_utf8_lossy(&forced.stdout).contains("saved: mine.txt"));
    assert!(!house.path().join("mine.txt --force").exists());
}

#[test]
fn a_script_of_any_hand_is_saved_over_and_a_transcript_is_not() {
    let house = House::new();
    let script = house.path().join("script.txt");
    let (hand, answered) = ("# By hand.\nconvene Gray Oki\n", "----\nan answer\n\n");
    std::fs::write(&script, hand).unwrap();
    let told = told_in(&house, &["script.txt", "--plain"], "try 1.Oki\ns script.txt\nq\n");
    assert!(told.contains("saved: script.txt") && !told.contains("not saved"), "{told}");
    assert!(std::fs::read_to_string(&script).unwrap().ends_with("\ntry 1.Oki\n"));
    let transcript = format!("{hand}try 1.Oki\n{answered}");
    std::fs::write(&script, &transcript).unwrap();
    let told = told_in(&house, &["script.txt", "--plain"], "1\ns script.txt\nq\n");
    assert!(told.contains("or a transcript, whose answers"), "{told}");
    assert!(told.ends_with("1 move is not saved; `s NAME` before `q` saves.\n"), "{told}");
    assert_eq!(std::fs::read_to_string(&script).unwrap(), transcript);
}

fn told_in(house: &House, args: &[&str], lines: &str) -> String {
    String::from_utf8(play(house, args, lines).stdout).unwrap()
}

/// Saved by its ending or by name; the options write the same at the end.
#[test]
fn a_scene_is_saved_as_trace_chronicle_and_chamber() {
    let house = House::new();
    let lines = "try 1.Dwork\ndeliver all\nbegin Dwork α\ndeliver all\n\
        s run.csv\nsave kept/\nsave chamber again\ns run.html\nsave chronicle run.txt\n\
        s run.txt\ns kept/\nsave trace kept/ledgers/x.csv\nsave chamber\n";
    let arguments = ["--plain", "--trace", "end.csv", "--keep", "end"];
    let ended = Ended::of(play(&house, &arguments, lines)).exits(0);
    let told = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "Traced in run.csv.",
        "Kept in kept/.",
        "Kept in again.",
        "Drawn in run.html.",
        "Drawn in run.txt.",
        "run.txt: a file is here that is no script",
        "a record of a chamber is here already",
        "kept/ledgers/x.csv: the records of a chamber stand here",
        "name a place too: save chamber NAME",
        "Traced in end.csv.",
        "Kept in end.",
    ] {
        assert!(told.contains(line), "{line}: {told} {}", ended.err);
    }
    for audit in [
        ["audit", "--trace", "run.csv"],
        ["audit", "--trace", "end.csv"],
        ["audit", "--chamber", "kept"],
        ["audit", "--chamber", "again"],
        ["audit", "--chamber", "end"],
    ] {
        let audit = house.run(&audit).exits(0);
        assert!(audit.out.contains("1.Dwork  α") && audit.out.contains("passed"), "{}", audit.out);
    }
    let page = std::fs::read_to_string(house.path().join("run.html")).unwrap();
    assert!(page.starts_with("<!doctype html><!-- parliament chronicle -->"));
    let traces = ["run.csv", "end.csv"].map(|it| std::fs::read(house.path().join(it)).unwrap());
    assert_eq!(traces[0], traces[1]);
}

#[test]
fn a_script_with_an_error_is_refused_by_file_line_and_column() {
    let house = House::new();
    std::fs::write(house.path().join("x.txt"), "convene A B\ntry 1.C\n").unwrap();
    let ended = play(&house, &["x.txt", "--plain"], "");
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("x.txt:2:7: expected one who sits here (A, B)"), "{said}");
    let ended = play(&house, &["x.txt", "--json"], "");
    assert_eq!(ended.status.code(), Some(1));
    std::fs::write(house.path().join("x.txt"), vec![0xff; 10]).unwrap();
    assert_eq!(play(&house, &["x.txt", "--plain"], "").status.code(), Some(2));
}

/// The remains of a deed at which the power fails: the ledger's row, and the letter.
#[test]
fn predict_asks_what_wet_ink_leaves() {
    let start = "try 1.Dwork\ncrash Gray wet\np\no\n2\n";
    let told = told(&["--plain"], &format!("{start}3\nq\n"));
    let lines = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let asks = "and the power fails while the ink is wet. What is left of it?";
    assert!(lines.contains(asks), "{told}");
    let says = "No: his ledger lacks it, and no letter has left. Then somebody would count on a row \
        that is in no ledger.";
    assert!(lines.contains(says), "{told}");
    let dry = self::told(&["--plain"], &start.replace("wet", "dry").replace("2\n", "2\n2\n"));
    assert!(dry.contains("Right. Dry ink stays"), "{dry}");
}

#[test]
fn two_branches_stand_side_by_side() {
    let lines =
        "try 1.Oki\ndeliver Oki Gray\nb 1\ndeliver Oki Dwork\ncompare 2\ncompare 9\ncompare x\n";
    let told = told(&["--plain"], lines);
    assert!(told.contains("The last moment in common is 1."), "{told}");
    let line = |what: &str| told.lines().find(|line| line.contains(what)).unwrap().to_owned();
    assert!(line("moment 3").contains("| moment 2"), "{told}");
    let row = line("| deliver Oki Gray");
    assert!(row.starts_with("  deliver Oki Dwork"), "{told}");
    assert!(line("nextBal 1.Oki   ").ends_with("| blank"), "{told}");
    assert!(told.contains("there is no moment 9; the moments are 0 to 3"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
}

/// A pipe that nobody writes into is refused by name, and nothing waits for it.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_file_to_read_by_name() {
    let house = House::new();
    let made = std::process::Command::new("mkfifo").arg(house.path().join("pipe")).status();
    assert!(made.unwrap().success());
    for command in [
        &["play", "pipe", "--plain"][..],
        &["play", "pipe", "--json"],
        &["audit", "--trace", "pipe"],
        &["chronicle", "--trace", "pipe"],
        &["audit", "--trace", "/dev/null", "--mapping", "pipe"],
    ] {
        house.run(command).exits(2).says("pipe: this is no regular file");
    }
}

#[test]
fn unknown_lines_are_answered_and_nothing_ends() {
    let told = told(&["--plain"], "frobnicate\n99\nl 9\nu\ntry 1.Nobody\ncrash\n\u{1}\nq\n");
    for says in [
        "expected a command",
        "the choices are numbered 1 to 6",
        "nothing to undo",
        "expected one who sits here",
        "expected the name of a priest",
    ] {
        assert!(told.contains(says), "{says} in {told}");
    }
}

#[test]
fn predict_asks_first_and_says_why_a_wrong_answer_is_wrong() {
    // Gray has promised 2.Oki, and BeginBallot 1.Dwork comes.
    let late = "try 1.Dwork\ndeliver Dwork Dwork\ndeliver Dwork Gray\ndeliver Dwork Dwork\n\
        deliver Gray Dwork\nbegin Dwork α\ntry 2.Oki\ndeliver Oki Gray\np\n";
    let list = told(&["--plain"], &format!("{late}o\n"));
    let number = list
        .lines()
        .rfind(|line| line.contains("BeginBallot 1.Dwork α, Dwork to Gray"))
        .and_then(|line| line.split_whitespace().next())
        .unwrap();
    let told = told(&["--plain"], &format!("{late}{number}\nwhat\n1\n"));
    assert!(
        told.contains("Gray reads BeginBallot 1.Dwork α from Dwork. What does he do?"),
        "{told}"
    );
    assert!(told.contains("answer with a number, 1 to 4"), "{told}");
    let no = "No: he does nothing with it. 1.Dwork ≠ nextBal 2.Oki (§2.3 (4)).";
    assert!(told.contains(no), "{told}");
    assert!(told.contains("Gray ignores BeginBallot 1.Dwork of Dwork"), "{told}");
}

/// Lesson 9: Oki takes the lowest vote; the answer of the paper would be called wrong.
#[test]
fn nothing_is_asked_of_a_heretics_deed_or_in_a_hunt() {
    let house = House::new();
    let scene = "convene Dwork Gray Oki\nheretic Oki lowest-vote\n\
        given Gray prevVote 1 1.Gray α\ngiven Gray nextBal 1.Gray\ntry 2.Oki\n\
        deliver Oki Gray NextBallot 2.Oki\ndeliver Oki Oki NextBallot 2.Oki\ndeliver all\n";
    let orthodox = scene.replace("heretic Oki lowest-vote\n", "");
    std::fs::write(house.path().join("heretic.txt"), scene).unwrap();
    std::fs::write(house.path().join("orthodox.txt"), orthodox).unwrap();
    let begin = |script| {
        let list = told_in(&house, &[script, "--plain"], "o\n");
        let begins = list.lines().rfind(|line| line.contains(" begin Oki α")).unwrap();
        let number = begins.split_whitespace().next().unwrap();
        told_in(&house, &[script, "--plain"], &format!("p\n{number}\n"))
    };
    let asked = begin("orthodox.txt");
    assert!(asked.contains("Which decree is it for?"), "{asked}");
    assert!(asked.contains("You are asked before telling moves. So far"), "{asked}");
    let begun = begin("heretic.txt");
    assert!(!begun.contains("Which decree") && begun.contains("begins 2.Oki"), "{begun}");
    let says = "You are asked before telling moves; nothing is asked about a heretic's deeds.";
    assert!(begun.replace('\n', " ").contains(says), "{begun}");
    let hunt = told(&["--plain", "--heresy", "?", "--seed", "1"], "p\n");
    assert!(hunt.contains("In a hunt nothing is asked: the answers would"), "{hunt}");
    assert!(!hunt.contains("You are asked"), "{hunt}");
}

/// A shell puts the name of a file in the place of `?` where it has one letter.
#[test]
fn a_heresy_of_one_letter_is_told_to_quote_the_mark() {
    let house = House::new();
    for name in ["a", "é", "xyz"] {
        let ended = play(&house, &["--plain", "--heresy", name], "");
        let said = String::from_utf8_lossy(&ended.stderr).replace('\n', " ");
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains("--heresy '?'") && said.contains(name), "{said}");
    }
    std::fs::write(house.path().join("x.txt"), "convene A B\nheretic A zzz\n").unwrap();
    let ended = play(&house, &["--plain", "x.txt"], "");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("is called `zzz`; `parliament heresies` lists"), "{said}");
    let ended = play(&house, &["--plain", "--heresy", "lowest"], "");
    assert!(!String::from_utf8_lossy(&ended.stderr).contains("'?'"));
}

#[test]
fn the_game_hides_the_heresy_until_a_rule_is_broken() {
    let one_reply = "try 1.Dwork\ndeliver Dwork Dwork\ndeliver Dwork Dwork\nbegin Dwork α\n";
    let open = told(&["--plain", "--heresy", "one-reply-quorum"], one_reply);
    assert!(open.contains("All here hold one-reply-quorum"), "{open}");
    assert!(open.contains("BROKEN I6"), "{open}");
    let golf = "You needed 4 events. The proved shortest has 4 (3 priests, 1 ballot).";
    assert!(open.contains(golf), "{open}");
    for seed in 0..12 {
        let seed = seed.to_string();
        let arguments = ["--plain", "--heresy", "?", "--seed", &seed];
        let start = "try 1.Dwork\ndeliver Dwork Dwork\ni 1\nt\ny\ns x.txt\nshortest\n";
        let secret = told(&arguments, start);
        let names = parliament::heresies::ALL.iter().map(|heresy| heresy.name);
        let named: Vec<_> = names.filter(|name| secret.contains(name)).collect();
        let is_over = secret.contains("BROKEN");
        assert!(named.is_empty() || is_over, "seed {seed} tells {named:?}: {secret}");
        assert!(!secret.contains("HERESY") || is_over, "{secret}");
        let early = told(&arguments, "sound\nshortest\n");
        assert!(early.contains("This counts after 6 moves") && !early.contains("You are right"));
        let tries: String = (1..=6).map(|round| format!("try {round}.Dwork\n")).collect();
        let declared = told(&arguments, &format!("{tries}sound\n"));
        assert!(declared.contains("You are right") || declared.contains("No. They hold"));
    }
}

/// The program in a terminal of its own.
#[cfg(all(unix, feature = "tui"))]
#[test]
fn the_panes_play_in_a_terminal_and_give_it_back() {
    use std::io::Read;
    use std::num::NonZero;

    let house = House::new();
    let (mut pty, pts) = pty_process::blocking::open().unwrap();
    pty.resize(pty_process::Size::new(24, 80)).unwrap();
    let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_parliament"));
    let command = command.arg("play").current_dir(house.path()).env("TERM", "xterm");
    let mut child = command.spawn(pts).unwrap();
    let [rows, columns] = [24, 80].map(|n| NonZero::new(n).unwrap());
    let (mut screen, mut bytes) = (vt100::Parser::new(rows, columns, 0), [0; 4096]);
    for (shows, keys) in [
        ("1 try 1.Dwork", "1"),
        ("Bag: 3", "\r"),
        ("nextBal 1.Dwork", "u"),
        ("moment 1 of 2", "sscene.txt\r"),
        ("saved: scene.txt", "q"),
    ] {
        while !screen.screen().contents().contains(shows) {
            let read = pty.read(&mut bytes).unwrap();
            screen.process(&bytes[..read]);
        }
        pty.write_all(keys.as_bytes()).unwrap();
    }
    // A terminal is full unless somebody reads.
    while pty.read(&mut bytes).is_ok_and(|read| read > 0) {}
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let saved = std::fs::read_to_string(house.path().join("scene.txt")).unwrap();
    assert!(
        saved.ends_with("try 1.Dwork\ndeliver Dwork Dwork NextBallot 1.Dwork\ngo 1\n"),
        "{saved}"
    );
}

#[test]
fn records_of_a_chamber_begin_a_scene_and_stay_as_they_are() {
    let house = House::new();
    house.run(&["synod", "Goats may graze"]).exits(0);
    let ledger = house.path().join("ledgers/Gray.csv");
    let mut text = std::fs::read_to_string(&ledger).unwrap();
    text.push_str("nextBal,,9.Stranger\nnonsense,,\n");
    std::fs::write(&ledger, &text).unwrap();
    let ended = play(&house, &["--records", "--plain"], "v\nB\no\ns scene.txt\n");
    let (told, aside) =
        (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(told.contains("outcome 1 Goats may graze"), "{told}");
    assert!(told.contains("; successful") && told.contains("Every rule holds."), "{told}");
    assert!(told.contains("Letters under way:"), "{told}");
    assert!(aside.contains("Gray.csv:") && aside.contains("Stranger does not sit here"), "{aside}");
    assert!(aside.contains("nonsense"), "{aside}");
    assert_eq!(std::fs::read_to_string(&ledger).unwrap(), text);
    // The script says it all again.
    let again = play(&house, &["scene.txt", "--plain"], "B\n");
    assert!(String::from_utf8_lossy(&again.stdout).ends_with("Every rule holds.\n"));
}

#[test]
fn records_that_cannot_begin_a_scene_are_refused_with_the_row() {
    let house = House::new();
    let ended = play(&house, &["--records", "--plain"], "");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("no chamber is founded here"));
    house.run(&["pass", "Goats may graze", "Lamps burn olive oil"]).exits(0);
    let ended = play(&house, &["--records", "--plain"], "");
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains(".csv:") && said.contains("speaks of decree 2"), "{said}");
}

/// A directory is no script, and a chamber is played from its records.
#[test]
fn a_chamber_in_the_place_of_a_script_is_told_its_way() {
    let house = House::new();
    house.run(&["pass", "--chamber", "hall", "Goats may graze"]).exits(0);
    std::fs::create_dir(house.path().join("empty")).unwrap();
    let said = |place: &str| {
        let ended = play(&house, &[place, "--plain"], "");
        assert_eq!(ended.status.code(), Some(2));
        String::from_utf8(ended.stderr).unwrap()
    };
    assert!(said("hall").contains("parliament play --chamber hall --records"), "{}", said("hall"));
    assert!(said("empty").contains("empty is a directory, and SCRIPT is a file"));
    let told = play(&house, &["--chamber", "hall", "--records", "--plain"], "");
    assert!(told.status.success());
}
