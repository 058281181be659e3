//! Planning one account again, within what was shown and approved.

use std::cell::RefCell;

use super::survey::Survey;
use crate::cloud::CloudReader;
use crate::execute::{Location, Replan, StepError};
use crate::model::{AccountId, AccountName, Region};
use crate::observed::observe_account;
use crate::plan::{AccountPlan, approve, plan_account};
use crate::render::Undone;

/// Plans again with the eyes of the survey that was shown, and takes note of what is left undone: because nobody
/// has approved it, or because it cannot be done.
#[derive(Debug)]
pub(super) struct WithinApproval<'a, C> {
    cloud: &'a C,
    survey: &'a Survey,
    undone: RefCell<Undone>,
}

impl<'a, C> WithinApproval<'a, C> {
    /// What may be done is what `survey` plans.
    pub(super) fn of(survey: &'a Survey, cloud: &'a C) -> Self {
        Self { cloud, survey, undone: RefCell::new(Undone::of(&survey.plan)) }
    }

    /// What the survey's plan left undone, and what turned out since.
    pub(super) fn into_undone(self) -> Undone {
        self.undone.into_inner()
    }
}

impl<C: CloudReader> Replan for WithinApproval<'_, C> {
    async fn replan(
        &self,
        name: &AccountName,
        id: &AccountId,
        region: Option<&Region>,
    ) -> Result<AccountPlan, StepError> {
        let Survey { desired, observed, plan, limits } = self.survey;
        let (Some(account), Some(shown)) = (desired.accounts.get(name), plan.account(name)) else {
            return Err(StepError::Changed(format!("{name} is not in the plan")));
        };
        let seen =
            observe_account(self.cloud, desired, observed, account, id, region, *limits).await;
        let approved = approve(plan_account(desired, observed, account, Some(&seen)), shown);
        let mut undone = self.undone.borrow_mut();
        // Of the other regions nothing new was learnt.
        let looked_at = |at: Option<&Region>| region.is_none() || at.is_none() || at == region;
        for (region, step) in
            approved.unapproved.into_iter().filter(|(at, _)| looked_at(at.as_ref()))
        {
            undone.unapproved(Location { account: Some(name.clone()), region }, &step);
        }
        undone.left_by(name, &approved.plan);
        Ok(approved.plan)
    }
}
