//! One account: its line, and what is to be done in it.

use super::step::step;
use crate::model::AccountName;
use crate::plan::{AccountPlan, AccountStatus, Blocked, Step};
use crate::render::harmless::{harmless, short};
use crate::render::lines::Lines;
use crate::render::paint::Paint;
use crate::render::reason::explain;

/// Whether there is anything to say about the account.
pub(super) fn has_news(account: &AccountPlan) -> bool {
    account.status != AccountStatus::Active
        || account.all_steps().next().is_some()
        || account.all_blocked().next().is_some()
        || !account.notes.is_empty()
        || account.regions.values().any(|lane| !lane.notes.is_empty())
}

/// The account's line.
pub(super) fn head(lines: &mut Lines, name: &AccountName, account: &AccountPlan, paint: Paint) {
    let id = match &account.id {
        Some(id) => id.as_str(),
        None => "(new)",
    };
    let place = format!("{id}  {}", harmless(account.ou.as_str()));
    let name = paint.heading(&harmless(name.as_str()));
    let protected = if account.protected { "  protected" } else { "" };
    lines.line(2, &format!("{name}  {}", paint.faint(&format!("{place}{protected}"))));
}

/// Everything below the account's line. Accounts with the same body are shown together.
pub(super) fn body(account: &AccountPlan, paint: Paint) -> String {
    let mut lines = Lines::default();
    match &account.status {
        AccountStatus::New | AccountStatus::Active => {}
        AccountStatus::NotActive(state) => {
            let state = harmless(&state.to_string()).into_owned();
            lines.line(2, &format!("{} gets no steps: its state is {state}", paint.alarm()));
        }
        AccountStatus::Unreachable(error) => {
            lines.line(2, &format!("{} gets no steps: it does not let avm in", paint.alarm()));
            lines.line(10, &short(&error.to_string()));
        }
    }
    items(&mut lines, 2, &account.blocked, &account.steps, &account.notes, paint);
    for (regions, text) in lanes(account, paint) {
        lines.names(4, regions.into_iter());
        lines.block(&text);
    }
    lines.finish()
}

/// The regions with something to say, those with the same lane together.
fn lanes(account: &AccountPlan, paint: Paint) -> Vec<(Vec<&str>, String)> {
    let mut lanes: Vec<(Vec<&str>, String)> = Vec::new();
    for (region, lane) in &account.regions {
        let mut shown = Lines::default();
        items(&mut shown, 4, &lane.blocked, &lane.steps, &lane.notes, paint);
        let text = shown.finish();
        if text.is_empty() {
            continue;
        }
        match lanes.iter_mut().find(|(_, known)| *known == text) {
            Some((regions, _)) => regions.push(region.as_str()),
            None => lanes.push((vec![region.as_str()], text)),
        }
    }
    lanes
}

/// What is blocked comes first: it is what a reader has to act upon.
pub(super) fn items(
    lines: &mut Lines,
    depth: usize,
    blocked: &[Blocked],
    steps: &[Step],
    notes: &[String],
    paint: Paint,
) {
    for blocked in blocked {
        let (line, evidence) = explain(blocked);
        lines.line(depth, &format!("{} {line}", paint.alarm()));
        for line in evidence {
            lines.line(depth + 8, &line);
        }
    }
    for one in steps {
        step(lines, depth, one, paint);
    }
    for note in notes {
        lines.line(depth, &paint.faint(&format!("    note: {}", short(note))));
    }
}
