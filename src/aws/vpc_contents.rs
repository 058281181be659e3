//! The proof that a VPC is unused, or of what it is used for.
//!
//! Every question must be answered for the proof to stand: one that fails fails the whole, and nothing is ever
//! taken for empty because it could not be read.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::Filter;

use super::cloud::AwsCloud;
use super::error::read;
use super::pages::all;
use super::vpc::{DELETED_WITH, describe, filter};
use crate::cloud::{NetworkInterface, Result, VpcContents, VpcPart, VpcUse};
use crate::model::{Target, VpcId};

pub(super) async fn vpc_contents(
    cloud: &AwsCloud,
    target: &Target,
    vpc: &VpcId,
) -> Result<VpcContents> {
    let client = cloud.ec2(target);
    let question = Question { client: &client, target, vpc };
    let described = describe(&client, target, vpc);
    let (described, subnets, gateways, interfaces, uses) = tokio::try_join!(
        described,
        question.subnets(),
        question.internet_gateways(),
        question.network_interfaces(),
        Box::pin(question.uses()),
    )?;
    let (subnets, other_subnets) = subnets;
    let mut contents = VpcContents {
        vpc: vpc.clone(),
        is_default: described.is_default() == Some(true),
        parts: [subnets, gateways, vec![VpcPart::Vpc(vpc.clone())]].concat(),
        network_interfaces: interfaces,
        uses: [other_subnets, uses].concat(),
    };
    contents.parts.sort();
    // A gateway that is tagged is still attached where a run has ended between the two.
    contents.parts.dedup();
    contents.network_interfaces.sort();
    contents.uses.sort();
    // A connection of a VPC with itself answers in both directions.
    contents.uses.dedup();
    Ok(contents)
}

/// What there is to ask about one VPC.
pub(super) struct Question<'a> {
    pub(super) client: &'a Client,
    pub(super) target: &'a Target,
    pub(super) vpc: &'a VpcId,
}

impl Question<'_> {
    /// The subnets that a default VPC is born with, and those that somebody made.
    async fn subnets(&self) -> Result<(Vec<VpcPart>, Vec<VpcUse>)> {
        let call = self.client.describe_subnets().filters(self.of_vpc());
        let (mut parts, mut uses) = (Vec::new(), Vec::new());
        for subnet in all!(call, "ec2:DescribeSubnets", self.target)? {
            if subnet.default_for_az() == Some(true) {
                let id = read(subnet.subnet_id(), "ec2:DescribeSubnets", self.target)?;
                parts.push(VpcPart::Subnet(id));
            } else {
                uses.push(self.used("subnet", subnet.subnet_id())?);
            }
        }
        Ok((parts, uses))
    }

    /// Those that are attached, and those that an interrupted run has detached in order to delete them.
    async fn internet_gateways(&self) -> Result<Vec<VpcPart>> {
        let tag = format!("tag:{DELETED_WITH}");
        let (mut parts, detached) =
            tokio::try_join!(self.gateways_by("attachment.vpc-id"), self.gateways_by(&tag))?;
        parts.extend(detached);
        Ok(parts)
    }

    async fn gateways_by(&self, name: &str) -> Result<Vec<VpcPart>> {
        let of_vpc = filter(name, self.vpc.as_str());
        let call = self.client.describe_internet_gateways().filters(of_vpc);
        let gateways = all!(call, "ec2:DescribeInternetGateways", self.target)?;
        let id = |id| read(id, "ec2:DescribeInternetGateways", self.target);
        gateways
            .iter()
            .map(|gateway| id(gateway.internet_gateway_id()).map(VpcPart::InternetGateway))
            .collect()
    }

    /// Anything that runs has one. An account may hide those that AWS services manage; they count all the same.
    async fn network_interfaces(&self) -> Result<Vec<NetworkInterface>> {
        let call = self.client.describe_network_interfaces().filters(self.of_vpc());
        let call = call.include_managed_resources(true);
        let interfaces = all!(call, "ec2:DescribeNetworkInterfaces", self.target)?;
        interfaces
            .iter()
            .map(|interface| {
                let id = interface.network_interface_id();
                Ok(NetworkInterface {
                    id: read(id, "ec2:DescribeNetworkInterfaces", self.target)?,
                    description: interface.description().unwrap_or_default().to_owned(),
                })
            })
            .collect()
    }

    pub(super) fn of_vpc(&self) -> Filter {
        filter("vpc-id", self.vpc.as_str())
    }

    pub(super) fn used(&self, kind: &str, id: Option<&str>) -> Result<VpcUse> {
        let id = read(id, &format!("ec2: the id of a {kind}"), self.target)?;
        Ok(VpcUse { kind: kind.to_owned(), id })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::fake::{Fake, Reply, ec2_items, refusal, target, vpcs};
    use super::*;
    use crate::cloud::{CloudReader as _, ErrorKind};

    const QUESTIONS: [(&str, &str); 13] = [
        ("DescribeSubnets", "subnetSet"),
        ("DescribeInternetGateways", "internetGatewaySet"),
        ("DescribeNetworkInterfaces", "networkInterfaceSet"),
        ("DescribeRouteTables", "routeTableSet"),
        ("DescribeSecurityGroups", "securityGroupInfo"),
        ("DescribeNetworkAcls", "networkAclSet"),
        ("DescribeVpcEndpoints", "vpcEndpointSet"),
        ("DescribeNatGateways", "natGatewaySet"),
        ("DescribeVpcPeeringConnections", "vpcPeeringConnectionSet"),
        ("DescribeVpnGateways", "vpnGatewaySet"),
        ("DescribeEgressOnlyInternetGateways", "egressOnlyInternetGatewaySet"),
        ("DescribeTransitGatewayVpcAttachments", "transitGatewayVpcAttachments"),
        ("DescribeCarrierGateways", "carrierGatewaySet"),
    ];

    /// A default VPC as AWS makes it, with one question answered differently.
    pub(in crate::aws) fn default_vpc_but(operation: &str, items: &str) -> Fake {
        let inborn = |asked: &str| match asked {
            "DescribeSubnets" => {
                "<item><subnetId>subnet-1</subnetId><defaultForAz>true</defaultForAz></item>"
            }
            "DescribeInternetGateways" => {
                "<item><internetGatewayId>igw-1</internetGatewayId></item>"
            }
            "DescribeRouteTables" => {
                "<item><routeTableId>rtb-1</routeTableId>\
                 <associationSet><item><main>true</main></item></associationSet>\
                 <routeSet><item><gatewayId>local</gatewayId></item>\
                 <item><gatewayId>igw-1</gatewayId></item></routeSet></item>"
            }
            "DescribeSecurityGroups" => {
                "<item><groupId>sg-1</groupId><groupName>default</groupName></item>"
            }
            "DescribeNetworkAcls" => {
                "<item><networkAclId>acl-1</networkAclId><default>true</default></item>"
            }
            _ => "",
        };
        QUESTIONS.iter().fold(
            Fake::new().answer("DescribeVpcs", [vpcs(&[("vpc-1", true)])]),
            |fake, (asked, set)| {
                let more = if *asked == operation { items } else { "" };
                let items = format!("{}{more}", inborn(asked));
                fake.answer(asked, [ec2_items(asked, set, &items)])
            },
        )
    }

    pub(in crate::aws) async fn contents(fake: &Fake) -> Result<VpcContents> {
        fake.cloud().vpc_contents(&target(), &"vpc-1".parse().unwrap()).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_default_vpc_as_aws_makes_it_is_unused_and_comes_apart_subnets_first() {
        let fake = default_vpc_but("", "");
        let contents = contents(&fake).await.unwrap();
        assert!(contents.is_default);
        assert_eq!(
            contents.parts,
            [
                VpcPart::Subnet("subnet-1".into()),
                VpcPart::InternetGateway("igw-1".into()),
                VpcPart::Vpc("vpc-1".parse().unwrap()),
            ]
        );
        assert_eq!((contents.network_interfaces, contents.uses), (Vec::new(), Vec::new()));
        let body = &fake.calls("DescribeNetworkInterfaces")[0].body;
        assert!(body.contains("IncludeManagedResources=true"), "{body}");
        for (operation, _) in QUESTIONS {
            let body = &fake.calls(operation)[0].body;
            let about_vpc = body.contains("vpc-id&") && body.contains("vpc-1");
            assert!(about_vpc || operation == "DescribeEgressOnlyInternetGateways", "{body}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn network_interfaces_are_found_on_later_pages_too() {
        let first = ec2_items("DescribeNetworkInterfaces", "networkInterfaceSet", "")
            .with("</networkInterfaceSet>", "</networkInterfaceSet><nextToken>1</nextToken>");
        let second = ec2_items(
            "DescribeNetworkInterfaces",
            "networkInterfaceSet",
            "<item><networkInterfaceId>eni-1</networkInterfaceId>\
             <description>RDS</description></item>",
        );
        let fake = default_vpc_but("", "").answer("DescribeNetworkInterfaces", [first, second]);
        let found = contents(&fake).await.unwrap().network_interfaces;
        assert_eq!(found, [NetworkInterface { id: "eni-1".into(), description: "RDS".into() }]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_without_an_answer_fails_the_proof() {
        for (operation, _) in QUESTIONS {
            for (refusal, kind) in [
                (refusal(403, "UnauthorizedOperation", "no"), ErrorKind::Denied),
                (Reply::page(500), ErrorKind::Refused),
                (Reply::page(200), ErrorKind::Unavailable),
                (Reply::empty(200), ErrorKind::Unavailable),
                (Reply::Reset, ErrorKind::Unavailable),
            ] {
                let fake = default_vpc_but("", "").answer(operation, [refusal]);
                let error = contents(&fake).await.unwrap_err();
                assert_eq!(error.kind, kind, "{operation}");
                assert_eq!(error.operation, format!("ec2:{operation}"));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_vpc_without_the_mark_is_told_as_such() {
        let fake = default_vpc_but("", "").answer("DescribeVpcs", [vpcs(&[("vpc-1", false)])]);
        assert!(!contents(&fake).await.unwrap().is_default);
    }
}
