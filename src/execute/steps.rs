//! One step: the match that says who does it.

use super::event::Location;
use super::report::StepError;
use super::run::{Replan, Run};
use super::{account, administration, import, settings, stack, values, vpc, wait};
use crate::cloud::{CloudError, CloudWriter, ErrorKind};
use crate::model::{AccountId, KeyArn, OuPath, ParentId, Target};
use crate::plan::{PlannedValue, Step};

/// How a step ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// Something changed.
    Changed,
    /// There was nothing left to do.
    Unchanged,
    /// AWS has finished what it was at: what is ahead has to be planned again.
    LookAgain,
    /// It was not done, for no fault of anything: a later run does it. Why.
    Postponed(&'static str),
}

/// What a step comes to.
pub(super) type StepResult = Result<Done, StepError>;

/// Does one step.
pub(super) async fn perform<C: CloudWriter, R: Replan>(
    run: &Run<'_, C, R>,
    at: &Location,
    step: &Step,
) -> StepResult {
    match step {
        Step::CreateOrganizationalUnit { path, parent } => {
            create_unit(run, path, parent.as_ref()).await
        }
        Step::CreateAccount(new) => account::create(run, at, new).await,
        Step::AwaitAccount { request, email } => account::follow(run, at, request, email).await,
        Step::MoveAccount { from_id, to, to_id, .. } => {
            let to = to_id.clone().or_else(|| run.unit(to)).ok_or_else(|| missing_unit(to))?;
            run.cloud.move_account(&account_id(run, at)?, from_id, &to).await?;
            Ok(Done::Changed)
        }
        Step::TagAccount { set, .. } => {
            run.cloud.tag_account(&account_id(run, at)?, set).await?;
            Ok(Done::Changed)
        }
        Step::DeleteDefaultVpc { vpc, parts } => {
            vpc::delete(run, &target(run, at)?, vpc.as_ref(), parts).await
        }
        Step::EncryptEbsByDefault { key, .. } => encrypt_ebs(run, &target(run, at)?, key).await,
        Step::CreateStack(change) => stack::create(run, at, &target(run, at)?, change).await,
        Step::UpdateStack(change) => stack::update(run, at, &target(run, at)?, change).await,
        Step::RecreateStack { change, .. } => {
            stack::recreate(run, at, &target(run, at)?, change).await
        }
        Step::AwaitStack { change, .. } => {
            stack::settle(run, at, &target(run, at)?, &change.stack).await
        }
        Step::ProtectStack { stack } => {
            run.cloud.protect_stack(&target(run, at)?, stack, true).await?;
            Ok(Done::Changed)
        }
        Step::ImportStack { change, imports, replaces } => {
            let target = target(run, at)?;
            // Boxed, since it is rare and big: every step would carry its size otherwise.
            Box::pin(import::import(run, at, &target, change, imports, *replaces)).await
        }
        Step::TrustService { service } => administration::trust(run, service).await,
        Step::RegisterAdministrator { service } => {
            administration::register(run, &account_id(run, at)?, service).await
        }
        Step::SetServiceAdministrator { service } => {
            administration::appoint(run, &target(run, at)?, *service).await
        }
        Step::EnableRegion { region } => {
            settings::enable_region(run, &account_id(run, at)?, region).await
        }
        Step::ChangeAccountSetting { setting, .. } => {
            settings::change_account(run, at, &account_id(run, at)?, setting).await
        }
        Step::ChangeRegionSetting { setting, .. } => {
            settings::change_region(run, at, &target(run, at)?, setting).await
        }
    }
}

async fn create_unit<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    path: &OuPath,
    parent: Option<&ParentId>,
) -> StepResult {
    let above = path.parent().unwrap_or_else(OuPath::root);
    let parent =
        parent.cloned().or_else(|| run.unit(&above)).ok_or_else(|| missing_unit(&above))?;
    let name = path.name().unwrap_or_default();
    let id = run.cloud.create_organizational_unit(&parent, name).await?;
    run.unit_made(path, id);
    Ok(Done::Changed)
}

/// The key first, encryption second, so that no volume is ever encrypted with AWS's own key; then both are read
/// back, because EC2 checks the key later than it answers.
async fn encrypt_ebs<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    key: &PlannedValue,
) -> StepResult {
    let key = usable_key(run, target, key).await?;
    run.cloud.set_default_ebs_key(target, &key).await?;
    run.cloud.enable_ebs_encryption(target).await?;
    wait::until_seen("EBS did not take the key", async || {
        let ebs = run.cloud.ebs_encryption(target).await?;
        if ebs.uses(&key) {
            return Ok(Ok(()));
        }
        let used = ebs.key.as_deref().unwrap_or("no key");
        Ok(Err(format!("encryption is {}, with {used}", if ebs.enabled { "on" } else { "off" })))
    })
    .await?;
    Ok(Done::Changed)
}

async fn usable_key<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    key: &PlannedValue,
) -> Result<KeyArn, StepError> {
    let reference = values::key(run, target, key).await?;
    let missing = |why: String| StepError::MissingValue { what: format!("key {reference}"), why };
    match run.cloud.key(target, &reference).await? {
        None => Err(missing("there is no such key".to_owned())),
        Some(key) => match key.unusable_for_ebs(&target.region) {
            Some(why) => Err(missing(why)),
            None => Ok(key.arn),
        },
    }
}

/// The account that a step is about: it exists by now.
pub(super) fn account_id<C, R>(run: &Run<'_, C, R>, at: &Location) -> Result<AccountId, StepError> {
    at.account.as_ref().and_then(|name| run.account(name)).ok_or_else(|| {
        let missing = "the account's id is not known";
        CloudError::new(ErrorKind::NotFound, "avm", "NoAccount", missing).into()
    })
}

fn target<C, R>(run: &Run<'_, C, R>, at: &Location) -> Result<Target, StepError> {
    let account = account_id(run, at)?;
    let region = at.region.clone().ok_or_else(|| StepError::MissingValue {
        what: "region".to_owned(),
        why: "the step stands outside a region".to_owned(),
    })?;
    Ok(Target { account, region })
}

fn missing_unit(path: &OuPath) -> StepError {
    StepError::MissingValue {
        what: format!("organizational unit {path}"),
        why: "it could not be made".to_owned(),
    }
}
