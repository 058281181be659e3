//! Settings, value by value, in the words of the files. The only value of a setting that has but one is without a
//! name.

use serde::Serialize;
use serde_json::Value;

use crate::model::{AccountSetting, RegionSetting};

/// The values of an account's setting, by their names in the files.
pub(super) fn of_account(setting: &AccountSetting) -> Vec<(String, String)> {
    values(setting)
}

/// The values of a region's setting, by their names in the files.
pub(super) fn of_region(setting: &RegionSetting) -> Vec<(String, String)> {
    values(setting)
}

/// The content of a setting's variant: its fields where it has some, one line without them otherwise.
fn values(setting: &impl Serialize) -> Vec<(String, String)> {
    let Ok(Value::Object(variant)) = serde_json::to_value(setting) else { return Vec::new() };
    let mut lines = Vec::new();
    for (_, content) in variant {
        flatten("", &content, &mut lines);
    }
    lines
}

fn flatten(name: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(&name, value, lines);
            }
        }
        Value::Null => {}
        Value::String(text) => lines.push((name.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            lines.push((name.to_owned(), value.to_string()));
        }
    }
}
