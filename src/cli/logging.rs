//! What a run says of itself while it lasts: a log on standard error, a timeline in a file, and, in builds with the
//! feature `otlp`, spans for a collector.
//!
//! All are made of the same spans: run, wave, account, step, call. Neither parameters nor answers of calls are in
//! them, only names, codes and ids.

mod form;
mod names;
#[cfg(feature = "otlp")]
mod otlp;
mod timeline;
mod tracks;

use std::fs::File;
use std::io::{self, IsTerminal as _};

use form::{EndsOfCalls, WithRun};
use timeline::Timeline;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::fmt::format::{FmtSpan, JsonFields, format};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use super::arguments::{Arguments, ColorWhen, LogFormat};
use super::failure::Failure;
use super::printer::Printer;

/// The target of the spans of calls, in every cloud.
const CALLS: &str = "avm::call";

/// A log and a timeline that have begun.
#[derive(Debug)]
#[must_use = "a timeline ends with `finish`"]
pub struct Logging {
    timeline: Option<(Timeline, String)>,
    #[cfg(feature = "otlp")]
    collector: Option<otlp::Collector>,
}

impl Logging {
    /// Ends the timeline. Spans that a collector did not take are told, and fail nothing: whoever sets its address may
    /// do so for every program.
    ///
    /// # Errors
    ///
    /// If the timeline could not be written, now or before.
    #[cfg_attr(not(feature = "otlp"), expect(unused_variables, reason = "there is no collector"))]
    pub fn finish(self, printer: &Printer) -> Result<(), Failure> {
        #[cfg(feature = "otlp")]
        if let Some(lack) = self.collector.and_then(otlp::Collector::finish) {
            printer.warn(&lack);
        }
        let Some((timeline, path)) = self.timeline else { return Ok(()) };
        timeline.finish().map_err(|error| {
            Failure::new(format!("the trace {path} is not complete"))
                .cause(error)
                .hint("the run itself did what is said above")
        })
    }
}

/// Starts the log that `-v` or `AVM_LOG` asks for, and the timeline that `--trace` asks for.
///
/// # Errors
///
/// If `AVM_LOG` is not a filter, or the timeline's file cannot be made.
pub fn start_logging(arguments: &Arguments) -> Result<Logging, Failure> {
    let mut layers: Vec<Box<dyn Layer<Registry> + Send + Sync>> = Vec::new();
    if let Some(filter) = log_filter(arguments)? {
        layers.push(log(arguments, filter));
    }
    let mut timeline = None;
    if let Some(path) = &arguments.global.trace {
        let shown = path.display().to_string();
        let file = File::create(path).map_err(|error| {
            Failure::new(format!("cannot write the trace {shown}")).cause(error)
        })?;
        let writer = Timeline::new(Box::new(file));
        layers.push(Box::new(writer.clone().with_filter(filter_fn(is_on_timeline))));
        timeline = Some((writer, shown));
    }
    #[cfg(feature = "otlp")]
    let collector = otlp::Collector::from_environment(&arguments.run)?;
    #[cfg(feature = "otlp")]
    layers.extend(collector.iter().map(otlp::Collector::layer));
    if !layers.is_empty() {
        tracing_subscriber::registry()
            .with(layers)
            .try_init()
            .map_err(|error| Failure::new("the log cannot be started").cause(error))?;
    }
    Ok(Logging {
        timeline,
        #[cfg(feature = "otlp")]
        collector,
    })
}

/// What is logged: `None` if nothing is.
fn log_filter(arguments: &Arguments) -> Result<Option<EnvFilter>, Failure> {
    #[expect(clippy::disallowed_methods, reason = "this is cli, which reads the environment")]
    let wanted = std::env::var("AVM_LOG").ok().filter(|words| !words.is_empty());
    let Some(words) = wanted.or_else(|| by_verbosity(arguments.global.verbose)) else {
        return Ok(None);
    };
    let filter = EnvFilter::try_new(&words).map_err(|error| {
        Failure::new(format!("AVM_LOG={words} is not a filter"))
            .cause(error)
            .hint("such as AVM_LOG=avm=debug")
    })?;
    Ok(Some(filter))
}

fn by_verbosity(verbose: u8) -> Option<String> {
    let words = match verbose {
        0 => return None,
        1 => "avm=info",
        2 => "avm=debug",
        _ => "debug",
    };
    Some(words.to_owned())
}

fn log(arguments: &Arguments, filter: EnvFilter) -> Box<dyn Layer<Registry> + Send + Sync> {
    let filter = filter.and(filter_fn(is_no_secret));
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        // Its complaint about a standard error that has gone away would be a panic.
        .log_internal_errors(false)
        .with_span_events(FmtSpan::CLOSE)
        // Of spans: their times are the computer's, also where AWS is simulated.
        .without_time();
    match arguments.global.log_format {
        LogFormat::Text => {
            let colours = match arguments.global.color {
                ColorWhen::Auto => io::stderr().is_terminal(),
                ColorWhen::Always => true,
                ColorWhen::Never => false,
            };
            let form = EndsOfCalls(format());
            Box::new(layer.with_ansi(colours).event_format(form).with_filter(filter))
        }
        LogFormat::Json => {
            let line = format().json().flatten_event(true).with_current_span(true);
            let form = EndsOfCalls(WithRun { run: arguments.run.clone(), form: line });
            let layer = layer.with_ansi(false).fmt_fields(JsonFields::new()).event_format(form);
            Box::new(layer.with_filter(filter))
        }
    }
}

/// Whether something may be logged at all, whatever `AVM_LOG` says. At the level `trace` the SDK, and the HTTP below
/// it, log requests with their `Authorization` and session token, and answers with the credentials in them; at `debug`
/// they do not.
fn is_no_secret(metadata: &Metadata<'_>) -> bool {
    is_ours(metadata.target()) || *metadata.level() <= LevelFilter::DEBUG
}

/// What the timeline is made of: avm's spans, and what happens in calls.
fn is_on_timeline(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let wanted = if metadata.is_span() { is_ours(target) } else { target == CALLS };
    wanted && *metadata.level() <= Level::DEBUG
}

fn is_ours(target: &str) -> bool {
    target == "avm" || target.starts_with("avm::")
}
