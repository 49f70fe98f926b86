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

fn screen((session, view, _): &(Session, View, Option<Errand>), (w, h): (u16, u16)) -> String {
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
        "┌ If you do it",
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
    let left = played(LATE, &format!("{keys}\u{1b}"));
    assert_eq!((left.0.tree.at(), left.0.is_predicting), (8, false));
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
