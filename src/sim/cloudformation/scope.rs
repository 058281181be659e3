//! A template's values, with everything that they refer to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::attribute;
use super::reference::{self, Piece};
use crate::model::{StackName, Target};
use crate::sim::world::{DeployedResource, Export};
use crate::template::{DIGEST_OUTPUT, Resource, Template};

/// A value, or AWS's message.
pub(super) type Evaluation<T> = Result<T, String>;

/// Where a stack is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) target: &'a Target,
    pub(super) name: &'a StackName,
    /// The stack's ARN.
    pub(super) id: &'a str,
}

/// Everything that a template's values can refer to.
pub(super) struct Scope<'a> {
    pub(super) template: &'a Template,
    /// The value of the output that carries the template's digest.
    pub(super) digest: Option<&'a str>,
    pub(super) site: Site<'a>,
    pub(super) parameters: &'a BTreeMap<String, String>,
    pub(super) exports: &'a BTreeMap<String, Export>,
    /// The resources that there are by now, by logical id.
    pub(super) made: BTreeMap<String, DeployedResource>,
}

impl<'a> Scope<'a> {
    /// The resources whose conditions hold.
    pub(super) fn active(&self) -> Evaluation<BTreeSet<&'a str>> {
        let mut active = BTreeSet::new();
        for (id, resource) in self.template.resources() {
            if self.wanted(&resource.value)? {
                active.insert(id.as_str());
            }
        }
        Ok(active)
    }

    /// A resource's properties.
    pub(super) fn properties(&self, resource: &Resource) -> Evaluation<Value> {
        let properties = resource.value.get("Properties").unwrap_or(&Value::Null);
        Ok(self.resolve(properties)?.unwrap_or(Value::Null))
    }

    /// The outputs, and those of them that are exported, by export name.
    pub(super) fn outputs(
        &self,
    ) -> Evaluation<(BTreeMap<String, String>, BTreeMap<String, String>)> {
        let (mut outputs, mut exports) = (BTreeMap::new(), BTreeMap::new());
        let all = self.template.value().get("Outputs").and_then(Value::as_object);
        for (name, output) in all.into_iter().flatten() {
            if !self.wanted(output)? {
                continue;
            }
            let value = self.text(output.get("Value").unwrap_or(&Value::Null))?;
            if let Some(export) = output.get("Export").and_then(|export| export.get("Name")) {
                exports.insert(self.text(export)?, value.clone());
            }
            outputs.insert(name.clone(), value);
        }
        outputs.extend(self.digest.map(|digest| (DIGEST_OUTPUT.to_owned(), digest.to_owned())));
        Ok((outputs, exports))
    }

    fn wanted(&self, part: &Value) -> Evaluation<bool> {
        part.get("Condition").and_then(Value::as_str).map_or(Ok(true), |name| self.holds(name))
    }

    /// The value with all functions carried out; `None` for `AWS::NoValue`.
    pub(super) fn resolve(&self, value: &Value) -> Evaluation<Option<Value>> {
        match value {
            Value::Object(object) => {
                if let Some((name, argument)) = reference::function(object) {
                    return self.call(name, argument);
                }
                let mut resolved = Map::new();
                for (key, value) in object {
                    if let Some(value) = self.resolve(value)? {
                        resolved.insert(key.clone(), value);
                    }
                }
                Ok(Some(Value::Object(resolved)))
            }
            Value::Array(items) => {
                let items: Evaluation<Vec<_>> =
                    items.iter().filter_map(|item| self.resolve(item).transpose()).collect();
                Ok(Some(Value::Array(items?)))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Ok(Some(value.clone()))
            }
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Evaluation<Option<Value>> {
        let items = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        let text = match (name, items) {
            ("Ref", _) => return self.reference(argument.as_str().unwrap_or_default()),
            ("Fn::If", [condition, yes, no]) => {
                let holds = self.holds(condition.as_str().unwrap_or_default())?;
                return self.resolve(if holds { yes } else { no });
            }
            ("Fn::Select", [index, list]) => return self.select(index, list).map(Some),
            ("Fn::FindInMap", [map, first, second, ..]) => {
                return self.find_in_map(map, first, second).map(Some);
            }
            ("Fn::Split", [delimiter, text]) => {
                let (delimiter, text) = (self.text(delimiter)?, self.text(text)?);
                return Ok(Some(text.split(&delimiter).collect::<Vec<_>>().into()));
            }
            ("Fn::GetAZs", _) => {
                let region = self.text(argument)?;
                let region =
                    if region.is_empty() { self.site.target.region.to_string() } else { region };
                let zones: Vec<_> = ["a", "b", "c"].map(|zone| format!("{region}{zone}")).into();
                return Ok(Some(zones.into()));
            }
            ("Fn::GetAtt", _) => self.get_att(argument)?,
            ("Fn::Join", [delimiter, list]) => {
                let list = self.list(list)?;
                let list: Evaluation<Vec<_>> = list.iter().map(scalar).collect();
                list?.join(&self.text(delimiter)?)
            }
            ("Fn::Sub", [text, own]) => self.substitute(text, Some(own))?,
            ("Fn::Sub", _) => self.substitute(argument, None)?,
            ("Fn::ImportValue", _) => self.import(&self.text(argument)?)?,
            ("Fn::Base64", _) => format!("base64({})", self.text(argument)?),
            _ => return Err(format!("Template error: {name} cannot be evaluated: {argument}")),
        };
        Ok(Some(Value::String(text)))
    }

    fn reference(&self, name: &str) -> Evaluation<Option<Value>> {
        let region = &self.site.target.region;
        let text = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::NotificationARNs" => return Ok(Some(Value::Array(Vec::new()))),
            "AWS::AccountId" => self.site.target.account.to_string(),
            "AWS::Region" => region.to_string(),
            "AWS::Partition" => region.partition().into(),
            "AWS::URLSuffix" => region.dns_suffix().into(),
            "AWS::StackName" => self.site.name.to_string(),
            "AWS::StackId" => self.site.id.into(),
            name => match self.parameters.get(name) {
                Some(value) if self.is_list(name) => {
                    return Ok(Some(value.split(',').map(str::trim).collect::<Vec<_>>().into()));
                }
                Some(value) => value.clone(),
                None => attribute::reference(self.resource(name)?).to_owned(),
            },
        };
        Ok(Some(Value::String(text)))
    }

    fn is_list(&self, parameter: &str) -> bool {
        self.template.parameters().get(parameter).is_some_and(|parameter| {
            let kind = &parameter.parameter_type;
            kind == "CommaDelimitedList" || kind.starts_with("List<")
        })
    }

    fn resource(&self, logical_id: &str) -> Evaluation<&DeployedResource> {
        self.made
            .get(logical_id)
            .ok_or_else(|| format!("Template error: unresolved resource dependency {logical_id}"))
    }

    fn get_att(&self, argument: &Value) -> Evaluation<String> {
        let (logical_id, attribute) = match (argument.as_str(), reference::get_att(argument)) {
            (Some(path), _) => {
                let (logical_id, attribute) = path.split_once('.').unwrap_or((path, ""));
                (logical_id, attribute.to_owned())
            }
            (None, Some((logical_id, attribute))) => (logical_id, self.text(attribute)?),
            (None, None) => return Err(format!("Template error: invalid Fn::GetAtt {argument}")),
        };
        let resource = self.resource(logical_id)?;
        Ok(attribute::attribute(self.site.target, resource, &attribute))
    }

    fn substitute(&self, text: &Value, own: Option<&Value>) -> Evaluation<String> {
        let text = text.as_str().ok_or("Template error: Fn::Sub takes a text")?;
        let mut result = String::new();
        for piece in reference::pieces(text) {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Variable(name) => {
                    let name = name.trim();
                    let value = match own.and_then(|own| own.get(name)) {
                        Some(value) => self.text(value)?,
                        None if name.contains('.') => self.get_att(&Value::from(name))?,
                        None => scalar(&self.reference(name)?.unwrap_or_default())?,
                    };
                    result.push_str(&value);
                }
            }
        }
        Ok(result)
    }

    fn select(&self, index: &Value, list: &Value) -> Evaluation<Value> {
        let index = self.text(index)?;
        let mut list = self.list(list)?;
        match index.parse::<usize>() {
            Ok(place) if place < list.len() => Ok(list.swap_remove(place)),
            _ => Err(format!(
                "Template error: Fn::Select cannot select nonexistent value at index {index}"
            )),
        }
    }

    fn find_in_map(&self, map: &Value, first: &Value, second: &Value) -> Evaluation<Value> {
        let path = [self.text(map)?, self.text(first)?, self.text(second)?];
        let maps = self.template.value().get("Mappings");
        let found = path.iter().fold(maps, |node, key| node.and_then(|node| node.get(key)));
        found
            .cloned()
            .ok_or_else(|| format!("Template error: Unable to get mapping for {}", path.join("::")))
    }

    fn import(&self, name: &str) -> Evaluation<String> {
        let export =
            self.exports.get(name).ok_or_else(|| format!("No export named {name} found."))?;
        Ok(export.value.clone())
    }

    pub(super) fn list(&self, value: &Value) -> Evaluation<Vec<Value>> {
        match self.resolve(value)? {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(format!("Template error: {value} is no list")),
        }
    }

    fn text(&self, value: &Value) -> Evaluation<String> {
        scalar(&self.resolve(value)?.unwrap_or_default())
    }
}

fn scalar(value: &Value) -> Evaluation<String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err(format!("Template error: {value} is no text")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Setup, input};
    use crate::cloud::StackState;

    const FUNCTIONS: &str = r#"
Parameters:
  Environment: {Type: String}
  Accounts: {Type: CommaDelimitedList, Default: "1, 2,3"}
Mappings:
  Names: {uat: {Short: u, Many: [x, y]}}
Conditions:
  IsUat: !Equals [!Ref Environment, uat]
  IsNot: !Not [!Condition IsUat]
  Both: !And [!Condition IsUat, !Not [!Condition IsNot]]
  Either: !Or [!Condition IsNot, !Equals [true, "true"]]
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${Environment}-topic"}}
  Never: {Type: AWS::SNS::Topic, Condition: IsNot}
  Key: {Type: AWS::KMS::Key, Properties: {Description: !If [IsNot, a, !Ref "AWS::NoValue"]}}
Outputs:
  Ref: {Value: !Ref Topic}
  GetAtt: {Value: !GetAtt Topic.TopicName}
  Sub: {Value: !Sub ["${Topic}/${Own}/${!Kept}/${AWS::Region}/${Topic.TopicName}", {Own: !Ref Environment}]}
  Join: {Value: !Join ["+", !Ref Accounts]}
  Select: {Value: !Select [1, !Split ["-", a-b-c]]}
  Find: {Value: !FindInMap [Names, !Ref Environment, Short]}
  FindList: {Value: !Join ["", !FindInMap [Names, uat, Many]]}
  If: {Value: !If [Both, both, one]}
  Zone: {Value: !Select [0, !GetAZs ""]}
  Pseudo: {Value: !Sub "${AWS::Partition} ${AWS::URLSuffix} ${AWS::StackName}", Condition: Either}
  Absent: {Value: x, Condition: IsNot}
"#;

    #[tokio::test(start_paused = true)]
    async fn functions_answer_what_they_do_in_aws() {
        let setup = Setup::new();
        setup.create(&input("functions", FUNCTIONS, &[("Environment", "uat")])).await;
        let outputs = setup.stack("functions").await.unwrap().outputs;
        let topic = format!("arn:aws:sns:eu-west-1:{}:uat-topic", setup.target.account);
        let expected = [
            ("Find", "u"),
            ("FindList", "xy"),
            ("GetAtt", "uat-topic"),
            ("If", "both"),
            ("Join", "1+2+3"),
            ("Pseudo", "aws amazonaws.com functions"),
            ("Ref", &topic),
            ("Select", "b"),
            ("Sub", &format!("{topic}/uat/${{Kept}}/eu-west-1/uat-topic")),
            ("Zone", "eu-west-1a"),
        ];
        let outputs: Vec<_> = outputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(outputs, expected);
        let stack = setup.simulation.stack("dev", "eu-west-1", "functions").unwrap();
        assert_eq!(stack.resources.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn exports_are_imported_and_unique_in_their_region() {
        let setup = Setup::new();
        let exporter = "
Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}}
Outputs: {Name: {Value: !GetAtt Topic.TopicName, Export: {Name: TopicName}}}
";
        let importer = "
Resources: {One: {Type: AWS::SSM::Parameter, Properties: {Value: !ImportValue TopicName}}}
Outputs: {Name: {Value: !ImportValue TopicName}}
";
        let early = setup.refusal(&input("early", importer, &[])).await;
        assert_eq!(early, "No export named TopicName found.");
        setup.create(&input("exporter", exporter, &[])).await;
        assert_eq!(setup.create(&input("late", importer, &[])).await, StackState::CreateComplete);
        assert_eq!(setup.stack("late").await.unwrap().outputs["Name"], "news");
        let again = exporter.replace("news", "olds");
        let taken = setup.refusal(&input("again", &again, &[])).await;
        assert!(taken.contains("already exported by stack exporter"), "{taken}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_circle_has_no_beginning() {
        let circle = "
Resources:
  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref B}}
  B: {Type: AWS::SNS::Topic, DependsOn: A}
";
        let reason = Setup::new().refusal(&input("circle", circle, &[])).await;
        assert_eq!(reason, "Circular dependency between resources: [A, B]");
    }
}
