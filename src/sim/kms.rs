//! Keys and their aliases.

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::Refusal;
use super::world::{Audience, StoredKey, World, uuid};
use crate::cloud::{ErrorKind, Key, KeyReference, Result};
use crate::model::{KeyArn, Target, wildcard_matches};

pub(super) async fn key(
    aws: &SimulatedCloud,
    target: &Target,
    key: &KeyReference,
) -> Result<Option<Key>> {
    aws.call_at(target, Call::read("kms:DescribeKey"), |world| {
        let Some(place) = locate(world, target, &key.0) else { return Ok(None) };
        match &place {
            Place::Stored { owner, id, key } if !lets_in(world, owner, key, target, Need::See) => {
                Err(Refusal::new(
                    ErrorKind::Denied,
                    "AccessDeniedException",
                    format!(
                        "User: arn:aws:sts::{}:assumed-role/{} is not authorized to perform: \
                         kms:DescribeKey on resource: {} because no resource-based policy allows the \
                         kms:DescribeKey action",
                        target.account,
                        aws.role,
                        key_arn(owner, id)
                    ),
                ))
            }
            Place::Stored { .. } | Place::Managed(_) => Ok(Some(place.describe())),
        }
    })
    .await
}

/// A key by its ARN, its id, its alias or the alias's ARN, if the target's account may see it. Only keys of the
/// target's region are found.
pub(super) fn find(world: &World, target: &Target, reference: &str) -> Option<Key> {
    let place = locate(world, target, reference)?;
    match &place {
        Place::Stored { owner, key, .. } if !lets_in(world, owner, key, target, Need::See) => None,
        Place::Stored { .. } | Place::Managed(_) => Some(place.describe()),
    }
}

/// A key by its ARN, if EC2 may encrypt volumes of the target's account with it.
pub(super) fn usable(world: &World, target: &Target, arn: &KeyArn) -> Option<Key> {
    let place = locate(world, target, arn.as_str())?;
    match &place {
        Place::Stored { owner, key, .. } if !lets_in(world, owner, key, target, Need::Use) => None,
        Place::Stored { .. } | Place::Managed(_) => Some(place.describe()),
    }
}

/// Where a key is.
enum Place<'a> {
    /// Somebody's key.
    Stored { owner: Target, id: String, key: &'a StoredKey },
    /// AWS's own for a service.
    Managed(Key),
}

/// What the key's policy must allow.
#[derive(Clone, Copy)]
enum Need {
    See,
    Use,
}

impl Place<'_> {
    fn describe(&self) -> Key {
        match self {
            Self::Stored { owner, id, key } => {
                Key { arn: key_arn(owner, id), state: key.state.clone(), spec: key.spec.clone() }
            }
            Self::Managed(key) => key.clone(),
        }
    }
}

/// Finds the key that a reference means, whoever may see it.
fn locate<'a>(world: &'a World, target: &Target, reference: &str) -> Option<Place<'a>> {
    let (owner, name) = match reference.strip_prefix("arn:") {
        Some(_) => {
            let mut fields = reference.splitn(6, ':').skip(3);
            let (region, account) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            let resource = fields.next()?;
            (Target { account, region }, resource.strip_prefix("key/").unwrap_or(resource))
        }
        None => (target.clone(), reference),
    };
    if owner.region != target.region {
        return None;
    }
    if let Some(service) = name.strip_prefix("alias/aws/") {
        return Some(Place::Managed(managed(&owner, service)));
    }
    let cell = world.cell(&owner)?;
    let id = if name.starts_with("alias/") { cell.aliases.get(name)? } else { name };
    let (id, key) = cell.keys.get_key_value(id)?;
    Some(Place::Stored { id: id.clone(), key, owner })
}

/// Whether the key's policy lets the target's account do that. Its own account's role may do everything.
fn lets_in(world: &World, owner: &Target, key: &StoredKey, target: &Target, need: Need) -> bool {
    if owner.account == target.account {
        return true;
    }
    let Some(shared) = &key.shared else { return false };
    let audience = match need {
        Need::See => &shared.seen,
        Need::Use => &shared.used,
    };
    let Audience { accounts, organization, paths } = audience;
    let path = world.principal_path(&target.account);
    accounts.contains(&target.account)
        || path.is_some_and(|path| {
            *organization || paths.iter().any(|pattern| wildcard_matches(pattern, &path))
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
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

    #[tokio::test(start_paused = true)]
    async fn a_key_of_another_account_is_seen_as_far_as_its_policy_lets() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("security", "security@example.com", "/")
            .with_account("dev", "dev@example.com", "/")
            .with_key("security", "eu-west-1", "alias/central", "Enabled", "SYMMETRIC_DEFAULT");
        let dev = simulation.target("dev", "eu-west-1").unwrap();
        let owner = simulation.target("security", "eu-west-1").unwrap();
        let arn = simulation.key_arn("security", "eu-west-1", "alias/central").unwrap();
        let by_alias = KeyReference(format!("{}:alias/central", arn_prefix(&owner)));
        let aws = simulation.cloud();
        let seen = async |key: &KeyReference| aws.key(&dev, key).await;
        let refused = seen(&KeyReference(arn.to_string())).await.unwrap_err();
        assert_eq!(
            (refused.kind, refused.code.as_str()),
            (ErrorKind::Denied, "AccessDeniedException")
        );

        let simulation = simulation.with_shared_key("security", "eu-west-1", "alias/central");
        for key in [KeyReference(arn.to_string()), by_alias] {
            assert_eq!(seen(&key).await.unwrap().unwrap().arn, arn);
        }
        aws.set_default_ebs_key(&dev, &arn).await.unwrap();
        aws.enable_ebs_encryption(&dev).await.unwrap();
        assert_eq!(simulation.ebs_key("dev", "eu-west-1"), Some(arn));
        let alias = KeyReference("alias/central".into());
        assert_eq!(seen(&alias).await.unwrap(), None, "an alias is of its own account");
    }
}
