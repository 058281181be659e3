//! What the organization as a whole is set to: who administers services, which are trusted, and the switches that
//! build on it.

use std::collections::BTreeSet;

use super::zone::{Keys, Zone};
use crate::desired::files::{GuardDutyMode, TrailMode};
use crate::desired::nearest::suggest;
use crate::desired::shape::Located;
use crate::desired::state::AdministeredService;
use crate::document::Diagnostic;
use crate::model::{AccountName, ServicePrincipal};

/// The service that an organization trail needs the organization to trust.
const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// Accounts that are named exist, and switches have what they need.
pub(super) fn check(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    for account in zone.administrators.values() {
        is_declared(zone, account, faults);
        let entry = zone.accounts.get(&account.value);
        if entry.is_some_and(|entry| entry.management.as_ref().is_some_and(|flag| flag.value)) {
            let message = format!(
                "{} is the management account, which AWS takes for no service's administrator",
                account.value
            );
            let fault = zone.fault(&account.span, "management-administrator", message);
            faults.push(
                fault.help(
                    "name another one: that account needs no entry for what it may do anyway",
                ),
            );
        }
    }
    if let Keys::Central(Some(account)) = zone.keys {
        is_declared(zone, account, faults);
    }
    let administrators = zone.file.delegated_administrators.as_ref();
    if administrators.is_some_and(|entry| !entry.is_whole) {
        // Who administers what is not known.
        return;
    }
    if let Some(trail) = zone.file.trail.as_ref().filter(|t| t.value == TrailMode::Organization)
        && !trusted(zone).iter().any(|service| service.as_str() == CLOUDTRAIL)
    {
        let message = "the organization does not trust CloudTrail, so it can have no trail";
        let fault = zone.fault(&trail.span, "trail-not-trusted", message);
        faults.push(fault.help(format!(
            "add {CLOUDTRAIL} to trusted-services, or name CloudTrail's account in delegated-administrators"
        )));
    }
    let guardduty = zone.file.guardduty.as_ref();
    if let Some(mode) = guardduty.filter(|mode| mode.value == GuardDutyMode::Organization)
        && !zone.administrators.contains_key(&AdministeredService::Guardduty)
    {
        let message = "no account administers GuardDuty for the organization";
        let fault = zone.fault(&mode.span, "no-administrator", message);
        faults.push(fault.help("name it: delegated-administrators: {guardduty: ACCOUNT}"));
    }
}

/// The services that the organization trusts: those that are listed, and those that have an administrator.
pub(super) fn trusted(zone: &Zone<'_>) -> BTreeSet<ServicePrincipal> {
    let listed = zone.file.trusted_services.iter().map(|service| service.value.clone());
    let implied = zone.administrators.keys().flat_map(|service| service.trusted_principals());
    listed.chain(implied).collect()
}

fn is_declared(zone: &Zone<'_>, account: &Located<AccountName>, faults: &mut Vec<Diagnostic>) {
    if zone.accounts.contains_key(&account.value) {
        return;
    }
    let message = format!("there is no account {}", account.value);
    let fault = zone.fault(&account.span, "unknown-account", message);
    let known = zone.accounts.keys().map(|name| name.as_str());
    faults.push(suggest(fault, account.value.as_str(), known));
}

#[cfg(test)]
mod tests {
    use crate::desired::AdministeredService;
    use crate::desired::fixture::Fixture;

    #[test]
    fn administrators_bring_the_trust_that_their_services_need() {
        let state = Fixture::organized().load().state;
        let administrators: Vec<_> = state.administrators.into_iter().collect();
        let security = "security".parse().unwrap();
        assert_eq!(
            administrators,
            [
                (AdministeredService::Config, security),
                (AdministeredService::Guardduty, "security".parse().unwrap())
            ]
        );
        let trusted: Vec<_> = state.trusted_services.iter().map(ToString::to_string).collect();
        assert_eq!(
            trusted,
            [
                "cloudtrail.amazonaws.com",
                "config-multiaccountsetup.amazonaws.com",
                "config.amazonaws.com",
                "guardduty.amazonaws.com",
                "malware-protection.guardduty.amazonaws.com"
            ]
        );
    }

    #[test]
    fn every_service_that_is_implied_is_a_principal() {
        for service in [
            AdministeredService::AccessAnalyzer,
            AdministeredService::Cloudtrail,
            AdministeredService::Config,
            AdministeredService::Guardduty,
            AdministeredService::SecurityHub,
        ] {
            assert_eq!(
                service.trusted_principals().count(),
                service.trusted().len(),
                "{service:?}"
            );
        }
    }

    #[test]
    fn an_organization_trail_needs_trust_from_the_list_or_from_an_administrator() {
        let fixture = Fixture::organized();
        fixture.replace("landing-zone.yaml", "[cloudtrail.amazonaws.com]", "[ram.amazonaws.com]");
        assert_eq!(fixture.codes(), ["trail-not-trusted"]);
        fixture.replace("landing-zone.yaml", "{config:", "{cloudtrail: security, config:");
        assert!(fixture.codes().is_empty());
    }

    #[test]
    fn guardduty_for_the_organization_needs_an_administrator() {
        let fixture = Fixture::organized();
        fixture.replace("landing-zone.yaml", ", guardduty: security", "");
        assert!(fixture.codes().is_empty(), "it is not said");
        fixture.replace("landing-zone.yaml", "trail:", "guardduty: organization\ntrail:");
        assert_eq!(fixture.codes(), ["no-administrator"]);
    }
}
