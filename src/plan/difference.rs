//! How a resource of a stack differs from what is deployed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether CloudFormation makes a resource anew, in the words of its `UpdateType`s.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Replacement {
    /// It is changed as it is.
    #[default]
    Never,
    /// It depends on the values, or on what nobody can know yet.
    Maybe,
    /// It is made anew, and what is there is deleted.
    Always,
}

impl Replacement {
    /// Whether the resource stays for certain.
    pub fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

/// A value of a resource that appears, changes or disappears: as near to the leaf as it can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PropertyChange {
    /// Its place in the resource: `KeyPolicy.Statement[AllowUse].Action`, `Tags[owner]`. An attribute of the
    /// resource that is no property begins with a colon: `:DeletionPolicy`.
    pub path: String,
    /// Its value now; `None` if there is none. Functions are worked out as far as they can be, and stand in long
    /// form where nobody can know their value: `{"Fn::GetAtt": ["Key", "Arn"]}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Its value then; `None` if there will be none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// What the change does to the resource.
    #[serde(default, skip_serializing_if = "Replacement::is_never")]
    pub replacement: Replacement,
}
