//! A label: what is written beside a lifeline or a way, and the room it takes up.

use serde::Serialize;

use super::breadth::{self, Face};

/// The height of a line of a label, in pixels.
pub const LINE: i32 = 14;
/// A text beside a lifeline or a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The event it tells of.
    pub event: usize,
    /// The edge at which the text begins or, with `end`, ends.
    pub x: i32,
    /// The top.
    pub y: i32,
    /// Whether the text ends at x.
    pub end: bool,
    /// The lines.
    pub lines: Vec<String>,
    /// Its text.
    pub tells: Tells,
}

/// The text of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tells {
    /// A letter, by its reader.
    Letter,
    /// A letter ignored, and the guard that failed.
    Ignored,
    /// A letter lost.
    Lost,
    /// Ink, or a coming or going.
    Ink,
}

impl Tells {
    /// Ink stands out.
    pub(super) const fn face(self) -> Face {
        match self {
            Tells::Ink => Face::Bold,
            Tells::Letter | Tells::Ignored | Tells::Lost => Face::Plain,
        }
    }
}

/// A rectangle: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Box4(pub i32, pub i32, pub i32, pub i32);

impl Label {
    /// The rectangle the label takes up.
    #[must_use]
    pub fn bounds(&self) -> Box4 {
        let face = self.tells.face();
        let width = self.lines.iter().map(|line| breadth::of(line, face)).max().unwrap_or(0);
        let height = i32::try_from(self.lines.len()).unwrap_or(0) * LINE;
        let left = if self.end { self.x - width } else { self.x };
        Box4(left, self.y, left + width, self.y + height)
    }
}

impl Box4 {
    /// Whether two rectangles touch.
    #[must_use]
    pub fn touches(&self, other: &Box4) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    /// Whether a line from one point to another passes through, or within two pixels.
    #[must_use]
    pub fn is_crossed(&self, from: (i32, i32), to: (i32, i32)) -> bool {
        let near = Box4(self.0 - 2, self.1 - 2, self.2 + 2, self.3 + 2);
        // The part of the line between the rectangle's left and right, then its top and bottom.
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        for (a, b, low, high) in [(from.0, to.0, near.0, near.2), (from.1, to.1, near.1, near.3)] {
            let length = f64::from(b - a);
            if a == b {
                if a < low || a > high {
                    return false;
                }
                continue;
            }
            let (first, second) = (f64::from(low - a) / length, f64::from(high - a) / length);
            enters = enters.max(first.min(second));
            leaves = leaves.min(first.max(second));
        }
        enters <= leaves
    }
}
