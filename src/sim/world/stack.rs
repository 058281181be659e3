//! A stack, and the operation that is under way on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Moment, TemplateId};
use crate::cloud::{ResourceFailure, StackState};
use crate::model::{AccountId, Region};

/// A stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stack {
    /// Its ARN.
    pub id: String,
    /// Its state.
    pub state: StackState,
    /// Why it is in that state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether termination protection is on.
    pub protected: bool,
    /// What it was deployed with.
    pub deployed: Deployment,
    /// Its resources, ordered by logical id.
    pub resources: Vec<DeployedResource>,
    /// Its outputs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, String>,
    /// The operations so far, the last one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// What the operation under way is at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_way: Option<Box<UnderWay>>,
    /// Counts the phases that operations have gone through.
    pub phase: u64,
    /// The change sets that nobody has executed or deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub change_sets: Vec<ChangeSet>,
}

/// A change set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ChangeSet {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its `ClientToken`.
    pub token: String,
    /// What it is for.
    pub purpose: ChangeSetPurpose,
    /// When it was asked for.
    #[serde(default)]
    pub created: Moment,
    /// What the stack shall be.
    pub to: Deployment,
    /// Whether it imports what it finds by name (`ImportExistingResources`).
    #[serde(default)]
    pub imports_existing: bool,
    /// The physical ids of the resources that it imports, by logical id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub imports: BTreeMap<String, String>,
    /// How it stands.
    pub status: ChangeSetStatus,
    /// What its validation found, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
}

/// What a change set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeSetPurpose {
    /// `CREATE`.
    Create,
    /// `UPDATE`.
    Update,
    /// `IMPORT`.
    Import,
}

/// How a change set stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeSetStatus {
    /// `CREATE_PENDING` and `CREATE_IN_PROGRESS`.
    Pending,
    /// `CREATE_COMPLETE`.
    Ready,
    /// `FAILED`, since there is nothing to change.
    Empty,
    /// `FAILED`.
    Failed(String),
}

/// A template, and values for all its parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Deployment {
    /// The template.
    pub template: TemplateId,
    /// Every parameter's value, defaults included.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
}

/// A resource of a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeployedResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its physical id.
    pub physical_id: String,
    /// A hash of its properties.
    pub properties: u64,
    /// Whether it stays when it leaves the stack (`DeletionPolicy`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retained: bool,
}

/// An operation on a stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Operation {
    /// What it was.
    pub kind: OperationKind,
    /// Its `ClientRequestToken`.
    pub token: String,
    /// What failed in it, first failure first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<ResourceFailure>,
}

/// Kinds of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperationKind {
    /// `CreateStack`.
    Create,
    /// `UpdateStack`.
    Update,
    /// `ExecuteChangeSet` of an import.
    Import,
    /// `DeleteStack`.
    Delete,
}

/// What an operation under way is at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct UnderWay {
    /// What the stack shall be.
    pub to: Deployment,
    /// The physical ids of the resources that are there and come into the stack, by logical id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub imports: BTreeMap<String, String>,
    /// The resources that it has made: they go in a rollback.
    #[serde(default)]
    pub made: Vec<DeployedResource>,
    /// The logical ids of the resources that it has changed: they are changed back in a rollback.
    #[serde(default)]
    pub changed: Vec<String>,
    /// The resources that are no longer needed: they go in the cleanup.
    #[serde(default)]
    pub obsolete: Vec<DeployedResource>,
}

/// Resources that are arranged to fail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Failing {
    /// A logical id or a resource type.
    pub subject: String,
    /// While it is made and changed, or while it is deleted.
    pub on: FailingOn,
    /// The reason that the stack's events give.
    pub reason: String,
    /// Only in this account.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Only in this region.
    #[serde(default)]
    pub region: Option<Region>,
    /// How many more times.
    pub times: usize,
}

/// When an arranged failure happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailingOn {
    /// While the resource is made or changed.
    Deploy,
    /// While it is deleted.
    Delete,
}
