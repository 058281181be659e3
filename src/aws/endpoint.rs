//! Addresses of the user's own: an emulator, a gateway. Credentials and secrets go there, so it is TLS or this machine.

use std::net::IpAddr;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::service_config::ServiceConfigKey;

use crate::cloud::{CloudError, ErrorKind, Result};
use crate::model::AccountId;

/// Whether a service is asked for at an address of the user's own: `AWS_ENDPOINT_URL`, its like for one service, or
/// the same in a profile. `service` is AWS's id of the service: `S3 Control`.
pub(super) fn has_endpoint(config: &SdkConfig, service: &str) -> bool {
    config.endpoint_url().is_some() || of_service(config, service).is_some()
}

fn of_service(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    config.service_config()?.load_config(key.ok()?)
}

/// Every service that is asked, by AWS's id: the clients of `clients.rs`, and those that find credentials.
const SERVICES: [&str; 15] = [
    "Account",
    "CloudControl",
    "CloudFormation",
    "CloudWatch",
    "EC2",
    "GuardDuty",
    "IAM",
    "KMS",
    "Organizations",
    "S3",
    "S3 Control",
    "SecurityHub",
    "SSO",
    "SSO OIDC",
    "STS",
];

/// Refuses addresses to which what is sent would go in the clear. Reads the configuration, and calls nobody.
///
/// A proxy (`HTTPS_PROXY=http://...`) is none of them: it is asked for a tunnel (`CONNECT`), and TLS goes through it from
/// end to end. Where the SDK fetches credentials for a container or a machine, it holds addresses against rules of its own.
pub(super) fn refuse_cleartext(config: &SdkConfig) -> Result<()> {
    let general = config.endpoint_url().map(|url| ("AWS_ENDPOINT_URL".to_owned(), url.to_owned()));
    let own = SERVICES.into_iter().filter_map(|service| {
        let name = service.to_uppercase().replace(' ', "_");
        Some((format!("AWS_ENDPOINT_URL_{name}"), of_service(config, service)?))
    });
    match general.into_iter().chain(own).find(|(_, url)| !is_private(url)) {
        None => Ok(()),
        Some((variable, url)) => {
            let message = format!(
                "{variable} (or endpoint_url in the profile) is {}: credentials and secrets would cross the network \
                 in the clear; use https://, or an address of this machine",
                without_user(&url)
            );
            Err(CloudError::new(
                // Refused by avm: signing in would not help.
                ErrorKind::Refused,
                "configuration",
                "CleartextEndpoint",
                message,
            ))
        }
    }
}

/// Whether nobody on the way can read what is sent to an address.
fn is_private(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => is_loopback(host(authority)),
        _ => false,
    }
}

/// `user:password@host:port`, `[::1]:port`: the host of it.
fn host(authority: &str) -> &str {
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    match place.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => place.split(':').next().unwrap_or_default(),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An address as it may be told: a password may stand in it.
fn without_user(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
            format!("{scheme}://{place}{path}")
        }
        None => url.to_owned(),
    }
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
    ) -> std::result::Result<(), BoxError> {
        let request = context.request_mut();
        let prefix = format!("://{}.", self.0);
        if request.uri().contains(&prefix) {
            let uri = request.uri().replacen(&prefix, "://", 1);
            request.set_uri(uri)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use aws_types::service_config::LoadServiceConfig;

    use super::*;

    /// An environment that has one variable.
    #[derive(Debug)]
    struct Variable(&'static str, &'static str);

    impl LoadServiceConfig for Variable {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let name = key.service_id().to_uppercase().replace(' ', "_");
            (self.0 == format!("{}_{name}", key.env())).then(|| self.1.to_owned())
        }
    }

    fn with(variable: &'static str, url: &'static str) -> SdkConfig {
        SdkConfig::builder().service_config(Variable(variable, url)).build()
    }

    fn told(error: impl fmt::Display) -> String {
        error.to_string()
    }

    #[test]
    fn what_leaves_this_machine_goes_by_tls() {
        for url in [
            "https://gateway.example.com",
            "HTTPS://gateway.example.com:8443/path",
            "http://127.0.0.1:5000",
            "http://127.9.9.9",
            "http://localhost:4566/",
            "http://LOCALHOST",
            "http://[::1]:5000",
            "http://user:password@127.0.0.1:5000",
        ] {
            let config = SdkConfig::builder().endpoint_url(url).build();
            assert!(refuse_cleartext(&config).is_ok(), "{url}");
        }
        for url in [
            "http://10.0.0.1:5000",
            "http://emulator:4566",
            "http://0.0.0.0:5000",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "http://127.0.0.1:80@example.com/",
            "http://example.com/@127.0.0.1",
            "http://example.com?@127.0.0.1",
            "http://localhost.example.com",
            "http://[::ffff:10.0.0.1]",
            "http://[2001:db8::1]:5000",
            "ftp://127.0.0.1",
            "127.0.0.1:5000",
            "",
        ] {
            let config = SdkConfig::builder().endpoint_url(url).build();
            assert_eq!(refuse_cleartext(&config).unwrap_err().code, "CleartextEndpoint", "{url}");
        }
    }

    #[test]
    fn the_variable_of_one_service_is_named_and_no_password_is_told() {
        for (service, variable) in SERVICES.iter().zip([
            "AWS_ENDPOINT_URL_ACCOUNT",
            "AWS_ENDPOINT_URL_CLOUDCONTROL",
            "AWS_ENDPOINT_URL_CLOUDFORMATION",
            "AWS_ENDPOINT_URL_CLOUDWATCH",
            "AWS_ENDPOINT_URL_EC2",
            "AWS_ENDPOINT_URL_GUARDDUTY",
            "AWS_ENDPOINT_URL_IAM",
            "AWS_ENDPOINT_URL_KMS",
            "AWS_ENDPOINT_URL_ORGANIZATIONS",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ENDPOINT_URL_S3_CONTROL",
            "AWS_ENDPOINT_URL_SECURITYHUB",
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_SSO_OIDC",
            "AWS_ENDPOINT_URL_STS",
        ]) {
            let config = with(variable, "http://me:s3cret@emulator:4566/x");
            let error = told(refuse_cleartext(&config).unwrap_err());
            assert!(error.contains(variable), "{service}: {error}");
            assert!(
                error.contains("http://emulator:4566/x") && !error.contains("s3cret"),
                "{error}"
            );
        }
        assert!(refuse_cleartext(&with("AWS_ENDPOINT_URL_S3", "https://s3.example.com")).is_ok());
    }
}
