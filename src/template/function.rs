//! CloudFormation's intrinsic functions.

use serde_json::Value;

use crate::document::Node;

/// The functions that every template may use, in long form.
pub(super) const FUNCTIONS: &[&str] = &[
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Not",
    "Fn::Or",
    "Fn::RefAll",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::Transform",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
];

/// The functions that exist only under `Transform: AWS::LanguageExtensions`.
pub(super) const EXTENSIONS: &[&str] = &["Fn::Length", "Fn::ToJsonString"];

/// The function's name and its argument, if a value in long form is a call: a mapping whose one key is `Ref`,
/// `Condition` or starts with `Fn::`.
pub fn call(node: &Node) -> Option<(&str, &Node)> {
    let [(key, argument)] = node.entries() else { return None };
    let name = key.text()?;
    (matches!(name, "Ref" | "Condition") || name.starts_with("Fn::")).then_some((name, argument))
}

/// The long form of a short tag: `Fn::Sub` for `Sub`.
pub(super) fn of_tag(tag: &str) -> Option<&'static str> {
    match tag {
        "Ref" => Some("Ref"),
        "Condition" => Some("Condition"),
        _ => FUNCTIONS
            .iter()
            .chain(EXTENSIONS)
            .find(|function| function.strip_prefix("Fn::") == Some(tag))
            .copied(),
    }
}

/// The calls of `function` anywhere in a value in long form, by their arguments.
pub(super) fn calls<'a>(node: &'a Node, function: &str, found: &mut Vec<&'a Node>) {
    for (key, value) in node.entries() {
        if key.text() == Some(function) {
            found.push(value);
        }
        calls(value, function, found);
    }
    for item in node.items() {
        calls(item, function, found);
    }
}

/// The function's name and its argument, if a value of a resource is a call: an object whose one key is `Ref` or
/// starts with `Fn::`.
pub fn called(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, argument) = map.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

/// Whether a value refers to a parameter or a resource of which `is_meant` says so, anywhere in it.
pub fn mentions(value: &Value, is_meant: &dyn Fn(&str) -> bool) -> bool {
    let is_meant_by = |name: &str| is_meant(name.split('.').next().unwrap_or(name));
    match value {
        Value::Array(items) => items.iter().any(|item| mentions(item, is_meant)),
        Value::Object(map) => match called(value) {
            Some(("Ref" | "Fn::GetAtt", Value::String(name))) => is_meant_by(name),
            Some(("Fn::GetAtt", Value::Array(names))) => {
                names.first().and_then(Value::as_str).is_some_and(is_meant_by)
            }
            Some(("Fn::Sub", argument)) => {
                let text = argument.get(0).unwrap_or(argument).as_str().unwrap_or_default();
                variables(text).into_iter().any(is_meant_by)
                    || argument.get(1).is_some_and(|locals| mentions(locals, is_meant))
            }
            _ => map.values().any(|value| mentions(value, is_meant)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The names in the `${...}` of a text for `Fn::Sub`, in order. `${!name}` is a literal and not among them.
pub fn variables(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("${") {
        let Some((name, behind)) = behind.split_once('}') else { break };
        if !name.starts_with('!') {
            names.push(name);
        }
        rest = behind;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_no_variables_of_a_substitution() {
        assert_eq!(
            variables("a${B}c${!D}${E.F}$${AWS::Region}${open"),
            ["B", "E.F", "AWS::Region"]
        );
    }
}
