//! What is there already where a stack is to be made, as Cloud Control tells it.
//!
//! Taken over by its identifier, or by its name in the change set that makes the stack.

use std::collections::BTreeSet;

use crate::harness::{Speed, World};

const EMAIL: &str = "aws+payments-uat@example.com";
const PLAN: [&str; 4] = ["plan", "--account", "payments-uat", "--detailed-exitcode"];

const NEWS: &str = "\
Resources:
  Editor:
    Type: AWS::IAM::Role
    DeletionPolicy: Retain
    Properties:
      RoleName: avm-editor
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /acme/news, RetentionInDays: 30}}
Outputs:
  Topic: {Value: !Sub 'editor ${Editor}'}
";

#[test]
fn a_detector_that_guarddutys_administrator_has_turned_on_is_left_to_it() {
    let world = World::new(Speed::AtOnce);
    let stacks = ["avm-kms-keys", "avm-guardduty"];
    for baseline in ["baselines/security.yaml", "baselines/standard.yaml"] {
        world.keep_stacks(baseline, &stacks);
    }
    // A stack that would make one, although the landing zone leaves that to the administrator.
    world.edit("baselines/standard.yaml", "    when: {guardduty: invitation}\n", "");
    world.avm(&["create", "security", "--yes"]).expect_code(0);
    let security = world.aws.member("aws+security@example.com");

    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    let account = world.aws.member(EMAIL);
    for region in ["eu-west-1", "us-east-1"] {
        let made: BTreeSet<_> = account.stacks(region).into_keys().collect();
        assert_eq!(made, ["avm-kms-keys".to_owned()].into(), "{region}");
        assert_eq!(account.guardduty_administrator(region), Some(security.id.clone()));
    }
    let plan = world.avm(&PLAN).expect_code(0);
    let left = format!("belongs to the organization's administrator {}", security.id);
    assert!(plan.text().contains(&left), "{}", plan.text());
}

#[test]
fn an_alias_that_somebody_has_made_is_in_the_way_until_somebody_decides() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let decided = "  - name: avm-kms-keys\n    adopt: fail\n";
    world.edit("baselines/standard.yaml", "  - name: avm-kms-keys\n", decided);
    let account = world.aws.create_account("payments-uat", EMAIL);
    account.create_key("us-east-1", "alias/uat/s3");
    let key = account.key("us-east-1", "alias/uat/s3");

    // The other region gets its stack all the same.
    world.avm(&["create", "payments-uat", "--yes"]).expect_code(1);
    let plan = world.avm(&PLAN).expect_code(2);

    assert!(account.stacks("eu-west-1").contains_key("avm-kms-keys"));
    assert!(account.stacks("us-east-1").is_empty());
    assert!(plan.text().contains("AWS::KMS::Alias alias/uat/s3"), "{}", plan.text());
    assert!(plan.text().contains("adopt: import"), "{}", plan.text());
    assert_eq!(account.key("us-east-1", "alias/uat/s3"), key, "it is as it was");
}

#[test]
fn a_key_that_somebody_has_made_becomes_the_stacks_together_with_its_alias() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    let account = world.aws.create_account("payments-uat", EMAIL);
    account.create_key("us-east-1", "alias/uat/s3");
    let key = account.key("us-east-1", "alias/uat/s3");

    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    let stack = &account.stacks("us-east-1")["avm-kms-keys"];
    assert_eq!((stack.status.as_str(), stack.protected), ("UPDATE_COMPLETE", true));
    assert_eq!(account.key("us-east-1", "alias/uat/s3"), key, "no other key has come");
    assert_eq!(account.outputs("us-east-1", "avm-kms-keys")["S3KeyArn"], key);
    assert_eq!(account.stacks("eu-west-1")["avm-kms-keys"].status, "CREATE_COMPLETE");
    world.avm(&PLAN).expect_code(0);
}

#[test]
fn a_role_that_somebody_has_made_becomes_the_stacks_by_its_name() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.write("templates/news.yaml", NEWS);
    let news = "stacks:\n  - {name: avm-news, template: news.yaml, regions: home}\n";
    world.edit("baselines/standard.yaml", "stacks:\n", news);
    let account = world.aws.create_account("payments-uat", EMAIL);
    let role = account.create_role("avm-editor");

    world.avm(&["create", "payments-uat", "--yes"]).expect_code(0);

    let stack = &account.stacks("eu-west-1")["avm-news"];
    assert_eq!((stack.status.as_str(), stack.protected), ("CREATE_COMPLETE", true));
    assert_eq!(account.outputs("eu-west-1", "avm-news")["Topic"], "editor avm-editor");
    assert_eq!(account.role_id("avm-editor"), role, "it is the same one");
    assert_eq!(account.unexecuted("eu-west-1"), [""; 0]);
    world.avm(&PLAN).expect_code(0);
}
