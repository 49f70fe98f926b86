//! raft-rs: three members in memory, messages handed on as values.

use std::error::Error;

use raft::eraftpb::{ConfState, Message};
use raft::storage::MemStorage;
use raft::{Config, RawNode, StateRole};

use crate::decree;

struct Member {
    node: RawNode<MemStorage>,
    /// How many decrees were committed here.
    committed: usize,
}

/// Has them agree on this many decrees, at most `window` of them at once.
pub fn agree(decrees: usize, window: usize) -> Result<(), Box<dyn Error>> {
    let ids = vec![1, 2, 3];
    let mut members = Vec::new();
    for &id in &ids {
        let storage = MemStorage::new_with_conf_state(ConfState::from((ids.clone(), vec![])));
        // Many entries to a message, as its authors advise.
        let (max_size_per_msg, max_inflight_msgs) = (1 << 20, 256);
        let config = Config { id, max_size_per_msg, max_inflight_msgs, ..Default::default() };
        let node = RawNode::new(&config, storage, &raft::default_logger())?;
        members.push(Member { node, committed: 0 });
    }
    members[0].node.campaign()?;
    while members[0].node.raft.state != StateRole::Leader {
        deliver(&mut members)?;
    }
    let mut proposed = 0;
    while members.iter().any(|member| member.committed < decrees) {
        while proposed < decrees && proposed < members[0].committed + window {
            proposed += 1;
            members[0].node.propose(vec![], decree(proposed).into_bytes())?;
        }
        // A follower hears with the next message what is committed: a heartbeat tells it last.
        if !deliver(&mut members)? {
            members[0].node.ping();
        }
    }
    Ok(())
}

/// Every member does what it has to, and every message reaches its member, once; whether there
/// was any.
fn deliver(members: &mut [Member]) -> Result<bool, Box<dyn Error>> {
    let mut under_way = Vec::new();
    for member in members.iter_mut() {
        member.act(&mut under_way)?;
    }
    let was_any = !under_way.is_empty();
    for message in under_way {
        let to = message.to as usize - 1;
        members[to].node.step(message)?;
    }
    Ok(was_any)
}

impl Member {
    /// Stores what is to be stored, and sends what is to be sent.
    fn act(&mut self, under_way: &mut Vec<Message>) -> Result<(), Box<dyn Error>> {
        if !self.node.has_ready() {
            return Ok(());
        }
        let mut ready = self.node.ready();
        under_way.append(&mut ready.take_messages());
        self.committed += count(&ready.take_committed_entries());
        let store = self.node.store().clone();
        if !ready.entries().is_empty() {
            store.wl().append(ready.entries())?;
        }
        if let Some(state) = ready.hs() {
            store.wl().set_hardstate(state.clone());
        }
        under_way.append(&mut ready.take_persisted_messages());
        let mut light = self.node.advance(ready);
        if let Some(commit) = light.commit_index() {
            store.wl().mut_hard_state().set_commit(commit);
        }
        under_way.append(&mut light.take_messages());
        self.committed += count(&light.take_committed_entries());
        self.node.advance_apply();
        Ok(())
    }
}

/// How many of these are decrees: a new leader's first entry is empty.
fn count(entries: &[raft::eraftpb::Entry]) -> usize {
    entries.iter().filter(|entry| !entry.data.is_empty()).count()
}
