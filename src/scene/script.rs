//! A script: what a person does in a scene, as text. A transcript is one, its answers left out.

use super::commands::{Command, HEADS};
use super::reader::Reader;
use super::script_words::{Form, LONGEST_SCRIPT, MOST_COMMANDS, Place, ScriptError, Words, shown};
use super::setting::{Level, MOST_PRIESTS, Setting};
use crate::words::Founding;

/// A script: where it begins, and what is done.
#[derive(Clone)]
pub struct Script {
    /// Where it begins.
    pub setting: Setting,
    /// The commands, each with its place.
    pub commands: Vec<(Place, Command)>,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// [`ScriptError`]: where it does not read, what was expected there, and the repair. The part that comes
    /// before that place is read.
    pub fn read(text: &str) -> Result<Script, ScriptError> {
        let (script, error) = Script::read_on(text);
        match (script, error) {
            (Some(script), None) => Ok(script),
            (_, error) => Err(error.unwrap_or_else(nothing)),
        }
    }

    /// As [`Script::read`], and what can be read before the error.
    pub(crate) fn read_on(text: &str) -> (Option<Script>, Option<ScriptError>) {
        if text.len() > LONGEST_SCRIPT {
            let what = format!(
                "a script has at most {LONGEST_SCRIPT} bytes, and this one has more; keep a shorter one"
            );
            return (None, Some(Place { line: 1, column: 1 }.says(what)));
        }
        let mut script = None;
        let error = read_lines(text, &mut script).err();
        let error = error.or_else(|| script.is_none().then(nothing));
        (script, error)
    }
}

fn nothing() -> ScriptError {
    Place { line: 1, column: 1 }.says(
        "a script begins with those who sit, such as `convene Dwork Gray Oki`, and nothing is here",
    )
}

fn read_lines(text: &str, script: &mut Option<Script>) -> Result<(), ScriptError> {
    let mut is_answer = false;
    for (line, text) in (1..).zip(text.lines()) {
        let trimmed = text.trim_start();
        is_answer = (is_answer && !trimmed.is_empty()) || trimmed.trim_end() == "----";
        if is_answer || trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let column = 1 + text.chars().count() - trimmed.chars().count();
        let start = Place { line, column };
        if is_short(trimmed) {
            let mut column = column;
            for part in trimmed.trim_end().split(';') {
                if !part.is_empty() {
                    read_command(Words::short(part, Place { line, column }), script)?;
                }
                column += part.chars().count() + 1;
            }
        } else {
            read_command(Words::long(trimmed, start)?, script)?;
        }
    }
    Ok(())
}

/// Whether a line is in the short form: its first word ends in a full stop or a semicolon, or is the
/// short form of a command that needs nothing else.
fn is_short(line: &str) -> bool {
    let end = line.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(line.len());
    let (head, rest) = line.split_at(end);
    let is_head = Level::ALL.iter().any(|level| level.as_str() == head)
        || ["da", "y"].contains(&head)
        || HEADS.iter().any(|(_, short)| !short.is_empty() && *short == head);
    is_head && (rest.is_empty() || rest.starts_with(['.', ';']))
}

fn read_command(mut words: Words, script: &mut Option<Script>) -> Result<(), ScriptError> {
    let start = words.start;
    let head = words.expect("a command")?;
    let level = Level::ALL.into_iter().find(|level| level.as_str() == head.text);
    if let Some(level) = level.filter(|_| words.form == Form::Short) {
        return convene(words, Some(level), script, start);
    }
    let of = |(long, short): &&(&str, &str)| match words.form {
        Form::Long => *long == head.text,
        Form::Short => *short == head.text,
    };
    let name = HEADS.iter().find(of).map_or(&*head.text, |(long, _)| *long).to_owned();
    if name == "convene" {
        return convene(words, None, script, start);
    }
    let Some(script) = script else {
        return Err(start.says(format!(
            "a script begins with those who sit, such as `convene Dwork Gray Oki`, and this one with {}",
            shown(&head.text)
        )));
    };
    if script.commands.len() >= MOST_COMMANDS {
        return Err(start.says(format!(
            "a scene has at most {MOST_COMMANDS} commands; begin another one from here"
        )));
    }
    let of_setting = ["heretic", "wish", "given", "letter"].contains(&&*name);
    if of_setting && !script.commands.is_empty() {
        return Err(start.says(format!(
            "`{name}` says how a scene begins, so it stands before the first move; put it there"
        )));
    }
    let mut reader = Reader { words, setting: &mut script.setting };
    if of_setting {
        match &*name {
            "heretic" => reader.heretic()?,
            "wish" => reader.wish()?,
            "given" => reader.given()?,
            _ => reader.letter()?,
        }
        return reader.words.end();
    }
    let command = reader.command(&name, &head)?;
    reader.words.end()?;
    script.commands.push((start, command));
    Ok(())
}

fn convene(
    mut words: Words,
    level: Option<Level>,
    script: &mut Option<Script>,
    start: Place,
) -> Result<(), ScriptError> {
    if script.is_some() {
        return Err(start.says("this scene is convened already; a scene is convened once"));
    }
    let (mut level, mut text, at) = (level.unwrap_or(Level::Basic), Vec::new(), words.here());
    while let Some(word) = words.take() {
        match word.text.strip_prefix("level=") {
            Some(name) => {
                let known = Level::ALL.into_iter().find(|level| level.as_str() == name);
                level = known.ok_or_else(|| {
                    let name = shown(name);
                    word.place
                        .says(format!("a level is basic, synod or parliament, and not {name}"))
                })?;
            }
            None if text.len() > MOST_PRIESTS => break,
            None => text.push(word.text),
        }
    }
    if text.iter().filter(|word| !word.starts_with("alpha=")).count() > MOST_PRIESTS {
        return Err(at.says(format!("a scene has at most {MOST_PRIESTS} priests; name fewer")));
    }
    let founding: Founding = text.join(" ").parse().map_err(|why| at.says(format!("{why}")))?;
    *script = Some(Script { setting: Setting::of(founding, level), commands: Vec::new() });
    Ok(())
}
