//! Values that can be worked out before a template is deployed.

mod conditions;
mod pieces;
mod tree;

use std::collections::BTreeMap;

use serde_json::Value;

use super::Template;
use super::section::Resource;
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

/// The deepest nesting that is followed: what is deeper stays as it is written. A template that avm reads has no more.
const MAX_DEPTH: usize = 64;

/// A template and its deployment: together they have an answer for some values, and none for the others.
#[derive(Clone, Debug)]
pub(super) struct Resolver<'a> {
    template: &'a Template,
    deployment: Deployment<'a>,
    /// Which conditions hold, as far as it can be known. Each is worked out once: conditions that are made of
    /// conditions would otherwise cost twice as much with every level.
    conditions: BTreeMap<&'a str, Option<bool>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(template: &'a Template, deployment: Deployment<'a>) -> Self {
        let conditions = BTreeMap::new();
        let mut resolver = Self { template, deployment, conditions };
        resolver.settle_conditions();
        resolver
    }

    /// A value as the text that CloudFormation makes of it; `None` if nobody can know it, or if it is no text.
    pub(super) fn text(&self, value: &Value) -> Option<String> {
        text_of(&self.value(value)?)
    }

    /// Whether a condition of the template holds.
    pub(super) fn condition(&self, name: &str) -> Option<bool> {
        self.conditions.get(name).copied().flatten()
    }

    /// Whether a deployment makes the resource, as far as can be known: its condition is not known to fail.
    pub(super) fn may_make(&self, resource: &Resource) -> bool {
        let condition = resource.value.get("Condition").and_then(Value::as_str);
        condition.and_then(|name| self.condition(name)) != Some(false)
    }

    /// What `Ref` of a name comes to: a text, or the list of a parameter that is one.
    pub(super) fn reference(&self, name: &str) -> Option<Value> {
        let Deployment { stack, account, region, .. } = self.deployment;
        match name {
            "AWS::AccountId" => account.map(|account| account.as_str().into()),
            "AWS::Partition" => Some(region.partition().into()),
            "AWS::Region" => Some(region.as_str().into()),
            "AWS::StackName" => Some(stack.as_str().into()),
            "AWS::URLSuffix" => Some(region.dns_suffix().into()),
            _ => self.parameter(name),
        }
    }

    /// A parameter's value. What AWS hides is not known, nor what stands behind the name of a parameter of Systems
    /// Manager.
    fn parameter(&self, name: &str) -> Option<Value> {
        let parameter = self.template.parameters().get(name).filter(|known| !known.no_echo)?;
        let given = match self.deployment.parameters.get(name) {
            Some(given) => given.clone(),
            None => parameter.default.clone(),
        };
        let parameter_type = parameter.parameter_type.as_str();
        if parameter_type == "CommaDelimitedList" || parameter_type.starts_with("List<") {
            return Some(given?.split(',').map(str::trim).collect());
        }
        given.filter(|_| !parameter.is_stored()).map(Value::String)
    }
}

/// A single value that is known as the text that CloudFormation makes of it.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Source;

    const TEMPLATE: &str = "Parameters:\n  Given: {Type: String, Default: default}\n  Left: {Type: String, Default: default}\n  \
        Later: {Type: String, Default: default}\n  None: {Type: String}\n  Secret: {Type: String, Default: hidden, NoEcho: true}\n  List: {Type: CommaDelimitedList, Default: 'a, b'}\n  \
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
            json!({"Ref": "Secret"}),
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
