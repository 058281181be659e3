//! The stacks of every baseline: what there is to refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::zone::Zone;
use crate::desired::files::{NamedScope, RegionScope, StackEntry, ValueEntry, ValueSource};
use crate::desired::library::Library;
use crate::desired::shape::Located;
use crate::model::{AccountName, BaselineName, Region, StackName};
use crate::template::Template;

/// The stacks of all baselines that could be read, in their order.
#[derive(Debug)]
pub(super) struct Catalog<'a>(BTreeMap<&'a BaselineName, Vec<CatalogStack<'a>>>);

/// A stack of a baseline.
#[derive(Debug)]
pub(super) struct CatalogStack<'a> {
    pub(super) entry: &'a Located<StackEntry>,
    /// Where it is deployed; `None` if the file does not say so.
    pub(super) regions: Option<BTreeSet<Region>>,
    /// Its template, if there is one without faults.
    pub(super) template: Option<&'a Template>,
}

impl<'a> Catalog<'a> {
    pub(super) fn new(zone: &Zone<'_>, library: &'a Library) -> Self {
        let stack = |entry: &'a Located<StackEntry>| {
            let file = entry.value.template.as_ref().map(|file| &file.value);
            CatalogStack {
                entry,
                regions: entry.value.regions.as_ref().and_then(|scope| regions(scope, zone)),
                template: file.and_then(|file| library.templates.get(file)?.as_deref()),
            }
        };
        let baselines = library.baselines.iter().filter_map(|(name, baseline)| {
            Some((name, baseline.as_ref()?.file.stacks.iter().map(stack).collect()))
        });
        Self(baselines.collect())
    }

    /// The stacks of a baseline; `None` if it could not be read.
    pub(super) fn stacks(&self, baseline: &BaselineName) -> Option<&[CatalogStack<'a>]> {
        self.0.get(baseline).map(Vec::as_slice)
    }

    /// The accounts that a baseline names.
    pub(super) fn named_accounts(&self, baseline: &BaselineName) -> BTreeSet<&'a AccountName> {
        let stacks = self.stacks(baseline).unwrap_or_default();
        stacks.iter().flat_map(CatalogStack::outputs).filter_map(|(account, _)| account).collect()
    }
}

impl<'a> CatalogStack<'a> {
    pub(super) fn name(&self) -> Option<&'a StackName> {
        self.entry.value.name.as_ref().map(|name| &name.value)
    }

    /// The outputs that it takes: of which account, and of which stack.
    pub(super) fn outputs(&self) -> impl Iterator<Item = (Option<&'a AccountName>, &'a StackName)> {
        self.entry.value.parameters.0.iter().filter_map(|(_, value)| match &value.as_ref()?.value {
            ValueEntry::From(ValueSource::Output(output)) => {
                let account = output.value.account.as_ref().map(|account| &account.value);
                Some((account, &output.value.stack.as_ref()?.value))
            }
            ValueEntry::Literal(_)
            | ValueEntry::From(
                ValueSource::Env(_) | ValueSource::Account(_) | ValueSource::Organization(_),
            ) => None,
        })
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
