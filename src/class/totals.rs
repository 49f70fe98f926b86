//! Answers and misconceptions of a class, as CSV.

use super::beliefs;
use super::hour::Class;
use super::poll::{Past, Poll};

impl Class {
    /// Every question so far, the present one too.
    fn questions(&self) -> impl Iterator<Item = Past> + '_ {
        self.past.iter().cloned().chain(self.poll.as_ref().map(Poll::put_away))
    }

    /// One row for each misconception: in how many questions an answer showed it, how many answers those
    /// questions got in each round, and how many of these showed it; nothing of a second round where
    /// there was none.
    pub(crate) fn misconceptions(&self) -> String {
        let head = [
            "misconception",
            "belief",
            "questions",
            "first_answers",
            "first_showed",
            "second_answers",
            "second_showed",
        ];
        let questions: Vec<Past> = self.questions().collect();
        let row = |(number, belief): (u8, &str)| {
            let mut row = vec![number.to_string(), belief.to_owned()];
            row.extend(counts(&questions, number));
            row
        };
        in_csv(&head, beliefs::all().map(row))
    }

    /// One row for each answer that was on offer: how often it was given in each round.
    pub(crate) fn answers(&self) -> String {
        let head =
            ["question", "asks", "answer", "text", "right", "misconception", "first", "second"];
        let rows = self.questions().flat_map(|past| {
            let Past { number, asked, first, second, .. } = past;
            let right = asked.right;
            let asks = unlike_a_formula(&asked.asks);
            asked.choices.into_iter().enumerate().map(move |(i, choice)| {
                let is_right = right.map_or("", |right| if right == i { "yes" } else { "no" });
                vec![
                    number.to_string(),
                    asks.clone(),
                    (i + 1).to_string(),
                    unlike_a_formula(&choice.text),
                    is_right.to_owned(),
                    choice.belief.map_or(String::new(), |belief| belief.to_string()),
                    first[i].to_string(),
                    second.as_ref().map_or(String::new(), |second| second[i].to_string()),
                ]
            })
        });
        in_csv(&head, rows)
    }

    /// The totals in lines for a person.
    pub(crate) fn in_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for Past { number, asked, first, second, turned } in self.questions() {
            lines.push(format!("{number}. {}", asked.asks));
            for (i, choice) in asked.choices.iter().enumerate() {
                let mark = if asked.right == Some(i) { "  (right)" } else { "" };
                let again =
                    second.as_ref().map_or(String::new(), |second| format!(", then {}", second[i]));
                lines.push(format!("   {}{again}: {}{mark}", first[i], choice.text));
            }
            if turned != (0, 0) {
                lines.push(format!("   {} turned right, {} turned wrong", turned.0, turned.1));
            }
        }
        lines
    }
}

/// For a misconception: the questions that could show it, and for each round their answers, and those of
/// them that showed it. Where none of them was asked again, the second round is empty.
fn counts(questions: &[Past], belief: u8) -> [String; 5] {
    let shows = |past: &&Past| past.asked.choices.iter().any(|it| it.belief == Some(belief));
    let of_it: Vec<&Past> = questions.iter().filter(shows).collect();
    let count = |round: fn(&Past) -> Option<&Vec<u64>>| {
        let held = of_it.iter().filter_map(|past| Some((&past.asked, round(past)?)));
        held.fold(None, |sums: Option<(u64, u64)>, (asked, round)| {
            let (all, showed) = sums.unwrap_or_default();
            let each = asked.choices.iter().zip(round);
            let of_belief = each.filter(|(choice, _)| choice.belief == Some(belief));
            let more: u64 = of_belief.map(|(_, many)| *many).sum();
            Some((all + round.iter().sum::<u64>(), showed + more))
        })
    };
    let (first, showed) = count(|past| Some(&past.first)).unwrap_or_default();
    let second = count(|past| past.second.as_ref());
    let again = |many: Option<u64>| many.map_or(String::new(), |many| many.to_string());
    [
        of_it.len().to_string(),
        first.to_string(),
        showed.to_string(),
        again(second.map(|(all, _)| all)),
        again(second.map(|(_, showed)| showed)),
    ]
}

fn in_csv(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // A writer into memory does not fail, and the rows are as long as the head.
    let _ = csv.write_record(head);
    for row in rows {
        let _ = csv.write_record(row);
    }
    String::from_utf8(csv.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A text from which no spreadsheet calculates: an apostrophe stands before what begins like a formula.
fn unlike_a_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() }
}
