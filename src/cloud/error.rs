//! What can go wrong on the other side of a port.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{AccountId, Region};

/// A call that failed for good: retries are already behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CloudError {
    /// What kind of failure it is: the only field that code looks at.
    pub kind: ErrorKind,
    /// The service and operation: `cloudformation:CreateStack`.
    pub operation: String,
    /// The account whose resources the call was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The region that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// AWS's error code, or a word of ours where no answer came.
    pub code: String,
    /// AWS's message.
    pub message: String,
    /// AWS's request id, for its support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Kinds of failure, as far as avm acts differently on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The caller may not do this, or may not yet: a new account's role takes a while to be seen.
    Denied,
    /// The account, region or service does not serve the caller yet (`OptInRequired` and its like).
    NotReady,
    /// The thing is not there.
    NotFound,
    /// The thing is there already, or something else is at work on it.
    Conflict,
    /// Too many calls, also after all retries.
    Throttled,
    /// No answer, or an answer that says nothing.
    Unavailable,
    /// No credentials, or credentials of the wrong account.
    Credentials,
    /// AWS understood and refuses.
    Refused,
}

impl CloudError {
    /// An error of `kind` in `operation`, with AWS's code and message.
    pub fn new(kind: ErrorKind, operation: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            operation: operation.to_owned(),
            account: None,
            region: None,
            code: code.to_owned(),
            message: message.into(),
            request_id: None,
        }
    }

    /// Says whose resources the call was about, and where.
    #[must_use]
    pub fn at(self, account: &AccountId, region: Option<&Region>) -> Self {
        Self { account: Some(account.clone()), region: region.cloned(), ..self }
    }
}

impl std::error::Error for CloudError {}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(account) = &self.account {
            write!(f, " in {account}")?;
        }
        if let Some(region) = &self.region {
            write!(f, " {region}")?;
        }
        write!(f, ": {}: {}", self.code, self.message)?;
        if let Some(request_id) = &self.request_id {
            write!(f, " (request id {request_id})")?;
        }
        Ok(())
    }
}
