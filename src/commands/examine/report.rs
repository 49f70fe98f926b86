//! The verdict as a page, to be kept or handed in: no script, no outside resource.

use std::fmt::Write;

use serde_json::Value;

use crate::commands::output::REPORT_MARK;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
pre{overflow-x:auto;padding:.8rem;border:1px solid #8888;white-space:pre-wrap;overflow-wrap:anywhere}\
table{border-collapse:collapse}td,th{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #8888;\
vertical-align:top}:root{color-scheme:light dark}";

/// The page of a verdict in JSON.
pub(super) fn page(novice: &str, verdict: &Value) -> String {
    let said = |value: &Value| value.as_str().map_or(String::new(), escaped);
    let mut page = format!(
        "{REPORT_MARK}\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>A priest examined</title><style>{STYLE}</style></head><body>\n\
         <h1>A priest examined</h1>\n<p><code>{}</code>: {} of {} points.</p>\n\
         <table><tr><th>case</th><th>verdict</th><th>points</th><th></th></tr>\n",
        escaped(novice),
        verdict["points"],
        verdict["of"],
    );
    for test in verdict["tests"].as_array().into_iter().flatten() {
        let word = match test["status"].as_str() {
            Some("pass") if test["points"] == test["of"] => "passed",
            Some("pass") => "no rule is broken",
            Some("fail") => "FAILED",
            _ => "not judged",
        };
        let (points, of) = (&test["points"], &test["of"]);
        let (name, output) = (said(&test["name"]), said(&test["output"]));
        // Writing into a text does not fail.
        let _ = writeln!(
            page,
            "<tr><td>{name}</td><td>{word}</td><td>{points} of {of}</td><td>{output}</td></tr>"
        );
    }
    page += "</table>\n";
    if let Some(fault) = verdict["message"].as_str() {
        let _ = writeln!(page, "<h2>The first fault</h2>\n<pre>{}</pre>", escaped(fault));
    }
    let _ =
        writeln!(page, "<p>Again: <code>{}</code></p>\n</body></html>", said(&verdict["again"]));
    page
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
