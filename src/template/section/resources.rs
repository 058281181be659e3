//! Resources.

use std::collections::BTreeMap;

use super::{Resource, Sections, check_keys};
use crate::document::{Kind, Node};
use crate::template::faults::{Faults, did_you_mean};
use crate::template::long_form;

const KEYS: &[&str] = &[
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version", // of custom resources
];

const DELETION_POLICIES: &[&str] = &["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
const UPDATE_REPLACE_POLICIES: &[&str] = &["Delete", "Retain", "Snapshot"];

/// Reads the resources; a faulty one is left out.
pub(in crate::template) fn read(
    sections: &Sections<'_>,
    faults: &mut Faults<'_>,
) -> BTreeMap<String, Resource> {
    match sections.root.get("Resources") {
        None => faults.add_at(
            &(sections.root.span.start..sections.root.span.start),
            "resources",
            "the template has no `Resources`",
            None,
        ),
        Some(section) if matches!(&section.kind, Kind::Mapping(entries) if entries.is_empty()) => {
            faults.add(section, "resources", "`Resources` is empty: a template has at least one");
        }
        Some(_) => {}
    }
    sections
        .entries("Resources")
        .filter_map(|(name, key, node)| {
            Some((name.to_owned(), resource(name, key, node, sections, faults)?))
        })
        .collect()
}

fn resource(
    name: &str,
    key: &Node,
    node: &Node,
    sections: &Sections<'_>,
    faults: &mut Faults<'_>,
) -> Option<Resource> {
    if node.entries().is_empty() {
        let message = format!("the resource `{name}` must be a mapping with a `Type`");
        faults.add(key, "resource", message);
        return None;
    }
    let Some(type_node) = node.get("Type") else {
        faults.add(key, "resource", format!("the resource `{name}` has no `Type`"));
        return None;
    };
    let resource_type = type_node.text().unwrap_or_default();
    if !is_type(resource_type) {
        let message = format!("`{resource_type}` is not a type of resource");
        let help = "a type looks like AWS::S3::Bucket, Custom::Name or My::Own::Module::MODULE";
        faults.add_with_help(type_node, "resource", message, help);
    }
    // A transform may know attributes of its own.
    if !sections.macros {
        check_keys("a resource", node, KEYS, faults);
        check_policy(node, "DeletionPolicy", DELETION_POLICIES, faults);
        check_policy(node, "UpdateReplacePolicy", UPDATE_REPLACE_POLICIES, faults);
    }
    for attribute in ["Properties", "Metadata"] {
        if let Some(value) = node.get(attribute)
            && !matches!(value.kind, Kind::Mapping(_))
        {
            let message = format!("`{attribute}` must be a mapping, this is {}", value.describe());
            faults.add(value, "resource", message);
        }
    }
    Some(Resource { resource_type: resource_type.to_owned(), value: long_form::value(node) })
}

/// `A::B::C`, `A::B::C::MODULE` or `Custom::Name`.
fn is_type(name: &str) -> bool {
    let is_word = |part: &str| part.len() >= 2 && part.chars().all(|c| c.is_ascii_alphanumeric());
    let is_custom = |name: &str| {
        (1..=60).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '-'))
    };
    match name.split("::").collect::<Vec<_>>()[..] {
        ["Custom", name] => is_custom(name),
        [a, b, c] | [a, b, c, "MODULE"] => [a, b, c].into_iter().all(is_word),
        _ => false,
    }
}

fn check_policy(node: &Node, key: &str, known: &[&str], faults: &mut Faults<'_>) {
    let Some(policy) = node.get(key) else { return };
    let word = policy.text().unwrap_or_default();
    if !known.contains(&word) {
        let help = did_you_mean(word, known.iter().copied())
            .unwrap_or_else(|| format!("known are {}", known.join(", ")));
        faults.add_with_help(policy, "resource", format!("`{key}` has no `{word}`"), help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Source, parse};

    fn faults(text: &str) -> Vec<String> {
        let source = Source::new("t", text);
        let root = parse(&source).unwrap();
        let mut faults = Faults::new(&source);
        read(&Sections::new(&root), &mut faults);
        faults.into_vec().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn types_have_three_parts_or_are_custom_or_modules() {
        for name in [
            "AWS::S3::Bucket",
            "Custom::My-Thing_1@x",
            "My::S3::Bucket::MODULE",
            "Alexa::ASK::Skill",
        ] {
            assert!(is_type(name), "{name}");
        }
        for name in [
            "",
            "AWS::S3",
            "AWS:S3:Bucket",
            "AWS::S3::Bucket::Extra",
            "AWS::S3::",
            "Custom::",
            "Custom::a b",
        ] {
            assert!(!is_type(name), "{name}");
        }
    }

    #[test]
    fn everything_that_aws_would_refuse_is_refused() {
        assert_eq!(faults("Description: x\n"), ["t:1:1: the template has no `Resources`"]);
        assert_eq!(
            faults("Resources: {}\n"),
            ["t:1:12: `Resources` is empty: a template has at least one"]
        );
        assert_eq!(
            faults(
                "Resources:\n  A: text\n  B: {Properties: {}}\n  C: {Type: S3}\n  D: {Type: 'A1::B1::C1', Propertes: {}}\n  \
                 E: {Type: 'A1::B1::C1', Properties: []}\n  F: {Type: 'A1::B1::C1', DeletionPolicy: Retian}\n  \
                 G: {Type: 'Custom::X', Version: 1, UpdateReplacePolicy: RetainExceptOnCreate}\n"
            ),
            [
                "t:2:3: the resource `A` must be a mapping with a `Type`",
                "t:3:3: the resource `B` has no `Type`",
                "t:4:13: `S3` is not a type of resource",
                "t:5:27: a resource has no `Propertes`",
                "t:6:39: `Properties` must be a mapping, this is a list",
                "t:7:43: `DeletionPolicy` has no `Retian`",
                "t:8:59: `UpdateReplacePolicy` has no `RetainExceptOnCreate`",
            ]
        );
    }

    #[test]
    fn a_transform_may_bring_attributes_and_calls() {
        let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn::Transform: {Name: AWS::Include}\n  \
                    A: {Type: 'AWS::Serverless::Function', Connectors: {}}\n";
        assert_eq!(faults(text), [""; 0]);
    }
}
