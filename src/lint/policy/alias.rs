//! Names of KMS keys.
//!
//! An alias is `alias/` and then letters, digits, `/`, `_` and `-`, 256 characters in all; `alias/aws/` is AWS's
//! own (API reference of KMS, `CreateAlias`).

use super::rules::Report;
use crate::lint::intrinsic::{HOLE, text};
use crate::lint::subject::ResourceNode;

const RULE: &str = "kms-alias";

/// Checks the name of an `AWS::KMS::Alias`.
pub(super) fn check(resource: &ResourceNode<'_>, report: &mut Report<'_>) {
    if resource.resource_type != "AWS::KMS::Alias" {
        return;
    }
    let Some(node) = resource.property("AliasName") else { return };
    let shown = text(node).shown;
    // What begins with a hole may begin with anything.
    let Some(name) = shown.strip_prefix("alias/") else {
        if !shown.starts_with(HOLE) {
            let message = format!("the alias `{shown}` does not begin with `alias/`");
            report.add(RULE, node, message, "");
        }
        return;
    };
    if name.starts_with("aws/") {
        let help = "choose another name: alias/aws/ is for the keys that AWS manages";
        report.add(RULE, node, format!("the alias `{shown}` is one of AWS's own"), help);
    }
    if let Some(wrong) = name.chars().find(|c| !is_allowed(*c)) {
        let message = format!("an alias cannot have `{wrong}`");
        report.add(RULE, node, message, "take letters, digits, `/`, `_` and `-`");
    }
    if name.is_empty() || shown.chars().count() > 256 {
        report.add(RULE, node, "an alias has 1 to 256 characters".to_owned(), "");
    }
}

fn is_allowed(c: char) -> bool {
    c == HOLE || c.is_ascii_alphanumeric() || "/_-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::policy::fixture::found;

    fn is_fault(name: &str) -> bool {
        let template = format!(
            "Resources:\n  A: {{Type: AWS::KMS::Alias, Properties: {{AliasName: {name}, TargetKeyId: k}}}}\n"
        );
        !found(RULE, &template).is_empty()
    }

    #[test]
    fn slashes_are_fine_and_the_aliases_of_aws_are_not() {
        assert!(!is_fault("alias/PROD/S3"));
        assert!(!is_fault("!Sub 'alias/${AWS::StackName}/ec2'"));
        assert!(!is_fault("!Ref AWS::StackName"));
        assert!(is_fault("alias/aws/s3"));
        assert!(is_fault("PROD/S3"));
        assert!(is_fault("alias/"));
        assert!(is_fault("'alias/a b'"));
        assert!(is_fault(&format!("alias/{}", "x".repeat(251))));
    }
}
