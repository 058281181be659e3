//! What nobody may do in protected accounts, whatever else fails.

use std::collections::BTreeSet;

use crate::model::AccountId;

/// The accounts in which sessions may not destroy anything, and what that is.
///
/// The planner plans nothing destructive there and the executor refuses it. This is the third lock, and AWS's own: the
/// sessions themselves may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protection {
    /// The accounts. Those that a run makes are unknown when it begins, and not among them; nor is the management
    /// account, which is entered by the caller's own credentials.
    pub accounts: BTreeSet<AccountId>,
    /// The IAM actions that are denied: `ec2:DeleteVpc`.
    pub denied: BTreeSet<&'static str>,
}

impl Protection {
    /// AWS takes so many characters of session policy (STS `AssumeRole`, `Policy`).
    pub const MAX_CHARACTERS: usize = 2_048;

    /// Whether a session in `account` may not do `action`.
    pub fn denies(&self, account: &AccountId, action: &str) -> bool {
        self.accounts.contains(account) && self.denied.contains(action)
    }

    /// The policy of a session in `account`; `None` if there is nothing to deny there. A session has what both its role
    /// and its policy allow, so the policy allows everything else.
    pub fn session_policy(&self, account: &AccountId) -> Option<String> {
        if self.denied.is_empty() || !self.accounts.contains(account) {
            return None;
        }
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": self.denied, "Resource": "*"},
            ],
        });
        Some(policy.to_string())
    }
}
