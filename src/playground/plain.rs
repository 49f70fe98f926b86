//! Lines in, lines out: for pipes and screen readers. Nothing is drawn over.

use std::path::PathBuf;

use super::predict;
use super::saved::Saved;
use super::session::{Played, Session};
use crate::scene::Move;
use crate::scene::commands::Command;

/// The reply to a line.
#[derive(Default)]
pub(crate) struct Reply {
    /// The events, which the story has from now on.
    pub(crate) told: Vec<String>,
    /// Other lines to show.
    pub(crate) lines: Vec<String>,
    /// Whether the choices are others now.
    pub(crate) is_moved: bool,
    /// Something that the command line does.
    pub(crate) errand: Option<Errand>,
}

/// Something that touches files, or takes time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Errand {
    /// The scene is to be saved in this form, in this place; the last says whether another file there
    /// may be lost.
    Save(Saved, PathBuf, bool),
    /// The shortest run is to be searched.
    Shortest,
    /// The end.
    Quit,
}

const HELP: &str = "\
N            do what is numbered N
l N, r N     lose or repeat the letter numbered N
i N          why it is so, and what it would ink, send and break
c NAME       a priest leaves and loses his slip; also: crash NAME before ink,
             crash NAME wet, crash NAME dry
u, U         undo, redo; nothing is thrown away
b, b M       the branches; go to moment M
compare M    this moment and M side by side: moves, ledgers, B
o            the choices again
v, v NAME    all ledgers and slips; what one priest has
B            the ballots that were begun, and which rules are broken
t            the story so far
p            predict: a question before a telling move, on and off
h            a hint
s NAME       save the scene; the ending says the form: .csv a trace, .html or
             .svg a chronicle, / a chamber, any other a script. Also: save chamber
             DIR, save trace FILE, save chronicle FILE, save script FILE; --force
             behind the name writes over another file
y            the scene in one line, as an address holds it
sound        say that all keep to the paper (with --heresy '?')
shortest     search the shortest run from here that breaks a rule
q            the end
Any command of a script too, such as try 7.Oki: parliament help scripts";

impl Session {
    /// The lines at the start.
    pub(crate) fn opening(&self) -> Vec<String> {
        let scene = &self.tree.here().scene;
        let mut lines =
            vec![format!("{} sit; {}.", scene.setting().founding, level_in_words(self))];
        if let Some(game) = &self.game {
            lines.extend(game.opening());
        }
        lines.push("`?` lists the commands, `q` ends.".into());
        lines
    }

    /// The choices, a line each.
    pub(crate) fn listed(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let choices = self.choices();
        let letters = choices.iter().filter(|choice| choice.letter.is_some()).count();
        if letters > 0 {
            lines.push("Letters under way:".into());
        }
        for (at, choice) in choices.iter().enumerate() {
            if at == letters {
                lines.push("Deeds:".into());
            }
            lines.push(format!("{:>3} {}", at + 1, self.in_a_line(choice)));
        }
        lines
    }

    /// Heeds a line that a person wrote.
    pub(crate) fn heed(&mut self, line: &str) -> Reply {
        let line = line.trim();
        if let Some((question, by)) = self.asked.take() {
            return self.answer(question, by, line);
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("", _) => Reply::default(),
            ("?" | "help", "") => said(HELP.lines().map(ToOwned::to_owned)),
            ("q" | "quit", "") => errand(Errand::Quit),
            ("s" | "save", words) => {
                match self.script(false).and_then(|_| Saved::read_forced(words)) {
                    Ok((form, place, force)) => errand(Errand::Save(form, place, force)),
                    Err(why) => said([why]),
                }
            }
            ("y", "") => said([self.script(true).unwrap_or_else(|why| why)]),
            ("o", "") => said(self.listed()),
            ("u", "") => self.go(&Command::Undo(1)),
            ("U", "") => self.go(&Command::Redo),
            ("b", "") => said(self.branches()),
            ("b", moment) => match moment.parse() {
                Ok(moment) => self.go(&Command::Go(moment)),
                Err(_) => said(["b M: M is the number of a moment, as `b` lists them".to_owned()]),
            },
            ("compare", moment) => match moment.parse() {
                Ok(moment) => said(self.beside(moment).unwrap_or_else(|why| vec![why])),
                Err(_) => {
                    said(["compare M: M is the number of a moment, as `b` lists them".into()])
                }
            },
            ("B", "") => said(self.state_of_b()),
            ("t", "") => said(self.story()),
            ("v", name) => said(self.view(name)),
            ("h", "") => said([self.hint()]),
            ("p", "") => said([self.turn_questions()]),
            ("sound", "") => match &mut self.game {
                Some(game) => said(game.sound(&self.tree).unwrap_or_else(|why| vec![why])),
                None => said(["`sound` is for `parliament play --heresy '?'`".to_owned()]),
            },
            ("shortest", "") => errand(Errand::Shortest),
            ("i", number) => match self.numbered(number) {
                Ok(offer) => said(self.why(offer)),
                Err(why) => said([why]),
            },
            ("l" | "r", number) => {
                let by = self.numbered(number).and_then(|offer| {
                    let none =
                        || format!("{number} is no letter: a letter may be lost or repeated");
                    self.with_letter(offer, word == "l").ok_or_else(none)
                });
                self.do_or_say(by)
            }
            ("c", name) => self.words(&format!("crash {name}")),
            (number, "") if number.bytes().all(|b| b.is_ascii_digit()) => self.choose(number),
            _ => self.words(line),
        }
    }

    /// Questions before telling moves, on or off; the line that says which.
    fn turn_questions(&mut self) -> String {
        if self.is_secret() {
            return "In a hunt nothing is asked: the answers would tell what they hold.".into();
        }
        self.is_predicting = !self.is_predicting;
        let now = match (self.is_predicting, self.tree.here().scene.setting().heretics.is_empty()) {
            (true, true) => "You are asked before telling moves",
            (true, false) => {
                "You are asked before telling moves; nothing is asked about a heretic's deeds"
            }
            (false, _) => "Nothing is asked before telling moves",
        };
        format!("{now}. So far: {}.", self.score())
    }

    fn numbered(&self, number: &str) -> Result<&crate::scene::offers::Offer, String> {
        let many = self.choices().len();
        let at = number.parse().ok().and_then(|number| self.choice(number));
        at.ok_or_else(|| format!("the choices are numbered 1 to {many}; `o` lists them"))
    }

    /// Does what is numbered so, after a question if there is one.
    fn choose(&mut self, number: &str) -> Reply {
        let offer = match self.numbered(number) {
            Ok(offer) => offer.clone(),
            Err(why) => return said([why]),
        };
        if self.is_predicting
            && !self.is_secret()
            && let Some(question) = predict::question(&self.tree.here().scene, &offer)
        {
            let mut lines = vec![question.asks.clone()];
            let answers = question.answers.iter().zip(1..);
            lines.extend(answers.map(|(answer, number)| format!("{number:>3} {answer}")));
            lines.push("An empty line closes the question.".into());
            self.asked = Some((question, offer.by));
            return said(lines);
        }
        self.do_or_say(Ok(offer.by))
    }

    fn answer(&mut self, question: predict::Question, by: Move, line: &str) -> Reply {
        let many = question.answers.len();
        let answer = line.parse().ok().filter(|answer| (1..=many).contains(answer));
        let Some(answer) = answer else {
            if ["q", "p"].contains(&line) {
                return self.heed(line);
            }
            if line.is_empty() {
                return said([format!(
                    "The question is closed, and nothing was done. So far: {}.",
                    self.score()
                )]);
            }
            let again = format!("answer with a number, 1 to {many}; p stops the questions");
            self.asked = Some((question, by));
            return said([again]);
        };
        let told = question.told(answer - 1);
        if answer - 1 == question.right {
            self.right += 1
        } else {
            self.wrong += 1
        }
        let mut reply = self.do_or_say(Ok(by));
        reply.lines.insert(0, format!("{told} So far: {}.", self.score()));
        reply
    }

    fn do_or_say(&mut self, by: Result<Move, String>) -> Reply {
        match by.and_then(|by| self.play(&by)) {
            Ok(Played { told, news }) => Reply { told, is_moved: true, ..said(news) },
            Err(why) => said([why]),
        }
    }

    /// Goes to another moment, and says where.
    fn go(&mut self, command: &Command) -> Reply {
        if let Err(why) = self.obey(command) {
            return said([why]);
        }
        let at = self.tree.at();
        let by = self.tree.here().by.as_ref().map_or("the beginning".into(), ToString::to_string);
        let mut lines = vec![format!("Moment {at}: {by}")];
        lines.extend(self.broken());
        Reply { is_moved: true, ..said(lines) }
    }

    /// A command of a script.
    fn words(&mut self, line: &str) -> Reply {
        let commands = match self.read(line) {
            Ok(commands) => commands,
            Err(error) => return said([format!("column {}: {}", error.column, error.what)]),
        };
        let mut reply = Reply::default();
        for command in commands {
            reply = match command {
                Command::Move(by) => self.do_or_say(Ok(by)),
                Command::Ledger(who) => said(self.ledger(who)),
                other => self.go(&other),
            };
        }
        reply
    }

    fn view(&self, name: &str) -> Vec<String> {
        let names: Vec<_> = self.tree.here().scene.names().collect();
        if name.is_empty() {
            return names.into_iter().flat_map(|name| self.desk(name)).collect();
        }
        match names.iter().find(|it| it.as_str() == name) {
            Some(&name) => self.ledger(name),
            None => vec![format!("nobody here is called {name}")],
        }
    }

    fn state_of_b(&self) -> Vec<String> {
        let mut lines = self.ballots();
        let broken = self.broken();
        if broken.is_empty() {
            lines.push("Every rule holds.".into());
        }
        lines.extend(broken);
        lines
    }

    pub(super) fn story(&self) -> Vec<String> {
        let path = self.tree.path();
        let mut lines = Vec::new();
        for moment in path {
            lines.extend(self.told(moment).into_iter().filter(|line| !line.starts_with(' ')));
        }
        if lines.is_empty() {
            lines.push("Nothing has happened yet.".into());
        }
        lines
    }
}

fn level_in_words(session: &Session) -> &'static str {
    match session.tree.here().scene.level() {
        crate::scene::Level::Basic => "the basic protocol, §2.3",
        crate::scene::Level::Synod => "the complete Synod, with hourglasses, §2.4",
        crate::scene::Level::Parliament => "the Parliament, §3",
    }
}

fn said(lines: impl IntoIterator<Item = String>) -> Reply {
    Reply { lines: lines.into_iter().collect(), ..Reply::default() }
}

fn errand(errand: Errand) -> Reply {
    Reply { errand: Some(errand), ..Reply::default() }
}
