//! What two deployments disagree about apart from their resources.

use std::collections::BTreeSet;

use serde_json::Value;

use super::deployed::Deployed;

/// The pseudo parameters that have an answer before a stack is made.
const PSEUDO: [&str; 5] =
    ["AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix"];

/// What two deployments disagree about apart from their resources: parameters, conditions, mappings. Two resources
/// that are written alike are alike unless they mention any of it, and need not be worked out.
#[derive(Clone, Debug, Default)]
pub struct Divergence<'a> {
    names: BTreeSet<&'a str>,
    conditions: BTreeSet<&'a str>,
    mappings: bool,
}

impl<'a> Divergence<'a> {
    /// What two deployments disagree about.
    pub fn between(before: &Deployed<'a>, after: &Deployed<'a>) -> Self {
        let differs =
            |name: &&str| before.resolver.reference(name) != after.resolver.reference(name);
        let parameters = [before, after].map(|side| side.template.parameters().keys());
        let names = parameters.into_iter().flatten().map(String::as_str).chain(PSEUDO);
        let mappings = |side: &Deployed<'a>| side.template.value().get("Mappings");
        let mut divergence = Self {
            names: names.filter(differs).collect(),
            conditions: BTreeSet::new(),
            mappings: mappings(before) != mappings(after),
        };
        divergence.find_conditions(before, after);
        divergence
    }

    /// Conditions that come to something else, or may: those that nobody can know and that are not written alike, or
    /// mention what differs.
    fn find_conditions(&mut self, before: &Deployed<'a>, after: &Deployed<'a>) {
        let all = |side: &Deployed<'a>| side.template.value().get("Conditions")?.as_object();
        let (here, there) = (all(before), all(after));
        let mut alike = Vec::new();
        for name in [here, there].into_iter().flatten().flat_map(serde_json::Map::keys) {
            let written = [here, there].map(|side| side.and_then(|side| side.get(name)));
            let [one, other] = [before, after].map(|side| side.resolver.condition(name));
            if one != other || (one.is_none() && written[0] != written[1]) {
                self.conditions.insert(name);
            } else if let (None, Some(written)) = (one, written[0]) {
                alike.push((name, written));
            }
        }
        // A condition may mention others, in any order.
        loop {
            let known = self.conditions.len();
            for (name, written) in &alike {
                if !self.conditions.contains(name.as_str()) && self.reaches(written) {
                    self.conditions.insert(name);
                }
            }
            if self.conditions.len() == known {
                return;
            }
        }
    }

    /// Adds parameters or resources that come to something else although they are written as before.
    pub fn add(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.names.extend(names);
    }

    /// Whether a condition comes to something else, or may.
    pub fn turns(&self, condition: &str) -> bool {
        self.conditions.contains(condition)
    }

    /// Whether a value that is written alike on both sides may come to something else. It errs on the side of yes: a
    /// name counts wherever it stands in a text.
    pub fn reaches(&self, value: &Value) -> bool {
        !self.is_empty() && self.is_in(value)
    }

    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.conditions.is_empty() && !self.mappings
    }

    fn is_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                self.conditions.contains(text.as_str())
                    || self.names.iter().any(|name| text.contains(name))
            }
            Value::Array(items) => items.iter().any(|item| self.is_in(item)),
            Value::Object(map) => {
                let mut entries = map.iter();
                entries.any(|(key, value)| {
                    (self.mappings && key == "Fn::FindInMap") || self.is_in(value)
                })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::document::Source;
    use crate::template::{Deployment, Template};

    /// Whether a value reaches what differs between a template with `Env` = dev and one with these changes: other
    /// conditions and mappings, and other parameters. A value of `?` is one that nobody can know yet.
    fn reaches(open: &str, map: &str, given: &[(&str, &str)], value: &Value) -> bool {
        let template = |open: &str, map: &str| {
            let document = json!({
                "Parameters": {"Env": {"Type": "String"}, "Size": {"Type": "Number", "Default": 1}},
                "Mappings": {"M": {"a": {"b": map}}},
                "Conditions": {
                    "Aside": {"Fn::Not": [{"Condition": "Prod"}]},
                    "Open": {"Fn::Equals": [{"Fn::ImportValue": open}, "x"]},
                    "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
                },
                "Resources": {"It": {"Type": "AWS::SNS::Topic"}},
            });
            Template::parse_deployed(&Source::new("t", &document.to_string())).unwrap()
        };
        let (stack, region) = ("avm-x".parse().unwrap(), "eu-west-1".parse().unwrap());
        let values = |given: &[(&str, &str)]| -> BTreeMap<_, _> {
            let known = |value: &str| (value != "?").then(|| value.to_owned());
            given.iter().map(|(name, value)| ((*name).to_owned(), known(value))).collect()
        };
        let (one, other) = (template("open", "c"), template(open, map));
        let (before, after) = (values(&[("Env", "dev")]), values(given));
        let deployment =
            |parameters| Deployment { stack: &stack, account: None, region: &region, parameters };
        let divergence = Divergence::between(
            &one.deployed(deployment(&before)),
            &other.deployed(deployment(&after)),
        );
        divergence.reaches(value)
    }

    #[test]
    fn a_value_is_reached_by_what_it_mentions_and_by_nothing_else() {
        let at = |value: &str| json!({"Fn::Sub": value});
        let found = json!({"A": [{"Fn::FindInMap": ["M", "a", "b"]}]});
        let dev: &[_] = &[("Env", "dev")];
        assert!(!reaches("open", "c", dev, &json!([at("${Env}"), found, {"Condition": "Prod"}])));
        assert!(reaches("open", "c", &[("Env", "uat")], &at("${Env}")));
        assert!(!reaches("open", "c", &[("Env", "uat")], &json!([at("${Size}"), "Prod", found])));
        assert!(reaches("open", "d", dev, &found));
        assert!(!reaches("open", "d", dev, &at("${Env}")));
        assert!(reaches("else", "c", dev, &json!({"Fn::If": ["Open", 1, 2]})));
    }

    #[test]
    fn a_condition_is_reached_through_other_conditions() {
        for env in ["prod", "?"] {
            let given = [("Env", env)];
            assert!(reaches("open", "c", &given, &json!({"Condition": "Prod"})), "{env}");
            assert!(reaches("open", "c", &given, &json!({"Condition": "Aside"})), "{env}");
            assert!(!reaches("open", "c", &given, &json!({"Condition": "Open"})), "{env}");
        }
    }
}
