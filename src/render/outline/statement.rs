//! A statement of a policy, in a sentence.

use serde_json::{Map, Value};

use super::entry::{Entry, Part, value, words};
use super::value::{list, text};

/// `KeyPolicy.Statement[AllowUse]` and what of the path is within the statement.
pub(super) fn place(path: &str) -> Option<(&str, &str)> {
    let start = path.find("Statement[").filter(|at| *at == 0 || path[..*at].ends_with('.'))?;
    let end = start + path[start..].find(']')? + 1;
    Some(path.split_at(end))
}

/// `Allow arn:... to kms:Decrypt on *`, and its conditions beneath; nothing for what is no statement.
pub(super) fn sentence(statement: &Value) -> Option<Vec<Entry>> {
    let fields = statement.as_object()?;
    let effect = fields.get("Effect")?.as_str()?;
    let mut line = vec![words(effect)];
    let principal = either(fields, "Principal", principals);
    let action = either(fields, "Action", list);
    let is_anybodys = principal.is_some();
    line.extend(principal.into_iter().flatten());
    if is_anybodys && action.is_some() {
        line.push(words(" to"));
    }
    line.extend(action.into_iter().flatten());
    if let Some(resource) = either(fields, "Resource", list) {
        line.push(words(" on"));
        line.extend(resource);
    }
    Some(std::iter::once(Entry::detail(line)).chain(conditions(fields)).collect())
}

/// A field or its negation: ` kms:Decrypt`, ` all but kms:Decrypt`.
fn either(
    fields: &Map<String, Value>,
    name: &str,
    shown: fn(&Value) -> String,
) -> Option<[Part; 2]> {
    if let Some(field) = fields.get(name) {
        return Some([words(" "), value(shown(field))]);
    }
    let field = fields.get(&format!("Not{name}"))?;
    Some([words(" all but "), value(shown(field))])
}

/// `{"AWS": [...], "Service": ...}` in a row; what kind each is of, can be seen.
fn principals(principal: &Value) -> String {
    match principal {
        Value::Object(kinds)
            if !kinds.keys().any(|kind| kind == "Ref" || kind.starts_with("Fn::")) =>
        {
            kinds.values().map(list).collect::<Vec<_>>().join(", ")
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => list(principal),
    }
}

/// `if StringEquals aws:PrincipalOrgID = o-1`, a line each.
fn conditions(fields: &Map<String, Value>) -> Vec<Entry> {
    let Some(condition) = fields.get("Condition") else { return Vec::new() };
    let unknown = || vec![Entry::detail([words("if "), value(text(condition))])];
    let Some(operators) = condition.as_object() else { return unknown() };
    let mut entries = Vec::new();
    for (operator, keys) in operators {
        let Some(keys) = keys.as_object() else { return unknown() };
        for (key, wanted) in keys {
            let name = words(format!("if {operator} {key} = "));
            entries.push(Entry::detail([name, value(list(wanted))]));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(statement: &Value) -> Vec<String> {
        let entries = sentence(statement).unwrap_or_default();
        entries.iter().map(|entry| entry.line.to_string()).collect()
    }

    #[test]
    fn a_statement_is_a_sentence() {
        let statement = json!({
            "Sid": "AllowUse", "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::111111111111:root" },
            "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": "*",
            "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-1" } },
        });
        assert_eq!(
            told(&statement),
            [
                "Allow arn:aws:iam::111111111111:root to kms:Decrypt, kms:Encrypt on *",
                "if StringEquals aws:PrincipalOrgID = o-1",
            ]
        );
    }

    #[test]
    fn negations_and_statements_without_a_principal_are_told() {
        let statement =
            json!({ "Effect": "Deny", "NotAction": "iam:*", "NotResource": ["a", "b"] });
        assert_eq!(told(&statement), ["Deny all but iam:* on all but a, b"]);
        assert!(sentence(&json!({ "Fn::If": ["A", {}, {}] })).is_none());
    }

    #[test]
    fn the_place_of_a_statement_is_told_from_the_place_within() {
        let path = "KeyPolicy.Statement[AllowUse].Action[]";
        assert_eq!(place(path), Some(("KeyPolicy.Statement[AllowUse]", ".Action[]")));
        assert_eq!(place("PolicyDocument.Statement[2]"), Some(("PolicyDocument.Statement[2]", "")));
        assert_eq!(place("Tags[owner]"), None);
    }
}
