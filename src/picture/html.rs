//! The chronicle as one HTML file: to step through, offline, with nothing it does not carry.
//!
//! The page's script and style are bound to it by their hashes (Content-Security-Policy), so that
//! no text of a decree can ever run; the run itself is data, and is escaped so as to stay data.

use std::collections::HashSet;

use askama::Template;
use base64::Engine;
use hmac_sha256::Hash as Sha256;
use serde::Serialize;

use super::breadth::{self, Face};
use super::fold::{Fold, folds};
use super::history::History;
use super::hue::Hues;
use super::judged;
use super::label::Tells;
use super::layout::{Layout, Mark, PITCH, Sign};
use super::model::Chronicle;
use super::moment::Moments;
use super::notes::{NOTES, note};
use super::overview::Overview;
use super::phase::phases;
use super::svg::ways;
use crate::audit::{Finding, Rule};
use crate::words::shown::{shown, shown_by, written_out};

const STYLE: &str = concat!(include_str!("assets/sheet.css"), include_str!("assets/page.css"));
const SCRIPT: &str = concat!(
    include_str!("assets/history.js"),
    include_str!("assets/diagram.js"),
    include_str!("assets/panels.js"),
    include_str!("assets/print.js"),
    include_str!("assets/overview.js"),
    include_str!("assets/page.js"),
);

/// Why a page could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HtmlError {
    /// The template failed.
    #[error("cannot write the page: {0}")]
    Template(#[from] askama::Error),
    /// The run could not be written as JSON.
    #[error("cannot write the run into the page: {0}")]
    Json(#[from] serde_json::Error),
}

/// Draws a chronicle as a page; or two side by side, with their first difference lit.
///
/// # Errors
/// When the page cannot be written out.
pub fn draw(chronicle: &Chronicle, beside: Option<&Chronicle>) -> Result<String, HtmlError> {
    let both: Vec<&Chronicle> = std::iter::once(chronicle).chain(beside).collect();
    let runs: Vec<Run> = both.iter().map(|chronicle| Run::of(chronicle)).collect();
    let difference = beside.and_then(|beside| first_difference(chronicle, beside));
    let data = escaped(&serde_json::to_string(&Data { runs, difference, notes: &NOTES })?);
    let page = Page {
        title: &format!("{}: {}", chronicle.title, chronicle.source),
        stories: both.iter().map(|chronicle| Story::of(chronicle)).collect(),
        style: STYLE,
        script: SCRIPT,
        style_hash: hash(STYLE),
        script_hash: hash(SCRIPT),
        data,
    };
    Ok(shown(&page.render()?).into_owned())
}

#[derive(Template)]
#[template(path = "chronicle.html")]
struct Page<'a> {
    title: &'a str,
    stories: Vec<Story<'a>>,
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
    data: String,
}

/// A run as a list in the document.
struct Story<'a> {
    title: &'a str,
    source: &'a str,
    /// Which part of the run is told here, if not the whole.
    window: Option<String>,
    /// Whether the whole run is shown at a glance.
    overview: bool,
    summary: String,
    replay: Option<&'a str>,
    faults: Vec<FaultLine<'a>>,
    steps: Vec<StepLine<'a>>,
}

struct StepLine<'a> {
    /// Whether a step of the protocol begins with it.
    begins: bool,
    seq: u64,
    at: String,
    section: Option<&'static str>,
    sentence: &'a str,
    /// Why the auditor accuses it, each fault in a sentence.
    faults: Vec<String>,
    place: &'a str,
    row: &'a str,
}

/// A fault, as the auditor found it.
struct FaultLine<'a> {
    rule: Rule,
    section: Option<&'static str>,
    why: &'a str,
    rows: Vec<(String, &'a str)>,
    /// The number of the event that is accused.
    seq: Option<u64>,
}

impl<'a> FaultLine<'a> {
    fn of(fault: &'a Finding, seq: Option<u64>) -> FaultLine<'a> {
        let rows = fault.exhibits.iter();
        let rows = rows.map(|it| (judged::place(&it.place), it.row.as_str())).collect();
        let (rule, section, why) = (fault.rule, fault.rule.section(), fault.why.as_str());
        FaultLine { rule, section, why, rows, seq }
    }
}

impl<'a> Story<'a> {
    fn of(chronicle: &'a Chronicle) -> Story<'a> {
        let begin: HashSet<usize> = phases(chronicle).iter().map(|phase| phase.event).collect();
        let step = |(event, told): (usize, &'a super::teller::Told)| StepLine {
            begins: begin.contains(&event),
            seq: told.record.event.seq,
            at: told.at().to_string(),
            section: told.why.section,
            sentence: &told.why.sentence,
            faults: chronicle.judged.against(&told.record).map(judged::said).collect(),
            place: &told.record.place,
            row: &told.record.row,
        };
        Story {
            title: &chronicle.title,
            source: &chronicle.source,
            window: chronicle.window_in_words(),
            overview: chronicle.overview.is_some(),
            summary: chronicle.summary(),
            replay: chronicle.replay.as_deref(),
            faults: fault_lines(chronicle),
            steps: chronicle.events.iter().enumerate().map(step).collect(),
        }
    }
}

fn fault_lines(chronicle: &Chronicle) -> Vec<FaultLine<'_>> {
    let drawn = chronicle.events.iter().flat_map(|told| {
        let seq = Some(told.record.event.seq);
        chronicle.judged.against(&told.record).map(move |fault| (fault, seq))
    });
    let elsewhere = chronicle.faults_elsewhere().map(|fault| (fault, None));
    elsewhere.chain(drawn).map(|(fault, seq)| FaultLine::of(fault, seq)).collect()
}

#[derive(Serialize)]
struct Data {
    runs: Vec<Run>,
    /// The questions that a teacher may ask.
    notes: &'static [&'static str],
    /// The first event in which two runs differ.
    difference: Option<usize>,
}

/// A run as the script reads it. Events are counted from 0.
#[derive(Serialize)]
struct Run {
    source: String,
    priests: Vec<String>,
    /// Their names, where there is as much room as between two lifelines.
    heads: Vec<String>,
    /// The first event of each step of the protocol, and the step's name.
    phases: Vec<(usize, String)>,
    events: Vec<EventData>,
    /// With finished decrees folded, if any fold; and with all unfolded.
    sheets: Vec<SheetData>,
    ballots_met: Vec<(String, String)>,
    history: History,
    /// The whole run at a glance, where it is not all told here, and the command that draws it.
    overview: Option<Overview>,
    replay: String,
}

/// One drawing of a run.
#[derive(Serialize)]
struct SheetData {
    width: i32,
    height: i32,
    axis: i32,
    lifelines: Vec<i32>,
    rows: Vec<(i32, String)>,
    /// Column, from, to.
    absences: Vec<(usize, i32, i32)>,
    /// For each event, how far down it happens.
    heights: Vec<i32>,
    ways: Vec<WayData>,
    labels: Vec<LabelData>,
    marks: Vec<(usize, i32, i32, Sign, String)>,
    folds: Vec<(i32, String)>,
}

#[derive(Serialize)]
struct EventData {
    seq: u64,
    /// On whose lifeline; −1 for the messengers.
    c: i32,
    /// The event that sent the letter read here; −1 if none.
    from: i64,
    /// The ballot it is about; empty if none.
    ballot: String,
    number: u64,
    /// Which of the notes belongs to it.
    note: usize,
}

#[derive(Serialize)]
struct WayData {
    class: String,
    from: (i32, i32),
    to: (i32, i32),
    end: &'static str,
    ring: Option<(i32, i32)>,
    sent: i64,
    ended: i64,
    number: u64,
    ballot: String,
}

#[derive(Serialize)]
struct LabelData {
    event: usize,
    x: i32,
    y: i32,
    end: bool,
    tells: Tells,
    lines: Vec<String>,
}

impl Run {
    fn of(chronicle: &Chronicle) -> Run {
        let hues = Hues::of(chronicle);
        let moments = Moments::of(chronicle);
        let folds = folds(chronicle, &moments);
        let folded = (!folds.is_empty()).then_some(folds);
        let sheets = folded.iter().map(Vec::as_slice).chain([[].as_slice()]);
        let met = chronicle.ballot_numbers();
        Run {
            source: chronicle.source.clone(),
            heads: chronicle.priests.iter().map(|name| head(name.as_str())).collect(),
            phases: phases(chronicle).into_iter().map(|it| (it.event, it.words)).collect(),
            priests: chronicle.priests.iter().map(ToString::to_string).collect(),
            events: events(chronicle),
            sheets: sheets.map(|folds| SheetData::of(chronicle, &moments, folds, &hues)).collect(),
            ballots_met: met.iter().map(|b| (b.to_string(), hues.class(Some(*b)))).collect(),
            history: History::of(chronicle),
            overview: chronicle.overview.clone(),
            replay: chronicle.replay.clone().unwrap_or_default(),
        }
    }
}

/// As much of a name as stands above a lifeline.
fn head(name: &str) -> String {
    breadth::shortened(name, (PITCH - 8) * breadth::SIZE / 14, Face::Bold)
}

impl SheetData {
    fn of(chronicle: &Chronicle, moments: &Moments, folds: &[Fold], hues: &Hues) -> SheetData {
        let layout = Layout::of(chronicle, moments, folds);
        let hue_of = |event| hues.class(chronicle.ballot_of(event));
        let mark = |m: &Mark| (m.event, m.x, m.y, m.sign, hue_of(m.event));
        let rows = layout.rows.iter().filter(|row| !row.at.is_empty());
        SheetData {
            rows: rows.map(|row| (row.y, row.at.clone())).collect(),
            absences: layout.absences.iter().map(|a| (a.column, a.from, a.to)).collect(),
            heights: layout.spots.iter().map(|(_, y)| *y).collect(),
            ways: way_data(chronicle, &layout, hues),
            labels: labels(&layout),
            marks: layout.marks.iter().map(mark).collect(),
            width: layout.width,
            height: layout.height,
            axis: layout.axis,
            lifelines: layout.lifelines,
            folds: layout.folds,
        }
    }
}

fn events(chronicle: &Chronicle) -> Vec<EventData> {
    let column = |name| chronicle.priests.iter().position(|priest| Some(*priest) == name);
    let event = |(index, told): (usize, &super::teller::Told)| EventData {
        seq: told.record.event.seq,
        c: column(told.actor).and_then(|c| i32::try_from(c).ok()).unwrap_or(-1),
        from: match told.flight.map(|flight| &chronicle.flights[flight]) {
            Some(flight) if flight.sent != Some(index) => or_minus_one(flight.sent),
            _ => -1,
        },
        ballot: chronicle.ballot_of(index).map(|b| b.to_string()).unwrap_or_default(),
        number: chronicle.number_of(index).unwrap_or(0),
        note: note(told),
    };
    chronicle.events.iter().enumerate().map(event).collect()
}

fn way_data(chronicle: &Chronicle, layout: &Layout, hues: &Hues) -> Vec<WayData> {
    let drawn = layout.arrows.iter().zip(ways(chronicle, layout, hues));
    let data = |(arrow, way): (&super::layout::Arrow, super::svg::Way)| {
        let flight = &chronicle.flights[arrow.flight];
        let number = flight.sent.or(flight.ended).and_then(|event| chronicle.number_of(event));
        WayData {
            class: way.class,
            from: way.from,
            to: way.to,
            end: way.end,
            ring: way.ring,
            sent: or_minus_one(flight.sent),
            ended: or_minus_one(flight.ended),
            number: number.unwrap_or(0),
            ballot: flight.message.ballot().map(|b| b.to_string()).unwrap_or_default(),
        }
    };
    drawn.map(data).collect()
}

fn labels(layout: &Layout) -> Vec<LabelData> {
    let label = |label: &super::label::Label| LabelData {
        event: label.event,
        x: label.x,
        y: label.y,
        end: label.end,
        tells: label.tells,
        lines: label.lines.clone(),
    };
    layout.labels.iter().map(label).collect()
}

fn or_minus_one(event: Option<usize>) -> i64 {
    event.and_then(|event| i64::try_from(event).ok()).unwrap_or(-1)
}

/// The first event that two runs do not have in common, hour and number aside.
fn first_difference(one: &Chronicle, other: &Chronicle) -> Option<usize> {
    let happens = |chronicle: &Chronicle, event: usize| {
        chronicle.events.get(event).map(|told| told.happening().clone())
    };
    let longest = one.events.len().max(other.events.len());
    (0..longest).find(|event| happens(one, *event) != happens(other, *event))
}

/// JSON that can stand in a script element and never end it, whose texts are as a person is shown
/// them.
fn escaped(json: &str) -> String {
    let json = shown_by(json, |c| format!("\\{}", written_out(c)));
    let mut safe = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        match c {
            '<' | '>' | '&' => safe.push_str(&written_out(c)),
            c => safe.push(c),
        }
    }
    safe
}

/// The hash that names a script or a style in a Content-Security-Policy.
fn hash(text: &str) -> String {
    let digest = Sha256::hash(text.as_bytes());
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(digest))
}
