//! What is ahead, once more can be known: planned again, and held against what was shown.

use super::event::{Location, Outcome};
use super::report::StepError;
use super::run::{Replan, Run};
use crate::model::{AccountId, AccountName, Region};
use crate::plan::{AccountPlan, AccountStatus, Blocked, Lane, Step};

/// The account's plan as of now, as far as it was approved. An account that cannot be looked at has none.
pub(super) async fn outlook<C, R: Replan>(
    run: &Run<'_, C, R>,
    name: &AccountName,
    id: &AccountId,
    region: Option<&Region>,
) -> Result<AccountPlan, StepError> {
    // Boxed, since it is rare and big: every lane would carry its size otherwise.
    let fresh = Box::pin(run.replan.replan(name, id, region)).await?;
    match fresh.status {
        AccountStatus::New | AccountStatus::Active => Ok(fresh),
        AccountStatus::Unreachable(error) => Err(error.into()),
        AccountStatus::NotActive(state) => {
            Err(StepError::Changed(format!("the account is {state} now")))
        }
    }
}

/// Tells that steps which were shown have turned out to be impossible. Without this, a run in which a stack could
/// not be made would look like one in which there was nothing to make.
pub(super) fn tell_impossible<'s, C, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    shown: impl IntoIterator<Item = &'s Step>,
    fresh: &Lane,
) {
    for step in shown {
        if let Some(blocked) = fresh.blocked.iter().find(|blocked| is_about(blocked, step)) {
            let error = StepError::Blocked(blocked.reason.to_string());
            run.ended_at_once(at, step, Outcome::Failed(error));
        }
    }
}

/// Whether what is blocked is what the step would have done.
pub(super) fn is_about(blocked: &Blocked, step: &Step) -> bool {
    match step {
        Step::DeleteDefaultVpc { .. } => blocked.subject.starts_with("default VPC"),
        Step::EncryptEbsByDefault { .. } => blocked.subject.starts_with("EBS"),
        Step::TrustService { .. }
        | Step::RegisterAdministrator { .. }
        | Step::SetServiceAdministrator { .. }
        | Step::EnableRegion { .. }
        | Step::ChangeAccountSetting { .. } => blocked.subject == step.to_string(),
        // A region that the account has not is blocked as a whole: `avm-config, settings`.
        Step::ChangeRegionSetting { .. } => {
            blocked.subject == step.to_string()
                || blocked.subject.split(", ").any(|name| name == "settings")
        }
        Step::CreateOrganizationalUnit { .. }
        | Step::CreateAccount(_)
        | Step::AwaitAccount { .. }
        | Step::MoveAccount { .. }
        | Step::TagAccount { .. }
        | Step::CreateStack(_)
        | Step::UpdateStack(_)
        | Step::RecreateStack { .. }
        | Step::AwaitStack { .. }
        | Step::ProtectStack { .. }
        | Step::ImportStack { .. } => step.stack().is_some_and(|stack| {
            let mut names = blocked.subject.trim_start_matches("stack ").split(", ");
            blocked.subject == "stacks" || names.any(|name| name == stack.as_str())
        }),
    }
}
