//! Values of templates, in short.

use serde_json::{Map, Value};

/// What follows a reference to something whose value nobody can know yet.
pub(super) const AFTER_APPLY: &str = " (known after apply)";

/// A value as a reader sees it. Functions whose value nobody can know yet are named: `Key.Arn (known after apply)`.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) => inner(value),
        Value::Object(fields) => match function(fields) {
            Some(Function::Reference(name)) => format!("{name}{AFTER_APPLY}"),
            Some(Function::Joined(text)) if text.contains("${") => {
                format!("{text}{AFTER_APPLY}")
            }
            Some(Function::Joined(text) | Function::Text(text)) => text,
            None => inner(value),
        },
    }
}

/// Values in a row, of which there may be but one.
pub(super) fn list(value: &Value) -> String {
    match value {
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            text(value)
        }
    }
}

enum Function {
    /// The name of what it stands for.
    Reference(String),
    /// A text with `${names}` in it.
    Joined(String),
    /// A text as the template has it.
    Text(String),
}

fn function(fields: &Map<String, Value>) -> Option<Function> {
    let mut fields = fields.iter();
    let (Some((name, argument)), None) = (fields.next(), fields.next()) else { return None };
    match (name.as_str(), argument) {
        ("Ref" | "Fn::GetAtt", Value::String(name)) => Some(Function::Reference(name.clone())),
        ("Fn::GetAtt", Value::Array(path)) => {
            let path: Vec<_> = path.iter().map(text).collect();
            Some(Function::Reference(path.join(".")))
        }
        ("Fn::Sub", Value::String(text)) => Some(Function::Text(text.clone())),
        ("Fn::Sub", Value::Array(arguments)) => {
            arguments.first().and_then(Value::as_str).map(|text| Function::Text(text.to_owned()))
        }
        ("Fn::Join", Value::Array(arguments)) => match arguments.as_slice() {
            [Value::String(between), Value::Array(pieces)] => {
                let pieces: Vec<_> = pieces.iter().map(piece).collect();
                Some(Function::Joined(pieces.join(between)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A value within a text: `${Key.Arn}`.
fn piece(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => match function(fields) {
            Some(Function::Reference(name)) => format!("${{{name}}}"),
            Some(Function::Joined(text) | Function::Text(text)) => text,
            None => inner(value),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => inner(value),
    }
}

/// A value with values in it, without the quotes that nobody needs.
fn inner(value: &Value) -> String {
    match value {
        Value::Array(values) => {
            format!("[{}]", values.iter().map(piece_or_quoted).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let field = |(name, value)| format!("{name}: {}", piece_or_quoted(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// A text that could be taken for something else is quoted.
fn piece_or_quoted(value: &Value) -> String {
    match value {
        Value::String(text)
            if text.is_empty()
                || text.contains([',', '[', ']', '{', '}', '"'])
                || text.starts_with(' ')
                || text.ends_with(' ')
                || serde_json::from_str::<Value>(text).is_ok() =>
        {
            value.to_string()
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => piece(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn functions_are_shown_in_short() {
        for (value, shown) in [
            (json!({ "Fn::GetAtt": ["Key", "Arn"] }), "Key.Arn (known after apply)"),
            (json!({ "Ref": "Bucket" }), "Bucket (known after apply)"),
            (json!({ "Fn::Sub": "${Bucket}/*" }), "${Bucket}/*"),
            (json!({ "Fn::Sub": ["${A}/*", { "A": "b" }] }), "${A}/*"),
            (
                json!({ "Fn::Join": ["", ["arn:aws:s3:::", { "Ref": "Bucket" }]] }),
                "arn:aws:s3:::${Bucket} (known after apply)",
            ),
            (json!({ "Fn::ImportValue": "x" }), "{Fn::ImportValue: x}"),
            (json!([{ "Ref": "A" }, "b", "1", 1, true]), "[${A}, b, \"1\", 1, true]"),
            (json!({ "a": { "b": "c, d" } }), "{a: {b: \"c, d\"}}"),
            (json!("text"), "text"),
        ] {
            assert_eq!(text(&value), shown);
        }
    }
}
