//! One account: its line, and everything that there is to say about it.

use super::entry::entries;
use crate::model::AccountName;
use crate::plan::{AccountPlan, AccountStatus};
use crate::render::harmless::harmless;
use crate::render::lines::Lines;
use crate::render::outline::Cells;
use crate::render::paint::Paint;

/// Whether there is anything to say about the account.
pub(in crate::render) fn has_news(account: &AccountPlan) -> bool {
    account.status != AccountStatus::Active
        || account.all_steps().next().is_some()
        || account.all_blocked().next().is_some()
        || !account.notes.is_empty()
        || account.regions.values().any(|lane| !lane.notes.is_empty())
}

/// The account's line.
pub(super) fn head(name: &AccountName, account: &AccountPlan, paint: Paint) -> String {
    let id = match &account.id {
        Some(id) => id.as_str(),
        None => "(new)",
    };
    let place = format!("{id}  {}", harmless(account.ou.as_str()));
    let name = paint.heading(&harmless(name.as_str()));
    let protected = if account.protected { "  protected" } else { "" };
    format!("{name}  {}", paint.faint(&format!("{place}{protected}")))
}

/// The account, value by value and region by region.
pub(super) fn account(
    lines: &mut Lines,
    cells: &Cells<'_>,
    name: &AccountName,
    account: &AccountPlan,
    paint: Paint,
) {
    lines.line(2, &head(name, account, paint));
    entries(lines, 2, &cells.at(Some(name), None), paint);
    for region in account.regions.keys() {
        let shown = cells.at(Some(name), Some(region));
        if !shown.is_empty() {
            lines.line(4, region.as_str());
            entries(lines, 4, &shown, paint);
        }
    }
}
