//! EBS encryption by default.

use super::cloud::AwsCloud;
use super::error::Explain as _;
use crate::cloud::{EbsEncryption, Result};
use crate::model::{KeyArn, Target};

pub(super) async fn ebs_encryption(cloud: &AwsCloud, target: &Target) -> Result<EbsEncryption> {
    let client = cloud.ec2(target);
    let answer = client.get_ebs_encryption_by_default().send().await;
    let answer = answer.explain("ec2:GetEbsEncryptionByDefault", target)?;
    if answer.ebs_encryption_by_default() != Some(true) {
        return Ok(EbsEncryption { enabled: false, key: None });
    }
    let answer = client.get_ebs_default_kms_key_id().send().await;
    let answer = answer.explain("ec2:GetEbsDefaultKmsKeyId", target)?;
    Ok(EbsEncryption { enabled: true, key: answer.kms_key_id().map(str::to_owned) })
}

/// EC2 checks the key later than it answers: the caller has looked at the key before, and reads back after.
pub(super) async fn set_default_ebs_key(
    cloud: &AwsCloud,
    target: &Target,
    key: &KeyArn,
) -> Result<()> {
    let call = cloud.ec2(target).modify_ebs_default_kms_key_id();
    call.kms_key_id(key.as_str()).send().await.explain("ec2:ModifyEbsDefaultKmsKeyId", target)?;
    Ok(())
}

pub(super) async fn enable_ebs_encryption(cloud: &AwsCloud, target: &Target) -> Result<()> {
    let call = cloud.ec2(target).enable_ebs_encryption_by_default();
    call.send().await.explain("ec2:EnableEbsEncryptionByDefault", target)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind};

    fn enabled(enabled: bool) -> Reply {
        Reply::xml(&format!(
            "<GetEbsEncryptionByDefaultResponse><ebsEncryptionByDefault>{enabled}</ebsEncryptionByDefault>\
             </GetEbsEncryptionByDefaultResponse>"
        ))
    }

    #[tokio::test(start_paused = true)]
    async fn the_key_is_not_asked_for_while_encryption_is_off() {
        let fake = Fake::new().answer("GetEbsEncryptionByDefault", [enabled(false)]);
        let encryption = fake.cloud().ebs_encryption(&target()).await.unwrap();
        assert_eq!(encryption, EbsEncryption { enabled: false, key: None });
        assert_eq!(fake.count("GetEbsDefaultKmsKeyId"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_key_is_told_as_aws_tells_it() {
        let key = "<GetEbsDefaultKmsKeyIdResponse><kmsKeyId>alias/aws/ebs</kmsKeyId>\
                   </GetEbsDefaultKmsKeyIdResponse>";
        let fake = Fake::new()
            .answer("GetEbsEncryptionByDefault", [enabled(true)])
            .answer("GetEbsDefaultKmsKeyId", [Reply::xml(key)]);
        let encryption = fake.cloud().ebs_encryption(&target()).await.unwrap();
        assert_eq!(encryption.key.as_deref(), Some("alias/aws/ebs"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_ec2_refuses_is_an_error() {
        let refusal = refusal(400, "InvalidParameterValue", "not accessible");
        let fake = Fake::new().answer("ModifyEbsDefaultKmsKeyId", [refusal]);
        let key = "arn:aws:kms:eu-west-1:222222222222:key/1".parse().unwrap();
        let error = fake.cloud().set_default_ebs_key(&target(), &key).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        let body = &fake.calls("ModifyEbsDefaultKmsKeyId")[0].body;
        assert!(body.contains("KmsKeyId=arn%3Aaws%3Akms"), "{body}");
    }
}
