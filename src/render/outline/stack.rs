//! What changes in a stack.

use std::collections::BTreeMap;

use super::change::change;
use super::entry::{Entry, Mark, words};
use super::property;
use crate::plan::{Action, ParameterChange, Replacement, ResourceChange, StackChange};
use crate::render::count::count;
use crate::render::detail::Detail;

/// More new resources of one type than this are only counted where things are grouped: nobody reads forty names.
const MANY: usize = 8;

/// A stack that is made: all that it is given is new.
pub(super) fn made(stack: &StackChange, detail: Detail) -> Vec<Entry> {
    let mut entries = resources(stack, detail);
    entries.extend(
        stack
            .parameters
            .iter()
            .map(|(name, value)| change(name, None, Some(&value.to_string()), "")),
    );
    entries
}

/// A stack that differs.
pub(super) fn changed(stack: &StackChange, detail: Detail) -> Vec<Entry> {
    let mut entries = resources(stack, detail);
    for ParameterChange { name, before, after } in &stack.parameter_changes {
        let after = after.as_ref().map(ToString::to_string);
        entries.push(change(name, before.as_deref(), after.as_deref(), ""));
    }
    entries
}

/// The template and its resources that differ.
fn resources(stack: &StackChange, detail: Detail) -> Vec<Entry> {
    let template = format!("template {} {}", stack.template, stack.digest);
    let mut entries = vec![Entry::detail([words(template)])];
    let (new, others): (Vec<_>, Vec<_>) =
        stack.resources.iter().partition(|one| detail == Detail::Grouped && is_new(one));
    entries.extend(by_type(new).into_iter().map(|(kind, names)| new_resources(kind, &names)));
    entries.extend(others.into_iter().map(resource));
    entries
}

/// Whether new resources of one type are so many that they are counted.
pub(super) fn is_counted(stack: &StackChange) -> bool {
    by_type(stack.resources.iter().filter(|one| is_new(one)))
        .values()
        .any(|names| names.len() > MANY)
}

fn is_new(resource: &ResourceChange) -> bool {
    resource.action == Action::Create && resource.properties.is_empty()
}

/// The names of resources by their type.
fn by_type<'a>(
    resources: impl IntoIterator<Item = &'a ResourceChange>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for resource in resources {
        names.entry(&resource.resource_type).or_default().push(&resource.logical_id);
    }
    names
}

fn new_resources(kind: &str, names: &[&str]) -> Entry {
    let line = match names {
        [name] => format!("{name} ({kind})"),
        names if names.len() > MANY => format!("{} of type {kind}", count(names.len(), "resource")),
        names => format!("{} ({} x {kind})", names.join(", "), names.len()),
    };
    Entry::new(Mark::Action(Action::Create), [words(line)])
}

fn resource(resource: &ResourceChange) -> Entry {
    let line = format!("{} ({})", resource.logical_id, resource.resource_type);
    // Nothing is deleted where it only leaves the stack.
    let leaves = resource.action == Action::Delete && resource.retained;
    let action = if leaves { Action::Update } else { resource.action };
    Entry::new(mark(action, resource.replacement), [words(line), words(fate(resource))])
        .with(property::entries(&resource.properties))
}

/// What becomes of what is there.
fn fate(resource: &ResourceChange) -> &'static str {
    let may_leave = resource.properties.iter().any(property::may_leave);
    match (resource.action, resource.replacement, resource.retained) {
        (Action::Delete, _, true) => " leaves the stack, and stays (DeletionPolicy: Retain)",
        (_, Replacement::Maybe, true) if may_leave => {
            " may leave the stack, and stays (DeletionPolicy: Retain)"
        }
        (_, Replacement::Maybe, false) if may_leave => " may be deleted",
        (_, Replacement::Maybe, true) => {
            " may be replaced; what is there stays (UpdateReplacePolicy: Retain)"
        }
        (_, Replacement::Always, true) => {
            " must be replaced; what is there stays (UpdateReplacePolicy: Retain)"
        }
        (_, replacement, _) => replaced(replacement),
    }
}

/// The mark of a resource: a replacement that is not certain is no replacement yet.
pub(super) fn mark(action: Action, replacement: Replacement) -> Mark {
    match (action, replacement) {
        (Action::Update, Replacement::Maybe) => Mark::MayReplace,
        (Action::Update, Replacement::Always) => Mark::Action(Action::Replace),
        (action, _) => Mark::Action(action),
    }
}

/// Whether a resource that differs is made anew.
pub(super) fn replaced(replacement: Replacement) -> &'static str {
    match replacement {
        Replacement::Never => "",
        Replacement::Maybe => " may be replaced",
        Replacement::Always => " must be replaced",
    }
}
