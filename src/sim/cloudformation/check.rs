//! What CloudFormation refuses before it starts.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use crate::cloud::{ErrorKind, StackInput, TemplateLocation};
use crate::sim::refusal::{Answer, Refusal};
use crate::sim::s3;
use crate::sim::world::{Deployment, ReadTemplate, Stack, World};
use crate::template::{Capability, MAX_BODY_BYTES, MAX_TEMPLATE_BYTES, Parameter, Template};

/// A parameter's value may have so many bytes (CloudFormation quotas).
const MAX_VALUE_BYTES: usize = 4_096;

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorKind::Refused, "ValidationError", message)
}

/// What a request asks for, if CloudFormation would begin with it.
pub(super) fn deployment(
    world: &mut World,
    input: &StackInput,
) -> Answer<(Deployment, Rc<ReadTemplate>)> {
    let text = body(world, &input.template)?;
    let (id, read) = world.templates.add(&text).map_err(invalid)?;
    let template = &read.template;
    let parameters = parameters(template, &input.parameters)?;
    capabilities(template, input)?;
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

/// Every parameter's value, defaults included.
fn parameters(
    template: &Template,
    given: &BTreeMap<String, String>,
) -> Answer<BTreeMap<String, String>> {
    let declared = template.parameters();
    let unknown: Vec<_> =
        given.keys().filter(|name| !declared.contains_key(*name)).cloned().collect();
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        return Err(invalid(format!("Parameters: [{names}] do not exist in the template")));
    }
    let (mut values, mut missing) = (BTreeMap::new(), Vec::new());
    for (name, parameter) in declared {
        match given.get(name).or(parameter.default.as_ref()) {
            Some(value) => {
                let rules = template.value().get("Parameters").and_then(|all| all.get(name));
                value_allowed(name, parameter, rules.unwrap_or(&Value::Null), value)?;
                values.insert(name.clone(), value.clone());
            }
            None => missing.push(name.clone()),
        }
    }
    if !missing.is_empty() {
        let names = missing.join(", ");
        return Err(invalid(format!("Parameters: [{names}] must have values")));
    }
    Ok(values)
}

fn value_allowed(name: &str, parameter: &Parameter, rules: &Value, value: &str) -> Answer<()> {
    let refused = |rule: &str| Err(invalid(format!("Parameter '{name}' {rule}")));
    if value.len() > MAX_VALUE_BYTES {
        return refused("must be at most 4096 bytes");
    }
    let kind = parameter.parameter_type.as_str();
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    let items: Vec<_> =
        if is_list { value.split(',').map(str::trim).collect() } else { vec![value] };
    let allowed = &parameter.allowed_values;
    if !allowed.is_empty() && !items.iter().all(|item| allowed.iter().any(|one| one == item)) {
        return refused("must be one of AllowedValues");
    }
    if matches!(kind, "Number" | "List<Number>") {
        let numbers: Result<Vec<f64>, _> = items.iter().map(|item| item.parse()).collect();
        let Ok(numbers) = numbers else { return refused("must be a number") };
        let (least, most) = (number(rules, "MinValue"), number(rules, "MaxValue"));
        if numbers.iter().any(|one| least.is_some_and(|least| *one < least)) {
            return refused("must be a number not less than MinValue");
        }
        if numbers.iter().any(|one| most.is_some_and(|most| *one > most)) {
            return refused("must be a number not greater than MaxValue");
        }
    }
    if kind == "String" {
        let length = f64::from(u16::try_from(value.chars().count()).unwrap_or(u16::MAX));
        if number(rules, "MinLength").is_some_and(|least| length < least) {
            return refused("must contain at least MinLength characters");
        }
        if number(rules, "MaxLength").is_some_and(|most| length > most) {
            return refused("must contain at most MaxLength characters");
        }
    }
    Ok(())
}

fn number(rules: &Value, rule: &str) -> Option<f64> {
    match rules.get(rule)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
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
    async fn parameters_must_be_known_given_and_allowed() {
        let uat = ("Environment", "uat");
        let cases: [(&[(&str, &str)], &str); 6] = [
            (&[], "Parameters: [Environment] must have values"),
            (&[uat, ("Colour", "red")], "Parameters: [Colour] do not exist in the template"),
            (&[("Environment", "dev")], "Parameter 'Environment' must be one of AllowedValues"),
            (&[uat, ("Days", "many")], "Parameter 'Days' must be a number"),
            (&[uat, ("Days", "91")], "Parameter 'Days' must be a number not greater than MaxValue"),
            (&[uat, ("Name", "ab")], "Parameter 'Name' must contain at least MinLength characters"),
        ];
        for (parameters, message) in cases {
            assert_eq!(refusal(&input("role", ROLE, parameters)).await, message);
        }
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
