//! The templates that avm ships, on the simulated AWS.

use std::collections::BTreeMap;

use super::fixture::{Setup, input, world};
use crate::cloud::{
    CloudReader as _, CloudWriter as _, KeyReference, StackState, TemplateLocation,
};
use crate::document::Source;
use crate::model::SecurityService;
use crate::sim::Simulation;
use crate::template::{MAX_BODY_BYTES, Template};

/// The text of a shipped template.
macro_rules! shipped {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../templates/", $name, ".yaml")))
    };
}

/// Deploys what avm would send, as a stack of the template's name, and answers the outputs' values.
async fn deploy(
    setup: &Setup,
    (name, text): (&str, &str),
    parameters: &[(&str, &str)],
) -> BTreeMap<String, String> {
    let template = Template::parse(&Source::new(name, text)).unwrap();
    let body = template.body();
    let mut stack = input(name, &body, parameters);
    if body.len() > MAX_BODY_BYTES {
        let url = setup.aws.upload_template("artifacts", name, &body).await.unwrap();
        stack.template = TemplateLocation::Url(url);
    }
    let state = setup.create(&stack).await;
    let failures = setup.failures(name, &stack.token).await;
    assert_eq!(state, StackState::CreateComplete, "{name}: {failures:?}");
    setup.stack(name).await.unwrap().outputs
}

fn with_config_role() -> Simulation {
    world().with_service_linked_role("dev", "config.amazonaws.com").with_bucket(
        "dev",
        "eu-west-1",
        "artifacts",
    )
}

#[tokio::test(start_paused = true)]
async fn the_baseline_of_an_account_deploys() {
    let setup = Setup::on(with_config_role());
    let organization = ("OrganizationId", Simulation::ORGANIZATION);
    let logs = deploy(&setup, shipped!("log-buckets"), &[organization]).await;
    let keys = deploy(&setup, shipped!("kms-keys"), &[("Environment", "uat")]).await;
    let trail = [("Bucket", logs["TrailBucket"].as_str()), ("KmsKeyArn", &logs["LogKeyArn"])];
    deploy(&setup, shipped!("cloudtrail"), &trail).await;
    let home = ("HomeRegion", logs["HomeRegion"].as_str());
    let config = [("Bucket", logs["ConfigBucket"].as_str()), home];
    for region in ["eu-west-1", "eu-west-2"] {
        let setup = setup.in_region(region);
        deploy(&setup, shipped!("config"), &config).await;
        deploy(&setup, shipped!("guardduty"), &[]).await;
        deploy(&setup, shipped!("security-hub"), &[]).await;
        deploy(&setup, shipped!("config-rules-encryption"), &[home]).await;
        deploy(&setup, shipped!("config-rules-cis-foundation"), &[home]).await;
        deploy(&setup, shipped!("config-rules-eks-and-containers"), &[]).await;
    }
    let runner = ("PlanRoleArn", "arn:aws:iam::111111111111:role/avm-plan");
    deploy(&setup, shipped!("runner-member"), &[runner, organization]).await;
    let alias = KeyReference("alias/uat/ec2".into());
    let key = setup.aws.key(&setup.target, &alias).await.unwrap().unwrap();
    assert_eq!(keys["Ec2KeyArn"], key.arn.as_str());
    assert_eq!(keys["AvmTemplateDigest"].len(), 64);
}

#[tokio::test(start_paused = true)]
async fn what_the_security_account_has_wants_it_to_be_the_administrator() {
    let mut simulation = with_config_role().with_service_administrator(
        "eu-west-1",
        SecurityService::SecurityHub,
        "dev",
    );
    for service in ["config.amazonaws.com", "access-analyzer.amazonaws.com"] {
        simulation = simulation.with_delegated_administrator(service, "dev");
    }
    let setup = Setup::on(simulation);
    deploy(&setup, shipped!("config-aggregator"), &[]).await;
    deploy(&setup, shipped!("access-analyzer"), &[("HomeRegion", "eu-west-1")]).await;
    deploy(&setup, shipped!("security-hub"), &[]).await;
    deploy(&setup, shipped!("security-hub-aggregator"), &[]).await;
    let central = [("ConfigurationType", "CENTRAL"), ("CentralTarget", "r-ab12")];
    deploy(&setup, shipped!("security-hub-organization"), &central).await;
}

#[tokio::test(start_paused = true)]
async fn the_organization_s_trail_is_seen_by_its_members() {
    let simulation = world()
        .with_bucket("dev", "eu-west-1", "central-trail")
        .with_trusted_service("cloudtrail.amazonaws.com");
    let mut setup = Setup::on(simulation);
    let dev = setup.target.clone();
    setup.target.account = setup.simulation.account_id("management").unwrap();
    let parameters = [("OrganizationId", Simulation::ORGANIZATION), ("Bucket", "central-trail")];
    let trail = deploy(&setup, shipped!("organization-trail"), &parameters).await;
    let seen = setup.aws.organization_trails(&dev).await.unwrap();
    assert_eq!(seen, [trail["TrailArn"].clone()]);
}

#[tokio::test(start_paused = true)]
async fn keys_for_the_organization_are_used_across_accounts_and_keys_of_an_account_are_not() {
    let setup = Setup::on(world().with_account("member", "member@example.com", "Workloads"));
    let member = setup.simulation.target("member", "eu-west-1").unwrap();
    let central = [("Environment", "uat"), ("OrganizationId", Simulation::ORGANIZATION)];
    let keys = deploy(&setup, shipped!("kms-keys"), &central).await;
    let key = setup.aws.key(&member, &KeyReference(keys["Ec2KeyArn"].clone())).await.unwrap();
    let arn = key.unwrap().arn;
    setup.aws.set_default_ebs_key(&member, &arn).await.unwrap();
    setup.aws.enable_ebs_encryption(&member).await.unwrap();
    assert_eq!(setup.simulation.ebs_key("member", "eu-west-1"), Some(arn));

    let elsewhere = setup.in_region("eu-west-2");
    let keys = deploy(&elsewhere, shipped!("kms-keys"), &[("Environment", "uat")]).await;
    let own = KeyReference(keys["Ec2KeyArn"].clone());
    let member = setup.simulation.target("member", "eu-west-2").unwrap();
    assert_eq!(setup.aws.key(&member, &own).await.unwrap_err().code, "AccessDeniedException");
}

#[tokio::test(start_paused = true)]
async fn what_only_some_accounts_have_deploys_too() {
    let setup = Setup::on(world().with_bucket("dev", "us-east-1", "artifacts"));
    let organization = ("OrganizationId", Simulation::ORGANIZATION);
    deploy(&setup, shipped!("people"), &[organization]).await;
    deploy(&setup, shipped!("runner-roles"), &[organization]).await;
    let pattern =
        "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_ServiceCatalogUser_*";
    let role = format!("arn:aws:iam::{}:role/avm-service-catalog-user", setup.target.account);
    let catalog = [
        ("CloudTrailTemplate", "https://artifacts.s3.eu-west-1.amazonaws.com/avm/trail/1.yaml"),
        ("PrincipalArns", role.as_str()),
        ("PrincipalPatterns", pattern),
    ];
    deploy(&setup, shipped!("service-catalog"), &catalog).await;
    let distributions = [
        ("DistributionIds", "E1ABCDEFGHIJKL,,E2ABCDEFGHIJKL"),
        ("MailAddress", "security@example.com"),
    ];
    deploy(&setup.in_region("us-east-1"), shipped!("cloudfront-ddos"), &distributions).await;
}
