//! Policy documents, as big as IAM takes them.

use serde::Serialize;

use super::call::{Purpose, Role};
use super::statement::Statement;

/// Characters of a managed policy, white space not counted (quota "Managed policy length").
pub const MAX_CHARACTERS: usize = 6144;
/// Managed policies of a role, unless AWS was asked for more (quota "Managed policies attached to an IAM role").
pub const MAX_POLICIES: usize = 10;

/// A document that IAM takes as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Document {
    version: &'static str,
    /// What is allowed.
    #[serde(rename = "Statement")]
    pub statements: Vec<Statement>,
}

/// A document, and what to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Policy {
    /// A name for it: `avm-plan-management`, with a number where there are several.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The role that it is attached to.
    pub attached_to: Role,
    /// Its characters as IAM counts them, of [`MAX_CHARACTERS`].
    pub characters: usize,
    /// What IAM takes.
    pub document: Document,
}

impl Document {
    pub(super) fn new(statements: Vec<Statement>) -> Self {
        Self { version: "2012-10-17", statements }
    }

    /// Its length as IAM counts it.
    pub fn characters(&self) -> usize {
        size(self)
    }
}

/// Puts statements into as few documents as their order allows.
pub(super) fn pack(purpose: Purpose, role: Role, statements: Vec<Statement>) -> Vec<Policy> {
    let mut documents: Vec<Document> = Vec::new();
    for piece in statements.into_iter().flat_map(pieces) {
        let with_piece = documents.last().map(|last| {
            let mut statements = last.statements.clone();
            statements.push(piece.clone());
            Document::new(statements)
        });
        match with_piece.filter(|document| document.characters() <= MAX_CHARACTERS) {
            Some(document) => {
                documents.pop();
                documents.push(document);
            }
            None => documents.push(Document::new(vec![piece])),
        }
    }
    let several = documents.len() > 1;
    let named = documents.into_iter().enumerate().map(|(index, document)| Policy {
        name: name(purpose, role, several.then_some(index + 1)),
        purpose,
        attached_to: role,
        characters: document.characters(),
        document,
    });
    named.collect()
}

fn name(purpose: Purpose, role: Role, number: Option<usize>) -> String {
    let purpose = match purpose {
        Purpose::Plan => "plan",
        Purpose::Preview => "preview",
        Purpose::Apply => "apply",
    };
    let role = match role {
        Role::Management => "management",
        Role::Member => "member",
    };
    let number = number.map(|number| format!("-{number}")).unwrap_or_default();
    format!("avm-{purpose}-{role}{number}")
}

/// A statement in parts that each fit into a document of their own.
fn pieces(statement: Statement) -> Vec<Statement> {
    let alone = |statement: &Statement| Document::new(vec![statement.clone()]).characters();
    if alone(&statement) <= MAX_CHARACTERS {
        return vec![statement];
    }
    let mut pieces: Vec<Statement> = Vec::new();
    for action in &statement.actions {
        let mut piece = pieces.pop().unwrap_or_else(|| part(&statement, 1));
        piece.actions.insert(action.clone());
        if alone(&piece) > MAX_CHARACTERS && piece.actions.len() > 1 {
            piece.actions.remove(action);
            let mut next = part(&statement, pieces.len() + 2);
            next.actions.insert(action.clone());
            pieces.push(piece);
            piece = next;
        }
        pieces.push(piece);
    }
    pieces
}

fn part(statement: &Statement, number: usize) -> Statement {
    let mut part = statement.clone();
    part.sid = format!("{}{number}", statement.sid);
    part.actions.clear();
    part
}

fn size(document: &Document) -> usize {
    let text = serde_json::to_string(document).unwrap_or_default();
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn statement(sid: &str, actions: usize) -> Statement {
        let actions = (0..actions).map(|number| format!("ec2:DescribeSomethingLong{number:04}"));
        Statement::new(sid, "a test", actions.collect())
    }

    #[test]
    fn what_fits_is_one_document() {
        let policies =
            pack(Purpose::Plan, Role::Member, vec![statement("A", 3), statement("B", 3)]);
        assert_eq!(policies.len(), 1);
        assert_eq!(policies[0].name, "avm-plan-member");
    }

    #[test]
    fn what_does_not_fit_is_several_documents_with_the_same_permissions() {
        let statements = vec![statement("A", 100), statement("B", 700), statement("C", 100)];
        let wanted: BTreeSet<_> = statements.iter().flat_map(|one| one.actions.clone()).collect();
        let policies = pack(Purpose::Apply, Role::Management, statements);
        assert_eq!(policies[1].name, "avm-apply-management-2");
        assert!(policies.len() > 4, "{}", policies.len());
        let all = policies.iter().flat_map(|policy| &policy.document.statements);
        let found: BTreeSet<_> = all.flat_map(|statement| statement.actions.clone()).collect();
        assert_eq!(found, wanted);
        for policy in &policies {
            assert!(policy.characters <= MAX_CHARACTERS, "{}", policy.characters);
            let sids: BTreeSet<_> = policy.document.statements.iter().map(|one| &one.sid).collect();
            assert_eq!(sids.len(), policy.document.statements.len());
        }
    }
}
