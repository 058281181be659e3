//! How far AWS has been read.

use std::cell::{Cell, RefCell};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer::Printer;
use crate::render::count;

/// Shows how many accounts have been read: a bar on a terminal, one line elsewhere.
#[derive(Debug)]
pub(super) struct Observing<'a> {
    printer: &'a Printer,
    bar: RefCell<Option<ProgressBar>>,
    said: Cell<bool>,
}

impl<'a> Observing<'a> {
    /// Nothing has been read.
    pub(super) fn new(printer: &'a Printer) -> Self {
        Self { printer, bar: RefCell::new(None), said: Cell::new(false) }
    }

    /// So many accounts of so many have been read. Where there are none, there is nothing to show.
    pub(super) fn progress(&self, done: usize, total: usize) {
        if total == 0 {
            return;
        }
        if !self.printer.is_live() {
            if !self.said.replace(true) {
                self.printer.say(&format!("Reading {} ...", count(total, "account")));
            }
            return;
        }
        let mut bar = self.bar.borrow_mut();
        let bar = bar.get_or_insert_with(|| bar_of(total));
        bar.set_position(done.try_into().unwrap_or(u64::MAX));
    }

    /// All has been read: what was drawn is taken away.
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

fn bar_of(total: usize) -> ProgressBar {
    let total = total.try_into().unwrap_or(u64::MAX);
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("Reading [{bar:30}] {pos}/{len} accounts, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
