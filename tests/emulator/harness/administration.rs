//! Who administers what for the organization, as Organizations and the services tell it.

use std::collections::BTreeSet;

use aws_config::SdkConfig;

use super::member::Member;
use super::observer::Observer;

/// How an administrator of GuardDuty treats the organization's accounts, in GuardDuty's words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GuardDutyOrganization {
    /// Which accounts become members.
    pub(crate) members: String,
    /// The features that are on in them.
    pub(crate) features: BTreeSet<String>,
}

impl Observer {
    /// The services that may work in all accounts.
    pub(crate) fn trusted_services(&self) -> BTreeSet<String> {
        let call = self.organizations().list_aws_service_access_for_organization();
        let answer = self.wait_for(call.send()).unwrap();
        let services = answer.enabled_service_principals().iter();
        services.map(|service| service.service_principal().unwrap().to_owned()).collect()
    }

    /// The accounts that administer a service, by its principal.
    pub(crate) fn administrators(&self, service: &str) -> Vec<String> {
        let call = self.organizations().list_delegated_administrators().service_principal(service);
        let answer = self.wait_for(call.send()).unwrap();
        let accounts = answer.delegated_administrators().iter();
        accounts.map(|account| account.id().unwrap().to_owned()).collect()
    }

    /// The accounts that administer GuardDuty and Security Hub in a region, one after the other.
    pub(crate) fn regional_administrators(&self, region: &str) -> Vec<String> {
        let config = self.own_config(region);
        let guardduty = guardduty(&config).list_organization_admin_accounts();
        let guardduty = self.wait_for(guardduty.send()).unwrap();
        let hub = aws_sdk_securityhub::Client::new(&config).list_organization_admin_accounts();
        let hub = self.wait_for(hub.send()).unwrap();
        let of_guardduty = guardduty.admin_accounts().iter().map(|one| one.admin_account_id());
        let of_hub = hub.admin_accounts().iter().map(|one| one.account_id());
        of_guardduty.chain(of_hub).map(|id| id.unwrap().to_owned()).collect()
    }
}

impl Member<'_> {
    /// How this account, as GuardDuty's administrator, treats the others in a region.
    pub(crate) fn guardduty_organization(&self, region: &str) -> GuardDutyOrganization {
        let guardduty = guardduty(&self.config(region));
        let call =
            guardduty.describe_organization_configuration().detector_id(self.detector(region));
        let answer = self.wait_for(call.send()).unwrap();
        let on = answer.features().iter().filter(|feature| {
            feature.auto_enable().is_some_and(|auto_enable| auto_enable.as_str() != "NONE")
        });
        GuardDutyOrganization {
            members: answer.auto_enable_organization_members().unwrap().as_str().to_owned(),
            features: on.map(|feature| feature.name().unwrap().as_str().to_owned()).collect(),
        }
    }

    /// The account whose member this one is in GuardDuty.
    pub(crate) fn guardduty_administrator(&self, region: &str) -> Option<String> {
        let guardduty = guardduty(&self.config(region));
        let call = guardduty.get_administrator_account().detector_id(self.detector(region));
        let answer = self.wait_for(call.send()).unwrap();
        answer.administrator().map(|one| one.account_id().unwrap().to_owned())
    }

    fn detector(&self, region: &str) -> String {
        let call = guardduty(&self.config(region)).list_detectors();
        let answer = self.wait_for(call.send()).unwrap();
        let [detector] = answer.detector_ids() else { panic!("{:?}", answer.detector_ids()) };
        detector.clone()
    }
}

fn guardduty(config: &SdkConfig) -> aws_sdk_guardduty::Client {
    aws_sdk_guardduty::Client::new(config)
}
