//! Where two values differ.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::path::Path;
use super::policy::Policy;
use super::replaced::replacement;
use super::sameness::{is_single, same};
use crate::plan::difference::PropertyChange;
use crate::template::{CreateOnly, called, mentions};

/// The comparison of one resource as it is with the resource as it shall be.
pub(super) struct Comparison<'a> {
    /// What can only be said when the resource is made.
    pub(super) create_only: Option<&'a CreateOnly>,
    /// Resources and parameters that come to something else, although they are written as before.
    pub(super) moved: &'a BTreeSet<&'a str>,
    /// What differs.
    pub(super) found: Vec<PropertyChange>,
}

impl Comparison<'_> {
    /// Two values of one place, of which either may be missing.
    pub(super) fn compare(
        &mut self,
        path: &Path<'_>,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        match (before, after) {
            (Some(before), Some(after)) => self.both(path, before, after),
            (None, None) => {}
            (before, after) => self.note(path, before, after),
        }
    }

    /// Two values of one place.
    pub(super) fn both(&mut self, path: &Path<'_>, before: &Value, after: &Value) {
        if before == after && !self.is_moved(after) {
            return;
        }
        if is_single(before) || is_single(after) {
            if let (Some(before), Some(after)) = (Policy::read(before), Policy::read(after)) {
                return self.policies(path, &before, &after);
            }
            if !same(before, after) || self.is_moved(after) {
                self.note(path, Some(before), Some(after));
            }
            return;
        }
        match (before, after) {
            (Value::Object(one), Value::Object(other)) => {
                if let (Some(before), Some(after)) = (Policy::read(before), Policy::read(after)) {
                    return self.policies(path, &before, &after);
                }
                self.objects(path, one, other);
            }
            (Value::Array(before), Value::Array(after)) => self.lists(path, before, after),
            _ => self.note(path, Some(before), Some(after)),
        }
    }

    /// Two objects, key by key.
    pub(super) fn objects(
        &mut self,
        path: &Path<'_>,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) {
        for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            self.compare(&path.key(key), before.get(key), after.get(key));
        }
    }

    /// Whether a value that is written as before comes to something else.
    pub(super) fn is_moved(&self, value: &Value) -> bool {
        !self.moved.is_empty() && mentions(value, &|name| self.moved.contains(name))
    }

    /// What was found, by its place. Of one place, what disappears comes before what appears.
    pub(super) fn in_order(mut self) -> Vec<PropertyChange> {
        self.found.sort_by(|one, other| one.path.cmp(&other.path));
        self.found
    }

    /// Notes a difference.
    pub(super) fn note(&mut self, path: &Path<'_>, before: Option<&Value>, after: Option<&Value>) {
        self.found.push(PropertyChange {
            path: path.to_string(),
            before: before.cloned(),
            after: after.cloned(),
            replacement: replacement(self.create_only, path, before, after),
        });
    }
}

/// An object that is no call.
pub(super) fn object(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object().filter(|_| called(value).is_none())
}
