//! Things that are there already although no stack of ours has made them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{AccountId, StackName};

/// A resource that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExistingResource {
    /// AWS's type: `AWS::GuardDuty::Detector`.
    pub resource_type: String,
    /// Its primary identifier, as CloudFormation and Cloud Control know it.
    pub identifier: String,
    /// Of an alias, the id of the key behind it.
    pub target_key: Option<String>,
    /// Who governs it.
    pub owner: ResourceOwner,
}

/// Who governs a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceOwner {
    /// Nobody but the account's own people.
    Nobody,
    /// A CloudFormation stack of the same account and region.
    Stack(StackName),
    /// The organization: the account that administers the service, or that owns an organization trail.
    Organization(AccountId),
    /// Another AWS service: AWS Control Tower's recorder, a recorder that is linked to a service.
    Service(String),
}

/// `the stack baseline`, `the organization's administrator 222222222222`.
impl fmt::Display for ResourceOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::Stack(name) => write!(f, "stack {name}"),
            Self::Organization(id) => write!(f, "the organization's administrator {id}"),
            Self::Service(service) => f.write_str(service),
        }
    }
}
