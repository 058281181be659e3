//! Roles that belong to a service of AWS, and that no template makes.

use super::cloud::AwsCloud;
use super::error::Explain as _;
use super::pages::all;
use crate::cloud::{ErrorKind, Result};
use crate::model::{ServicePrincipal, Target};

const GET: &str = "iam:GetRole";
const LIST: &str = "iam:ListRoles";
const CREATE: &str = "iam:CreateServiceLinkedRole";

/// The names of the roles that baselines ask for. A service can have more roles, with a suffix of their own, so that
/// the path does not tell whether it has the one that key policies name.
const NAMES: [(&str, &str); 14] = [
    ("access-analyzer.amazonaws.com", "AWSServiceRoleForAccessAnalyzer"),
    ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
    ("cloudtrail.amazonaws.com", "AWSServiceRoleForCloudTrail"),
    ("config.amazonaws.com", "AWSServiceRoleForConfig"),
    ("ecs.amazonaws.com", "AWSServiceRoleForECS"),
    ("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
    ("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),
    ("guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"),
    ("inspector2.amazonaws.com", "AWSServiceRoleForAmazonInspector2"),
    ("macie.amazonaws.com", "AWSServiceRoleForAmazonMacie"),
    ("organizations.amazonaws.com", "AWSServiceRoleForOrganizations"),
    ("rds.amazonaws.com", "AWSServiceRoleForRDS"),
    ("securityhub.amazonaws.com", "AWSServiceRoleForSecurityHub"),
    ("spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
];

pub(super) async fn has_role(
    cloud: &AwsCloud,
    target: &Target,
    service: &ServicePrincipal,
) -> Result<bool> {
    match NAMES.iter().find(|(known, _)| *known == service.as_str()) {
        Some((_, name)) => has_role_named(cloud, target, name).await,
        None => has_role_at_path(cloud, target, service).await,
    }
}

/// A role that is there already is a success.
pub(super) async fn create_role(
    cloud: &AwsCloud,
    target: &Target,
    service: &ServicePrincipal,
) -> Result<()> {
    let call = cloud.iam(target).create_service_linked_role();
    match call.aws_service_name(service.as_str()).send().await.explain(CREATE, target) {
        Ok(_) => Ok(()),
        // InvalidInput: "Service role name AWSServiceRoleForX has been taken in this account, please try a
        // different suffix." IAM has no code of its own for it.
        Err(error) if error.message.contains("has been taken in this account") => Ok(()),
        Err(error) => Err(error),
    }
}

async fn has_role_named(cloud: &AwsCloud, target: &Target, name: &str) -> Result<bool> {
    match cloud.iam(target).get_role().role_name(name).send().await.explain(GET, target) {
        Ok(_) => Ok(true),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Nobody but IAM makes roles below this path.
async fn has_role_at_path(
    cloud: &AwsCloud,
    target: &Target,
    service: &ServicePrincipal,
) -> Result<bool> {
    let path = format!("/aws-service-role/{service}/");
    let call = cloud.iam(target).list_roles().path_prefix(path);
    let roles = all!(call, LIST, target)?;
    Ok(!roles.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::{AccountSetting, AccountSettingKind};

    const ROLE: &str = "<Path>/aws-service-role/x/</Path><RoleName>AWSServiceRoleForX</RoleName>\
        <RoleId>AROA</RoleId><Arn>arn</Arn><CreateDate>2026-11-22T00:00:00Z</CreateDate>";

    fn service(name: &str) -> ServicePrincipal {
        name.parse().unwrap()
    }

    async fn has(fake: &Fake, name: &str) -> Result<bool> {
        let kind = AccountSettingKind::ServiceLinkedRole(service(name));
        let state = fake.cloud().account_setting(&target().account, &kind).await?;
        Ok(state.value == Some(AccountSetting::ServiceLinkedRole(service(name))))
    }

    async fn create(fake: &Fake) -> Result<()> {
        let setting = AccountSetting::ServiceLinkedRole(service("config.amazonaws.com"));
        fake.cloud().set_account_setting(&target().account, &setting).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_known_service_is_asked_for_by_the_name_of_its_role() {
        let role = Reply::xml(&format!(
            "<GetRoleResponse><GetRoleResult><Role>{ROLE}</Role></GetRoleResult></GetRoleResponse>"
        ));
        let fake = Fake::new().answer("GetRole", [role]);
        assert!(has(&fake, "autoscaling.amazonaws.com").await.unwrap());
        let body = &fake.calls("GetRole")[0].body;
        assert!(body.ends_with("RoleName=AWSServiceRoleForAutoScaling"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_that_is_not_there_is_none_and_a_refusal_is_an_error() {
        for (refusal, outcome) in [
            (refusal(404, "NoSuchEntity", "cannot be found"), Ok(false)),
            (refusal(403, "AccessDenied", "no"), Err(ErrorKind::Denied)),
        ] {
            let fake = Fake::new().answer("GetRole", [refusal]);
            let there = has(&fake, "config.amazonaws.com").await;
            assert_eq!(there.map_err(|error| error.kind), outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn any_other_service_is_asked_for_by_its_path_on_every_page() {
        let page = |members: &str, more: &str| {
            Reply::xml(&format!(
                "<ListRolesResponse><ListRolesResult><Roles>{members}</Roles>{more}</ListRolesResult>\
                 </ListRolesResponse>"
            ))
        };
        let more = "<IsTruncated>true</IsTruncated><Marker>m1</Marker>";
        let role = format!("<member>{ROLE}</member>");
        let fake = Fake::new().answer("ListRoles", [page("", more), page(&role, "")]);
        assert!(has(&fake, "batch.amazonaws.com").await.unwrap());
        let body = &fake.calls("ListRoles")[0].body;
        assert!(body.contains("PathPrefix=%2Faws-service-role%2Fbatch.amazonaws.com%2F"), "{body}");
        let fake = Fake::new().answer("ListRoles", [page("", "")]);
        assert!(!has(&fake, "batch.amazonaws.com").await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_that_is_there_has_been_created_and_other_refusals_are_errors() {
        for (message, outcome) in [
            (
                "Service role name AWSServiceRoleForConfig has been taken in this account, please try a different suffix.",
                Ok(()),
            ),
            ("SLR is not supported for config.amazonaws.com", Err(ErrorKind::Refused)),
        ] {
            let fake = Fake::new()
                .answer("CreateServiceLinkedRole", [refusal(400, "InvalidInput", message)]);
            assert_eq!(create(&fake).await.map_err(|error| error.kind), outcome, "{message}");
        }
    }
}
