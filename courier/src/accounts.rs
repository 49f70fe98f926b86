//! What crossed the sea, counted for each machine, and kept in `sea/heard.csv` for `who`.

use std::collections::BTreeMap;

use parliament::words::Name;

/// What crossed between this machine and another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// When it was heard last, in seconds since 1970; 0 if never.
    pub heard: u64,
    /// Whether it is connected now.
    pub connected: bool,
    /// Rows sent to it.
    pub out: u64,
    /// Rows that came from it and were handed over.
    pub came: u64,
    /// Rows for it or from it that were dropped: nobody was connected, or too many waited.
    pub dropped: u64,
    /// Rows from it that were refused.
    pub refused: u64,
    /// The number through which its ledgers are complete, as it said.
    pub through: Option<u64>,
}

/// The accounts of all machines.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Accounts {
    all: BTreeMap<Name, Account>,
    /// Connections refused because their key is on no list.
    pub strangers: u64,
}

/// The first line of `sea/heard.csv`.
const HEADER: &str = "machine,heard,connected,out,in,dropped,refused,through";
/// The row of the strangers. No machine has this name, since a name has no space.
const STRANGERS: &str = "no machine";

impl Accounts {
    /// The account of a machine.
    pub fn of(&mut self, machine: Name) -> &mut Account {
        self.all.entry(machine).or_default()
    }

    /// The account of a machine, if there is one.
    #[must_use]
    pub fn get(&self, machine: Name) -> Account {
        self.all.get(&machine).cloned().unwrap_or_default()
    }

    /// All accounts.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Account> {
        self.all.values_mut()
    }

    /// As the rows of `sea/heard.csv`.
    #[must_use]
    pub fn in_rows(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (machine, it) in &self.all {
            let through = it.through.map_or_else(String::new, |it| it.to_string());
            let Account { heard, out, came, dropped, refused, .. } = it;
            let connected = u8::from(it.connected);
            text += &format!(
                "{machine},{heard},{connected},{out},{came},{dropped},{refused},{through}\n"
            );
        }
        text + &format!("{STRANGERS},,,,,,{},\n", self.strangers)
    }

    /// Reads the rows of `sea/heard.csv`. A row that cannot be read is skipped: they are only
    /// counts.
    #[must_use]
    pub fn of_rows(text: &str) -> Accounts {
        let mut accounts = Accounts::default();
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            if let [STRANGERS, _, _, _, _, _, refused, _] = fields[..] {
                accounts.strangers = refused.parse().unwrap_or_default();
            } else if let Some((name, account)) = of_fields(&fields) {
                accounts.all.insert(name, account);
            }
        }
        accounts
    }
}

fn of_fields(fields: &[&str]) -> Option<(Name, Account)> {
    let [name, heard, connected, out, came, dropped, refused, through] = fields else {
        return None;
    };
    let number = |text: &str| text.parse::<u64>().ok();
    let account = Account {
        heard: number(heard)?,
        connected: *connected == "1",
        out: number(out)?,
        came: number(came)?,
        dropped: number(dropped)?,
        refused: number(refused)?,
        through: number(through),
    };
    Some((name.parse().ok()?, account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_read_back() {
        let mut accounts = Accounts { strangers: 3, ..Accounts::default() };
        let account = Account {
            heard: 1,
            connected: true,
            out: 2,
            came: 3,
            dropped: 4,
            refused: 5,
            through: Some(6),
        };
        *accounts.of("hill".parse().unwrap()) = account;
        accounts.of("isle".parse().unwrap()).refused = 9;
        assert_eq!(Accounts::of_rows(&accounts.in_rows()), accounts);
        assert_eq!(Accounts::of_rows("no\nrows,at\nall"), Accounts::default());
    }
}
