//! An account: its id, its name, and the state that AWS says it is in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{checked_text, expect, made_of};

checked_text! {
    /// An AWS account id: twelve digits, kept as text because leading zeros count.
    AccountId, "an account id", r"^\d{12}$",
    |text| expect(made_of(text, 12, 12, |c| c.is_ascii_digit()), "expected twelve digits")
}

checked_text! {
    /// An account's name: 1 to 50 printable ASCII characters (organizations `CreateAccountName`).
    ///
    /// avm wants it unique in a landing zone, so that an interrupted creation can be found again by name:
    /// a creation request remembers the name but not the e-mail address.
    AccountName, "an account name", r"^[\x20-\x7E]{1,50}$",
    |text| {
        expect(
            made_of(text, 1, 50, |c| (' '..='~').contains(&c)),
            "expected 1 to 50 printable ASCII characters",
        )?;
        expect(text.trim() == text, "expected no blank at either end")
    }
}

/// The state of an account in its organization (organizations `AccountState`).
///
/// Only [`AccountState::Active`] accounts get steps. All others are reported and left alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    /// The sign-up has not been finished.
    PendingActivation,
    /// Usable.
    Active,
    /// Suspended by AWS, or closed some years ago.
    Suspended,
    /// Being closed, which takes minutes.
    PendingClosure,
    /// Closed; reopening goes through AWS Support, within 90 days.
    Closed,
    /// A state that this version does not know.
    #[serde(untagged)]
    Other(String),
}

impl AccountState {
    /// Reads AWS's word for a state.
    pub fn from_aws(word: &str) -> Self {
        match word {
            "PENDING_ACTIVATION" => Self::PendingActivation,
            "ACTIVE" => Self::Active,
            "SUSPENDED" => Self::Suspended,
            "PENDING_CLOSURE" => Self::PendingClosure,
            "CLOSED" => Self::Closed,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl std::fmt::Display for AccountState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
            Self::Other(word) => word,
        })
    }
}
