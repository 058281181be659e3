//! What a part of AWS sees that has not heard of the latest changes.

use std::collections::VecDeque;

use super::call::Call;
use super::fault::FaultKind;
use super::refusal::Answer;
use super::simulation::State;
use super::world::{Moment, World};

/// The world before each of the changes that not all of AWS has heard of, oldest first. Kept only while there is a
/// fault that asks for it.
#[derive(Debug, Default)]
pub(super) struct Past(VecDeque<(Moment, Box<World>)>);

impl State {
    /// Keeps the world as it is before a call changes it.
    pub(super) fn remember(&mut self, call: &Call) {
        if call.mutating {
            self.keep_past();
        }
    }

    /// Keeps the world as it is before it changes.
    pub(super) fn keep_past(&mut self) {
        if !self.faults.looks_back() {
            return;
        }
        let now = self.world.clock;
        self.past.0.push_back((now, Box::new(self.world.clone())));
        self.forget_past();
    }

    /// Answers a question from the world before the changes that are too new to be known everywhere.
    pub(super) fn seen_late<T>(
        &mut self,
        question: impl FnOnce(&mut World) -> Answer<T>,
    ) -> Answer<T> {
        self.forget_past();
        match self.past.0.front() {
            Some((_, world)) => question(&mut World::clone(world)),
            None => question(&mut self.world),
        }
    }

    fn forget_past(&mut self) {
        let now = self.world.clock;
        while self.past.0.front().is_some_and(|(at, _)| at.after(FaultKind::LAG) <= now) {
            self.past.0.pop_front();
        }
    }
}
