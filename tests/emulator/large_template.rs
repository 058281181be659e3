//! A template over 51,200 bytes cannot be sent: CloudFormation reads it from the artifacts bucket.

use crate::harness::{Speed, World};

#[test]
fn a_template_that_is_too_big_to_be_sent_goes_through_the_bucket() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.aws.create_bucket("acme-avm-artifacts", "eu-west-1");
    let bucket = "artifacts: {bucket: acme-avm-artifacts}\nenvironments:\n";
    world.edit("landing-zone.yaml", "environments:\n", bucket);
    let padding = "# These words make the template longer than a request may be.\n".repeat(1000);
    let resources = format!("{padding}Resources:\n");
    world.edit("templates/kms-keys.yaml", "Resources:\n", &resources);

    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    let account = world.aws.member("aws+payments-uat@example.com");
    for region in ["eu-west-1", "us-east-1"] {
        assert_eq!(account.stacks(region)["avm-kms-keys"].status, "CREATE_COMPLETE");
    }
    let objects = world.aws.objects("acme-avm-artifacts", "eu-west-1");
    assert_eq!(objects.len(), 1, "one template, one object, however many stacks: {objects:?}");
    world.avm(&["plan", "--account", "payments-uat", "--detailed-exitcode"]).expect_code(0);
}
