//! Keys and their aliases.

use super::gate::Call;
use super::ports::SimulatedCloud;
use super::world::{StoredKey, World, uuid};
use crate::cloud::{Key, KeyReference, Result};
use crate::model::{KeyArn, Target};

pub(super) async fn key(
    aws: &SimulatedCloud,
    target: &Target,
    key: &KeyReference,
) -> Result<Option<Key>> {
    aws.call_at(target, Call::read("kms:DescribeKey"), |world| Ok(find(world, target, &key.0)))
        .await
}

/// A key by its ARN, its id, its alias or its alias's ARN; only keys of the target's region are found.
pub(super) fn find(world: &World, target: &Target, reference: &str) -> Option<Key> {
    if let Ok(arn) = reference.parse::<KeyArn>() {
        return by_arn(world, target, &arn);
    }
    let alias_prefix = format!("{}:", arn_prefix(target));
    let name = reference.strip_prefix(&alias_prefix).unwrap_or(reference);
    if let Some(service) = name.strip_prefix("alias/aws/") {
        return Some(managed(target, service));
    }
    let cell = world.cell(target)?;
    let id = if name.starts_with("alias/") { cell.aliases.get(name)? } else { name };
    cell.keys.get(id).map(|key| described(key_arn(target, id), key))
}

/// A key by its ARN, also of another account.
pub(super) fn by_arn(world: &World, target: &Target, arn: &KeyArn) -> Option<Key> {
    let (account, region) = (arn.account()?, arn.region()?);
    if region != target.region {
        return None;
    }
    let (_, id) = arn.as_str().split_once(":key/")?;
    let key = world.cell(&Target { account, region })?.keys.get(id)?;
    Some(described(arn.clone(), key))
}

pub(super) fn key_arn(target: &Target, id: &str) -> KeyArn {
    format!("{}:key/{id}", arn_prefix(target)).parse().expect("a key's ARN")
}

pub(super) fn arn_prefix(target: &Target) -> String {
    let Target { account, region } = target;
    format!("arn:{}:kms:{region}:{account}", region.partition())
}

/// AWS's own key for a service, which AWS makes when it is first needed.
fn managed(target: &Target, service: &str) -> Key {
    let id = uuid(&["aws-managed", service, target.account.as_str(), target.region.as_str()]);
    Key { arn: key_arn(target, &id), state: "Enabled".into(), spec: "SYMMETRIC_DEFAULT".into() }
}

fn described(arn: KeyArn, key: &StoredKey) -> Key {
    Key { arn, state: key.state.clone(), spec: key.spec.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudReader as _;
    use crate::sim::{Simulation, SimulationSettings};

    #[tokio::test(start_paused = true)]
    async fn a_key_is_found_by_each_of_its_names_in_its_own_region() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_key("dev", "eu-west-1", "alias/uat/ec2", "Disabled", "SYMMETRIC_DEFAULT");
        let aws = simulation.cloud();
        let (here, there) = (
            simulation.target("dev", "eu-west-1").unwrap(),
            simulation.target("dev", "eu-west-2").unwrap(),
        );
        let arn = simulation.key_arn("dev", "eu-west-1", "alias/uat/ec2").unwrap();
        let alias_arn = format!("{}:alias/uat/ec2", arn_prefix(&here));
        for name in ["alias/uat/ec2", arn.as_str(), &alias_arn] {
            let reference = KeyReference(name.to_owned());
            let found = aws.key(&here, &reference).await.unwrap().unwrap();
            assert_eq!((&found.arn, found.state.as_str()), (&arn, "Disabled"));
            assert_eq!(aws.key(&there, &reference).await.unwrap(), None);
        }
        let managed = KeyReference("alias/aws/ebs".into());
        assert!(aws.key(&there, &managed).await.unwrap().is_some());
    }
}
