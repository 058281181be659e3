//! What CloudFormation refuses before it starts.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::parameters;
use super::scope::Site;
use crate::cloud::{ErrorKind, StackInput, TemplateLocation};
use crate::model::Target;
use crate::sim::refusal::{Answer, Refusal};
use crate::sim::s3;
use crate::sim::world::{Deployment, ReadTemplate, Stack, World};
use crate::template::{Capability, MAX_BODY_BYTES, MAX_TEMPLATE_BYTES, Template};

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorKind::Refused, "ValidationError", message)
}

/// What a request asks for, if CloudFormation would begin with it.
pub(super) fn deployment(
    world: &mut World,
    target: &Target,
    input: &StackInput,
) -> Answer<(Deployment, Rc<ReadTemplate>)> {
    let text = body(world, &input.template)?;
    let (id, read) = world.templates.add(&text).map_err(invalid)?;
    let template = &read.template;
    let there = world.cell(target).and_then(|cell| cell.stacks.get(&input.name));
    let none = BTreeMap::new();
    let before = there.map_or(&none, |stack| &stack.deployed.parameters);
    let mut parameters = parameters::values(&read, &input.parameters, before)?;
    parameters::assert_rules(&read, Site { target, name: &input.name, id: "" }, &parameters)?;
    capabilities(template, input)?;
    parameters::hide(&read, &mut parameters);
    Ok((Deployment { template: id, parameters }, read))
}

/// A resource keeps its type as long as it keeps its name.
pub(super) fn same_types(stack: &Stack, template: &Template) -> Answer<()> {
    let changed: Vec<_> = stack
        .resources
        .iter()
        .filter(|old| {
            let new = template.resources().get(&old.logical_id);
            new.is_some_and(|new| new.resource_type != old.resource_type)
        })
        .map(|old| old.logical_id.as_str())
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the \
         following resources: [{}]",
        changed.join(", ")
    )))
}

fn body(world: &World, location: &TemplateLocation) -> Answer<String> {
    let (text, limit) = match location {
        TemplateLocation::Body(text) => (text.as_str(), MAX_BODY_BYTES),
        TemplateLocation::Url(url) => {
            let text = s3::object(world, url).ok_or_else(|| {
                invalid(format!("S3 error: The specified key does not exist. {url}"))
            })?;
            (text, MAX_TEMPLATE_BYTES)
        }
    };
    if text.len() > limit {
        return Err(invalid(format!(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member \
             must have length less than or equal to {limit}"
        )));
    }
    Ok(text.to_owned())
}

fn capabilities(template: &Template, input: &StackInput) -> Answer<()> {
    let given = &input.capabilities;
    let acknowledged = |needed: &Capability| {
        given.contains(needed)
            || (*needed == Capability::CapabilityIam
                && given.contains(&Capability::CapabilityNamedIam))
    };
    let missing: Vec<_> = template
        .capabilities()
        .iter()
        .filter(|needed| !acknowledged(needed))
        .map(|needed| needed.as_aws())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        ErrorKind::Refused,
        "InsufficientCapabilitiesException",
        format!("Requires capabilities : [{}]", missing.join(", ")),
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::fixture::{Setup, input};
    use super::*;
    use crate::cloud::CloudWriter as _;

    const ROLE: &str = "
Parameters:
  Environment: {Type: String, AllowedValues: [uat, prod]}
  Days: {Type: Number, Default: 30, MinValue: 7, MaxValue: '90'}
  Name: {Type: String, Default: config, MinLength: 3}
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref Name, AssumeRolePolicyDocument: {}}}
";

    async fn refusal(stack: &StackInput) -> String {
        let setup = Setup::new();
        setup.aws.create_stack(&setup.target, stack).await.unwrap_err().message
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_template_may_do_must_be_acknowledged() {
        let stack = input("role", ROLE, &[("Environment", "uat")]);
        let iam = BTreeSet::from([Capability::CapabilityIam]);
        for capabilities in [BTreeSet::new(), iam] {
            let message = refusal(&StackInput { capabilities, ..stack.clone() }).await;
            assert_eq!(message, "Requires capabilities : [CAPABILITY_NAMED_IAM]");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_template_that_makes_no_sense_is_refused_at_once() {
        let unresolved =
            "Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub 'x-${B}'}}}";
        let message = refusal(&input("a", unresolved, &[])).await;
        assert!(message.starts_with("Template format error") && message.contains('B'), "{message}");
        let empty = "Description: nothing at all";
        let message = refusal(&input("a", empty, &[])).await;
        assert!(message.starts_with("Template format error"), "{message}");
        let message = refusal(&input("a", "Resources: [", &[])).await;
        assert!(message.starts_with("Template format error"), "{message}");
    }
}
