//! OmniPaxos: three members in memory, messages handed on as values.

use std::error::Error;

use omnipaxos::macros::Entry;
use omnipaxos::messages::Message;
use omnipaxos::{ClusterConfig, OmniPaxos, ServerConfig};
use omnipaxos_storage::memory_storage::MemoryStorage;

use crate::decree;

#[derive(Clone, Debug, Entry)]
struct Decree {
    #[expect(dead_code, reason = "it is kept, and nobody reads it")]
    text: String,
}

type Member = OmniPaxos<Decree, MemoryStorage<Decree>>;

/// Has them agree on this many decrees, at most `window` of them at once.
pub fn agree(decrees: usize, window: usize) -> Result<(), Box<dyn Error>> {
    let nodes = vec![1, 2, 3];
    let cluster = ClusterConfig { configuration_id: 1, nodes: nodes.clone(), ..Default::default() };
    let mut members = Vec::new();
    for pid in nodes {
        let config = ServerConfig { pid, ..Default::default() };
        members.push(cluster.clone().build_for_server(config, MemoryStorage::default())?);
    }
    let leads = |member: &Member| {
        let leader = member.get_current_leader();
        leader.is_some_and(|(leader, is_ready)| is_ready && leader == member.get_pid())
    };
    while !members.iter().any(leads) {
        members.iter_mut().for_each(Member::tick);
        deliver(&mut members);
    }
    let leader = members.iter().position(leads).ok_or("nobody leads")?;
    let mut proposed = 0;
    while members.iter().any(|member| member.get_decided_idx() < decrees) {
        let decided = members[leader].get_decided_idx();
        while proposed < decrees && proposed < decided + window {
            proposed += 1;
            members[leader]
                .append(Decree { text: decree(proposed) })
                .map_err(|it| format!("{it:?}"))?;
        }
        deliver(&mut members);
    }
    Ok(())
}

/// Every message that is under way reaches its member, once.
fn deliver(members: &mut [Member]) {
    let mut under_way: Vec<Message<Decree>> = Vec::new();
    members.iter_mut().for_each(|member| member.take_outgoing_messages(&mut under_way));
    for message in under_way {
        let to = message.get_receiver() as usize - 1;
        members[to].handle_incoming(message);
    }
}
