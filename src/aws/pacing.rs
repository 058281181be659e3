//! The pace of the run, at the one point of an attempt where the SDK can wait: before it signs.
//!
//! A signature is good for five minutes, and the queue for `CreateAccount` can be longer. So an attempt gets its
//! credentials, waits for its place, and asks for the credentials once more, which are new if they have aged.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::identity::{
    IdentityFuture, ResolveCachedIdentity, SharedIdentityCache, SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::answer::answer;
use super::retry;
use crate::model::Target;
use crate::pace::{Answer, Asked, Pacer};

/// Gives every call of a client its place in the queues of the run, and tells the run of throttles.
#[derive(Debug)]
pub(super) struct Pacing {
    pub(super) pacer: Pacer,
    /// Whose quotas the calls count against.
    pub(super) target: Target,
}

/// One call, with all its attempts.
#[derive(Debug)]
struct Call {
    pacer: Pacer,
    asked: Asked,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What has gone to the queue and to getting credentials, which is not the fault of who is asked.
    queued: Duration,
    /// The turn among the changes of the organization, while an attempt is under way.
    turn: Option<OwnedMutexGuard<()>>,
}

impl Storable for Call {
    type Storer = StoreReplace<Self>;
}

impl Call {
    /// Waits for the place of an attempt, and for its turn. Tells whether that took any time.
    async fn wait(&self) -> bool {
        let place = self.pacer.reserve(&self.asked, Instant::now());
        if place > Duration::ZERO {
            tracing::debug!(operation = self.asked.operation, ?place, "waiting for a place");
            sleep(place).await;
        }
        let Some(turn) = self.pacer.turn(&self.asked) else { return place > Duration::ZERO };
        let turn = turn.lock_owned().await;
        self.state().turn = Some(turn);
        true
    }

    /// How long it takes, without the queue.
    fn age(&self) -> Duration {
        self.started.elapsed().saturating_sub(self.state().queued)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for Pacing {
    fn name(&self) -> &'static str {
        "avm: pace"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metadata = cfg.load::<Metadata>().ok_or("an operation without a name")?;
        let operation = operation(metadata);
        let call = Call {
            pacer: self.pacer.clone(),
            asked: Asked { operation, target: self.target.clone() },
            started: Instant::now(),
            state: Mutex::default(),
        };
        cfg.interceptor_state().store_put(call);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(call) = cfg.load::<Call>() else { return Ok(()) };
        drop(call.state().turn.take());
        if let Some(response) = context.response() {
            let throttled = answer(response)
                .is_some_and(|answer| retry::is_throttle(&answer, response.status().as_u16()));
            let said = if throttled { Answer::Throttled } else { Answer::Served };
            call.pacer.learn(&call.asked, said, Instant::now());
        }
        // The SDK's own timeout of an operation would count the queue.
        if call.age() > retry::OPERATION_TIMEOUT {
            cfg.interceptor_state().store_put(RetryConfig::standard().with_max_attempts(1));
        }
        Ok(())
    }
}

/// `account:ListRegions`. The SDK has `S3 Control` for what its crate, and avm's table of calls, have `s3control` for.
fn operation(metadata: &Metadata) -> String {
    let service = metadata.service().replace(' ', "").to_lowercase();
    format!("{service}:{}", metadata.name())
}

/// A cache of credentials that hands them out when the attempt's place has come.
#[derive(Debug)]
pub(super) struct InTurn(pub(super) SharedIdentityCache);

impl ResolveCachedIdentity for InTurn {
    fn resolve_cached_identity<'a>(
        &'a self,
        resolver: SharedIdentityResolver,
        components: &'a RuntimeComponents,
        cfg: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::new(async move {
            let start = Instant::now();
            // First, because that may be a call with a queue of its own, and because a call without credentials shall
            // take nobody's place.
            let identity =
                self.0.resolve_cached_identity(resolver.clone(), components, cfg).await?;
            let Some(call) = cfg.load::<Call>() else { return Ok(identity) };
            let identity = if call.wait().await {
                self.0.resolve_cached_identity(resolver, components, cfg).await?
            } else {
                identity
            };
            call.state().queued += start.elapsed();
            Ok(identity)
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "a place in a queue is not a retry")]
async fn sleep(place: Duration) {
    tokio::time::sleep(place).await;
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::super::fake::{Fake, Reply, account, refusal, stacks, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind};

    fn tags() -> Reply {
        Reply::json(r#"{"Tags":[]}"#)
    }

    fn other() -> Target {
        Target { account: account("333333333333"), ..target() }
    }

    #[tokio::test(start_paused = true)]
    async fn calls_take_the_time_that_the_quota_says() {
        let fake = Fake::new().answer("ListTagsForResource", [tags()]);
        let (cloud, member) = (fake.cloud(), account("222222222222"));
        let start = Instant::now();
        for answer in join_all((0..100).map(|_| cloud.account_tags(&member))).await {
            answer.unwrap();
        }
        // Ten in a second and fifteen at once; of that, four fifths: (100 - 12) / 8.
        assert_eq!(start.elapsed().as_secs(), 11);
        assert_eq!(fake.count("ListTagsForResource"), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_of_minutes_is_no_timeout() {
        let fake = Fake::new().answer("ListTagsForResource", [tags()]);
        let (cloud, member) = (fake.cloud(), account("222222222222"));
        let start = Instant::now();
        for answer in join_all((0..2200).map(|_| cloud.account_tags(&member))).await {
            answer.unwrap();
        }
        assert!(start.elapsed() > retry::OPERATION_TIMEOUT, "{:?}", start.elapsed());
        assert_eq!(fake.count("ListTagsForResource"), 2200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_account_does_not_delay_another() {
        let fake = Fake::new().answer("DescribeStacks", [refusal(400, "Throttling", "Rate")]);
        let cloud = fake.cloud();
        let error = cloud.stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Throttled);
        let fake = fake.answer("DescribeStacks", [stacks("")]);
        let start = Instant::now();
        cloud.stacks(&other()).await.unwrap();
        assert_eq!((start.elapsed(), fake.count("DescribeStacks")), (Duration::ZERO, 17));
        cloud.stacks(&target()).await.unwrap();
        assert!(start.elapsed() > Duration::from_secs(1), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_lane_slows_down_and_recovers() {
        let fake =
            Fake::new().answer("DescribeStacks", [refusal(400, "Throttling", "Rate"), stacks("")]);
        let (cloud, target) = (fake.cloud(), target());
        cloud.stacks(&target).await.unwrap();
        let twenty = async || {
            let start = Instant::now();
            for answer in join_all((0..20).map(|_| cloud.stacks(&target))).await {
                answer.unwrap();
            }
            start.elapsed()
        };
        let slow = twenty().await;
        sleep(Duration::from_mins(2)).await;
        cloud.stacks(&target).await.unwrap();
        sleep(Duration::from_mins(2)).await;
        let fast = twenty().await;
        assert!(slow > 2 * fast, "{slow:?} {fast:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_of_a_minute_is_outlasted_by_all_calls_of_an_account() {
        let busy = refusal(400, "TooManyRequestsException", "slow down");
        let fake = Fake::new().answer("ListTagsForResource", [busy]);
        let (cloud, member) = (fake.cloud(), account("222222222222"));
        let over = async {
            sleep(Duration::from_mins(1)).await;
            fake.clone().answer("ListTagsForResource", [tags()]);
        };
        let calls = join_all((0..40).map(|_| cloud.account_tags(&member)));
        let (answers, ()) = tokio::join!(calls, over);
        let lost = answers.iter().filter(|answer| answer.is_err()).count();
        assert_eq!(lost, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn changes_of_the_organization_go_one_by_one() {
        let fake = Fake::new().answer("TagResource", [Reply::Silence]);
        let (cloud, member) = (fake.cloud(), account("222222222222"));
        let tags = std::collections::BTreeMap::from([("a".to_owned(), "b".to_owned())]);
        let two = async {
            tokio::join!(cloud.tag_account(&member, &tags), cloud.tag_account(&member, &tags))
        };
        let soon = tokio::time::timeout(Duration::from_secs(20), two).await;
        assert!(soon.is_err());
        assert_eq!(fake.count("TagResource"), 1);
    }

    #[test]
    fn operations_have_the_names_of_the_table() {
        let name = |service: &'static str| operation(&Metadata::new("Get", service));
        assert_eq!(name("S3 Control"), "s3control:Get");
        assert_eq!(name("CloudFormation"), "cloudformation:Get");
    }
}
