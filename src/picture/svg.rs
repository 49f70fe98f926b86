//! The chronicle as SVG: the whole run on one sheet, with B at its end as in Figure 1.

use askama::Template;

use super::ballots::stands;
use super::breadth::{self, Face, shortened, wrapped};
use super::flight::Fate;
use super::fold::folds;
use super::hue::{Hues, shape};
use super::judged::{self, Verdict};
use super::label::{LINE, Tells};
use super::layout::{Arrow, Layout, Mark, PITCH, Sign};
use super::model::Chronicle;
use super::moment::Moments;
use crate::words::message::Kind;
use crate::words::{Ballot, shown};

/// How many faults are told in words.
const FAULTS: usize = 8;
/// How wide the sheet is at least.
const LEAST: i32 = 700;
/// Where the priests of B begin, and how far apart they are.
const VOTERS: i32 = 320;
const VOTER: i32 = 96;
/// In how many lines a long run is told at a glance.
const STRETCHES: usize = 40;
/// How many ballots of B are drawn, the last ones.
const BALLOTS: usize = 60;
/// How far apart two lines of words are.
const WORDS: i32 = 18;

/// Draws a chronicle as SVG; with `talk`, the letters that go on beside the story too.
///
/// # Errors
/// When the drawing cannot be written out, which only a failing formatter brings about.
pub fn draw(chronicle: &Chronicle, talk: bool) -> Result<String, askama::Error> {
    let moments = Moments::of(chronicle);
    let mut layout = Layout::of(chronicle, &moments, &folds(chronicle, &moments));
    let all = layout.arrows.len();
    layout.arrows.retain(|arrow| talk || !chronicle.flights[arrow.flight].is_talk());
    let left_out = all - layout.arrows.len();
    Ok(shown(&Sheet::of(chronicle, &layout, left_out).render()?).into_owned())
}

#[derive(Template)]
#[template(path = "chronicle.svg")]
struct Sheet<'a> {
    style: &'static str,
    title: String,
    summary: Vec<String>,
    faults: Vec<String>,
    /// The command that draws it again, in lines.
    replay: Vec<String>,
    width: i32,
    height: i32,
    /// Where the diagram begins, below the title and the names.
    top: i32,
    names: Vec<(i32, String)>,
    /// How far the lifelines reach.
    foot: i32,
    layout: &'a Layout,
    hours: Vec<(i32, &'a str)>,
    absences: Vec<(i32, i32, i32)>,
    arrows: Vec<Way>,
    labels: Vec<Words>,
    signs: Vec<(String, i32, i32, Sign)>,
    /// Where Figure 1 begins.
    figure_top: i32,
    figure: Vec<Line>,
    verdicts: Vec<Verdicted>,
    /// Where the legend begins.
    legend_top: i32,
    legend: Vec<Meaning>,
    line: i32,
}

/// A condition, and whether B keeps it.
struct Verdicted {
    x: i32,
    condition: &'static str,
    kept: Option<bool>,
}

/// The meaning of a line or a sign.
struct Meaning {
    x: i32,
    y: i32,
    /// `way`, or the name of a sign.
    sign: &'static str,
    /// The style class of a way.
    class: &'static str,
    words: String,
}

/// One arrow, ready to be drawn.
pub(super) struct Way {
    pub class: String,
    pub from: (i32, i32),
    pub to: (i32, i32),
    /// Which end it has: `read`, `ignored`, `lost` or `open`.
    pub end: &'static str,
    /// The three points of the arrow's head.
    pub head: String,
    /// Where the ring of a letter repeated is.
    pub ring: Option<(i32, i32)>,
}

struct Words {
    class: &'static str,
    x: i32,
    y: i32,
    end: bool,
    lines: Vec<String>,
}

/// One ballot, as Figure 1 has it.
struct Line {
    class: String,
    y: i32,
    number: String,
    decree: String,
    stands: &'static str,
    /// x, name, of the quorum, has voted.
    priests: Vec<(i32, String, bool, bool)>,
}

impl<'a> Sheet<'a> {
    fn of(chronicle: &'a Chronicle, layout: &'a Layout, left_out: usize) -> Sheet<'a> {
        let hues = Hues::of(chronicle);
        let (figure, verdicts) = figure(chronicle, &hues);
        let columns = i32::try_from(chronicle.priests.len()).unwrap_or(0);
        let width = layout.width.max(LEAST).max(VOTERS + VOTER * columns + 140);
        let room = width - 40;
        let summary = format!("{}: {}", chronicle.source, chronicle.summary());
        let mut summary = wrapped(&summary, room, Face::Plain);
        if left_out > 0 {
            summary.push(left_out_in_words(left_out));
        }
        if let Some(overview) = &chronicle.overview {
            summary.extend(overview.lines(STRETCHES, usize::try_from(room / 8).unwrap_or(80)));
            summary.extend(chronicle.window_in_words().map(|window| format!("Below: {window}")));
        }
        let faults = faults(chronicle, room);
        let lines = i32::try_from(summary.len() + faults.len()).unwrap_or(1);
        let top = 54 + WORDS * lines;
        let rows = i32::try_from(figure.len().max(1)).unwrap_or(0);
        let figure_top = top + layout.height + 20;
        let legend_top = figure_top + 72 + 22 * rows;
        let legend = legend(room);
        let legend_high = legend.last().map_or(0, |last| last.y + 24);
        let replay = chronicle.replay.as_deref();
        // It is set in a typeface whose letters are all as wide as the widest figure.
        let replay = replay.map(|it| wrapped(it, room, Face::Bold)).unwrap_or_default();
        let name = |(column, x): (usize, &i32)| {
            let most = (PITCH - 8) * breadth::SIZE / 14;
            (*x, shortened(chronicle.priests[column].as_str(), most, Face::Bold))
        };
        Sheet {
            style: include_str!("assets/sheet.css"),
            title: shortened(&chronicle.title, room * breadth::SIZE / 17, Face::Bold),
            summary,
            faults,
            width,
            height: legend_top + legend_high + WORDS * i32::try_from(replay.len()).unwrap_or(0) + 8,
            replay,
            top,
            names: layout.lifelines.iter().enumerate().map(name).collect(),
            foot: layout.height - 8,
            layout,
            hours: hours(layout),
            absences: layout
                .absences
                .iter()
                .map(|a| (layout.lifelines[a.column], a.from, a.to - a.from))
                .collect(),
            arrows: ways(chronicle, layout, &hues),
            labels: layout.labels.iter().map(words).collect(),
            signs: layout.marks.iter().map(|mark| sign(chronicle, mark, &hues)).collect(),
            figure_top,
            figure,
            verdicts,
            legend_top,
            legend,
            line: LINE,
        }
    }
}

/// How many letters are not drawn, and which.
fn left_out_in_words(letters: usize) -> String {
    let letters = crate::words::shown::counted(letters as u64, "letter");
    format!(
        "{letters} of talk beside the story (Presence, Inquiry, LawBook): left out, --talk draws them"
    )
}

/// The first faults in words, each with its row.
fn faults(chronicle: &Chronicle, width: i32) -> Vec<String> {
    let said = chronicle.judged.faults().iter().take(FAULTS).map(judged::said_with_place);
    let mut lines: Vec<String> =
        said.flat_map(|fault| wrapped(&fault, width, Face::Plain)).collect();
    let more = chronicle.judged.count().saturating_sub(FAULTS as u64);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    lines
}

/// The hours that are written.
fn hours(layout: &Layout) -> Vec<(i32, &str)> {
    let rows = layout.rows.iter().filter(|row| !row.at.is_empty());
    rows.map(|row| (row.y, row.at.as_str())).collect()
}

/// The arrows of a layout, ready to be drawn.
pub(super) fn ways(chronicle: &Chronicle, layout: &Layout, hues: &Hues) -> Vec<Way> {
    let way = |arrow: &Arrow| {
        let flight = &chronicle.flights[arrow.flight];
        let end = match flight.fate {
            Fate::Received => "read",
            Fate::Ignored => "ignored",
            Fate::Lost => "lost",
            Fate::UnderWay => "open",
        };
        let hue = hues.class(flight.message.ballot());
        let faint = if arrow.faint { " faint" } else { "" };
        let class = format!("{hue} {} {end}{faint}", shape(flight.kind()));
        let ring = flight.repeated.map(|_| {
            let at = |a: i32, b: i32| a + (b - a) * 7 / 10;
            (at(arrow.from.0, arrow.to.0), at(arrow.from.1, arrow.to.1))
        });
        let head = head(arrow.from, arrow.to);
        Way { class, from: arrow.from, to: arrow.to, end, head, ring }
    };
    layout.arrows.iter().map(way).collect()
}

/// The meaning of each line and sign, in lines of this width.
fn legend(width: i32) -> Vec<Meaning> {
    let signs = [
        ("ink", "ink"),
        ("decree", "a decree in the ledger"),
        ("slip", "slip of paper changed"),
        ("enter", "enters"),
        ("leave", "leaves"),
        ("absence", "out of the Chamber"),
        ("accused", "accused by the auditor"),
        ("lost", "lost"),
        ("ignored", "ignored"),
        ("repeated", "repeated"),
        ("box", "has voted"),
    ];
    let ways = MEANINGS.iter().map(|kind| ("way", shape(*kind), in_short(*kind)));
    let signs = signs.map(|(sign, words)| (sign, "", words.to_owned()));
    let (mut x, mut y) = (0, 0);
    let place = |(sign, class, words): (&'static str, &'static str, String)| {
        let broad = 34 + breadth::of(&words, Face::Plain);
        if x + broad > width {
            (x, y) = (0, y + 22);
        }
        let at = x;
        x += broad + 16;
        Meaning { x: at, y, sign, class, words }
    };
    ways.chain(signs).map(place).collect()
}

/// The letters whose shapes are told.
const MEANINGS: [Kind; 6] = [
    Kind::NextBallot,
    Kind::LastVote,
    Kind::BeginBallot,
    Kind::Voted,
    Kind::Success,
    Kind::Refused,
];

/// A kind of letter, and what it is called where there is little room: `NextBallot, NB`.
fn in_short(kind: Kind) -> String {
    let short: String = kind.as_str().chars().filter(|c| c.is_uppercase()).collect();
    format!("{kind}, {short}")
}

/// The three points of an arrow's head, as SVG writes them.
#[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
fn head(from: (i32, i32), to: (i32, i32)) -> String {
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let point = |back: f64, aside: f64| {
        let x = f64::from(to.0) - ux * back - uy * aside;
        let y = f64::from(to.1) - uy * back + ux * aside;
        format!("{},{}", (x * 10.0).round() as i64, (y * 10.0).round() as i64)
    };
    let tenths = [point(1.0, 0.0), point(11.0, 4.0), point(11.0, -4.0)];
    let written = |point: &String| -> String {
        let numbers: Vec<String> = point
            .split(',')
            .map(|n| {
                let n: i64 = n.parse().unwrap_or(0);
                format!("{}{}.{}", if n < 0 { "-" } else { "" }, n.abs() / 10, n.abs() % 10)
            })
            .collect();
        numbers.join(",")
    };
    tenths.iter().map(written).collect::<Vec<_>>().join(" ")
}

fn words(label: &super::label::Label) -> Words {
    let class = match label.tells {
        Tells::Letter => "letter",
        Tells::Ignored => "letter ignored",
        Tells::Lost => "letter lost",
        Tells::Ink => "inked",
    };
    Words { class, x: label.x, y: label.y, end: label.end, lines: label.lines.clone() }
}

fn sign(chronicle: &Chronicle, mark: &Mark, hues: &Hues) -> (String, i32, i32, Sign) {
    (hues.class(chronicle.ballot_of(mark.event)), mark.x, mark.y, mark.sign)
}

/// B at the end of the run, and whether it keeps B1, B2 and B3.
fn figure(chronicle: &Chronicle, hues: &Hues) -> (Vec<Line>, Vec<Verdicted>) {
    let mut ballots = chronicle.before.ballots.clone();
    for told in &chronicle.events {
        ballots.take_down(told.happening());
    }
    let mut verdict = Verdict::KEPT;
    let mut lines = Vec::new();
    let many = ballots.all().map(|(_, on)| on.len()).sum::<usize>();
    let mut before = 0;
    for (number, on) in ballots.all() {
        verdict = verdict.and(chronicle.judged.verdict(number, on));
        before += on.len();
        if before + BALLOTS < many {
            continue;
        }
        let mut sorted: Vec<&Ballot> = on.iter().collect();
        sorted.sort_by_key(|ballot| ballot.number);
        for ballot in sorted {
            let y = 22 * i32::try_from(lines.len()).unwrap_or(0);
            let place = |(column, name): (usize, &crate::words::Name)| {
                let x = VOTERS + VOTER * i32::try_from(column).unwrap_or(0);
                let (asked, voted) = (ballot.quorum.contains(name), ballot.voters.contains(name));
                (x, shortened(name.as_str(), VOTER - 22, Face::Plain), asked, voted)
            };
            let number = match number {
                1 => ballot.number.to_string(),
                _ => format!("{number}: {}", ballot.number),
            };
            lines.push(Line {
                class: hues.class(Some(ballot.number)),
                y,
                number: shortened(&number, 92, Face::Bold),
                decree: shortened(ballot.decree.text(), VOTERS - 112, Face::Plain),
                stands: stands(ballot),
                priests: chronicle.priests.iter().enumerate().map(place).collect(),
            });
        }
    }
    let conditions = [("B1", verdict.b1), ("B2", verdict.b2), ("B3", verdict.b3)];
    let verdicts = (260..).step_by(56).zip(conditions);
    let verdicts = verdicts.map(|(x, (condition, kept))| Verdicted { x, condition, kept });
    (lines, verdicts.collect())
}
