//! Whole values, worked out as far as they can be.

use serde_json::{Map, Value};

use super::pieces::{Part, Pieces, parts, reference};
use super::{MAX_DEPTH, Resolver, text_of};
use crate::template::function::called;

impl Resolver<'_> {
    /// A value with every function worked out that can be. What nobody can know stays a call in long form, with its
    /// arguments worked out. `None` if it comes to `AWS::NoValue`, which means that there is none.
    pub(in crate::template) fn value(&self, value: &Value) -> Option<Value> {
        self.at(value, 0)
    }

    fn at(&self, value: &Value, depth: usize) -> Option<Value> {
        let mut value = value.clone();
        self.work_out(&mut value, depth).then_some(value)
    }

    /// Works a value out where it stands, because most of it stays as it is written. Answers whether there is one.
    fn work_out(&self, value: &mut Value, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return true;
        }
        let call = called(value);
        if let Some(outcome) = call.map(|(name, argument)| self.call(name, argument, depth + 1)) {
            let is_there = outcome.is_some();
            *value = outcome.unwrap_or_default();
            return is_there;
        }
        match value {
            Value::Array(items) => items.retain_mut(|item| self.work_out(item, depth + 1)),
            Value::Object(map) => map.retain(|_, value| self.work_out(value, depth + 1)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        true
    }

    fn call(&self, function: &str, argument: &Value, depth: usize) -> Option<Value> {
        let known = match function {
            "Ref" if argument == "AWS::NoValue" => return None,
            "Ref" => argument.as_str().and_then(|name| self.reference(name)),
            "Fn::If" => {
                let branch = argument.get(0).and_then(Value::as_str);
                match branch.and_then(|name| self.condition(name)) {
                    Some(holds) => {
                        let branch = argument.get(if holds { 1 } else { 2 });
                        return branch.and_then(|branch| self.at(branch, depth));
                    }
                    None => None,
                }
            }
            "Fn::Sub" => self.substitution(argument, depth),
            "Fn::Join" => self.join(argument, depth),
            "Fn::Select" => self.select(argument, depth),
            "Fn::Split" => self.split(argument, depth),
            "Fn::FindInMap" => self.entry(argument, depth),
            _ => None,
        };
        Some(known.unwrap_or_else(|| self.kept(function, argument, depth)))
    }

    /// A call that has no answer.
    fn kept(&self, function: &str, argument: &Value, depth: usize) -> Value {
        let kept = |value: &Value| self.at(value, depth).unwrap_or_else(|| value.clone());
        // A branch without a value is still a branch.
        let argument = argument
            .as_array()
            .map_or_else(|| kept(argument), |items| items.iter().map(kept).collect());
        Value::Object(Map::from_iter([(function.to_owned(), argument)]))
    }

    /// `Fn::Sub`: a text, or a text and a mapping of names that only it knows.
    fn substitution(&self, argument: &Value, depth: usize) -> Option<Value> {
        let (text, locals) = match argument.as_array() {
            Some(parts) => (parts.first()?, parts.get(1)),
            None => (argument, None),
        };
        let mut pieces = Pieces::default();
        for part in parts(text.as_str()?) {
            match part {
                Part::Text(text) => pieces.push_text(text),
                Part::Literal(text) => pieces.push_text(&format!("${{{text}}}")),
                Part::Variable(name) => {
                    let value = match locals.and_then(|locals| locals.get(name)) {
                        Some(local) => self.at(local, depth)?,
                        None => self
                            .reference(name)
                            .filter(Value::is_string)
                            .unwrap_or_else(|| reference(name)),
                    };
                    pieces.push(value);
                }
            }
        }
        Some(pieces.into_value())
    }

    fn join(&self, argument: &Value, depth: usize) -> Option<Value> {
        let [delimiter, items] = argument.as_array()?.as_slice() else { return None };
        let delimiter = delimiter.as_str()?;
        let Value::Array(items) = self.at(items, depth)? else { return None };
        let mut pieces = Pieces::default();
        for (index, item) in items.into_iter().enumerate() {
            // Whether there is an item at all may depend on the condition.
            let is_item = match called(&item) {
                Some((function, _)) => function != "Fn::If",
                None => text_of(&item).is_some(),
            };
            if !is_item {
                return None;
            }
            if index > 0 {
                pieces.push_text(delimiter);
            }
            pieces.push(item);
        }
        Some(pieces.into_value())
    }

    fn select(&self, argument: &Value, depth: usize) -> Option<Value> {
        let [index, items] = argument.as_array()?.as_slice() else { return None };
        let index: usize = text_of(&self.at(index, depth)?)?.parse().ok()?;
        let Value::Array(mut items) = self.at(items, depth)? else { return None };
        (index < items.len()).then(|| items.swap_remove(index))
    }

    fn split(&self, argument: &Value, depth: usize) -> Option<Value> {
        let [delimiter, text] = argument.as_array()?.as_slice() else { return None };
        let delimiter = delimiter.as_str().filter(|delimiter| !delimiter.is_empty())?;
        let text = text_of(&self.at(text, depth)?)?;
        Some(text.split(delimiter).collect())
    }

    fn entry(&self, argument: &Value, depth: usize) -> Option<Value> {
        // A third argument is a default, of `AWS::LanguageExtensions`.
        let [map, first, second] = argument.as_array()?.as_slice() else { return None };
        let key = |value: &Value| text_of(&self.at(value, depth)?);
        let mapping = self.template.value().get("Mappings")?.get(key(map)?)?;
        mapping.get(key(first)?)?.get(key(second)?).cloned()
    }
}
