//! Who exists in IAM: accounts, roles, users.

use super::account_settings::has_service_linked_role;
use super::world::World;
use crate::model::{AccountId, ServicePrincipal};

/// The name of a service's own role.
pub(super) fn service_linked_role_name(service: &str) -> String {
    let name = match service {
        "access-analyzer.amazonaws.com" => "AccessAnalyzer",
        "autoscaling.amazonaws.com" => "AutoScaling",
        "cloudtrail.amazonaws.com" => "CloudTrail",
        "config.amazonaws.com" => "Config",
        "config-multiaccountsetup.amazonaws.com" => "ConfigMultiAccountSetup",
        "guardduty.amazonaws.com" => "AmazonGuardDuty",
        "organizations.amazonaws.com" => "Organizations",
        "securityhub.amazonaws.com" => "SecurityHub",
        "support.amazonaws.com" => "Support",
        "trustedadvisor.amazonaws.com" => "TrustedAdvisor",
        other => other.split('.').next().unwrap_or_default(),
    };
    format!("AWSServiceRoleFor{name}")
}

/// Whether there is an AWS account of that id. Of those outside of the organization all are somebody's, but for
/// the ones that the scenario has declared missing.
pub(super) fn account_exists(world: &World, id: &AccountId) -> bool {
    world.accounts.contains_key(id) || !world.missing_accounts.contains(id)
}

/// Whether IAM knows the principal of that ARN. The insides of accounts outside of the organization are nobody's
/// business: whatever they are said to hold is there.
pub(super) fn principal_exists(world: &World, arn: &str) -> bool {
    let mut fields = arn.splitn(6, ':');
    let (Some("arn"), Some(_), Some(service), Some(_), Some(id), Some(resource)) =
        (fields.next(), fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return false;
    };
    let Ok(id) = id.parse::<AccountId>() else { return false };
    if !account_exists(world, &id) || !matches!(service, "iam" | "sts") {
        return false;
    }
    let Some(account) = world.accounts.get(&id) else { return true };
    let (kind, path) = resource.split_once('/').unwrap_or((resource, ""));
    let name = path.rsplit('/').next().unwrap_or_default();
    match kind {
        "root" => path.is_empty(),
        "role" => match path.strip_prefix("aws-service-role/") {
            Some(rest) => {
                let service =
                    rest.split('/').next().and_then(|s| s.parse::<ServicePrincipal>().ok());
                service.is_some_and(|service| has_service_linked_role(account, &service))
            }
            None => name == account.role.as_str() || account.claims.has("AWS::IAM::Role", name),
        },
        // `assumed-role/ROLE/SESSION`.
        "assumed-role" => {
            let role = path.split('/').next().unwrap_or_default();
            role == account.role.as_str() || account.claims.has("AWS::IAM::Role", role)
        }
        "user" => account.claims.has("AWS::IAM::User", name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Simulation, SimulationSettings};

    #[test]
    fn roles_exist_in_the_organization_only_if_they_were_made() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_unmanaged("dev", "eu-west-1", "AWS::IAM::Role", "admin")
            .without_foreign_account("333333333333");
        let dev = simulation.account_id("dev").unwrap();
        let world = simulation.world();
        let exists = |arn: &str| principal_exists(&world, &arn.replace("DEV", dev.as_str()));
        for arn in [
            "arn:aws:iam::DEV:root",
            "arn:aws:iam::DEV:role/OrganizationAccountAccessRole",
            "arn:aws:iam::DEV:role/some/path/admin",
            "arn:aws:iam::DEV:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport",
            "arn:aws:iam::222222222222:root",
            "arn:aws:iam::222222222222:role/whatever",
        ] {
            assert!(exists(arn), "{arn}");
        }
        for arn in [
            "arn:aws:iam::DEV:role/other",
            "arn:aws:iam::DEV:user/admin",
            "arn:aws:iam::DEV:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
            "arn:aws:iam::333333333333:root",
            "arn:aws:iam:::root",
            "anything",
        ] {
            assert!(!exists(arn), "{arn}");
        }
    }
}
