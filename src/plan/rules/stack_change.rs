//! What a stack shall be, and how that differs from what it is.

use std::collections::BTreeMap;

use super::context::Context;
use super::resources::{self, Side};
use super::values;
use crate::cloud::MASK;
use crate::desired::DesiredStack;
use crate::model::Region;
use crate::observed::{DeployedTemplate, ObservedStack};
use crate::plan::step::{ParameterChange, StackChange};
use crate::plan::value::PlannedValue;
use crate::template::{Deployment, Template};

/// What a stack shall be; `seen` is what it is, if anything of that stays.
pub(super) fn stack_change(
    context: &Context<'_>,
    region: &Region,
    stack: &DesiredStack,
    template: &Template,
    mut parameters: BTreeMap<String, PlannedValue>,
    seen: Option<&ObservedStack>,
) -> StackChange {
    if let Some(seen) = seen {
        keep_hidden(&mut parameters, seen);
    }
    let parameter_changes =
        seen.map(|seen| parameter_changes(template, &parameters, seen)).unwrap_or_default();
    let deployment =
        |parameters| Deployment { stack: &stack.name, account: context.id(), region, parameters };
    let resources = match seen {
        None => {
            let known = values::known(&parameters);
            resources::made(Side { template, deployment: deployment(&known) })
        }
        Some(seen) => match deployed(template, seen, &parameter_changes) {
            None => Vec::new(),
            Some(deployed) => {
                let mut before = given(seen);
                let mut after = foreseen(&parameters, seen);
                hide([template, deployed], [&mut before, &mut after]);
                resources::differences(
                    Side { template: deployed, deployment: deployment(&before) },
                    Side { template, deployment: deployment(&after) },
                )
            }
        },
    };
    StackChange {
        stack: stack.name.clone(),
        template: stack.template.clone(),
        digest: template.digest().clone(),
        capabilities: template.capabilities().clone(),
        resources,
        parameter_changes,
        parameters,
    }
}

/// Marks the secrets for which the stack has a hidden value already. One that it has in the open was not hidden before,
/// and is not what stays.
fn keep_hidden(parameters: &mut BTreeMap<String, PlannedValue>, seen: &ObservedStack) {
    for (name, value) in parameters {
        if let PlannedValue::Secret { kept, .. } = value {
            *kept = seen.stack.parameters.get(name).is_some_and(|there| there.value == MASK);
        }
    }
}

/// The template that a stack was deployed with, if that is known and anything can differ: the wanted one stands for
/// a deployed one of equal digest.
fn deployed<'a>(
    template: &'a Template,
    seen: &'a ObservedStack,
    parameter_changes: &[ParameterChange],
) -> Option<&'a Template> {
    let deployed = match &seen.template {
        DeployedTemplate::Whole(deployed) => &**deployed,
        DeployedTemplate::Digest(digest) if digest == template.digest() => template,
        DeployedTemplate::Digest(_)
        | DeployedTemplate::Unreadable(_)
        | DeployedTemplate::NotRead => return None,
    };
    let is_same = deployed.digest() == template.digest() && parameter_changes.is_empty();
    (!is_same).then_some(deployed)
}

/// The values that a stack was deployed with.
fn given(seen: &ObservedStack) -> BTreeMap<String, Option<String>> {
    let parameters = seen.stack.parameters.iter();
    parameters.map(|(name, given)| (name.clone(), Some(given.value.clone()))).collect()
}

/// The values that it shall have, as far as they are known. One that is planned by its origin and is the one that is
/// there already is known.
fn foreseen(
    parameters: &BTreeMap<String, PlannedValue>,
    seen: &ObservedStack,
) -> BTreeMap<String, Option<String>> {
    let mut foreseen = values::known(parameters);
    for (name, value) in &mut foreseen {
        let there = seen.stack.parameters.get(name).map(|given| &given.value);
        let there = there.filter(|there| parameters.get(name).is_some_and(|it| it.is(there)));
        if value.is_none() {
            *value = there.cloned();
        }
    }
    foreseen
}

/// Forgets the values of parameters that either template hides: AWS tells them as `****`, and a plan tells none.
fn hide(templates: [&Template; 2], values: [&mut BTreeMap<String, Option<String>>; 2]) {
    let hidden = || {
        let parameters = templates.into_iter().flat_map(Template::parameters);
        parameters.filter(|(_, parameter)| parameter.no_echo).map(|(name, _)| name)
    };
    for values in values {
        hidden().for_each(|name| drop(values.insert(name.clone(), None)));
    }
}

/// The parameters whose value changes: by a new value, by a new default, by falling back to the default, or by
/// leaving the template. AWS masks `NoEcho` values, so those cannot be compared; a secret that the stack does not have
/// yet is a change.
fn parameter_changes(
    template: &Template,
    parameters: &BTreeMap<String, PlannedValue>,
    seen: &ObservedStack,
) -> Vec<ParameterChange> {
    let deployed = &seen.stack.parameters;
    let before = |name: &str| deployed.get(name).map(|parameter| parameter.value.clone());
    let is_new = |value: &PlannedValue| matches!(value, PlannedValue::Secret { kept: false, .. });
    let new_secrets = parameters.iter().filter(|(_, after)| is_new(after)).map(|(name, after)| {
        ParameterChange { name: name.clone(), before: None, after: Some(after.clone()) }
    });
    let declared = template.parameters().iter().filter(|(_, parameter)| !parameter.no_echo);
    let mut changes: Vec<_> = declared
        .filter_map(|(name, parameter)| {
            let default = || parameter.default.clone().map(PlannedValue::Known);
            let after = parameters.get(name).cloned().or_else(default)?;
            let same = before(name).is_some_and(|before| after.is(&before));
            (!same).then(|| ParameterChange {
                name: name.clone(),
                before: before(name),
                after: Some(after),
            })
        })
        .chain(new_secrets)
        .collect();
    let lost = deployed.keys().filter(|name| !template.parameters().contains_key(*name));
    changes.extend(lost.map(|name| ParameterChange {
        name: name.clone(),
        before: before(name),
        after: None,
    }));
    changes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cloud::{StackParameter, StackState};
    use crate::desired::{DesiredValue, SecretSource};
    use crate::document::Source;
    use crate::plan::Step;
    use crate::plan::rules::fixture::{World, word};
    use crate::plan::tree::Lane;
    use crate::template::Digest;

    const BUCKET: &str = "Parameters:\n  Name: {Type: String, Default: a}\n  Hidden: {Type: String, NoEcho: true, Default: secret}\n\
        Resources:\n  It:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub avm-${Name}\n      Tags:\n        \
        - {Key: hidden, Value: !Sub 'x-${Hidden}'}\n";

    /// The stack `avm-x` of a template, deployed as it is, with these values of `Name` and `Hidden`.
    fn deployed(text: &str, name: &str) -> World {
        let mut world = World::at_rest();
        world.with_stack("avm-x", "AWS::S3::Bucket");
        want(&mut world, text);
        world.deploy("avm-x");
        let seen = seen(&mut world);
        for (name, value) in [("Name", name), ("Hidden", "****")] {
            let value = StackParameter { value: value.to_owned() };
            seen.stack.parameters.insert(name.to_owned(), value);
        }
        world
    }

    fn want(world: &mut World, text: &str) {
        let template = Template::parse(&Source::new("avm-x.yaml", text)).unwrap();
        world.desired.templates.insert(word("avm-x.yaml"), Arc::new(template));
    }

    fn seen(world: &mut World) -> &mut ObservedStack {
        world.home().stacks.as_mut().unwrap().get_mut(&word("avm-x")).unwrap()
    }

    fn give(world: &mut World, name: &str, value: &str) {
        let value = DesiredValue::Literal(value.to_owned());
        world.wanted().stacks[0].parameters.insert(name.to_owned(), value);
    }

    /// `ID PATH` of everything that differs.
    fn told(lane: &Lane) -> Vec<String> {
        let changes = lane.steps.iter().filter_map(Step::stack_change);
        let resources = changes.flat_map(|change| &change.resources);
        resources
            .flat_map(|resource| {
                let id = &resource.logical_id;
                resource.properties.iter().map(move |property| format!("{id} {}", property.path))
            })
            .collect()
    }

    #[test]
    fn a_changed_parameter_of_the_same_template_is_told_by_what_it_changes() {
        let mut world = deployed(BUCKET, "a");
        give(&mut world, "Name", "a");
        assert_eq!(world.lane(), Lane::default());
        give(&mut world, "Name", "b");
        let lane = world.lane();
        assert_eq!(told(&lane), ["It BucketName"]);
        assert!(lane.steps[0].is_destructive());
        assert_eq!(lane.notes, [""; 0]);
    }

    #[test]
    fn a_new_default_counts_and_so_does_a_parameter_that_is_gone() {
        let mut world = deployed(BUCKET, "a");
        let template = Template::parse_deployed(&Source::new("t", BUCKET)).unwrap();
        seen(&mut world).template = DeployedTemplate::Whole(Arc::new(template));
        want(&mut world, &BUCKET.replace("Default: a", "Default: b"));
        assert_eq!(told(&world.lane()), ["It BucketName"]);
        let without = BUCKET.replace("  Name: {Type: String, Default: a}\n", "");
        want(&mut world, &without.replace("!Sub avm-${Name}", "avm-a"));
        let lane = world.lane();
        assert_eq!((told(&lane), lane.steps.len()), (Vec::new(), 1));
    }

    #[test]
    fn a_hidden_value_is_in_no_plan_even_if_it_was_not_hidden_before() {
        let mut world = deployed(BUCKET, "a");
        give(&mut world, "Name", "b");
        let open = BUCKET.replace(", NoEcho: true", "").replace("x-", "y-");
        let template = Template::parse_deployed(&Source::new("t", &open)).unwrap();
        let seen = seen(&mut world);
        seen.template = DeployedTemplate::Whole(Arc::new(template));
        seen.stack.parameters.get_mut("Hidden").unwrap().value = "secret".to_owned();
        let lane = world.lane();
        assert_eq!(told(&lane), ["It BucketName", "It Tags[hidden].Value"]);
        assert!(!serde_json::to_string(&lane).unwrap().contains("secret"));
    }

    #[test]
    fn a_secret_is_no_difference_and_stays_unless_the_stack_has_it_in_the_open() {
        let mut world = deployed(BUCKET, "a");
        let secret = SecretSource {
            variable: "DB_PASSWORD".parse().unwrap(),
            place: "baselines/standard.yaml:1:1".to_owned(),
        };
        let hidden = DesiredValue::Secret(secret);
        world.wanted().stacks[0].parameters.insert("Hidden".to_owned(), hidden);
        assert_eq!(world.lane(), Lane::default());

        give(&mut world, "Name", "b");
        for (there, kept, changes) in [("****", true, 1), ("in the open", false, 2)] {
            let there = StackParameter { value: there.to_owned() };
            seen(&mut world).stack.parameters.insert("Hidden".to_owned(), there);
            let lane = world.lane();
            let change = lane.steps[0].stack_change().unwrap();
            let planned = PlannedValue::Secret { variable: "DB_PASSWORD".parse().unwrap(), kept };
            assert_eq!(change.parameters["Hidden"], planned);
            assert_eq!(change.parameter_changes.len(), changes);
            assert!(!serde_json::to_string(&lane).unwrap().contains("in the open"));
        }
    }

    #[test]
    fn a_template_that_could_not_be_read_tells_of_no_resource() {
        for template in [
            DeployedTemplate::Unreadable("no".to_owned()),
            DeployedTemplate::Digest(Digest::of_text("another")),
        ] {
            let mut world = deployed(BUCKET, "a");
            give(&mut world, "Name", "b");
            seen(&mut world).template = template;
            let lane = world.lane();
            assert_eq!((told(&lane), lane.steps.len()), (Vec::new(), 1));
        }
    }

    #[test]
    fn an_operation_under_way_is_compared_and_a_failed_creation_is_made_whole() {
        let mut world = deployed(BUCKET, "a");
        give(&mut world, "Name", "b");
        seen(&mut world).stack.state = StackState::UpdateInProgress;
        assert_eq!(told(&world.lane()), ["It BucketName"]);
        seen(&mut world).stack.state = StackState::RollbackComplete;
        let lane = world.lane();
        let change = lane.steps[0].stack_change().unwrap();
        assert_eq!(change.resources[0].action, crate::plan::Action::Create);
        assert!(change.resources[0].properties.is_empty() && change.parameter_changes.is_empty());
    }

    #[test]
    fn the_address_of_a_template_that_is_there_already_is_no_change() {
        let text = "Parameters:\n  Url: {Type: String}\n  Name: {Type: String, Default: a}\nResources:\n  It:\n    \
                    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: !Ref Url, TimeoutInMinutes: !Ref Name}\n";
        let mut world = deployed(text, "1");
        let file = world.wanted().stacks[0].template.clone();
        let value = DesiredValue::TemplateUrl(file.clone());
        world.wanted().stacks[0].parameters.insert("Url".to_owned(), value);
        give(&mut world, "Name", "2");
        let key = crate::plan::artifact_key(&file, world.desired.templates[&file].digest());
        let there = StackParameter { value: format!("https://bucket.s3.amazonaws.com/{key}") };
        seen(&mut world).stack.parameters.insert("Url".to_owned(), there);
        assert_eq!(told(&world.lane()), ["It TimeoutInMinutes"]);
        let elsewhere = StackParameter { value: "https://bucket.s3.amazonaws.com/x".to_owned() };
        seen(&mut world).stack.parameters.insert("Url".to_owned(), elsewhere);
        assert_eq!(told(&world.lane()), ["It TemplateURL", "It TimeoutInMinutes"]);
    }

    #[test]
    fn a_protected_account_is_told_what_an_update_costs_it() {
        let mut world = deployed(BUCKET, "a");
        give(&mut world, "Name", "b");
        world.wanted().protected = true;
        let lane = world.lane();
        assert_eq!(lane.notes, ["stack avm-x loses a resource in a protected account"]);
        assert!(matches!(lane.steps[..], [Step::UpdateStack(_)]));
    }
}
