//! The scenarios: what happens to accounts, each as small as it can be.
//!
//! `avm delete` is not among them: there is no such command yet.

mod accounts;
mod settings;
mod stacks;

use super::arrange::{Folder, Scenario};

/// All of them, in the order of the table.
pub(super) const ALL: [&Scenario; 11] = [
    &accounts::VEND,
    &accounts::FIRST_ROLL_OUT,
    &accounts::MOVED,
    &stacks::CHANGED_TEMPLATE,
    &stacks::CHANGED_KEY,
    &stacks::REMOVED,
    &stacks::MADE_ANEW,
    &stacks::ADOPTED,
    &settings::DEFAULT_VPC,
    &settings::SETTINGS,
    &settings::OPTED_IN,
];

/// Where everything is done.
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// Two accounts in two waves: the second takes an output of the first one's stack.
const LANDING_ZONE: &str = "\
environments: {uat: {external-accounts: ['222222222222']}}
waves: [core, rest]
accounts:
  - {name: logs, email: aws+logs@example.com, ou: Core, baseline: logs, wave: core}
  - {name: shop, email: aws+shop@example.com, ou: Workloads/UAT, environment: uat, baseline: shop, tags: {owner: shop}}
";

/// One account with nothing around it.
const ONE_ACCOUNT: &str = "\
waves: [all]
accounts:
  - {name: shop, email: aws+shop@example.com, ou: /, baseline: shop}
";

const LOGS: &str = "\
version: 1
stacks:
  - {name: avm-topic, template: topic.yaml, regions: home}
";

const SHOP: &str = "\
version: 1
settings:
  default-vpc: delete
  serial-console: disabled
  ebs-encryption: {key: {output: {stack: avm-keys, key: KeyArn}}}
stacks:
  - {name: avm-keys, template: keys.yaml, regions: governed}
  - name: avm-signs
    template: signs.yaml
    regions: home
    parameters: {Topic: {output: {account: logs, stack: avm-topic, key: TopicArn}}}
";

const TOPIC: &str = "\
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: news}}
Outputs:
  TopicArn: {Value: !Ref Topic}
";

const KEYS: &str = "\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}
            Action: kms:*
            Resource: '*'
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/volumes, TargetKeyId: !Ref Key}}
Outputs:
  KeyArn: {Value: !GetAtt Key.Arn}
";

const SIGNS: &str = "\
Parameters: {Topic: {Type: String}}
Resources:
  Sign: {Type: AWS::SSM::Parameter, Properties: {Name: /avm/sign, Type: String, Value: !Ref Topic}}
";

/// The two accounts with their baselines.
const TWO_ACCOUNTS: Folder = Folder {
    regions: &REGIONS,
    landing_zone: LANDING_ZONE,
    baselines: &[("logs", LOGS), ("shop", SHOP)],
    templates: &[("topic", TOPIC), ("keys", KEYS), ("signs", SIGNS)],
};
