//! When two values are one to CloudFormation.

use std::fmt::Write as _;

use serde_json::Value;

use crate::template::called;

/// A text that two values share exactly if they are one to CloudFormation: it takes `true` for `"true"` and 1 for
/// `"1"`, and the keys of an object have no order.
pub(super) fn identity(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Whether two values are one to CloudFormation.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    one == other || identity(one) == identity(other)
}

/// A value that cannot be taken apart: it is single, or nobody can know it yet.
pub(super) fn is_single(value: &Value) -> bool {
    match value {
        Value::Array(_) => false,
        Value::Object(_) => called(value).is_some(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whether there is anything in a value that nobody can know yet.
pub(super) fn is_open(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_open),
        Value::Object(map) => called(value).is_some() || map.values().any(is_open),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The text of a value that is single and known.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(
            // 1.0 is 1.
            number
                .as_f64()
                .filter(|float| float.fract() == 0.0 && float.abs() < 1e15)
                .map_or_else(|| number.to_string(), |float| float.to_string()),
        ),
        Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn write(value: &Value, to: &mut String) {
    match value {
        Value::Array(items) => {
            to.push('[');
            for item in items {
                write(item, to);
                to.push(',');
            }
            to.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            to.push('{');
            for (key, value) in entries {
                // Writing to a string cannot fail.
                let _ = write!(to, "{key:?}:");
                write(value, to);
                to.push(',');
            }
            to.push('}');
        }
        Value::Null => to.push_str("null"),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = write!(to, "{:?}", text(value).unwrap_or_default());
        }
    }
}
