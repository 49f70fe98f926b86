//! §3.1, §3.2: passing decree after decree.

use super::chamber::{Chamber, QUICK, name, petition};
use super::judge::judge;

const FIVE: &str = "Dwork Fischer Gray Lynch Oki alpha=10";

#[test]
fn section_3_1_each_petition_gets_the_lowest_free_number_and_reaches_every_ledger() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 1);
    for id in 1..=25 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(100);
    for who in ["Dwork", "Fischer", "Gray", "Lynch", "Oki"] {
        for id in 1..=25 {
            let law = chamber.law(who, id);
            assert_eq!(law, Some(format!("The sale of goat {id} is permitted")), "{who} {id}");
        }
    }
    judge(&chamber, 1);
}
