//! A recipe and an account become what the account shall look like.

use std::collections::BTreeMap;
use std::ops::Range;

use super::alias::{alias, wrong};
use super::baseline::{ParameterRecipe, Recipe, ValueRecipe};
use super::key::{KeyRecipe, wrong_key};
use super::parameters::wrong_value;
use super::purpose::{central_stack, own_stack};
use super::zone::{Keys, Zone};
use crate::desired::files::{AccountEntry, AccountField, GuardDutyMode, OrganizationField};
use crate::desired::nearest::suggest;
use crate::desired::shape::Located;
use crate::desired::state::{
    AccountFact, AdministeredService, DesiredAccount, DesiredKey, DesiredStack, DesiredValue,
    OutputRegion, SecretSource,
};
use crate::document::Diagnostic;
use crate::model::{
    AccountName, AccountSetting, Email, EnvironmentName, OuPath, RegionSetting, StackName, WaveName,
};

/// The account as its entry and its baseline want it. Faults of an environment are found here, where it is used.
pub(super) fn account(
    zone: &Zone<'_>,
    entry: &Located<AccountEntry>,
    recipe: &Recipe<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<DesiredAccount> {
    let identity = Identity::of(zone, &entry.value);
    let mut asker = Asker { zone, entry, recipe, identity: identity.as_ref(), faults, told: false };
    let stacks: Vec<_> = recipe
        .stacks
        .iter()
        .map(|stack| DesiredStack {
            name: stack.name.clone(),
            template: stack.template.clone(),
            regions: stack.regions.clone(),
            parameters: stack
                .parameters
                .iter()
                .filter_map(|parameter| {
                    Some((parameter.name.to_owned(), asker.value(parameter, stack.environment)?))
                })
                .collect(),
            adopt: stack.adopt,
        })
        .collect();
    let wanted = &recipe.settings;
    let ebs_key = wanted.key.as_ref().and_then(|key| asker.key(key));
    let settings = wanted.of_account.iter().cloned().chain(asker.alias()).collect();
    let region_settings = wanted.of_region.iter().cloned().chain(asker.guardduty()).collect();
    let entry = &entry.value;
    let tags = entry.tags.0.iter().map(|(key, value)| (key.value.clone(), value.0.clone()));
    let management = entry.management.as_ref().is_some_and(|flag| flag.value);
    let Identity { name, email, ou, wave } = identity?;
    Some(DesiredAccount {
        name: name.clone(),
        email: email.clone(),
        ou: ou.clone(),
        environment: entry.environment.as_ref().map(|name| name.value.clone()),
        baseline: recipe.name.clone(),
        wave: wave.clone(),
        tags: tags.collect::<BTreeMap<_, _>>(),
        protected: management
            || entry.protected.as_ref().is_some_and(|flag| flag.value)
            || zone.protecting_unit(entry).is_some(),
        management,
        delete_default_vpcs: wanted.delete_default_vpcs,
        ebs_key,
        settings,
        region_settings,
        opt_in: wanted.opt_in,
        stacks,
    })
}

/// What every account has.
struct Identity<'a> {
    name: &'a AccountName,
    email: &'a Email,
    ou: &'a OuPath,
    wave: &'a WaveName,
}

impl<'a> Identity<'a> {
    fn of(zone: &Zone<'a>, entry: &'a AccountEntry) -> Option<Self> {
        Some(Self {
            name: &entry.name.as_ref()?.value,
            email: &entry.email.as_ref()?.value,
            ou: &entry.ou.as_ref()?.value,
            wave: zone.waves.get(zone.wave(entry)?)?,
        })
    }
}

/// Answers what a recipe asks of one account.
struct Asker<'a, 'f> {
    zone: &'a Zone<'a>,
    entry: &'a Located<AccountEntry>,
    recipe: &'a Recipe<'a>,
    identity: Option<&'a Identity<'a>>,
    faults: &'f mut Vec<Diagnostic>,
    /// Whether the missing environment has been told, which is one fault however often it is needed.
    told: bool,
}

impl<'a> Asker<'a, '_> {
    /// A parameter's value, for a stack that is for `environment` rather than the account's own.
    fn value(
        &mut self,
        parameter: &ParameterRecipe<'_>,
        environment: Option<&'a EnvironmentName>,
    ) -> Option<DesiredValue> {
        let text = match &parameter.value {
            ValueRecipe::Literal(text) => return Some(DesiredValue::Literal((*text).to_owned())),
            ValueRecipe::Account(AccountField::Id) => {
                return Some(DesiredValue::Account(AccountFact::Id));
            }
            ValueRecipe::Secret { variable, place } => {
                return Some(DesiredValue::Secret(SecretSource {
                    variable: (*variable).clone(),
                    place: place.clone(),
                }));
            }
            ValueRecipe::Template(file) => {
                return Some(DesiredValue::TemplateUrl((*file).clone()));
            }
            ValueRecipe::Key(purpose) => {
                let (account, stack) = self.keys_stack(environment)?;
                let key = purpose.output().to_owned();
                return Some(DesiredValue::Output {
                    account,
                    stack,
                    key,
                    region: OutputRegion::Same,
                });
            }
            ValueRecipe::Output { account, stack, key, region } => {
                let account = (*account).or(self.identity.map(|identity| identity.name))?;
                return Some(DesiredValue::Output {
                    account: account.clone(),
                    stack: (*stack).clone(),
                    key: (*key).to_owned(),
                    region: region.clone(),
                });
            }
            ValueRecipe::Env(key) => self.env(key, environment)?,
            ValueRecipe::Account(AccountField::Environment) => {
                self.environment(environment)?.to_string()
            }
            ValueRecipe::Account(AccountField::Name) => self.identity?.name.to_string(),
            ValueRecipe::Account(AccountField::Email) => self.identity?.email.to_string(),
            ValueRecipe::Account(AccountField::Ou) => self.identity?.ou.to_string(),
            ValueRecipe::Organization(field) => {
                let organization = self.zone.file.organization.as_ref()?;
                match field {
                    OrganizationField::Id => organization.id.as_ref()?.to_string(),
                    OrganizationField::ManagementAccount => {
                        organization.management_account.as_ref()?.to_string()
                    }
                }
            }
        };
        if let Some(wrong) = parameter.parameter.and_then(|known| wrong_value(known, &text)) {
            let message = format!("{} does not take {text:?}: {wrong}", parameter.name);
            self.fault(parameter.span, "value-not-allowed", message);
        }
        Some(DesiredValue::Literal(text))
    }

    fn key(&mut self, key: &KeyRecipe<'_>) -> Option<DesiredKey> {
        match key {
            KeyRecipe::Reference(text) => Some(DesiredKey::Reference((*text).to_owned())),
            KeyRecipe::Purpose(purpose) => {
                let (account, stack) = self.keys_stack(None)?;
                Some(DesiredKey::Output { account, stack, key: purpose.output().to_owned() })
            }
            KeyRecipe::Output { account, stack, key } => {
                let account = (*account).or(self.identity.map(|identity| identity.name))?;
                Some(DesiredKey::Output {
                    account: account.clone(),
                    stack: (*stack).clone(),
                    key: (*key).to_owned(),
                })
            }
            KeyRecipe::Env(name) => {
                let text = self.env(name, None)?;
                if let Some(message) = wrong_key(&text, self.zone.governed.iter()) {
                    self.fault(&name.span, "invalid-key", message);
                }
                Some(DesiredKey::Reference(text))
            }
        }
    }

    /// The stack that has the keys of `environment`, or of the account's own, and its account.
    fn keys_stack(
        &mut self,
        environment: Option<&'a EnvironmentName>,
    ) -> Option<(AccountName, StackName)> {
        match self.zone.keys {
            Keys::PerAccount => Some((self.identity?.name.clone(), own_stack()?)),
            Keys::Central(account) => {
                let environment = self.environment(environment)?;
                Some((account?.value.clone(), central_stack(environment).parse().ok()?))
            }
        }
    }

    /// The account's alias, where the baseline gives one.
    fn alias(&mut self) -> Option<AccountSetting> {
        let name = self.entry.value.name.as_ref()?;
        let alias = alias(&self.recipe.settings.alias_prefix?.value, &name.value);
        if let Some(why) = wrong(&alias) {
            let message = format!("{alias:?} cannot be the account's alias: {why}");
            let fault = self.zone.fault(&name.span, "invalid-alias", message);
            let baseline = self.recipe.name;
            self.faults.push(fault.help(format!(
                "an alias is the account-alias prefix of the baseline {baseline} and the account's name in \
                 lower case: change one of them"
            )));
        }
        Some(AccountSetting::AccountAlias(alias))
    }

    /// What GuardDuty's administrator does for the organization, where there is such a one and it is this account.
    fn guardduty(&mut self) -> Option<RegionSetting> {
        let setting = self.recipe.settings.guardduty.as_ref()?;
        let administrator = self.zone.administrators.get(&AdministeredService::Guardduty)?;
        if self.zone.guardduty == GuardDutyMode::Invitation {
            return None;
        }
        let name = self.identity?.name;
        if administrator.value != *name {
            let message = format!(
                "{name} does not administer GuardDuty: {} does, as landing-zone.yaml says",
                administrator.value
            );
            let source = &self.recipe.baseline.source;
            let fault = Diagnostic::new(source, &setting.span, "not-administrator", message);
            let help =
                "only the administrator has this setting: put it into that account's baseline";
            self.faults.push(fault.help(help));
        }
        Some(setting.value.clone())
    }

    /// A value of `environment`, or of the account's own.
    fn env(
        &mut self,
        key: &Located<String>,
        environment: Option<&'a EnvironmentName>,
    ) -> Option<String> {
        let name = self.environment(environment)?;
        let environment = self.zone.environments.get(name)?.as_ref()?;
        let value = match key.value.as_str() {
            "name" => Some(name.to_string()),
            "key-administrators" => Some(joined(&environment.entry.key_administrators)),
            "external-accounts" => Some(joined(&environment.entry.external_accounts)),
            // A value at fault has been told already.
            own => match environment.values.get(own) {
                Some(value) => Some((*value)?.to_owned()),
                None => None,
            },
        };
        if value.is_none() {
            let source = &self.recipe.baseline.source;
            let fault = |message| Diagnostic::new(source, &key.span, "unknown-value", message);
            let known = self.zone.values();
            let unread = self.zone.environments.values().any(Option::is_none);
            let fault = if unread || known.contains(key.value.as_str()) {
                fault(format!("the environment {name} has no value {}", key.value))
            } else {
                // One fault, in the same words for all environments.
                fault(format!("no environment has a value {}", key.value))
            };
            self.faults.push(suggest(fault, &key.value, known));
        }
        value
    }

    /// The name of the environment that a stack is for, or else of the account's, which its baseline needs.
    fn environment(
        &mut self,
        of_stack: Option<&'a EnvironmentName>,
    ) -> Option<&'a EnvironmentName> {
        let entry = &self.entry.value;
        if of_stack.is_some() {
            return of_stack;
        }
        if entry.environment.is_none() && entry.is_whole && !self.told {
            self.told = true;
            let message = format!(
                "the baseline {} takes values of an environment, and this account has none",
                self.recipe.name
            );
            let place = entry.place(&self.entry.span);
            self.faults.push(self.zone.fault(place, "no-environment", message));
        }
        entry.environment.as_ref().map(|name| &name.value)
    }

    /// A fault of the baseline's file.
    fn fault(&mut self, span: &Range<usize>, code: &'static str, message: String) {
        let source = &self.recipe.baseline.source;
        self.faults.push(Diagnostic::new(source, span, code, message));
    }
}

fn joined<T: ToString>(items: &[Located<T>]) -> String {
    items.iter().map(|item| item.value.to_string()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use crate::desired::fixture::Fixture;
    use crate::desired::load;

    #[test]
    fn a_value_that_no_environment_has_is_one_fault_and_one_that_some_lack_is_theirs() {
        let messages = |fixture: &Fixture| -> Vec<_> {
            let faults = load(fixture.path()).unwrap_err();
            faults.iter().map(|fault| (fault.message.clone(), fault.help.clone())).collect()
        };
        let fixture = Fixture::acme();
        fixture.replace("baselines/standard.yaml", "{env: name}", "{env: nam}");
        let help = Some("did you mean name?".to_owned());
        assert_eq!(messages(&fixture), [("no environment has a value nam".to_owned(), help)]);

        let fixture = Fixture::acme();
        fixture.replace(
            "landing-zone.yaml",
            "prod: {values: {kms.ec2: alias/prod/ec2}}",
            "prod: {}",
        );
        assert_eq!(messages(&fixture)[0].0, "the environment prod has no value kms.ec2");
    }
}
