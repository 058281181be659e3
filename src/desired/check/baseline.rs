//! A baseline becomes a recipe: all that can be decided without knowing the account.

use std::collections::BTreeSet;
use std::ops::Range;

use super::catalog::{Catalog, CatalogStack};
use super::outputs::output;
use super::purpose::{self, Taker};
use super::settings::{SettingsRecipe, settings};
use super::zone::Zone;
use super::{parameters, templates};
use crate::desired::files::{
    AccountField, KeyPurpose, OrganizationField, RegionScope, StackEntry, ValueEntry, ValueSource,
};
use crate::desired::library::{Baseline, Library};
use crate::desired::nearest::suggest;
use crate::desired::shape::Located;
use crate::desired::state::{Adopt, OutputRegion};
use crate::document::Diagnostic;
use crate::model::{
    AccountName, BaselineName, EnvironmentName, EnvironmentVariable, Region, StackName,
    TemplateFile,
};
use crate::template::{Parameter, Template};

/// What every account of a baseline gets.
#[derive(Debug)]
pub(super) struct Recipe<'a> {
    pub(super) baseline: &'a Baseline,
    pub(super) name: &'a BaselineName,
    pub(super) settings: SettingsRecipe<'a>,
    pub(super) stacks: Vec<StackRecipe<'a>>,
}

/// A stack of a recipe.
#[derive(Debug)]
pub(super) struct StackRecipe<'a> {
    pub(super) name: &'a StackName,
    pub(super) template: &'a TemplateFile,
    pub(super) regions: BTreeSet<Region>,
    pub(super) parameters: Vec<ParameterRecipe<'a>>,
    /// The environment that it is for, if that is not the account's.
    pub(super) environment: Option<&'a EnvironmentName>,
    pub(super) adopt: Adopt,
}

/// A parameter of a stack.
#[derive(Debug)]
pub(super) struct ParameterRecipe<'a> {
    pub(super) name: &'a str,
    pub(super) span: &'a Range<usize>,
    pub(super) value: ValueRecipe<'a>,
    /// What the template says about it.
    pub(super) parameter: Option<&'a Parameter>,
}

/// Where a parameter's value comes from.
#[derive(Debug)]
pub(super) enum ValueRecipe<'a> {
    Literal(&'a str),
    Env(&'a Located<String>),
    Account(AccountField),
    Organization(OrganizationField),
    Key(KeyPurpose),
    Secret {
        variable: &'a EnvironmentVariable,
        place: String,
    },
    Template(&'a TemplateFile),
    Output {
        account: Option<&'a AccountName>,
        stack: &'a StackName,
        key: &'a str,
        region: OutputRegion,
    },
}

/// The baseline that a check is about, and everything that it may refer to.
#[derive(Debug)]
pub(super) struct User<'a> {
    pub(super) zone: &'a Zone<'a>,
    pub(super) catalog: &'a Catalog<'a>,
    pub(super) name: &'a BaselineName,
    pub(super) baseline: &'a Baseline,
    pub(super) stacks: &'a [CatalogStack<'a>],
}

impl User<'_> {
    /// A fault of the baseline's file.
    pub(super) fn fault(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(&self.baseline.source, span, code, message)
    }
}

/// Checks a baseline, and makes its recipe as far as it can.
pub(super) fn recipe<'a>(
    user: &User<'a>,
    library: &'a Library,
    faults: &mut Vec<Diagnostic>,
) -> Recipe<'a> {
    for entry in &user.baseline.file.stacks {
        listed_regions(user, &entry.value, faults);
        let file = entry.value.template.as_ref();
        let template = file.and_then(|file| templates::check(user, library, entry, file, faults));
        if let Some(template) = template {
            parameters::check(user, entry, template, faults);
        }
    }
    names(user, faults);
    let stacks = user.stacks.iter().enumerate();
    Recipe {
        baseline: user.baseline,
        name: user.name,
        settings: settings(user, faults),
        stacks: stacks
            .filter_map(|(position, stack)| stack_recipe(user, position, stack, faults))
            .collect(),
    }
}

/// Every stack has a name of its own, the environment's name included.
fn names(user: &User<'_>, faults: &mut Vec<Diagnostic>) {
    let mut names = BTreeSet::new();
    for stack in user.stacks {
        let Some(written) = &stack.entry.value.name else { continue };
        match (&stack.name, stack.environment) {
            (Some(name), _) if !names.insert(name) => {
                let message = format!("two stacks of the baseline are called {name}");
                faults.push(user.fault(&written.span, "duplicate-stack", message));
            }
            (None, Some(environment)) => {
                let message = format!(
                    "{}-{environment} is not a stack name: expected up to 128 letters, digits and hyphens",
                    written.value
                );
                let fault = user.fault(&written.span, "invalid-stack-name", message);
                faults.push(fault.help(format!("rename the environment {environment}")));
            }
            (Some(_) | None, _) => {}
        }
    }
}

fn listed_regions(user: &User<'_>, stack: &StackEntry, faults: &mut Vec<Diagnostic>) {
    let Some(RegionScope::Listed(regions)) = &stack.regions else { return };
    let governed = &user.zone.governed;
    for region in regions.iter().filter(|region| !governed.contains(&region.value)) {
        if governed.is_empty() {
            return;
        }
        let message = format!("{} is not a governed region", region.value);
        let fault = user.fault(&region.span, "region-not-governed", message);
        faults.push(suggest(fault, region.value.as_str(), governed.iter().map(Region::as_str)));
    }
}

fn stack_recipe<'a>(
    user: &User<'a>,
    position: usize,
    stack: &'a CatalogStack<'a>,
    faults: &mut Vec<Diagnostic>,
) -> Option<StackRecipe<'a>> {
    let entry = &stack.entry.value;
    let known = stack.template.map(Template::parameters);
    let mut parameters = Vec::new();
    for (name, value) in &entry.parameters.0 {
        let Some(value) = value else { continue };
        let recipe = match &value.value {
            ValueEntry::Literal(literal) => Some(ValueRecipe::Literal(&literal.0)),
            ValueEntry::From(ValueSource::Env(key)) => Some(ValueRecipe::Env(key)),
            ValueEntry::From(ValueSource::Account(field)) => {
                Some(ValueRecipe::Account(field.value))
            }
            ValueEntry::From(ValueSource::Organization(field)) => {
                Some(ValueRecipe::Organization(field.value))
            }
            ValueEntry::From(ValueSource::Key(purpose)) => {
                if let Some(regions) = &stack.regions {
                    let environment = stack.environment;
                    let taker = Taker { position: Some(position), environment, regions };
                    purpose::check(user, taker, purpose, faults);
                }
                Some(ValueRecipe::Key(purpose.value))
            }
            ValueEntry::From(ValueSource::Template(file)) => {
                Some(ValueRecipe::Template(&file.value))
            }
            ValueEntry::From(ValueSource::Secret(entry)) => {
                entry.environment_variable.as_ref().map(|variable| {
                    let source = &user.baseline.source;
                    let place = format!("{}:{}", source.name(), source.place(&variable.span));
                    ValueRecipe::Secret { variable: &variable.value, place }
                })
            }
            ValueEntry::From(ValueSource::Output(entry)) => output(user, position, entry, faults),
        };
        parameters.extend(recipe.map(|recipe| ParameterRecipe {
            name: &name.value,
            span: &value.span,
            value: recipe,
            parameter: known.and_then(|known| known.get(&name.value)),
        }));
    }
    Some(StackRecipe {
        name: stack.name.as_ref()?,
        template: &entry.template.as_ref()?.value,
        regions: stack.regions.clone()?,
        parameters,
        environment: stack.environment,
        adopt: entry.adopt.unwrap_or_default(),
    })
}
