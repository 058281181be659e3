//! Resources that are there already.

use super::call::Call;
use super::cloudformation::{ClaimScope, exclusive, name_of, physical_id};
use super::kms;
use super::ports::SimulatedCloud;
use super::world::{Account, Cell, Claims, Owners, World};
use crate::cloud::{ExistingResource, ResourceOwner, Result};
use crate::model::{AccountId, Region, ServicePrincipal, Target};

pub(super) async fn existing_resource(
    aws: &SimulatedCloud,
    target: &Target,
    resource_type: &str,
    name: Option<&str>,
) -> Result<Option<ExistingResource>> {
    let call = Call::read(operation(resource_type));
    aws.call_at(target, call, |world| Ok(find(world, target, resource_type, name))).await
}

/// The call that finds resources of the type; Cloud Control finds those of most types.
fn operation(resource_type: &str) -> &'static str {
    match resource_type {
        "AWS::AccessAnalyzer::Analyzer" => "access-analyzer:ListAnalyzers",
        "AWS::CloudTrail::Trail" => "cloudtrail:DescribeTrails",
        "AWS::Config::ConfigurationRecorder" => "config:DescribeConfigurationRecorders",
        "AWS::Config::DeliveryChannel" => "config:DescribeDeliveryChannels",
        "AWS::GuardDuty::Detector" => "guardduty:ListDetectors",
        "AWS::IAM::Role" | "AWS::IAM::ServiceLinkedRole" => "iam:GetRole",
        "AWS::KMS::Alias" => "kms:ListAliases",
        "AWS::SecurityHub::Hub" => "securityhub:DescribeHub",
        _ => "cloudcontrol:GetResource",
    }
}

/// The resource of that type and name, or of that type alone where there can be only one.
pub(super) fn find(
    world: &World,
    target: &Target,
    resource_type: &str,
    name: Option<&str>,
) -> Option<ExistingResource> {
    let account = world.accounts.get(&target.account)?;
    let rule = exclusive(resource_type);
    let name = name.filter(|_| rule.is_none_or(|rule| !rule.single()));
    let scope = rule.map_or(ClaimScope::Region, |rule| rule.scope);
    let cells = account
        .cells
        .iter()
        .filter(|(region, _)| scope != ClaimScope::Region || **region == target.region);
    let mut deployed = cells.flat_map(|(region, cell)| deployed(region, cell));
    let found = deployed.find(|(_, _, kind, id)| {
        *kind == resource_type && name.is_none_or(|name| is_called(resource_type, id, name))
    });
    let (identifier, owner) = match found {
        Some((region, stack, _, id)) => {
            let owner = if *region == target.region {
                ResourceOwner::Stack(stack.clone())
            } else {
                // The port's owner is a stack of the same region.
                ResourceOwner::Service(format!("stack {stack} in {region}"))
            };
            (id.to_owned(), owner)
        }
        None => unmanaged(world, account, target, resource_type, scope, name)?,
    };
    let target_key = (resource_type == "AWS::KMS::Alias")
        .then(|| kms::find(world, target, &identifier))
        .flatten()
        .and_then(|key| key.arn.as_str().rsplit('/').next().map(ToOwned::to_owned));
    Some(ExistingResource {
        resource_type: resource_type.to_owned(),
        identifier,
        target_key,
        owner,
    })
}

/// The resources of a region's stacks: region, stack, type and physical id.
fn deployed<'a>(
    region: &'a Region,
    cell: &'a Cell,
) -> impl Iterator<Item = (&'a Region, &'a crate::model::StackName, &'a str, &'a str)> {
    cell.stacks.iter().flat_map(move |(name, stack)| {
        let resources = stack.resources.iter();
        resources
            .map(move |one| (region, name, one.resource_type.as_str(), one.physical_id.as_str()))
    })
}

/// Whether a resource is meant by that name: its identifier, or the name at the end of it.
fn is_called(resource_type: &str, identifier: &str, name: &str) -> bool {
    identifier == name || name_of(resource_type, identifier) == name_of(resource_type, name)
}

/// A resource that is in no stack, and who governs it.
fn unmanaged(
    world: &World,
    account: &Account,
    target: &Target,
    resource_type: &str,
    scope: ClaimScope,
    name: Option<&str>,
) -> Option<(String, ResourceOwner)> {
    if resource_type == "AWS::IAM::ServiceLinkedRole" {
        return service_linked_role(account, name?);
    }
    if resource_type == "AWS::KMS::Key" {
        let (id, _) = account.cells.get(&target.region)?.keys.get_key_value(name?)?;
        return Some((id.clone(), ResourceOwner::Nobody));
    }
    let (claims, owners): (&Claims, &Owners) = match scope {
        ClaimScope::World => {
            let bucket = world.buckets.get(name?)?;
            return (bucket.account == target.account)
                .then(|| (name.unwrap_or_default().to_owned(), ResourceOwner::Nobody));
        }
        ClaimScope::Account => (&account.claims, &account.owners),
        ClaimScope::Region => {
            let cell = account.cells.get(&target.region)?;
            (&cell.claims, &cell.owners)
        }
    };
    let name = match name {
        Some(name) => {
            Some(name_of(resource_type, name)).filter(|name| claims.has(resource_type, name))
        }
        None => claims.first(resource_type),
    }?;
    let owner = owners.get(resource_type, name).cloned().unwrap_or(ResourceOwner::Nobody);
    Some((physical_id(resource_type, target, name), owner))
}

/// Services make their roles themselves, or somebody has them made; no account's people own one.
fn service_linked_role(account: &Account, name: &str) -> Option<(String, ResourceOwner)> {
    let mut services = account.settings.service_linked_roles.iter();
    let service: &ServicePrincipal =
        services.find(|service| super::iam::service_linked_role_name(service.as_str()) == name)?;
    Some((name.to_owned(), ResourceOwner::Service(service.to_string())))
}

pub(super) async fn organization_trails(
    aws: &SimulatedCloud,
    target: &Target,
) -> Result<Vec<String>> {
    aws.call_at(target, Call::read("cloudtrail:DescribeTrails"), |world| {
        let trails = world.administration.trails.iter();
        let seen = trails.filter(|(arn, everywhere)| {
            let (region, account) = place(arn);
            account != Some(target.account.as_str())
                && (**everywhere || region == Some(target.region.as_str()))
        });
        Ok(seen.map(|(arn, _)| arn.clone()).collect())
    })
    .await
}

/// The region and the account of an ARN.
fn place(arn: &str) -> (Option<&str>, Option<&str>) {
    let mut fields = arn.split(':').skip(3);
    (fields.next(), fields.next())
}

/// The ARN of a trail.
pub(super) fn trail_arn(account: &AccountId, region: &Region, name: &str) -> String {
    format!("arn:{}:cloudtrail:{region}:{account}:trail/{name}", region.partition())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, StackInput, StackState, TemplateLocation};
    use crate::sim::{Simulation, SimulationSettings};

    const ALIAS: &str = "AWS::KMS::Alias";
    const DETECTOR: &str = "AWS::GuardDuty::Detector";
    const ROLE: &str = "AWS::IAM::Role";

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default())
            .with_account("security", "security@example.com", "/")
            .with_account("dev", "dev@example.com", "/")
    }

    async fn found(
        simulation: &Simulation,
        region: &str,
        resource_type: &str,
        name: Option<&str>,
    ) -> Option<(String, ResourceOwner)> {
        let target = simulation.target("dev", region).unwrap();
        let found = simulation.cloud().existing_resource(&target, resource_type, name).await;
        found.unwrap().map(|found| (found.identifier, found.owner))
    }

    #[tokio::test(start_paused = true)]
    async fn a_type_that_there_is_once_is_found_whatever_name_is_asked() {
        let recorder = "AWS::Config::ConfigurationRecorder";
        let tower = ResourceOwner::Service("AWS Control Tower".into());
        let simulation = simulation()
            .with_unmanaged("dev", "eu-west-1", DETECTOR, "d1")
            .with_governed("dev", "eu-west-1", recorder, "aws-controltower", tower.clone());
        for name in [None, Some("d2")] {
            let detector = found(&simulation, "eu-west-1", DETECTOR, name).await;
            assert_eq!(detector, Some(("d1".into(), ResourceOwner::Nobody)));
        }
        let recorder = found(&simulation, "eu-west-1", recorder, Some("default")).await;
        assert_eq!(recorder, Some(("aws-controltower".into(), tower)));
        assert_eq!(found(&simulation, "eu-west-2", DETECTOR, None).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_a_name_is_found_by_it_and_an_alias_tells_its_key() {
        let simulation = simulation()
            .with_unmanaged("dev", "eu-west-1", ALIAS, "alias/uat/ec2")
            .with_unmanaged("dev", "eu-west-1", ROLE, "admin");
        let target = simulation.target("dev", "eu-west-1").unwrap();
        let aws = simulation.cloud();
        let alias = aws.existing_resource(&target, ALIAS, Some("alias/uat/ec2")).await.unwrap();
        let key = simulation.key_arn("dev", "eu-west-1", "alias/uat/ec2").unwrap();
        let id = key.as_str().rsplit('/').next();
        assert_eq!(alias.unwrap().target_key.as_deref(), id);
        let key = found(&simulation, "eu-west-1", "AWS::KMS::Key", id).await;
        assert_eq!(key, Some((id.unwrap().into(), ResourceOwner::Nobody)));
        assert_eq!(found(&simulation, "eu-west-1", ALIAS, Some("alias/other")).await, None);
        for region in ["eu-west-1", "eu-west-2"] {
            assert!(found(&simulation, region, ROLE, Some("admin")).await.is_some(), "{region}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_stack_has_made_is_the_stack_s() {
        let text = "
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}
  Detector: {Type: AWS::GuardDuty::Detector}
";
        let stack = StackInput {
            name: "baseline".parse().unwrap(),
            template: TemplateLocation::Body(text.into()),
            parameters: std::collections::BTreeMap::new(),
            capabilities: std::collections::BTreeSet::new(),
            token: "t1".into(),
        };
        let state = StackState::CreateComplete;
        let simulation = simulation().with_stack("dev", "eu-west-1", &stack, state);
        let owner = Some(ResourceOwner::Stack("baseline".parse().unwrap()));
        let detector = found(&simulation, "eu-west-1", DETECTOR, None).await;
        assert_eq!(detector.map(|(_, owner)| owner), owner);
        let topic = found(&simulation, "eu-west-1", "AWS::SNS::Topic", Some("alarms")).await;
        assert_eq!(topic.clone().map(|(_, owner)| owner), owner);
        assert!(topic.unwrap().0.starts_with("arn:aws:sns:"));
    }

    #[tokio::test(start_paused = true)]
    async fn organization_trails_are_seen_by_all_accounts_but_their_own() {
        let simulation = simulation().with_organization_trail("security", "eu-west-1", "all");
        let aws = simulation.cloud();
        let seen = async |account: &str, region: &str| {
            aws.organization_trails(&simulation.target(account, region).unwrap()).await.unwrap()
        };
        let security = simulation.account_id("security").unwrap();
        let arn = format!("arn:aws:cloudtrail:eu-west-1:{security}:trail/all");
        for region in ["eu-west-1", "eu-west-2"] {
            assert_eq!(seen("dev", region).await, std::slice::from_ref(&arn));
            assert!(seen("security", region).await.is_empty());
        }
    }
}
