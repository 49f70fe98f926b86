//! The sample runs, written down.

use parliament::words::message::Kind;

use super::{Fate, Going, Script};

const PAPERS: &str = "Dwork Fischer Gray Lynch Oki";

pub fn plain() -> Script {
    Script {
        founding: PAPERS,
        wishes: &[("Oki", "The olive tax is 3 drachmas per ton")],
        fates: vec![],
        goings: vec![],
        until: 20,
        petitions: vec![],
        lose_every: 0,
        forgetful: false,
    }
}

/// Every fate of a letter, one who is absent, one who dies and returns.
pub fn fates() -> Script {
    Script {
        fates: vec![
            (Kind::NextBallot, "Oki", "Dwork", "", Fate::Lose),
            (Kind::NextBallot, "Oki", "Gray", "", Fate::Twice(1500)),
            (Kind::LastVote, "Gray", "Oki", "", Fate::Late(9_250)),
            (Kind::Voted, "Lynch", "Oki", "", Fate::Twice(3_000)),
            (Kind::Success, "Oki", "Lynch", "", Fate::Lose),
        ],
        goings: vec![
            (1_200, "Fischer", Going::Leaves),
            (9_500, "Fischer", Going::Enters),
            (18_100, "Dwork", Going::Leaves),
        ],
        until: 27,
        ..plain()
    }
}

/// Two who think they preside: refusals, and the decree of the first is adopted by the second.
pub fn duel() -> Script {
    Script {
        founding: "A B Γ Δ E",
        wishes: &[
            ("A", "Painting on temple walls is forbidden"),
            ("Δ", "Freedom of artistic expression is guaranteed"),
        ],
        fates: vec![
            (Kind::BeginBallot, "A", "B", "1.A", Fate::Late(13_000)),
            (Kind::Voted, "Γ", "A", "1.A", Fate::Late(12_000)),
            (Kind::LastVote, "E", "A", "1.A", Fate::Lose),
        ],
        goings: vec![(4_000, "Δ", Going::Enters)],
        until: 21,
        ..plain()
    }
}

/// A president dies with his ballot half voted; his successor must adopt its decree (B3).
pub fn adopted() -> Script {
    Script {
        founding: "A B Γ Δ E",
        wishes: &[
            ("A", "Lamps must use only olive oil"),
            ("E", "The ides of February is national olive day"),
        ],
        fates: vec![
            (Kind::BeginBallot, "A", "B", "", Fate::Lose),
            (Kind::BeginBallot, "A", "Δ", "", Fate::Lose),
            (Kind::LastVote, "B", "E", "", Fate::Lose),
        ],
        goings: vec![(7_300, "A", Going::Leaves), (8_000, "E", Going::Enters)],
        until: 21,
        ..plain()
    }
}

/// A heresy: priests who report no vote. A decree that was passed is passed over.
pub fn forgotten() -> Script {
    let to_all_but_himself = ["B", "E", "Γ", "Δ"];
    let lost = to_all_but_himself.map(|to| (Kind::Success, "A", to, "", Fate::Lose));
    Script {
        forgetful: true,
        fates: lost.into(),
        goings: vec![(9_500, "A", Going::Leaves), (10_000, "E", Going::Enters)],
        until: 21,
        ..adopted()
    }
}

/// A Parliament of five passes twenty decrees; one letter in n is lost, and Lynch is away.
pub fn parliament(decrees: u64, lose_every: u64) -> Script {
    let laws = ["The olive tax is", "A goat costs", "A jar of oil costs", "Entry to the baths is"];
    let petition = |n: u64| {
        let text = format!("{} {} drachmas", laws[usize::try_from(n % 4).unwrap()], n + 2);
        (1_000 + n * 3_000, "Dolf", "Oki", text)
    };
    Script {
        founding: "Dwork Fischer Gray Lynch Oki alpha=100",
        wishes: &[],
        petitions: (0..decrees).map(petition).collect(),
        lose_every,
        goings: vec![(20_500, "Lynch", Going::Leaves), (41_000, "Lynch", Going::Enters)],
        until: 40 + decrees * 6,
        ..plain()
    }
}

/// The decree is text and never markup.
pub fn hostile() -> Script {
    Script {
        founding: "Gray Lynch Oki",
        wishes: &[(
            "Oki",
            "</script><img src=x onerror=\"document.title='broken'\"> & </script ><b>'bold'</b>",
        )],
        ..plain()
    }
}
