//! The organization and its units.

use aws_sdk_organizations::operation::list_organizational_units_for_parent::ListOrganizationalUnitsForParentOutput;
use aws_sdk_organizations::operation::list_roots::ListRootsOutput;
use aws_sdk_organizations::types::OrganizationalUnit as AwsUnit;

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use super::pages::pages;
use crate::cloud::{CloudError, ErrorKind, Organization, OrganizationalUnit, Result};
use crate::model::{AccountId, ParentId, Target};

const DESCRIBE: &str = "organizations:DescribeOrganization";
const ROOTS: &str = "organizations:ListRoots";
pub(super) const IDENTITY: &str = "sts:GetCallerIdentity";
const UNITS: &str = "organizations:ListOrganizationalUnitsForParent";
const CREATE_UNIT: &str = "organizations:CreateOrganizationalUnit";

pub(super) async fn organization(cloud: &AwsCloud) -> Result<Organization> {
    let target = cloud.management();
    let identity = cloud.sts().get_caller_identity().send().await.explain(IDENTITY, &target)?;
    let caller: AccountId = read(identity.account(), IDENTITY, &target)?;
    let client = cloud.organizations();
    let answer = client.describe_organization().send().await.explain(DESCRIBE, &target)?;
    let organization = answer
        .organization()
        .ok_or_else(|| unexpected(DESCRIBE, &target, "an answer without an organization"))?;
    let management_account = read(organization.master_account_id(), DESCRIBE, &target)?;
    // Any account may describe its organization, but only the management account may list the roots: without
    // this, its refusal would be all that a caller with the wrong profile gets to read.
    if caller != management_account {
        return Err(wrong_account(&caller, &management_account));
    }
    Ok(Organization {
        id: read(organization.id(), DESCRIBE, &target)?,
        management_account,
        caller,
        caller_arn: identity.arn().unwrap_or_default().to_owned(),
        root: root(&client, &target).await?,
    })
}

pub(super) async fn organizational_units(
    cloud: &AwsCloud,
    parent: &ParentId,
) -> Result<Vec<OrganizationalUnit>> {
    let target = cloud.management();
    let pages = pages!(
        cloud.organizations().list_organizational_units_for_parent().parent_id(parent.as_str()),
        UNITS,
        &target
    )?;
    pages
        .iter()
        .flat_map(ListOrganizationalUnitsForParentOutput::organizational_units)
        .map(|one| unit(one, &target))
        .collect()
}

pub(super) async fn create_organizational_unit(
    cloud: &AwsCloud,
    parent: &ParentId,
    name: &str,
) -> Result<ParentId> {
    let target = cloud.management();
    let request = cloud.organizations().create_organizational_unit();
    let made = request.parent_id(parent.as_str()).name(name).send().await;
    match made.explain(CREATE_UNIT, &target) {
        Ok(answer) => {
            read(answer.organizational_unit().and_then(AwsUnit::id), CREATE_UNIT, &target)
        }
        Err(error) if error.code == "DuplicateOrganizationalUnitException" => {
            let units = organizational_units(cloud, parent).await?;
            // AWS compares names without regard to letter case.
            let same = units.into_iter().find(|unit| unit.name.eq_ignore_ascii_case(name));
            same.map(|unit| unit.id).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

async fn root(client: &aws_sdk_organizations::Client, target: &Target) -> Result<ParentId> {
    let pages = pages!(client.list_roots(), ROOTS, target)?;
    let root = pages.iter().flat_map(ListRootsOutput::roots).next();
    read(root.and_then(|root| root.id()), ROOTS, target)
}

fn unit(unit: &AwsUnit, target: &Target) -> Result<OrganizationalUnit> {
    Ok(OrganizationalUnit {
        id: read(unit.id(), UNITS, target)?,
        name: read(unit.name(), UNITS, target)?,
    })
}

pub(super) fn wrong_account(caller: &AccountId, management: &AccountId) -> CloudError {
    let message = format!(
        "the credentials belong to {caller}, but the management account of its organization is {management}: \
         use a profile of the management account"
    );
    CloudError::new(ErrorKind::Credentials, IDENTITY, "WrongAccount", message)
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, refusal};
    use crate::cloud::{CloudReader as _, CloudWriter as _, ErrorKind};

    const ORGANIZATION: &str =
        r#"{"Organization":{"Id":"o-exampleorg1","MasterAccountId":"111111111111"}}"#;

    fn identity(account: &str) -> Reply {
        Reply::xml(&format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{account}</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>"
        ))
    }

    #[tokio::test(start_paused = true)]
    async fn the_organization_names_its_root_and_the_caller() {
        let fake = Fake::new()
            .answer("DescribeOrganization", [Reply::json(ORGANIZATION)])
            .answer("ListRoots", [Reply::json(r#"{"Roots":[{"Id":"r-ab12"}]}"#)])
            .answer("GetCallerIdentity", [identity("111111111111")]);
        let organization = fake.cloud().organization().await.unwrap();
        assert_eq!(organization.id.as_str(), "o-exampleorg1");
        assert_eq!(organization.root.as_str(), "r-ab12");
        assert_eq!(organization.caller, organization.management_account);
        assert_eq!(fake.count("AssumeRole"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_profile_of_another_account_is_named_as_the_cause() {
        let fake = Fake::new()
            .answer("DescribeOrganization", [Reply::json(ORGANIZATION)])
            .answer("GetCallerIdentity", [identity("222222222222")]);
        let error = fake.cloud().organization().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Credentials);
        assert!(error.message.contains("222222222222"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_page_with_a_token_is_not_the_end() {
        let fake = Fake::new().answer(
            "ListOrganizationalUnitsForParent",
            [
                Reply::json(r#"{"OrganizationalUnits":[],"NextToken":"more"}"#),
                Reply::json(r#"{"OrganizationalUnits":[{"Id":"ou-ab12-11111111","Name":"Core"}]}"#),
            ],
        );
        let root = "r-ab12".parse().unwrap();
        let units = fake.cloud().organizational_units(&root).await.unwrap();
        assert_eq!(units.len(), 1);
        assert_eq!(units[0].name, "Core");
    }

    #[tokio::test(start_paused = true)]
    async fn a_unit_whose_name_is_taken_is_the_one_that_is_there() {
        let fake = Fake::new()
            .answer(
                "CreateOrganizationalUnit",
                [refusal(400, "DuplicateOrganizationalUnitException", "taken")],
            )
            .answer(
                "ListOrganizationalUnitsForParent",
                [Reply::json(
                    r#"{"OrganizationalUnits":[{"Id":"ou-ab12-11111111","Name":"Core"},
                        {"Id":"ou-ab12-22222222","Name":"Workloads"}]}"#,
                )],
            );
        let root = "r-ab12".parse().unwrap();
        let id = fake.cloud().create_organizational_unit(&root, "Workloads").await.unwrap();
        assert_eq!(id.as_str(), "ou-ab12-22222222");
    }
}
