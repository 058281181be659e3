//! The settings of a baseline become those that accounts have.

use std::collections::BTreeMap;

use super::alias;
use super::baseline::User;
use super::key::{KeyRecipe, key};
use crate::desired::files::{
    ContactEntry, DefaultVpc, GuardDutyEntry, GuardDutyFeatures, PasswordPolicyEntry, PublicAccess,
    RegionOptIn, SettingsEntry,
};
use crate::desired::shape::Located;
use crate::document::Diagnostic;
use crate::model::{
    AccountSetting, AlternateContact, ContactType, GuardDutyOrganization, InstanceMetadata,
    PasswordPolicy, RegionSetting, S3PublicAccess,
};

/// The settings that a baseline's accounts get.
#[derive(Debug, Default)]
pub(super) struct SettingsRecipe<'a> {
    pub(super) delete_default_vpcs: bool,
    pub(super) key: Option<KeyRecipe<'a>>,
    /// Those that are the same for all accounts.
    pub(super) of_account: Vec<AccountSetting>,
    /// What stands before the account's name in its alias.
    pub(super) alias_prefix: Option<&'a Located<String>>,
    pub(super) of_region: Vec<RegionSetting>,
    /// For the account that administers GuardDuty.
    pub(super) guardduty: Option<Located<RegionSetting>>,
    pub(super) opt_in: bool,
}

/// Checks the settings of a baseline.
pub(super) fn settings<'a>(user: &User<'a>, faults: &mut Vec<Diagnostic>) -> SettingsRecipe<'a> {
    let Some(entry) = &user.baseline.file.settings else { return SettingsRecipe::default() };
    let encryption = entry.ebs_encryption.as_ref();
    let prefix = entry.account_alias.as_ref().and_then(|alias| alias.prefix.as_ref());
    if let Some(prefix) = prefix {
        let wrong = alias::wrong_prefix(&prefix.value).map(|why| {
            let message = format!("no alias can start with {:?}: {why}", prefix.value);
            user.fault(&prefix.span, "invalid-alias", message)
        });
        faults.extend(wrong);
    }
    SettingsRecipe {
        delete_default_vpcs: entry.default_vpc == Some(DefaultVpc::Delete),
        key: encryption.and_then(|encryption| key(user, encryption.key.as_ref()?, faults)),
        of_account: of_account(entry),
        alias_prefix: prefix.filter(|prefix| alias::wrong_prefix(&prefix.value).is_none()),
        of_region: of_region(entry),
        guardduty: entry.guardduty_organization.as_ref().and_then(guardduty),
        opt_in: entry.region_opt_in == Some(RegionOptIn::Enable),
    }
}

fn of_account(entry: &SettingsEntry) -> Vec<AccountSetting> {
    let s3 = match entry.s3_public_access {
        Some(PublicAccess::Block) => Some(AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED)),
        Some(PublicAccess::Keep) | None => None,
    };
    let password_policy = entry.password_policy.as_ref().map(password_policy);
    let contacts = entry.alternate_contacts.iter().flat_map(|contacts| {
        [
            (ContactType::Billing, &contacts.billing),
            (ContactType::Operations, &contacts.operations),
            (ContactType::Security, &contacts.security),
        ]
    });
    let contacts = contacts.filter_map(|(kind, entry)| contact(kind, entry.as_ref()?));
    let roles = entry.service_linked_roles.iter();
    s3.into_iter()
        .chain(password_policy.map(AccountSetting::PasswordPolicy))
        .chain(contacts.map(AccountSetting::AlternateContact))
        .chain(roles.map(|service| AccountSetting::ServiceLinkedRole(service.value.clone())))
        .collect()
}

fn password_policy(entry: &PasswordPolicyEntry) -> PasswordPolicy {
    let default = PasswordPolicy::default();
    PasswordPolicy {
        minimum_length: entry.minimum_length.map_or(default.minimum_length, |length| length.0),
        require_symbols: entry.require_symbols.unwrap_or(default.require_symbols),
        require_numbers: entry.require_numbers.unwrap_or(default.require_numbers),
        require_uppercase: entry.require_uppercase.unwrap_or(default.require_uppercase),
        require_lowercase: entry.require_lowercase.unwrap_or(default.require_lowercase),
        allow_users_to_change: entry.allow_users_to_change.unwrap_or(default.allow_users_to_change),
        max_age_days: entry.max_age_days.map(|days| days.0),
        reuse_prevention: entry.reuse_prevention.map(|earlier| earlier.0),
        hard_expiry: entry.hard_expiry.unwrap_or(default.hard_expiry),
    }
}

fn contact(contact: ContactType, entry: &ContactEntry) -> Option<AlternateContact> {
    Some(AlternateContact {
        contact,
        name: entry.name.as_ref()?.0.clone(),
        title: entry.title.as_ref()?.0.clone(),
        email: entry.email.as_ref()?.0.clone(),
        phone: entry.phone.as_ref()?.0.clone(),
    })
}

fn of_region(entry: &SettingsEntry) -> Vec<RegionSetting> {
    let metadata = entry.instance_metadata.as_ref().map(|metadata| InstanceMetadata {
        http_tokens: metadata.http_tokens,
        hop_limit: metadata.hop_limit.map(|hops| hops.0),
    });
    let all = [
        metadata.map(RegionSetting::InstanceMetadata),
        entry.image_public_access.map(RegionSetting::ImagePublicAccess),
        entry.snapshot_public_access.map(RegionSetting::SnapshotPublicAccess),
        entry.serial_console.map(RegionSetting::SerialConsole),
    ];
    all.into_iter().flatten().collect()
}

fn guardduty(entry: &Located<GuardDutyEntry>) -> Option<Located<RegionSetting>> {
    let features = entry.value.features.iter().flat_map(GuardDutyFeatures::named);
    let features: BTreeMap<_, _> =
        features.map(|(name, enabled)| (name.to_owned(), enabled.value)).collect();
    let auto_enable = entry.value.auto_enable?;
    Some(Located {
        value: RegionSetting::GuardDutyOrganization(GuardDutyOrganization {
            auto_enable,
            features,
        }),
        span: entry.span.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::fixture::Fixture;
    use crate::model::{
        AutoEnable, HttpTokens, ImagePublicAccess, SerialConsole, SnapshotPublicAccess,
    };

    #[test]
    fn settings_are_taken_over_and_what_is_not_given_has_its_default() {
        let account = Fixture::organized().account("Orders-UAT");
        assert!(account.opt_in && !account.delete_default_vpcs);
        assert_eq!(
            account.settings,
            [
                AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED),
                AccountSetting::PasswordPolicy(PasswordPolicy {
                    minimum_length: 14,
                    require_symbols: true,
                    max_age_days: Some(90),
                    reuse_prevention: Some(24),
                    ..PasswordPolicy::default()
                }),
                AccountSetting::AlternateContact(AlternateContact {
                    contact: ContactType::Security,
                    name: "Security Team".to_owned(),
                    title: "CISO".to_owned(),
                    email: "security@example.com".to_owned(),
                    phone: "+49 30 1234567".to_owned(),
                }),
                AccountSetting::ServiceLinkedRole("config.amazonaws.com".parse().unwrap()),
                AccountSetting::AccountAlias("acme-orders-uat".to_owned()),
            ]
        );
        assert_eq!(
            account.region_settings,
            [
                RegionSetting::InstanceMetadata(InstanceMetadata {
                    http_tokens: Some(HttpTokens::Required),
                    hop_limit: Some(2),
                }),
                RegionSetting::ImagePublicAccess(ImagePublicAccess::BlockNewSharing),
                RegionSetting::SnapshotPublicAccess(SnapshotPublicAccess::BlockAllSharing),
                RegionSetting::SerialConsole(SerialConsole::Disabled),
            ]
        );
    }

    #[test]
    fn what_is_not_set_or_kept_is_left_alone() {
        let fixture = Fixture::acme();
        fixture.replace(
            "baselines/logs.yaml",
            "stacks:",
            "settings: {s3-public-access: keep, region-opt-in: keep}\nstacks:",
        );
        let account = fixture.account("logs");
        assert!(account.settings.is_empty() && account.region_settings.is_empty());
        assert!(!account.opt_in);
    }

    #[test]
    fn only_guardduty_s_administrator_has_its_settings_and_only_for_an_organization() {
        let fixture = Fixture::organized();
        let organization = GuardDutyOrganization {
            auto_enable: AutoEnable::All,
            features: BTreeMap::from([("S3_DATA_EVENTS".to_owned(), AutoEnable::None)]),
        };
        let wanted = [RegionSetting::GuardDutyOrganization(organization)];
        assert_eq!(fixture.account("security").region_settings, wanted);
        fixture.replace("landing-zone.yaml", "trail:", "guardduty: invitation\ntrail:");
        assert!(fixture.account("security").region_settings.is_empty());
        fixture.replace("landing-zone.yaml", "guardduty: invitation\n", "");
        fixture.replace("landing-zone.yaml", "guardduty: security", "guardduty: Orders-UAT");
        assert_eq!(fixture.codes(), ["not-administrator"]);
    }

    #[test]
    fn two_ways_to_one_alias_are_a_fault() {
        let fixture = Fixture::organized();
        fixture.replace(
            "baselines/security.yaml",
            "settings:",
            "settings:\n  account-alias: {prefix: acme-orders-}",
        );
        fixture.replace("landing-zone.yaml", "name: Orders-UAT", "name: orders-security");
        assert_eq!(fixture.codes(), ["duplicate-alias"]);
    }
}
