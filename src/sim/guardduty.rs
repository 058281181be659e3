//! GuardDuty's administrator and the organization's accounts.

use super::refusal::{Answer, Refusal};
use super::world::{Cell, Due, World, uuid};
use crate::cloud::{ErrorKind, ResourceOwner};
use crate::model::{
    AccountId, AccountState, AutoEnable, GuardDutyOrganization, Region, SecurityService, Target,
};

const DETECTOR: &str = "AWS::GuardDuty::Detector";

/// What the administrator does about the organization's accounts in its region.
pub(super) fn organization(world: &World, target: &Target) -> Answer<GuardDutyOrganization> {
    check_administrator(world, target)?;
    let now = world.administration.guardduty.get(&target.region);
    Ok(now.cloned().unwrap_or_else(|| GuardDutyOrganization {
        auto_enable: AutoEnable::None,
        features: std::collections::BTreeMap::new(),
    }))
}

/// `UpdateOrganizationConfiguration`: features that are not named stay as they are.
pub(super) fn set_organization(
    world: &mut World,
    target: &Target,
    wanted: &GuardDutyOrganization,
) -> Answer<()> {
    let mut now = organization(world, target)?;
    now.auto_enable = wanted.auto_enable;
    now.features.extend(wanted.features.clone());
    world.administration.guardduty.insert(target.region.clone(), now);
    if wanted.auto_enable == AutoEnable::All {
        let at = world.clock.after(world.settings.guardduty_members);
        world.agenda.add(at, Due::Members { region: target.region.clone(), joined: None });
    }
    Ok(())
}

fn check_administrator(world: &World, target: &Target) -> Answer<()> {
    let refused = |message: &str| {
        Err(Refusal::new(ErrorKind::Refused, "BadRequestException", message.to_owned()))
    };
    let administrator = world.administration.regional(SecurityService::GuardDuty, &target.region);
    if administrator != Some(&target.account) {
        return refused(
            "The request failed because you do not have required AWS Organization master permission.",
        );
    }
    if world.cell(target).is_none_or(|cell| cell.claims.count(DETECTOR) == 0) {
        return refused(
            "The request is rejected because the input detectorId is not owned by the current account.",
        );
    }
    Ok(())
}

/// Makes a detector where there is none.
pub(super) fn enable(world: &mut World, target: &Target, owner: Option<ResourceOwner>) {
    let id = uuid(&["detector", target.account.as_str(), target.region.as_str()]).replace('-', "");
    let cell = world.cell_mut(target);
    if cell.claims.count(DETECTOR) == 0 {
        cell.claims.take(DETECTOR, &id);
        if let Some(owner) = owner {
            cell.owners.set(DETECTOR, &id, owner);
        }
    }
}

/// An account has joined the organization: the administrators' settings reach it some time later.
pub(super) fn joined(world: &mut World, account: &AccountId) {
    let at = world.clock.after(world.settings.guardduty_members);
    let regions: Vec<_> = world.administration.guardduty.keys().cloned().collect();
    for region in regions {
        world.agenda.add(at, Due::Members { region, joined: Some(account.clone()) });
    }
}

/// Makes members of the accounts that the administrator's settings say: all, or the one that has `joined`.
/// The management account becomes one only after it has turned GuardDuty on by itself.
pub(super) fn enroll(world: &mut World, region: &Region, joined: Option<&AccountId>) {
    let administration = &world.administration;
    let Some(administrator) = administration.regional(SecurityService::GuardDuty, region).cloned()
    else {
        return;
    };
    let auto_enable = administration.guardduty.get(region).map(|settings| settings.auto_enable);
    let reaches = match auto_enable {
        Some(AutoEnable::All) => true,
        Some(AutoEnable::New) => joined.is_some(),
        Some(AutoEnable::None) | None => false,
    };
    if !reaches {
        return;
    }
    let members: Vec<_> = world
        .accounts
        .iter()
        .filter(|(id, _)| joined.is_none_or(|joined| joined == *id))
        .filter(|(id, _)| **id != administrator && **id != world.management_account)
        .filter(|(_, account)| account.state == AccountState::Active)
        .filter(|(_, account)| account.regions().contains(region))
        .map(|(id, _)| Target { account: id.clone(), region: region.clone() })
        .collect();
    let owner = ResourceOwner::Organization(administrator);
    for target in members {
        enable(world, &target, Some(owner.clone()));
        adopt(world.cell_mut(&target), &owner);
    }
}

/// A detector that nobody governed belongs to the administrator from now on; a stack keeps its own.
fn adopt(cell: &mut Cell, owner: &ResourceOwner) {
    let Some(id) = cell.claims.first(DETECTOR).map(ToOwned::to_owned) else { return };
    let mut stacks = cell.stacks.values().flat_map(|stack| &stack.resources);
    if !stacks.any(|resource| resource.resource_type == DETECTOR) {
        cell.owners.set(DETECTOR, &id, owner.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _, NewAccount};
    use crate::model::{RegionSetting, RegionSettingKind};
    use crate::sim::{SimulatedCloud, Simulation, SimulationSettings};

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default())
            .with_account("security", "security@example.com", "/")
            .with_account("dev", "dev@example.com", "/")
            .with_service_administrator("eu-west-1", SecurityService::GuardDuty, "security")
    }

    fn setting(auto_enable: AutoEnable, feature: Option<(&str, AutoEnable)>) -> RegionSetting {
        let features = feature.map(|(name, auto_enable)| (name.to_owned(), auto_enable));
        let features = features.into_iter().collect();
        RegionSetting::GuardDutyOrganization(GuardDutyOrganization { auto_enable, features })
    }

    async fn owner(aws: &SimulatedCloud, target: &Target) -> Option<ResourceOwner> {
        let found = aws.existing_resource(target, DETECTOR, None).await.unwrap();
        found.map(|detector| detector.owner)
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_region_s_administrator_sees_and_sets_the_organization() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let kind = RegionSettingKind::GuardDutyOrganization;
        for (account, region) in [("dev", "eu-west-1"), ("security", "eu-west-2")] {
            let target = simulation.target(account, region).unwrap();
            let error = aws.region_setting(&target, kind).await.unwrap_err();
            assert_eq!(error.code, "BadRequestException");
            let all = setting(AutoEnable::All, None);
            let error = aws.set_region_setting(&target, &all).await.unwrap_err();
            assert_eq!(error.code, "BadRequestException");
        }
        let target = simulation.target("security", "eu-west-1").unwrap();
        let state = aws.region_setting(&target, kind).await.unwrap();
        assert_eq!(state.value, Some(setting(AutoEnable::None, None)));
    }

    #[tokio::test(start_paused = true)]
    async fn features_that_are_not_named_stay() {
        let simulation = simulation();
        let (aws, target) =
            (simulation.cloud(), simulation.target("security", "eu-west-1").unwrap());
        let s3 = ("S3_DATA_EVENTS", AutoEnable::All);
        aws.set_region_setting(&target, &setting(AutoEnable::New, Some(s3))).await.unwrap();
        aws.set_region_setting(&target, &setting(AutoEnable::All, None)).await.unwrap();
        let kind = RegionSettingKind::GuardDutyOrganization;
        let now = aws.region_setting(&target, kind).await.unwrap().value;
        assert_eq!(now, Some(setting(AutoEnable::All, Some(s3))));
    }

    #[tokio::test(start_paused = true)]
    async fn all_accounts_get_a_detector_a_little_later_and_a_lonely_one_is_adopted() {
        let simulation = simulation().with_account("uat", "uat@example.com", "/").with_unmanaged(
            "uat",
            "eu-west-1",
            DETECTOR,
            "d1",
        );
        let aws = simulation.cloud();
        let target = |account: &str| simulation.target(account, "eu-west-1").unwrap();
        let all = setting(AutoEnable::All, None);
        aws.set_region_setting(&target("security"), &all).await.unwrap();
        assert_eq!(owner(&aws, &target("dev")).await, None);
        assert_eq!(owner(&aws, &target("uat")).await, Some(ResourceOwner::Nobody));
        advance(Duration::from_secs(30)).await;
        let administrator = Some(ResourceOwner::Organization(target("security").account));
        assert_eq!(owner(&aws, &target("dev")).await, administrator);
        assert_eq!(owner(&aws, &target("uat")).await, administrator);
        assert_eq!(owner(&aws, &target("security")).await, Some(ResourceOwner::Nobody));
        let management =
            Target { account: simulation.world().management_account.clone(), ..target("dev") };
        assert_eq!(owner(&aws, &management).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_that_joins_later_gets_one_too() {
        let simulation = simulation();
        let aws = simulation.cloud();
        let administrator = simulation.target("security", "eu-west-1").unwrap();
        let new = setting(AutoEnable::New, None);
        aws.set_region_setting(&administrator, &new).await.unwrap();
        let account = NewAccount {
            name: "late".parse().unwrap(),
            email: "late@example.com".parse().unwrap(),
            role: "OrganizationAccountAccessRole".parse().unwrap(),
            tags: BTreeMap::new(),
        };
        aws.create_account(&account).await.unwrap();
        advance(Duration::from_mins(10)).await;
        let late = simulation.target("late", "eu-west-1").unwrap();
        let organization = Some(ResourceOwner::Organization(administrator.account));
        assert_eq!(owner(&aws, &late).await, organization);
        assert_eq!(owner(&aws, &simulation.target("dev", "eu-west-1").unwrap()).await, None);
    }
}
