//! Services that work for the whole organization: told, and read back.

use super::run::Run;
use super::steps::{Done, StepResult};
use super::wait::until_seen;
use crate::cloud::CloudWriter;
use crate::model::{AccountId, SecurityService, ServicePrincipal, Target};

/// Lets a service work in all accounts.
pub(super) async fn trust<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    service: &ServicePrincipal,
) -> StepResult {
    run.cloud.trust_service(service).await?;
    until_seen("the organization did not come to trust the service", async || {
        let trusted = run.cloud.trusted_services().await?;
        Ok(seen(trusted.contains(service), || list(&trusted)))
    })
    .await?;
    Ok(Done::Changed)
}

/// Makes an account the administrator of a service.
pub(super) async fn register<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    account: &AccountId,
    service: &ServicePrincipal,
) -> StepResult {
    run.cloud.register_delegated_administrator(account, service).await?;
    until_seen("the account did not become the administrator", async || {
        let administrators = run.cloud.delegated_administrators(service).await?;
        Ok(seen(administrators.contains(account), || list(&administrators)))
    })
    .await?;
    Ok(Done::Changed)
}

/// Makes an account the administrator of a service in a region.
pub(super) async fn appoint<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    target: &Target,
    service: SecurityService,
) -> StepResult {
    run.cloud.set_service_administrator(&target.region, service, &target.account).await?;
    until_seen("the account did not become the administrator", async || {
        let administrator = run.cloud.service_administrator(&target.region, service).await?;
        Ok(seen(administrator.as_ref() == Some(&target.account), || list(&administrator)))
    })
    .await?;
    Ok(Done::Changed)
}

/// What a look back says: that it is there, or what is there instead.
fn seen(there: bool, instead: impl FnOnce() -> String) -> Result<(), String> {
    if there { Ok(()) } else { Err(instead()) }
}

fn list<T: ToString>(seen: impl IntoIterator<Item = T>) -> String {
    let seen: Vec<_> = seen.into_iter().map(|item| item.to_string()).collect();
    if seen.is_empty() {
        "there is none".to_owned()
    } else {
        format!("there is {}", seen.join(", "))
    }
}
