//! What came of a run, in words.

use std::collections::{BTreeMap, BTreeSet};

use super::count::{count, grouped};
use super::harmless::{harmless, short};
use crate::execute::{Report, SkippedStep, StepError};
use crate::plan::Action;

/// What was done, in numbers: `Done (run 1a2b3c4d): 3 created, in 1 account.`
pub(super) fn sentence(report: &Report) -> String {
    let (how, run, what) = (how(report), harmless(&report.run), numbers(report));
    format!("{how} (run {run}): {what}, in {}.", count(report.accounts.len(), "account"))
}

/// How a run ended: `Done`, `Stopped`, `Not all done`.
pub(super) fn how(report: &Report) -> &'static str {
    match (report.cancelled, report.succeeded()) {
        (true, _) => "Stopped",
        (false, true) => "Done",
        (false, false) => "Not all done",
    }
}

/// `1 deleted, 2 failed`, or `nothing`.
pub(super) fn numbers(report: &Report) -> String {
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
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// What was not tried, a line for each reason: a run that was stopped leaves thousands of steps for the same one.
pub(super) fn not_tried(report: &Report) -> Vec<String> {
    let mut skipped: BTreeMap<&str, Vec<&SkippedStep>> = BTreeMap::new();
    for step in report.parts().flat_map(|part| &part.skipped) {
        skipped.entry(&step.why).or_default().push(step);
    }
    skipped.into_iter().map(|(why, steps)| for_one_reason(why, &steps)).collect()
}

fn for_one_reason(why: &str, steps: &[&SkippedStep]) -> String {
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

/// Why a step failed, a line each, made harmless: the sum of it, and what is beneath.
#[derive(Debug)]
pub(super) struct Explanation {
    /// What AWS or avm says.
    pub(super) lines: Vec<String>,
    /// The resources of a stack that failed.
    pub(super) resources: Vec<String>,
}

/// Why a step failed: of a call, AWS's code, its message and the request id.
pub(super) fn explain(error: &StepError) -> Explanation {
    let mut resources = Vec::new();
    let lines = match error {
        StepError::Stack { stack, state, state_reason, failures } if !failures.is_empty() => {
            resources.extend(failures.iter().map(|failure| short(&failure.to_string()).into()));
            let ended = format!("stack {stack} ended in {state}");
            let reason = state_reason.iter().map(|reason| short(reason).into_owned());
            std::iter::once(ended).chain(reason).collect()
        }
        StepError::Cloud(cloud) => {
            let call = short(&format!("{}: {}", cloud.operation, cloud.code)).into_owned();
            let request = cloud.request_id.iter();
            let request = request.map(|id| format!("request id {}", harmless(id)));
            [call, short(&cloud.message).into_owned()].into_iter().chain(request).collect()
        }
        StepError::Stack { .. }
        | StepError::AccountRefused { .. }
        | StepError::Deadline { .. }
        | StepError::Changed(_)
        | StepError::Blocked(_)
        | StepError::Refused(_)
        | StepError::MissingValue { .. } => vec![short(&error.to_string()).into_owned()],
    };
    Explanation { lines, resources }
}
