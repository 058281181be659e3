//! The resources of a template as a deployment has them.

use serde_json::{Map, Value};

use super::Template;
use super::resolve::{Deployment, Resolver};
use super::section::Resource;

/// A resource as a deployment of its template has it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeployedResource<'a> {
    /// Its type.
    pub resource_type: &'a str,
    /// Its properties, with every function worked out that can be. What nobody can know stays in long form.
    pub properties: Value,
    /// Everything else about it: `DeletionPolicy`, `DependsOn`, `Metadata` and so on, in the same way. Its
    /// `Condition` only if nobody can know whether it holds.
    pub attributes: Map<String, Value>,
}

impl Template {
    /// The resources that a deployment may make: those whose condition is not known to fail. What a macro or a loop
    /// will make is in no template.
    pub fn made<'a>(
        &'a self,
        deployment: Deployment<'a>,
    ) -> impl Iterator<Item = (&'a str, &'a Resource)> {
        let resolver = Resolver::new(self, deployment);
        let resources = self.resources().iter();
        resources
            .filter(move |(_, resource)| resolver.may_make(resource))
            .map(|(logical_id, resource)| (logical_id.as_str(), resource))
    }

    /// The template as a deployment has it.
    pub fn deployed<'a>(&'a self, deployment: Deployment<'a>) -> Deployed<'a> {
        Deployed { template: self, resolver: Resolver::new(self, deployment) }
    }
}

/// A template as a deployment has it. A resource is worked out when it is asked for, because most are not.
#[derive(Clone, Debug)]
pub struct Deployed<'a> {
    pub(super) template: &'a Template,
    pub(super) resolver: Resolver<'a>,
}

impl<'a> Deployed<'a> {
    /// A resource worked out as far as can be; `None` if the deployment has none of that logical id.
    pub fn resource(&self, logical_id: &str) -> Option<DeployedResource<'a>> {
        let resource = self.template.resources().get(logical_id)?;
        self.resolver.may_make(resource).then(|| deployed(&self.resolver, resource))
    }
}

fn deployed<'a>(resolver: &Resolver<'_>, resource: &'a Resource) -> DeployedResource<'a> {
    let condition = resource.value.get("Condition").and_then(Value::as_str);
    let is_certain = condition.is_none_or(|name| resolver.condition(name).is_some());
    let mut attributes = Map::new();
    let mut properties = Value::Object(Map::new());
    for (key, value) in resource.value.as_object().into_iter().flatten() {
        if key == "Type" || (key == "Condition" && is_certain) {
            continue;
        }
        let Some(value) = resolver.value(value) else { continue };
        if key == "Properties" {
            properties = value;
        } else {
            attributes.insert(key.clone(), value);
        }
    }
    DeployedResource { resource_type: &resource.resource_type, properties, attributes }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Source;

    /// What is in a template of one resource of account 222222222222 in eu-west-1, with `Env` = prod, `Later` not
    /// known yet and `Password` hidden.
    fn properties(written: &Value) -> Value {
        let template = json!({
            "Parameters": {
                "Env": {"Type": "String"}, "Later": {"Type": "String"},
                "Password": {"Type": "String", "NoEcho": true, "Default": "secret"},
                "Ids": {"Type": "CommaDelimitedList", "Default": "1, 2"},
            },
            "Mappings": {"Of": {"prod": {"Actions": ["a", "b"]}}},
            "Conditions": {
                "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
                "Open": {"Fn::Equals": [{"Ref": "Later"}, "x"]},
                "Hidden": {"Fn::Equals": [{"Ref": "Password"}, "secret"]},
            },
            "Resources": {
                "Key": {"Type": "AWS::KMS::Key"},
                "It": {"Type": "AWS::S3::Bucket", "Properties": {"P": written}},
            },
        });
        let template = Template::parse_deployed(&Source::new("t", &template.to_string())).unwrap();
        let (stack, account) = ("avm-x".parse().unwrap(), "222222222222".parse().unwrap());
        let region = "eu-west-1".parse().unwrap();
        let given = |value: &str| Some(value.to_owned());
        let parameters = [("Env", given("prod")), ("Later", None), ("Password", given("secret"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        let deployment = Deployment {
            stack: &stack,
            account: Some(&account),
            region: &region,
            parameters: &parameters,
        };
        template.deployed(deployment).resource("It").unwrap().properties["P"].clone()
    }

    #[test]
    fn functions_are_worked_out_wherever_they_stand() {
        let cases = [
            (
                json!([{"A": {"Fn::Sub": "${Env}-${AWS::AccountId}"}}]),
                json!([{"A": "prod-222222222222"}]),
            ),
            (json!({"Ref": "Ids"}), json!(["1", "2"])),
            (json!({"Fn::FindInMap": ["Of", {"Ref": "Env"}, "Actions"]}), json!(["a", "b"])),
            (json!({"Fn::Split": [",", "a,b"]}), json!(["a", "b"])),
            (json!({"Fn::Select": ["1", [{"Ref": "Later"}, {"Ref": "Env"}]]}), json!("prod")),
            (json!({"Fn::If": ["Prod", {"A": {"Ref": "Env"}}, 1]}), json!({"A": "prod"})),
            (
                json!({"A": {"Fn::If": ["Prod", {"Ref": "AWS::NoValue"}, 1]}, "B": [{"Ref": "AWS::NoValue"}, 2]}),
                json!({"B": [2]}),
            ),
        ];
        for (written, known) in cases {
            assert_eq!(properties(&written), known, "{written}");
        }
    }

    #[test]
    fn what_nobody_can_know_stays_with_what_is_known_beside_it() {
        let arn = json!({"Fn::GetAtt": ["Key", "Arn"]});
        let cases = [
            (arn.clone(), arn.clone()),
            (json!({"Fn::Sub": "${Key.Arn}"}), arn.clone()),
            (
                json!({"Fn::Sub": "${Env}/${Key}/${!aws:x}/${Later}"}),
                json!({"Fn::Sub": "prod/${Key}/${!aws:x}/${Later}"}),
            ),
            (
                json!({"Fn::Join": ["-", [{"Ref": "Env"}, arn, {"Fn::Sub": "${Key}"}]]}),
                json!({"Fn::Sub": "prod-${Key.Arn}-${Key}"}),
            ),
            (
                json!({"Fn::Sub": ["${a}-${Env}", {"a": {"Fn::ImportValue": {"Fn::Sub": "${Env}-x"}}}]}),
                json!({"Fn::Join": ["", [{"Fn::ImportValue": "prod-x"}, "-prod"]]}),
            ),
            (
                json!({"Fn::If": ["Open", {"Ref": "AWS::NoValue"}, {"Ref": "Env"}]}),
                json!({"Fn::If": ["Open", {"Ref": "AWS::NoValue"}, "prod"]}),
            ),
            (
                json!({"Fn::Join": ["-", ["a", {"Fn::If": ["Open", "b", {"Ref": "AWS::NoValue"}]}]]}),
                json!({"Fn::Join": ["-", ["a", {"Fn::If": ["Open", "b", {"Ref": "AWS::NoValue"}]}]]}),
            ),
            (json!({"Fn::Base64": {"Fn::Sub": "${Env}"}}), json!({"Fn::Base64": "prod"})),
            (json!({"Fn::Select": [7, ["a"]]}), json!({"Fn::Select": [7, ["a"]]})),
        ];
        for (written, known) in cases {
            assert_eq!(properties(&written), known, "{written}");
        }
    }

    #[test]
    fn a_hidden_value_is_never_worked_out() {
        for written in [
            json!({"Ref": "Password"}),
            json!({"Fn::Sub": "x-${Password}"}),
            json!({"Fn::Join": ["", [{"Ref": "Password"}, "x"]]}),
            json!({"Fn::If": ["Hidden", "yes", "no"]}),
        ] {
            let known = properties(&written).to_string();
            assert!(!known.contains("secret") && known.contains('{'), "{known}");
        }
    }
}
