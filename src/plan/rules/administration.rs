//! Services that work for the whole organization, and the accounts that administer them.

use super::context::Context;
use super::settings::region_setting;
use super::stack::will_be_made;
use crate::desired::{AdministeredService, DesiredStack, DesiredState};
use crate::model::{AccountId, Region, RegionSetting, SecurityService};
use crate::observed::ObservedState;
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{AccountPlan, Blocked, Lane};

/// Plans that the organization trusts services. Services that it trusts beside those are left alone.
pub(in crate::plan) fn trusted_access(
    desired: &DesiredState,
    observed: &ObservedState,
) -> (Vec<Step>, Vec<Blocked>) {
    let wanted = desired.trusted_services.iter().filter(|_| desired.settings_selected);
    let step = |service: &_| Step::TrustService { service: Clone::clone(service) };
    match &observed.trusted_services {
        Ok(trusted) => {
            let missing = wanted.filter(|service| !trusted.contains(*service));
            (missing.map(step).collect(), Vec::new())
        }
        Err(error) => {
            let unknown = wanted.map(|service| Blocked {
                subject: step(service).to_string(),
                reason: Reason::Unreadable(error.clone()),
            });
            (Vec::new(), unknown.collect())
        }
    }
}

/// Plans that Organizations registers the account as an administrator.
pub(super) fn registrations(context: &Context<'_>, planned: &mut AccountPlan) {
    for service in services(context) {
        for principal in service.principals() {
            let seen = context.observed.delegated_administrators.get(&principal);
            let step = Step::RegisterAdministrator { service: principal };
            let reason = match seen {
                Some(Err(error)) => Reason::Unreadable(error.clone()),
                Some(Ok(known)) if context.id().is_some_and(|id| known.contains(id)) => continue,
                _ if context.is_management() => Reason::ManagementAccount,
                Some(Ok(known)) if known.len() >= service.most_administrators() => {
                    match known.first() {
                        Some(other) => Reason::OtherAdministrator(other.clone()),
                        None => continue,
                    }
                }
                None | Some(Ok(_)) => {
                    planned.steps.push(step);
                    continue;
                }
            };
            planned.blocked.push(Blocked { subject: step.to_string(), reason });
        }
    }
}

/// The services for which something has to be done in each region, and the stack after which it is: the one that
/// turns the service on in the account. AWS would turn it on by itself otherwise, and the stack would collide.
pub(super) fn duties<'a>(
    context: &Context<'a>,
    region: &Region,
) -> Vec<(SecurityService, Option<&'a DesiredStack>)> {
    if !context.governs(region) {
        return Vec::new();
    }
    [SecurityService::GuardDuty, SecurityService::SecurityHub]
        .into_iter()
        .filter(|service| appoints(context, *service) || configuration(context, *service).is_some())
        .map(|service| (service, maker(context, region, service)))
        .collect()
}

/// Plans that the account administers a service in a region, and what it then does about the other accounts.
pub(super) fn duty(
    context: &Context<'_>,
    region: &Region,
    service: SecurityService,
    maker: Option<&DesiredStack>,
    lane: &mut Lane,
) {
    let appointed =
        context.id().is_some() && administrator(context, region, service) == context.id();
    let readable = context.stacks_unreadable(region).is_none();
    // A stack of a region whose stacks nobody could read may be there, or not.
    let made =
        maker.filter(|maker| will_be_made(context, region, maker) && (readable || !appointed));
    let missing = made.and_then(|maker| unmade(maker, service, lane));
    // A detector that the lane leaves alone is as it was seen.
    let mut unknown = made.is_some_and(|maker| is_made(maker, lane));
    let mut block = |subject: String, reason: &Reason| {
        lane.blocked.push(Blocked { subject, reason: reason.clone() });
    };
    let setting = configuration(context, service);
    if appoints(context, service) && !appointed {
        let step = Step::SetServiceAdministrator { service };
        if let Some(reason) = missing.or_else(|| refusal(context, region, service)) {
            block(step.to_string(), &reason);
            if let Some(setting) = setting {
                block(setting.kind().to_string(), &reason);
            }
            return;
        }
        lane.steps.push(step);
        unknown = true;
    } else if let (Some(reason), Some(setting)) = (missing, setting) {
        block(setting.kind().to_string(), &reason);
        return;
    }
    if let Some(setting) = setting {
        // Whoever is not the administrator yet cannot ask.
        let seen = context.region(region).filter(|_| !unknown);
        region_setting(setting, seen.and_then(|seen| seen.settings.get(&setting.kind())), lane);
    }
}

/// Whether the lane, as far as it is planned, makes the stack.
fn is_made(maker: &DesiredStack, lane: &Lane) -> bool {
    lane.steps.iter().any(|step| step.stack() == Some(&maker.name))
}

/// The services that the files give to this account.
fn services<'a>(context: &Context<'a>) -> impl Iterator<Item = AdministeredService> + 'a {
    let Context { desired, account, .. } = *context;
    desired
        .administrators
        .iter()
        .filter(|(_, name)| desired.settings_selected && **name == account.name)
        .map(|(service, _)| *service)
}

fn appoints(context: &Context<'_>, service: SecurityService) -> bool {
    services(context).any(|administered| administered.regional() == Some(service))
}

/// What the baseline says about the other accounts' use of a service.
fn configuration<'a>(context: &Context<'a>, service: SecurityService) -> Option<&'a RegionSetting> {
    let mut settings = context.account.region_settings.iter();
    settings.find(|setting| match setting {
        RegionSetting::GuardDutyOrganization(_) => service == SecurityService::GuardDuty,
        RegionSetting::InstanceMetadata(_)
        | RegionSetting::ImagePublicAccess(_)
        | RegionSetting::SnapshotPublicAccess(_)
        | RegionSetting::SerialConsole(_) => false,
    })
}

/// The stack that turns the service on in the region.
fn maker<'a>(
    context: &Context<'a>,
    region: &Region,
    service: SecurityService,
) -> Option<&'a DesiredStack> {
    context.account.stacks.iter().find(|stack| {
        stack.regions.contains(region)
            && context.desired.templates.get(&stack.template).is_some_and(|template| {
                let mut resources = template.resources().values();
                resources.any(|resource| resource.resource_type == service.resource_type())
            })
    })
}

fn administrator<'a>(
    context: &Context<'a>,
    region: &Region,
    service: SecurityService,
) -> Option<&'a AccountId> {
    let seen = context.observed.service_administrators.get(&(region.clone(), service))?;
    seen.as_ref().ok()?.as_ref()
}

/// Why the account cannot be appointed.
fn refusal(context: &Context<'_>, region: &Region, service: SecurityService) -> Option<Reason> {
    match context.observed.service_administrators.get(&(region.clone(), service)) {
        Some(Err(error)) => Some(Reason::Unreadable(error.clone())),
        Some(Ok(Some(known))) if Some(known) == context.id() => None,
        _ if context.is_management() => Some(Reason::ManagementAccount),
        Some(Ok(Some(other))) => Some(Reason::OtherAdministrator(other.clone())),
        Some(Ok(None)) | None => None,
    }
}

/// Why the stack that turns the service on is not made, unless that is because the service is on already.
fn unmade(maker: &DesiredStack, service: SecurityService, lane: &Lane) -> Option<Reason> {
    let subject = format!("stack {}", maker.name);
    let blocked = lane
        .blocked
        .iter()
        .find(|blocked| blocked.subject == subject || blocked.subject == "stacks")?;
    let on_already = matches!(
        &blocked.reason,
        Reason::AlreadyThere { resource_type, .. } if resource_type == service.resource_type()
    );
    (!on_already).then(|| blocked.reason.clone())
}

#[cfg(test)]
mod tests;
