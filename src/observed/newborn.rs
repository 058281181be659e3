//! Accounts that exist and cannot be used yet.

use std::collections::{BTreeMap, BTreeSet};

use super::state::ObservedAccount;
use crate::cloud::{CloudReader, ErrorKind, RequestState};
use crate::model::AccountName;

/// Takes accounts that do not let avm in, and that AWS has made only now, for accounts that AWS is making: an
/// interrupted run has left them, and the next one waits until they can be used. Without this it would tell that they
/// are unreachable, and go on without them.
///
/// `unplaced` are the accounts that still stand where they were born. One that was moved was usable before.
pub(super) async fn await_newborns<C: CloudReader>(
    cloud: &C,
    unplaced: &BTreeSet<AccountName>,
    accounts: &mut BTreeMap<AccountName, ObservedAccount>,
) {
    let shut = |(name, seen): (&AccountName, &ObservedAccount)| match seen {
        ObservedAccount::Unreachable { id, error }
            if unplaced.contains(name)
                && matches!(error.kind, ErrorKind::Denied | ErrorKind::NotReady) =>
        {
            Some((name.clone(), RequestState::Succeeded(id.clone())))
        }
        ObservedAccount::Unreachable { .. }
        | ObservedAccount::Absent { .. }
        | ObservedAccount::NotActive { .. }
        | ObservedAccount::Present(_) => None,
    };
    let shut: Vec<_> = accounts.iter().filter_map(shut).collect();
    if shut.is_empty() {
        return;
    }
    // If AWS does not tell, they are what they look like.
    let requests = cloud.account_requests().await.unwrap_or_default();
    for (name, made) in shut {
        let request = requests.iter().find(|request| request.recent && request.state == made);
        if let Some(request) = request {
            accounts.insert(name, ObservedAccount::Absent { request: Some(request.clone()) });
        }
    }
}
