//! Things that are there already where a stack is to be made: taken over, left, or in the way.
//!
//! Never deleted and made anew: a detector's findings and a key's data would be lost with it.

use std::collections::BTreeMap;

use super::context::Context;
use super::values;
use crate::cloud::{ExistingResource, ResourceOwner, StackState};
use crate::desired::{Adopt, DesiredStack};
use crate::model::{Region, StackName};
use crate::observed::FoundResource;
use crate::plan::reason::Reason;
use crate::plan::step::{ImportedResource, StackChange};
use crate::template::{AdoptableType, Deployment, KEY_IDENTIFIER, KEY_TYPE, Takeover, Template};

/// What becomes of a stack that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Adoption {
    /// It is made: nothing of it is there.
    Make,
    /// It is made, and takes these over.
    Import(Vec<ImportedResource>),
    /// It is not made, for a reason that asks nothing of anybody.
    Leave(Vec<String>),
    /// It cannot be made until somebody decides.
    Block(Vec<Reason>),
}

/// Decides what becomes of a stack that is to be made.
pub(super) fn adoption(
    context: &Context<'_>,
    region: &Region,
    stack: &DesiredStack,
    template: &Template,
) -> Adoption {
    let found = context.region(region).and_then(|seen| seen.existing.get(&stack.name));
    let found = match found {
        None => return Adoption::Make,
        Some(Err(error)) => return Adoption::Block(vec![Reason::Unreadable(error.clone())]),
        Some(Ok(found)) => found,
    };
    let state = context.stack(region, &stack.name).map(|seen| seen.stack.state);
    let found: Vec<Found<'_>> = found
        .iter()
        .filter_map(|found| {
            let owner = owner_of(&found.existing, &stack.name, state)?;
            Some(Found { found, owner })
        })
        .collect();
    if found.is_empty() {
        return Adoption::Make;
    }
    let governed: Vec<_> = found
        .iter()
        .filter(|one| {
            matches!(one.owner, ResourceOwner::Organization(_) | ResourceOwner::Service(_))
        })
        .map(|one| format!("{one} belongs to {}; stack {} is not made", one.owner, stack.name))
        .collect();
    if !governed.is_empty() {
        return Adoption::Leave(governed);
    }
    let place = Place { context, region, stack, template };
    match stack.adopt {
        Adopt::Leave => Adoption::Leave(found.iter().map(|one| place.left(one)).collect()),
        Adopt::Fail => Adoption::Block(found.iter().map(|one| place.undecided(one)).collect()),
        Adopt::Import => place.imports(&found),
    }
}

/// The organization's trails beside which a stack would make one of the account's own.
pub(super) fn second_trail(
    context: &Context<'_>,
    region: &Region,
    template: &Template,
    change: &StackChange,
) -> Option<String> {
    let trails = &context.region(region)?.organization_trails;
    let known = values::known(&change.parameters);
    let deployment =
        Deployment { stack: &change.stack, account: context.id(), region, parameters: &known };
    let doubled = !trails.is_empty() && template.may_make_any("AWS::CloudTrail::Trail", deployment);
    doubled.then(|| {
        format!(
            "{} records here already: with the trail of stack {} management events are recorded and \
             billed twice",
            trails.join(", "),
            change.stack
        )
    })
}

/// A thing that is there, and who it belongs to as far as the stack is concerned.
struct Found<'a> {
    found: &'a FoundResource,
    owner: ResourceOwner,
}

impl std::fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ExistingResource { resource_type, identifier, .. } = &self.found.existing;
        write!(f, "{resource_type} {identifier}")
    }
}

impl Found<'_> {
    fn in_the_way(&self, help: String) -> Reason {
        Reason::AlreadyThere {
            resource_type: self.found.existing.resource_type.clone(),
            identifier: self.found.existing.identifier.clone(),
            owner: self.owner.clone(),
            help,
        }
    }
}

/// Whose a thing is; `None` if it goes with the stack itself before that is made anew.
fn owner_of(
    existing: &ExistingResource,
    stack: &StackName,
    state: Option<StackState>,
) -> Option<ResourceOwner> {
    match &existing.owner {
        // What a rollback has left behind survives the stack's deletion, too: a retained key and its alias.
        ResourceOwner::Stack(name)
            if name == stack && state == Some(StackState::RollbackComplete) =>
        {
            Some(ResourceOwner::Nobody)
        }
        ResourceOwner::Stack(name) if name == stack => None,
        owner @ (ResourceOwner::Nobody
        | ResourceOwner::Stack(_)
        | ResourceOwner::Organization(_)
        | ResourceOwner::Service(_)) => Some(owner.clone()),
    }
}

/// The stack that is to be made, and where.
struct Place<'a> {
    context: &'a Context<'a>,
    region: &'a Region,
    stack: &'a DesiredStack,
    template: &'a Template,
}

impl Place<'_> {
    fn left(&self, one: &Found<'_>) -> String {
        let is = match &one.owner {
            ResourceOwner::Nobody => "is there already".to_owned(),
            ResourceOwner::Stack(_)
            | ResourceOwner::Organization(_)
            | ResourceOwner::Service(_) => format!("belongs to {}", one.owner),
        };
        format!("{one} {is} and is left as it is; stack {} is not made", self.stack.name)
    }

    fn undecided(&self, one: &Found<'_>) -> Reason {
        if let ResourceOwner::Stack(_) = one.owner {
            return self.foreign(one);
        }
        let ExistingResource { resource_type, identifier, .. } = &one.found.existing;
        let look = format!(
            "aws cloudcontrol get-resource --type-name {resource_type} --identifier {identifier} \
             --region {}",
            self.region
        );
        one.in_the_way(format!(
            "say {} to take it over; this shows it: {look}",
            self.word("import")
        ))
    }

    fn foreign(&self, one: &Found<'_>) -> Reason {
        let help = format!(
            "a resource is in one stack at a time: take it out of that stack, where it needs a \
             DeletionPolicy of Retain, or say {}",
            self.word("leave")
        );
        one.in_the_way(help)
    }

    /// ``adopt: leave` for stack avm-config in baselines/standard.yaml``.
    fn word(&self, adopt: &str) -> String {
        let baseline = &self.context.account.baseline;
        format!("`adopt: {adopt}` for stack {} in baselines/{baseline}.yaml", self.stack.name)
    }

    /// The imports, if all that is there can be imported.
    fn imports(&self, found: &[Found<'_>]) -> Adoption {
        let mut imports: BTreeMap<String, ImportedResource> = BTreeMap::new();
        let mut reasons = Vec::new();
        for one in found {
            match self.import(one) {
                Ok(wanted) => {
                    for import in wanted {
                        let clash = imports.values().any(|known| clash(known, &import));
                        if clash {
                            let help = format!(
                                "the template's keys and aliases belong together in another way: \
                                 say {}",
                                self.word("leave")
                            );
                            reasons.push(one.in_the_way(help));
                        }
                        imports.insert(import.logical_id.clone(), import);
                    }
                }
                Err(reason) => reasons.push(reason),
            }
        }
        if reasons.is_empty() {
            Adoption::Import(imports.into_values().collect())
        } else {
            Adoption::Block(reasons)
        }
    }

    /// What has to be imported for one thing: itself, and the key behind an alias.
    fn import(&self, one: &Found<'_>) -> Result<Vec<ImportedResource>, Reason> {
        let FoundResource { logical_id, wanted_name, existing } = one.found;
        if let ResourceOwner::Stack(_) = one.owner {
            return Err(self.foreign(one));
        }
        let Some(known) = AdoptableType::of(&existing.resource_type) else {
            return Err(one.in_the_way(format!("say {}", self.word("leave"))));
        };
        if known.once && known.named && wanted_name.as_ref() != Some(&existing.identifier) {
            return Err(one.in_the_way(self.another_name(logical_id, known, existing)));
        }
        let mut wanted = vec![ImportedResource {
            logical_id: logical_id.clone(),
            resource_type: existing.resource_type.clone(),
            identifier: BTreeMap::from([(
                known.identifier.to_owned(),
                existing.identifier.clone(),
            )]),
        }];
        if let Some(key) = self.template.key_of_alias(logical_id) {
            let Some(target_key) = &existing.target_key else {
                let help = format!(
                    "the alias has no key behind it: delete it, or say {}",
                    self.word("leave")
                );
                return Err(one.in_the_way(help));
            };
            wanted.push(ImportedResource {
                logical_id: key.to_owned(),
                resource_type: KEY_TYPE.to_owned(),
                identifier: BTreeMap::from([(KEY_IDENTIFIER.to_owned(), target_key.clone())]),
            });
        }
        for import in &wanted {
            if !self.survives(&import.logical_id) {
                let help = format!(
                    "AWS imports only what outlives its stack: add `DeletionPolicy: \
                     RetainExceptOnCreate` to {} in templates/{}, or say {}",
                    import.logical_id,
                    self.stack.template,
                    self.word("leave")
                );
                return Err(one.in_the_way(help));
            }
        }
        Ok(wanted)
    }

    /// A name cannot be changed: the template has to take the one that is there.
    fn another_name(
        &self,
        logical_id: &str,
        known: &AdoptableType,
        there: &ExistingResource,
    ) -> String {
        let name = &there.identifier;
        let resource = self.template.resources().get(logical_id);
        let property =
            resource.and_then(|resource| resource.value.get("Properties")?.get(known.identifier));
        // A parameter of its own, or one that counts only where it is given.
        let parameter = property
            .map(|property| property.pointer("/Fn::If/1").unwrap_or(property))
            .and_then(|property| property.get("Ref")?.as_str())
            .filter(|parameter| self.template.parameters().contains_key(*parameter));
        let give = match parameter {
            Some(parameter) => {
                format!("give it to the stack (`parameters: {{{parameter}: {name}}}`)")
            }
            None => format!("give it to {logical_id} in templates/{}", self.stack.template),
        };
        format!("its name cannot be changed: {give}, or say {}", self.word("leave"))
    }

    /// Whether the resource outlives its stack, as CloudFormation wants it to before it takes one over.
    fn survives(&self, logical_id: &str) -> bool {
        let resource = self.template.resources().get(logical_id);
        let policy = resource.and_then(|resource| resource.value.get("DeletionPolicy")?.as_str());
        match self.template.takeover(logical_id) {
            Takeover::ByIdentifier => policy.is_some(),
            Takeover::ByName => matches!(policy, Some("Retain" | "RetainExceptOnCreate")),
        }
    }
}

/// Whether two imports cannot both be: two things for one resource of the template, or one thing for two.
fn clash(one: &ImportedResource, other: &ImportedResource) -> bool {
    let same_place = one.logical_id == other.logical_id;
    let same_thing = one.resource_type == other.resource_type && one.identifier == other.identifier;
    same_place != same_thing
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
