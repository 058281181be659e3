//! Faults to come: which calls go wrong, and how.

use super::gate::Call;
use crate::cloud::{CloudError, ErrorKind};
use crate::model::{AccountId, Region};

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// AWS says that there are too many calls; nothing happens.
    Throttle,
    /// AWS says that it failed; nothing happens.
    ServerError,
    /// The call takes effect, but its answer does not arrive.
    LostAnswer,
    /// The call does not reach AWS. The caller sees the same as with a lost answer.
    DropBefore,
    /// AWS says that the caller may not do this.
    AccessDenied,
    /// The process dies: this call and all later ones fail and reach nothing, until
    /// [`Simulation::revive`](super::Simulation::revive).
    Die,
}

/// A fault to come. Without further words it strikes the next call, once.
#[derive(Clone, Debug)]
pub struct Fault {
    kind: FaultKind,
    operation: Option<String>,
    account: Option<AccountId>,
    region: Option<Region>,
    spared: usize,
    times: usize,
}

impl Fault {
    /// A fault of `kind`.
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, operation: None, account: None, region: None, spared: 0, times: 1 }
    }

    /// Only calls of this operation: `cloudformation:CreateStack`.
    #[must_use]
    pub fn on(self, operation: &str) -> Self {
        Self { operation: Some(operation.to_owned()), ..self }
    }

    /// Only calls about this account.
    #[must_use]
    pub fn in_account(self, account: &AccountId) -> Self {
        Self { account: Some(account.clone()), ..self }
    }

    /// Only calls in this region.
    #[must_use]
    pub fn in_region(self, region: &Region) -> Self {
        Self { region: Some(region.clone()), ..self }
    }

    /// Strikes the `nth` such call, counted from one and from now.
    #[must_use]
    pub fn at_call(self, nth: usize) -> Self {
        Self { spared: nth.saturating_sub(1), ..self }
    }

    /// Strikes so many such calls in a row.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// Strikes all such calls.
    #[must_use]
    pub fn for_ever(self) -> Self {
        self.times(usize::MAX)
    }

    fn matches(&self, call: &Call) -> bool {
        self.operation.as_ref().is_none_or(|operation| *operation == call.operation)
            && (self.account.is_none() || self.account == call.account)
            && (self.region.is_none() || self.region == call.region)
    }
}

/// The faults to come, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Faults {
    faults: Vec<Fault>,
    dead: bool,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Forgets all faults and lets a new process begin.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn dead(&self) -> bool {
        self.dead
    }

    /// The fault that strikes this call: the first that matches. Every fault counts the call.
    pub(super) fn strike(&mut self, call: &Call) -> Option<FaultKind> {
        let mut struck = None;
        for fault in self.faults.iter_mut().filter(|fault| fault.matches(call)) {
            if fault.spared > 0 {
                fault.spared -= 1;
            } else if fault.times > 0 && struck.is_none() {
                fault.times -= 1;
                struck = Some(fault.kind);
            }
        }
        self.dead |= struck == Some(FaultKind::Die);
        struck
    }
}

impl FaultKind {
    /// What the caller sees.
    pub(super) fn error(self, call: &Call) -> CloudError {
        let (kind, code, message) = match self {
            Self::Throttle => (ErrorKind::Throttled, "ThrottlingException", "Rate exceeded"),
            Self::ServerError => {
                (ErrorKind::Unavailable, "InternalFailure", "an internal error has occurred")
            }
            Self::LostAnswer | Self::DropBefore => (
                ErrorKind::Unavailable,
                "NoAnswer",
                "the connection was closed before an answer came",
            ),
            Self::AccessDenied => {
                (ErrorKind::Denied, "AccessDenied", "the caller is not authorized to do this")
            }
            Self::Die => (ErrorKind::Unavailable, "ProcessDied", "the process has died"),
        };
        call.error(kind, code, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default()).with_account("dev", "dev@example.com", "/")
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_answer_has_its_effect_and_a_dropped_call_has_none() {
        for (kind, effect) in [(FaultKind::LostAnswer, true), (FaultKind::DropBefore, false)] {
            let simulation = simulation();
            let target = simulation.target("dev", "eu-west-1").unwrap();
            let aws = simulation.cloud();
            simulation.fault(Fault::new(kind).on("ec2:EnableEbsEncryptionByDefault"));
            let error = aws.enable_ebs_encryption(&target).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Unavailable);
            assert_eq!(error.region, Some(target.region.clone()));
            assert_eq!(aws.ebs_encryption(&target).await.unwrap().enabled, effect);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn faults_strike_the_calls_that_they_name_and_as_often_as_they_say() {
        let simulation = simulation();
        let (here, there) = (
            simulation.target("dev", "eu-west-1").unwrap(),
            simulation.target("dev", "eu-west-3").unwrap(),
        );
        let aws = simulation.cloud();
        simulation.fault(Fault::new(FaultKind::ServerError).in_region(&there.region).for_ever());
        simulation
            .fault(Fault::new(FaultKind::Throttle).on("ec2:DescribeVpcs").at_call(2).times(2));
        let kind = async |target| aws.default_vpc(target).await.map_err(|error| error.kind).err();
        assert_eq!(kind(&here).await, None);
        assert_eq!(kind(&here).await, Some(ErrorKind::Throttled));
        assert_eq!(kind(&here).await, Some(ErrorKind::Throttled));
        assert_eq!(kind(&here).await, None);
        for _ in 0..3 {
            assert_eq!(kind(&there).await, Some(ErrorKind::Unavailable));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_process_reaches_nothing_and_a_new_one_finds_the_world_as_it_was() {
        let simulation = simulation();
        let target = simulation.target("dev", "eu-west-1").unwrap();
        let aws = simulation.cloud();
        simulation.fault(Fault::new(FaultKind::Die).at_call(3));
        aws.enable_ebs_encryption(&target).await.unwrap();
        for _ in 0..2 {
            let error = aws.default_vpc(&target).await.unwrap_err();
            assert_eq!(error.code, "ProcessDied");
        }
        let reached: Vec<_> = simulation.calls().iter().map(|call| call.operation).collect();
        assert_eq!(reached, ["sts:AssumeRole", "ec2:EnableEbsEncryptionByDefault"]);
        simulation.revive();
        assert!(simulation.cloud().ebs_encryption(&target).await.unwrap().enabled);
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_tells_reads_from_writes() {
        let simulation = simulation();
        let target = simulation.target("dev", "eu-west-1").unwrap();
        simulation.cloud().enable_ebs_encryption(&target).await.unwrap();
        simulation.cloud().ebs_encryption(&target).await.unwrap();
        let writes: Vec<_> = simulation.calls().into_iter().filter(|call| call.mutating).collect();
        assert_eq!(writes, [Call::write("ec2:EnableEbsEncryptionByDefault").at(&target)]);
        simulation.forget_calls();
        assert_eq!(simulation.call_counts().len(), 0);
    }
}
