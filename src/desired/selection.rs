//! Which accounts, regions and stacks a command is about.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::patterns::Patterns;
use super::state::{DesiredAccount, DesiredState};
use crate::model::{EnvironmentName, OuPath, Region};

/// A selection: globs by dimension. Within a dimension any may match; all given dimensions must.
///
/// In a glob, `*` stands for any text, `?` for one character, `{a,b}` for either. In the path of an
/// organizational unit `*` and `?` do not reach over a slash, `**` does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct Selection {
    /// Accounts, by name.
    pub accounts: Vec<String>,
    /// Organizational units: `Workloads` selects what is below it, too.
    pub ous: Vec<String>,
    /// Environments.
    pub environments: Vec<String>,
    /// Waves.
    pub waves: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Stacks.
    pub stacks: Vec<String>,
    /// Tags: `key` or `key=value`.
    pub tags: Vec<String>,
    /// Accounts to leave out.
    pub exclude_accounts: Vec<String>,
    /// Organizational units to leave out.
    pub exclude_ous: Vec<String>,
    /// Environments to leave out.
    pub exclude_environments: Vec<String>,
    /// Waves to leave out.
    pub exclude_waves: Vec<String>,
    /// Regions to leave out.
    pub exclude_regions: Vec<String>,
    /// Stacks to leave out.
    pub exclude_stacks: Vec<String>,
    /// Tags to leave out.
    pub exclude_tags: Vec<String>,
}

/// A selection that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// A glob that is none.
    #[error("--{option} {pattern}: {reason}")]
    Pattern {
        /// The option.
        option: &'static str,
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A selector that matches nothing that the files know: a typing error more often than not.
    #[error("--{option} {pattern} matches nothing in the files")]
    Nothing {
        /// The option.
        option: &'static str,
        /// What was given.
        pattern: String,
        /// The nearest thing that exists.
        nearest: Option<String>,
    },
    /// Selectors that match, but no account that all of them match.
    #[error("the selection leaves no account")]
    NoAccount,
}

impl DesiredState {
    /// The state with the selected accounts, regions and stacks only. All patterns that cannot be right at once.
    ///
    /// Waves, e-mail addresses and templates stay as they are: what is selected may need them.
    pub fn select(&self, selection: &Selection) -> Result<Self, Vec<SelectionError>> {
        let known = Known::of(self);
        let mut errors = Vec::new();
        let mut dimension =
            |option, include: &[String], exclude, given, known: &BTreeSet<String>| {
                let include = Patterns::new(option, include, known, &mut errors);
                Dimension { include, exclude: Patterns::new(exclude, given, known, &mut errors) }
            };
        let s = selection;
        let accounts = dimension(
            "account",
            &s.accounts,
            "exclude-account",
            &s.exclude_accounts,
            &known.accounts,
        );
        let ous = dimension("ou", &s.ous, "exclude-ou", &s.exclude_ous, &known.ous);
        let environments = dimension(
            "environment",
            &s.environments,
            "exclude-environment",
            &s.exclude_environments,
            &known.environments,
        );
        let waves = dimension("wave", &s.waves, "exclude-wave", &s.exclude_waves, &known.waves);
        let regions =
            dimension("region", &s.regions, "exclude-region", &s.exclude_regions, &known.regions);
        let stacks =
            dimension("stack", &s.stacks, "exclude-stack", &s.exclude_stacks, &known.stacks);
        let tags = dimension("tag", &s.tags, "exclude-tag", &s.exclude_tags, &known.tags);
        if !errors.is_empty() {
            return Err(errors);
        }
        let of_accounts = [&accounts, &ous, &environments, &waves, &tags];
        let is_selected = |account: &DesiredAccount| {
            accounts.selects([account.name.as_str()])
                && ous.selects(units(&account.ou).iter().map(OuPath::as_str))
                && environments.selects(account.environment.iter().map(EnvironmentName::as_str))
                && waves.selects([account.wave.as_str()])
                && tags.selects(words(account).iter().map(String::as_str))
        };
        let selected_regions: Option<BTreeSet<Region>> = regions.is_given().then(|| {
            possible_regions(self).filter(|region| regions.selects([region.as_str()])).collect()
        });
        let narrowed = |account: &DesiredAccount| {
            let mut account = account.clone();
            account.stacks.retain_mut(|stack| {
                if let Some(selected) = &selected_regions {
                    stack.regions.retain(|region| selected.contains(region));
                }
                stacks.selects([stack.name.as_str()]) && !stack.regions.is_empty()
            });
            account
        };
        let accounts = self.accounts.iter().filter(|(_, account)| is_selected(account));
        let accounts: BTreeMap<_, _> =
            accounts.map(|(name, account)| (name.clone(), narrowed(account))).collect();
        let about_accounts = of_accounts.iter().any(|dimension| dimension.is_given());
        if about_accounts && accounts.is_empty() {
            return Err(vec![SelectionError::NoAccount]);
        }
        let mut administrators = self.administrators.clone();
        let mut trusted_services = self.trusted_services.clone();
        if about_accounts {
            // What else is trusted belongs to the organization as a whole.
            administrators.retain(|_, account| accounts.contains_key(account));
            let services = administrators.keys();
            trusted_services = services.flat_map(|service| service.trusted_principals()).collect();
        }
        Ok(Self {
            plan_role: self.plan_role.clone(),
            accounts,
            organization: self.organization.clone(),
            home: self.home.clone(),
            governed: self.governed.clone(),
            artifacts_bucket: self.artifacts_bucket.clone(),
            lease_bucket: self.lease_bucket.clone(),
            waves: self.waves.clone(),
            conditions: self.conditions.clone(),
            protected_units: self.protected_units.clone(),
            limits: self.limits,
            organizational_units: if about_accounts {
                // Units without accounts belong to the organization as a whole.
                BTreeSet::new()
            } else {
                self.organizational_units.clone()
            },
            trusted_services,
            administrators,
            emails: self.emails.clone(),
            templates: self.templates.clone(),
            selected_regions,
            settings_selected: s.stacks.is_empty(),
        })
    }
}

/// What is to be in, and what is not.
struct Dimension {
    include: Patterns,
    exclude: Patterns,
}

impl Dimension {
    fn is_given(&self) -> bool {
        !(self.include.is_empty() && self.exclude.is_empty())
    }

    /// Whether something with these words is selected.
    fn selects<'a>(&self, words: impl IntoIterator<Item = &'a str> + Clone) -> bool {
        (self.include.is_empty() || self.include.match_any(words.clone()))
            && !self.exclude.match_any(words)
    }
}

/// Every word that a pattern could mean.
struct Known {
    accounts: BTreeSet<String>,
    ous: BTreeSet<String>,
    environments: BTreeSet<String>,
    waves: BTreeSet<String>,
    regions: BTreeSet<String>,
    stacks: BTreeSet<String>,
    tags: BTreeSet<String>,
}

impl Known {
    fn of(state: &DesiredState) -> Self {
        let accounts = || state.accounts.values();
        let environments = accounts().filter_map(|account| account.environment.as_ref());
        let stacks = accounts().flat_map(|account| &account.stacks);
        Self {
            accounts: accounts().map(|account| account.name.to_string()).collect(),
            ous: accounts()
                .flat_map(|account| units(&account.ou))
                .chain(state.organizational_units.iter().flat_map(OuPath::ancestry))
                .map(String::from)
                .collect(),
            environments: environments.map(ToString::to_string).collect(),
            waves: state.waves.iter().map(ToString::to_string).collect(),
            regions: possible_regions(state).map(String::from).collect(),
            stacks: stacks.map(|stack| stack.name.to_string()).collect(),
            tags: accounts().flat_map(words).collect(),
        }
    }
}

/// Every region that a command could be about: default VPCs are deleted in regions that are not governed, too.
fn possible_regions(state: &DesiredState) -> impl Iterator<Item = Region> {
    let known = Region::known();
    known.chain(state.governed.iter().filter(|region| !region.is_known()).cloned())
}

/// The unit of an account and all nodes above it, the root included: a pattern for one selects what is below it.
fn units(path: &OuPath) -> Vec<OuPath> {
    [OuPath::root()].into_iter().chain(path.ancestry()).collect()
}

/// The words that a tag pattern may match.
fn words(account: &DesiredAccount) -> Vec<String> {
    let tags = account.tags.iter();
    tags.flat_map(|(key, value)| [key.clone(), format!("{key}={value}")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::fixture::Fixture;
    use crate::model::AccountName;

    fn selected(selection: &Selection) -> Vec<String> {
        let state = Fixture::acme().load().state.select(selection).unwrap();
        state.accounts.keys().map(AccountName::to_string).collect()
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_dimensions_must_match_and_any_pattern_of_one() {
        let everything = selected(&Selection::default());
        assert_eq!(everything, ["logs", "orders-prod", "orders-uat", "shop-uat"]);
        let uat = Selection { environments: words(&["uat"]), ..Selection::default() };
        assert_eq!(selected(&uat), ["orders-uat", "shop-uat"]);
        let both = Selection { accounts: words(&["orders-*", "logs"]), ..uat.clone() };
        assert_eq!(selected(&both), ["orders-uat"]);
        let but = Selection { exclude_accounts: words(&["shop-*"]), ..uat };
        assert_eq!(selected(&but), ["orders-uat"]);
    }

    #[test]
    fn a_unit_selects_what_is_below_it_and_a_star_stays_on_its_level() {
        let ous = |ous: &[&str]| Selection { ous: words(ous), ..Selection::default() };
        assert_eq!(selected(&ous(&["Workloads"])), ["orders-prod", "orders-uat", "shop-uat"]);
        assert_eq!(selected(&ous(&["*/UAT"])), ["orders-uat", "shop-uat"]);
        assert_eq!(selected(&ous(&["/"])).len(), 4);
    }

    #[test]
    fn a_tag_is_selected_by_its_key_or_with_its_value() {
        let tags = |tags: &[&str]| Selection { tags: words(tags), ..Selection::default() };
        assert_eq!(selected(&tags(&["owner"])), ["orders-prod", "orders-uat", "shop-uat"]);
        assert_eq!(selected(&tags(&["owner=orders"])), ["orders-prod", "orders-uat"]);
    }

    #[test]
    fn stacks_and_regions_narrow_what_is_done_in_each_account() {
        let selection = Selection {
            stacks: words(&["topic"]),
            exclude_regions: words(&["eu-west-1"]),
            ..Selection::default()
        };
        let state = Fixture::acme().load().state.select(&selection).unwrap();
        let stacks = &state.accounts.values().next_back().unwrap().stacks;
        assert_eq!(stacks.len(), 1);
        assert_eq!(stacks[0].name.as_str(), "topic");
        assert_eq!(stacks[0].regions, ["us-east-1".parse().unwrap()].into());
        assert!(!state.settings_selected);
        assert!(!state.selects(&"eu-west-1".parse().unwrap()));
        assert!(state.selects(&"us-east-1".parse().unwrap()));
    }

    #[test]
    fn selectors_that_leave_no_account_are_an_error() {
        let apart =
            Selection { ous: words(&["Core"]), waves: words(&["rest"]), ..Selection::default() };
        let nobody = Selection { exclude_accounts: words(&["*"]), ..Selection::default() };
        let empty = Selection { ous: words(&["Sandbox"]), ..Selection::default() };
        for selection in [apart, nobody, empty] {
            let errors = Fixture::acme().load().state.select(&selection).unwrap_err();
            assert_eq!(errors, [SelectionError::NoAccount], "{selection:?}");
        }
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_an_error_that_knows_what_was_meant() {
        let selection = Selection {
            waves: words(&["cor"]),
            exclude_accounts: words(&["orders-{a"]),
            ..Selection::default()
        };
        let errors = Fixture::acme().load().state.select(&selection).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "--exclude-account orders-{a: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"
        );
        let SelectionError::Nothing { nearest, .. } = &errors[1] else { panic!("{errors:?}") };
        assert_eq!(nearest.as_deref(), Some("core"));
    }

    #[test]
    fn a_selection_of_accounts_has_the_administrators_among_them_and_the_trust_for_those() {
        let everything = Fixture::organized().load().state;
        let of = |selection: &Selection| {
            let state = everything.select(selection).unwrap();
            (state.administrators.len(), state.trusted_services.len())
        };
        let accounts = |names| Selection { accounts: words(names), ..Selection::default() };
        let regions = Selection { regions: words(&["eu-west-1"]), ..Selection::default() };
        assert_eq!(of(&Selection::default()), (2, 5));
        assert_eq!(of(&regions), (2, 5), "not a selection of accounts");
        assert_eq!(of(&accounts(&["security"])), (2, 4), "CloudTrail has no administrator");
        assert_eq!(of(&accounts(&["Orders-*"])), (0, 0));
    }
}
