//! Services that work for the whole organization, and who administers them. All of it is the management account's.

use std::collections::BTreeSet;

use aws_sdk_guardduty::types::AdminStatus as GuardDutyStatus;
use aws_sdk_organizations::operation::list_aws_service_access_for_organization::ListAwsServiceAccessForOrganizationOutput as Services;
use aws_sdk_organizations::operation::list_delegated_administrators::ListDelegatedAdministratorsOutput as Administrators;
use aws_sdk_securityhub::types::AdminStatus as SecurityHubStatus;

use super::cloud::AwsCloud;
use super::error::{Explain as _, read};
use super::pages::{all, pages};
use crate::cloud::{ErrorKind, Result};
use crate::model::{AccountId, Region, SecurityService, ServicePrincipal, Target};

const SERVICES: &str = "organizations:ListAWSServiceAccessForOrganization";
const TRUST: &str = "organizations:EnableAWSServiceAccess";
const ADMINISTRATORS: &str = "organizations:ListDelegatedAdministrators";
const REGISTER: &str = "organizations:RegisterDelegatedAdministrator";
const GUARDDUTY: &str = "guardduty:ListOrganizationAdminAccounts";
const SECURITY_HUB: &str = "securityhub:ListOrganizationAdminAccounts";
const ENABLE_GUARDDUTY: &str = "guardduty:EnableOrganizationAdminAccount";
const ENABLE_SECURITY_HUB: &str = "securityhub:EnableOrganizationAdminAccount";

pub(super) async fn trusted_services(cloud: &AwsCloud) -> Result<BTreeSet<ServicePrincipal>> {
    let target = cloud.management();
    let pages = pages!(
        cloud.organizations().list_aws_service_access_for_organization(),
        SERVICES,
        &target
    )?;
    let names = pages.iter().flat_map(Services::enabled_service_principals);
    // A name of a form that cannot be declared is none that anybody asks for.
    Ok(names.filter_map(|service| service.service_principal()?.parse().ok()).collect())
}

/// Repeating it changes nothing.
pub(super) async fn trust_service(cloud: &AwsCloud, service: &ServicePrincipal) -> Result<()> {
    let call = cloud.organizations().enable_aws_service_access();
    let call = call.service_principal(service.as_str());
    call.send().await.explain(TRUST, &cloud.management())?;
    Ok(())
}

pub(super) async fn delegated_administrators(
    cloud: &AwsCloud,
    service: &ServicePrincipal,
) -> Result<BTreeSet<AccountId>> {
    let target = cloud.management();
    let pages = pages!(
        cloud.organizations().list_delegated_administrators().service_principal(service.as_str()),
        ADMINISTRATORS,
        &target
    )?;
    pages
        .iter()
        .flat_map(Administrators::delegated_administrators)
        .map(|administrator| read(administrator.id(), ADMINISTRATORS, &target))
        .collect()
}

pub(super) async fn register_delegated_administrator(
    cloud: &AwsCloud,
    account: &AccountId,
    service: &ServicePrincipal,
) -> Result<()> {
    let call = cloud.organizations().register_delegated_administrator();
    let call = call.account_id(account.as_str()).service_principal(service.as_str());
    match call.send().await.explain(REGISTER, &cloud.management()) {
        Ok(_) => Ok(()),
        Err(error) if error.code == "AccountAlreadyRegisteredException" => Ok(()),
        Err(error) => Err(error),
    }
}

/// Not an administrator that is on its way out.
pub(super) async fn service_administrator(
    cloud: &AwsCloud,
    region: &Region,
    service: SecurityService,
) -> Result<Option<AccountId>> {
    let target = Target { region: region.clone(), ..cloud.management() };
    let administrator = match service {
        SecurityService::GuardDuty => {
            let accounts = all!(
                cloud.guardduty(&target).list_organization_admin_accounts(),
                GUARDDUTY,
                &target
            )?;
            let enabled = Some(&GuardDutyStatus::Enabled);
            let account = accounts.into_iter().find(|account| account.admin_status() == enabled);
            account.map(|account| read(account.admin_account_id(), GUARDDUTY, &target))
        }
        SecurityService::SecurityHub => {
            let accounts = all!(
                cloud.securityhub(&target).list_organization_admin_accounts(),
                SECURITY_HUB,
                &target
            )?;
            let enabled = Some(&SecurityHubStatus::Enabled);
            let account = accounts.into_iter().find(|account| account.status() == enabled);
            account.map(|account| read(account.account_id(), SECURITY_HUB, &target))
        }
    };
    administrator.transpose()
}

/// An organization has one administrator of a service; who wants another one has to remove the one that is there first.
pub(super) async fn set_service_administrator(
    cloud: &AwsCloud,
    region: &Region,
    service: SecurityService,
    account: &AccountId,
) -> Result<()> {
    let target = Target { region: region.clone(), ..cloud.management() };
    let id = account.as_str();
    let enabled = match service {
        SecurityService::GuardDuty => {
            let call = cloud.guardduty(&target).enable_organization_admin_account();
            let answer = call.admin_account_id(id).send().await;
            answer.explain(ENABLE_GUARDDUTY, &target).map(drop)
        }
        SecurityService::SecurityHub => {
            let call = cloud.securityhub(&target).enable_organization_admin_account();
            let answer = call.admin_account_id(id).send().await;
            answer.explain(ENABLE_SECURITY_HUB, &target).map(drop)
        }
    };
    match enabled {
        // "The account is already enabled as the delegated administrator", of this account or of another one; neither
        // service has a code for it.
        Err(error) if matches!(error.kind, ErrorKind::Refused | ErrorKind::Conflict) => {
            let now = service_administrator(cloud, region, service).await?;
            if now.as_ref() == Some(account) { Ok(()) } else { Err(error) }
        }
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};

    fn service() -> ServicePrincipal {
        "config.amazonaws.com".parse().unwrap()
    }

    fn region() -> Region {
        "us-east-1".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn trusted_services_are_those_of_every_page() {
        let fake = Fake::new().answer(
            "ListAWSServiceAccessForOrganization",
            [
                Reply::json(r#"{"EnabledServicePrincipals":[],"NextToken":"more"}"#),
                Reply::json(
                    r#"{"EnabledServicePrincipals":[{"ServicePrincipal":"config.amazonaws.com"},
                        {"ServicePrincipal":"odd name"}]}"#,
                ),
            ],
        );
        let services = fake.cloud().trusted_services().await.unwrap();
        assert_eq!(services, BTreeSet::from([service()]));
        assert_eq!(fake.count("AssumeRole"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn administrators_are_asked_for_by_service() {
        let fake = Fake::new().answer(
            "ListDelegatedAdministrators",
            [Reply::json(r#"{"DelegatedAdministrators":[{"Id":"222222222222"}]}"#)],
        );
        let accounts = fake.cloud().delegated_administrators(&service()).await.unwrap();
        assert_eq!(accounts, BTreeSet::from([account("222222222222")]));
        let body = &fake.calls("ListDelegatedAdministrators")[0].body;
        assert_eq!(body, r#"{"ServicePrincipal":"config.amazonaws.com"}"#);
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_registered_already_is_a_success_and_a_full_list_is_not() {
        for (code, outcome) in [
            ("AccountAlreadyRegisteredException", Ok(())),
            ("ConstraintViolationException", Err(ErrorKind::Refused)),
            ("AccountNotFoundException", Err(ErrorKind::NotFound)),
        ] {
            let fake =
                Fake::new().answer("RegisterDelegatedAdministrator", [refusal(400, code, "no")]);
            let cloud = fake.cloud();
            let account = account("222222222222");
            let registered = cloud.register_delegated_administrator(&account, &service()).await;
            assert_eq!(registered.map_err(|error| error.kind), outcome, "{code}");
        }
    }

    /// How each service tells of its administrator, and makes one.
    const SERVICES: [(SecurityService, &str, &str, &str, &str); 2] = [
        (
            SecurityService::GuardDuty,
            "GET /admin",
            r#"{"adminAccounts":[{"adminAccountId":"333333333333","adminStatus":"DISABLE_IN_PROGRESS"},
                {"adminAccountId":"222222222222","adminStatus":"ENABLED"}]}"#,
            "POST /admin/enable",
            "BadRequestException",
        ),
        (
            SecurityService::SecurityHub,
            "GET /organization/admin",
            r#"{"AdminAccounts":[{"AccountId":"333333333333","Status":"DISABLE_IN_PROGRESS"},
                {"AccountId":"222222222222","Status":"ENABLED"}]}"#,
            "POST /organization/admin/enable",
            "InvalidInputException",
        ),
    ];

    #[tokio::test(start_paused = true)]
    async fn the_management_account_is_asked_in_the_region() {
        for (service, list, told, ..) in SERVICES {
            let fake = Fake::new().answer(list, [Reply::json(told)]);
            let administrator = fake.cloud().service_administrator(&region(), service).await;
            assert_eq!(administrator.unwrap(), Some(account("222222222222")));
            assert!(fake.calls(list)[0].uri.contains(".us-east-1."));
            assert_eq!(fake.count("AssumeRole"), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_without_an_administrator_has_none() {
        for (service, list, ..) in SERVICES {
            let nobody = r#"{"adminAccounts":[],"AdminAccounts":[]}"#;
            let fake = Fake::new().answer(list, [Reply::json(nobody)]);
            let administrator = fake.cloud().service_administrator(&region(), service).await;
            assert_eq!(administrator.unwrap(), None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_administrator_that_is_one_already_is_a_success_and_another_one_is_not() {
        for (service, list, told, enable, code) in SERVICES {
            for (wanted, outcome) in
                [("222222222222", Ok(())), ("333333333333", Err(ErrorKind::Refused))]
            {
                let fake = Fake::new()
                    .answer(enable, [refusal(400, code, "already enabled")])
                    .answer(list, [Reply::json(told)]);
                let cloud = fake.cloud();
                let account = account(wanted);
                let set = cloud.set_service_administrator(&region(), service, &account).await;
                assert_eq!(set.map_err(|error| error.kind), outcome, "{service} {wanted}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_may_not_appoint_hears_that_and_nothing_else() {
        for (service, list, _, enable, _) in SERVICES {
            let fake = Fake::new().answer(enable, [refusal(403, "AccessDeniedException", "no")]);
            let cloud = fake.cloud();
            let account = account("222222222222");
            let error = cloud.set_service_administrator(&region(), service, &account).await;
            assert_eq!(error.unwrap_err().kind, ErrorKind::Denied);
            assert_eq!(fake.count(list), 0);
        }
    }
}
