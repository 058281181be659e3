//! IAM's password policy.

use aws_sdk_iam::types::PasswordPolicy as AwsPolicy;

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use crate::cloud::{ErrorKind, Result};
use crate::model::{PasswordPolicy, Target};

const GET: &str = "iam:GetAccountPasswordPolicy";
const UPDATE: &str = "iam:UpdateAccountPasswordPolicy";

pub(super) async fn password_policy(
    cloud: &AwsCloud,
    target: &Target,
) -> Result<Option<PasswordPolicy>> {
    let answer = cloud.iam(target).get_account_password_policy().send().await;
    match answer.explain(GET, target) {
        Ok(answer) => {
            let policy = answer.password_policy();
            Ok(Some(read(policy.ok_or_else(|| unexpected(GET, target, "no policy"))?, target)?))
        }
        // NoSuchEntity: the account has no policy of its own.
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sends every value: IAM resets what an update leaves out. That is also how a password gets to live for ever, and
/// how earlier ones may be used again: neither has a value that says so.
pub(super) async fn set_password_policy(
    cloud: &AwsCloud,
    target: &Target,
    policy: &PasswordPolicy,
) -> Result<()> {
    cloud
        .iam(target)
        .update_account_password_policy()
        .minimum_password_length(policy.minimum_length.into())
        .require_symbols(policy.require_symbols)
        .require_numbers(policy.require_numbers)
        .require_uppercase_characters(policy.require_uppercase)
        .require_lowercase_characters(policy.require_lowercase)
        .allow_users_to_change_password(policy.allow_users_to_change)
        .set_max_password_age(policy.max_age_days.map(Into::into))
        .set_password_reuse_prevention(policy.reuse_prevention.map(Into::into))
        .hard_expiry(policy.hard_expiry)
        .send()
        .await
        .explain(UPDATE, target)?;
    Ok(())
}

fn read(policy: &AwsPolicy, target: &Target) -> Result<PasswordPolicy> {
    // IAM tells of the switches that are off by leaving them out; 0 is its other word for "not at all".
    let number = |number: Option<i32>| number.filter(|number| *number != 0);
    Ok(PasswordPolicy {
        minimum_length: fitting(policy.minimum_password_length().unwrap_or_default(), target)?,
        require_symbols: policy.require_symbols(),
        require_numbers: policy.require_numbers(),
        require_uppercase: policy.require_uppercase_characters(),
        require_lowercase: policy.require_lowercase_characters(),
        allow_users_to_change: policy.allow_users_to_change_password(),
        max_age_days: number(policy.max_password_age())
            .map(|days| fitting(days, target))
            .transpose()?,
        reuse_prevention: number(policy.password_reuse_prevention())
            .map(|count| fitting(count, target))
            .transpose()?,
        hard_expiry: policy.hard_expiry() == Some(true),
    })
}

fn fitting<T: TryFrom<i32>>(number: i32, target: &Target) -> Result<T> {
    T::try_from(number).map_err(|_| unexpected(GET, target, format!("the number {number}")))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::{AccountSetting, AccountSettingKind};

    const POLICY: &str = "<GetAccountPasswordPolicyResponse><GetAccountPasswordPolicyResult><PasswordPolicy>\
        <MinimumPasswordLength>14</MinimumPasswordLength><RequireSymbols>true</RequireSymbols>\
        <RequireNumbers>true</RequireNumbers><AllowUsersToChangePassword>true</AllowUsersToChangePassword>\
        <ExpirePasswords>false</ExpirePasswords><PasswordReusePrevention>24</PasswordReusePrevention>\
        </PasswordPolicy></GetAccountPasswordPolicyResult></GetAccountPasswordPolicyResponse>";

    fn policy() -> PasswordPolicy {
        PasswordPolicy {
            minimum_length: 14,
            require_symbols: true,
            require_numbers: true,
            reuse_prevention: Some(24),
            ..PasswordPolicy::default()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_policy_comes_with_what_aws_leaves_out() {
        let fake = Fake::new().answer("GetAccountPasswordPolicy", [Reply::xml(POLICY)]);
        let kind = AccountSettingKind::PasswordPolicy;
        let state = fake.cloud().account_setting(&target().account, &kind).await.unwrap();
        assert_eq!(state.value, Some(AccountSetting::PasswordPolicy(policy())));
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_without_a_policy_has_none_and_a_refusal_is_an_error() {
        let kind = AccountSettingKind::PasswordPolicy;
        for (refusal, outcome) in [
            (refusal(404, "NoSuchEntity", "cannot be found"), Ok(None)),
            (refusal(403, "AccessDenied", "no"), Err(ErrorKind::Denied)),
            (refusal(403, "InvalidClientTokenId", "new"), Err(ErrorKind::NotReady)),
        ] {
            let fake = Fake::new().answer("GetAccountPasswordPolicy", [refusal]);
            let state = fake.cloud().account_setting(&target().account, &kind).await;
            assert_eq!(state.map(|state| state.value).map_err(|error| error.kind), outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_value_is_sent_and_what_shall_not_hold_is_left_out() {
        let fake = Fake::new().answer(
            "UpdateAccountPasswordPolicy",
            [Reply::xml("<UpdateAccountPasswordPolicyResponse/>")],
        );
        let setting = AccountSetting::PasswordPolicy(policy());
        fake.cloud().set_account_setting(&target().account, &setting).await.unwrap();
        let body = &fake.calls("UpdateAccountPasswordPolicy")[0].body;
        for part in [
            "MinimumPasswordLength=14",
            "RequireSymbols=true",
            "RequireNumbers=true",
            "RequireUppercaseCharacters=false",
            "RequireLowercaseCharacters=false",
            "AllowUsersToChangePassword=true",
            "PasswordReusePrevention=24",
            "HardExpiry=false",
        ] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
        assert!(!body.contains("MaxPasswordAge"), "{body}");
    }
}
