//! Which properties cannot be changed on a resource that is there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table: a type, the properties that make a resource anew, those that may; a line each. Made by
/// `ci/resource-types.py` from AWS's schemas of resource types (`createOnlyProperties`,
/// `conditionalCreateOnlyProperties`).
const TABLE: &str = include_str!("replacement.tsv");

static TYPES: LazyLock<BTreeMap<&str, CreateOnly>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let mut fields = line.split('\t');
        let resource_type = fields.next()?;
        let mut pointers = || {
            let words = fields.next().unwrap_or_default().split(' ');
            words.filter(|word| !word.is_empty()).map(|word| word.split('/').collect()).collect()
        };
        Some((resource_type, CreateOnly { always: pointers(), maybe: pointers() }))
    };
    TABLE.lines().filter_map(line).collect()
});

/// What can only be said when a resource of a type is made. The steps of each path are keys, and `*` for any item of
/// a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateOnly {
    /// A change of these makes the resource anew.
    pub always: Vec<Vec<&'static str>>,
    /// A change of these may make it anew: it depends on the values.
    pub maybe: Vec<Vec<&'static str>>,
}

impl CreateOnly {
    /// What is known of a type; `None` for one that is not AWS's, and for one that is newer than the table.
    pub fn of(resource_type: &str) -> Option<&'static Self> {
        TYPES.get(resource_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_makes_a_resource_anew() {
        assert_eq!(CreateOnly::of("AWS::IAM::Role").unwrap().always, [["Path"], ["RoleName"]]);
        let rule = CreateOnly::of("AWS::Events::Rule").unwrap();
        assert_eq!(
            (&rule.always[..], &rule.maybe[..]),
            (&[vec!["Name"]][..], &[vec!["EventBusName"]][..])
        );
        let key = CreateOnly::of("AWS::KMS::Key").unwrap();
        assert!(key.always.is_empty() && key.maybe.is_empty());
        assert_eq!(CreateOnly::of("Custom::Thing"), None);
    }

    #[test]
    fn every_line_of_the_table_is_a_type_with_paths() {
        assert_eq!(TYPES.len(), TABLE.lines().count());
        let of_all = TYPES.values().flat_map(|known| known.always.iter().chain(&known.maybe));
        assert!(of_all.flatten().all(|step| !step.is_empty()));
        assert!(TYPES.keys().all(|name| name.split("::").count() == 3));
    }
}
