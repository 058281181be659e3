//! How far a run is: bars on a terminal, a line for each account that ended elsewhere.

mod bars;
mod tally;

use std::cell::RefCell;
use std::time::Duration;

use bars::Bars;
use tally::Tally;

use super::printer::Printer;
use crate::execute::{Event, Outcome};
use crate::model::WaveName;
use crate::plan::Plan;
use crate::render::{count, short};

/// Shows what happens during a run.
#[derive(Debug)]
pub(super) struct Progress<'a> {
    printer: &'a Printer,
    tally: RefCell<Tally>,
    bars: Option<Bars>,
    /// The wave that soaks, or was the last to soak.
    soaking: RefCell<Option<WaveName>>,
}

impl<'a> Progress<'a> {
    /// Nothing of the plan has been done.
    pub(super) fn of(plan: &Plan, printer: &'a Printer) -> Self {
        let tally = Tally::of(plan);
        let bars = printer.is_live().then(|| Bars::new(&tally));
        Self { printer, tally: RefCell::new(tally), bars, soaking: RefCell::default() }
    }

    /// Something happened.
    pub(super) fn event(&self, event: &Event) {
        self.tally.borrow_mut().record(event);
        let tally = self.tally.borrow();
        if let Some(bars) = &self.bars {
            bars.update(&tally);
        }
        match event {
            Event::WaveStarted { wave, .. } => self.line(&format!("Wave {wave}")),
            Event::WaveSoaks { wave, left } => self.soaks(wave, *left),
            Event::Halted { why } => self.line(&format!("  ! {why}: nothing more is begun")),
            Event::StepStarted { at, step } => self.moving(&format!("{at}: {step}")),
            Event::StepProgress { at, message } => self.moving(&format!("{at}: {message}")),
            Event::StepEnded { at, step, outcome, .. } => match outcome {
                Outcome::Failed(error) => self.line(&format!("  ! {at}: {step}: {error}")),
                Outcome::Done => self.moving(&format!("{at}: {step}: done")),
                Outcome::Unchanged | Outcome::Skipped { .. } => {}
            },
            Event::AccountKnown { name, id } => self.moving(&format!("{name} is account {id}")),
            Event::Replanned { account, steps } => {
                self.moving(&format!("{account}: {} ahead", count(*steps, "step")));
            }
            Event::AccountEnded { account } => self.line(&tally.line(account)),
            Event::WaveEnded { .. } => {}
        }
    }

    /// How long the next wave is kept waiting: a line at the beginning, then what a terminal alone has room for.
    fn soaks(&self, wave: &WaveName, left: Duration) {
        let minutes = left.as_secs().div_ceil(60);
        let text = format!(
            "Wave {wave} soaks: {} left",
            count(usize::try_from(minutes).unwrap_or(usize::MAX), "minute")
        );
        let begins = self.soaking.replace(Some(wave.clone())).as_ref() != Some(wave);
        if begins { self.line(&text) } else { self.moving(&text) }
    }

    /// A line that stays.
    pub(super) fn line(&self, text: &str) {
        let text = short(text);
        match &self.bars {
            Some(bars) => bars.line(&text),
            None => self.printer.say(&text),
        }
    }

    /// Takes away what was drawn.
    pub(super) fn finish(&self) {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
    }

    /// Something that is over soon: among the last events of the bars, and in a log.
    fn moving(&self, text: &str) {
        let text = short(text);
        match &self.bars {
            Some(bars) => bars.happened(&text),
            None if self.printer.is_verbose() => self.printer.say(&text),
            None => {}
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}
