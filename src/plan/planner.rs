//! The planner: pure, total, and blind to everything but its two arguments.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::{AlarmGate, WaveConditions};
use super::rules::{
    Context, OrganizationTrail, account_steps, billed_twice, missing_region, organization_trail,
    region_lane, trusted_access,
};
use super::step::Step;
use super::tree::{AccountPlan, AccountStatus, FORMAT_VERSION, Lane, Plan, WavePlan};
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{Region, WaveName};
use crate::observed::{ObservedAccount, ObservedState};

/// The difference between what is wanted and what is.
pub fn plan(desired: &DesiredState, observed: &ObservedState) -> Plan {
    let trail = organization_trail(desired);
    let waves = desired
        .waves
        .iter()
        .map(|wave| WavePlan {
            name: wave.clone(),
            conditions: conditions(desired, observed, wave),
            accounts: desired
                .accounts
                .values()
                .filter(|account| account.wave == *wave)
                .map(|account| {
                    let seen = observed.accounts.get(&account.name);
                    let context = Context { desired, observed, account, seen };
                    (account.name.clone(), planned(&context, trail.as_ref()))
                })
                .collect(),
        })
        // Whoever selects later waves only does not get past the gates of earlier ones.
        .filter(|wave| !wave.accounts.is_empty() || wave.conditions.gate.is_some())
        .collect();
    let (trust, organization_blocked) = trusted_access(desired, observed);
    let mut organization_steps = missing_units(desired, observed);
    organization_steps.extend(trust);
    Plan {
        format_version: FORMAT_VERSION.to_owned(),
        organization: desired.organization.clone(),
        organization_steps,
        organization_blocked,
        waves,
    }
}

/// The same for one account, which by now may be seen otherwise than the rest of the organization was.
pub fn plan_account(
    desired: &DesiredState,
    observed: &ObservedState,
    account: &DesiredAccount,
    seen: Option<&ObservedAccount>,
) -> AccountPlan {
    let context = Context { desired, observed, account, seen };
    planned(&context, organization_trail(desired).as_ref())
}

fn planned(context: &Context<'_>, trail: Option<&OrganizationTrail<'_>>) -> AccountPlan {
    let Context { account, seen, .. } = *context;
    let (id, status) = match seen {
        None | Some(ObservedAccount::Absent { .. }) => (None, AccountStatus::New),
        Some(ObservedAccount::NotActive { id, state }) => {
            (Some(id.clone()), AccountStatus::NotActive(state.clone()))
        }
        Some(ObservedAccount::Unreachable { id, error }) => {
            (Some(id.clone()), AccountStatus::Unreachable(error.clone()))
        }
        Some(ObservedAccount::Present(present)) => {
            (Some(present.id.clone()), AccountStatus::Active)
        }
    };
    let mut planned = AccountPlan {
        id,
        ou: account.ou.clone(),
        protected: context.protected(),
        status,
        steps: Vec::new(),
        blocked: Vec::new(),
        regions: BTreeMap::new(),
        notes: Vec::new(),
    };
    match seen {
        Some(ObservedAccount::NotActive { .. } | ObservedAccount::Unreachable { .. }) => {}
        None | Some(ObservedAccount::Absent { .. } | ObservedAccount::Present(_)) => {
            billed_twice(context, trail, &mut planned);
            if account_steps(context, &mut planned) {
                planned.regions = lanes(context, &planned.steps);
            }
        }
    }
    planned
}

/// What has to hold after a wave.
fn conditions(desired: &DesiredState, observed: &ObservedState, wave: &WaveName) -> WaveConditions {
    let Some(wanted) = desired.conditions.get(wave) else { return WaveConditions::default() };
    WaveConditions {
        failure_tolerance: wanted.failure_tolerance,
        soak: wanted.soak,
        gate: wanted.gate.as_ref().map(|gate| AlarmGate {
            alarm: gate.alarm.clone(),
            account: gate.account.clone(),
            account_id: observed.gate_accounts.get(&gate.account).cloned(),
            region: gate.region.clone(),
        }),
    }
}

/// Organizational units that are missing, each after the one above it.
fn missing_units(desired: &DesiredState, observed: &ObservedState) -> Vec<Step> {
    desired
        .wanted_units()
        .into_iter()
        .filter(|path| !observed.nodes.contains_key(path))
        .map(|path| {
            let parent = path.parent().and_then(|parent| observed.nodes.get(&parent).cloned());
            Step::CreateOrganizationalUnit { path, parent }
        })
        .collect()
}

/// The lanes of all regions in which anything is to be done or said; `steps` are the account's own.
fn lanes(context: &Context<'_>, steps: &[Step]) -> BTreeMap<Region, Lane> {
    let present: BTreeSet<Region> = match context.present() {
        Some(present) => present.regions.keys().cloned().collect(),
        None => context.observed.regions_of_a_new_account.clone(),
    };
    let wanted = context.account.stacks.iter().flat_map(|stack| &stack.regions);
    let regions: BTreeSet<&Region> =
        present.iter().chain(wanted).chain(&context.desired.governed).collect();
    regions
        .into_iter()
        .filter(|region| context.desired.selects(region))
        .map(|region| {
            let lane = if present.contains(region) {
                region_lane(context, region)
            } else {
                missing_region(context, region, steps)
            };
            (region.clone(), lane)
        })
        .filter(|(_, lane)| *lane != Lane::default())
        .collect()
}
