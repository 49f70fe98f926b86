//! A priest of the Synod. Its guards are missing: docs/novice.md has them.
use serde_json::{json, Value};
use std::io::{BufRead, Write};

/// A ballot number as something that compares: by integer, then by name. §2.2
fn number(ballot: &Value) -> Option<(u64, &str)> {
    let (integer, owner) = ballot.as_str()?.split_once('.')?;
    Some((integer.parse().ok()?, owner))
}

struct Answer {
    ink: Vec<Value>,
    slip: Value,
    send: Vec<Value>,
}

impl Answer {
    fn send(&mut self, to: &Value, letter: Value) {
        self.send.push(json!({ "to": to, "letter": letter }));
    }
}

fn act(asked: &Value) -> Answer {
    let (event, null) = (&asked["event"], Value::Null);
    let note = |kind: &str| {
        let rows = asked["ledger"].as_array().into_iter().flatten();
        rows.filter(|row| row["entry"] == kind).last().unwrap_or(&null)
    };
    let (_last_tried, _next_bal) = (&note("lastTried")["ballot"], &note("nextBal")["ballot"]);
    let (prev_vote, _outcome) = (note("prevVote"), note("outcome"));
    let mut answer = Answer { ink: Vec::new(), slip: asked["slip"].clone(), send: Vec::new() };

    match event["event"].as_str() {
        Some("try") => {} // §2.3 (1) TODO: ink lastTried, send NextBallot to all members
        Some("begin") => {} // §2.3 (3) TODO: if a majority replied, ink and send BeginBallot
        Some("read") => {
            let (from, letter) = (&event["from"], &event["letter"]);
            let (ballot, decree) = (&letter["ballot"], &letter["decree"]);
            match letter["message"].as_str() {
                // §2.3 (2) TODO: which ballots may he promise? (number() compares them)
                Some("NextBallot") => {
                    let _ = number(ballot);
                    answer.ink.push(json!({ "entry": "nextBal", "ballot": ballot }));
                    let mut reply = json!({ "message": "LastVote", "ballot": ballot });
                    if !prev_vote.is_null() {
                        reply["vote"] = prev_vote["ballot"].clone();
                        reply["decree"] = prev_vote["decree"].clone();
                    }
                    answer.send(from, reply);
                }
                Some("LastVote") => {} // §2.3 (3) TODO: note on the slip who replied, and his vote
                // §2.3 (4) TODO: in which ballots may he vote?
                Some("BeginBallot") => {
                    let vote = json!({ "entry": "prevVote", "ballot": ballot, "decree": decree });
                    answer.ink.push(vote);
                    answer.send(from, json!({ "message": "Voted", "ballot": ballot }));
                }
                Some("Voted") => {} // §2.3 (5) TODO: when all of the quorum voted, ink and tell
                // §2.3 (6) TODO: what if there is an outcome already?
                Some("Success") => {
                    let row = json!({ "entry": "outcome", "ballot": ballot, "decree": decree });
                    answer.ink.push(row);
                }
                _ => {}
            }
        }
        _ => {}
    }
    answer
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let asked = serde_json::from_str(&line.expect("a line")).expect("sound JSON");
        let Answer { ink, slip, send } = act(&asked);
        println!("{}", json!({ "ink": ink, "slip": slip, "send": send }));
        std::io::stdout().flush().expect("somebody reads");
    }
}
