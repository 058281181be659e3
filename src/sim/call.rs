//! What is asked of the simulated AWS.

use crate::cloud::{CloudError, ErrorKind};
use crate::model::{AccountId, Region, Target};

/// A call, as AWS's own log would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service and operation: `cloudformation:CreateStack`.
    pub operation: &'static str,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// The region that is asked; `None` for services that are global.
    pub region: Option<Region>,
    /// Whether it can change anything.
    pub mutating: bool,
}

impl Call {
    /// A call that changes nothing.
    pub(super) fn read(operation: &'static str) -> Self {
        Self { operation, account: None, region: None, mutating: false }
    }

    /// A call that may change something.
    pub(super) fn write(operation: &'static str) -> Self {
        Self { mutating: true, ..Self::read(operation) }
    }

    pub(super) fn about(self, account: &AccountId) -> Self {
        Self { account: Some(account.clone()), ..self }
    }

    pub(super) fn at(self, target: &Target) -> Self {
        Self { region: Some(target.region.clone()), ..self.about(&target.account) }
    }

    pub(super) fn error(
        &self,
        kind: ErrorKind,
        code: &str,
        message: impl Into<String>,
    ) -> CloudError {
        let error = CloudError::new(kind, self.operation, code, message);
        match &self.account {
            Some(account) => error.at(account, self.region.as_ref()),
            None => error,
        }
    }
}
