//! The spans of a run for an OpenTelemetry collector on this machine: OTLP, by HTTP, in builds with the feature `otlp`.
//!
//! Spans are sent in the background while the run lasts, and never hold it up: what the collector does not take in time
//! is lost, counted, and told at the end.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::trace::{SpanKind, Status, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider, Span, SpanData, SpanExporter,
    SpanProcessor,
};
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::{Layer, Registry};

use super::is_on_timeline;
use super::names::name;
use crate::cli::failure::Failure;

/// How many spans wait to be sent; a run whose collector takes no more loses further ones, and no memory.
const QUEUE: usize = 16_384;
/// How long one attempt to send takes at most, and the end of the run waits for the rest to be sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// A collector that gets the spans of this run.
#[derive(Debug)]
pub(super) struct Collector {
    provider: SdkTracerProvider,
    tally: Arc<Tally>,
    address: Url,
}

/// How many spans there were, and how many of them the collector has taken.
#[derive(Debug, Default)]
struct Tally {
    ended: AtomicU64,
    taken: AtomicU64,
}

impl Collector {
    /// The collector that `OTEL_EXPORTER_OTLP_ENDPOINT`, or the same for traces alone, names; `None` if neither does.
    ///
    /// # Errors
    ///
    /// If the collector is on another machine: this build has no TLS to send with but the AWS SDK's.
    pub(super) fn from_environment(run: &str) -> Result<Option<Self>, Failure> {
        let whole = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
        let base = "OTEL_EXPORTER_OTLP_ENDPOINT";
        let (variable, address) = match (environment(whole), environment(base)) {
            (Some(address), _) => (whole, address),
            (None, Some(address)) => (base, format!("{}/v1/traces", address.trim_end_matches('/'))),
            (None, None) => return Ok(None),
        };
        match Url::parse(&address) {
            Ok(url) if is_on_this_machine(&url) => Self::at(url, run).map(Some),
            Ok(_) | Err(_) => {
                let message = format!("{variable} is no http:// address of this machine");
                Err(Failure::new(message).hint(
                    "avm sends to a collector on the same machine, which may send on: \
                     http://127.0.0.1:4318; or unset the variable",
                ))
            }
        }
    }

    fn at(address: Url, run: &str) -> Result<Self, Failure> {
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new(format!("cannot send spans to {address}")).cause(error)
        };
        // Neither a proxy nor a redirection takes spans off this machine.
        let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE);
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_endpoint(address.as_str())
            .with_http_client(client.build().map_err(|error| cannot(&error))?)
            .build()
            .map_err(|error| cannot(&error))?;
        let tally = Arc::<Tally>::default();
        let exporter = Counted { exporter, tally: Arc::clone(&tally) };
        let queue = BatchConfigBuilder::default().with_max_queue_size(QUEUE).build();
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(queue).build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(Legible { processor, tally: Arc::clone(&tally) })
            .with_resource(resource(run))
            .build();
        Ok(Self { provider, tally, address })
    }

    /// What hands spans over: those of the timeline.
    pub(super) fn layer(&self) -> Box<dyn Layer<Registry> + Send + Sync> {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("avm"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false);
        Box::new(layer.with_filter(filter_fn(is_on_timeline)))
    }

    /// Sends what is left, and says what the collector lacks.
    pub(super) fn finish(self) -> Option<String> {
        // What went wrong shows in the numbers, also of what went wrong before.
        let sent = self.provider.shutdown_with_timeout(PATIENCE);
        let ended = self.tally.ended.load(Ordering::Relaxed);
        let lost = ended.saturating_sub(self.tally.taken.load(Ordering::Relaxed));
        let why = sent.err().map(|error| format!(": {error}")).unwrap_or_default();
        (lost > 0).then(|| {
            format!("{} did not take {lost} of {ended} spans of this run{why}", self.address)
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is cli, which reads the environment")]
fn environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

fn is_on_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "http" && (is_loopback || host == "localhost")
}

/// Who sends; `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` go before avm's own words.
fn resource(run: &str) -> Resource {
    let resource = Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", "avm"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("avm.run", run.to_owned()),
        ])
        .with_detector(Box::new(EnvResourceDetector::new()));
    match environment("OTEL_SERVICE_NAME") {
        Some(name) => resource.with_service_name(name).build(),
        None => resource.build(),
    }
}

/// Counts the spans that end, and gives them the names that they have on a timeline.
#[derive(Debug)]
struct Legible {
    processor: BatchSpanProcessor,
    tally: Arc<Tally>,
}

impl SpanProcessor for Legible {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.processor.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            self.tally.ended.fetch_add(1, Ordering::Relaxed);
        }
        self.processor.on_end(legible(span));
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.processor.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.processor.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.processor.set_resource(resource);
    }
}

fn legible(mut span: SpanData) -> SpanData {
    let word = |key: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == key);
        found.map(|attribute| attribute.value.as_str().into_owned()).unwrap_or_default()
    };
    let error = word("error");
    let name = name(&span.name, word);
    if span.name == "call" {
        span.span_kind = SpanKind::Client;
    }
    if !error.is_empty() {
        span.status = Status::error(error);
    }
    span.name = name.into();
    span
}

/// Counts the spans that the collector takes.
#[derive(Debug)]
struct Counted<E> {
    exporter: E,
    tally: Arc<Tally>,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len() as u64;
        self.exporter.export(batch).await?;
        self.tally.taken.fetch_add(spans, Ordering::Relaxed);
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// A collector that takes one request, answers with `status`, and gives back its first line and its body.
    fn listen(status: &'static str) -> (Url, JoinHandle<(String, Vec<u8>)>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let taken = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(&stream);
            let (mut first, mut length) = (String::new(), 0);
            reader.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some((name, value)) = line.split_once(':') {
                    if name.eq_ignore_ascii_case("content-length") {
                        length = value.trim().parse().unwrap();
                    }
                } else {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            (&stream).write_all(answer.as_bytes()).unwrap();
            (first, body)
        });
        (Url::parse(&address).unwrap(), taken)
    }

    /// A run of one call, which AWS denies.
    fn one_call(collector: &Collector) {
        let subscriber = tracing_subscriber::registry().with(collector.layer());
        tracing::subscriber::with_default(subscriber, || {
            let _run = tracing::info_span!(target: "avm", "run", command = "update").entered();
            tracing::info!(target: "somebody else", secret = "hush");
            drop(tracing::debug_span!(
                target: "avm::call", "call", service = "ec2", operation = "DeleteVpc",
                account = "111122223333", error = "AccessDenied"
            ));
        });
    }

    #[test]
    fn a_collector_on_this_machine_is_sent_the_spans_of_a_run() {
        let (address, taken) = listen("200 OK");
        let collector = Collector::at(address, "1a2b3c4d").unwrap();
        one_call(&collector);
        assert_eq!(collector.finish(), None);
        let (first, body) = taken.join().unwrap();
        assert_eq!(first, "POST /v1/traces HTTP/1.1\r\n");
        let body = String::from_utf8_lossy(&body);
        for told in ["avm update", "ec2:DeleteVpc", "111122223333", "AccessDenied", "1a2b3c4d"] {
            assert!(body.contains(told), "{told} is not in {body}");
        }
        assert!(!body.contains("hush"), "{body}");
    }

    #[test]
    fn what_a_collector_does_not_take_is_counted() {
        let (address, taken) = listen("400 Bad Request");
        let collector = Collector::at(address, "1a2b3c4d").unwrap();
        one_call(&collector);
        let lack = collector.finish().unwrap();
        taken.join().unwrap();
        assert!(lack.contains("/v1/traces did not take 2 of 2 spans of this run"), "{lack}");
    }

    #[test]
    fn spans_do_not_leave_this_machine() {
        for (address, near) in [
            ("http://127.0.0.1:4318/v1/traces", true),
            ("http://[::1]:4318/v1/traces", true),
            ("http://localhost:4318/v1/traces", true),
            ("https://localhost:4318/v1/traces", false),
            ("http://collector.example.com:4318/v1/traces", false),
            ("http://127.0.0.1@collector.example.com/v1/traces", false),
            ("http://10.0.0.7:4318/v1/traces", false),
        ] {
            assert_eq!(is_on_this_machine(&Url::parse(address).unwrap()), near, "{address}");
        }
    }
}
