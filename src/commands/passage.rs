//! The cost of a passage of decrees, in words and in JSON.

use serde_json::json;

use crate::chamber::Chamber;
use crate::god::errand::Passage;
use crate::god::porter::Counts;
use crate::words::Founding;
use crate::words::shown::counted;

/// The cost of a passage, beside the decrees that passed.
pub(super) struct Told<'a> {
    pub chamber: &'a Chamber,
    pub founding: &'a Founding,
    pub ours: Option<Ours>,
    pub seconds: f64,
}

/// The costs known of a sitting of our own; only others know those of their priests.
#[derive(Clone, Copy)]
pub(super) struct Ours {
    pub counts: Counts,
    /// How often a decree waited for the window of α numbers. `[PTP §3.3.6]`
    pub held_back: u64,
}

/// The cost: rows of messagebooks, rows of ledgers, and dryings, per decree.
pub(super) fn cost(passage: &Passage, ours: Option<Ours>, seconds: f64) -> String {
    let passed = passage.passed.len();
    let per = |n: u64| n as f64 / passed.max(1) as f64;
    let text = format!(
        "{passed} {} passed in {seconds:.3} s ({:.0}/s), {} Paxon minutes",
        if passed == 1 { "decree" } else { "decrees" },
        passed as f64 / seconds.max(1e-9),
        passage.took
    );
    let Some(Ours { counts, .. }) = ours else {
        return text
            + ", by petition to those who sit.\nTheir own screen shows their letters and rows, and the decrees that waited for α.";
    };
    format!(
        "{text}.\nPer decree: {:.1} letters, {:.1} rows inked, {:.2} dryings; {} lost, {} repeated.",
        per(counts.sent),
        per(counts.inked),
        per(counts.dried),
        counted(counts.lost, "letter"),
        counts.repeated
    )
}

/// An unknown number is null.
pub(super) fn in_json(passage: &Passage, ours: Option<Ours>, seconds: f64) -> serde_json::Value {
    let passed: Vec<_> = passage
        .passed
        .iter()
        .map(|(number, decree)| json!({ "number": number, "decree": decree.text(), "petition": decree.petition() }))
        .collect();
    let count = |of: fn(&Counts) -> u64| ours.map(|ours| of(&ours.counts));
    json!({
        "version": 2, "complete": passage.is_complete(), "asked": passage.asked, "passed": passed,
        "mayYetPass": passage.awaited.iter().map(|it| json!({ "decree": it.text(), "petition": it.petition() })).collect::<Vec<_>>(),
        "handedInToNobody": passage.kept(),
        "lacking": ours.map(|_| &passage.lacking),
        "contradiction": passage.contradiction.as_ref().or(passage.disagreement.as_ref()).map(|it| json!({ "priest": it.of, "number": it.number, "decree": it.inked.text() })),
        "sent": count(|it| it.sent), "lost": count(|it| it.lost),
        "repeated": count(|it| it.repeated),
        "inked": count(|it| it.inked), "dried": count(|it| it.dried),
        "byHand": passage.by_hand,
        "heldBack": ours.map(|ours| ours.held_back),
        "minutes": passage.took, "seconds": seconds,
    })
}
