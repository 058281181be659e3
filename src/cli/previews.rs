//! What CloudFormation itself says of a plan (`--change-sets`).

use std::sync::atomic::{AtomicBool, Ordering};

use super::arguments::PreviewArguments;
use super::failure::Failure;
use super::observing::Observing;
use super::printer::Printer;
use super::protection::protection;
use super::rollout::templates;
use super::run::Context;
use super::session::{ASKING, connect};
use super::signals::interruptible;
use super::survey::Survey;
use crate::cloud::{CloudProvider, CloudWriter};
use crate::desired::DesiredState;
use crate::execute::{Inquiry, Ledger, Limits, Questions, preview};
use crate::plan::{Answer, Preview};
use crate::policy::Purpose;
use crate::render::count;

/// A run that does the plan asks nobody what it would do.
pub(super) fn refuse_to_ask(asked: PreviewArguments, dry_run: bool) -> Result<(), Failure> {
    if asked.change_sets && !dry_run {
        return Err(Failure::new(
            "--change-sets is for a plan that is looked at, and not for a run",
        )
        .hint("add --dry-run, or use `avm plan --change-sets`"));
    }
    Ok(())
}

/// Asks about every stack of the survey's plan, if that is wanted. Connects anew, and only if there is something to
/// ask: what looked has no ability to write, and no session that may.
pub(super) async fn ask<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    survey: &Survey,
    run: &str,
    limits: Limits,
    asked: PreviewArguments,
) -> Result<Vec<Preview>, Failure> {
    if !asked.change_sets {
        return Ok(Vec::new());
    }
    let questions = Questions::of(&survey.plan);
    let previews = if questions.count() == 0 {
        questions.unasked().to_vec()
    } else {
        let protection = protection(&survey.plan, Purpose::Preview);
        let session = connect(context, everything, run, ASKING, protection).await?;
        let inquiry = Inquiry { run, limits, reverts_drift: asked.revert_drift };
        answers(&session.cloud, survey, &questions, inquiry, context.printer).await?
    };
    context.printer.say(&summary(&previews));
    Ok(previews)
}

async fn answers<C: CloudWriter>(
    cloud: &C,
    survey: &Survey,
    questions: &Questions<'_>,
    inquiry: Inquiry<'_>,
    printer: &Printer,
) -> Result<Vec<Preview>, Failure> {
    let (templates, ledger) = (templates(&survey.desired), Ledger::default());
    let (cancel, asking) = (AtomicBool::new(false), Observing::stacks(printer));
    let progress = |done, total| asking.progress(done, total);
    progress(0, questions.count());
    let work = preview(cloud, questions, &templates, inquiry, &ledger, &cancel, &progress);
    let stopping = "Stopping: what has begun is removed first. Again to stop at once.";
    let previews = interruptible(work, &cancel, || asking.line(stopping)).await;
    asking.finish();
    for found in ledger.removed() {
        printer.say(&format!("Removed what an earlier run had left behind: {found}"));
    }
    match previews {
        Some(previews) if !cancel.load(Ordering::SeqCst) => {
            if !ledger.left().is_empty() {
                let failure = Failure::new("not every change set could be removed");
                printer.failure(&naming(&ledger, failure));
            }
            Ok(previews)
        }
        Some(_) => {
            let stopped = "the run was stopped before CloudFormation was asked about everything";
            Err(naming(&ledger, Failure::new(stopped)))
        }
        None => {
            let stopped = format!("run {} was stopped at once", inquiry.run);
            Err(naming(&ledger, Failure::new(stopped)))
        }
    }
}

/// Says what is left behind, and what removes it.
fn naming(ledger: &Ledger, mut failure: Failure) -> Failure {
    let left = ledger.left();
    if left.is_empty() {
        return failure.hint("no change set is left behind");
    }
    for (left, why) in &left {
        let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        failure = failure.cause(format!("left behind in {left}{why}"));
    }
    for (left, _) in &left {
        failure = failure.hint(format!("in account {}: {}", left.target.account, left.command()));
    }
    failure
}

/// `CloudFormation was asked about 12 stacks: 10 would change, 1 refused, 1 not asked`
fn summary(previews: &[Preview]) -> String {
    let (mut change, mut stay, mut refused, mut unasked) = (0, 0, 0, 0);
    for preview in previews {
        match preview.answer {
            Answer::Changes(_) => change += 1,
            Answer::NoChange => stay += 1,
            Answer::Refused { .. } => refused += 1,
            Answer::NotAsked(_) => unasked += 1,
        }
    }
    let parts = [
        (change, "would change"),
        (stay, "would stay as they are"),
        (refused, "refused"),
        (unasked, "not asked"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts.map(|(number, what)| format!("{number} {what}")).collect();
    let about = format!("CloudFormation was asked about {}", count(previews.len(), "stack"));
    if parts.is_empty() { about } else { format!("{about}: {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_every_kind_of_answer() {
        let preview = |answer| Preview {
            account: "payments".parse().unwrap(),
            region: "eu-west-1".parse().unwrap(),
            stack: "avm-kms-keys".parse().unwrap(),
            answer,
            warnings: Vec::new(),
        };
        let refused = Answer::Refused { reason: "no".into(), findings: Vec::new() };
        let previews = [
            Answer::Changes(Vec::new()),
            Answer::Changes(Vec::new()),
            Answer::NoChange,
            refused,
            Answer::NotAsked("later".into()),
        ]
        .map(preview);
        assert_eq!(
            summary(&previews),
            "CloudFormation was asked about 5 stacks: 2 would change, 1 would stay as they are, 1 refused, 1 \
             not asked"
        );
        assert_eq!(summary(&[]), "CloudFormation was asked about 0 stacks");
    }

    #[test]
    fn a_run_that_does_the_plan_does_not_ask() {
        let asked = PreviewArguments { change_sets: true, revert_drift: false };
        assert!(refuse_to_ask(asked, true).is_ok());
        assert!(refuse_to_ask(asked, false).unwrap_err().hints[0].contains("--dry-run"));
    }
}
