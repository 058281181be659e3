//! What a template's parts refer to, and the order that follows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::template::Template;

/// The function that an object stands for: `{"Fn::Sub": ...}`, `{"Ref": ...}`.
pub(super) fn function(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = object.iter().next().filter(|_| object.len() == 1)?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, argument))
}

/// The pieces of a `Fn::Sub` text.
pub(super) enum Piece<'a> {
    /// Taken as it is.
    Text(&'a str),
    /// `${Name}` or `${Name.Attribute}`.
    Variable(&'a str),
}

/// Splits a `Fn::Sub` text. `${!Literal}` is the text `${Literal}`.
pub(super) fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some((before, rest)) = text.split_once("${") {
        let Some((variable, after)) = rest.split_once('}') else { break };
        pieces.push(Piece::Text(before));
        if let Some(literal) = variable.strip_prefix('!') {
            pieces.extend([Piece::Text("${"), Piece::Text(literal), Piece::Text("}")]);
        } else {
            pieces.push(Piece::Variable(variable));
        }
        text = after;
    }
    pieces.push(Piece::Text(text));
    pieces
}

/// The logical id and the attribute that `Fn::GetAtt` names, in either of its forms.
pub(super) fn get_att(argument: &Value) -> Option<(&str, &Value)> {
    match argument.as_array().map(Vec::as_slice) {
        Some([Value::String(logical_id), attribute]) => Some((logical_id, attribute)),
        _ => None,
    }
}

/// The names that a value refers to: parameters, resources and pseudo parameters.
pub(super) fn names(value: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => match function(object) {
            Some(("Ref", Value::String(name))) => {
                found.insert(name);
            }
            Some(("Fn::GetAtt", Value::String(path))) => {
                found.extend(path.split('.').next());
            }
            Some(("Fn::GetAtt", argument)) => {
                found.extend(get_att(argument).map(|(logical_id, _)| logical_id));
            }
            Some(("Fn::Sub", argument)) => substituted(argument, found),
            _ => object.values().for_each(|value| collect(value, found)),
        },
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn substituted<'a>(argument: &'a Value, found: &mut BTreeSet<&'a str>) {
    let (text, own) = match argument.as_array() {
        Some(items) => (items.first(), items.get(1)),
        None => (Some(argument), None),
    };
    if let Some(own) = own {
        own.as_object().into_iter().flat_map(Map::values).for_each(|value| collect(value, found));
    }
    for piece in pieces(text.and_then(Value::as_str).unwrap_or_default()) {
        if let Piece::Variable(variable) = piece
            && own.is_none_or(|own| own.get(variable).is_none())
        {
            found.extend(variable.split('.').next());
        }
    }
}

/// The resources in the order in which they are made: each after those that it refers to or depends on.
pub(super) fn order<'a>(
    template: &'a Template,
    active: &BTreeSet<&'a str>,
) -> Result<Vec<&'a str>, String> {
    let needs: BTreeMap<&str, BTreeSet<&str>> =
        active.iter().map(|id| (*id, needs(template, id, active))).collect();
    let mut order = Vec::new();
    while order.len() < active.len() {
        let before = order.len();
        for (id, needs) in &needs {
            if !order.contains(id) && needs.iter().all(|need| order.contains(need)) {
                order.push(*id);
            }
        }
        if order.len() == before {
            let stuck: Vec<_> = active.iter().filter(|id| !order.contains(id)).copied().collect();
            return Err(format!("Circular dependency between resources: [{}]", stuck.join(", ")));
        }
    }
    Ok(order)
}

fn needs<'a>(template: &'a Template, id: &str, active: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let Some(resource) = template.resources().get(id) else { return BTreeSet::new() };
    let mut found = resource.value.get("Properties").map(names).unwrap_or_default();
    match resource.value.get("DependsOn") {
        Some(Value::String(name)) => found.extend([name.as_str()]),
        Some(Value::Array(items)) => found.extend(items.iter().filter_map(Value::as_str)),
        _ => {}
    }
    active.iter().filter(|name| found.contains(**name)).copied().collect()
}
