//! How far AWS has been read, or asked.

use std::cell::{Cell, RefCell};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer::Printer;
use crate::render::count;

/// Shows how many accounts have been read, or stacks asked about: a bar on a terminal, one line elsewhere.
#[derive(Debug)]
pub(super) struct Observing<'a> {
    printer: &'a Printer,
    /// What is done: `Reading`.
    verb: &'static str,
    /// What it is done to: `account`.
    noun: &'static str,
    bar: RefCell<Option<ProgressBar>>,
    said: Cell<bool>,
}

impl<'a> Observing<'a> {
    /// No account has been read.
    pub(super) fn accounts(printer: &'a Printer) -> Self {
        Self::new(printer, "Reading", "account")
    }

    /// CloudFormation has been asked about no stack.
    pub(super) fn stacks(printer: &'a Printer) -> Self {
        Self::new(printer, "Asking CloudFormation about", "stack")
    }

    fn new(printer: &'a Printer, verb: &'static str, noun: &'static str) -> Self {
        Self { printer, verb, noun, bar: RefCell::new(None), said: Cell::new(false) }
    }

    /// So many of so many are done. Where there are none, there is nothing to show.
    pub(super) fn progress(&self, done: usize, total: usize) {
        if total == 0 {
            return;
        }
        if !self.printer.is_live() {
            if !self.said.replace(true) {
                self.printer.say(&format!("{} {} ...", self.verb, count(total, self.noun)));
            }
            return;
        }
        let mut bar = self.bar.borrow_mut();
        let bar = bar.get_or_insert_with(|| bar_of(self.verb, self.noun, total));
        bar.set_position(done.try_into().unwrap_or(u64::MAX));
    }

    /// A line that stays.
    pub(super) fn line(&self, text: &str) {
        match &*self.bar.borrow() {
            Some(bar) => bar.println(text),
            None => self.printer.say(text),
        }
    }

    /// All is done: what was drawn is taken away.
    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Observing<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}

fn bar_of(verb: &str, noun: &str, total: usize) -> ProgressBar {
    let total = total.try_into().unwrap_or(u64::MAX);
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = format!("{verb} [{{bar:30}}] {{pos}}/{{len}} {noun}s, {{eta}} left");
    let style = ProgressStyle::with_template(&template);
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
