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
        )
        // What is deleted first was seen to be.
        | (
            Step::RecreateStack { change: shown, .. }
            | Step::ImportStack { change: shown, replaces: Some(_), .. },
            Step::RecreateStack { change, .. }
            | Step::ImportStack { change, replaces: Some(_), .. },
        )
        // What is there already when the stack is made is taken over, and what has gone meanwhile is made.
        | (
            Step::CreateStack(shown)
            | Step::AwaitStack { change: shown, .. }
            | Step::ImportStack { change: shown, .. },
            Step::ImportStack { change, replaces: None, .. },
        )
        | (Step::ImportStack { change: shown, .. }, Step::CreateStack(change)) => {
            leads_to(shown, change)
        }
        (
            Step::CreateStack(change)
            | Step::UpdateStack(change)
            | Step::RecreateStack { change, .. }
            | Step::ImportStack { change, .. }
            | Step::AwaitStack { change, .. },
            Step::ProtectStack { stack },
        ) => change.stack == *stack,
        (Step::EncryptEbsByDefault { key: shown, .. }, Step::EncryptEbsByDefault { key, .. }) => {
            becomes(shown, key)
        }
        // Nobody could ask what it was; what it becomes was shown.
        (
            Step::ChangeAccountSetting { setting: shown, before: None },
            Step::ChangeAccountSetting { setting, .. },
        ) => shown == setting,
        (
            Step::ChangeRegionSetting { setting: shown, before: None },
            Step::ChangeRegionSetting { setting, .. },
        ) => shown == setting,
        (shown, step) => shown == step,
    }
}

/// Whether both end in the same stack, and on the way there nothing is lost that was not shown to be: the same
/// template with the same values, as far as they were known.
fn leads_to(shown: &StackChange, change: &StackChange) -> bool {
    shown.stack == change.stack
        && shown.template == change.template
        && shown.digest == change.digest
        && shown.capabilities == change.capabilities
        && shown.parameters.len() == change.parameters.len()
        && shown.parameters.iter().all(|(name, shown)| {
            change.parameters.get(name).is_some_and(|value| becomes(shown, value))
        })
        && change.resources.iter().filter(|fresh| fresh.may_be_lost()).all(|fresh| {
            let mut shown = shown.resources.iter().filter(|it| it.may_be_lost());
            shown.any(|shown| shown.logical_id == fresh.logical_id)
        })
}

/// Whether a value that was shown may turn out to be `value`.
fn becomes(shown: &PlannedValue, value: &PlannedValue) -> bool {
    match (shown, value) {
        (PlannedValue::Known(_), _) => shown == value,
        // What is sent is the same, also to a stack that has come into being or gone since.
        (PlannedValue::Secret { variable: shown, .. }, value) => {
            matches!(value, PlannedValue::Secret { variable, .. } if variable == shown)
        }
        (_, PlannedValue::Known(_)) => true,
        (shown, value) => shown == value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountSetting, RegionSetting, SecurityService, SerialConsole};
    use crate::plan::step::ResourceChange;
    use crate::plan::tree::AccountStatus;
    use crate::plan::{Action, Replacement};

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
    fn a_secret_is_approved_by_its_variable() {
        let secret = |variable: &str, kept| PlannedValue::Secret {
            variable: variable.parse().unwrap(),
            kept,
        };
        assert!(becomes(&secret("A", true), &secret("A", false)));
        assert!(!becomes(&secret("A", false), &secret("B", false)));
        assert!(!becomes(&secret("A", false), &PlannedValue::Known("x".to_owned())));
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

    fn change(digest: &str) -> StackChange {
        StackChange {
            stack: "avm-guardduty".parse().unwrap(),
            template: "guardduty.yaml".parse().unwrap(),
            digest: crate::template::Digest::from_output(digest),
            parameters: BTreeMap::new(),
            capabilities: [].into(),
            resources: Vec::new(),
            parameter_changes: Vec::new(),
        }
    }

    #[test]
    fn a_stack_may_be_made_or_imported_as_it_turns_out_and_never_deleted_unseen() {
        let create = |digest| Step::CreateStack(change(digest));
        let import = |digest, replaces| Step::ImportStack {
            change: change(digest),
            imports: Vec::new(),
            replaces,
        };
        let failed = Some(crate::cloud::StackState::RollbackComplete);
        let recreate = |digest| Step::RecreateStack {
            state: crate::cloud::StackState::RollbackComplete,
            change: change(digest),
        };
        let update = Step::UpdateStack(change("a"));
        let cases = [
            (create("a"), import("a", None), true),
            (import("a", None), import("a", None), true),
            (import("a", None), create("a"), true),
            (import("a", failed), import("a", failed), true),
            (recreate("a"), import("a", failed), true),
            (import("a", failed), recreate("a"), true),
            (import("a", failed), create("a"), true),
            (create("a"), import("b", None), false),
            (import("a", None), import("b", None), false),
            (import("a", None), create("b"), false),
            (create("a"), import("a", failed), false),
            (import("a", None), import("a", failed), false),
            (import("a", None), recreate("a"), false),
            (update.clone(), import("a", None), false),
            (import("a", None), update, false),
        ];
        for (shown, step, is_covered) in cases {
            assert_eq!(covers(&shown, &step), is_covered, "{shown:?} {step:?}");
        }
        let protect = Step::ProtectStack { stack: change("a").stack };
        assert!(covers(&import("a", None), &protect));
    }

    #[test]
    fn nothing_is_lost_that_was_not_shown_to_be() {
        let stays = [lossy(Action::Update, Replacement::Never, false)];
        let may_go = [lossy(Action::Update, Replacement::Maybe, false)];
        let replaced = [lossy(Action::Replace, Replacement::Always, false)];
        let deleted = [lossy(Action::Delete, Replacement::Never, false)];
        let made = [lossy(Action::Create, Replacement::Never, false)];
        let retained = [lossy(Action::Delete, Replacement::Never, true)];
        let maybe_retained = [lossy(Action::Update, Replacement::Maybe, true)];
        let cases: [(&[ResourceChange], &[ResourceChange], bool); 15] = [
            (&stays, &may_go, false),
            (&stays, &replaced, false),
            (&stays, &deleted, false),
            (&[], &deleted, false),
            (&made, &replaced, false),
            (&retained, &deleted, false),
            (&maybe_retained, &replaced, false),
            (&may_go, &replaced, true),
            (&may_go, &deleted, true),
            (&replaced, &may_go, true),
            (&deleted, &deleted, true),
            (&[], &made, true),
            (&[], &stays, true),
            (&stays, &retained, true),
            (&stays, &maybe_retained, true),
        ];
        let of = |resources: &[ResourceChange]| StackChange {
            resources: resources.to_vec(),
            ..change("a")
        };
        for (shown, fresh, is_covered) in cases {
            let step = Step::UpdateStack(of(fresh));
            assert_eq!(
                covers(&Step::UpdateStack(of(shown)), &step),
                is_covered,
                "{shown:?} {fresh:?}"
            );
            let state = crate::cloud::StackState::UpdateInProgress;
            let awaited = Step::AwaitStack { state, change: of(shown) };
            assert_eq!(covers(&awaited, &step), is_covered, "{shown:?} {fresh:?}");
        }
        // Another resource was shown.
        let mut other = deleted.clone();
        other[0].logical_id = "Other".to_owned();
        assert!(!covers(&Step::UpdateStack(of(&other)), &Step::UpdateStack(of(&deleted))));
    }

    fn lossy(action: Action, replacement: Replacement, retained: bool) -> ResourceChange {
        ResourceChange {
            logical_id: "Key".to_owned(),
            resource_type: "AWS::KMS::Key".to_owned(),
            action,
            replacement,
            retained,
            properties: Vec::new(),
        }
    }

    #[test]
    fn a_setting_is_covered_whatever_it_turns_out_to_have_been() {
        let alias = |alias: &str| AccountSetting::AccountAlias(alias.to_owned());
        let change = |to: &str, from: Option<&str>| {
            account(&[Step::ChangeAccountSetting { setting: alias(to), before: from.map(alias) }])
        };
        let unseen = |fresh, shown: AccountPlan| approve(fresh, &shown).unapproved.len();
        assert_eq!(unseen(change("acme", Some("old")), change("acme", None)), 0);
        assert_eq!(unseen(change("acme", Some("old")), change("else", None)), 1);
        // Somebody has changed it since it was shown.
        assert_eq!(unseen(change("acme", Some("old")), change("acme", Some("older"))), 1);

        let console = |setting, before| {
            let of = RegionSetting::SerialConsole;
            account(&[Step::ChangeRegionSetting { setting: of(setting), before }])
        };
        let enabled = Some(RegionSetting::SerialConsole(SerialConsole::Enabled));
        let fresh = console(SerialConsole::Disabled, enabled);
        assert_eq!(unseen(fresh.clone(), console(SerialConsole::Disabled, None)), 0);
        assert_eq!(unseen(fresh, console(SerialConsole::Enabled, None)), 1);
    }

    #[test]
    fn an_administrator_is_covered_for_the_service_that_was_shown_and_no_other() {
        let appointed = |service| account(&[Step::SetServiceAdministrator { service }]);
        let shown = appointed(SecurityService::GuardDuty);
        assert!(approve(shown.clone(), &shown).unapproved.is_empty());
        let other = appointed(SecurityService::SecurityHub);
        assert_eq!(approve(other, &shown).unapproved.len(), 1);
    }
}
