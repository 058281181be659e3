//! Consent: what was approved, and what turned out since.
//!
//! A plan shows what it can know. When more is known (a new account's default VPCs have ids), the planner plans
//! again, and only steps that the approved plan covers are done. Everything else waits for the next run.

use std::collections::BTreeMap;

use super::step::{StackChange, Step};
use super::tree::{AccountPlan, Lane};
use super::value::PlannedValue;
use crate::model::Region;

/// A fresh plan of one account, divided by what was approved.
#[derive(Clone, Debug, PartialEq)]
pub struct Approved {
    /// The steps that the approved plan covers.
    pub plan: AccountPlan,
    /// The steps that nobody has seen.
    pub unapproved: Vec<(Option<Region>, Step)>,
}

/// Divides a fresh plan of one account by what was approved.
pub fn approve(fresh: AccountPlan, approved: &AccountPlan) -> Approved {
    let mut unapproved = Vec::new();
    let mut keep = |steps: Vec<Step>, shown: &[Step], region: Option<&Region>| {
        let (kept, unseen): (Vec<_>, Vec<_>) =
            steps.into_iter().partition(|step| shown.iter().any(|shown| covers(shown, step)));
        unapproved.extend(unseen.into_iter().map(|step| (region.cloned(), step)));
        kept
    };
    let steps = keep(fresh.steps, &approved.steps, None);
    let regions: BTreeMap<_, _> = fresh
        .regions
        .into_iter()
        .map(|(region, lane)| {
            let shown = approved.regions.get(&region).map_or(&[][..], |lane| &lane.steps);
            let steps = keep(lane.steps, shown, Some(&region));
            (region, Lane { steps, ..lane })
        })
        .collect();
    Approved { plan: AccountPlan { steps, regions, ..fresh }, unapproved }
}

/// Whether whoever approved `shown` has approved `step`.
fn covers(shown: &Step, step: &Step) -> bool {
    match (shown, step) {
        (Step::DeleteDefaultVpc { vpc: None, .. }, Step::DeleteDefaultVpc { .. }) => true,
        (
            Step::CreateStack(shown)
            | Step::UpdateStack(shown)
            | Step::RecreateStack { change: shown, .. }
            | Step::AwaitStack { change: shown, .. },
            Step::CreateStack(change) | Step::UpdateStack(change) | Step::AwaitStack { change, .. },
        ) => leads_to(shown, change),
        (Step::RecreateStack { change: shown, .. }, Step::RecreateStack { change, .. }) => {
            leads_to(shown, change)
        }
        (
            Step::CreateStack(change)
            | Step::UpdateStack(change)
            | Step::RecreateStack { change, .. }
            | Step::AwaitStack { change, .. },
            Step::ProtectStack { stack },
        ) => change.stack == *stack,
        (Step::EncryptEbsByDefault { key: shown, .. }, Step::EncryptEbsByDefault { key, .. }) => {
            becomes(shown, key)
        }
        (shown, step) => shown == step,
    }
}

/// Whether both end in the same stack: the same template with the same values, as far as they were known.
fn leads_to(shown: &StackChange, change: &StackChange) -> bool {
    shown.stack == change.stack
        && shown.template == change.template
        && shown.digest == change.digest
        && shown.capabilities == change.capabilities
        && shown.parameters.len() == change.parameters.len()
        && shown.parameters.iter().all(|(name, shown)| {
            change.parameters.get(name).is_some_and(|value| becomes(shown, value))
        })
}

/// Whether a value that was shown may turn out to be `value`.
fn becomes(shown: &PlannedValue, value: &PlannedValue) -> bool {
    match (shown, value) {
        (PlannedValue::Known(_), _) => shown == value,
        (_, PlannedValue::Known(_)) => true,
        (shown, value) => shown == value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tree::AccountStatus;

    fn account(steps: &[Step]) -> AccountPlan {
        let lane = Lane { steps: steps.to_vec(), ..Lane::default() };
        AccountPlan {
            id: None,
            ou: "Core".parse().unwrap(),
            protected: false,
            status: AccountStatus::Active,
            steps: Vec::new(),
            blocked: Vec::new(),
            regions: BTreeMap::from([("eu-west-1".parse().unwrap(), lane)]),
            notes: Vec::new(),
        }
    }

    fn deletion(vpc: Option<&str>) -> Step {
        Step::DeleteDefaultVpc { vpc: vpc.map(|id| id.parse().unwrap()), parts: Vec::new() }
    }

    fn encryption(key: PlannedValue) -> Step {
        Step::EncryptEbsByDefault { key, before: None, enable: true }
    }

    #[test]
    fn a_default_vpc_that_was_not_known_yet_is_covered_and_another_one_is_not() {
        let fresh = account(&[deletion(Some("vpc-1"))]);
        assert!(approve(fresh.clone(), &account(&[deletion(None)])).unapproved.is_empty());
        let divided = approve(fresh, &account(&[deletion(Some("vpc-2"))]));
        assert_eq!(divided.unapproved.len(), 1);
        assert!(divided.plan.regions.values().all(|lane| lane.steps.is_empty()));
    }

    #[test]
    fn a_known_value_may_not_turn_into_another_one() {
        let known = |text: &str| PlannedValue::Known(text.to_owned());
        let fresh = account(&[encryption(known("b"))]);
        assert_eq!(approve(fresh.clone(), &account(&[encryption(known("a"))])).unapproved.len(), 1);
        let later = account(&[encryption(PlannedValue::OwnAccountId)]);
        assert!(approve(fresh, &later).unapproved.is_empty());
    }

    #[test]
    fn what_was_not_shown_is_not_approved() {
        let fresh = account(&[deletion(Some("vpc-1"))]);
        assert_eq!(approve(fresh, &account(&[])).unapproved.len(), 1);
    }
}
