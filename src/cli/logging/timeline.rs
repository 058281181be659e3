//! A timeline in the Trace Event Format (its JSON array form), which Perfetto and Chrome open.
//!
//! Written while the run lasts, as slices that begin (`B`) and end (`E`), so that nothing is kept but what is open, and
//! so that a run that dies leaves a file that says what it was at: the format does not ask for the closing bracket.
//! Times are tokio's: in a simulated AWS they are virtual.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::names::name;
use super::tracks::{Group, Track, Tracks};

/// How much is written at once. Always whole events.
const CHUNK: usize = 64 * 1024;

/// Writes the timeline. Clones write the same one.
#[derive(Clone)]
pub(super) struct Timeline(Arc<Mutex<Sheet>>);

/// What has been drawn, and where.
struct Sheet {
    output: Box<dyn Write + Send>,
    buffer: String,
    /// Whether nothing has been written yet.
    first: bool,
    failed: Option<io::Error>,
    finished: bool,
    tracks: Tracks,
    began: Option<Instant>,
    /// The time of the last event, in microseconds: no event comes before it.
    now: u64,
}

/// A slice that is open.
struct Slice {
    index: usize,
    track: Track,
    group: Group,
    /// Whether it is a step, so that calls inside of it stand below it, whoever they are about.
    step: bool,
    /// What was learnt of it since it began.
    learnt: Map<String, Value>,
}

impl Timeline {
    pub(super) fn new(output: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(Sheet {
            output,
            buffer: String::new(),
            first: true,
            failed: None,
            finished: false,
            tracks: Tracks::default(),
            began: None,
            now: 0,
        })))
    }

    /// Closes the list.
    pub(super) fn finish(&self) -> io::Result<()> {
        let mut sheet = self.sheet();
        let end = if sheet.first { "[]\n" } else { "\n]\n" };
        sheet.buffer.push_str(end);
        sheet.finished = true;
        sheet.flush();
        match sheet.failed.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn sheet(&self) -> MutexGuard<'_, Sheet> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Timeline {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let slice = self.sheet().begin(&span, fields.0);
        span.extensions_mut().insert(slice);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(slice) = span.extensions_mut().get_mut::<Slice>() {
            slice.learnt.extend(fields.0);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event) else { return };
        let extensions = span.extensions();
        let Some(slice) = extensions.get::<Slice>() else { return };
        let mut fields = Fields::default();
        event.record(&mut fields);
        let name = fields.take("message").unwrap_or_else(|| event.metadata().name().to_owned());
        let mut sheet = self.sheet();
        let now = sheet.now();
        let Track { process, thread } = slice.track;
        sheet.write(&json!({
            "name": name, "ph": "i", "s": "t", "ts": now, "pid": process, "tid": thread,
            "args": fields.0,
        }));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(slice) = span.extensions_mut().remove::<Slice>() else { return };
        self.sheet().end(&id, &slice);
    }
}

impl Sheet {
    fn begin<S>(&mut self, span: &SpanRef<'_, S>, mut fields: Map<String, Value>) -> Slice
    where
        S: for<'a> LookupSpan<'a>,
    {
        let kind = span.name();
        let group = self.group(span, &fields);
        let inside_of: Vec<_> = span.scope().skip(1).map(|outer| outer.id().into_u64()).collect();
        let (index, track, named) =
            self.tracks.open(span.id().into_u64(), &inside_of, group.clone());
        let Track { process, thread } = track;
        if let Some(name) = named {
            self.write(&json!({
                "name": "thread_name", "ph": "M", "pid": process, "tid": thread,
                "args": {"name": name},
            }));
        }
        let name = name(kind, |key| match fields.remove(key) {
            Some(Value::String(word)) => word,
            Some(other) => other.to_string(),
            None => String::new(),
        });
        let now = self.now();
        self.write(&json!({
            "name": name, "cat": kind, "ph": "B", "ts": now, "pid": process, "tid": thread,
            "args": fields,
        }));
        Slice { index, track, group, step: kind == "step", learnt: Map::new() }
    }

    fn end(&mut self, id: &Id, slice: &Slice) {
        self.tracks.close(slice.index, id.into_u64());
        let now = self.now();
        let Track { process, thread } = slice.track;
        self.write(&json!({
            "ph": "E", "ts": now, "pid": process, "tid": thread, "args": slice.learnt,
        }));
        if slice.step {
            // Whoever watches the file, or finds it after the run has died, sees every step that ended.
            self.flush();
        }
    }

    /// Where a span belongs: a call below the step that makes it, whatever account it is about; everything else into its
    /// account and region.
    fn group<S>(&mut self, span: &SpanRef<'_, S>, fields: &Map<String, Value>) -> Group
    where
        S: for<'a> LookupSpan<'a>,
    {
        let word = |key: &str| fields.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let region = word("region").unwrap_or("account").to_owned();
        let outer = span.scope().skip(1).find_map(|outer| {
            let extensions = outer.extensions();
            let slice = extensions.get::<Slice>()?;
            Some((slice.group.clone(), slice.step))
        });
        match (span.name(), outer) {
            ("call", Some((group, true))) => group,
            ("run", _) => Group { process: self.process("avm", None), name: "run".to_owned() },
            ("account" | "step" | "call", _) => {
                let account = word("account").unwrap_or("organization");
                Group { process: self.process(account, word("id")), name: region }
            }
            (_, Some((group, _))) => group,
            (_, None) => Group { process: self.process("avm", None), name: "run".to_owned() },
        }
    }

    fn process(&mut self, account: &str, id: Option<&str>) -> u32 {
        let (process, label) = self.tracks.process(account, id);
        if let Some(label) = label {
            self.write(&json!({
                "name": "process_name", "ph": "M", "pid": process, "args": {"name": label},
            }));
        }
        process
    }

    fn now(&mut self) -> u64 {
        let now = Instant::now();
        let began = *self.began.get_or_insert(now);
        let elapsed = now.saturating_duration_since(began).as_micros();
        self.now = self.now.max(u64::try_from(elapsed).unwrap_or(u64::MAX));
        self.now
    }

    fn write(&mut self, event: &Value) {
        if self.finished || self.failed.is_some() {
            return;
        }
        let separator = if std::mem::take(&mut self.first) { "[\n" } else { ",\n" };
        self.buffer.push_str(separator);
        self.buffer.push_str(&event.to_string());
        if self.buffer.len() >= CHUNK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none() {
            let written = self.output.write_all(self.buffer.as_bytes());
            self.failed = written.and_then(|()| self.output.flush()).err();
        }
        self.buffer.clear();
    }
}

/// The fields of a span or event.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn take(&mut self, key: &str) -> Option<String> {
        self.0.remove(key).and_then(|value| value.as_str().map(str::to_owned))
    }

    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
}

impl fmt::Debug for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Timeline")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::mpsc::{Receiver, Sender, channel};

    use tracing::instrument::WithSubscriber as _;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::cli::captured::Captured;
    use crate::cli::logging::is_on_timeline;
    use crate::cli::printer::{Printer, Verbosity};
    use crate::cli::{Exit, parse, run};
    use crate::sim::{Simulation, SimulationSettings};

    /// A file that can be read when it is finished.
    struct Page(Sender<Vec<u8>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn text(pages: &Receiver<Vec<u8>>) -> String {
        String::from_utf8(pages.try_iter().flatten().collect()).unwrap()
    }

    /// A line of avm's own, on the simulation, with its timeline.
    async fn drawn(simulation: &Simulation, line: &str, folder: &str) -> Vec<Value> {
        let words = ["avm", "-C", folder].into_iter().chain(line.split_whitespace());
        let arguments = parse(words.map(Into::into)).unwrap();
        let (sender, pages) = channel();
        let timeline = Timeline::new(Box::new(Page(sender)));
        let filter = tracing_subscriber::filter::filter_fn(is_on_timeline);
        let layer = timeline.clone().with_filter(filter);
        let subscriber = tracing_subscriber::registry().with(layer);
        let (out, err) = (Captured::default(), Captured::default());
        let printer = Printer::new(Box::new(out.clone()), Box::new(err.clone()), Verbosity::Normal);
        let exit = run(&arguments, simulation, &printer).with_subscriber(subscriber).await;
        assert_eq!(exit, Exit::Done, "{}{}", out.text(), err.text());
        timeline.finish().unwrap();
        serde_json::from_str(&text(&pages)).unwrap()
    }

    fn word<'a>(event: &'a Value, key: &str) -> &'a str {
        event[key].as_str().unwrap_or_default()
    }

    #[tokio::test(start_paused = true)]
    async fn every_call_of_a_run_has_a_slice_inside_of_its_step_in_virtual_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        let simulation = Simulation::new(SimulationSettings::default());
        let printer = Printer::new(Box::new(io::sink()), Box::new(io::sink()), Verbosity::Quiet);
        let arguments = parse(["avm", "-C", &path, "init"].map(Into::into)).unwrap();
        assert_eq!(run(&arguments, &simulation, &printer).await, Exit::Done);
        let zone = folder.path().join("landing-zone.yaml");
        let files = std::fs::read_to_string(&zone).unwrap();
        let files = files
            .replace("o-exampleorg1", Simulation::ORGANIZATION)
            .replace("email: aws@example.com", "email: management@example.com");
        std::fs::write(&zone, files).unwrap();

        let events = drawn(&simulation, "update --yes", &path).await;
        let mut open: BTreeMap<(u64, u64), Vec<&Value>> = BTreeMap::new();
        let (mut calls, mut in_steps, mut last) = (BTreeMap::<&str, usize>::new(), 0, 0);
        for event in &events {
            let track = (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap_or_default());
            let time = event["ts"].as_u64().unwrap_or(last);
            assert!(time >= last, "{event} comes after {last}");
            last = time;
            match word(event, "ph") {
                "B" => {
                    let stack = open.entry(track).or_default();
                    if word(event, "cat") == "call" {
                        *calls.entry(word(event, "name")).or_default() += 1;
                        in_steps += usize::from(stack.iter().any(|it| word(it, "cat") == "step"));
                    }
                    stack.push(event);
                }
                "E" => drop(open.get_mut(&track).unwrap().pop().unwrap()),
                _ => {}
            }
        }
        assert!(open.values().all(Vec::is_empty), "{open:?}");
        let mut made: BTreeMap<_, _> = simulation.call_counts();
        // What a new account is asked first has a slice also while there is no session to ask with.
        let [drawn, sent] = [&mut calls, &mut made].map(|of| of.remove("ec2:DescribeRegions"));
        assert!(drawn > sent && sent > Some(0), "{drawn:?} slices of {sent:?} calls");
        assert_eq!(calls, made);
        assert!(in_steps > 10, "{in_steps} calls are inside of steps");
        // An account takes AWS a minute, and nobody has waited that long here.
        assert!(last > 60_000_000, "the run took {last} microseconds");
    }

    #[test]
    fn what_a_run_was_at_when_it_died_can_be_read() {
        let (sender, pages) = channel();
        let timeline = Timeline::new(Box::new(Page(sender)));
        let subscriber = tracing_subscriber::registry().with(timeline);
        tracing::subscriber::with_default(subscriber, || {
            let _run = tracing::info_span!("run", command = "update").entered();
            drop(tracing::info_span!("step", step = "stack \"a\nb\"", account = "dev").entered());
            let _step =
                tracing::info_span!("step", step = "default VPC", account = "dev").entered();
            let _call = tracing::debug_span!("call", service = "ec2", operation = "DeleteVpc");
            let text = text(&pages);
            let closed: Vec<Value> = serde_json::from_str(&format!("{text}]")).unwrap();
            assert!(closed.iter().any(|event| event["name"] == "stack \"a\nb\""), "{text}");
        });
    }

    #[test]
    fn a_full_disk_is_told_at_the_end_and_once() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let timeline = Timeline::new(Box::new(Full));
        let subscriber = tracing_subscriber::registry().with(timeline.clone());
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..3 {
                drop(tracing::info_span!("step", step = "stack a", account = "dev").entered());
            }
        });
        assert_eq!(timeline.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
