//! Which resources of a template differ from those of a deployed one.

use crate::observed::DeployedTemplate;
use crate::plan::action::Action;
use crate::plan::step::ResourceChange;
use crate::template::{Deployment, Template};

/// The resources that appear, change or disappear. None for a deployed template that is the same or cannot be
/// compared; all of them for a stack that is still to be made. One whose condition is known to fail in this
/// deployment does not appear.
pub(super) fn changes(
    template: &Template,
    deployment: Deployment<'_>,
    deployed: Option<&DeployedTemplate>,
) -> Vec<ResourceChange> {
    match deployed {
        None => template
            .resources()
            .iter()
            .filter(|(id, _)| template.may_make(id, deployment))
            .map(|(id, resource)| change(id, &resource.resource_type, Action::Create))
            .collect(),
        Some(DeployedTemplate::Whole(deployed)) => compare(template, deployment, deployed),
        Some(
            DeployedTemplate::Digest(_)
            | DeployedTemplate::Unreadable(_)
            | DeployedTemplate::NotRead,
        ) => Vec::new(),
    }
}

fn compare(
    wanted: &Template,
    deployment: Deployment<'_>,
    deployed: &Template,
) -> Vec<ResourceChange> {
    let mut changes: Vec<_> = wanted
        .resources()
        .iter()
        .filter_map(|(id, resource)| {
            let action = match deployed.resources().get(id) {
                None if !wanted.may_make(id, deployment) => return None,
                None => Action::Create,
                // CloudFormation refuses to change a resource's type: it is deleted and made anew.
                Some(before) if before.resource_type != resource.resource_type => Action::Replace,
                Some(before) if before.value != resource.value => Action::Update,
                Some(_) => return None,
            };
            Some(change(id, &resource.resource_type, action))
        })
        .collect();
    let lost = deployed.resources().iter().filter(|(id, _)| !wanted.resources().contains_key(*id));
    changes.extend(lost.map(|(id, resource)| change(id, &resource.resource_type, Action::Delete)));
    changes.sort();
    changes
}

fn change(logical_id: &str, resource_type: &str, action: Action) -> ResourceChange {
    ResourceChange {
        logical_id: logical_id.to_owned(),
        resource_type: resource_type.to_owned(),
        action,
    }
}
