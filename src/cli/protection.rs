//! Sessions that may not destroy.

use crate::cloud::Protection;
use crate::model::AccountId;
use crate::plan::Plan;
use crate::policy::{Purpose, destructive};

/// What sessions of a run for `purpose` may not do in the protected accounts of a plan. The management account is
/// entered by the caller's own credentials, which no session policy reaches.
pub(super) fn protection(plan: &Plan, purpose: Purpose) -> Protection {
    let management = &plan.organization.management_account;
    let protected = plan.accounts().filter(|(_, account)| account.protected);
    let ids = protected.filter_map(|(_, account)| account.id.clone());
    let accounts = ids.filter(|id: &AccountId| id != management).collect();
    Protection { accounts, denied: destructive(purpose) }
}
