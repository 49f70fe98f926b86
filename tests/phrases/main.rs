//! Prose is plain: subject, verb, object. The turns of phrase listed here do not come back, in
//! comments, in messages and in the pages; a hit says where it stands and what to write instead.

use std::path::{Path, PathBuf};

mod prose;

use prose::{Piece, pieces_of_page, pieces_of_source};

/// A turn of phrase to avoid.
struct Turn {
    /// Words that follow one another.
    words: &'static [&'static str],
    /// Words before it with which it is plain.
    plain_after: &'static [&'static str],
    /// Whether it is avoided only where a sentence that is no question begins with it.
    opens: bool,
    /// How to say it plainly.
    plainly: &'static str,
    /// A sentence in which it is found.
    example: &'static str,
}

const fn turn(
    words: &'static [&'static str],
    plainly: &'static str,
    example: &'static str,
) -> Turn {
    Turn { words, plain_after: &[], opens: false, plainly, example }
}

const fn opening(
    word: &'static [&'static str],
    plainly: &'static str,
    example: &'static str,
) -> Turn {
    Turn { words: word, plain_after: &[], opens: true, plainly, example }
}

/// With these before it, `else` is plain: "nothing else".
const ELSE_AFTER: &[&str] = &[
    "nothing",
    "nobody",
    "anything",
    "anybody",
    "anyone",
    "something",
    "somebody",
    "someone",
    "everything",
    "everybody",
    "everyone",
    "nowhere",
    "anywhere",
    "elsewhere",
    "somewhere",
    "all",
    "where",
    "what",
];

const NAME_IT: &str = "begin with the thing itself, as in `The rows inked`";

const TURNS: &[Turn] = &[
    turn(&["whoever"], "say `anyone who`, or name him", "Whoever enters asks the others."),
    turn(&["whomever"], "say `anyone`, or name him", "A letter to whomever a decree seats."),
    turn(&["whosoever"], "say `anyone who`", "Whosoever enters asks."),
    turn(&["so", "many"], "say `this many`, or give the number", "It waits so many minutes."),
    turn(&["of", "no", "account"], "say `does not matter`", "Their order is of no account."),
    turn(&["told", "of"], "say who learns what", "He is told of the decree."),
    turn(&["by", "which"], "say `with which`, or turn the sentence", "The rule by which he votes."),
    turn(&["in", "vain"], "say that it had no effect", "He waits in vain."),
    turn(&["he", "who"], "say `the one who`", "He who writes need not know."),
    turn(&["him", "who"], "say `the one who`", "It is read by him who looks back."),
    turn(&["aims"], "say what it does: this is a builder's word", "One of the aims is speed."),
    turn(&["dream"], "say what it does: this is a builder's word", "It is the dream of a house."),
    turn(&["lest"], "say `so that … not`", "He is silent, lest he be heard."),
    turn(&["befalls"], "say `happens to`", "Nothing that befalls a letter is missed."),
    turn(&["befall"], "say `happen to`", "All that may befall a letter."),
    turn(&["comes", "to", "pass"], "say `happens`", "It never comes to pass."),
    turn(&["came", "to", "pass"], "say `happened`", "It never came to pass."),
    turn(&["be", "it"], "say `even if`, or `of … or of …`", "A letter, be it late, counts."),
    turn(&["for", "ever"], "say `forever`", "It waits for ever."),
    Turn {
        words: &["else"],
        plain_after: ELSE_AFTER,
        opens: false,
        plainly: "say `otherwise`",
        example: "He votes, or else leaves.",
    },
    opening(&["what"], NAME_IT, "What was inked is dry."),
    opening(&["who"], NAME_IT, "Who lacks a decree asks."),
    opening(&["whom"], NAME_IT, "Whom a decree seats gets a ledger."),
    opening(&["whose"], NAME_IT, "Whose ledger it is."),
    opening(&["of"], NAME_IT, "Of a quorum the members."),
];

/// The paper's own words, and texts that stand for bad ones.
const QUOTED: &[&str] = &["Stokmeyer would either wait or tell Skeen to ask someone else"];

fn turns_in(sentence: &prose::Sentence) -> Vec<&'static Turn> {
    let words: Vec<&str> = sentence.words.iter().map(|(word, _)| word.as_str()).collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let is_here = |turn: &Turn, at: usize| {
        let here = lower[at..].iter().map(String::as_str).take(turn.words.len());
        here.eq(turn.words.iter().copied())
    };
    let found = |turn: &&Turn| {
        if turn.opens {
            let is_capital = words.first().is_some_and(|it| it.starts_with(char::is_uppercase));
            return is_capital && !sentence.is_question && words.len() > 1 && is_here(turn, 0);
        }
        (0..lower.len()).any(|at| {
            let is_plain = at > 0 && turn.plain_after.contains(&lower[at - 1].as_str());
            is_here(turn, at) && !is_plain
        })
    };
    TURNS.iter().filter(found).collect()
}

/// The findings in a file, a line each.
fn findings(file: &str, pieces: &[Piece]) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in pieces.iter().flat_map(prose::sentences) {
        for turn in turns_in(&sentence) {
            let line = sentence.words.first().map_or(0, |(_, line)| *line);
            let words: Vec<&str> = sentence.words.iter().map(|(word, _)| word.as_str()).collect();
            found.push(format!(
                "{file}:{line}: “{}”: {}\n    {}",
                turn.words.join(" "),
                turn.plainly,
                words.join(" ")
            ));
        }
    }
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under `directory` whose name ends so.
fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let is_foreign = path.ends_with("node_modules") || path.ends_with("target");
        if path.is_dir() && !is_foreign {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn name_of(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().display().to_string()
}

fn nothing_is_found(found: &[String]) {
    assert!(found.is_empty(), "{} turns of phrase:\n{}", found.len(), found.join("\n"));
}

/// Changed by nobody: it tells of releases as they were.
const HISTORY: &str = "CHANGELOG.md";

#[test]
fn the_pages_are_plain() {
    let mut found = Vec::new();
    for file in files(root(), "md").iter().filter(|file| !file.ends_with(HISTORY)) {
        let text = std::fs::read_to_string(file).unwrap();
        found.extend(findings(&name_of(file), &pieces_of_page(&text)));
    }
    nothing_is_found(&found);
}

#[test]
fn comments_and_messages_are_plain() {
    let mut found = Vec::new();
    for room in ["src", "tests", "examples", "benches"] {
        for file in files(&root().join(room), "rs") {
            let (name, text) = (name_of(&file), std::fs::read_to_string(&file).unwrap());
            if name.starts_with("tests/phrases") {
                continue;
            }
            let mut pieces = pieces_of_source(&text);
            // Texts in tests are decrees and expected words, often wrong ones on purpose.
            pieces.retain(|piece| room == "src" || piece.is_comment);
            pieces.iter_mut().for_each(|piece| piece.leave_out(QUOTED));
            found.extend(findings(&name, &pieces));
        }
    }
    nothing_is_found(&found);
}

#[test]
fn each_turn_of_phrase_is_found_in_its_example() {
    for turn in TURNS {
        let source = format!("fn f() {{\n    // It is so.\n    /// {}\n}}\n", turn.example);
        for pieces in [pieces_of_page(turn.example), pieces_of_source(&source)] {
            let found = findings("x", &pieces);
            let is_found =
                found.iter().any(|it| it.contains(&format!("“{}”", turn.words.join(" "))));
            assert!(is_found, "{:?} is not found in {:?}: {found:?}", turn.words, turn.example);
        }
        let text = format!("let x = \"{}\";", turn.example.replace(' ', " \\\n    "));
        assert!(!findings("x", &pieces_of_source(&text)).is_empty(), "{text}");
    }
}

#[test]
fn plain_sentences_and_code_are_let_through() {
    let source = "fn f() {\n    // Nothing else is here. What is this? `Of` it.\n    \
                  if a { b } else { c }; let d = 'e'; let f: &'static str = r#\"what of it\"#;\n}\n";
    assert_eq!(findings("x", &pieces_of_source(source)), [""; 0]);
    let page = "| what | who |\n\n```sh\nif a; then b; else c; fi\n```\n\nNobody else knows.\n";
    assert_eq!(findings("x", &pieces_of_page(page)), [""; 0]);
    let split = "// It waits for so\n// many minutes.\n";
    assert_eq!(findings("x", &pieces_of_source(split)).len(), 1, "over a line end");
}

/// The longest name of a test.
const LONGEST_NAME: usize = 60;

/// The names of the tests in a source file.
fn test_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for after in text.split("#[test]").skip(1) {
        let name = after.split("fn ").nth(1).and_then(|it| it.split(['(', '<']).next());
        names.extend(name);
    }
    names
}

#[test]
fn the_name_of_a_test_has_at_most_60_characters() {
    let long = format!("#[test]\n#[cfg(unix)]\nfn {}() {{}}\n", "a".repeat(LONGEST_NAME + 1));
    assert_eq!(test_names(&long)[0].len(), LONGEST_NAME + 1);
    let rooms = ["src", "tests", "examples"];
    for file in rooms.iter().flat_map(|room| files(&root().join(room), "rs")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let long = |name: &&&str| name.len() > LONGEST_NAME;
        if let Some(name) = test_names(&text).iter().find(long) {
            panic!("{}: {name} has {} characters", name_of(&file), name.len());
        }
    }
}

/// Nouns that are counted.
const COUNTED: &[&str] = &[
    "decrees",
    "ballots",
    "letters",
    "rows",
    "priests",
    "seeds",
    "runs",
    "events",
    "states",
    "messages",
    "petitions",
    "ledgers",
    "steps",
    "minutes",
    "faults",
    "members",
    "legislators",
    "cores",
    "threads",
    "matters",
    "books",
    "lines",
    "names",
    "days",
    "months",
    "remarks",
];

/// Texts whose number is never 1, with the reason.
const NEVER_ONE: &[(&str, &str)] = &[
    ("{seen} of {asked} decrees were seen", "of one decree it is said in other words"),
    ("of {all} states reached", "a search that was not finished has many"),
    ("{} states, {} transitions", "a search has many"),
    ("this search has about {states} states", "a large search"),
    ("{states} states{of}", "it goes up while one looks"),
    ("{runs} seeds, {read} letters read", "it goes up while one looks"),
    ("{:.1} letters, {:.1} rows", "with a decimal"),
    ("{} decrees passed", "of one decree it is said which"),
    ("{} decrees under {numbers}", "more decrees than numbers"),
    ("{} priests", "more than can be named"),
    ("{threads} threads", "a test's own"),
    ("{bytes} bytes, {states} states", "a test's own"),
    ("{} takes office as {}", "takes is no noun here"),
    ("{} of {} steps", "a lesson has several"),
    ("with {n} priests in the quorum", "more than are needed"),
    ("{} notes are", "of one note it is said in other words"),
    ("{} of {invited} ledgers are older", "no single ledger is a whole Parliament"),
    ("nothing has passed in {minutes} minutes", "two tries at least"),
    ("whose clock is {slow} minutes slow", "neither is 1"),
];

/// Places in a text where a number that may be 1 stands before a plural.
fn bare_plurals(text: &str) -> Vec<&str> {
    let after = |part: &&str| {
        let word =
            part.strip_prefix(' ').and_then(|it| it.split(|c: char| !c.is_alphabetic()).next());
        word.is_some_and(|word| COUNTED.contains(&word))
    };
    // A number called `many`, or a constant in capitals, is above 1.
    let parts: Vec<&str> = text.split('}').collect();
    let is_above_one = |before: &str| {
        let name = before.rsplit('{').next().unwrap_or_default();
        name == "many" || name.starts_with(char::is_uppercase)
    };
    let pairs = parts.windows(2).filter(|pair| !is_above_one(pair[0]));
    pairs.map(|pair| pair[1]).filter(after).collect()
}

#[test]
fn a_number_and_its_noun_agree() {
    assert_eq!(bare_plurals("{} decrees passed"), [" decrees passed"]);
    assert_eq!(bare_plurals("{} passed"), [""; 0]);
    let mut found = Vec::new();
    for file in files(&root().join("src"), "rs") {
        let text = std::fs::read_to_string(&file).unwrap();
        for piece in pieces_of_source(&text).iter().filter(|piece| !piece.is_comment) {
            let whole = piece.text();
            let is_never_one = NEVER_ONE.iter().any(|(text, _)| whole.contains(text));
            if !is_never_one && !bare_plurals(&whole).is_empty() {
                found.push(format!("{}:{}: {whole}", name_of(&file), piece.line()));
            }
        }
    }
    let advice = "use `words::shown::counted`, or name the text in NEVER_ONE";
    assert!(found.is_empty(), "{advice}:\n{}", found.join("\n"));
}
