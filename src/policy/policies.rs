//! The policies of a folder.

use std::collections::BTreeSet;

use super::call::{Group, Place, Purpose, Role};
use super::deployment::{deploying, looking, previewing};
use super::document::{Policy, pack};
use super::needs::{Needs, templates};
use super::scope::Bounds;
use super::statement::Statement;
use super::table::table;
use crate::desired::{DesiredAccount, DesiredState};

/// What `role` must be allowed, so that avm can do `purpose` for this folder, and no more than the table knows to be
/// needed. In documents of at most [`super::MAX_CHARACTERS`].
pub fn policies(desired: &DesiredState, purpose: Purpose, role: Role) -> Vec<Policy> {
    let accounts =
        desired.accounts.values().filter(|one| one.management == (role == Role::Management));
    let of_role = Needs::of(desired, accounts.clone());
    let of_all = Needs::of(desired, desired.accounts.values());
    let bounds = Bounds::new(desired, purpose, role, accounts.clone());
    let templates = templates(desired, accounts.clone());
    let mut statements = Statements::default();
    for group in table().filter(|group| group.by.serves(purpose)) {
        let needed = match group.place {
            Place::Organization => role == Role::Management && of_all.has(group.when),
            Place::Member => role == Role::Member && of_role.has(group.when),
            Place::Account => has_accounts(role, accounts.clone()) && of_role.has(group.when),
        };
        if needed {
            statements.add(bounds.narrow(statement(group), group.scope));
        }
    }
    statements.add(Some(looking(&templates)));
    match purpose {
        Purpose::Plan => {}
        Purpose::Preview => statements.add(Some(previewing(&templates))),
        Purpose::Apply => {
            for statement in deploying(desired, accounts, &bounds) {
                statements.add(Some(statement));
            }
        }
    }
    pack(purpose, role, statements.0)
}

/// A folder without members has a member's policies all the same: it is for the accounts that are made next.
fn has_accounts<'a>(role: Role, mut accounts: impl Iterator<Item = &'a DesiredAccount>) -> bool {
    role == Role::Member || accounts.next().is_some()
}

fn statement(group: &Group) -> Statement {
    let actions = group.calls.iter().flat_map(|call| call.actions());
    Statement::new(group.sid, group.why, actions.map(str::to_owned).collect())
}

/// Statements in the order of their reasons.
#[derive(Debug, Default)]
struct Statements(Vec<Statement>);

impl Statements {
    /// Adds what is not allowed yet on the same terms.
    fn add(&mut self, statement: Option<Statement>) {
        let Some(mut statement) = statement else { return };
        let known: BTreeSet<_> = self
            .0
            .iter()
            .filter(|known| known.has_terms_of(&statement))
            .flat_map(|known| known.actions.iter().cloned())
            .collect();
        statement.actions.retain(|action| !known.contains(action));
        if !statement.actions.is_empty() {
            self.0.push(statement);
        }
    }
}
