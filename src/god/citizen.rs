//! A citizen hands in petitions and learns from the ledgers which of them passed.
//! `[PTP §1.2, §4.1]`

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::chamber::{Chamber, Messagebook};
use crate::law::Ids;
use crate::synod::Letter;
use crate::words::time::REPLY;
use crate::words::{Decree, DecreeNumber, Message, Minutes, Name};

use super::news::{Herald, Tiding};

/// A citizen, with those of his petitions that no ledger has shown as passed: a *client*.
///
/// He hands each petition to one legislator. If it does not pass in time, he hands it to the next
/// under the same id. The Parliament counts a petition once, even if it comes several times.
#[doc(alias = "client")]
pub struct Citizen {
    name: Name,
    /// The legislators he may turn to, in order.
    legislators: Vec<(Name, Messagebook)>,
    /// The legislator whose messagebook took something last.
    turned_to: usize,
    /// The ids of his petitions not seen passed.
    waiting: Ids,
    /// The number of these.
    count: usize,
    /// His petitions, in the order in which they were last handed in. Some may have passed.
    handed_in: VecDeque<Petition>,
    /// The owners of messagebooks in which his petitions may lie.
    left_with: BTreeSet<Name>,
    /// The owners of messagebooks that did not take his last petition, with the reason.
    shut: BTreeMap<Name, String>,
    /// The herald who tells God of his petitions, if the sitting has one.
    herald: Option<Herald>,
}

/// A decree that he asked for.
struct Petition {
    decree: Decree,
    /// When it was last handed in.
    at: Minutes,
    /// Whether it may lie in some messagebook.
    left: bool,
}

impl Citizen {
    /// A citizen who turns to these legislators, in this order.
    #[must_use]
    pub fn new(name: Name, chamber: &Chamber, legislators: &[Name]) -> Citizen {
        let books = legislators.iter().map(|&name| (name, Messagebook::of(chamber, name)));
        Citizen {
            name,
            legislators: books.collect(),
            turned_to: 0,
            waiting: Ids::default(),
            count: 0,
            handed_in: VecDeque::new(),
            left_with: BTreeSet::new(),
            shut: BTreeMap::new(),
            herald: None,
        }
    }

    /// The citizen's name.
    #[must_use]
    pub fn name(&self) -> Name {
        self.name
    }

    /// Returns this citizen with a herald who tells God of his petitions.
    #[must_use]
    pub fn heard_of_by(self, herald: Herald) -> Citizen {
        Citizen { herald: Some(herald), ..self }
    }

    /// Hands in petitions, in one write. Decrees without an id are left out: without it, two
    /// petitions of the same words cannot be told apart.
    pub fn petition(&mut self, now: Minutes, decrees: Vec<Decree>) {
        let mut petitions = Vec::with_capacity(decrees.len());
        for decree in decrees {
            let Some(id) = decree.petition() else { continue };
            self.count += usize::from(self.waiting.insert(id));
            petitions.push(Petition { decree, at: now, left: false });
        }
        self.hand_in(now, petitions, self.turned_to);
    }

    /// Hands the petitions that have waited longer than a reply takes to the next legislator.
    pub fn insist(&mut self, now: Minutes) {
        let mut late = Vec::new();
        while let Some(petition) = self.handed_in.front() {
            let waits = self.waits(petition);
            if waits && now < petition.at + REPLY {
                break;
            }
            late.extend(self.handed_in.pop_front().filter(|_| waits));
        }
        if !late.is_empty() {
            self.hand_in(now, late, self.next(self.turned_to));
        }
    }

    /// Notes that a decree has passed. True if he was waiting for it.
    pub fn learn(&mut self, decree: &Decree) -> bool {
        let waited = decree.petition().is_some_and(|id| self.waiting.remove(id));
        self.count -= usize::from(waited);
        waited
    }

    /// The number of his petitions that he has not seen passed.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.count
    }

    /// The petitions not seen passed that may lie in a messagebook, and so may still pass, in the
    /// order of their ids.
    #[must_use]
    pub fn awaited(&self) -> Vec<Decree> {
        let left = self.handed_in.iter().filter(|petition| petition.left && self.waits(petition));
        let mut left: Vec<Decree> = left.map(|petition| petition.decree.clone()).collect();
        left.sort_by_key(|it| it.petition().map(|id| (id.len(), id.to_owned())));
        left.dedup_by(|one, other| one.petition() == other.petition());
        left
    }

    fn waits(&self, petition: &Petition) -> bool {
        petition.decree.petition().is_some_and(|id| self.waiting.has(id))
    }

    /// The owners of messagebooks in which his petitions may lie.
    #[must_use]
    pub fn left_with(&self) -> &BTreeSet<Name> {
        &self.left_with
    }

    /// The owners of messagebooks that take no petition, with the reason.
    #[must_use]
    pub fn shut(&self) -> &BTreeMap<Name, String> {
        &self.shut
    }

    /// Whether every messagebook has refused his petitions.
    #[must_use]
    pub fn is_shut_out(&self) -> bool {
        self.left_with.is_empty() && self.shut.len() == self.legislators.len()
    }

    fn next(&self, door: usize) -> usize {
        (door + 1) % self.legislators.len().max(1)
    }

    /// Hands petitions to the first legislator, from this one on, whose messagebook takes them, and
    /// turns to him.
    fn hand_in(&mut self, now: Minutes, mut petitions: Vec<Petition>, from: usize) {
        let message = |it: &Petition| Message::Petition { decree: it.decree.clone() };
        let messages: Vec<Message> = petitions.iter().map(message).collect();
        let mut door = from;
        let mut left = false;
        for _ in 0..self.legislators.len() {
            let Some((to, book)) = self.legislators.get_mut(door) else { break };
            let to = *to;
            let tell = |tiding: fn(Letter) -> Tiding| {
                for herald in self.herald.iter().filter(|herald| herald.is_traced()) {
                    for message in messages.iter().cloned() {
                        herald.tell(now, tiding(Letter { to, message }));
                    }
                }
            };
            tell(Tiding::Sent);
            let taken = book.append(messages.iter().map(|message| (self.name, message)));
            if book.may_hold_what_was_last_appended() {
                self.left_with.insert(to);
                left = true;
            }
            match taken {
                Ok(()) => {
                    self.shut.remove(&to);
                    self.turned_to = door;
                    break;
                }
                Err(error) => {
                    tell(Tiding::Lost);
                    self.shut.insert(to, error.to_string());
                    door = self.next(door);
                }
            }
        }
        for petition in &mut petitions {
            (petition.at, petition.left) = (now, petition.left || left);
        }
        self.handed_in.extend(petitions);
    }
}

/// A decree that has passed, with its number.
pub type Passed = (DecreeNumber, Decree);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;
    use std::path::PathBuf;

    const LEGISLATORS: [&str; 3] = ["Dwork", "Gray", "Oki"];

    /// An event in the life of a citizen's petition.
    #[derive(Clone, Debug)]
    enum Deed {
        /// He hands in the next petition.
        Petitions,
        /// This many tenths of a reply's time pass, and he insists.
        Insists(u64),
        /// The petition at this place passes.
        Learns(usize),
        /// Something else stands in place of a messagebook, or a messagebook does again.
        Turns(usize),
    }

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let deed = prop_oneof![
            Just(Deed::Petitions),
            (0..15_u64).prop_map(Deed::Insists),
            (0..4_usize).prop_map(Deed::Learns),
            (0..3_usize).prop_map(Deed::Turns),
            (0..3_usize).prop_map(Deed::Turns),
        ];
        prop::collection::vec(deed, 1..30)
    }

    /// A citizen's room, as a bystander sees it.
    struct Room {
        chamber: Chamber,
        citizen: Citizen,
        now: Minutes,
        shut: [bool; 3],
        /// Each petition's id, and when it was last handed in; those that passed are gone.
        waiting: Vec<(String, Minutes)>,
        /// The door where he last handed something in.
        turned_to: Option<usize>,
        _directory: tempfile::TempDir,
    }

    impl Room {
        fn new() -> Room {
            let directory = tempfile::tempdir().unwrap();
            let chamber = Chamber::at(directory.path());
            fs::create_dir_all(chamber.messagebooks()).unwrap();
            let names = LEGISLATORS.map(|name| name.parse().unwrap());
            let citizen = Citizen::new("Dolf".parse().unwrap(), &chamber, &names);
            let (now, waiting) = (Minutes::ZERO, Vec::new());
            let (shut, turned_to) = ([false; 3], None);
            Room { chamber, citizen, now, shut, waiting, turned_to, _directory: directory }
        }

        fn book(&self, door: usize) -> PathBuf {
            self.chamber.messagebook(LEGISLATORS[door].parse().unwrap())
        }

        /// How often each messagebook has a petition, also one that something else replaced.
        fn copies(&self, id: &str) -> [usize; 3] {
            [0, 1, 2].map(|door| {
                let kept = [self.book(door), self.book(door).with_extension("kept")];
                let text: String =
                    kept.into_iter().filter_map(|it| fs::read_to_string(it).ok()).collect();
                text.matches(&format!(",{id},")).count()
            })
        }

        fn turn(&mut self, door: usize) {
            let (book, kept) = (self.book(door), self.book(door).with_extension("kept"));
            self.shut[door] = !self.shut[door];
            if self.shut[door] {
                let _ = fs::rename(&book, &kept);
                fs::create_dir(&book).unwrap();
            } else {
                fs::remove_dir(&book).unwrap();
                let _ = fs::rename(&kept, &book);
            }
        }

        /// The petitions that this deed must hand in; it hands in no other.
        fn does(&mut self, deed: &Deed) -> Vec<String> {
            match *deed {
                Deed::Petitions => {
                    let id = format!("Dolf/{}", self.now.in_thousandths() + 1);
                    self.now = self.now + Minutes::thousandths(1);
                    let decree = Decree::of_petition("Goats", &id).unwrap();
                    self.citizen.petition(self.now, vec![decree]);
                    self.waiting.push((id.clone(), self.now));
                    vec![id]
                }
                Deed::Insists(tenths) => {
                    self.now =
                        self.now + Minutes::thousandths(REPLY.in_thousandths() * tenths / 10);
                    let late = |it: &&mut (String, Minutes)| it.1 + REPLY <= self.now;
                    let mut again = Vec::new();
                    for (id, at) in self.waiting.iter_mut().filter(late) {
                        *at = self.now;
                        again.push(id.clone());
                    }
                    self.citizen.insist(self.now);
                    again
                }
                Deed::Learns(place) if place < self.waiting.len() => {
                    let (id, _) = self.waiting.remove(place);
                    assert!(self.citizen.learn(&Decree::of_petition("Goats", &id).unwrap()));
                    vec![]
                }
                Deed::Learns(_) => vec![],
                Deed::Turns(door) => {
                    self.turn(door);
                    vec![]
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        /// Each petition lies behind one door more for each time that he hands it in, as long as
        /// any door is open; he says of no other that it may yet pass.
        #[test]
        fn a_petition_goes_through_one_open_door_each_time(deeds in deeds()) {
            let mut room = Room::new();
            let mut ids: Vec<String> = Vec::new();
            for deed in &deeds {
                let before: Vec<[usize; 3]> = ids.iter().map(|id| room.copies(id)).collect();
                let handed_in = room.does(deed);
                let is_new = |id: &&String| !ids.contains(*id);
                let new: Vec<String> = handed_in.iter().filter(is_new).cloned().collect();
                ids.extend(new);
                let is_open = room.shut.contains(&false);
                let mut doors = BTreeSet::new();
                for (place, id) in ids.iter().enumerate() {
                    let (old, new) = (before.get(place).copied().unwrap_or_default(), room.copies(id));
                    let more: Vec<usize> = (0..3).filter(|&door| new[door] > old[door]).collect();
                    let due = usize::from(is_open && handed_in.contains(id));
                    prop_assert_eq!(new.iter().sum::<usize>(), old.iter().sum::<usize>() + due);
                    doors.extend(more);
                }
                prop_assert!(doors.len() <= 1, "{doors:?}");
                if let Some(&door) = doors.first() {
                    prop_assert!(!room.shut[door], "through a shut door");
                    let name: Name = LEGISLATORS[door].parse().unwrap();
                    prop_assert!(!room.citizen.shut().contains_key(&name), "called shut");
                    let is_alone = room.shut.iter().filter(|shut| !**shut).count() == 1;
                    if matches!(deed, Deed::Insists(_)) && !is_alone {
                        prop_assert_ne!(room.turned_to, Some(door), "he insists at the same door");
                    }
                    room.turned_to = Some(door);
                }
                let lies = |id: &String| room.copies(id).iter().sum::<usize>() > 0;
                let left: BTreeSet<&String> =
                    room.waiting.iter().map(|(id, _)| id).filter(|id| lies(id)).collect();
                let awaited = room.citizen.awaited();
                let awaited: BTreeSet<String> =
                    awaited.iter().filter_map(|it| it.petition().map(str::to_owned)).collect();
                prop_assert_eq!(awaited.iter().collect::<BTreeSet<_>>(), left);
                prop_assert!(!room.citizen.is_shut_out() || !ids.iter().any(lies), "some lie there");
                let at_all_doors = !is_open && !handed_in.is_empty();
                prop_assert!(!at_all_doors || room.citizen.is_shut_out() || ids.iter().any(lies));
            }
        }
    }
}
