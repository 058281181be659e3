//! What a run did: what failed comes last, where a terminal shows it.

use std::collections::{BTreeMap, BTreeSet};

use crate::execute::{AccountReport, Report, SkippedStep, StepError};
use crate::plan::{Action, Step};
use crate::render::count::{count, grouped};
use crate::render::harmless::{harmless, short};
use crate::render::lines::Lines;
use crate::render::paint::Paint;

/// A report.
pub fn report(report: &Report, paint: Paint) -> String {
    let mut lines = Lines::default();
    made(&mut lines, report, paint);
    let skipped = skipped(report);
    if !skipped.is_empty() {
        lines.line(0, &paint.heading("Not tried"));
        for (why, steps) in skipped {
            lines.line(4, &not_tried(why, &steps));
        }
        lines.gap();
    }
    if report.failures().next().is_some() {
        lines.line(0, &paint.heading("Failed"));
        for part in report.parts() {
            failures(&mut lines, part, paint);
        }
        lines.gap();
    }
    lines.line(0, &sentence(report));
    lines.finish()
}

/// The accounts that were made, with their ids: what whoever asked for one waits for.
fn made(lines: &mut Lines, report: &Report, paint: Paint) {
    let is_new = |part: &AccountReport| {
        let mut done = part.done.iter().map(|done| &done.step);
        done.any(|step| matches!(step, Step::CreateAccount(_) | Step::AwaitAccount { .. }))
    };
    let made: Vec<_> = report.accounts.iter().filter(|(_, part)| is_new(part)).collect();
    if made.is_empty() {
        return;
    }
    lines.line(0, &paint.heading("Made"));
    for (name, part) in made {
        let id = part.id.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.line(4, &format!("{name}  {id}"));
    }
    lines.gap();
}

/// What was not tried, by its reason: a run that was stopped leaves thousands of steps for the same one.
fn skipped(report: &Report) -> BTreeMap<&str, Vec<&SkippedStep>> {
    let mut skipped: BTreeMap<&str, Vec<&SkippedStep>> = BTreeMap::new();
    for step in report.parts().flat_map(|part| &part.skipped) {
        skipped.entry(&step.why).or_default().push(step);
    }
    skipped
}

fn not_tried(why: &str, steps: &[&SkippedStep]) -> String {
    let why = short(why);
    if let [SkippedStep { at, step, .. }] = steps {
        return format!("{at}: {} ({why})", short(&step.to_string()));
    }
    let places: BTreeSet<_> = steps.iter().map(|step| &step.at).collect();
    let accounts: BTreeSet<_> = steps.iter().map(|step| &step.at.account).collect();
    let place = match (places.first(), accounts.first()) {
        (Some(place), _) if places.len() == 1 => place.to_string(),
        (_, Some(Some(account))) if accounts.len() == 1 => account.to_string(),
        _ => count(accounts.len(), "account"),
    };
    format!("{} in {place} ({why})", count(steps.len(), "step"))
}

fn failures(lines: &mut Lines, part: &AccountReport, paint: Paint) {
    for failed in &part.failed {
        let id = part.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let what = short(&failed.step.to_string()).into_owned();
        lines.line(0, &format!("{} {}{id}: {what}", paint.alarm(), failed.at));
        error(lines, &failed.error);
    }
}

fn error(lines: &mut Lines, error: &StepError) {
    match error {
        StepError::Stack { stack, state, state_reason, failures } if !failures.is_empty() => {
            lines.line(8, &format!("stack {stack} ended in {state}"));
            if let Some(reason) = state_reason {
                lines.line(8, &short(reason));
            }
            for failure in failures {
                lines.line(10, &short(&failure.to_string()));
            }
        }
        StepError::Cloud(cloud) => {
            lines.line(8, &short(&format!("{}: {}", cloud.operation, cloud.code)));
            lines.line(8, &short(&cloud.message));
            if let Some(request) = &cloud.request_id {
                lines.line(8, &format!("request id {}", harmless(request)));
            }
        }
        StepError::Stack { .. }
        | StepError::AccountRefused { .. }
        | StepError::Deadline { .. }
        | StepError::Changed(_)
        | StepError::Blocked(_)
        | StepError::Refused(_)
        | StepError::MissingValue { .. } => lines.line(8, &short(&error.to_string())),
    }
}

/// What was done, in numbers.
fn sentence(report: &Report) -> String {
    let changed = |action: Action| {
        let done = report.parts().flat_map(|part| &part.done);
        done.filter(|done| done.changed && done.step.action() == action).count()
    };
    let unchanged = report.parts().flat_map(|part| &part.done).filter(|done| !done.changed).count();
    let parts: Vec<_> = [
        (changed(Action::Create), "created"),
        (changed(Action::Update), "updated"),
        (changed(Action::Replace), "replaced"),
        (changed(Action::Delete), "deleted"),
        (changed(Action::Import), "imported"),
        (changed(Action::Wait), "waited for"),
        (unchanged, "already as planned"),
        (report.failures().count(), "failed"),
        (report.parts().map(|part| part.skipped.len()).sum(), "not tried"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} {what}", grouped(number)))
    .collect();
    let how = match (report.cancelled, report.succeeded()) {
        (true, _) => "Stopped",
        (false, true) => "Done",
        (false, false) => "Not all done",
    };
    let what = if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") };
    format!("{how} (run {}): {what}, in {}.", report.run, count(report.accounts.len(), "account"))
}
