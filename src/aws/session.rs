//! A member account's credentials: its role, assumed once and shared by all regions and services.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::types::PolicyDescriptorType;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use super::answer::answer;
use super::error::{Explain as _, unexpected};
use super::retry;
use crate::cloud::{CloudError, Connection, ErrorKind, Result};
use crate::model::{AccountId, Target};

const OPERATION: &str = "sts:AssumeRole";
/// How long a session lasts: all that a role may have that is assumed with a role's own credentials.
const LENGTH: Duration = Duration::from_hours(1);
/// What a session that is a minute old has left.
const ALMOST_ALL: Duration = Duration::from_mins(59);
/// How long before its end a session is replaced, so that no call starts with one that ends on the way.
const RENEW_BEFORE: Duration = Duration::from_mins(10);
/// Commands that only read. AWS itself keeps them from more than that, whatever the role may do.
const READING: [&str; 1] = ["plan"];
/// What those may do. AWS's own policy knows every question that avm has, Cloud Control's too, which are
/// `cloudformation:GetResource` and `ListResources` and whatever the type's own service wants for an answer. A policy of
/// ours would have to name them all in 2,048 characters, and a service that a baseline is taught later would fail in
/// `avm plan` only.
const READ_ONLY: &str = "ReadOnlyAccess";

/// The session in one account. Loads on first use, again ten minutes before its end, and once however many
/// calls wait for it; a failure is told to all that waited, and the next call tries again.
///
/// The SDK's own provider is not used because its error has no room for ours, and its cache keeps a session
/// that AWS has called expired. Clones are the same session.
#[derive(Clone)]
pub(super) struct Session {
    request: Request,
    current: Arc<Mutex<Option<Assumption>>>,
}

type Assumption = Shared<BoxFuture<'static, Result<Credentials>>>;

/// What is asked of STS.
#[derive(Clone, Debug)]
struct Request {
    sts: aws_sdk_sts::Client,
    target: Target,
    role: String,
    name: String,
    /// AWS's own policy, by its ARN.
    policy: Option<PolicyDescriptorType>,
    /// A policy of the session's own: what nobody may destroy.
    protection: Option<String>,
}

impl Session {
    /// The session of a run in `account`. `sts` speaks to the home region, because the global endpoint's tokens
    /// are refused by regions that an account has to opt in to.
    pub(super) fn new(
        sts: aws_sdk_sts::Client,
        connection: &Connection,
        account: &AccountId,
    ) -> Self {
        let partition = connection.home.partition();
        let read_only = format!("arn:{partition}:iam::aws:policy/{READ_ONLY}");
        let request = Request {
            sts,
            target: Target { account: account.clone(), region: connection.home.clone() },
            role: format!("arn:{partition}:iam::{account}:role/{}", connection.access_role),
            name: session_name(connection),
            policy: READING
                .contains(&connection.command)
                .then(|| PolicyDescriptorType::builder().arn(read_only).build()),
            // Who can only read cannot destroy either.
            protection: connection
                .protection
                .session_policy(account)
                .filter(|_| !READING.contains(&connection.command)),
        };
        Self { request, current: Arc::default() }
    }

    async fn credentials(&self) -> Result<Credentials> {
        let assumption = {
            let mut current = self.current();
            match current.as_ref().filter(|assumption| is_usable(assumption)) {
                Some(assumption) => assumption.clone(),
                None => current.insert(assume(self.request.clone()).boxed().shared()).clone(),
            }
        };
        assumption.await
    }

    /// Drops credentials that AWS has called expired. Not those of the last minute: if they are called expired,
    /// a clock is off, and others would fare no better.
    fn forget(&self) {
        let mut current = self.current();
        let credentials = current.as_ref().and_then(Shared::peek);
        if credentials.is_some_and(|result| match result {
            Ok(credentials) => !lasts(credentials, ALMOST_ALL),
            Err(_) => false,
        }) {
            *current = None;
        }
    }

    fn current(&self) -> MutexGuard<'_, Option<Assumption>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("target", &self.request.target).finish_non_exhaustive()
    }
}

impl ProvideCredentials for Session {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let credentials = self.credentials();
        future::ProvideCredentials::new(credentials.map(|result| {
            // `error::Explain` finds the error again at the bottom of the SDK's.
            result.map_err(CredentialsError::provider_error)
        }))
    }
}

/// Takes a session back that AWS has called expired, before the call is tried again.
#[derive(Debug)]
pub(super) struct ForgetExpired(pub(super) Session);

impl Intercept for ForgetExpired {
    fn name(&self) -> &'static str {
        "avm: forget expired session"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        let answer = context.response().and_then(answer);
        if answer.is_some_and(|answer| retry::is_expired(&answer.code)) {
            self.0.forget();
        }
        Ok(())
    }
}

/// `avm-update-k3x9`: AWS takes 2 to 64 of `[\w+=,.@-]`, and shows it in the member's CloudTrail.
fn session_name(connection: &Connection) -> String {
    format!("avm-{}-{}", connection.command, connection.run)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c))
        .take(64)
        .collect()
}

fn is_usable(assumption: &Assumption) -> bool {
    match assumption.peek() {
        None => true,
        Some(Ok(credentials)) => lasts(credentials, RENEW_BEFORE),
        Some(Err(_)) => false,
    }
}

fn lasts(credentials: &Credentials, time: Duration) -> bool {
    credentials.expiry().is_none_or(|end| end > SystemTime::now() + time)
}

async fn assume(request: Request) -> Result<Credentials> {
    let target = &request.target;
    let answer = request
        .sts
        .assume_role()
        .role_arn(&request.role)
        .role_session_name(&request.name)
        .duration_seconds(i32::try_from(LENGTH.as_secs()).unwrap_or(3600))
        .set_policy_arns(request.policy.map(|policy| vec![policy]))
        .set_policy(request.protection)
        .send()
        .await
        .explain(OPERATION, target)?;
    check_account(&answer, target)?;
    let credentials = answer
        .credentials()
        .ok_or_else(|| unexpected(OPERATION, target, "an answer without credentials"))?;
    Ok(Credentials::new(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        Some(credentials.session_token().to_owned()),
        SystemTime::try_from(*credentials.expiration()).ok(),
        "avm",
    ))
}

/// The session must be in the account that was meant: everything that follows goes by it.
fn check_account(answer: &AssumeRoleOutput, target: &Target) -> Result<()> {
    // arn:aws:sts::111122223333:assumed-role/ROLE/SESSION
    let arn = answer.assumed_role_user().map_or("", |user| user.arn());
    if arn.split(':').nth(4) == Some(target.account.as_str()) {
        return Ok(());
    }
    let message = format!("the session that STS gave is {arn:?}, which is not in the account");
    Err(CloudError::new(ErrorKind::Credentials, OPERATION, "WrongAccount", message)
        .at(&target.account, Some(&target.region)))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, assumed, refusal, stacks, target};
    use super::*;
    use crate::cloud::{CloudReader as _, Protection};

    #[tokio::test(start_paused = true)]
    async fn a_role_is_assumed_once_for_all_regions_and_services() {
        let fake = Fake::new()
            .answer("DescribeStacks", [stacks("")])
            .answer("DescribeRegions", [Reply::xml("<DescribeRegionsResponse/>")]);
        let cloud = fake.cloud();
        let elsewhere = Target { region: "us-east-1".parse().unwrap(), ..target() };
        let here = target();
        let (one, two) = tokio::join!(cloud.stacks(&here), cloud.stacks(&elsewhere));
        one.and(two).unwrap();
        cloud.regions(&target().account).await.unwrap();
        assert_eq!(fake.count("AssumeRole"), 1);
        let call = &fake.calls("AssumeRole")[0];
        assert!(call.uri.contains("sts.eu-west-1."), "{}", call.uri);
        assert!(call.body.contains("RoleSessionName=avm-update-run1"), "{}", call.body);
        assert!(call.body.contains("DurationSeconds=3600"), "{}", call.body);
        assert!(!call.body.contains("PolicyArns"), "{}", call.body);
    }

    #[tokio::test(start_paused = true)]
    async fn a_plan_has_a_read_only_session() {
        let fake = Fake::new().answer("DescribeStacks", [stacks("")]);
        fake.cloud_for("plan").stacks(&target()).await.unwrap();
        let body = &fake.calls("AssumeRole")[0].body;
        assert!(body.contains("arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess"), "{body}");
        // A policy in the request counts against the session's packed size; one by its ARN hardly does.
        assert!(!body.contains("&Policy="), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_in_a_protected_account_may_not_destroy() {
        let fake = Fake::new().answer("DescribeStacks", [stacks("")]);
        let mut cloud = fake.cloud();
        cloud.connection.protection = Protection {
            accounts: [target().account].into(),
            denied: ["cloudformation:DeleteStack", "ec2:DeleteVpc"].into(),
        };
        cloud.stacks(&target()).await.unwrap();
        let body = &fake.calls("AssumeRole")[0].body;
        assert!(body.contains("&Policy=%7B%22Version%22"), "{body}");
        assert!(body.contains("%22Deny%22"), "{body}");
        assert!(
            body.contains("%22cloudformation%3ADeleteStack%22%2C%22ec2%3ADeleteVpc%22"),
            "{body}"
        );
        assert!(!body.contains("PolicyArns"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_near_its_end_is_replaced_before_a_call() {
        let soon = SystemTime::now() + Duration::from_mins(9);
        let fake = Fake::new()
            .answer("AssumeRole", [assumed(&target().account, soon)])
            .answer("DescribeStacks", [stacks("")]);
        let cloud = fake.cloud();
        cloud.stacks(&target()).await.unwrap();
        cloud.stacks(&target()).await.unwrap();
        assert_eq!(fake.count("AssumeRole"), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_that_aws_calls_expired_is_replaced_and_the_call_repeated() {
        let late = SystemTime::now() + Duration::from_mins(30);
        let fake = Fake::new()
            .answer("AssumeRole", [assumed(&target().account, late)])
            .answer("DescribeStacks", [refusal(403, "ExpiredToken", "expired"), stacks("")]);
        fake.cloud().stacks(&target()).await.unwrap();
        assert_eq!(fake.count("AssumeRole"), 2);
        assert_eq!(fake.count("DescribeStacks"), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_callers_own_expired_credentials_are_told_at_once() {
        let management = Target { account: account("111111111111"), ..target() };
        let fake = Fake::new().answer("DescribeStacks", [refusal(403, "ExpiredToken", "expired")]);
        let error = fake.cloud().stacks(&management).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Credentials);
        assert_eq!(fake.count("DescribeStacks"), 1);
        assert_eq!(fake.count("AssumeRole"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_in_another_account_is_refused() {
        let end = SystemTime::now() + LENGTH;
        let fake = Fake::new()
            .answer("AssumeRole", [assumed(&account("999999999999"), end)])
            .answer("DescribeStacks", [stacks("")]);
        let error = fake.cloud().stacks(&target()).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (ErrorKind::Credentials, "WrongAccount"));
        assert_eq!(fake.count("DescribeStacks"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_that_cannot_be_assumed_is_told_as_such_and_asked_for_again_next_time() {
        let fake = Fake::new()
            .answer("AssumeRole", [refusal(403, "AccessDenied", "not authorized")])
            .answer("DescribeStacks", [stacks("")]);
        let cloud = fake.cloud();
        let error = cloud.stacks(&target()).await.unwrap_err();
        assert_eq!((error.kind, error.operation.as_str()), (ErrorKind::Denied, OPERATION));
        assert_eq!(error.account, Some(target().account));
        cloud.stacks(&target()).await.unwrap_err();
        assert_eq!(fake.count("AssumeRole"), 2);
    }

    #[test]
    fn a_session_name_has_only_what_aws_allows() {
        let mut connection = Fake::connection("update");
        connection.run = format!("a b!{}", "x".repeat(80));
        let name = session_name(&connection);
        assert!(name.starts_with("avm-update-abxx"), "{name}");
        assert_eq!(name.len(), 64);
    }
}
