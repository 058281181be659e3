//! Parameters.

use std::collections::BTreeMap;

use super::{Parameter, Sections, check_keys, text};
use crate::document::Node;
use crate::template::faults::{Faults, did_you_mean};

const KEYS: &[&str] = &[
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

const PLAIN_TYPES: &[&str] = &[
    "String",
    "Number",
    "CommaDelimitedList",
    "List<Number>",
    "List<String>",
    "AWS::SSM::Parameter::Name",
];

/// The types whose values AWS looks up; each also as `List<...>` and `AWS::SSM::Parameter::Value<...>`.
const AWS_TYPES: &[&str] = &[
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::VPC::Id",
    "AWS::EC2::Volume::Id",
    "AWS::Route53::HostedZone::Id",
];

/// Reads the parameters; a faulty one is left out.
pub(in crate::template) fn read(
    sections: &Sections<'_>,
    faults: &mut Faults<'_>,
) -> BTreeMap<String, Parameter> {
    let parameters = sections.entries("Parameters");
    parameters
        .filter_map(|(name, key, node)| {
            Some((name.to_owned(), parameter(name, key, node, faults)?))
        })
        .collect()
}

fn parameter(name: &str, key: &Node, node: &Node, faults: &mut Faults<'_>) -> Option<Parameter> {
    if node.entries().is_empty() {
        let message = format!("the parameter `{name}` must be a mapping with a `Type`");
        faults.add(key, "parameter", message);
        return None;
    }
    check_keys("a parameter", node, KEYS, faults);
    let Some(type_node) = node.get("Type") else {
        faults.add(key, "parameter", format!("the parameter `{name}` has no `Type`"));
        return None;
    };
    let parameter_type = type_node.text().unwrap_or_default();
    if !is_type(parameter_type) {
        let message = format!("unknown type of parameter: `{parameter_type}`");
        let help = did_you_mean(parameter_type, PLAIN_TYPES.iter().chain(AWS_TYPES).copied());
        faults.add_at(&type_node.span, "parameter", message, help);
    }
    let no_echo = node.get("NoEcho").is_some_and(|no_echo| match text(no_echo).as_deref() {
        Some("true") => true,
        Some("false") => false,
        _ => {
            faults.add(no_echo, "parameter", "`NoEcho` is true or false");
            false
        }
    });
    let parameter = Parameter {
        parameter_type: parameter_type.to_owned(),
        default: node.get("Default").and_then(|default| default_text(default, faults)),
        no_echo,
        allowed_values: node
            .get("AllowedValues")
            .map_or_else(Vec::new, |list| allowed(list, faults)),
        span: key.span.clone(),
    };
    check_bounds(node, faults);
    check_default(node, &parameter, faults);
    Some(parameter)
}

fn is_type(name: &str) -> bool {
    let inside = |before: &str| name.strip_prefix(before).and_then(|rest| rest.strip_suffix('>'));
    if let Some(stored) = inside("AWS::SSM::Parameter::Value<") {
        let is_list_of_aws = stored
            .strip_prefix("List<")
            .and_then(|rest| rest.strip_suffix('>'))
            .is_some_and(|element| AWS_TYPES.contains(&element));
        return matches!(stored, "String" | "List<String>" | "CommaDelimitedList")
            || AWS_TYPES.contains(&stored)
            || is_list_of_aws;
    }
    PLAIN_TYPES.contains(&name)
        || AWS_TYPES.contains(&name)
        || inside("List<").is_some_and(|element| AWS_TYPES.contains(&element))
}

fn default_text(node: &Node, faults: &mut Faults<'_>) -> Option<String> {
    let default = text(node);
    if default.is_none() {
        let message = "`Default` must be a single value";
        faults.add_with_help(node, "parameter", message, "write a list as text: \"a,b\"");
    }
    default
}

fn allowed(list: &Node, faults: &mut Faults<'_>) -> Vec<String> {
    if list.items().is_empty() {
        faults.add(list, "parameter", "`AllowedValues` must be a list of values");
    }
    let mut values = Vec::new();
    for item in list.items() {
        match text(item) {
            Some(value) => values.push(value),
            None => faults.add(item, "parameter", "an allowed value must be a single value"),
        }
    }
    values
}

fn check_bounds(node: &Node, faults: &mut Faults<'_>) {
    for (key, whole) in
        [("MinLength", true), ("MaxLength", true), ("MinValue", false), ("MaxValue", false)]
    {
        let Some(bound) = node.get(key) else { continue };
        let number = text(bound).unwrap_or_default();
        let is_number =
            if whole { number.parse::<u64>().is_ok() } else { number.parse::<f64>().is_ok() };
        if !is_number {
            faults.add(bound, "parameter", format!("`{key}` must be a number"));
        }
    }
}

fn check_default(node: &Node, parameter: &Parameter, faults: &mut Faults<'_>) {
    let (Some(default_node), Some(default)) = (node.get("Default"), &parameter.default) else {
        return;
    };
    let is_list = matches!(
        parameter.parameter_type.as_str(),
        "CommaDelimitedList" | "List<Number>" | "List<String>"
    );
    let values: Vec<&str> =
        if is_list { default.split(',').map(str::trim).collect() } else { vec![default] };
    let allowed = &parameter.allowed_values;
    for value in values {
        if !allowed.is_empty() && !allowed.iter().any(|allowed| allowed == value) {
            let message = format!("the default `{value}` is not among the allowed values");
            let help = format!("allowed are {}", allowed.join(", "));
            faults.add_with_help(default_node, "parameter", message, help);
        }
        if parameter.parameter_type.contains("Number") && value.parse::<f64>().is_err() {
            faults.add(default_node, "parameter", format!("the default `{value}` is not a number"));
        }
    }
    let bound = |key: &str| node.get(key).and_then(text).and_then(|text| text.parse::<f64>().ok());
    let length = u32::try_from(default.chars().count()).map_or(f64::INFINITY, f64::from);
    let (measure, lowest, highest) =
        match (parameter.parameter_type.as_str(), default.parse::<f64>()) {
            ("String", _) => (length, "MinLength", "MaxLength"),
            ("Number", Ok(number)) => (number, "MinValue", "MaxValue"),
            _ => return,
        };
    if bound(lowest).is_some_and(|bound| measure < bound) {
        faults.add(default_node, "parameter", format!("the default is below `{lowest}`"));
    }
    if bound(highest).is_some_and(|bound| measure > bound) {
        faults.add(default_node, "parameter", format!("the default is above `{highest}`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Source, parse};

    fn read_text(text: &str) -> (BTreeMap<String, Parameter>, Vec<String>) {
        let source = Source::new("t", text);
        let root = parse(&source).unwrap();
        let mut faults = Faults::new(&source);
        let parameters = read(&Sections::new(&root), &mut faults);
        (parameters, faults.into_vec().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_parameter_is_read_with_its_default_as_text() {
        let (parameters, faults) = read_text(
            "Parameters:\n  A: {Type: String, Default: yes, AllowedValues: [true, false], NoEcho: true}\n  \
             B: {Type: Number, Default: 30, MinValue: 7, MaxValue: 30}\n  C: {Type: 'List<AWS::EC2::Subnet::Id>'}\n  \
             D: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'}\n  \
             E: {Type: CommaDelimitedList, Default: 'a, b', AllowedValues: [a, b]}\n  F: {Type: String, Default: ''}\n",
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(parameters["A"].default.as_deref(), Some("true"));
        assert!(parameters["A"].no_echo && !parameters["B"].no_echo);
        assert_eq!(parameters["A"].allowed_values, ["true", "false"]);
        assert_eq!(parameters["B"].default.as_deref(), Some("30"));
        assert_eq!(parameters["F"].default.as_deref(), Some(""));
        assert_eq!(parameters["A"].span, 14..15);
    }

    #[test]
    fn everything_that_aws_would_refuse_is_refused() {
        let (_, faults) = read_text(
            "Parameters:\n  A: {Type: Strin}\n  B: {Default: x}\n  C: text\n  D: {Type: String, Defalt: x}\n  \
             E: {Type: String, Default: c, AllowedValues: [a, b]}\n  F: {Type: Number, Default: x}\n  \
             G: {Type: String, Default: [a]}\n  H: {Type: String, AllowedValues: a}\n  \
             I: {Type: String, Default: abc, MaxLength: 2, MinLength: x, NoEcho: 1}\n  J: {Type: Number, Default: 1, MinValue: 2}\n",
        );
        assert_eq!(
            faults,
            [
                "t:2:13: unknown type of parameter: `Strin`",
                "t:3:3: the parameter `B` has no `Type`",
                "t:4:3: the parameter `C` must be a mapping with a `Type`",
                "t:5:21: a parameter has no `Defalt`",
                "t:6:30: the default `c` is not among the allowed values",
                "t:7:30: the default `x` is not a number",
                "t:8:30: `Default` must be a single value",
                "t:9:36: `AllowedValues` must be a list of values",
                "t:10:71: `NoEcho` is true or false",
                "t:10:60: `MinLength` must be a number",
                "t:10:30: the default is above `MaxLength`",
                "t:11:30: the default is below `MinValue`",
            ]
        );
    }
}
