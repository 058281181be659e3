//! One statement of a policy.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// Values of a condition by its operator and key: `{"StringEquals": {"aws:ResourceOrgID": ["o-exampleorg1"]}}`.
pub(super) type Conditions = BTreeMap<&'static str, BTreeMap<&'static str, Vec<String>>>;

/// What is allowed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// The reason in a word: letters and digits, which is all that IAM takes.
    pub sid: String,
    /// `Allow`, always: a policy that denies belongs to whoever runs the account.
    effect: &'static str,
    /// The actions, in order.
    #[serde(rename = "Action")]
    pub actions: BTreeSet<String>,
    /// The resources, in order.
    #[serde(rename = "Resource")]
    pub resources: BTreeSet<String>,
    /// What must hold of the request.
    #[serde(rename = "Condition", skip_serializing_if = "BTreeMap::is_empty")]
    pub conditions: Conditions,
    /// The reason in a sentence.
    #[serde(skip)]
    pub why: String,
}

impl Statement {
    /// Allows these actions on everything.
    pub(super) fn new(sid: &str, why: &str, actions: BTreeSet<String>) -> Self {
        Self {
            sid: sid.to_owned(),
            effect: "Allow",
            actions,
            resources: BTreeSet::from(["*".to_owned()]),
            conditions: Conditions::new(),
            why: why.to_owned(),
        }
    }

    /// The same, on these resources only.
    pub(super) fn on(mut self, resources: impl IntoIterator<Item = String>) -> Self {
        self.resources = resources.into_iter().collect();
        self
    }

    /// The same, on one more condition.
    pub(super) fn only_if(
        mut self,
        operator: &'static str,
        key: &'static str,
        values: impl IntoIterator<Item = String>,
    ) -> Self {
        let values = values.into_iter().collect();
        self.conditions.entry(operator).or_default().insert(key, values);
        self
    }

    /// The same, if CloudFormation calls with avm's credentials.
    pub(super) fn by_cloudformation(self) -> Self {
        let service = "cloudformation.amazonaws.com".to_owned();
        self.only_if("ForAnyValue:StringEquals", "aws:CalledVia", [service])
    }

    /// Whether it would be the same statement with other actions.
    pub(super) fn has_terms_of(&self, other: &Self) -> bool {
        self.resources == other.resources && self.conditions == other.conditions
    }
}
