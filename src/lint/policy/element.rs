//! The elements of policies and statements.

use std::collections::BTreeMap;

use super::document::{Policy, Statement};
use super::kind::Kind;
use super::rules::Report;
use crate::desired::nearest;
use crate::document::Node;
use crate::lint::intrinsic::{HOLE, text};
use crate::lint::subject::first_word;

const ELEMENT: &str = "policy-element";
const ACTION: &str = "policy-action";
const SID: &str = "policy-sid";
const VERSION: &str = "policy-version";

const OF_POLICY: &[&str] = &["Id", "Statement", "Version"];
const OF_STATEMENT: &[&str] = &[
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
];

/// Checks which elements there are, and which there are not.
pub(super) fn check(policy: &Policy<'_>, report: &mut Report<'_>) {
    unknown("a policy", policy.node, OF_POLICY, report);
    version(policy, report);
    if policy.node.get("Statement").is_none() {
        report.add(ELEMENT, policy.node, "the policy has no `Statement`".to_owned(), "");
    }
    sids(policy, report);
    for statement in &policy.statements {
        unknown("a statement", statement.node, OF_STATEMENT, report);
        effect(statement, report);
        pair(statement, ["Action", "NotAction"], true, report);
        pair(statement, ["Resource", "NotResource"], policy.kind.has_resources(), report);
        pair(statement, ["Principal", "NotPrincipal"], policy.kind.has_principals(), report);
        if !policy.kind.has_resources() {
            forbidden(policy.kind, statement, ["Resource", "NotResource"], report);
        }
        if !policy.kind.has_principals() {
            forbidden(policy.kind, statement, ["Principal", "NotPrincipal"], report);
        }
        actions(policy.kind, statement, report);
    }
}

fn unknown(what: &str, node: &Node, known: &[&str], report: &mut Report<'_>) {
    for (key, _) in node.entries() {
        let name = key.text().unwrap_or_default();
        if !known.contains(&name) && !name.starts_with("Fn::") {
            let help = nearest(name, known.iter().copied())
                .map_or_else(String::new, |near| format!("did you mean {near}?"));
            report.add(ELEMENT, key, format!("{what} has no element `{name}`"), &help);
        }
    }
}

/// Without a version, AWS takes that of 2008, in which `${aws:username}` is no variable but a text.
fn version(policy: &Policy<'_>, report: &mut Report<'_>) {
    let help = "write Version: \"2012-10-17\"";
    match policy.node.get("Version").map(|node| (node, text(node))) {
        None => report.add(VERSION, policy.node, "the policy has no `Version`".to_owned(), help),
        Some((node, version)) => match version.literal() {
            Some("2012-10-17") | None => {}
            Some("2008-10-17") => {
                report.add(VERSION, node, "the version of 2008 has no variables".to_owned(), help);
            }
            Some(other) => {
                report.add(VERSION, node, format!("there is no policy version `{other}`"), help);
            }
        },
    }
}

fn effect(statement: &Statement<'_>, report: &mut Report<'_>) {
    match statement.get("Effect") {
        None => report.add(ELEMENT, statement.node, "the statement has no `Effect`".to_owned(), ""),
        Some(node) => {
            let effect = text(node);
            if effect.literal().is_some_and(|effect| !matches!(effect, "Allow" | "Deny")) {
                let message = format!("the effect is Allow or Deny, not `{}`", effect.shown);
                report.add(ELEMENT, node, message, "");
            }
        }
    }
}

/// One of two elements: both at once are refused, and without either KMS takes a statement that does nothing.
fn pair(statement: &Statement<'_>, [one, other]: [&str; 2], needed: bool, report: &mut Report<'_>) {
    match (statement.get(one), statement.get(other)) {
        (Some(_), Some(node)) => {
            let message = format!("the statement has both `{one}` and `{other}`");
            report.add(ELEMENT, node, message, "");
        }
        (None, None) if needed => {
            report.add(ELEMENT, statement.node, format!("the statement has no `{one}`"), "");
        }
        (Some(_), None) | (None, Some(_) | None) => {}
    }
}

fn forbidden(kind: Kind, statement: &Statement<'_>, elements: [&str; 2], report: &mut Report<'_>) {
    for node in elements.into_iter().filter_map(|element| key(statement.node, element)) {
        let element = node.text().unwrap_or_default();
        report.add(ELEMENT, node, format!("a statement of {} has no `{element}`", kind.name()), "");
    }
}

fn key<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    node.entries().iter().map(|(key, _)| key).find(|key| key.text() == Some(name))
}

/// Two statements of one name are refused, unless only one of them is there: what is under a condition does not count.
fn sids(policy: &Policy<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeMap::new();
    for statement in &policy.statements {
        let Some(node) = statement.get("Sid") else { continue };
        let sid = text(node);
        let Some(sid) = sid.literal().filter(|sid| !sid.is_empty()) else { continue };
        let is_plain = |c: char| c.is_ascii_alphanumeric();
        if matches!(policy.kind, Kind::Identity | Kind::Trust) && !sid.chars().all(is_plain) {
            let message =
                format!("the `Sid` of {} has letters and digits only", policy.kind.name());
            report.add(SID, node, message, "");
        }
        if !statement.conditions.is_empty() {
            continue;
        }
        if seen.insert(sid.to_owned(), first_word(node)).is_some() {
            let message = format!("two statements have the `Sid` {sid}");
            report.add(SID, node, message, "give each statement a `Sid` of its own, or none");
        }
    }
}

fn actions(kind: Kind, statement: &Statement<'_>, report: &mut Report<'_>) {
    for element in ["Action", "NotAction"] {
        for word in statement.words(element) {
            let action = &word.text.shown;
            if action == "*" || action.starts_with(HOLE) {
                continue;
            }
            match (action.split_once(':'), kind.service()) {
                (None, _) => {
                    let message = format!("`{action}` is no action: an action is service:Name");
                    report.add(ACTION, word.node, message, "");
                }
                (Some((service, _)), Some(own)) if !service.eq_ignore_ascii_case(own) => {
                    let message =
                        format!("{} has actions of {own} only, not `{action}`", kind.name());
                    report.add(ACTION, word.node, message, "");
                }
                (Some(_), _) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::policy::fixture::{found, key, resource};

    fn identity(statement: &str) -> String {
        resource("AWS::IAM::ManagedPolicy", "PolicyDocument", statement)
    }

    fn trust(statement: &str) -> String {
        resource("AWS::IAM::Role", "AssumeRolePolicyDocument", statement)
    }

    #[test]
    fn a_kind_of_policy_has_its_elements() {
        let template = identity("- {Effect: Allow, Action: s3:GetObject, Resource: '*'}");
        assert_eq!(found(ELEMENT, &template), [""; 0]);
        let template = trust(
            "- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}",
        );
        assert_eq!(found(ELEMENT, &template), [""; 0]);
        let template = trust("- {Effect: Allow, Action: sts:AssumeRole, Resource: '*'}");
        assert_eq!(found(ELEMENT, &template), ["Effect", "Resource"], "no principal, a resource");
        let template = identity("- {Effect: Allow, Principal: '*', Action: s3:GetObject}");
        assert_eq!(found(ELEMENT, &template), ["Effect", "Principal"], "no resource, a principal");
        // KMS takes it, and it does nothing.
        let template =
            key("- {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: kms:*}");
        assert_eq!(found(ELEMENT, &template), ["Effect"]);
    }

    #[test]
    fn elements_that_aws_does_not_know_are_found() {
        let template = identity(
            "- {Effect: Permit, Action: s3:GetObject, NotAction: s3:*, Ressource: '*', Resource: '*'}",
        );
        assert_eq!(found(ELEMENT, &template), ["Ressource", "Permit", "s3:*"]);
    }

    #[test]
    fn actions_belong_to_the_service_of_the_policy() {
        let statement = "- {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: [kms:*, s3:GetObject, Decrypt], Resource: '*'}";
        assert_eq!(found(ACTION, &key(statement)), ["s3:GetObject", "Decrypt"]);
    }

    #[test]
    fn names_of_statements_differ_where_both_are_there() {
        let of = |sid: &str| {
            format!("{{Sid: {sid}, Effect: Allow, Action: s3:GetObject, Resource: '*'}}")
        };
        assert_eq!(found(SID, &identity(&format!("- {}\n- {}", of("A"), of("A")))), ["A"]);
        assert_eq!(found(SID, &identity(&format!("- {}\n- {}", of("A"), of("B")))), [""; 0]);
        let choice = format!("- !If [IsHome, {}, {}]", of("A"), of("A"));
        assert_eq!(found(SID, &identity(&choice)), [""; 0], "only one of them is there");
        assert_eq!(found(SID, &identity(&format!("- {}", of("'a name'")))), ["'a name'"]);
    }
}
