//! The accounts of the organization, and the requests for new ones.

use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_sdk_organizations::config::Config;
use aws_sdk_organizations::operation::list_accounts_for_parent::ListAccountsForParentOutput;
use aws_sdk_organizations::operation::list_create_account_status::ListCreateAccountStatusOutput;
use aws_sdk_organizations::types::{
    Account as AwsAccount, AccountState as AwsState, AccountStatus, CreateAccountFailureReason,
    CreateAccountState, CreateAccountStatus, IamUserAccessToBilling, Tag,
};
use aws_smithy_types::DateTime;

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use super::pages::{all, pages};
use super::retry::OnlyAfterRefusal;
use crate::cloud::{
    Account, AccountPage, AccountRequest, AccountRequestId, ErrorKind, NEWBORN, NewAccount,
    RequestState, Result,
};
use crate::model::{AccountId, AccountState, ParentId, Target};

const LIST: &str = "organizations:ListAccounts";
const DESCRIBE: &str = "organizations:DescribeAccount";
const IN_PARENT: &str = "organizations:ListAccountsForParent";
const TAGS: &str = "organizations:ListTagsForResource";
const REQUESTS: &str = "organizations:ListCreateAccountStatus";
const REQUEST: &str = "organizations:DescribeCreateAccountStatus";
const CREATE: &str = "organizations:CreateAccount";
const MOVE: &str = "organizations:MoveAccount";
const TAG: &str = "organizations:TagResource";

pub(super) async fn accounts(cloud: &AwsCloud, page: Option<&str>) -> Result<AccountPage> {
    let target = cloud.management();
    let request = cloud.organizations().list_accounts().set_next_token(page.map(str::to_owned));
    let answer = request.send().await.explain(LIST, &target)?;
    let accounts =
        answer.accounts().iter().map(|one| account(one, &target)).collect::<Result<_>>()?;
    Ok(AccountPage { accounts, next: answer.next_token.filter(|token| !token.is_empty()) })
}

pub(super) async fn account_of(cloud: &AwsCloud, id: &AccountId) -> Result<Option<Account>> {
    let target = cloud.management();
    let answer = cloud.organizations().describe_account().account_id(id.as_str()).send().await;
    match answer.explain(DESCRIBE, &target) {
        Ok(answer) => answer.account().map(|one| account(one, &target)).transpose(),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn accounts_in(cloud: &AwsCloud, parent: &ParentId) -> Result<Vec<AccountId>> {
    let target = cloud.management();
    let pages = pages!(
        cloud.organizations().list_accounts_for_parent().parent_id(parent.as_str()),
        IN_PARENT,
        &target
    )?;
    let accounts = pages.iter().flat_map(ListAccountsForParentOutput::accounts);
    accounts.map(|one| read(one.id(), IN_PARENT, &target)).collect()
}

pub(super) async fn account_tags(
    cloud: &AwsCloud,
    account: &AccountId,
) -> Result<BTreeMap<String, String>> {
    let tags = all!(
        cloud.organizations().list_tags_for_resource().resource_id(account.as_str()),
        TAGS,
        &cloud.management()
    )?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

pub(super) async fn account_requests(cloud: &AwsCloud) -> Result<Vec<AccountRequest>> {
    let target = cloud.management();
    let pages = pages!(cloud.organizations().list_create_account_status(), REQUESTS, &target)?;
    let statuses = pages.iter().flat_map(ListCreateAccountStatusOutput::create_account_statuses);
    statuses.map(|status| request(status, REQUESTS, &target)).collect()
}

pub(super) async fn account_request(
    cloud: &AwsCloud,
    id: &AccountRequestId,
) -> Result<AccountRequest> {
    let target = cloud.management();
    let call = cloud.organizations().describe_create_account_status();
    let answer = call.create_account_request_id(&id.0).send().await.explain(REQUEST, &target)?;
    answered(answer.create_account_status(), REQUEST, &target)
}

/// Sent once: a lost answer comes out as `Unavailable`, because a second request could be a second account.
pub(super) async fn create_account(
    cloud: &AwsCloud,
    account: &NewAccount,
) -> Result<AccountRequest> {
    let target = cloud.management();
    let answer = cloud
        .organizations()
        .create_account()
        .account_name(account.name.as_str())
        .email(account.email.as_str())
        .role_name(account.role.as_str())
        .iam_user_access_to_billing(IamUserAccessToBilling::Deny)
        .set_tags(Some(aws_tags(&account.tags, CREATE, &target)?))
        .customize()
        .config_override(Config::builder().retry_classifier(OnlyAfterRefusal))
        .send()
        .await
        .explain(CREATE, &target)?;
    answered(answer.create_account_status(), CREATE, &target)
}

pub(super) async fn move_account(
    cloud: &AwsCloud,
    account: &AccountId,
    from: &ParentId,
    to: &ParentId,
) -> Result<()> {
    let moved = cloud
        .organizations()
        .move_account()
        .account_id(account.as_str())
        .source_parent_id(from.as_str())
        .destination_parent_id(to.as_str())
        .send()
        .await;
    match moved.explain(MOVE, &cloud.management()) {
        Ok(_) => Ok(()),
        // It is there already.
        Err(error) if error.code == "DuplicateAccountException" => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) async fn tag_account(
    cloud: &AwsCloud,
    account: &AccountId,
    tags: &BTreeMap<String, String>,
) -> Result<()> {
    let target = cloud.management();
    let call = cloud.organizations().tag_resource().resource_id(account.as_str());
    call.set_tags(Some(aws_tags(tags, TAG, &target)?)).send().await.explain(TAG, &target)?;
    Ok(())
}

fn account(account: &AwsAccount, target: &Target) -> Result<Account> {
    let id: AccountId = read(account.id(), LIST, target)?;
    // AWS replaces `Status` by `State`, which not every endpoint sends yet.
    let status = account.status().map(AccountStatus::as_str);
    let state = account.state().map(AwsState::as_str).or(status);
    let state = state.ok_or_else(|| unexpected(LIST, target, format!("{id} without a state")))?;
    Ok(Account {
        name: account.name().unwrap_or_default().to_owned(),
        email: account.email().unwrap_or_default().to_owned(),
        state: AccountState::from_aws(state),
        parent: parent(account.paths(), &id, target)?,
        id,
    })
}

/// The last node before the account in `o-exampleorg1/r-ab12/ou-ab12-11111111/222222222222/`.
fn parent(paths: &[String], id: &AccountId, target: &Target) -> Result<Option<ParentId>> {
    let Some(path) = paths.first() else { return Ok(None) };
    let mut nodes = path.split('/').rev().filter(|node| !node.is_empty() && *node != id.as_str());
    read(nodes.next(), LIST, target).map(Some)
}

fn answered(
    status: Option<&CreateAccountStatus>,
    operation: &str,
    target: &Target,
) -> Result<AccountRequest> {
    let status = status.ok_or_else(|| unexpected(operation, target, "no status"))?;
    request(status, operation, target)
}

fn request(
    status: &CreateAccountStatus,
    operation: &str,
    target: &Target,
) -> Result<AccountRequest> {
    let state = match status.state() {
        Some(CreateAccountState::InProgress) => RequestState::InProgress,
        Some(CreateAccountState::Succeeded) => {
            RequestState::Succeeded(read(status.account_id(), operation, target)?)
        }
        Some(CreateAccountState::Failed) => {
            let reason = status.failure_reason().map(CreateAccountFailureReason::as_str);
            RequestState::Failed(reason.unwrap_or("UNKNOWN").to_owned())
        }
        other => return Err(unexpected(operation, target, format!("the state {other:?}"))),
    };
    Ok(AccountRequest {
        id: AccountRequestId(read(status.id(), operation, target)?),
        name: status.account_name().unwrap_or_default().to_owned(),
        state,
        recent: status.completed_timestamp().is_none_or(is_recent),
    })
}

fn is_recent(completed: &DateTime) -> bool {
    let Ok(completed) = SystemTime::try_from(*completed) else { return false };
    // What is in the future by this machine's clock is recent as well.
    SystemTime::now().duration_since(completed).map_or(true, |age| age < NEWBORN)
}

fn aws_tags(tags: &BTreeMap<String, String>, operation: &str, target: &Target) -> Result<Vec<Tag>> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build();
    let tags = tags.iter().map(tag).collect::<std::result::Result<_, _>>();
    tags.map_err(|error| unexpected(operation, target, error))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};

    fn new_account() -> NewAccount {
        NewAccount {
            name: "payments-uat".parse().unwrap(),
            email: "aws+payments-uat@example.com".parse().unwrap(),
            role: "OrganizationAccountAccessRole".parse().unwrap(),
            tags: BTreeMap::from([("owner".to_owned(), "payments".to_owned())]),
        }
    }

    fn in_progress() -> Reply {
        Reply::json(
            r#"{"CreateAccountStatus":{"Id":"car-11111111","AccountName":"payments-uat","State":"IN_PROGRESS"}}"#,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_has_the_state_that_aws_sends_and_the_parent_of_its_path() {
        let fake = Fake::new().answer(
            "ListAccounts",
            [
                Reply::json(
                    r#"{"Accounts":[{"Id":"222222222222","Name":"a","Email":"a@example.com","State":"CLOSED",
                        "Status":"SUSPENDED","Paths":["o-exampleorg1/r-ab12/ou-ab12-11111111/222222222222/"]}],
                        "NextToken":"1"}"#,
                ),
                Reply::json(r#"{"Accounts":[],"NextToken":"2"}"#),
                Reply::json(
                    r#"{"Accounts":[{"Id":"333333333333","Status":"ACTIVE"},
                        {"Id":"444444444444","State":"ACTIVE","Paths":["o-exampleorg1/r-ab12/444444444444/"]}]}"#,
                ),
            ],
        );
        let (cloud, mut accounts, mut next) = (fake.cloud(), Vec::new(), None);
        for page in 0..3 {
            assert_eq!(next.is_some(), page > 0);
            let page = cloud.accounts(next.as_deref()).await.unwrap();
            accounts.extend(page.accounts);
            next = page.next;
        }
        assert_eq!(next, None);
        let states: Vec<_> = accounts.iter().map(|account| &account.state).collect();
        assert_eq!(states, [&AccountState::Closed, &AccountState::Active, &AccountState::Active]);
        let parents: Vec<_> = accounts
            .iter()
            .map(|account| account.parent.as_ref().map_or("", ParentId::as_str))
            .collect();
        assert_eq!(parents, ["ou-ab12-11111111", "", "r-ab12"]);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_tell_success_progress_and_failure() {
        let fake = Fake::new().answer(
            "ListCreateAccountStatus",
            [Reply::json(
                r#"{"CreateAccountStatuses":[
                    {"Id":"car-11111111","AccountName":"a","State":"SUCCEEDED","AccountId":"222222222222"},
                    {"Id":"car-22222222","AccountName":"b","State":"IN_PROGRESS"},
                    {"Id":"car-33333333","AccountName":"c","State":"FAILED","FailureReason":"EMAIL_ALREADY_EXISTS"}]}"#,
            )],
        );
        let requests = fake.cloud().account_requests().await.unwrap();
        let states: Vec<_> = requests.into_iter().map(|request| request.state).collect();
        assert_eq!(
            states,
            [
                RequestState::Succeeded(account("222222222222")),
                RequestState::InProgress,
                RequestState::Failed("EMAIL_ALREADY_EXISTS".into()),
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_account_is_asked_for_with_its_role_and_tags_and_without_billing() {
        let fake = Fake::new().answer("CreateAccount", [in_progress()]);
        let request = fake.cloud().create_account(&new_account()).await.unwrap();
        assert_eq!(request.id, AccountRequestId("car-11111111".into()));
        assert_eq!(request.state, RequestState::InProgress);
        let sent: serde_json::Value =
            serde_json::from_str(&fake.calls("CreateAccount")[0].body).unwrap();
        assert_eq!(
            sent,
            serde_json::json!({
                "AccountName": "payments-uat",
                "Email": "aws+payments-uat@example.com",
                "IamUserAccessToBilling": "DENY",
                "RoleName": "OrganizationAccountAccessRole",
                "Tags": [{"Key": "owner", "Value": "payments"}],
            })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_for_an_account_is_sent_once_if_its_answer_is_lost() {
        for lost in [
            Reply::Reset,
            Reply::Silence,
            refusal(500, "ServiceException", "internal"),
            Reply::page(503),
            Reply::json(r#"{"CreateAccountStatus":{"Id":"car-1"#),
        ] {
            let fake = Fake::new().answer("CreateAccount", [lost, in_progress()]);
            let error = fake.cloud().create_account(&new_account()).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
            assert_eq!(fake.count("CreateAccount"), 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_for_an_account_that_aws_turned_away_is_sent_again() {
        for code in
            ["TooManyRequestsException", "ConcurrentModificationException", "ThrottlingException"]
        {
            let fake =
                Fake::new().answer("CreateAccount", [refusal(400, code, "busy"), in_progress()]);
            fake.cloud().create_account(&new_account()).await.unwrap();
            assert_eq!(fake.count("CreateAccount"), 2, "{code}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_there_already_has_been_moved() {
        let (root, unit) = ("r-ab12".parse().unwrap(), "ou-ab12-11111111".parse().unwrap());
        for (code, moved) in [
            ("DuplicateAccountException", Ok(())),
            ("SourceParentNotFoundException", Err(ErrorKind::Conflict)),
            ("DestinationParentNotFoundException", Err(ErrorKind::NotFound)),
        ] {
            let fake = Fake::new().answer("MoveAccount", [refusal(400, code, "x")]);
            let result = fake.cloud().move_account(&account("222222222222"), &root, &unit).await;
            assert_eq!(result.map_err(|error| error.kind), moved, "{code}");
        }
    }
}
