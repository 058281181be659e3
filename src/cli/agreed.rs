//! A saved plan is consent to exactly what it says, and to nothing else.

use super::difference::difference;
use super::failure::Failure;
use super::printer::Printer;
use crate::desired::OrganizationPin;
use crate::render::json::{FORMAT_VERSION, PlanDocument};

/// What helps against every refusal.
const AGAIN: &str = "save and review a new plan: `avm plan --out FILE`";

/// Refuses a plan that cannot be the plan of this folder, whatever AWS says: for another organization, or in another
/// form than the one that it would be compared with.
pub(super) fn refuse_incomparable(
    saved: &PlanDocument,
    pin: &OrganizationPin,
) -> Result<(), Failure> {
    let planned = &saved.plan.organization;
    let mismatch = if planned.id != pin.id {
        format!(
            "the plan is for organization {}, and landing-zone.yaml is about {}",
            planned.id, pin.id
        )
    } else if planned.management_account != pin.management_account {
        format!(
            "the plan is for the management account {}, and landing-zone.yaml says {}",
            planned.management_account, pin.management_account
        )
    } else if saved.format_version != FORMAT_VERSION {
        let message = format!(
            "the plan was saved in format {}, and this avm plans in format {FORMAT_VERSION}",
            saved.format_version
        );
        return Err(Failure::new(message)
            .cause("an older form says less, so nobody could tell whether the two are the same")
            .hint(AGAIN));
    } else {
        return Ok(());
    };
    Err(Failure::new(mismatch).hint("nothing was read or changed; check --plan and -C"))
}

/// Refuses if the plan of now is not the plan that was saved, and prints in which lines they differ.
pub(super) fn refuse_difference(
    printer: &Printer,
    saved: &PlanDocument,
    now: &PlanDocument,
) -> Result<(), Failure> {
    let same = saved.plan == now.plan && saved.selection == now.selection && saved.deep == now.deep;
    if same {
        return Ok(());
    }
    printer.complain(&difference(saved, now, printer.detail())?);
    // The folder first: with other files another plan is no news about AWS.
    let what = if saved.folder == now.folder {
        "AWS has changed since the plan was saved"
    } else {
        "the files have changed since the plan was saved"
    };
    Err(Failure::new(what)
        .cause("the plan of now differs from the saved one, so nobody has agreed to it")
        .hint(format!("nothing was changed; look at the lines above, then {AGAIN}")))
}
