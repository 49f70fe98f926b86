//! Scenes: scripts are read and written, moves offered as they then turn out, branches kept, and
//! hostile scripts bounded.

use parliament::explore::Gauge;
use parliament::scene::{Bounds, Found, Happened, Heretics, Move, Script, Tree, answer, replay};
use serde_json::Value;

/// Dwork has begun 1.Dwork, and Gray has promised 2.Oki.
const LATE: &str = "\
    convene Dwork Gray Oki\n\
    try 1.Dwork\n\
    deliver Dwork Dwork\n\
    deliver Dwork Gray\n\
    deliver Dwork Dwork\n\
    deliver Gray Dwork\n\
    begin Dwork α\n\
    try 2.Oki\n\
    deliver Oki Gray\n";

fn tree(text: &str) -> Tree {
    Tree::of(&Script::read(text).unwrap()).unwrap()
}

fn error(text: &str) -> (u64, u64, String) {
    let answer = answer(text);
    let error = &answer["error"];
    let message = error["message"].as_str().unwrap_or_else(|| panic!("{:.200}", text));
    (error["line"].as_u64().unwrap(), error["column"].as_u64().unwrap(), message.to_owned())
}

fn offer<'a>(answer: &'a Value, key: &str) -> &'a Value {
    let offers = answer["offers"].as_array().unwrap();
    offers
        .iter()
        .find(|offer| offer["key"] == key)
        .unwrap_or_else(|| panic!("{key} in {offers:#?}"))
}

#[test]
fn a_late_letter_is_offered_grey_and_may_be_delivered() {
    let before = answer(LATE);
    let late = offer(&before, "d.Dwork.Gray.BB1");
    assert_eq!(late["enabled"], false);
    assert_eq!(late["guard"], "1.Dwork ≠ nextBal 2.Oki");
    assert_eq!((&late["section"], &late["who"]), (&"2.3 (4)".into(), &"Gray".into()));
    let after = answer(&format!("{LATE}{}\n", late["move"].as_str().unwrap()));
    assert_eq!(after["error"], Value::Null);
    let told = &after["path"][9]["events"][1]["text"];
    assert_eq!(told, "Gray ignores BeginBallot 1.Dwork of Dwork: 1.Dwork ≠ nextBal 2.Oki");
    assert!(!after["bag"].as_array().unwrap().contains(&late["letter"]));
}

#[test]
fn ghosts_are_what_the_move_then_inks_and_sends() {
    for level in ["basic", "synod", "parliament"] {
        let mut script = format!("convene Dwork Gray Oki level={level}\n");
        for at in 0..40 {
            let now = answer(&script);
            assert_eq!(now["error"], Value::Null, "{script}");
            let offers = now["offers"].as_array().unwrap();
            // Another one each time; those that change nothing are passed over.
            let offer = &offers[(at * 7 + 3) % offers.len()];
            script += &format!("{}\n", offer["move"].as_str().unwrap());
            let then = answer(&script);
            assert_eq!(then["error"], Value::Null, "{script}");
            let moment = then["moment"].as_u64().unwrap();
            let step = then["path"].as_array().unwrap().last().unwrap();
            assert_eq!(step["moment"], moment);
            let of = |event: &str| {
                let events = step["events"].as_array().unwrap().iter();
                events.filter(|it| it["event"] == event).cloned().collect::<Vec<_>>()
            };
            let inked: Vec<_> = of("inks").iter().map(|it| it["row"].clone()).collect();
            let ghosts = offer["inks"].as_array().unwrap();
            assert_eq!(inked, ghosts.iter().map(|it| it["row"].clone()).collect::<Vec<_>>());
            assert_eq!(of("sends").len(), offer["sends"].as_array().unwrap().len());
        }
    }
}

#[test]
fn every_offer_reads_back_in_both_forms() {
    for level in ["basic", "synod", "parliament"] {
        let mut script = format!(
            "convene Dwork Gray Oki level={level}\nwish \"Goats; \\\"may\\\" graze. 100% #2\"\n"
        );
        for at in 0..40 {
            let now = answer(&script);
            for offer in now["offers"].as_array().unwrap() {
                let words = format!("{script}{}\n", offer["move"].as_str().unwrap());
                let short = format!("{script}{}\n", offer["key"].as_str().unwrap());
                let (words, short) = (tree(&words), tree(&short));
                assert_eq!(words.in_words(), short.in_words());
                assert_eq!(tree(&words.in_short()).in_words(), words.in_words());
                assert_eq!(tree(&words.in_words()).in_short(), words.in_short());
            }
            let offers = now["offers"].as_array().unwrap();
            let next = &offers[(at * 11 + 1) % offers.len()];
            script += &format!("{}\n", next["key"].as_str().unwrap());
        }
    }
}

#[test]
fn a_new_move_after_undo_is_a_branch_and_nothing_is_lost() {
    let mut both = tree(&format!("{LATE}deliver Dwork Dwork\nundo\nlose Dwork Dwork\n"));
    assert_eq!((both.at(), both.children(8).collect::<Vec<_>>()), (10, vec![9, 10]));
    assert_eq!(both.moments()[9].by.as_ref().unwrap().in_short(), "d.Dwork.Dwork.BB1");
    // The same move again is the branch that is there.
    let script = format!("{}undo\ndeliver Dwork Dwork\n", both.in_words());
    both = tree(&script);
    assert_eq!((both.at(), both.moments().len()), (9, 11));
    assert_eq!(tree(&both.in_short()).in_words(), both.in_words());
    assert_eq!(tree(&format!("{LATE}undo 8\nredo\n")).at(), 1);
}

#[test]
fn a_crash_at_each_moment_keeps_what_was_dry() {
    let start = "convene A B C\ntry 1.C\n";
    // B's ledger after that, and whether his LastVote is under way.
    for (at, rows, letters) in [("before ink", 0, 2), ("wet", 0, 2), ("dry", 1, 2)] {
        let scene = tree(&format!("{start}crash B {at}\ndeliver C B\n")).here().scene.clone();
        let ledger = scene.ledger("B".parse().unwrap()).count();
        assert_eq!((ledger, scene.bag().len()), (rows, letters), "{at}");
    }
    let held = tree(&format!("{start}deliver C B\n")).here().scene.clone();
    assert_eq!((held.ledger("B".parse().unwrap()).count(), held.bag().len()), (1, 3));
    // A heretic takes wet ink for dry: his promise is gone, and his letter has left.
    let wet = "convene A B C\nheretic B last-vote-on-wet-ink\ntry 1.C\ncrash B wet\ndeliver C B\n";
    let facts = replay(wet, Heretics::AsWritten).unwrap();
    assert_eq!(
        facts.broken.first().map(|(at, it)| (*at, it.rule.to_string())),
        Some((3, "I7".into()))
    );
    assert!(replay(wet, Heretics::Nobody).unwrap().broken.is_empty());
}

#[test]
fn a_broken_rule_names_the_rows_that_break_it() {
    let text = format!("{LATE}deliver Dwork Gray BeginBallot\n")
        .replace("Oki\ntry 1", "Oki\nheretic Gray vote-below-a-promise\ntry 1");
    let broken = answer(&text);
    let rules = broken["rules"].as_array().unwrap();
    let i7 = rules.iter().find(|rule| rule["rule"] == "I7").unwrap();
    assert_eq!((&i7["holds"], &i7["firstBroken"]), (&false.into(), &9.into()));
    let rows = &i7["broken"][0]["rows"];
    assert_eq!(rows[0], serde_json::json!({ "priest": "Gray", "row": "nextBal 2.Oki" }));
    let told = broken["path"][9]["events"].as_array().unwrap();
    let heresy = told.iter().find(|event| event["section"] == "heresy").unwrap();
    assert_eq!(heresy["text"], "by the paper Gray does nothing here: 1.Dwork ≠ nextBal 2.Oki");
    // It was offered with what it would break.
    let before = answer(&text.replace("deliver Dwork Gray BeginBallot\n", ""));
    assert_eq!(offer(&before, "d.Dwork.Gray.BB1")["breaks"][0]["rule"], "I7");
}

#[test]
fn a_scene_begins_with_what_stands_in_the_ledgers() {
    let given = "convene A B C\n\
        given B nextBal 1.C\n\
        given C lastTried 1.C\n\
        given C beginBallot 1 1.C α B C\n\
        given B prevVote 1 1.C α\n\
        letter B C Voted 1.C\n";
    let scene = answer(given);
    assert_eq!((&scene["ballots"][0]["voters"][0], &scene["bag"][0]), (&"B".into(), &1.into()));
    assert!(scene["rules"].as_array().unwrap().iter().all(|rule| rule["holds"] == true));
    let tree_ = tree(given);
    assert_eq!(tree(&tree_.in_short()).in_words(), tree_.in_words());
    // B must be asked for his vote, and A's ballot is for it.
    let facts = replay(
        &format!("{given}try 2.A\ndeliver A A\ndeliver A B\ndeliver A A\ndeliver B A\nbegin A β\n"),
        Heretics::AsWritten,
    );
    let ballots = &facts.unwrap().ballots[&1];
    assert_eq!(ballots[1].decree.text(), "α");
}

#[test]
fn an_error_says_where_what_was_expected_and_the_repair() {
    for (text, line, column, says) in [
        ("", 1, 1, ""),
        ("", 1, 1, "nothing is here"),
        ("deliver A B", 1, 1, "begins with those who sit"),
        ("convene A B C\n\nconvene A", 3, 1, "convened once"),
        ("convene A A", 1, 9, "named twice"),
        ("convene A B level=senate", 1, 13, "basic, synod or parliament"),
        ("convene Anna Boris Cyrus\n  try 1.Borís", 2, 9, "did you mean Boris?"),
        ("convene A B C\ntry 1,B", 2, 5, "such as 2.Oki"),
        ("convene A B C\ntry 99999999999999999999.B", 2, 5, "such as 2.Oki"),
        ("convene A B C\ntry 1.B now", 2, 9, "take it away"),
        ("convene A B C\ndeliver B C LastVoet", 2, 13, "did you mean LastVote?"),
        ("convene A B C\ndelivr B C", 2, 1, "did you mean deliver?"),
        ("convene A B C\nbegin A \"α", 2, 9, "never closed"),
        ("convene A B C\nbegin A =1", 2, 9, "formula"),
        ("convene A B C\ncrash A damp", 2, 9, "`before ink`, `wet` or `dry`"),
        ("convene A B C\nheretic B own-decre", 2, 11, "did you mean own-decree?"),
        ("convene A B C level=parliament\nheretic B own-decree", 2, 11, "level=synod"),
        ("convene A B C\ntry 1.B\nwish γ", 3, 1, "before the first move"),
        ("convene A B C\ntry 1.B\ndeliver B A #2", 3, 1, "only 1 letter from B to A"),
        ("convene A B C\ntry 1.B\nlose A B", 3, 1, "on that road is nothing"),
        ("convene A B C\nreturn B", 2, 1, "in the Chamber already"),
        ("convene A B C\ncrash B\ntry 1.B", 3, 1, "`enter B` first"),
        ("convene A B C\nwait 22", 2, 1, "level=synod"),
        ("convene A B C\nundo", 2, 1, "nothing to undo"),
        ("convene A B C\ngo 7", 2, 1, "0 to 0"),
        ("basic.A.B.C;t.1.B;d.B.A.NB1;d.B.A.XX1", 1, 35, "NB, LV, BB"),
    ] {
        let (at_line, at_column, message) = error(text);
        assert_eq!((at_line, at_column), (line, column), "{text:?}: {message}");
        assert!(message.contains(says), "{text:?}: {message}");
    }
}

#[test]
fn the_moment_before_an_error_is_answered_too() {
    let answer = answer(&format!("{LATE}deliver Oki Gray\n"));
    assert_eq!((&answer["error"]["line"], &answer["moment"]), (&10.into(), &8.into()));
    assert!(!answer["offers"].as_array().unwrap().is_empty());
}

#[test]
fn hostile_scripts_are_refused_or_bounded_with_a_reason() {
    let start = "convene A B C level=synod\nenter A\nenter B\nenter C wish=α\n";
    let long = |line: &str, times: usize| start.to_owned() + &line.repeat(times);
    let names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O"];
    let enter = names.map(|name| format!("enter {name}\n")).concat();
    let many = format!("convene {} level=synod\n{enter}", names.join(" "));
    for (text, says) in [
        ("x".repeat(10 << 20), "at most 1048576 bytes"),
        (long("u;", 100_000), "nothing to undo"),
        (long("undo\nredo\n", 50_000), "at most 2000 commands"),
        (long("wait 1000\n", 3000), "letters would be under way"),
        (format!("{many}{}", "wait 1000\ndeliver all\n".repeat(990)), "act 20000 times"),
        (format!("convene {}", "A".repeat(100_000)), "at most 40 characters"),
        (format!("convene {}", "A B C D E F G ".repeat(100)), "at most 15 priests"),
        ("convene ".into(), "at least one"),
        ("\u{0}".into(), "begins with those who sit"),
        (long("deliver all all\n", 1), "take it away"),
        (long("d.A.B.NB99999999999999999999999\n", 1), "no ballot has such a number"),
        (long("wait 99999999999\n", 1), "nobody waits more"),
    ] {
        let (.., message) = error(&text);
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn the_shortest_run_has_as_many_events_as_the_table_says() {
    for name in ["one-reply-quorum", "last-vote-on-wet-ink", "promise-forgotten", "number-reused"] {
        let heresy = parliament::heresies::find(name).unwrap();
        let expected = heresy.expected().unwrap();
        let bounds = Bounds { ballots: 1, restarts: expected.scope.restarts };
        let mut tree = tree(&format!("convene Dwork Gray Oki\nheretic all {name}\n"));
        let found = tree.here().scene.shortest(bounds, &Gauge::default()).unwrap();
        let Found::Run(moves, events) = found else { panic!("{name}: {found:?}") };
        assert_eq!(events, expected.events, "{name}");
        for by in moves {
            assert!(tree.here().broken.is_empty(), "{name} is broken before its end");
            tree.play(&by).unwrap();
        }
        assert!(!tree.here().broken.is_empty(), "{name}");
    }
}

#[test]
fn the_search_goes_on_from_the_moment_and_its_letters() {
    let late = LATE.replace("Oki\ntry 1", "Oki\nheretic Gray vote-below-a-promise\ntry 1");
    let bounds = Bounds { ballots: 1, restarts: 0 };
    let search = |text: &str| {
        let tree = tree(text);
        tree.here().scene.shortest(bounds, &Gauge::default())
    };
    let Found::Run(moves, 1) = search(&late).unwrap() else { panic!("one letter is enough") };
    assert_eq!(moves[0].in_short(), "d.Dwork.Gray.BB1");
    // Without that letter, and with everybody sound, nothing is so near.
    let lost = search(&format!("{late}lose Dwork Gray BeginBallot\n")).unwrap();
    assert!(matches!(lost, Found::Run(_, 5..) | Found::Nothing(_)), "{lost:?}");
    let broken = format!("{late}deliver Dwork Gray BeginBallot\n");
    assert!(search(&broken).unwrap_err().contains("broken already"));
}

#[test]
fn a_search_that_is_told_to_stop_says_how_far_it_came() {
    static STOP: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(true);
    let gauge = Gauge::that_stops(&STOP, u64::MAX);
    let found = tree(LATE).here().scene.shortest(Bounds { ballots: 2, restarts: 1 }, &gauge);
    assert!(matches!(found, Ok(Found::Stopped(..))), "{found:?}");
}

#[test]
fn a_seated_legislator_changes_the_majority_and_breaks_no_rule() {
    // α = 1: decree 1 gives Gray weight 5, so that on decree 2 he alone is a majority.
    let facts = replay(
        "convene Dwork Gray Oki alpha=1 level=parliament\n\
         enter Dwork\nenter Gray\nenter Oki\ndeliver all\nwait 11\ndeliver all\n\
         petition Oki \"Gray is now a legislator with weight 5\"\ndeliver all\n\
         crash Dwork\ncrash Oki\nwait 40\ndeliver all\npetition Gray β\ndeliver all\n",
        Heretics::AsWritten,
    )
    .unwrap();
    assert!(facts.outcomes("Gray".parse().unwrap()).any(|it| it == (2, "β")));
    assert_eq!(facts.ballots[&2][0].quorum.len(), 1);
    assert!(facts.broken.is_empty(), "{:?}", facts.broken);
}

// ------------------------------------------------------------------ heretics at every level

/// The heresies that can be put in a priest's place, and why the others cannot.
#[test]
fn every_heresy_has_its_levels_or_a_reason() {
    for heresy in parliament::heresies::ALL {
        let fits = |level: &str| {
            let script = format!("convene A B C level={level}\nheretic B {}\n", heresy.name);
            match Script::read(&script) {
                Ok(_) => true,
                Err(error) => {
                    assert_eq!(error.column, 11, "{error}");
                    assert!(error.what.starts_with(heresy.name), "{error}");
                    false
                }
            }
        };
        let at = ["basic", "synod", "parliament"].map(fits);
        let expected = match (heresy.creed(), heresy.custom()) {
            (Some(_), None) => [true, true, false],
            (None, Some(_)) => [false, false, true],
            _ => [false; 3],
        };
        assert_eq!(at, expected, "{}", heresy.name);
    }
}

/// Two who think that they preside; Gray has promised 1.Oki, and a ballot below that is begun.
const LATE_SYNOD: &str = "\
    convene Dwork Gray Oki level=synod\n\
    heretic Gray vote-below-a-promise\n\
    enter Dwork wish=α appointed\n\
    enter Gray\n\
    enter Oki wish=β appointed\n\
    deliver Dwork Gray NextBallot\n\
    deliver Dwork Dwork NextBallot\n\
    deliver Gray Dwork LastVote\n\
    deliver Dwork Dwork LastVote\n\
    deliver Oki Gray NextBallot\n";

#[test]
fn a_heretic_of_the_synod_sins_with_an_hourglass_too() {
    let before = answer(LATE_SYNOD);
    assert_eq!(before["error"], Value::Null);
    assert!(tree(LATE_SYNOD).here().broken.is_empty());
    let sin = offer(&before, "d.Dwork.Gray.BB1");
    let breaks = sin["breaks"].as_array().unwrap();
    assert!(breaks.iter().any(|it| it["rule"] == "I7"), "{breaks:#?}");
    let lines = sin["lines"].as_array().unwrap();
    let heresy = lines.iter().find(|line| line["section"] == "heresy").unwrap();
    assert!(heresy["text"].as_str().unwrap().starts_with("by the paper Gray "), "{heresy}");
    let sound = LATE_SYNOD.replace("heretic Gray vote-below-a-promise\n", "");
    let kept = answer(&sound);
    assert_eq!(offer(&kept, "d.Dwork.Gray.BB1")["breaks"], serde_json::json!([]));
}

/// The moves are the scene's own, and the search says how long the runs are that it tried.
#[test]
fn the_shortest_run_is_found_where_priests_look_at_hourglasses() {
    let bounds = Bounds { ballots: 1, restarts: 0 };
    let search = |text: &str| tree(text).here().scene.shortest(bounds, &Gauge::default()).unwrap();
    let Found::Run(moves, 1) = search(LATE_SYNOD) else { panic!("one letter is enough") };
    assert_eq!(moves[0].in_short(), "d.Dwork.Gray.BB1");
    let back = format!("{LATE_SYNOD}undo 2\n");
    let Found::Run(moves, events) = search(&back) else { panic!("three are enough") };
    assert_eq!((moves.len(), events), (3, 3), "{moves:?}");
    let mut tree = tree(&back);
    moves.iter().for_each(|by| tree.play(by).unwrap());
    assert!(!tree.here().broken.is_empty());
    // Nobody sits yet, and the first few moves break nothing.
    static STOP: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    let little = Gauge::that_stops(&STOP, 1 << 20);
    let parliament = self::tree("convene A B C level=parliament\n");
    let found = parliament.here().scene.shortest(bounds, &little).unwrap();
    assert!(matches!(found, Found::NoneWithin { moves: 2.., states: 100.. }), "{found:?}");
}

/// His vote was wet: neither his ledger nor his mind has it when he is gone.
#[test]
fn a_power_failure_at_an_hourglass_breaks_no_rule() {
    let script = "convene Dwork Gray Oki level=synod\nenter Dwork wish=α appointed\nenter Gray\n\
        deliver Dwork Gray NextBallot\ndeliver Dwork Dwork NextBallot\n\
        deliver Gray Dwork LastVote\ncrash Dwork wet\ndeliver Dwork Dwork LastVote\n";
    let tree = tree(script);
    let is_wet = |event: &Happened| matches!(event, Happened::Wet { .. });
    assert!(tree.here().told.events.iter().any(is_wet));
    assert_eq!(tree.here().broken[..], []);
}

#[test]
fn sound_priests_break_no_rule_at_any_level() {
    for seed in 0..24 {
        let mut chance = parliament::chance::Chance::new(seed, 0);
        let level = ["basic", "synod", "parliament"][chance.below(3) as usize];
        let mut tree = tree(&format!("convene Dwork Gray Oki level={level}\n"));
        for _ in 0..50 {
            let mut offers = tree.here().scene.offers();
            let is_rare = |by: &Move| matches!(by, Move::Lose(_) | Move::Repeat(_) | Move::Try(_));
            let keeps = chance.below(8) == 0;
            offers.retain(|offer| keeps || !is_rare(&offer.by));
            let by = &offers[chance.below(offers.len() as u64) as usize].by;
            tree.play(by).unwrap();
            assert!(tree.here().broken.is_empty(), "{}{:?}", tree.in_words(), tree.here().broken);
        }
    }
}
