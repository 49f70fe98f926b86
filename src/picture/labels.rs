//! Labels, so placed that none lies over an arrow, a lifeline, a mark or another label.
//!
//! Each label tries places on both sides of its lifeline, the near ones first. Where none is free,
//! its row is reported as crowded, and the layout spreads the rows and tries again.

use std::collections::HashMap;

use super::breadth::{self, Face};
use super::flight::Fate;
use super::fold::Fold;
use super::label::{Box4, LINE, Label, Tells};
use super::layout::{Arrow, Layout, PITCH};
use super::model::Chronicle;
use super::moment::{Moment, Moments};
use super::rows::{first_gaps, fold};
use super::why::named;
use crate::trace::Happening;
use crate::words::Entry;
use crate::words::message::Kind;

/// How wide a label is that is told in brief.
const BRIEF: i32 = 84;
/// How far a label stands from its lifeline.
const ASIDE: i32 = 17;
/// How far above or below its point a label may stand.
const REACH: i32 = 22;
/// The height of a bucket of obstacles.
const BUCKET: i32 = 64;

/// How often rows are spread to make room for labels.
const ATTEMPTS: usize = 20;
/// How much a row may be spread; a label that finds no room then gets a shorter text.
const MOST: i32 = 84;
impl Layout {
    /// Lays a chronicle out, spreading its rows until every label has room.
    #[must_use]
    pub fn of(chronicle: &Chronicle, moments: &Moments, folds: &[Fold]) -> Layout {
        let least = fold(first_gaps(chronicle, moments), folds);
        let mut gaps = least.clone();
        let mut layout = Layout::spread(chronicle, moments, folds, &gaps);
        for _ in 0..ATTEMPTS {
            let spread: Vec<bool> =
                gaps.iter().zip(&least).map(|(gap, least)| gap - least >= MOST).collect();
            let crowded = layout.place_labels(chronicle, moments, &spread);
            if crowded.is_empty() {
                return layout;
            }
            for row in crowded {
                gaps[row] += 12;
            }
            layout = Layout::spread(chronicle, moments, folds, &gaps);
        }
        let all = vec![true; gaps.len()];
        layout.place_labels(chronicle, moments, &all);
        layout
    }

    /// Places the labels; returns the rows that are too crowded and may yet be spread.
    fn place_labels(
        &mut self,
        chronicle: &Chronicle,
        moments: &Moments,
        spread: &[bool],
    ) -> Vec<usize> {
        let placed = place(self, chronicle, moments, spread);
        self.labels = placed.labels;
        self.unplaced = placed.unplaced;
        placed.crowded
    }
}

/// A label that seeks a place.
struct Wanted {
    event: usize,
    lines: Vec<String>,
    tells: Tells,
    /// The point it belongs to.
    at: (i32, i32),
    /// The side it would rather stand on: −1 left, 1 right.
    side: i32,
    row: usize,
}

/// The result of placing labels.
#[derive(Debug, Default)]
pub struct Placed {
    /// The labels that found room.
    pub labels: Vec<Label>,
    /// The rows in which one found none, and that may yet be spread.
    pub crowded: Vec<usize>,
    /// How many found none in rows that are spread already.
    pub unplaced: usize,
}

/// Places all labels. Where a row is spread already, a label without room is told more briefly.
#[must_use]
pub fn place(layout: &Layout, chronicle: &Chronicle, moments: &Moments, spread: &[bool]) -> Placed {
    let mut obstacles = Obstacles::of(layout, chronicle);
    let mut placed = Placed::default();
    for wanted in wanted(layout, chronicle, moments) {
        let room = obstacles.room_for(&wanted, REACH, layout).or_else(|| {
            let brief = || obstacles.room_for(&wanted.in_brief(), REACH, layout);
            let far = || obstacles.room_for(&wanted.in_brief(), 2 * REACH, layout);
            if spread[wanted.row] { brief().or_else(far) } else { None }
        });
        match room {
            Some(label) => {
                obstacles.add(label.bounds());
                placed.labels.push(label);
            }
            // The cross alone says that a letter is lost.
            None if wanted.tells == Tells::Lost => {}
            None if spread[wanted.row] => placed.unplaced += 1,
            None => placed.crowded.push(wanted.row),
        }
    }
    placed.crowded.dedup();
    placed
}

impl Wanted {
    /// The same in a few characters: the first word of each line loses its lower-case tail.
    fn in_brief(&self) -> Wanted {
        if self.tells == Tells::Lost {
            return Wanted { lines: vec!["lost".into()], ..*self };
        }
        let brief = |line: &String| {
            let capitals: String = match line.split_once(' ') {
                Some((first, rest)) if first.chars().next().is_some_and(char::is_uppercase) => {
                    let kept: String = first.chars().filter(|c| c.is_uppercase()).collect();
                    format!("{kept} {rest}")
                }
                _ => line.clone(),
            };
            breadth::shortened(&capitals, BRIEF, self.tells.face())
        };
        let lines = self.lines.iter().take(1).map(brief).collect();
        Wanted { lines, ..*self }
    }
}

fn wanted(layout: &Layout, chronicle: &Chronicle, moments: &Moments) -> Vec<Wanted> {
    let mut all = Vec::new();
    let arrows = layout.arrows.iter().map(|arrow| (arrow.flight, arrow)).collect();
    for moment in moments.moments.iter().filter(|moment| !layout.is_folded(moment.row)) {
        let arrival = moment.column.and_then(|_| arrival(layout, chronicle, moment));
        let side = arrival.as_ref().map_or(1, |wanted| wanted.side);
        let inked = inked(chronicle, moment);
        if let Some(event) = inked.first().map(|(event, _)| *event) {
            let inked = inked.into_iter().map(|(_, line)| line).collect();
            let tells = Tells::Ink;
            let away = if moment.column == Some(0) && arrival.is_none() { -1 } else { -side };
            let at = layout.spots[event];
            all.push(Wanted { event, lines: inked, tells, at, side: away, row: moment.row });
        }
        all.extend(arrival);
        all.extend(lost(&arrows, chronicle, moment));
    }
    // Ink has the first choice in its row: so it stands on the same side along the whole row.
    all.sort_by_key(|wanted| (wanted.row, wanted.tells != Tells::Ink));
    all
}

/// The name of a letter that arrives, on the side from which it comes.
fn arrival(layout: &Layout, chronicle: &Chronicle, moment: &Moment) -> Option<Wanted> {
    let event = moment.events.clone().find(|&event| {
        let flight = chronicle.events[event].flight.map(|flight| &chronicle.flights[flight]);
        flight.is_some_and(|flight| !flight.is_own() && flight.ended == Some(event))
    })?;
    let told = &chronicle.events[event];
    let flight = &chronicle.flights[told.flight?];
    if flight.is_talk() {
        return None;
    }
    let how = match (flight.late, flight.repeated.is_some()) {
        (true, true) => " late, again",
        (true, false) => " late",
        (false, true) => " again",
        (false, false) => "",
    };
    let ballot = flight.message.ballot().map(|ballot| ballot.to_string()).unwrap_or_default();
    let whole = match petitions(chronicle, moment) {
        many if many > 1 => format!("{many} petitions"),
        _ => format!("{}{how}", named(&flight.message)),
    };
    let less = format!("{} {ballot}{how}", flight.kind());
    let fits = fitting(&whole, Face::Plain) == whole;
    let mut lines = vec![if fits { whole } else { fitting(&less, Face::Plain) }];
    let mut tells = Tells::Letter;
    if flight.fate == Fate::Ignored {
        tells = Tells::Ignored;
        lines.push(fitting(&format!("× {}", told.why.short), Face::Plain));
    }
    let column = |name| chronicle.priests.iter().position(|priest| *priest == name);
    let side = if column(flight.from) < column(flight.to) { -1 } else { 1 };
    Some(Wanted { event, lines, tells, at: layout.spots[event], side, row: moment.row })
}

/// How many petitions are handed over at this moment.
fn petitions(chronicle: &Chronicle, moment: &Moment) -> usize {
    let arrive = |&event: &usize| {
        let flight = chronicle.events[event].flight.map(|flight| &chronicle.flights[flight]);
        flight.is_some_and(|it| it.kind() == Kind::Petition && it.ended == Some(event))
    };
    moment.events.clone().filter(arrive).count()
}

/// A row that was inked, or a priest who came or went.
fn inked(chronicle: &Chronicle, moment: &Moment) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    for event in moment.events.clone() {
        let told = &chronicle.events[event];
        match told.happening() {
            Happening::Ink { entry: Entry::Entered, .. } => {}
            Happening::Ink { .. } => lines.push((event, fitting(&told.why.short, Face::Bold))),
            Happening::Leave(_) => lines.push((event, "leaves".into())),
            Happening::Enter(_) if moment.row > 0 => lines.push((event, "enters".into())),
            _ => {}
        }
    }
    lines
}

fn lost(arrows: &HashMap<usize, &Arrow>, chronicle: &Chronicle, moment: &Moment) -> Vec<Wanted> {
    let lost = moment.events.clone().filter_map(|event| {
        let flight = chronicle.events[event].flight?;
        let way = &chronicle.flights[flight];
        if way.fate != Fate::Lost || way.ended != Some(event) || way.is_talk() {
            return None;
        }
        let arrow = arrows.get(&flight)?;
        let side = (arrow.to.0 - arrow.from.0).signum();
        let lines = vec![fitting(&format!("{} lost", named(&way.message)), Face::Plain)];
        Some(Wanted { event, lines, tells: Tells::Lost, at: arrow.to, side, row: moment.row })
    });
    lost.collect()
}

/// As much of a text as fits between two lifelines.
fn fitting(text: &str, face: Face) -> String {
    breadth::shortened(text, PITCH - 2 * ASIDE, face)
}

/// Where an arrow begins, and where it ends.
type Way = ((i32, i32), (i32, i32));

/// The things that labels must not lie over, in buckets by height.
struct Obstacles {
    ways: Vec<Vec<Way>>,
    boxes: Vec<Vec<Box4>>,
}

impl Obstacles {
    fn of(layout: &Layout, chronicle: &Chronicle) -> Obstacles {
        let buckets = usize::try_from(layout.height / BUCKET + 2).unwrap_or(2);
        let mut obstacles =
            Obstacles { ways: vec![Vec::new(); buckets], boxes: vec![Vec::new(); buckets] };
        let told = |arrow: &&super::layout::Arrow| !chronicle.flights[arrow.flight].is_talk();
        for arrow in layout.arrows.iter().filter(told) {
            for bucket in obstacles.span(arrow.from.1, arrow.to.1) {
                obstacles.ways[bucket].push((arrow.from, arrow.to));
            }
        }
        for (y, _) in &layout.folds {
            obstacles.add(Box4(0, y - 12, layout.width, y + 12));
        }
        for mark in &layout.marks {
            obstacles.add(Box4(mark.x - 12, mark.y - 12, mark.x + 12, mark.y + 12));
        }
        for arrow in layout.arrows.iter().filter(told) {
            let (x, y) = arrow.to;
            obstacles.add(Box4(x - 5, y - 5, x + 5, y + 5));
        }
        obstacles
    }

    fn span(&self, from: i32, to: i32) -> std::ops::RangeInclusive<usize> {
        let bucket = |y: i32| usize::try_from(y.max(0) / BUCKET).unwrap_or(0);
        let last = self.ways.len() - 1;
        bucket(from.min(to)).min(last)..=bucket(from.max(to)).min(last)
    }

    fn add(&mut self, taken: Box4) {
        for bucket in self.span(taken.1, taken.3) {
            self.boxes[bucket].push(taken);
        }
    }

    fn is_free(&self, wanted: &Box4, layout: &Layout) -> bool {
        let inside = wanted.0 >= layout.axis + 4 && wanted.2 <= layout.width && wanted.1 >= 4;
        let on_lifeline = |x: &i32| wanted.0 - 5 < *x && *x < wanted.2 + 5;
        inside
            && !layout.lifelines.iter().any(on_lifeline)
            && self.span(wanted.1 - 2, wanted.3 + 2).all(|bucket| {
                !self.boxes[bucket].iter().any(|taken| taken.touches(wanted))
                    && !self.ways[bucket].iter().any(|(from, to)| wanted.is_crossed(*from, *to))
            })
    }

    /// The nearest free place for a label.
    fn room_for(&self, wanted: &Wanted, reach: i32, layout: &Layout) -> Option<Label> {
        let height = i32::try_from(wanted.lines.len()).unwrap_or(1) * LINE;
        let mut best: Option<(i32, Label)> = None;
        for side in [wanted.side, -wanted.side] {
            for offset in (-reach..=reach).step_by(2) {
                for aside in [ASIDE, ASIDE + 12, ASIDE + 28] {
                    let against = if side == wanted.side { 0 } else { 14 };
                    let cost = offset.abs() + against + (aside - ASIDE);
                    if best.as_ref().is_some_and(|(least, _)| *least <= cost) {
                        continue;
                    }
                    let label = Label {
                        event: wanted.event,
                        x: wanted.at.0 + side * aside,
                        y: wanted.at.1 - height / 2 + offset,
                        end: side < 0,
                        lines: wanted.lines.clone(),
                        tells: wanted.tells,
                    };
                    if self.is_free(&label.bounds(), layout) {
                        best = Some((cost, label));
                    }
                }
            }
        }
        best.map(|(_, label)| label)
    }
}
