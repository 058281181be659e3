//! Organizational units.

use std::collections::{BTreeMap, BTreeSet};

use super::zone::Zone;
use crate::desired::nearest::suggest;
use crate::document::Diagnostic;
use crate::model::OuPath;

/// Siblings differ in more than letter case, and nobody means the root by the name that the console gives it.
///
/// Organizations takes two such names for the same, so the second unit could never be made
/// (`DuplicateOrganizationalUnitException`).
pub(super) fn check(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    let of_accounts = zone.file.accounts.iter().filter_map(|account| account.value.ou.as_ref());
    let mut spellings = BTreeMap::new();
    let protected = &zone.file.protected_organizational_units;
    for path in zone.file.organizational_units.iter().chain(of_accounts).chain(protected) {
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

/// A unit that is protected is one that the files speak of: a slip of the finger would protect nothing.
pub(super) fn protected(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    let of_accounts = zone.file.accounts.iter().filter_map(|account| account.value.ou.as_ref());
    let named = zone.file.organizational_units.iter().chain(of_accounts);
    let known: BTreeSet<_> = named.flat_map(|path| path.value.ancestry()).collect();
    for unit in &zone.file.protected_organizational_units {
        if !unit.value.is_root() && !known.contains(&unit.value) {
            let message = format!("no account and no entry names the unit {}", unit.value);
            let fault = zone.fault(&unit.span, "unknown-unit", message);
            faults.push(suggest(fault, unit.value.as_str(), known.iter().map(OuPath::as_str)));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::desired::fixture::Fixture;

    fn protecting(units: &str) -> Fixture {
        let fixture = Fixture::acme();
        let keys = format!("protected-organizational-units: {units}\nwaves:");
        fixture.replace("landing-zone.yaml", "waves:", &keys);
        fixture
    }

    #[test]
    fn every_account_at_or_below_a_protected_unit_is_protected() {
        let accounts = protecting("[Workloads]").load().state.accounts;
        let protected: Vec<_> = accounts
            .values()
            .filter(|account| account.protected)
            .map(|account| account.name.as_str())
            .collect();
        assert_eq!(protected, ["orders-prod", "orders-uat", "shop-uat"]);
        assert!(protecting("[/]").load().state.accounts.values().all(|account| account.protected));
    }

    #[test]
    fn a_unit_that_nobody_names_protects_nothing_and_an_account_cannot_leave_protection() {
        assert_eq!(protecting("[Cor]").codes(), ["unknown-unit"]);
        let fixture = protecting("[Core]");
        fixture.replace("landing-zone.yaml", "wave: core}", "wave: core, protected: false}");
        assert_eq!(fixture.codes(), ["unit-protected"]);
    }
}
