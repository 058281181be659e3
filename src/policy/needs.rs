//! What in a folder makes avm call.

use std::collections::BTreeSet;

use super::call::When;
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountSetting, RegionSetting};
use crate::template::{AdoptableType, Template};

/// What some accounts of a folder need.
#[derive(Debug)]
pub(super) struct Needs(BTreeSet<When>);

impl Needs {
    /// What is needed for these accounts.
    pub(super) fn of<'a>(
        desired: &'a DesiredState,
        accounts: impl Iterator<Item = &'a DesiredAccount> + Clone,
    ) -> Self {
        let mut needs = BTreeSet::from([When::Always]);
        for account in accounts.clone() {
            add_account(account, &mut needs);
        }
        for template in templates(desired, accounts) {
            for resource in template.resources().values() {
                if let Some(known) = AdoptableType::of(&resource.resource_type) {
                    needs.extend([When::Adoption, When::AdoptionOf(known.resource_type)]);
                }
            }
        }
        let present = |yes: bool, need| yes.then_some(need);
        needs.extend(present(desired.artifacts_bucket.is_some(), When::Artifacts));
        needs.extend(present(desired.lease_bucket.is_some(), When::Lease));
        let gates = desired.conditions.values().any(|conditions| conditions.gate.is_some());
        needs.extend(present(gates, When::Gates));
        needs.extend(present(!desired.trusted_services.is_empty(), When::TrustedServices));
        for service in desired.administrators.keys() {
            needs.extend(present(!service.registered().is_empty(), When::Administrators));
            needs.extend(service.regional().map(When::RegionalAdministrator));
        }
        // Outputs are read from other accounts' stacks, for which those need no stack of a baseline any more.
        needs.extend(present(!desired.templates.is_empty(), When::Stacks));
        Self(needs)
    }

    /// Whether it is needed.
    pub(super) fn has(&self, when: When) -> bool {
        self.0.contains(&when)
    }
}

/// The templates of the accounts' stacks, each once.
pub(super) fn templates<'a>(
    desired: &'a DesiredState,
    accounts: impl Iterator<Item = &'a DesiredAccount>,
) -> Vec<&'a Template> {
    let files: BTreeSet<_> =
        accounts.flat_map(|account| &account.stacks).map(|stack| &stack.template).collect();
    files.into_iter().filter_map(|file| desired.templates.get(file)).map(|one| &**one).collect()
}

fn add_account(account: &DesiredAccount, needs: &mut BTreeSet<When>) {
    let switches = [
        (!account.tags.is_empty(), When::Tags),
        (account.delete_default_vpcs, When::DefaultVpc),
        (account.ebs_key.is_some(), When::Ebs),
        (account.opt_in, When::OptIn),
    ];
    needs.extend(switches.into_iter().filter(|(on, _)| *on).map(|(_, need)| need));
    needs.extend(account.settings.iter().map(|setting| match setting {
        AccountSetting::S3PublicAccess(_) => When::S3PublicAccess,
        AccountSetting::PasswordPolicy(_) => When::PasswordPolicy,
        AccountSetting::AccountAlias(_) => When::AccountAlias,
        AccountSetting::AlternateContact(_) => When::AlternateContacts,
        AccountSetting::ServiceLinkedRole(_) => When::ServiceLinkedRoles,
    }));
    needs.extend(account.region_settings.iter().map(|setting| match setting {
        RegionSetting::InstanceMetadata(_) => When::InstanceMetadata,
        RegionSetting::ImagePublicAccess(_) => When::ImagePublicAccess,
        RegionSetting::SnapshotPublicAccess(_) => When::SnapshotPublicAccess,
        RegionSetting::SerialConsole(_) => When::SerialConsole,
        RegionSetting::GuardDutyOrganization(_) => When::GuardDutyOrganization,
    }));
}
