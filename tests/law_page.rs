//! The grammar's page, docs/law.md, is true: its examples are run.

use parliament::law::{Form, Law, Meaning, Response, StateMachine};
use parliament::synod::Decree;

const PAGE: &str = include_str!("../docs/law.md");

/// The lines of the page's examples, with their line numbers.
fn examples() -> Vec<(usize, &'static str)> {
    let mut inside = false;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(PAGE.lines()) {
        match line {
            "```law" => inside = true,
            "```" => inside = false,
            _ if inside => lines.push((number, line)),
            _ => {}
        }
    }
    lines
}

#[test]
fn every_example_of_the_page_answers_what_the_page_says() {
    let examples = examples();
    let mut law: Option<Law> = None;
    let mut answered = 0;
    for (n, &(line, decree)) in examples.iter().enumerate() {
        let Some((number, text)) = decree.split_once(": ").filter(|_| !decree.starts_with('→'))
        else {
            continue;
        };
        let number = number.parse().unwrap();
        if number == 0 {
            law = Some(Law::founded(&text.parse().unwrap()));
            continue;
        }
        let response = law.as_mut().unwrap().apply(number, &Decree::new(text).unwrap());
        let expected = examples[n + 1].1.strip_prefix("→ ").unwrap();
        assert_eq!(response.to_string(), expected, "docs/law.md:{line}: {text}");
        answered += 1;
    }
    assert!(answered >= 30, "only {answered} examples were found");
}

#[test]
fn the_page_shows_every_form_with_examples_of_that_form() {
    for form in Form::ALL {
        let meaning = Meaning::of(form.example());
        assert!(!matches!(meaning, Meaning::Words(_)), "{form:?}: {meaning:?}");
        assert_eq!(meaning.to_string(), form.example());
        let kind = std::mem::discriminant(&meaning);
        let shown = examples().iter().any(|(_, line)| {
            let text = line.split_once(": ").map_or("", |(_, text)| text);
            std::mem::discriminant(&Meaning::of(text)) == kind
        });
        assert!(shown, "docs/law.md shows no {form:?}");
    }
}

#[test]
fn every_near_miss_is_told_its_form() {
    let resembles = [
        ("the olive tax is 3", Form::Statute),
        ("The olive tax = 3", Form::Statute),
        ("The Olive taxes are 3", Form::Statute),
        ("The law on goats is abolished", Form::Repeal),
        ("Repeal the olive tax", Form::Repeal),
        ("Strong is a legislator", Form::Seating),
        ("Strong is now a legislator with weight heavy", Form::Seating),
        ("1Strong is now a legislator", Form::Seating),
        ("Parnas is not a legislator", Form::Unseating),
        ("Parnas is no longer legislator", Form::Unseating),
        ("8:30 15 Jan: Dikstra is cheese inspector for 3 months", Form::Appointment),
        ("8:30 30 Feb 72: Dikstra is cheese inspector for 3 months", Form::Appointment),
        ("8:30 15 Jan 72: Dikstra is cheese inspector for 0 months", Form::Appointment),
        ("8:30 15 Jan 72: Dikstra is cheese inspector for 1201 months", Form::Appointment),
        ("8:30 15 Jan 72: Dikstra is cheese inspector", Form::Appointment),
        ("Gouda is the new cheese inspector", Form::Appointment),
        ("Dikstra resigns", Form::Resignation),
        ("8:30 15 Jan 72: Dikstra takes the office of cheese inspector", Form::TakingOffice),
        ("Dikstra takes office as cheese inspector", Form::TakingOffice),
        ("The tax is 3; the tax is 4", Form::Sweep),
        ("The tax is 3; the law on goats is repealed", Form::Sweep),
        ("The tax is 3, provided it is 4; the toll is 5", Form::Sweep),
        (r#"The tax is "3" or 4; the toll is 5"#, Form::Sweep),
        ("Citizen Schneider reads the law", Form::Reading),
        ("Schneider is reading the law", Form::Reading),
        ("Citizen No Name is reading the law", Form::Reading),
        ("Today is olive day", Form::OliveDay),
        ("the tax is 6, provided it is 3", Form::Conditional),
        (r#"The "" is 3"#, Form::Statute),
        (r#"The "tax is 3"#, Form::Statute),
        (r#"The tax is "3"#, Form::Statute),
        (r#"The tax is "3" or so"#, Form::Statute),
        (r#"The tax is 3, provided it is "4" or so"#, Form::Conditional),
        (r#"8:30 15 Jan 72: Dikstra resigns as "inspector" or so"#, Form::Resignation),
    ];
    for (text, form) in resembles {
        assert_eq!(Meaning::of(text), Meaning::Words(text.into()), "{text:?} means something");
        assert_eq!(Form::resembled_by(text), Some(form), "{text:?}");
        let mut law = Law::founded(&"Dwork".parse().unwrap());
        let response = law.apply(1, &Decree::new(text).unwrap());
        assert!(matches!(response, Response::Stands { resembles: Some(f), .. } if f == form));
        assert!(response.to_string().contains(form.pattern()));
    }
}

#[test]
fn the_papers_other_decrees_stand_and_resemble_nothing() {
    for text in [
        "Painting on temple walls is forbidden",
        "Freedom of artistic expression is guaranteed",
        "Lamps must use only olive oil",
        "α",
        "",
    ] {
        assert_eq!(Form::resembled_by(text), None, "{text:?}");
    }
}

#[test]
fn space_around_a_phrase_without_quotes_does_not_count() {
    let spaced = Meaning::of("The  olive tax  is  3 drachmas , provided it is  4 ");
    assert_eq!(Meaning::of(r#"The olive tax is " 3""#).to_string(), r#"The olive tax is " 3""#);
    assert_eq!(Meaning::of("The  olive tax  is  3 ").to_string(), "The olive tax is 3");
    assert_eq!(spaced.to_string(), "The olive tax is 3 drachmas, provided it is 4");
}

#[test]
fn the_olive_day_is_a_decree_whose_text_is_not_a_law() {
    let quoted = r#"The ides of February is "national olive day""#;
    let meaning = Meaning::of(quoted);
    assert!(matches!(meaning, Meaning::Declares { .. }));
    assert_eq!(Meaning::of(&meaning.to_string()), meaning);
    assert_eq!(Meaning::of(parliament::law::OLIVE_DAY), Meaning::OliveDay);
}

/// Run with `cargo test --test suite law_page -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn pace_of_a_law_book_that_learns_a_million_decrees() {
    let decrees: Vec<Decree> = (0..1_000_000)
        .map(|i| Decree::new(&format!("The toll at gate {} is {i} drachmas", i % 1000)).unwrap())
        .zip(0..)
        .map(|(decree, i)| decree.petitioned(&format!("Dolf/{i}")).unwrap())
        .collect();
    let mut book = parliament::law::LawBook::opened(Law::founded(&"Dwork".parse().unwrap()));
    let begun = std::time::Instant::now();
    for (number, decree) in (1..).zip(decrees) {
        book.learn(number, decree);
    }
    let took = begun.elapsed();
    println!("{} decrees in {took:?}", book.complete_through());
    assert_eq!(book.state().matters.iter().len(), 1000);
}
