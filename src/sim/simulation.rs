//! The handle on a simulated AWS.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use tokio::time::Instant;

use super::call::Call;
use super::fault::{Fault, Faults};
use super::lag::Past;
use super::ports::SimulatedCloud;
use super::quotas::Quotas;
use super::random_faults::RandomFaults;
use super::settings::SimulationSettings;
use super::world::{Moment, World};
use crate::cloud::{CloudProvider, Connection, Result};

/// A simulated AWS. Clones share one world.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub(super) state: Rc<RefCell<State>>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) world: World,
    pub(super) faults: Faults,
    pub(super) calls: Calls,
    pub(super) quotas: Quotas,
    /// How often each operation was throttled.
    pub(super) throttles: BTreeMap<&'static str, usize>,
    /// Until when Organizations is at the last change that it was asked for.
    pub(super) changing_until: Moment,
    pub(super) past: Past,
    /// Where the world is saved.
    pub(super) file: Option<PathBuf>,
    /// Whether the world has changed since it was saved.
    pub(super) unsaved: bool,
    /// The world's time `since`.
    began: Moment,
    since: Instant,
}

/// The calls that reached AWS.
#[derive(Debug, Default)]
pub(super) struct Calls {
    log: Vec<Call>,
    counts: BTreeMap<&'static str, usize>,
}

impl Calls {
    pub(super) fn add(&mut self, call: &Call, keep: bool) {
        *self.counts.entry(call.operation).or_default() += 1;
        if keep {
            self.log.push(call.clone());
        }
    }
}

impl Simulation {
    /// The organization that [`Simulation::new`] simulates.
    pub const ORGANIZATION: &'static str = "o-simulated01";
    /// Its management account.
    pub const MANAGEMENT_ACCOUNT: &'static str = "111111111111";

    /// An organization that has nothing but its management account.
    pub fn new(settings: SimulationSettings) -> Self {
        let organization =
            Self::ORGANIZATION.parse().expect("the organization's id is well-formed");
        let management =
            Self::MANAGEMENT_ACCOUNT.parse().expect("the management account's id is well-formed");
        let mut world = World::new(organization, management, None);
        world.settings = settings;
        Self::on(world, None)
    }

    /// A simulation that goes on from a world: one that was looked at with [`Simulation::world`] and cloned.
    pub fn of(world: World) -> Self {
        Self::on(world, None)
    }

    /// A simulation that goes on from `world`, and saves it in `file`.
    pub(super) fn on(world: World, file: Option<PathBuf>) -> Self {
        let state = State {
            began: world.clock,
            world,
            faults: Faults::default(),
            calls: Calls::default(),
            quotas: Quotas::default(),
            throttles: BTreeMap::new(),
            changing_until: Moment::default(),
            past: Past::default(),
            file,
            unsaved: false,
            since: Instant::now(),
        };
        Self { state: Rc::new(RefCell::new(state)) }
    }

    /// A connection as avm makes it, with AWS's usual role name, and `eu-west-1` for everything global.
    pub fn cloud(&self) -> SimulatedCloud {
        let role = "OrganizationAccountAccessRole".parse().expect("AWS's own role name");
        SimulatedCloud::new(self.clone(), role, "eu-west-1".parse().expect("a region"))
    }

    /// Adds a fault to come.
    pub fn fault(&self, fault: Fault) {
        self.state.borrow_mut().faults.add(fault);
    }

    /// Whether the process has died of a fault: what it was at goes no further.
    pub fn has_died(&self) -> bool {
        self.state.borrow().faults.dead()
    }

    /// Faults at random from now on, until [`Simulation::revive`].
    pub fn faults_at_random(&self, faults: RandomFaults) {
        self.state.borrow_mut().faults.at_random(faults);
    }

    /// Forgets all faults to come, and undoes the death of the process: what follows is a new one.
    pub fn revive(&self) {
        self.state.borrow_mut().faults.clear();
    }

    /// The calls that reached AWS so far, unless the settings say that they are only counted.
    pub fn calls(&self) -> Vec<Call> {
        self.state.borrow().calls.log.clone()
    }

    /// How often each operation was called so far.
    pub fn call_counts(&self) -> BTreeMap<&'static str, usize> {
        self.state.borrow().calls.counts.clone()
    }

    /// How often each operation was answered with a throttle so far, by quota or by fault.
    pub fn throttles(&self) -> BTreeMap<&'static str, usize> {
        self.state.borrow().throttles.clone()
    }

    /// Forgets the calls and throttles so far.
    pub fn forget_calls(&self) {
        let state = &mut *self.state.borrow_mut();
        state.calls = Calls::default();
        state.throttles.clear();
    }

    /// The world's time. What is due by now may not have happened yet.
    pub(super) fn now(&self) -> Moment {
        let state = self.state.borrow();
        state.began.after(state.since.elapsed())
    }

    /// Lets everything happen that is due by now.
    pub(super) fn settle(&self) {
        let state = &mut *self.state.borrow_mut();
        let now = state.began.after(state.since.elapsed());
        if state.world.agenda.is_due(now) {
            state.keep_past();
        }
        state.unsaved |= state.world.settle(now);
    }
}

impl CloudProvider for Simulation {
    type Cloud = SimulatedCloud;

    async fn connect(&self, connection: &Connection) -> Result<SimulatedCloud> {
        let cloud = SimulatedCloud::new(
            self.clone(),
            connection.access_role.clone(),
            connection.home.clone(),
        );
        Ok(SimulatedCloud { protection: connection.protection.clone(), ..cloud })
    }
}
