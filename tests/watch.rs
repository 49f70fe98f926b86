//! `parliament watch`: its views to the letter, and the program itself in a terminal.
#![cfg(feature = "tui")]

use std::path::Path;
use std::sync::Arc;

use crate::common::{House, wait_until};
use parliament::chamber::{Chamber, Come, Watching};
use parliament::picture::derive::Retelling;
use parliament::picture::live::Live;
use parliament::picture::terminal::{Act, View, draw};
use parliament::picture::{Judged, laid, record};
use parliament::records::{LedgerRow, MessageRow, Place, Seal};
use parliament::synod::{BallotNumber, Entry, Founding, Message, Name};
use parliament::trace::Happening;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;

/// A sample run as one who watched it has it, when no more than `most` events are kept.
fn live(run: &str, most: usize) -> Live {
    let path = format!("tests/traces/{run}.csv");
    live_of(&std::fs::read(&path).unwrap(), &path, most)
}

fn live_of(bytes: &[u8], path: &str, most: usize) -> Live {
    let records = record::from_trace(bytes, Path::new(path)).unwrap();
    let Happening::Founded(founding) = &records[0].event.happening else { panic!("not founded") };
    let mut live = Live::of(founding.clone(), most);
    let (judged, through) = (Judged::of(&laid::judge(&records)), records.len() as u64);
    // In portions, as one who looks now and then.
    let mut records = records.into_iter().peekable();
    while records.peek().is_some() {
        live.go_on(records.by_ref().take(17).collect());
    }
    live.judge(judged, through);
    live
}

fn drawn(live: &Live, acts: &[Act], width: u16, height: u16) -> TestBackend {
    let mut view = View::default();
    for act in acts {
        view.act(*act, live);
    }
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, "The Chamber", Some(live), &mut view, None)).unwrap();
    terminal.backend().clone()
}

fn text(screen: &TestBackend) -> String {
    let buffer = screen.buffer();
    let line = |y| {
        let cells = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol());
        cells.collect::<String>().trim_end().to_owned() + "\n"
    };
    (0..buffer.area.height).map(line).collect()
}

/// Compares with what is kept; `BLESS=1` keeps the new one.
#[track_caller]
fn check(name: &str, drawn: &str) {
    let path = format!("tests/watch/{name}.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == drawn, "{path} is drawn otherwise now; BLESS=1 keeps the new one:\n{drawn}");
}

#[test]
fn each_view_is_as_kept() {
    let plain = live("plain", 5000);
    check("plain", &text(&drawn(&plain, &[], 80, 24)));
    let back = [Act::Pause, Act::Back(12)];
    check("plain-paused", &text(&drawn(&plain, &back, 80, 24)));
    check("plain-first", &text(&drawn(&plain, &[Act::First], 80, 24)));
    check("plain-wide", &text(&drawn(&plain, &[Act::Talk], 160, 40)));
    check("plain-narrow", &text(&drawn(&plain, &[], 40, 24)));
    check("plain-gray", &text(&drawn(&plain, &[Act::NextPriest; 3], 80, 24)));
    let parliament = live("parliament", 5000);
    check("parliament-decree", &text(&drawn(&parliament, &[Act::DecreeBefore; 2], 100, 30)));
    check("forgotten", &text(&drawn(&live("forgotten", 5000), &[], 80, 24)));
}

/// No count of letters is cut: those that have no room are told in one.
#[test]
fn the_letters_sent_are_all_counted_however_narrow() {
    let parliament = live("parliament", 5000);
    let sent = |width| {
        let shown = text(&drawn(&parliament, &[], width, 30));
        shown.lines().find(|line| line.starts_with(" sent")).unwrap().to_owned()
    };
    let sum = |line: &str| -> u64 { line.split(' ').filter_map(|it| it.parse::<u64>().ok()).sum() };
    let whole = sent(150);
    assert!(!whole.contains("others"), "{whole}");
    assert!(sent(40).contains(" others"), "{}", sent(40));
    for width in [24, 40, 60, 80, 100] {
        assert_eq!(sum(&sent(width)), sum(&whole), "{}", sent(width));
    }
}

#[test]
fn a_question_mark_shows_every_key_until_the_next() {
    let plain = live("plain", 5000);
    let shown = text(&drawn(&plain, &[Act::Keys], 80, 24));
    for keys in ["┌ Keys ", "Home End, g G", "q, Ctrl-C       the end"] {
        assert!(shown.contains(keys), "{keys} in\n{shown}");
    }
    assert!(!text(&drawn(&plain, &[Act::Keys, Act::Pause], 80, 24)).contains("┌ Keys "));
}

#[test]
fn a_view_has_room_on_every_screen() {
    let live = live("duel", 5000);
    for (width, height) in [(1, 1), (10, 3), (20, 10), (40, 24), (80, 16), (300, 100)] {
        drawn(&live, &[], width, height);
        drawn(&live, &[Act::Pause, Act::NextPriest, Act::DecreeBefore], width, height);
    }
}

/// At 40 columns an event stands beside the lifelines, with the name of him whom it tells of.
#[test]
fn at_40_columns_events_keep_their_words() {
    let shown = text(&drawn(&live("plain", 5000), &[], 40, 24));
    for words in ["Oki: Success 1 ⟶ Lynch", "Lynch: Success 1 ⟵ Oki", "Gray: decree 1: The oliv"]
    {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}

#[test]
fn a_watcher_who_keeps_few_events_sees_the_same_end() {
    let (all, few) = (live("parliament", 5000), live("parliament", 40));
    assert_eq!(all.kept().len(), 1405);
    assert!(few.kept().len() <= 80);
    let (all, few) = (text(&drawn(&all, &[], 100, 30)), text(&drawn(&few, &[], 100, 30)));
    assert_eq!(few, all);
}

#[test]
fn what_nobody_can_see_is_written_out_on_every_screen() {
    let run = std::fs::read_to_string("tests/traces/plain.csv").unwrap();
    let run = run.replace("The olive", "The\u{202e}x\u{fe0f} \u{200b}olive");
    let live = live_of(run.as_bytes(), "plain.csv", 5000);
    let plain = |c: char| !matches!(c, '\u{202e}' | '\u{200b}' | '\u{fe0f}');
    for back in 0..live.kept().len() {
        for size in [(80, 24), (160, 40)] {
            let acts = [Act::Pause, Act::Back(back), Act::NextPriest];
            let screen = text(&drawn(&live, &acts, size.0, size.1));
            assert!(screen.chars().all(plain), "{screen}");
        }
    }
    assert!(text(&drawn(&live, &[], 80, 24)).contains("The\\u202ex"));
}

/// Presence alone, forever: nobody who looks after a while may find an empty screen.
#[test]
fn talk_does_not_drive_the_story_out() {
    let screen = text(&drawn(&live("parliament", 20), &[], 100, 30));
    assert!(screen.contains("1325 §2.3(6)  × decree 19 is in his ledger"), "{screen}");
}

/// Scrolling back shows what stood then, whether the step's beginnings are kept or not.
#[test]
fn a_step_shows_the_same_ledgers_however_much_is_kept() {
    let back = [Act::Pause, Act::Back(9)];
    let (all, few) = (live("fates", 5000), live("fates", 40));
    let bottom = |live: &Live| {
        let screen = text(&drawn(live, &back, 80, 24));
        screen.lines().skip(11).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(bottom(&few), bottom(&all));
}

#[test]
fn the_step_looked_at_and_the_cell_it_changed_are_lit() {
    let plain = live("plain", 5000);
    let lit = |screen: &TestBackend| {
        let cells = screen.buffer().content().iter();
        let lit = cells.filter(|cell| cell.modifier.contains(Modifier::REVERSED));
        lit.map(|cell| cell.symbol()).collect::<String>()
    };
    assert!(lit(&drawn(&plain, &[], 80, 24)).starts_with("1 The olive"));
    let paused = lit(&drawn(&plain, &[Act::Pause], 80, 24));
    assert!(paused.contains("█ decree 1") || paused.contains("decree 1: The"), "{paused}");
}

#[test]
fn keys_stop_at_the_ends_and_come_back() {
    let plain = live("plain", 5000);
    let mut view = View::default();
    let seq = |view: &View| view.step(&plain).map(|kept| kept.told.record.event.seq);
    let last = seq(&view);
    for act in [Act::Back(3), Act::Back(1_000_000), Act::Back(1)] {
        view.act(act, &plain);
        assert!(view.is_paused());
    }
    let first = seq(&view);
    assert!(first < last, "{first:?} {last:?}");
    view.act(Act::Forth(1), &plain);
    assert!(seq(&view) > first);
    view.act(Act::Forth(1_000_000), &plain);
    assert_eq!(seq(&view), last);
    assert!(view.is_paused(), "only End and space follow again");
    view.act(Act::Last, &plain);
    assert!(!view.is_paused());
    // A priest after the last is nobody: all are shown again.
    for _ in 0..6 {
        view.act(Act::NextPriest, &plain);
    }
    assert_eq!(seq(&view), last);
}

/// Rows are read while they are written, file after file: nothing may be told before what it rests
/// on, and nothing may be left out.
#[test]
fn a_watched_sitting_accuses_nobody_and_leaves_nothing_out() {
    let house = House::new();
    let decrees: String = (1..=60).map(|n| format!("The toll is {n} drachmas\n")).collect();
    std::fs::write(house.path().join("decrees.txt"), decrees).unwrap();
    let mut pass = house.start(&[
        "pass",
        "--from",
        "decrees.txt",
        "--lose",
        "0.1",
        "--delay",
        "0..2",
        "--minute",
        "2ms",
    ]);
    let chamber = Chamber::at(house.path());
    wait_until("the chamber is founded", || matches!(chamber.standing(), Ok(Some(_))));
    let founding = chamber.standing().unwrap().unwrap();
    let mut watching = Watching::from_start(&chamber);
    let minute = std::time::Duration::from_millis(2);
    let mut retelling = Retelling::new(&founding, minute, &|_: &Place| String::new());
    let mut live = Live::of(founding, 1_000_000);
    let (mut looks, mut idle) = (0, 0);
    while idle < 3 {
        idle += u32::from(pass.try_wait().unwrap().is_some());
        retelling.hear(watching.look().unwrap());
        live.go_on(retelling.tell_settled());
        looks += 1;
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    pass.wait().unwrap();
    assert!(looks > 10, "the sitting was over before anyone looked");
    live.judge(Judged::of(&chamber.audit().unwrap()), live.last());
    assert_eq!(live.judged().faults(), []);
    let mut letters = 0;
    for (name, desk) in &live.now().desks {
        let inked = house.entries(name.as_str(), "outcome", "number");
        assert_eq!(desk.front.len(), inked.len() - 1, "{name}'s decrees");
        letters += house.rows(&house.messagebook(name.as_str())).len() as u64;
    }
    assert_eq!(live.now().letters.values().sum::<u64>(), letters);
    assert!(live.latest().is_some() && letters > 0);
}

/// The messagebook was read, then Gray inked and sent, then his ledger was read by half: what was
/// inked first is told first, however the looks fell.
#[test]
fn no_letter_is_told_before_the_ink_it_rests_on() {
    let founding: Founding = "Gray Oki".parse().unwrap();
    let [gray, oki] = ["Gray", "Oki"].map(|name| Name::new(name).unwrap());
    let ballot: BallotNumber = "1.Oki".parse().unwrap();
    let place = Place { file: Arc::new("Gray.csv".into()), line: 2, column: 1 };
    let at = |second| chrono::DateTime::from_timestamp(second, 0);
    let message = Message::LastVote { ballot, vote: None, of: 0 };
    let letter = MessageRow { place: place.clone(), from: gray, to: oki, message, at: at(2) };
    let entry = Entry::NextBal { ballot };
    let row = LedgerRow { place, entry, at: at(1), dry: None, seal: Seal::ByHand };
    let minute = std::time::Duration::from_secs(1);
    let mut retelling = Retelling::new(&founding, minute, &|_: &Place| String::new());
    retelling.hear(Come { messagebooks: vec![vec![letter]], ..Come::default() });
    let mut told = retelling.tell_settled();
    retelling.hear(Come { ledgers: vec![(gray, vec![row])], ..Come::default() });
    told.extend(retelling.tell_settled());
    let told: Vec<&str> = told.iter().map(|record| record.event.happening.as_str()).collect();
    assert_eq!(told, ["founded", "ink", "send"]);
}

#[test]
fn off_a_terminal_it_says_what_draws_the_same() {
    House::new().run(&["watch"]).exits(2).says("needs a terminal").says("parliament chronicle");
}

/// The program in a terminal of its own.
#[cfg(unix)]
mod in_a_terminal {
    use std::io::{Read, Write};
    use std::num::NonZero;
    use std::process::{Child, Command, Stdio};
    use std::sync::{Arc, Mutex};

    use pty_process::blocking::{Pty, open};

    use crate::common::{House, wait_until};

    struct Watching {
        pty: Arc<Pty>,
        child: Child,
        screen: Arc<Mutex<vt100::Parser>>,
        settings: String,
    }

    impl Watching {
        fn of(house: &House) -> Watching {
            let (pty, pts) = open().unwrap();
            pty.resize(pty_process::Size::new(24, 80)).unwrap();
            let pty = Arc::new(pty);
            let settings = settings(&pty);
            let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_parliament"));
            let command = command.arg("watch").current_dir(house.path()).env("TERM", "xterm");
            let child = command.spawn(pts).unwrap();
            let [rows, columns] = [24, 80].map(|n| NonZero::new(n).unwrap());
            let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 0)));
            let (from, to) = (Arc::clone(&pty), Arc::clone(&screen));
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                // When the program has ended, reading fails.
                while let Ok(n @ 1..) = (&*from).read(&mut bytes) {
                    to.lock().unwrap().process(&bytes[..n]);
                }
            });
            Watching { pty, child, screen, settings }
        }

        fn screen(&self) -> String {
            self.screen.lock().unwrap().screen().contents()
        }

        #[track_caller]
        fn shows(&self, what: &str) {
            let begun = std::time::Instant::now();
            while !self.screen().contains(what) {
                let waited = begun.elapsed().as_secs();
                assert!(waited < 30, "it never showed {what:?}:\n{}", self.screen());
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        }

        fn press(&self, keys: &str) {
            (&*self.pty).write_all(keys.as_bytes()).unwrap();
        }

        /// It ends well, and the terminal is as it was.
        #[track_caller]
        fn ends(mut self) {
            assert_eq!(self.child.wait().unwrap().code(), Some(0));
            wait_until("the screen is given back", || {
                let parser = self.screen.lock().unwrap();
                !parser.screen().alternate_screen() && !parser.screen().hide_cursor()
            });
            assert_eq!(settings(&self.pty), self.settings, "the terminal's settings are changed");
        }
    }

    /// The settings of a terminal, as `stty` tells them.
    fn settings(pty: &Pty) -> String {
        use std::os::fd::AsFd;
        let terminal = pty.as_fd().try_clone_to_owned().unwrap();
        let told = Command::new("stty").arg("-g").stdin(Stdio::from(terminal)).output().unwrap();
        assert!(told.status.success(), "{told:?}");
        String::from_utf8(told.stdout).unwrap()
    }

    #[test]
    fn watch_waits_shows_a_decree_pauses_follows_and_quits() {
        let house = House::new();
        let watching = Watching::of(&house);
        watching.shows("Nobody has founded a chamber");
        watching.shows("q quit");
        house.run(&["pass", "The olive tax is 3 drachmas per ton"]).exits(0);
        watching.shows("decree 1: “The olive tax is 3 drachmas");
        watching.shows("B1 ✓  B2 ✓  B3 ✓");
        watching.shows("successful");
        watching.press(" ");
        watching.shows("paused at");
        house.run(&["pass", "Lamps must use only olive oil"]).exits(0);
        watching.shows("decree 2: “Lamps");
        assert!(watching.screen().contains("paused at"), "{}", watching.screen());
        // The row itself stands beneath the reason.
        watching.shows(".csv:");
        watching.shows("outcome,1,");
        watching.press("\x1b[F");
        watching.shows("following");
        watching.press("]");
        watching.shows("decree 1 alone");
        watching.press("\x1b");
        watching.press("q");
        watching.ends();
    }

    #[test]
    fn it_ends_when_its_terminal_is_closed() {
        let house = House::new();
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        let command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_parliament"));
        let mut child = command.arg("watch").current_dir(house.path()).spawn(pts).unwrap();
        let [rows, columns] = [24, 80].map(|n| NonZero::new(n).unwrap());
        let (mut screen, mut bytes) = (vt100::Parser::new(rows, columns, 0), [0; 4096]);
        while !screen.screen().contents().contains("q quit") {
            let read = (&pty).read(&mut bytes).unwrap();
            screen.process(&bytes[..read]);
        }
        drop(pty);
        wait_until("it ends", || child.try_wait().unwrap().is_some());
    }

    #[test]
    fn it_gives_the_terminal_back_at_ctrl_c_and_at_sigterm() {
        let house = House::new();
        let watching = Watching::of(&house);
        watching.shows("Nobody has founded");
        watching.press("\x03");
        watching.ends();
        house.run(&["pass", "Lamps must use only olive oil"]).exits(0);
        let watching = Watching::of(&house);
        watching.shows("decree 1: “Lamps");
        let killed = Command::new("kill").arg(watching.child.id().to_string()).status().unwrap();
        assert!(killed.success());
        watching.ends();
    }

    #[test]
    fn a_chamber_that_is_founded_again_is_watched_again() {
        let house = House::new();
        house.run(&["pass", "Lamps must use only olive oil"]).exits(0);
        let watching = Watching::of(&house);
        watching.shows("decree 1: “Lamps");
        std::fs::remove_dir_all(house.path().join("ledgers")).unwrap();
        std::fs::remove_dir_all(house.path().join("messagebooks")).unwrap();
        watching.shows("Nobody has founded");
        house.run(&["pass", "The sale of brown goats is permitted"]).exits(0);
        watching.shows("decree 1: “The sale");
        watching.press("q");
        watching.ends();
    }
}
