//! Steps in order: each after the one before, none after the failure of one that it needs.

use std::collections::VecDeque;
use std::time::Duration;

use tracing::{Instrument as _, info_span};

use super::event::{Event, Location, Outcome};
use super::mask;
use super::outlook::{is_about, outlook, tell_impossible};
use super::report::StepError;
use super::run::{Replan, Run};
use super::steps::{Done, account_id, perform};
use crate::cloud::CloudWriter;
use crate::model::AccountSetting;
use crate::plan::{AccountPlan, Step};

/// Why steps are not tried once a run was told to stop.
pub(super) const STOPPED: &str = "the run was stopped";

/// How often a lane is planned again because AWS was at work on one of its stacks.
const MAX_REPLANS: usize = 3;

/// Does `steps` in order; answers whether what needs them can follow. `account` is the plan that they belong to.
pub(super) async fn run_steps<C: CloudWriter, R: Replan>(
    run: &Run<'_, C, R>,
    at: &Location,
    account: Option<&AccountPlan>,
    steps: &[Step],
) -> bool {
    let mut steps: VecDeque<Step> = steps.iter().cloned().collect();
    let mut replans = 0;
    while let Some(step) = steps.pop_front() {
        if run.cancelled() {
            steps.push_front(step);
            run.skip(at, &steps, STOPPED);
            return false;
        }
        let started = run.elapsed();
        run.tell(&Event::StepStarted { at: at.clone(), step: step.clone() });
        let span = info_span!(
            "step",
            account = at.account.as_ref().map(tracing::field::display),
            region = at.region.as_ref().map(tracing::field::display),
            step = short(&step),
        );
        span.in_scope(|| tracing::info!("step begun"));
        let mut result = match refusal(account, &step) {
            Some(refusal) => Err(refusal),
            None => perform(run, at, &step).instrument(span.clone()).await,
        };
        if let Ok(Done::LookAgain) = result {
            replans += 1;
            let again = planned_again(run, at, &step, &steps, replans);
            result = match again.instrument(span.clone()).await {
                Ok(fresh) => {
                    steps = fresh;
                    Ok(Done::Changed)
                }
                Err(error) => Err(error),
            };
        }
        let failed = result.is_err() && is_needed(&step);
        let outcome = match result {
            Ok(Done::Changed | Done::LookAgain) => Outcome::Done,
            Ok(Done::Unchanged) => Outcome::Unchanged,
            Ok(Done::Postponed(why)) => Outcome::Skipped { why: why.to_owned() },
            Err(error) => Outcome::Failed(mask::error(error, run.secrets)),
        };
        let elapsed = run.elapsed().saturating_sub(started);
        span.in_scope(|| log_end(&outcome, elapsed));
        run.tell(&Event::StepEnded { at: at.clone(), step, outcome, started, elapsed });
        if failed {
            run.skip(at, &steps, "a step before it failed");
            return false;
        }
    }
    true
}

/// What a step is called in logs and timelines. Without what a person chose as the value of a tag: that may be anything.
fn short(step: &Step) -> String {
    if let Step::TagAccount { set, .. } = step {
        let keys: Vec<_> = set.keys().map(String::as_str).collect();
        return format!("tags {}", keys.join(", "));
    }
    step.to_string()
}

/// Says how a step ended: of an error its code, since AWS's messages quote what was sent.
fn log_end(outcome: &Outcome, elapsed: Duration) {
    let seconds = elapsed.as_secs_f64();
    match outcome {
        Outcome::Done => tracing::info!(seconds, "step done"),
        Outcome::Unchanged => tracing::info!(seconds, "step had nothing left to do"),
        Outcome::Skipped { why } => tracing::info!(seconds, why, "step put off"),
        Outcome::Failed(error) => tracing::warn!(seconds, error = code(error), "step failed"),
    }
}

fn code(error: &StepError) -> String {
    match error {
        StepError::Cloud(error) => format!("{} of {}", error.code, error.operation),
        StepError::Stack { state, .. } => state.to_string(),
        StepError::AccountRefused { reason } => reason.clone(),
        StepError::Deadline { .. } => "Deadline".to_owned(),
        StepError::Changed(_) => "Changed".to_owned(),
        StepError::Blocked(_) => "Blocked".to_owned(),
        StepError::Refused(_) => "Refused".to_owned(),
        StepError::MissingValue { .. } => "MissingValue".to_owned(),
    }
}

/// Whether what comes after a step cannot do without it. Settings stand for themselves: an alias that somebody else
/// has is no reason to leave an account without its trail.
fn is_needed(step: &Step) -> bool {
    match step {
        // Services refuse to be set up without their own role.
        Step::ChangeAccountSetting { setting, .. } => {
            matches!(setting, AccountSetting::ServiceLinkedRole(_))
        }
        Step::ChangeRegionSetting { .. } | Step::EnableRegion { .. } => false,
        Step::CreateOrganizationalUnit { .. }
        | Step::CreateAccount(_)
        | Step::AwaitAccount { .. }
        | Step::MoveAccount { .. }
        | Step::TagAccount { .. }
        | Step::DeleteDefaultVpc { .. }
        | Step::EncryptEbsByDefault { .. }
        | Step::CreateStack(_)
        | Step::UpdateStack(_)
        | Step::RecreateStack { .. }
        | Step::AwaitStack { .. }
        | Step::ProtectStack { .. }
        | Step::ImportStack { .. }
        | Step::TrustService { .. }
        | Step::RegisterAdministrator { .. }
        | Step::SetServiceAdministrator { .. } => true,
    }
}

/// What now is ahead in this region, as far as it was approved, after AWS has finished what `awaited` waited for.
async fn planned_again<C, R: Replan>(
    run: &Run<'_, C, R>,
    at: &Location,
    awaited: &Step,
    shown: &VecDeque<Step>,
    replans: usize,
) -> Result<VecDeque<Step>, StepError> {
    if replans > MAX_REPLANS {
        return Err(StepError::Changed("AWS is at work on it again and again".to_owned()));
    }
    let id = account_id(run, at)?;
    let (Some(name), Some(region)) = (&at.account, &at.region) else { return Ok(VecDeque::new()) };
    let mut fresh = outlook(run, name, &id, Some(region)).await?;
    let lane = fresh.regions.remove(region).unwrap_or_default();
    if let Some(blocked) = lane.blocked.iter().find(|blocked| is_about(blocked, awaited)) {
        return Err(StepError::Blocked(blocked.reason.to_string()));
    }
    tell_impossible(run, at, shown, &lane);
    Ok(lane.steps.into())
}

/// The executor's own last word, whatever the plan says: nothing is destroyed in a protected account.
fn refusal(account: Option<&AccountPlan>, step: &Step) -> Option<StepError> {
    let protected = account.is_some_and(|account| account.protected);
    (protected && step.action().is_destructive())
        .then(|| StepError::Refused("the account is protected".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ServicePrincipal;

    #[test]
    fn a_setting_that_fails_ends_nothing_unless_services_need_it() {
        let service: ServicePrincipal = "config.amazonaws.com".parse().unwrap();
        let change = |setting| Step::ChangeAccountSetting { setting, before: None };
        assert!(!is_needed(&change(AccountSetting::AccountAlias("acme".to_owned()))));
        assert!(is_needed(&change(AccountSetting::ServiceLinkedRole(service.clone()))));
        assert!(is_needed(&Step::RegisterAdministrator { service }));
        assert!(!is_needed(&Step::EnableRegion { region: "af-south-1".parse().unwrap() }));
    }
}
