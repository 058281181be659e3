//! Whether a key's policy keeps a way in.
//!
//! Nobody has power over a key but by its policy, the root user included. A key whose policy no longer lets anybody
//! change the policy can be opened by AWS's support only.

use super::document::{Policy, Statement};
use super::kind::Kind;
use super::rules::Report;
use crate::document::Node;
use crate::lint::intrinsic::{HOLE, Word};
use crate::model::wildcard_matches;
use crate::template::call;

const RULE: &str = "policy-lockout";

/// The action that a way in needs.
const ACTION: &str = "kms:PutKeyPolicy";

/// Checks that the account's root may always change the policy.
pub(super) fn check(policy: &Policy<'_>, report: &mut Report<'_>) {
    let Some(list) = policy.node.get("Statement").filter(|_| policy.kind == Kind::Key) else {
        return;
    };
    if let Some(deny) = policy.statements.iter().find(|statement| shuts_out(statement)) {
        let message =
            format!("this statement takes {ACTION} from everybody, the root user included");
        let help = "except somebody by a Condition, such as ArnNotLike on aws:PrincipalArn";
        return report.add(RULE, deny.node, message, help);
    }
    // A list that is not plain to see may have what is missed.
    let is_opaque = call(list).is_some_and(|(function, _)| function != "Fn::If")
        || list
            .items()
            .iter()
            .any(|item| call(item).is_some_and(|(name, _)| !matches!(name, "Fn::If" | "Ref")));
    if !is_opaque && !is_kept(policy, list) {
        let message = "nobody but those named here can ever change this policy".to_owned();
        let help = "add a statement without a Condition that gives kms:* on \"*\" to \
                    arn:${AWS::Partition}:iam::${AWS::AccountId}:root";
        report.add(RULE, policy.node, message, help);
    }
}

/// Whether a way in is there, whatever the template's conditions say.
fn is_kept(policy: &Policy<'_>, node: &Node) -> bool {
    match call(node) {
        Some(("Fn::If", arguments)) => match arguments.items() {
            [_, one, other] => is_kept(policy, one) && is_kept(policy, other),
            _ => false,
        },
        Some(_) => false,
        None if node.items().is_empty() => {
            let mut statements = policy.statements.iter();
            statements.find(|statement| std::ptr::eq(statement.node, node)).is_some_and(gives)
        }
        None => node.items().iter().any(|item| is_kept(policy, item)),
    }
}

fn gives(statement: &Statement<'_>) -> bool {
    let is_root =
        |(kind, word): &(&str, Word<'_>)| matches!(*kind, "*" | "AWS") && is_root(&word.text.shown);
    statement.allows()
        && statement.get("Condition").is_none_or(|condition| condition.entries().is_empty())
        && unconditional(statement.principals("Principal")).iter().any(is_root)
        && covers(statement)
        && statement.words("Resource").iter().any(|word| {
            word.conditions.is_empty() && (word.text.shown == "*" || word.text.shown.contains(HOLE))
        })
}

/// A statement that denies it to everybody.
fn shuts_out(statement: &Statement<'_>) -> bool {
    statement.get("Effect").and_then(Node::text) == Some("Deny")
        && statement.conditions.is_empty()
        && statement.get("Condition").is_none()
        && statement.is_for_everybody()
        && covers(statement)
}

fn unconditional<'a>(principals: Vec<(&'a str, Word<'a>)>) -> Vec<(&'a str, Word<'a>)> {
    principals.into_iter().filter(|(_, word)| word.conditions.is_empty()).collect()
}

/// An account's root: of which account cannot be told where the id is a parameter.
fn is_root(principal: &str) -> bool {
    let is_id = |text: &str| {
        text.chars().eq([HOLE]) || (text.len() == 12 && text.chars().all(|c| c.is_ascii_digit()))
    };
    principal == "*"
        || is_id(principal)
        || principal
            .strip_prefix("arn:")
            .and_then(|rest| rest.split_once(":iam::")?.1.strip_suffix(":root"))
            .is_some_and(is_id)
}

/// Whether the actions of a statement have the one that a way in needs.
fn covers(statement: &Statement<'_>) -> bool {
    let has = |element: &str| {
        let words = statement.words(element);
        words.iter().any(|word| word.conditions.is_empty() && matches(&word.text.shown, ACTION))
    };
    if statement.get("NotAction").is_some() { !has("NotAction") } else { has("Action") }
}

/// Whether a pattern with `*` and `?` stands for a text, whatever the case of either.
fn matches(pattern: &str, text: &str) -> bool {
    wildcard_matches(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::policy::fixture::{found, key};

    const ROOT: &str = "- {Effect: Allow, Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}, Action: kms:*, Resource: '*'}";

    fn is_locked(statements: &str) -> bool {
        !found(RULE, &key(statements)).is_empty()
    }

    #[test]
    fn the_root_of_the_account_is_a_way_in() {
        assert!(!is_locked(ROOT));
        for (from, to) in [
            ("kms:*", "[kms:Decrypt, 'kms:Put*']"),
            ("kms:*", "KMS:PutKeyPolicy"),
            ("Action: kms:*", "NotAction: kms:ScheduleKeyDeletion"),
            ("!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'", "!Ref AWS::AccountId"),
            ("!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'", "'000000000022'"),
            (
                "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'",
                "!Join ['', ['arn:aws:iam::', !Ref AWS::AccountId, ':root']]",
            ),
        ] {
            assert!(ROOT.contains(from));
            assert!(!is_locked(&ROOT.replace(from, to)), "{to}");
        }
    }

    #[test]
    fn what_does_not_hold_always_is_no_way_in() {
        for (from, to) in [
            ("kms:*", "[kms:Decrypt, 'kms:Describe*']"),
            ("Action: kms:*", "NotAction: kms:Put*"),
            (":root", ":role/admin"),
            (
                "Resource: '*'",
                "Resource: '*', Condition: {Bool: {aws:MultiFactorAuthPresent: 'true'}}",
            ),
            ("Effect: Allow", "Effect: Deny"),
        ] {
            assert!(ROOT.contains(from));
            assert!(is_locked(&ROOT.replace(from, to)), "{to}");
        }
        let statement = ROOT.trim_start_matches("- ");
        assert!(is_locked(&format!("- !If [IsHome, {statement}, !Ref AWS::NoValue]")));
        assert!(!is_locked(&format!("- !If [IsHome, {statement}, {statement}]")));
    }

    #[test]
    fn a_deny_for_everybody_shuts_the_root_out_too() {
        let deny = "- {Effect: Deny, Principal: '*', Action: kms:Put*, Resource: '*'}";
        assert!(is_locked(&format!("{ROOT}\n{deny}")));
        let except = deny.replace(
            '}',
            ", Condition: {ArnNotLike: {aws:PrincipalArn: 'arn:aws:iam::*:role/admin'}}}",
        );
        assert!(!is_locked(&format!("{ROOT}\n{except}")));
    }

    #[test]
    fn stars_and_question_marks_match_as_in_a_policy() {
        for (pattern, does) in [
            ("*", true),
            ("kms:*", true),
            ("kms:*Policy", true),
            ("kms:Put???Policy", true),
            ("kms:Put??Policy", false),
            ("kms:PutKeyPolic", false),
            ("s3:*", false),
        ] {
            assert_eq!(matches(pattern, ACTION), does, "{pattern}");
        }
    }
}
