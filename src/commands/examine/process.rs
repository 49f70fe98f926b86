//! A novice's program while it runs: asked over standard input, heard on standard output, bounded in
//! time and in bytes, and ended with all that it started.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::examine::Trouble;

/// The longest answer, in bytes.
const LONGEST: usize = 256 << 10;
/// This much of standard error is kept, the last of it.
const KEPT: usize = 4 << 10;
/// How long a program that has ended may take to be known to have ended.
const ENDING: Duration = Duration::from_millis(200);
/// The variables of the environment that a novice is given.
const ENVIRONMENT: [&str; 6] = ["PATH", "HOME", "TMPDIR", "SYSTEMROOT", "JAVA_HOME", "PYENV_ROOT"];

/// A piece of a program's standard output.
enum Heard {
    Line(Vec<u8>),
    TooLong,
    End,
}

/// A program that runs.
pub(super) struct Process {
    child: Child,
    questions: Option<ChildStdin>,
    answers: Receiver<Heard>,
    /// The beginning of a line whose end has not come.
    begun: Arc<Mutex<Vec<u8>>>,
    errors: Arc<Mutex<Vec<u8>>>,
    /// How many questions it was asked.
    pub(super) asked: u64,
}

impl Process {
    /// Starts the program of these words in a process group of its own.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(super) fn start(words: &[String]) -> Result<Process, Trouble> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(Trouble::NotStarted("the command is empty".into()));
        };
        let mut command = alone(program, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = |error: std::io::Error| Trouble::NotStarted(format!("{program}: {error}"));
        let mut child = command.spawn().map_err(started)?;
        let (questions, out, errors) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (hear, answers) = sync_channel(16);
        let begun = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::new(Mutex::new(Vec::new()));
        let mut process = Process {
            child,
            questions,
            answers,
            begun: begun.clone(),
            errors: kept.clone(),
            asked: 0,
        };
        let listens = out.is_some_and(|out| spawn(move || listen(out, &begun, &hear)));
        let keeps = errors.is_some_and(|errors| spawn(move || keep(errors, &kept)));
        if listens && keeps {
            return Ok(process);
        }
        process.end();
        Err(Trouble::NotStarted("the system has no thread to spare".into()))
    }

    /// Asks a question, and waits so long for the answer.
    ///
    /// # Errors
    /// What went wrong.
    pub(super) fn ask(&mut self, question: &str, patience: Duration) -> Result<String, Trouble> {
        if let Ok(Heard::Line(line)) = self.answers.try_recv() {
            return Err(Trouble::Twice(String::from_utf8_lossy(&line).into_owned()));
        }
        self.asked += 1;
        let mut line = question.as_bytes().to_vec();
        line.push(b'\n');
        // One that has ended says so when it is listened to.
        let _ended =
            self.questions.as_mut().map(|pipe| pipe.write_all(&line).and_then(|()| pipe.flush()));
        let told = || humantime::format_duration(patience).to_string();
        match self.answers.recv_timeout(patience) {
            Ok(Heard::Line(line)) => String::from_utf8(line).map_err(|_| Trouble::NotText),
            Ok(Heard::TooLong) => Err(Trouble::TooLong(LONGEST)),
            Ok(Heard::End) | Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
            Err(RecvTimeoutError::Timeout) if self.begun().is_empty() => {
                Err(Trouble::Silent(told()))
            }
            Err(RecvTimeoutError::Timeout) => Err(Trouble::NoNewline(told())),
        }
    }

    /// Anything that it says unasked within this time.
    pub(super) fn says_besides(&mut self, within: Duration) -> Option<String> {
        match self.answers.recv_timeout(within) {
            Ok(Heard::Line(line)) => Some(String::from_utf8_lossy(&line).into_owned()),
            _ => Some(self.begun()).filter(|begun| !begun.is_empty()),
        }
    }

    fn ended(&mut self) -> Trouble {
        let mut status = None;
        for _ in 0..20 {
            status = self.child.try_wait().ok().flatten();
            if status.is_some() {
                break;
            }
            std::thread::sleep(ENDING / 20);
        }
        let told = status.map_or("its standard output closed".into(), told);
        if self.begun().is_empty() { Trouble::Ended(told) } else { Trouble::EndedWithin(told) }
    }

    /// The beginning of a line whose end has not come.
    pub(super) fn begun(&self) -> String {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&begun).into_owned()
    }

    /// Its standard error since this was asked last.
    pub(super) fn take_errors(&self) -> String {
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *errors)).into_owned()
    }

    /// Ends it, and all that it started.
    fn end(&mut self) {
        self.questions = None;
        end_all(&mut self.child);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A command in a process group of its own, which sees no environment but what it needs.
fn alone(program: &str, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("LANG", "C.UTF-8");
    command.envs(ENVIRONMENT.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// Ends a program, and all that it started.
fn end_all(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(child.id()) {
        use nix::sys::signal::{Signal, killpg};
        let _gone = killpg(nix::unistd::Pid::from_raw(id), Signal::SIGKILL);
    }
    let _gone = child.kill();
    let _gone = child.wait();
}

/// A program that runs beside this one and is not asked; it is ended when this is dropped.
pub(super) struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        end_all(&mut self.0);
    }
}

/// Starts a program that works by itself. Its words on standard error are shown.
///
/// # Errors
/// Why it cannot be started.
pub(super) fn started(words: &[String]) -> Result<Beside, Trouble> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Trouble::NotStarted("the command is empty".into()));
    };
    let mut command = alone(program, arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    let failed = |error: std::io::Error| Trouble::NotStarted(format!("{program}: {error}"));
    command.spawn().map(Beside).map_err(failed)
}

/// How a program ended, for a person.
fn told(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> bool {
    std::thread::Builder::new().spawn(work).is_ok()
}

/// Tells every line that a program writes, until it ends or nobody listens any more.
fn listen(mut out: impl Read, begun: &Mutex<Vec<u8>>, hear: &SyncSender<Heard>) {
    let mut read = [0; 16 << 10];
    loop {
        let Ok(many @ 1..) = out.read(&mut read) else {
            let _nobody = hear.send(Heard::End);
            return;
        };
        let mut lines = Vec::new();
        let mut begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in read[..many].split_inclusive(|&byte| byte == b'\n') {
            begun.extend_from_slice(piece);
            if let Some(line) = begun.strip_suffix(b"\n") {
                lines.push(Heard::Line(line.strip_suffix(b"\r").unwrap_or(line).to_vec()));
                begun.clear();
            }
            if begun.len() > LONGEST {
                begun.clear();
                lines.push(Heard::TooLong);
            }
        }
        drop(begun);
        for line in lines {
            if hear.send(line).is_err() {
                return;
            }
        }
    }
}

/// Keeps the end of what a program writes.
fn keep(mut errors: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut read = [0; 4 << 10];
    while let Ok(many @ 1..) = errors.read(&mut read) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&read[..many]);
        let surplus = kept.len().saturating_sub(KEPT);
        kept.drain(..surplus);
    }
}

/// The words of a command, as a shell would split them: quotes keep spaces.
///
/// # Errors
/// When a quote does not end.
pub(super) fn words(command: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote): (Vec<String>, Option<String>, Option<char>) =
        Default::default();
    for c in command.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(format!("a quote ({open}) is opened in {command:?} and not closed"));
    }
    words.extend(word);
    if words.is_empty() {
        Err("the command of a novice has at least one word".into())
    } else {
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_spaces_in_a_command() {
        let split = |command| words(command).unwrap();
        assert_eq!(split(" python3  novice.py "), ["python3", "novice.py"]);
        assert_eq!(split(r#"'my py' "a 'b'" c"""#), ["my py", "a 'b'", "c"]);
        assert!(words("python3 'novice.py").is_err() && words("  ").is_err());
    }
}
