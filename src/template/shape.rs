//! What holds for every part of a template alike.

use super::digest::DIGEST_OUTPUT;
use super::faults::{Faults, did_you_mean};
use super::limits::{
    MAX_DESCRIPTION_BYTES, MAX_LOGICAL_ID, MAX_MAPPINGS, MAX_OUTPUTS, MAX_PARAMETERS, MAX_RESOURCES,
};
use super::section::Sections;
use crate::document::{Kind, Node, Scalar};

const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// The sections whose entries have logical ids, and how many they may have.
const ENTRIES: &[(&str, usize)] = &[
    ("Conditions", usize::MAX),
    ("Mappings", MAX_MAPPINGS),
    ("Outputs", MAX_OUTPUTS - 1),
    ("Parameters", MAX_PARAMETERS),
    ("Resources", MAX_RESOURCES),
    ("Rules", usize::MAX),
];

/// Refuses unknown sections, bad logical ids, too many entries, and values that CloudFormation never takes.
pub(super) fn check(sections: &Sections<'_>, faults: &mut Faults<'_>) {
    for (key, value) in sections.root.entries() {
        let Some(name) = key.text() else { continue };
        // `Globals` is what AWS::Serverless adds.
        let is_known = SECTIONS.contains(&name) || (sections.macros && name == "Globals");
        if !is_known {
            let help = did_you_mean(name, SECTIONS.iter().copied());
            faults.add_at(
                &key.span,
                "unknown-section",
                format!("a template has no section `{name}`"),
                help,
            );
        }
        match name {
            "AWSTemplateFormatVersion" if value.text() != Some("2010-09-09") => {
                faults.add(value, "version", "the only version there is is \"2010-09-09\"");
            }
            "Description" if value.text().is_none_or(|text| text.len() > MAX_DESCRIPTION_BYTES) => {
                let message =
                    format!("`Description` must be text of at most {MAX_DESCRIPTION_BYTES} bytes");
                faults.add(value, "description", message);
            }
            _ => {}
        }
    }
    for (section, limit) in ENTRIES {
        check_section(sections, section, *limit, faults);
    }
    check_names(sections, faults);
    if !sections.macros {
        check_values(sections.root, faults);
    }
}

fn check_section(sections: &Sections<'_>, section: &str, limit: usize, faults: &mut Faults<'_>) {
    let Some(node) = sections.root.get(section) else { return };
    if node.scalar() == Some(Scalar::Null) && !sections.macros {
        return; // which is said of every empty value
    }
    let Kind::Mapping(entries) = &node.kind else {
        let message = format!("`{section}` must be a mapping, this is {}", node.describe());
        return faults.add(node, "section", message);
    };
    if let Some((key, _)) = entries.get(limit) {
        let reserved = if section == "Outputs" { "; one more is kept for the digest" } else { "" };
        let message = format!("more than {limit} entries in `{section}`{reserved}");
        faults.add(key, "limit", message);
    }
    for (name, key, _) in sections.entries(section) {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            let message = format!("the name `{name}` may have letters and digits only");
            let help = name
                .starts_with("Fn::ForEach")
                .then(|| "loops need `Transform: AWS::LanguageExtensions`".to_owned());
            faults.add_at(&key.span, "logical-id", message, help);
        } else if name.len() > MAX_LOGICAL_ID {
            let message = format!("a name of more than {MAX_LOGICAL_ID} characters");
            faults.add(key, "logical-id", message);
        }
        if section == "Outputs" && name == DIGEST_OUTPUT {
            let message = format!("the output `{DIGEST_OUTPUT}` is reserved: avm adds it");
            faults.add_with_help(
                key,
                "reserved-output",
                message,
                "remove it, or give it another name",
            );
        }
    }
}

/// A parameter and a resource of one name: a `Ref` could mean either.
fn check_names(sections: &Sections<'_>, faults: &mut Faults<'_>) {
    let parameters = sections.root.get("Parameters");
    for (name, key, _) in sections.entries("Resources") {
        if let Some(parameters) = parameters
            && parameters.get(name).is_some()
        {
            faults.add(key, "logical-id", format!("`{name}` is also the name of a parameter"));
        }
    }
}

fn check_values(node: &Node, faults: &mut Faults<'_>) {
    match node.scalar() {
        Some(Scalar::Null) => faults.add_with_help(
            node,
            "null",
            "an empty value: CloudFormation refuses null",
            "remove the key, or write \"\", {} or []",
        ),
        Some(Scalar::Int(number)) if is_account_id(node) => {
            let message = format!("YAML 1.1 reads this as the octal number {number}");
            faults.add_with_help(node, "octal", message, "quote an account id");
        }
        _ => {}
    }
    for (_, value) in node.entries() {
        check_values(value, faults);
    }
    for item in node.items() {
        check_values(item, faults);
    }
}

/// Twelve digits with a leading zero and no 8 or 9: what is meant is not what is read.
fn is_account_id(node: &Node) -> bool {
    node.text().is_some_and(|text| {
        text.len() == 12 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::document::Source;
    use crate::template::{MAX_TEMPLATE_BYTES, Template};

    fn faults(text: &str) -> Vec<String> {
        let faults = Template::parse(&Source::new("t.yaml", text)).unwrap_err();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn faults_of_all_parts_come_together() {
        assert_eq!(
            faults(
                "Resource: {}\nAWSTemplateFormatVersion: 2020-01-01\nDescription: [x]\nParameters:\n  A: {Type: Strin}\n\
                 Outputs: []\nResources:\n  A: {Type: 'A1::B1::C1'}\n  a_b: {Type: 'A1::B1::C1', Properties: {x: , y: \
                 012345670123}}\n"
            ),
            [
                "t.yaml:1:1: a template has no section `Resource`",
                "t.yaml:2:27: the only version there is is \"2010-09-09\"",
                "t.yaml:3:14: `Description` must be text of at most 1024 bytes",
                "t.yaml:6:10: `Outputs` must be a mapping, this is a list",
                "t.yaml:9:3: the name `a_b` may have letters and digits only",
                "t.yaml:8:3: `A` is also the name of a parameter",
                "t.yaml:9:44: an empty value: CloudFormation refuses null",
                "t.yaml:9:50: YAML 1.1 reads this as the octal number 1402433619",
                "t.yaml:5:13: unknown type of parameter: `Strin`",
            ]
        );
        let help = Template::parse(&Source::new("t", "Resource: {}\nResources: {}"))
            .unwrap_err()
            .remove(0)
            .help;
        assert_eq!(help.as_deref(), Some("did you mean `Resources`?"));
        assert_eq!(faults("- a\n"), ["t.yaml:1:1: a template is a mapping, this is a list"]);
        assert_eq!(
            faults("!Ref x\n"),
            ["t.yaml:1:1: a template is a mapping, this is a single value"]
        );
    }

    #[test]
    fn limits_hold() {
        let template = |resources: usize, outputs: usize, parameters: usize, mappings: usize| {
            let list = |prefix: &str, count: usize, value: Value| -> Value {
                (0..count)
                    .map(|i| (format!("{prefix}{i}"), value.clone()))
                    .collect::<Map<_, _>>()
                    .into()
            };
            let text = json!({
                "Resources": list("R", resources, json!({"Type": "AWS::SNS::Topic"})),
                "Outputs": list("O", outputs, json!({"Value": "x"})),
                "Parameters": list("P", parameters, json!({"Type": "String"})),
                "Mappings": list("M", mappings, json!({"a": {"b": "c"}})),
            });
            Template::parse(&Source::new("t", &text.to_string()))
                .map_err(|faults| faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>())
        };
        assert!(template(500, 199, 200, 200).is_ok());
        assert_eq!(
            template(501, 200, 201, 201).unwrap_err(),
            [
                "more than 200 entries in `Mappings`",
                "more than 199 entries in `Outputs`; one more is kept for the digest",
                "more than 200 entries in `Parameters`",
                "more than 500 entries in `Resources`",
            ]
        );
        let filler = "x".repeat(MAX_TEMPLATE_BYTES);
        let text = format!(
            "{{\"Resources\": {{\"A\": {{\"Type\": \"A1::B1::C1\", \"Properties\": {{\"x\": \"{filler}\"}}}}}}}}"
        );
        assert!(faults(&text)[0].contains("more than 1000000 bytes"));
    }
}
