//! Whether a difference makes a resource anew.

use serde_json::Value;

use super::path::Path;
use super::sameness::{identity, is_open};
use crate::plan::difference::Replacement;
use crate::template::CreateOnly;

/// What a difference does to a resource, by what can only be said when it is made.
///
/// Certain only where both values are known: a call may come to the value that is there.
pub(super) fn replacement(
    create_only: Option<&CreateOnly>,
    path: &Path<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Replacement {
    let (Some(create_only), Some(pointer)) = (create_only, path.pointer()) else {
        return Replacement::Never;
    };
    let touch = |rules: &[Vec<&str>]| {
        rules.iter().filter_map(|rule| touches(rule, &pointer, before, after)).max()
    };
    let always = touch(&create_only.always).unwrap_or_default();
    let maybe = touch(&create_only.maybe).unwrap_or_default().min(Replacement::Maybe);
    let is_certain = !before.is_some_and(is_open) && !after.is_some_and(is_open);
    always.min(if is_certain { Replacement::Always } else { Replacement::Maybe }).max(maybe)
}

/// What one rule says of a difference; nothing if it is about something else.
fn touches(
    rule: &[&str],
    pointer: &[&str],
    before: Option<&Value>,
    after: Option<&Value>,
) -> Option<Replacement> {
    let is_along = rule.iter().zip(pointer).all(|(rule, step)| rule == step || *rule == "*");
    if !is_along {
        return None;
    }
    // What the rule is about lies below: a whole object or item appears, changes or disappears.
    let below = rule.get(pointer.len()..).unwrap_or_default();
    let values = |value: Option<&Value>| {
        let mut found = Vec::new();
        if let Some(value) = value {
            collect(value, below, &mut found);
        }
        found
    };
    if !below.is_empty() && values(before) == values(after) {
        return None;
    }
    // An item that comes or goes is another thing than an item that changes.
    let is_of_items = !below.is_empty() && (pointer.contains(&"*") || below.contains(&"*"));
    Some(if is_of_items { Replacement::Maybe } else { Replacement::Always })
}

/// The values at the end of a path.
fn collect(value: &Value, path: &[&str], found: &mut Vec<String>) {
    match path {
        [] => found.push(identity(value)),
        ["*", rest @ ..] => {
            value.as_array().into_iter().flatten().for_each(|item| collect(item, rest, found));
        }
        [key, rest @ ..] => {
            if let Some(value) = value.get(key) {
                collect(value, rest, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of_role(path: &Path<'_>, before: &Value, after: &Value) -> Replacement {
        let rules = CreateOnly {
            always: vec![vec!["RoleName"], vec!["Network", "Vpc"], vec!["Nodes", "*", "Server"]],
            maybe: vec![vec!["Type"]],
        };
        let there = |value| Some(value).filter(|value: &&Value| !value.is_null());
        replacement(Some(&rules), path, there(before), there(after))
    }

    #[test]
    fn a_property_that_is_said_at_birth_makes_the_resource_anew() {
        let root = Path::PROPERTIES;
        let (a, b) = (json!("a"), json!("b"));
        assert_eq!(of_role(&root.key("RoleName"), &a, &b), Replacement::Always);
        assert_eq!(of_role(&root.key("RoleName"), &a, &Value::Null), Replacement::Always);
        assert_eq!(of_role(&root.key("RoleName").key("Below"), &a, &b), Replacement::Always);
        assert_eq!(of_role(&root.key("Type"), &a, &b), Replacement::Maybe);
        assert_eq!(of_role(&root.key("Description"), &a, &b), Replacement::Never);
        assert_eq!(of_role(&Path::attribute("RoleName"), &a, &b), Replacement::Never);
        assert_eq!(replacement(None, &root.key("RoleName"), Some(&a), None), Replacement::Never);
    }

    #[test]
    fn what_nobody_can_know_may_be_what_is_there() {
        let open = json!({"Ref": "Key"});
        let name = Path::PROPERTIES;
        let name = name.key("RoleName");
        assert_eq!(of_role(&name, &json!("a"), &open), Replacement::Maybe);
        assert_eq!(of_role(&name, &open, &json!("a")), Replacement::Maybe);
    }

    #[test]
    fn an_object_that_appears_is_searched_for_what_is_said_at_birth() {
        let root = Path::PROPERTIES;
        let network = root.key("Network");
        assert_eq!(of_role(&network, &Value::Null, &json!({"Vpc": 1})), Replacement::Always);
        assert_eq!(of_role(&network, &Value::Null, &json!({"Else": 1})), Replacement::Never);
        assert_eq!(of_role(&network, &json!({"Vpc": "1"}), &json!({"Vpc": 1})), Replacement::Never);
        let nodes = root.key("Nodes");
        let node = nodes.item("0");
        assert_eq!(of_role(&node, &Value::Null, &json!({"Server": 1})), Replacement::Maybe);
        assert_eq!(of_role(&node.key("Server"), &json!(1), &json!(2)), Replacement::Always);
    }
}
