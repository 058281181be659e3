//! Every call that avm makes, and what AWS wants to see for it: the one table that all policies come from.
//!
//! The permissions are those of the Service Authorization Reference; most have their operation's name. A call that is
//! made in `src/aws/` and is not here fails that room's tests, and so does one that is here and not made
//! (`tests/integration/permissions.rs`). What handlers of resource types do stands in `handlers.tsv` and `readers.tsv`.

mod changing;
mod looking;

use super::call::{By, Call, Group, Place, Reach, Scope, When};

/// The table, row by row.
pub fn table() -> impl Iterator<Item = &'static Group> {
    looking::LOOKING.iter().chain(changing::CHANGING)
}

const fn organization(
    sid: &'static str,
    why: &'static str,
    when: When,
    calls: &'static [Call],
) -> Group {
    let place = Place::Organization;
    let (by, reach, scope) = (By::Looking, Reach::Global, Scope::Everything);
    Group { sid, why, when, by, place, reach, scope, calls }
}

const fn account(
    sid: &'static str,
    why: &'static str,
    when: When,
    calls: &'static [Call],
) -> Group {
    let place = Place::Account;
    let (by, reach, scope) = (By::Looking, Reach::Enabled, Scope::Everything);
    Group { sid, why, when, by, place, reach, scope, calls }
}

impl Group {
    const fn done(self, by: By) -> Self {
        Self { by, ..self }
    }

    const fn reaching(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// Narrows it. Stacks and most settings are in the governed regions.
    const fn to(self, scope: Scope) -> Self {
        let reach = match scope {
            Scope::Stacks | Scope::GovernedRegions => Reach::Governed,
            Scope::Everything
            | Scope::Organization
            | Scope::ServicePrincipals
            | Scope::LinkedServices
            | Scope::AccessRoles
            | Scope::Artifacts
            | Scope::Lease => self.reach,
        };
        Self { reach, scope, ..self }
    }
}
