//! What a step does to its subject, in terraform's symbols.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a step does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Makes something.
    Create,
    /// Changes something in place.
    Update,
    /// Deletes something and makes it anew.
    Replace,
    /// Deletes something.
    Delete,
    /// Takes over something that is there.
    Import,
    /// Waits for something that AWS is already doing.
    Wait,
}

impl Action {
    /// Terraform's symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "-/+",
            Self::Delete => "-",
            Self::Import => "<-",
            Self::Wait => "<=",
        }
    }

    /// Whether something that exists is lost.
    pub fn is_destructive(self) -> bool {
        matches!(self, Self::Replace | Self::Delete)
    }
}
