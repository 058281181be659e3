//! The numbers, service by service, as of November 2026.
//!
//! Where AWS publishes a rate and no burst, the burst is what the rate gives in a second.

use super::quota::Basis::{Assumed, Published};
use super::quota::Scope::{Account, Cell};
use super::quota::{Basis, Quota, Scope, is_question};

/// The quotas of one service.
pub(super) struct Service {
    /// Its prefix in IAM: `organizations`.
    pub(super) prefix: &'static str,
    scope: Scope,
    rows: &'static [Row],
    /// Questions that no row names.
    questions: Rate,
    /// All else that no row names.
    changes: Rate,
}

/// Operations with the same numbers.
struct Row {
    operations: &'static [&'static str],
    rate: Rate,
    shared: Option<&'static str>,
}

#[derive(Clone, Copy)]
struct Rate {
    per_second: f64,
    burst: f64,
    basis: Basis,
}

impl Service {
    /// The quota of one of its operations: `CreateAccount`.
    pub(super) fn quota(&self, name: &str) -> Quota {
        let row = self.rows.iter().find(|row| row.operations.contains(&name));
        let others = if is_question(name) { self.questions } else { self.changes };
        let Rate { per_second, burst, basis } = row.map_or(others, |row| row.rate);
        let shared = row.and_then(|row| row.shared);
        Quota { per_second, burst, scope: self.scope, shared, basis }
    }
}

const fn published(per_second: f64, burst: f64) -> Rate {
    Rate { per_second, burst, basis: Published }
}

const fn assumed(per_second: f64, burst: f64) -> Rate {
    Rate { per_second, burst, basis: Assumed }
}

const fn each(operations: &'static [&'static str], rate: Rate) -> Row {
    Row { operations, rate, shared: None }
}

const fn together(shared: &'static str, operations: &'static [&'static str], rate: Rate) -> Row {
    Row { operations, rate, shared: Some(shared) }
}

pub(super) const SERVICES: &[Service] = &[
    // AWS Organizations User Guide, "Quotas and service limits", throttling limits. They count for the account that
    // calls; for reading there is one more bucket, a fifth bigger, that all accounts of the organization share.
    Service {
        prefix: "organizations",
        scope: Account,
        rows: &[
            each(&["CreateAccount"], published(0.1, 3.0)),
            each(&["CloseAccount"], published(0.05, 1.0)),
            each(&["DescribeAccount"], published(20.0, 30.0)),
            each(&["ListTagsForResource"], published(10.0, 15.0)),
            each(&["ListAccounts"], published(8.0, 12.0)),
            each(&["ListChildren"], published(6.0, 10.0)),
            each(
                &[
                    "ListAccountsForParent",
                    "ListCreateAccountStatus",
                    "ListDelegatedAdministrators",
                    "ListOrganizationalUnitsForParent",
                    "ListParents",
                    "ListPolicies",
                    "ListPoliciesForTarget",
                    "ListTargetsForPolicy",
                ],
                published(5.0, 8.0),
            ),
            each(&["TagResource", "UntagResource"], published(4.0, 6.0)),
            each(&["InviteAccountToOrganization"], published(3.0, 5.0)),
            each(
                &[
                    "AttachPolicy",
                    "CreatePolicy",
                    "DeleteOrganizationalUnit",
                    "DeletePolicy",
                    "DetachPolicy",
                    "MoveAccount",
                    "UpdateOrganizationalUnit",
                    "UpdatePolicy",
                ],
                published(2.0, 3.0),
            ),
            each(
                &[
                    "DescribeCreateAccountStatus",
                    "DescribeOrganizationalUnit",
                    "DescribePolicy",
                    "RemoveAccountFromOrganization",
                ],
                published(2.0, 2.0),
            ),
            each(
                &[
                    "CreateOrganizationalUnit",
                    "DeregisterDelegatedAdministrator",
                    "DescribeOrganization",
                    "DisableAWSServiceAccess",
                    "EnableAWSServiceAccess",
                    "ListRoots",
                    "RegisterDelegatedAdministrator",
                ],
                published(1.0, 2.0),
            ),
            each(&["EnablePolicyType"], published(1.0, 1.0)),
        ],
        questions: assumed(1.0, 2.0),
        changes: assumed(1.0, 1.0),
    },
    // AWS Account Management Reference Guide, "Quotas": for the account that calls.
    Service {
        prefix: "account",
        scope: Account,
        rows: &[
            each(&["GetAlternateContact"], published(10.0, 15.0)),
            each(&["PutAlternateContact"], published(5.0, 8.0)),
            each(&["GetRegionOptStatus", "ListRegions"], published(5.0, 5.0)),
            each(&["GetAccountInformation"], published(3.0, 3.0)),
            each(&["EnableRegion", "PutAccountName"], published(1.0, 1.0)),
        ],
        questions: assumed(3.0, 3.0),
        changes: assumed(1.0, 1.0),
    },
    // IAM User Guide, "IAM and AWS STS quotas": 600 in a second for an account in a region, for these together. A
    // role in another account is assumed at the expense of the account that calls.
    Service {
        prefix: "sts",
        scope: Cell,
        rows: &[together(
            "sts",
            &["AssumeRole", "GetCallerIdentity", "GetSessionToken"],
            published(600.0, 600.0),
        )],
        questions: assumed(10.0, 10.0),
        changes: assumed(10.0, 10.0),
    },
    // Amazon EC2 Developer Guide, "Request throttling": a bucket for each operation. avm's questions have filters or
    // pages; without, some have half of this.
    Service {
        prefix: "ec2",
        scope: Cell,
        rows: &[
            each(
                &[
                    "DisableImageBlockPublicAccess",
                    "DisableSnapshotBlockPublicAccess",
                    "EnableImageBlockPublicAccess",
                    "EnableSnapshotBlockPublicAccess",
                ],
                published(0.1, 1.0),
            ),
            each(&["ModifyInstanceMetadataDefaults"], published(2.0, 2.0)),
            each(&["CreateDefaultSubnet", "CreateDefaultVpc"], published(1.0, 1.0)),
            each(&["CreateVpcEndpoint", "DeleteVpcEndpoints"], published(0.3, 4.0)),
            each(&["DeleteNetworkInterface"], published(5.0, 100.0)),
        ],
        questions: published(20.0, 100.0),
        changes: published(5.0, 50.0),
    },
    // AWS KMS Developer Guide, "Request quotas".
    Service {
        prefix: "kms",
        scope: Cell,
        rows: &[
            each(&["DescribeKey"], published(2000.0, 2000.0)),
            each(&["GetKeyPolicy"], published(1000.0, 1000.0)),
            each(&["ListAliases"], published(500.0, 500.0)),
            each(
                &["EnableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"],
                published(15.0, 15.0),
            ),
            each(&["TagResource"], published(10.0, 10.0)),
            each(&["CreateAlias", "CreateKey", "UpdateAlias"], published(5.0, 5.0)),
        ],
        questions: assumed(10.0, 10.0),
        changes: assumed(5.0, 5.0),
    },
    // AWS Security Hub API Reference, welcome page.
    Service {
        prefix: "securityhub",
        scope: Cell,
        rows: &[each(&["BatchEnableStandards"], published(1.0, 1.0))],
        questions: published(10.0, 30.0),
        changes: published(10.0, 30.0),
    },
    // Amazon CloudWatch User Guide, "CloudWatch service quotas".
    Service {
        prefix: "cloudwatch",
        scope: Cell,
        rows: &[each(&["DescribeAlarms"], published(9.0, 9.0))],
        questions: assumed(3.0, 3.0),
        changes: assumed(3.0, 3.0),
    },
    // Amazon S3 User Guide, "Optimizing performance": 5,500 reading and 3,500 writing requests a second for a prefix.
    // S3 is in IAM's words, which have Account settings (S3 Control) under the same prefix.
    Service {
        prefix: "s3",
        scope: Cell,
        rows: &[
            each(&["GetObject", "HeadObject"], published(5500.0, 5500.0)),
            each(&["DeleteObject", "PutObject"], published(3500.0, 3500.0)),
        ],
        questions: assumed(5.0, 10.0),
        changes: assumed(2.0, 4.0),
    },
    // Not published ("internal information", for an account and region). Five CreateStack within a second have been
    // throttled.
    Service {
        prefix: "cloudformation",
        scope: Cell,
        rows: &[together(
            "cloudformation:stack operations",
            &["CreateChangeSet", "CreateStack", "DeleteStack", "ExecuteChangeSet", "UpdateStack"],
            assumed(2.0, 4.0),
        )],
        questions: assumed(5.0, 10.0),
        changes: assumed(2.0, 4.0),
    },
    // Not published, for none of these.
    unpublished("iam", Account),
    unpublished("config", Cell),
    unpublished("guardduty", Cell),
    unpublished("cloudcontrol", Cell),
    unpublished("s3control", Cell),
];

const fn unpublished(prefix: &'static str, scope: Scope) -> Service {
    Service { prefix, scope, rows: &[], questions: assumed(5.0, 10.0), changes: assumed(2.0, 4.0) }
}
