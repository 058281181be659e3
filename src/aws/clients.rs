//! Service clients, all made in one place.
//!
//! A client is made for a method's calls and dropped with it: that costs a tenth of a millisecond beside a call's
//! fifty, and ten thousand kept ones would hold 180 MB. What is worth keeping is shared: the HTTP connections,
//! the sessions, and the pace.

use std::sync::PoisonError;

use aws_config::identity::IdentityCache;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::cloud::AwsCloud;
use super::endpoint::{HostWithoutAccount, has_endpoint};
use super::pacing::{InTurn, Pacing};
use super::retry;
use super::session::{ForgetExpired, Session};
use super::trace::Trace;
use crate::model::{AccountId, Target};

/// A service's configuration for `target`: whose credentials, which region, what is tried again, the pace, and the
/// log.
macro_rules! config {
    ($service:ident, $cloud:expr, $target:expr) => {{
        let (cloud, target): (&AwsCloud, &Target) = ($cloud, $target);
        let session = cloud.session(&target.account);
        let region = aws_config::Region::new(target.region.as_str().to_owned());
        let mut sdk = cloud.base.to_builder().region(region);
        let mut cache = cloud.base.identity_cache().unwrap_or_else(IdentityCache::no_cache);
        if let Some(session) = &session {
            // The session is its own cache.
            sdk = sdk.credentials_provider(SharedCredentialsProvider::new(session.clone()));
            cache = IdentityCache::no_cache();
        }
        sdk = sdk.identity_cache(InTurn(cache));
        let config = $service::config::Builder::from(&sdk.build())
            .retry_partition(retry::partition())
            .retry_classifier(retry::Refusals { renewable: session.is_some() })
            .interceptor(Pacing { pacer: cloud.pacer.clone(), target: target.clone() })
            .interceptor(Trace { target: target.clone() });
        match session {
            Some(session) => config.interceptor(ForgetExpired(session)),
            None => config,
        }
    }};
}

impl AwsCloud {
    /// Organizations, as the management account. The service has one endpoint per partition.
    pub(super) fn organizations(&self) -> aws_sdk_organizations::Client {
        let config = config!(aws_sdk_organizations, self, &self.management());
        aws_sdk_organizations::Client::from_conf(config.build())
    }

    /// STS in the home region, with the caller's own credentials.
    pub(super) fn sts(&self) -> aws_sdk_sts::Client {
        let config = config!(aws_sdk_sts, self, &self.management());
        aws_sdk_sts::Client::from_conf(config.build())
    }

    pub(super) fn cloudformation(&self, target: &Target) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::from_conf(
            config!(aws_sdk_cloudformation, self, target).build(),
        )
    }

    pub(super) fn cloudwatch(&self, target: &Target) -> aws_sdk_cloudwatch::Client {
        aws_sdk_cloudwatch::Client::from_conf(config!(aws_sdk_cloudwatch, self, target).build())
    }

    pub(super) fn ec2(&self, target: &Target) -> aws_sdk_ec2::Client {
        aws_sdk_ec2::Client::from_conf(config!(aws_sdk_ec2, self, target).build())
    }

    pub(super) fn kms(&self, target: &Target) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::from_conf(config!(aws_sdk_kms, self, target).build())
    }

    pub(super) fn s3(&self, target: &Target) -> aws_sdk_s3::Client {
        // A custom endpoint has one host name: the bucket cannot be a part of it.
        let own = has_endpoint(&self.base, "S3");
        let config = config!(aws_sdk_s3, self, target).force_path_style(own);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub(super) fn s3control(&self, target: &Target) -> aws_sdk_s3control::Client {
        let mut config = config!(aws_sdk_s3control, self, target);
        if has_endpoint(&self.base, "S3 Control") {
            config = config.interceptor(HostWithoutAccount(target.account.clone()));
        }
        aws_sdk_s3control::Client::from_conf(config.build())
    }

    /// IAM. The service has one endpoint per partition.
    pub(super) fn iam(&self, target: &Target) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::from_conf(config!(aws_sdk_iam, self, target).build())
    }

    /// Account Management. The service has one endpoint per partition.
    pub(super) fn account(&self, target: &Target) -> aws_sdk_account::Client {
        aws_sdk_account::Client::from_conf(config!(aws_sdk_account, self, target).build())
    }

    pub(super) fn cloudcontrol(&self, target: &Target) -> aws_sdk_cloudcontrol::Client {
        aws_sdk_cloudcontrol::Client::from_conf(config!(aws_sdk_cloudcontrol, self, target).build())
    }

    pub(super) fn guardduty(&self, target: &Target) -> aws_sdk_guardduty::Client {
        aws_sdk_guardduty::Client::from_conf(config!(aws_sdk_guardduty, self, target).build())
    }

    pub(super) fn securityhub(&self, target: &Target) -> aws_sdk_securityhub::Client {
        aws_sdk_securityhub::Client::from_conf(config!(aws_sdk_securityhub, self, target).build())
    }

    /// The management account in the home region: where everything global is asked.
    pub(super) fn management(&self) -> Target {
        self.home_of(&self.connection.management_account)
    }

    /// An account in the home region.
    pub(super) fn home_of(&self, account: &AccountId) -> Target {
        Target { account: account.clone(), region: self.connection.home.clone() }
    }

    /// The account's session; `None` for the management account, which the caller's credentials belong to.
    fn session(&self, account: &AccountId) -> Option<Session> {
        if *account == self.connection.management_account {
            return None;
        }
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions
            .entry(account.clone())
            .or_insert_with(|| Session::new(self.sts(), &self.connection, account));
        Some(session.clone())
    }
}
