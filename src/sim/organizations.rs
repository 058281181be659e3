//! The organization, its tree, and the accounts in it.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::accounts::check_tags;
use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{self, Unit, World};
use crate::cloud::{Account, AccountPage, ErrorKind, Organization, OrganizationalUnit, Result};
use crate::model::{AccountId, ParentId};

/// AWS answers so many items at a time.
const PAGE: usize = 20;
/// Units may be nested so deep below the root (organizations quotas).
const MAX_DEPTH: usize = 5;
/// An organization may have so many units (organizations quotas).
const MAX_UNITS: usize = 2_000;

pub(super) async fn organization(aws: &SimulatedCloud) -> Result<Organization> {
    for operation in ["organizations:DescribeOrganization", "organizations:ListRoots"] {
        aws.call(Call::read(operation), |_| Ok(())).await?;
    }
    aws.call(Call::read("sts:GetCallerIdentity"), |world| {
        Ok(Organization {
            id: world.organization.clone(),
            management_account: world.management_account.clone(),
            caller: world.management_account.clone(),
            caller_arn: format!("arn:aws:iam::{}:user/avm", world.management_account),
            root: world.root.clone(),
        })
    })
    .await
}

pub(super) async fn units(
    aws: &SimulatedCloud,
    parent: &ParentId,
) -> Result<Vec<OrganizationalUnit>> {
    pages(aws, "organizations:ListOrganizationalUnitsForParent", |world| {
        check_node(world, parent, "ParentNotFoundException")?;
        let below = world.units.iter().filter(|(_, unit)| unit.parent == *parent);
        Ok(below
            .map(|(id, unit)| OrganizationalUnit { id: id.clone(), name: unit.name.clone() })
            .collect())
    })
    .await
}

/// A page is asked for by the last account of the one before.
pub(super) async fn accounts(aws: &SimulatedCloud, page: Option<&str>) -> Result<AccountPage> {
    aws.call(Call::read("organizations:ListAccounts"), |world| {
        let after = page.and_then(|last| last.parse::<AccountId>().ok());
        let after = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut ahead = world.accounts.range::<AccountId, _>((after, Bound::Unbounded));
        let page = ahead.by_ref().take(PAGE);
        let accounts: Vec<_> = page.map(|(id, account)| told(world, id, account)).collect();
        let next = ahead.next().and(accounts.last()).map(|last| last.id.to_string());
        Ok(AccountPage { accounts, next })
    })
    .await
}

pub(super) async fn account_of(aws: &SimulatedCloud, id: &AccountId) -> Result<Option<Account>> {
    let call = Call::read("organizations:DescribeAccount").about(id);
    // `AccountNotFoundException`, which the port answers with nothing.
    aws.call(call, |world| Ok(world.accounts.get(id).map(|account| told(world, id, account)))).await
}

/// An account as the organization tells of it.
fn told(world: &World, id: &AccountId, account: &world::Account) -> Account {
    Account {
        id: id.clone(),
        name: account.name.clone(),
        email: account.email.to_string(),
        state: account.state.clone(),
        parent: world.settings.account_paths.then(|| account.parent.clone()),
    }
}

pub(super) async fn accounts_in(aws: &SimulatedCloud, parent: &ParentId) -> Result<Vec<AccountId>> {
    pages(aws, "organizations:ListAccountsForParent", |world| {
        check_node(world, parent, "ParentNotFoundException")?;
        let below = world.accounts.iter().filter(|(_, account)| account.parent == *parent);
        Ok(below.map(|(id, _)| id.clone()).collect())
    })
    .await
}

pub(super) async fn tags(
    aws: &SimulatedCloud,
    account: &AccountId,
) -> Result<BTreeMap<String, String>> {
    let call = Call::read("organizations:ListTagsForResource").about(account);
    aws.call(call, |world| Ok(member(world, account, "TargetNotFoundException")?.tags.clone()))
        .await
}

pub(super) async fn create_unit(
    aws: &SimulatedCloud,
    parent: &ParentId,
    name: &str,
) -> Result<ParentId> {
    let created = aws
        .call(Call::write("organizations:CreateOrganizationalUnit"), |world| {
            // `DuplicateOrganizationalUnitException`, which the port answers with the unit that is there.
            if world.unit_below(parent, name).is_some() {
                return Ok(None);
            }
            add_unit(world, parent, name).map(Some)
        })
        .await?;
    if let Some(id) = created {
        return Ok(id);
    }
    let there = units(aws, parent).await?.into_iter().find(|unit| unit.name == name);
    there.map(|unit| unit.id).ok_or_else(|| {
        Call::read("organizations:ListOrganizationalUnitsForParent").error(
            ErrorKind::Conflict,
            "DuplicateOrganizationalUnitException",
            format!("{name} was there a moment ago"),
        )
    })
}

pub(super) fn add_unit(world: &mut World, parent: &ParentId, name: &str) -> Answer<ParentId> {
    let violation = |reason: &str| {
        Refusal::new(ErrorKind::Refused, "ConstraintViolationException", reason.to_owned())
    };
    let path = world.path(parent).ok_or_else(|| {
        Refusal::new(
            ErrorKind::NotFound,
            "ParentNotFoundException",
            format!("there is no root or organizational unit {parent}"),
        )
    })?;
    if path.names().count() >= MAX_DEPTH {
        return Err(violation("OU_DEPTH_LIMIT_EXCEEDED: units may be nested five levels deep"));
    }
    if world.units.len() >= MAX_UNITS {
        return Err(violation("OU_NUMBER_LIMIT_EXCEEDED: there are 2,000 units"));
    }
    if !(1..=128).contains(&name.chars().count()) {
        return Err(Refusal::new(
            ErrorKind::Refused,
            "InvalidInputException",
            "a unit's name has 1 to 128 characters",
        ));
    }
    let root = world.root.as_str().trim_start_matches("r-").to_owned();
    let id: ParentId =
        format!("ou-{root}-{}", world.fresh("unit", 8)).parse().expect("ou- and digits");
    world.units.insert(id.clone(), Unit { name: name.to_owned(), parent: parent.clone() });
    Ok(id)
}

pub(super) async fn move_account(
    aws: &SimulatedCloud,
    account: &AccountId,
    from: &ParentId,
    to: &ParentId,
) -> Result<()> {
    let call = Call::write("organizations:MoveAccount").about(account);
    aws.call(call, |world| {
        check_node(world, to, "DestinationParentNotFoundException")?;
        let moved = member_mut(world, account, "AccountNotFoundException")?;
        // `DuplicateAccountException`, which the port takes for success.
        if moved.parent == *to {
            return Ok(());
        }
        if moved.parent != *from {
            return Err(Refusal::new(
                ErrorKind::Conflict,
                "SourceParentNotFoundException",
                format!("the account is not in {from}"),
            ));
        }
        moved.parent = to.clone();
        Ok(())
    })
    .await
}

pub(super) async fn tag(
    aws: &SimulatedCloud,
    account: &AccountId,
    tags: &BTreeMap<String, String>,
) -> Result<()> {
    let call = Call::write("organizations:TagResource").about(account);
    aws.call(call, |world| {
        let tagged = member_mut(world, account, "TargetNotFoundException")?;
        let mut all = tagged.tags.clone();
        all.extend(tags.clone());
        check_tags(&all)?;
        tagged.tags = all;
        Ok(())
    })
    .await
}

/// Reads a list as AWS gives it out, a call for every page.
async fn pages<T>(
    aws: &SimulatedCloud,
    operation: &'static str,
    read: impl Fn(&World) -> Answer<Vec<T>>,
) -> Result<Vec<T>> {
    let mut calls = 1;
    loop {
        let items = aws.call(Call::read(operation), |world| read(world)).await?;
        if items.len() <= calls * PAGE {
            return Ok(items);
        }
        calls += 1;
    }
}

fn check_node(world: &World, node: &ParentId, code: &'static str) -> Answer<()> {
    if *node == world.root || world.units.contains_key(node) {
        return Ok(());
    }
    let message = format!("there is no root or organizational unit {node}");
    Err(Refusal::new(ErrorKind::NotFound, code, message))
}

fn no_account(account: &AccountId, code: &'static str) -> Refusal {
    let message = format!("there is no account {account} in the organization");
    Refusal::new(ErrorKind::NotFound, code, message)
}

fn member<'a>(
    world: &'a World,
    account: &AccountId,
    code: &'static str,
) -> Answer<&'a world::Account> {
    world.accounts.get(account).ok_or_else(|| no_account(account, code))
}

fn member_mut<'a>(
    world: &'a mut World,
    account: &AccountId,
    code: &'static str,
) -> Answer<&'a mut world::Account> {
    world.accounts.get_mut(account).ok_or_else(|| no_account(account, code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::sim::{Simulation, SimulationSettings};

    #[tokio::test(start_paused = true)]
    async fn units_are_found_where_they_were_made_and_a_taken_name_answers_its_unit() {
        let aws = Simulation::new(SimulationSettings::default()).cloud();
        let root = aws.organization().await.unwrap().root;
        let workloads = aws.create_organizational_unit(&root, "Workloads").await.unwrap();
        let uat = aws.create_organizational_unit(&workloads, "UAT").await.unwrap();
        assert_eq!(aws.create_organizational_unit(&root, "Workloads").await.unwrap(), workloads);
        let below = aws.organizational_units(&workloads).await.unwrap();
        assert_eq!(below, [OrganizationalUnit { id: uat, name: "UAT".into() }]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sixth_level_is_refused() {
        let simulation = Simulation::new(SimulationSettings::default()).with_unit("a/b/c/d/e");
        let deepest = simulation.world().node(&"a/b/c/d/e".parse().unwrap()).unwrap();
        let error = simulation.cloud().create_organizational_unit(&deepest, "f").await.unwrap_err();
        assert!(error.message.starts_with("OU_DEPTH_LIMIT_EXCEEDED"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_move_starts_where_the_account_is() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "Core")
            .with_unit("Workloads");
        let node = |path: &str| simulation.world().node(&path.parse().unwrap()).unwrap();
        let (root, core, workloads) = (node("/"), node("Core"), node("Workloads"));
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());

        let error = aws.move_account(&dev, &root, &workloads).await.unwrap_err();
        assert_eq!(error.code, "SourceParentNotFoundException");
        aws.move_account(&dev, &core, &workloads).await.unwrap();
        aws.move_account(&dev, &core, &workloads).await.unwrap();
        assert_eq!(simulation.ou_of("dev").unwrap().as_str(), "Workloads");
        assert_eq!(aws.accounts_in(&workloads).await.unwrap(), [dev]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_has_at_most_fifty_tags() {
        let simulation = Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "/")
            .with_tag("dev", "owner", "someone");
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());
        let tags = |count: usize| (0..count).map(|n| (format!("t{n}"), "x".into())).collect();
        assert!(aws.tag_account(&dev, &tags(50)).await.is_err());
        aws.tag_account(&dev, &tags(49)).await.unwrap();
        assert_eq!(aws.account_tags(&dev).await.unwrap()["owner"], "someone");
        let system = BTreeMap::from([("aws:x".to_owned(), "y".to_owned())]);
        assert!(aws.tag_account(&dev, &system).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn accounts_come_twenty_at_a_time_and_say_where_they_stand_if_aws_does() {
        let settings = SimulationSettings { account_paths: false, ..SimulationSettings::default() };
        let mut simulation = Simulation::new(settings);
        for number in 0..40 {
            simulation =
                simulation.with_account(&format!("a{number}"), &format!("a{number}@b.org"), "/");
        }
        let (aws, mut accounts, mut next) = (simulation.cloud(), Vec::new(), None);
        loop {
            let page = aws.accounts(next.as_deref()).await.unwrap();
            accounts.extend(page.accounts);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(accounts.len(), 41);
        assert!(accounts.iter().all(|account| account.parent.is_none()));
        assert_eq!(simulation.call_counts()["organizations:ListAccounts"], 3);
    }
}
