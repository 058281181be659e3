//! Regions that an account opts in to.
//!
//! Asked from inside the account, without its id: from the management account, AWS allows five calls a second for the
//! whole organization.

use std::collections::BTreeMap;

use aws_sdk_account::types::RegionOptStatus;

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use super::pages::all;
use crate::cloud::{ErrorKind, RegionOptState, Result};
use crate::model::{AccountId, Region, Target};

const LIST: &str = "account:ListRegions";
const STATUS: &str = "account:GetRegionOptStatus";
const ENABLE: &str = "account:EnableRegion";

pub(super) async fn region_states(
    cloud: &AwsCloud,
    account: &AccountId,
) -> Result<BTreeMap<Region, RegionOptState>> {
    let target = cloud.home_of(account);
    let regions = all!(cloud.account(&target).list_regions(), LIST, &target)?;
    regions
        .iter()
        .map(|region| {
            let name = read(region.region_name(), LIST, &target)?;
            Ok((name, state(region.region_opt_status(), LIST, &target)?))
        })
        .collect()
}

pub(super) async fn enable_region(
    cloud: &AwsCloud,
    account: &AccountId,
    region: &Region,
) -> Result<()> {
    let target = cloud.home_of(account);
    let call = cloud.account(&target).enable_region().region_name(region.as_str());
    match call.send().await.explain(ENABLE, &target) {
        Ok(_) => Ok(()),
        // Whatever AWS calls a request that comes twice: what counts is how the region stands. While it is being
        // disabled, the answer is a conflict as well, and stays one.
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Refused) => {
            match opt_state(cloud, &target, region).await? {
                RegionOptState::Enabled | RegionOptState::Enabling => Ok(()),
                RegionOptState::Disabled | RegionOptState::Disabling => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

async fn opt_state(cloud: &AwsCloud, target: &Target, region: &Region) -> Result<RegionOptState> {
    let call = cloud.account(target).get_region_opt_status().region_name(region.as_str());
    let answer = call.send().await.explain(STATUS, target)?;
    state(answer.region_opt_status(), STATUS, target)
}

fn state(
    status: Option<&RegionOptStatus>,
    operation: &str,
    target: &Target,
) -> Result<RegionOptState> {
    match status.map_or("", RegionOptStatus::as_str) {
        "ENABLED" | "ENABLED_BY_DEFAULT" => Ok(RegionOptState::Enabled),
        "ENABLING" => Ok(RegionOptState::Enabling),
        "DISABLING" => Ok(RegionOptState::Disabling),
        "DISABLED" => Ok(RegionOptState::Disabled),
        word => Err(unexpected(operation, target, format!("the opt-in status {word:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};

    const LIST: &str = "POST /listRegions";
    const ENABLE: &str = "POST /enableRegion";
    const STATUS: &str = "POST /getRegionOptStatus";

    fn region(name: &str) -> Region {
        name.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn every_region_has_its_state_on_every_page() {
        let fake = Fake::new().answer(
            LIST,
            [
                Reply::json(
                    r#"{"Regions":[{"RegionName":"eu-west-1","RegionOptStatus":"ENABLED_BY_DEFAULT"},
                        {"RegionName":"af-south-1","RegionOptStatus":"ENABLING"}],"NextToken":"more"}"#,
                ),
                Reply::json(
                    r#"{"Regions":[{"RegionName":"me-south-1","RegionOptStatus":"DISABLED"},
                        {"RegionName":"eu-south-1","RegionOptStatus":"DISABLING"}]}"#,
                ),
            ],
        );
        let states = fake.cloud().region_states(&target().account).await.unwrap();
        assert_eq!(
            states.into_iter().collect::<Vec<_>>(),
            [
                (region("af-south-1"), RegionOptState::Enabling),
                (region("eu-south-1"), RegionOptState::Disabling),
                (region("eu-west-1"), RegionOptState::Enabled),
                (region("me-south-1"), RegionOptState::Disabled),
            ]
        );
        assert!(!fake.calls(LIST)[0].body.contains("AccountId"));
        assert_eq!(fake.count("AssumeRole"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_that_is_on_its_way_is_a_success_and_one_that_goes_is_a_conflict() {
        for (status, outcome) in
            [("ENABLING", Ok(())), ("ENABLED", Ok(())), ("DISABLING", Err(ErrorKind::Conflict))]
        {
            let body = format!(r#"{{"RegionName":"af-south-1","RegionOptStatus":"{status}"}}"#);
            let fake = Fake::new()
                .answer(ENABLE, [refusal(409, "ConflictException", "in progress")])
                .answer(STATUS, [Reply::json(&body)]);
            let enabled =
                fake.cloud().enable_region(&target().account, &region("af-south-1")).await;
            assert_eq!(enabled.map_err(|error| error.kind), outcome, "{status}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_quota_is_told_at_once_because_it_takes_hours_to_empty() {
        let full = refusal(
            429,
            "TooManyRequestsException",
            "exceeded the quota for 'Number of concurrent region-opt requests for an account'",
        );
        let fake = Fake::new().answer(ENABLE, [full]);
        let region = region("af-south-1");
        let error = fake.cloud().enable_region(&target().account, &region).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Throttled);
        assert_eq!(fake.count(ENABLE), 1);
    }
}
