//! Legislators, each with a God of his own: in one directory, or each on a machine of his own, whose
//! courier is the program.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parliament::chamber::Chamber;
use parliament::chamber::messenger::Roads;
use parliament::god::parliament::{Assembly, Manner, pass};
use parliament::god::{Citizen, Convening, Curiosity, Tiding};
use parliament::words::{Decree, Entry, Founding, Minutes, Name};

/// A Paxon minute, as docs/sea.md advises.
const MINUTE: Duration = Duration::from_millis(100);
/// The longest wait for one decree.
const PATIENCE: Duration = Duration::from_secs(60);

/// The result of a step, or why it failed.
pub type Done<T> = Result<T, Box<dyn Error>>;

/// A directory, and the legislator who lives there.
struct Shore {
    root: PathBuf,
    priest: Name,
    courier: Option<Child>,
    sitting: Option<Sitting>,
    asked: usize,
}

/// A priest inside, and the decrees as they come to stand in his ledger.
struct Sitting {
    ends: Arc<AtomicBool>,
    thread: JoinHandle<Assembly>,
    inked: Receiver<Decree>,
}

/// A Parliament, and where its parts lie.
pub struct Shores {
    _room: tempfile::TempDir,
    founding: Founding,
    all: Vec<Shore>,
}

/// `parliament-sea` in this directory.
fn sea(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parliament-sea"));
    command.arg("--chamber").arg(root).stdin(Stdio::null()).stderr(Stdio::inherit());
    command
}

const LOOPBACK: [&str; 3] = ["--no-mdns", "--listen", "127.0.0.1"];

impl Shores {
    /// All in one directory, without a courier.
    pub fn in_one_directory(founding: &Founding) -> Done<Shores> {
        let room = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        Chamber::at(room.path()).found(founding)?;
        let root = |_: Name| room.path().to_owned();
        let all = founding.membership.names().map(|it| Shore::of(root(it), it)).collect();
        Ok(Shores { _room: room, founding: founding.clone(), all })
    }

    /// Each in a directory of his own, joined by one ticket. All join at once.
    pub fn on_machines(founding: &Founding) -> Done<Shores> {
        let room = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let mut all = Vec::new();
        for priest in founding.membership.names() {
            let root = room.path().join(priest.as_str());
            std::fs::create_dir(&root)?;
            all.push(Shore::of(root, priest));
        }
        let (founder, others) = all.split_first_mut().ok_or("nobody is founded")?;
        let names: Vec<&str> = founding.membership.names().map(|it| it.as_str()).collect();
        let mut found = sea(&founder.root);
        found.args(["found", "--priests", &names.join(","), "--here", founder.priest.as_str()]);
        found.args(["--alpha", &founding.alpha.to_string()]).args(LOOPBACK);
        let told = String::from_utf8(found.output()?.stdout)?;
        let ticket = told.lines().find(|it| it.starts_with("PARLIAMENT")).ok_or("no ticket")?;
        founder.carry()?;
        let mut joining = Vec::new();
        for it in others.iter() {
            let mut join = sea(&it.root);
            join.args(["join", ticket, "--as", it.priest.as_str()]).args(LOOPBACK);
            joining.push(join.stdout(Stdio::null()).spawn()?);
        }
        for mut it in joining {
            if !it.wait()?.success() {
                return Err("one could not join".into());
            }
        }
        others.iter_mut().try_for_each(Shore::carry)?;
        Ok(Shores { _room: room, founding: founding.clone(), all })
    }

    /// Every priest comes in.
    pub fn sit(&mut self) -> Done<()> {
        let founding = self.founding.clone();
        self.all.iter_mut().try_for_each(|it| it.sit(&founding))
    }

    /// Asks here for decrees, one after the other: how long each took until it stood in the ledger of
    /// the one who was asked.
    pub fn one_by_one(&mut self, whose: usize, many: usize) -> Done<Vec<Duration>> {
        self.all[whose].one_by_one(many)
    }

    /// Asks the last, who presides, for many decrees at once: how long it took until all stood in his
    /// ledger. He leaves then.
    pub fn in_bulk(&mut self, many: usize) -> Done<Duration> {
        let last = self.all.last_mut().ok_or("nobody is there")?;
        last.in_bulk(many)
    }

    /// The processes of the couriers.
    pub fn couriers(&self) -> Vec<u32> {
        self.all.iter().filter_map(|it| Some(it.courier.as_ref()?.id())).collect()
    }
}

impl Shore {
    fn of(root: PathBuf, priest: Name) -> Shore {
        Shore { root, priest, courier: None, sitting: None, asked: 0 }
    }

    fn carry(&mut self) -> Done<()> {
        let mut carry = sea(&self.root);
        carry.args(["carry", "--quiet"]).args(LOOPBACK).stdout(Stdio::null());
        self.courier = Some(carry.spawn()?);
        Ok(())
    }

    fn sit(&mut self, founding: &Founding) -> Done<()> {
        let convening = Convening {
            chamber: Chamber::at(&self.root),
            priests: vec![self.priest],
            roads: Roads { lose: 0.0, repeat: 0.0, delay_minutes: (Minutes::ZERO, Minutes::ZERO) },
            seed: 7,
            minute: MINUTE,
            poll: false,
            curiosity: Curiosity::Decrees,
            trace: None,
        };
        let manner = Manner { silent: true, ..Manner::default() };
        let mut assembly = Assembly::convene(&convening, founding.clone(), manner)?;
        let ends = Arc::new(AtomicBool::new(false));
        let (send, inked) = channel();
        let stop = Arc::clone(&ends);
        let thread = std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let decrees = match assembly.hear().map(|news| news.what) {
                    Some(Tiding::Inked(Entry::Outcome { decree, .. })) => vec![decree],
                    Some(Tiding::Knows(all)) => all.into_iter().map(|it| it.1).collect(),
                    _ => Vec::new(),
                };
                decrees.into_iter().for_each(|it| drop(send.send(it)));
            }
            assembly
        });
        self.sitting = Some(Sitting { ends, thread, inked });
        Ok(())
    }

    fn citizen(&self) -> Done<Citizen> {
        let name = format!("Dolf-of-{}", self.priest).parse()?;
        Ok(Citizen::new(name, &Chamber::at(&self.root), &[self.priest]))
    }

    fn wishes(&mut self, many: usize) -> Done<Vec<Decree>> {
        let begun = self.asked;
        self.asked += many;
        let wish = |i| {
            let id = format!("Dolf-of-{}/{i}", self.priest);
            Decree::of_petition(&format!("The olive tax of year {i} is 3"), &id)
        };
        Ok((begun..begun + many).map(wish).collect::<Result<_, _>>()?)
    }

    fn one_by_one(&mut self, many: usize) -> Done<Vec<Duration>> {
        let mut citizen = self.citizen()?;
        let wishes = self.wishes(many)?;
        let sitting = self.sitting.as_ref().ok_or("he is not inside")?;
        let mut took = Vec::new();
        for wish in wishes {
            let began = Instant::now();
            citizen.petition(Minutes::ZERO, vec![wish.clone()]);
            let mut asked = Instant::now();
            loop {
                match sitting.inked.recv_timeout(Duration::from_millis(500)) {
                    Ok(decree) if decree.petition() == wish.petition() => break,
                    _ if began.elapsed() > PATIENCE => return Err("a decree did not pass".into()),
                    _ if asked.elapsed() > Duration::from_secs(2) => {
                        citizen.petition(Minutes::ZERO, vec![wish.clone()]);
                        asked = Instant::now();
                    }
                    _ => {}
                }
            }
            took.push(began.elapsed());
        }
        Ok(took)
    }

    fn in_bulk(&mut self, many: usize) -> Done<Duration> {
        let (citizen, wishes) = (self.citizen()?, self.wishes(many)?);
        let Sitting { ends, thread, .. } = self.sitting.take().ok_or("he is not inside")?;
        ends.store(true, Ordering::Relaxed);
        let assembly = thread.join().map_err(|_| "a God died")?;
        let within = Minutes::whole(1_000_000);
        let (never, began) = (AtomicBool::new(false), Instant::now());
        let passage = pass(assembly, citizen, wishes, within, &never, |_| None, |_, _| {});
        match passage.is_complete() {
            true => Ok(began.elapsed()),
            false => Err(format!("only {} of {many} passed", passage.passed.len()).into()),
        }
    }
}

impl Drop for Shore {
    fn drop(&mut self) {
        if let Some(Sitting { ends, thread, .. }) = self.sitting.take() {
            ends.store(true, Ordering::Relaxed);
            if let Ok(assembly) = thread.join() {
                drop(assembly.close());
            }
        }
        if let Some(mut courier) = self.courier.take() {
            drop(courier.kill());
            drop(courier.wait());
        }
    }
}
