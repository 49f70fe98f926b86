//! Three couriers on 127.0.0.1, over the real engine.

mod common;

use common::{Machine, all_have, judged, name, three, wait_until};
use courier::founding::SeaError;
use courier::keys::{self, KeysError};
use courier::quic;
use parliament::chamber::ChamberError;
use parliament::words::Founding;

#[test]
fn three_machines_pass_decrees_through_two_losses() {
    let mut machines = three();
    machines[0].pass("The olive tax is 3");
    all_have(&machines, "The olive tax is 3");
    // The first is cut off; the others go on, and it learns all when it is back.
    machines[0].moor();
    machines[1].pass("The olive tax is 4");
    assert!(!machines[0].has("The olive tax is 4"));
    machines[0].sail();
    machines[0].pass("Goats may graze");
    all_have(&machines, "The olive tax is 4");
    // The president's machine is lost, priest and courier, and comes back.
    machines[2].rise();
    machines[2].moor();
    machines[1].pass("Lamps burn olive oil");
    machines[2].sail();
    machines[2].sit().unwrap();
    all_have(&machines, "Lamps burn olive oil");
    for machine in &mut machines {
        machine.rise();
        machine.moor();
    }
    judged(&machines);
}

#[test]
fn a_machine_takes_its_new_key_when_the_decree_has_passed() {
    let mut machines = three();
    let chamber = machines[1].chamber();
    let old = quic::public(&machines[1].home().secret().unwrap());
    let kept = std::fs::read(machines[1].home().at("key")).unwrap();
    let (new, decree) = keys::rekey(&chamber).unwrap();
    assert_eq!(keys::rekey(&chamber).unwrap().0, new, "run again, it is the same");
    machines[0].pass("Goats may graze");
    assert_eq!(quic::public(&machines[1].home().secret().unwrap()), old, "not yet");
    machines[1].pass(&decree);
    wait_until("the new key is taken", || {
        quic::public(&machines[1].home().secret().unwrap()) == new
    });
    // Ben and Cid alone are a majority only with the new key.
    machines[0].rise();
    machines[0].moor();
    machines[1].pass("Lamps burn olive oil");
    machines[0].sail();
    machines[0].sit().unwrap();
    all_have(&machines, "Lamps burn olive oil");
    // One who has the old key alone carries nothing.
    machines[1].rise();
    machines[1].moor();
    std::fs::write(machines[1].home().at("key"), kept).unwrap();
    assert!(matches!(keys::secret(&chamber), Err(KeysError::Replaced { .. })));
    let founder = keys::rekey(&machines[0].chamber());
    assert!(matches!(founder, Err(KeysError::Founder)));
    judged(&machines);
}

#[test]
fn a_machine_whose_key_was_taken_back_comes_in_with_a_new_one() {
    let mut machines = three();
    machines[1].rise();
    machines[1].moor();
    machines[0].pass("The key of mBen is void");
    let (new, decree) = keys::rekey(&machines[1].chamber()).unwrap();
    machines[0].pass(&decree);
    assert_eq!(keys::take_now(&machines[1].chamber()).unwrap(), new);
    assert!(matches!(keys::take_now(&machines[1].chamber()), Err(KeysError::NoneWaits)));
    // Another new one that waits takes no place before its decree.
    keys::rekey(&machines[1].chamber()).unwrap();
    assert_eq!(quic::public(&keys::secret(&machines[1].chamber()).unwrap()), new);
    machines[1].sail();
    machines[1].sit().unwrap();
    all_have(&machines, &decree);
    machines[1].pass("Lamps burn olive oil");
}

#[test]
fn two_who_join_as_ben_make_one_ben() {
    let founding: Founding = "Ada Ben Cid".parse().unwrap();
    let (mut ada, ben) = (Machine::new("Ada"), Machine::new("Ben"));
    let ticket = ada.found(&founding);
    ada.sail();
    let other = |i| {
        let mut it = Machine::new("Ben");
        it.called = format!("other-{i}");
        it
    };
    let others: Vec<Machine> = (0..3).map(other).collect();
    // All at once: each asks by itself, and the founder answers one after the other.
    let joined: Vec<bool> = std::thread::scope(|scope| {
        let all = others.iter().chain([&ben]);
        let asking: Vec<_> = all.map(|it| scope.spawn(|| it.join(&ticket).is_ok())).collect();
        asking.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(joined.iter().filter(|&&it| it).count(), 1, "{joined:?}");
    let bodies = others.iter().chain([&ben]).map(|it| it.chamber().has_ledger(name("Ben")));
    assert_eq!(bodies.collect::<Vec<_>>(), joined, "a ledger where he joined, and nowhere else");
    // The one who came may ask again, also after the founder was away; the others may not.
    ada.moor();
    ada.sail();
    for (machine, joined) in others.iter().chain([&ben]).zip(&joined) {
        assert_eq!(machine.join(&ticket).is_ok(), *joined);
    }
}

#[test]
fn one_whose_ledgers_are_gone_inks_no_new_ones() {
    let founding: Founding = "Ada Ben".parse().unwrap();
    let (mut ada, ben) = (Machine::new("Ada"), Machine::new("Ben"));
    let ticket = ada.found(&founding);
    ada.sail();
    ben.join(&ticket).unwrap();
    std::fs::remove_dir_all(ben.chamber().ledgers()).unwrap();
    std::fs::remove_dir_all(ben.chamber().messagebooks()).unwrap();
    std::fs::remove_file(ben.path().join("roster.csv")).unwrap();
    assert!(matches!(ben.join(&ticket), Err(SeaError::Amnesia { .. })));
    assert!(!ben.chamber().has_ledger(name("Ben")));
    // Nor does one who took all away but the key.
    std::fs::remove_dir_all(ada.chamber().ledgers()).unwrap();
    let me = (ada.called(), &[name("Ada")][..]);
    let again = courier::founding::found(&ada.chamber(), &founding, me, common::LOOPBACK);
    assert!(again.is_err());
    assert!(!ada.chamber().has_ledger(name("Ada")));
}

#[test]
fn a_machine_restored_from_a_backup_stays_out() {
    let mut machines = three();
    machines[0].pass("The olive tax is 3");
    all_have(&machines, "The olive tax is 3");
    // Cid presides, so he votes for every decree.
    let ledger = machines[2].chamber().ledger(name("Cid"));
    let backup = std::fs::read(&ledger).unwrap();
    for decree in ["The olive tax is 4", "The olive tax is 5", "The olive tax is 6"] {
        machines[0].pass(decree);
    }
    wait_until("Ben has a copy", || machines[1].has_copied("Cid", "The olive tax is 6"));
    machines[2].rise();
    machines[2].moor();
    // All letters are gone with the rest: only the other machines know better.
    std::fs::write(&ledger, backup).unwrap();
    std::fs::remove_dir_all(machines[2].chamber().messagebooks()).unwrap();
    std::fs::remove_dir_all(machines[2].chamber().abroad()).unwrap();
    machines[2].sail();
    wait_until("the others tell", || machines[2].has_copied("Cid", "The olive tax is 5"));
    let refused = machines[2].sit().unwrap_err().to_string();
    assert!(refused.contains("older"), "{refused}");
    machines[1].pass("Goats may graze");
}

#[test]
fn a_machine_without_a_priest_follows_and_sends_nothing() {
    let mut machines = three();
    let ticket = courier::founding::ticket(&machines[0].home()).unwrap().unwrap();
    let mut lodge = Machine::new("Lodge");
    lodge.follow(&ticket).unwrap();
    lodge.sail();
    machines[1].pass("The olive tax is 3");
    wait_until("it follows", || {
        ["Ada", "Ben", "Cid"].iter().all(|it| lodge.has_copied(it, "The olive tax is 3"))
    });
    assert!(lodge.chamber().names().unwrap().is_empty());
    let founded = lodge.chamber().found(&"Zoe".parse().unwrap());
    assert!(matches!(founded, Err(ChamberError::Follows { .. })), "nobody founds another here");
    let said = lodge.moor();
    assert!(said.iter().any(|it| it == "decree 1: The olive tax is 3"), "{said:?}");
    let abroad = parliament::chamber::Chamber::at(lodge.chamber().abroad());
    assert!(abroad.audit().unwrap().is_consistent());
}
