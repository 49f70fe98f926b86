//! The phones of a class: how many there may be, and which must go when there are too many.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// As many phones there may be in a class: two hundred, and some to spare.
pub(crate) const MOST_PHONES: usize = 250;

/// The random key that makes a phone known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) u128);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Key, String> {
        let is_one = text.len() == 32 && text.bytes().all(|it| it.is_ascii_hexdigit());
        let no = || "this is no key of a phone; load the page again".to_owned();
        u128::from_str_radix(text, 16).ok().filter(|_| is_one).map(Key).ok_or_else(no)
    }
}

/// A phone.
#[derive(Clone, Debug)]
struct Phone {
    address: IpAddr,
    /// Its place in the order of coming.
    came: u64,
    /// Which of its streams is the latest, and whether that one is open.
    stream: u64,
    is_here: bool,
    /// Whether it has left the class's moment for one of its own.
    is_on_its_own: bool,
}

/// All phones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seats {
    phones: BTreeMap<Key, Phone>,
    came: u64,
    /// How many streams were opened.
    streams: u64,
    /// Phones that had to go.
    displaced: u64,
}

impl Seats {
    /// Gives a newcomer a seat. Where all are taken, a phone of his own address that sleeps gives way,
    /// or one of the address that has the most: a machine that takes all seats keeps nobody out.
    ///
    /// # Errors
    /// Why there is no seat. The phone that lost its own, otherwise.
    pub(crate) fn come(&mut self, key: Key, address: IpAddr) -> Result<Option<Key>, String> {
        if self.phones.contains_key(&key) {
            return Ok(None);
        }
        let mut gone = None;
        if self.phones.len() >= MOST_PHONES {
            gone = self.to_displace(address);
            let Some(gone) = gone else {
                return Err(format!("the class is full: it has {MOST_PHONES} phones"));
            };
            self.phones.remove(&gone);
            self.displaced += 1;
        }
        self.came += 1;
        let phone =
            Phone { address, came: self.came, stream: 0, is_here: false, is_on_its_own: false };
        self.phones.insert(key, phone);
        Ok(gone)
    }

    /// The phone that gives way to a newcomer from this address, if one must.
    fn to_displace(&self, address: IpAddr) -> Option<Key> {
        let mut asleep = self.phones.iter().filter(|(_, it)| it.address == address && !it.is_here);
        if let Some((key, _)) = asleep.next() {
            return Some(*key);
        }
        let by_address = self.by_address();
        let (most, many) = by_address.iter().max_by_key(|(_, many)| **many)?;
        let own = by_address.get(&address).copied().unwrap_or(0);
        if *many <= own + 1 {
            return None;
        }
        let theirs = self.phones.iter().filter(|(_, phone)| phone.address == *most);
        theirs.max_by_key(|(_, phone)| (!phone.is_here, phone.came)).map(|(key, _)| *key)
    }

    fn by_address(&self) -> BTreeMap<IpAddr, usize> {
        let mut many = BTreeMap::new();
        for phone in self.phones.values() {
            *many.entry(phone.address).or_insert(0) += 1;
        }
        many
    }

    /// Whether this phone has a seat.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.phones.contains_key(&key)
    }

    /// A stream of this phone opens: its number. Earlier streams of the same phone are to end.
    pub(crate) fn listens(&mut self, key: Key) -> Option<u64> {
        let phone = self.phones.get_mut(&key)?;
        self.streams += 1;
        phone.stream = self.streams;
        phone.is_here = true;
        Some(phone.stream)
    }

    /// Whether this is the latest stream of the phone.
    pub(crate) fn is_latest(&self, key: Key, stream: u64) -> bool {
        self.phones.get(&key).is_some_and(|phone| phone.stream == stream)
    }

    /// A stream of this phone has ended.
    pub(crate) fn sleeps(&mut self, key: Key, stream: u64) {
        if let Some(phone) = self.phones.get_mut(&key).filter(|phone| phone.stream == stream) {
            phone.is_here = false;
        }
    }

    /// The phone leaves the class's moment for one of its own, or comes back to it.
    pub(crate) fn set_on_its_own(&mut self, key: Key, is_on_its_own: bool) {
        if let Some(phone) = self.phones.get_mut(&key) {
            phone.is_on_its_own = is_on_its_own;
        }
    }

    /// Phones whose stream is open.
    pub(crate) fn here(&self) -> usize {
        self.phones.values().filter(|phone| phone.is_here).count()
    }

    /// Phones that have a seat, and whose stream is not open.
    pub(crate) fn asleep(&self) -> usize {
        self.phones.len() - self.here()
    }

    /// Phones that are here and play on their own.
    pub(crate) fn on_their_own(&self) -> usize {
        self.phones.values().filter(|phone| phone.is_here && phone.is_on_its_own).count()
    }

    /// The largest number of phones that share one address, this machine's own left out.
    pub(crate) fn most_of_one_address(&self) -> usize {
        let others = self.by_address().into_iter().filter(|(address, _)| !address.is_loopback());
        others.map(|(_, many)| many).max().unwrap_or(0)
    }

    /// Phones that had to give way.
    pub(crate) fn displaced(&self) -> u64 {
        self.displaced
    }
}
