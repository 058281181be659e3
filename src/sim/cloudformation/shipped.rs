//! The templates that avm ships, on the simulated AWS.

use super::fixture::{Setup, input, world};
use crate::cloud::{CloudReader as _, KeyReference, StackState, TemplateLocation};
use crate::document::Source;
use crate::template::Template;

const BUCKETS: &str = include_str!("../../../templates/log-buckets.yaml");
const CONFIG: &str = include_str!("../../../templates/config.yaml");
const GUARDDUTY: &str = include_str!("../../../templates/guardduty.yaml");
const KEYS: &str = include_str!("../../../templates/kms-keys.yaml");
const TRAIL: &str = include_str!("../../../templates/cloudtrail.yaml");

/// Deploys what avm would send, and answers the outputs' values by their names.
async fn deploy(
    setup: &Setup,
    name: &str,
    text: &str,
    parameters: &[(&str, &str)],
) -> std::collections::BTreeMap<String, String> {
    let template = Template::parse(&Source::new(name, text)).unwrap();
    let stack = input(name, &template.body(), parameters);
    let TemplateLocation::Body(_) = &stack.template else { panic!("a body") };
    let state = setup.create(&stack).await;
    let failures = setup.failures(name, &stack.token).await;
    assert_eq!(state, StackState::CreateComplete, "{name}: {failures:?}");
    setup.stack(name).await.unwrap().outputs
}

#[tokio::test(start_paused = true)]
async fn the_shipped_baseline_deploys() {
    let setup = Setup::on(world());
    let logs = deploy(&setup, "buckets", BUCKETS, &[("OrganizationId", "o-simulated01")]).await;
    let keys = deploy(&setup, "keys", KEYS, &[("Environment", "uat")]).await;
    let (bucket, log_key) = (&logs["TrailBucket"], &logs["LogKeyArn"]);
    deploy(&setup, "trail", TRAIL, &[("Bucket", bucket), ("KmsKeyArn", log_key)]).await;
    let bucket = &logs["ConfigBucket"];
    let config = [("Bucket", bucket.as_str()), ("HomeRegion", &logs["HomeRegion"])];
    for region in ["eu-west-1", "eu-west-2"] {
        let setup = setup.in_region(region);
        deploy(&setup, "config", CONFIG, &config).await;
        deploy(&setup, "guardduty", GUARDDUTY, &[]).await;
    }
    let alias = KeyReference("alias/uat/ec2".into());
    let key = setup.aws.key(&setup.target, &alias).await.unwrap().unwrap();
    assert_eq!(keys["Ec2KeyArn"], key.arn.as_str());
    assert_eq!(keys["AvmTemplateDigest"].len(), 64);
}
