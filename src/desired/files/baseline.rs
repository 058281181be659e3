//! The files of baselines/.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use super::settings::SettingsEntry;
use super::switch::{GuardDutyMode, KeysMode, TrailMode};
use super::value::{ValueEntry, ValueSource};
use crate::desired::shape::{Entries, Located, Version};
use crate::desired::state::Adopt;
use crate::model::{Region, StackName, TemplateFile};

/// A baseline: what every account of a kind gets.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct BaselineFile {
    /// The version of this file's shape.
    #[schemars(required)]
    #[expect(dead_code, reason = "reading it is the check: there is one version so far")]
    pub(in crate::desired) version: Option<Version>,
    /// What is set without a stack, since CloudFormation has no type for it.
    pub(in crate::desired) settings: Option<SettingsEntry>,
    /// The stacks, in the order in which they are deployed in each region.
    #[schemars(default)]
    pub(in crate::desired) stacks: Vec<Located<StackEntry>>,
}

/// A stack.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct StackEntry {
    /// The stack's name, unique in the baseline. With `for-each` the environment's name is added to it.
    #[schemars(required)]
    pub(in crate::desired) name: Option<Located<StackName>>,
    /// A file of templates/.
    #[schemars(required)]
    pub(in crate::desired) template: Option<Located<TemplateFile>>,
    /// Where it is deployed: `home`, `governed`, or a list of governed regions.
    #[schemars(required)]
    pub(in crate::desired) regions: Option<RegionScope>,
    /// The values of the template's parameters.
    #[schemars(default)]
    pub(in crate::desired) parameters: Entries<String, Option<Located<ValueEntry>>>,
    /// What the landing zone must say for there to be the stack at all; always unless given.
    pub(in crate::desired) when: Option<WhenEntry>,
    /// Makes one stack for each environment of the landing zone, called `NAME-ENVIRONMENT`. In its parameters
    /// `{env: ...}`, `{account: environment}` and `{key: ...}` are about that environment, not the account's.
    pub(in crate::desired) for_each: Option<ForEach>,
    /// What becomes of resources that are there already, and in no stack, when the stack is made; `import` unless
    /// said otherwise.
    pub(in crate::desired) adopt: Option<Adopt>,
}

/// What the landing zone must say: all that is given here.
#[derive(Clone, Copy, Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct WhenEntry {
    /// Where the keys of the environments are.
    pub(in crate::desired) keys: Option<KeysMode>,
    /// What records API calls.
    pub(in crate::desired) trail: Option<TrailMode>,
    /// How accounts come under GuardDuty's administrator.
    pub(in crate::desired) guardduty: Option<GuardDutyMode>,
}

/// What there is a stack for each of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum ForEach {
    /// Every environment of the landing zone.
    Environment,
}

/// Where a stack is deployed.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::desired) enum RegionScope {
    /// As the landing zone says.
    Named(NamedScope),
    /// Some of the governed regions.
    Listed(Vec<Located<Region>>),
}

/// A scope that the landing zone defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::desired) enum NamedScope {
    /// The home region.
    Home,
    /// Every governed region.
    Governed,
}

impl StackEntry {
    /// Where to point for a fault of the stack as a whole: its name, or else the entry.
    pub(in crate::desired) fn place<'a>(&'a self, entry: &'a Range<usize>) -> &'a Range<usize> {
        self.name.as_ref().map_or(entry, |name| &name.span)
    }

    /// The templates that it names: its own, and those whose addresses it hands on.
    pub(in crate::desired) fn templates(&self) -> impl Iterator<Item = &TemplateFile> {
        let values = self.parameters.0.iter().filter_map(|(_, value)| value.as_ref());
        let handed_on = values.filter_map(|value| match &value.value {
            ValueEntry::From(ValueSource::Template(file)) => Some(&file.value),
            ValueEntry::Literal(_) | ValueEntry::From(_) => None,
        });
        self.template.iter().map(|file| &file.value).chain(handed_on)
    }
}
