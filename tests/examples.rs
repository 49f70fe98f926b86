//! The examples run, and what they assert holds.

#![cfg(feature = "cli")]

#[path = "../examples/bank.rs"]
mod bank;
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
fn priests_reach_one_decree_over_channels() {
    channels::main().unwrap();
}
