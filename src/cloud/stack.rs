//! CloudFormation stacks, as they cross the ports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::secret::ParameterInput;
use crate::model::StackName;
use crate::template::Capability;

/// A stack, as `DescribeStacks` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Its name.
    pub name: StackName,
    /// Its ARN.
    pub id: String,
    /// Its state.
    pub state: StackState,
    /// AWS's reason for the state, where there is one.
    pub state_reason: Option<String>,
    /// Its parameters. The value of a `NoEcho` one is masked by AWS.
    pub parameters: BTreeMap<String, StackParameter>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
    /// Whether termination protection is on.
    pub protected: bool,
}

/// A parameter's value in a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackParameter {
    /// The value that was given, or the default.
    pub value: String,
}

/// A stack's state: the 23 that CloudFormation has.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the names are AWS's own, explained in its documentation of StackStatus"
)]
pub enum StackState {
    CreateInProgress,
    CreateFailed,
    CreateComplete,
    RollbackInProgress,
    RollbackFailed,
    RollbackComplete,
    DeleteInProgress,
    DeleteFailed,
    DeleteComplete,
    UpdateInProgress,
    UpdateCompleteCleanupInProgress,
    UpdateComplete,
    UpdateFailed,
    UpdateRollbackInProgress,
    UpdateRollbackFailed,
    UpdateRollbackCompleteCleanupInProgress,
    UpdateRollbackComplete,
    ReviewInProgress,
    ImportInProgress,
    ImportComplete,
    ImportRollbackInProgress,
    ImportRollbackFailed,
    ImportRollbackComplete,
}

impl StackState {
    /// Every state, with AWS's word for it.
    pub const ALL: [(Self, &'static str); 23] = [
        (Self::CreateInProgress, "CREATE_IN_PROGRESS"),
        (Self::CreateFailed, "CREATE_FAILED"),
        (Self::CreateComplete, "CREATE_COMPLETE"),
        (Self::RollbackInProgress, "ROLLBACK_IN_PROGRESS"),
        (Self::RollbackFailed, "ROLLBACK_FAILED"),
        (Self::RollbackComplete, "ROLLBACK_COMPLETE"),
        (Self::DeleteInProgress, "DELETE_IN_PROGRESS"),
        (Self::DeleteFailed, "DELETE_FAILED"),
        (Self::DeleteComplete, "DELETE_COMPLETE"),
        (Self::UpdateInProgress, "UPDATE_IN_PROGRESS"),
        (Self::UpdateCompleteCleanupInProgress, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        (Self::UpdateComplete, "UPDATE_COMPLETE"),
        (Self::UpdateFailed, "UPDATE_FAILED"),
        (Self::UpdateRollbackInProgress, "UPDATE_ROLLBACK_IN_PROGRESS"),
        (Self::UpdateRollbackFailed, "UPDATE_ROLLBACK_FAILED"),
        (
            Self::UpdateRollbackCompleteCleanupInProgress,
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        ),
        (Self::UpdateRollbackComplete, "UPDATE_ROLLBACK_COMPLETE"),
        (Self::ReviewInProgress, "REVIEW_IN_PROGRESS"),
        (Self::ImportInProgress, "IMPORT_IN_PROGRESS"),
        (Self::ImportComplete, "IMPORT_COMPLETE"),
        (Self::ImportRollbackInProgress, "IMPORT_ROLLBACK_IN_PROGRESS"),
        (Self::ImportRollbackFailed, "IMPORT_ROLLBACK_FAILED"),
        (Self::ImportRollbackComplete, "IMPORT_ROLLBACK_COMPLETE"),
    ];

    /// Reads AWS's word, the whole of it: `CREATE_COMPLETE` is not `UPDATE_ROLLBACK_COMPLETE`.
    pub fn from_aws(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == word).map(|(state, _)| *state)
    }

    /// AWS's word.
    pub fn as_aws(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }

    /// Whether AWS is at work on the stack, so that it takes no second operation.
    /// `REVIEW_IN_PROGRESS` is not: nothing works on a stack whose change set nobody has executed.
    pub fn in_progress(self) -> bool {
        self != Self::ReviewInProgress && self.as_aws().ends_with("_IN_PROGRESS")
    }
}

impl fmt::Display for StackState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_aws())
    }
}

/// What a stack shall be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackInput {
    /// Its name.
    pub name: StackName,
    /// Its template.
    pub template: TemplateLocation,
    /// Its parameters; a parameter with a default may be missing.
    pub parameters: BTreeMap<String, ParameterInput>,
    /// What the template may do.
    pub capabilities: BTreeSet<Capability>,
    /// Makes the request safe to repeat, and marks its events: `[a-zA-Z0-9][-a-zA-Z0-9]*`, at most 128.
    pub token: String,
}

/// Where CloudFormation finds a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateLocation {
    /// In the request: at most 51,200 bytes.
    Body(String),
    /// At an S3 address: at most 1 MB.
    Url(String),
}

/// What a request to update came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// CloudFormation is at it.
    Started,
    /// CloudFormation says that nothing differs.
    NoChange,
}

/// A resource that failed, from the stack's events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceFailure {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// AWS's reason.
    pub reason: String,
}

impl fmt::Display for ResourceFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.logical_id, self.resource_type, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_back_from_its_own_word_and_from_no_other() {
        for (state, word) in StackState::ALL {
            assert_eq!(StackState::from_aws(word), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), word);
        }
        assert_eq!(StackState::from_aws("CREATE_COMPLETED"), None);
    }
}
