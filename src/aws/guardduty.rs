//! GuardDuty, as its administrator sees it.

use std::collections::BTreeMap;

use aws_sdk_guardduty::operation::describe_organization_configuration::DescribeOrganizationConfigurationOutput as Page;
use aws_sdk_guardduty::types::{
    AutoEnableMembers, OrgFeature, OrgFeatureStatus, OrganizationFeatureConfiguration,
    OrganizationFeatureConfigurationResult,
};

use super::cloud::AwsCloud;
use super::error::{Explain as _, unexpected};
use super::pages::{all, pages};
use crate::cloud::{CloudError, ErrorKind, Result};
use crate::model::{AccountId, AutoEnable, GuardDutyOrganization, Target};

const DETECTORS: &str = "guardduty:ListDetectors";
const DESCRIBE: &str = "guardduty:DescribeOrganizationConfiguration";
const UPDATE: &str = "guardduty:UpdateOrganizationConfiguration";
const ADMINISTRATOR: &str = "guardduty:GetAdministratorAccount";

/// `None` where GuardDuty is off, and where another account administers it.
pub(super) async fn organization_configuration(
    cloud: &AwsCloud,
    target: &Target,
) -> Result<Option<GuardDutyOrganization>> {
    let Some(detector) = detector(cloud, target).await? else { return Ok(None) };
    let pages = pages!(
        cloud.guardduty(target).describe_organization_configuration().detector_id(detector),
        DESCRIBE,
        target
    );
    match pages {
        Ok(pages) => read(&pages, target).map(Some),
        // GuardDuty has one code for all that it refuses, and more than one wording. The detector is right, because
        // GuardDuty has just named it; what it does not like is that this account asks.
        Err(error) if error.code == "BadRequestException" => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn set_organization_configuration(
    cloud: &AwsCloud,
    target: &Target,
    wanted: &GuardDutyOrganization,
) -> Result<()> {
    let Some(detector) = detector(cloud, target).await? else { return Err(no_detector(target)) };
    let features = wanted.features.iter().map(|(name, auto_enable)| {
        OrganizationFeatureConfiguration::builder()
            .name(OrgFeature::from(name.as_str()))
            .auto_enable(OrgFeatureStatus::from(word(*auto_enable)))
            .build()
    });
    cloud
        .guardduty(target)
        .update_organization_configuration()
        .detector_id(detector)
        .auto_enable_organization_members(AutoEnableMembers::from(word(wanted.auto_enable)))
        .set_features(Some(features.collect()))
        .send()
        .await
        .explain(UPDATE, target)?;
    Ok(())
}

/// The account that administers GuardDuty in the target, where that is another one.
pub(super) async fn administrator(
    cloud: &AwsCloud,
    target: &Target,
    detector: &str,
) -> Result<Option<AccountId>> {
    let call = cloud.guardduty(target).get_administrator_account().detector_id(detector);
    let answer = call.send().await.explain(ADMINISTRATOR, target)?;
    // An account that has none, and the administrator itself, get an empty answer.
    let administrator = answer.administrator();
    let enabled = administrator.filter(|one| one.relationship_status() == Some("Enabled"));
    let id = enabled.and_then(|one| one.account_id());
    id.map(|id| super::error::read(Some(id), ADMINISTRATOR, target)).transpose()
}

/// A region has one detector at most.
async fn detector(cloud: &AwsCloud, target: &Target) -> Result<Option<String>> {
    let detectors = all!(cloud.guardduty(target).list_detectors(), DETECTORS, target)?;
    Ok(detectors.into_iter().next())
}

fn read(pages: &[Page], target: &Target) -> Result<GuardDutyOrganization> {
    let members = pages.iter().find_map(Page::auto_enable_organization_members);
    let auto_enable = read_word(members.map_or("", AutoEnableMembers::as_str), target)?;
    let features = pages.iter().flat_map(Page::features).map(|feature| feature_of(feature, target));
    Ok(GuardDutyOrganization {
        auto_enable,
        features: features.collect::<Result<BTreeMap<_, _>>>()?,
    })
}

fn feature_of(
    feature: &OrganizationFeatureConfigurationResult,
    target: &Target,
) -> Result<(String, AutoEnable)> {
    let name = feature.name().map_or("", OrgFeature::as_str).to_owned();
    let auto_enable = feature.auto_enable().map_or("NONE", OrgFeatureStatus::as_str);
    Ok((name, read_word(auto_enable, target)?))
}

fn read_word(word: &str, target: &Target) -> Result<AutoEnable> {
    match word {
        "ALL" => Ok(AutoEnable::All),
        "NEW" => Ok(AutoEnable::New),
        "NONE" => Ok(AutoEnable::None),
        _ => Err(unexpected(DESCRIBE, target, format!("auto-enable {word:?}"))),
    }
}

fn word(auto_enable: AutoEnable) -> &'static str {
    match auto_enable {
        AutoEnable::All => "ALL",
        AutoEnable::New => "NEW",
        AutoEnable::None => "NONE",
    }
}

/// GuardDuty turns itself on in the account that becomes its administrator, some time after.
fn no_detector(target: &Target) -> CloudError {
    let message = "GuardDuty is off: it has no detector here, without which there is no organization configuration; \
        a baseline of this account has to make one, or the account has to become GuardDuty's administrator first";
    CloudError::new(ErrorKind::NotReady, UPDATE, "NoDetector", message)
        .at(&target.account, Some(&target.region))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, SettingState};
    use crate::model::{RegionSetting, RegionSettingKind};

    const KIND: RegionSettingKind = RegionSettingKind::GuardDutyOrganization;

    fn detectors(ids: &str) -> Fake {
        Fake::new().answer("GET /detector", [Reply::json(&format!(r#"{{"detectorIds":[{ids}]}}"#))])
    }

    fn wanted() -> RegionSetting {
        RegionSetting::GuardDutyOrganization(GuardDutyOrganization {
            auto_enable: AutoEnable::All,
            features: BTreeMap::from([("S3_DATA_EVENTS".to_owned(), AutoEnable::New)]),
        })
    }

    #[tokio::test(start_paused = true)]
    async fn the_administrator_reads_members_and_features_from_every_page() {
        let page = |members: &str, feature: &str, more: &str| {
            Reply::json(&format!(
                r#"{{"autoEnableOrganizationMembers":"{members}",
                     "features":[{{"name":"{feature}","autoEnable":"NEW"}}]{more}}}"#
            ))
        };
        let pages = [
            page("ALL", "S3_DATA_EVENTS", r#","nextToken":"more""#),
            page("ALL", "LAMBDA_NETWORK_LOGS", ""),
        ];
        let fake = detectors(r#""d-1""#).answer("GET /detector/d-1/admin", pages);
        let state = fake.cloud().region_setting(&target(), KIND).await.unwrap();
        let Some(RegionSetting::GuardDutyOrganization(found)) = state.value else { panic!() };
        assert_eq!(found.auto_enable, AutoEnable::All);
        assert_eq!(
            found.features.into_iter().collect::<Vec<_>>(),
            [
                ("LAMBDA_NETWORK_LOGS".to_owned(), AutoEnable::New),
                ("S3_DATA_EVENTS".to_owned(), AutoEnable::New)
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_is_off_or_not_the_administrator_has_none() {
        let refused = refusal(400, "BadRequestException", "an invalid or out-of-range value");
        for fake in
            [detectors(""), detectors(r#""d-1""#).answer("GET /detector/d-1/admin", [refused])]
        {
            let state = fake.cloud().region_setting(&target(), KIND).await.unwrap();
            assert_eq!(state, SettingState { value: None, managed_by_organization: false });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_may_not_look_is_an_error() {
        let denied = refusal(403, "AccessDeniedException", "no");
        let fake = detectors(r#""d-1""#).answer("GET /detector/d-1/admin", [denied]);
        let error = fake.cloud().region_setting(&target(), KIND).await.unwrap_err();
        assert_eq!((error.kind, error.operation.as_str()), (ErrorKind::Denied, DESCRIBE));
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_features_that_are_named_are_changed() {
        let fake = detectors(r#""d-1""#).answer("POST /detector/d-1/admin", [Reply::json("{}")]);
        fake.cloud().set_region_setting(&target(), &wanted()).await.unwrap();
        let body = &fake.calls("POST /detector/d-1/admin")[0].body;
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "autoEnableOrganizationMembers": "ALL",
                "features": [{"name": "S3_DATA_EVENTS", "autoEnable": "NEW"}],
            })
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_detector_there_is_nothing_to_change_yet() {
        let error =
            detectors("").cloud().set_region_setting(&target(), &wanted()).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (ErrorKind::NotReady, "NoDetector"));
    }
}
