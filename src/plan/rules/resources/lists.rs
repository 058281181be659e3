//! Where two lists differ.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

use super::comparison::{Comparison, object};
use super::path::Path;
use super::sameness::{identity, is_single, text};

/// What tells the items of a list apart, in this order: the first that all of them have.
const IDENTIFIERS: &[&str] = &[
    "Sid",
    "Id",
    "ID",
    "Key",
    "Name",
    "RuleName",
    "PolicyName",
    "AttributeName",
    "IndexName",
    "ParameterName",
    "ParameterKey",
    "DeviceName",
    "ContainerName",
    "DomainName",
    "AccountId",
    "Region",
    "RegionName",
];

impl Comparison<'_> {
    /// Two lists of one place.
    pub(super) fn lists(&mut self, path: &Path<'_>, before: &[Value], after: &[Value]) {
        let one: Vec<_> = before.iter().map(identity).collect();
        let other: Vec<_> = after.iter().map(identity).collect();
        if is_reordered(&one, &other) {
            let whole = |items: &[Value]| Value::Array(items.to_vec());
            return self.note(path, Some(&whole(before)), Some(&whole(after)));
        }
        if before.iter().chain(after).all(is_single) {
            return self.elements(path, before, after);
        }
        if let (Some(one), Some(other)) = labels(before, after) {
            let find = |labels: &[String], label: &String| labels.iter().position(|it| it == label);
            for label in one.iter().chain(&other).collect::<BTreeSet<_>>() {
                let before = find(&one, label).and_then(|index| before.get(index));
                let after = find(&other, label).and_then(|index| after.get(index));
                self.compare(&path.item(label), before, after);
            }
            return;
        }
        for (here, there) in aligned(&one, &other) {
            let label = there.or(here).unwrap_or_default().to_string();
            let before = here.and_then(|index| before.get(index));
            let after = there.and_then(|index| after.get(index));
            self.compare(&path.item(&label), before, after);
        }
    }

    /// Two lists of which only the elements matter and not their places: a difference for each that appears or
    /// disappears.
    pub(super) fn elements<'v>(
        &mut self,
        path: &Path<'_>,
        before: impl IntoIterator<Item = &'v Value> + Clone,
        after: impl IntoIterator<Item = &'v Value> + Clone,
    ) {
        let path = path.element();
        let mut there = counted(after.clone());
        let mut here = counted(before.clone());
        for value in before {
            if !take(&mut there, value) {
                self.note(&path, Some(value), None);
            }
        }
        for value in after {
            if !take(&mut here, value) {
                self.note(&path, None, Some(value));
            } else if self.is_moved(value) {
                self.note(&path, Some(value), Some(value));
            }
        }
    }
}

fn counted<'v>(values: impl IntoIterator<Item = &'v Value>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(identity(value)).or_default() += 1;
    }
    counts
}

/// Takes one of a kind away, if there is one left.
fn take(counts: &mut BTreeMap<String, usize>, value: &Value) -> bool {
    counts.get_mut(&identity(value)).is_some_and(|count| {
        let is_left = *count > 0;
        *count = count.saturating_sub(1);
        is_left
    })
}

/// Whether two lists have the same items, and not in the same order.
fn is_reordered(one: &[String], other: &[String]) -> bool {
    let sorted = |items: &[String]| {
        let mut items = items.to_vec();
        items.sort();
        items
    };
    one.len() == other.len() && one != other && sorted(one) == sorted(other)
}

/// What tells the items of two lists apart: of all of them the same key, and of no two in a list the same value.
fn labels(before: &[Value], after: &[Value]) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let of = |items: &[Value], key: &str| {
        let labels: Option<Vec<_>> =
            items.iter().map(|item| object(item)?.get(key).and_then(text)).collect();
        labels.filter(|labels| labels.iter().collect::<BTreeSet<_>>().len() == labels.len())
    };
    let found = IDENTIFIERS.iter().find_map(|key| Some((of(before, key)?, of(after, key)?)));
    found.unzip()
}

/// The items of two lists that belong together, by their places: those that are the same, and between these one by
/// one what differs. An item without a partner appears or disappears.
fn aligned(one: &[String], other: &[String]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, item) in other.iter().enumerate() {
        places.entry(item).or_default().push(index);
    }
    let mut pairs = Vec::new();
    let (mut here, mut there) = (0, 0);
    for (index, item) in one.iter().enumerate() {
        let places = places.get(item.as_str()).map_or(&[][..], Vec::as_slice);
        let next = places.partition_point(|place| *place < there);
        if let Some(place) = places.get(next) {
            between(here..index, there..*place, &mut pairs);
            pairs.push((Some(index), Some(*place)));
            (here, there) = (index + 1, place + 1);
        }
    }
    between(here..one.len(), there..other.len(), &mut pairs);
    pairs
}

fn between(
    mut here: Range<usize>,
    mut there: Range<usize>,
    pairs: &mut Vec<(Option<usize>, Option<usize>)>,
) {
    loop {
        let pair = (here.next(), there.next());
        if pair == (None, None) {
            return;
        }
        pairs.push(pair);
    }
}
