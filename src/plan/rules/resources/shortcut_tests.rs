//! Resources that are not looked at are those that do not differ: over all shipped templates, each changed in a few
//! places.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Side;
use super::sides::Sides;
use crate::template::{Deployment, Divergence, Template};

/// Of each kind of change this many are made in each template.
const OF_EACH: usize = 2;

/// The shipped templates. The planner reads no files, and neither do its tests.
const TEMPLATES: &[&str] = &[
    include_str!("../../../../templates/access-analyzer.yaml"),
    include_str!("../../../../templates/cloudfront-ddos.yaml"),
    include_str!("../../../../templates/cloudtrail.yaml"),
    include_str!("../../../../templates/config.yaml"),
    include_str!("../../../../templates/config-aggregator.yaml"),
    include_str!("../../../../templates/config-rules-cis-foundation.yaml"),
    include_str!("../../../../templates/config-rules-eks-and-containers.yaml"),
    include_str!("../../../../templates/config-rules-encryption.yaml"),
    include_str!("../../../../templates/guardduty.yaml"),
    include_str!("../../../../templates/kms-keys.yaml"),
    include_str!("../../../../templates/log-buckets.yaml"),
    include_str!("../../../../templates/organization-trail.yaml"),
    include_str!("../../../../templates/people.yaml"),
    include_str!("../../../../templates/runner-member.yaml"),
    include_str!("../../../../templates/runner-roles.yaml"),
    include_str!("../../../../templates/security-hub.yaml"),
    include_str!("../../../../templates/security-hub-aggregator.yaml"),
    include_str!("../../../../templates/security-hub-organization.yaml"),
    include_str!("../../../../templates/service-catalog.yaml"),
];

/// A template that differs, and a parameter with another value.
type Mutation = (Value, Option<(String, Option<String>)>);

#[test]
fn what_is_not_looked_at_does_not_differ() {
    let mut changed = 0;
    for text in TEMPLATES {
        let template = Template::of_body(text).unwrap();
        let mutations = mutations(&template);
        assert!(mutations.len() > OF_EACH);
        for (value, parameter) in mutations {
            let other = Template::of_body(&value.to_string()).unwrap();
            changed += compare(&template, &other, parameter);
        }
    }
    assert!(changed > 100, "{changed} resources differed");
}

/// Compares all resources with those that are looked at. Answers how many differ.
fn compare(one: &Template, other: &Template, parameter: Option<(String, Option<String>)>) -> usize {
    let (stack, account) = ("avm-x".parse().unwrap(), "222222222222".parse().unwrap());
    let region = "eu-west-1".parse().unwrap();
    let (before, after) = (BTreeMap::new(), parameter.into_iter().collect());
    let deployment = |parameters| Deployment {
        stack: &stack,
        account: Some(&account),
        region: &region,
        parameters,
    };
    let sides = Sides::of(
        Side { template: one, deployment: deployment(&before) },
        Side { template: other, deployment: deployment(&after) },
    );
    let divergence = Divergence::between(&sides.before, &sides.after);
    let mut everything = divergence.clone();
    // Every text has the empty one in it.
    everything.add([""]);
    assert!(one.resources().values().all(|resource| everything.reaches(&resource.value)));
    let found = sides.differences(divergence);
    assert_eq!(found, sides.differences(everything), "{:?}", after.keys());
    found.len()
}

fn mutations(template: &Template) -> Vec<Mutation> {
    let whole = template.value();
    let names = |section: &str| -> Vec<String> {
        let section = whole.get(section).and_then(Value::as_object);
        section.into_iter().flat_map(serde_json::Map::keys).take(OF_EACH).cloned().collect()
    };
    let changed = |section: &str, name: &str, change: &dyn Fn(&mut Value)| {
        let mut value = whole.clone();
        change(&mut value[section][name]);
        (value, None)
    };
    let mut mutations = vec![(whole.clone(), None)];
    for name in names("Parameters") {
        for given in [None, Some("else".to_owned())] {
            mutations.push((whole.clone(), Some((name.clone(), given))));
        }
        mutations.push(changed("Parameters", &name, &|it| it["NoEcho"] = json!(true)));
    }
    for name in names("Conditions") {
        let negated = |it: &mut Value| *it = json!({"Fn::Not": [it.take()]});
        mutations.push(changed("Conditions", &name, &negated));
        let opened = |it: &mut Value| *it = json!({"Fn::Equals": [{"Fn::ImportValue": "x"}, "x"]});
        mutations.push(changed("Conditions", &name, &opened));
    }
    for name in names("Mappings") {
        mutations.push(changed("Mappings", &name, &|it| first_text(it, "else")));
    }
    for name in names("Resources") {
        mutations.push(changed("Resources", &name, &|it| first_text(&mut it["Properties"], "x")));
        mutations.push(changed("Resources", &name, &|it| it["Type"] = json!("My::Own::Type")));
        mutations.push(changed("Resources", &name, &|it| it["Metadata"] = json!({"a": "b"})));
    }
    mutations
}

/// Changes the first text of a value.
fn first_text(value: &mut Value, to: &str) {
    let first = match value {
        Value::Array(items) => items.first_mut(),
        Value::Object(map) => map.values_mut().next(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    match first {
        Some(first) => first_text(first, to),
        None => *value = json!(to),
    }
}
