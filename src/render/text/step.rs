//! One step, and beneath it what changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::cloud::VpcPart;
use crate::plan::{Action, ParameterChange, StackChange, Step};
use crate::render::count::count;
use crate::render::harmless::{harmless, short};
use crate::render::lines::Lines;
use crate::render::paint::Paint;
use crate::render::setting;

/// More new resources of one type in a stack are only counted: nobody reads forty names. The JSON form has them.
const MANY: usize = 8;

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

impl Details<'_> {
    /// The values of a setting that appear, change or disappear.
    fn values(&mut self, before: Vec<(String, String)>, after: Vec<(String, String)>) {
        let mut before: BTreeMap<_, _> = before.into_iter().collect();
        for (name, after) in after {
            let before = before.remove(&name);
            if before.as_deref() == Some(after.as_str()) {
                continue;
            }
            match before.as_deref() {
                Some(before) if name.is_empty() => {
                    let change = format!("{} -> {}", visible(before), visible(&after));
                    self.marked(Action::Update, &change);
                }
                None if name.is_empty() => self.marked(Action::Create, &visible(&after)),
                before => self.value(&name, before, Some(&after)),
            }
        }
        for (name, before) in before {
            self.value(&name, Some(&before), None);
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
        | Step::ProtectStack { .. }
        | Step::TrustService { .. }
        | Step::RegisterAdministrator { .. }
        | Step::SetServiceAdministrator { .. }
        | Step::EnableRegion { .. } => {}
        Step::ImportStack { change, imports, replaces } => {
            if replaces.is_some() {
                details.plain("its creation failed, so it is deleted and made anew");
            }
            for import in imports {
                let identifier: Vec<_> = import.identifier.values().map(String::as_str).collect();
                details.marked(
                    Action::Import,
                    &short(&format!(
                        "{} ({}) {}",
                        import.logical_id,
                        import.resource_type,
                        identifier.join("|")
                    )),
                );
            }
            new_stack(details, change);
        }
        Step::ChangeAccountSetting { setting, before } => {
            // A password policy is written as a whole: a limit that is left out is lifted.
            let before = before.as_ref().map(setting::of_account).unwrap_or_default();
            details.values(before, setting::of_account(setting));
        }
        Step::ChangeRegionSetting { setting, before } => {
            // What a region's setting leaves out stays as it is, and is no change.
            let after = setting::of_region(setting);
            let mut before = before.as_ref().map(setting::of_region).unwrap_or_default();
            before.retain(|(name, _)| after.iter().any(|(after, _)| after == name));
            details.values(before, after);
        }
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
    let mut alike: BTreeMap<(Action, &str), usize> = BTreeMap::new();
    for resource in &change.resources {
        *alike.entry((resource.action, resource.resource_type.as_str())).or_default() += 1;
    }
    for resource in &change.resources {
        let kind = (resource.action, resource.resource_type.as_str());
        match alike.get(&kind).copied().unwrap_or_default() {
            // Told with the first of them.
            0 => {}
            number if number > MANY && resource.action == Action::Create => {
                details.marked(
                    resource.action,
                    &short(&format!("{number} x {}", resource.resource_type)),
                );
                alike.insert(kind, 0);
            }
            _ => {
                let name = format!("{} ({})", resource.logical_id, resource.resource_type);
                details.marked(resource.action, &short(&name));
            }
        }
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
