//! Faults to come: which calls go wrong, and how.

use std::time::Duration;

use super::call::Call;
use super::random_faults::RandomFaults;
use super::world::Moment;
use crate::model::{AccountId, Region};

/// What goes wrong with a call. The wire plays it, and what becomes of it is up to whoever called: most of these pass
/// if the call is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// AWS says that there are too many calls; nothing happens.
    Throttle,
    /// AWS says that it failed; nothing happens.
    ServerError,
    /// The connection is reset before the call reaches AWS.
    Reset,
    /// The call takes effect, and the connection is lost before its answer comes. The caller sees the same as with
    /// [`FaultKind::Reset`].
    LostAnswer,
    /// The call does not reach AWS, and nobody says so: the caller gives up after half a minute.
    TimeoutBefore,
    /// The call takes effect, and there is no answer: the caller gives up after half a minute.
    TimeoutAfter,
    /// AWS says that the caller may not do this.
    AccessDenied,
    /// AWS calls the credentials expired.
    ExpiredCredentials,
    /// A read does not see what was written in the last [`FaultKind::LAG`]: it is answered by a part of AWS that has
    /// not heard of it yet. Writes are not concerned.
    Invisible,
    /// The region does not serve: AWS says so, or nothing.
    RegionDown,
    /// The process dies before the call reaches AWS: this call and all later ones reach nothing, until
    /// [`Simulation::revive`](super::Simulation::revive).
    Die,
    /// The process dies when the call has taken effect, before its answer comes.
    DieAfter,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Throttle,
        Self::ServerError,
        Self::Reset,
        Self::LostAnswer,
        Self::TimeoutBefore,
        Self::TimeoutAfter,
        Self::AccessDenied,
        Self::ExpiredCredentials,
        Self::Invisible,
        Self::RegionDown,
        Self::Die,
        Self::DieAfter,
    ];
    /// Those that happen every day in a network and in AWS, to calls that are all right.
    pub const EVERYDAY: [Self; 8] = [
        Self::Throttle,
        Self::ServerError,
        Self::Reset,
        Self::LostAnswer,
        Self::TimeoutBefore,
        Self::TimeoutAfter,
        Self::ExpiredCredentials,
        Self::Invisible,
    ];
    /// For how long a part of AWS may not have heard of a change.
    pub const LAG: Duration = Duration::from_secs(10);

    /// Whether the process dies of it.
    pub(super) fn is_deadly(self) -> bool {
        matches!(self, Self::Die | Self::DieAfter)
    }
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
    span: Option<Duration>,
    until: Option<Moment>,
}

impl Fault {
    /// A fault of `kind`.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            account: None,
            region: None,
            spared: 0,
            times: 1,
            span: None,
            until: None,
        }
    }

    /// A region that does not serve any more.
    pub fn region_down(region: &Region) -> Self {
        Self::new(FaultKind::RegionDown).in_region(region).for_ever()
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

    /// Strikes the `nth` such call, counted from one and from now. A call that is sent again is another call.
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

    /// Strikes all such calls from the first one on for so long.
    #[must_use]
    pub fn lasting(self, span: Duration) -> Self {
        Self { span: Some(span), ..self.for_ever() }
    }

    fn matches(&self, call: &Call) -> bool {
        self.operation.as_ref().is_none_or(|operation| *operation == call.operation)
            && (self.account.is_none() || self.account == call.account)
            && (self.region.is_none() || self.region == call.region)
    }

    /// Counts a call that matches, and tells whether the fault strikes it.
    fn comes(&mut self, now: Moment) -> bool {
        if self.spared > 0 {
            self.spared -= 1;
            return false;
        }
        if self.until.is_some_and(|until| now >= until) {
            self.times = 0;
        }
        self.times > 0
    }

    fn strike(&mut self, now: Moment) -> FaultKind {
        if let Some(span) = self.span {
            self.until.get_or_insert(now.after(span));
        } else {
            self.times = self.times.saturating_sub(1);
        }
        self.kind
    }
}

/// The faults to come, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Faults {
    planned: Vec<Fault>,
    random: Option<RandomFaults>,
    dead: bool,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.planned.push(fault);
    }

    /// Faults at random from now on, where none was planned.
    pub(super) fn at_random(&mut self, faults: RandomFaults) {
        self.random = Some(faults);
    }

    /// Forgets all faults and lets a new process begin.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn dead(&self) -> bool {
        self.dead
    }

    /// Whether a read may have to be answered from the past.
    pub(super) fn looks_back(&self) -> bool {
        let invisible = |fault: &Fault| fault.kind == FaultKind::Invisible && fault.times > 0;
        self.planned.iter().any(invisible)
            || self.random.as_ref().is_some_and(RandomFaults::looks_back)
    }

    /// The fault that strikes this call: the first that matches. Every fault counts the call.
    pub(super) fn strike(&mut self, call: &Call, now: Moment) -> Option<FaultKind> {
        let mut struck = None;
        for fault in self.planned.iter_mut().filter(|fault| fault.matches(call)) {
            if fault.comes(now) && struck.is_none() {
                struck = Some(fault.strike(now));
            }
        }
        let struck = struck.or_else(|| self.random.as_mut().and_then(RandomFaults::strike));
        self.dead |= struck.is_some_and(FaultKind::is_deadly);
        struck
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, advance};

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind, NewAccount};
    use crate::model::Target;
    use crate::sim::{SimulatedCloud, Simulation, SimulationSettings};

    const ENABLE: &str = "ec2:EnableEbsEncryptionByDefault";

    fn simulation() -> (Simulation, SimulatedCloud, Target) {
        let simulation = Simulation::new(SimulationSettings::default()).with_account(
            "dev",
            "dev@example.com",
            "/",
        );
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        (simulation, aws, target)
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_lost_on_the_way_has_no_effect_and_a_lost_answer_has() {
        for (kind, code, effect) in [
            (FaultKind::Reset, "NoConnection", false),
            (FaultKind::LostAnswer, "NoConnection", true),
            (FaultKind::TimeoutBefore, "Timeout", false),
            (FaultKind::TimeoutAfter, "Timeout", true),
        ] {
            let (simulation, aws, target) = simulation();
            simulation.fault(Fault::new(kind).on(ENABLE).for_ever());
            let error = aws.enable_ebs_encryption(&target).await.unwrap_err();
            assert_eq!((error.kind, error.code.as_str()), (ErrorKind::Unavailable, code));
            assert_eq!(error.region, Some(target.region.clone()));
            assert_eq!(aws.ebs_encryption(&target).await.unwrap().enabled, effect, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_happens_every_day_passes_when_it_happens_once() {
        for kind in FaultKind::EVERYDAY {
            let (simulation, aws, target) = simulation();
            simulation.fault(Fault::new(kind).on(ENABLE));
            aws.enable_ebs_encryption(&target).await.unwrap();
            assert!(aws.ebs_encryption(&target).await.unwrap().enabled, "{kind:?}");
            let throttles = simulation.throttles().values().sum::<usize>();
            assert_eq!(throttles, usize::from(kind == FaultKind::Throttle));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_of_a_minute_costs_a_minute() {
        let (simulation, aws, target) = simulation();
        simulation.fault(Fault::new(FaultKind::Throttle).lasting(Duration::from_mins(1)));
        let begun = Instant::now();
        aws.default_vpc(&target).await.unwrap();
        assert!(begun.elapsed() > Duration::from_mins(1));
        assert!(begun.elapsed() < Duration::from_mins(3), "{:?}", begun.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn faults_strike_the_calls_that_they_name_and_as_often_as_they_say() {
        let (simulation, aws, here) = simulation();
        let there = simulation.target("dev", "eu-west-3").unwrap();
        simulation.fault(Fault::region_down(&there.region));
        let denied = Fault::new(FaultKind::AccessDenied).on("ec2:DescribeVpcs");
        simulation.fault(denied.at_call(2).times(2));
        let kind = async |target| aws.default_vpc(target).await.map_err(|error| error.kind).err();
        assert_eq!(kind(&here).await, None);
        assert_eq!(kind(&here).await, Some(ErrorKind::Denied));
        assert_eq!(kind(&here).await, Some(ErrorKind::Denied));
        assert_eq!(kind(&here).await, None);
        for _ in 0..3 {
            assert_eq!(kind(&there).await, Some(ErrorKind::Unavailable));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_without_a_token_is_sent_again_only_after_a_refusal() {
        for (kind, sent, taken) in [
            (FaultKind::Throttle, 2, true),
            (FaultKind::LostAnswer, 1, false),
            (FaultKind::TimeoutAfter, 1, false),
            (FaultKind::ServerError, 1, false),
        ] {
            let (simulation, aws, _) = simulation();
            let create = "organizations:CreateAccount";
            simulation.fault(Fault::new(kind).on(create));
            let account = NewAccount {
                name: "uat".parse().unwrap(),
                email: "uat@example.com".parse().unwrap(),
                role: "OrganizationAccountAccessRole".parse().unwrap(),
                tags: std::collections::BTreeMap::new(),
            };
            assert_eq!(aws.create_account(&account).await.is_ok(), taken, "{kind:?}");
            assert_eq!(simulation.call_counts()[create], sent, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_just_written_is_not_seen_everywhere() {
        let (simulation, aws, target) = simulation();
        simulation.fault(Fault::new(FaultKind::Invisible).for_ever());
        let enabled = async || aws.ebs_encryption(&target).await.unwrap().enabled;
        aws.enable_ebs_encryption(&target).await.unwrap();
        assert!(!enabled().await);
        advance(FaultKind::LAG).await;
        assert!(enabled().await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_process_reaches_nothing_and_a_new_one_finds_the_world_as_it_was() {
        let (simulation, aws, target) = simulation();
        simulation.fault(Fault::new(FaultKind::Die).at_call(3));
        aws.enable_ebs_encryption(&target).await.unwrap();
        for _ in 0..2 {
            let error = aws.default_vpc(&target).await.unwrap_err();
            assert_eq!(error.code, "ProcessDied");
        }
        let reached: Vec<_> = simulation.calls().iter().map(|call| call.operation).collect();
        assert_eq!(reached, ["sts:AssumeRole", ENABLE]);
        simulation.revive();
        assert!(simulation.cloud().ebs_encryption(&target).await.unwrap().enabled);
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_may_die_with_its_work_done_and_no_answer() {
        let (simulation, aws, target) = simulation();
        simulation.fault(Fault::new(FaultKind::DieAfter).on(ENABLE));
        aws.enable_ebs_encryption(&target).await.unwrap_err();
        assert_eq!(aws.ebs_encryption(&target).await.unwrap_err().code, "ProcessDied");
        simulation.revive();
        assert!(simulation.cloud().ebs_encryption(&target).await.unwrap().enabled);
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_tells_reads_from_writes() {
        let (simulation, aws, target) = simulation();
        aws.enable_ebs_encryption(&target).await.unwrap();
        aws.ebs_encryption(&target).await.unwrap();
        let writes: Vec<_> = simulation.calls().into_iter().filter(|call| call.mutating).collect();
        assert_eq!(writes, [Call::write(ENABLE).at(&target)]);
        simulation.forget_calls();
        assert_eq!(simulation.call_counts().len(), 0);
    }
}
