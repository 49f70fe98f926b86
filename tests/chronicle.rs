//! The chronicle of the sample runs: its text to the letter, its picture without a collision.

use std::path::Path;

use parliament::picture::fold::folds;
use parliament::picture::layout::{Arrow, Layout};
use parliament::picture::moment::Moments;
use parliament::picture::{Chronicle, record, svg, text};

fn chronicle(name: &str) -> Chronicle {
    let path = format!("tests/traces/{name}.csv");
    let bytes = std::fs::read(&path).unwrap();
    let records = record::from_trace(bytes.as_slice(), Path::new(&format!("{name}.csv"))).unwrap();
    Chronicle::of(name, records)
        .unwrap()
        .replayed_by(&format!("parliament chronicle --trace {name}.csv"))
}

const RUNS: [&str; 7] = ["parliament", "plain", "fates", "duel", "adopted", "forgotten", "hostile"];

/// Compares with what is kept beside the trace; `BLESS=1` keeps the new one.
fn check(path: &str, drawn: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == drawn, "{path} is drawn otherwise now; BLESS=1 keeps the new one");
}

#[test]
fn the_text_of_each_sample_run_is_as_kept_and_80_columns_wide() {
    for run in RUNS {
        let drawn = text::draw(&chronicle(run));
        check(&format!("tests/traces/{run}.txt"), &drawn);
        for line in drawn.lines().filter(|line| !line.starts_with("To see it again")) {
            assert!(line.chars().count() <= 80, "{run}: {line}");
        }
    }
}

#[test]
fn no_label_lies_over_an_arrow_a_lifeline_or_another_label() {
    for run in RUNS {
        let chronicle = chronicle(run);
        let moments = Moments::of(&chronicle);
        let layout = Layout::of(&chronicle, &moments, &folds(&chronicle, &moments));
        // In the thickest of a lossy Parliament a label may find no room; then the mark stands alone.
        let most = if run == "parliament" { layout.labels.len() / 20 } else { 0 };
        assert!(layout.unplaced <= most, "{run}: {} labels without a place", layout.unplaced);
        for (index, label) in layout.labels.iter().enumerate() {
            let bounds = label.bounds();
            let story = |arrow: &&Arrow| !chronicle.flights[arrow.flight].is_talk();
            for arrow in layout.arrows.iter().filter(story) {
                assert!(!bounds.is_crossed(arrow.from, arrow.to), "{run}: {label:?}");
            }
            for x in &layout.lifelines {
                assert!(bounds.2 < *x || *x < bounds.0, "{run}: {label:?}");
            }
            for other in &layout.labels[index + 1..] {
                assert!(!bounds.touches(&other.bounds()), "{run}: {label:?} {other:?}");
            }
        }
    }
}

#[test]
fn the_sheet_of_each_sample_run_is_as_kept_in_the_gallery() {
    for run in RUNS {
        let drawn = svg::draw(&chronicle(run)).unwrap();
        check(&format!("docs/gallery/{run}.svg"), &drawn);
        assert!(!drawn.contains("<img") && !drawn.contains("<script"), "{run}: text became markup");
    }
}
