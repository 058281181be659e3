//! Change sets, as they cross the ports.

use std::collections::{BTreeMap, BTreeSet};

use super::stack::StackInput;

/// What a change set shall be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSetInput {
    /// Its name: `[a-zA-Z][-a-zA-Z0-9]*`, at most 128 characters, unique in its stack.
    pub name: String,
    /// What it does.
    pub kind: ChangeSetKind,
    /// The stack as it shall be; its token makes the request safe to repeat.
    pub stack: StackInput,
}

/// What a change set does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeSetKind {
    /// Makes the stack. Resources with a name of their own that are there already are imported
    /// (`ImportExistingResources`).
    Create,
    /// Updates the stack, and imports as [`ChangeSetKind::Create`] does.
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
    /// It cannot be executed, for AWS's reason.
    Failed(String),
}
