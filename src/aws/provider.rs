//! AWS, opened with what the environment gives.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials as _;

use super::cloud::AwsCloud;
use super::error::{chain, no_credentials};
use super::http::SharedPool;
use super::retry;
use crate::cloud::{CloudProvider, Connection, Result};

/// How long before their end the caller's own credentials are fetched again.
const RENEW_BEFORE: Duration = Duration::from_mins(5);

/// AWS itself. Credentials, profiles, proxies and endpoints are found where the AWS CLI finds them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aws;

impl CloudProvider for Aws {
    type Cloud = AwsCloud;

    async fn connect(&self, connection: &Connection) -> Result<AwsCloud> {
        let base = base(connection).await;
        let provider = base.credentials_provider();
        let provider = provider.ok_or_else(|| no_credentials("no provider of credentials"))?;
        provider.provide_credentials().await.map_err(|error| no_credentials(chain(&error)))?;
        Ok(AwsCloud::new(base, connection.clone()))
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
    if let Ok(name) = AppName::new("avm") {
        loader = loader.app_name(name);
    }
    loader.load().await
}
