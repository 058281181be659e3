//! Secrets that stand in a template.

use std::ops::Range;

use super::finding::Finding;
use super::subject::Subject;
use crate::document::{Kind, Node};

/// The names of the rules.
pub(super) const RULES: &[&str] = &["secret-literal", "secret-property"];

/// What everybody who may read the template can read.
pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, node) in subject.root.entries() {
        if section.text() == Some("Resources") {
            continue;
        }
        look(None, section.text(), node, &mut found);
    }
    for resource in subject.resources() {
        look(Some(resource.id), None, resource.node, &mut found);
    }
    found
}

fn look(resource: Option<&str>, key: Option<&str>, node: &Node, found: &mut Vec<Finding>) {
    for item in node.items() {
        look(resource, key, item, found);
    }
    for (key, value) in node.entries() {
        look(resource, key.text(), value, found);
    }
    let Kind::Scalar { text, .. } = &node.kind else { return };
    let mut add = |rule: &'static str, span: Range<usize>, message: String, help: &str| {
        found.push(Finding {
            rule: rule.into(),
            resource: resource.map(str::to_owned),
            span,
            message,
            help: Some(help.to_owned()),
        });
    };
    if let Some(what) = secret(text) {
        let help = "take it out, and call it in: it has been seen";
        add("secret-literal", node.span.clone(), format!("{what} stands in the template"), help);
    } else if let Some(key) = key.filter(|key| is_secret(key))
        && resource.is_some()
        && !matches!(text.as_str(), "" | "true" | "false")
        && !text.contains("{{resolve:")
    {
        let help = "take it from Secrets Manager: '{{resolve:secretsmanager:NAME}}'";
        let message = format!("the value of `{key}` is written out");
        add("secret-property", node.span.clone(), message, help);
    }
}

/// What a text looks like that nobody may see.
fn secret(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    // Keys for users begin with AKIA, temporary ones with ASIA; both have sixteen more capitals and digits.
    let is_word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .any(|word| {
            word.len() == 20
                && (word.starts_with("AKIA") || word.starts_with("ASIA"))
                && word.chars().all(is_word)
        })
        .then_some("an access key id")
}

/// Whether a property of this name holds the secret itself, and not its name or place.
fn is_secret(key: &str) -> bool {
    ["Password", "SecretString", "AuthToken", "SecretAccessKey"]
        .iter()
        .any(|ending| key.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_shape() {
        assert_eq!(secret("id AKIAIOSFODNN7EXAMPLE."), Some("an access key id"));
        assert_eq!(secret("AKIAIOSFODNN7EXAMPL"), None, "too short");
        assert_eq!(secret("akiaIOSFODNN7EXAMPLE"), None);
        assert_eq!(secret("-----BEGIN EC PRIVATE KEY-----\nMH"), Some("a private key"));
        assert_eq!(secret("-----BEGIN CERTIFICATE-----"), None);
    }

    #[test]
    fn a_secret_is_not_its_name_or_length() {
        assert!(is_secret("MasterUserPassword") && is_secret("SecretString"));
        assert!(!is_secret("PasswordLength") && !is_secret("SecretArn"));
    }
}
