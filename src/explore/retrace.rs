//! From the last state met back to the first: the run that led there.

use std::collections::BTreeMap;

use super::scope::ScopeError;
use super::situations::Code;
use super::story::{Chapter, Story};
use super::worlds::{Came, Search, World};
use crate::invariants::Breach;
use crate::words::ballot::SYNODS_DECREE;

impl Search<'_> {
    /// The run that led to the last state met, in which these rules are broken.
    pub(super) fn tell(mut self, breaches: Vec<Breach>) -> Result<Story, ScopeError> {
        let mut path = vec![self.came.len() - 1];
        while let Some(&at) = path.last()
            && at != 0
        {
            path.push(self.came[at].from as usize);
        }
        path.reverse();
        let (mut chapters, mut history) = (Vec::new(), 0);
        for hop in path.windows(2) {
            let (before, after) =
                (World::unpack(self.visited.get(hop[0])), World::unpack(self.visited.get(hop[1])));
            let Came { who, code, .. } = self.came[hop[1]];
            let who = usize::from(who);
            let events = self.events(&before, &after, who, Code(code))?;
            for &(situation, code) in &events {
                let event = self.situations.event(code);
                let situation = self.situations.situation(who, situation);
                chapters.push(Chapter::tell(situation, event, code.power(), self.of.creed));
            }
            let Some(&(situation, code)) = events.last() else { continue };
            let Some(id) = self.situations.ask(who, situation, code)? else { continue };
            let sighting = self.situations.answer(id).sighting;
            let (name, rows) = self.situations.sighting(sighting);
            history = self.chronicle.after(history, sighting, name, rows);
        }
        let ballots = BTreeMap::from([(SYNODS_DECREE, self.chronicle.ballots(history).to_vec())]);
        Ok(Story { founding: self.of.scope.founding(), chapters, breaches, ballots })
    }

    /// The events from one state to the next: what was read in silence, then what was done.
    fn events(
        &mut self,
        before: &World,
        after: &World,
        who: usize,
        code: Code,
    ) -> Result<Vec<(u16, Code)>, ScopeError> {
        let silent = self.of.by_deeds && !code.is_own_time();
        let readings = if silent { self.readings(before, who)? } else { Vec::new() };
        for (at, reading) in readings.iter().enumerate() {
            let mut world = *before;
            world.situations[who] = reading.situation;
            let Some(id) = self.situations.ask(who, reading.situation, code)? else { continue };
            let leads = self.after(&world, who, code, id);
            if leads.is_some_and(|(next, _)| next.pack() == after.pack()) {
                let mut events = vec![(reading.situation, code)];
                let mut at = at;
                while let Some((earlier, read)) = readings[at].last {
                    events.push((readings[earlier].situation, read));
                    at = earlier;
                }
                events.reverse();
                return Ok(events);
            }
        }
        Ok(vec![(before.situations[who], code)])
    }
}
