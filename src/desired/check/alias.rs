//! Account aliases (`iam:CreateAccountAlias`: `[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]`).

use std::collections::BTreeMap;

use super::zone::Zone;
use crate::desired::state::DesiredAccount;
use crate::document::Diagnostic;
use crate::model::{AccountName, AccountSetting};

/// The alias of an account.
pub(super) fn alias(prefix: &str, account: &AccountName) -> String {
    format!("{prefix}{}", account.as_str().to_ascii_lowercase())
}

/// Why AWS would refuse the alias, if it would.
pub(super) fn wrong(alias: &str) -> Option<&'static str> {
    if !(3..=63).contains(&alias.chars().count()) {
        Some("an alias has 3 to 63 characters")
    } else if alias.ends_with('-') {
        Some("an alias does not end with a hyphen")
    } else if alias.len() == 12 && alias.bytes().all(|c| c.is_ascii_digit()) {
        Some("twelve digits are an account id")
    } else {
        wrong_start(alias)
    }
}

/// Why the prefix would spoil every alias, if it would.
pub(super) fn wrong_prefix(prefix: &str) -> Option<&'static str> {
    let too_long = prefix.chars().count() > 62;
    wrong_start(prefix).or(too_long.then_some("an alias has 3 to 63 characters"))
}

/// Why no alias starts like this, if none does.
fn wrong_start(text: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.chars().all(allowed) {
        Some("an alias has lower-case letters, digits and hyphens only")
    } else if text.starts_with('-') {
        Some("an alias does not start with a hyphen")
    } else if text.contains("--") {
        Some("an alias has no two hyphens in a row")
    } else {
        None
    }
}

/// No two accounts have one alias, which different prefixes can lead to.
pub(super) fn distinct(zone: &Zone<'_>, accounts: &[DesiredAccount], faults: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    for account in accounts {
        for setting in &account.settings {
            let AccountSetting::AccountAlias(alias) = setting else { continue };
            let Some(first) = seen.insert(alias, &account.name) else { continue };
            let entry = zone.accounts.get(&account.name).and_then(|entry| entry.name.as_ref());
            // Two accounts of one name have been told of that.
            if let Some(name) = entry.filter(|_| *first != account.name) {
                let message =
                    format!("{first} and {} would both have the alias {alias}", name.value);
                faults.push(zone.fault(&name.span, "duplicate-alias", message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_what_iam_takes() {
        for good in ["abc", "acme-orders-prod", "1a2", &"a".repeat(63), "1234567890123"] {
            assert_eq!(wrong(good), None, "{good}");
        }
        let long = "a".repeat(64);
        for bad in
            ["ab", &long, "-abc", "abc-", "a--b", "Abc", "a_b", "a b", "größe", "123456789012"]
        {
            assert!(wrong(bad).is_some(), "{bad}");
        }
    }
}
