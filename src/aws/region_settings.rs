//! Settings of a region. Those of EC2 are here; of each of them an organization's declarative policy may have taken
//! possession, and EC2 says so.

use aws_sdk_ec2::types::{
    HttpTokensState, ImageBlockPublicAccessEnabledState, InstanceMetadataDefaultsResponse,
    ManagedBy, MetadataDefaultHttpTokensState, SnapshotBlockPublicAccessState,
};

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use super::guardduty;
use crate::cloud::{Result, SettingState};
use crate::model::{
    HttpTokens, ImagePublicAccess, InstanceMetadata, RegionSetting, RegionSettingKind,
    SerialConsole, SnapshotPublicAccess, Target,
};

const GET_METADATA: &str = "ec2:GetInstanceMetadataDefaults";
const SET_METADATA: &str = "ec2:ModifyInstanceMetadataDefaults";
const GET_IMAGES: &str = "ec2:GetImageBlockPublicAccessState";
const BLOCK_IMAGES: &str = "ec2:EnableImageBlockPublicAccess";
const UNBLOCK_IMAGES: &str = "ec2:DisableImageBlockPublicAccess";
const GET_SNAPSHOTS: &str = "ec2:GetSnapshotBlockPublicAccessState";
const BLOCK_SNAPSHOTS: &str = "ec2:EnableSnapshotBlockPublicAccess";
const UNBLOCK_SNAPSHOTS: &str = "ec2:DisableSnapshotBlockPublicAccess";
const GET_CONSOLE: &str = "ec2:GetSerialConsoleAccessStatus";
const ENABLE_CONSOLE: &str = "ec2:EnableSerialConsoleAccess";
const DISABLE_CONSOLE: &str = "ec2:DisableSerialConsoleAccess";

pub(super) async fn region_setting(
    cloud: &AwsCloud,
    target: &Target,
    kind: RegionSettingKind,
) -> Result<SettingState<RegionSetting>> {
    match kind {
        RegionSettingKind::InstanceMetadata => instance_metadata(cloud, target).await,
        RegionSettingKind::ImagePublicAccess => image_public_access(cloud, target).await,
        RegionSettingKind::SnapshotPublicAccess => snapshot_public_access(cloud, target).await,
        RegionSettingKind::SerialConsole => serial_console(cloud, target).await,
        RegionSettingKind::GuardDutyOrganization => {
            let value = guardduty::organization_configuration(cloud, target).await?;
            let value = value.map(RegionSetting::GuardDutyOrganization);
            Ok(SettingState { value, managed_by_organization: false })
        }
    }
}

/// Image block public access is true ten minutes after EC2 has said so: whoever reads it back too early reads the old.
pub(super) async fn set_region_setting(
    cloud: &AwsCloud,
    target: &Target,
    setting: &RegionSetting,
) -> Result<()> {
    match setting {
        RegionSetting::InstanceMetadata(metadata) => {
            set_instance_metadata(cloud, target, *metadata).await
        }
        RegionSetting::ImagePublicAccess(access) => {
            set_image_public_access(cloud, target, *access).await
        }
        RegionSetting::SnapshotPublicAccess(access) => {
            set_snapshot_public_access(cloud, target, *access).await
        }
        RegionSetting::SerialConsole(console) => set_serial_console(cloud, target, *console).await,
        RegionSetting::GuardDutyOrganization(wanted) => {
            guardduty::set_organization_configuration(cloud, target, wanted).await
        }
    }
}

async fn instance_metadata(
    cloud: &AwsCloud,
    target: &Target,
) -> Result<SettingState<RegionSetting>> {
    let answer = cloud.ec2(target).get_instance_metadata_defaults().send().await;
    let answer = answer.explain(GET_METADATA, target)?;
    let Some(defaults) = answer.account_level() else {
        return Ok(SettingState { value: None, managed_by_organization: false });
    };
    let value = read_metadata(defaults, target)?;
    // An account that has no preference is told without values.
    let is_set = value.http_tokens.is_some() || value.hop_limit.is_some();
    let value = is_set.then_some(value);
    Ok(state(value.map(RegionSetting::InstanceMetadata), defaults.managed_by()))
}

fn read_metadata(
    defaults: &InstanceMetadataDefaultsResponse,
    target: &Target,
) -> Result<InstanceMetadata> {
    let http_tokens = match defaults.http_tokens().map(HttpTokensState::as_str) {
        None | Some("no-preference") => None,
        Some("required") => Some(HttpTokens::Required),
        Some("optional") => Some(HttpTokens::Optional),
        Some(word) => return Err(unexpected(GET_METADATA, target, format!("httpTokens {word}"))),
    };
    // -1 stands for no preference.
    let hops = defaults.http_put_response_hop_limit();
    let hop_limit = hops.and_then(|hops| u8::try_from(hops).ok());
    Ok(InstanceMetadata { http_tokens, hop_limit })
}

/// Leaves alone what the setting has no preference for.
async fn set_instance_metadata(
    cloud: &AwsCloud,
    target: &Target,
    metadata: InstanceMetadata,
) -> Result<()> {
    let tokens = metadata.http_tokens.map(|tokens| match tokens {
        HttpTokens::Required => MetadataDefaultHttpTokensState::Required,
        HttpTokens::Optional => MetadataDefaultHttpTokensState::Optional,
    });
    let call = cloud.ec2(target).modify_instance_metadata_defaults().set_http_tokens(tokens);
    let call = call.set_http_put_response_hop_limit(metadata.hop_limit.map(Into::into));
    call.send().await.explain(SET_METADATA, target)?;
    Ok(())
}

async fn image_public_access(
    cloud: &AwsCloud,
    target: &Target,
) -> Result<SettingState<RegionSetting>> {
    let answer = cloud.ec2(target).get_image_block_public_access_state().send().await;
    let answer = answer.explain(GET_IMAGES, target)?;
    let access = match answer.image_block_public_access_state() {
        Some("block-new-sharing") => ImagePublicAccess::BlockNewSharing,
        Some("unblocked") => ImagePublicAccess::Unblocked,
        word => return Err(unexpected(GET_IMAGES, target, format!("the state {word:?}"))),
    };
    Ok(state(Some(RegionSetting::ImagePublicAccess(access)), answer.managed_by()))
}

async fn set_image_public_access(
    cloud: &AwsCloud,
    target: &Target,
    access: ImagePublicAccess,
) -> Result<()> {
    let client = cloud.ec2(target);
    match access {
        ImagePublicAccess::BlockNewSharing => {
            let state = ImageBlockPublicAccessEnabledState::BlockNewSharing;
            let call = client.enable_image_block_public_access();
            let call = call.image_block_public_access_state(state);
            call.send().await.explain(BLOCK_IMAGES, target)?;
        }
        ImagePublicAccess::Unblocked => {
            let call = client.disable_image_block_public_access();
            call.send().await.explain(UNBLOCK_IMAGES, target)?;
        }
    }
    Ok(())
}

async fn snapshot_public_access(
    cloud: &AwsCloud,
    target: &Target,
) -> Result<SettingState<RegionSetting>> {
    let answer = cloud.ec2(target).get_snapshot_block_public_access_state().send().await;
    let answer = answer.explain(GET_SNAPSHOTS, target)?;
    let access = match answer.state().map(SnapshotBlockPublicAccessState::as_str) {
        Some("block-all-sharing") => SnapshotPublicAccess::BlockAllSharing,
        Some("block-new-sharing") => SnapshotPublicAccess::BlockNewSharing,
        Some("unblocked") => SnapshotPublicAccess::Unblocked,
        word => return Err(unexpected(GET_SNAPSHOTS, target, format!("the state {word:?}"))),
    };
    Ok(state(Some(RegionSetting::SnapshotPublicAccess(access)), answer.managed_by()))
}

async fn set_snapshot_public_access(
    cloud: &AwsCloud,
    target: &Target,
    access: SnapshotPublicAccess,
) -> Result<()> {
    let state = match access {
        SnapshotPublicAccess::BlockAllSharing => SnapshotBlockPublicAccessState::BlockAllSharing,
        SnapshotPublicAccess::BlockNewSharing => SnapshotBlockPublicAccessState::BlockNewSharing,
        SnapshotPublicAccess::Unblocked => {
            let call = cloud.ec2(target).disable_snapshot_block_public_access();
            call.send().await.explain(UNBLOCK_SNAPSHOTS, target)?;
            return Ok(());
        }
    };
    let call = cloud.ec2(target).enable_snapshot_block_public_access().state(state);
    call.send().await.explain(BLOCK_SNAPSHOTS, target)?;
    Ok(())
}

async fn serial_console(cloud: &AwsCloud, target: &Target) -> Result<SettingState<RegionSetting>> {
    let answer = cloud.ec2(target).get_serial_console_access_status().send().await;
    let answer = answer.explain(GET_CONSOLE, target)?;
    let console = match answer.serial_console_access_enabled() {
        Some(true) => SerialConsole::Enabled,
        Some(false) => SerialConsole::Disabled,
        None => return Err(unexpected(GET_CONSOLE, target, "no status")),
    };
    Ok(state(Some(RegionSetting::SerialConsole(console)), answer.managed_by()))
}

async fn set_serial_console(
    cloud: &AwsCloud,
    target: &Target,
    console: SerialConsole,
) -> Result<()> {
    let client = cloud.ec2(target);
    match console {
        SerialConsole::Enabled => {
            let call = client.enable_serial_console_access();
            call.send().await.explain(ENABLE_CONSOLE, target)?;
        }
        SerialConsole::Disabled => {
            let call = client.disable_serial_console_access();
            call.send().await.explain(DISABLE_CONSOLE, target)?;
        }
    }
    Ok(())
}

fn state(
    value: Option<RegionSetting>,
    managed_by: Option<&ManagedBy>,
) -> SettingState<RegionSetting> {
    let managed_by_organization = managed_by == Some(&ManagedBy::DeclarativePolicy);
    SettingState { value, managed_by_organization }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind};

    fn answer(operation: &str, body: &str) -> Reply {
        Reply::xml(&format!("<{operation}Response>{body}</{operation}Response>"))
    }

    fn metadata(tokens: Option<HttpTokens>, hop_limit: Option<u8>) -> RegionSetting {
        RegionSetting::InstanceMetadata(InstanceMetadata { http_tokens: tokens, hop_limit })
    }

    #[tokio::test(start_paused = true)]
    async fn each_setting_is_read_with_who_governs_it() {
        use RegionSettingKind::{
            ImagePublicAccess as Image, InstanceMetadata as Metadata, SerialConsole as Console,
            SnapshotPublicAccess as Snapshot,
        };
        const POLICY: &str = "<managedBy>declarative-policy</managedBy>";
        for (kind, operation, body, value) in [
            (Metadata, "GetInstanceMetadataDefaults", "<accountLevel/>", None),
            (
                Metadata,
                "GetInstanceMetadataDefaults",
                "<accountLevel><httpTokens>required</httpTokens>\
                 <httpPutResponseHopLimit>-1</httpPutResponseHopLimit>\
                 <managedBy>account</managedBy></accountLevel>",
                Some(metadata(Some(HttpTokens::Required), None)),
            ),
            (
                Metadata,
                "GetInstanceMetadataDefaults",
                "<accountLevel><httpPutResponseHopLimit>2</httpPutResponseHopLimit>\
                 <managedBy>declarative-policy</managedBy></accountLevel>",
                Some(metadata(None, Some(2))),
            ),
            (
                Image,
                "GetImageBlockPublicAccessState",
                "<imageBlockPublicAccessState>block-new-sharing</imageBlockPublicAccessState>\
                 <managedBy>declarative-policy</managedBy>",
                Some(RegionSetting::ImagePublicAccess(ImagePublicAccess::BlockNewSharing)),
            ),
            (
                Snapshot,
                "GetSnapshotBlockPublicAccessState",
                "<state>unblocked</state><managedBy>account</managedBy>",
                Some(RegionSetting::SnapshotPublicAccess(SnapshotPublicAccess::Unblocked)),
            ),
            (
                Console,
                "GetSerialConsoleAccessStatus",
                "<serialConsoleAccessEnabled>false</serialConsoleAccessEnabled>",
                Some(RegionSetting::SerialConsole(SerialConsole::Disabled)),
            ),
        ] {
            let fake = Fake::new().answer(operation, [answer(operation, body)]);
            let state = fake.cloud().region_setting(&target(), kind).await.unwrap();
            assert_eq!(state.value, value, "{body}");
            assert_eq!(state.managed_by_organization, body.contains(POLICY), "{body}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_state_that_avm_does_not_know_is_an_error() {
        let operation = "GetImageBlockPublicAccessState";
        for (reply, kind) in [
            (
                answer(operation, "<imageBlockPublicAccessState>x</imageBlockPublicAccessState>"),
                ErrorKind::Refused,
            ),
            (refusal(403, "UnauthorizedOperation", "no"), ErrorKind::Denied),
        ] {
            let fake = Fake::new().answer(operation, [reply]);
            let kind_of_setting = RegionSettingKind::ImagePublicAccess;
            let error = fake.cloud().region_setting(&target(), kind_of_setting).await.unwrap_err();
            assert_eq!(error.kind, kind);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_value_has_its_call() {
        use RegionSetting::{
            ImagePublicAccess as Image, SerialConsole as Console, SnapshotPublicAccess as Snapshot,
        };
        for (setting, operation, part) in [
            (
                metadata(Some(HttpTokens::Required), None),
                "ModifyInstanceMetadataDefaults",
                "HttpTokens=required",
            ),
            (
                metadata(None, Some(2)),
                "ModifyInstanceMetadataDefaults",
                "HttpPutResponseHopLimit=2",
            ),
            (
                Image(ImagePublicAccess::BlockNewSharing),
                "EnableImageBlockPublicAccess",
                "ImageBlockPublicAccessState=block-new-sharing",
            ),
            (Image(ImagePublicAccess::Unblocked), "DisableImageBlockPublicAccess", ""),
            (
                Snapshot(SnapshotPublicAccess::BlockAllSharing),
                "EnableSnapshotBlockPublicAccess",
                "State=block-all-sharing",
            ),
            (
                Snapshot(SnapshotPublicAccess::BlockNewSharing),
                "EnableSnapshotBlockPublicAccess",
                "State=block-new-sharing",
            ),
            (Snapshot(SnapshotPublicAccess::Unblocked), "DisableSnapshotBlockPublicAccess", ""),
            (Console(SerialConsole::Enabled), "EnableSerialConsoleAccess", ""),
            (Console(SerialConsole::Disabled), "DisableSerialConsoleAccess", ""),
        ] {
            let fake = Fake::new().answer(operation, [answer(operation, "")]);
            fake.cloud().set_region_setting(&target(), &setting).await.unwrap();
            let body = &fake.calls(operation)[0].body;
            assert!(body.contains(part), "{part} is not in {body}");
            assert!(body.matches("Http").count() <= 1, "{body}");
        }
    }
}
