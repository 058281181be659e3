//! One HTTP client for every account, region and service.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::retry;

/// The connections of the whole process, pooled by host.
///
/// Left alone, the SDK gives each client a pool of its own, and its stock client parses the system's root
/// certificates again for every service client that is made, to check its configuration. This one keeps
/// [`HttpClient`]'s default check, which does nothing: a service client costs a tenth of a millisecond.
#[derive(Debug, Default)]
pub(super) struct SharedPool {
    connectors: Mutex<BTreeMap<Timeouts, SharedHttpConnector>>,
}

/// How long a connection may take, and the first byte of an answer. AWS calls have one pair; the look-up of
/// credentials on an EC2 instance has a shorter one.
type Timeouts = (Option<Duration>, Option<Duration>);

impl HttpClient for SharedPool {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        self.connectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(timeouts)
            .or_insert_with(|| SharedHttpConnector::new(connector(settings, components)))
            .clone()
    }
}

/// Gives an answer, with the whole of its body, as long as [`retry::ATTEMPT_TIMEOUT`].
///
/// The SDK's own timeout of an attempt would count the time that the attempt waits for its place.
#[derive(Debug)]
pub(super) struct Timed(pub(super) SharedHttpClient);

#[derive(Debug)]
struct TimedConnector(SharedHttpConnector);

impl HttpClient for Timed {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = self.0.http_connector(settings, components);
        SharedHttpConnector::new(TimedConnector(connector))
    }
}

impl HttpConnector for TimedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let whole = async { read(answer.await?).await };
            match tokio::time::timeout(retry::ATTEMPT_TIMEOUT, whole).await {
                Ok(answer) => answer,
                Err(late) => Err(ConnectorError::timeout(late.into())),
            }
        })
    }
}

/// Reads an answer to its end.
async fn read(mut response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let body = mem::replace(response.body_mut(), SdkBody::taken());
    let body = ByteStream::new(body).collect().await;
    let body = body.map_err(|error| ConnectorError::io(error.into()))?;
    *response.body_mut() = SdkBody::from(body.into_bytes());
    Ok(response)
}

fn connector(settings: &HttpConnectorSettings, components: &RuntimeComponents) -> Connector {
    let mut builder: ConnectorBuilder<_> = Connector::builder()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        // A connector that is built by hand knows no proxy unless it is told: HTTPS_PROXY, NO_PROXY.
        .proxy_config(ProxyConfig::from_env())
        .connector_settings(settings.clone());
    builder.set_sleep_impl(components.sleep_impl());
    builder.build()
}
