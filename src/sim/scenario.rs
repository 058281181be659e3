//! Arranging a world, in the words of a scenario.
//!
//! Everything here panics if the arrangement is impossible: a scenario is written by hand.

mod governed;

use std::time::Duration;

use super::simulation::Simulation;
use super::world::{Account, Due, Failing, FailingOn, Network, Subnet, Vpc, World, hex};
use super::{cloudformation, organizations};
use crate::cloud::{AlarmState, NetworkInterface, StackInput, StackState, VpcUse};
use crate::model::{AccountId, AccountState, OuPath, ParentId, Region, Target, VpcId};

impl Simulation {
    /// An organizational unit, with all units above it.
    #[must_use]
    pub fn with_unit(self, path: &str) -> Self {
        self.arrange(|world| {
            unit(world, path);
        })
    }

    /// An account that has been usable for long, in an organizational unit that is made if need be.
    #[must_use]
    pub fn with_account(self, name: &str, email: &str, ou: &str) -> Self {
        self.arrange(|world| {
            let parent = unit(world, ou);
            let id = world.fresh_account_id();
            let email = email.parse().expect("an e-mail address");
            let role = "OrganizationAccountAccessRole".parse().expect("a role name");
            let account = Account::new(name, email, role, parent);
            world.add_account(id, account);
        })
    }

    /// Accounts by name and e-mail address that are as `like` is, down to what is in their regions, and stored as one.
    /// Whatever tells of its own account there, such as the ARN of a stack, goes on telling of `like`.
    #[must_use]
    pub fn with_accounts_like(
        self,
        like: &str,
        accounts: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        self.arrange(|world| {
            let like = world.accounts.get(&account_id(world, like)).expect("the account is there");
            let like = like.clone();
            for (name, email) in accounts {
                let id = world.fresh_account_id();
                let email = email.parse().expect("an e-mail address");
                world.add_account(id, Account { name, email, ..like.clone() });
            }
        })
    }

    /// An e-mail address that belongs to an AWS account of somebody else.
    #[must_use]
    pub fn with_email_in_use_elsewhere(self, email: &str) -> Self {
        self.arrange(|world| {
            world.emails.insert(email.to_ascii_lowercase());
        })
    }

    /// The account is suspended.
    #[must_use]
    pub fn suspend(self, account: &str) -> Self {
        self.with_state(account, AccountState::Suspended)
    }

    /// The account is in that state.
    #[must_use]
    pub fn with_state(self, account: &str, state: AccountState) -> Self {
        self.arrange(|world| account_mut(world, account).state = state)
    }

    /// The account has that tag.
    #[must_use]
    pub fn with_tag(self, account: &str, key: &str, value: &str) -> Self {
        self.arrange(|world| {
            account_mut(world, account).tags.insert(key.to_owned(), value.to_owned());
        })
    }

    /// The account has opted in to the region.
    #[must_use]
    pub fn with_region(self, account: &str, region: &str) -> Self {
        self.arrange(|world| {
            account_mut(world, account).opted_in.insert(parse_region(region));
        })
    }

    /// Something runs in the region's default VPC: it has a network interface with a public address.
    #[must_use]
    pub fn with_default_vpc_in_use(self, account: &str, region: &str) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            let subnet = default_vpc_mut(world, &target).subnets.first_mut();
            let subnet = subnet.expect("the default VPC has a subnet");
            subnet.interfaces.push(NetworkInterface {
                id: format!("eni-0{}", hex(&["eni", &subnet.id], 16)),
                description: "Primary network interface".into(),
            });
            subnet.public_addresses += 1;
        })
    }

    /// The region's default VPC has something in it or at it: `("VPC endpoint", "vpce-1")`.
    #[must_use]
    pub fn with_default_vpc_holding(
        self,
        account: &str,
        region: &str,
        kind: &str,
        id: &str,
    ) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            let held = VpcUse { kind: kind.to_owned(), id: id.to_owned() };
            default_vpc_mut(world, &target).uses.push(held);
        })
    }

    /// The region's default VPC is gone.
    #[must_use]
    pub fn without_default_vpc(self, account: &str, region: &str) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            world.network_mut(&target).0.retain(|_, vpc| !vpc.is_default);
        })
    }

    /// The region has a VPC that a customer has made, with one subnet.
    #[must_use]
    pub fn with_customer_vpc(self, account: &str, region: &str, id: &str) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            let id: VpcId = id.parse().expect("a VPC id");
            let subnet = Subnet {
                id: format!("subnet-0{}", hex(&["subnet", id.as_str()], 16)),
                cidr: "10.0.0.0/24".into(),
                default_for_az: false,
                interfaces: Vec::new(),
                public_addresses: 0,
            };
            let vpc = Vpc {
                is_default: false,
                subnets: vec![subnet],
                gateways: Vec::new(),
                uses: Vec::new(),
            };
            world.network_mut(&target).0.insert(id, vpc);
        })
    }

    /// EBS encrypts new volumes by default with the alias's key.
    #[must_use]
    pub fn with_ebs_encryption(self, account: &str, region: &str, alias: &str) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            let key = super::kms::find(world, &target, alias).expect("the key is there");
            let ebs = &mut world.cell_mut(&target).ebs;
            ebs.enabled = true;
            ebs.key = Some(key.arn);
        })
    }

    /// A stack that was deployed, with its resources, and is now in `state`. A state that does not last goes on
    /// from there. Termination protection is on.
    #[must_use]
    pub fn with_stack(
        self,
        account: &str,
        region: &str,
        stack: &StackInput,
        state: StackState,
    ) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            if let Err(refusal) = cloudformation::start_creation(world, &target, stack) {
                panic!("the arranged stack {} is refused: {}", stack.name, refusal.message);
            }
            cloudformation::arrange(world, &target, &stack.name, state);
        })
    }

    /// An alarm of the account, in that state from now on.
    #[must_use]
    pub fn with_alarm(self, account: &str, region: &str, name: &str, state: AlarmState) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            world.cell_mut(&target).alarms.insert(name.to_owned(), state);
        })
    }

    /// The alarm changes to that state once so much time has passed.
    #[must_use]
    pub fn with_alarm_after(
        self,
        time: Duration,
        account: &str,
        region: &str,
        name: &str,
        state: AlarmState,
    ) -> Self {
        self.arrange(|world| {
            let target = place(world, account, region);
            let at = world.clock.after(time);
            world.agenda.add(at, Due::Alarm { target, name: name.to_owned(), state });
        })
    }

    /// A bucket of the account.
    #[must_use]
    pub fn with_bucket(self, account: &str, region: &str, name: &str) -> Self {
        self.with_unmanaged(account, region, "AWS::S3::Bucket", name)
    }

    /// The next `times` that a resource with that logical id or type is made or changed, it fails, everywhere.
    #[must_use]
    pub fn with_failing_resource(self, subject: &str, reason: &str, times: usize) -> Self {
        self.with_failing(Failing {
            subject: subject.to_owned(),
            on: FailingOn::Deploy,
            reason: reason.to_owned(),
            account: None,
            region: None,
            times,
        })
    }

    /// Resources fail as described.
    #[must_use]
    pub fn with_failing(self, failing: Failing) -> Self {
        self.arrange(|world| world.failing.push(failing))
    }

    fn arrange(self, change: impl FnOnce(&mut World)) -> Self {
        self.settle();
        change(&mut self.state.borrow_mut().world);
        self
    }
}

fn unit(world: &mut World, path: &str) -> ParentId {
    let path: OuPath = path.parse().expect("an organizational unit's path");
    path.names().fold(world.root.clone(), |above, name| {
        world.unit_below(&above, name).unwrap_or_else(|| {
            organizations::add_unit(world, &above, name).expect("a unit that AWS would make")
        })
    })
}

fn account_id(world: &World, name: &str) -> AccountId {
    let found = world.accounts.iter().find(|(_, account)| account.name == name);
    found.map_or_else(|| panic!("there is no account {name}"), |(id, _)| id.clone())
}

fn account_mut<'a>(world: &'a mut World, name: &str) -> &'a mut Account {
    let id = account_id(world, name);
    world.accounts.get_mut(&id).expect("the account is there")
}

fn parse_region(region: &str) -> Region {
    region.parse().expect("a region")
}

fn place(world: &World, account: &str, region: &str) -> Target {
    Target { account: account_id(world, account), region: parse_region(region) }
}

fn default_vpc_mut<'a>(world: &'a mut World, target: &Target) -> &'a mut Vpc {
    let Network(vpcs) = world.network_mut(target);
    vpcs.values_mut().find(|vpc| vpc.is_default).expect("the region has a default VPC")
}
