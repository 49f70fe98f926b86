//! The chronicle of the sample runs: its text to the letter, its picture without a collision.
#![cfg(feature = "chronicle")]

use std::path::Path;

use parliament::picture::flight::{Fate, Flight};
use parliament::picture::fold::folds;
use parliament::picture::history::History;
use parliament::picture::layout::{Arrow, Layout};
use parliament::picture::long;
use parliament::picture::moment::Moments;
use parliament::picture::tally::Window;
use parliament::picture::{Chronicle, Judged, judged, laid, record, svg, text};
use parliament::words::message::Kind;

fn chronicle(name: &str) -> Chronicle {
    let path = format!("tests/traces/{name}.csv");
    let bytes = std::fs::read(&path).unwrap();
    let records = record::from_trace(bytes.as_slice(), Path::new(&path)).unwrap();
    Chronicle::of_trace(&path, records)
        .unwrap()
        .replayed_by(&format!("parliament chronicle --trace {path}"))
}

const RUNS: [&str; 7] = ["parliament", "plain", "fates", "duel", "adopted", "forgotten", "hostile"];

/// Compares with what is kept beside the trace; `BLESS=1` keeps the new one.
fn check(path: &str, drawn: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == drawn, "{path} is drawn otherwise now; BLESS=1 keeps the new one");
}

#[test]
fn the_text_of_each_sample_run_is_as_kept_and_80_columns_wide() {
    for run in RUNS {
        let drawn = text::draw(&chronicle(run));
        check(&format!("tests/traces/{run}.txt"), &drawn);
        for line in drawn.lines().filter(|line| !line.starts_with("To see it again")) {
            assert!(line.chars().count() <= 80, "{run}: {line}");
        }
    }
}

/// Letters of some alphabets take two cells of a terminal; a lifeline stands where it stood.
#[test]
fn wide_letters_keep_80_columns_and_straight_lifelines() {
    use unicode_width::UnicodeWidthStr;
    for run in RUNS {
        let path = format!("tests/traces/{run}.csv");
        let mut trace = std::fs::read_to_string(&path).unwrap();
        for (latin, wide) in [
            ("Dwork", "あひる"),
            ("Fischer", "みずうみのほとりに住む長い名の漁師"),
            ("Gray", "沖"),
            ("Lynch", "灰色"),
            ("Oki", "道"),
            ("olive", "橄欖の税は一トンにつき三ドラクマとする"),
            ("Lamps", "灯にはオリーブ油のみを使わねばならない"),
        ] {
            trace = trace.replace(latin, wide);
        }
        let records = record::from_trace(trace.as_bytes(), Path::new(&path)).unwrap();
        let chronicle = Chronicle::of_trace("漢字", records).unwrap();
        let drawn = text::draw(&chronicle);
        let mut lifelines = std::collections::BTreeSet::new();
        for line in drawn.lines() {
            assert!(line.width() <= 80, "{run}: {line}");
            let before = line.match_indices(['│', '┊']).map(|(at, _)| line[..at].width());
            lifelines.extend(before);
        }
        assert_eq!(lifelines.len(), chronicle.priests.len(), "{run}: {lifelines:?}\n{drawn}");
    }
}

#[test]
fn no_label_lies_over_an_arrow_a_lifeline_or_another_label() {
    for run in RUNS {
        let chronicle = chronicle(run);
        let moments = Moments::of(&chronicle);
        let layout = Layout::of(&chronicle, &moments, &folds(&chronicle, &moments));
        // In the thickest of a lossy Parliament a label may find no room; then the mark stands
        // alone.
        let most = if run == "parliament" { layout.labels.len() / 20 } else { 0 };
        assert!(layout.unplaced <= most, "{run}: {} labels without a place", layout.unplaced);
        for (index, label) in layout.labels.iter().enumerate() {
            let bounds = label.bounds();
            let story = |arrow: &&Arrow| !chronicle.flights[arrow.flight].is_talk();
            for arrow in layout.arrows.iter().filter(story) {
                assert!(!bounds.is_crossed(arrow.from, arrow.to), "{run}: {label:?}");
            }
            for x in &layout.lifelines {
                assert!(bounds.2 < *x || *x < bounds.0, "{run}: {label:?}");
            }
            for other in &layout.labels[index + 1..] {
                assert!(!bounds.touches(&other.bounds()), "{run}: {label:?} {other:?}");
            }
        }
    }
}

/// The hour beside a row is the hour of each event in it, in tenths of a minute.
#[test]
fn each_row_bears_the_hour_of_every_event_in_it() {
    for run in RUNS {
        let chronicle = chronicle(run);
        let moments = Moments::of(&chronicle);
        let layout = Layout::of(&chronicle, &moments, &[]);
        let mut written = Vec::new();
        for row in &layout.rows {
            let above = written.last().cloned().unwrap_or_default();
            written.push(if row.at.is_empty() { above } else { row.at.clone() });
        }
        for (event, told) in chronicle.events.iter().enumerate() {
            let row = moments.moments[moments.of_event[event]].row;
            let is_talk = told.flight.map(|it| &chronicle.flights[it]).is_some_and(|flight| {
                flight.is_talk() || flight.kind() == Kind::Petition && told.actor.is_none()
            });
            let (hour, exact) = (&written[row], told.at().to_string());
            // Rows of talk alone are not drawn, and bear no hour.
            assert!(is_talk || exact.starts_with(hour.as_str()), "{run}, {exact}: row of {hour}");
        }
        for pair in layout.rows.windows(2) {
            assert!(pair[0].at != pair[1].at || pair[1].at.is_empty(), "{run}: {pair:?}");
        }
    }
}

#[test]
fn the_sheet_of_each_sample_run_is_as_kept_in_the_gallery() {
    for run in RUNS {
        let drawn = svg::draw(&chronicle(run), false).unwrap();
        check(&format!("docs/gallery/{run}.svg"), &drawn);
        assert!(!drawn.contains("<img") && !drawn.contains("<script"), "{run}: text became markup");
    }
}

/// Each picture of the gallery stands beside the command that made it.
#[test]
fn the_commands_of_the_gallery_draw_its_pictures() {
    let page = std::fs::read_to_string("docs/gallery/README.md").unwrap();
    let commands: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("    parliament ")).collect();
    assert_eq!(commands.len(), RUNS.len() + 1, "one command for each run, and one that searches");
    let drawn = tempfile::tempdir().unwrap();
    for directory in ["docs/gallery", "tests/traces"] {
        std::fs::create_dir_all(drawn.path().join(directory)).unwrap();
    }
    for run in RUNS.map(|run| format!("tests/traces/{run}.csv")) {
        std::fs::copy(&run, drawn.path().join(&run)).unwrap();
    }
    for command in commands {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_parliament"))
            .current_dir(drawn.path())
            .args(command.split(' '))
            .output()
            .unwrap();
        let kept = command.rsplit(' ').next().unwrap();
        let file = drawn.path().join(kept);
        // A search that finds a rule broken says so by its exit code.
        let code = if command.contains("--heresy") { 1 } else { 0 };
        assert_eq!(done.status.code(), Some(code), "{command}");
        check(kept, &std::fs::read_to_string(file).unwrap());
    }
}

/// Tells a window of a sample run, as `parliament chronicle` does.
fn window(run: &str, from: u64, to: u64) -> Chronicle {
    let path = format!("tests/traces/{run}.csv");
    let bytes = std::fs::read(&path).unwrap();
    let mut read = record::read_again(&bytes, Path::new(&path));
    let (judgment, of) = laid::judge_run(&mut read).unwrap();
    let window = Some(Window { from, to, of });
    long::tell(run, Judged::of(&judgment), window, &mut read).unwrap().unwrap()
}

#[test]
fn a_window_tells_its_steps_as_the_whole_run_does() {
    for run in ["parliament", "fates", "forgotten"] {
        let whole = chronicle(run);
        let of = whole.events.len();
        for (from, to) in [(1, of), (of / 3, of / 2), (of / 2, of), (of, of)] {
            let told = window(run, from as u64, to as u64);
            let said = |told: &parliament::picture::teller::Told| {
                (told.record.event.seq, told.why.sentence.clone(), told.slip.clone())
            };
            let expected: Vec<_> = whole.events[from - 1..to].iter().map(said).collect();
            let seen: Vec<_> = told.events.iter().map(said).collect();
            assert_eq!(seen, expected, "{run}, {from} to {to}");
            assert_eq!(told.summary(), whole.summary(), "{run}, {from} to {to}");
        }
    }
}

/// The state before a window stands on its page as it does at that step of the whole.
#[test]
fn a_window_begins_with_what_stood_before_it() {
    let whole = History::of(&chronicle("parliament"));
    let from = 901;
    let part = History::of(&window("parliament", from, 1000));
    let before = i64::try_from(from).unwrap() - 1;
    for (all, desk) in whole.desks.iter().zip(&part.desks) {
        let last = |notes: &[(i64, String)]| {
            notes.iter().rfind(|note| note.0 < before).map(|note| note.1.clone())
        };
        let first =
            |notes: &[(i64, String)]| notes.first().filter(|it| it.0 < 0).map(|it| it.1.clone());
        assert_eq!(last(&all.last_tried), first(&desk.last_tried));
        assert_eq!(last(&all.next_bal), first(&desk.next_bal));
        let decrees = all.front.iter().filter(|it| it.0 < before).count();
        let stood = desk.front.iter().filter(|it| it.0 < 0).count();
        assert_eq!(decrees, stood + desk.before);
    }
    let begun = whole.ballots.iter().filter(|ballot| ballot.since < before).count();
    let stood = part.ballots.iter().filter(|ballot| ballot.since < 0).count();
    assert!(begun > 8, "{begun}");
    assert_eq!(begun, stood + part.ballots_before);
}

#[test]
fn a_run_at_a_glance_counts_every_step_and_letter_once() {
    let told = window("parliament", 1, 10);
    let overview = told.overview.as_ref().unwrap();
    let mut next = 1;
    for stretch in &overview.stretches {
        assert_eq!(stretch.from, next);
        next = stretch.to + 1;
    }
    assert_eq!(next, 1406);
    let whole = chronicle("parliament");
    let sent = whole.flights.iter().filter(|it| !it.is_own() && it.repeated.is_none()).count();
    let letters: u64 = overview.stretches.iter().map(|it| it.letters).sum();
    assert_eq!(letters, sent as u64);
    let passed: u64 = overview.stretches.iter().map(|it| it.passed).sum();
    assert_eq!(passed, 20);
    for width in [40, 80] {
        let lines = overview.lines(12, width);
        assert!(lines.len() <= 12 && lines.iter().all(|line| line.chars().count() <= width));
    }
}

/// A run of more than three thousand steps is told at a glance, with a window to look into.
#[test]
fn a_long_run_is_told_at_a_glance_and_in_a_window() {
    let chamber = tempfile::tempdir().unwrap();
    let trace = chamber.path().join("long.csv");
    let trace = trace.to_str().unwrap();
    let simulate = ["simulate", "--seed", "5", "--decrees", "60", "--trace", trace];
    parliament(chamber.path(), &simulate);
    let told = parliament(chamber.path(), &["chronicle", "--trace", trace]);
    assert!(told.contains("The whole run:") && told.contains("steps 1 to 2,000 of"), "{told}");
    let window = ["chronicle", "--trace", trace, "--from", "2990", "--to", "3000"];
    let told = parliament(chamber.path(), &window);
    assert!(told.contains("steps 2,990 to 3,000 of"), "{told}");
    assert!(told.contains("\n2990 ") && !told.contains("\n2989 ") && !told.contains("\n3001 "));
    assert!(told.contains(&format!("--trace {trace} --from 2990 --to 3000")), "{told}");
    let page = chamber.path().join("page.html");
    let draw = ["chronicle", "--trace", trace, "--html", page.to_str().unwrap()];
    parliament(chamber.path(), &draw);
    let size = std::fs::metadata(&page).unwrap().len();
    assert!(size < 3_000_000, "{size} bytes");
    for (window, reason) in [
        (["--from", "9", "--to", "8"], "give the smaller one first"),
        (["--from", "99999", "--to", "99999"], "none from 99999 on"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parliament"));
        let done = command.args(["chronicle", "--trace", trace]).args(window).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(2) && said.contains(reason), "{said}");
    }
}

/// The accusations against each accused deed of a run.
fn accused(chronicle: &Chronicle) -> Vec<String> {
    let events = chronicle.events.iter();
    let faults = events.flat_map(|told| {
        let deed = format!("{} {}: ", told.record.event.seq, told.why.short);
        let against = chronicle.judged.against(&told.record);
        against.map(move |fault| deed.clone() + &judged::said(fault))
    });
    faults.collect()
}

#[test]
fn a_deed_is_accused_in_the_words_of_the_auditor_with_its_rows() {
    assert_eq!(
        accused(&chronicle("forgotten")),
        [
            "77 LastVote 1.E, null: LastVote tells the last vote (§2.3 (2), I7): Γ's reply to 1.E \
             speaks of 0 numbers above 0, and he had voted on at least 1: 1 among them; see \
             forgotten.csv:42.",
            "80 LastVote 1.E, null: LastVote tells the last vote (§2.3 (2), I7): Δ's reply to 1.E \
             speaks of 0 numbers above 0, and he had voted on at least 1: 1 among them; see \
             forgotten.csv:46.",
            "83 begins 1.E: The ides of Februar…: B3 (§2.1): 1.E is for “The ides of February is \
             national olive day”, but the latest earlier ballot in which a member of its quorum \
             voted, 1.A (Γ), was for “Lamps must use only olive oil”; see forgotten.csv:33, \
             forgotten.csv:36, forgotten.csv:42, forgotten.csv:46.",
            "100 decree 1: The ides of Februar…: one decree under one number (§1.2): decree 1 is \
             “The ides of February is national olive day” here and “Lamps must use only olive oil” \
             there; see forgotten.csv:50.",
        ]
    );
    for honest in RUNS.iter().filter(|run| **run != "forgotten") {
        let told = chronicle(honest);
        assert_eq!((accused(&told), told.judged.count()), (vec![], 0), "{honest}");
    }
}

#[test]
fn every_fate_of_a_letter_is_told_apart() {
    let fates = chronicle("fates");
    let count = |is: &dyn Fn(&Flight) -> bool| fates.flights.iter().filter(|f| is(f)).count();
    assert_eq!(count(&|f| f.fate == Fate::Lost), 7);
    assert_eq!(count(&|f| f.fate == Fate::Ignored), 2);
    assert_eq!(count(&|f| f.repeated.is_some()), 2);
    let late = fates.flights.iter().find(|flight| flight.late).unwrap();
    assert_eq!((late.from.as_str(), late.kind()), ("Gray", Kind::LastVote));
}

/// Whatever happens to messengers, disks and priests: an honest priest is never accused.
#[test]
fn nothing_that_an_honest_priest_does_in_a_storm_is_accused() {
    let drawn = tempfile::tempdir().unwrap();
    for (seed, decrees) in [("1", "1"), ("2", "1"), ("3", "1"), ("4", "3"), ("7", "6"), ("9", "6")]
    {
        let file = drawn.path().join(format!("{seed}.txt"));
        let simulate = ["simulate", "--seed", seed, "--decrees", decrees, "--chronicle"];
        parliament(drawn.path(), &[&simulate[..], &[file.to_str().unwrap()]].concat());
        let told = std::fs::read_to_string(&file).unwrap();
        assert!(told.contains(&format!("\nseed {seed}: ")), "{told}");
        assert!(told.contains(" lost, ") && !told.contains("!!"), "{told}");
        assert!(told.contains(&format!("parliament simulate --seed {seed}")), "{told}");
    }
}

fn parliament(chamber: &Path, arguments: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parliament"));
    let done = command.arg("--chamber").arg(chamber).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn a_chambers_records_draw_its_run_and_accuse_no_honest_deed() {
    let chamber = tempfile::tempdir().unwrap();
    let lossy = ["--lose", "0.15", "--repeat", "0.2", "--delay", "0..6", "--seed", "11"];
    let decree = "Freedom of artistic expression is guaranteed";
    let synod = [&["synod", "--president", "Fischer,Lynch", "--minute", "5ms"], &lossy[..]];
    parliament(chamber.path(), &[&synod.concat()[..], &[decree]].concat());
    let told = parliament(chamber.path(), &["chronicle", "--minute", "5ms"]);
    assert!(!told.contains("!!"), "{told}");
    // A line of the gods' with many ballots goes on in the next.
    assert!(told.contains(" successful") && told.contains("B1 ✓ B2 ✓ B3 ✓"), "{told}");
    assert!(!told.contains('✗'), "{told}");
    let inked = told.lines().filter(|line| line.contains("█ decree 1:") || line.contains("… █"));
    assert_eq!(inked.count(), 5, "{told}");
}

/// Only a row that rests on a letter shows that it was read.
#[test]
fn a_priest_who_is_away_reads_none_of_his_letters() {
    let place = tempfile::tempdir().unwrap();
    let chamber = place.path().join("hall");
    parliament(&chamber, &["synod", "--absent", "Dwork", "--quiet", "Goats"]);
    let told = parliament(&chamber, &["chronicle"]);
    assert!(told.contains("⟶ Dwork"), "letters were sent to him:\n{told}");
    assert!(told.contains("● Success 1 ⟵ Oki"), "others read theirs:\n{told}");
    // He stands in the first column, which is empty wherever another reads. The reason why a
    // letter had no effect (×) may stand across several columns.
    let mut read = told.lines().filter(|line| line.contains('⟵') && !line.contains('×'));
    assert!(read.all(|line| line.chars().nth(13) == Some('┊')), "{told}");
}

#[test]
fn an_empty_chamber_and_a_bad_trace_are_refused_with_the_reason() {
    let chamber = tempfile::tempdir().unwrap();
    let trace = chamber.path().join("run.csv");
    std::fs::write(&trace, "seq;at;event\n").unwrap();
    for (arguments, reason) in [
        (vec!["chronicle"], "there are no ledgers"),
        (vec!["chronicle", "--trace", trace.to_str().unwrap()], "semicolons"),
        (vec!["chronicle", "--trace", "nowhere.csv"], "nowhere.csv"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parliament"));
        let done = command.arg("--chamber").arg(chamber.path()).args(&arguments).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.contains(reason), "{arguments:?}: {said}");
    }
}
