//! Guard's record of an evaluation: a tree of everything it looked at.
//!
//! The tree has much that failed and is no finding: filters that chose something else, conditions that do not hold,
//! one of two alternatives. A finding is a clause that failed on the way down from a rule that failed, through
//! nothing but parts that failed.

use serde::Deserialize;

/// What stands before the words of a clause that is held against several values.
const CLAUSE: &str = "GuardAccessClause#block";

/// One thing that Guard looked at, and what it looked at for it.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    context: String,
    container: Option<Container>,
    children: Vec<Self>,
}

/// A clause that failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    /// The rule.
    pub(super) rule: String,
    /// The path of the value at fault: `/Resources/Key/Properties`; empty if there is none.
    pub(super) path: String,
    /// What the rule's author has to say.
    pub(super) message: Option<String>,
    /// The clause in Guard's words.
    pub(super) clause: String,
}

#[derive(Debug, Deserialize)]
enum Container {
    FileCheck(Rule),
    RuleCheck(Rule),
    RuleCondition(Status),
    TypeCheck { block: Block },
    TypeCondition(Status),
    TypeBlock(Status),
    Filter(Status),
    WhenCheck(Block),
    WhenCondition(Status),
    Disjunction(Block),
    BlockGuardCheck(Block),
    GuardClauseBlockCheck(Block),
    ClauseValueCheck(Clause),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Pass,
    Fail,
    Skip,
}

#[derive(Debug, Deserialize)]
struct Rule {
    name: String,
    status: Status,
}

#[derive(Debug, Deserialize)]
struct Block {
    status: Status,
    message: Option<String>,
}

#[derive(Debug, Deserialize)]
enum Clause {
    Success,
    Comparison(Check),
    InComparison(Check),
    Unary { value: Check },
    NoValueForEmptyCheck(Option<String>),
    DependentRule(Dependency),
    MissingBlockValue(Check),
}

#[derive(Debug, Deserialize)]
struct Check {
    from: Queried,
    custom_message: Option<String>,
    status: Status,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    custom_message: Option<String>,
    status: Status,
}

/// What a query led to, if it led anywhere.
#[derive(Debug, Deserialize)]
enum Queried {
    Literal(Value),
    Resolved(Value),
    UnResolved { traversed_to: Value },
}

#[derive(Debug, Deserialize)]
struct Value {
    path: String,
}

impl Record {
    /// All clauses that failed, by rule and in the order of the rules.
    pub(super) fn failures(&self) -> Vec<Failure> {
        let mut found = Vec::new();
        self.collect(None, &mut found);
        found
    }

    fn collect(&self, rule: Option<&str>, found: &mut Vec<Failure>) {
        let Some(container) = self.container.as_ref().filter(|it| it.status() == Status::Fail)
        else {
            return;
        };
        match container {
            // A rule with parameters fails for the rule that calls it.
            Container::RuleCheck(check) => self.descend(Some(rule.unwrap_or(&check.name)), found),
            Container::FileCheck(_) | Container::TypeBlock(_) => self.descend(rule, found),
            Container::TypeCheck { block }
            | Container::WhenCheck(block)
            | Container::BlockGuardCheck(block) => {
                let before = found.len();
                self.descend(rule, found);
                if found.len() == before {
                    found.extend(self.failure(rule, "", block.message.as_deref()));
                }
            }
            Container::Disjunction(_) => self.alternatives(rule, found),
            Container::GuardClauseBlockCheck(block) => self.clauses(rule, block, found),
            Container::ClauseValueCheck(clause) => self.clause(rule, clause, found),
            // What chooses the values that a rule is about does not fail the rule.
            Container::Filter(_)
            | Container::RuleCondition(_)
            | Container::TypeCondition(_)
            | Container::WhenCondition(_) => {}
        }
    }

    fn descend(&self, rule: Option<&str>, found: &mut Vec<Failure>) {
        for child in &self.children {
            child.collect(rule, found);
        }
    }

    /// Of alternatives that have all failed, those speak that have something to say.
    fn alternatives(&self, rule: Option<&str>, found: &mut Vec<Failure>) {
        let mut failed = Vec::new();
        self.descend(rule, &mut failed);
        if failed.iter().any(|failure| failure.message.is_some()) {
            failed.retain(|failure| failure.message.is_some());
        }
        found.extend(failed);
    }

    /// The values that fail a clause. Among them stand clauses of its filters, some of them without a mark; they have
    /// other words.
    fn clauses(&self, rule: Option<&str>, block: &Block, found: &mut Vec<Failure>) {
        let before = found.len();
        let words = self.context.strip_prefix(CLAUSE);
        let is_value = |child: &&Self| words.is_none_or(|words| words == child.context);
        for child in self.children.iter().filter(is_value) {
            if let Some(Container::ClauseValueCheck(clause)) = &child.container {
                child.clause(rule, clause, found);
            }
        }
        if found.len() == before {
            found.extend(self.failure(rule, "", block.message.as_deref()));
        }
    }

    fn clause(&self, rule: Option<&str>, clause: &Clause, found: &mut Vec<Failure>) {
        // A filter on keys has no words at all.
        if self.context.is_empty() || clause.status() != Status::Fail {
            return;
        }
        let (path, message) = match clause {
            Clause::Success => return,
            Clause::Comparison(check)
            | Clause::InComparison(check)
            | Clause::Unary { value: check }
            | Clause::MissingBlockValue(check) => (check.from.path(), &check.custom_message),
            Clause::NoValueForEmptyCheck(message) => ("", message),
            Clause::DependentRule(check) => ("", &check.custom_message),
        };
        found.extend(self.failure(rule, path, message.as_deref()));
    }

    fn failure(&self, rule: Option<&str>, path: &str, message: Option<&str>) -> Option<Failure> {
        let clause = self.context.strip_prefix(CLAUSE).unwrap_or(&self.context);
        Some(Failure {
            rule: rule?.to_owned(),
            path: path.to_owned(),
            message: message.filter(|message| !message.trim().is_empty()).map(str::to_owned),
            clause: clause.trim().to_owned(),
        })
    }
}

impl Container {
    fn status(&self) -> Status {
        match self {
            Self::FileCheck(rule) | Self::RuleCheck(rule) => rule.status,
            Self::RuleCondition(status)
            | Self::TypeCondition(status)
            | Self::TypeBlock(status)
            | Self::Filter(status)
            | Self::WhenCondition(status) => *status,
            Self::TypeCheck { block }
            | Self::WhenCheck(block)
            | Self::Disjunction(block)
            | Self::BlockGuardCheck(block)
            | Self::GuardClauseBlockCheck(block) => block.status,
            Self::ClauseValueCheck(clause) => clause.status(),
        }
    }
}

impl Clause {
    fn status(&self) -> Status {
        match self {
            Self::Success => Status::Pass,
            Self::Comparison(check)
            | Self::InComparison(check)
            | Self::Unary { value: check }
            | Self::MissingBlockValue(check) => check.status,
            Self::NoValueForEmptyCheck(_) => Status::Fail,
            Self::DependentRule(check) => check.status,
        }
    }
}

impl Queried {
    fn path(&self) -> &str {
        match self {
            Self::Literal(value)
            | Self::Resolved(value)
            | Self::UnResolved { traversed_to: value } => &value.path,
        }
    }
}
