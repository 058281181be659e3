//! KMS keys.

use aws_sdk_kms::types::{KeySpec, KeyState};

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use crate::cloud::{ErrorKind, Key, KeyReference, Result};
use crate::model::Target;

const DESCRIBE: &str = "kms:DescribeKey";

pub(super) async fn key(
    cloud: &AwsCloud,
    target: &Target,
    reference: &KeyReference,
) -> Result<Option<Key>> {
    let answer = cloud.kms(target).describe_key().key_id(&reference.0).send().await;
    let answer = match answer.explain(DESCRIBE, target) {
        Ok(answer) => answer,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let key = answer
        .key_metadata()
        .ok_or_else(|| unexpected(DESCRIBE, target, "an answer without a key"))?;
    Ok(Some(Key {
        arn: read(key.arn(), DESCRIBE, target)?,
        state: read(key.key_state().map(KeyState::as_str), DESCRIBE, target)?,
        spec: read(key.key_spec().map(KeySpec::as_str), DESCRIBE, target)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::CloudReader as _;

    fn alias() -> KeyReference {
        KeyReference("alias/uat/ec2".into())
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_has_its_arn_state_and_spec() {
        let fake = Fake::new().answer(
            "DescribeKey",
            [Reply::json(
                r#"{"KeyMetadata":{"KeyId":"1","Arn":"arn:aws:kms:eu-west-1:222222222222:key/1",
                    "KeyState":"PendingDeletion","KeySpec":"SYMMETRIC_DEFAULT"}}"#,
            )],
        );
        let key = fake.cloud().key(&target(), &alias()).await.unwrap().unwrap();
        assert_eq!(key.arn.as_str(), "arn:aws:kms:eu-west-1:222222222222:key/1");
        assert_eq!(
            (key.state.as_str(), key.spec.as_str()),
            ("PendingDeletion", "SYMMETRIC_DEFAULT")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_is_not_there_is_none_and_one_that_may_not_be_seen_is_an_error() {
        let fake = Fake::new().answer("DescribeKey", [refusal(400, "NotFoundException", "no")]);
        assert_eq!(fake.cloud().key(&target(), &alias()).await.unwrap(), None);
        let fake = Fake::new().answer("DescribeKey", [refusal(400, "AccessDeniedException", "no")]);
        let error = fake.cloud().key(&target(), &alias()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Denied);
    }
}
