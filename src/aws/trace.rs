//! A span for each call.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_types::request_id::RequestId as _;
use tracing::Span;
use tracing::field::Empty;

use super::answer::answer;
use crate::model::Target;

/// Puts a span around each call, with all its attempts: what was asked of whom, how often, and AWS's request id.
/// Neither parameters nor answers, which may hold secrets.
///
/// An interceptor cannot enter a span while the SDK waits, so the span lies with the call's own configuration, and ends
/// with it: also if the call is given up.
#[derive(Debug)]
pub(super) struct Trace {
    /// Where the calls go.
    pub(super) target: Target,
}

#[derive(Debug)]
struct CallSpan(Span);

impl Storable for CallSpan {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Trace {
    fn name(&self) -> &'static str {
        "avm: trace"
    }

    // The first hook that knows the operation's name.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metadata = cfg.load::<Metadata>();
        let span = tracing::debug_span!(
            target: "avm::call",
            "call",
            service = metadata.map(|metadata| service(metadata.service())),
            operation = metadata.map(Metadata::name),
            account = %self.target.account,
            region = %self.target.region,
            attempts = Empty,
            request_id = Empty,
            error = Empty,
        );
        cfg.interceptor_state().store_put(CallSpan(span));
        Ok(())
    }

    // Told where few people look at every call, too, and so with all that says which.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(CallSpan(span)) = cfg.load::<CallSpan>() else { return Ok(()) };
        let Some(answer) = context.response().and_then(answer) else { return Ok(()) };
        if THROTTLES.iter().any(|word| answer.code.contains(word)) {
            let metadata = cfg.load::<Metadata>();
            tracing::info!(
                target: "avm::call",
                parent: span,
                service = metadata.map(|metadata| service(metadata.service())),
                operation = metadata.map(Metadata::name),
                account = %self.target.account,
                region = %self.target.region,
                error = answer.code,
                "throttled",
            );
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(CallSpan(span)) = cfg.load::<CallSpan>() else { return Ok(()) };
        let response = context.response();
        if let Some(attempts) = cfg.load::<RequestAttempts>() {
            span.record("attempts", attempts.attempts());
        }
        if let Some(id) = response.and_then(|response| response.request_id()) {
            span.record("request_id", id);
        }
        if let Some(answer) = response.and_then(answer) {
            span.record("error", answer.code);
        } else if context.output_or_error().is_some_and(|result| result.is_err()) {
            span.record("error", "NoAnswer");
        }
        Ok(())
    }
}

/// What is in the codes by which services say that there are too many calls.
const THROTTLES: [&str; 4] = ["Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown"];

/// The service as IAM and CloudTrail call it: `cloudformation` for the SDK's `CloudFormation`.
fn service(sdk: &str) -> String {
    sdk.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt;
    use std::sync::{Arc, Mutex};

    use tracing::field::{Field, Visit};
    use tracing::instrument::WithSubscriber as _;
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Instrument as _, Subscriber};
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt as _};
    use tracing_subscriber::registry::LookupSpan;

    use super::super::fake::{Fake, refusal, stacks, target};
    use crate::cloud::CloudReader as _;

    /// Keeps what is recorded of each call, and what it is inside of.
    #[derive(Clone, Default)]
    struct Calls(Arc<Mutex<BTreeMap<u64, Words>>>);

    #[derive(Clone, Default)]
    struct Words(BTreeMap<&'static str, String>);

    impl Visit for Words {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
        }
    }

    impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Calls {
        fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
            if attributes.metadata().target() == "avm::call" {
                let mut words = Words::default();
                attributes.record(&mut words);
                let outer = context.span(id).and_then(|span| span.parent());
                words.0.insert("inside", outer.map_or("", |outer| outer.name()).to_owned());
                self.0.lock().unwrap().insert(id.into_u64(), words);
            }
        }

        fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
            if let Some(words) = self.0.lock().unwrap().get_mut(&id.into_u64()) {
                values.record(words);
            }
        }
    }

    async fn calls(fake: &Fake) -> Vec<Words> {
        let calls = Calls::default();
        // Only avm's own, as the timeline has them.
        let ours = tracing_subscriber::filter::filter_fn(|it| it.target().starts_with("avm"));
        let subscriber = tracing_subscriber::registry().with(calls.clone().with_filter(ours));
        async {
            let asked = async {
                drop(fake.cloud().stacks(&target()).await);
            };
            asked.instrument(tracing::info_span!(target: "avm::test", "step")).await;
        }
        .with_subscriber(subscriber)
        .await;
        let calls = calls.0.lock().unwrap();
        calls.values().cloned().collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_is_one_span_in_its_step_with_its_attempts_and_request_id() {
        let answer = stacks("").header("x-amzn-requestid", "id-7");
        let fake =
            Fake::new().answer("DescribeStacks", [refusal(400, "Throttling", "Rate"), answer]);
        let calls = calls(&fake).await;
        let call = calls.iter().find(|call| call.0["operation"] == "DescribeStacks").unwrap();
        let expected = [
            ("service", "cloudformation"),
            ("account", "222222222222"),
            ("region", "eu-west-1"),
            ("attempts", "2"),
            ("request_id", "id-7"),
            ("inside", "step"),
        ];
        for (word, value) in expected {
            assert_eq!(call.0.get(word).map(String::as_str), Some(value), "{word}");
        }
        assert_eq!(call.0.get("error"), None);
        assert!(calls.iter().any(|call| call.0["operation"] == "AssumeRole"));
        assert_eq!(calls.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_refused_has_the_code_of_the_refusal() {
        let fake = Fake::new().answer("DescribeStacks", [refusal(403, "AccessDenied", "no")]);
        let calls = calls(&fake).await;
        let call = calls.iter().find(|call| call.0["operation"] == "DescribeStacks").unwrap();
        assert_eq!(call.0["error"], "AccessDenied");
        assert_eq!(call.0["attempts"], "1");
    }
}
