//! What a terminal shows while a run goes on.

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tally::Tally;

/// How many of the last events are shown.
const EVENTS: usize = 4;

/// A bar for all steps, and below it what happened last.
#[derive(Debug)]
pub(super) struct Bars {
    all: MultiProgress,
    steps: ProgressBar,
    events: Vec<ProgressBar>,
}

impl Bars {
    pub(super) fn new(tally: &Tally) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let steps = all.add(ProgressBar::new(number(tally.steps())));
        let template = "[{bar:30}] {pos}/{len} steps, {msg}, {elapsed} so far, {eta} left";
        steps.set_style(style(template).progress_chars("=> "));
        let event = || {
            let bar = all.add(ProgressBar::new_spinner());
            bar.set_style(style("  {wide_msg}"));
            bar
        };
        let events = std::iter::repeat_with(event).take(EVENTS).collect();
        let bars = Self { all, steps, events };
        bars.update(tally);
        bars
    }

    pub(super) fn update(&self, tally: &Tally) {
        self.steps.set_length(number(tally.steps()));
        self.steps.set_position(number(tally.steps_ended()));
        self.steps.set_message(format!("{}/{} accounts", tally.accounts_ended(), tally.accounts()));
    }

    pub(super) fn happened(&self, text: &str) {
        for pair in self.events.windows(2) {
            if let [older, newer] = pair {
                older.set_message(newer.message());
            }
        }
        if let Some(last) = self.events.last() {
            last.set_message(text.to_owned());
        }
    }

    pub(super) fn line(&self, text: &str) {
        // A terminal that is gone ends the bars, not the run.
        drop(self.all.println(text));
    }

    /// Takes all bars away. Each has to be finished by itself: an unfinished one draws itself once more when it is
    /// dropped.
    pub(super) fn clear(&self) {
        for bar in std::iter::once(&self.steps).chain(&self.events) {
            bar.finish_and_clear();
        }
        drop(self.all.clear());
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn number(count: usize) -> u64 {
    count.try_into().unwrap_or(u64::MAX)
}
