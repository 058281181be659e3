//! S3's public access block of a whole account.

use aws_sdk_organizations::types::{EffectivePolicy, EffectivePolicyType};
use aws_sdk_s3control::types::PublicAccessBlockConfiguration;
use serde_json::Value;

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use crate::cloud::{ErrorKind, Result, SettingState};
use crate::model::{AccountSetting, S3PublicAccess, Target};

const GET: &str = "s3:GetAccountPublicAccessBlock";
const PUT: &str = "s3:PutAccountPublicAccessBlock";
const EFFECTIVE: &str = "organizations:DescribeEffectivePolicy";

/// What is in force: where a policy of the organization decides, S3 answers with the policy's values.
pub(super) async fn public_access(
    cloud: &AwsCloud,
    target: &Target,
) -> Result<SettingState<AccountSetting>> {
    let call = cloud.s3control(target).get_public_access_block();
    let answer = call.account_id(target.account.as_str()).send().await.explain(GET, target);
    let value = match answer {
        Ok(answer) => {
            let block = answer.public_access_block_configuration();
            Some(read(block.ok_or_else(|| unexpected(GET, target, "no configuration"))?))
        }
        // NoSuchPublicAccessBlockConfiguration: nothing was ever set, and nothing is blocked.
        Err(error) if error.kind == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    // All that anybody wants is there: who decided it does not matter, and the question would cost the
    // management account one of its few calls a second.
    let blocked = value == Some(S3PublicAccess::BLOCKED);
    let managed_by_organization = !blocked && is_decided_by_policy(cloud, target).await?;
    Ok(SettingState { value: value.map(AccountSetting::S3PublicAccess), managed_by_organization })
}

pub(super) async fn set_public_access(
    cloud: &AwsCloud,
    target: &Target,
    access: S3PublicAccess,
) -> Result<()> {
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(access.block_public_acls)
        .ignore_public_acls(access.ignore_public_acls)
        .block_public_policy(access.block_public_policy)
        .restrict_public_buckets(access.restrict_public_buckets)
        .build();
    let call = cloud.s3control(target).put_public_access_block();
    let call = call.account_id(target.account.as_str()).public_access_block_configuration(block);
    call.send().await.explain(PUT, target)?;
    Ok(())
}

fn read(block: &PublicAccessBlockConfiguration) -> S3PublicAccess {
    S3PublicAccess {
        block_public_acls: block.block_public_acls() == Some(true),
        ignore_public_acls: block.ignore_public_acls() == Some(true),
        block_public_policy: block.block_public_policy() == Some(true),
        restrict_public_buckets: block.restrict_public_buckets() == Some(true),
    }
}

/// Whether an S3 policy of the organization decides for the account, which then cannot. Asked as the management
/// account, which alone may ask about others.
async fn is_decided_by_policy(cloud: &AwsCloud, target: &Target) -> Result<bool> {
    let call = cloud.organizations().describe_effective_policy();
    let call = call.policy_type(EffectivePolicyType::S3Policy).target_id(target.account.as_str());
    match call.send().await.explain(EFFECTIVE, &cloud.management()) {
        Ok(answer) => {
            let policy = answer.effective_policy().and_then(EffectivePolicy::policy_content);
            decides_public_access(policy.unwrap_or("{}"))
                .map_err(|error| unexpected(EFFECTIVE, &cloud.management(), error))
        }
        // The type of policy is off in the organization, no policy reaches the account, or the partition does
        // not have such policies.
        Err(error) if NO_POLICY.contains(&error.code.as_str()) => Ok(false),
        Err(error) => Err(error),
    }
}

const NO_POLICY: [&str; 2] =
    ["EffectivePolicyNotFoundException", "UnsupportedAPIEndpointException"];

/// `{"s3_attributes": {"public_access_block_configuration": "all"}}`, with `none` for a policy that keeps public
/// access open, which an account cannot change either. See "Amazon S3 policy syntax and examples" in the user guide of
/// Organizations; its `@@assign` is gone where policies are merged.
fn decides_public_access(policy: &str) -> serde_json::Result<bool> {
    let policy: Value = serde_json::from_str(policy)?;
    let block = policy.pointer("/s3_attributes/public_access_block_configuration");
    Ok(block.is_some_and(|block| !block.is_null()))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::AccountSettingKind;

    const READ: &str = "GET /v20180820/configuration/publicAccessBlock";
    const WRITE: &str = "PUT /v20180820/configuration/publicAccessBlock";

    fn block(restrict: bool) -> Reply {
        Reply::xml(&format!(
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
             <IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>\
             <RestrictPublicBuckets>{restrict}</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
        ))
    }

    fn no_policy() -> Reply {
        refusal(400, "EffectivePolicyNotFoundException", "this policy type is not enabled")
    }

    async fn state(fake: &Fake) -> Result<SettingState<AccountSetting>> {
        let cloud = fake.cloud();
        cloud.account_setting(&target().account, &AccountSettingKind::S3PublicAccess).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_blocked_account_costs_the_management_account_no_call() {
        let fake = Fake::new().answer(READ, [block(true)]);
        let state = state(&fake).await.unwrap();
        assert_eq!(state.value, Some(AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED)));
        assert!(!state.managed_by_organization);
        let uri = &fake.calls(READ)[0].uri;
        assert!(uri.contains("//222222222222.s3-control.eu-west-1."), "{uri}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_never_set_it_has_none() {
        let nothing = refusal(404, "NoSuchPublicAccessBlockConfiguration", "does not exist");
        let fake =
            Fake::new().answer(READ, [nothing]).answer("DescribeEffectivePolicy", [no_policy()]);
        let state = state(&fake).await.unwrap();
        assert_eq!(state, SettingState { value: None, managed_by_organization: false });
        let body = &fake.calls("DescribeEffectivePolicy")[0].body;
        assert!(body.contains("S3_POLICY") && body.contains("222222222222"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_policy_of_the_organization_owns_what_it_speaks_of() {
        for (policy, managed) in [
            (r#"{\"s3_attributes\":{\"public_access_block_configuration\":\"none\"}}"#, true),
            (
                r#"{\"s3_attributes\":{\"public_access_block_configuration\":{\"@@assign\":\"all\"}}}"#,
                true,
            ),
            (r#"{\"s3_attributes\":{}}"#, false),
        ] {
            let answer = format!(r#"{{"EffectivePolicy":{{"PolicyContent":"{policy}"}}}}"#);
            let fake = Fake::new()
                .answer(READ, [block(false)])
                .answer("DescribeEffectivePolicy", [Reply::json(&answer)]);
            let state = state(&fake).await.unwrap();
            assert_eq!(state.managed_by_organization, managed, "{policy}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_asked_is_an_error_and_not_an_open_account() {
        for (denied, policy, operation) in [
            (refusal(403, "AccessDenied", "no"), no_policy(), GET),
            (block(false), refusal(400, "AccessDeniedException", "no"), EFFECTIVE),
        ] {
            let fake =
                Fake::new().answer(READ, [denied]).answer("DescribeEffectivePolicy", [policy]);
            let error = state(&fake).await.unwrap_err();
            assert_eq!((error.kind, error.operation.as_str()), (ErrorKind::Denied, operation));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_four_switches_are_sent() {
        let fake = Fake::new().answer(WRITE, [Reply::empty(201)]);
        let setting = AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED);
        fake.cloud().set_account_setting(&target().account, &setting).await.unwrap();
        assert_eq!(fake.calls(WRITE)[0].body.matches(">true<").count(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_of_the_users_own_gets_no_account_before_its_host() {
        let fake = Fake::new().answer(READ, [block(true)]);
        let mut cloud = fake.cloud();
        cloud.base = cloud.base.into_builder().endpoint_url("http://127.0.0.1:9").build();
        let management = account("111111111111");
        cloud.account_setting(&management, &AccountSettingKind::S3PublicAccess).await.unwrap();
        assert!(fake.calls(READ)[0].uri.starts_with("http://127.0.0.1:9/"));
    }
}
