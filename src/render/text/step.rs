//! One step, and beneath it what changes.

use std::borrow::Cow;

use crate::cloud::VpcPart;
use crate::plan::{Action, ParameterChange, StackChange, Step};
use crate::render::count::count;
use crate::render::harmless::{harmless, short};
use crate::render::lines::Lines;
use crate::render::paint::Paint;

/// The step's line and its details.
pub(super) fn step(lines: &mut Lines, depth: usize, step: &Step, paint: Paint) {
    // Tags are listed below, so they would stand there twice.
    let subject =
        if let Step::TagAccount { .. } = step { "tags".to_owned() } else { step.to_string() };
    lines.line(depth, &format!("{} {}", paint.symbol(step.action()), short(&subject)));
    details(&mut Details { lines, depth: depth + 4, paint }, step);
}

struct Details<'a> {
    lines: &'a mut Lines,
    depth: usize,
    paint: Paint,
}

impl Details<'_> {
    fn plain(&mut self, text: &str) {
        self.lines.line(self.depth + 4, text);
    }

    fn marked(&mut self, action: Action, text: &str) {
        self.lines.line(self.depth, &format!("{} {text}", self.paint.symbol(action)));
    }

    /// A value that appears, changes or disappears.
    fn value(&mut self, name: &str, before: Option<&str>, after: Option<&str>) {
        let name = harmless(name);
        match (before.map(visible), after.map(visible)) {
            (Some(before), Some(after)) => {
                self.marked(Action::Update, &format!("{name}: {before} -> {after}"));
            }
            (None, Some(after)) => self.marked(Action::Create, &format!("{name}: {after}")),
            (Some(before), None) => self.marked(Action::Delete, &format!("{name}: {before}")),
            (None, None) => self.plain(&name),
        }
    }
}

fn details(details: &mut Details<'_>, step: &Step) {
    match step {
        Step::CreateAccount(account) => {
            details.plain(&format!("role {}", account.role));
            for (key, value) in &account.tags {
                details.value(&format!("tag {key}"), None, Some(value));
            }
        }
        Step::TagAccount { set, before } => {
            for (key, value) in set {
                details.value(key, before.get(key).map(String::as_str), Some(value));
            }
        }
        Step::DeleteDefaultVpc { parts, .. } => {
            if let Some(parts) = inventory(parts) {
                details.plain(&format!("with {parts}"));
            }
        }
        Step::EncryptEbsByDefault { key, before, enable } => {
            if *enable {
                details.value("encryption by default", Some("off"), Some("on"));
            }
            details.value("key", before.as_deref(), Some(&key.to_string()));
        }
        Step::CreateStack(change) => new_stack(details, change),
        Step::UpdateStack(change) => {
            stack(details, change);
            if change.resources.is_empty() && change.parameter_changes.is_empty() {
                // It may not have been possible to compare, or a failed update has to be ended: a note says so.
                details.plain("the template differs outside its resources, unless a note says why");
            }
        }
        Step::RecreateStack { change, .. } => {
            details.plain("its creation failed, so it is deleted and made anew");
            new_stack(details, change);
        }
        Step::AwaitStack { change, .. } => {
            details.plain("AWS is working on it; then as far as still needed:");
            stack(details, change);
        }
        Step::CreateOrganizationalUnit { .. }
        | Step::AwaitAccount { .. }
        | Step::MoveAccount { .. }
        | Step::ProtectStack { .. } => {}
    }
}

/// A value, which is to be seen even if it is empty.
fn visible(value: &str) -> Cow<'_, str> {
    if value.is_empty() { Cow::Borrowed("\"\"") } else { short(value) }
}

/// A stack that is made: all that it is given is new.
fn new_stack(details: &mut Details<'_>, change: &StackChange) {
    resources(details, change);
    for (name, value) in &change.parameters {
        details.value(name, None, Some(&value.to_string()));
    }
}

fn stack(details: &mut Details<'_>, change: &StackChange) {
    resources(details, change);
    for ParameterChange { name, before, after } in &change.parameter_changes {
        let after = after.as_ref().map(ToString::to_string);
        details.value(name, before.as_deref(), after.as_deref());
    }
}

fn resources(details: &mut Details<'_>, change: &StackChange) {
    details.plain(&format!("template {} {}", change.template, change.digest));
    for resource in &change.resources {
        let name = format!("{} ({})", resource.logical_id, resource.resource_type);
        details.marked(resource.action, &short(&name));
    }
}

/// The parts of a default VPC that go with it, counted: their ids say nothing to anybody.
fn inventory(parts: &[VpcPart]) -> Option<String> {
    let number = |kind: fn(&VpcPart) -> bool| parts.iter().filter(|part| kind(part)).count();
    let counted: Vec<_> = [
        (number(|part| matches!(part, VpcPart::Subnet(_))), "subnet"),
        (number(|part| matches!(part, VpcPart::InternetGateway(_))), "internet gateway"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, noun)| count(number, noun))
    .collect();
    (!counted.is_empty()).then(|| counted.join(" and "))
}
