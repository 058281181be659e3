//! Settings, and the regions that an account can opt in to: asked as far as a baseline speaks of them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::reading::Reading;
use super::shared::Shared;
use super::state::ObservedSettings;
use crate::cloud::{CloudReader, RegionOptState, Result, SettingState};
use crate::desired::DesiredAccount;
use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, Region, RegionSettingKind, Target,
};

/// Reads the account's settings; each is answered or not for itself.
pub(super) async fn read_account_settings<C: CloudReader>(
    reading: &Reading<'_, C>,
    account: &AccountId,
    wanted: BTreeSet<AccountSettingKind>,
) -> BTreeMap<AccountSettingKind, Result<SettingState<AccountSetting>>> {
    let ask = |kind| async move {
        let state = reading.ask(reading.cloud.account_setting(account, &kind)).await;
        (kind, state)
    };
    join_all(wanted.into_iter().map(ask)).await.into_iter().collect()
}

/// Reads the region's settings; each is answered or not for itself.
pub(super) async fn read_region_settings<C: CloudReader>(
    reading: &Reading<'_, C>,
    target: &Target,
    wanted: &BTreeSet<RegionSettingKind>,
) -> Shared<ObservedSettings> {
    let ask =
        |kind| async move { (kind, reading.ask(reading.cloud.region_setting(target, kind)).await) };
    let settings = join_all(wanted.iter().copied().map(ask)).await;
    reading.settings.share(settings.into_iter().collect())
}

/// Asks how all regions stand, if the baseline opts in and the account has not all that it shall have.
pub(super) async fn read_opt_in<C: CloudReader>(
    reading: &Reading<'_, C>,
    account: &DesiredAccount,
    id: &AccountId,
    enabled: &BTreeSet<Region>,
) -> Result<BTreeMap<Region, RegionOptState>> {
    let desired = reading.desired;
    let mut missing = desired
        .governed
        .iter()
        .filter(|region| desired.selects(region) && !enabled.contains(*region));
    if !account.opt_in || !desired.settings_selected || missing.next().is_none() {
        return Ok(BTreeMap::new());
    }
    reading.ask(reading.cloud.region_states(id)).await
}
