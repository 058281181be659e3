//! The near side of the wire: what `src/aws` and the SDK do around a call. Credentials, pace, and sending again.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tracing::Instrument as _;
use tracing::field::Empty;

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::wire::{Failure, Sent};
use super::world::World;
use crate::cloud::{CloudError, ErrorKind, Result};
use crate::model::Target;
use crate::pace::{self, Asked};

/// How long one attempt waits for its answer.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// The call that has no client token: after a lost answer it could be done twice.
const ONLY_AFTER_REFUSAL: &str = "organizations:CreateAccount";

impl SimulatedCloud {
    /// Makes a call, and makes it again as often as `src/aws` would: after throttles, failures of AWS, lost answers.
    /// `effect` is what AWS does about it, as often as it arrives.
    pub(super) async fn call<T>(
        &self,
        call: Call,
        effect: impl FnMut(&mut World) -> Answer<T>,
    ) -> Result<T> {
        let asked = self.asked(&call);
        let (service, operation) = call.operation.split_once(':').unwrap_or_default();
        let span = tracing::debug_span!(
            target: "avm::call",
            "call",
            service,
            operation,
            account = %asked.target.account,
            region = %asked.target.region,
            attempts = Empty,
            request_id = Empty,
            error = Empty,
        );
        let attempts = async {
            let (answer, attempts) = self.attempts(&call, &asked, effect).await;
            let span = tracing::Span::current();
            span.record("attempts", attempts);
            if let Err(error) = &answer {
                span.record("error", error.code.as_str());
            }
            answer
        };
        // Boxed: whoever waits for a call would carry its size, and thousands do.
        Box::pin(attempts.instrument(span)).await
    }

    /// A call inside an account, with a session of the access role there.
    pub(super) async fn call_at<T>(
        &self,
        target: &Target,
        call: Call,
        effect: impl FnMut(&mut World) -> Answer<T>,
    ) -> Result<T> {
        self.call(call.at(target), effect).await
    }

    /// The answer, and how many attempts it took.
    async fn attempts<T>(
        &self,
        call: &Call,
        asked: &Asked,
        mut effect: impl FnMut(&mut World) -> Answer<T>,
    ) -> (Result<T>, u32) {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let failure = match self.attempt(call, asked, &mut effect).await {
                Ok(answer) => return (Ok(answer), attempt),
                Err(Outcome::Final(error)) => return (Err(error), attempt),
                Err(Outcome::Failed(failure)) => failure,
            };
            let wait = self.may_pass(call, &failure).then(|| self.pacer.back_off(attempt));
            let Some(wait) = wait.flatten() else {
                return (Err(failure.error(call)), attempt);
            };
            let (error, wait_ms) = (failure.code(), wait.as_millis());
            tracing::debug!(target: "avm::call", attempt, error, wait_ms, "sent again");
            self.simulation.pass(wait).await;
        }
    }

    async fn attempt<T>(
        &self,
        call: &Call,
        asked: &Asked,
        effect: &mut impl FnMut(&mut World) -> Answer<T>,
    ) -> std::result::Result<T, Outcome> {
        let credentials = self.credentials(call).await.map_err(Outcome::Final)?;
        self.simulation.pass(self.pacer.reserve(asked, Instant::now())).await;
        // Organizations takes one change at a time: the others wait here, and not for a refusal.
        let turn = self.pacer.turn(asked);
        let turn = match &turn {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        let sent = Sent { asked, credentials, role: &self.role, protection: &self.protection };
        let sent = self.simulation.send(call, &sent, effect);
        let answer = timeout(ATTEMPT_TIMEOUT, sent).await.unwrap_or(Err(Failure::TIMEOUT));
        drop(turn);
        let throttled = matches!(&answer, Err(failure) if failure.is_throttle());
        let learnt = if throttled { pace::Answer::Throttled } else { pace::Answer::Served };
        self.pacer.learn(asked, learnt, Instant::now());
        if throttled {
            tracing::debug!(target: "avm::call", "throttled");
        }
        if matches!(&answer, Err(failure) if failure.is_expiry()) {
            self.forget_session(call);
        }
        answer.map_err(Outcome::Failed)
    }

    /// Whose quotas a call counts against.
    fn asked(&self, call: &Call) -> Asked {
        let target = match (&call.account, &call.region) {
            (Some(account), Some(region)) => {
                Target { account: account.clone(), region: region.clone() }
            }
            _ => Target { account: self.management.clone(), region: self.home.clone() },
        };
        Asked { operation: call.operation.to_owned(), target }
    }

    /// Whether the same call may fare better later, and may be made twice.
    fn may_pass(&self, call: &Call, failure: &Failure) -> bool {
        match failure {
            Failure::Died | Failure::Sandbox(_) => false,
            Failure::NoAnswer { .. } => call.operation != ONLY_AFTER_REFUSAL,
            Failure::Refused(refusal) if failure.is_expiry() => {
                debug_assert_eq!(refusal.kind, ErrorKind::Credentials, "{refusal:?}");
                // A role can be assumed again; the caller's own credentials are what they are.
                self.member(call).is_some()
            }
            Failure::Refused(refusal) if refusal.kind == ErrorKind::Unavailable => {
                call.operation != ONLY_AFTER_REFUSAL
            }
            Failure::Refused(refusal) => not_now(refusal),
        }
    }
}

/// Why an attempt came to nothing.
enum Outcome {
    /// There were no credentials to make it with.
    Final(CloudError),
    /// It was made.
    Failed(Failure),
}

/// Refusals that say "not now", and that nothing was done.
fn not_now(refusal: &Refusal) -> bool {
    // Opting in to regions has a quota of regions at a time, which takes minutes to hours.
    let of_regions = refusal.message.contains("Number of concurrent region-opt requests");
    refusal.kind == ErrorKind::Throttled && !of_regions
        // Organizations lets one change in at a time.
        || refusal.code == "ConcurrentModificationException"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        let settings = SimulationSettings { throttles: true, ..SimulationSettings::default() };
        Simulation::new(settings).with_account("dev", "dev@example.com", "/")
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_stays_below_the_quotas_and_is_not_throttled() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let dev = simulation.account_id("dev").unwrap();
        let ask = async || aws.account_tags(&dev).await;
        let answers = futures_util::future::join_all((0..100).map(|_| ask())).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(simulation.throttles(), [].into());
    }

    #[tokio::test(start_paused = true)]
    async fn two_runs_are_throttled_and_served_in_the_end() {
        let simulation = simulation();
        let (one, two) = (simulation.cloud(), simulation.cloud());
        let dev = simulation.account_id("dev").unwrap();
        let ask = async |aws: &SimulatedCloud| aws.account_tags(&dev).await;
        let both = (0..60).map(|number| ask(if number % 2 == 0 { &one } else { &two }));
        let answers = futures_util::future::join_all(both).await;
        assert!(answers.iter().all(Result::is_ok));
        assert!(simulation.throttles()["organizations:ListTagsForResource"] > 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_organization_takes_one_change_at_a_time() {
        let simulation = simulation();
        let (one, two) = (simulation.cloud(), simulation.cloud());
        let root = simulation.world().root.clone();
        let (first, second) = tokio::join!(
            one.create_organizational_unit(&root, "Core"),
            two.create_organizational_unit(&root, "Workloads"),
        );
        assert_ne!(first.unwrap(), second.unwrap());
        let calls = simulation.call_counts()["organizations:CreateOrganizationalUnit"];
        assert!(calls > 2, "the second was not refused");
        assert_eq!(simulation.world().units.len(), 2);
    }
}
