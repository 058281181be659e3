//! Default VPCs: found by their mark, and deleted part by part.

use aws_sdk_ec2::types::{Filter, Tag, Vpc};

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use super::pages::all;
use crate::cloud::{CloudError, ErrorKind, Result, VpcPart};
use crate::model::{Target, VpcId};

const DESCRIBE: &str = "ec2:DescribeVpcs";
const TAG: &str = "ec2:CreateTags";
const DELETE_SUBNET: &str = "ec2:DeleteSubnet";
const DETACH: &str = "ec2:DetachInternetGateway";
const DELETE_GATEWAY: &str = "ec2:DeleteInternetGateway";
const DELETE_VPC: &str = "ec2:DeleteVpc";

/// The tag of an internet gateway that is being deleted with its VPC, whose id is the value. Once it is detached,
/// nothing else tells whose it was, and a run that dies before the deletion would leave it for ever.
pub(super) const DELETED_WITH: &str = "avm:deleted-with";

/// The default VPC. The mark is asked for and read back: a filter that an endpoint ignores must not make a default
/// VPC of any other.
pub(super) async fn default_vpc(cloud: &AwsCloud, target: &Target) -> Result<Option<VpcId>> {
    let marked = filter("is-default", "true");
    let vpcs = all!(cloud.ec2(target).describe_vpcs().filters(marked), DESCRIBE, target)?;
    let mut defaults = vpcs.iter().filter(|vpc| vpc.is_default() == Some(true));
    let Some(vpc) = defaults.next() else { return Ok(None) };
    if defaults.next().is_some() {
        return Err(unexpected(DESCRIBE, target, "two default VPCs in one region"));
    }
    read(vpc.vpc_id(), DESCRIBE, target).map(Some)
}

pub(super) async fn delete_vpc_part(
    cloud: &AwsCloud,
    target: &Target,
    vpc: &VpcId,
    part: &VpcPart,
) -> Result<()> {
    let client = cloud.ec2(target);
    match part {
        VpcPart::Subnet(id) => {
            let deleted = client.delete_subnet().subnet_id(id).send().await;
            or_gone(deleted.explain(DELETE_SUBNET, target))
        }
        VpcPart::InternetGateway(id) => {
            let tag = Tag::builder().key(DELETED_WITH).value(vpc.as_str()).build();
            let tagged = client.create_tags().resources(id).tags(tag).send().await;
            or_gone(tagged.explain(TAG, target))?;
            let call = client.detach_internet_gateway().internet_gateway_id(id);
            let detached = call.vpc_id(vpc.as_str()).send().await;
            or_gone(detached.explain(DETACH, target))?;
            let deleted = client.delete_internet_gateway().internet_gateway_id(id).send().await;
            or_gone(deleted.explain(DELETE_GATEWAY, target))
        }
        VpcPart::Vpc(id) => {
            if !is_still_default(&client, target, id).await? {
                return Ok(());
            }
            let deleted = client.delete_vpc().vpc_id(id.as_str()).send().await;
            or_gone(deleted.explain(DELETE_VPC, target))
        }
    }
}

/// The VPC of that id; an error of kind `NotFound` if there is none.
pub(super) async fn describe(
    client: &aws_sdk_ec2::Client,
    target: &Target,
    vpc: &VpcId,
) -> Result<Vpc> {
    let answer = client.describe_vpcs().vpc_ids(vpc.as_str()).send().await;
    let answer = answer.explain(DESCRIBE, target)?;
    let found = answer.vpcs.into_iter().flatten().find(|one| one.vpc_id() == Some(vpc.as_str()));
    found.ok_or_else(|| unexpected(DESCRIBE, target, format!("an answer without {vpc}")))
}

pub(super) fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

/// The last look before the one deletion that nothing brings back. `false` if the VPC is gone; refused if it is not
/// marked as the default one, whatever a plan says.
async fn is_still_default(
    client: &aws_sdk_ec2::Client,
    target: &Target,
    id: &VpcId,
) -> Result<bool> {
    match describe(client, target, id).await {
        Ok(vpc) if vpc.is_default() == Some(true) => Ok(true),
        Ok(_) => {
            let message = format!("{id} is not the default VPC: avm deletes no other");
            Err(CloudError::new(ErrorKind::Refused, DELETE_VPC, "NotDefault", message)
                .at(&target.account, Some(&target.region)))
        }
        Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn or_gone<T>(result: Result<T>) -> Result<()> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target, vpcs};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};

    fn vpc() -> VpcId {
        "vpc-1".parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_vpc_that_is_marked_is_the_default_one() {
        let fake = Fake::new().answer("DescribeVpcs", [vpcs(&[("vpc-2", false), ("vpc-1", true)])]);
        assert_eq!(fake.cloud().default_vpc(&target()).await.unwrap(), Some(vpc()));
        let body = &fake.calls("DescribeVpcs")[0].body;
        assert!(body.contains("Filter.1.Name=is-default"), "{body}");

        let fake = Fake::new().answer("DescribeVpcs", [vpcs(&[("vpc-2", false)])]);
        assert_eq!(fake.cloud().default_vpc(&target()).await.unwrap(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_vpc_that_lost_its_mark_is_not_deleted() {
        let fake = Fake::new().answer("DescribeVpcs", [vpcs(&[("vpc-1", false)])]);
        let part = VpcPart::Vpc(vpc());
        let error = fake.cloud().delete_vpc_part(&target(), &vpc(), &part).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (ErrorKind::Refused, "NotDefault"));
        assert_eq!(fake.count("DeleteVpc"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_vpc_that_cannot_be_looked_at_is_not_deleted() {
        let denied = refusal(403, "UnauthorizedOperation", "no");
        for refusal in [denied, vpcs(&[("vpc-2", true)]), vpcs(&[])] {
            let fake = Fake::new().answer("DescribeVpcs", [refusal]);
            let part = VpcPart::Vpc(vpc());
            fake.cloud().delete_vpc_part(&target(), &vpc(), &part).await.unwrap_err();
            assert_eq!(fake.count("DeleteVpc"), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_default_vpc_is_deleted_after_a_last_look() {
        let fake = Fake::new()
            .answer("DescribeVpcs", [vpcs(&[("vpc-1", true)])])
            .answer("DeleteVpc", [Reply::xml("<DeleteVpcResponse/>")]);
        let part = VpcPart::Vpc(vpc());
        fake.cloud().delete_vpc_part(&target(), &vpc(), &part).await.unwrap();
        assert!(fake.calls("DeleteVpc")[0].body.contains("VpcId=vpc-1"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_gateway_is_tagged_detached_and_then_deleted_also_if_that_has_begun() {
        let detached = Reply::xml("<DetachInternetGatewayResponse/>");
        let not_attached = refusal(400, "Gateway.NotAttached", "not attached");
        for first in [detached, not_attached] {
            let fake = Fake::new()
                .answer("CreateTags", [Reply::xml("<CreateTagsResponse/>")])
                .answer("DetachInternetGateway", [first])
                .answer("DeleteInternetGateway", [Reply::xml("<DeleteInternetGatewayResponse/>")]);
            let part = VpcPart::InternetGateway("igw-1".into());
            fake.cloud().delete_vpc_part(&target(), &vpc(), &part).await.unwrap();
            assert_eq!(fake.count("DeleteInternetGateway"), 1);
            let tag = &fake.calls("CreateTags")[0].body;
            assert!(tag.contains("ResourceId.1=igw-1"), "{tag}");
            assert!(tag.contains("avm%3Adeleted-with") && tag.contains("vpc-1"), "{tag}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_gateway_that_is_in_use_stays() {
        let refusal = refusal(400, "DependencyViolation", "mapped public addresses");
        let fake = Fake::new()
            .answer("CreateTags", [Reply::xml("<CreateTagsResponse/>")])
            .answer("DetachInternetGateway", [refusal]);
        let part = VpcPart::InternetGateway("igw-1".into());
        let error = fake.cloud().delete_vpc_part(&target(), &vpc(), &part).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert_eq!(fake.count("DeleteInternetGateway"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn parts_that_are_gone_are_deleted() {
        let gone = |code| refusal(400, code, "gone");
        let fake = Fake::new()
            .answer("DeleteSubnet", [gone("InvalidSubnetID.NotFound")])
            .answer("CreateTags", [gone("InvalidInternetGatewayID.NotFound")])
            .answer("DetachInternetGateway", [gone("InvalidInternetGatewayID.NotFound")])
            .answer("DeleteInternetGateway", [gone("InvalidInternetGatewayID.NotFound")])
            .answer("DescribeVpcs", [gone("InvalidVpcID.NotFound")]);
        let cloud = fake.cloud();
        for part in [
            VpcPart::Subnet("subnet-1".into()),
            VpcPart::InternetGateway("igw-1".into()),
            VpcPart::Vpc(vpc()),
        ] {
            cloud.delete_vpc_part(&target(), &vpc(), &part).await.unwrap();
        }
    }
}
