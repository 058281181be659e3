//! Access Analyzer: analyzers, and those that speak for the organization.

use serde_json::Value;

use super::{Effect, handler, text};
use crate::model::Target;
use crate::sim::world::World;

/// An analyzer of the organization belongs into the management account or the delegated administrator's.
pub(super) fn needs(world: &World, target: &Target, properties: &Value) -> Effect {
    let kind = text(properties, "Type").unwrap_or_default();
    if !kind.starts_with("ORGANIZATION") {
        return Ok(());
    }
    let service = "access-analyzer.amazonaws.com";
    let administration = &world.administration;
    let may = administration.delegates(service, &target.account)
        || (target.account == world.management_account && administration.trusts(service));
    if may {
        return Ok(());
    }
    Err(handler(
        "You must be the management account or the delegated administrator of the organization to \
         create an analyzer with the organization as the zone of trust.",
        "InvalidRequest",
    ))
}
