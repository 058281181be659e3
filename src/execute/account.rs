//! An account: made once, followed until it is there, probed until it is usable.

use super::event::Location;
use super::report::StepError;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::wait::{Look, Pace, poll};
use crate::cloud::{
    AccountRequestId, CloudError, CloudWriter, ErrorKind, NewAccount, RequestState,
};
use crate::model::{AccountId, Email};

/// Makes an account and waits until it can be used.
pub(super) async fn create<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    new: &NewAccount,
) -> StepResult {
    let id = {
        let _slot = run.creations.acquire().await;
        run.progress(at, "asking AWS for the account");
        let request = requested(run, at, new).await?;
        created(run, at, &request, &new.email).await?
    };
    ready(run, at, &id).await
}

/// Waits for an account that an interrupted run has asked for, and until it can be used.
pub(super) async fn follow<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    request: &AccountRequestId,
    email: &Email,
) -> StepResult {
    let id = {
        // AWS counts it among those that it makes at the same time.
        let _slot = run.creations.acquire().await;
        created(run, at, request, email).await?
    };
    ready(run, at, &id).await
}

/// Asks for the account, once. A throttle means that nothing was asked yet: other tools make accounts, too.
async fn requested<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    new: &NewAccount,
) -> Result<AccountRequestId, StepError> {
    poll(Pace::ACCOUNT_CREATION, "AWS did not take the request", async || {
        match run.cloud.create_account(new).await {
            Ok(request) => Ok(Look::There(request.id)),
            Err(error) if error.kind == ErrorKind::Throttled => {
                run.progress(
                    at,
                    format!("AWS has no room for another account yet: {}", error.code),
                );
                Ok(Look::NotYet(error.to_string()))
            }
            // Nobody knows whether the request arrived. AWS does: it lists what it was asked for.
            Err(error) if error.kind == ErrorKind::Unavailable => {
                lost_request(run, new, error).await.map(Look::There)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// The request whose answer was lost: one of this name that is under way, or that has made an account of this
/// e-mail address. If AWS knows of none, the request has not arrived and the error stands.
async fn lost_request<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    new: &NewAccount,
    error: CloudError,
) -> Result<AccountRequestId, StepError> {
    for request in run.cloud.account_requests().await? {
        let ours = request.name == new.name.as_str()
            && match &request.state {
                RequestState::InProgress => true,
                RequestState::Failed(_) => false,
                RequestState::Succeeded(id) => {
                    run.cloud.account(id).await?.is_some_and(|made| made.belongs_to(&new.email))
                }
            };
        if ours {
            return Ok(request.id);
        }
    }
    Err(error.into())
}

/// Waits until the account exists, and makes sure that it is the one that was meant: a request remembers the
/// account's name, but not its e-mail address.
async fn created<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    request: &AccountRequestId,
    email: &Email,
) -> Result<AccountId, StepError> {
    let id = poll(Pace::ACCOUNT_CREATION, "AWS did not finish the account", async || {
        match run.cloud.account_request(request).await?.state {
            RequestState::Succeeded(account) => Ok(Look::There(account)),
            RequestState::Failed(reason) => Err(refused(run, reason, email).await),
            RequestState::InProgress => {
                run.progress(at, "AWS is making the account");
                Ok(Look::NotYet("IN_PROGRESS".to_owned()))
            }
        }
    })
    .await?;
    poll(Pace::READ_BACK, "the organization did not tell of the account", async || {
        match run.cloud.account(&id).await? {
            Some(made) if made.belongs_to(email) => Ok(Look::There(())),
            Some(made) => Err(StepError::Changed(format!(
                "request {} has made account {id} with the e-mail address {}, not {email}",
                request.0, made.email
            ))),
            None => Ok(Look::NotYet(format!("{id} is not in the organization"))),
        }
    })
    .await?;
    Ok(id)
}

/// What AWS has refused an account for. If the address belongs to an account of this organization, it does so since the
/// plan was made: then another run, or somebody else, was faster, and nobody has agreed to change that account.
async fn refused<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    reason: String,
    email: &Email,
) -> StepError {
    if reason != "EMAIL_ALREADY_EXISTS" {
        return StepError::AccountRefused { reason };
    }
    match belonging_to(run.cloud, email).await {
        Ok(Some(id)) => StepError::Changed(format!(
            "{reason}: account {id} has the e-mail address {email} by now: another run, or somebody else, has made \
             it meanwhile; run again to bring it to its baseline"
        )),
        // Whoever has it is not here, or nobody can say: what AWS says stands.
        Ok(None) | Err(_) => StepError::AccountRefused { reason },
    }
}

async fn belonging_to<C: CloudWriter>(
    cloud: &C,
    email: &Email,
) -> Result<Option<AccountId>, CloudError> {
    let mut page = cloud.accounts(None).await?;
    loop {
        if let Some(found) = page.accounts.iter().find(|account| account.belongs_to(email)) {
            return Ok(Some(found.id.clone()));
        }
        let Some(next) = page.next else { return Ok(None) };
        page = cloud.accounts(Some(&next)).await?;
    }
}

async fn ready<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    id: &AccountId,
) -> StepResult {
    if let Some(name) = &at.account {
        run.account_made(name, id);
    }
    usable(run, at, id).await?;
    Ok(Done::Changed)
}

/// An account that exists cannot be used at once: its role, then its services, appear one by one. Two answers in
/// a row are wanted, since the first may come from a part of AWS that is ahead of the others.
async fn usable<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    id: &AccountId,
) -> Result<(), StepError> {
    let mut answers = 0;
    poll(Pace::READINESS, "the account did not become usable", async || {
        match run.cloud.probe(id).await {
            Ok(()) => {
                answers += 1;
                Ok(if answers >= 2 {
                    Look::There(())
                } else {
                    Look::Almost("one answer".to_owned())
                })
            }
            Err(error) if passes(error.kind) => {
                answers = 0;
                run.progress(at, format!("waiting until the account can be used: {}", error.code));
                Ok(Look::NotYet(error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Whether an error of a new account may pass with time.
fn passes(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Denied
        | ErrorKind::NotReady
        | ErrorKind::NotFound
        | ErrorKind::Throttled
        | ErrorKind::Unavailable => true,
        ErrorKind::Conflict | ErrorKind::Credentials | ErrorKind::Refused => false,
    }
}
