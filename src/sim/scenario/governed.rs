//! Arranging what is there before avm comes, and what the organization decides.

use std::collections::BTreeMap;

use super::{account_id, account_mut, parse_region, place, unit};
use crate::cloud::ResourceOwner;
use crate::model::{SecurityService, Target};
use crate::sim::cloudformation::{ClaimScope, exclusive, name_of};
use crate::sim::simulation::Simulation;
use crate::sim::world::{Audience, Bucket, KeySharing, OrganizationPolicy, StoredKey, World, uuid};
use crate::sim::{administration, existing};

impl Simulation {
    /// Something that no stack made, and that nobody but the account's people governs: a detector (its id), a
    /// recorder, a role, an alias (its name). It stands in the way of a stack's resource of that type, and can be
    /// imported.
    #[must_use]
    pub fn with_unmanaged(
        self,
        account: &str,
        region: &str,
        resource_type: &str,
        name: &str,
    ) -> Self {
        self.with_governed(account, region, resource_type, name, ResourceOwner::Nobody)
    }

    /// Something that no stack made, and that somebody governs.
    #[must_use]
    pub fn with_governed(
        self,
        account: &str,
        region: &str,
        resource_type: &str,
        name: &str,
        owner: ResourceOwner,
    ) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            if resource_type == "AWS::KMS::Alias" {
                let id = uuid(&["arranged", account, region, name]);
                add_key(world, &target, &id, name, "Enabled", "SYMMETRIC_DEFAULT");
            }
            let name = name_of(resource_type, name);
            let scope = exclusive(resource_type).map_or(ClaimScope::Region, |rule| rule.scope);
            let (claims, owners) = match scope {
                ClaimScope::World => {
                    let Target { account, region } = target;
                    let bucket = Bucket {
                        account,
                        region,
                        objects: BTreeMap::new(),
                        leases: BTreeMap::new(),
                    };
                    world.buckets.insert(name.to_owned(), bucket);
                    return;
                }
                ClaimScope::Account => {
                    let account = account_mut(world, account);
                    (&mut account.claims, &mut account.owners)
                }
                ClaimScope::Region => {
                    let cell = world.cell_mut(&target);
                    (&mut cell.claims, &mut cell.owners)
                }
            };
            claims.take(resource_type, name);
            if owner != ResourceOwner::Nobody {
                owners.set(resource_type, name, owner);
            }
        })
    }

    /// A KMS key with an alias, in AWS's words: `Enabled`, `SYMMETRIC_DEFAULT`.
    #[must_use]
    pub fn with_key(
        self,
        account: &str,
        region: &str,
        alias: &str,
        state: &str,
        spec: &str,
    ) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            let id = uuid(&["arranged", account, region, alias]);
            add_key(world, &target, &id, alias, state, spec);
        })
    }

    /// The alias's key lets in all accounts of the organization.
    #[must_use]
    pub fn with_shared_key(self, account: &str, region: &str, alias: &str) -> Self {
        self.arrange(|world| {
            let cell = world.cell_mut(&place(world, account, region));
            let id = cell.aliases.get(alias).expect("the alias is there");
            let organization = Audience { organization: true, ..Audience::default() };
            let sharing = KeySharing { seen: organization.clone(), used: organization };
            cell.keys.get_mut(id).expect("the key is there").shared = Some(Box::new(sharing));
        })
    }

    /// A service's own role is there.
    #[must_use]
    pub fn with_service_linked_role(self, account: &str, service: &str) -> Self {
        self.arrange(|world| {
            let roles = &mut account_mut(world, account).settings.service_linked_roles;
            roles.insert(service.parse().expect("a service principal"));
        })
    }

    /// An alias that the AWS account of somebody else has.
    #[must_use]
    pub fn with_account_alias_elsewhere(self, alias: &str) -> Self {
        self.arrange(|world| {
            world.foreign_aliases.insert(alias.to_owned());
        })
    }

    /// No AWS account has that id. All ids outside of the organization are taken to be somebody's.
    #[must_use]
    pub fn without_foreign_account(self, id: &str) -> Self {
        self.arrange(|world| {
            world.missing_accounts.insert(id.parse().expect("an account id"));
        })
    }

    /// A policy of the organization decides a setting of all accounts below the unit.
    ///
    /// # Panics
    ///
    /// Panics if AWS has no policy for that setting.
    #[must_use]
    pub fn with_organization_policy(self, ou: &str, policy: OrganizationPolicy) -> Self {
        use crate::model::{AccountSetting, RegionSetting};
        let there_is_one = match &policy {
            OrganizationPolicy::Account(setting) => {
                matches!(setting, AccountSetting::S3PublicAccess(_))
            }
            OrganizationPolicy::Region(setting) => {
                !matches!(setting, RegionSetting::GuardDutyOrganization(_))
            }
        };
        assert!(there_is_one, "no policy of an organization decides {policy:?}");
        self.arrange(|world| {
            let node = unit(world, ou);
            world.administration.policies.entry(node).or_default().push(policy);
        })
    }

    /// The service has trusted access to the organization.
    #[must_use]
    pub fn with_trusted_service(self, service: &str) -> Self {
        self.arrange(|world| {
            let service = service.parse().expect("a service principal");
            if let Err(refusal) = administration::trust(world, &service) {
                panic!("{}", refusal.message);
            }
        })
    }

    /// The account is a delegated administrator of the service.
    #[must_use]
    pub fn with_delegated_administrator(self, service: &str, account: &str) -> Self {
        self.with_trusted_service(service).arrange(|world| {
            let (id, service) = (account_id(world, account), service.parse().expect("a service"));
            if let Err(refusal) = administration::register(world, &id, &service) {
                panic!("{}", refusal.message);
            }
        })
    }

    /// The account administers the service in the region.
    #[must_use]
    pub fn with_service_administrator(
        self,
        region: &str,
        service: SecurityService,
        account: &str,
    ) -> Self {
        self.arrange(|world| {
            let (id, region) = (account_id(world, account), parse_region(region));
            if let Err(refusal) = administration::appoint(world, &region, service, &id) {
                panic!("{}", refusal.message);
            }
        })
    }

    /// An organization trail of the account, which records in all regions of all accounts.
    #[must_use]
    pub fn with_organization_trail(self, account: &str, region: &str, name: &str) -> Self {
        self.with_trusted_service("cloudtrail.amazonaws.com").arrange(|world| {
            let Target { account, region } = place(world, account, region);
            let arn = existing::trail_arn(&account, &region, name);
            world.administration.trails.insert(arn, true);
            world.cell_mut(&Target { account, region }).claims.take("AWS::CloudTrail::Trail", name);
        })
    }

    /// AWS is enabling the region for the account.
    #[must_use]
    pub fn with_region_on_its_way(self, account: &str, region: &str) -> Self {
        self.arrange(|world| {
            let (id, region) = (account_id(world, account), parse_region(region));
            if let Err(refusal) = crate::sim::opt_in::begin(world, &id, &region) {
                panic!("{}", refusal.message);
            }
        })
    }
}

fn add_key(world: &mut World, target: &Target, id: &str, alias: &str, state: &str, spec: &str) {
    let key = StoredKey { state: state.to_owned(), spec: spec.to_owned(), shared: None };
    let cell = world.cell_mut(target);
    cell.keys.insert(id.to_owned(), key);
    cell.aliases.insert(alias.to_owned(), id.to_owned());
    cell.claims.take("AWS::KMS::Alias", alias);
}
