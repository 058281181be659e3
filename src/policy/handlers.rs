//! What the handlers of resource types call, with the credentials of whoever has CloudFormation or Cloud Control act.
//!
//! Both files are written by `ci/resource-types.py` from the schemas that AWS publishes for its types.

use std::collections::BTreeSet;

const HANDLERS: &str = include_str!("handlers.tsv");
const READERS: &str = include_str!("readers.tsv");

/// What is called to make, read, change and delete a resource of the type. Nothing of a type without handlers, such
/// as a custom resource, or one that CloudFormation makes in an older way.
pub(super) fn deploying(resource_type: &str) -> BTreeSet<String> {
    line(HANDLERS, resource_type).map(actions).unwrap_or_default()
}

/// What is called to read a resource of the type.
pub(super) fn reading(resource_type: &str) -> BTreeSet<String> {
    readers(resource_type).map(|(read, _)| actions(read)).unwrap_or_default()
}

/// What is called to list all resources of the type.
pub(super) fn listing(resource_type: &str) -> BTreeSet<String> {
    readers(resource_type).map(|(_, list)| actions(list)).unwrap_or_default()
}

fn readers(resource_type: &str) -> Option<(&'static str, &'static str)> {
    line(READERS, resource_type)?.split_once('|')
}

fn line(table: &'static str, resource_type: &str) -> Option<&'static str> {
    let mut lines = table.lines();
    lines.find_map(|line| line.strip_prefix(resource_type)?.strip_prefix('\t'))
}

/// `kms:CreateKey,DeleteAlias` and the next service, between tabs.
fn actions(services: &str) -> BTreeSet<String> {
    let services = services.split('\t').filter_map(|service| service.split_once(':'));
    services
        .flat_map(|(service, words)| words.split(',').map(move |word| (service, word)))
        // `s3:REST.PUT.OBJECT` of log groups is a word of S3's logs, and IAM refuses a document with it.
        .filter(|(_, word)| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '*'))
        .map(|(service, word)| format!("{service}:{word}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_what_its_schema_says() {
        let alias = ["kms:CreateAlias", "kms:DeleteAlias", "kms:ListAliases", "kms:UpdateAlias"];
        assert_eq!(deploying("AWS::KMS::Alias"), alias.map(str::to_owned).into());
        assert_eq!(reading("AWS::KMS::Alias"), ["kms:ListAliases".to_owned()].into());
        assert_eq!(
            listing("AWS::GuardDuty::Detector"),
            ["guardduty:ListDetectors".to_owned()].into()
        );
    }

    #[test]
    fn a_type_whose_name_begins_like_another_is_another() {
        assert_ne!(deploying("AWS::S3::Bucket"), deploying("AWS::S3::BucketPolicy"));
        assert_eq!(deploying("AWS::S3::Buck"), BTreeSet::new());
    }

    #[test]
    fn words_that_are_no_actions_are_left_out() {
        let of_log_groups = deploying("AWS::Logs::LogGroup");
        assert!(of_log_groups.contains("logs:CreateLogGroup"));
        assert!(!of_log_groups.iter().any(|action| action.contains('.')), "{of_log_groups:?}");
    }
}
