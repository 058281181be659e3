//! A run as the data of its page: when each step began, and how long it took.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::entry::look;
use super::numbered::Numbered;
use crate::execute::{AccountReport, Location, Report};
use crate::model::Region;
use crate::plan::Step;
use crate::render::harmless::{harmless, short};
use crate::render::outline::Mark;

/// How a step ended, in the words of the page.
const OUTCOMES: [&str; 4] = ["done", "already as planned", "failed", "not tried"];

/// The steps of an account as a whole (`None`), or of one of its regions: beginning, milliseconds, outcome and text.
type Lanes = BTreeMap<Option<Region>, Vec<[u64; 4]>>;

/// The data.
pub(super) fn of(report: &Report) -> Value {
    let mut texts = Numbered::default();
    let accounts = report.accounts.iter().map(|(name, part)| (harmless(name.as_str()), part));
    let organization = std::iter::once(("organization".into(), &report.organization));
    let rows: Vec<_> = organization
        .chain(accounts)
        .map(|(name, part)| (name, part, lanes(part, &mut texts)))
        .filter(|(_, _, lanes)| !lanes.is_empty())
        .map(|(name, part, lanes)| json!([name, part.id, wave(report, part), lane_values(lanes)]))
        .collect();
    let waves = report
        .waves
        .iter()
        .map(|wave| json!([harmless(wave.wave.as_str()), wave.started, wave.ended]));
    json!({
        "outcomes": OUTCOMES,
        "texts": texts.into_things(),
        "waves": waves.collect::<Value>(),
        "end": end(report),
        "accounts": rows,
    })
}

/// The number of the account's wave; `None` if it has none, or if nobody noted it.
fn wave(report: &Report, part: &AccountReport) -> Option<usize> {
    let own = part.wave.as_ref()?;
    report.waves.iter().position(|time| time.wave == *own)
}

fn lane_values(lanes: Lanes) -> Value {
    let values = lanes.into_iter().map(|(region, mut steps)| {
        // What was not tried has no time, and comes last.
        steps.sort_by_key(|[started, _, outcome, _]| (*outcome == 3, *started));
        json!([region, steps.concat()])
    });
    values.collect()
}

fn lanes(part: &AccountReport, texts: &mut Numbered<String>) -> Lanes {
    let mut lanes = Lanes::new();
    let mut add = |at: &Location, step: &Step, [started, took, outcome]: [u64; 3], why: &str| {
        let text = texts.of(text(step, why)) as u64;
        lanes.entry(at.region.clone()).or_default().push([started, took, outcome, text]);
    };
    for it in &part.done {
        add(&it.at, &it.step, [it.started, it.milliseconds, u64::from(!it.changed)], "");
    }
    for it in &part.failed {
        add(&it.at, &it.step, [it.started, it.milliseconds, 2], &it.error.to_string());
    }
    for it in &part.skipped {
        add(&it.at, &it.step, [0, 0, 3], &it.why);
    }
    lanes
}

fn text(step: &Step, why: &str) -> String {
    let what = format!("{} {}", look(Mark::Action(step.action())).symbol, short(&step.to_string()));
    if why.is_empty() { what } else { format!("{what}: {}", short(why)) }
}

/// When the last thing ended.
fn end(report: &Report) -> u64 {
    let done = report.parts().flat_map(|part| &part.done).map(|it| it.started + it.milliseconds);
    let failed = report.failures().map(|it| it.started + it.milliseconds);
    let waves = report.waves.iter().map(|wave| wave.ended.unwrap_or(wave.started));
    done.chain(failed).chain(waves).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures;

    #[test]
    fn a_step_is_where_and_when_it_was() {
        let data = of(&fixtures::failed_run());
        assert_eq!(data["end"], 1_750);
        assert_eq!(data["waves"], json!([["rest", 0, 1_750]]));
        let [name, id, wave, lanes] = data["accounts"][0].as_array().unwrap().as_slice() else {
            panic!("four values: {}", data["accounts"]);
        };
        assert_eq!((name, id, wave), (&json!("payments-uat"), &json!("333333333333"), &json!(0)));
        assert_eq!(
            lanes,
            &json!([
                ["eu-west-1", [250, 1_500, 0, 0, 250, 1_500, 2, 1]],
                ["us-east-1", [250, 1_500, 2, 2, 0, 0, 3, 3]],
            ])
        );
        assert_eq!(data["texts"][3], "+ stack avm-cloudtrail: default VPC vpc-0a1b failed");
    }

    #[test]
    fn a_run_of_before_waves_were_noted_has_accounts_without_one() {
        let mut run = fixtures::failed_run();
        for part in run.accounts.values_mut() {
            part.wave = None;
        }
        assert_eq!(of(&run)["accounts"][0][2], Value::Null);
    }
}
