//! All that avm knows of trying again.
//!
//! The SDK's standard strategy does the waiting, with the numbers of `pace`: exponential, with full jitter. This file
//! says how often, how long, and which refusals pass with time that the SDK does not know.
//! Waiting for AWS to *finish* something is not retrying, and is `execute`'s.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sts::config::retry::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_types::retry::ErrorKind;

use super::answer::{Answer, answer, is_not_implemented};
use crate::pace;

/// How long to wait for a connection. The SDK's own default is 3.1 s, and then another attempt.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one attempt may take, from sending it to the end of its answer. The slowest calls that avm makes answer
/// within a few seconds.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a call may take with all its attempts, beside its time in the queues of quotas: it is not sent again after
/// that.
pub(super) const OPERATION_TIMEOUT: Duration = Duration::from_mins(4);
/// How long to wait before asking an organization again that AWS is still setting up: the longest wait that
/// the strategy allows, because it can take an hour.
const FINALIZING_DELAY: Duration = Duration::from_secs(20);

/// Standard retries, and more of them than the SDK's three. Not the adaptive mode: it would slow every account
/// in a region for one that is busy.
pub(super) fn config() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(pace::MAX_ATTEMPTS)
        .with_initial_backoff(pace::FIRST_LIMIT)
        .with_max_backoff(pace::LONGEST_LIMIT)
}

/// The timeouts of a connection. An attempt's is `http::Timed`'s and a call's is `pacing::Pacing`'s, because the SDK
/// would count what they wait for their places.
pub(super) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(ATTEMPT_TIMEOUT).build()
}

/// No budget of retries. The SDK has one of a hundred retries for each service and region of the whole process, kept to
/// its end: one throttled account would leave all others without, and so would seven calls that are throttled for a
/// minute. What keeps avm from asking more while AWS answers less is the pace.
pub(super) fn partition() -> RetryPartition {
    RetryPartition::custom("avm").token_bucket(TokenBucket::unlimited()).build()
}

/// Error codes that say: one after the other. None of them has changed anything.
const BUSY: [&str; 3] = [
    // Organizations lets one change in at a time; the SDK does not retry this one.
    "ConcurrentModificationException",
    // IAM's name for the same.
    "ConcurrentModification",
    "PriorRequestNotComplete",
];

/// Error codes that say: too many calls. None of them has changed anything.
const THROTTLES: [&str; 4] =
    ["TooManyRequestsException", "RequestLimitExceeded", "EC2ThrottledException", "SlowDown"];

/// Error codes of credentials that are past their time, or of a clock that is off.
const EXPIRED: [&str; 3] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/// Whether AWS says that the credentials are past their time.
pub(super) fn is_expired(code: &str) -> bool {
    EXPIRED.contains(&code)
}

/// What avm knows of retrying beyond the SDK, for every client.
#[derive(Debug)]
pub(super) struct Refusals {
    /// Whether new credentials can be had: a role can be assumed again, the caller's own keys are what they are.
    pub(super) renewable: bool,
}

impl ClassifyRetry for Refusals {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        if is_not_implemented(response) {
            return RetryAction::RetryForbidden;
        }
        match answer(response) {
            Some(answer) if is_quota(&answer, response.status().as_u16()) => {
                RetryAction::RetryForbidden
            }
            Some(answer) if is_expired(&answer.code) && self.renewable => {
                RetryAction::client_error()
            }
            Some(answer) => passing(&answer).unwrap_or_default(),
            None => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "avm: refusals that pass"
    }

    fn priority(&self) -> RetryClassifierPriority {
        last()
    }
}

/// Retries only where AWS has said that it did nothing. For calls that have no client token, and would be
/// carried out twice if an answer were lost: everything but a clear refusal comes out as an error, so that the
/// caller can look before it asks again.
#[derive(Debug)]
pub(super) struct OnlyAfterRefusal;

impl ClassifyRetry for OnlyAfterRefusal {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let refused = context.response().and_then(answer).and_then(|answer| passing(&answer));
        if !context.is_failed() || refused.is_some() {
            RetryAction::NoActionIndicated
        } else {
            RetryAction::RetryForbidden
        }
    }

    fn name(&self) -> &'static str {
        "avm: only after a refusal"
    }

    fn priority(&self) -> RetryClassifierPriority {
        last()
    }
}

/// Whether AWS refuses more of something than the account may have: that does not pass while avm waits. The SDK takes
/// both answers for a throttle.
fn is_quota(answer: &Answer, status: u16) -> bool {
    // CloudFormation means the number of stacks by it, Organizations that of accounts. Security Hub means a throttle
    // as well, and says so by its status.
    let of_things = answer.code == "LimitExceededException" && status != 429;
    // Account Management opts in to a few regions at a time, which takes minutes to hours.
    let of_regions = answer.message.contains("Number of concurrent region-opt requests");
    of_things || of_regions
}

/// What to do after a refusal that passes with time; `None` for all others.
fn passing(answer: &Answer) -> Option<RetryAction> {
    if answer.code == "FinalizingOrganizationException" {
        return Some(RetryAction::retryable_error_with_explicit_delay(
            ErrorKind::ThrottlingError,
            FINALIZING_DELAY,
        ));
    }
    (is_busy(answer) || is_rate(answer)).then(RetryAction::throttling_error)
}

/// Whether AWS says that there were too many calls.
pub(super) fn is_throttle(answer: &Answer, status: u16) -> bool {
    (is_rate(answer) || status == 429) && !is_busy(answer) && !is_quota(answer, status)
}

fn is_rate(answer: &Answer) -> bool {
    THROTTLES.contains(&answer.code.as_str())
        || answer.code.starts_with("Throttl")
        || answer.code.starts_with("RequestThrottled")
}

fn is_busy(answer: &Answer) -> bool {
    BUSY.contains(&answer.code.as_str())
        // Organizations' other way of saying that it lets one change in at a time.
        || answer.message.contains("another request is already in progress")
}

/// After the SDK's own classifiers, whose verdict a later one overrides.
fn last() -> RetryClassifierPriority {
    RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, target};
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind};
    use crate::model::SecurityService;
    use crate::pace;

    #[tokio::test(start_paused = true)]
    async fn refusals_that_the_sdk_does_not_know_are_retried() {
        for refusal in [
            refusal(400, "ConcurrentModificationException", "busy"),
            refusal(400, "TooManyRequestsException", "slow down"),
            refusal(400, "FinalizingOrganizationException", "up to one hour"),
            refusal(400, "InvalidInputException", "because another request is already in progress"),
        ] {
            let fake =
                Fake::new().answer("ListTagsForResource", [refusal, Reply::json(r#"{"Tags":[]}"#)]);
            fake.cloud().account_tags(&account("222222222222")).await.unwrap();
            assert_eq!(fake.count("ListTagsForResource"), 2);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_without_end_comes_out_as_throttled_after_all_attempts() {
        let fake = Fake::new().answer("DescribeStacks", [refusal(400, "Throttling", "Rate")]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Throttled);
        assert_eq!(fake.count("DescribeStacks"), usize::try_from(pace::MAX_ATTEMPTS).unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_quota_is_no_throttle() {
        let refusal = refusal(400, "LimitExceededException", "2000 stacks");
        let fake = Fake::new().answer("DescribeStacks", [refusal]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert_eq!(fake.count("DescribeStacks"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn security_hubs_limit_is_a_throttle() {
        let busy = refusal(429, "LimitExceededException", "throttling limits");
        let nobody = Reply::json(r#"{"AdminAccounts":[]}"#);
        let fake = Fake::new().answer("GET /organization/admin", [busy, nobody]);
        let region = "eu-west-1".parse().unwrap();
        let service = SecurityService::SecurityHub;
        fake.cloud().service_administrator(&region, service).await.unwrap();
        assert_eq!(fake.count("GET /organization/admin"), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_that_an_emulator_lacks_is_asked_for_once() {
        let fake = Fake::new().answer("DescribeStacks", [Reply::page(500)]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(error.message.contains("does not implement"), "{error}");
        assert_eq!(fake.count("DescribeStacks"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_answers_is_given_up() {
        let fake = Fake::new().answer("DescribeStacks", [Reply::Silence]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_connection_is_tried_again_where_that_is_safe() {
        let gone = "<DeleteStackResponse/>";
        let fake = Fake::new().answer("DeleteStack", [Reply::Reset, Reply::xml(gone)]);
        fake.cloud().delete_stack(&target(), &"s".parse().unwrap(), "t").await.unwrap();
        assert_eq!(fake.count("DeleteStack"), 2);
    }
}
