//! The only home of protocol files: ledgers, messagebooks, messengers.

pub mod record;
