//! Policies of IAM and of resources, which are compared by their statements.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::comparison::{Comparison, object};
use super::path::Path;
use super::sameness::{identity, text};
use super::statements::pairs;

/// A policy document: the `Statement` of one is a list of statements, or a single one, each with an `Effect`.
///
/// A web ACL's rule has a `Statement` too, which is something else.
#[derive(Debug)]
pub(super) struct Policy<'a>(Cow<'a, Map<String, Value>>);

impl<'a> Policy<'a> {
    /// Reads a policy that is written out, or as JSON in a text.
    pub(super) fn read(value: &'a Value) -> Option<Self> {
        let document = match value.as_str() {
            Some(text) if text.trim_start().starts_with('{') => {
                Cow::Owned(serde_json::from_str(text).ok()?)
            }
            Some(_) => return None,
            None => Cow::Borrowed(object(value)?),
        };
        let policy = Self(document);
        let is_statement =
            |value: &&Value| object(value).is_some_and(|it| it.contains_key("Effect"));
        let mut statements =
            policy.statements().into_iter().filter(|value| object(value).is_some());
        let is_policy = statements.next().is_some_and(|first| is_statement(&first))
            && statements.all(|value| is_statement(&value));
        is_policy.then_some(policy)
    }

    fn statements(&self) -> Vec<&Value> {
        self.0.get("Statement").map(elements_of).unwrap_or_default()
    }
}

impl Comparison<'_> {
    /// Two policies of one place. The order of statements means nothing.
    pub(super) fn policies(&mut self, path: &Path<'_>, before: &Policy<'_>, after: &Policy<'_>) {
        let others = before.0.keys().chain(after.0.keys()).filter(|key| *key != "Statement");
        for key in others.collect::<BTreeSet<_>>() {
            self.compare(&path.key(key), before.0.get(key), after.0.get(key));
        }
        let path = path.key("Statement");
        let (before, after) = (before.statements(), after.statements());
        for (here, there) in pairs(&before, &after) {
            let one = here.and_then(|index| before.get(index).copied());
            let other = there.and_then(|index| after.get(index).copied());
            let sid = other.and_then(sid).or_else(|| one.and_then(sid));
            let label = sid.unwrap_or_else(|| there.or(here).unwrap_or_default().to_string());
            self.statement(&path.item(&label), one, other);
        }
    }

    /// Two statements that belong together.
    fn statement(&mut self, path: &Path<'_>, before: Option<&Value>, after: Option<&Value>) {
        let (Some(one), Some(other)) = (before.and_then(object), after.and_then(object)) else {
            return self.compare(path, before, after);
        };
        if one == other && self.moved.is_empty() {
            return;
        }
        for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
            let path = path.key(key);
            match key.as_str() {
                "Action" | "NotAction" | "Resource" | "NotResource" | "Principal"
                | "NotPrincipal" | "Condition" => {
                    self.sets(&path, one.get(key), other.get(key));
                }
                _ => self.compare(&path, one.get(key), other.get(key)),
            }
        }
    }

    /// Two elements of a statement: sets, or objects of them. One value is a set of one.
    fn sets(&mut self, path: &Path<'_>, before: Option<&Value>, after: Option<&Value>) {
        let (Some(one), Some(other)) = (before, after) else {
            return self.compare(path, before, after);
        };
        match (object(one), object(other)) {
            (Some(one), Some(other)) => {
                for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                    self.sets(&path.key(key), one.get(key), other.get(key));
                }
            }
            (None, None) => self.elements(path, distinct(one), distinct(other)),
            _ => self.note(path, before, after),
        }
    }
}

/// A statement's own name.
pub(super) fn sid(statement: &Value) -> Option<String> {
    statement.get("Sid").and_then(text).filter(|sid| !sid.is_empty())
}

/// The items of a list; a value that is none is the only item.
pub(super) fn elements_of(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn distinct(value: &Value) -> Vec<&Value> {
    let mut seen = BTreeSet::new();
    elements_of(value).into_iter().filter(|element| seen.insert(identity(element))).collect()
}
