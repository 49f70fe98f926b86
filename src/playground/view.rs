//! The panes of the playground: what is looked at, and what a key does. A key says what a line of
//! [`super::plain`] says.

use std::cell::Cell;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::plain::Errand;
use super::session::Session;
use crate::scene::Move;

/// The thing that is shown over the panes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Over {
    /// Nothing.
    Nothing,
    /// Lines to read.
    Lines(String, Vec<String>),
    /// The branches; this one is chosen.
    Branches(usize),
    /// How this priest is to crash.
    Crash(String),
    /// A line that is being written: for a file's name, or a command.
    Prompt(&'static str, String),
}

/// Which pane a narrow screen shows below the choices.
pub(crate) const PANES: [&str; 4] = ["If you do it", "Ledgers", "Story", "B"];

/// How far lines are scrolled.
#[derive(Default)]
pub(crate) struct Roll {
    /// The rows above the first one that is seen.
    pub(crate) from: usize,
    /// The most that were ever of use, as they were drawn last.
    pub(crate) most: Cell<usize>,
}

impl Roll {
    fn down(&mut self, rows: usize) {
        self.from = (self.from + rows).min(self.most.get());
    }

    fn up(&mut self, rows: usize) {
        self.from = self.from.min(self.most.get()).saturating_sub(rows);
    }
}

/// The lines over the panes scroll too.
pub(crate) const OVER: usize = PANES.len();

/// How many rows a page is: no more than the lowest pane has at 80 by 24.
const PAGE: usize = 4;

/// The state of the view.
pub(crate) struct View {
    /// The choice that is lit.
    pub(crate) chosen: usize,
    pub(crate) over: Over,
    /// The only priest whose ledger is shown, by his place among those who sit.
    pub(crate) mortal: Option<usize>,
    /// Whether only what happened is shown, and no choice.
    pub(crate) is_projector: bool,
    /// The last message, until another choice is lit.
    pub(crate) said: Vec<String>,
    /// The pane that scrolls; a narrow screen shows it alone.
    pub(crate) pane: usize,
    /// How far each pane is scrolled, in rows; and the last one what lies over them.
    pub(crate) rolls: [Roll; PANES.len() + 1],
    /// Whether the command line writes the run down at the end.
    pub(crate) is_kept: bool,
    /// The name that `s` begins with: that of the script which was loaded.
    pub(crate) script: String,
    /// Whether the last key was to end, and moves are not saved.
    is_leaving: bool,
}

const KEYS: &str = "\
j k        choose; also the arrows, Home and End
J K        scroll the pane marked with >; also Page Down and Page Up
Tab        mark another pane; a narrow screen shows it alone
Enter      do what is lit; · before it: a guard fails, it is ignored
1 to 9     do what is numbered so
l r        lose, repeat the letter that is lit
c          crash the priest of what is lit
i          why, and what would come of it
u U        undo, redo
b          branches; c there compares one with this moment
v          one priest's view, the next, then all
p          predict: a question before a telling move
h          a hint
t          the story so far
s          save: x.csv a trace, x.html a chronicle, x/ a chamber, x a script
y          the scene in one line
P          projector: only what has happened
S          search the shortest run that breaks a rule
!          say that all keep to the paper
:          a command of a script: `parliament help scripts` lists them
q          the end";

impl View {
    pub(crate) fn new(opening: Vec<String>) -> View {
        let (over, mortal) = (Over::Nothing, None);
        View {
            chosen: 0,
            over,
            mortal,
            is_projector: false,
            said: opening,
            pane: 0,
            rolls: Default::default(),
            is_kept: false,
            script: String::new(),
            is_leaving: false,
        }
    }

    /// Heeds a key. One who ends and has not saved his moves is asked once.
    pub(crate) fn press(&mut self, session: &mut Session, key: KeyEvent) -> Option<Errand> {
        if key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL) {
            return Some(Errand::Quit);
        }
        let was_leaving = std::mem::take(&mut self.is_leaving);
        if was_leaving {
            self.said.clear();
        }
        let errand = self.obey(session, key);
        if errand != Some(Errand::Quit) || was_leaving || self.is_kept {
            return errand;
        }
        let Some(unsaved) = session.unsaved() else { return errand };
        self.said = vec![format!("{unsaved}: s saves, q again ends without.")];
        self.is_leaving = true;
        None
    }

    fn obey(&mut self, session: &mut Session, key: KeyEvent) -> Option<Errand> {
        if session.asked.is_some() {
            return match key.code {
                KeyCode::Char(c) => self.heed(session, &c.to_string()),
                KeyCode::Esc => self.heed(session, ""),
                _ => None,
            };
        }
        match self.over.clone() {
            Over::Nothing => self.press_plainly(session, key.code),
            Over::Lines(..) => {
                let roll = &mut self.rolls[OVER];
                match key.code {
                    KeyCode::Char('j' | 'J') | KeyCode::Down => roll.down(1),
                    KeyCode::Char('k' | 'K') | KeyCode::Up => roll.up(1),
                    KeyCode::PageDown | KeyCode::Char(' ') => roll.down(PAGE),
                    KeyCode::PageUp => roll.up(PAGE),
                    _ => self.over = Over::Nothing,
                }
                None
            }
            Over::Branches(at) => self.press_in_branches(session, key.code, at),
            Over::Crash(who) => {
                self.over = Over::Nothing;
                let at = match key.code {
                    KeyCode::Char('n') | KeyCode::Enter => "",
                    KeyCode::Char('i') => " before ink",
                    KeyCode::Char('w') => " wet",
                    KeyCode::Char('d') => " dry",
                    _ => return None,
                };
                self.heed(session, &format!("crash {who}{at}"))
            }
            Over::Prompt(head, text) => self.press_in_prompt(session, key.code, head, text),
        }
    }

    fn press_plainly(&mut self, session: &mut Session, key: KeyCode) -> Option<Errand> {
        let many = session.choices().len();
        let number = self.chosen + 1;
        match key {
            KeyCode::Char('j') | KeyCode::Down => self.light(self.chosen + 1, many),
            KeyCode::Char('k') | KeyCode::Up => self.light(self.chosen.saturating_sub(1), many),
            KeyCode::Char('J') => self.rolls[self.pane].down(1),
            KeyCode::Char('K') => self.rolls[self.pane].up(1),
            KeyCode::PageDown => self.rolls[self.pane].down(PAGE),
            KeyCode::PageUp => self.rolls[self.pane].up(PAGE),
            KeyCode::Home => self.light(0, many),
            KeyCode::End => self.light(many, many),
            KeyCode::Enter => return self.heed(session, &number.to_string()),
            KeyCode::Char(digit @ '1'..='9') => {
                let at = digit as usize - '1' as usize;
                if at < many {
                    self.light(at, many);
                    return self.heed(session, &(at + 1).to_string());
                }
            }
            KeyCode::Char(letter @ ('l' | 'r')) => {
                return self.heed(session, &format!("{letter} {number}"));
            }
            KeyCode::Char('c') => {
                let who = session.choice(number).and_then(|offer| offer.who);
                self.over = who.map_or(Over::Nothing, |who| Over::Crash(who.to_string()));
            }
            KeyCode::Char('i') => {
                let lines = session.choice(number).map(|offer| session.why(offer));
                self.open("Why", lines.unwrap_or_default());
            }
            KeyCode::Char(same @ ('u' | 'U' | 'p' | 'h')) => {
                return self.heed(session, &same.to_string());
            }
            KeyCode::Char('b') => {
                let here = session.branch_moments();
                let at = here.iter().position(|&at| at == session.tree.at());
                self.over = Over::Branches(at.unwrap_or_default());
            }
            KeyCode::Char('v') => {
                let all = session.tree.here().scene.names().count();
                let next = self.mortal.map_or(0, |at| at + 1);
                self.mortal = Some(next).filter(|&at| at < all);
            }
            KeyCode::Char('t') => self.open("Story", session.story()),
            KeyCode::Char('s') => self.over = Over::Prompt("save as: ", self.script.clone()),
            KeyCode::Char(':') => self.over = Over::Prompt(": ", String::new()),
            KeyCode::Char('y') => {
                let link = session.script(true).unwrap_or_else(|why| why);
                self.open("In one line", vec![link]);
            }
            KeyCode::Char('P') => self.is_projector = !self.is_projector,
            KeyCode::Char('S') => return Some(Errand::Shortest),
            KeyCode::Char('!') => return self.heed(session, "sound"),
            KeyCode::Char('?') => {
                let lines = KEYS.lines().map(ToOwned::to_owned);
                self.open("Keys", lines.collect());
            }
            KeyCode::Tab => self.pane = (self.pane + 1) % PANES.len(),
            KeyCode::Char('q') => return Some(Errand::Quit),
            _ => {}
        }
        None
    }

    fn press_in_branches(
        &mut self,
        session: &mut Session,
        key: KeyCode,
        at: usize,
    ) -> Option<Errand> {
        let moments = session.branch_moments();
        self.over = match key {
            KeyCode::Char('j') | KeyCode::Down => {
                Over::Branches((at + 1).min(moments.len().saturating_sub(1)))
            }
            KeyCode::Char('k') | KeyCode::Up => Over::Branches(at.saturating_sub(1)),
            KeyCode::Char('c') => {
                self.over = Over::Nothing;
                let moment = *moments.get(at)?;
                let lines = session.beside(moment).unwrap_or_else(|why| vec![why]);
                self.open("Side by side", lines);
                return None;
            }
            KeyCode::Enter => {
                self.over = Over::Nothing;
                let moment = moments.get(at)?;
                return self.heed(session, &format!("b {moment}"));
            }
            _ => Over::Nothing,
        };
        None
    }

    fn press_in_prompt(
        &mut self,
        session: &mut Session,
        key: KeyCode,
        head: &'static str,
        mut text: String,
    ) -> Option<Errand> {
        match key {
            KeyCode::Char(c) if text.chars().count() < 200 => text.push(c),
            KeyCode::Backspace => {
                text.pop();
            }
            KeyCode::Esc => {
                self.over = Over::Nothing;
                return None;
            }
            KeyCode::Enter => {
                self.over = Over::Nothing;
                return match head {
                    "save as: " => self.heed(session, &format!("save {text}")),
                    _ => self.heed(session, &text),
                };
            }
            _ => {}
        }
        self.over = Over::Prompt(head, text);
        None
    }

    fn light(&mut self, at: usize, many: usize) {
        self.chosen = at.min(many.saturating_sub(1));
        self.said.clear();
        self.rolls[0].from = 0;
    }

    /// Says a line to the session, and keeps what is said to it.
    fn heed(&mut self, session: &mut Session, line: &str) -> Option<Errand> {
        let lit = session.choice(self.chosen + 1).map(|offer| offer.by.clone());
        let reply = session.heed(line);
        if reply.is_moved {
            self.relight(session, lit.as_ref());
            self.said.clear();
            self.rolls.iter_mut().for_each(|roll| roll.from = 0);
        }
        self.say("Told", reply.lines);
        reply.errand
    }

    /// Shows lines over all panes.
    fn open(&mut self, title: &str, lines: Vec<String>) {
        self.rolls[OVER].from = 0;
        self.over = Over::Lines(title.into(), lines);
    }

    /// Shows lines: in a pane, or over all of them if there are many.
    pub(crate) fn say(&mut self, title: &str, lines: Vec<String>) {
        if lines.len() > LONGEST {
            self.open(title, lines);
            self.said.clear();
        } else if !lines.is_empty() {
            (self.said, self.pane, self.rolls[0].from) = (lines, 0, 0);
        }
    }

    /// Keeps the same choice lit, if it is still there.
    pub(crate) fn relight(&mut self, session: &Session, lit: Option<&Move>) {
        let choices = session.choices();
        let same = choices.iter().position(|offer| Some(&offer.by) == lit);
        let last = choices.len().saturating_sub(1);
        self.chosen = same.unwrap_or_else(|| self.chosen.min(last));
    }
}

/// More lines than these are shown over the panes.
const LONGEST: usize = 14;
