//! GuardDuty: what belongs to a detector.

use serde_json::Value;

use super::{Effect, handler, text};
use crate::model::{AccountId, Target};
use crate::sim::iam;
use crate::sim::world::World;

const DETECTOR: &str = "AWS::GuardDuty::Detector";

pub(super) fn needs(
    world: &World,
    target: &Target,
    resource_type: &str,
    properties: &Value,
) -> Effect {
    if resource_type == DETECTOR {
        return Ok(());
    }
    let detector = text(properties, "DetectorId").unwrap_or_default();
    let own = world.cell(target).is_some_and(|cell| cell.claims.has(DETECTOR, detector));
    if !own {
        return Err(handler(
            "The request is rejected because the input detectorId is not owned by the current account.",
            "InvalidRequest",
        ));
    }
    let other = match resource_type {
        "AWS::GuardDuty::Master" => text(properties, "MasterId"),
        "AWS::GuardDuty::Member" => text(properties, "MemberId"),
        _ => return Ok(()),
    };
    let account = other.and_then(|id| id.parse::<AccountId>().ok());
    if account.is_some_and(|id| id != target.account && iam::account_exists(world, &id)) {
        return Ok(());
    }
    Err(handler(
        "The request is rejected because an invalid or out-of-range value is specified as an input \
         parameter.",
        "InvalidRequest",
    ))
}
