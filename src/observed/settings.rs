//! Settings, and the regions that an account can opt in to: asked as far as a baseline speaks of them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};

use crate::cloud::{CloudReader, RegionOptState, Result, SettingState};
use crate::desired::{DesiredAccount, DesiredState};
use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, Region, RegionSetting, RegionSettingKind, Target,
};

/// Settings that are asked for side by side, for one account or one region of it.
///
/// Each is another service's or another operation's, so they do not share a rate.
const SIDE_BY_SIDE: usize = 4;

/// Reads the account's settings; each is answered or not for itself.
pub(super) async fn read_account_settings<C: CloudReader>(
    cloud: &C,
    account: &AccountId,
    wanted: BTreeSet<AccountSettingKind>,
) -> BTreeMap<AccountSettingKind, Result<SettingState<AccountSetting>>> {
    stream::iter(wanted)
        .map(|kind| async move {
            let state = cloud.account_setting(account, &kind).await;
            (kind, state)
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .collect()
        .await
}

/// Reads the region's settings; each is answered or not for itself.
pub(super) async fn read_region_settings<C: CloudReader>(
    cloud: &C,
    target: &Target,
    wanted: &BTreeSet<RegionSettingKind>,
) -> BTreeMap<RegionSettingKind, Result<SettingState<RegionSetting>>> {
    stream::iter(wanted.iter().copied())
        .map(|kind| async move { (kind, cloud.region_setting(target, kind).await) })
        .buffer_unordered(SIDE_BY_SIDE)
        .collect()
        .await
}

/// Asks how all regions stand, if the baseline opts in and the account has not all that it shall have.
pub(super) async fn read_opt_in<C: CloudReader>(
    cloud: &C,
    desired: &DesiredState,
    account: &DesiredAccount,
    id: &AccountId,
    enabled: &BTreeSet<Region>,
) -> Result<BTreeMap<Region, RegionOptState>> {
    let mut missing = desired
        .governed
        .iter()
        .filter(|region| desired.selects(region) && !enabled.contains(*region));
    if !account.opt_in || !desired.settings_selected || missing.next().is_none() {
        return Ok(BTreeMap::new());
    }
    cloud.region_states(id).await
}
