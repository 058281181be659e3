//! KMS: keys with their policies, and aliases.

use serde_json::Value;

use super::{Effect, flag, handler, text};
use crate::model::Target;
use crate::sim::world::{StoredKey, World};
use crate::sim::{key_policy, kms};

pub(super) fn needs(
    world: &World,
    target: &Target,
    resource_type: &str,
    name: &str,
    properties: &Value,
) -> Effect {
    if resource_type != "AWS::KMS::Alias" {
        return Ok(());
    }
    if name.starts_with("alias/aws/") {
        return Err(handler(&format!("Alias {name} is reserved"), "InvalidRequest"));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
    let well_formed = name
        .strip_prefix("alias/")
        .is_some_and(|rest| !rest.is_empty() && name.len() <= 256 && rest.chars().all(fits));
    if !well_formed {
        return Err(handler(&format!("Invalid alias {name}"), "InvalidRequest"));
    }
    let key = text(properties, "TargetKeyId").unwrap_or_default();
    match kms::find(world, target, key) {
        // An alias points at a key of its own account.
        Some(found) if found.arn.account().as_ref() != Some(&target.account) => {
            Err(handler(&format!("Invalid arn {key}"), "InvalidRequest"))
        }
        Some(found) if found.state == "PendingDeletion" => {
            Err(handler(&format!("{} is pending deletion.", found.arn), "InvalidRequest"))
        }
        Some(_) => Ok(()),
        None => Err(handler(&format!("Key '{key}' does not exist"), "NotFound")),
    }
}

/// Points an alias at the key that its properties name.
pub(super) fn point(world: &mut World, target: &Target, alias: &str, properties: &Value) -> Effect {
    let key = text(properties, "TargetKeyId").unwrap_or_default();
    let key = kms::find(world, target, key).ok_or("the key has gone")?;
    let id = key.arn.as_str().rsplit('/').next().unwrap_or_default().to_owned();
    world.cell_mut(target).aliases.insert(alias.to_owned(), id);
    Ok(())
}

pub(super) fn remove_alias(world: &mut World, target: &Target, alias: &str) {
    world.cell_mut(target).aliases.remove(alias);
}

/// Makes or changes a key. Without a policy it has the default one, which lets in its own account alone.
pub(super) fn set_key(world: &mut World, target: &Target, id: &str, properties: &Value) -> Effect {
    let shared = match properties.get("KeyPolicy") {
        Some(policy) => key_policy::check(world, target, policy).map_err(|message| {
            handler(&format!("MalformedPolicyDocumentException: {message}"), "InvalidRequest")
        })?,
        None => None,
    };
    let disabled = flag(properties, "Enabled") == Some(false);
    let state = if disabled { "Disabled" } else { "Enabled" }.to_owned();
    let spec = text(properties, "KeySpec").unwrap_or("SYMMETRIC_DEFAULT").to_owned();
    world.cell_mut(target).keys.insert(id.to_owned(), StoredKey { state, spec, shared });
    Ok(())
}

/// `ScheduleKeyDeletion`: the key stays for days, and encrypts nothing any more.
pub(super) fn schedule_deletion(world: &mut World, target: &Target, id: &str) {
    if let Some(key) = world.cell_mut(target).keys.get_mut(id) {
        key.state = "PendingDeletion".into();
    }
}
