//! Key policies: what AWS checks before it takes one, and whom it lets in.
//!
//! Only the outcome is kept. A key remembers which other accounts may see and use it, not its policy.

mod condition;

use std::collections::BTreeSet;

use condition::{Caller, conditions_hold};
use serde_json::Value;

use super::iam;
use super::world::{KeySharing, World};
use crate::model::{AccountId, Target, wildcard_matches};

/// A key policy may have so many bytes (KMS quotas).
const MAX_BYTES: usize = 32_768;
/// An account of the organization that no policy names.
const ANY_MEMBER: &str = "000000000000";

/// Whom the policy lets in, or AWS's message of a `MalformedPolicyDocumentException`.
pub(super) fn check(
    world: &World,
    target: &Target,
    policy: &Value,
) -> Result<Option<Box<KeySharing>>, String> {
    let statements = list(policy.get("Statement"));
    if statements.is_empty() || statements.iter().any(|statement| !statement.is_object()) {
        return Err("Policy contains a statement that is malformed, or no statement at all.".into());
    }
    if policy.to_string().len() > MAX_BYTES {
        return Err(format!("The key policy is longer than {MAX_BYTES} bytes."));
    }
    for principal in statements.iter().flat_map(|statement| principals(statement)) {
        if !exists(world, principal) {
            return Err(format!(
                "Policy contains a statement with one or more invalid principals. ({principal})"
            ));
        }
    }
    let policy = Policy { statements: &statements };
    if !policy.allows("kms:PutKeyPolicy", &Caller::of(world, &target.account)) {
        return Err(
            "The new key policy will not allow you to update the key policy in the future.".into(),
        );
    }
    Ok(policy.sharing(world, target))
}

fn exists(world: &World, principal: &str) -> bool {
    match principal.parse::<AccountId>() {
        Ok(account) => iam::account_exists(world, &account),
        Err(_) => principal == "*" || iam::principal_exists(world, principal),
    }
}

/// The AWS principals of a statement.
fn principals(statement: &Value) -> Vec<&str> {
    let named = |key| match statement.get(key) {
        Some(Value::String(text)) => vec![text.as_str()],
        Some(principal) => texts(principal.get("AWS")),
        None => Vec::new(),
    };
    [named("Principal"), named("NotPrincipal")].concat()
}

/// One thing or a list of things.
fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
    }
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    list(value).into_iter().filter_map(Value::as_str).collect()
}

struct Policy<'a> {
    statements: &'a [&'a Value],
}

impl Policy<'_> {
    fn allows(&self, action: &str, caller: &Caller) -> bool {
        let holds = |effect: &str| {
            let with = |statement: &&&Value| {
                statement.get("Effect").and_then(Value::as_str) == Some(effect)
            };
            self.statements.iter().filter(with).any(|statement| applies(statement, action, caller))
        };
        holds("Allow") && !holds("Deny")
    }

    /// What EC2 asks for when it encrypts a volume of the caller's.
    fn encrypts_volumes(&self, caller: &mut Caller, target: &Target) -> bool {
        let region = &target.region;
        caller.via = Some(format!("ec2.{region}.{}", region.dns_suffix()));
        caller.for_resource = true;
        ["kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"]
            .iter()
            .all(|action| self.allows(action, caller))
    }

    fn sharing(&self, world: &World, target: &Target) -> Option<Box<KeySharing>> {
        let mut sharing = KeySharing::default();
        for account in self.accounts().into_iter().filter(|account| *account != target.account) {
            let mut caller = Caller::of(world, &account);
            if self.allows("kms:DescribeKey", &caller) {
                sharing.seen.accounts.insert(account.clone());
            }
            if self.encrypts_volumes(&mut caller, target) {
                sharing.used.accounts.insert(account);
            }
        }
        let member = |path: &str| {
            Caller::new(ANY_MEMBER, "OrganizationAccountAccessRole", Some(path.to_owned()))
        };
        let mut anywhere = member(&format!("{}/{}/", world.organization, world.root));
        sharing.seen.organization = self.allows("kms:DescribeKey", &anywhere);
        sharing.used.organization = self.encrypts_volumes(&mut anywhere, target);
        for pattern in self.values_of(&["aws:principalorgpaths"]) {
            // Whatever a pattern stands for, it stands for this path.
            let mut somewhere = member(&pattern.replace(['*', '?'], "x"));
            if !sharing.seen.organization && self.allows("kms:DescribeKey", &somewhere) {
                sharing.seen.paths.insert(pattern.to_owned());
            }
            if !sharing.used.organization && self.encrypts_volumes(&mut somewhere, target) {
                sharing.used.paths.insert(pattern.to_owned());
            }
        }
        (sharing != KeySharing::default()).then(|| Box::new(sharing))
    }

    /// The accounts that the policy names.
    fn accounts(&self) -> BTreeSet<AccountId> {
        let of_principals = self.statements.iter().flat_map(|statement| principals(statement));
        let of_conditions = self.values_of(&["kms:calleraccount", "aws:principalaccount"]);
        let named = of_principals.map(account_of).chain(of_conditions);
        named.filter_map(|account| account.parse().ok()).collect()
    }

    /// The values with which conditions compare one of these keys.
    fn values_of(&self, wanted: &[&str]) -> Vec<&str> {
        let conditions = self.statements.iter().filter_map(|statement| statement.get("Condition"));
        let operators = conditions.filter_map(Value::as_object).flat_map(|all| all.values());
        let keys = operators.filter_map(Value::as_object).flatten();
        let keys = keys.filter(|(key, _)| wanted.contains(&&*key.to_ascii_lowercase()));
        keys.flat_map(|(_, values)| texts(Some(values))).collect()
    }
}

/// The account of a principal: the id itself, or the ARN's.
fn account_of(principal: &str) -> &str {
    principal.split(':').nth(4).unwrap_or(principal)
}

fn applies(statement: &Value, action: &str, caller: &Caller) -> bool {
    let acts = |key| {
        let patterns = texts(statement.get(key));
        patterns.iter().any(|pattern| {
            wildcard_matches(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
        })
    };
    let acts =
        if statement.get("NotAction").is_some() { !acts("NotAction") } else { acts("Action") };
    let root = format!("arn:aws:iam::{}:root", caller.account);
    // Who the account's root principal is, IAM decides: the access role may do everything.
    let is_caller =
        |principal: &&str| ["*", &caller.account, &root, &caller.role].contains(principal);
    acts && principals(statement).iter().any(is_caller) && conditions_hold(statement, caller)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sim::world::Audience;
    use crate::sim::{Simulation, SimulationSettings};

    struct Setup {
        simulation: Simulation,
        target: Target,
    }

    impl Setup {
        fn new() -> Self {
            let simulation = Simulation::new(SimulationSettings::default())
                .with_account("security", "security@example.com", "/")
                .with_account("dev", "dev@example.com", "/")
                .without_foreign_account("333333333333");
            let target = simulation.target("security", "eu-west-1").unwrap();
            Self { simulation, target }
        }

        fn dev(&self) -> AccountId {
            self.simulation.account_id("dev").unwrap()
        }

        fn root(&self) -> Value {
            let principal = format!("arn:aws:iam::{}:root", self.target.account);
            json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"})
        }

        fn check(&self, statements: &[Value]) -> Result<KeySharing, String> {
            let policy = json!({"Version": "2012-10-17", "Statement": statements});
            let sharing = check(&self.simulation.world(), &self.target, &policy)?;
            Ok(sharing.map(|sharing| *sharing).unwrap_or_default())
        }
    }

    fn allow(principal: &Value, actions: &Value, condition: &Value) -> Value {
        json!({"Effect": "Allow", "Principal": principal, "Action": actions, "Condition": condition})
    }

    #[test]
    fn somebody_must_be_able_to_change_the_policy_again() {
        let setup = Setup::new();
        let account = setup.target.account.as_str();
        let pattern = |role: &str| json!({"ArnLike": {"aws:PrincipalArn": format!("arn:aws:iam::*:role/{role}")}});
        let admin = |role: &str| {
            allow(&json!({"AWS": account}), &json!(["kms:Put*", "kms:Get*"]), &pattern(role))
        };
        assert_eq!(setup.check(&[setup.root()]), Ok(KeySharing::default()));
        assert_eq!(setup.check(&[admin("OrganizationAccount*")]), Ok(KeySharing::default()));
        let use_only = allow(&json!({"AWS": account}), &json!("kms:Decrypt"), &json!({}));
        let stranger = allow(&json!({"AWS": setup.dev().as_str()}), &json!("kms:*"), &json!({}));
        for statement in [admin("Other"), use_only, stranger] {
            let message = setup.check(&[statement]).unwrap_err();
            assert!(message.contains("will not allow you to update the key policy"), "{message}");
        }
        assert!(setup.check(&[]).unwrap_err().contains("no statement"));
    }

    #[test]
    fn principals_must_exist() {
        let setup = Setup::new();
        let with = |principal: &str| {
            let principal = principal.replace("OWN", setup.target.account.as_str());
            let named = allow(&json!({"AWS": [principal]}), &json!("kms:Decrypt"), &json!({}));
            setup.check(&[setup.root(), named]).map(|_| ())
        };
        for principal in ["222222222222", "arn:aws:iam::012345678901:root"] {
            assert_eq!(with(principal), Ok(()), "{principal}");
        }
        for principal in [
            "333333333333",
            "arn:aws:iam::333333333333:root",
            "arn:aws:iam:::root",
            "arn:aws:iam::OWN:role/none",
            "",
        ] {
            let message = with(principal).unwrap_err();
            assert!(message.contains("invalid principals"), "{principal}: {message}");
        }
    }

    #[test]
    fn other_accounts_see_and_use_a_key_as_far_as_its_policy_says() {
        let setup = Setup::new();
        let (dev, foreign) = (setup.dev(), "222222222222".parse::<AccountId>().unwrap());
        let all = json!(["kms:DescribeKey", "kms:GenerateDataKey*", "kms:CreateGrant"]);
        let via = json!({"StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}});
        let audience = |accounts: &[&AccountId], organization| Audience {
            accounts: accounts.iter().copied().cloned().collect(),
            organization,
            paths: BTreeSet::new(),
        };
        let nobody = audience(&[], false);

        let named = allow(&json!({"AWS": [dev.as_str(), foreign.as_str()]}), &all, &json!({}));
        let both = audience(&[&dev, &foreign], false);
        let sharing = setup.check(&[setup.root(), named]).unwrap();
        assert_eq!((sharing.seen, sharing.used), (both.clone(), both));

        let through_ec2 = allow(&json!({"AWS": foreign.as_str()}), &all, &via);
        let sharing = setup.check(&[setup.root(), through_ec2]).unwrap();
        assert_eq!((sharing.seen, sharing.used), (nobody.clone(), audience(&[&foreign], false)));

        let organization = setup.simulation.world().organization.to_string();
        for (id, ours) in [(organization.as_str(), true), ("o-somebodyelse", false)] {
            let ours_only = json!({"StringEquals": {"aws:PrincipalOrgID": id}});
            let sharing =
                setup.check(&[setup.root(), allow(&json!("*"), &all, &ours_only)]).unwrap();
            assert_eq!((sharing.seen, sharing.used), (audience(&[], ours), audience(&[], ours)));
        }

        let caller = json!({"StringEquals": {"kms:CallerAccount": [dev.as_str()]}});
        let by_caller = allow(&json!({"AWS": "*"}), &all, &caller);
        let sharing = setup.check(&[setup.root(), by_caller]).unwrap();
        assert_eq!(sharing.seen, audience(&[&dev], false));
    }

    #[test]
    fn paths_let_in_the_accounts_of_their_units() {
        let setup = Setup::new();
        let organization = setup.simulation.world().organization.to_string();
        let pattern = format!("{organization}/r-ab12/ou-ab12-11111111/*");
        let paths = json!({
            "StringEquals": {"aws:PrincipalOrgID": organization},
            "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [pattern]},
        });
        let statement = allow(&json!({"AWS": "*"}), &json!("kms:DescribeKey"), &paths);
        let sharing = setup.check(&[setup.root(), statement]).unwrap();
        let paths = BTreeSet::from([pattern]);
        assert_eq!(sharing.seen, Audience { paths, ..Audience::default() });
        assert_eq!(sharing.used, Audience::default());
    }

    #[test]
    fn what_is_denied_is_not_allowed() {
        let setup = Setup::new();
        let mut deny = allow(&json!("*"), &json!("kms:PutKeyPolicy"), &json!({}));
        deny["Effect"] = json!("Deny");
        assert!(setup.check(&[setup.root(), deny.clone()]).is_err());
        deny["Condition"] = json!({"Bool": {"aws:SecureTransport": "false"}});
        assert!(setup.check(&[setup.root(), deny]).is_ok());
    }
}
