//! Where nothing watches the messagebooks, a knock says only that a letter may have come. The letters
//! are those in the file, and they are found without a knock too.
#![cfg(feature = "files")]

use std::fs;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parliament::chamber::Chamber;
use parliament::chamber::messenger::Roads;
use parliament::god::{Convening, Curiosity, Knock, Sitting};
use parliament::synod::{Decree, DecreeNumber, Deed, Founding, Message, Minutes, Mortal, Name};

/// A deed of the priest: he reads a letter, or he has read all and looks at his hourglass.
#[derive(PartialEq, Debug)]
enum Did {
    Read(Message),
    Looked,
}

/// A priest who tells what he does.
struct Told {
    name: Name,
    does: Sender<Did>,
}

impl Mortal for Told {
    fn name(&self) -> Name {
        self.name
    }

    fn enter(&mut self, _: Minutes) -> Deed {
        Deed::nothing()
    }

    fn receive(&mut self, _: Minutes, _: Name, message: Message) -> Deed {
        self.does.send(Did::Read(message)).unwrap();
        Deed::nothing()
    }

    fn look_at_hourglass(&mut self, _: Minutes) -> Deed {
        self.does.send(Did::Looked).unwrap();
        Deed::nothing()
    }

    fn alarm(&self) -> Option<Minutes> {
        None
    }

    fn leave(&mut self) {}

    fn outcome(&self, _: DecreeNumber) -> Option<&Decree> {
        None
    }
}

/// The letters that he reads until he has looked into his messagebook once more, from now on.
fn read_soon(done: &Receiver<Did>) -> Vec<Message> {
    let (mut looks, mut letters) = (0, Vec::new());
    // A look may have begun before.
    while looks < 2 {
        match done.recv_timeout(Duration::from_secs(60)).expect("he looks again and again") {
            Did::Looked => looks += 1,
            Did::Read(message) => letters.push(message),
        }
    }
    letters
}

#[test]
fn a_knock_is_a_hint_and_letters_are_those_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let (chamber, oki) = (Chamber::at(dir.path()), "Oki".parse::<Name>().unwrap());
    let founding: Founding = "Gray Oki".parse().unwrap();
    chamber.found(&founding).unwrap();
    let convening = Convening {
        chamber: chamber.clone(),
        priests: vec![oki],
        roads: Roads::default(),
        seed: 1,
        minute: Duration::from_millis(50),
        poll: true,
        curiosity: Curiosity::Decrees,
        trace: None,
    };
    let (does, done) = channel();
    let does = Mutex::new(does);
    let raise = move |name, _: &[_]| Told { name, does: does.lock().unwrap().clone() };
    let sitting = Sitting::convene(&convening, Arc::new(raise)).unwrap();
    for _ in 0..3 {
        sitting.call(oki, Knock::Letters);
        assert_eq!(read_soon(&done), []);
    }
    let header = "from,code,ballot,decree,message,number,vote,of,petition,at";
    let row = "Dolf,6,,Dolf may keep a cow,,,,,Dolf/1,";
    fs::write(chamber.messagebook(oki), format!("{header}\n{row}\n")).unwrap();
    let by_hand = (0..2).flat_map(|_| read_soon(&done)).collect::<Vec<_>>();
    let decree = Decree::new("Dolf may keep a cow").unwrap().petitioned("Dolf/1").unwrap();
    assert_eq!(by_hand, [Message::Petition { decree }]);
    sitting.call(oki, Knock::Letters);
    assert_eq!(read_soon(&done), []);
    sitting.close().2.unwrap();
}
