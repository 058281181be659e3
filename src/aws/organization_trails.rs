//! CloudTrail's organization trails.
//!
//! A member sees them as shadows: it can list them, but cannot read them by name, and Cloud Control knows a trail by
//! nothing else. So the management account is asked, which owns every organization trail, also those that a
//! delegated administrator has made. It has the trails that were made in the region, and in the home region those that
//! record in all regions; a trail that was made in a third region is not seen.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::OnceCell;

use super::cloud::AwsCloud;
use super::cloud_control::{identifiers, resource};
use crate::cloud::Result;
use crate::model::{AccountId, Region, Target};

pub(super) const TRAIL: &str = "AWS::CloudTrail::Trail";

/// The organization trails by the region that they were made in. Every account of the organization has the same ones,
/// and CloudTrail takes ten questions a second: each region is asked about once in a run. A failure is not kept.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<BTreeMap<Region, Arc<OnceCell<Vec<Trail>>>>>);

#[derive(Debug)]
struct Trail {
    arn: String,
    in_all_regions: bool,
}

/// Their ARNs. None for the management account, whose own they are.
pub(super) async fn organization_trails(cloud: &AwsCloud, target: &Target) -> Result<Vec<String>> {
    if target.account == cloud.connection.management_account {
        return Ok(Vec::new());
    }
    let home = &cloud.connection.home;
    let mut arns = arns(cloud, &target.region, |_| true).await?;
    if target.region != *home {
        arns.extend(self::arns(cloud, home, |trail| trail.in_all_regions).await?);
    }
    Ok(arns)
}

async fn arns(
    cloud: &AwsCloud,
    region: &Region,
    records: impl Fn(&Trail) -> bool,
) -> Result<Vec<String>> {
    let known = {
        let mut regions =
            cloud.organization_trails.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(regions.entry(region.clone()).or_default())
    };
    let trails = known.get_or_try_init(|| made_in(cloud, region)).await?;
    Ok(trails.iter().filter(|trail| records(trail)).map(|trail| trail.arn.clone()).collect())
}

async fn made_in(cloud: &AwsCloud, region: &Region) -> Result<Vec<Trail>> {
    let management = Target { region: region.clone(), ..cloud.management() };
    let mut trails = Vec::new();
    for name in identifiers(cloud, &management, TRAIL).await? {
        // A trail that cannot be read by its name is one of another region's.
        let Some(trail) = resource(cloud, &management, TRAIL, &name).await? else {
            continue;
        };
        let is = |property| trail.properties.get(property) == Some(&Value::Bool(true));
        if is("IsOrganizationTrail")
            && let Some(arn) = trail.text("Arn")
        {
            let in_all_regions = is("IsMultiRegionTrail");
            trails.push(Trail { arn: arn.to_owned(), in_all_regions });
        }
    }
    Ok(trails)
}

/// The account in an ARN: `arn:aws:cloudtrail:eu-west-1:111111111111:trail/org`.
pub(super) fn account_of(arn: &str) -> Option<AccountId> {
    arn.split(':').nth(4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, resource, resources, target};
    use super::*;
    use crate::cloud::{CloudReader as _, ErrorKind};

    fn trail(name: &str, organization: bool, all_regions: bool) -> Reply {
        let properties = serde_json::json!({
            "Arn": format!("arn:aws:cloudtrail:eu-west-1:111111111111:trail/{name}"),
            "IsOrganizationTrail": organization,
            "IsMultiRegionTrail": all_regions,
        });
        resource(name, &properties)
    }

    fn in_region(region: &str) -> Target {
        Target { region: region.parse().unwrap(), ..target() }
    }

    #[tokio::test(start_paused = true)]
    async fn the_management_account_tells_which_trails_record_everywhere() {
        let fake = Fake::new()
            .answer("ListResources", [resources(&["own", "org"])])
            .answer("GetResource", [trail("own", false, true), trail("org", true, true)]);
        let trails = fake.cloud().organization_trails(&target()).await.unwrap();
        assert_eq!(trails, ["arn:aws:cloudtrail:eu-west-1:111111111111:trail/org"]);
        assert_eq!(fake.count("AssumeRole"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn elsewhere_only_trails_of_all_regions_count() {
        for (all_regions, count) in [(true, 1), (false, 0)] {
            let fake = Fake::new()
                .answer("ListResources", [resources(&[]), resources(&["org"])])
                .answer("GetResource", [trail("org", true, all_regions)]);
            let trails = fake.cloud().organization_trails(&in_region("us-east-1")).await.unwrap();
            assert_eq!(trails.len(), count);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_trail_of_another_region_cannot_be_read_and_is_not_an_error() {
        let gone = refusal(404, "ResourceNotFoundException", "was not found");
        let fake = Fake::new()
            .answer("ListResources", [resources(&["shadow"])])
            .answer("GetResource", [gone]);
        assert!(fake.cloud().organization_trails(&target()).await.unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_is_asked_about_once_for_all_accounts_and_again_after_a_failure() {
        let denied = refusal(400, "AccessDeniedException", "no");
        let fake = Fake::new().answer("ListResources", [denied, resources(&[])]);
        let cloud = fake.cloud();
        let error = cloud.organization_trails(&target()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Denied);
        for id in ["222222222222", "333333333333"] {
            let target = Target { account: account(id), ..target() };
            cloud.organization_trails(&target).await.unwrap();
        }
        assert_eq!(fake.count("ListResources"), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_management_accounts_own_trails_are_not_made_elsewhere() {
        let management = Target { account: account("111111111111"), ..target() };
        let fake = Fake::new();
        assert!(fake.cloud().organization_trails(&management).await.unwrap().is_empty());
    }
}
