//! What all questions of one look at AWS share.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::{OnceCell as AsyncCell, Semaphore};

use super::observe::ObserveLimits;
use super::outputs::Outputs;
use super::shared::{Known, Shared};
use super::state::{DeployedTemplate, ObservedSettings, ObservedStack};
use crate::cloud::{CloudReader, Stack};
use crate::desired::{DesiredAccount, DesiredKey, DesiredState, DesiredValue};
use crate::model::StackName;
use crate::template::{DIGEST_OUTPUT, Digest, Template};

/// A template that is read once; `None` if it is not what its digest says.
type ReadTemplate = AsyncCell<Option<Arc<Template>>>;

/// One look at AWS.
#[derive(Debug)]
pub(super) struct Reading<'a, C> {
    pub(super) cloud: &'a C,
    pub(super) desired: &'a DesiredState,
    pub(super) limits: ObserveLimits,
    /// The outputs of other accounts that decide what has to be asked in a region.
    pub(super) outputs: OnceCell<Outputs>,
    /// The settings of regions that were seen so far.
    pub(super) settings: Known<ObservedSettings>,
    /// The stacks that were seen so far, by name.
    stacks: RefCell<BTreeMap<StackName, Rc<Known<ObservedStack>>>>,
    /// The outputs that are taken by somebody, by stack; those of other stacks are not kept.
    taken: BTreeMap<&'a StackName, BTreeSet<&'a str>>,
    /// Room for calls that are under way.
    room: Semaphore,
    /// The templates that were read, by the digests that stacks carry.
    templates: RefCell<BTreeMap<Digest, Rc<ReadTemplate>>>,
}

impl<'a, C: CloudReader> Reading<'a, C> {
    /// A look at what `accounts` want to know, which are some of those that are desired.
    pub(super) fn new(
        cloud: &'a C,
        desired: &'a DesiredState,
        accounts: impl IntoIterator<Item = &'a DesiredAccount>,
        limits: ObserveLimits,
    ) -> Self {
        Self {
            cloud,
            desired,
            limits,
            outputs: OnceCell::new(),
            settings: Known::default(),
            stacks: RefCell::default(),
            taken: taken(accounts),
            room: Semaphore::new(limits.calls.clamp(1, Semaphore::MAX_PERMITS)),
            templates: RefCell::default(),
        }
    }

    /// Asks a question as soon as there is room for it; whoever has waited longest comes first. A question that takes
    /// several calls makes them one after the other.
    pub(super) async fn ask<T>(&self, question: impl Future<Output = T>) -> T {
        // The semaphore is never closed.
        let _room = self.room.acquire().await;
        question.await
    }

    /// What a plan needs of a stack, kept once for all places where it is the same.
    pub(super) fn keep(&self, mut seen: ObservedStack) -> Shared<ObservedStack> {
        let Stack { name, id, outputs, .. } = &mut seen.stack;
        id.clear();
        let taken = self.taken.get(&*name);
        let tells = matches!(seen.template, DeployedTemplate::NotRead);
        outputs.retain(|key, _| {
            taken.is_some_and(|taken| taken.contains(key.as_str()))
                || (tells && key == DIGEST_OUTPUT)
        });
        let name = name.clone();
        let known = Rc::clone(self.stacks.borrow_mut().entry(name).or_default());
        known.share(seen)
    }

    /// As many accounts as have to be at work to keep all room taken: an account asks for little before it asks for
    /// all its regions, and every account at work takes memory.
    pub(super) fn accounts(&self) -> usize {
        (self.limits.calls / 8).max(8)
    }

    /// The template that a stack with this digest has: `read` from this stack, or from another one with the same
    /// digest, if that turned out to be true there.
    pub(super) async fn template(
        &self,
        digest: &Digest,
        read: impl Future<Output = DeployedTemplate>,
    ) -> DeployedTemplate {
        let known = Rc::clone(self.templates.borrow_mut().entry(digest.clone()).or_default());
        let (mut read, mut own) = (pin!(read), None);
        let shared = known.get_or_init(async || {
            let seen = read.as_mut().await;
            let shared = match &seen {
                DeployedTemplate::Whole(whole) => Some(whole).filter(|it| it.digest() == digest),
                DeployedTemplate::Digest(_)
                | DeployedTemplate::Unreadable(_)
                | DeployedTemplate::NotRead => None,
            };
            let shared = shared.cloned();
            own = Some(seen);
            shared
        });
        let shared = shared.await.clone();
        match (own, shared) {
            (Some(seen), _) => seen,
            (None, Some(shared)) => DeployedTemplate::Whole(shared),
            (None, None) => read.await,
        }
    }
}

/// The outputs that accounts take from stacks, their own or others'.
fn taken<'a>(
    accounts: impl IntoIterator<Item = &'a DesiredAccount>,
) -> BTreeMap<&'a StackName, BTreeSet<&'a str>> {
    let mut taken = BTreeMap::<_, BTreeSet<_>>::new();
    for account in accounts {
        if let Some(DesiredKey::Output { stack, key, .. }) = &account.ebs_key {
            taken.entry(stack).or_default().insert(key.as_str());
        }
        for value in account.stacks.iter().flat_map(|stack| stack.parameters.values()) {
            if let DesiredValue::Output { stack, key, .. } = value {
                taken.entry(stack).or_default().insert(key.as_str());
            }
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;
    use crate::desired::{load, write_starter};
    use crate::observed::Depth;
    use crate::sim::{Simulation, SimulationSettings};

    #[tokio::test(start_paused = true)]
    async fn no_more_is_under_way_than_there_is_room_for() {
        let simulation = Simulation::new(SimulationSettings::default());
        let folder = tempfile::tempdir().unwrap();
        write_starter(folder.path()).unwrap();
        let (cloud, desired) = (simulation.cloud(), load(folder.path()).unwrap().state);
        let limits = ObserveLimits { calls: 3, depth: Depth::Digest };
        let reading = Reading::new(&cloud, &desired, desired.accounts.values(), limits);
        let (now, most) = (Cell::new(0), Cell::new(0));
        let question = async || {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            #[expect(clippy::disallowed_methods, reason = "a call takes its time")]
            tokio::time::sleep(Duration::from_secs(1)).await;
            now.set(now.get() - 1);
        };
        join_all((0..10).map(|_| reading.ask(question()))).await;
        assert_eq!(most.get(), 3);
    }
}
