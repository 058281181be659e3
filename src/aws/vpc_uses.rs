//! What somebody has made in or attached to a VPC.

use aws_sdk_ec2::types::{
    AttachmentStatus, CarrierGatewayState, NatGatewayState, Route, State,
    TransitGatewayAttachmentState, VpcPeeringConnectionStateReason,
    VpcPeeringConnectionStateReasonCode,
};

use super::error::Explain as _;
use super::pages::all;
use super::vpc::filter;
use super::vpc_contents::Question;
use crate::cloud::{Result, VpcUse};

impl Question<'_> {
    /// Everything that speaks of use, beside subnets and network interfaces.
    pub(super) async fn uses(&self) -> Result<Vec<VpcUse>> {
        let uses = tokio::try_join!(
            self.route_tables(),
            self.security_groups(),
            self.network_acls(),
            self.endpoints(),
            self.nat_gateways(),
            self.peering_connections("requester-vpc-info.vpc-id"),
            self.peering_connections("accepter-vpc-info.vpc-id"),
            self.vpn_gateways(),
            self.egress_only_gateways(),
            self.transit_gateway_attachments(),
            self.carrier_gateways(),
        )?;
        let (
            tables,
            groups,
            acls,
            endpoints,
            nats,
            asked,
            accepted,
            vpns,
            egress,
            transit,
            carrier,
        ) = uses;
        Ok([tables, groups, acls, endpoints, nats, asked, accepted, vpns, egress, transit, carrier]
            .concat())
    }

    /// Tables beside the main one, and routes of the main one that a default VPC is not born with. A route to an
    /// internet gateway is, and outlives its gateway.
    async fn route_tables(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_route_tables().filters(self.of_vpc());
        let mut uses = Vec::new();
        for table in all!(call, "ec2:DescribeRouteTables", self.target)? {
            let is_main = table.associations().iter().any(|one| one.main() == Some(true));
            if !is_main {
                uses.push(self.used("route table", table.route_table_id())?);
                continue;
            }
            for route in table.routes().iter().filter(|route| !is_inborn(route)) {
                let id = table.route_table_id().unwrap_or_default();
                let destination = route
                    .destination_cidr_block()
                    .or(route.destination_ipv6_cidr_block())
                    .or(route.destination_prefix_list_id())
                    .unwrap_or_default();
                uses.push(self.used("route", Some(&format!("{id} {destination}")))?);
            }
        }
        Ok(uses)
    }

    async fn security_groups(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_security_groups().filters(self.of_vpc());
        all!(call, "ec2:DescribeSecurityGroups", self.target)?
            .iter()
            // Only the group that goes with the VPC may have that name.
            .filter(|group| group.group_name() != Some("default"))
            .map(|group| self.used("security group", group.group_id()))
            .collect()
    }

    async fn network_acls(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_network_acls().filters(self.of_vpc());
        all!(call, "ec2:DescribeNetworkAcls", self.target)?
            .iter()
            .filter(|acl| acl.is_default() != Some(true))
            .map(|acl| self.used("network ACL", acl.network_acl_id()))
            .collect()
    }

    /// Gateway endpoints have no network interface.
    async fn endpoints(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_vpc_endpoints().filters(self.of_vpc());
        all!(call, "ec2:DescribeVpcEndpoints", self.target)?
            .iter()
            .filter(|endpoint| endpoint.state() != Some(&State::Deleted))
            .map(|endpoint| self.used("VPC endpoint", endpoint.vpc_endpoint_id()))
            .collect()
    }

    async fn nat_gateways(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_nat_gateways().filter(self.of_vpc());
        all!(call, "ec2:DescribeNatGateways", self.target)?
            .iter()
            .filter(|gateway| gateway.state() != Some(&NatGatewayState::Deleted))
            .map(|gateway| self.used("NAT gateway", gateway.nat_gateway_id()))
            .collect()
    }

    async fn peering_connections(&self, side: &str) -> Result<Vec<VpcUse>> {
        use VpcPeeringConnectionStateReasonCode as Code;
        const OVER: [Code; 4] = [Code::Deleted, Code::Expired, Code::Failed, Code::Rejected];
        let of_side = filter(side, self.vpc.as_str());
        let call = self.client.describe_vpc_peering_connections().filters(of_side);
        all!(call, "ec2:DescribeVpcPeeringConnections", self.target)?
            .iter()
            .filter(|peering| {
                let code = peering.status().and_then(VpcPeeringConnectionStateReason::code);
                !code.is_some_and(|code| OVER.contains(code))
            })
            .map(|peering| self.used("VPC peering connection", peering.vpc_peering_connection_id()))
            .collect()
    }

    async fn vpn_gateways(&self) -> Result<Vec<VpcUse>> {
        let attached = filter("attachment.vpc-id", self.vpc.as_str());
        let answer = self.client.describe_vpn_gateways().filters(attached).send().await;
        let answer = answer.explain("ec2:DescribeVpnGateways", self.target)?;
        answer
            .vpn_gateways()
            .iter()
            .filter(|gateway| {
                gateway.vpc_attachments().iter().any(|attachment| {
                    attachment.vpc_id() == Some(self.vpc.as_str())
                        && attachment.state() != Some(&AttachmentStatus::Detached)
                })
            })
            .map(|gateway| self.used("VPN gateway", gateway.vpn_gateway_id()))
            .collect()
    }

    /// EC2 filters these by tags only.
    async fn egress_only_gateways(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_egress_only_internet_gateways();
        all!(call, "ec2:DescribeEgressOnlyInternetGateways", self.target)?
            .iter()
            .filter(|gateway| {
                let mut attachments = gateway.attachments().iter();
                attachments.any(|attachment| attachment.vpc_id() == Some(self.vpc.as_str()))
            })
            .map(|gateway| {
                let id = gateway.egress_only_internet_gateway_id();
                self.used("egress-only internet gateway", id)
            })
            .collect()
    }

    async fn transit_gateway_attachments(&self) -> Result<Vec<VpcUse>> {
        use TransitGatewayAttachmentState as AttachmentState;
        const OVER: [AttachmentState; 3] =
            [AttachmentState::Deleted, AttachmentState::Failed, AttachmentState::Rejected];
        let call = self.client.describe_transit_gateway_vpc_attachments().filters(self.of_vpc());
        all!(call, "ec2:DescribeTransitGatewayVpcAttachments", self.target)?
            .iter()
            .filter(|attachment| !attachment.state().is_some_and(|state| OVER.contains(state)))
            .map(|attachment| {
                self.used("transit gateway attachment", attachment.transit_gateway_attachment_id())
            })
            .collect()
    }

    async fn carrier_gateways(&self) -> Result<Vec<VpcUse>> {
        let call = self.client.describe_carrier_gateways().filters(self.of_vpc());
        all!(call, "ec2:DescribeCarrierGateways", self.target)?
            .iter()
            .filter(|gateway| gateway.state() != Some(&CarrierGatewayState::Deleted))
            .map(|gateway| self.used("carrier gateway", gateway.carrier_gateway_id()))
            .collect()
    }
}

fn is_inborn(route: &Route) -> bool {
    route.gateway_id().is_some_and(|id| id == "local" || id.starts_with("igw-"))
}

#[cfg(test)]
mod tests {
    use super::super::vpc_contents::tests::{contents, default_vpc_but};
    use crate::cloud::VpcUse;

    #[tokio::test(start_paused = true)]
    async fn every_sign_of_use_is_told() {
        for (operation, items, told) in [
            ("DescribeSubnets", "<subnetId>x</subnetId>", "subnet"),
            ("DescribeRouteTables", "<routeTableId>x</routeTableId>", "route table"),
            (
                "DescribeSecurityGroups",
                "<groupId>x</groupId><groupName>web</groupName>",
                "security group",
            ),
            ("DescribeNetworkAcls", "<networkAclId>x</networkAclId>", "network ACL"),
            (
                "DescribeVpcEndpoints",
                "<vpcEndpointId>x</vpcEndpointId><state>available</state>",
                "VPC endpoint",
            ),
            (
                "DescribeNatGateways",
                "<natGatewayId>x</natGatewayId><state>deleting</state>",
                "NAT gateway",
            ),
            (
                "DescribeVpcPeeringConnections",
                "<vpcPeeringConnectionId>x</vpcPeeringConnectionId>\
                 <status><code>pending-acceptance</code></status>",
                "VPC peering connection",
            ),
            (
                "DescribeVpnGateways",
                "<vpnGatewayId>x</vpnGatewayId><attachments><item><vpcId>vpc-1</vpcId>\
                 <state>attached</state></item></attachments>",
                "VPN gateway",
            ),
            (
                "DescribeEgressOnlyInternetGateways",
                "<egressOnlyInternetGatewayId>x</egressOnlyInternetGatewayId>\
                 <attachmentSet><item><vpcId>vpc-1</vpcId></item></attachmentSet>",
                "egress-only internet gateway",
            ),
            (
                "DescribeTransitGatewayVpcAttachments",
                "<transitGatewayAttachmentId>x</transitGatewayAttachmentId><state>available</state>",
                "transit gateway attachment",
            ),
            (
                "DescribeCarrierGateways",
                "<carrierGatewayId>x</carrierGatewayId>",
                "carrier gateway",
            ),
        ] {
            let fake = default_vpc_but(operation, &format!("<item>{items}</item>"));
            let contents = contents(&fake).await.unwrap();
            let uses = [VpcUse { kind: told.into(), id: "x".into() }];
            assert_eq!(contents.uses, uses, "{operation}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_over_or_elsewhere_is_no_use() {
        for (operation, items) in [
            ("DescribeNatGateways", "<natGatewayId>x</natGatewayId><state>deleted</state>"),
            (
                "DescribeVpcPeeringConnections",
                "<vpcPeeringConnectionId>x</vpcPeeringConnectionId>\
                 <status><code>rejected</code></status>",
            ),
            (
                "DescribeEgressOnlyInternetGateways",
                "<egressOnlyInternetGatewayId>x</egressOnlyInternetGatewayId>\
                 <attachmentSet><item><vpcId>vpc-2</vpcId></item></attachmentSet>",
            ),
        ] {
            let fake = default_vpc_but(operation, &format!("<item>{items}</item>"));
            assert_eq!(contents(&fake).await.unwrap().uses, [], "{operation}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_route_that_somebody_added_to_the_main_table_is_a_use() {
        let table = "<item><routeTableId>rtb-1</routeTableId>\
            <associationSet><item><main>true</main></item></associationSet>\
            <routeSet><item><destinationCidrBlock>10.0.0.0/8</destinationCidrBlock>\
            <transitGatewayId>tgw-1</transitGatewayId></item></routeSet></item>";
        let fake = default_vpc_but("DescribeRouteTables", table);
        let uses = contents(&fake).await.unwrap().uses;
        assert_eq!(uses, [VpcUse { kind: "route".into(), id: "rtb-1 10.0.0.0/8".into() }]);
    }
}
