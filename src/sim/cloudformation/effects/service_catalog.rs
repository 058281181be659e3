//! Service Catalog: principals and launch roles must be there.

use serde_json::Value;

use super::{Effect, handler, text};
use crate::sim::iam;
use crate::sim::world::World;

pub(super) fn needs(world: &World, resource_type: &str, properties: &Value) -> Effect {
    let of = |name: &str| text(properties, name);
    match resource_type {
        "AWS::ServiceCatalog::PortfolioPrincipalAssociation" => {
            let arn = of("PrincipalARN").unwrap_or_default();
            match of("PrincipalType") {
                // A pattern has no account, and need not match anybody yet.
                Some("IAM_PATTERN") if arn.starts_with("arn:aws:iam:::") => Ok(()),
                Some("IAM") if iam::principal_exists(world, arn) => Ok(()),
                _ => Err(handler(&format!("Invalid principal: {arn}"), "InvalidRequest")),
            }
        }
        "AWS::ServiceCatalog::LaunchRoleConstraint" => match (of("RoleArn"), of("LocalRoleName")) {
            (Some(arn), None) if iam::principal_exists(world, arn) => Ok(()),
            (Some(arn), None) => {
                Err(handler(&format!("Role {arn} does not exist"), "InvalidRequest"))
            }
            (None, Some(_)) => Ok(()),
            _ => Err(handler(
                "Exactly one of RoleArn and LocalRoleName must be given",
                "InvalidRequest",
            )),
        },
        _ => Ok(()),
    }
}
