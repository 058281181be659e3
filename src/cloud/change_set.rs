//! Change sets, as they cross the ports.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::stack::StackInput;

/// What a change set shall be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSetInput {
    /// Its name: `[a-zA-Z][-a-zA-Z0-9]*`, at most 128 characters, unique in its stack.
    pub name: String,
    /// What it does.
    pub kind: ChangeSetKind,
    /// Whether resources are imported that are there already under the names that the template gives them
    /// (`ImportExistingResources`). An import names what it imports, and knows no other.
    pub imports_existing: bool,
    /// Whether what has drifted is put back (`DeploymentMode=REVERT_DRIFT`): CloudFormation then compares with what
    /// is really there, and not only with what it has deployed.
    pub reverts_drift: bool,
    /// The stack as it shall be; its token makes the request safe to repeat.
    pub stack: StackInput,
}

/// What a change set does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeSetKind {
    /// Makes the stack.
    Create,
    /// Updates the stack.
    Update,
    /// Takes resources that are there into the stack, and does nothing else: it may not make, change or delete
    /// anything.
    Import(BTreeSet<ResourceToImport>),
}

/// A resource that exists, and its place in a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceToImport {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// Its primary identifier by property: `{Id: d-1}`.
    pub identifier: BTreeMap<String, String>,
}

/// How a change set stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeSetState {
    /// AWS is making it.
    Pending,
    /// It can be executed.
    Ready {
        /// What it imports, by logical id: what was asked for, and what CloudFormation found by its name.
        imports: BTreeSet<String>,
    },
    /// It holds no change: the stack is as the template says.
    Empty,
    /// It cannot be executed.
    Failed {
        /// AWS's reason.
        reason: String,
        /// What its validation found before deployment, a line each; empty if that is not what it failed for.
        findings: Vec<String>,
    },
}

/// A change set that somebody has made, as `ListChangeSets` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSetSummary {
    /// Its name.
    pub name: String,
    /// How long ago it was made.
    pub age: Duration,
}

/// What a change set would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSetContents {
    /// What becomes of each resource that it touches. Nothing, if all that differs is outputs.
    pub changes: Vec<ChangedResource>,
    /// What validation found and lets pass (`ValidationFailureMode` `WARN`), a line each.
    pub warnings: Vec<String>,
}

/// What becomes of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedResource {
    /// What is done to it.
    pub action: ChangeAction,
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// Its physical id; `None` for one that is still to be made.
    pub physical_id: Option<String>,
    /// Whether it is made anew: `Replacement`.
    pub recreation: Recreation,
    /// Which attributes differ: `Properties`, `Metadata`, `Tags`, ...
    pub scope: Vec<String>,
    /// `PolicyAction`: what becomes of it by its deletion policy.
    pub policy_action: Option<String>,
    /// The values that differ. One value comes once for each cause that it has.
    pub details: Vec<ChangedValue>,
}

/// What is done to a resource, in AWS's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeAction {
    /// It is made.
    Add,
    /// It is changed.
    Modify,
    /// It leaves the stack.
    Remove,
    /// It comes into the stack as it is.
    Import,
    /// That cannot be told before.
    Dynamic,
    /// It stays; what CloudFormation knows of it is brought up to date.
    SyncWithActual,
}

/// A value of a resource that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedValue {
    /// Its place: `/Properties/KeyPolicy`.
    pub path: String,
    /// Its value now, where AWS tells it.
    pub before: Option<String>,
    /// Its value then, where AWS tells it. AWS cuts long ones off.
    pub after: Option<String>,
    /// Whether this makes the resource anew: `RequiresRecreation`.
    pub recreation: Recreation,
}

/// Whether a resource is made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recreation {
    /// It stays.
    #[default]
    Never,
    /// That depends on what cannot be known before.
    Conditionally,
    /// It is made anew.
    Always,
}
