//! JSON Schemas of the files, for editors; and for the decoder, which takes every mapping's keys from them.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::files::{BaselineFile, LandingZoneFile};

/// The schemas by file name: `landing-zone.schema.json`, `baseline.schema.json`.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("landing-zone.schema.json", titled::<LandingZoneFile>("avm landing zone")),
        ("baseline.schema.json", titled::<BaselineFile>("avm baseline")),
    ]
}

/// The schema of one type, everything that it refers to included.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    RecursiveTransform(refuse_null).transform(&mut schema);
    schema.to_value()
}

fn titled<T: JsonSchema>(title: &str) -> Value {
    let mut schema = schema_of::<T>();
    schema["title"] = json!(title);
    // The stored files are in this order, whatever order the JSON library keeps.
    schema.sort_all_objects();
    schema
}

/// A key that is optional may be left out; written without a value it is a fault, as everywhere else.
fn refuse_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            schema.insert("type".into(), one);
        }
    }
    if let Some(Value::Array(branches)) = schema.get_mut("anyOf") {
        branches.retain(|branch| branch != &json!({ "type": "null" }));
        if let [Value::Object(only)] = branches.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::desired::fixture::Fixture;

    #[test]
    fn the_stored_schemas_are_current() {
        for (name, schema) in schemas() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
            let stored = std::fs::read_to_string(path).unwrap_or_default();
            let word = name.strip_suffix(".schema.json").unwrap();
            assert!(
                stored == format!("{schema:#}\n"),
                "schema/{name} is out of date: `cargo run -- schema {word} > schema/{name}`"
            );
        }
    }

    #[test]
    fn what_the_decoder_takes_the_schema_takes() {
        let fixture = Fixture::acme();
        fixture.load();
        let organized = Fixture::organized();
        organized.load();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let acme = root.join("examples/acme/landing-zone.yaml");
        let starter = root.join("src/desired/starter/landing-zone.yaml");
        for (index, files) in [
            vec![
                fixture.path().join("landing-zone.yaml"),
                organized.path().join("landing-zone.yaml"),
                acme,
                starter,
            ],
            [fixture.path(), organized.path(), root].into_iter().flat_map(baselines).collect(),
        ]
        .into_iter()
        .enumerate()
        {
            let validator = jsonschema::validator_for(&schemas()[index].1).unwrap();
            for file in files {
                let document = Fixture::json(&std::fs::read_to_string(&file).unwrap());
                let faults: Vec<_> =
                    validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
                assert!(faults.is_empty(), "{}: {faults:#?}", file.display());
            }
        }
    }

    fn baselines(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder.join("baselines")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn no_key_may_be_null() {
        for (name, schema) in schemas() {
            assert!(!schema.to_string().contains("\"null\""), "{name}");
        }
    }
}
