//! Services that work for the whole organization: which ones may, and who administers them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};

use super::reading::Reading;
use crate::cloud::{CloudReader, Result};
use crate::desired::{AdministeredService, DesiredState};
use crate::model::{AccountId, Region, SecurityService, ServicePrincipal};

/// What was seen of the organization's services. One question that AWS does not answer hides no other.
pub(super) struct Administration {
    pub(super) trusted: Result<BTreeSet<ServicePrincipal>>,
    pub(super) delegated: BTreeMap<ServicePrincipal, Result<BTreeSet<AccountId>>>,
    pub(super) regional: BTreeMap<(Region, SecurityService), Result<Option<AccountId>>>,
}

/// Reads it, as far as the files say something about it and about an account that is selected.
pub(super) async fn read_administration<C: CloudReader>(
    reading: &Reading<'_, C>,
) -> Administration {
    let (cloud, desired) = (reading.cloud, reading.desired);
    let trusted = if desired.trusted_services.is_empty() || !desired.settings_selected {
        Ok(BTreeSet::new())
    } else {
        reading.ask(cloud.trusted_services()).await
    };
    let delegated = stream::iter(principals(desired))
        .map(|service| async move {
            let administrators = reading.ask(cloud.delegated_administrators(&service)).await;
            (service, administrators)
        })
        .buffer_unordered(reading.accounts())
        .collect()
        .await;
    let regional = stream::iter(regional(desired))
        .map(|(region, service)| async move {
            let administrator = reading.ask(cloud.service_administrator(&region, service)).await;
            ((region, service), administrator)
        })
        .buffer_unordered(reading.accounts())
        .collect()
        .await;
    Administration { trusted, delegated, regional }
}

/// The services whose administrator is one of the selected accounts.
fn services(desired: &DesiredState) -> impl Iterator<Item = AdministeredService> + '_ {
    desired
        .administrators
        .iter()
        .filter(|(_, account)| desired.settings_selected && desired.accounts.contains_key(*account))
        .map(|(service, _)| *service)
}

fn principals(desired: &DesiredState) -> BTreeSet<ServicePrincipal> {
    services(desired).flat_map(AdministeredService::principals).collect()
}

fn regional(desired: &DesiredState) -> BTreeSet<(Region, SecurityService)> {
    services(desired)
        .filter_map(AdministeredService::regional)
        .flat_map(|service| {
            let regions = desired.governed.iter().filter(|region| desired.selects(region));
            regions.map(move |region| (region.clone(), service))
        })
        .collect()
}
