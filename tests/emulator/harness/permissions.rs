//! What avm is allowed, by its own policies.

use std::collections::{BTreeMap, BTreeSet};

use avm::desired::load;
use avm::policy::{Origin, Purpose, Role, policies, table};
use serde_json::{Value, json};

use super::calls::Call;
use super::server::MANAGEMENT_ACCOUNT;
use super::world::World;

/// The actions of a folder's policies: resources and conditions are not looked at here.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    /// With the caller's own credentials, in the management account.
    pub(crate) own: BTreeSet<String>,
    /// In the sessions of all other accounts.
    pub(crate) sessions: BTreeSet<String>,
}

impl Allowed {
    fn of(&self, call: &Call) -> &BTreeSet<String> {
        if call.account == MANAGEMENT_ACCOUNT { &self.own } else { &self.sessions }
    }
}

impl World {
    /// What `avm policy` says of the landing zone; `None` while its files are at fault.
    pub(crate) fn allowed(&self, purpose: Purpose) -> Option<Allowed> {
        let folder = load(&self.folder.path()).ok()?;
        let actions = |role| {
            let policies = policies(&folder.state, purpose, role);
            let statements = policies.into_iter().flat_map(|policy| policy.document.statements);
            statements.flat_map(|statement| statement.actions).collect()
        };
        Some(Allowed { own: actions(Role::Management), sessions: actions(Role::Member) })
    }

    /// What `avm policy` prints for a purpose, as somebody would read it who writes the policies into IAM.
    pub(crate) fn printed_policies(&self, purpose: &str) -> Allowed {
        let listing = self.avm(&["policy", purpose]).expect_code(0).stdout;
        let listing: Value = serde_json::from_str(&listing).unwrap();
        let of = |role: &str| -> BTreeSet<String> {
            let policies = listing["policies"].as_array().unwrap().iter();
            let policies = policies.filter(|policy| policy["attached-to"] == role);
            let statements =
                policies.flat_map(|policy| policy["document"]["Statement"].as_array().unwrap());
            let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap());
            actions.map(|action| action.as_str().unwrap().to_owned()).collect()
        };
        Allowed { own: of("management"), sessions: of("member") }
    }

    /// From now on, refuses every call that is not allowed. The test's own, too: see [`World::allow_everything`].
    pub(crate) fn allow_only(&self, allowed: &Allowed) {
        let wish = json!({
            "account": MANAGEMENT_ACCOUNT,
            "own": allowed.own,
            "sessions": allowed.sessions,
            "actions": needed(),
        });
        self.control("POST", "allow", &wish.to_string());
    }

    /// Allows everything again.
    pub(crate) fn allow_everything(&self) {
        self.control("DELETE", "allow", "");
    }

    /// Ends the test if avm has called what its policies would not allow. `calls` are those of one run.
    #[track_caller]
    pub(super) fn assert_allowed(&self, arguments: &[&str], calls: &[Call]) {
        let Some(allowed) = self.allowed(purpose(arguments)) else { return };
        let needed = needed();
        for call in calls {
            let name = name(call);
            let actions = needed.get(&name);
            let actions = actions.unwrap_or_else(|| panic!("{name} is not in the table"));
            let missing = actions.iter().find(|action| !allowed.of(call).contains(**action));
            assert!(missing.is_none(), "avm {arguments:?}: {missing:?} is not allowed: {call:?}");
        }
    }
}

fn purpose(arguments: &[&str]) -> Purpose {
    if arguments.contains(&"--change-sets") {
        Purpose::Preview
    } else if arguments[0] == "plan" || arguments.contains(&"--dry-run") {
        Purpose::Plan
    } else {
        Purpose::Apply
    }
}

/// A call as the table has it, but for the service, which is the one that requests are signed for.
fn name(call: &Call) -> String {
    // Objects have paths and no operations.
    let operation = match call.operation.split_once(' ') {
        Some(("HEAD", _)) => "HeadObject",
        Some(("PUT", _)) => "PutObject",
        _ => &call.operation,
    };
    format!("{}:{operation}", call.service)
}

/// What every operation needs.
fn needed() -> BTreeMap<String, Vec<&'static str>> {
    let calls = table().flat_map(|group| group.calls);
    let named = calls.filter_map(|call| match call.origin {
        Origin::Avm(operation) => {
            let (service, operation) = operation.split_once(':')?;
            let signed = match service {
                "s3control" => "s3",
                "cloudcontrol" => "cloudcontrolapi",
                "cloudwatch" => "monitoring",
                service => service,
            };
            Some((format!("{signed}:{operation}"), call.actions()))
        }
        Origin::Service(_) => None,
    });
    named.collect()
}
