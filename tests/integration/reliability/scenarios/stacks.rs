//! Stacks that change, leave, fail and take over what is there.

use avm::cloud::{ParameterInput, StackInput, StackState, TemplateLocation};

use super::super::arrange::{Folder, Scenario};
use super::{KEYS, ONE_ACCOUNT, REGIONS};

const PLAIN: &str = "\
version: 1
settings: {ebs-encryption: {key: {output: {stack: avm-keys, key: KeyArn}}}}
stacks:
  - {name: avm-keys, template: keys.yaml, regions: governed}
  - {name: avm-news, template: news.yaml, regions: governed, parameters: {Name: one}}
";

const NEWS: &str = "\
Parameters: {Name: {Type: String}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: news, RetentionInDays: 30}}
";

const DEPLOYED: Folder = Folder {
    regions: &REGIONS,
    landing_zone: ONE_ACCOUNT,
    baselines: &[("shop", PLAIN)],
    templates: &[("keys", KEYS), ("news", NEWS)],
};

/// A template and a parameter change; another stack stays as it is.
pub(in super::super) const CHANGED_TEMPLATE: Scenario = Scenario {
    name: "changed_template",
    what: "a template and a parameter change",
    aws: |aws| aws.with_account("shop", "aws+shop@example.com", "/"),
    before: Some(DEPLOYED),
    folder: Folder {
        regions: &REGIONS,
        landing_zone: ONE_ACCOUNT,
        baselines: &[(
            "shop",
            "\
version: 1
settings: {ebs-encryption: {key: {output: {stack: avm-keys, key: KeyArn}}}}
stacks:
  - {name: avm-keys, template: keys.yaml, regions: governed}
  - {name: avm-news, template: news.yaml, regions: governed, parameters: {Name: two}}
",
        )],
        templates: &[
            ("keys", KEYS),
            (
                "news",
                "\
Parameters: {Name: {Type: String}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: news, RetentionInDays: 60}}
  Sign: {Type: AWS::SSM::Parameter, Properties: {Name: /avm/sign, Type: String, Value: new}}
",
            ),
        ],
    },
};

/// EBS gets another key.
pub(in super::super) const CHANGED_KEY: Scenario = Scenario {
    name: "changed_key",
    what: "EBS gets another key",
    aws: |aws| {
        let aws = aws.with_account("shop", "aws+shop@example.com", "/");
        let aws = aws.with_key("shop", "eu-west-1", "alias/new", "Enabled", "SYMMETRIC_DEFAULT");
        aws.with_key("shop", "us-east-1", "alias/new", "Enabled", "SYMMETRIC_DEFAULT")
    },
    before: Some(DEPLOYED),
    folder: Folder {
        baselines: &[(
            "shop",
            "\
version: 1
settings: {ebs-encryption: {key: alias/new}}
stacks:
  - {name: avm-keys, template: keys.yaml, regions: governed}
  - {name: avm-news, template: news.yaml, regions: governed, parameters: {Name: one}}
",
        )],
        ..DEPLOYED
    },
};

/// A stack leaves the baseline: avm leaves it where it is, and a note says so.
pub(in super::super) const REMOVED: Scenario = Scenario {
    name: "removed",
    what: "a stack leaves its baseline: avm leaves it where it is, and a note tells",
    aws: |aws| aws.with_account("shop", "aws+shop@example.com", "/"),
    before: Some(DEPLOYED),
    folder: Folder {
        baselines: &[(
            "shop",
            "\
version: 1
settings: {ebs-encryption: {key: {output: {stack: avm-keys, key: KeyArn}}}}
stacks:
  - {name: avm-keys, template: keys.yaml, regions: governed}
",
        )],
        templates: &[("keys", KEYS)],
        ..DEPLOYED
    },
};

/// A stack whose creation failed once is deleted and made anew.
pub(in super::super) const MADE_ANEW: Scenario = Scenario {
    name: "made_anew",
    what: "a stack whose creation had failed is deleted and made anew",
    aws: |aws| {
        let aws = aws.with_account("shop", "aws+shop@example.com", "/");
        let news = StackInput {
            name: "avm-news".parse().unwrap(),
            template: TemplateLocation::Body(NEWS.to_owned()),
            parameters: [("Name".to_owned(), ParameterInput::Value("one".to_owned()))].into(),
            capabilities: Vec::new().into_iter().collect(),
            token: "somebody".to_owned(),
        };
        aws.with_stack("shop", "eu-west-1", &news, StackState::RollbackComplete)
    },
    before: None,
    folder: DEPLOYED,
};

/// A detector without a stack, and a log group of the template's name: both are taken over.
pub(in super::super) const ADOPTED: Scenario = Scenario {
    name: "adopted",
    what: "a detector and a log group that no stack has are imported",
    aws: |aws| {
        aws.with_account("shop", "aws+shop@example.com", "/")
            .with_unmanaged(
                "shop",
                "eu-west-1",
                "AWS::GuardDuty::Detector",
                "12abc34d567e8fa901bc2d34e56789f0",
            )
            .with_unmanaged("shop", "us-east-1", "AWS::Logs::LogGroup", "news")
    },
    before: None,
    folder: Folder {
        regions: &REGIONS,
        landing_zone: ONE_ACCOUNT,
        baselines: &[(
            "shop",
            "\
version: 1
stacks:
  - {name: avm-detector, template: detector.yaml, regions: governed}
",
        )],
        templates: &[(
            "detector",
            "\
Resources:
  Detector:
    Type: AWS::GuardDuty::Detector
    DeletionPolicy: RetainExceptOnCreate
    Properties: {Enable: true}
  Group:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: RetainExceptOnCreate
    Properties: {LogGroupName: news}
",
        )],
    },
};
