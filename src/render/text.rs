//! Text for people, in terraform's symbols: `+` create, `~` update, `-/+` replace, `-` delete, `<-` import, `<=`
//! wait, and `!` for what cannot be done.
//!
//! What is the same in many places is shown once, with its places; what is blocked or lost comes first.

mod account;
mod entry;
mod grouped;
mod report;
mod undone;

use account::account;
pub(super) use account::has_news;
use entry::entries;
pub(super) use entry::marked;
pub use report::report;
pub use undone::undone;

use super::conditions::of_wave;
use super::count::{count, is_or_are};
use super::detail::Detail;
use super::json::PlanDocument;
use super::lines::Lines;
use super::outline::{Cells, outline};
use super::paint::Paint;
use super::sums::sentence;
use crate::plan::{Summary, costs};

/// A plan.
pub fn plan(document: &PlanDocument, paint: Paint, detail: Detail) -> String {
    let plan = &document.plan;
    let mut lines = Lines::default();
    let is_folded = match detail {
        Detail::Grouped => {
            let outline = outline(document).told_once();
            grouped::outline(&mut lines, plan, &outline, paint);
            outline.folded
        }
        Detail::Everything => {
            everything(&mut lines, document, paint);
            false
        }
    };
    let summary = Summary::of(plan);
    let quiet = plan.accounts().filter(|(_, account)| !has_news(account)).count();
    lines.gap();
    if quiet > 0 && quiet < summary.accounts {
        let (number, verb) = (count(quiet, "account"), is_or_are(quiet));
        lines.line(0, &paint.faint(&format!("{number} {verb} as the files say.")));
        lines.gap();
    }
    for line in super::costs::lines(&costs(plan)) {
        lines.line(0, &line);
    }
    lines.line(0, &sentence(&summary));
    if is_folded {
        lines.line(0, &paint.faint("-v lists every account and value."));
    }
    lines.finish()
}

/// Account by account, region by region.
fn everything(lines: &mut Lines, document: &PlanDocument, paint: Paint) {
    let cells = Cells::new(document, Detail::Everything);
    let organization = cells.at(None, None);
    if !organization.is_empty() {
        lines.line(0, &paint.heading("Organization"));
        entries(lines, 0, &organization, paint);
    }
    for wave in &document.plan.waves {
        let mut accounts = wave.accounts.iter().filter(|(_, account)| has_news(account)).peekable();
        if accounts.peek().is_some() {
            lines.gap();
            lines.line(0, &paint.heading(&format!("Wave {}", wave.name)));
            if let Some(told) = of_wave(wave) {
                lines.line(2, &paint.faint(&told));
            }
        }
        for (name, plan) in accounts {
            lines.gap();
            account(lines, &cells, name, plan, paint);
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod thousand;
