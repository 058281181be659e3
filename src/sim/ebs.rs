//! EBS encryption by default.

use super::call::Call;
use super::kms;
use super::ports::SimulatedCloud;
use crate::cloud::{EbsEncryption, Result};
use crate::model::{KeyArn, Target};

pub(super) async fn encryption(aws: &SimulatedCloud, target: &Target) -> Result<EbsEncryption> {
    let read = Call::read("ec2:GetEbsEncryptionByDefault");
    let enabled = aws
        .call_at(target, read, |world| Ok(world.cell(target).is_some_and(|cell| cell.ebs.enabled)))
        .await?;
    if !enabled {
        return Ok(EbsEncryption { enabled, key: None });
    }
    let read = Call::read("ec2:GetEbsDefaultKmsKeyId");
    aws.call_at(target, read, |world| {
        let key = world.cell(target).and_then(|cell| cell.ebs.key.as_ref());
        let key = key.map_or("alias/aws/ebs", KeyArn::as_str).to_owned();
        Ok(EbsEncryption { enabled, key: Some(key) })
    })
    .await
}

/// EC2 checks the key after it has answered: "the action can appear to complete, but eventually fails". A key
/// that does not fit changes nothing, and only a look afterwards tells.
pub(super) async fn set_default_key(
    aws: &SimulatedCloud,
    target: &Target,
    key: &KeyArn,
) -> Result<()> {
    aws.call_at(target, Call::write("ec2:ModifyEbsDefaultKmsKeyId"), |world| {
        let found = kms::usable(world, target, key);
        if found.is_some_and(|key| key.state == "Enabled" && key.spec == "SYMMETRIC_DEFAULT") {
            world.cell_mut(target).ebs.key = Some(key.clone());
        }
        Ok(())
    })
    .await
}

pub(super) async fn enable(aws: &SimulatedCloud, target: &Target) -> Result<()> {
    aws.call_at(target, Call::write("ec2:EnableEbsEncryptionByDefault"), |world| {
        world.cell_mut(target).ebs.enabled = true;
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_key("dev", "eu-west-1", "alias/good", "Enabled", "SYMMETRIC_DEFAULT")
            .with_key("dev", "eu-west-1", "alias/off", "Disabled", "SYMMETRIC_DEFAULT")
            .with_key("dev", "eu-west-1", "alias/rsa", "Enabled", "RSA_2048")
            .with_key("dev", "eu-west-2", "alias/far", "Enabled", "SYMMETRIC_DEFAULT")
    }

    #[tokio::test(start_paused = true)]
    async fn encryption_is_off_until_it_is_enabled_and_uses_the_aws_key_until_told_otherwise() {
        let simulation = simulation();
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let off = EbsEncryption { enabled: false, key: None };
        assert_eq!(aws.ebs_encryption(&target).await.unwrap(), off);
        aws.enable_ebs_encryption(&target).await.unwrap();
        let own = aws.ebs_encryption(&target).await.unwrap();
        assert_eq!(own.key.as_deref(), Some("alias/aws/ebs"));
        let key = simulation.key_arn("dev", "eu-west-1", "alias/good").unwrap();
        aws.set_default_ebs_key(&target, &key).await.unwrap();
        assert!(aws.ebs_encryption(&target).await.unwrap().uses(&key));
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_does_not_fit_is_accepted_and_not_used() {
        let simulation = simulation().with_ebs_encryption("dev", "eu-west-1", "alias/good");
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let good = simulation.key_arn("dev", "eu-west-1", "alias/good").unwrap();
        let unfit =
            [("eu-west-1", "alias/off"), ("eu-west-1", "alias/rsa"), ("eu-west-2", "alias/far")];
        for (region, alias) in unfit {
            let key = simulation.key_arn("dev", region, alias).unwrap();
            aws.set_default_ebs_key(&target, &key).await.unwrap();
            assert!(aws.ebs_encryption(&target).await.unwrap().uses(&good), "{alias} is in use");
        }
        let unknown = "arn:aws:kms:eu-west-1:111111111111:key/none".parse().unwrap();
        aws.set_default_ebs_key(&target, &unknown).await.unwrap();
        assert_eq!(simulation.ebs_key("dev", "eu-west-1"), Some(good));
    }
}
