//! `parliament play`: a scene, moved by hand in the terminal.

use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::chamber::Chamber;
use crate::explore::Gauge;
use crate::kept::Run;
use crate::playground::game::Game;
use crate::playground::plain::Errand;
use crate::playground::saved::Saved;
use crate::playground::session::Session;
use crate::scene::script_words::LONGEST_SCRIPT;
use crate::scene::{Level, Script, Setting, Tree, answer};
use crate::words::Founding;

use super::arguments;
use super::keeping::Keeping;
use super::output::{Force, Kind, Output, SCRIPT_MARK};
use super::page::{Page, is_stdout, wrapped};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament play                             # until Ctrl-C
  echo 1 | parliament play --plain
  parliament play --open                      # until Ctrl-C: in the browser
  parliament play --class                     # until Ctrl-C: with a class
  parliament play --open --for 1s
  parliament play --heresy own-decree --plain < /dev/null
  echo 'try 1.Oki' | parliament play --priests \"Gray Oki\" --plain
  parliament play --plain --trace run.csv < /dev/null
  parliament audit --trace run.csv
  parliament synod \"Goats may graze\"
  parliament play --records --plain < /dev/null";

/// Move the real priests yourself: deliver, lose and repeat their letters, let them crash.
///
/// Each choice says what would come of it; what cannot be done is shown with the guard that fails,
/// and may be tried all the same. Undo goes back and throws nothing away. Which rules hold is
/// always in sight. `parliament help scripts` tells the language of scripts.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Play {
    /// Begin with this script, as `s` saves it.
    #[arg(value_name = "SCRIPT")]
    script: Option<PathBuf>,
    /// The priests, with weights if they differ: "Dwork Gray:2 Oki".
    #[arg(long, value_name = "NAMES", conflicts_with_all = ["script", "heresy"])]
    priests: Option<Founding>,
    /// Which protocol: basic (§2.3), synod (§2.4) or parliament (§3).
    #[arg(long, value_enum, default_value = "basic", conflicts_with_all = ["script", "heresy"])]
    level: LevelName,
    /// Begin with what the records of the chamber say; nothing is written there.
    ///
    /// The letters in its messagebooks are under way again, as messengers may repeat them.
    #[arg(long, conflicts_with_all = ["script", "priests", "level", "heresy"])]
    records: bool,
    /// Let all hold a heresy, a protocol with one rule broken; '?' hides which one, or that there is
    /// none: break a rule, or say `sound`.
    #[arg(long, value_name = "NAME", conflicts_with = "script")]
    heresy: Option<String>,
    /// Which heresy `?` is.
    ///
    /// Default: another one each time.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Lines in, lines out, for pipes and screen readers: choices are numbered, and commands read
    /// from standard input.
    #[arg(long)]
    plain: bool,
    /// Answer the script as one JSON object, and end; docs/scene.md tells its fields.
    #[arg(long, requires = "script")]
    json: bool,
    #[cfg(feature = "web")]
    #[command(flatten)]
    playhouse: super::playhouse::Playhouse,
    #[command(flatten)]
    keeping: Keeping,
}

/// How long a shortest run is searched at most.
const LONGEST: Duration = Duration::from_secs(20);
/// The memory that its states may take, in bytes.
const MOST_BYTES: u64 = 1 << 30;

/// Searches the shortest run and shows it; the lines that tell it.
fn shortest(session: &mut Session, must_stop: impl Fn() -> bool) -> Vec<String> {
    static STOP: AtomicBool = AtomicBool::new(false);
    STOP.store(false, Ordering::Relaxed);
    let (from, scene, bounds) = match session.search() {
        Ok(search) => search,
        Err(why) => return vec![why],
    };
    let begun = Instant::now();
    let search =
        std::thread::spawn(move || scene.shortest(bounds, &Gauge::that_stops(&STOP, MOST_BYTES)));
    while !search.is_finished() {
        if must_stop() || begun.elapsed() > LONGEST {
            STOP.store(true, Ordering::Relaxed);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let found = search.join().unwrap_or_else(|_| Err("the search has failed".into()));
    found.and_then(|found| session.show(from, found)).unwrap_or_else(|why| vec![why])
}

/// A level, as the command line names it.
#[derive(Clone, Copy, ValueEnum)]
enum LevelName {
    Basic,
    Synod,
    Parliament,
}

impl Play {
    /// Runs the command.
    pub(super) fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        self.keeping.check()?;
        if self.json {
            return self.answer_in_json();
        }
        let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let session = self.session(chamber)?;
        #[cfg(feature = "web")]
        if self.playhouse.is_served() {
            let hunt = session.game.as_ref().and_then(Game::seed);
            if hunt.is_some() && self.playhouse.class {
                return Err(
                    "a class cannot hunt: it would be told nothing of what the priests hold; \
                     give --heresy a name, or hunt alone with --open"
                        .into(),
                );
            }
            let start = hunt.map_or_else(|| session.tree.in_short(), crate::web::hunt);
            return self.playhouse.run(start);
        }
        if self.plain {
            return self.in_lines(session);
        }
        if !is_terminal {
            return Err(
                "`parliament play` needs a terminal; with --plain it reads lines and writes lines"
                    .into(),
            );
        }
        #[cfg(feature = "tui")]
        return self.in_panes(session);
        #[cfg(not(feature = "tui"))]
        self.in_lines(session)
    }

    /// Panes and keys, until q or Ctrl-C.
    #[cfg(feature = "tui")]
    fn in_panes(&self, mut session: Session) -> Result<Verdict, Failure> {
        self.show_panes(&mut session)?;
        let mut page = Page::beside(self.keeping.files());
        self.keep(&session.tree)?.iter().try_for_each(|line| page.line(line))?;
        Ok(Verdict::Done)
    }

    #[cfg(feature = "tui")]
    fn show_panes(&self, session: &mut Session) -> Result<(), Failure> {
        use crate::playground::screen::draw;
        use crate::playground::view::View;
        use std::sync::mpsc::RecvTimeoutError;

        let interrupted = super::ending::catch_interrupts()?;
        let mut view = View::new(session.opening());
        view.is_kept = self.keeping.is_wished();
        let script = self.script.as_deref().filter(|path| !is_stdout(path));
        view.script = script.map_or(String::new(), Saved::script_in_words);
        let mut screen = super::watcher::Screen::take()?;
        let keys = super::watcher::keys_pressed();
        let mut is_stale = true;
        while !interrupted.load(Ordering::Relaxed) {
            if !std::io::stdin().is_terminal() {
                // The terminal was closed: there is nothing left to give back.
                std::mem::forget(screen);
                break;
            }
            if std::mem::take(&mut is_stale) {
                screen.0.draw(|frame| draw(frame, session, &view))?;
            }
            let event = match keys.recv_timeout(Duration::from_millis(100)) {
                Ok(event) => event?,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            is_stale = true;
            let Some(key) = event.as_key_press_event() else { continue };
            match view.press(session, key) {
                Some(Errand::Quit) => break,
                Some(Errand::Save(_, place, _)) if is_stdout(&place) => {
                    view.said = vec!["name a file: standard output is this screen".into()];
                }
                Some(Errand::Save(form, place, force)) => {
                    view.said = self.save(session, form, place, force);
                }
                Some(Errand::Shortest) => {
                    view.said = vec![format!("Searching; at most {} s …", LONGEST.as_secs())];
                    screen.0.draw(|frame| draw(frame, session, &view))?;
                    let lines = shortest(session, || {
                        // Any key stops it.
                        interrupted.load(Ordering::Relaxed) || keys.try_recv().is_ok()
                    });
                    view.say("The shortest", lines);
                    view.relight(session, None);
                }
                None => {}
            }
        }
        Ok(())
    }

    fn answer_in_json(&self) -> Result<Verdict, Failure> {
        let text = self.script_text()?.unwrap_or_default();
        let answer = answer(&text);
        let is_sound = answer["error"].is_null();
        Page::beside(self.keeping.files()).line(&answer.to_string())?;
        if is_sound {
            let tree = Script::read(&text).and_then(|script| Tree::of(&script));
            let kept = tree.map(|tree| self.keep(&tree)).map_err(|error| error.to_string())??;
            kept.iter().for_each(|line| super::page::aside!("parliament: {line}"));
        }
        Ok(if is_sound { Verdict::Done } else { Verdict::Wanting })
    }

    /// The script that was named.
    fn script_text(&self) -> Result<Option<String>, Failure> {
        let Some(path) = &self.script else { return Ok(None) };
        if path == Path::new("-") && self.plain {
            return Err("`-` reads the script from standard input, and so --plain its commands; \
                 name a file, or write the script there as commands"
                .into());
        }
        if path.is_dir() {
            return Err(super::input::no_script(path).into());
        }
        let at = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut text = Vec::new();
        // One byte more than the longest is enough to see that it is too long.
        let most = LONGEST_SCRIPT as u64 + 1;
        super::input::open(path)?.take(most).read_to_end(&mut text).map_err(at)?;
        let text = String::from_utf8(text);
        Ok(Some(text.map_err(|_| format!("{}: this is not UTF-8", path.display()))?))
    }

    /// The scene with which it begins.
    fn session(&self, chamber: &Chamber) -> Result<Session, Failure> {
        if let Some(text) = self.script_text()? {
            let tree =
                Script::read(&text).and_then(|script| Tree::of(&script)).map_err(|error| {
                    let path = self.script.as_deref().unwrap_or(Path::new("-")).display();
                    format!("{path}:{}:{}: {}", error.line, error.column, error.what)
                })?;
            return Ok(Session::of(tree, None));
        }
        if self.records {
            let (setting, passed_over) = crate::restaged::setting_of(chamber)?;
            passed_over.iter().for_each(|line| super::page::aside!("parliament: {line}"));
            return Ok(Session::of(Tree::begin(&setting), None));
        }
        let Some(name) = &self.heresy else {
            let founding = self.priests.clone().map_or_else(|| "Dwork Gray Oki".parse(), Ok)?;
            let level = match self.level {
                LevelName::Basic => Level::Basic,
                LevelName::Synod => Level::Synod,
                LevelName::Parliament => Level::Parliament,
            };
            return Ok(Session::of(Tree::begin(&Setting::of(founding, level)), None));
        };
        let game = if name == "?" {
            Game::secret(self.seed.unwrap_or_else(arguments::fresh_seed))
        } else {
            Game::open(super::explore::named_beside_the_hidden(name)?)
        };
        let setting = game.setting().ok_or_else(|| {
            format!("{name} is a heresy of ledgers, and no scene shows it: parliament heresies --run does")
        })?;
        Ok(Session::of(Tree::begin(&setting), Some(game)))
    }

    /// Lines in, lines out, until the end of the input.
    fn in_lines(&self, mut session: Session) -> Result<Verdict, Failure> {
        let interrupted = super::ending::catch_interrupts()?;
        let mut page = Page::beside(self.keeping.files());
        let mut say = |lines: Vec<String>| -> std::io::Result<bool> {
            for line in lines {
                let indent = line.len() - line.trim_start().len();
                let line = wrapped(line.trim_start(), indent);
                line.lines().try_for_each(|line| page.line(line.trim_end()))?;
            }
            Ok(page.is_closed())
        };
        say(session.opening())?;
        let mut is_closed = say(session.listed())?;
        let mut lines = std::io::stdin().lock();
        let mut is_leaving = false;
        while !is_closed && !interrupted.load(Ordering::Relaxed) {
            let mut line = Vec::new();
            // A line of no end is no command.
            let mut start = lines.by_ref().take(LONGEST_SCRIPT as u64);
            if start.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let reply = session.heed(&String::from_utf8_lossy(&line));
            is_leaving &= reply.errand == Some(Errand::Quit);
            is_closed = say(reply.told)? || say(reply.lines)?;
            if reply.is_moved {
                is_closed = say(session.listed())?;
            }
            match reply.errand {
                Some(Errand::Quit) => match self.leaving(&session, &mut is_leaving) {
                    Some((told, stays)) => {
                        is_closed = say(vec![told])?;
                        if !stays {
                            break;
                        }
                    }
                    None => break,
                },
                Some(Errand::Save(form, place, force)) => {
                    is_closed = say(self.save(&mut session, form, place, force))?;
                }
                Some(Errand::Shortest) => {
                    is_closed = say(vec![format!("Searching; at most {} s …", LONGEST.as_secs())])?
                        || say(shortest(&mut session, || interrupted.load(Ordering::Relaxed)))?
                        || say(session.listed())?;
                }
                None => {}
            }
        }
        say(self.keep(&session.tree)?)?;
        Ok(Verdict::Done)
    }

    /// Saves the scene; the lines that say so, or why not.
    fn save(&self, session: &mut Session, form: Saved, place: PathBuf, force: bool) -> Vec<String> {
        let force = self.keeping.force().or(force);
        let saved = match form {
            Saved::Script => save_script(session, &place, force),
            form => {
                let keeping = Keeping::only(form, place, force);
                keeping.and_then(|keeping| {
                    keeping.check()?;
                    keeping.write_run(&Run::from(&session.tree), None)
                })
            }
        };
        if saved.is_ok() {
            session.note_saved();
        }
        saved.unwrap_or_else(|why| vec![why.to_string()])
    }

    /// The line for one who ends and has not saved, and whether he is asked once more; none where
    /// nothing is lost. A pipe is not asked: it ends.
    fn leaving(&self, session: &Session, asked: &mut bool) -> Option<(String, bool)> {
        let unsaved = session.unsaved().filter(|_| !self.keeping.is_wished() && !*asked)?;
        *asked = std::io::stdin().is_terminal();
        let how = if *asked {
            "`s NAME` saves, and `q` again ends without"
        } else {
            "`s NAME` before `q` saves"
        };
        Some((format!("{unsaved}; {how}."), *asked))
    }

    /// Writes down what was played, where the command line asked for it.
    fn keep(&self, tree: &Tree) -> Result<Vec<String>, Failure> {
        let again = self.script.as_ref().filter(|path| !is_stdout(path));
        let again = again.map(|path| format!("parliament play {}", path.display()));
        self.keeping.write_run(&Run::from(tree), again.as_deref())
    }
}

fn save_script(session: &Session, path: &Path, force: Force) -> Result<Vec<String>, Failure> {
    let text = session.script(false)?;
    if is_stdout(path) {
        return Ok(text.lines().map(ToOwned::to_owned).collect());
    }
    let text = format!("{SCRIPT_MARK}\n{text}");
    Output::of(path, Kind::Script, force).write(text.as_bytes())?;
    Ok(vec![format!("saved: {}", path.display())])
}
