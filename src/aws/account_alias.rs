//! An account's alias: its name in the address where people sign in.

use super::cloud::AwsCloud;
use super::error::Explain as _;
use super::pages::all;
use crate::cloud::{CloudError, Result};
use crate::model::Target;

const LIST: &str = "iam:ListAccountAliases";
const CREATE: &str = "iam:CreateAccountAlias";

pub(super) async fn account_alias(cloud: &AwsCloud, target: &Target) -> Result<Option<String>> {
    let pages = all!(cloud.iam(target).list_account_aliases(), LIST, target)?;
    // The operation is worded for many, but an account has one at most.
    Ok(pages.into_iter().next())
}

/// An alias that the account had is replaced, and sign-in addresses with it stop to work.
pub(super) async fn set_account_alias(
    cloud: &AwsCloud,
    target: &Target,
    alias: &str,
) -> Result<()> {
    let call = cloud.iam(target).create_account_alias().account_alias(alias);
    let Err(error) = call.send().await.explain(CREATE, target) else { return Ok(()) };
    if error.code != "EntityAlreadyExists" {
        return Err(error);
    }
    // Somebody has it: this account, where an answer was lost, or any other account of AWS.
    if account_alias(cloud, target).await?.as_deref() == Some(alias) {
        return Ok(());
    }
    let message = format!(
        "the alias {alias} belongs to another account: aliases are unique among all accounts of AWS, choose another"
    );
    Err(CloudError { message, ..error })
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind};
    use crate::model::{AccountSetting, AccountSettingKind};

    fn aliases(members: &str) -> Reply {
        Reply::xml(&format!(
            "<ListAccountAliasesResponse><ListAccountAliasesResult><AccountAliases>{members}</AccountAliases>\
             <IsTruncated>false</IsTruncated></ListAccountAliasesResult></ListAccountAliasesResponse>"
        ))
    }

    fn taken() -> Reply {
        refusal(409, "EntityAlreadyExists", "The account alias acme-dev already exists.")
    }

    async fn set(fake: &Fake) -> Result<()> {
        let setting = AccountSetting::AccountAlias("acme-dev".into());
        fake.cloud().set_account_setting(&target().account, &setting).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_has_one_alias_or_none() {
        for (members, alias) in [("<member>acme-dev</member>", Some("acme-dev")), ("", None)] {
            let fake = Fake::new().answer("ListAccountAliases", [aliases(members)]);
            let kind = AccountSettingKind::AccountAlias;
            let state = fake.cloud().account_setting(&target().account, &kind).await.unwrap();
            assert_eq!(state.value, alias.map(|alias| AccountSetting::AccountAlias(alias.into())));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_alias_that_the_account_has_already_is_a_success() {
        let fake = Fake::new()
            .answer("CreateAccountAlias", [taken()])
            .answer("ListAccountAliases", [aliases("<member>acme-dev</member>")]);
        set(&fake).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn an_alias_of_another_account_is_told_as_such() {
        let fake = Fake::new()
            .answer("CreateAccountAlias", [taken()])
            .answer("ListAccountAliases", [aliases("<member>acme-old</member>")]);
        let error = set(&fake).await.unwrap_err();
        assert_eq!((error.kind, error.operation.as_str()), (ErrorKind::Conflict, CREATE));
        assert!(error.message.contains("acme-dev belongs to another account"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_that_is_under_way_is_waited_for() {
        let busy = refusal(409, "ConcurrentModification", "submitted simultaneously");
        let made = Reply::xml("<CreateAccountAliasResponse/>");
        let fake = Fake::new().answer("CreateAccountAlias", [busy, made]);
        set(&fake).await.unwrap();
        assert_eq!(fake.count("CreateAccountAlias"), 2);
    }
}
