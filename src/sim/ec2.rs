//! VPCs, their contents, and their end.

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Vpc, World};
use crate::cloud::{ErrorKind, Result, VpcContents, VpcPart, VpcUse};
use crate::model::{Target, VpcId};

/// The calls that it takes to see all that is in a VPC or attached to it.
const CONTENTS: [&str; 13] = [
    "ec2:DescribeSubnets",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeRouteTables",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeNatGateways",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpnGateways",
    "ec2:DescribeEgressOnlyInternetGateways",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeCarrierGateways",
];

pub(super) async fn default_vpc(aws: &SimulatedCloud, target: &Target) -> Result<Option<VpcId>> {
    aws.call_at(target, Call::read("ec2:DescribeVpcs"), |world| {
        Ok(world.network(target).default_vpc().cloned())
    })
    .await
}

pub(super) async fn vpc_contents(
    aws: &SimulatedCloud,
    target: &Target,
    vpc: &VpcId,
) -> Result<VpcContents> {
    for operation in CONTENTS {
        aws.call_at(target, Call::read(operation), |_| Ok(())).await?;
    }
    aws.call_at(target, Call::read("ec2:DescribeVpcs"), |world| {
        let network = world.network(target);
        network.0.get(vpc).map(|found| contents(vpc, found)).ok_or_else(|| {
            Refusal::new(
                ErrorKind::NotFound,
                "InvalidVpcID.NotFound",
                format!("The vpc ID '{vpc}' does not exist"),
            )
        })
    })
    .await
}

fn contents(id: &VpcId, vpc: &Vpc) -> VpcContents {
    let born = vpc.subnets.iter().filter(|subnet| subnet.default_for_az);
    let subnets = born.map(|subnet| VpcPart::Subnet(subnet.id.clone()));
    // One that is detached belongs to nobody, unless its tag tells.
    let gateways = vpc.gateways.iter().filter(|gateway| gateway.attached || gateway.tagged);
    let gateways = gateways.map(|gateway| VpcPart::InternetGateway(gateway.id.clone()));
    let added = vpc.subnets.iter().filter(|subnet| !subnet.default_for_az);
    let added = added.map(|subnet| VpcUse { kind: "subnet".into(), id: subnet.id.clone() });
    VpcContents {
        vpc: id.clone(),
        is_default: vpc.is_default,
        parts: subnets.chain(gateways).chain([VpcPart::Vpc(id.clone())]).collect(),
        network_interfaces: vpc
            .subnets
            .iter()
            .flat_map(|subnet| subnet.interfaces.clone())
            .collect(),
        uses: vpc.uses.iter().cloned().chain(added).collect(),
    }
}

pub(super) async fn delete_part(
    aws: &SimulatedCloud,
    target: &Target,
    vpc: &VpcId,
    part: &VpcPart,
) -> Result<()> {
    match part {
        VpcPart::Subnet(subnet) => {
            aws.call_at(target, Call::write("ec2:DeleteSubnet"), |world| {
                delete_subnet(world, target, vpc, subnet)
            })
            .await
        }
        VpcPart::InternetGateway(gateway) => {
            aws.call_at(target, Call::write("ec2:CreateTags"), |world| {
                tag_gateway(world, target, vpc, gateway);
                Ok(())
            })
            .await?;
            aws.call_at(target, Call::write("ec2:DetachInternetGateway"), |world| {
                detach_gateway(world, target, vpc, gateway)
            })
            .await?;
            aws.call_at(target, Call::write("ec2:DeleteInternetGateway"), |world| {
                delete_gateway(world, target, vpc, gateway)
            })
            .await
        }
        VpcPart::Vpc(vpc) => {
            aws.call_at(target, Call::read("ec2:DescribeVpcs"), |_| Ok(())).await?;
            aws.call_at(target, Call::write("ec2:DeleteVpc"), |world| {
                delete_vpc(world, target, vpc)
            })
            .await
        }
    }
}

/// AWS never names the dependency.
fn dependency(message: String) -> Refusal {
    Refusal::new(ErrorKind::Conflict, "DependencyViolation", message)
}

fn delete_subnet(world: &mut World, target: &Target, vpc: &VpcId, id: &str) -> Answer<()> {
    let Some(vpc) = world.network_mut(target).0.get_mut(vpc) else { return Ok(()) };
    if vpc.subnets.iter().any(|subnet| subnet.id == id && !subnet.interfaces.is_empty()) {
        return Err(dependency(format!(
            "The subnet '{id}' has dependencies and cannot be deleted."
        )));
    }
    vpc.subnets.retain(|subnet| subnet.id != id);
    Ok(())
}

fn tag_gateway(world: &mut World, target: &Target, vpc: &VpcId, id: &str) {
    let Some(vpc) = world.network_mut(target).0.get_mut(vpc) else { return };
    for gateway in vpc.gateways.iter_mut().filter(|gateway| gateway.id == id) {
        gateway.tagged = true;
    }
}

fn detach_gateway(world: &mut World, target: &Target, vpc: &VpcId, id: &str) -> Answer<()> {
    let Some(found) = world.network_mut(target).0.get_mut(vpc) else { return Ok(()) };
    let Some(gateway) = found.gateways.iter_mut().find(|gateway| gateway.id == id) else {
        return Ok(());
    };
    if gateway.attached && found.subnets.iter().any(|subnet| subnet.public_addresses > 0) {
        return Err(dependency(format!(
            "Network {vpc} has some mapped public address(es). Please unmap those public address(es) \
             before detaching the gateway."
        )));
    }
    gateway.attached = false;
    Ok(())
}

fn delete_gateway(world: &mut World, target: &Target, vpc: &VpcId, id: &str) -> Answer<()> {
    let Some(vpc) = world.network_mut(target).0.get_mut(vpc) else { return Ok(()) };
    if vpc.gateways.iter().any(|gateway| gateway.id == id && gateway.attached) {
        return Err(dependency(format!(
            "The internetGateway '{id}' has dependencies and cannot be deleted."
        )));
    }
    vpc.gateways.retain(|gateway| gateway.id != id);
    Ok(())
}

/// The main route table, the default security group and the default network ACL go with the VPC, and so do
/// peering connections. Everything else stands in the way.
fn delete_vpc(world: &mut World, target: &Target, id: &VpcId) -> Answer<()> {
    let network = world.network_mut(target);
    let Some(vpc) = network.0.get(id) else { return Ok(()) };
    // AWS would delete it. The port does not ask AWS to.
    if !vpc.is_default {
        let message = format!("{id} is not the default VPC: avm deletes no other");
        return Err(Refusal::new(ErrorKind::Refused, "NotDefault", message));
    }
    let blocked = vpc.uses.iter().any(|found| !found.kind.contains("peering"));
    if blocked || !vpc.subnets.is_empty() || !vpc.gateways.is_empty() {
        return Err(dependency(format!("The vpc '{id}' has dependencies and cannot be deleted.")));
    }
    network.0.remove(id);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default()).with_account("dev", "dev@example.com", "/")
    }

    async fn contents_of(aws: &SimulatedCloud, target: &Target) -> VpcContents {
        let vpc = aws.default_vpc(target).await.unwrap().unwrap();
        aws.vpc_contents(target, &vpc).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn every_region_is_born_with_a_default_vpc_of_its_own() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let ireland = contents_of(&aws, &simulation.target("dev", "eu-west-1").unwrap()).await;
        let paris = contents_of(&aws, &simulation.target("dev", "eu-west-3").unwrap()).await;
        assert!(ireland.is_default && ireland.network_interfaces.is_empty());
        assert_eq!(ireland.parts.len(), 5);
        assert_ne!(ireland.vpc, paris.vpc);
        assert!(simulation.world().accounts.values().all(|account| account.cells.is_empty()));
    }

    #[tokio::test(start_paused = true)]
    async fn parts_go_in_order_and_twice_is_no_error() {
        let simulation = simulation();
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let VpcContents { vpc, parts, .. } = contents_of(&aws, &target).await;
        let whole = VpcPart::Vpc(vpc.clone());
        let error = aws.delete_vpc_part(&target, &vpc, &whole).await.unwrap_err();
        assert_eq!(error.code, "DependencyViolation");
        for _ in 0..2 {
            for part in &parts {
                aws.delete_vpc_part(&target, &vpc, part).await.unwrap();
            }
        }
        assert_eq!(aws.default_vpc(&target).await.unwrap(), None);
        assert!(simulation.has_default_vpc("dev", "eu-west-2"));
        let error = aws.vpc_contents(&target, &vpc).await.unwrap_err();
        assert_eq!(error.code, "InvalidVpcID.NotFound");
    }

    #[tokio::test(start_paused = true)]
    async fn a_subnet_in_use_and_a_gateway_in_use_stay() {
        let simulation = simulation().with_default_vpc_in_use("dev", "eu-west-1");
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let contents = contents_of(&aws, &target).await;
        assert_eq!(contents.network_interfaces.len(), 1);
        let mut refused = Vec::new();
        for part in &contents.parts {
            if let Err(error) = aws.delete_vpc_part(&target, &contents.vpc, part).await {
                assert_eq!(error.code, "DependencyViolation");
                refused.push(part.clone());
            }
        }
        let kinds: Vec<_> = refused.iter().map(|part| matches!(part, VpcPart::Subnet(_))).collect();
        assert_eq!(kinds, [true, false, false], "the subnet, the gateway and the VPC stay");
    }

    #[tokio::test(start_paused = true)]
    async fn a_security_group_holds_the_vpc_and_a_peering_connection_does_not() {
        let simulation = simulation()
            .with_default_vpc_holding("dev", "eu-west-1", "security group", "sg-1")
            .with_default_vpc_holding("dev", "eu-west-2", "VPC peering connection", "pcx-1");
        let aws = simulation.cloud();
        for (region, gone) in [("eu-west-1", false), ("eu-west-2", true)] {
            let target = simulation.target("dev", region).unwrap();
            let contents = contents_of(&aws, &target).await;
            assert_eq!(contents.uses.len(), 1);
            let (vpc, parts) = contents.parts.split_last().unwrap();
            for part in parts {
                aws.delete_vpc_part(&target, &contents.vpc, part).await.unwrap();
            }
            let deleted = aws.delete_vpc_part(&target, &contents.vpc, vpc).await;
            assert_eq!(deleted.is_ok(), gone);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_customers_vpc_is_not_the_default_vpc() {
        let simulation = simulation()
            .with_customer_vpc("dev", "eu-west-1", "vpc-0cafe")
            .without_default_vpc("dev", "eu-west-1");
        let target = simulation.target("dev", "eu-west-1").unwrap();
        let aws = simulation.cloud();
        assert_eq!(aws.default_vpc(&target).await.unwrap(), None);
        let contents = aws.vpc_contents(&target, &"vpc-0cafe".parse().unwrap()).await.unwrap();
        assert!(!contents.is_default && contents.uses[0].kind == "subnet");
        let whole = VpcPart::Vpc(contents.vpc.clone());
        let error = aws.delete_vpc_part(&target, &contents.vpc, &whole).await.unwrap_err();
        assert_eq!(error.code, "NotDefault");
    }
}
