//! Properties of a resource that differ, those of one policy statement beneath one heading.

use serde_json::Value;

use super::change::change;
use super::entry::{Entry, Mark, words};
use super::statement;
use super::value::{AFTER_APPLY, text};
use crate::plan::{Action, PropertyChange, Replacement};

/// Whether a difference is that nobody can know yet whether there will be the resource.
pub(super) fn may_leave(change: &PropertyChange) -> bool {
    change.path == ":Condition" && !change.replacement.is_never()
}

/// What differs in a resource.
pub(super) fn entries(changes: &[PropertyChange]) -> Vec<Entry> {
    let head =
        |change: &PropertyChange| statement::place(&change.path).map(|(head, _)| head.to_owned());
    let mut entries = Vec::new();
    for changed in changes.iter().filter(|changed| may_leave(changed)) {
        let condition = changed.after.as_ref().map(text).unwrap_or_default();
        let line = format!("its condition {condition} is known after apply");
        entries.push(Entry::detail([words(line)]));
    }
    let changes: Vec<_> = changes.iter().filter(|changed| !may_leave(changed)).cloned().collect();
    for changes in changes.chunk_by(|one, next| head(one).is_some() && head(one) == head(next)) {
        let Some((head, _)) = changes.first().and_then(|change| statement::place(&change.path))
        else {
            entries.extend(within(&changes.iter().collect::<Vec<_>>(), ""));
            continue;
        };
        let (whole, parts): (Vec<_>, Vec<_>) =
            changes.iter().partition(|change| change.path == head);
        entries.extend(whole.into_iter().map(|change| of_statement(head, change)));
        if !parts.is_empty() {
            let heading = Entry::new(Mark::Action(Action::Update), [words(head)]);
            entries.push(heading.with(within(&parts, head)));
        }
    }
    entries
}

/// Properties whose path begins with what is said above them. The items that a list wins or loses are in a row.
fn within(changes: &[&PropertyChange], head: &str) -> Vec<Entry> {
    let items = |change: &PropertyChange| {
        let side = (change.before.is_some(), change.after.is_some());
        (change.path.ends_with("[]") && side.0 != side.1).then_some(side)
    };
    changes
        .chunk_by(|one, next| {
            items(one).is_some() && items(one) == items(next) && one.path == next.path
        })
        .filter_map(|alike| {
            let first = alike.first()?;
            let name = first.path.strip_prefix(head).unwrap_or(&first.path);
            let name = name.strip_prefix('.').unwrap_or(name).trim_end_matches("[]");
            let row = |side: fn(&PropertyChange) -> Option<&Value>| {
                let texts: Vec<_> = alike.iter().copied().filter_map(side).map(text).collect();
                (!texts.is_empty()).then(|| texts.join(", "))
            };
            let (before, after) =
                sides(row(|change| change.before.as_ref()), row(|change| change.after.as_ref()));
            let replacement =
                alike.iter().map(|change| change.replacement).max().unwrap_or_default();
            Some(change(name, before.as_deref(), after.as_deref(), remark(replacement)))
        })
        .collect()
}

/// A statement that appears or disappears as a whole is told in a sentence.
fn of_statement(head: &str, changed: &PropertyChange) -> Entry {
    let (action, value) = match (&changed.before, &changed.after) {
        (None, Some(after)) => (Action::Create, after),
        (Some(before), None) => (Action::Delete, before),
        (before, after) => {
            let (before, after) = sides(before.as_ref().map(text), after.as_ref().map(text));
            let remark = remark(changed.replacement);
            return change(head, before.as_deref(), after.as_deref(), remark);
        }
    };
    match statement::sentence(value) {
        Some(sentence) => {
            let line = [words(head), words(remark(changed.replacement))];
            Entry::new(Mark::Action(action), line).with(sentence)
        }
        None => within(&[changed], "").remove(0),
    }
}

/// Both sides of a change. What is there now is a value, even if only AWS knows it. Where both sides refer to the same
/// thing, which is made anew, the reference would hide that the value is another one.
fn sides(before: Option<String>, after: Option<String>) -> (Option<String>, Option<String>) {
    let known = before.map(|text| without_remark(&text).to_owned());
    let same = after.is_some() && known.as_deref() == after.as_deref().map(without_remark);
    let after = if same { Some(AFTER_APPLY.trim_start().to_owned()) } else { after };
    (known, after)
}

fn without_remark(text: &str) -> &str {
    text.strip_suffix(AFTER_APPLY).unwrap_or(text)
}

/// What a changed property does to its resource.
pub(super) fn remark(replacement: Replacement) -> &'static str {
    match replacement {
        Replacement::Never => "",
        Replacement::Maybe => " (may force replacement)",
        Replacement::Always => " (forces replacement)",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(path: &str, before: Option<Value>, after: Option<Value>) -> PropertyChange {
        PropertyChange { path: path.to_owned(), before, after, replacement: Replacement::Never }
    }

    fn told(entry: &Entry) -> String {
        let beneath: Vec<_> = entry.children.iter().map(told).collect();
        let symbol = if let Mark::Action(action) = entry.mark { action.symbol() } else { "" };
        format!("{symbol} {}\n{}", entry.line, beneath.concat())
    }

    #[test]
    fn what_differs_in_one_statement_is_beneath_one_heading() {
        let shown = entries(&[
            changed("EnableKeyRotation", Some(json!(false)), Some(json!(true))),
            changed("KeyPolicy.Statement[Use].Action[]", None, Some(json!("kms:Decrypt"))),
            changed("KeyPolicy.Statement[Use].Action[]", None, Some(json!("kms:Encrypt"))),
            changed("KeyPolicy.Statement[Use].Action[]", Some(json!("kms:*")), None),
            changed(
                "KeyPolicy.Statement[New]",
                None,
                Some(json!({ "Effect": "Allow", "Action": "kms:List*", "Resource": "*" })),
            ),
        ]);
        let shown: String = shown.iter().map(told).collect();
        assert_eq!(
            shown,
            "~ EnableKeyRotation: false -> true\n\
             ~ KeyPolicy.Statement[Use]\n\
             + Action: kms:Decrypt, kms:Encrypt\n\
             - Action: kms:*\n\
             + KeyPolicy.Statement[New]\n \
             Allow kms:List* on *\n"
        );
    }

    #[test]
    fn the_property_that_forces_a_replacement_says_so() {
        let forced = PropertyChange {
            replacement: Replacement::Always,
            ..changed("BucketName", Some(json!("a")), Some(json!({ "Ref": "Name" })))
        };
        let shown: String = entries(&[forced]).iter().map(told).collect();
        assert_eq!(shown, "~ BucketName: a -> Name (known after apply) (forces replacement)\n");
    }

    #[test]
    fn a_reference_to_what_is_made_anew_is_known_after_it_only() {
        let arn = json!({ "Fn::GetAtt": ["LogGroup", "Arn"] });
        let within = json!({ "Fn::Join": ["", ["arn:", { "Ref": "LogGroup" }]] });
        let shown = entries(&[
            changed("LogGroupArn", Some(arn.clone()), Some(arn.clone())),
            changed("Resource", Some(within.clone()), Some(within)),
            changed("TargetArn", Some(arn), Some(json!("arn:aws:logs:::other"))),
        ]);
        let shown: String = shown.iter().map(told).collect();
        assert_eq!(
            shown,
            "~ LogGroupArn: LogGroup.Arn -> (known after apply)\n\
             ~ Resource: arn:${LogGroup} -> (known after apply)\n\
             ~ TargetArn: LogGroup.Arn -> arn:aws:logs:::other\n"
        );
    }
}
