//! Organizational units.

use std::collections::BTreeMap;

use super::zone::Zone;
use crate::document::Diagnostic;

/// Siblings differ in more than letter case, and nobody means the root by the name that the console gives it.
///
/// Organizations takes two such names for the same, so the second unit could never be made
/// (`DuplicateOrganizationalUnitException`).
pub(super) fn check(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    let of_accounts = zone.file.accounts.iter().filter_map(|account| account.value.ou.as_ref());
    let mut spellings = BTreeMap::new();
    for path in zone.file.organizational_units.iter().chain(of_accounts) {
        let top = path.value.names().next().unwrap_or_default();
        if top.eq_ignore_ascii_case("root") {
            let message = format!("{top} would be a unit below the root");
            let fault = zone.fault(&path.span, "root-unit", message);
            faults.push(fault.help("the root itself is written /"));
        }
        for unit in path.value.ancestry() {
            let name = unit.name().unwrap_or_default().to_lowercase();
            let first = spellings.entry((unit.parent(), name)).or_insert_with(|| unit.clone());
            if *first != unit {
                let message = format!("the unit {unit} differs from {first} in letter case only");
                let fault = zone.fault(&path.span, "unit-case", message);
                faults.push(fault.help("AWS takes both for the same: write it one way"));
            }
        }
    }
}
