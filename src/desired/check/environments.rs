//! Environments.

use super::zone::Zone;
use crate::document::Diagnostic;

/// What `{env: ...}` takes from an environment beside its own values.
pub(super) const FIXED_VALUES: [&str; 3] = ["name", "key-administrators", "external-accounts"];

/// No value hides a fixed one, and no item of a list holds the comma that separates items.
pub(super) fn check(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    for (name, _) in &zone.file.environments.0 {
        // `alias/aws/...` is reserved (`kms:CreateAlias`), and keys are called by their environment.
        if name.value.as_str() == "aws" {
            let message = "an environment cannot be called aws: aliases of keys that begin with \
                           alias/aws/ are AWS's own";
            faults.push(zone.fault(&name.span, "reserved-environment", message));
        }
    }
    for environment in zone.file.environments.0.iter().filter_map(|(_, entry)| entry.as_ref()) {
        for (key, _) in &environment.values.0 {
            if FIXED_VALUES.contains(&key.value.as_str()) {
                let message = format!("{{env: {}}} already means something else", key.value);
                let fault = zone.fault(&key.span, "reserved-value", message);
                faults.push(fault.help("give the value another name"));
            }
        }
        for administrator in &environment.key_administrators {
            if administrator.value.contains(',') {
                let message = format!("{:?} holds a comma", administrator.value);
                let fault = zone.fault(&administrator.span, "comma", message);
                faults.push(fault.help("write one item for each administrator"));
            }
        }
    }
}
