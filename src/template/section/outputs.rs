//! Outputs, and what they export.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Sections, check_keys};
use crate::document::Kind;
use crate::template::digest::DIGEST_OUTPUT;
use crate::template::faults::Faults;
use crate::template::long_form;

const KEYS: &[&str] = &["Condition", "Description", "Export", "Value"];

/// The outputs of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::template) struct Outputs {
    /// Their names, the digest's excluded.
    pub(in crate::template) names: BTreeSet<String>,
    /// The names under which they are exported, by output.
    pub(in crate::template) exports: BTreeMap<String, Value>,
}

/// Reads the outputs.
pub(in crate::template) fn read(sections: &Sections<'_>, faults: &mut Faults<'_>) -> Outputs {
    let mut outputs = Outputs::default();
    for (name, key, node) in sections.entries("Outputs").filter(|(name, ..)| *name != DIGEST_OUTPUT)
    {
        outputs.names.insert(name.to_owned());
        if !matches!(node.kind, Kind::Mapping(_)) || node.get("Value").is_none() {
            faults.add(key, "output", format!("the output `{name}` has no `Value`"));
        }
        check_keys("an output", node, KEYS, faults);
        let Some(export) = node.get("Export") else { continue };
        match export.get("Name") {
            Some(export_name) => {
                outputs.exports.insert(name.to_owned(), long_form::value(export_name));
            }
            None => faults.add(export, "output", "an export has a `Name`"),
        }
    }
    outputs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{Source, parse};

    #[test]
    fn an_output_has_a_value_and_its_export_a_name() {
        let source = Source::new(
            "t",
            "Outputs:\n  A: {Value: 1, Export: {Name: {'Fn::Sub': x}}}\n  B: {Export: {Nam: x}}\n  C: x\n  D: {Value: 1, Vale: 1}\n",
        );
        let root = parse(&source).unwrap();
        let mut faults = Faults::new(&source);
        let outputs = read(&Sections::new(&root), &mut faults);
        assert_eq!(outputs.exports, [("A".to_owned(), json!({"Fn::Sub": "x"}))].into());
        let faults: Vec<_> = faults.into_vec().iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "t:3:3: the output `B` has no `Value`",
                "t:3:15: an export has a `Name`",
                "t:4:3: the output `C` has no `Value`",
                "t:5:17: an output has no `Vale`",
            ]
        );
    }
}
