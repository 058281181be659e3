//! A baseline becomes a recipe: all that can be decided without knowing the account.

use std::collections::BTreeSet;
use std::ops::Range;

use super::catalog::{Catalog, CatalogStack};
use super::key::{KeyRecipe, key};
use super::outputs::output;
use super::parameters;
use super::zone::Zone;
use crate::desired::files::{
    AccountField, DefaultVpc, OrganizationField, RegionScope, ValueEntry, ValueSource,
};
use crate::desired::library::{Baseline, Library};
use crate::desired::nearest::suggest;
use crate::desired::shape::Located;
use crate::desired::state::OutputRegion;
use crate::document::Diagnostic;
use crate::model::{AccountName, BaselineName, Region, StackName, TemplateFile};
use crate::template::{MAX_BODY_BYTES, Parameter, Template};

/// What every account of a baseline gets.
#[derive(Debug)]
pub(super) struct Recipe<'a> {
    pub(super) baseline: &'a Baseline,
    pub(super) name: &'a BaselineName,
    pub(super) delete_default_vpcs: bool,
    pub(super) key: Option<KeyRecipe<'a>>,
    pub(super) stacks: Vec<StackRecipe<'a>>,
}

/// A stack of a recipe.
#[derive(Debug)]
pub(super) struct StackRecipe<'a> {
    pub(super) name: &'a StackName,
    pub(super) template: &'a TemplateFile,
    pub(super) regions: BTreeSet<Region>,
    pub(super) parameters: Vec<ParameterRecipe<'a>>,
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
    let mut names = BTreeSet::new();
    let mut stacks = Vec::new();
    for (position, stack) in user.stacks.iter().enumerate() {
        if let Some(name) = &stack.entry.value.name
            && !names.insert(&name.value)
        {
            let message = format!("two stacks of the baseline are called {}", name.value);
            faults.push(user.fault(&name.span, "duplicate-stack", message));
        }
        template(user, library, stack, faults);
        listed_regions(user, stack, faults);
        parameters::check(user, stack, faults);
        stacks.extend(stack_recipe(user, position, stack, faults));
    }
    let settings = user.baseline.file.settings.as_ref();
    let encryption = settings.and_then(|settings| settings.ebs_encryption.as_ref());
    Recipe {
        baseline: user.baseline,
        name: user.name,
        delete_default_vpcs: settings.and_then(|settings| settings.default_vpc)
            == Some(DefaultVpc::Delete),
        key: encryption.and_then(|encryption| key(user, encryption.key.as_ref()?, faults)),
        stacks,
    }
}

fn template(
    user: &User<'_>,
    library: &Library,
    stack: &CatalogStack<'_>,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(file) = &stack.entry.value.template else { return };
    if !library.templates.contains_key(&file.value) {
        let message = format!("there is no file templates/{}", file.value);
        let fault = user.fault(&file.span, "unknown-template", message);
        let known = library.template_files.iter().map(String::as_str);
        faults.push(suggest(fault, file.value.as_str(), known));
    }
    let size = stack.template.map_or(0, |template| template.body().len());
    if size > MAX_BODY_BYTES && user.zone.file.artifacts.is_none() {
        let message = format!(
            "templates/{} is sent with {size} bytes, and CloudFormation takes {MAX_BODY_BYTES} in a request",
            file.value
        );
        let fault = user.fault(&file.span, "no-artifacts-bucket", message);
        faults.push(fault.help("name a bucket in landing-zone.yaml: artifacts: {bucket: ...}"));
    }
}

fn listed_regions(user: &User<'_>, stack: &CatalogStack<'_>, faults: &mut Vec<Diagnostic>) {
    let Some(RegionScope::Listed(regions)) = &stack.entry.value.regions else { return };
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
    stack: &CatalogStack<'a>,
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
        name: stack.name()?,
        template: &entry.template.as_ref()?.value,
        regions: stack.regions.clone()?,
        parameters,
    })
}
