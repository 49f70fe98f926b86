//! Two presidents at once: they propose different decrees, and one who insists waits for nobody.
//! `[PTP §2.4]`

#![cfg(feature = "cli")]

use std::sync::Arc;

use crate::common::House;
use parliament::synod::{BallotNumber, Deed, Initiator, Mortal, Presence, Priest};
use parliament::words::step::Act;
use parliament::words::time::PRESENCE;
use parliament::words::{Decree, Founding, Message, Minutes, Name};

#[test]
fn a_president_proposes_his_own_wish() {
    let house = House::new();
    let synod = ["synod", "--absent", "Lynch,Oki", "--president", "Fischer"];
    let wish = ["--wish", "Fischer=Goats = free", "Figs are free"];
    let told = house.run(&[&synod[..], &wish[..]].concat()).exits(0);
    assert!(told.out.contains("Proposed by Fischer: “Goats = free”"), "{}", told.out);
    assert!(told.out.contains("Decree 1: Goats = free\n"), "{}", told.out);
}

#[test]
fn a_wish_of_a_stranger_or_of_nothing_founds_nothing() {
    for wish in ["Solon=Goats", "Goats", "=Goats", "Gray="] {
        let house = House::new();
        house.run(&["synod", "--wish", wish, "Figs"]).exits(2);
        assert!(!house.path().join("ledgers").exists(), "{wish}");
    }
}

/// The act of Fischer, whose ballot 1.Fischer is under way, when he hears of ballot 2.Oki.
fn hears_a_rival(insists: bool) -> Deed {
    let name = |text: &str| text.parse::<Name>().unwrap();
    let members = Arc::new("Dwork Fischer Oki".parse::<Founding>().unwrap().membership);
    let mut presence = Presence::new(name("Fischer"), &members, PRESENCE);
    presence.appoint();
    if insists {
        presence.insist();
    }
    let priest = Priest::from_ledger(name("Fischer"), members, &[]);
    let mut fischer = Initiator::new(priest, presence, Decree::new("Goats").ok());
    let _entered = fischer.enter(Minutes::ZERO);
    let rival = BallotNumber { round: 2, owner: name("Oki") };
    let rival = Message::NextBallot { ballot: rival, complete_through: 0 };
    fischer.receive(Minutes::whole(1), name("Oki"), rival)
}

#[test]
fn only_one_who_insists_tries_again_at_once() {
    let acts = |deed: Deed| deed.steps().iter().map(|it| it.act.clone()).collect::<Vec<_>>();
    let tries = |act: &Act| matches!(act, Act::Tries { ballot, .. } if ballot.round == 3);
    let waits = |act: &Act| matches!(act, Act::StandsAside { .. });
    let (courteous, insistent) = (acts(hears_a_rival(false)), acts(hears_a_rival(true)));
    assert!(courteous.iter().any(waits) && !courteous.iter().any(tries), "{courteous:?}");
    assert!(insistent.iter().any(tries) && !insistent.iter().any(waits), "{insistent:?}");
}
