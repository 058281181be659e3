//! Settings of an account: which file knows which.

use super::cloud::AwsCloud;
use super::{account_alias, contacts, password_policy, public_access, service_linked_roles};
use crate::cloud::{Result, SettingState};
use crate::model::{AccountId, AccountSetting, AccountSettingKind};

/// Asked in the home region: IAM, Account Management and S3's account settings are the same from everywhere.
pub(super) async fn account_setting(
    cloud: &AwsCloud,
    account: &AccountId,
    kind: &AccountSettingKind,
) -> Result<SettingState<AccountSetting>> {
    let target = cloud.home_of(account);
    let value = match kind {
        AccountSettingKind::S3PublicAccess => {
            return public_access::public_access(cloud, &target).await;
        }
        AccountSettingKind::PasswordPolicy => {
            let policy = password_policy::password_policy(cloud, &target).await?;
            policy.map(AccountSetting::PasswordPolicy)
        }
        AccountSettingKind::AccountAlias => {
            let alias = account_alias::account_alias(cloud, &target).await?;
            alias.map(AccountSetting::AccountAlias)
        }
        AccountSettingKind::AlternateContact(contact) => {
            let contact = contacts::alternate_contact(cloud, &target, *contact).await?;
            contact.map(AccountSetting::AlternateContact)
        }
        AccountSettingKind::ServiceLinkedRole(service) => {
            let there = service_linked_roles::has_role(cloud, &target, service).await?;
            there.then(|| AccountSetting::ServiceLinkedRole(service.clone()))
        }
    };
    Ok(SettingState { value, managed_by_organization: false })
}

pub(super) async fn set_account_setting(
    cloud: &AwsCloud,
    account: &AccountId,
    setting: &AccountSetting,
) -> Result<()> {
    let target = cloud.home_of(account);
    match setting {
        AccountSetting::S3PublicAccess(access) => {
            public_access::set_public_access(cloud, &target, *access).await
        }
        AccountSetting::PasswordPolicy(policy) => {
            password_policy::set_password_policy(cloud, &target, policy).await
        }
        AccountSetting::AccountAlias(alias) => {
            account_alias::set_account_alias(cloud, &target, alias).await
        }
        AccountSetting::AlternateContact(contact) => {
            contacts::set_alternate_contact(cloud, &target, contact).await
        }
        AccountSetting::ServiceLinkedRole(service) => {
            service_linked_roles::create_role(cloud, &target, service).await
        }
    }
}
