//! A connection to the organization that the files pin, and to no other.

use super::failure::Failure;
use super::run::Context;
use crate::cloud::{CloudProvider, CloudReader as _, Connection, Organization, Protection};
use crate::desired::DesiredState;
use crate::model::{Email, RoleName};

/// The command under which AWS is looked at, whatever command looks.
pub(super) const LOOKING: &str = "plan";

/// The command under which CloudFormation is asked with change sets, whatever command asks. Those are writes.
pub(super) const ASKING: &str = "preview";

/// A cloud whose organization has been checked.
#[derive(Debug)]
pub(super) struct Session<C> {
    /// The cloud.
    pub(super) cloud: C,
    /// Its organization: the one that the files pin.
    pub(super) organization: Organization,
}

/// Connects, and refuses any organization but the pinned one, and any caller but its management account. Nothing
/// else is called before.
///
/// `everything` is what the files say, without any selection; `run` and `command` are for the names of the sessions
/// in member accounts, and `protection` says what those may not do. For [`LOOKING`] AWS gives sessions that may only read; in the management
/// account the caller's own credentials count.
pub(super) async fn connect<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    run: &str,
    command: &'static str,
    protection: Protection,
) -> Result<Session<P::Cloud>, Failure> {
    let role = &everything.organization.access_role;
    connect_by(context, everything, role, run, command, protection).await
}

/// The same, in order to look and for nothing else: by the role that the files have for plans, if they have one.
///
/// Not for runs that change something afterwards. They enter accounts by the other role anyway, and an account that
/// they have just made has no role for plans yet.
pub(super) async fn connect_to_plan<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    run: &str,
) -> Result<Session<P::Cloud>, Failure> {
    let role = everything.plan_role.as_ref().unwrap_or(&everything.organization.access_role);
    connect_by(context, everything, role, run, LOOKING, Protection::default()).await
}

async fn connect_by<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    role: &RoleName,
    run: &str,
    command: &'static str,
    protection: Protection,
) -> Result<Session<P::Cloud>, Failure> {
    let pin = &everything.organization;
    let connection = Connection {
        organization: pin.id.clone(),
        management_account: pin.management_account.clone(),
        management_email: management_email(everything),
        access_role: role.clone(),
        home: everything.home.clone(),
        run: run.to_owned(),
        command,
        protection,
    };
    tracing::Span::current().record("organization", pin.id.as_str());
    let cloud = context.provider.connect(&connection).await?;
    let organization = cloud.organization().await?;
    verify(everything, &organization)?;
    Ok(Session { cloud, organization })
}

fn verify(everything: &DesiredState, found: &Organization) -> Result<(), Failure> {
    let pin = &everything.organization;
    let mismatch = if found.id != pin.id {
        format!(
            "the credentials belong to organization {}, and landing-zone.yaml is about {}",
            found.id, pin.id
        )
    } else if found.management_account != pin.management_account {
        format!(
            "the management account of {} is {}, and landing-zone.yaml says {}",
            found.id, found.management_account, pin.management_account
        )
    } else if found.caller != pin.management_account {
        format!(
            "the credentials belong to account {}, and not to the management account {}",
            found.caller, pin.management_account
        )
    } else {
        return Ok(());
    };
    Err(Failure::new(mismatch).hint("nothing was read or changed; check AWS_PROFILE and -C"))
}

fn management_email(everything: &DesiredState) -> Option<Email> {
    let management = everything.accounts.values().find(|account| account.management)?;
    Some(management.email.clone())
}
