//! Ready questions, one for each misconception, in the order of their numbers. Each wrong answer is a
//! usual one; where it shows a misconception, its number stands beside it.

use super::asked::{Asked, Choice};

struct Ready {
    asks: &'static str,
    choices: &'static [(&'static str, Option<u8>)],
    right: usize,
    because: &'static str,
}

const READY: [Ready; 13] = [
    Ready {
        asks: "Gray has answered NextBallot 3.Oki with a LastVote. What has he done by that?",
        choices: &[
            ("He has voted for Oki's decree", Some(1)),
            ("He has promised not to vote below 3.Oki", None),
            ("He has asked Oki to propose Gray's decree", None),
        ],
        right: 1,
        because: "LastVote tells his last vote, and is a promise: no vote in a ballot between that one \
                  and 3.Oki. Votes come later, after BeginBallot (§2.3).",
    },
    Ready {
        asks: "Gray has promised 3.Oki, leaves the Chamber and comes back. Where must the promise be?",
        choices: &[
            ("In his ledger", None),
            ("On his slip of paper: Oki will ask him again", Some(2)),
            ("Nowhere: one who left is no longer bound", Some(2)),
        ],
        right: 0,
        because: "A slip is lost with the one who leaves. A promise that he forgets he can break, so nextBal \
                  stands in the ledger before the letter goes (§2.2).",
    },
    Ready {
        asks: "Oki's quorum tells him of two votes: Gray's for α in 2.Gray, Dwork's for β in 5.Dwork. \
               For which decree may he begin 7.Oki?",
        choices: &[
            ("For either of the two", Some(3)),
            ("For α: it was first", Some(3)),
            ("For β only", None),
            ("For his own, as nothing has passed", Some(3)),
        ],
        right: 2,
        because: "B3: the decree of the vote with the highest ballot number in the quorum (§2.1).",
    },
    Ready {
        asks: "B3 binds Oki to β, since one priest of his quorum voted for it. Had β passed before?",
        choices: &[
            ("Yes: B3 binds only to a decree that passed", Some(4)),
            ("Perhaps: he need not know", None),
            ("No: a decree that passed is not proposed again", Some(8)),
        ],
        right: 1,
        because: "One vote shows that β may have passed, not that it did. Oki takes it because it might \
                  have (§2.1, B3).",
    },
    Ready {
        asks: "There are five priests. Dwork and Gray voted for α in ballot 1.Dwork, and Oki in ballot 3.Oki. \
               Nobody else voted. Has α passed?",
        choices: &[
            ("Yes: three of five voted for it", Some(5)),
            ("No: in no ballot did a whole quorum vote", None),
            ("It passes when a fourth votes, in any ballot", Some(5)),
        ],
        right: 1,
        because: "Votes count within one ballot. Another decree may still pass here (§2.1).",
    },
    Ready {
        asks: "There are five priests. Dwork, Gray and Oki are the quorum of ballot 1.Oki. Dwork and Oki have voted, \
               Gray has not. Lynch, who is not in the quorum, would vote. Would the ballot succeed?",
        choices: &[
            ("Yes: any three of five will do", Some(6)),
            ("Yes, if Gray has left the Chamber", Some(6)),
            ("No: Gray's vote is missing", None),
        ],
        right: 2,
        because: "A ballot succeeds when every priest of its quorum has voted (§2.1).",
    },
    Ready {
        asks: "Ballot 5.Oki was begun before noon. May ballot 2.Gray be begun after noon?",
        choices: &[
            ("No: a later ballot has a higher number", Some(7)),
            ("Only if 5.Oki has failed", Some(7)),
            ("Yes: numbers need not follow the clock", None),
        ],
        right: 2,
        because: "B1 wants different numbers, and nothing of time. Whether 2.Gray can succeed depends on \
                  promises (§2.1).",
    },
    Ready {
        asks: "α passed in ballot 2.Oki. May ballot 4.Gray succeed as well?",
        choices: &[
            ("No: after a success no ballot may succeed", Some(8)),
            ("Yes, and then it is for α too", None),
            ("Yes, for any decree that Gray wishes", Some(3)),
        ],
        right: 1,
        because: "Theorem 1: a later ballot that succeeds has the same decree; B3 sees to it (§2.1).",
    },
    Ready {
        asks: "Oki and Gray both think that they preside, and both try ballots. What is the worst that can \
               come of it?",
        choices: &[
            ("Nothing passes for as long as both go on", None),
            ("Two ledgers hold different decrees", Some(9)),
            ("A decree passes that nobody proposed", None),
        ],
        right: 0,
        because: "Two presidents cost progress, never consistency: that rests on B1 to B3, however many \
                  preside (§2.4, §3.3.1).",
    },
    Ready {
        asks: "Nobody leaves and no letter is lost. Can two presidents still keep every decree from passing?",
        choices: &[
            ("No: without failures some ballot succeeds", Some(10)),
            ("Yes: each one's next try stops the other's ballot", None),
            ("Only if they are more than half of the priests", None),
        ],
        right: 1,
        because: "A promise for the higher ballot forbids the votes that the lower one waits for; so it \
                  may go on, with nothing broken (§2.4).",
    },
    Ready {
        asks: "A new president knows decrees 1 and 4. Nobody in his majority voted on 2 or 3. What does he do \
               with these two numbers?",
        choices: &[
            ("He leaves them: filling them would lose commands", Some(11)),
            ("He waits for petitions to fill them", None),
            ("He passes the olive-day decree there", None),
        ],
        right: 2,
        because: "No decree can have passed there. A decree that nothing depends on fills the gap, and \
                  petitions get numbers above it (§3.1).",
    },
    Ready {
        asks: "A citizen reads in one ledger that cheese costs 3 drachmas. What does he know?",
        choices: &[
            ("That this was the law once", None),
            ("That this is the law now", Some(12)),
            ("That it is the law now, if the ledger has no gap", Some(12)),
        ],
        right: 0,
        because: "Decrees may have passed of which this ledger has not heard; only a newer decree, or one \
                  who asks a majority, can tell (§3.3.2, §3.3.4).",
    },
    Ready {
        asks: "Gray's ledger has burnt. He goes on with an empty one, under his name. What can come of it?",
        choices: &[
            ("Nothing: the others still have theirs", Some(13)),
            ("Nothing, if he first learns the decrees that passed", Some(13)),
            ("Two ledgers may hold different decrees", None),
        ],
        right: 2,
        because: "His promises and votes are gone with it, also those for decrees that are not known to \
                  have passed. He can break them without knowing (§1.3, §3.3.5).",
    },
];

/// The ready question of this number, from 1.
///
/// # Errors
/// When there is none.
pub(crate) fn ready(number: usize) -> Result<Asked, String> {
    let none = || format!("there is no ready question {number}; they are 1 to {}", READY.len());
    let ready = number.checked_sub(1).and_then(|at| READY.get(at)).ok_or_else(none)?;
    let choice = |&(text, belief): &(&str, Option<u8>)| Choice { text: text.into(), belief };
    Ok(Asked {
        asks: ready.asks.into(),
        choices: ready.choices.iter().map(choice).collect(),
        right: Some(ready.right),
        because: ready.because.into(),
        about: None,
    })
}
