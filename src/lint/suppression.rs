//! Rules that a template breaks on purpose.
//!
//! The convention is the one of AWS's own rules for Guard: `Metadata: {guard: {SuppressedRules: [NAME]}}` at the
//! resource. Beside it stands the reason, which is asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::subject::Subject;
use crate::document::Node;

/// The name of the rule that asks for reasons.
pub(super) const RULE: &str = "suppression-without-reason";

/// What a template suppresses, by the logical id of the resource; `None` is the template outside of its resources.
#[derive(Debug, Default)]
pub(super) struct Suppressions<'a>(BTreeMap<Option<&'a str>, BTreeSet<&'a str>>);

impl<'a> Suppressions<'a> {
    /// Reads a template's suppressions; says which of them have no reason.
    pub(super) fn read(subject: &'a Subject) -> (Self, Vec<Finding>) {
        let resources = subject.resources().map(|resource| (Some(resource.id), resource.node));
        let (mut found, mut unexplained) = (Self::default(), Vec::new());
        for (id, node) in resources.chain([(None, &subject.root)]) {
            let Some(guard) = node.get("Metadata").and_then(|metadata| metadata.get("guard"))
            else {
                continue;
            };
            let Some(rules) = guard.get("SuppressedRules") else { continue };
            found.0.insert(id, rules.items().iter().filter_map(Node::text).collect());
            let reason = guard.get("Reason").and_then(Node::text).unwrap_or_default();
            if reason.trim().is_empty() {
                unexplained.push(Finding {
                    rule: RULE.into(),
                    resource: id.map(str::to_owned),
                    span: rules.span.clone(),
                    message: "rules are suppressed here, and nobody says why".to_owned(),
                    help: Some("write a `Reason:` beside `SuppressedRules`".to_owned()),
                });
            }
        }
        (found, unexplained)
    }

    /// Whether a finding is meant to be there.
    pub(super) fn cover(&self, finding: &Finding) -> bool {
        self.0
            .get(&finding.resource.as_deref())
            .is_some_and(|rules| rules.contains(finding.rule.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Source;

    const TEXT: &str = "Metadata: {guard: {SuppressedRules: [A], Reason: it is old}}
Resources:
  One:
    Type: AWS::SQS::Queue
    Metadata: {guard: {SuppressedRules: [A, b-c], Reason: because}}
  Two:
    Type: AWS::SQS::Queue
    Metadata: {guard: {SuppressedRules: [A], Reason: ' '}}
";

    fn finding(rule: &'static str, resource: Option<&str>) -> Finding {
        let resource = resource.map(str::to_owned);
        Finding { rule: rule.into(), resource, span: 0..0, message: String::new(), help: None }
    }

    #[test]
    fn a_suppression_covers_its_rules_at_its_place_only() {
        let subject = Subject::parse(&Source::new("t", TEXT)).unwrap();
        let (suppressions, _) = Suppressions::read(&subject);
        for (rule, resource, covered) in [
            ("A", Some("One"), true),
            ("b-c", Some("One"), true),
            ("b-c", Some("Two"), false),
            ("A", Some("Three"), false),
            ("A", None, true),
            ("b-c", None, false),
        ] {
            assert_eq!(
                suppressions.cover(&finding(rule, resource)),
                covered,
                "{rule} {resource:?}"
            );
        }
    }

    #[test]
    fn a_suppression_without_a_reason_is_a_finding() {
        let subject = Subject::parse(&Source::new("t", TEXT)).unwrap();
        let (_, unexplained) = Suppressions::read(&subject);
        let [finding] = unexplained.as_slice() else { panic!("{unexplained:#?}") };
        assert_eq!(
            (finding.resource.as_deref(), &TEXT[finding.span.clone()]),
            (Some("Two"), "[A]")
        );
    }
}
