//! Accounts coming to be: requests, roles, readiness, regions.

use std::collections::{BTreeMap, BTreeSet};

use super::call::Call;
use super::guardduty;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Account, Due, Readiness, Request, World};
use crate::cloud::{
    AccountRequest, AccountRequestId, ErrorKind, NEWBORN, NewAccount, Protection, RequestState,
    Result,
};
use crate::model::{AccountId, AccountState, Region, RoleName, Target};

/// AWS takes so many requests at a time (organizations quotas).
const CONCURRENT_CREATIONS: usize = 5;
/// AWS allows so many tags on an account (organizations quotas).
pub(super) const MAX_TAGS: usize = 50;

pub(super) async fn create(aws: &SimulatedCloud, account: &NewAccount) -> Result<AccountRequest> {
    aws.call(Call::write("organizations:CreateAccount"), |world| {
        check_tags(&account.tags)?;
        let pending =
            world.requests.values().filter(|request| request.state == RequestState::InProgress);
        if pending.count() >= CONCURRENT_CREATIONS {
            return Err(Refusal::new(
                ErrorKind::Refused,
                "ConstraintViolationException",
                "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED: you have exceeded the number of accounts that \
                 you can create at the same time",
            ));
        }
        let id = format!("car-{}", world.fresh("request", 32));
        let state = RequestState::InProgress;
        let request = Request { account: account.clone(), state, ended: None };
        world.requests.insert(id.clone(), request);
        let done = world.clock.after(world.settings.account_creation);
        world.agenda.add(done, Due::Account { request: id.clone() });
        describe(world, &id)
    })
    .await
}

/// A request's time has come: there is an account, or a reason why not.
pub(super) fn finish(world: &mut World, id: &str) {
    let Some(request) = world.requests.get(id) else { return };
    let wanted = request.account.clone();
    let state = if world.emails.contains(&wanted.email.key()) {
        RequestState::Failed("EMAIL_ALREADY_EXISTS".into())
    } else if world.accounts.len() >= world.settings.account_quota {
        RequestState::Failed("ACCOUNT_LIMIT_EXCEEDED".into())
    } else {
        RequestState::Succeeded(open(world, wanted))
    };
    let clock = world.clock;
    if let Some(request) = world.requests.get_mut(id) {
        request.state = state;
        request.ended = Some(clock);
    }
}

fn open(world: &mut World, wanted: NewAccount) -> AccountId {
    let NewAccount { name, email, role, tags } = wanted;
    let id = world.fresh_account_id();
    // New accounts land in the root, whatever is to come of them.
    let account = Account {
        tags,
        readiness: Readiness::Nobody,
        ..Account::new(name.as_str(), email, role, world.root.clone())
    };
    world.add_account(id.clone(), account);
    let role_from = world.clock.after(world.settings.role_readiness);
    let services_from = role_from.after(world.settings.service_readiness);
    guardduty::joined(world, &id);
    for (at, readiness) in [(role_from, Readiness::Role), (services_from, Readiness::Complete)] {
        world.agenda.add(at, Due::Readiness { account: id.clone(), readiness });
    }
    id
}

pub(super) async fn requests(aws: &SimulatedCloud) -> Result<Vec<AccountRequest>> {
    aws.call(Call::read("organizations:ListCreateAccountStatus"), |world| {
        world.requests.keys().map(|id| describe(world, id)).collect()
    })
    .await
}

pub(super) async fn request(aws: &SimulatedCloud, id: &AccountRequestId) -> Result<AccountRequest> {
    aws.call(Call::read("organizations:DescribeCreateAccountStatus"), |world| {
        describe(world, &id.0)
    })
    .await
}

/// AWS tells the name, but not the e-mail address.
fn describe(world: &World, id: &str) -> Answer<AccountRequest> {
    let request = world.requests.get(id).ok_or_else(|| {
        Refusal::new(
            ErrorKind::NotFound,
            "CreateAccountStatusNotFoundException",
            format!("there is no request {id}"),
        )
    })?;
    Ok(AccountRequest {
        id: AccountRequestId(id.to_owned()),
        name: request.account.name.to_string(),
        state: request.state.clone(),
        recent: request.ended.is_none_or(|ended| world.clock < ended.after(NEWBORN)),
    })
}

pub(super) fn check_tags(tags: &BTreeMap<String, String>) -> Answer<()> {
    if tags.len() > MAX_TAGS {
        return Err(Refusal::new(
            ErrorKind::Refused,
            "ConstraintViolationException",
            format!("MAX_TAG_LIMIT_EXCEEDED: {} tags, {MAX_TAGS} are allowed", tags.len()),
        ));
    }
    match tags.keys().find(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        Some(key) => Err(Refusal::new(
            ErrorKind::Refused,
            "InvalidInputException",
            format!("INVALID_SYSTEM_TAGS_PARAMETER: {key}"),
        )),
        None => Ok(()),
    }
}

pub(super) async fn probe(aws: &SimulatedCloud, account: &AccountId) -> Result<()> {
    let home = Target { account: account.clone(), region: aws.home.clone() };
    for operation in ["ec2:DescribeRegions", "cloudformation:ListStacks", "kms:ListKeys"] {
        aws.call_at(&home, Call::read(operation), |_| Ok(())).await?;
    }
    Ok(())
}

pub(super) async fn regions(aws: &SimulatedCloud, account: &AccountId) -> Result<BTreeSet<Region>> {
    let home = Target { account: account.clone(), region: aws.home.clone() };
    aws.call_at(&home, Call::read("ec2:DescribeRegions"), |world| {
        Ok(world.accounts.get(account).map(Account::regions).unwrap_or_default())
    })
    .await
}

/// Whether a call that names a region of an account is served there. Calls without a region are answered by the
/// management account's own services.
pub(super) fn admit(world: &World, call: &Call, role: &RoleName) -> Answer<()> {
    let (Some(id), Some(region)) = (&call.account, &call.region) else { return Ok(()) };
    let account = check_role(world, id, role)?;
    if account.readiness < Readiness::Complete {
        return Err(Refusal::new(
            ErrorKind::NotReady,
            "OptInRequired",
            "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
        ));
    }
    let default = Region::enabled_by_default().any(|enabled| enabled == *region);
    if !default && !account.opted_in.contains(region) {
        return Err(Refusal::new(
            ErrorKind::NotReady,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
        ));
    }
    Ok(())
}

/// Whether the session's own policy lets the call be made. The management account is entered without a session.
pub(super) fn permit(world: &World, call: &Call, protection: &Protection) -> Answer<()> {
    let own = Some(&world.management_account);
    let session = call.account.as_ref().filter(|account| Some(*account) != own);
    if session.is_none_or(|account| !protection.denies(account, call.operation)) {
        return Ok(());
    }
    let message = format!(
        "User is not authorized to perform: {} with an explicit deny in a session policy",
        call.operation
    );
    Err(Refusal::new(ErrorKind::Denied, "AccessDenied", message))
}

/// The account, if the caller may be there: STS says the same of everything that is in the way.
pub(super) fn check_role<'a>(
    world: &'a World,
    id: &AccountId,
    role: &RoleName,
) -> Answer<&'a Account> {
    let own = *id == world.management_account;
    world
        .accounts
        .get(id)
        .filter(|account| account.state == AccountState::Active)
        .filter(|account| own || (account.role == *role && account.readiness >= Readiness::Role))
        .ok_or_else(|| {
            Refusal::new(
                ErrorKind::Denied,
                "AccessDenied",
                format!(
                    "User: arn:aws:iam::{}:user/avm is not authorized to perform: sts:AssumeRole on \
                     resource: arn:aws:iam::{id}:role/{role}",
                    world.management_account
                ),
            )
        })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn wanted(name: &str, email: &str) -> NewAccount {
        NewAccount {
            name: name.parse().unwrap(),
            email: email.parse().unwrap(),
            role: "OrganizationAccountAccessRole".parse().unwrap(),
            tags: BTreeMap::new(),
        }
    }

    async fn outcome(aws: &SimulatedCloud, name: &str, email: &str) -> RequestState {
        let request = aws.create_account(&wanted(name, email)).await.unwrap();
        assert_eq!(request.state, RequestState::InProgress);
        advance(Duration::from_mins(2)).await;
        aws.account_request(&request.id).await.unwrap().state
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_takes_minutes_to_appear_and_longer_to_be_usable() {
        let simulation = Simulation::new(SimulationSettings::default());
        let aws = simulation.cloud();
        let RequestState::Succeeded(id) = outcome(&aws, "dev", "dev@example.com").await else {
            panic!("the account was not made");
        };
        assert_eq!(simulation.ou_of("dev"), Some(crate::model::OuPath::root()));

        assert_eq!(aws.probe(&id).await.unwrap_err().kind, ErrorKind::Denied);
        advance(Duration::from_secs(30)).await;
        let error = aws.probe(&id).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (ErrorKind::NotReady, "OptInRequired"));
        advance(Duration::from_secs(20)).await;
        aws.probe(&id).await.unwrap();
        assert_eq!(aws.regions(&id).await.unwrap().len(), 17);
    }

    #[tokio::test(start_paused = true)]
    async fn an_email_address_in_use_anywhere_fails_in_any_letter_case() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_email_in_use_elsewhere("Stranger@example.com");
        let aws = simulation.cloud();
        let taken = RequestState::Failed("EMAIL_ALREADY_EXISTS".into());
        assert_eq!(outcome(&aws, "other", "DEV@example.com").await, taken);
        assert_eq!(outcome(&aws, "another", "stranger@example.com").await, taken);
        assert_eq!(simulation.world().accounts.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn asking_twice_makes_one_account() {
        let simulation = Simulation::new(SimulationSettings::default());
        let aws = simulation.cloud();
        for _ in 0..2 {
            aws.create_account(&wanted("dev", "dev@example.com")).await.unwrap();
        }
        advance(Duration::from_mins(3)).await;
        let requests = aws.account_requests().await.unwrap();
        assert!(requests.iter().all(|request| request.name == "dev"));
        let failed = |request: &AccountRequest| matches!(request.state, RequestState::Failed(_));
        assert_eq!(requests.iter().filter(|request| failed(request)).count(), 1);
        assert_eq!(simulation.world().accounts.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_quota_counts_the_management_account() {
        let settings = SimulationSettings { account_quota: 2, ..SimulationSettings::default() };
        let aws = Simulation::new(settings).cloud();
        let first = outcome(&aws, "dev", "dev@example.com").await;
        assert!(matches!(first, RequestState::Succeeded(_)));
        let limit = RequestState::Failed("ACCOUNT_LIMIT_EXCEEDED".into());
        assert_eq!(outcome(&aws, "uat", "uat@example.com").await, limit);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sixth_request_at_a_time_is_refused() {
        let aws = Simulation::new(SimulationSettings::default()).cloud();
        for number in 0..5 {
            let account = wanted(&format!("a{number}"), &format!("a{number}@example.com"));
            aws.create_account(&account).await.unwrap();
        }
        let sixth = wanted("a5", "a5@example.com");
        let error = aws.create_account(&sixth).await.unwrap_err();
        assert!(error.message.contains("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED"), "{error}");
        advance(Duration::from_mins(2)).await;
        aws.create_account(&sixth).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn suspended_accounts_and_unknown_roles_are_closed_doors() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_account("old", "old@example.com", "/")
            .suspend("old");
        let old = simulation.account_id("old").unwrap();
        let error = simulation.cloud().regions(&old).await.unwrap_err();
        assert_eq!((error.kind, error.operation.as_str()), (ErrorKind::Denied, "sts:AssumeRole"));

        let dev = simulation.account_id("dev").unwrap();
        let other_role = SimulatedCloud::new(
            simulation.clone(),
            "Other".parse().unwrap(),
            "eu-west-1".parse().unwrap(),
        );
        assert_eq!(other_role.regions(&dev).await.unwrap_err().kind, ErrorKind::Denied);
        simulation.cloud().regions(&dev).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_without_opt_in_does_not_let_in() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_account("africa", "africa@example.com", "/")
            .with_region("africa", "af-south-1");
        let aws = simulation.cloud();
        let error =
            aws.default_vpc(&simulation.target("dev", "af-south-1").unwrap()).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (ErrorKind::NotReady, "AuthFailure"));
        let open = simulation.target("africa", "af-south-1").unwrap();
        assert!(aws.default_vpc(&open).await.unwrap().is_some());
        assert_eq!(aws.regions(&open.account).await.unwrap().len(), 18);
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_is_used_again_until_it_ends() {
        let simulation = Simulation::new(SimulationSettings::default()).with_account(
            "dev",
            "dev@example.com",
            "/",
        );
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());
        aws.probe(&dev).await.unwrap();
        aws.probe(&dev).await.unwrap();
        assert_eq!(simulation.call_counts()["sts:AssumeRole"], 1);
        advance(Duration::from_mins(50)).await;
        aws.probe(&dev).await.unwrap();
        assert_eq!(simulation.call_counts()["sts:AssumeRole"], 2);
    }
}
