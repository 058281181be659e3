//! What CloudFormation itself says of a stack.

use serde_json::Value;

use super::change::change;
use super::entry::{Entry, Mark, value, words};
use super::property::{self, remark};
use super::stack::{mark, replaced};
use crate::plan::{Answer, Preview, PreviewedChange, PreviewedDetail, differences_of};
use crate::render::count::count;
use crate::render::detail::Detail;

/// What CloudFormation says, to stand beneath the step that it is about.
pub(super) fn entry(preview: &Preview, detail: Detail) -> Entry {
    let mut entry = answer(&preview.answer, detail);
    let note = |warning: &String| Entry::new(Mark::Note, [value(warning)]);
    entry.children.extend(preview.warnings.iter().map(note));
    entry
}

fn answer(answer: &Answer, detail: Detail) -> Entry {
    match answer {
        Answer::Changes(changes) => {
            let line = format!("CloudFormation: {}", count(changes.len(), "change"));
            Entry::detail([words(line)]).with(changes.iter().map(|change| resource(change, detail)))
        }
        Answer::NoChange => Entry::detail([words("CloudFormation: no change")]),
        Answer::Refused { reason, findings } => {
            let findings = findings.iter().map(|finding| Entry::detail([value(finding)]));
            Entry::new(Mark::Blocked, [words("CloudFormation refuses: "), value(reason)])
                .with(findings)
        }
        Answer::NotAsked(why) => {
            Entry::new(Mark::Note, [words("CloudFormation was not asked: "), value(why)])
        }
    }
}

fn resource(change: &PreviewedChange, detail: Detail) -> Entry {
    let mut line = vec![words(format!("{} ({})", change.logical_id, change.resource_type))];
    // It is another one in each place, and tells nothing of several.
    if let Some(id) = change.physical_id.as_ref().filter(|_| detail == Detail::Everything) {
        line.extend([words(" "), value(id)]);
    }
    line.push(words(replaced(change.replacement)));
    if !change.scope.is_empty() {
        line.push(words(format!("; scope {}", change.scope.join(", "))));
    }
    if let Some(action) = &change.policy_action {
        line.push(words(format!("; policy action {action}")));
    }
    Entry::new(mark(change.action, change.replacement), line)
        .with(change.details.iter().flat_map(of_place))
}

/// What CloudFormation writes for a value, or a part of one, that only the deployment will tell.
const LATER: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// What differs in one place. CloudFormation tells an object as one line of JSON: of that, only what differs.
fn of_place(detail: &PreviewedDetail) -> Vec<Entry> {
    let sides = [&detail.before, &detail.after]
        .map(|side| side.as_ref().map(|text| text.replace(LATER, "(known after apply)")));
    let structures = sides.each_ref().map(|side| side.as_deref().and_then(structure));
    if let [Some(before), Some(after)] = structures {
        let mut differences = differences_of(&detail.path, &before, &after);
        for difference in &mut differences {
            difference.replacement = detail.replacement;
        }
        if !differences.is_empty() {
            return property::entries(&differences);
        }
    }
    let [before, after] = sides.each_ref().map(Option::as_deref);
    vec![change(&detail.path, before, after, remark(detail.replacement))]
}

/// The object or list that a text is the JSON of. One that AWS has cut short is none.
fn structure(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_object() || value.is_array()).then_some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(entries: &[Entry]) -> String {
        let line = |entry: &Entry| format!("{}\n{}", entry.line, lines(&entry.children));
        entries.iter().map(line).collect()
    }

    /// What is told of one value that CloudFormation says would change.
    fn told(path: &str, before: &str, after: &str, replacement: &str, detail: Detail) -> String {
        let preview = serde_json::from_value(json!({
            "account": "payments", "region": "eu-west-1", "stack": "avm-kms-keys",
            "warnings": ["Key /Resources/Key: a warning"],
            "answer": {"changes": [{
                "logical-id": "Key", "type": "AWS::KMS::Key", "physical-id": "1234-5678", "action": "update",
                "replacement": replacement, "scope": ["Properties"], "policy-action": null,
                "details": [{"path": path, "before": before, "after": after, "replacement": replacement}],
            }]},
        }));
        lines(&[entry(&preview.unwrap(), detail)])
    }

    #[test]
    fn of_a_policy_that_changes_only_the_statements_that_differ_are_told() {
        let statement =
            |sid: &str, action: &Value| json!({"Sid": sid, "Effect": "Allow", "Action": action});
        let policy = |statements: &[Value]| json!({"Statement": statements}).to_string();
        let kept = statement("Kept", &json!("kms:List*"));
        let before = policy(&[kept.clone(), statement("Use", &json!(["kms:Encrypt"]))]);
        let after = policy(&[kept, statement("Use", &json!(["kms:Encrypt", "kms:Decrypt"]))]);
        assert_eq!(
            told("/Properties/KeyPolicy", &before, &after, "never", Detail::Grouped),
            "CloudFormation: 1 change\nKey (AWS::KMS::Key); scope Properties\n\
             KeyPolicy.Statement[Use]\nAction: kms:Decrypt\nKey /Resources/Key: a warning\n"
        );
    }

    #[test]
    fn everything_else_is_told_as_cloudformation_tells_it() {
        let shown = told("/Properties/Name", "a", "b", "always", Detail::Everything);
        let expected = "Key (AWS::KMS::Key) 1234-5678 must be replaced; scope Properties\n\
                        /Properties/Name: a -> b (forces replacement)\n";
        assert!(shown.contains(expected), "{shown}");
        let later = told("/Properties/Key", "a", LATER, "never", Detail::Grouped);
        assert!(later.contains("/Properties/Key: a -> (known after apply)\n"), "{later}");
        // Cut short, and equal apart from spaces.
        for (before, after) in [("{\"a\": 1", "{\"a\": 2"), ("[1]", "[ 1]")] {
            let shown = told("/Metadata", before, after, "never", Detail::Grouped);
            assert!(shown.contains(&format!("/Metadata: {before} -> {after}\n")), "{shown}");
        }
        let shown = told(
            "/Properties/Tags",
            r#"[{"Key":"a","Value":"1"}]"#,
            "[]",
            "maybe",
            Detail::Grouped,
        );
        assert!(
            shown.contains("Tags[a]: {Key: a, Value: \"1\"} (may force replacement)\n"),
            "{shown}"
        );
    }
}
