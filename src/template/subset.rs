//! A part of a template that stands for itself: what an IMPORT change set is made of.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Template;
use super::adoptable::import_needs;
use super::function::variables;
use crate::document::Source;

/// What CloudFormation has to be told of a resource that it takes over. Metadata and policies of creation and
/// update come with the update that follows.
const ATTRIBUTES: &[&str] =
    &["Type", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Properties"];

/// Some resources of a template, with the parameters, mappings and conditions that they need, and no outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subset {
    /// The template, as JSON.
    pub body: String,
    /// The names of its parameters: CloudFormation refuses a value for any other.
    pub parameters: BTreeSet<String>,
}

impl Template {
    /// Reads what is sent to AWS for a template.
    ///
    /// # Errors
    ///
    /// If the text is no template; the message says why.
    pub fn of_body(text: &str) -> Result<Self, String> {
        Self::parse_deployed(&Source::new("template", text))
            .map_err(|faults| faults.first().map(ToString::to_string).unwrap_or_default())
    }

    /// The resources with these logical ids.
    ///
    /// Only what an import cannot do without: CloudFormation takes the properties of the template for those of the
    /// resource, and compares nothing with reality. Those that are left out are new to it in the update that
    /// follows, so that they are set; those that the import has stay what they are. A dependency on a resource that
    /// is left out is left out, too, and so is a property whose value refers to one.
    pub fn subset(&self, logical_ids: &BTreeSet<&str>) -> Subset {
        let resources: Map<String, Value> = self
            .resources()
            .iter()
            .filter(|(logical_id, _)| logical_ids.contains(logical_id.as_str()))
            .map(|(logical_id, resource)| {
                (logical_id.clone(), self.reduced(&resource.value, logical_ids))
            })
            .collect();
        let resources = Value::Object(resources);
        let mut needs = Needs::default();
        needs.collect(&resources);
        // A condition may need further ones.
        let mut known = 0;
        while known < needs.conditions.len() {
            known = needs.conditions.len();
            for (_, condition) in self.part("Conditions", &needs.conditions) {
                needs.collect(&condition);
            }
        }
        let mut document = Map::new();
        for section in ["AWSTemplateFormatVersion", "Transform"] {
            if let Some(value) = self.value().get(section) {
                document.insert(section.to_owned(), value.clone());
            }
        }
        let parameters = self.part("Parameters", &needs.names);
        let names = parameters.keys().cloned().collect();
        let mappings = if needs.any_mapping {
            self.value().get("Mappings").and_then(Value::as_object).cloned()
        } else {
            Some(self.part("Mappings", &needs.mappings))
        };
        let sections = [
            ("Parameters", parameters),
            ("Mappings", mappings.unwrap_or_default()),
            ("Conditions", self.part("Conditions", &needs.conditions)),
        ];
        for (section, entries) in sections.into_iter().filter(|(_, entries)| !entries.is_empty()) {
            document.insert(section.to_owned(), Value::Object(entries));
        }
        document.insert("Resources".to_owned(), resources);
        Subset { body: Value::Object(document).to_string(), parameters: names }
    }

    /// The entries of a section that have these names.
    fn part(&self, section: &str, names: &BTreeSet<String>) -> Map<String, Value> {
        let entries = self.value().get(section).and_then(Value::as_object);
        let entries = entries.into_iter().flatten();
        entries
            .filter(|(name, _)| names.contains(*name))
            .map(|(name, entry)| (name.clone(), entry.clone()))
            .collect()
    }

    /// A resource without what refers to a resource that is left out.
    fn reduced(&self, resource: &Value, kept: &BTreeSet<&str>) -> Value {
        let is_kept = |value: &Value| {
            let mut needs = Needs::default();
            needs.collect(value);
            let is_left_out = |name: &String| {
                self.resources().contains_key(name) && !kept.contains(name.as_str())
            };
            !needs.names.iter().any(is_left_out)
        };
        let resource_type = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
        let mut reduced = Map::new();
        for attribute in ATTRIBUTES {
            match resource.get(*attribute) {
                Some(Value::Object(properties)) => {
                    let properties = properties
                        .iter()
                        .filter(|(name, value)| import_needs(resource_type, name) && is_kept(value))
                        .map(|(name, value)| (name.clone(), value.clone()))
                        .collect();
                    reduced.insert((*attribute).to_owned(), Value::Object(properties));
                }
                Some(value) => drop(reduced.insert((*attribute).to_owned(), value.clone())),
                None => {}
            }
        }
        let depends_on: Vec<&str> = match resource.get("DependsOn") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let depends_on: Vec<_> =
            depends_on.into_iter().filter(|name| kept.contains(name)).collect();
        if !depends_on.is_empty() {
            reduced.insert("DependsOn".to_owned(), json!(depends_on));
        }
        Value::Object(reduced)
    }
}

/// What a value refers to.
#[derive(Debug, Default)]
struct Needs {
    /// Parameters and resources.
    names: BTreeSet<String>,
    conditions: BTreeSet<String>,
    mappings: BTreeSet<String>,
    /// Whether the mapping is itself found by a function, so that it can be any.
    any_mapping: bool,
}

impl Needs {
    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(entries) => {
                for (key, argument) in entries {
                    self.call(key, argument);
                    self.collect(argument);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn call(&mut self, function: &str, argument: &Value) {
        let text = argument.as_str();
        let first = argument.get(0);
        let first_text = first.and_then(Value::as_str);
        match function {
            "Ref" => self.names.extend(text.map(str::to_owned)),
            "Fn::GetAtt" => self.names.extend(first_text.map(str::to_owned)),
            "Fn::Sub" => {
                let locals = argument.get(1);
                let names = variables(text.or(first_text).unwrap_or_default()).into_iter();
                let names = names.filter(|name| locals.is_none_or(|own| own.get(name).is_none()));
                let name = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
                self.names.extend(names.map(name));
            }
            // Of a policy's statement it is a mapping.
            "Condition" => self.conditions.extend(text.map(str::to_owned)),
            "Fn::If" => self.conditions.extend(first_text.map(str::to_owned)),
            "Fn::FindInMap" => match first_text {
                Some(name) => drop(self.mappings.insert(name.to_owned())),
                None => self.any_mapping = true,
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "AWSTemplateFormatVersion: '2010-09-09'\nDescription: x\nMetadata: {a: b}\n\
        Parameters:\n  Name: {Type: String}\n  Unused: {Type: String}\n  ByCondition: {Type: String, Default: ''}\n  \
        ByChannel: {Type: String}\n\
        Mappings: {Used: {a: {b: c}}, Other: {a: {b: c}}}\n\
        Conditions:\n  A: !Not [!Condition B]\n  B: !Equals [!Ref ByCondition, '']\n  C: !Equals [!Ref Unused, '']\n\
        Rules: {}\n\
        Resources:\n  \
        Key:\n    Type: AWS::SQS::Queue\n    Condition: A\n    DeletionPolicy: Retain\n    DependsOn: [Role, Alias]\n    \
        Metadata: {x: y}\n    Properties:\n      Description: !FindInMap [Used, a, b]\n      Enabled: true\n      \
        KeyPolicy: {Statement: [{Principal: !GetAtt Role.Arn, Condition: {StringEquals: {a: b}}}]}\n      \
        Tags: [{Key: !Sub '${Role}-${AWS::Region}', Value: x}]\n  \
        Alias:\n    Type: AWS::KMS::Alias\n    DeletionPolicy: Retain\n    DependsOn: Role\n    Properties:\n      \
        AliasName: !Sub ['alias/${Name}/${Role}', {Role: x}]\n      TargetKeyId: !Ref Key\n  \
        Role: {Type: 'AWS::IAM::Role', Properties: {Path: !Ref ByChannel, X: !If [C, 1, 2]}}\n\
        Outputs: {Arn: {Value: !GetAtt Key.Arn}}\n";

    #[test]
    fn it_has_the_resources_and_what_they_need_and_nothing_else() {
        let template = Template::of_body(TEXT).unwrap();
        let subset = template.subset(&["Alias", "Key"].into());
        let value: Value = serde_json::from_str(&subset.body).unwrap();
        assert_eq!(
            value,
            json!({
                "AWSTemplateFormatVersion": "2010-09-09",
                "Parameters": {"ByCondition": {"Type": "String", "Default": ""}, "Name": {"Type": "String"}},
                "Mappings": {"Used": {"a": {"b": "c"}}},
                "Conditions": {
                    "A": {"Fn::Not": [{"Condition": "B"}]},
                    "B": {"Fn::Equals": [{"Ref": "ByCondition"}, ""]},
                },
                "Resources": {
                    "Key": {
                        "Type": "AWS::SQS::Queue",
                        "Condition": "A",
                        "DeletionPolicy": "Retain",
                        "DependsOn": ["Alias"],
                        "Properties": {"Description": {"Fn::FindInMap": ["Used", "a", "b"]}, "Enabled": true},
                    },
                    "Alias": {
                        "Type": "AWS::KMS::Alias",
                        "DeletionPolicy": "Retain",
                        "Properties": {
                            "AliasName": {"Fn::Sub": ["alias/${Name}/${Role}", {"Role": "x"}]},
                            "TargetKeyId": {"Ref": "Key"},
                        },
                    },
                },
            })
        );
        assert_eq!(subset.parameters, ["ByCondition".to_owned(), "Name".to_owned()].into());
    }

    #[test]
    fn it_is_a_template_that_would_be_taken() {
        for ids in [&["Key", "Alias"][..], &["Alias", "Key", "Role"], &["Key"], &["Role"]] {
            let subset = Template::of_body(TEXT).unwrap().subset(&ids.iter().copied().collect());
            let template = Template::parse(&Source::new("t", &subset.body)).unwrap();
            assert_eq!(template.resources().len(), ids.len());
            assert!(template.outputs().is_empty());
        }
    }

    #[test]
    fn what_is_no_template_is_refused_with_a_reason() {
        assert!(Template::of_body("[]").unwrap_err().contains("a template is a mapping"));
    }

    #[test]
    fn what_is_imported_brings_no_property_that_the_update_would_then_take_for_set() {
        let text = "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    DeletionPolicy: Retain\n    Properties:\n      \
            KeyPolicy: {Statement: []}\n      EnableKeyRotation: true\n  \
            Detector:\n    Type: AWS::GuardDuty::Detector\n    DeletionPolicy: Retain\n    Properties:\n      \
            Enable: true\n      FindingPublishingFrequency: SIX_HOURS\n";
        let subset = Template::of_body(text).unwrap().subset(&["Detector", "Key"].into());
        let value: Value = serde_json::from_str(&subset.body).unwrap();
        assert_eq!(value["Resources"]["Key"]["Properties"], json!({}));
        assert_eq!(value["Resources"]["Detector"]["Properties"], json!({"Enable": true}));
    }
}
