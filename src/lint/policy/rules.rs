//! All rules, on all policies of a template.

use super::document::Policy;
use super::{alias, condition, element, empty, kind, lockout, open, principal, size};
use crate::document::Node;
use crate::lint::finding::Finding;
use crate::lint::subject::{ResourceNode, Subject};

/// The names of the rules.
pub(in crate::lint) const RULES: &[&str] = &[
    "kms-alias",
    "policy-action",
    "policy-condition",
    "policy-element",
    "policy-empty-principal",
    "policy-lockout",
    "policy-open-principal",
    "policy-principal",
    "policy-sid",
    "policy-size",
    "policy-version",
];

/// What the policies of one resource break.
#[derive(Debug)]
pub(super) struct Report<'a> {
    resource: &'a str,
    found: Vec<Finding>,
}

impl Report<'_> {
    /// Something that is wrong with a value, and what to do about it.
    pub(super) fn add(&mut self, rule: &'static str, node: &Node, message: String, help: &str) {
        debug_assert!(RULES.contains(&rule), "{rule} is not in the list of rules");
        self.found.push(Finding {
            rule: rule.into(),
            resource: Some(self.resource.to_owned()),
            span: crate::lint::subject::first_word(node),
            message,
            help: (!help.is_empty()).then(|| help.to_owned()),
        });
    }
}

/// What a template's policies break.
pub(in crate::lint) fn findings(subject: &Subject) -> Vec<Finding> {
    let mut found: Vec<_> =
        subject.resources().flat_map(|resource| of_resource(subject, &resource)).collect();
    found.extend(size::findings(subject));
    found
}

fn of_resource(subject: &Subject, resource: &ResourceNode<'_>) -> Vec<Finding> {
    let mut report = Report { resource: resource.id, found: Vec::new() };
    alias::check(resource, &mut report);
    for (kind, node) in kind::policies(resource) {
        let Some(policy) = Policy::read(&subject.root, resource, kind, node) else { continue };
        element::check(&policy, &mut report);
        principal::check(&policy, &mut report);
        open::check(&policy, &mut report);
        empty::check(&policy, subject, &mut report);
        condition::check(&policy, &mut report);
        lockout::check(&policy, &mut report);
    }
    report.found
}
