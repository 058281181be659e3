//! Lists that AWS tells page by page.
//!
//! The SDK's paginators end without a word where a token comes twice in a row: what they have by then looks like the
//! whole list, and an account that is missing from it would be created again. And they go on for ever where two
//! tokens take turns. Here a list is whole, or an error.

use std::collections::BTreeSet;

use super::error::unexpected;
use crate::cloud::Result;
use crate::model::Target;

/// More pages than any list has: the shortest ones, of twenty accounts, would hold two hundred thousand of them.
const MOST_PAGES: usize = 10_000;

/// A page of a list.
pub(super) trait Page {
    /// What is listed.
    type Item;

    /// Where the next page is; `None` or nothing on the last one.
    fn token(&self) -> Option<&str>;

    /// What is on it. A page may be empty and yet not be the last.
    fn items(&self) -> &[Self::Item];
}

/// The pages of a list as they come in.
pub(super) struct Pages<'a, P> {
    operation: &'a str,
    target: &'a Target,
    tokens: BTreeSet<String>,
    all: Vec<P>,
}

impl<'a, P: Page> Pages<'a, P> {
    pub(super) fn new(operation: &'a str, target: &'a Target) -> Self {
        Self { operation, target, tokens: BTreeSet::new(), all: Vec::new() }
    }

    /// Takes a page; refuses one that leads back to where its list has been.
    pub(super) fn add(&mut self, page: P) -> Result<()> {
        let token = page.token().filter(|token| !token.is_empty()).map(str::to_owned);
        self.all.push(page);
        let Some(token) = token else { return Ok(()) };
        if self.tokens.len() >= MOST_PAGES {
            let what = format!("a list of more than {MOST_PAGES} pages");
            return Err(unexpected(self.operation, self.target, what));
        }
        if !self.tokens.insert(token) {
            let what = "the list goes round in circles, a page names a next one that has been read";
            return Err(unexpected(self.operation, self.target, what));
        }
        Ok(())
    }

    pub(super) fn into_pages(self) -> Vec<P> {
        self.all
    }
}

/// Every page of a paginated call: a `Result<Vec<_>>`.
macro_rules! pages {
    ($call:expr, $operation:expr, $target:expr) => {{
        let (operation, target) = ($operation, $target);
        let mut stream = $call.into_paginator().stop_on_duplicate_token(false).send();
        let mut pages = $crate::aws::pages::Pages::new(operation, target);
        loop {
            let Some(page) = stream.next().await else { break Ok(pages.into_pages()) };
            let page = $crate::aws::error::Explain::explain(page, operation, target);
            if let Err(error) = page.and_then(|page| pages.add(page)) {
                break Err(error);
            }
        }
    }};
}
pub(super) use pages;

/// Everything that a paginated call lists: a `Result<Vec<_>>`.
macro_rules! all {
    ($call:expr, $operation:expr, $target:expr) => {
        $crate::aws::pages::pages!($call, $operation, $target).map(|pages| {
            let items = pages.iter().flat_map(|page| $crate::aws::pages::Page::items(page));
            items.cloned().collect::<Vec<_>>()
        })
    };
}
pub(super) use all;

/// What the SDK calls the token and the items of each answer.
macro_rules! answers {
    ($($sdk:ident::$operation:ident::$answer:ident: $token:ident, $items:ident of $item:ty;)*) => {$(
        impl Page for $sdk::operation::$operation::$answer {
            type Item = $item;

            fn token(&self) -> Option<&str> {
                self.$token()
            }

            fn items(&self) -> &[Self::Item] {
                self.$items()
            }
        }
    )*};
}

answers! {
    aws_sdk_account::list_regions::ListRegionsOutput: next_token, regions of aws_sdk_account::types::Region;
    aws_sdk_cloudcontrol::list_resources::ListResourcesOutput: next_token, resource_descriptions of aws_sdk_cloudcontrol::types::ResourceDescription;
    aws_sdk_cloudformation::describe_change_set::DescribeChangeSetOutput: next_token, changes of aws_sdk_cloudformation::types::Change;
    aws_sdk_cloudformation::describe_events::DescribeEventsOutput: next_token, operation_events of aws_sdk_cloudformation::types::OperationEvent;
    aws_sdk_cloudformation::describe_stack_events::DescribeStackEventsOutput: next_token, stack_events of aws_sdk_cloudformation::types::StackEvent;
    aws_sdk_cloudformation::describe_stacks::DescribeStacksOutput: next_token, stacks of aws_sdk_cloudformation::types::Stack;
    aws_sdk_cloudformation::list_change_sets::ListChangeSetsOutput: next_token, summaries of aws_sdk_cloudformation::types::ChangeSetSummary;
    aws_sdk_cloudformation::list_stack_resources::ListStackResourcesOutput: next_token, stack_resource_summaries of aws_sdk_cloudformation::types::StackResourceSummary;
    aws_sdk_ec2::describe_carrier_gateways::DescribeCarrierGatewaysOutput: next_token, carrier_gateways of aws_sdk_ec2::types::CarrierGateway;
    aws_sdk_ec2::describe_egress_only_internet_gateways::DescribeEgressOnlyInternetGatewaysOutput: next_token, egress_only_internet_gateways of aws_sdk_ec2::types::EgressOnlyInternetGateway;
    aws_sdk_ec2::describe_internet_gateways::DescribeInternetGatewaysOutput: next_token, internet_gateways of aws_sdk_ec2::types::InternetGateway;
    aws_sdk_ec2::describe_nat_gateways::DescribeNatGatewaysOutput: next_token, nat_gateways of aws_sdk_ec2::types::NatGateway;
    aws_sdk_ec2::describe_network_acls::DescribeNetworkAclsOutput: next_token, network_acls of aws_sdk_ec2::types::NetworkAcl;
    aws_sdk_ec2::describe_network_interfaces::DescribeNetworkInterfacesOutput: next_token, network_interfaces of aws_sdk_ec2::types::NetworkInterface;
    aws_sdk_ec2::describe_route_tables::DescribeRouteTablesOutput: next_token, route_tables of aws_sdk_ec2::types::RouteTable;
    aws_sdk_ec2::describe_security_groups::DescribeSecurityGroupsOutput: next_token, security_groups of aws_sdk_ec2::types::SecurityGroup;
    aws_sdk_ec2::describe_subnets::DescribeSubnetsOutput: next_token, subnets of aws_sdk_ec2::types::Subnet;
    aws_sdk_ec2::describe_transit_gateway_vpc_attachments::DescribeTransitGatewayVpcAttachmentsOutput: next_token, transit_gateway_vpc_attachments of aws_sdk_ec2::types::TransitGatewayVpcAttachment;
    aws_sdk_ec2::describe_vpc_endpoints::DescribeVpcEndpointsOutput: next_token, vpc_endpoints of aws_sdk_ec2::types::VpcEndpoint;
    aws_sdk_ec2::describe_vpc_peering_connections::DescribeVpcPeeringConnectionsOutput: next_token, vpc_peering_connections of aws_sdk_ec2::types::VpcPeeringConnection;
    aws_sdk_ec2::describe_vpcs::DescribeVpcsOutput: next_token, vpcs of aws_sdk_ec2::types::Vpc;
    aws_sdk_guardduty::describe_organization_configuration::DescribeOrganizationConfigurationOutput: next_token, features of aws_sdk_guardduty::types::OrganizationFeatureConfigurationResult;
    aws_sdk_guardduty::list_detectors::ListDetectorsOutput: next_token, detector_ids of String;
    aws_sdk_guardduty::list_organization_admin_accounts::ListOrganizationAdminAccountsOutput: next_token, admin_accounts of aws_sdk_guardduty::types::AdminAccount;
    aws_sdk_iam::list_account_aliases::ListAccountAliasesOutput: marker, account_aliases of String;
    aws_sdk_iam::list_roles::ListRolesOutput: marker, roles of aws_sdk_iam::types::Role;
    aws_sdk_organizations::list_accounts::ListAccountsOutput: next_token, accounts of aws_sdk_organizations::types::Account;
    aws_sdk_organizations::list_accounts_for_parent::ListAccountsForParentOutput: next_token, accounts of aws_sdk_organizations::types::Account;
    aws_sdk_organizations::list_aws_service_access_for_organization::ListAwsServiceAccessForOrganizationOutput: next_token, enabled_service_principals of aws_sdk_organizations::types::EnabledServicePrincipal;
    aws_sdk_organizations::list_create_account_status::ListCreateAccountStatusOutput: next_token, create_account_statuses of aws_sdk_organizations::types::CreateAccountStatus;
    aws_sdk_organizations::list_delegated_administrators::ListDelegatedAdministratorsOutput: next_token, delegated_administrators of aws_sdk_organizations::types::DelegatedAdministrator;
    aws_sdk_organizations::list_organizational_units_for_parent::ListOrganizationalUnitsForParentOutput: next_token, organizational_units of aws_sdk_organizations::types::OrganizationalUnit;
    aws_sdk_organizations::list_roots::ListRootsOutput: next_token, roots of aws_sdk_organizations::types::Root;
    aws_sdk_organizations::list_tags_for_resource::ListTagsForResourceOutput: next_token, tags of aws_sdk_organizations::types::Tag;
    aws_sdk_securityhub::list_organization_admin_accounts::ListOrganizationAdminAccountsOutput: next_token, admin_accounts of aws_sdk_securityhub::types::AdminAccount;
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, target};
    use super::*;
    use crate::cloud::CloudReader as _;

    struct Numbered(String);

    impl Page for Numbered {
        type Item = ();

        fn token(&self) -> Option<&str> {
            Some(&self.0)
        }

        fn items(&self) -> &[()] {
            &[]
        }
    }

    #[test]
    fn a_list_without_an_end_is_refused() {
        let target = target();
        let mut pages = Pages::new("ec2:DescribeVpcs", &target);
        let error = (0..).find_map(|number: usize| pages.add(Numbered(number.to_string())).err());
        let error = error.unwrap();
        assert_eq!(error.operation, "ec2:DescribeVpcs");
        assert!(error.message.contains("more than 10000 pages"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_list_that_goes_round_is_an_error_and_not_half_a_list() {
        let page = |id: &str, token: &str| {
            Reply::json(&format!(
                r#"{{"Accounts":[{{"Id":"{id}","Name":"a","Email":"a@example.com","State":"ACTIVE"}}],"NextToken":"{token}"}}"#
            ))
        };
        for replies in [
            vec![page("111111111111", "a")],
            vec![page("111111111111", "a"), page("222222222222", "b"), page("333333333333", "a")],
        ] {
            let calls = replies.len().max(2);
            let fake = Fake::new().answer("ListAccountsForParent", replies);
            let error = fake.cloud().accounts_in(&"r-ab12".parse().unwrap()).await.unwrap_err();
            assert!(
                error.to_string().starts_with("organizations:ListAccountsForParent"),
                "{error}"
            );
            assert!(error.message.contains("circles"), "{error}");
            assert_eq!(fake.count("ListAccountsForParent"), calls);
        }
    }
}
