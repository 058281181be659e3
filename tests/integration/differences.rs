//! What a plan says of the resources of a stack whose template or parameters change, and that it comes true.

use std::fs;

use avm::plan::{Action, Plan, PropertyChange, Replacement, ResourceChange, Step, Summary};
use serde_json::json;

use crate::landing_zone::{LandingZone, lines, only};

const TEMPLATE: &str = "\
Parameters:
  Purpose: {Type: String, Default: reports}
  Readers: {Type: CommaDelimitedList, Default: 'alice, bob'}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub ${Purpose}-${AWS::AccountId}
      Tags:
        - {Key: purpose, Value: !Ref Purpose}
        - {Key: team, Value: data}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - Sid: Account
            Effect: Allow
            Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}
            Action: kms:*
            Resource: '*'
          - Sid: Use
            Effect: Allow
            Principal: {AWS: '*'}
            Action: kms:Encrypt
            Resource: '*'
            Condition: {StringEquals: {aws:username: !Ref Readers}}
  Alias:
    Type: AWS::KMS::Alias
    Properties: {AliasName: alias/own, TargetKeyId: !Ref Key}
Outputs:
  Name: {Value: !Ref Bucket}
";

/// The example, whose account log-archive has one more stack, which is deployed.
async fn deployed() -> LandingZone {
    let zone = LandingZone::acme();
    fs::write(zone.path("templates/own.yaml"), TEMPLATE).unwrap();
    let stack = "stacks:\n  - {name: avm-own, template: own.yaml, regions: home}\n";
    zone.edit("baselines/log-archive.yaml", "stacks:\n", stack);
    zone.update(&only("log-archive")).await;
    zone
}

/// What the only step of a plan, an update of the stack, says of its resources.
fn resources(plan: &Plan) -> Vec<ResourceChange> {
    let steps: Vec<_> = plan.accounts().flat_map(|(_, account)| account.all_steps()).collect();
    let [Step::UpdateStack(change)] = steps[..] else { panic!("{:#?}", lines(plan)) };
    change.resources.clone()
}

fn change(
    path: &str,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> PropertyChange {
    PropertyChange { path: path.to_owned(), before, after, replacement: Replacement::Never }
}

fn updated(id: &str, resource_type: &str, properties: Vec<PropertyChange>) -> ResourceChange {
    ResourceChange {
        logical_id: id.to_owned(),
        resource_type: resource_type.to_owned(),
        action: Action::Update,
        replacement: Replacement::Never,
        retained: false,
        properties,
    }
}

/// The bucket with its account's id in its name, made anew under another one.
fn replaced_bucket(zone: &LandingZone, purpose: &str) -> ResourceChange {
    let id = zone.simulation.account_id("log-archive").unwrap();
    let name = |purpose: &str| Some(json!(format!("{purpose}-{id}")));
    let renamed = PropertyChange {
        replacement: Replacement::Always,
        ..change("BucketName", name("reports"), name(purpose))
    };
    let tag = change("Tags[purpose].Value", Some(json!("reports")), Some(json!(purpose)));
    ResourceChange {
        action: Action::Replace,
        replacement: Replacement::Always,
        retained: false,
        ..updated("Bucket", "AWS::S3::Bucket", vec![renamed, tag])
    }
}

/// Carries the plan out, and shows that nothing is left to do.
async fn converges(zone: &LandingZone) {
    zone.update(&only("log-archive")).await;
    let plan = zone.plan(&only("log-archive")).await;
    assert!(Summary::of(&plan).is_empty(), "left to do:\n{}", lines(&plan).join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_changed_statement_of_a_key_policy_is_told_to_the_action() {
    let zone = deployed().await;
    zone.edit("templates/own.yaml", "Action: kms:Encrypt", "Action: [kms:Decrypt, kms:Encrypt]");
    let plan = zone.plan(&only("log-archive")).await;
    let path = "KeyPolicy.Statement[Use].Action[]";
    let allowed = change(path, None, Some(json!("kms:Decrypt")));
    assert_eq!(resources(&plan), [updated("Key", "AWS::KMS::Key", vec![allowed])]);
    assert_eq!(Summary::of(&plan).lost_resources, 0);
    converges(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_is_part_of_a_name_replaces_the_bucket() {
    let zone = deployed().await;
    let stack = "{name: avm-own, template: own.yaml, regions: home";
    let given = format!("{stack}, parameters: {{Purpose: invoices, Readers: \"bob, carol\"}}");
    zone.edit("baselines/log-archive.yaml", stack, &given);
    let plan = zone.plan(&only("log-archive")).await;
    let path = "KeyPolicy.Statement[Use].Condition.StringEquals.aws:username[]";
    let readers =
        vec![change(path, Some(json!("alice")), None), change(path, None, Some(json!("carol")))];
    assert_eq!(
        resources(&plan),
        [replaced_bucket(&zone, "invoices"), updated("Key", "AWS::KMS::Key", readers)]
    );
    assert_eq!(Summary::of(&plan).lost_resources, 1);
    converges(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn a_name_that_the_template_changes_replaces_the_bucket_as_well() {
    let zone = deployed().await;
    zone.edit("templates/own.yaml", "Default: reports", "Default: papers");
    let plan = zone.plan(&only("log-archive")).await;
    assert_eq!(resources(&plan), [replaced_bucket(&zone, "papers")]);
    converges(&zone).await;
}

#[tokio::test(start_paused = true)]
async fn a_template_that_says_the_same_in_other_words_changes_no_resource() {
    let zone = deployed().await;
    zone.edit(
        "templates/own.yaml",
        "!Sub ${Purpose}-${AWS::AccountId}",
        "!Join ['-', [!Ref Purpose, !Ref 'AWS::AccountId']]",
    );
    let plan = zone.plan(&only("log-archive")).await;
    assert_eq!(resources(&plan), []);
    converges(&zone).await;
}
