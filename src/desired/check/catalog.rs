//! The stacks of every baseline: what there is to refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::purpose::KEYS_STACK;
use super::zone::{Keys, Zone};
use crate::desired::files::{
    ForEach, KeyEntry, KeySource, NamedScope, RegionScope, StackEntry, ValueEntry, ValueSource,
};
use crate::desired::library::{Baseline, Library};
use crate::desired::shape::Located;
use crate::model::{AccountName, BaselineName, EnvironmentName, Region, StackName};
use crate::template::Template;

/// The stacks that the baselines deploy, as far as the baselines could be read.
#[derive(Debug)]
pub(super) struct Catalog<'a>(BTreeMap<&'a BaselineName, Shelf<'a>>);

/// What one baseline deploys.
#[derive(Debug)]
struct Shelf<'a> {
    /// Its stacks, in order: one for each environment where the file says so, none where it says `when` and the
    /// landing zone says otherwise.
    stacks: Vec<CatalogStack<'a>>,
    /// The names of those that the landing zone says no to.
    switched_off: BTreeSet<&'a StackName>,
    /// Its key for EBS.
    key: Option<&'a KeyEntry>,
}

/// A stack of a baseline.
#[derive(Debug)]
pub(super) struct CatalogStack<'a> {
    pub(super) entry: &'a Located<StackEntry>,
    /// Its name, the environment's included; `None` if there is none, or if that makes none.
    pub(super) name: Option<StackName>,
    /// The environment that it is for, if that is not the account's.
    pub(super) environment: Option<&'a EnvironmentName>,
    /// Where it is deployed; `None` if the file does not say so.
    pub(super) regions: Option<BTreeSet<Region>>,
    /// Its template, if there is one without faults.
    pub(super) template: Option<&'a Template>,
}

/// Whose output a stack takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken<'a> {
    /// Of this stack of the same account.
    Own(&'a str),
    /// Of a stack of an account that is named.
    Of(&'a AccountName),
}

impl<'a> Catalog<'a> {
    pub(super) fn new(zone: &Zone<'a>, library: &'a Library) -> Self {
        let shelf = |baseline: &'a Baseline| {
            let (deployed, off): (Vec<_>, Vec<_>) = baseline
                .file
                .stacks
                .iter()
                .partition(|entry| entry.value.when.is_none_or(|when| zone.meets(when)));
            let off = off.into_iter().filter_map(|entry| entry.value.name.as_ref());
            let settings = baseline.file.settings.as_ref();
            let encryption = settings.and_then(|settings| settings.ebs_encryption.as_ref());
            Shelf {
                stacks: deployed
                    .into_iter()
                    .flat_map(|entry| stacks(zone, library, entry))
                    .collect(),
                switched_off: off.map(|name| &name.value).collect(),
                key: encryption.and_then(|entry| Some(&entry.key.as_ref()?.value)),
            }
        };
        let baselines = library.baselines.iter();
        Self(
            baselines
                .filter_map(|(name, baseline)| Some((name, shelf(baseline.as_ref()?))))
                .collect(),
        )
    }

    /// The stacks of a baseline; `None` if it could not be read.
    pub(super) fn stacks(&self, baseline: &BaselineName) -> Option<&[CatalogStack<'a>]> {
        self.0.get(baseline).map(|shelf| shelf.stacks.as_slice())
    }

    /// Whether a baseline has such a stack, if only the landing zone said so.
    pub(super) fn is_switched_off(&self, baseline: &BaselineName, name: &str) -> bool {
        let kept = self.0.get(baseline);
        kept.is_some_and(|kept| kept.switched_off.iter().any(|off| off.as_str() == name))
    }

    /// The accounts that a baseline takes something from by their names.
    pub(super) fn named_accounts(
        &self,
        zone: &Zone<'a>,
        baseline: &BaselineName,
    ) -> BTreeSet<&'a AccountName> {
        let Some(kept) = self.0.get(baseline) else { return BTreeSet::new() };
        let by_stacks = kept.stacks.iter().flat_map(|stack| stack.takes(zone));
        let all = by_stacks.chain(kept.key.and_then(|key| taken_by_key(key, zone)));
        let named = all.filter_map(|taken| match taken {
            Taken::Of(account) => Some(account),
            Taken::Own(_) => None,
        });
        named.collect()
    }
}

impl<'a> CatalogStack<'a> {
    /// Whose outputs it takes.
    pub(super) fn takes(&self, zone: &Zone<'a>) -> impl Iterator<Item = Taken<'a>> {
        let values = self.entry.value.parameters.0.iter().filter_map(|(_, value)| value.as_ref());
        values.filter_map(|value| match &value.value {
            ValueEntry::From(ValueSource::Output(output)) => {
                taken(output.value.account.as_ref(), output.value.stack.as_ref())
            }
            ValueEntry::From(ValueSource::Key(_)) => taken_for_purpose(zone),
            ValueEntry::Literal(_)
            | ValueEntry::From(
                ValueSource::Env(_)
                | ValueSource::Account(_)
                | ValueSource::Organization(_)
                | ValueSource::Secret(_)
                | ValueSource::Template(_),
            ) => None,
        })
    }
}

/// The stacks that an entry stands for.
fn stacks<'a>(
    zone: &Zone<'a>,
    library: &'a Library,
    entry: &'a Located<StackEntry>,
) -> Vec<CatalogStack<'a>> {
    let value = &entry.value;
    let file = value.template.as_ref().map(|file| &file.value);
    let name = value.name.as_ref().map(|name| &name.value);
    let stack = |name, environment| CatalogStack {
        entry,
        name,
        environment,
        regions: value.regions.as_ref().and_then(|scope| regions(scope, zone)),
        template: file.and_then(|file| library.templates.get(file)?.as_deref()),
    };
    match value.for_each {
        None => vec![stack(name.cloned(), None)],
        Some(ForEach::Environment) => zone
            .environments
            .keys()
            .map(|environment| {
                let name = name.and_then(|name| format!("{name}-{environment}").parse().ok());
                stack(name, Some(*environment))
            })
            .collect(),
    }
}

fn taken_by_key<'a>(key: &'a KeyEntry, zone: &Zone<'a>) -> Option<Taken<'a>> {
    match key {
        KeyEntry::From(KeySource::Output(output)) => {
            taken(output.value.account.as_ref(), output.value.stack.as_ref())
        }
        KeyEntry::From(KeySource::Key(_)) => taken_for_purpose(zone),
        KeyEntry::Literal(_) | KeyEntry::From(KeySource::Env(_)) => None,
    }
}

fn taken<'a>(
    account: Option<&'a Located<AccountName>>,
    stack: Option<&'a Located<StackName>>,
) -> Option<Taken<'a>> {
    match account {
        Some(account) => Some(Taken::Of(&account.value)),
        None => Some(Taken::Own(stack?.value.as_str())),
    }
}

fn taken_for_purpose<'a>(zone: &Zone<'a>) -> Option<Taken<'a>> {
    match zone.keys {
        Keys::PerAccount => Some(Taken::Own(KEYS_STACK)),
        Keys::Central(account) => Some(Taken::Of(&account?.value)),
    }
}

fn regions(scope: &RegionScope, zone: &Zone<'_>) -> Option<BTreeSet<Region>> {
    match scope {
        RegionScope::Named(NamedScope::Home) => Some(BTreeSet::from([zone.home?.clone()])),
        RegionScope::Named(NamedScope::Governed) => {
            (!zone.governed.is_empty()).then(|| zone.governed.clone())
        }
        RegionScope::Listed(regions) => {
            let named: BTreeSet<_> = regions.iter().map(|region| region.value.clone()).collect();
            (!named.is_empty()).then_some(named)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::desired::fixture::Fixture;
    use crate::desired::{Adopt, DesiredValue, load};

    fn stacks(fixture: &Fixture, account: &str) -> Vec<String> {
        fixture.account(account).stacks.iter().map(|stack| stack.name.to_string()).collect()
    }

    #[test]
    fn a_stack_is_there_when_the_landing_zone_says_so() {
        let fixture = Fixture::organized();
        assert_eq!(stacks(&fixture, "Orders-UAT"), ["bucket"]);
        assert_eq!(stacks(&fixture, "management"), ["trail"]);
        fixture.replace("landing-zone.yaml", "trail: organization\n", "");
        fixture.replace("landing-zone.yaml", "{central: security}", "per-account");
        assert_eq!(fixture.codes(), ["unknown-stack", "unknown-stack"], "of the security account");
        fixture.replace("baselines/security.yaml", "when: {keys: central}", "when: {}");
        fixture.replace("baselines/security.yaml", "    for-each: environment\n", "");
        assert_eq!(stacks(&fixture, "Orders-UAT"), ["avm-kms-keys", "trail", "bucket"]);
        assert_eq!(stacks(&fixture, "management"), [""; 0]);
    }

    #[test]
    fn guardduty_is_organized_where_somebody_administers_it_unless_said_otherwise() {
        let fixture = Fixture::organized();
        fixture.replace(
            "baselines/management.yaml",
            "trail: organization",
            "guardduty: invitation",
        );
        assert_eq!(stacks(&fixture, "management"), [""; 0]);
        fixture.replace("landing-zone.yaml", "trail:", "guardduty: invitation\ntrail:");
        assert_eq!(stacks(&fixture, "management"), ["trail"]);
        fixture.replace("landing-zone.yaml", "guardduty: invitation\n", "");
        fixture.replace("landing-zone.yaml", ", guardduty: security", "");
        assert_eq!(stacks(&fixture, "management"), ["trail"]);
    }

    #[test]
    fn a_stack_that_is_not_there_is_checked_by_itself() {
        let fixture = Fixture::organized();
        fixture.replace("baselines/standard.yaml", "Environment: {account", "Enviroment: {account");
        fixture.replace("baselines/standard.yaml", "template: topic.yaml", "template: topik.yaml");
        let codes = ["missing-parameter", "unknown-parameter", "unknown-template"];
        assert_eq!(fixture.codes(), codes);
    }

    #[test]
    fn what_takes_from_a_stack_that_is_switched_off_is_told_so() {
        let fixture = Fixture::organized();
        let taking = "{Key: {output: {stack: trail, key: TopicArn}},";
        fixture.replace("baselines/standard.yaml", "{Key: {key: s3},", taking);
        let faults = load(fixture.path()).unwrap_err();
        let fault = faults.iter().next().unwrap();
        assert_eq!(fault.message, "this baseline has no stack trail");
        assert!(fault.help.as_ref().unwrap().contains("`when`"), "{fault:?}");
    }

    #[test]
    fn there_is_one_stack_for_each_environment_and_it_speaks_of_that() {
        let security = Fixture::organized().account("security");
        let stacks = security
            .stacks
            .iter()
            .map(|stack| (stack.name.as_str(), stack.parameters.get("Environment").cloned()));
        let literal = |text: &str| Some(DesiredValue::Literal(text.to_owned()));
        assert_eq!(
            stacks.collect::<Vec<_>>(),
            [
                ("avm-kms-keys-prod", literal("prod")),
                ("avm-kms-keys-uat", literal("uat")),
                ("bucket", None)
            ]
        );
    }

    #[test]
    fn names_are_compared_when_they_are_complete() {
        let fixture = Fixture::organized();
        fixture.replace("baselines/security.yaml", "name: bucket", "name: avm-kms-keys-uat");
        assert_eq!(fixture.codes(), ["duplicate-stack"]);
        let fixture = Fixture::organized();
        fixture.replace("landing-zone.yaml", "uat: {}", "uat: {}, load_test: {}");
        fixture.replace("templates/keys.yaml", "[prod, uat]", "[prod, uat, load_test]");
        assert_eq!(fixture.codes(), ["invalid-stack-name"]);
    }

    #[test]
    fn what_is_there_already_is_imported_unless_the_stack_says_otherwise() {
        let fixture = Fixture::organized();
        assert_eq!(fixture.account("security").stacks[0].adopt, Adopt::Import);
        assert_eq!(fixture.account("Orders-UAT").stacks[0].adopt, Adopt::Fail);
    }
}
