//! What AWS grants to whom.

use std::borrow::Cow;

use super::pacer::Asked;
use super::table;
use crate::model::{AccountId, Region};

/// How often AWS lets an operation be called: a bucket of tokens, one for each attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// Tokens that are put into the bucket in a second.
    pub per_second: f64,
    /// Tokens that the bucket holds at most, and holds at the start.
    pub burst: f64,
    /// What has a bucket of its own.
    pub scope: Scope,
    /// The bucket's name, if other operations take from the same one.
    pub shared: Option<&'static str>,
    /// Where the numbers are from.
    pub basis: Basis,
}

/// What has a bucket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Each account. The service is global, or counts for the whole account: Organizations, Account Management, IAM.
    Account,
    /// Each account in each region.
    Cell,
}

/// Where the numbers of a quota are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// AWS's documentation.
    Published,
    /// AWS does not say. What avm allows itself, below the rates at which throttles have been reported.
    Assumed,
}

/// One bucket of tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bucket {
    /// The account whose quota it is.
    pub account: AccountId,
    /// The region, if each has its own.
    pub region: Option<Region>,
    /// The operation (`ec2:DescribeVpcs`), or the name that several have together.
    pub name: Cow<'static, str>,
}

/// The quota of an operation (`ec2:DescribeVpcs`); `None` for a service that avm does not know.
pub fn quota(operation: &str) -> Option<Quota> {
    let (service, name) = operation.split_once(':')?;
    let service = table::SERVICES.iter().find(|row| row.prefix == service)?;
    Some(service.quota(name))
}

/// The bucket that an attempt takes from.
pub fn bucket(asked: &Asked) -> Bucket {
    bucket_of(asked, quota(&asked.operation))
}

pub(super) fn bucket_of(asked: &Asked, quota: Option<Quota>) -> Bucket {
    let scope = quota.map_or(Scope::Cell, |quota| quota.scope);
    Bucket {
        account: asked.target.account.clone(),
        region: match scope {
            Scope::Account => None,
            Scope::Cell => Some(asked.target.region.clone()),
        },
        name: quota
            .and_then(|quota| quota.shared)
            .map_or_else(|| Cow::Owned(asked.operation.clone()), Cow::Borrowed),
    }
}

/// Whether AWS lets only one such call in at a time: changes of an organization, which it refuses with
/// `ConcurrentModificationException` while another one is under way.
pub fn is_serial(operation: &str) -> bool {
    operation.strip_prefix("organizations:").is_some_and(|name| !is_question(name))
}

/// Whether an operation changes nothing, by AWS's way of naming them.
pub(super) fn is_question(name: &str) -> bool {
    ["Describe", "List", "Get", "Head"].iter().any(|verb| name.starts_with(verb))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Target;
    use crate::policy::{Origin, table};

    fn rate(operation: &str) -> (f64, f64) {
        let quota = quota(operation).unwrap();
        (quota.per_second, quota.burst)
    }

    /// The operation of a call that avm makes itself.
    fn own(origin: Origin) -> Option<&'static str> {
        if let Origin::Avm(operation) = origin { Some(operation) } else { None }
    }

    fn asked(operation: &str, account: &str, region: &str) -> Asked {
        let target = Target { account: account.parse().unwrap(), region: region.parse().unwrap() };
        Asked { operation: operation.into(), target }
    }

    #[test]
    fn quotas_are_those_that_aws_publishes() {
        assert_eq!(rate("organizations:CreateAccount"), (0.1, 3.0));
        assert_eq!(rate("organizations:ListAccounts"), (8.0, 12.0));
        assert_eq!(rate("account:EnableRegion"), (1.0, 1.0));
        assert_eq!(rate("ec2:DescribeVpcs"), (20.0, 100.0));
        assert_eq!(rate("ec2:DeleteSubnet"), (5.0, 50.0));
        assert_eq!(rate("ec2:EnableImageBlockPublicAccess"), (0.1, 1.0));
        assert_eq!(rate("securityhub:GetAdministratorAccount"), (10.0, 30.0));
        assert_eq!(quota("nothing:DescribeNothing"), None);
        assert_eq!(quota("DescribeStacks"), None);
    }

    #[test]
    fn every_call_that_avm_makes_has_a_quota() {
        let calls = table().flat_map(|group| group.calls);
        let operations: Vec<_> = calls.filter_map(|call| own(call.origin)).collect();
        assert!(operations.len() > 50);
        for operation in operations {
            assert!(quota(operation).is_some(), "{operation}");
        }
    }

    #[test]
    fn a_global_service_has_one_bucket_for_all_regions() {
        let here = bucket(&asked("organizations:ListRoots", "111111111111", "eu-west-1"));
        let there = bucket(&asked("organizations:ListRoots", "111111111111", "us-east-1"));
        assert_eq!(here, there);
        let other = bucket(&asked("organizations:ListAccounts", "111111111111", "eu-west-1"));
        assert_ne!(here, other);
    }

    #[test]
    fn others_have_one_for_each_account_and_region() {
        let here = bucket(&asked("kms:DescribeKey", "111111111111", "eu-west-1"));
        assert_ne!(here, bucket(&asked("kms:DescribeKey", "111111111111", "us-east-1")));
        assert_ne!(here, bucket(&asked("kms:DescribeKey", "222222222222", "eu-west-1")));
    }

    #[test]
    fn some_operations_share_a_bucket() {
        let of = |operation| bucket(&asked(operation, "111111111111", "eu-west-1"));
        assert_eq!(of("sts:AssumeRole"), of("sts:GetCallerIdentity"));
        assert_eq!(of("cloudformation:CreateStack"), of("cloudformation:DeleteStack"));
        assert_ne!(of("ec2:DescribeVpcs"), of("ec2:DescribeSubnets"));
    }

    #[test]
    fn only_changes_of_the_organization_go_one_by_one() {
        assert!(is_serial("organizations:MoveAccount"));
        assert!(is_serial("organizations:CreateAccount"));
        assert!(!is_serial("organizations:ListAccounts"));
        assert!(!is_serial("organizations:DescribeCreateAccountStatus"));
        assert!(!is_serial("ec2:DeleteVpc"));
    }
}
