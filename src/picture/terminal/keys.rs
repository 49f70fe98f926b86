//! Which key does what.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The meaning of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Stand still, or follow again.
    Pause,
    /// This many steps back.
    Back(usize),
    /// This many steps on.
    Forth(usize),
    /// To the first step kept.
    First,
    /// To the last step, and follow.
    Last,
    /// Look at the next priest alone.
    NextPriest,
    /// Look at the priest before.
    PriestBefore,
    /// Look at the next decree alone.
    NextDecree,
    /// Look at the decree before; at the last one first.
    DecreeBefore,
    /// Show talk, or hide it.
    Talk,
    /// Look at everything again.
    All,
    /// Show what each key does, or hide it.
    Keys,
    /// Look at nothing more.
    Quit,
}

/// The line that says what the keys do.
pub const HELP: &str =
    " space pause  ↑↓ step  ←→ priest  [ ] decree  t talk  Esc all  ? keys  q quit";

/// The keys, a line each.
pub(super) const KEYS: &str = "\
space           stand still, or follow again
Up Down, k j    one step back, or on
PageUp PageDown a page of steps
Home End, g G   the first step kept; the last, and follow
Left Right, h l one priest's story alone, the next, then all
[ ]             one decree's story alone, the one before, the next
t               talk, and what a priest tells himself; or hide it
Esc             all priests and decrees again
?               these keys; any key closes them
q, Ctrl-C       the end";

/// The meaning of a key, if it has one; a page is this many steps.
#[must_use]
pub fn act(key: KeyEvent, page: usize) -> Option<Act> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('c') if control => Act::Quit,
        _ if control => return None,
        KeyCode::Char('q') => Act::Quit,
        KeyCode::Char(' ') => Act::Pause,
        KeyCode::Up | KeyCode::Char('k') => Act::Back(1),
        KeyCode::Down | KeyCode::Char('j') => Act::Forth(1),
        KeyCode::PageUp => Act::Back(page),
        KeyCode::PageDown => Act::Forth(page),
        KeyCode::Home | KeyCode::Char('g') => Act::First,
        KeyCode::End | KeyCode::Char('G') => Act::Last,
        KeyCode::Right | KeyCode::Char('l') => Act::NextPriest,
        KeyCode::Left | KeyCode::Char('h') => Act::PriestBefore,
        KeyCode::Char(']') => Act::NextDecree,
        KeyCode::Char('[') => Act::DecreeBefore,
        KeyCode::Char('t') => Act::Talk,
        KeyCode::Esc => Act::All,
        KeyCode::Char('?') => Act::Keys,
        _ => return None,
    })
}
