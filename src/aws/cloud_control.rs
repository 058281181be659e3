//! Cloud Control: any resource, by the types and identifiers that CloudFormation has for it.
//!
//! It reads with the permissions of the caller's session.

use serde_json::Value;

use super::cloud::AwsCloud;
use super::error::{self, Explain as _, unexpected};
use super::pages::all;
use crate::cloud::{CloudError, ErrorKind, Result};
use crate::model::Target;

const LIST: &str = "cloudformation:ListResources";
const GET: &str = "cloudformation:GetResource";

/// What Cloud Control says of a resource.
#[derive(Debug)]
pub(super) struct Resource {
    /// The primary identifier; of more than one property, their values with `|` between them.
    pub(super) identifier: String,
    /// As in a template, with the properties that are read-only.
    pub(super) properties: Value,
}

impl Resource {
    /// A property that is text.
    pub(super) fn text(&self, property: &str) -> Option<&str> {
        self.properties.get(property)?.as_str()
    }
}

/// One resource by its primary identifier.
pub(super) async fn resource(
    cloud: &AwsCloud,
    target: &Target,
    resource_type: &str,
    identifier: &str,
) -> Result<Option<Resource>> {
    let call = cloud.cloudcontrol(target).get_resource();
    let call = call.type_name(resource_type).identifier(identifier);
    let answer = match call.send().await.explain(GET, target) {
        Ok(answer) => answer,
        Err(error) if is_absence(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let description = answer.resource_description();
    let description = description.ok_or_else(|| unexpected(GET, target, "no description"))?;
    let properties = serde_json::from_str(description.properties().unwrap_or("{}"));
    Ok(Some(Resource {
        identifier: error::read(description.identifier(), GET, target)?,
        properties: properties.map_err(|error| unexpected(GET, target, error))?,
    }))
}

/// The primary identifiers of all resources of a type.
pub(super) async fn identifiers(
    cloud: &AwsCloud,
    target: &Target,
    resource_type: &str,
) -> Result<Vec<String>> {
    let listed =
        all!(cloud.cloudcontrol(target).list_resources().type_name(resource_type), LIST, target);
    match listed {
        Ok(resources) => resources
            .iter()
            .map(|resource| error::read(resource.identifier(), LIST, target))
            .collect(),
        Err(error) if is_absence(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Whether the error says that there is nothing. Security Hub has neither hub nor standards where it is off, and says
/// so with a code that stands for much else.
fn is_absence(error: &CloudError) -> bool {
    error.kind == ErrorKind::NotFound
        || error.message.contains("is not subscribed to AWS Security Hub")
}
