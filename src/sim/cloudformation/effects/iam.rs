//! IAM: service-linked roles.

use serde_json::Value;

use super::{Effect, handler, text};
use crate::model::{ServicePrincipal, Target};
use crate::sim::account_settings::has_service_linked_role;
use crate::sim::iam::service_linked_role_name;
use crate::sim::world::World;

pub(super) fn make_service_linked_role(
    world: &mut World,
    target: &Target,
    properties: &Value,
) -> Effect {
    let name = text(properties, "AWSServiceName").unwrap_or_default();
    let Ok(service) = name.parse::<ServicePrincipal>() else {
        return Err(handler(&format!("{name} is no service"), "InvalidRequest"));
    };
    let Some(account) = world.accounts.get_mut(&target.account) else { return Ok(()) };
    if has_service_linked_role(account, &service) {
        let message = format!(
            "Service role name {} has been taken in this account, please try a different suffix.",
            service_linked_role_name(name)
        );
        return Err(handler(&message, "InvalidRequest"));
    }
    account.settings.service_linked_roles.insert(service);
    Ok(())
}

pub(super) fn remove_service_linked_role(world: &mut World, target: &Target, name: &str) {
    if let Some(account) = world.accounts.get_mut(&target.account) {
        let roles = &mut account.settings.service_linked_roles;
        roles.retain(|service| service_linked_role_name(service.as_str()) != name);
    }
}
