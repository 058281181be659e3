//! What has to hold between two waves, wave by wave.

use super::harmless::harmless;
use crate::plan::{Plan, WavePlan};

/// What has to hold after a wave; `None` if the files say nothing beyond its name.
pub(super) fn of_wave(wave: &WavePlan) -> Option<String> {
    (!wave.conditions.is_default()).then(|| harmless(&wave.conditions.to_string()).into_owned())
}

/// A line for each wave of which the files say more than its name.
pub(super) fn lines(plan: &Plan) -> Vec<String> {
    let told = plan.waves.iter().filter_map(|wave| Some((&wave.name, of_wave(wave)?)));
    told.map(|(name, conditions)| format!("after wave {name}: {conditions}")).collect()
}
