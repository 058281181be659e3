//! A value that appears, changes or disappears.

use std::borrow::Cow;

use similar::{ChangeTag, TextDiff};

use super::entry::{Entry, Mark, Part, value, visible, words};
use crate::plan::Action;
use crate::render::harmless::is_cut;

/// A named value that appears, changes or disappears, with `after_words` behind it.
pub(super) fn change(
    name: &str,
    before: Option<&str>,
    after: Option<&str>,
    remark: &'static str,
) -> Entry {
    let mut line = vec![words(if before.or(after).is_some() && !name.is_empty() {
        format!("{name}: ")
    } else {
        name.to_owned()
    })];
    let mut children = Vec::new();
    let action = match (before, after) {
        (Some(before), Some(after)) => {
            if before.contains('\n') && after.contains('\n') {
                line = vec![words(name)];
                children = lines(before, after);
            } else {
                line.extend(arrow(before, after));
            }
            Action::Update
        }
        (None, Some(after)) => {
            line.push(visible(after));
            Action::Create
        }
        (Some(before), None) => {
            line.push(visible(before));
            Action::Delete
        }
        (None, None) => Action::Update,
    };
    if !remark.is_empty() {
        line.push(words(remark));
    }
    Entry::new(Mark::Action(action), line).with(children)
}

/// `before -> after`.
pub(super) fn arrow(before: &str, after: &str) -> [Part; 3] {
    let (before, after) = apart(before, after);
    [visible(&before), words(" -> "), visible(&after)]
}

/// More characters than this in common are left out of values that are too long to be shown as a whole.
const SHOWN: usize = 40;

/// Two values of which a reader sees where they differ. Long ones are cut off when they are shown: those that begin
/// alike would be the same to look at, so that they begin near the difference.
fn apart<'a>(before: &'a str, after: &'a str) -> (Cow<'a, str>, Cow<'a, str>) {
    let plain = (Cow::Borrowed(before), Cow::Borrowed(after));
    if !is_cut(before) && !is_cut(after) {
        return plain;
    }
    let alike = before.chars().zip(after.chars()).take_while(|(one, other)| one == other).count();
    let Some(left_out) = alike.checked_sub(SHOWN).filter(|number| *number > 0) else {
        return plain;
    };
    let cut = |text: &str| {
        let rest: String = text.chars().skip(left_out).collect();
        Cow::Owned(format!("…{rest}"))
    };
    (cut(before), cut(after))
}

/// The lines of a text that appear and disappear, each with a line around them.
fn lines(before: &str, after: &str) -> Vec<Entry> {
    let difference = TextDiff::from_lines(before, after);
    let mut entries = Vec::new();
    for operation in difference.grouped_ops(1).iter().flatten() {
        let changes: Vec<_> = difference.iter_changes(operation).collect();
        let tagged = |tag: ChangeTag| {
            let of_tag = changes.iter().filter(move |change| change.tag() == tag);
            of_tag.map(|change| change.as_str().unwrap_or_default().trim_end_matches('\n'))
        };
        let mut tell = |mark, text: Cow<'_, str>| entries.push(Entry::new(mark, [value(text)]));
        tagged(ChangeTag::Equal).for_each(|text| tell(Mark::Detail, text.into()));
        let (goes, comes): (Vec<_>, Vec<_>) =
            (tagged(ChangeTag::Delete).collect(), tagged(ChangeTag::Insert).collect());
        for (index, text) in goes.iter().enumerate() {
            let other = comes.get(index).copied().unwrap_or_default();
            tell(Mark::Action(Action::Delete), apart(text, other).0);
        }
        for (index, text) in comes.iter().enumerate() {
            let other = goes.get(index).copied().unwrap_or_default();
            tell(Mark::Action(Action::Create), apart(other, text).1);
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_only_the_lines_that_differ_are_shown() {
        let entry = change("Code", Some("a\nb\nc\nd\ne\n"), Some("a\nb\nX\nd\ne\n"), "");
        let shown: Vec<_> =
            entry.children.iter().map(|line| (line.mark, line.line.to_string())).collect();
        let expected = [
            (Mark::Detail, "b"),
            (Mark::Action(Action::Delete), "c"),
            (Mark::Action(Action::Create), "X"),
            (Mark::Detail, "d"),
        ];
        assert_eq!(shown, expected.map(|(mark, text)| (mark, text.to_owned())));
    }

    #[test]
    fn values_that_are_too_long_to_be_shown_are_shown_where_they_differ() {
        let begin = "x".repeat(5_000);
        let [before, after] = ["read", "admin"].map(|end| format!("{begin}{end}"));
        let entry = change("Document", Some(&before), Some(&after), "");
        let near = format!("…{}", "x".repeat(40));
        let line = format!("Document: {near}read -> {near}admin");
        assert_eq!(entry.line.to_string(), line);

        let [before, after] = [before, after].map(|text| format!("first\n{text}\nlast\n"));
        let entry = change("Code", Some(&before), Some(&after), "");
        let shown: Vec<_> = entry.children.iter().map(|line| line.line.to_string()).collect();
        let [goes, comes] = ["read", "admin"].map(|end| format!("{near}{end}"));
        assert_eq!(shown, ["first".to_owned(), goes, comes, "last".to_owned()]);
    }

    #[test]
    fn a_list_of_actions_is_shown_to_its_end() {
        let actions: Vec<_> = (0..100).map(|number| format!("service:Action{number}")).collect();
        let list = format!("{}, iam:*", actions.join(", "));
        let entry = change("Action", None, Some(&list), "");
        assert!(entry.line.to_string().ends_with(", iam:*"), "{}", entry.line);
    }

    #[test]
    fn an_empty_value_can_be_seen() {
        let entry = change("Name", Some(""), Some("x"), "");
        assert_eq!(entry.line.to_string(), "Name: \"\" -> x");
    }
}
