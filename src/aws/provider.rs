//! AWS, opened with what the environment gives.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_types::sdk_config::Builder;
use aws_types::sdk_ua_metadata::FrameworkMetadata;

use super::caller::Caller;
use super::cloud::AwsCloud;
use super::endpoint::refuse_cleartext;
use super::error::{chain, no_credentials};
use super::http::SharedPool;
use super::retry;
use crate::cloud::{CloudProvider, Connection, Result};
use crate::model::Target;
use crate::pace::Pacer;

/// How long before their end the caller's own credentials are fetched again.
const RENEW_BEFORE: Duration = Duration::from_mins(5);

/// AWS itself. Credentials, profiles, proxies and endpoints are found where the AWS CLI finds them.
#[derive(Clone, Debug, Default)]
pub struct Aws {
    /// All connections of a run are held to the same quotas.
    pacer: Pacer,
}

impl CloudProvider for Aws {
    type Cloud = AwsCloud;

    async fn connect(&self, connection: &Connection) -> Result<AwsCloud> {
        let base = base(connection).await;
        refuse_cleartext(&base)?;
        let provider = base.credentials_provider();
        let provider = provider.ok_or_else(|| no_credentials("no provider of credentials"))?;
        let management = Target {
            account: connection.management_account.clone(),
            region: connection.home.clone(),
        };
        let caller = Caller::new(provider, &base, management);
        caller.provide_credentials().await.map_err(|error| no_credentials(chain(&error)))?;
        let caller = SharedCredentialsProvider::new(caller);
        let base = base.into_builder().credentials_provider(caller).build();
        Ok(AwsCloud::new(&base, connection.clone(), self.pacer.clone()))
    }
}

async fn base(connection: &Connection) -> SdkConfig {
    // A fixed version: an update of the SDK shall not change how often and how long avm tries.
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new(connection.home.as_str().to_owned()))
        .http_client(SharedPool::default())
        .retry_config(retry::config())
        .timeout_config(retry::timeouts())
        .identity_cache(IdentityCache::lazy().buffer_time(RENEW_BEFORE).build());
    if let Some(name) = app_name(&connection.run) {
        loader = loader.app_name(name);
    }
    signed(loader.load().await.into_builder(), &connection.run).build()
}

/// Says in every call's user agent which program and which run makes it, for CloudTrail's `userAgent`:
/// `lib/avm/0.1.0 app/avm-1a2b3c4d`.
pub(super) fn signed(mut config: Builder, run: &str) -> Builder {
    if let Ok(program) = FrameworkMetadata::new("avm", Some(env!("CARGO_PKG_VERSION"))) {
        config = config.framework_metadata(program);
    }
    config.set_app_name(app_name(run));
    config
}

/// AWS takes 50 characters, without blanks.
fn app_name(run: &str) -> Option<AppName> {
    let run: String = run.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    AppName::new(format!("avm-{run}")).ok()
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, stacks, target};
    use crate::cloud::CloudReader as _;

    #[tokio::test(start_paused = true)]
    async fn every_call_says_which_run_makes_it() {
        let fake = Fake::new().answer("DescribeStacks", [stacks("")]);
        fake.cloud().stacks(&target()).await.unwrap();
        for operation in ["AssumeRole", "DescribeStacks"] {
            let agent = &fake.calls(operation)[0].agent;
            let program = concat!("lib/avm/", env!("CARGO_PKG_VERSION"));
            assert!(agent.contains("app/avm-run1") && agent.contains(program), "{agent}");
        }
    }
}
