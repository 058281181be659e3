//! Statements that have to vanish when nobody is named.
//!
//! A parameter for somebody else's account that is left empty makes `arn:aws:iam:::root` or an empty list of it, and
//! AWS refuses the policy, or worse, takes it and lets in nobody. The statement belongs under a condition.

use std::collections::BTreeSet;

use super::document::Policy;
use super::rules::Report;
use crate::document::Node;
use crate::lint::subject::Subject;
use crate::template::{call, variables};

const RULE: &str = "policy-empty-principal";

/// Checks that a principal from a parameter that may be empty stands under a condition on that parameter.
pub(super) fn check(policy: &Policy<'_>, subject: &Subject, report: &mut Report<'_>) {
    let parameters = subject.template.parameters();
    for statement in &policy.statements {
        for (_, word) in statement.principals("Principal") {
            for reference in &word.text.references {
                let is_empty_by_default = parameters
                    .get(reference)
                    .is_some_and(|parameter| parameter.default.as_deref() == Some(""));
                let mut conditions = statement.conditions.iter().chain(&word.conditions);
                let asks = |condition: &str| {
                    asks(&subject.root, condition, reference, &mut BTreeSet::new())
                };
                let is_asked = conditions.any(|condition| asks(condition))
                    || policy.resource_condition.is_some_and(asks);
                if is_empty_by_default && !is_asked {
                    let message = format!("without a value for `{reference}`, this names nobody");
                    let help = "put the statement under an Fn::If whose condition asks whether the parameter is empty";
                    report.add(RULE, word.node, message, help);
                }
            }
        }
    }
}

/// Whether a condition depends on a parameter.
fn asks<'a>(
    root: &'a Node,
    condition: &'a str,
    parameter: &str,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    let Some(node) = root.get("Conditions").and_then(|conditions| conditions.get(condition)) else {
        return false;
    };
    seen.insert(condition) && depends(root, node, parameter, seen)
}

fn depends<'a>(
    root: &'a Node,
    node: &'a Node,
    parameter: &str,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    let is_named = match call(node) {
        Some(("Ref", name)) => name.text() == Some(parameter),
        Some(("Condition", name)) => {
            name.text().is_some_and(|name| asks(root, name, parameter, seen))
        }
        Some(("Fn::Sub", pattern)) => {
            pattern.text().is_some_and(|pattern| variables(pattern).contains(&parameter))
        }
        _ => false,
    };
    is_named
        || node.items().iter().any(|item| depends(root, item, parameter, seen))
        || node.entries().iter().any(|(_, value)| depends(root, value, parameter, seen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::policy::fixture::{found, key};

    const STATEMENT: &str = "{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${Partner}:root'}, Action: kms:Decrypt, Resource: '*'}";

    #[test]
    fn a_statement_for_a_partner_that_may_be_nobody_needs_a_condition() {
        let template = key(&format!("- {STATEMENT}"));
        assert_eq!(found(RULE, &template), ["!Sub"]);
        let template = key(&format!("- !If [HasPartner, {STATEMENT}, !Ref AWS::NoValue]"));
        assert_eq!(found(RULE, &template), [""; 0]);
        let template = key(&format!("- !If [IsHome, {STATEMENT}, !Ref AWS::NoValue]"));
        assert_eq!(found(RULE, &template).len(), 1, "the condition asks something else");
    }

    #[test]
    fn a_partner_who_must_be_given_needs_no_condition() {
        let template = key(&format!("- {STATEMENT}")).replace(", Default: ''", "");
        assert_eq!(found(RULE, &template), [""; 0]);
    }

    #[test]
    fn a_condition_may_lean_on_another() {
        let template = key(&format!("- !If [IsHome, {STATEMENT}, !Ref AWS::NoValue]"))
            .replace("IsHome: !Equals", "IsHome: !And [!Condition HasPartner, !Equals")
            .replace("eu-west-1]", "eu-west-1]]");
        assert_eq!(found(RULE, &template), [""; 0]);
    }
}
