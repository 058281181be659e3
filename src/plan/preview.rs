//! What CloudFormation itself says that a step of a plan does: the answer of a change set that was made for the
//! question, and deleted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::difference::Replacement;
use crate::model::{AccountName, Region, StackName};

/// What CloudFormation says of one stack of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Preview {
    /// The account.
    pub account: AccountName,
    /// The region.
    pub region: Region,
    /// The stack.
    pub stack: StackName,
    /// What it says.
    pub answer: Answer,
    /// What it has to remark beside, a line each: findings of its validation that do not keep it from going on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What CloudFormation says, or why it was not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It would do this. No change of a resource at all: only outputs differ.
    Changes(Vec<PreviewedChange>),
    /// It would do nothing: the stack is as the template says.
    NoChange,
    /// It would not do it.
    Refused {
        /// AWS's reason.
        reason: String,
        /// What its validation found before deployment, one line each: `Key /Resources/Key/Properties/Oops: ...`.
        findings: Vec<String>,
    },
    /// It could not be asked: a value is known later, or the call failed.
    NotAsked(String),
}

/// What CloudFormation would do to one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PreviewedChange {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its physical id; `None` for one that is still to be made.
    pub physical_id: Option<String>,
    /// What is done to it.
    pub action: Action,
    /// `Replacement`: whether it is made anew.
    pub replacement: Replacement,
    /// `Scope`: which attributes differ: `Properties`, `Metadata`, `Tags`, ...
    pub scope: Vec<String>,
    /// `PolicyAction`: what becomes of it by its deletion policy: `Delete`, `Retain`, `Snapshot`,
    /// `ReplaceAndDelete`, ...
    pub policy_action: Option<String>,
    /// The values that differ.
    pub details: Vec<PreviewedDetail>,
}

/// A value of a resource that would change, as CloudFormation tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PreviewedDetail {
    /// Its place: `/Properties/KeyPolicy`.
    pub path: String,
    /// Its value now, where AWS tells it.
    pub before: Option<String>,
    /// Its value then, where AWS tells it.
    pub after: Option<String>,
    /// Whether this makes the resource anew.
    pub replacement: Replacement,
}
