//! Conditions.

use serde_json::Value;

use super::scope::{Evaluation, Scope};

/// Deeper than any honest condition, and shallow enough for a circle.
const MAX_DEPTH: usize = 64;

impl Scope<'_> {
    /// Whether the condition of that name holds.
    pub(super) fn holds(&self, name: &str) -> Evaluation<bool> {
        self.named(name, 0)
    }

    /// Whether the assertion of a rule holds.
    pub(super) fn asserted(&self, assertion: &Value) -> Evaluation<bool> {
        self.condition(assertion, 0)
    }

    fn named(&self, name: &str, depth: usize) -> Evaluation<bool> {
        if depth > MAX_DEPTH {
            return Err(format!("Template error: condition {name} refers to itself"));
        }
        let condition = self.template.value().get("Conditions").and_then(|all| all.get(name));
        let condition = condition
            .ok_or_else(|| format!("Template error: unresolved condition dependency {name}"))?;
        self.condition(condition, depth + 1)
    }

    fn condition(&self, value: &Value, depth: usize) -> Evaluation<bool> {
        let invalid = || format!("Template error: {value} is no condition");
        let entry = value.as_object().filter(|object| object.len() == 1);
        let (function, argument) =
            entry.and_then(|object| object.iter().next()).ok_or_else(invalid)?;
        if depth > MAX_DEPTH {
            return Err(invalid());
        }
        let items = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut each = items.iter().map(|item| self.condition(item, depth + 1));
        match (function.as_str(), items) {
            ("Condition", _) => self.named(argument.as_str().ok_or_else(invalid)?, depth + 1),
            ("Fn::Equals", [left, right]) => Ok(self.comparable(left)? == self.comparable(right)?),
            // Only rules may use the next three.
            ("Fn::Contains", [list, item]) => {
                Ok(self.members(list)?.contains(&self.comparable(item)?))
            }
            ("Fn::EachMemberEquals", [list, item]) => {
                let item = self.comparable(item)?;
                Ok(self.members(list)?.iter().all(|member| *member == item))
            }
            ("Fn::EachMemberIn", [some, all]) => {
                let all = self.members(all)?;
                Ok(self.members(some)?.iter().all(|member| all.contains(member)))
            }
            ("Fn::Not", [one]) => Ok(!self.condition(one, depth + 1)?),
            ("Fn::And", [_, ..]) => each.try_fold(true, |all, one| Ok(all & one?)),
            ("Fn::Or", [_, ..]) => each.try_fold(false, |any, one| Ok(any | one?)),
            _ => Err(invalid()),
        }
    }

    /// What is in a list, to be compared.
    fn members(&self, list: &Value) -> Evaluation<Vec<Option<Value>>> {
        self.list(list)?.iter().map(|member| self.comparable(member)).collect()
    }

    /// Scalars compare as text: `true` equals `"true"`.
    fn comparable(&self, value: &Value) -> Evaluation<Option<Value>> {
        Ok(self.resolve(value)?.map(|value| match value {
            Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
            Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => value,
        }))
    }
}
