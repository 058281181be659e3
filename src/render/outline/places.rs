//! Places in words: `87 accounts x 4 regions`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::{AccountName, Region};
use crate::render::count::{count, grouped};
use crate::render::harmless::harmless;

/// As many accounts, regions or exceptions are told by name.
const NAMED: usize = 3;

/// The places of a group: by account the regions, with `None` for the account as a whole. Without any, it is the
/// organization as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Places(pub BTreeMap<AccountName, BTreeSet<Option<Region>>>);

/// Places in words, made harmless. All of it: `87 accounts x 4 regions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceWords {
    /// The accounts: `87 accounts`, or their names.
    pub accounts: String,
    /// The regions: `4 regions`, or their names; `None` for accounts as a whole.
    pub regions: Option<String>,
    /// Whether every account is told by its name.
    pub names_accounts: bool,
    /// Whether somebody who reads the words knows every single place.
    pub names_all: bool,
    how: How,
}

/// How accounts and regions go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum How {
    /// `payments in eu-west-1`.
    #[default]
    Within,
    /// `87 accounts x 4 regions`.
    Times,
    /// `300 places in 87 accounts`.
    Places,
    /// `payments in eu-west-1, security in us-east-1`.
    Listed,
}

/// The accounts and regions that a wave has.
#[derive(Debug)]
pub(super) struct Universe<'a> {
    pub(super) accounts: BTreeSet<&'a AccountName>,
    pub(super) regions: BTreeSet<&'a Region>,
}

impl Places {
    /// The number of places.
    pub fn number(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// The places in words, in the wave that they are of.
    pub(super) fn words(&self, universe: &Universe<'_>) -> PlaceWords {
        let all = universe.accounts.iter().map(|name| name.as_str());
        let own = self.0.keys().map(AccountName::as_str).collect();
        let (accounts, named) = words(&own, all, "account");
        let regions: BTreeSet<&str> = self.regions().map(Region::as_str).collect();
        if regions.is_empty() {
            let names_all = named;
            return PlaceWords {
                accounts,
                names_accounts: named,
                names_all,
                ..PlaceWords::default()
            };
        }
        let all = universe.regions.iter().map(|region| region.as_str());
        let (text, regions_named) = words(&regions, all, "region");
        let is_counted = self.0.len() > NAMED && regions.len() > NAMED;
        let how = if is_counted { How::Times } else { How::Within };
        let product = self.0.len() * regions.len();
        let exceptions = product - self.number();
        let words = |regions: String, names_all: bool, how: How| PlaceWords {
            accounts: accounts.clone(),
            regions: Some(regions),
            names_accounts: named,
            names_all,
            how,
        };
        if exceptions == 0 {
            words(text, named && regions_named, how)
        } else if self.number() <= NAMED {
            let places: Vec<_> = self.0.iter().map(place).collect();
            words(places.join(", "), true, How::Listed)
        } else if exceptions * 10 > product {
            words(count(self.number(), "place"), false, How::Places)
        } else if exceptions <= NAMED {
            let but = self.missing(&regions).join(", ");
            words(format!("{text}, but not {but}"), named && regions_named, how)
        } else {
            words(format!("{text}, but not {}", count(exceptions, "place")), false, how)
        }
    }

    fn regions(&self) -> impl Iterator<Item = &Region> {
        self.0.values().flatten().flatten()
    }

    /// The places that are missing where all accounts would be in all regions.
    fn missing(&self, regions: &BTreeSet<&str>) -> Vec<String> {
        let missing = self.0.iter().flat_map(|(account, own)| {
            let own: BTreeSet<_> = own.iter().flatten().map(Region::as_str).collect();
            let missing = regions.iter().filter(move |region| !own.contains(**region));
            missing.map(move |region| format!("{} in {region}", harmless(account.as_str())))
        });
        missing.collect()
    }
}

/// `payments in eu-west-1`.
fn place((account, regions): (&AccountName, &BTreeSet<Option<Region>>)) -> String {
    let regions: Vec<_> = regions.iter().flatten().map(Region::as_str).collect();
    format!("{} in {}", harmless(account.as_str()), regions.join(", "))
}

/// Names or a number of them, and whether every single one is named.
fn words<'a>(
    own: &BTreeSet<&str>,
    all: impl Iterator<Item = &'a str>,
    noun: &str,
) -> (String, bool) {
    let names = |names: &[&str]| {
        names.iter().map(|name| harmless(name).into_owned()).collect::<Vec<_>>().join(", ")
    };
    if own.len() <= NAMED {
        return (names(&own.iter().copied().collect::<Vec<_>>()), true);
    }
    let missing: Vec<_> = all.filter(|name| !own.contains(name)).take(NAMED + 1).collect();
    match missing.len() {
        0 => (format!("all {} {noun}s", grouped(own.len())), false),
        1..=NAMED => {
            let number = count(own.len(), noun);
            (format!("{number} (all but {})", names(&missing)), false)
        }
        _ => (count(own.len(), noun), false),
    }
}

impl PlaceWords {
    /// The organization as a whole.
    pub(super) fn organization() -> Self {
        Self {
            accounts: "the organization".to_owned(),
            names_accounts: true,
            names_all: true,
            ..Self::default()
        }
    }
}

impl fmt::Display for PlaceWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accounts, regions, names_accounts: _, names_all: _, how } = self;
        match (regions, how) {
            (None, _) => f.write_str(accounts),
            (Some(regions), How::Within) if !self.names_accounts => {
                write!(f, "{accounts}, in {regions}")
            }
            (Some(regions), How::Within) => write!(f, "{accounts} in {regions}"),
            (Some(regions), How::Times) => {
                write!(f, "{accounts} x {}", regions.strip_prefix("all ").unwrap_or(regions))
            }
            (Some(places), How::Listed) => f.write_str(places),
            (Some(places), How::Places) => write!(f, "{places} in {accounts}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(accounts: usize, regions: usize, has: impl Fn(usize, usize) -> bool) -> String {
        let name = |number: usize| -> AccountName { format!("a{number}").parse().unwrap() };
        let names: Vec<_> = (0..accounts).map(name).collect();
        let regional: Vec<_> = Region::known().take(regions).collect();
        let universe =
            Universe { accounts: names.iter().collect(), regions: regional.iter().collect() };
        let mut places = Places::default();
        for (account, name) in names.iter().enumerate() {
            for (region, place) in regional.iter().enumerate() {
                if has(account, region) {
                    places.0.entry(name.clone()).or_default().insert(Some(place.clone()));
                }
            }
        }
        places.words(&universe).to_string()
    }

    #[test]
    fn places_are_told_as_short_as_they_can_be() {
        let cases = [
            (shown(1_000, 17, |_, _| true), "all 1,000 accounts x 17 regions"),
            (shown(100, 17, |account, _| account < 87), "87 accounts x 17 regions"),
            (
                shown(9, 17, |account, region| account != 4 && region < 4),
                "8 accounts (all but a4) x 4 regions",
            ),
            (shown(9, 17, |account, _| account < 2), "a0, a1 in all 17 regions"),
            (shown(9, 17, |_, region| region == 0), "all 9 accounts, in ap-northeast-1"),
            (shown(9, 17, |account, region| account == region), "9 places in all 9 accounts"),
            (
                shown(9, 17, |account, region| account == region && account < 2),
                "a0 in ap-northeast-1, a1 in ap-northeast-2",
            ),
            (
                shown(9, 17, |account, region| account + region > 0),
                "all 9 accounts x 17 regions, but not a0 in ap-northeast-1",
            ),
            (
                shown(100, 17, |account, region| account + region > 8),
                "all 100 accounts x 17 regions, but not 45 places",
            ),
        ];
        for (shown, expected) in cases {
            assert_eq!(shown, expected);
        }
    }
}
