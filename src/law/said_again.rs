//! Tests that every meaning reads back from its text: with every phrase of a few pieces of the
//! grammar, in every place where a phrase may stand.

use super::{Meaning, Phrase};

/// Pieces of the grammar's marks, and text around them.
const PIECES: [&str; 11] =
    [" ", "is", ";", "the", "The", "t", ",", "provided it is", "law on", "\"", "for 3 months"];

/// Every text of at most this many pieces.
fn texts(pieces: usize) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut longest = texts.clone();
    for _ in 0..pieces {
        let longer = |text: &String| PIECES.map(|piece| format!("{text}{piece}"));
        longest = longest.iter().flat_map(longer).collect();
        texts.extend(longest.iter().cloned());
    }
    texts
}

fn phrase(text: &str) -> Phrase {
    Phrase::new(text).unwrap()
}

/// Every meaning with these two phrases, each in every place where it may stand.
fn meanings(one: &Phrase, other: &Phrase) -> Vec<Meaning> {
    let (proposed, name) = ("8:30 15 Jan 72".parse().unwrap(), "The".parse().unwrap());
    let (a, b, c) = (phrase("a"), phrase("b"), phrase("c"));
    let mut meanings = Vec::new();
    let mut declares = |matter: &Phrase, value: &Phrase, provided: Option<&Phrase>| {
        let (matter, value, provided) = (matter.clone(), value.clone(), provided.cloned());
        meanings.push(Meaning::Declares { matter, value, provided });
    };
    declares(&a, one, Some(other));
    declares(&a, one, None);
    if !one.as_str().is_empty() {
        declares(one, other, None);
        declares(one, other, Some(&b));
        declares(one, &b, Some(other));
        let (matter, office) = (one.clone(), one.clone());
        meanings.push(Meaning::Repeals { matter });
        meanings.push(Meaning::Resigns { proposed, name, office: office.clone() });
        meanings.push(Meaning::TakesOffice { proposed, name, office: office.clone() });
        meanings.push(Meaning::Appoints { proposed, name, office, months: 3 });
    }
    let all = [(&a, one), (&b, other), (one, &c), (other, &c)];
    for order in [[0, 1, 2], [2, 0, 1], [0, 2, 1], [2, 3, 0], [0, 2, 3]] {
        let clauses = order.map(|at| (all[at].0.clone(), all[at].1.clone())).to_vec();
        let mut matters: Vec<&Phrase> = clauses.iter().map(|(matter, _)| matter).collect();
        matters.sort();
        if matters.windows(2).all(|two| two[0] != two[1]) && !matters[0].as_str().is_empty() {
            meanings.push(Meaning::Sweeps { clauses });
        }
    }
    meanings
}

fn reads_back(meaning: &Meaning) {
    let text = meaning.to_string();
    assert_eq!(Meaning::of(&text), *meaning, "written as {text}");
    assert_eq!(meaning.in_sight(), text, "nothing is hidden in it");
}

#[test]
fn any_phrase_reads_back_wherever_it_stands() {
    for text in texts(4) {
        meanings(&phrase(&text), &phrase("x; t")).iter().for_each(reads_back);
    }
}

#[test]
fn any_two_phrases_read_back_side_by_side() {
    let phrases: Vec<Phrase> = texts(2).iter().map(|text| phrase(text)).collect();
    for (one, other) in phrases.iter().flat_map(|one| phrases.iter().map(move |it| (one, it))) {
        meanings(one, other).iter().for_each(reads_back);
    }
}

/// A text, its meaning, and the text that is written for that meaning if it is another.
type Said = (&'static str, &'static str, Option<&'static str>);

/// Texts near the bounds of the grammar. Ledgers keep decrees forever, so the meaning of a text
/// must never change: never change a line here.
const GOLDEN: &[Said] = &[
    (
        "The a is b; the c is now; tThe d",
        r#"Sweeps { clauses: [("a", "b"), ("c", "now; tThe d")] }"#,
        None,
    ),
    (
        r#"The a is "; tThe "; the c is d"#,
        r#"Sweeps { clauses: [("a", "; tThe "), ("c", "d")] }"#,
        None,
    ),
    (
        "The  olive tax  is  3 ",
        r#"Declares { matter: "olive tax", value: "3", provided: None }"#,
        Some("The olive tax is 3"),
    ),
    (
        "The olive tax is is 3",
        r#"Declares { matter: "olive tax", value: "is 3", provided: None }"#,
        None,
    ),
    ("The law on law on x is repealed", r#"Repeals { matter: "law on x" }"#, None),
    (
        r#"The "law on x" is repealed"#,
        r#"Declares { matter: "law on x", value: "repealed", provided: None }"#,
        None,
    ),
    (r#"The law on "x is y" is repealed"#, r#"Repeals { matter: "x is y" }"#, None),
    (
        "The x, provided it is y is z",
        r#"Declares { matter: "x, provided it", value: "y is z", provided: None }"#,
        None,
    ),
    ("The x; the y is z", r#"Declares { matter: "x; the y", value: "z", provided: None }"#, None),
    (
        "The x is y, provided it is z, provided it is w",
        r#"Declares { matter: "x", value: "y", provided: Some("z, provided it is w") }"#,
        None,
    ),
    (
        r#"The x is "y", provided it is "z; the ""#,
        r#"Declares { matter: "x", value: "y", provided: Some("z; the ") }"#,
        Some(r#"The x is y, provided it is "z; the ""#),
    ),
    (r#"The x is y""#, r#"Declares { matter: "x", value: "y\"", provided: None }"#, None),
    (r#"The x is """#, r#"Declares { matter: "x", value: "", provided: None }"#, None),
    (
        r#"The "a\u002c" is "\\""#,
        r#"Declares { matter: "a,", value: "\\", provided: None }"#,
        Some(r#"The a, is \"#),
    ),
    (
        r#"The x is y; the "law on z" is w; the v is "; the ""#,
        r#"Sweeps { clauses: [("x", "y"), ("law on z", "w"), ("v", "; the ")] }"#,
        None,
    ),
    (
        "The x is y; The z is w",
        r#"Declares { matter: "x", value: "y; The z is w", provided: None }"#,
        None,
    ),
    ("The ides of February is national olive day", "OliveDay", None),
    (
        "The ides of February  is national olive day",
        r#"Declares { matter: "ides of February", value: "national olive day", provided: None }"#,
        Some(r#"The "ides of February" is national olive day"#),
    ),
    (
        "The ides of February is national olive day; the c is d",
        r#"Sweeps { clauses: [("ides of February", "national olive day"), ("c", "d")] }"#,
        None,
    ),
    ("The is now a legislator", "Seats { name: The, weight: 1, machine: None }", None),
    (
        "The x is now a legislator",
        r#"Declares { matter: "x", value: "now a legislator", provided: None }"#,
        None,
    ),
    (
        "Strong is now a legislator with weight 007",
        "Seats { name: Strong, weight: 7, machine: None }",
        Some("Strong is now a legislator with weight 7"),
    ),
    (
        "Strong is now a legislator, on harbour",
        "Seats { name: Strong, weight: 1, machine: Some(harbour) }",
        None,
    ),
    (
        "Strong is now a legislator with weight 7, on harbour",
        "Seats { name: Strong, weight: 7, machine: Some(harbour) }",
        None,
    ),
    (
        "8:30 15 Jan 72: Dikstra is x for 3 months for 2 months",
        r#"Appoints { proposed: 8:30 15 Jan 72, name: Dikstra, office: "x for 3 months", months: 2 }"#,
        None,
    ),
    (
        r#"08:30 05 Jan 0072 —  Dikstra is "x for 3 months" for 1 month "#,
        r#"Appoints { proposed: 8:30 5 Jan 72, name: Dikstra, office: "x for 3 months", months: 1 }"#,
        Some("8:30 5 Jan 72: Dikstra is x for 3 months for 1 month"),
    ),
    (
        "8:30 15 Jan 72: Dikstra takes office as x resigns as y",
        r#"TakesOffice { proposed: 8:30 15 Jan 72, name: Dikstra, office: "x resigns as y" }"#,
        None,
    ),
    ("Citizen The is reading the law", "Reads { citizen: The }", None),
];

/// Texts that look like one of the forms and are not.
const MERE_WORDS: &[&str] = &[
    "The olive tax is",
    "The law on is x",
    "The law on  is repealed",
    "The x is y, provided it is z; the w is v",
    r#"The x is "y" , provided it is z"#,
    r#"The "" is x"#,
    "The x is y; the x is z",
    "The x is y; the law on z is w",
    "The x is y; the z is w, provided it is v",
    "Strong is now a legislator with weight 1000000000",
    "Strong is now a legislator is now a legislator",
    "Strong is now a legislator, on",
    "Strong is now a legislator, on a hill",
    "Strong is now a legislator, on harbour with weight 7",
    "8:30 15 Jan 72: Dikstra is x for 1 months",
    r#"8:30 15 Jan 72: Dikstra resigns as """#,
    "citizen The is reading the law",
    "the olive tax is 3",
];

#[test]
fn a_decree_means_what_it_meant_when_it_was_passed() {
    for (text, meaning, written) in GOLDEN {
        let read = Meaning::of(text);
        assert_eq!(format!("{read:?}"), *meaning, "{text}");
        assert_eq!(read.to_string(), written.unwrap_or(text));
        reads_back(&read);
    }
    for text in MERE_WORDS {
        assert_eq!(Meaning::of(text), Meaning::Words((*text).into()));
    }
}
