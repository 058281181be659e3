//! All checks in order, and the desired state that comes out.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Recipe, User, recipe};
use super::catalog::Catalog;
use super::zone::Zone;
use super::{account, accounts, alias, environments, regions, services, units, waves};
use crate::desired::files::LandingZoneFile;
use crate::desired::library::Library;
use crate::desired::state::{ChangeLimits, DesiredAccount, DesiredState, OrganizationPin};
use crate::document::{Diagnostic, Source};
use crate::model::{BaselineName, RoleName};

/// The role that Organizations makes in new accounts unless told otherwise.
const DEFAULT_ACCESS_ROLE: &str = "OrganizationAccountAccessRole";

/// Checks the files against each other. There is a state if, and only if, there is no fault.
pub(in crate::desired) fn check(
    source: &Source,
    file: &LandingZoneFile,
    library: &Library,
    faults: &mut Vec<Diagnostic>,
) -> Option<DesiredState> {
    let zone = Zone::new(source, file);
    let catalog = Catalog::new(&zone, library);
    regions::check(&zone, faults);
    environments::check(&zone, faults);
    units::check(&zone, faults);
    units::protected(&zone, faults);
    waves::check(&zone, faults);
    services::check(&zone, faults);
    accounts::check(&zone, library, faults);
    let recipes = recipes(&zone, &catalog, library, faults);
    let accounts = desired_accounts(&zone, &recipes, faults);
    alias::distinct(&zone, &accounts, faults);
    if faults.is_empty() { state(&zone, library, accounts) } else { None }
}

/// The recipes of all baselines, so that the faults of one that nobody uses yet are found as well.
fn recipes<'a>(
    zone: &'a Zone<'a>,
    catalog: &'a Catalog<'a>,
    library: &'a Library,
    faults: &mut Vec<Diagnostic>,
) -> BTreeMap<&'a BaselineName, Recipe<'a>> {
    let mut recipes = BTreeMap::new();
    for (name, baseline) in &library.baselines {
        let (Some(baseline), Some(stacks)) = (baseline, catalog.stacks(name)) else { continue };
        let user = User { zone, catalog, name, baseline, stacks };
        recipes.insert(name, recipe(&user, library, faults));
    }
    recipes
}

fn desired_accounts(
    zone: &Zone<'_>,
    recipes: &BTreeMap<&BaselineName, Recipe<'_>>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<DesiredAccount> {
    let entries = zone.file.accounts.iter().filter_map(|entry| {
        let baseline = entry.value.baseline.as_ref()?;
        account::account(zone, entry, recipes.get(&baseline.value)?, faults)
    });
    entries.collect()
}

fn state(
    zone: &Zone<'_>,
    library: &Library,
    accounts: Vec<DesiredAccount>,
) -> Option<DesiredState> {
    let organization = zone.file.organization.as_ref()?;
    let default_role = || DEFAULT_ACCESS_ROLE.parse::<RoleName>().ok();
    let units = zone.file.organizational_units.iter().map(|unit| unit.value.clone());
    let templates = library.templates.iter();
    let artifacts = zone.file.artifacts.as_ref();
    Some(DesiredState {
        organization: OrganizationPin {
            id: organization.id.clone()?,
            management_account: organization.management_account.clone()?,
            access_role: organization.access_role.clone().or_else(default_role)?,
        },
        plan_role: organization.plan_role.clone(),
        home: zone.home?.clone(),
        governed: zone.governed.clone(),
        artifacts_bucket: artifacts
            .and_then(|artifacts| Some(artifacts.bucket.as_ref()?.0.clone())),
        lease_bucket: zone
            .file
            .lease
            .as_ref()
            .and_then(|lease| Some(lease.bucket.as_ref()?.0.clone())),
        waves: zone.waves.iter().map(|wave| (*wave).clone()).collect(),
        conditions: waves::conditions(zone),
        protected_units: zone
            .file
            .protected_organizational_units
            .iter()
            .map(|unit| unit.value.clone())
            .collect(),
        limits: limits(zone),
        organizational_units: units.filter(|unit| !unit.is_root()).collect::<BTreeSet<_>>(),
        trusted_services: services::trusted(zone),
        administrators: zone
            .administrators
            .iter()
            .map(|(service, account)| (*service, account.value.clone()))
            .collect(),
        emails: accounts.iter().map(|a| (a.name.clone(), a.email.clone())).collect(),
        accounts: accounts.into_iter().map(|account| (account.name.clone(), account)).collect(),
        templates: templates
            .filter_map(|(file, template)| Some((file.clone(), template.clone()?)))
            .collect(),
        selected_regions: None,
        settings_selected: true,
    })
}

fn limits(zone: &Zone<'_>) -> ChangeLimits {
    let Some(limits) = &zone.file.limits else { return ChangeLimits::default() };
    ChangeLimits {
        changes: limits.max_changes.map(|most| most.0.into()),
        destroys: limits.max_destroys.map(|most| most.0.into()),
    }
}
