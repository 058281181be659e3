//! Values of a plan, some of which nobody can know yet.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cloud::KeyReference;
use crate::desired::OutputSource;
use crate::model::{EnvironmentVariable, TemplateFile, WaveName};
use crate::template::Digest;

/// A value, or where it will come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlannedValue {
    /// The value.
    Known(String),
    /// The id of the account itself, which does not exist yet.
    OwnAccountId,
    /// An output of a stack that an earlier step of the run makes.
    Output {
        /// Where the value will be read.
        source: OutputSource,
        /// The wave that makes the stack; `None` if it is the same account's.
        wave: Option<WaveName>,
    },
    /// The address of a template in the artifacts bucket, stored there before the value is used.
    TemplateUrl {
        /// The template's file.
        template: TemplateFile,
        /// Its digest, which is part of the address: another content has another address.
        digest: Digest,
    },
    /// A secret, which no plan holds.
    Secret {
        /// The variable that has it, in the environment of whoever carries the plan out.
        variable: EnvironmentVariable,
        /// Whether the stack has a hidden value already. AWS shows none, so nobody can tell whether it is this one: it
        /// stays if the variable is not set.
        kept: bool,
    },
    /// The ARN of the key behind an alias that an earlier step of the lane makes.
    KeyBehind(KeyReference),
}

impl PlannedValue {
    /// Whether this is what a deployed stack has. Where a template is stored can be told from the end of its address.
    pub(in crate::plan) fn is(&self, deployed: &str) -> bool {
        match self {
            Self::Known(value) => value == deployed,
            Self::TemplateUrl { template, digest } => {
                deployed.ends_with(&format!("/{}", artifact_key(template, digest)))
            }
            Self::OwnAccountId | Self::Output { .. } | Self::Secret { .. } | Self::KeyBehind(_) => {
                false
            }
        }
    }
}

/// The key under which a template is stored in the artifacts bucket: another content has another one.
pub fn artifact_key(template: &TemplateFile, digest: &Digest) -> String {
    format!("templates/{}/{template}", digest.as_str())
}

/// As a reader sees it: `(known after wave core)`.
impl fmt::Display for PlannedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => f.write_str(value),
            Self::TemplateUrl { template, digest } => write!(f, "(address of {template} {digest})"),
            Self::Secret { variable, kept: false } => write!(f, "(secret from ${variable})"),
            Self::Secret { variable, kept: true } => {
                write!(f, "(secret from ${variable}, or as it is)")
            }
            Self::OwnAccountId => f.write_str("(known after the account is created)"),
            Self::Output { wave: Some(wave), .. } => write!(f, "(known after wave {wave})"),
            Self::KeyBehind(alias) => write!(f, "(the key behind {alias})"),
            Self::Output { source, wave: None } => {
                write!(f, "(known after stack {})", source.stack)
            }
        }
    }
}
