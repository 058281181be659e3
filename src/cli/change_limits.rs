//! Plans that change more than they may (`--max-changes`, `--max-destroys`, `limits` in landing-zone.yaml).

use super::failure::Failure;
use crate::desired::ChangeLimits;
use crate::plan::Summary;
use crate::render::count;

/// Refuses a plan that changes or destroys more than it may. What is planned again during a run is held against the
/// plan that was shown, so nothing is added to these numbers afterwards.
pub(super) fn refuse_too_much(summary: &Summary, limits: ChangeLimits) -> Result<(), Failure> {
    let (changes, destroys) = (summary.changes(), summary.destroys());
    let checks = [
        (changes, limits.changes, "change", "makes", "--max-changes"),
        (destroys, limits.destroys, "thing", "deletes or makes anew", "--max-destroys"),
    ];
    let over: Vec<_> = checks
        .into_iter()
        .filter_map(|(number, most, noun, verb, option)| {
            let most = most.filter(|most| number > *most)?;
            Some((
                format!("{verb} {}, and at most {most} may be", count(number, noun)),
                option,
                number,
            ))
        })
        .collect();
    if over.is_empty() {
        return Ok(());
    }
    let told: Vec<_> = over.iter().map(|(told, _, _)| told.as_str()).collect();
    let raise: Vec<_> =
        over.iter().map(|(_, option, number)| format!("{option} {number}")).collect();
    Err(Failure::new(format!("the plan {}", told.join(", and it "))).hint(format!(
        "nothing was changed; if that is meant: {}, or `limits` in landing-zone.yaml",
        raise.join(" ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_may_reach_its_limits_and_not_pass_them() {
        let summary =
            Summary { update: 3, delete: 1, lost_resources: 2, wait: 5, ..Summary::default() };
        let limits = |changes, destroys| ChangeLimits { changes, destroys };
        let refused =
            |limits| refuse_too_much(&summary, limits).err().map(|failure| failure.message);
        assert_eq!(refused(limits(None, None)), None);
        assert_eq!(refused(limits(Some(4), Some(3))), None);
        assert_eq!(
            refused(limits(Some(3), None)).as_deref(),
            Some("the plan makes 4 changes, and at most 3 may be")
        );
        assert_eq!(
            refused(limits(Some(0), Some(2))).as_deref(),
            Some(
                "the plan makes 4 changes, and at most 0 may be, and it deletes or makes anew 3 \
                 things, and at most 2 may be"
            )
        );
    }
}
