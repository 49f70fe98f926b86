//! Where everything stands: lifelines, rows, arrows and marks. Time runs downward.

use std::collections::HashMap;

use serde::Serialize;

use super::flight::{Fate, Flight};
use super::fold::Fold;
use super::label::Label;
use super::model::Chronicle;
use super::moment::{Moment, Moments};
use super::rows::{axis, hours};
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::{Entry, Name};

/// How far apart two lifelines are, in pixels.
pub const PITCH: i32 = 160;
/// The space between the hours and the first lifeline, for its labels.
const LEFT: i32 = 146;
/// Where the first row stands.
const TOP: i32 = 28;
/// The space right of the last lifeline, for its labels.
const RIGHT: i32 = 162;

/// A picture, before it is drawn.
#[derive(Debug, Serialize)]
pub struct Layout {
    /// The width of the whole.
    pub width: i32,
    /// The height of the whole.
    pub height: i32,
    /// The edge at which the hours end.
    pub axis: i32,
    /// Where each lifeline stands.
    pub lifelines: Vec<i32>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The ways of letters.
    pub arrows: Vec<Arrow>,
    /// The marks on the lifelines.
    pub marks: Vec<Mark>,
    /// When priests were out of the Chamber.
    pub absences: Vec<Absence>,
    /// The texts beside them.
    pub labels: Vec<Label>,
    /// For each event, where it happens: x (0 for the messengers), y.
    pub spots: Vec<(i32, i32)>,
    /// How many labels found no room.
    pub unplaced: usize,
    /// The folds: where each is, and its text.
    pub folds: Vec<(i32, String)>,
    /// For each row, which fold it lies in.
    #[serde(skip)]
    folded: Vec<Option<usize>>,
}

/// A row: moments that have no order among them.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Its height on the page.
    pub y: i32,
    /// When, as it is written; nothing where the row above has the same hour, or nothing is drawn.
    pub at: String,
}

/// The way of a letter.
#[derive(Debug, Clone, Serialize)]
pub struct Arrow {
    /// The flight, as an index of [`Chronicle::flights`]; of a bundle the first.
    pub flight: usize,
    /// How many letters it stands for: petitions that one citizen hands over at once are one
    /// stroke.
    pub letters: usize,
    /// Where it begins.
    pub from: (i32, i32),
    /// Where it ends: at its reader, mid-flight if lost, or at the page's foot.
    pub to: (i32, i32),
    /// Whether one of its ends lies in a fold.
    pub faint: bool,
}

/// A mark on a lifeline.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    /// The event it stands for.
    pub event: usize,
    /// Where.
    pub x: i32,
    /// Where.
    pub y: i32,
    /// Which.
    pub sign: Sign,
}

/// The signs on a lifeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// A filled square: ink.
    Ink,
    /// A black square: a decree in the front of the ledger.
    Decree,
    /// A dashed circle: the slip of paper changed.
    Slip,
    /// He enters.
    Enter,
    /// He leaves.
    Leave,
    /// The auditor accuses what was done.
    Accused,
}

/// A time out of the Chamber.
#[derive(Debug, Clone, Serialize)]
pub struct Absence {
    /// The priest, as an index of [`Chronicle::priests`].
    pub column: usize,
    /// From here.
    pub from: i32,
    /// To here.
    pub to: i32,
}

impl Layout {
    /// Everything but the labels, with these gaps above the rows.
    pub(super) fn spread(
        chronicle: &Chronicle,
        moments: &Moments,
        folds: &[Fold],
        gaps: &[i32],
    ) -> Layout {
        let axis = axis(chronicle);
        let x_of = |column: usize| axis + LEFT + PITCH * i32::try_from(column).unwrap_or(0);
        let lifelines: Vec<i32> = (0..chronicle.priests.len()).map(x_of).collect();
        let mut rows: Vec<Row> = Vec::with_capacity(gaps.len());
        let mut y = TOP;
        for gap in gaps {
            y += gap;
            rows.push(Row { y, at: String::new() });
        }
        for (row, at) in rows.iter_mut().zip(hours(chronicle, moments, folds)) {
            row.at = at;
        }
        let mut folded = vec![None; gaps.len()];
        for (index, fold) in folds.iter().enumerate() {
            folded[fold.rows.clone()].fill(Some(index));
        }
        let height = y + 46;
        let mut layout = Layout {
            width: x_of(chronicle.priests.len()) - PITCH + RIGHT,
            height,
            axis,
            lifelines,
            arrows: Vec::new(),
            marks: Vec::new(),
            absences: Vec::new(),
            labels: Vec::new(),
            spots: Vec::new(),
            unplaced: 0,
            folds: folds.iter().map(|f| (rows[f.rows.start].y, f.words.clone())).collect(),
            folded,
            rows,
        };
        layout.spots = (0..chronicle.events.len())
            .map(|event| {
                let moment = &moments.moments[moments.of_event[event]];
                let x = moment.column.map_or(0, |column| layout.lifelines[column]);
                (x, layout.rows[moment.row].y)
            })
            .collect();
        layout.draw_arrows(chronicle, moments);
        layout.draw_marks(chronicle, moments);
        layout.draw_absences(chronicle);
        layout
    }

    fn draw_arrows(&mut self, chronicle: &Chronicle, moments: &Moments) {
        let fold_of = |event: Option<usize>| {
            event.and_then(|event| self.folded[moments.moments[moments.of_event[event]].row])
        };
        let mut bundles: HashMap<(Name, Name, Option<usize>, Fate), usize> = HashMap::new();
        let mut arrows: Vec<Arrow> = Vec::new();
        for (index, flight) in chronicle.flights.iter().enumerate() {
            let (sent, ended) = (fold_of(flight.sent), fold_of(flight.ended));
            let hidden = sent.is_some() && (sent == ended || flight.is_talk())
                || ended.is_some() && flight.is_talk();
            if flight.is_own() || hidden {
                continue;
            }
            if flight.kind() == Kind::Petition {
                let ended = flight.ended.map(|event| moments.of_event[event]);
                let bundle = (flight.from, flight.to, ended, flight.fate);
                let at = *bundles.entry(bundle).or_insert(arrows.len());
                if let Some(arrow) = arrows.get_mut(at) {
                    arrow.letters += 1;
                    continue;
                }
            }
            let (from, to) = self.way(chronicle, flight);
            let faint = sent.is_some() || ended.is_some();
            arrows.push(Arrow { flight: index, letters: 1, from, to, faint });
        }
        self.arrows = arrows;
    }

    /// Where a letter sets out, and where its way ends.
    fn way(&self, chronicle: &Chronicle, flight: &Flight) -> ((i32, i32), (i32, i32)) {
        let x_of = |name| column(chronicle, name).map(|column| self.lifelines[column]);
        let to_x = x_of(flight.to).unwrap_or(self.width - 8);
        // Citizens stand outside: their letters come in from the margin.
        let outside = self.axis + 6;
        let from = match (flight.sent, x_of(flight.from)) {
            (Some(sent), x) => (x.unwrap_or(outside), self.spots[sent].1),
            (None, x) => {
                let y = flight.ended.map_or(TOP, |ended| self.spots[ended].1);
                (x.unwrap_or(outside), y - 20)
            }
        };
        let to = match (flight.fate, flight.ended) {
            (Fate::Lost, Some(ended)) => {
                (between(from.0, to_x), self.spots[ended].1.max(from.1 + 16))
            }
            (_, Some(ended)) => (to_x, self.spots[ended].1),
            (_, None) => {
                let foot = self.height - 14;
                (from.0 + (to_x - from.0) * 4 / 5, foot.max(from.1 + 20))
            }
        };
        (from, to)
    }

    fn draw_marks(&mut self, chronicle: &Chronicle, moments: &Moments) {
        for moment in moments.moments.iter().filter(|moment| self.folded[moment.row].is_none()) {
            let Some(column) = moment.column else { continue };
            let (x, y) = (self.lifelines[column], self.rows[moment.row].y);
            for (event, sign) in signs(chronicle, moment) {
                self.marks.push(Mark { event, x, y, sign });
            }
        }
    }

    fn draw_absences(&mut self, chronicle: &Chronicle) {
        for (column, priest) in chronicle.priests.iter().enumerate() {
            let is_inside = chronicle.before.desks.get(priest).is_some_and(|desk| desk.inside);
            let mut out_since = (!is_inside).then_some(TOP - 12);
            for (event, told) in chronicle.events.iter().enumerate() {
                let y = self.spots[event].1;
                match told.happening() {
                    Happening::Enter(name) if name == priest => {
                        if let Some(from) = out_since.take().filter(|from| y - from > 6) {
                            self.absences.push(Absence { column, from, to: y });
                        }
                    }
                    Happening::Leave(name) if name == priest => out_since = Some(y),
                    // One who acts is inside, whether or not a record says he entered.
                    _ if told.actor == Some(*priest) => out_since = None,
                    _ => {}
                }
            }
            if let Some(from) = out_since {
                self.absences.push(Absence { column, from, to: self.height - 8 });
            }
        }
    }

    /// Whether a row is folded.
    #[must_use]
    pub fn is_folded(&self, row: usize) -> bool {
        self.folded.get(row).is_some_and(Option::is_some)
    }
}

/// Which signs a moment bears: one square at most, and what else happened.
fn signs(chronicle: &Chronicle, moment: &Moment) -> Vec<(usize, Sign)> {
    let mut signs = Vec::new();
    let mut square = None;
    for event in moment.events.clone() {
        let told = &chronicle.events[event];
        match told.happening() {
            Happening::Enter(_) => signs.push((event, Sign::Enter)),
            Happening::Leave(_) => signs.push((event, Sign::Leave)),
            Happening::Ink { entry: Entry::Entered, .. } => {}
            Happening::Ink { entry: Entry::Outcome { .. }, .. } => {
                square = Some((event, Sign::Decree));
            }
            Happening::Ink { .. } if !matches!(square, Some((_, Sign::Decree))) => {
                square = Some((event, Sign::Ink));
            }
            _ => {}
        }
        if told.slip.is_some()
            && !matches!(told.happening(), Happening::Enter(_) | Happening::Leave(_))
        {
            signs.retain(|(_, sign)| *sign != Sign::Slip);
            signs.push((event, Sign::Slip));
        }
        if chronicle.judged.accuses(&told.record) {
            signs.push((event, Sign::Accused));
        }
    }
    signs.extend(square);
    signs
}

fn column(chronicle: &Chronicle, name: Name) -> Option<usize> {
    chronicle.priests.iter().position(|priest| *priest == name)
}

/// About half way, and half way between two lifelines, so that a cross stands clear of both.
fn between(from: i32, to: i32) -> i32 {
    let lifelines_off = (to - from).abs() / PITCH;
    from + (to - from).signum() * (PITCH * (lifelines_off / 2) + PITCH / 2)
}
