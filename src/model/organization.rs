//! The organization and the nodes of its tree.

use super::text::{checked_text, expect, made_of};

fn lower_alphanumeric(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

checked_text! {
    /// An organization's id (`o-[a-z0-9]{10,32}`). Every run pins it.
    OrganizationId, "an organization id", "^o-[a-z0-9]{10,32}$",
    |text| expect(
        text.strip_prefix("o-").is_some_and(|id| made_of(id, 10, 32, lower_alphanumeric)),
        "expected o- and 10 to 32 lower-case letters and digits",
    )
}

checked_text! {
    /// The id of a node that holds accounts: the root (`r-...`) or an organizational unit (`ou-...-...`).
    ParentId, "a root's or organizational unit's id", "^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$",
    |text| expect(
        text.starts_with("r-") || text.starts_with("ou-"),
        "expected r-... or ou-...-...",
    )
}
