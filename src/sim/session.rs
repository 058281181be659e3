//! Credentials: the caller's own, and sessions in the accounts; had, renewed and forgotten as `src/aws` does it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};

use super::accounts::check_role;
use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Moment, World};
use crate::cloud::{ErrorKind, Result};
use crate::model::AccountId;

/// How long a session lasts that is assumed with a role's own credentials, at most.
const LENGTH: Duration = Duration::from_hours(1);
/// How long before its end a session is replaced, so that no call starts with one that ends on the way.
const RENEW_BEFORE: Duration = Duration::from_mins(10);
/// How long before their end the caller's own credentials are had anew from whoever gives them out: the SDK's default.
const RENEW_OWN_BEFORE: Duration = Duration::from_secs(10);
/// A session that is called expired when it is no older than that would be followed by no better one: a clock is off.
const NEW: Duration = Duration::from_mins(1);

/// Credentials, as far as time is concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Credentials {
    since: Moment,
    until: Moment,
}

impl Credentials {
    /// Credentials from `now` on, for so long.
    pub(super) fn new(now: Moment, life: Duration) -> Self {
        Self { since: now, until: now.after(life) }
    }

    fn lasts(self, now: Moment, time: Duration) -> bool {
        self.until > now.after(time)
    }

    /// What AWS says to credentials that are past their time.
    pub(super) fn check(self, now: Moment) -> Answer<()> {
        if self.lasts(now, Duration::ZERO) { Ok(()) } else { Err(expired()) }
    }
}

/// What AWS says of credentials that are past their time.
pub(super) fn expired() -> Refusal {
    Refusal::new(
        ErrorKind::Credentials,
        "ExpiredToken",
        "The security token included in the request is expired",
    )
}

/// The credentials of a connection.
#[derive(Default)]
pub(super) struct Sessions {
    own: Cell<Option<Credentials>>,
    /// Had on first use, and once however many calls wait for it; a failure is told to all that waited.
    accounts: RefCell<BTreeMap<AccountId, Assumption>>,
}

type Assumption = Shared<LocalBoxFuture<'static, Result<Credentials>>>;

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("own", &self.own).finish_non_exhaustive()
    }
}

impl SimulatedCloud {
    /// The credentials that a call is made with.
    pub(super) async fn credentials(&self, call: &Call) -> Result<Credentials> {
        let Some(account) = self.member(call) else { return Ok(self.own_credentials()) };
        let now = self.simulation.now();
        let assumption = {
            let mut accounts = self.sessions.accounts.borrow_mut();
            let held = accounts.get(account).filter(|assumption| is_usable(assumption, now));
            let assumption = held.cloned().unwrap_or_else(|| self.assume(account.clone()));
            accounts.insert(account.clone(), assumption.clone());
            assumption
        };
        assumption.await
    }

    /// Drops a session that AWS has called expired, unless it is new.
    pub(super) fn forget_session(&self, call: &Call) {
        let Some(account) = self.member(call) else { return };
        let now = self.simulation.now();
        let mut accounts = self.sessions.accounts.borrow_mut();
        let old = accounts.get(account).and_then(Shared::peek).is_some_and(
            |assumed| matches!(assumed, Ok(session) if session.since.after(NEW) < now),
        );
        if old {
            accounts.remove(account);
        }
    }

    /// The account in which a call needs a session. The management account is the caller's own.
    pub(super) fn member<'a>(&self, call: &'a Call) -> Option<&'a AccountId> {
        call.region.as_ref()?;
        call.account.as_ref().filter(|account| **account != self.management)
    }

    /// The caller's own credentials, had anew before they end, as the SDK's providers do.
    fn own_credentials(&self) -> Credentials {
        let now = self.simulation.now();
        let own = self.sessions.own.get().filter(|own| own.lasts(now, RENEW_OWN_BEFORE));
        let own = own.unwrap_or_else(|| {
            let life = self.simulation.state.borrow().world.settings.credential_life;
            Credentials::new(now, life)
        });
        self.sessions.own.set(Some(own));
        own
    }

    fn assume(&self, account: AccountId) -> Assumption {
        let cloud = self.with_own_credentials();
        async move {
            let call = Call::read("sts:AssumeRole").about(&account);
            cloud.call(call, |world| assume_role(world, &cloud, &account, LENGTH)).await
        }
        .boxed_local()
        .shared()
    }
}

/// What `AssumeRole` does for a caller that is a session itself, as avm's caller may be.
fn assume_role(
    world: &World,
    cloud: &SimulatedCloud,
    account: &AccountId,
    length: Duration,
) -> Answer<Credentials> {
    check_role(world, account, &cloud.role)?;
    if length > LENGTH {
        return Err(Refusal::new(
            ErrorKind::Refused,
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    Ok(Credentials::new(world.clock, length))
}

fn is_usable(assumption: &Assumption, now: Moment) -> bool {
    match assumption.peek() {
        None => true,
        Some(Ok(session)) => session.lasts(now, RENEW_BEFORE),
        Some(Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::Target;
    use crate::sim::{Fault, FaultKind, Simulation, SimulationSettings};

    fn simulation() -> (Simulation, SimulatedCloud, Target) {
        let simulation = Simulation::new(SimulationSettings::default()).with_account(
            "dev",
            "dev@example.com",
            "/",
        );
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        (simulation, aws, target)
    }

    fn assumed(simulation: &Simulation) -> usize {
        simulation.call_counts()["sts:AssumeRole"]
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_is_assumed_once_however_many_calls_want_it() {
        let (simulation, aws, here) = simulation();
        let there = Target { region: "eu-west-3".parse().unwrap(), ..here.clone() };
        let (one, two) = tokio::join!(aws.stacks(&here), aws.stacks(&there));
        one.and(two).unwrap();
        assert_eq!(assumed(&simulation), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_that_aws_calls_expired_is_replaced_unless_it_is_new() {
        for (age, sessions) in [(Duration::from_secs(30), 1), (Duration::from_mins(30), 2)] {
            let (simulation, aws, target) = simulation();
            aws.stacks(&target).await.unwrap();
            advance(age).await;
            let expired = Fault::new(FaultKind::ExpiredCredentials);
            simulation.fault(expired.on("cloudformation:DescribeStacks"));
            aws.stacks(&target).await.unwrap();
            assert_eq!(assumed(&simulation), sessions);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn aws_serves_no_session_that_is_older_than_an_hour() {
        let (simulation, aws, target) = simulation();
        let call = Call::read("cloudformation:DescribeStacks").at(&target);
        let session = aws.credentials(&call).await.unwrap();
        let at = |minutes| simulation.now().after(Duration::from_mins(minutes));
        session.check(at(59)).unwrap();
        assert_eq!(session.check(at(60)).unwrap_err().code, "ExpiredToken");
        let world = simulation.world();
        let longer = assume_role(&world, &aws, &target.account, Duration::from_hours(2));
        assert_eq!(longer.unwrap_err().code, "ValidationError");
    }

    #[tokio::test(start_paused = true)]
    async fn the_callers_own_credentials_are_had_anew_before_they_end() {
        let (simulation, aws, target) = simulation();
        for _ in 0..6 {
            aws.accounts(None).await.unwrap();
            aws.stacks(&target).await.unwrap();
            advance(Duration::from_mins(59)).await;
        }
        assert_eq!(assumed(&simulation), 6);
        // If AWS calls them expired all the same, there are no others to try.
        let expired = Fault::new(FaultKind::ExpiredCredentials);
        simulation.fault(expired.on("organizations:ListAccounts"));
        assert_eq!(aws.accounts(None).await.unwrap_err().kind, ErrorKind::Credentials);
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_that_cannot_be_assumed_is_told_to_all_and_asked_for_again_next_time() {
        let (simulation, aws, here) = simulation();
        let there = Target { region: "eu-west-3".parse().unwrap(), ..here.clone() };
        simulation.fault(Fault::new(FaultKind::AccessDenied).on("sts:AssumeRole"));
        let (one, two) = tokio::join!(aws.stacks(&here), aws.stacks(&there));
        assert_eq!(one.unwrap_err().operation, "sts:AssumeRole");
        assert_eq!(two.unwrap_err().operation, "sts:AssumeRole");
        aws.enable_ebs_encryption(&here).await.unwrap();
        assert_eq!(assumed(&simulation), 2);
    }
}
