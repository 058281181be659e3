//! Whether an account answers, and where.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::Region as AwsRegion;

use super::cloud::AwsCloud;
use super::error::{Explain as _, read};
use crate::cloud::Result;
use crate::model::{AccountId, Region};

const REGIONS: &str = "ec2:DescribeRegions";
const STACKS: &str = "cloudformation:ListStacks";
const KEYS: &str = "kms:ListKeys";

/// Asks the services that the first steps need, in the order in which a new account tends to let one in.
pub(super) async fn probe(cloud: &AwsCloud, account: &AccountId) -> Result<()> {
    let target = cloud.home_of(account);
    // Assumes the role on the way.
    regions(cloud, account).await?;
    cloud.cloudformation(&target).list_stacks().send().await.explain(STACKS, &target)?;
    cloud.kms(&target).list_keys().limit(1).send().await.explain(KEYS, &target)?;
    Ok(())
}

/// `DescribeRegions` names enabled regions only, unless it is asked for all. Inside the member it uses nobody
/// else's budget of calls; Organizations' own list of regions is limited to five calls a second.
pub(super) async fn regions(cloud: &AwsCloud, account: &AccountId) -> Result<BTreeSet<Region>> {
    let target = cloud.home_of(account);
    let answer = cloud.ec2(&target).describe_regions().send().await.explain(REGIONS, &target)?;
    answer
        .regions()
        .iter()
        .filter(|region| region.opt_in_status() != Some("not-opted-in"))
        .map(AwsRegion::region_name)
        .map(|name| read(name, REGIONS, &target))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use crate::cloud::{CloudReader as _, ErrorKind};
    use crate::model::Region;

    fn regions() -> Reply {
        Reply::xml(
            "<DescribeRegionsResponse><regionInfo>\
             <item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>\
             <item><regionName>af-south-1</regionName><optInStatus>opted-in</optInStatus></item>\
             <item><regionName>me-south-1</regionName><optInStatus>not-opted-in</optInStatus></item>\
             </regionInfo></DescribeRegionsResponse>",
        )
    }

    #[tokio::test(start_paused = true)]
    async fn regions_are_those_that_are_enabled() {
        let fake = Fake::new().answer("DescribeRegions", [regions()]);
        let regions = fake.cloud().regions(&target().account).await.unwrap();
        assert_eq!(
            regions.iter().map(Region::as_str).collect::<Vec<_>>(),
            ["af-south-1", "eu-west-1"]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_answers_when_all_services_do() {
        let fake = Fake::new()
            .answer("DescribeRegions", [regions()])
            .answer(
                "ListStacks",
                [Reply::xml("<ListStacksResponse><ListStacksResult/></ListStacksResponse>")],
            )
            .answer("ListKeys", [Reply::json(r#"{"Keys":[]}"#)]);
        fake.cloud().probe(&target().account).await.unwrap();
        assert_eq!(fake.count("ListKeys"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_too_new_is_not_ready() {
        let denied = refusal(403, "AccessDenied", "not authorized to perform: sts:AssumeRole");
        let disabled = refusal(403, "RegionDisabledException", "STS is not activated");
        let opt_in = refusal(401, "OptInRequired", "You are not subscribed to this service");
        for (fake, kind) in [
            (Fake::new().answer("AssumeRole", [denied]), ErrorKind::Denied),
            (Fake::new().answer("AssumeRole", [disabled]), ErrorKind::NotReady),
            (Fake::new().answer("DescribeRegions", [opt_in]), ErrorKind::NotReady),
        ] {
            let error = fake.cloud().probe(&target().account).await.unwrap_err();
            assert_eq!(error.kind, kind, "{error}");
        }
    }
}
