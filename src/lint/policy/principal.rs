//! Who a statement names.

use super::document::Policy;
use super::rules::Report;
use crate::lint::intrinsic::{HOLE, Word};

const RULE: &str = "policy-principal";

/// Checks the principals.
pub(super) fn check(policy: &Policy<'_>, report: &mut Report<'_>) {
    for statement in &policy.statements {
        if statement.allows()
            && let Some(node) = statement.get("NotPrincipal")
        {
            let message =
                "`NotPrincipal` with Allow lets in everybody else, also without credentials";
            report.add(RULE, node, message.to_owned(), "name those who are meant");
        }
        for element in ["Principal", "NotPrincipal"] {
            for (kind, word) in statement.principals(element) {
                one(kind, &word, report);
            }
        }
    }
}

fn one(kind: &str, word: &Word<'_>, report: &mut Report<'_>) {
    let text = word.text.shown.as_str();
    match kind {
        "*" if text == "*" || text.starts_with(HOLE) => {}
        "*" => {
            let message = format!("`Principal` is `*` or a mapping, not `{text}`");
            report.add(RULE, word.node, message, "write {AWS: ...} or {Service: ...}");
        }
        "AWS" => account_or_arn(word, report),
        "Service" if text == "*" || (!text.contains('.') && word.text.literal().is_some()) => {
            let message = format!("`{text}` is no service: it is called NAME.amazonaws.com");
            report.add(RULE, word.node, message, "");
        }
        "Service" | "Federated" | "CanonicalUser" => {}
        other => {
            let help = "known are AWS, Service, Federated and CanonicalUser";
            report.add(RULE, word.node, format!("there is no kind of principal `{other}`"), help);
        }
    }
}

/// `AWS:` takes `*`, an account's id, an ARN, or the unique id that is left of an identity that is gone.
fn account_or_arn(word: &Word<'_>, report: &mut Report<'_>) {
    let text = word.text.shown.as_str();
    let Some(arn) = text.strip_prefix("arn:") else {
        if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) && !is_account(text) {
            let message = format!("the account id {text} has {} digits, not 12", text.len());
            report.add(RULE, word.node, message, "put it in quotes with its leading zeros");
        }
        return;
    };
    let parts: Vec<_> = arn.splitn(5, ':').collect();
    let [_, service, _, account, resource] = parts[..] else {
        // A hole may stand for any number of parts.
        if !arn.contains(HOLE) {
            report.add(RULE, word.node, format!("`{text}` is no ARN"), "");
        }
        return;
    };
    if matches!(service, "iam" | "sts") && !account.contains(HOLE) && !is_account(account) {
        let message = format!("the ARN `{}` has no account id of 12 digits", word.text.named());
        report.add(RULE, word.node, message, "an account id has 12 digits, leading zeros included");
    }
    if resource != "*" && resource.contains('*') {
        let message =
            format!("a principal cannot have `*` within its ARN: `{}`", word.text.named());
        let help = "name the account, and add a Condition: ArnLike on aws:PrincipalArn";
        report.add(RULE, word.node, message, help);
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Source, parse};
    use crate::lint::policy::fixture::{found, key};
    use crate::template::Template;

    fn faults(principal: &str) -> usize {
        let statement = format!(
            "- {{Effect: Allow, Principal: {principal}, Action: kms:Decrypt, Resource: '*'}}"
        );
        found(RULE, &key(&statement)).len()
    }

    #[test]
    fn principals_that_aws_takes_are_left_alone() {
        for principal in [
            "{AWS: ['111122223333', 'arn:aws:iam::111122223333:role/path/name']}",
            "{AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}",
            "{AWS: 'arn:aws-cn:sts::111122223333:assumed-role/a/b'}",
            "{AWS: !Ref Partner}",
            "{AWS: AROAEXAMPLEID}",
            "{Service: [logs.eu-west-1.amazonaws.com, !Sub 'logs.${AWS::Region}.amazonaws.com']}",
            "{Federated: accounts.google.com}",
            "'*'",
        ] {
            assert_eq!(faults(principal), 0, "{principal}");
        }
    }

    #[test]
    fn principals_that_aws_refuses_are_found() {
        for principal in [
            "{AWS: '11112222333'}",
            "{AWS: 'arn:aws:iam:::root'}",
            "{AWS: 'arn:aws:iam::1111:root'}",
            "{AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*'}",
            "{AWS: 'arn:aws:iam'}",
            "{Service: '*'}",
            "{Service: cloudtrail}",
            "{Account: '111122223333'}",
            "everybody",
        ] {
            assert_eq!(faults(principal), 1, "{principal}");
        }
    }

    #[test]
    fn leading_zeros_of_an_account_id_are_kept_or_missed() {
        assert_eq!(faults("{AWS: '000000000022'}"), 0);
        assert_eq!(faults("{AWS: 000000000028}"), 0, "an 8 makes it a text");
        assert_eq!(faults("{AWS: '22'}"), 1);
        // Octal 22 is 18: what CloudFormation would make of it is told when the file is read.
        let text =
            key("- {Effect: Allow, Principal: {AWS: 000000000022}, Action: kms:*, Resource: '*'}");
        let faults = Template::parse(&Source::new("t", &text)).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.code.as_ref()).collect::<Vec<_>>(), ["octal"]);
    }

    #[test]
    fn the_own_account_may_be_named_beside_the_root() {
        let root = "'arn:aws:iam::111122223333:root'";
        assert_eq!(faults(&format!("{{AWS: [{root}, !Ref AWS::AccountId]}}")), 0);
    }

    #[test]
    fn everybody_but_somebody_is_everybody() {
        let statement = "- {Effect: Allow, NotPrincipal: {AWS: '111122223333'}, Action: kms:Decrypt, Resource: '*'}";
        assert_eq!(found(RULE, &key(statement)).len(), 1);
        assert_eq!(found(RULE, &key(&statement.replace("Allow", "Deny"))).len(), 0);
    }

    #[test]
    fn two_lists_of_principals_under_one_key_are_refused_when_the_file_is_read() {
        // CloudFormation would take the last one, and the first would lose access without a word.
        let text = key(
            "- {Effect: Allow, Principal: {AWS: '111122223333', AWS: '444455556666'}, Action: kms:*, Resource: '*'}",
        );
        let faults = parse(&Source::new("t", &text)).unwrap_err();
        assert_eq!(
            faults.iter().map(|fault| fault.code.as_ref()).collect::<Vec<_>>(),
            ["duplicate-key"]
        );
    }
}
