//! A priest of the Synod (docs/novice.md).
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
    let (last_tried, next_bal) = (&note("lastTried")["ballot"], &note("nextBal")["ballot"]);
    let (prev_vote, outcome) = (note("prevVote"), note("outcome"));
    let names = || asked["members"].as_object().into_iter().flat_map(|all| all.keys());
    let mut answer = Answer { ink: Vec::new(), slip: asked["slip"].clone(), send: Vec::new() };

    match event["event"].as_str() {
        Some("try") if number(&event["ballot"]) > number(last_tried) => {
            let ballot = &event["ballot"];
            answer.ink.push(json!({ "entry": "lastTried", "ballot": ballot }));
            answer.slip = json!({ "status": "trying", "votes": {} });
            for name in names() {
                answer.send(&json!(name), json!({ "message": "NextBallot", "ballot": ballot }));
            }
        }
        Some("begin") if answer.slip["status"] == "trying" => {
            let votes = answer.slip["votes"].as_object().cloned().unwrap_or_default();
            let weight = |name: &String| asked["members"][name].as_u64().unwrap_or(0);
            if 2 * votes.keys().map(weight).sum::<u64>() <= names().map(weight).sum() {
                return answer;
            }
            let cast = votes.values().filter(|vote| !vote.is_null());
            let latest = cast.max_by_key(|vote| number(&vote["ballot"]));
            let decree = latest.map_or(&event["decree"], |vote| &vote["decree"]).clone();
            let quorum: Vec<&String> = votes.keys().collect();
            answer.ink.push(json!({
                "entry": "beginBallot", "ballot": last_tried, "decree": decree, "quorum": quorum
            }));
            answer.slip = json!({
                "status": "polling", "decree": decree, "quorum": quorum, "voters": {}
            });
            for name in quorum {
                let letter =
                    json!({ "message": "BeginBallot", "ballot": last_tried, "decree": decree });
                answer.send(&json!(name), letter);
            }
        }
        Some("read") => {
            let (from, letter) = (&event["from"], &event["letter"]);
            let (ballot, decree) = (&letter["ballot"], &letter["decree"]);
            match letter["message"].as_str() {
                Some("NextBallot") if number(ballot) > number(next_bal) => {
                    answer.ink.push(json!({ "entry": "nextBal", "ballot": ballot }));
                    let mut reply = json!({ "message": "LastVote", "ballot": ballot });
                    if !prev_vote.is_null() {
                        reply["vote"] = prev_vote["ballot"].clone();
                        reply["decree"] = prev_vote["decree"].clone();
                    }
                    answer.send(from, reply);
                }
                Some("LastVote") if ballot == last_tried && answer.slip["status"] == "trying" => {
                    let vote = &letter["vote"];
                    let cast = json!({ "ballot": vote, "decree": decree });
                    let name = from.as_str().unwrap_or_default();
                    answer.slip["votes"][name] = if vote.is_null() { Value::Null } else { cast };
                }
                Some("BeginBallot")
                    if ballot == next_bal && number(ballot) > number(&prev_vote["ballot"]) =>
                {
                    let vote = json!({ "entry": "prevVote", "ballot": ballot, "decree": decree });
                    answer.ink.push(vote);
                    answer.send(from, json!({ "message": "Voted", "ballot": ballot }));
                }
                Some("Voted") if ballot == last_tried && answer.slip["status"] == "polling" => {
                    answer.slip["voters"][from.as_str().unwrap_or_default()] = json!(true);
                    let (poll, decree) = (answer.slip.clone(), answer.slip["decree"].clone());
                    let has_voted = |name: &Value| poll["voters"].get(name.as_str().unwrap_or("")).is_some();
                    if !poll["quorum"].as_array().into_iter().flatten().all(has_voted) {
                        return answer;
                    }
                    if outcome.is_null() {
                        let row = json!({ "entry": "outcome", "ballot": ballot, "decree": decree });
                        answer.ink.push(row);
                    }
                    for name in names().filter(|name| asked["you"] != **name) {
                        let letter = json!({ "message": "Success", "ballot": ballot, "decree": decree });
                        answer.send(&json!(name), letter);
                    }
                    answer.slip = Value::Null;
                }
                Some("Success") if outcome.is_null() => {
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
