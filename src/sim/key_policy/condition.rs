//! Who asks for something, and whether a statement's conditions let them.

use serde_json::Value;

use super::list;
use crate::model::{AccountId, wildcard_matches};
use crate::sim::world::World;

/// Who asks for something: the access role of an account, perhaps through a service.
pub(super) struct Caller {
    pub(super) account: String,
    pub(super) role: String,
    /// The path in the organization, which begins with its id.
    path: Option<String>,
    pub(super) via: Option<String>,
    pub(super) for_resource: bool,
}

impl Caller {
    pub(super) fn of(world: &World, account: &AccountId) -> Self {
        let found = world.accounts.get(account);
        let role = found.map_or("OrganizationAccountAccessRole", |found| found.role.as_str());
        Self::new(account.as_str(), role, world.principal_path(account))
    }

    pub(super) fn new(account: &str, role: &str, path: Option<String>) -> Self {
        Self {
            account: account.to_owned(),
            role: format!("arn:aws:iam::{account}:role/{role}"),
            path,
            via: None,
            for_resource: false,
        }
    }

    /// The value of a condition key in the caller's request.
    fn value(&self, key: &str) -> Option<String> {
        match key.to_ascii_lowercase().as_str() {
            "aws:principalarn" => Some(self.role.clone()),
            "aws:principalaccount" | "kms:calleraccount" => Some(self.account.clone()),
            "aws:principalorgid" => Some(self.path.as_ref()?.split('/').next()?.to_owned()),
            "aws:principalorgpaths" => self.path.clone(),
            "aws:principaltype" => Some("AssumedRole".into()),
            "aws:securetransport" => Some("true".into()),
            "kms:viaservice" => self.via.clone(),
            "kms:grantisforawsresource" => self.for_resource.then(|| "true".into()),
            _ => None,
        }
    }
}

pub(super) fn conditions_hold(statement: &Value, caller: &Caller) -> bool {
    let Some(conditions) = statement.get("Condition") else { return true };
    let Some(operators) = conditions.as_object() else { return false };
    operators.iter().all(|(operator, keys)| {
        let keys = keys.as_object();
        keys.is_some_and(|keys| {
            keys.iter().all(|(key, wanted)| holds(operator, key, wanted, caller))
        })
    })
}

fn holds(operator: &str, key: &str, wanted: &Value, caller: &Caller) -> bool {
    let operator = operator.rsplit(':').next().unwrap_or_default();
    let if_exists = operator.ends_with("IfExists");
    let operator = operator.trim_end_matches("IfExists");
    let wanted: Vec<String> = list(Some(wanted))
        .iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
        .collect();
    let Some(value) = caller.value(key) else {
        return match operator {
            "Null" => wanted.iter().any(|one| one == "true"),
            _ => if_exists || operator.contains("Not"),
        };
    };
    let equals = wanted.contains(&value);
    let like = wanted.iter().any(|pattern| wildcard_matches(pattern, &value));
    match operator {
        "StringEquals" | "Bool" => equals,
        "StringEqualsIgnoreCase" => wanted.iter().any(|one| one.eq_ignore_ascii_case(&value)),
        "StringLike" | "ArnLike" | "ArnEquals" => like,
        "StringNotEquals" => !equals,
        "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => !like,
        "Null" => wanted.iter().any(|one| one == "false"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_that_the_request_lacks_fails_all_but_negations_and_if_exists() {
        let caller = Caller::new("111111111111", "admin", None);
        let holds = |operator: &str, key: &str, value: &str| {
            conditions_hold(&json!({"Condition": {operator: {key: value}}}), &caller)
        };
        assert!(holds("StringEquals", "kms:CallerAccount", "111111111111"));
        assert!(holds("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"));
        assert!(!holds("StringEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"));
        assert!(!holds("StringEquals", "kms:ViaService", "ec2.eu-west-1.amazonaws.com"));
        assert!(holds("StringEqualsIfExists", "kms:ViaService", "ec2.eu-west-1.amazonaws.com"));
        assert!(holds("StringNotEquals", "aws:PrincipalOrgID", "o-any"));
        assert!(holds("Null", "aws:PrincipalOrgID", "true"));
        assert!(!holds("Numbers", "kms:CallerAccount", "111111111111"));
    }
}
