//! The account as a whole: made or awaited, in its place, tagged, then what it administers and is set to.

use std::collections::BTreeMap;

use super::context::Context;
use super::{administration, opt_in, settings};
use crate::cloud::NewAccount;
use crate::model::{OuPath, ParentId};
use crate::observed::{ObservedAccount, PresentAccount};
use crate::plan::reason::Reason;
use crate::plan::step::Step;
use crate::plan::tree::{AccountPlan, Blocked};

/// Adds the account's own steps to its plan; answers whether there is, or will be, an account.
pub(in crate::plan) fn account_steps(context: &Context<'_>, planned: &mut AccountPlan) -> bool {
    identity(context, planned);
    if !planned.blocked.is_empty() {
        return false;
    }
    administration::registrations(context, planned);
    opt_in::regions(context, planned);
    settings::account_settings(context, planned);
    true
}

/// The account itself: that it is there, and the one that was meant.
fn identity(context: &Context<'_>, planned: &mut AccountPlan) {
    let account = context.account;
    let management = &context.observed.organization.management_account;
    match context.seen {
        Some(ObservedAccount::Present(present))
            if account.management && present.id != *management =>
        {
            planned.blocked.push(Blocked {
                subject: format!("account {} <{}>", account.name, account.email),
                reason: Reason::NoManagementAccount,
            });
        }
        Some(ObservedAccount::Present(present)) => {
            if context.is_management() && !account.management {
                let note = "this is the management account: say `management: true`";
                planned.notes.push(note.to_owned());
            }
            place(context, &present.parent, &mut planned.steps);
            tag(context, present, &mut planned.steps);
            if present.name != account.name.as_str() {
                planned.notes.push(format!("AWS knows this account as {:?}", present.name));
            }
        }
        // AWS makes management accounts only together with their organization.
        _ if account.management => planned.blocked.push(Blocked {
            subject: format!("account {} <{}>", account.name, account.email),
            reason: Reason::NoManagementAccount,
        }),
        Some(ObservedAccount::Absent { request: Some(request) }) => {
            planned.steps.push(Step::AwaitAccount {
                request: request.id.clone(),
                email: account.email.clone(),
            });
            place(context, &context.observed.organization.root, &mut planned.steps);
        }
        _ => {
            planned.steps.push(Step::CreateAccount(NewAccount {
                name: account.name.clone(),
                email: account.email.clone(),
                role: context.desired.organization.access_role.clone(),
                tags: account.tags.clone(),
            }));
            place(context, &context.observed.organization.root, &mut planned.steps);
        }
    }
}

/// An account is born in the root. It is moved before its baseline comes, so that the policies of its unit hold
/// from then on.
fn place(context: &Context<'_>, parent: &ParentId, steps: &mut Vec<Step>) {
    let (nodes, to) = (&context.observed.nodes, &context.account.ou);
    let to_id = nodes.get(to);
    if to_id == Some(parent) || context.is_management() {
        return;
    }
    let from: Option<OuPath> =
        nodes.iter().find(|(_, id)| *id == parent).map(|(path, _)| path.clone());
    steps.push(Step::MoveAccount {
        from,
        from_id: parent.clone(),
        to: to.clone(),
        to_id: to_id.cloned(),
    });
}

fn tag(context: &Context<'_>, present: &PresentAccount, steps: &mut Vec<Step>) {
    let wanted = context.account.tags.iter();
    let set: BTreeMap<_, _> = wanted
        .filter(|(key, value)| present.tags.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if set.is_empty() {
        return;
    }
    let before =
        set.keys().filter_map(|key| Some((key.clone(), present.tags.get(key)?.clone()))).collect();
    steps.push(Step::TagAccount { set, before });
}
