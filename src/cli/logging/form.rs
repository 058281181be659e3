//! How a line of the log looks.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::CALLS;

/// Of all spans, only those of calls have a line when they end: with attempts, request id and error code.
pub(super) struct EndsOfCalls<F>(pub(super) F);

impl<S, N, F> FormatEvent<S, N> for EndsOfCalls<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let metadata = event.metadata();
        if metadata.is_span() && metadata.target() != CALLS {
            return Ok(());
        }
        self.0.format_event(context, writer, event)
    }
}

/// A line that is a JSON object, with the run's id in front.
pub(super) struct WithRun<F> {
    /// The run's id: hexadecimal digits.
    pub(super) run: String,
    /// The form of the rest.
    pub(super) form: F,
}

impl<S, N, F> FormatEvent<S, N> for WithRun<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.form.format_event(context, Writer::new(&mut line), event)?;
        match line.strip_prefix('{') {
            Some(rest) => write!(writer, r#"{{"run":"{}",{rest}"#, self.run),
            None => writer.write_str(&line),
        }
    }
}
