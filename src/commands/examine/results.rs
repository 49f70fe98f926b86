//! The verdict as graders read it: Exercism's `results.json`, with points.

use serde_json::{Value, json};

use super::cases::{Case, Ended};

/// Reads how many points a case gives: `search=40`.
///
/// # Errors
/// Says how it is written.
pub(super) fn points(text: &str) -> Result<(Case, u64), String> {
    let names: Vec<&str> = Case::ALL.iter().map(|case| case.name()).collect();
    let wrong =
        || format!("{text:?} is not written like search=40; the cases are {}", names.join(", "));
    let (name, many) = text.split_once('=').ok_or_else(wrong)?;
    let case = Case::ALL.into_iter().find(|case| case.name() == name).ok_or_else(wrong)?;
    Ok((case, many.parse().map_err(|_| wrong())?))
}

/// How many points a case gives unless somebody says otherwise.
const fn usual(case: Case) -> u64 {
    match case {
        Case::Manners => 10,
        Case::Search => 30,
        Case::Scenes | Case::Storm => 15,
        Case::Roads => 20,
        Case::Sit | Case::Files => 10,
    }
}

/// The verdict as one object.
pub(super) fn of(
    ended: &[(Case, Ended)],
    waiting: &[Case],
    points: &[(Case, u64)],
    again: &str,
) -> Value {
    let worth = |case: Case| {
        let told = points.iter().rev().find(|(it, _)| *it == case);
        told.map_or(usual(case), |(_, many)| *many)
    };
    let mut tests: Vec<Value> = Vec::new();
    let mut earned = 0;
    for (case, end) in ended {
        let worth = worth(*case);
        earned += earns(end, worth);
        tests.push(test(*case, end, worth));
    }
    for case in waiting {
        let message = "not examined, since an earlier case did not pass";
        let (name, of) = (case.name(), worth(*case));
        let test =
            json!({ "name": name, "status": "error", "message": message, "points": 0, "of": of });
        tests.push(test);
    }
    let of: u64 = tests.iter().filter_map(|test| test["of"].as_u64()).sum();
    let is = |status: &str| tests.iter().any(|test| test["status"] == status);
    let status = if is("fail") {
        "fail"
    } else if is("error") {
        "error"
    } else {
        "pass"
    };
    let message =
        tests.iter().find(|test| test["status"] == "fail").map(|test| test["message"].clone());
    json!({
        "version": 2,
        "status": status,
        "message": message,
        "tests": tests,
        "points": earned,
        "of": of,
        "again": again,
    })
}

/// How many of its points a case gives.
fn earns(end: &Ended, worth: u64) -> u64 {
    match end {
        Ended::Passed(_) => worth,
        Ended::Sound(_, (did, of)) => worth.saturating_mul(*did) / (*of).max(1),
        _ => 0,
    }
}

/// A case that was examined.
fn test(case: Case, end: &Ended, worth: u64) -> Value {
    let (status, message) = match end {
        Ended::Passed(_) | Ended::Sound(..) => ("pass", Value::Null),
        Ended::Misconduct(misconduct) => ("fail", misconduct.to_string().into()),
        Ended::Convicted(charge) => ("fail", charge.told().into()),
        Ended::Judged(record) => ("fail", record.told().into()),
        Ended::Stopped(how) => ("error", format!("stopped before its end: {how}").into()),
    };
    let output = match end {
        Ended::Passed(how) | Ended::Sound(how, _) => Value::from(how.as_str()),
        _ => Value::Null,
    };
    let mut test = json!({
        "name": case.name(),
        "status": status,
        "message": message,
        "output": output,
        "points": earns(end, worth),
        "of": worth,
    });
    if let Ended::Convicted(charge) = end {
        let broken = charge.conviction.story.breaches.iter();
        test["rules"] = broken.map(|it| it.rule.to_string()).collect::<Vec<_>>().into();
        test["events"] = charge.conviction.story.chapters.len().into();
        let held = charge.roads.held.iter();
        test["heresies"] = held.map(|(heresy, _)| heresy.name).collect::<Vec<_>>().into();
    }
    if let Ended::Judged(record) = end {
        test["rules"] = [record.rule.as_str()].into_iter().collect();
    }
    test
}
