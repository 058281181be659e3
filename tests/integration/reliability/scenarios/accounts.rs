//! Accounts that are made, found and moved.

use super::super::arrange::{Folder, Scenario};
use super::{LOGS, REGIONS, TOPIC, TWO_ACCOUNTS};

/// An account more, in an organization that has what it needs.
pub(in super::super) const VEND: Scenario = Scenario {
    name: "vend",
    what: "an account is vended into an organization that has what it needs",
    aws: |aws| aws.with_unit("Workloads/UAT"),
    before: Some(Folder {
        regions: &REGIONS,
        landing_zone: "\
waves: [core, rest]
accounts:
  - {name: logs, email: aws+logs@example.com, ou: Core, baseline: logs, wave: core}
",
        baselines: &[("logs", LOGS)],
        templates: &[("topic", TOPIC)],
    }),
    folder: TWO_ACCOUNTS,
};

/// An organization that has nothing but its management account: units, accounts, and two waves.
pub(in super::super) const FIRST_ROLL_OUT: Scenario = Scenario {
    name: "first_roll_out",
    what: "an empty organization gets its units, two accounts, and two waves of stacks",
    aws: |aws| aws,
    before: None,
    folder: TWO_ACCOUNTS,
};

/// Accounts that are there already, elsewhere and without their tags.
pub(in super::super) const MOVED: Scenario = Scenario {
    name: "moved",
    what: "accounts that are there are moved and tagged, and get a stack",
    aws: |aws| {
        aws.with_unit("Core")
            .with_account("logs", "aws+logs@example.com", "Core")
            .with_account("shop", "aws+shop@example.com", "Old")
            .with_tag("shop", "owner", "nobody")
            .with_tag("shop", "kept", "yes")
    },
    before: None,
    folder: Folder {
        regions: &REGIONS,
        landing_zone: super::LANDING_ZONE,
        baselines: &[
            ("logs", LOGS),
            (
                "shop",
                "version: 1\nstacks:\n  - {name: avm-topic, template: topic.yaml, regions: governed}\n",
            ),
        ],
        templates: &[("topic", TOPIC)],
    },
};
