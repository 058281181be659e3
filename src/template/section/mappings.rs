//! Mappings.

use super::Sections;
use crate::document::{Kind, Node};
use crate::template::faults::Faults;

/// Refuses mappings that are not tables of two keys with values that are single or lists.
pub(in crate::template) fn check(sections: &Sections<'_>, faults: &mut Faults<'_>) {
    // A macro may be what fills a mapping.
    if sections.macros {
        return;
    }
    for (name, key, mapping) in sections.entries("Mappings") {
        if mapping.entries().is_empty() {
            faults.add(key, "mapping", format!("the mapping `{name}` is empty or no mapping"));
        }
        for (first_key, row) in mapping.entries() {
            check_key(first_key, faults);
            if row.entries().is_empty() {
                faults.add(row, "mapping", "a mapping has two levels of keys, this is the first");
            }
            for (second_key, value) in row.entries() {
                check_key(second_key, faults);
                let is_value = match &value.kind {
                    Kind::Scalar { .. } => true,
                    Kind::Sequence(items) => items.iter().all(|item| item.text().is_some()),
                    Kind::Mapping(_) => false,
                };
                if !is_value {
                    faults.add(value, "mapping", "a mapping holds single values and lists of them");
                }
            }
        }
    }
}

fn check_key(key: &Node, faults: &mut Faults<'_>) {
    let name = key.text().unwrap_or_default();
    let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if name.is_empty() || !name.chars().all(is_known) {
        let message =
            format!("the key `{name}` of a mapping may have letters, digits, `-` and `.`");
        faults.add(key, "mapping", message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Source, parse};

    #[test]
    fn a_mapping_is_a_table_of_two_keys() {
        let source = Source::new(
            "t",
            "Mappings:\n  A: {eu-west-1: {x.y: 1, z: [a, b]}}\n  B: {}\n  C: {a: 1}\n  D: {a: {b: {c: d}}}\n  E: {a_b: {c: 1}}\n",
        );
        let root = parse(&source).unwrap();
        let mut faults = Faults::new(&source);
        check(&Sections::new(&root), &mut faults);
        let places: Vec<_> =
            faults.into_vec().iter().map(|fault| source.place(&fault.span).to_string()).collect();
        assert_eq!(places, ["3:3", "4:10", "5:14", "6:7"]);
    }
}
