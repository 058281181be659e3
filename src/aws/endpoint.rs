//! Addresses of the user's own: an emulator, a gateway.

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::service_config::ServiceConfigKey;

use crate::model::AccountId;

/// Whether a service is asked for at an address of the user's own: `AWS_ENDPOINT_URL`, its like for one service, or
/// the same in a profile. `service` is AWS's id of the service: `S3 Control`.
pub(super) fn has_endpoint(config: &SdkConfig, service: &str) -> bool {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let of_service = || config.service_config()?.load_config(key.ok()?);
    config.endpoint_url().is_some() || of_service().is_some()
}

/// Takes the account out of the host name. S3 Control is asked at `<account>.<host>`, and the SDK puts the account
/// before a host of the user's own as well, where no name server knows it: `222222222222.127.0.0.1`. The account
/// is in the header `x-amz-account-id` too.
#[derive(Debug)]
pub(super) struct HostWithoutAccount(pub(super) AccountId);

impl Intercept for HostWithoutAccount {
    fn name(&self) -> &'static str {
        "avm: host without account"
    }

    /// After the endpoint is known, and before the host is signed.
    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let prefix = format!("://{}.", self.0);
        if request.uri().contains(&prefix) {
            let uri = request.uri().replacen(&prefix, "://", 1);
            request.set_uri(uri)?;
        }
        Ok(())
    }
}
