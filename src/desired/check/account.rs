//! A recipe and an account become what the account shall look like.

use std::collections::BTreeMap;

use super::baseline::{ParameterRecipe, Recipe, ValueRecipe};
use super::key::{KeyRecipe, wrong_key};
use super::parameters::wrong_value;
use super::zone::Zone;
use crate::desired::files::{AccountEntry, AccountField, OrganizationField};
use crate::desired::nearest::suggest;
use crate::desired::shape::Located;
use crate::desired::state::{AccountFact, DesiredAccount, DesiredKey, DesiredStack, DesiredValue};
use crate::document::Diagnostic;
use crate::model::{AccountName, Email, EnvironmentName, OuPath, WaveName};

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
                .filter_map(|parameter| Some((parameter.name.to_owned(), asker.value(parameter)?)))
                .collect(),
        })
        .collect();
    let ebs_key = recipe.key.as_ref().and_then(|key| asker.key(key));
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
        protected: management || entry.protected.as_ref().is_some_and(|flag| flag.value),
        management,
        delete_default_vpcs: recipe.delete_default_vpcs,
        ebs_key,
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
    fn value(&mut self, parameter: &ParameterRecipe<'_>) -> Option<DesiredValue> {
        let text = match &parameter.value {
            ValueRecipe::Literal(text) => return Some(DesiredValue::Literal((*text).to_owned())),
            ValueRecipe::Account(AccountField::Id) => {
                return Some(DesiredValue::Account(AccountFact::Id));
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
            ValueRecipe::Env(key) => self.env(key)?,
            ValueRecipe::Account(AccountField::Environment) => self.environment()?.to_string(),
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
            let source = &self.recipe.baseline.source;
            self.faults.push(Diagnostic::new(source, parameter.span, "value-not-allowed", message));
        }
        Some(DesiredValue::Literal(text))
    }

    fn key(&mut self, key: &KeyRecipe<'_>) -> Option<DesiredKey> {
        match key {
            KeyRecipe::Reference(text) => Some(DesiredKey::Reference((*text).to_owned())),
            KeyRecipe::Output { stack, key } => {
                Some(DesiredKey::Output { stack: (*stack).clone(), key: (*key).to_owned() })
            }
            KeyRecipe::Env(name) => {
                let text = self.env(name)?;
                if let Some(message) = wrong_key(&text, self.zone.governed.iter()) {
                    let source = &self.recipe.baseline.source;
                    self.faults.push(Diagnostic::new(source, &name.span, "invalid-key", message));
                }
                Some(DesiredKey::Reference(text))
            }
        }
    }

    /// A value of the account's environment.
    fn env(&mut self, key: &Located<String>) -> Option<String> {
        let name = self.environment()?;
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

    /// The name of the account's environment, which its baseline needs.
    fn environment(&mut self) -> Option<&'a EnvironmentName> {
        let entry = &self.entry.value;
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
