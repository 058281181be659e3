//! The keys and words that a type's JSON Schema allows.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde_json::Value;

use crate::desired::schema::schema_of;

/// The keys of a mapping.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) known: BTreeSet<String>,
    pub(super) required: Vec<String>,
}

impl Keys {
    /// The keys of `T`: of its properties, or of all its alternatives if it is an enum.
    pub(super) fn of<T: JsonSchema>() -> Self {
        let schema = schema_of::<T>();
        let properties = |schema: &Value| -> Vec<String> {
            let object = schema["properties"].as_object();
            object.into_iter().flat_map(|keys| keys.keys().cloned()).collect()
        };
        let known =
            properties(&schema).into_iter().chain(alternatives(&schema).flat_map(properties));
        let required = schema["required"].as_array().into_iter().flatten();
        Self {
            known: known.collect(),
            required: required.filter_map(|key| key.as_str().map(str::to_owned)).collect(),
        }
    }
}

/// The words of an enum without values.
pub(super) fn words_of<T: JsonSchema>() -> Vec<String> {
    let schema = schema_of::<T>();
    let listed = schema["enum"].as_array().into_iter().flatten();
    let described = alternatives(&schema).map(|one| &one["const"]);
    listed.chain(described).filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    schema["oneOf"].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::files::{AccountEntry, AccountField, ValueSource};

    #[test]
    fn keys_and_words_are_those_of_the_schema() {
        let keys = Keys::of::<AccountEntry>();
        assert!(keys.known.contains("protected"));
        assert_eq!(keys.required, ["name", "email", "ou", "baseline"]);
        let sources: Vec<_> = Keys::of::<ValueSource>().known.into_iter().collect();
        assert_eq!(
            sources,
            ["account", "env", "key", "organization", "output", "secret", "template"]
        );
        assert_eq!(words_of::<AccountField>(), ["id", "name", "email", "ou", "environment"]);
    }
}
