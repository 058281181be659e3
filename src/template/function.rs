//! CloudFormation's intrinsic functions.

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
