//! Regions that an account opts in to.

use std::collections::BTreeMap;

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Account, Due, World};
use crate::cloud::{ErrorKind, RegionOptState, Result};
use crate::model::{AccountId, Region, Target};

/// AWS enables so many regions of an account at a time (account quotas).
const PER_ACCOUNT: usize = 6;
/// AWS enables so many regions of an organization's accounts at a time (account quotas).
const PER_ORGANIZATION: usize = 50;

pub(super) async fn region_states(
    aws: &SimulatedCloud,
    account: &AccountId,
) -> Result<BTreeMap<Region, RegionOptState>> {
    let home = Target { account: account.clone(), region: aws.home.clone() };
    aws.call_at(&home, Call::read("account:ListRegions"), |world| {
        let found = world.accounts.get(account);
        let states = |found: &Account| {
            let state = |region: Region| (region.clone(), state(found, &region));
            partition(&aws.home).map(state).collect()
        };
        Ok(found.map(states).unwrap_or_default())
    })
    .await
}

/// The regions of the partition.
fn partition(home: &Region) -> impl Iterator<Item = Region> {
    let partition = home.partition();
    Region::known().filter(move |region| region.partition() == partition)
}

fn state(account: &Account, region: &Region) -> RegionOptState {
    if account.regions().contains(region) {
        RegionOptState::Enabled
    } else if account.opting_in.contains(region) {
        RegionOptState::Enabling
    } else {
        RegionOptState::Disabled
    }
}

pub(super) async fn enable_region(
    aws: &SimulatedCloud,
    account: &AccountId,
    region: &Region,
) -> Result<()> {
    let home = Target { account: account.clone(), region: aws.home.clone() };
    aws.call_at(&home, Call::write("account:EnableRegion"), |world| {
        if !partition(&aws.home).any(|known| known == *region) {
            return Err(Refusal::new(
                ErrorKind::Refused,
                "ValidationException",
                format!("1 validation error detected: {region} is no region of this partition"),
            ));
        }
        begin(world, account, region)
    })
    .await
}

/// Begins to enable a region, unless it is enabled or on its way.
pub(super) fn begin(world: &mut World, id: &AccountId, region: &Region) -> Answer<()> {
    let Some(account) = world.accounts.get(id) else { return Ok(()) };
    if state(account, region) != RegionOptState::Disabled {
        return Ok(());
    }
    let quota = |of: &str| {
        let message = format!(
            "You have exceeded the quota for 'Number of concurrent region-opt requests for an {of}'"
        );
        Err(Refusal::new(ErrorKind::Throttled, "TooManyRequestsException", message))
    };
    if account.opting_in.len() >= PER_ACCOUNT {
        return quota("account");
    }
    let all: usize = world.accounts.values().map(|account| account.opting_in.len()).sum();
    if all >= PER_ORGANIZATION {
        return quota("organization");
    }
    let at = world.clock.after(world.settings.region_opt_in);
    world.agenda.add(at, Due::Region { account: id.clone(), region: region.clone() });
    if let Some(account) = world.accounts.get_mut(id) {
        account.opting_in.insert(region.clone());
    }
    Ok(())
}

/// A region is enabled now.
pub(super) fn finish(world: &mut World, account: &AccountId, region: &Region) {
    if let Some(account) = world.accounts.get_mut(account) {
        account.opting_in.remove(region);
        account.opted_in.insert(region.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_region("dev", "eu-south-1")
    }

    fn opt_in_regions() -> Vec<Region> {
        let home: Region = "eu-west-1".parse().unwrap();
        let default: Vec<_> = Region::enabled_by_default().collect();
        partition(&home).filter(|region| !default.contains(region)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_takes_its_time_and_is_open_then() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let africa = simulation.target("dev", "af-south-1").unwrap();
        let state = async || aws.region_states(&africa.account).await.unwrap()[&africa.region];
        assert_eq!(state().await, RegionOptState::Disabled);
        for _ in 0..2 {
            aws.enable_region(&africa.account, &africa.region).await.unwrap();
        }
        assert_eq!(state().await, RegionOptState::Enabling);
        assert_eq!(aws.default_vpc(&africa).await.unwrap_err().code, "AuthFailure");
        advance(Duration::from_mins(20)).await;
        assert_eq!(state().await, RegionOptState::Enabled);
        assert!(aws.default_vpc(&africa).await.unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn all_regions_of_the_partition_are_told_with_their_state() {
        let simulation = simulation();
        let dev = simulation.account_id("dev").unwrap();
        let states = simulation.cloud().region_states(&dev).await.unwrap();
        let of = |wanted| states.values().filter(|state| **state == wanted).count();
        assert_eq!(of(RegionOptState::Enabled), 18);
        assert_eq!(of(RegionOptState::Disabled), opt_in_regions().len() - 1);
        assert!(states.keys().all(|region| region.partition() == "aws"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_seventh_region_at_a_time_is_too_many() {
        let simulation = simulation();
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());
        let regions = opt_in_regions();
        let disabled: Vec<_> =
            regions.iter().filter(|region| region.as_str() != "eu-south-1").collect();
        for region in &disabled[..6] {
            aws.enable_region(&dev, region).await.unwrap();
        }
        let error = aws.enable_region(&dev, disabled[6]).await.unwrap_err();
        assert_eq!(error.code, "TooManyRequestsException");
        assert!(error.message.contains("for an account"), "{error}");
        advance(Duration::from_mins(20)).await;
        aws.enable_region(&dev, disabled[6]).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn an_organization_enables_fifty_at_a_time() {
        let mut simulation = simulation();
        for number in 0..9 {
            let name = format!("a{number}");
            simulation = simulation.with_account(&name, &format!("{name}@example.com"), "/");
        }
        let aws = simulation.cloud();
        let regions = opt_in_regions();
        for number in 0..50 {
            let account = simulation.account_id(&format!("a{}", number / 6)).unwrap();
            aws.enable_region(&account, &regions[number % 6]).await.unwrap();
        }
        let dev = simulation.account_id("dev").unwrap();
        let error = aws.enable_region(&dev, &regions[0]).await.unwrap_err();
        assert!(error.message.contains("for an organization"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_of_another_partition_is_refused() {
        let simulation = simulation();
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());
        let error = aws.enable_region(&dev, &"cn-north-1".parse().unwrap()).await.unwrap_err();
        assert_eq!(error.code, "ValidationException");
    }
}
