//! The organization, its tree and its accounts, as they cross the ports.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    AccountId, AccountName, AccountState, Email, OrganizationId, ParentId, RoleName,
};

/// The organization, and who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The organization's id.
    pub id: OrganizationId,
    /// The account that pays for and governs all others.
    pub management_account: AccountId,
    /// The account that the caller's credentials belong to.
    pub caller: AccountId,
    /// Who the caller is, by ARN, with the name of the session.
    pub caller_arn: String,
    /// The root of the tree. An organization has one.
    pub root: ParentId,
}

/// An organizational unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationalUnit {
    /// Its id.
    pub id: ParentId,
    /// Its name, unique among its siblings.
    pub name: String,
}

/// A page of the organization's accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountPage {
    /// The accounts; AWS may also give none and go on.
    pub accounts: Vec<Account>,
    /// What the next page is asked for by; `None` after the last one.
    pub next: Option<String>,
}

/// An account of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name, which need not be one that avm would accept.
    pub name: String,
    /// Its root user's e-mail address, as AWS has it.
    pub email: String,
    /// Its state: `State`, or `Status` where AWS does not send `State`.
    pub state: AccountState,
    /// The node above it, where the answer carries it (`Account.Paths`).
    pub parent: Option<ParentId>,
}

impl Account {
    /// Whether this is the account of that e-mail address, in any letter case.
    pub fn belongs_to(&self, email: &Email) -> bool {
        self.email.eq_ignore_ascii_case(email.as_str())
    }
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewAccount {
    /// Its name.
    pub name: AccountName,
    /// Its root user's e-mail address.
    pub email: Email,
    /// The role that AWS makes in it for the management account.
    pub role: RoleName,
    /// Tags from the first moment on.
    pub tags: BTreeMap<String, String>,
}

/// The id of a request to create an account: `car-...`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct AccountRequestId(pub String);

/// A request to create an account. AWS does not remember the e-mail address in it, only the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRequest {
    /// The request's id.
    pub id: AccountRequestId,
    /// The account's name.
    pub name: String,
    /// How it stands.
    pub state: RequestState,
    /// Whether it ended less than [`NEWBORN`] ago, or has not: its account may not be usable yet.
    pub recent: bool,
}

/// For so long a new account may not let anybody in. AWS promises nothing; minutes are the rule.
pub const NEWBORN: Duration = Duration::from_mins(30);

/// How a request to create an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// AWS is working on it.
    InProgress,
    /// The account exists, and may not be usable yet.
    Succeeded(AccountId),
    /// AWS's `FailureReason`, such as `EMAIL_ALREADY_EXISTS`.
    Failed(String),
}
