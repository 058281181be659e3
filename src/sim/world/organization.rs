//! The world as a whole.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::id::hex;
use super::{
    Account, Administration, Agenda, Cell, Due, Failing, Moment, Network, Request, Templates,
};
use crate::model::{AccountId, Email, OrganizationId, OuPath, ParentId, Region, Target};
use crate::sim::settings::SimulationSettings;
use crate::sim::{accounts, cloudformation, guardduty, opt_in};

/// The simulated AWS: one organization, and what it knows of the rest of the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct World {
    /// The organization.
    pub organization: OrganizationId,
    /// Its management account.
    pub management_account: AccountId,
    /// The root of its tree.
    pub root: ParentId,
    /// The time.
    pub clock: Moment,
    /// How long things take, and how much is allowed.
    pub settings: SimulationSettings,
    /// How many ids were given out.
    pub counter: u64,
    /// The organizational units.
    pub units: BTreeMap<ParentId, Unit>,
    /// The accounts.
    pub accounts: BTreeMap<AccountId, Account>,
    /// The requests to create an account. AWS forgets them some day; the simulation does not.
    pub requests: BTreeMap<String, Request>,
    /// The e-mail addresses of all AWS accounts, strangers' included, in lower case.
    pub emails: BTreeSet<String>,
    /// What works for the whole organization.
    #[serde(default, skip_serializing_if = "Administration::is_empty")]
    pub administration: Administration,
    /// The account ids outside of the organization that nobody has. All others are taken to be somebody's.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub missing_accounts: BTreeSet<AccountId>,
    /// The account aliases of AWS accounts outside of the organization.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub foreign_aliases: BTreeSet<String>,
    /// The S3 buckets.
    pub buckets: BTreeMap<String, Bucket>,
    /// The templates of all stacks.
    pub templates: Templates,
    /// Resources that are arranged to fail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<Failing>,
    /// What happens later by itself.
    pub agenda: Agenda,
}

/// An organizational unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// The node above it.
    pub parent: ParentId,
}

/// An S3 bucket. Its name is unique in the whole world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Bucket {
    /// The account that has it.
    pub account: AccountId,
    /// The region in which it is.
    pub region: Region,
    /// Its objects.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<String, String>,
    /// The objects that are written on a condition.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub leases: BTreeMap<String, Lease>,
}

/// An object that is written on a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Lease {
    /// What is in it.
    pub text: String,
    /// Its entity tag: another one for every writing.
    pub version: String,
    /// When it was written.
    pub written: Moment,
}

impl World {
    /// An organization with nothing but its management account.
    pub fn new(
        organization: OrganizationId,
        management_account: AccountId,
        management_email: Option<Email>,
    ) -> Self {
        let root: ParentId = format!("r-{}", hex(&["root", organization.as_str()], 4))
            .parse()
            .expect("r- and hexadecimal digits");
        let email = management_email.unwrap_or_else(|| {
            "management@example.com".parse().expect("an address that AWS would take")
        });
        let mut world = Self {
            organization,
            management_account: management_account.clone(),
            root: root.clone(),
            clock: Moment::default(),
            settings: SimulationSettings::default(),
            counter: 0,
            units: BTreeMap::new(),
            accounts: BTreeMap::new(),
            requests: BTreeMap::new(),
            emails: BTreeSet::new(),
            administration: Administration::default(),
            missing_accounts: BTreeSet::new(),
            foreign_aliases: BTreeSet::new(),
            buckets: BTreeMap::new(),
            templates: Templates::default(),
            failing: Vec::new(),
            agenda: Agenda::default(),
        };
        let role = "OrganizationAccountAccessRole".parse().expect("AWS's own role name");
        world.add_account(management_account, Account::new("management", email, role, root));
        world
    }

    /// Lets everything happen that is due by `now`, in its order, and tells whether anything did.
    pub(in crate::sim) fn settle(&mut self, now: Moment) -> bool {
        let mut happened = false;
        while let Some((at, due)) = self.agenda.next(now) {
            happened = true;
            self.clock = self.clock.max(at);
            match due {
                Due::Account { request } => accounts::finish(self, &request),
                Due::Readiness { account, readiness } => {
                    if let Some(account) = self.accounts.get_mut(&account) {
                        account.readiness = readiness;
                    }
                }
                Due::Stack { target, name, phase } => {
                    cloudformation::phase_ends(self, &target, &name, phase);
                }
                Due::ChangeSet { target, stack, id } => {
                    cloudformation::change_set_is_due(self, &target, &stack, &id);
                }
                Due::Region { account, region } => opt_in::finish(self, &account, &region),
                Due::Images { target, access } => {
                    self.cell_mut(&target).settings.image_public_access = Some(access);
                }
                Due::Alarm { target, name, state } => {
                    self.cell_mut(&target).alarms.insert(name, state);
                }
                Due::Members { region, joined } => {
                    guardduty::enroll(self, &region, joined.as_ref());
                }
            }
        }
        self.clock = self.clock.max(now);
        happened
    }

    /// Hexadecimal digits that nothing else of `kind` has.
    pub(in crate::sim) fn fresh(&mut self, kind: &str, digits: usize) -> String {
        self.counter += 1;
        hex(&[kind, self.organization.as_str(), &self.counter.to_string()], digits)
    }

    /// Adds an account, whose e-mail address is then taken.
    pub(in crate::sim) fn add_account(&mut self, id: AccountId, account: Account) {
        self.emails.insert(account.email.key());
        self.accounts.insert(id, account);
    }

    /// An account id that nobody has.
    pub(in crate::sim) fn fresh_account_id(&mut self) -> AccountId {
        loop {
            let digits = self.fresh("account", 12);
            let number = u64::from_str_radix(&digits, 16).unwrap_or_default() % 900_000_000_000;
            let id = format!("{}", number + 100_000_000_000).parse().expect("twelve digits");
            if !self.accounts.contains_key(&id) {
                return id;
            }
        }
    }

    /// An account in a region, if anything there differs from how it was born.
    pub fn cell(&self, target: &Target) -> Option<&Cell> {
        Some(&**self.accounts.get(&target.account)?.cells.get(&target.region)?)
    }

    /// An account in a region, to change it. The gate lets nobody into an account that is not there.
    pub(in crate::sim) fn cell_mut(&mut self, target: &Target) -> &mut Cell {
        let account = self.accounts.get_mut(&target.account).expect("the account is there");
        account.cells.entry(target.region.clone()).or_default().own()
    }

    /// The VPCs of an account's region.
    pub fn network(&self, target: &Target) -> Cow<'_, Network> {
        self.cell(target)
            .and_then(|cell| cell.network.as_ref())
            .map_or_else(|| Cow::Owned(Network::born(target)), Cow::Borrowed)
    }

    /// The VPCs of an account's region, to change them.
    pub(in crate::sim) fn network_mut(&mut self, target: &Target) -> &mut Network {
        self.cell_mut(target).network.get_or_insert_with(|| Network::born(target))
    }

    /// An account's path in the organization, as `aws:PrincipalOrgPaths` has it: `o-.../r-.../ou-.../`.
    pub(in crate::sim) fn principal_path(&self, account: &AccountId) -> Option<String> {
        let parent = &self.accounts.get(account)?.parent;
        let above = |node: &&ParentId| self.units.get(*node).map(|unit| &unit.parent);
        let nodes = std::iter::successors(Some(parent), above);
        let path = nodes.fold(String::new(), |below, node| format!("{node}/{below}"));
        Some(format!("{}/{path}", self.organization))
    }

    /// The path of a node; `None` if there is no such node.
    pub fn path(&self, node: &ParentId) -> Option<OuPath> {
        if *node == self.root {
            return Some(OuPath::root());
        }
        let unit = self.units.get(node)?;
        Some(self.path(&unit.parent)?.child(&unit.name))
    }

    /// The node at a path; `None` if there is none.
    pub fn node(&self, path: &OuPath) -> Option<ParentId> {
        path.names().try_fold(self.root.clone(), |above, name| self.unit_below(&above, name))
    }

    /// The unit of that name right below `parent`.
    pub(in crate::sim) fn unit_below(&self, parent: &ParentId, name: &str) -> Option<ParentId> {
        self.units
            .iter()
            .find(|(_, unit)| unit.parent == *parent && unit.name == name)
            .map(|(id, _)| id.clone())
    }
}
