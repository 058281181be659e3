//! Services that work for the whole organization, and who administers them.

use std::collections::BTreeSet;

use super::call::Call;
use super::guardduty;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::World;
use crate::cloud::{ErrorKind, Result};
use crate::model::{AccountId, AccountState, Region, SecurityService, ServicePrincipal, Target};

/// The services that work with Organizations, as far as a landing zone cares, and how many administrators each
/// may have ("AWS services that you can use with AWS Organizations"); zero for those that take none.
const SERVICES: [(&str, usize); 26] = [
    ("access-analyzer.amazonaws.com", 1),
    ("account.amazonaws.com", 5),
    ("backup.amazonaws.com", 5),
    ("cloudtrail.amazonaws.com", 3),
    ("compute-optimizer.amazonaws.com", 1),
    ("config-multiaccountsetup.amazonaws.com", 3),
    ("config.amazonaws.com", 3),
    ("controltower.amazonaws.com", 0),
    ("detective.amazonaws.com", 1),
    ("ec2.amazonaws.com", 0),
    ("fms.amazonaws.com", 10),
    ("guardduty.amazonaws.com", 1),
    ("health.amazonaws.com", 5),
    ("iam.amazonaws.com", 5),
    ("inspector2.amazonaws.com", 1),
    ("ipam.amazonaws.com", 1),
    ("macie.amazonaws.com", 1),
    ("malware-protection.guardduty.amazonaws.com", 0),
    ("member.org.stacksets.cloudformation.amazonaws.com", 5),
    ("ram.amazonaws.com", 0),
    ("securityhub.amazonaws.com", 1),
    ("servicecatalog.amazonaws.com", 50),
    ("servicequotas.amazonaws.com", 0),
    ("ssm.amazonaws.com", 3),
    ("sso.amazonaws.com", 1),
    ("tagpolicies.tag.amazonaws.com", 0),
];

fn violation(reason: &str, message: &str) -> Refusal {
    let message = format!("{reason}: {message}");
    Refusal::new(ErrorKind::Refused, "ConstraintViolationException", message)
}

pub(super) async fn trusted_services(aws: &SimulatedCloud) -> Result<BTreeSet<ServicePrincipal>> {
    aws.call(Call::read("organizations:ListAWSServiceAccessForOrganization"), |world| {
        Ok(world.administration.trusted.clone())
    })
    .await
}

pub(super) async fn trust_service(aws: &SimulatedCloud, service: &ServicePrincipal) -> Result<()> {
    aws.call(Call::write("organizations:EnableAWSServiceAccess"), |world| trust(world, service))
        .await
}

pub(super) fn trust(world: &mut World, service: &ServicePrincipal) -> Answer<()> {
    if !SERVICES.iter().any(|(name, _)| *name == service.as_str()) {
        return Err(Refusal::new(
            ErrorKind::Refused,
            "InvalidInputException",
            format!("UNRECOGNIZED_SERVICE_PRINCIPAL: {service}"),
        ));
    }
    world.administration.trusted.insert(service.clone());
    Ok(())
}

pub(super) async fn delegated_administrators(
    aws: &SimulatedCloud,
    service: &ServicePrincipal,
) -> Result<BTreeSet<AccountId>> {
    aws.call(Call::read("organizations:ListDelegatedAdministrators"), |world| {
        Ok(world.administration.delegated.get(service).cloned().unwrap_or_default())
    })
    .await
}

pub(super) async fn register_delegated_administrator(
    aws: &SimulatedCloud,
    account: &AccountId,
    service: &ServicePrincipal,
) -> Result<()> {
    let call = Call::write("organizations:RegisterDelegatedAdministrator").about(account);
    aws.call(call, |world| register(world, account, service)).await
}

/// What `RegisterDelegatedAdministrator` does. The port takes `AccountAlreadyRegisteredException` for success.
pub(super) fn register(
    world: &mut World,
    account: &AccountId,
    service: &ServicePrincipal,
) -> Answer<()> {
    let found = world.accounts.get(account).ok_or_else(|| {
        Refusal::new(
            ErrorKind::NotFound,
            "AccountNotFoundException",
            format!("You specified an account that doesn't exist in the organization: {account}"),
        )
    })?;
    if *account == world.management_account {
        return Err(violation(
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "You cannot register the management account as a delegated administrator.",
        ));
    }
    if found.state != AccountState::Active {
        return Err(violation(
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
            "You cannot register a suspended account as a delegated administrator.",
        ));
    }
    if !world.administration.trusted.contains(service) {
        return Err(violation(
            "SERVICE_ACCESS_NOT_ENABLED",
            "You attempted to register a delegated administrator before you enabled service access.",
        ));
    }
    let limit = SERVICES.iter().find(|(name, _)| *name == service.as_str());
    let limit = limit.map_or(0, |(_, limit)| *limit);
    let registered = world.administration.delegated.entry(service.clone()).or_default();
    if !registered.contains(account) && registered.len() >= limit {
        return Err(violation(
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
            "You attempted to register more delegated administrators than allowed for the service \
             principal.",
        ));
    }
    registered.insert(account.clone());
    Ok(())
}

/// The principal under which Organizations knows the service.
pub(super) fn principal(service: SecurityService) -> ServicePrincipal {
    let name = match service {
        SecurityService::GuardDuty => "guardduty.amazonaws.com",
        SecurityService::SecurityHub => "securityhub.amazonaws.com",
    };
    name.parse().expect("a service principal")
}

pub(super) async fn service_administrator(
    aws: &SimulatedCloud,
    region: &Region,
    service: SecurityService,
) -> Result<Option<AccountId>> {
    let operation = match service {
        SecurityService::GuardDuty => "guardduty:ListOrganizationAdminAccounts",
        SecurityService::SecurityHub => "securityhub:ListOrganizationAdminAccounts",
    };
    let target = management(aws, region);
    aws.call_at(&target, Call::read(operation), |world| {
        Ok(world.administration.regional(service, region).cloned())
    })
    .await
}

pub(super) async fn set_service_administrator(
    aws: &SimulatedCloud,
    region: &Region,
    service: SecurityService,
    account: &AccountId,
) -> Result<()> {
    let operation = match service {
        SecurityService::GuardDuty => "guardduty:EnableOrganizationAdminAccount",
        SecurityService::SecurityHub => "securityhub:EnableOrganizationAdminAccount",
    };
    let target = management(aws, region);
    aws.call_at(&target, Call::write(operation), |world| appoint(world, region, service, account))
        .await
}

/// Only the management account appoints.
fn management(aws: &SimulatedCloud, region: &Region) -> Target {
    let account = aws.simulation.state.borrow().world.management_account.clone();
    Target { account, region: region.clone() }
}

/// What `EnableOrganizationAdminAccount` does: it sees to trusted access and registration in Organizations as
/// well, where one account can be registered, so all regions have the same administrator. GuardDuty turns itself
/// on in that account; Security Hub does not.
pub(super) fn appoint(
    world: &mut World,
    region: &Region,
    service: SecurityService,
    account: &AccountId,
) -> Answer<()> {
    let code = match service {
        SecurityService::GuardDuty => "BadRequestException",
        SecurityService::SecurityHub => "InvalidInputException",
    };
    if !world.accounts.contains_key(account) {
        let message = "The request is rejected because an invalid or out-of-range value is specified \
                       as an input parameter.";
        return Err(Refusal::new(ErrorKind::Refused, code, message));
    }
    let mut elsewhere = world.administration.regional.get(&service).into_iter().flatten();
    let other = elsewhere.find(|(_, other)| *other != account).map(|(_, other)| other);
    let registered = world.administration.delegated.get(&principal(service));
    let other = other.or_else(|| registered?.iter().find(|other| *other != account));
    if let Some(other) = other {
        let code = match service {
            SecurityService::GuardDuty => "BadRequestException",
            SecurityService::SecurityHub => "ResourceConflictException",
        };
        let message = format!(
            "The request is rejected because another account is already enabled as {service} \
             delegated administrator for the organization: {other}"
        );
        return Err(Refusal::new(ErrorKind::Refused, code, message));
    }
    // A management account can appoint itself, and is no delegated administrator then.
    trust(world, &principal(service))?;
    if *account != world.management_account {
        register(world, account, &principal(service))?;
    }
    let regions = world.administration.regional.entry(service).or_default();
    regions.insert(region.clone(), account.clone());
    if service == SecurityService::GuardDuty {
        let target = Target { account: account.clone(), region: region.clone() };
        guardduty::enable(world, &target, None);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default())
            .with_account("security", "security@example.com", "/")
            .with_account("other", "other@example.com", "/")
            .with_account("closed", "closed@example.com", "/")
            .suspend("closed")
    }

    fn config() -> ServicePrincipal {
        "config.amazonaws.com".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_delegated_administrator_wants_trusted_access_and_a_member_account() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let id = |name: &str| simulation.account_id(name).unwrap();
        let security = id("security");
        let early = aws.register_delegated_administrator(&security, &config()).await.unwrap_err();
        assert!(early.message.starts_with("SERVICE_ACCESS_NOT_ENABLED"), "{early}");
        aws.trust_service(&config()).await.unwrap();
        assert_eq!(aws.trusted_services().await.unwrap(), BTreeSet::from([config()]));
        let cases = [
            (id("management"), "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"),
            (id("closed"), "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"),
            ("999999999999".parse().unwrap(), "You specified an account that doesn't exist"),
        ];
        for (account, message) in cases {
            let error =
                aws.register_delegated_administrator(&account, &config()).await.unwrap_err();
            assert!(error.message.starts_with(message), "{error}");
        }
        for _ in 0..2 {
            aws.register_delegated_administrator(&security, &config()).await.unwrap();
        }
        let administrators = aws.delegated_administrators(&config()).await.unwrap();
        assert_eq!(administrators, BTreeSet::from([security]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_has_as_many_administrators_as_it_takes() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let analyzer: ServicePrincipal = "access-analyzer.amazonaws.com".parse().unwrap();
        aws.trust_service(&analyzer).await.unwrap();
        let id = |name: &str| simulation.account_id(name).unwrap();
        aws.register_delegated_administrator(&id("security"), &analyzer).await.unwrap();
        let second = aws.register_delegated_administrator(&id("other"), &analyzer).await;
        let message = second.unwrap_err().message;
        assert!(message.starts_with("MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE"), "{message}");
    }

    #[tokio::test(start_paused = true)]
    async fn aws_knows_the_services_that_can_be_trusted() {
        let aws = simulation().cloud();
        let error = aws.trust_service(&"none.amazonaws.com".parse().unwrap()).await.unwrap_err();
        assert!(error.message.starts_with("UNRECOGNIZED_SERVICE_PRINCIPAL"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_s_administrator_is_appointed_region_by_region_and_is_the_same_everywhere() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let (security, other) = (
            simulation.target("security", "eu-west-1").unwrap(),
            simulation.account_id("other").unwrap(),
        );
        let (here, there): (_, Region) = (&security.region, "eu-west-2".parse().unwrap());
        for service in [SecurityService::GuardDuty, SecurityService::SecurityHub] {
            for _ in 0..2 {
                aws.set_service_administrator(here, service, &security.account).await.unwrap();
            }
            let administrator = aws.service_administrator(here, service).await.unwrap();
            assert_eq!(administrator.as_ref(), Some(&security.account));
            assert_eq!(aws.service_administrator(&there, service).await.unwrap(), None);
            for region in [here, &there] {
                let second = aws.set_service_administrator(region, service, &other).await;
                let error = second.unwrap_err();
                assert!(error.message.contains(security.account.as_str()), "{error}");
            }
            let registered = aws.delegated_administrators(&principal(service)).await.unwrap();
            assert_eq!(registered, BTreeSet::from([security.account.clone()]));
            let on = aws.existing_resource(&security, service.resource_type(), None).await;
            assert_eq!(on.unwrap().is_some(), service == SecurityService::GuardDuty);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_of_somebody_else_administers_nothing() {
        let aws = simulation().cloud();
        let (region, stranger) = ("eu-west-1".parse().unwrap(), "999999999999".parse().unwrap());
        let refused =
            aws.set_service_administrator(&region, SecurityService::GuardDuty, &stranger).await;
        assert_eq!(refused.unwrap_err().code, "BadRequestException");
    }
}
