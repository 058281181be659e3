//! Settings of a region.

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Due, World};
use super::{guardduty, policy};
use crate::cloud::{ErrorKind, Result, SettingState};
use crate::model::{
    ImagePublicAccess, InstanceMetadata, RegionSetting, RegionSettingKind, SerialConsole,
    SnapshotPublicAccess, Target,
};

pub(super) async fn region_setting(
    aws: &SimulatedCloud,
    target: &Target,
    kind: RegionSettingKind,
) -> Result<SettingState<RegionSetting>> {
    let operation = match kind {
        RegionSettingKind::InstanceMetadata => "ec2:GetInstanceMetadataDefaults",
        RegionSettingKind::ImagePublicAccess => "ec2:GetImageBlockPublicAccessState",
        RegionSettingKind::SnapshotPublicAccess => "ec2:GetSnapshotBlockPublicAccessState",
        RegionSettingKind::SerialConsole => "ec2:GetSerialConsoleAccessStatus",
        RegionSettingKind::GuardDutyOrganization => "guardduty:DescribeOrganizationConfiguration",
    };
    aws.call_at(target, Call::read(operation), |world| {
        let decided = policy::decided(world, &target.account, |policy| policy.region_setting(kind));
        let managed_by_organization = decided.is_some();
        let value = match decided {
            Some(setting) => Some(setting.clone()),
            None => value(world, target, kind)?,
        };
        Ok(SettingState { value, managed_by_organization })
    })
    .await
}

/// What holds in the region. Of most settings EC2 tells its own default like any other value; a preference for
/// instance metadata is there or not.
fn value(world: &World, target: &Target, kind: RegionSettingKind) -> Answer<Option<RegionSetting>> {
    let settings = world.cell(target).map(|cell| cell.settings).unwrap_or_default();
    Ok(match kind {
        RegionSettingKind::InstanceMetadata => {
            settings.instance_metadata.map(RegionSetting::InstanceMetadata)
        }
        RegionSettingKind::ImagePublicAccess => Some(RegionSetting::ImagePublicAccess(
            settings.image_public_access.unwrap_or(ImagePublicAccess::Unblocked),
        )),
        RegionSettingKind::SnapshotPublicAccess => Some(RegionSetting::SnapshotPublicAccess(
            settings.snapshot_public_access.unwrap_or(SnapshotPublicAccess::Unblocked),
        )),
        RegionSettingKind::SerialConsole => Some(RegionSetting::SerialConsole(
            settings.serial_console.unwrap_or(SerialConsole::Disabled),
        )),
        RegionSettingKind::GuardDutyOrganization => {
            Some(RegionSetting::GuardDutyOrganization(guardduty::organization(world, target)?))
        }
    })
}

pub(super) async fn set_region_setting(
    aws: &SimulatedCloud,
    target: &Target,
    setting: &RegionSetting,
) -> Result<()> {
    let operation = match setting {
        RegionSetting::InstanceMetadata(_) => "ec2:ModifyInstanceMetadataDefaults",
        RegionSetting::ImagePublicAccess(ImagePublicAccess::BlockNewSharing) => {
            "ec2:EnableImageBlockPublicAccess"
        }
        RegionSetting::ImagePublicAccess(ImagePublicAccess::Unblocked) => {
            "ec2:DisableImageBlockPublicAccess"
        }
        RegionSetting::SnapshotPublicAccess(SnapshotPublicAccess::Unblocked) => {
            "ec2:DisableSnapshotBlockPublicAccess"
        }
        RegionSetting::SnapshotPublicAccess(_) => "ec2:EnableSnapshotBlockPublicAccess",
        RegionSetting::SerialConsole(SerialConsole::Disabled) => "ec2:DisableSerialConsoleAccess",
        RegionSetting::SerialConsole(SerialConsole::Enabled) => "ec2:EnableSerialConsoleAccess",
        RegionSetting::GuardDutyOrganization(_) => "guardduty:UpdateOrganizationConfiguration",
    };
    aws.call_at(target, Call::write(operation), |world| {
        let kind = setting.kind();
        let decided = policy::decided(world, &target.account, |policy| policy.region_setting(kind));
        if decided.is_some() {
            // That members are refused is documented; the code and the words are not.
            return Err(Refusal::new(
                ErrorKind::Denied,
                "UnauthorizedOperation",
                "You are not authorized to perform this operation: the attribute is managed by a \
                 declarative policy of the organization.",
            ));
        }
        set(world, target, setting)
    })
    .await
}

fn set(world: &mut World, target: &Target, setting: &RegionSetting) -> Answer<()> {
    match setting {
        RegionSetting::InstanceMetadata(wanted) => {
            if wanted.hop_limit.is_some_and(|hops| !(1..=64).contains(&hops)) {
                return Err(Refusal::new(
                    ErrorKind::Refused,
                    "InvalidParameterValue",
                    "Value for parameter httpPutResponseHopLimit is invalid: 1 to 64, or -1",
                ));
            }
            // What is not given is left as it is.
            let metadata = &mut world.cell_mut(target).settings.instance_metadata;
            let now = metadata.unwrap_or(InstanceMetadata { http_tokens: None, hop_limit: None });
            *metadata = Some(InstanceMetadata {
                http_tokens: wanted.http_tokens.or(now.http_tokens),
                hop_limit: wanted.hop_limit.or(now.hop_limit),
            });
        }
        RegionSetting::ImagePublicAccess(access) => {
            let at = world.clock.after(world.settings.image_block);
            world.agenda.add(at, Due::Images { target: target.clone(), access: *access });
        }
        RegionSetting::SnapshotPublicAccess(access) => {
            world.cell_mut(target).settings.snapshot_public_access = Some(*access);
        }
        RegionSetting::SerialConsole(console) => {
            world.cell_mut(target).settings.serial_console = Some(*console);
        }
        RegionSetting::GuardDutyOrganization(wanted) => {
            guardduty::set_organization(world, target, wanted)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::HttpTokens;
    use crate::sim::world::OrganizationPolicy;
    use crate::sim::{Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default()).with_account(
            "dev",
            "dev@example.com",
            "Workloads",
        )
    }

    #[tokio::test(start_paused = true)]
    async fn settings_hold_in_their_own_region() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let (here, there) = (
            simulation.target("dev", "eu-west-1").unwrap(),
            simulation.target("dev", "eu-west-2").unwrap(),
        );
        let required =
            InstanceMetadata { http_tokens: Some(HttpTokens::Required), hop_limit: Some(2) };
        let settings = [
            RegionSetting::InstanceMetadata(required),
            RegionSetting::ImagePublicAccess(ImagePublicAccess::BlockNewSharing),
            RegionSetting::SnapshotPublicAccess(SnapshotPublicAccess::BlockAllSharing),
            RegionSetting::SerialConsole(SerialConsole::Enabled),
        ];
        for setting in settings {
            let before = aws.region_setting(&there, setting.kind()).await.unwrap();
            aws.set_region_setting(&here, &setting).await.unwrap();
            advance(Duration::from_mins(1)).await;
            let now = aws.region_setting(&here, setting.kind()).await.unwrap();
            assert_eq!(now.value, Some(setting.clone()));
            assert_ne!(now, before);
            assert_eq!(aws.region_setting(&there, setting.kind()).await.unwrap(), before);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_preference_that_is_not_given_stays() {
        let simulation = simulation();
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let tokens = InstanceMetadata { http_tokens: Some(HttpTokens::Required), hop_limit: None };
        let hops = InstanceMetadata { http_tokens: None, hop_limit: Some(1) };
        for metadata in [tokens, hops] {
            let setting = RegionSetting::InstanceMetadata(metadata);
            aws.set_region_setting(&target, &setting).await.unwrap();
        }
        let both = InstanceMetadata { http_tokens: Some(HttpTokens::Required), hop_limit: Some(1) };
        let now = aws.region_setting(&target, RegionSettingKind::InstanceMetadata).await.unwrap();
        assert_eq!(now.value, Some(RegionSetting::InstanceMetadata(both)));
        let far = InstanceMetadata { http_tokens: None, hop_limit: Some(65) };
        let far = RegionSetting::InstanceMetadata(far);
        let error = aws.set_region_setting(&target, &far).await.unwrap_err();
        assert_eq!(error.code, "InvalidParameterValue");
    }

    #[tokio::test(start_paused = true)]
    async fn a_block_of_public_images_is_told_later() {
        let simulation = simulation();
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let blocked = RegionSetting::ImagePublicAccess(ImagePublicAccess::BlockNewSharing);
        aws.set_region_setting(&target, &blocked).await.unwrap();
        let now = async || aws.region_setting(&target, blocked.kind()).await.unwrap().value;
        assert_ne!(now().await, Some(blocked.clone()));
        advance(Duration::from_secs(20)).await;
        assert_eq!(now().await, Some(blocked.clone()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_declarative_policy_decides_and_the_nearest_one_wins() {
        let console = |console| OrganizationPolicy::Region(RegionSetting::SerialConsole(console));
        let simulation = simulation()
            .with_organization_policy("/", console(SerialConsole::Disabled))
            .with_organization_policy("Workloads", console(SerialConsole::Enabled));
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        let disabled = RegionSetting::SerialConsole(SerialConsole::Disabled);
        let error = aws.set_region_setting(&target, &disabled).await.unwrap_err();
        assert_eq!(error.code, "UnauthorizedOperation");
        let now = aws.region_setting(&target, RegionSettingKind::SerialConsole).await.unwrap();
        let enabled = Some(RegionSetting::SerialConsole(SerialConsole::Enabled));
        assert_eq!(now, SettingState { value: enabled, managed_by_organization: true });
    }
}
