//! A lesson's folder as a check sees it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use super::answers::{self, Answer, Answers, Written};
use super::cast::Cast;
use super::events::Events;
use super::facts::Facts;
use super::laid::entries;
use super::missing::{Check, Missing, missing};
use super::question::Question;
use crate::audit::Finding;
use crate::chamber::Chamber;
use crate::chamber::papers::{bytes_of, stands};
use crate::heresies::{self, Heresy};
use crate::invariants::Invariant as Broken;
use crate::records::PUT_BACK;
use crate::scene::{Broken as Breach, Facts as Played, Heretics, ScriptError, replay};
use crate::words::Name;
use crate::words::shown::counted;

/// No script of a lesson is as long as this, in bytes.
const LONGEST_SCRIPT: usize = 1 << 20;

/// The things that a check sees.
pub(crate) struct Sight<'a> {
    pub cast: &'a Cast,
    pub folder: &'a Path,
    number: u8,
    questions: &'static [Question],
    answers: Answers,
    /// Facts to tell beside the step that is done.
    found: RefCell<Vec<String>>,
}

/// The result of a script that was played.
pub(crate) struct Shown {
    /// The rules that it breaks, in order.
    pub broken: Vec<Broken>,
    /// How many moves it has, in words.
    pub moves: String,
}

impl Sight<'_> {
    /// Reads what stands in a lesson's folder.
    pub fn of<'a>(
        cast: &'a Cast,
        folder: &'a Path,
        (number, questions): (u8, &'static [Question]),
    ) -> Check<Sight<'a>> {
        let answers = answers::read(folder, questions, cast)?;
        Ok(Sight { cast, folder, number, questions, answers, found: RefCell::default() })
    }

    /// The answers so far.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The facts found since they were taken last.
    pub fn take_found(&self) -> Vec<String> {
        self.found.take()
    }

    /// The facts of a chamber in the folder; `.` is the folder itself.
    pub fn facts(&self, chamber: &str) -> Check<Option<Facts>> {
        let root =
            if chamber == "." { self.folder.to_path_buf() } else { self.folder.join(chamber) };
        let broken = |it: Missing| Missing { said: self.or_again(it.said.clone()), ..it };
        Facts::of(&Chamber::at(root)).map_err(broken)
    }

    /// The facts of a chamber in the folder that belongs to these, if no rule is broken there.
    pub fn sound(&self, chamber: &str, names: &[Name]) -> Check<Option<Facts>> {
        let facts = self.facts(chamber)?;
        if let Some(facts) = &facts {
            self.is_sound(facts)?;
            self.sit(facts, names)?;
        }
        Ok(facts)
    }

    /// A trace in the folder.
    pub fn events(&self, file: &str) -> Check<Option<Events>> {
        Events::of(&self.folder.join(file))
    }

    /// The words of a script in the folder.
    fn script(&self, file: &str) -> Check<String> {
        let path = self.folder.join(file);
        let bytes = bytes_of(&path, LONGEST_SCRIPT)
            .map_err(|error| Missing::broken(format!("{}: {error}", path.display())))?;
        String::from_utf8(bytes).map_err(|_| {
            Missing::broken(format!("{}: this is not UTF-8; save it as UTF-8", path.display()))
        })
    }

    /// The rules that a script breaks when all priests hold this heresy, whatever it says of them.
    pub fn heretics(&self, file: &str, heresy: &str) -> Check<Shown> {
        let Some(heresy) = heresies::find(heresy) else {
            return Err(Missing::broken(format!("there is no heresy {heresy}")));
        };
        let played = self.played(file, heresy)?;
        let names = self.cast.names();
        let [first, second, third] = [names[0], names[2], names[4]];
        if played.ledgers.keys().copied().ne([first, second, third]) {
            return missing(format!(
                "{}: in this lesson the script begins with: convene {first} {second} {third}",
                self.folder.join(file).display()
            ));
        }
        self.find(file, &played);
        let broken = played.broken.iter().map(|(_, broken)| broken.rule).collect();
        Ok(Shown { broken, moves: counted(played.moves as u64, "move") })
    }

    /// Keeps the first rule that a script breaks, to be told: the line, the move, the rule and why.
    fn find(&self, file: &str, played: &Played) {
        if let Some(sin) = self.sin(file, played) {
            self.found.replace(vec![sin]);
        }
    }

    fn sin(&self, file: &str, played: &Played) -> Option<String> {
        let (at, Breach { rule, why, .. }) = played.broken.first()?;
        let moment = &played.tree.moments()[*played.tree.path().get(*at)?];
        let place = self.folder.join(file).display().to_string();
        let (says, section) = (rule.says(), rule.section());
        let script = self.script(file).ok()?;
        let line = moment.line.and_then(|line| Some((line, script.lines().nth(line - 1)?.trim())));
        Some(match line {
            Some((line, text)) => format!(
                "{place}:{line}: with `{text}`, {rule} is broken, “{says}” (PTP §{section}): {why}"
            ),
            None => format!("{place}: {rule} is broken from the beginning, “{says}”: {why}"),
        })
    }

    /// Whether a script breaks a rule when all priests hold this heresy, whatever it says of them.
    pub fn convicts(&self, file: &str, heresy: &'static Heresy) -> Check<bool> {
        let played = self.played(file, heresy)?;
        self.find(file, &played);
        Ok(!played.broken.is_empty())
    }

    fn played(&self, file: &str, heresy: &'static Heresy) -> Check<Played> {
        replay(&self.script(file)?, Heretics::All(heresy)).map_err(|error| {
            let ScriptError { line, column, what } = error;
            let path = self.folder.join(file);
            Missing::broken(format!("{}:{line}:{column}: {what}", path.display()))
        })
    }

    /// Whether a script breaks no rule when all keep to the paper; there it need not play on, since
    /// they send other letters.
    pub fn is_sound_script(&self, file: &str) -> Check {
        match replay(&self.script(file)?, Heretics::Nobody) {
            Ok(played) => self.sin(file, &played).map_or(Ok(()), |sin| {
                missing(format!(
                    "The script breaks a rule when all keep to the paper, too, so it shows nothing of the \
                     others. {sin}"
                ))
            }),
            Err(_) => Ok(()),
        }
    }

    /// Asks a question that must be answered before it is judged.
    pub fn asked(&self, key: &str) -> Check {
        self.written(key).map(drop)
    }

    fn written(&self, key: &str) -> Check<&Written> {
        if let Some(written) = self.answers.get(key) {
            return Ok(written);
        }
        let Some(question) = self.questions.iter().find(|question| question.key == key) else {
            return Err(Missing::broken(format!("no question is called {key}")));
        };
        let how = self.cast.fill(&question.how());
        let file = self.folder.join(answers::FILE);
        missing(format!(
            "{} Write {how} behind `{key},` in {}.",
            self.cast.fill(question.ask),
            file.display()
        ))
    }

    /// Says what is to be run in the folder: a command as a template.
    pub fn run<T>(&self, why: &str, command: &str) -> Check<T> {
        let (why, command) = (self.cast.fill(why), self.cast.fill(command));
        missing(format!("{why} In {}, run:\n    {command}", self.folder.display()))
    }

    /// Says why the lesson must be begun again, and how.
    pub fn again<T>(&self, why: &str) -> Check<T> {
        let why = self.cast.fill(why);
        missing(format!("{why} Begin again:\n    parliament lesson reset {}", self.number))
    }

    /// Says that an answer is wrong, where, and why.
    pub fn wrong<T>(&self, key: &str, why: &str) -> Check<T> {
        let Written { place, text, .. } = self.written(key)?;
        let said = format!("{place}: “{text}” is not so. {}", self.cast.fill(why));
        Err(Missing { is_wrong: true, ..Missing::yet(said) })
    }

    /// An answer of yes or no that must be this; why the other one is wrong.
    pub fn is(&self, key: &str, right: bool, why: &str) -> Check {
        match self.written(key)?.answer {
            Answer::Yes(yes) if yes == right => Ok(()),
            _ => self.wrong(key, why),
        }
    }

    /// An answer that must be this number; why some others are wrong, and why all others are.
    pub fn number(&self, key: &str, right: u64, known: &[(u64, &str)], why: &str) -> Check {
        match self.written(key)?.answer {
            Answer::Number(n) if n == right => Ok(()),
            Answer::Number(n) => {
                let known = known.iter().find(|(wrong, _)| *wrong == n);
                self.wrong(key, known.map_or(why, |(_, why)| why))
            }
            _ => self.wrong(key, why),
        }
    }

    /// The number that was answered.
    pub fn number_of(&self, key: &str) -> Check<u64> {
        match self.written(key)?.answer {
            Answer::Number(n) => Ok(n),
            _ => Ok(0),
        }
    }

    /// Whether anything stands in the folder under this name.
    pub fn has(&self, file: &str) -> bool {
        stands(&self.folder.join(file))
    }

    /// Which of its words was chosen.
    pub fn chosen(&self, key: &str) -> Check<usize> {
        match self.written(key)?.answer {
            Answer::Choice(i) => Ok(i),
            _ => Ok(usize::MAX),
        }
    }

    /// The names that were answered.
    pub fn names(&self, key: &str) -> Check<BTreeSet<Name>> {
        match &self.written(key)?.answer {
            Answer::Names(names) => Ok(names.clone()),
            _ => Ok(BTreeSet::new()),
        }
    }

    /// Whether a chamber breaks no rule, and each of its rows has its line end.
    pub fn is_sound(&self, facts: &Facts) -> Check {
        let is_noise = |row: &str| row.chars().any(|c| c.is_control() || c == '\u{fffd}');
        let noisy = |finding: &&Finding| finding.exhibits.iter().any(|it| is_noise(&it.row));
        if let Some(finding) = facts.unended().filter(noisy) {
            let (place, why) = (self.place(finding), &finding.why);
            return missing(self.or_again(format!("{place}: this is no row: {why}.")));
        }
        if let Some(finding) = facts.unended() {
            return missing(format!(
                "{}: this row has no line end, so it does not count: go to its end, press Enter, \
                 and save; if a crash left half a row, remove it",
                self.place(finding)
            ));
        }
        let Some(finding) = facts.broken() else { return Ok(()) };
        // The advice for a Chamber in use is to seat another priest; here it is to begin again.
        let why = finding.why.replace(&format!("; {PUT_BACK}"), "");
        missing(self.or_again(format!(
            "{}: a rule of the paper is broken here, “{}”: {why}.",
            self.place(finding),
            finding.rule
        )))
    }

    /// A fault of records, with a repair that loses no row.
    fn or_again(&self, said: String) -> String {
        format!(
            "{said}\nIf this is the last row that you wrote by hand, correct it there. If it is not, begin \
             again; these files are kept:\n    parliament lesson reset {}",
            self.number
        )
    }

    fn place(&self, finding: &Finding) -> String {
        let place = finding.exhibits.first().map(|exhibit| exhibit.place.to_string());
        place.unwrap_or_else(|| self.folder.display().to_string())
    }

    /// Whether a chamber is the one that was laid down as `laid`, or a copy of it, whatever was
    /// written since.
    pub fn stands(
        &self,
        chamber: &str,
        files: &[(&str, &str)],
        laid: &str,
        facts: &Facts,
    ) -> Check {
        for (path, rows) in files {
            let Some(file) = path.strip_prefix(laid).and_then(|it| it.strip_prefix("/ledgers/"))
            else {
                continue;
            };
            let file = self.cast.fill(file);
            let Ok(owner) = Name::new(file.trim_end_matches(".csv")) else { continue };
            let entries = entries(&self.cast.fill(rows)).map_err(Missing::broken)?;
            if !facts.begins_with(owner, &entries) {
                return self.again(&format!(
                    "{chamber}/ledgers/{file} does not begin with the rows that it had."
                ));
            }
        }
        Ok(())
    }

    /// Whether these, and nobody besides, belong to a chamber.
    pub fn sit(&self, facts: &Facts, names: &[Name]) -> Check {
        let seated: Vec<Name> =
            facts.founding().map(|it| it.membership.names().collect()).unwrap_or_default();
        if seated == names {
            return Ok(());
        }
        let list = |names: &[Name]| names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        self.again(&format!(
            "This chamber is of {}, and the one of this lesson is of {}.",
            list(&seated),
            list(names)
        ))
    }
}
