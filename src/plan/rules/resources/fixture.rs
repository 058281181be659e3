//! What tests of differences begin with: the resources of two templates, in account 222222222222 and eu-west-1.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Side, differences};
use crate::plan::{PropertyChange, ResourceChange};
use crate::template::{Deployment, Template};

/// A template with parameters `Env` and `Image` (a name in Systems Manager) and a condition on `Env`.
pub(super) fn template(resources: &Value) -> Template {
    template_under(&json!({"Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}), resources)
}

/// The same with other conditions.
fn template_under(conditions: &Value, resources: &Value) -> Template {
    let document = json!({
        "Parameters": {
            "Env": {"Type": "String", "Default": "dev"},
            "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/image"},
        },
        "Conditions": conditions,
        "Resources": resources,
    });
    Template::of_body(&document.to_string()).unwrap()
}

/// Parameters; a value of `?` is one that nobody can know yet.
pub(super) type Parameters<'a> = &'a [(&'a str, &'a str)];

/// What differs between two deployments.
pub(super) fn changes(
    before: (&Value, Parameters),
    after: (&Value, Parameters),
) -> Vec<ResourceChange> {
    between([(template(before.0), before.1), (template(after.0), after.1)])
}

/// What differs between two deployments, each with its conditions, resources and value of `Env`.
pub(super) fn changes_under(
    before: (Value, Value, &str),
    after: (Value, Value, &str),
) -> Vec<ResourceChange> {
    let [before, after] = [before, after].map(|(conditions, resources, env)| {
        (template_under(&conditions, &resources), [("Env", env)])
    });
    between([(before.0, &before.1), (after.0, &after.1)])
}

fn between([before, after]: [(Template, Parameters); 2]) -> Vec<ResourceChange> {
    let templates = [before.0, after.0];
    let given = |parameters: Parameters| -> BTreeMap<_, _> {
        let known = |value: &str| (value != "?").then(|| value.to_owned());
        parameters.iter().map(|(name, value)| ((*name).to_owned(), known(value))).collect()
    };
    let (before, after) = (given(before.1), given(after.1));
    let (stack, account) = ("avm-x".parse().unwrap(), "222222222222".parse().unwrap());
    let region = "eu-west-1".parse().unwrap();
    let deployment = |parameters| Deployment {
        stack: &stack,
        account: Some(&account),
        region: &region,
        parameters,
    };
    differences(
        Side { template: &templates[0], deployment: deployment(&before) },
        Side { template: &templates[1], deployment: deployment(&after) },
    )
}

/// A resource's action, id, and what differs in it, a line each.
pub(super) fn lines(changes: &[ResourceChange]) -> Vec<String> {
    let mut lines = Vec::new();
    for change in changes {
        lines.push(format!("{} {}", change.action.symbol(), change.logical_id));
        lines.extend(change.properties.iter().map(line));
    }
    lines
}

/// What differs between two values of one property `P` of a resource.
pub(super) fn of_property(before: &Value, after: &Value) -> Vec<String> {
    let [before, after] = [before, after]
        .map(|value| json!({"It": {"Type": "My::Own::Type", "Properties": {"P": value}}}));
    let mut lines = lines(&changes((&before, &[]), (&after, &[])));
    if !lines.is_empty() {
        assert_eq!(lines.remove(0), "~ It");
    }
    lines
}

fn line(change: &PropertyChange) -> String {
    let told = |value: &Option<Value>| value.as_ref().map_or("none".to_owned(), Value::to_string);
    let replacement = match change.replacement {
        crate::plan::Replacement::Never => "",
        crate::plan::Replacement::Maybe => " (may replace)",
        crate::plan::Replacement::Always => " (replaces)",
    };
    let PropertyChange { path, before, after, .. } = change;
    format!("{path}: {} -> {}{replacement}", told(before), told(after))
}
