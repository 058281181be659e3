//! What a permission is narrowed to, in a folder's own names.

use std::collections::BTreeSet;

use super::call::{Purpose, Role, Scope};
use super::statement::Statement;
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{AccountSetting, RoleName, StackName};

/// How the keys of templates in the artifacts bucket begin (`plan::artifact_key`).
const ARTIFACTS: &str = "templates/";

/// How the keys of leases begin (`execute::Claim`).
const LEASES: &str = "avm/lease/";

/// What is known beforehand of where a role's calls go.
#[derive(Debug)]
pub(super) struct Bounds<'a> {
    desired: &'a DesiredState,
    partition: &'static str,
    /// The account in ARNs: `*` where a policy is the same in every account.
    account: String,
    stacks: BTreeSet<&'a StackName>,
    linked: BTreeSet<String>,
    access_roles: BTreeSet<&'a RoleName>,
}

impl<'a> Bounds<'a> {
    /// The bounds of a role that is about these accounts.
    pub(super) fn new(
        desired: &'a DesiredState,
        purpose: Purpose,
        role: Role,
        accounts: impl Iterator<Item = &'a DesiredAccount> + Clone,
    ) -> Self {
        let linked = accounts.clone().flat_map(|account| &account.settings);
        let linked = linked.filter_map(|setting| match setting {
            AccountSetting::ServiceLinkedRole(service) => Some(service.to_string()),
            AccountSetting::S3PublicAccess(_)
            | AccountSetting::PasswordPolicy(_)
            | AccountSetting::AccountAlias(_)
            | AccountSetting::AlternateContact(_) => None,
        });
        Self {
            desired,
            partition: desired.home.partition(),
            account: match role {
                Role::Management => desired.organization.management_account.to_string(),
                Role::Member => "*".to_owned(),
            },
            linked: linked.collect(),
            access_roles: access_roles(desired, purpose),
            stacks: accounts.flat_map(|one| &one.stacks).map(|stack| &stack.name).collect(),
        }
    }

    /// A role of IAM by its path and name, or several by a pattern.
    pub(super) fn iam_role(&self, path_and_name: &str) -> String {
        format!("arn:{}:iam::{}:role/{path_and_name}", self.partition, self.account)
    }

    /// A statement, narrowed; `None` if that leaves nothing.
    pub(super) fn narrow(&self, statement: Statement, scope: Scope) -> Option<Statement> {
        let (desired, partition) = (self.desired, self.partition);
        let organization = &desired.organization;
        Some(match scope {
            Scope::Everything => statement,
            Scope::Stacks if self.stacks.is_empty() => return None,
            Scope::Stacks => {
                let account = &self.account;
                let arn =
                    |name| format!("arn:{partition}:cloudformation:*:{account}:stack/{name}/*");
                self.in_governed_regions(statement.on(self.stacks.iter().map(arn)))
            }
            Scope::Organization => {
                let (account, id) = (&organization.management_account, &organization.id);
                let arn = |kind| format!("arn:{partition}:organizations::{account}:{kind}/{id}/*");
                statement.on(["account", "ou", "root"].map(arn))
            }
            Scope::ServicePrincipals => {
                let of_administrators = desired.administrators.keys();
                let of_administrators = of_administrators.flat_map(|service| service.trusted());
                let services = desired.trusted_services.iter().map(ToString::to_string);
                let services = services.chain(of_administrators.map(|&name| name.to_owned()));
                let services: BTreeSet<_> = services.collect();
                statement.only_if("StringEquals", "organizations:ServicePrincipal", services)
            }
            Scope::LinkedServices => statement.on([self.iam_role("aws-service-role/*")]).only_if(
                "StringEquals",
                "iam:AWSServiceName",
                self.linked.clone(),
            ),
            Scope::AccessRoles => {
                let arn = |role| format!("arn:{partition}:iam::*:role/{role}");
                let own = organization.id.to_string();
                statement.on(self.access_roles.iter().map(arn)).only_if(
                    "StringEquals",
                    "aws:ResourceOrgID",
                    [own],
                )
            }
            Scope::Artifacts => {
                let bucket = desired.artifacts_bucket.as_ref()?;
                statement.on([format!("arn:{partition}:s3:::{bucket}/{ARTIFACTS}*")])
            }
            Scope::Lease => {
                let (bucket, id) = (desired.lease_bucket.as_ref()?, &organization.id);
                statement.on([format!("arn:{partition}:s3:::{bucket}/{LEASES}{id}.json")])
            }
            Scope::GovernedRegions => self.in_governed_regions(statement),
        })
    }

    fn in_governed_regions(&self, statement: Statement) -> Statement {
        let regions = self.desired.governed.iter().map(ToString::to_string);
        statement.only_if("StringEquals", "aws:RequestedRegion", regions)
    }
}

/// Plans enter by their own role, and previews look by it; change sets and everything else are made by the other.
fn access_roles(desired: &DesiredState, purpose: Purpose) -> BTreeSet<&RoleName> {
    let changing = &desired.organization.access_role;
    let looking = desired.plan_role.as_ref().unwrap_or(changing);
    match purpose {
        Purpose::Plan => [looking].into(),
        Purpose::Preview => [looking, changing].into(),
        Purpose::Apply => [changing].into(),
    }
}
