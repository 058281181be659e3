//! What accounts refer to, and what they may not share.

use std::collections::BTreeMap;

use super::zone::Zone;
use crate::desired::files::AccountEntry;
use crate::desired::library::Library;
use crate::desired::nearest::suggest;
use crate::document::Diagnostic;
use crate::model::BaselineName;

/// The most tags that an account may have (organizations quotas).
const MAX_TAGS: usize = 50;

/// The accounts, each alone and among each other.
pub(super) fn check(zone: &Zone<'_>, library: &Library, faults: &mut Vec<Diagnostic>) {
    let mut names = BTreeMap::new();
    let mut emails = BTreeMap::new();
    let mut management = None;
    for account in &zone.file.accounts {
        let entry = &account.value;
        if let Some(name) = &entry.name
            && let Some(first) = names.insert(name.value.as_str().to_ascii_lowercase(), name)
        {
            let message = format!("two accounts are called {}", name.value);
            let fault = zone.fault(&name.span, "duplicate-name", message);
            let mut help = format!("the other one is on line {}", line(zone, &first.span));
            if first.value != name.value {
                help.push_str("; letter case does not count");
            }
            faults.push(fault.help(help));
        }
        if let Some(email) = &entry.email
            && let Some(first) = emails.insert(email.value.key(), &email.span)
        {
            let message = format!("two accounts have the e-mail address {}", email.value);
            let fault = zone.fault(&email.span, "duplicate-email", message);
            faults.push(fault.help(format!(
                "the other one is on line {}; letter case does not count",
                line(zone, first)
            )));
        }
        if let Some(flag) = entry.management.as_ref().filter(|flag| flag.value)
            && let Some(first) = management.replace(&flag.span)
        {
            let fault = zone.fault(
                &flag.span,
                "two-management-accounts",
                "an organization has one management account",
            );
            faults.push(fault.help(format!("the other one is on line {}", line(zone, first))));
        }
        references(zone, library, entry, faults);
        tags(zone, entry, faults);
        management_account(zone, entry, faults);
    }
}

fn references(
    zone: &Zone<'_>,
    library: &Library,
    entry: &AccountEntry,
    faults: &mut Vec<Diagnostic>,
) {
    if let Some(name) = &entry.environment
        && !zone.environments.contains_key(&name.value)
    {
        let message = format!("there is no environment {}", name.value);
        let fault = zone.fault(&name.span, "unknown-environment", message);
        let known = zone.environments.keys().map(|known| known.as_str());
        faults.push(suggest(fault, name.value.as_str(), known));
    }
    if let Some(name) = &entry.baseline
        && !library.baselines.contains_key(&name.value)
    {
        let message = format!("there is no file baselines/{}.yaml", name.value);
        let fault = zone.fault(&name.span, "unknown-baseline", message);
        let known = library.baselines.keys().map(BaselineName::as_str);
        faults.push(match library.misnamed(&name.value) {
            Some(file) => {
                fault.help(format!("rename baselines/{file}: its name must end in .yaml"))
            }
            None => suggest(fault, name.value.as_str(), known),
        });
    }
    if let (Some(name), Some(_)) = (&entry.wave, &zone.file.waves)
        && !zone.waves.contains(&&name.value)
    {
        let message = format!("there is no wave {}", name.value);
        let fault = zone.fault(&name.span, "unknown-wave", message);
        let known = zone.waves.iter().map(|known| known.as_str());
        faults.push(suggest(fault, name.value.as_str(), known));
    }
}

fn tags(zone: &Zone<'_>, entry: &AccountEntry, faults: &mut Vec<Diagnostic>) {
    if let Some((key, _)) = entry.tags.0.get(MAX_TAGS) {
        let message = format!("{} tags are too many: AWS takes {MAX_TAGS}", entry.tags.0.len());
        faults.push(zone.fault(&key.span, "too-many-tags", message));
    }
    for (key, value) in &entry.tags.0 {
        let length = key.value.chars().count();
        let reserved = key.value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
        let wrong = if !(1..=128).contains(&length) {
            Some(format!("a tag's key has 1 to 128 characters, this one {length}"))
        } else if reserved {
            Some(format!("{:?}: AWS keeps keys that start with aws: for itself", key.value))
        } else if value.0.chars().count() > 256 {
            let length = value.0.chars().count();
            Some(format!(
                "a tag's value has at most 256 characters, that of {} has {length}",
                key.value
            ))
        } else {
            None
        };
        faults.extend(wrong.map(|message| zone.fault(&key.span, "invalid-tag", message)));
    }
}

fn management_account(zone: &Zone<'_>, entry: &AccountEntry, faults: &mut Vec<Diagnostic>) {
    let is_management = entry.management.as_ref().is_some_and(|flag| flag.value);
    if let Some(flag) = entry.protected.as_ref().filter(|flag| !flag.value && is_management) {
        let message = "the management account is always protected";
        faults.push(
            zone.fault(&flag.span, "management-protected", message).help("leave the key out"),
        );
    }
    if let Some(flag) = entry.protected.as_ref().filter(|flag| !flag.value && !is_management)
        && let Some(unit) = zone.protecting_unit(entry)
    {
        let message = format!("the unit {unit} protects its accounts, and this is one of them");
        let fault = zone.fault(&flag.span, "unit-protected", message);
        faults.push(
            fault.help("leave the key out, or take the unit out of protected-organizational-units"),
        );
    }
    if let Some(ou) = entry.ou.as_ref().filter(|ou| is_management && !ou.value.is_root()) {
        let message = "avm does not move the management account";
        faults.push(
            zone.fault(&ou.span, "management-ou", message)
                .help("say `ou: /`, wherever in the tree the account is"),
        );
    }
}

fn line(zone: &Zone<'_>, span: &std::ops::Range<usize>) -> usize {
    zone.source.place(span).line
}
