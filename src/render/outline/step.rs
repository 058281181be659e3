//! One step, and beneath it what changes.

use std::collections::BTreeMap;

use super::change::{arrow, change};
use super::entry::{Entry, Mark, Part, value, visible, words};
use super::{preview, stack};
use crate::cloud::VpcPart;
use crate::plan::{Action, ImportedResource, Preview, Step};
use crate::render::count::count;
use crate::render::detail::Detail;
use crate::render::setting;

/// A step with what changes, and with CloudFormation's own answer where it was asked.
pub(super) fn entry(step: &Step, detail: Detail, preview: Option<&Preview>) -> Entry {
    let (line, mut children) = told(step, detail);
    children.extend(preview.map(|preview| preview::entry(preview, detail)));
    Entry::new(Mark::Action(step.action()), line).with(children)
}

/// What the step is about, and what changes.
fn told(step: &Step, detail: Detail) -> (Vec<Part>, Vec<Entry>) {
    match step {
        Step::CreateAccount(account) => {
            let name = format!("{} <{}>", account.name, account.email);
            let line = [words("account "), value(name)];
            let mut children = vec![Entry::detail([words(format!("role {}", account.role))])];
            for (key, value) in &account.tags {
                children.push(change(&format!("tag {key}"), None, Some(value), ""));
            }
            (line.into(), children)
        }
        Step::AwaitAccount { request, .. } => {
            let line = [words("account that AWS is making ("), value(&request.0), words(")")];
            (line.into(), Vec::new())
        }
        // Tags are listed below, so they would stand there twice.
        Step::TagAccount { set, before } => {
            let tag = |(key, value): (&String, &String)| {
                change(key, before.get(key).map(String::as_str), Some(value), "")
            };
            (vec![words("tags")], set.iter().map(tag).collect())
        }
        Step::DeleteDefaultVpc { vpc: Some(vpc), parts } => {
            (vec![words("default VPC "), value(vpc.as_str())], inventory(parts))
        }
        Step::EncryptEbsByDefault { key, before, enable } => {
            let switch = "encryption by default";
            let mut children = Vec::new();
            if *enable {
                children.push(Entry::new(
                    Mark::Action(Action::Update),
                    [words(format!("{switch}: off -> on"))],
                ));
            }
            children.push(change("key", before.as_deref(), Some(&key.to_string()), ""));
            (vec![words("EBS encryption by default")], children)
        }
        Step::CreateStack(change) => (subject(step), stack::made(change, detail)),
        Step::UpdateStack(change) => {
            let mut children = stack::changed(change, detail);
            if change.resources.is_empty() && change.parameter_changes.is_empty() {
                // It may not have been possible to compare, or a failed update has to be ended: a note says so.
                let outside = "the template differs outside its resources, unless a note says why";
                children.push(Entry::detail([words(outside)]));
            }
            (subject(step), children)
        }
        Step::RecreateStack { change, .. } => {
            (subject(step), anew(true, stack::made(change, detail)))
        }
        Step::AwaitStack { change, .. } => {
            let working = "AWS is working on it; then as far as still needed:";
            let mut children = vec![Entry::detail([words(working)])];
            children.extend(stack::changed(change, detail));
            (subject(step), children)
        }
        Step::ImportStack { change, imports, replaces } => {
            let mut children: Vec<_> = imports.iter().map(import).collect();
            children.extend(stack::made(change, detail));
            (subject(step), anew(replaces.is_some(), children))
        }
        Step::ChangeAccountSetting { setting, before } => {
            // A password policy is written as a whole: a limit that is left out is lifted.
            let before = before.as_ref().map(setting::of_account).unwrap_or_default();
            of_setting(&setting.kind().to_string(), before, setting::of_account(setting))
        }
        Step::ChangeRegionSetting { setting, before } => {
            // What a region's setting leaves out stays as it is, and is no change.
            let after = setting::of_region(setting);
            let mut before = before.as_ref().map(setting::of_region).unwrap_or_default();
            before.retain(|(name, _)| after.iter().any(|(after, _)| after == name));
            of_setting(&setting.kind().to_string(), before, after)
        }
        Step::CreateOrganizationalUnit { .. }
        | Step::MoveAccount { .. }
        | Step::DeleteDefaultVpc { vpc: None, .. }
        | Step::ProtectStack { .. }
        | Step::TrustService { .. }
        | Step::RegisterAdministrator { .. }
        | Step::SetServiceAdministrator { .. }
        | Step::EnableRegion { .. } => (subject(step), Vec::new()),
    }
}

/// The step's subject where it is the same everywhere.
fn subject(step: &Step) -> Vec<Part> {
    vec![words(step.to_string())]
}

/// Says of a stack that it is made again, if it is.
fn anew(is_anew: bool, children: Vec<Entry>) -> Vec<Entry> {
    let line = "its creation failed, so it is deleted and made anew";
    let anew = is_anew.then(|| Entry::detail([words(line)]));
    anew.into_iter().chain(children).collect()
}

fn import(import: &ImportedResource) -> Entry {
    let identifier: Vec<_> = import.identifier.values().map(String::as_str).collect();
    let name = words(format!("{} ({}) ", import.logical_id, import.resource_type));
    Entry::new(Mark::Action(Action::Import), [name, value(identifier.join("|"))])
}

/// A setting with its values that appear, change or disappear. One without a name is in the setting's own line.
fn of_setting(
    kind: &str,
    before: Vec<(String, String)>,
    after: Vec<(String, String)>,
) -> (Vec<Part>, Vec<Entry>) {
    let mut before: BTreeMap<_, _> = before.into_iter().collect();
    let (mut line, mut children) = (vec![words(kind)], Vec::new());
    for (name, after) in after {
        let before = before.remove(&name);
        if before.as_deref() == Some(after.as_str()) {
            continue;
        }
        match before.as_deref() {
            // The service whose role it is.
            None if name.is_empty() && kind.ends_with(&after) => {}
            None if name.is_empty() => line.extend([words(": "), visible(&after)]),
            Some(before) if name.is_empty() => {
                line.push(words(": "));
                line.extend(arrow(before, &after));
            }
            before => children.push(change(&name, before, Some(&after), "")),
        }
    }
    children.extend(before.iter().map(|(name, before)| change(name, Some(before), None, "")));
    (line, children)
}

/// The parts of a default VPC that go with it, counted: their ids say nothing to anybody.
fn inventory(parts: &[VpcPart]) -> Vec<Entry> {
    let number = |kind: fn(&VpcPart) -> bool| parts.iter().filter(|part| kind(part)).count();
    let counted: Vec<_> = [
        (number(|part| matches!(part, VpcPart::Subnet(_))), "subnet"),
        (number(|part| matches!(part, VpcPart::InternetGateway(_))), "internet gateway"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, noun)| count(number, noun))
    .collect();
    if counted.is_empty() {
        return Vec::new();
    }
    vec![Entry::detail([words("with "), value(counted.join(" and "))])]
}
