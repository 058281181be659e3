//! One line in the log per call.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::request_id::RequestId as _;

use super::answer::answer;
use crate::model::Target;

/// Logs each finished call at the level `debug`: what was asked of whom, how often, and AWS's request id.
/// Neither parameters nor answers, which may hold secrets.
#[derive(Debug)]
pub(super) struct Trace {
    /// Where the calls go.
    pub(super) target: Target,
}

impl Intercept for Trace {
    fn name(&self) -> &'static str {
        "avm: trace"
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metadata = cfg.load::<Metadata>();
        let response = context.response();
        tracing::debug!(
            service = metadata.map(Metadata::service),
            operation = metadata.map(Metadata::name),
            account = %self.target.account,
            region = %self.target.region,
            attempts = cfg.load::<RequestAttempts>().map(RequestAttempts::attempts),
            status = response.map(|response| response.status().as_u16()),
            error = response.and_then(answer).map(|answer| answer.code),
            request_id = response.and_then(|response| response.request_id()),
            "call"
        );
        Ok(())
    }
}
