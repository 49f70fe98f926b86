//! The panes, drawn at several sizes, and the keys pressed in them.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::plain::Errand;
use super::saved::Saved;
use super::screen::draw;
use super::session::Session;
use super::view::{Over, PANES, View};
use crate::scene::{Script, Tree};

/// Gray has promised 2.Oki, and BeginBallot 1.Dwork is on its way to him.
const LATE: &str = "convene Dwork Gray Oki\ntry 1.Dwork\ndeliver Dwork Dwork\n\
    deliver Dwork Gray\ndeliver Dwork Dwork\ndeliver Gray Dwork\nbegin Dwork α\n\
    try 2.Oki\ndeliver Oki Gray\n";

/// A session that plays this script, and these keys pressed in it.
fn played(script: &str, keys: &str) -> (Session, View, Option<Errand>) {
    let tree = Tree::of(&Script::read(script).unwrap()).unwrap();
    let (mut session, mut view) = (Session::of(tree, None), View::new(Vec::new()));
    let mut errand = None;
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\u{1b}' => KeyCode::Esc,
            key => KeyCode::Char(key),
        };
        errand = view.press(&mut session, KeyEvent::new(code, KeyModifiers::NONE));
    }
    (session, view, errand)
}

fn screen((session, view, _): &(Session, View, Option<Errand>), size: (u16, u16)) -> String {
    screen_of(session, view, size)
}

fn screen_of(session: &Session, view: &View, (w, h): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(w, h)).unwrap();
    terminal.draw(|frame| draw(frame, session, view)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let line = |y| (0..w).map(|x| buffer[(x, y)].symbol()).collect::<String>() + "\n";
    (0..h).map(line).collect()
}

const FIRST: &str = "convene Dwork Gray Oki\n";

#[test]
fn the_panes_show_bag_ledgers_story_and_b_at_80_columns() {
    let shown = screen(&played(LATE, ""), (80, 24));
    for part in [
        "Bag: 6",
        "┌ Ledgers",
        "┌ Story",
        "┌ >If you do it",
        "┌ B ",
        "3·BeginBallot 1.Dwork α, Dwork to Gray",
        "nextBal 2.Oki",
        "ballot 1.Dwork: “α”",
        "✓ every rule holds",
        "moment 8 of 8 · basic",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

#[test]
fn a_narrow_screen_shows_one_pane_at_a_time() {
    let panes = ["", "\t", "\t\t", "\t\t\t"].map(|keys| screen(&played(LATE, keys), (40, 24)));
    for (shown, title) in panes.iter().zip(PANES) {
        assert!(shown.contains(&format!("┌ {title}")), "{title} in\n{shown}");
        assert!(shown.contains("✓ every rule holds") && shown.contains("Bag: 6"), "{shown}");
    }
}

#[test]
fn the_lit_choice_shows_its_ghosts_and_a_grey_one_its_guard() {
    let fresh = screen(&played(FIRST, "j"), (100, 30));
    assert!(fresh.contains("> 2 try 1.Gray"), "{fresh}");
    assert!(fresh.contains("Gray would ink lastTried 1.Gray"), "{fresh}");
    assert!(fresh.contains("would send NextBallot 1.Gray to Dwork,"), "{fresh}");
    let late = played(LATE, "");
    let at = late.0.choices().iter().position(|choice| !choice.is_enabled()).unwrap();
    let grey = screen(&played(LATE, &"j".repeat(at)), (200, 30));
    assert!(grey.contains("[ignored: 1.Dwork ≠ nextBal 2.Oki]"), "{grey}");
}

#[test]
fn keys_play_undo_and_branch() {
    let (session, ..) = played(FIRST, "1\nu\n");
    let short = "basic.Dwork.Gray.Oki;t.1.Dwork;d.Dwork.Dwork.NB1;go.1;d.Dwork.Gray.NB1";
    assert_eq!(session.tree.in_short(), short);
    let (session, ..) = played(FIRST, "1lr2uU");
    let short = "t.1.Dwork;l.Dwork.Dwork.NB1;r.Dwork.Gray.NB1;d.Dwork.Oki.NB1";
    assert!(session.tree.in_short().ends_with(short), "{}", session.tree.in_short());
    let (session, ..) = played(FIRST, "jcwjcn:try 7.Gray\n");
    let short = "c.Gray.wet;c.Oki;t.7.Gray";
    assert!(session.tree.in_short().contains(short), "{}", session.tree.in_short());
    let (session, view, _) = played(FIRST, "1\nbk\n");
    assert_eq!((session.tree.at(), view.over), (0, Over::Nothing));
    let (session, ..) = played(FIRST, "1\nU\u{1b}");
    assert_eq!(session.tree.at(), 2);
}

#[test]
fn errands_are_handed_to_the_command_line() {
    let errand = |keys: &str| played(LATE, keys).2;
    assert_eq!(errand("q"), Some(Errand::Quit));
    assert_eq!(errand("S"), Some(Errand::Shortest));
    assert_eq!(errand("sx.txt\n"), Some(Errand::Save(Saved::Script, "x.txt".into(), false)));
    // It is said once that moves are not saved.
    assert_eq!(errand("1q"), None);
    assert!(screen(&played(LATE, "1q"), (80, 24)).contains("1 move is not saved: s saves"));
    assert_eq!(errand("1qq"), Some(Errand::Quit));
    assert_eq!(errand("1qjq"), None);
    assert_eq!(errand("s\u{1b}"), None);
    assert_eq!(errand("s\n"), None);
}

#[test]
fn s_begins_with_the_loaded_script_and_wants_a_name() {
    let (mut session, mut view, _) = played(LATE, "");
    view.script = "my.txt".into();
    let mut press = |code| view.press(&mut session, KeyEvent::new(code, KeyModifiers::NONE));
    assert_eq!(press(KeyCode::Char('s')), None);
    let saved = press(KeyCode::Enter);
    assert_eq!(saved, Some(Errand::Save(Saved::Script, "my.txt".into(), false)));
    let shown = screen(&played(LATE, "s\n"), (80, 24));
    assert!(shown.contains("name a file: save FILE"), "{shown}");
}

#[test]
fn a_question_stands_over_the_panes_until_it_is_answered() {
    let late = played(LATE, "");
    let at = late.0.choices().iter().position(|choice| !choice.is_enabled()).unwrap();
    let keys = format!("p{}\n", "j".repeat(at));
    let asked = screen(&played(LATE, &keys), (80, 24));
    assert!(asked.contains("What does he do?"), "{asked}");
    assert!(asked.contains(" 2 he does nothing with it"), "{asked}");
    let wrong = played(LATE, &format!("{keys}x1"));
    assert_eq!((wrong.0.tree.at(), wrong.0.right, wrong.0.wrong), (9, 0, 1));
    assert!(screen(&wrong, (80, 24)).contains("No: he does nothing with it."));
    let again = format!("{}{}", "k".repeat(20), keys.trim_start_matches('p'));
    let left = played(LATE, &format!("{keys}1u{again}\u{1b}"));
    let is_so = (left.0.tree.at(), left.0.is_predicting, left.0.asked.is_none());
    assert_eq!(is_so, (8, true, true));
    let told = screen(&left, (80, 24));
    assert!(told.contains("predict: 0 right, 1 wrong"), "{told}");
    assert!(told.contains("The question is closed, and nothing was"), "{told}");
}

#[test]
fn what_a_question_asks_is_hidden_until_it_is_answered() {
    let late = played(LATE, "");
    let at = late.0.choices().iter().position(|choice| !choice.is_enabled()).unwrap();
    let lit = "j".repeat(at);
    let open = screen(&played(LATE, &lit), (80, 40));
    assert!(open.contains("[ignored: 1.Dwork") && open.contains("3·Begin"), "{open}");
    for keys in [format!("p{lit}"), format!("p{lit}i"), format!("p{lit}\n")] {
        let hidden = screen(&played(LATE, &keys), (80, 40));
        assert!(!hidden.contains("ignored") && !hidden.contains("3·Begin"), "{hidden}");
        let asks = hidden.contains("Enter asks what comes of it") || hidden.contains("does he do?");
        assert!(asks, "{hidden}");
    }
    let plain = late.0;
    assert!(plain.listed().concat().contains("[ignored: 1.Dwork"));
    let asked = played(LATE, "p").0;
    assert!(!asked.listed().concat().contains("ignored: 1.Dwork"), "{:?}", asked.listed());
}

/// Each row of each pane is seen at 80 by 24, by the keys that its title names.
#[test]
fn every_row_of_a_pane_can_be_scrolled_into_sight() {
    let many = LATE.replace("Dwork Gray Oki", "Dwork Gray Oki Lynch Strong");
    let first = screen(&played(&many, ""), (80, 24));
    assert!(first.contains("┌ Ledgers (more: Tab, J K)"), "{first}");
    let mut last = (String::new(), View::new(Vec::new()));
    let (session, mut view, _) = played(&many, "\t");
    for _ in 0..40 {
        last.0 = screen_of(&session, &view, (80, 24));
        let key = KeyEvent::new(KeyCode::Char('J'), KeyModifiers::NONE);
        view.press(&mut played(&many, "").0, key);
    }
    assert!(last.0.contains("┌ >Ledgers (more: J K)") && last.0.contains("Strong"), "{}", last.0);
    view.press(&mut played(&many, "").0, KeyEvent::new(KeyCode::Char('K'), KeyModifiers::NONE));
    assert_ne!(screen_of(&session, &view, (80, 24)), last.0, "one key goes back one row");
    view.said = (0..14).map(|row| format!("row {row}")).collect();
    view.pane = 0;
    let mut seen = String::new();
    for _ in 0..4 {
        seen += &screen_of(&session, &view, (80, 24));
        view.press(&mut played(&many, "").0, KeyEvent::new(KeyCode::PageDown, KeyModifiers::NONE));
    }
    assert!((0..14).all(|row| seen.contains(&format!("row {row} "))), "{seen}");
}

#[test]
fn a_letter_in_the_bag_names_its_receiver_however_narrow() {
    let script = "convene Fischer Schneider Lindsay\nwish a decree of many words that is long\n\
        try 7.Schneider\ndeliver Schneider Schneider\ndeliver Schneider Fischer\n\
        deliver Schneider Schneider LastVote\n";
    for (width, height) in [(80, 24), (64, 24)] {
        let shown = screen(&played(script, ""), (width, height));
        let letter = shown.contains("Fischer→Schneider LastVote")
            || shown.contains("LastVote 7.Schneider null, Fischer to Schneider");
        assert!(letter, "{shown}");
    }
}

#[test]
fn moments_of_all_branches_are_told_from_moves_of_this_one() {
    assert!(screen(&played(FIRST, "1\n"), (80, 24)).contains(" moment 2 of 2 · basic"));
    let branch = screen(&played(FIRST, "1\nuu2"), (80, 24));
    assert!(branch.contains(" moment 3 of 3 on all branches, 1 move from the first"), "{branch}");
}

#[test]
fn a_heretics_reasons_are_told_as_his_own_account() {
    let script = LATE.replace("Oki\ntry 1", "Oki\nheretic Gray vote-below-a-promise\ntry 1");
    let (session, ..) = played(&(script + "deliver Dwork Gray BeginBallot\n"), "");
    let story = session.story().join("\n");
    assert!(story.contains("Gray, by his own account, votes in 1.Dwork"), "{story}");
    assert!(story.contains("\nGray promises 2.Oki:"), "{story}");
    let script = "convene Dwork Gray Oki\nheretic all success-at-begin\ntry 1.Dwork\n\
        deliver Dwork Dwork\ndeliver Dwork Gray\ndeliver Dwork Dwork\ndeliver Gray Dwork\n";
    let story = played(&format!("{script}begin Dwork α\n"), "").0.story().join("\n");
    assert!(story.contains("Dwork, by his own account, passes 1.Dwork"), "{story}");
    assert!(story.contains("\nDwork begins 1.Dwork for “α”"), "{story}");
    let same = "convene Dwork Gray Oki\nheretic all promise-forgotten\ntry 1.Dwork\n\
        deliver Dwork Gray\ncrash Gray\nreturn Gray\n";
    let story = played(same, "").0.story().join("\n");
    assert!(story.contains("HERESY") && story.contains("Gray returns"), "{story}");
    let ghost = played(script, "").0;
    let begin = ghost.offers.iter().find(|it| it.by.to_string().starts_with("begin")).unwrap();
    assert!(ghost.why(begin).concat().contains("Dwork, by his own account, passes"));
}

#[test]
fn the_projector_shows_no_choice_and_a_broken_rule_its_rows() {
    let heresy = LATE.replace("Oki\ntry 1", "Oki\nheretic Gray vote-below-a-promise\ntry 1");
    let broken = heresy + "deliver Dwork Gray BeginBallot\n";
    let shown = screen(&played(&broken, "P"), (100, 30));
    assert!(!shown.contains("Bag:"), "{shown}");
    assert!(shown.contains("✗ I7:") && shown.contains("by Gray's nextBal 2.Oki"), "{shown}");
    assert!(screen(&played(&broken, ""), (40, 20)).contains("✗ broken: I7"));
}

#[test]
fn every_size_and_every_key_is_drawn() {
    let keys = "?jk\u{1b}bjjk\u{1b}i\u{1b}vvvvt\u{1b}y\u{1b}c\u{1b}:x\u{1b}hP9876jjjjjkP\t1!";
    for size in [(1, 1), (2, 3), (10, 4), (40, 10), (63, 12), (64, 12), (200, 60)] {
        for end in keys.char_indices().map(|(at, _)| at) {
            screen(&played(LATE, &keys[..end]), size);
        }
    }
}
