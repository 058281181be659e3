//! A small landing zone on disk, for tests.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::folder::{Folder, load};
use super::state::DesiredAccount;
use crate::document::{Kind, Node, Source, parse};

const LANDING_ZONE: &str = r#"version: 1
organization: {id: o-exampleorg1, management-account: "111111111111"}
regions: {home: eu-west-1, governed: [eu-west-1, us-east-1]}
environments:
  prod: {values: {kms.ec2: alias/prod/ec2}}
  uat: {external-accounts: ["000000000022", "333333333333"], values: {kms.ec2: alias/uat/ec2}}
organizational-units: [Sandbox]
waves: [core, rest]
accounts:
  - {name: logs, email: aws+logs@example.com, ou: Core, baseline: logs, wave: core}
  - {name: orders-prod, email: aws+orders-prod@example.com, ou: Workloads/Prod, environment: prod, baseline: standard, tags: {owner: orders}}
  - {name: orders-uat, email: aws+orders-uat@example.com, ou: Workloads/UAT, environment: uat, baseline: standard, tags: {owner: orders}}
  - {name: shop-uat, email: aws+shop-uat@example.com, ou: Workloads/UAT, environment: uat, baseline: standard, tags: {owner: shop}}
"#;

const LOGS: &str = "version: 1
stacks:
  - {name: topic, template: topic.yaml, regions: home}
";

const STANDARD: &str = "version: 1
settings: {default-vpc: delete, ebs-encryption: {key: {env: kms.ec2}}}
stacks:
  - {name: topic, template: topic.yaml, regions: governed}
  - name: queue
    template: queue.yaml
    regions: governed
    parameters:
      Environment: {env: name}
      Partners: {env: external-accounts}
      Size: 007
      Mail: {account: email}
      Organization: {organization: id}
      Owner: {account: id}
      Topic: {output: {stack: topic, key: TopicArn}}
      Logs: {output: {account: logs, stack: topic, key: TopicArn, region: home}}
";

const TOPIC: &str = "Resources:
  Topic: {Type: AWS::SNS::Topic}
Outputs:
  TopicArn: {Value: !Ref Topic}
";

const QUEUE: &str = "Parameters:
  Environment: {Type: String, AllowedValues: [uat, prod]}
  Partners: {Type: CommaDelimitedList}
  Size: {Type: String}
  Mail: {Type: String}
  Organization: {Type: String}
  Owner: {Type: String}
  Topic: {Type: String}
  Logs: {Type: String}
Resources:
  Queue: {Type: AWS::SQS::Queue}
";

const ORGANIZED: &str = r#"version: 1
organization: {id: o-exampleorg1, management-account: "111111111111"}
regions: {home: eu-west-1, governed: [eu-west-1, us-east-1]}
artifacts: {bucket: acme-artifacts}
keys: {central: security}
trail: organization
delegated-administrators: {config: security, guardduty: security}
trusted-services: [cloudtrail.amazonaws.com]
environments: {prod: {}, uat: {}}
waves: [core, rest]
accounts:
  - {name: management, email: aws@example.com, ou: /, baseline: management, wave: core, management: true}
  - {name: security, email: aws+security@example.com, ou: Core, environment: prod, baseline: security, wave: core}
  - {name: Orders-UAT, email: aws+orders-uat@example.com, ou: Workloads, environment: uat, baseline: standard}
"#;

const MANAGEMENT: &str = "version: 1
stacks:
  - {name: trail, template: topic.yaml, regions: home, when: {trail: organization}}
";

const SECURITY: &str = "version: 1
settings:
  ebs-encryption: {key: {key: ec2}}
  guardduty-organization: {auto-enable: all, features: {S3_DATA_EVENTS: none}}
stacks:
  - name: avm-kms-keys
    template: keys.yaml
    regions: governed
    when: {keys: central}
    for-each: environment
    parameters: {Environment: {env: name}}
  - {name: bucket, template: bucket.yaml, regions: home, parameters: {Key: {key: s3}}}
";

const ORGANIZED_STANDARD: &str = r#"version: 1
settings:
  ebs-encryption: {key: {key: ec2}}
  s3-public-access: block
  password-policy: {minimum-length: 14, require-symbols: true, max-age-days: 90, reuse-prevention: 24}
  account-alias: {prefix: acme-}
  alternate-contacts:
    security: {name: "Security Team", title: CISO, email: security@example.com, phone: "+49 30 1234567"}
  service-linked-roles: [config.amazonaws.com]
  instance-metadata: {http-tokens: required, hop-limit: 2}
  image-public-access: block-new-sharing
  snapshot-public-access: block-all-sharing
  serial-console: disabled
  region-opt-in: enable
stacks:
  - name: avm-kms-keys
    template: keys.yaml
    regions: governed
    when: {keys: per-account}
    parameters: {Environment: {account: environment}}
  - {name: trail, template: topic.yaml, regions: home, when: {trail: per-account}, adopt: leave}
  - name: bucket
    template: bucket.yaml
    regions: governed
    adopt: fail
    parameters: {Key: {key: s3}, Product: {template: product.yaml}}
"#;

const KEYS: &str = "Parameters:
  Environment: {Type: String, AllowedValues: [prod, uat]}
Resources:
  Key: {Type: AWS::KMS::Key}
Outputs:
  Ec2KeyArn: {Value: !GetAtt Key.Arn}
  S3KeyArn: {Value: !GetAtt Key.Arn}
";

const BUCKET: &str = "Parameters:
  Key: {Type: String}
  Product: {Type: String, Default: ''}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
";

/// A folder that goes away with the test.
pub(super) struct Fixture(TempDir);

impl Fixture {
    /// Four accounts with two baselines, without a fault.
    pub(super) fn acme() -> Self {
        Self::of(&[
            ("landing-zone.yaml", LANDING_ZONE),
            ("baselines/logs.yaml", LOGS),
            ("baselines/standard.yaml", STANDARD),
            ("templates/topic.yaml", TOPIC),
            ("templates/queue.yaml", QUEUE),
        ])
    }

    /// An organization that is administered as a whole, its keys in one account, every kind of setting used.
    pub(super) fn organized() -> Self {
        Self::of(&[
            ("landing-zone.yaml", ORGANIZED),
            ("baselines/management.yaml", MANAGEMENT),
            ("baselines/security.yaml", SECURITY),
            ("baselines/standard.yaml", ORGANIZED_STANDARD),
            ("templates/bucket.yaml", BUCKET),
            ("templates/keys.yaml", KEYS),
            ("templates/product.yaml", TOPIC),
            ("templates/topic.yaml", TOPIC),
        ])
    }

    fn of(files: &[(&str, &str)]) -> Self {
        let fixture = Self(tempfile::tempdir().expect("a temporary folder"));
        for (name, text) in files {
            fixture.write(name, text);
        }
        fixture
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file of the fixture")
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a writable folder");
        fs::write(path, text).expect("a writable file");
    }

    pub(super) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    #[track_caller]
    pub(super) fn load(&self) -> Folder {
        match load(self.path()) {
            Ok(folder) => folder,
            Err(faults) => {
                panic!("{:#?}", faults.iter().map(ToString::to_string).collect::<Vec<_>>())
            }
        }
    }

    /// What an account without faults shall look like.
    #[track_caller]
    pub(super) fn account(&self, name: &str) -> DesiredAccount {
        let name = name.parse().expect("an account's name");
        let mut state = self.load().state;
        state.accounts.remove(&name).expect("an account of the fixture")
    }

    /// The codes of all faults.
    pub(super) fn codes(&self) -> Vec<Cow<'static, str>> {
        load(self.path())
            .err()
            .iter()
            .flat_map(|faults| faults.iter().map(|fault| fault.code.clone()))
            .collect()
    }

    /// A document as an editor hands it to a JSON Schema: plain words are numbers and booleans.
    pub(super) fn json(text: &str) -> Value {
        value(&parse(&Source::new("a.yaml", text)).expect("a document"))
    }
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } => match text.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            text => text.parse::<i64>().map_or_else(|_| text.into(), Into::into),
        },
        Kind::Scalar { text, .. } => text.as_str().into(),
        Kind::Sequence(items) => items.iter().map(value).collect(),
        Kind::Mapping(entries) => entries
            .iter()
            .map(|(key, entry)| (key.text().unwrap_or_default().to_owned(), value(entry)))
            .collect(),
    }
}
