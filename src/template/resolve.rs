//! Values that can be worked out before a template is deployed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Template;
use crate::model::{AccountId, Region, StackName};

/// A deployment of a template, as far as it is known beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Deployment<'a> {
    /// The stack.
    pub stack: &'a StackName,
    /// The account in which it is made; `None` if that is still to be made itself.
    pub account: Option<&'a AccountId>,
    /// The region in which it is made.
    pub region: &'a Region,
    /// The parameters that are given. `None`: a value that nobody can know yet, which is not the default.
    pub parameters: &'a BTreeMap<String, Option<String>>,
}

/// The deepest nesting of functions and conditions that is followed: a circle of conditions ends here.
const MAX_DEPTH: usize = 64;

/// A template and its deployment: together they have an answer for some values, and none for the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver<'a> {
    template: &'a Template,
    deployment: Deployment<'a>,
    depth: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(template: &'a Template, deployment: Deployment<'a>) -> Self {
        Self { template, deployment, depth: 0 }
    }

    /// A value as the text that CloudFormation makes of it.
    pub(super) fn text(self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) => None,
            Value::Object(_) => {
                let (function, argument) = call(value)?;
                let inner = self.deeper()?;
                match function {
                    "Ref" => inner.reference(argument.as_str()?),
                    "Fn::Sub" => inner.substitution(argument),
                    "Fn::Join" => inner.join(argument),
                    "Fn::Select" => inner.select(argument),
                    "Fn::If" => inner.text(inner.branch(argument)?),
                    "Fn::FindInMap" => inner.entry(argument),
                    _ => None,
                }
            }
        }
    }

    /// Whether a condition of the template holds.
    pub(super) fn condition(self, name: &str) -> Option<bool> {
        self.holds(self.template.value().get("Conditions")?.get(name)?)
    }

    fn holds(self, value: &Value) -> Option<bool> {
        let (function, argument) = call(value)?;
        let inner = self.deeper()?;
        let operands =
            || argument.as_array().map(|items| items.iter().map(|item| inner.holds(item)));
        match function {
            "Condition" => inner.condition(argument.as_str()?),
            "Fn::Equals" => match argument.as_array()?.as_slice() {
                [left, right] => Some(inner.text(left)? == inner.text(right)?),
                _ => None,
            },
            "Fn::Not" => operands()?.next()?.map(|holds| !holds),
            // One operand that is known can decide over others that are not.
            "Fn::And" => decided_by(operands()?, false),
            "Fn::Or" => decided_by(operands()?, true),
            _ => None,
        }
    }

    fn deeper(self) -> Option<Self> {
        (self.depth < MAX_DEPTH).then_some(Self { depth: self.depth + 1, ..self })
    }

    fn reference(self, name: &str) -> Option<String> {
        let Deployment { account, region, .. } = self.deployment;
        match name {
            "AWS::AccountId" => account.map(ToString::to_string),
            "AWS::Partition" => Some(region.partition().to_owned()),
            "AWS::Region" => Some(region.to_string()),
            "AWS::StackName" => Some(self.deployment.stack.to_string()),
            "AWS::URLSuffix" => Some(region.dns_suffix().to_owned()),
            _ => self.parameter(name, |parameter_type| {
                matches!(parameter_type, "String" | "Number")
                    || parameter_type.starts_with("AWS::EC2::")
            }),
        }
    }

    /// A parameter's value, if its type means it to be read like that. What stands behind the name of a parameter
    /// of Systems Manager is not known.
    fn parameter(self, name: &str, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let parameter = self.template.parameters().get(name)?;
        if !is_meant(&parameter.parameter_type) {
            return None;
        }
        match self.deployment.parameters.get(name) {
            Some(given) => given.clone(),
            None => parameter.default.clone(),
        }
    }

    /// `Fn::Sub`: a text, or a text and a mapping of names that only it knows.
    fn substitution(self, argument: &Value) -> Option<String> {
        let (text, locals) = match argument.as_array() {
            Some(parts) => (parts.first()?, parts.get(1)),
            None => (argument, None),
        };
        let mut resolved = String::new();
        let mut rest = text.as_str()?;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, behind)) = behind.split_once('}') else { break };
            resolved.push_str(before);
            match (name.strip_prefix('!'), locals.and_then(|locals| locals.get(name))) {
                (Some(literal), _) => {
                    resolved.push_str("${");
                    resolved.push_str(literal);
                    resolved.push('}');
                }
                (None, Some(local)) => resolved.push_str(&self.text(local)?),
                (None, None) => resolved.push_str(&self.reference(name)?),
            }
            rest = behind;
        }
        resolved.push_str(rest);
        Some(resolved)
    }

    fn join(self, argument: &Value) -> Option<String> {
        let [delimiter, items] = argument.as_array()?.as_slice() else { return None };
        Some(self.list(items)?.join(delimiter.as_str()?))
    }

    fn select(self, argument: &Value) -> Option<String> {
        let [index, items] = argument.as_array()?.as_slice() else { return None };
        let index: usize = self.text(index)?.parse().ok()?;
        self.list(items)?.into_iter().nth(index)
    }

    /// A list that is written out, a parameter's, or one that `Fn::Split` makes.
    fn list(self, items: &Value) -> Option<Vec<String>> {
        if let Some(items) = items.as_array() {
            return items.iter().map(|item| self.text(item)).collect();
        }
        let inner = self.deeper()?;
        match call(items)? {
            ("Ref", name) => {
                let is_list = |parameter_type: &str| {
                    matches!(parameter_type, "CommaDelimitedList" | "List<Number>")
                };
                let list = inner.parameter(name.as_str()?, is_list)?;
                Some(list.split(',').map(|item| item.trim().to_owned()).collect())
            }
            ("Fn::Split", argument) => {
                let [delimiter, text] = argument.as_array()?.as_slice() else { return None };
                let text = inner.text(text)?;
                Some(text.split(delimiter.as_str()?).map(str::to_owned).collect())
            }
            _ => None,
        }
    }

    /// The value that `Fn::If` comes to.
    fn branch(self, argument: &Value) -> Option<&Value> {
        let [condition, then, otherwise] = argument.as_array()?.as_slice() else { return None };
        Some(if self.condition(condition.as_str()?)? { then } else { otherwise })
    }

    fn entry(self, argument: &Value) -> Option<String> {
        let [map, first, second] = argument.as_array()?.as_slice() else { return None };
        let mapping = self.template.value().get("Mappings")?.get(self.text(map)?)?;
        self.text(mapping.get(self.text(first)?)?.get(self.text(second)?)?)
    }
}

/// What operands come to of which one that is `decisive` settles the matter.
fn decided_by(operands: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut outcome = Some(!decisive);
    for operand in operands {
        match operand {
            Some(operand) if operand == decisive => return Some(decisive),
            Some(_) => {}
            None => outcome = None,
        }
    }
    outcome
}

/// The function's name and its argument, if a value is a call.
pub(super) fn call(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, argument) = map.iter().next()?;
    Some((name.as_str(), argument))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Source;

    const TEMPLATE: &str = "Parameters:\n  Given: {Type: String, Default: default}\n  Left: {Type: String, Default: default}\n  \
        Later: {Type: String, Default: default}\n  None: {Type: String}\n  List: {Type: CommaDelimitedList, Default: 'a, b'}\n  \
        Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /name}\nMappings: {M: {uat: {Name: mapped}}}\n\
        Conditions:\n  Yes: !Equals [!Ref Given, given]\n  No: !Not [{Condition: 'Yes'}]\n  Open: !Equals [!Ref Later, x]\n  \
        Circle: !Not [!Condition Circle]\n  Home: !Equals [!Ref AWS::Region, eu-west-1]\n  \
        NoAnd: !And [!Condition Open, !Condition 'No']\n  YesOr: !Or [!Condition Open, !Condition 'Yes']\n  \
        OpenAnd: !And [!Condition Open, !Condition 'Yes']\n  OpenOr: !Or [!Condition Open, !Condition 'No']\n  \
        NoList: !Equals [!Join ['', !Ref List], '']\n\
        Resources: {R: {Type: 'AWS::SNS::Topic'}}\n";

    fn with_resolver<T>(look: impl FnOnce(Resolver<'_>) -> T) -> T {
        let template = Template::parse(&Source::new("t", TEMPLATE)).unwrap();
        let stack = "avm-x".parse().unwrap();
        let account = "222222222222".parse().unwrap();
        let region = "eu-west-1".parse().unwrap();
        let parameters = BTreeMap::from([
            ("Given".to_owned(), Some("given".to_owned())),
            ("Later".to_owned(), None),
        ]);
        let deployment = Deployment {
            stack: &stack,
            account: Some(&account),
            region: &region,
            parameters: &parameters,
        };
        look(Resolver::new(&template, deployment))
    }

    #[test]
    fn names_made_of_what_is_known_are_known() {
        let cases = [
            (json!("plain"), "plain"),
            (json!(12), "12"),
            (json!(true), "true"),
            (json!({"Ref": "Given"}), "given"),
            (json!({"Ref": "Left"}), "default"),
            (json!({"Ref": "AWS::Partition"}), "aws"),
            (json!({"Ref": "AWS::URLSuffix"}), "amazonaws.com"),
            (
                json!({"Fn::Sub": "${AWS::StackName}-${Given}-${AWS::AccountId}${!x}${open"}),
                "avm-x-given-222222222222${x}${open",
            ),
            (
                json!({"Fn::Sub": ["${a}/${Given}", {"a": {"Ref": "AWS::Region"}}]}),
                "eu-west-1/given",
            ),
            (json!({"Fn::Join": ["-", ["a", {"Ref": "Left"}]]}), "a-default"),
            (json!({"Fn::Join": ["/", {"Ref": "List"}]}), "a/b"),
            (json!({"Fn::If": ["Yes", "then", {"Ref": "Later"}]}), "then"),
            (json!({"Fn::If": ["No", {"Ref": "Later"}, "else"]}), "else"),
            (json!({"Fn::FindInMap": ["M", "uat", "Name"]}), "mapped"),
        ];
        for (value, text) in cases {
            assert_eq!(
                with_resolver(|resolver| resolver.text(&value)).as_deref(),
                Some(text),
                "{value}"
            );
        }
    }

    #[test]
    fn a_value_that_comes_later_is_unknown_and_not_the_default() {
        let cases = [
            json!({"Ref": "Later"}),
            json!({"Ref": "None"}),
            json!({"Ref": "R"}),
            json!({"Ref": "List"}),
            json!({"Ref": "Stored"}),
            json!({"Ref": "AWS::NoValue"}),
            json!({"Ref": "AWS::StackId"}),
            json!({"Fn::Sub": "x-${Later}"}),
            json!({"Fn::Sub": "x-${R.Arn}"}),
            json!({"Fn::GetAtt": ["R", "Arn"]}),
            json!({"Fn::Join": ["-", ["a", {"Ref": "Later"}]]}),
            json!({"Fn::If": ["Open", "a", "b"]}),
            json!({"Fn::If": ["Circle", "a", "b"]}),
            json!({"Fn::FindInMap": ["M", "prod", "Name"]}),
            json!({"Fn::ImportValue": "x"}),
            json!(["a"]),
            json!(null),
            json!({}),
        ];
        for value in cases {
            assert_eq!(with_resolver(|resolver| resolver.text(&value)), None, "{value}");
        }
    }

    #[test]
    fn conditions_are_decided_as_far_as_they_can_be() {
        let cases = [
            ("Yes", Some(true)),
            ("No", Some(false)),
            ("Home", Some(true)),
            ("NoList", Some(false)),
            ("NoAnd", Some(false)),
            ("YesOr", Some(true)),
            ("Open", None),
            ("OpenAnd", None),
            ("OpenOr", None),
            ("Circle", None),
            ("Missing", None),
        ];
        for (name, holds) in cases {
            assert_eq!(with_resolver(|resolver| resolver.condition(name)), holds, "{name}");
        }
    }
}
