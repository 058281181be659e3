//! The caller's own credentials, which stay the management account's.

use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::error::{Explain as _, read};
use super::organizations::{IDENTITY, wrong_account};
use crate::cloud::Result;
use crate::model::{AccountId, Target};

/// Credentials that are asked whose they are whenever they are others than before.
///
/// A run lasts longer than credentials do. A profile may be edited meanwhile, an `aws sso login` may be somebody else's, a
/// `credential_process` may answer what it likes; and what is asked of Organizations names no account. The first
/// credentials are not asked here: they are what `CloudReader::organization` tells of, before anything else is called.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    source: SharedCredentialsProvider,
    /// What STS is asked with: all of the base but its credentials.
    base: SdkConfig,
    /// The management account, in the home region.
    management: Target,
    /// The access key of the last credentials that were let through.
    known: Arc<Mutex<Option<String>>>,
}

impl Caller {
    pub(super) fn new(
        source: SharedCredentialsProvider,
        base: &SdkConfig,
        management: Target,
    ) -> Self {
        let base = base.to_builder().identity_cache(IdentityCache::no_cache()).build();
        Self { source, base, management, known: Arc::default() }
    }

    async fn checked(&self) -> std::result::Result<Credentials, CredentialsError> {
        let credentials = self.source.provide_credentials().await?;
        if self.is_new(&credentials) {
            // `error::Explain` finds the error again at the bottom of the SDK's.
            self.check(&credentials).await.map_err(CredentialsError::provider_error)?;
        }
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(credentials.access_key_id().to_owned());
        Ok(credentials)
    }

    fn is_new(&self, credentials: &Credentials) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_deref().is_some_and(|known| known != credentials.access_key_id())
    }

    async fn check(&self, credentials: &Credentials) -> Result<()> {
        let these = SharedCredentialsProvider::new(credentials.clone());
        let config = self.base.to_builder().credentials_provider(these).build();
        let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
        let identity = identity.explain(IDENTITY, &self.management)?;
        let found: AccountId = read(identity.account(), IDENTITY, &self.management)?;
        if found == self.management.account {
            return Ok(());
        }
        Err(wrong_account(&found, &self.management.account))
    }
}

impl ProvideCredentials for Caller {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.checked())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::error::Error as _;

    use super::super::fake::{Fake, Reply, account};
    use super::*;
    use crate::cloud::{CloudError, ErrorKind};

    /// Credentials that are others each time, as of a profile that is edited.
    #[derive(Debug)]
    struct Turns(Mutex<VecDeque<&'static str>>);

    impl ProvideCredentials for Turns {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let key = self.0.lock().unwrap().pop_front().unwrap();
            future::ProvideCredentials::ready(Ok(Credentials::new(
                key, "secret", None, None, "test",
            )))
        }
    }

    fn caller(fake: &Fake, keys: &[&'static str]) -> Caller {
        let source = SharedCredentialsProvider::new(Turns(Mutex::new(keys.to_vec().into())));
        let region = "eu-west-1".parse().unwrap();
        let management = Target { account: account("111111111111"), region };
        Caller::new(source, &fake.cloud().base, management)
    }

    fn identity(account: &str) -> Reply {
        Reply::xml(&format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{account}</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>"
        ))
    }

    #[tokio::test(start_paused = true)]
    async fn renewed_credentials_are_asked_once_whose_they_are() {
        let fake = Fake::new().answer("GetCallerIdentity", [identity("111111111111")]);
        let caller = caller(&fake, &["AKIAONE", "AKIAONE", "AKIATWO", "AKIATWO"]);
        for asked in [0, 0, 1, 1] {
            caller.provide_credentials().await.unwrap();
            assert_eq!(fake.count("GetCallerIdentity"), asked);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn credentials_of_another_account_are_not_used_and_asked_again() {
        let fake = Fake::new().answer("GetCallerIdentity", [identity("999999999999")]);
        let caller = caller(&fake, &["AKIAONE", "AKIATWO", "AKIATWO"]);
        caller.provide_credentials().await.unwrap();
        for asked in [1, 2] {
            let error = caller.provide_credentials().await.unwrap_err();
            let error = error.source().unwrap().downcast_ref::<CloudError>().unwrap();
            assert_eq!(error.kind, ErrorKind::Credentials);
            assert!(error.message.contains("999999999999"), "{error}");
            assert_eq!(fake.count("GetCallerIdentity"), asked);
        }
    }
}
