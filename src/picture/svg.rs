//! The chronicle as SVG: the whole run on one sheet, with B at its end as in Figure 1.

use askama::Template;

use super::ballots::{Ballots, stands};
use super::cells::{shortened, wrapped};
use super::flight::Fate;
use super::fold::folds;
use super::hue::{Hues, shape};
use super::judged::{self, Verdict};
use super::labels::{LINE, Tells};
use super::layout::{Layout, MARGIN, Mark, PITCH, Sign};
use super::model::Chronicle;
use super::moment::Moments;
use crate::words::message::Kind;
use crate::words::{Ballot, shown};

/// How many faults are told in words.
const FAULTS: usize = 8;

/// Draws a chronicle as SVG.
///
/// # Errors
/// When the drawing cannot be written out, which only a failing formatter brings about.
pub fn draw(chronicle: &Chronicle) -> Result<String, askama::Error> {
    let moments = Moments::of(chronicle);
    let layout = Layout::of(chronicle, &moments, &folds(chronicle, &moments));
    Ok(shown(&Sheet::of(chronicle, &layout).render()?).into_owned())
}

#[derive(Template)]
#[template(path = "chronicle.svg")]
struct Sheet<'a> {
    style: &'static str,
    title: &'a str,
    summary: Vec<String>,
    faults: Vec<String>,
    replay: Option<&'a str>,
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
    verdicts: [String; 3],
    legend: Vec<(i32, &'static str, &'static str)>,
    line: i32,
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
    fn of(chronicle: &'a Chronicle, layout: &'a Layout) -> Sheet<'a> {
        let hues = Hues::of(chronicle);
        let width = layout.width.max(700);
        let summary = wrapped(&chronicle.summary(), usize::try_from(width / 8).unwrap_or(80));
        let faults = faults(chronicle, usize::try_from(width / 8).unwrap_or(80));
        let lines = i32::try_from(summary.len() + faults.len()).unwrap_or(1);
        let top = 54 + 18 * lines;
        let (figure, verdicts) = figure(chronicle, &hues);
        let rows = i32::try_from(figure.len().max(1)).unwrap_or(0);
        let figure_top = top + layout.height + 20;
        let name =
            |(column, x): (usize, &i32)| (*x, shortened(chronicle.priests[column].as_str(), 20));
        Sheet {
            style: include_str!("assets/sheet.css"),
            title: &chronicle.title,
            summary,
            faults,
            replay: chronicle.replay.as_deref(),
            width,
            height: figure_top + 60 + 22 * rows + 80,
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
            legend: legend(),
            line: LINE,
        }
    }
}

/// The first faults in words, each with its row.
fn faults(chronicle: &Chronicle, width: usize) -> Vec<String> {
    let said = chronicle.judged.faults().iter().take(FAULTS).map(judged::said_with_place);
    let mut lines: Vec<String> = said.flat_map(|fault| wrapped(&fault, width)).collect();
    let more = chronicle.judged.count().saturating_sub(FAULTS as u64);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    lines
}

/// The hours of the rows that are not folded.
fn hours(layout: &Layout) -> Vec<(i32, &str)> {
    let rows = layout.rows.iter().enumerate().filter(|(index, _)| !layout.is_folded(*index));
    rows.map(|(_, row)| (row.y, row.at.as_str())).collect()
}

/// The arrows of a layout, ready to be drawn.
pub(super) fn ways(chronicle: &Chronicle, layout: &Layout, hues: &Hues) -> Vec<Way> {
    let way = |arrow: &super::layout::Arrow| {
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

/// The shapes of the messages: where, which class, which name.
fn legend() -> Vec<(i32, &'static str, &'static str)> {
    let kinds = [
        Kind::NextBallot,
        Kind::LastVote,
        Kind::BeginBallot,
        Kind::Voted,
        Kind::Success,
        Kind::Refused,
    ];
    (0..).step_by(112).zip(kinds).map(|(x, kind)| (x, shape(kind), kind.as_str())).collect()
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

fn words(label: &super::labels::Label) -> Words {
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
fn figure(chronicle: &Chronicle, hues: &Hues) -> (Vec<Line>, [String; 3]) {
    let mut ballots = Ballots::default();
    for told in &chronicle.events {
        ballots.take_down(told.happening());
    }
    let mut verdict = Verdict::KEPT;
    let mut lines = Vec::new();
    for (number, on) in ballots.all() {
        verdict = verdict.and(chronicle.judged.verdict(number, on));
        let mut sorted: Vec<&Ballot> = on.iter().collect();
        sorted.sort_by_key(|ballot| ballot.number);
        for ballot in sorted {
            let y = 22 * i32::try_from(lines.len()).unwrap_or(0);
            let place = |(column, name): (usize, &crate::words::Name)| {
                let x = MARGIN + 100 + (PITCH - 60) * i32::try_from(column).unwrap_or(0);
                let (asked, voted) = (ballot.quorum.contains(name), ballot.voters.contains(name));
                (x, shortened(name.as_str(), 11), asked, voted)
            };
            lines.push(Line {
                class: hues.class(Some(ballot.number)),
                y,
                number: match number {
                    1 => ballot.number.to_string(),
                    _ => format!("{number}: {}", ballot.number),
                },
                decree: shortened(ballot.decree.text(), 28),
                stands: stands(ballot),
                priests: chronicle.priests.iter().enumerate().map(place).collect(),
            });
        }
    }
    (lines, verdict.signs().map(|(sign, _)| sign))
}
