//! What no stack makes: default VPCs, settings, administrators, regions.

use super::super::arrange::{Folder, Scenario};
use super::{ONE_ACCOUNT, REGIONS, TOPIC};

/// The default VPCs go.
pub(in super::super) const DEFAULT_VPC: Scenario = Scenario {
    name: "default_vpc",
    what: "default VPCs go, a customer's stays",
    aws: |aws| {
        let aws = aws.with_account("shop", "aws+shop@example.com", "/");
        aws.with_customer_vpc("shop", "eu-west-1", "vpc-0c0ffee")
    },
    before: None,
    folder: Folder {
        regions: &REGIONS,
        landing_zone: ONE_ACCOUNT,
        baselines: &[("shop", "version: 1\nsettings: {default-vpc: delete}\n")],
        templates: &[],
    },
};

/// Settings of an account and of its regions, administrators of services, and a region that is opted in to.
pub(in super::super) const SETTINGS: Scenario = Scenario {
    name: "settings",
    what: "settings of an account and its regions, trusted services, delegated administrators",
    aws: |aws| aws.with_account("shop", "aws+shop@example.com", "/"),
    before: None,
    folder: Folder {
        regions: &REGIONS,
        landing_zone: "\
delegated-administrators: {access-analyzer: shop, guardduty: shop}
trusted-services: [cloudtrail.amazonaws.com]
waves: [all]
accounts:
  - {name: shop, email: aws+shop@example.com, ou: /, baseline: shop}
",
        baselines: &[(
            "shop",
            "\
version: 1
settings:
  s3-public-access: block
  password-policy: {minimum-length: 20}
  account-alias: {prefix: acme-}
  alternate-contacts: {security: {name: Security, title: CISO, email: soc@example.com, phone: \"+49 30 1\"}}
  service-linked-roles: [config.amazonaws.com]
  instance-metadata: {http-tokens: required}
  image-public-access: block-new-sharing
  snapshot-public-access: block-all-sharing
  guardduty-organization: {auto-enable: all}
stacks:
  - {name: avm-topic, template: topic.yaml, regions: home}
",
        )],
        templates: &[("topic", TOPIC)],
    },
};

/// A region that is opted in to, and the home region's stack beside it.
pub(in super::super) const OPTED_IN: Scenario = Scenario {
    name: "opted_in",
    what: "a region is opted in to",
    aws: |aws| aws.with_account("shop", "aws+shop@example.com", "/"),
    before: None,
    folder: Folder {
        regions: &["eu-west-1", "af-south-1"],
        landing_zone: ONE_ACCOUNT,
        baselines: &[(
            "shop",
            "\
version: 1
settings: {region-opt-in: enable}
stacks:
  - {name: avm-topic, template: topic.yaml, regions: home}
",
        )],
        templates: &[("topic", TOPIC)],
    },
};
