//! The one door to the simulated AWS.

use super::fault::FaultKind;
use super::ports::SimulatedCloud;
use super::refusal::Answer;
use super::world::World;
use super::{accounts, sandbox};
use crate::cloud::{CloudError, ErrorKind, Result};
use crate::model::{AccountId, Region, Target};

/// A call, as AWS's own log would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service and operation: `cloudformation:CreateStack`.
    pub operation: &'static str,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The region that is asked; `None` for services that are global.
    pub region: Option<Region>,
    /// Whether it can change anything.
    pub mutating: bool,
}

impl Call {
    /// A call that changes nothing.
    pub(super) fn read(operation: &'static str) -> Self {
        Self { operation, account: None, region: None, mutating: false }
    }

    /// A call that may change something.
    pub(super) fn write(operation: &'static str) -> Self {
        Self { mutating: true, ..Self::read(operation) }
    }

    pub(super) fn about(self, account: &AccountId) -> Self {
        Self { account: Some(account.clone()), ..self }
    }

    pub(super) fn at(self, target: &Target) -> Self {
        Self { region: Some(target.region.clone()), ..self.about(&target.account) }
    }

    pub(super) fn error(
        &self,
        kind: ErrorKind,
        code: &str,
        message: impl Into<String>,
    ) -> CloudError {
        let error = CloudError::new(kind, self.operation, code, message);
        match &self.account {
            Some(account) => error.at(account, self.region.as_ref()),
            None => error,
        }
    }
}

impl SimulatedCloud {
    /// Carries a call to the world as it is when the call arrives, and its answer back.
    pub(super) async fn call<T>(
        &self,
        call: Call,
        effect: impl FnOnce(&mut World) -> Answer<T>,
    ) -> Result<T> {
        let simulation = &self.simulation;
        if simulation.state.borrow().faults.dead() {
            return Err(FaultKind::Die.error(&call));
        }
        simulation.latency().await;
        simulation.settle();

        let state = &mut *simulation.state.borrow_mut();
        let fault = state.faults.strike(&call);
        if fault == Some(FaultKind::Die) {
            return Err(FaultKind::Die.error(&call));
        }
        state.calls.add(&call, state.world.settings.keep_calls);
        if let Some(fault) = fault.filter(|fault| *fault != FaultKind::LostAnswer) {
            return Err(fault.error(&call));
        }
        let world = &mut state.world;
        let answer = accounts::admit(world, &call, &self.role)
            .and_then(|()| effect(world))
            .map_err(|refusal| call.error(refusal.kind, refusal.code, refusal.message));
        state.unsaved |= call.mutating;
        if let Some(file) = state.file.as_ref().filter(|_| state.unsaved) {
            sandbox::save(world, file).map_err(sandbox::error)?;
            state.unsaved = false;
        }
        match fault {
            Some(fault) => Err(fault.error(&call)),
            None => answer,
        }
    }

    /// A call inside an account, with a session of the access role there.
    pub(super) async fn call_at<T>(
        &self,
        target: &Target,
        call: Call,
        effect: impl FnOnce(&mut World) -> Answer<T>,
    ) -> Result<T> {
        self.assume_role(&target.account).await?;
        self.call(call.at(target), effect).await
    }
}
