//! The examples run, and what they assert holds.

#![cfg(feature = "cli")]

#[path = "../examples/bank.rs"]
mod bank;
#[allow(dead_code, reason = "its main runs until it is stopped")]
#[path = "../examples/carrier.rs"]
mod carrier;
#[path = "../examples/channels.rs"]
mod channels;
#[path = "../examples/name_server.rs"]
mod name_server;

#[test]
fn the_name_server_of_4_1_answers_slow_and_fast_reads() {
    name_server::main().unwrap();
}

#[test]
fn the_banks_total_never_changes() {
    bank::main().unwrap();
}

#[test]
fn the_carrier_hands_a_letter_to_the_part_of_its_reader() {
    use parliament::chamber::crossing::Outboxes;
    use parliament::chamber::{Chamber, Messagebook, Roster};
    use parliament::synod::{Founding, Message, Name};
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let founding: Founding = "Ada Ben".parse().unwrap();
    let (ada, ben): (Name, Name) = ("Ada".parse().unwrap(), "Ben".parse().unwrap());
    let parts = [(a.path(), ada), (b.path(), ben)].map(|(root, name)| {
        let roster = Roster::new(name, [name], &founding).unwrap();
        let chamber = Chamber::at(root);
        let inks: &parliament::chamber::Hands<'_> =
            &|names, ink| names.iter().try_for_each(|&it| ink(it));
        chamber.found_by(inks, &founding, Some(&roster)).unwrap();
        chamber
    });
    let mut outboxes = parts.each_ref().map(|it| Outboxes::from_now(it).unwrap());
    let letter = Message::Presence { last_tried: None, complete_through: 0, presides: None };
    Messagebook::of(&parts[0], ben).append([(ada, &letter), (ben, &letter)]).unwrap();
    assert_eq!(carrier::carry(&parts, &mut outboxes).unwrap(), 1, "Ben does not write from there");
    assert_eq!(carrier::carry(&parts, &mut outboxes).unwrap(), 0);
    let rows = parts[1].volumes_of(ben).unwrap().remove(0).rows().unwrap();
    let from: Vec<Name> = rows.map(|row| row.unwrap().unwrap().from).collect();
    assert_eq!(from, [ada]);
}

#[test]
fn priests_reach_one_decree_over_channels() {
    channels::main().unwrap();
}
