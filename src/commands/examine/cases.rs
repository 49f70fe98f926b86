//! The cases in which a novice is examined.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::candidate::{Candidate, misconduct};
use super::judged::Record;
use super::process::Process;
use crate::examine::{
    Answer, CANNOT_BE_HELD, Conviction, Courtesy, Level, Misconduct, Question, Trouble, Walked,
    Weathered, courtesies, play, roads, say_the_same, storm,
};
use crate::heresies::Heresy;
use crate::words::Name;
use crate::words::shown::counted;

/// A case of the examination, in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, clap::ValueEnum)]
pub(super) enum Case {
    /// He answers each question with one line of sound JSON, and the same question alike.
    Manners,
    /// Scenes, one guard each, in the order of the sections.
    Scenes,
    /// Every state that he and two others can reach keeps the rules.
    Search,
    /// He does not sin where heretics do.
    Roads,
    /// Five priests to whom everything happens at random; then the doors are locked.
    Storm,
    /// He is one of three in real chambers of files, ended and started again at random.
    Sit,
    /// He works on the files of a chamber himself.
    #[value(skip)]
    Files,
}

impl Case {
    pub(super) const ALL: [Case; 6] =
        [Case::Manners, Case::Scenes, Case::Search, Case::Roads, Case::Storm, Case::Sit];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Case::Manners => "manners",
            Case::Scenes => "scenes",
            Case::Search => "search",
            Case::Roads => "roads",
            Case::Storm => "storm",
            Case::Sit => "sit",
            Case::Files => "files",
        }
    }
}

/// How a case ended.
pub(super) enum Ended {
    /// Nothing was found.
    Passed(String),
    /// No rule is broken, and less happened than could have: this many of those.
    Sound(String, (u64, u64)),
    /// He broke the manners.
    Misconduct(Box<Misconduct>),
    /// He broke a rule.
    Convicted(Box<Charge>),
    /// The auditor found a broken rule in the records of a chamber.
    Judged(Box<Record>),
    /// It was stopped before its end.
    Stopped(String),
}

impl Ended {
    /// The end of a case in which he inked nothing and sent nothing: it passes, and shows nothing of
    /// him.
    pub(super) fn of_nobody(self) -> Ended {
        match self {
            Ended::Passed(how) | Ended::Sound(how, _) => {
                Ended::Sound(format!("he does nothing; {how}"), (0, 1))
            }
            other => other,
        }
    }
}

/// A broken rule, and where.
pub(super) struct Charge {
    pub(super) conviction: Conviction,
    /// The part of the search in which it was found, in words.
    pub(super) part: String,
    /// Whether no shorter run breaks a rule.
    pub(super) is_shortest: bool,
    /// The places in which the novice sits.
    pub(super) his: Vec<Name>,
    /// On which heretics' roads he sinned.
    pub(super) roads: Table,
}

/// Where the heretics' roads led him.
#[derive(Default)]
pub(super) struct Table {
    /// To their ends, without a broken rule.
    pub(super) kept: Vec<&'static str>,
    /// Away from them.
    pub(super) left: Vec<&'static str>,
    /// To a broken rule: the heresy, and after how many events.
    pub(super) held: Vec<(&'static Heresy, usize)>,
}

impl Charge {
    /// The rule, the run, and the step, in lines.
    pub(super) fn told(&self) -> String {
        let Charge { conviction, his, .. } = self;
        let broken = conviction.story.breaches.iter();
        let broken =
            broken.map(|it| format!("{} (§{}) is broken: {}", it.rule, it.rule.section(), it.why));
        let cause = conviction.sin.as_ref().map(|sin| {
            format!("at event {} he did otherwise than the paper has it: {}", sin.event, sin.paper)
        });
        let mut told: Vec<String> = cause.into_iter().chain(broken).collect();
        let lines = conviction.lines(|name| his.contains(&name));
        told.extend(lines.into_iter().map(|(margin, line)| format!("{margin} {line}")));
        if let Some(sin) = &conviction.sin {
            told.push(format!("{}\n{}", sin.question, sin.answer));
        }
        told.join("\n")
    }
}

/// How long a program is listened to after an answer: whether it says more.
const GRACE: Duration = Duration::from_millis(30);

/// Asks a few questions, some of them twice, and those again of another process.
pub(super) fn manners(candidate: &Candidate, level: Level) -> Ended {
    let asked = candidate.start().and_then(|mut process| {
        let first = ask_all(candidate, &mut process, level, |_| true)?;
        drop(process);
        let mut process = candidate.start()?;
        let again = ask_all(candidate, &mut process, level, |courtesy| !courtesy.after_trying)?;
        Ok((first, again))
    });
    match asked {
        Ok((first, again)) => {
            let many = counted((first + again) as u64, "question");
            Ended::Passed(format!("{many}, asked of two processes"))
        }
        Err(misconduct) => Ended::Misconduct(Box::new(misconduct)),
    }
}

/// Asks one process; the questions that come again are to be answered alike.
fn ask_all(
    candidate: &Candidate,
    process: &mut Process,
    level: Level,
    is_asked: impl Fn(&Courtesy) -> bool,
) -> Result<usize, Misconduct> {
    let mut slip = None;
    let mut before: Option<(String, std::sync::Arc<str>, std::sync::Arc<Answer>)> = None;
    let mut many = 0;
    for courtesy in courtesies().iter().filter(|courtesy| is_asked(courtesy)) {
        let slip_then = slip.clone().filter(|_| courtesy.after_trying);
        let question = Question { level, ..courtesy.question(slip_then.as_deref()) };
        let line = question.line();
        let (raw, answer) = candidate.ask(process, &question, &line)?;
        if let Some(more) = process.says_besides(GRACE) {
            return Err(misconduct(process, Trouble::Twice(more), &line, &raw));
        }
        if let Some((earlier, was, said)) = &before
            && *earlier == line
            && !say_the_same(said, &answer)
        {
            let trouble = Trouble::Otherwise(was.to_string());
            return Err(misconduct(process, trouble, &line, &raw));
        }
        if courtesy.is_try() {
            slip = answer.slip.clone();
        }
        before = Some((line, raw, answer));
        many += 1;
    }
    Ok(many)
}

/// Plays the scenes, one guard each.
pub(super) fn scenes(candidate: &Candidate) -> Ended {
    let (mut many, mut acted, mut otherwise) = (0_u64, 0_u64, Vec::new());
    for played in play(candidate) {
        if let Some(misconduct) = candidate.misconduct() {
            return Ended::Misconduct(Box::new(misconduct));
        }
        many += 1;
        acted += u64::from(played.acts());
        if played.is_broken() {
            let (his, (roads, _)) = (vec![GRAY], walk_all(candidate));
            let his = his.iter().filter_map(|name| name.parse().ok()).collect();
            let (part, conviction) = (format!("scene: {}", played.title), played.conviction);
            let charge = Charge { conviction, part, is_shortest: false, his, roads };
            return Ended::Convicted(Box::new(charge));
        }
        if played.differs() {
            otherwise.push(played.title);
        }
    }
    let told = counted(many, "scene");
    Ended::Passed(if acted == 0 {
        told
    } else if acted < many && otherwise.is_empty() {
        format!("{told}; no rule is broken; he acts in {acted} of them, as the paper has it")
    } else if otherwise.is_empty() {
        format!("{told}; he does in each what the paper has him do")
    } else {
        format!(
            "{told}; no rule is broken, and in {} he does otherwise than the paper has it, \
             which may be right: {}",
            otherwise.len(),
            otherwise.join("; ")
        )
    })
}

/// The novice in the scenes.
const GRAY: &str = "Gray";

/// Storms, one for each seed from this one on.
pub(super) fn storms(candidate: &Candidate, seed: u64, seeds: u64, stop: &AtomicBool) -> Ended {
    let (mut passed, mut all, mut his_passed, mut his) = (0_u64, 0_u64, 0_u64, 0_u64);
    for (nth, seed) in (seed..).take(usize::try_from(seeds).unwrap_or(usize::MAX)).enumerate() {
        let weathered = storm(candidate, seed);
        if let Some(misconduct) = candidate.misconduct() {
            return Ended::Misconduct(Box::new(misconduct));
        }
        if stop.load(Ordering::Relaxed) {
            return Ended::Stopped(format!("{nth} storms, and no rule was broken in them"));
        }
        match weathered {
            Weathered::Passed { finished, needs_him } => {
                all += 1;
                passed += u64::from(finished);
                his += u64::from(needs_him);
                his_passed += u64::from(needs_him && finished);
            }
            Weathered::Broken { conviction, novices } => {
                let (roads, _) = walk_all(candidate);
                let part = format!("the storm of seed {seed}, shortened");
                let (conviction, is_shortest, his) = (*conviction, false, novices);
                let charge = Charge { conviction, part, is_shortest, his, roads };
                return Ended::Convicted(Box::new(charge));
            }
        }
    }
    let told = format!(
        "{}; a decree passed in {passed} of them, by the time that the doors had been locked",
        counted(all, "storm")
    );
    if his_passed == his {
        return Ended::Passed(told);
    }
    let told = format!("{told}, and in {his_passed} of the {his} in which none can without him");
    Ended::Sound(told, (his_passed, his))
}

/// Leads a novice along every road; the first on which he sinned.
pub(super) fn walk_all(candidate: &Candidate) -> (Table, Option<(Vec<Name>, Conviction)>) {
    let (mut table, mut first) = (Table::default(), None);
    for road in roads() {
        let name = road.heresy.name;
        if CANNOT_BE_HELD.contains(&name) {
            continue;
        }
        match road.walk(candidate) {
            Walked::Kept => table.kept.push(name),
            Walked::Left => table.left.push(name),
            Walked::Fell(his, conviction) => {
                table.held.push((road.heresy, conviction.story.chapters.len()));
                first.get_or_insert((his, *conviction));
            }
        }
    }
    (table, first)
}

/// Leads him along the road of each heresy.
pub(super) fn along_roads(candidate: &Candidate) -> Ended {
    let (roads, first) = walk_all(candidate);
    if let Some(misconduct) = candidate.misconduct() {
        return Ended::Misconduct(Box::new(misconduct));
    }
    if let Some((his, conviction)) = first {
        let (part, is_shortest) = ("along the road of a heresy".to_owned(), false);
        return Ended::Convicted(Box::new(Charge { conviction, part, is_shortest, his, roads }));
    }
    let Table { kept, left, .. } = roads;
    let mut told = format!("no sin on {}", counted(kept.len() as u64, "road"));
    if !left.is_empty() {
        told += &format!("; {} left before the sin: {}", left.len(), left.join(", "));
    }
    let cannot = CANNOT_BE_HELD.join(", ");
    told += &format!("; {cannot} cannot be held, since the examiner inks");
    Ended::Passed(told)
}
