//! CloudFormation's answer, in the plan's words.

use std::collections::BTreeMap;

use crate::cloud::{ChangeAction, ChangedResource, ChangedValue, Recreation};
use crate::plan::{Action, PreviewedChange, PreviewedDetail, Replacement};

/// What becomes of a resource.
pub(super) fn change(changed: ChangedResource) -> PreviewedChange {
    let ChangedResource { action, logical_id, resource_type, physical_id, .. } = changed;
    let replacement = match action {
        // It depends on what cannot be known before: so may its survival.
        ChangeAction::Dynamic => replacement(changed.recreation).max(Replacement::Maybe),
        ChangeAction::Add
        | ChangeAction::Modify
        | ChangeAction::Remove
        | ChangeAction::Import
        | ChangeAction::SyncWithActual => replacement(changed.recreation),
    };
    PreviewedChange {
        logical_id,
        resource_type,
        physical_id,
        action: match action {
            ChangeAction::Add => Action::Create,
            ChangeAction::Remove => Action::Delete,
            ChangeAction::Import => Action::Import,
            ChangeAction::Modify | ChangeAction::Dynamic | ChangeAction::SyncWithActual => {
                if replacement == Replacement::Always {
                    Action::Replace
                } else {
                    Action::Update
                }
            }
        },
        replacement,
        scope: changed.scope,
        policy_action: changed.policy_action,
        details: details(changed.details),
    }
}

/// A value that differs for several causes comes once for each, and is told once, with the gravest.
fn details(changed: Vec<ChangedValue>) -> Vec<PreviewedDetail> {
    let mut details: BTreeMap<String, PreviewedDetail> = BTreeMap::new();
    for ChangedValue { path, before, after, recreation } in changed {
        let replacement = replacement(recreation);
        let told = details.entry(path.clone()).or_insert(PreviewedDetail {
            path,
            before: None,
            after: None,
            replacement,
        });
        told.before = told.before.take().or(before);
        told.after = told.after.take().or(after);
        told.replacement = told.replacement.max(replacement);
    }
    details.into_values().collect()
}

fn replacement(recreation: Recreation) -> Replacement {
    match recreation {
        Recreation::Never => Replacement::Never,
        Recreation::Conditionally => Replacement::Maybe,
        Recreation::Always => Replacement::Always,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(action: ChangeAction, recreation: Recreation) -> PreviewedChange {
        change(ChangedResource {
            action,
            logical_id: "Key".into(),
            resource_type: "AWS::KMS::Key".into(),
            physical_id: None,
            recreation,
            scope: Vec::new(),
            policy_action: None,
            details: Vec::new(),
        })
    }

    #[test]
    fn what_is_made_anew_is_replaced_and_what_may_be_says_so() {
        use ChangeAction as A;
        use Recreation as R;
        for (action, recreation, told) in [
            (A::Add, R::Never, (Action::Create, Replacement::Never)),
            (A::Remove, R::Never, (Action::Delete, Replacement::Never)),
            (A::Import, R::Never, (Action::Import, Replacement::Never)),
            (A::Modify, R::Never, (Action::Update, Replacement::Never)),
            (A::Modify, R::Conditionally, (Action::Update, Replacement::Maybe)),
            (A::Modify, R::Always, (Action::Replace, Replacement::Always)),
            (A::SyncWithActual, R::Never, (Action::Update, Replacement::Never)),
            (A::Dynamic, R::Never, (Action::Update, Replacement::Maybe)),
        ] {
            let change = changed(action, recreation);
            assert_eq!((change.action, change.replacement), told, "{action:?} {recreation:?}");
        }
    }

    #[test]
    fn a_value_with_two_causes_is_told_once_with_the_graver() {
        let value = |path: &str, before: Option<&str>, recreation| ChangedValue {
            path: path.into(),
            before: before.map(str::to_owned),
            after: None,
            recreation,
        };
        let told = details(vec![
            value("/Properties/KeySpec", None, Recreation::Never),
            value("/Properties/Enabled", None, Recreation::Never),
            value("/Properties/KeySpec", Some("RSA_2048"), Recreation::Always),
        ]);
        assert_eq!(told.len(), 2);
        assert_eq!(told[1].path, "/Properties/KeySpec");
        assert_eq!(told[1].before.as_deref(), Some("RSA_2048"));
        assert_eq!(told[1].replacement, Replacement::Always);
    }
}
