//! What a condition is worth where the principal is everybody.

use super::condition::{Operator, tests};
use super::document::Policy;
use super::rules::Report;
use crate::document::Node;
use crate::lint::intrinsic::words;
use crate::template::call;

const RULE: &str = "policy-open-principal";

/// The keys of a request that say who asks or for whom, and that the asker cannot choose (IAM user guide, "AWS global
/// condition context keys"; KMS and S3 guides). `kms:ViaService` is not among them: it says how, and not who.
const NARROWING: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
];

/// Checks the conditions of statements for everybody. Where there is none at all, Guard's rule
/// `WILDCARD_PRINCIPAL_HAS_CONDITION` says so.
pub(super) fn check(policy: &Policy<'_>, report: &mut Report<'_>) {
    for statement in &policy.statements {
        let Some(condition) = statement.get("Condition") else { continue };
        let is_open = statement.allows() && statement.is_for_everybody();
        if !is_open || condition.entries().is_empty() || call(condition).is_some() {
            continue;
        }
        if !tests(condition)
            .any(|(operator, key, values)| narrows(policy.root, operator, key, values))
        {
            let message = "the principal is `*`, and the Condition does not say who that is";
            let help = "add a test on who asks, such as StringEquals on aws:PrincipalOrgID or kms:CallerAccount";
            report.add(RULE, condition, message.to_owned(), help);
        }
    }
}

/// Whether a test holds only for some. `...IfExists` and `ForAllValues:` hold where the key is missing, a negation for
/// all but some, and `*` for all.
fn narrows(root: &Node, operator: Operator<'_>, key: &str, values: &Node) -> bool {
    let name = operator.name.to_ascii_lowercase();
    let is_positive = matches!(
        name.as_str(),
        "stringequals"
            | "stringequalsignorecase"
            | "stringlike"
            | "arnequals"
            | "arnlike"
            | "bool"
            | "ipaddress"
    );
    is_positive
        && !operator.if_exists
        && operator.quantifier != Some("ForAllValues")
        && NARROWING.contains(&key.to_ascii_lowercase().as_str())
        && words(root, values).iter().all(|word| !is_everything(&word.text.shown))
}

fn is_everything(text: &str) -> bool {
    matches!(text, "*" | "arn:*" | "arn:aws:*" | "0.0.0.0/0" | "::/0" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::policy::fixture::{found, key};

    fn is_open(condition: &str) -> bool {
        let statement = format!(
            "- {{Effect: Allow, Principal: {{AWS: '*'}}, Action: kms:Decrypt, Resource: '*', Condition: {condition}}}"
        );
        !found(RULE, &key(&statement)).is_empty()
    }

    #[test]
    fn a_test_on_who_asks_narrows() {
        for condition in [
            "{StringEquals: {kms:CallerAccount: !Ref AWS::AccountId}, StringLike: {kms:ViaService: '*'}}",
            "{ArnLike: {AWS:PrincipalArn: ['arn:aws:iam::111122223333:role/*']}}",
            "{'ForAnyValue:StringLike': {aws:PrincipalOrgPaths: ['o-exampleorg1/*']}}",
            "{IpAddress: {aws:SourceIp: 203.0.113.0/24}}",
            "!If [IsHome, {Bool: {a: b}}, {Bool: {c: d}}]",
        ] {
            assert!(!is_open(condition), "{condition}");
        }
    }

    #[test]
    fn a_test_that_strangers_pass_does_not() {
        for condition in [
            "{StringLike: {kms:ViaService: '*.eu-west-1.amazonaws.com'}}",
            "{StringEqualsIfExists: {aws:PrincipalOrgID: o-exampleorg1}}",
            "{'ForAllValues:StringLike': {aws:PrincipalOrgPaths: ['o-exampleorg1/*']}}",
            "{StringNotEquals: {aws:PrincipalAccount: '111122223333'}}",
            "{StringLike: {aws:PrincipalAccount: ['111122223333', '*']}}",
            "{IpAddress: {aws:SourceIp: 0.0.0.0/0}}",
        ] {
            assert!(is_open(condition), "{condition}");
        }
    }
}
